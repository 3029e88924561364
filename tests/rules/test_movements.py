"""Which movement an IATI entry is: on a fund, on a child of one, and everywhere else."""

import pytest

from quipu.rules.movements import (
    CHILD,
    ELSEWHERE,
    FUND,
    LETTERS,
    OUTGOING,
    POOLED,
    POOLED_BOOKS,
    REPORTED,
    REPORTED_TYPES,
    Circumstance,
    every_iati_case,
    of_iati,
)


def movement(where, type, *, negative=False, from_fund=False, gives_back=False, fund_publishes=False):
    """(family, name, sign)"""
    answer = of_iati(Circumstance(where, type, negative, from_fund, gives_back, fund_publishes))
    return answer.family, answer.name, answer.sign


# On the fund


@pytest.mark.parametrize(
    ("type", "name"),
    [
        ("13", "pledge"),
        ("11", "commitment"),
        ("1", "deposit"),
        ("2", "allocation"),
        ("3", "transfer"),
        ("4", "fund_cost"),
    ],
)
def test_on_a_fund_each_type_has_its_own_movement(type, name):
    assert movement(FUND, type) == (POOLED, name, 1)


def test_a_negative_deposit_is_a_positive_refund_to_the_contributor():
    assert movement(FUND, "1", negative=True) == (POOLED, "contributor_refund", -1)


def test_a_negative_transfer_is_a_positive_refund():
    assert movement(FUND, "3", negative=True) == (POOLED, "refund", -1)


@pytest.mark.parametrize(
    ("type", "name"), [("2", "allocation"), ("11", "commitment"), ("13", "pledge"), ("4", "fund_cost")]
)
def test_a_promise_or_a_cost_taken_back_stays_what_it_is(type, name):
    assert movement(FUND, type, negative=True) == (POOLED, name, 1)


def test_a_reimbursement_to_the_fund_by_somebody_else_is_a_refund_as_it_stands():
    assert movement(FUND, "7", gives_back=True) == (POOLED, "refund", 1)


def test_a_reimbursement_in_the_other_direction_is_no_refund():
    assert movement(FUND, "7", gives_back=False) == (REPORTED, "reimbursement", 1)


@pytest.mark.parametrize("type", ["5", "6", "8", "9", "10", "12", ""])
def test_what_a_fund_does_besides_keeps_its_iati_name(type):
    assert movement(FUND, type) == (REPORTED, REPORTED_TYPES[type][0], 1)


# On its child


def test_on_a_child_of_a_fund_type_4_is_expenditure_of_the_pool():
    assert movement(CHILD, "4") == (POOLED, "expenditure", 1)
    assert movement(CHILD, "4", negative=True) == (POOLED, "expenditure", 1)


def test_a_child_receiving_from_its_fund_sees_the_transfer_from_below():
    assert movement(CHILD, "1", from_fund=True) == (POOLED, "transfer_seen_from_below", 1)


def test_a_child_receiving_from_somebody_else_reports_incoming_funds():
    assert movement(CHILD, "1", from_fund=False) == (REPORTED, "incoming_funds", 1)


@pytest.mark.parametrize(("type", "name"), [("2", "allocation"), ("3", "transfer")])
def test_payments_of_a_fund_that_stand_on_the_child_alone_count(type, name):
    assert movement(CHILD, type, from_fund=True) == (POOLED, name, 1)


@pytest.mark.parametrize(("type", "name"), [("2", "allocation"), ("3", "transfer")])
@pytest.mark.parametrize("negative", [False, True])
def test_payments_the_fund_publishes_too_are_seen_from_below_and_not_counted_twice(type, name, negative):
    seen = movement(CHILD, type, from_fund=True, fund_publishes=True, negative=negative)
    assert seen == (POOLED, f"{name}_seen_from_below", 1)


def test_a_negative_payment_on_the_child_alone_is_a_positive_refund():
    assert movement(CHILD, "3", from_fund=True, negative=True) == (POOLED, "refund", -1)


def test_a_negative_allocation_on_the_child_alone_stays_an_allocation():
    assert movement(CHILD, "2", from_fund=True, negative=True) == (POOLED, "allocation", 1)


def test_a_positive_7_whose_provider_is_the_partner_and_receiver_the_fund_is_a_refund():
    assert movement(CHILD, "7", gives_back=True) == (POOLED, "refund", 1)


def test_a_7_of_a_child_in_the_other_direction_is_no_refund():
    assert movement(CHILD, "7", gives_back=False) == (REPORTED, "reimbursement", 1)


@pytest.mark.parametrize(("type", "name"), [("2", "outgoing_commitment"), ("3", "disbursement")])
def test_a_childs_payments_to_others_are_reported(type, name):
    assert movement(CHILD, type, from_fund=False) == (REPORTED, name, 1)
    assert movement(CHILD, type, from_fund=False, negative=True) == (REPORTED, name, 1)


@pytest.mark.parametrize("type", ["5", "6", "8", "9", "10", "11", "12", "13", ""])
def test_what_a_child_does_besides_keeps_its_iati_name(type):
    assert movement(CHILD, type, from_fund=True, gives_back=True) == (REPORTED, REPORTED_TYPES[type][0], 1)


# Elsewhere


ELSEWHERE_NAMES = {
    "1": "incoming_funds",
    "2": "outgoing_commitment",
    "3": "disbursement",
    "4": "expenditure",
    "5": "interest_payment",
    "6": "loan_repayment",
    "7": "reimbursement",
    "8": "equity_purchase",
    "9": "equity_sale",
    "10": "guarantee",
    "11": "incoming_commitment",
    "12": "outgoing_pledge",
    "13": "incoming_pledge",
    "": "unknown",
}


@pytest.mark.parametrize(("type", "name"), ELSEWHERE_NAMES.items())
@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("flags", [{}, {"from_fund": True}, {"gives_back": True}, {"fund_publishes": True}])
def test_elsewhere_the_movement_is_the_iati_type_with_the_sign_of_the_source(type, name, negative, flags):
    assert movement(ELSEWHERE, type, negative=negative, **flags) == (REPORTED, name, 1)


# The whole table


def test_every_circumstance_has_one_movement():
    cases = every_iati_case()
    assert len(cases) == 3 * 14 * 2**4
    assert len({case for case, _ in cases}) == len(cases)


def test_pooled_movements_exist_on_funds_and_their_children_only():
    assert {case.where for case, answer in every_iati_case() if answer.family == POOLED} == {FUND, CHILD}
    assert {answer.name for _, answer in every_iati_case() if answer.family == POOLED} == set(POOLED_BOOKS)


def test_the_sign_turns_only_what_became_a_refund():
    turned = {answer.name for _, answer in every_iati_case() if answer.sign == -1}
    assert turned == {"refund", "contributor_refund"}
    assert {case.negative for case, answer in every_iati_case() if answer.sign == -1} == {True}


def test_promises_and_cash_are_kept_apart():
    promises = {name for name, book, _ in REPORTED_TYPES.values() if book == "promise"}
    assert promises == {"outgoing_commitment", "guarantee", "incoming_commitment", "outgoing_pledge", "incoming_pledge"}
    pooled = {name for name, book in POOLED_BOOKS.items() if book == "promise"}
    assert pooled == {"pledge", "commitment", "allocation", "allocation_seen_from_below"}


def test_letters_of_iati_1_mean_the_numbers_of_iati_2():
    assert LETTERS == {
        **{"IF": "1", "C": "2", "D": "3", "E": "4", "IR": "5", "LR": "6", "R": "7", "QP": "8", "QS": "9", "CG": "10"}
    }


def test_money_comes_in_by_three_types_and_leaves_by_the_others():
    assert set(REPORTED_TYPES) - set(OUTGOING) == {"1", "11", "13", ""}
