"""Each figure is one sum over movements, and no figure mixes what may never be added."""

from decimal import Decimal

import pytest

from quipu.rules.figures import FIGURES, Figure, Rate, figure
from quipu.rules.kinds import DIRECT_COST_EXPENDITURE, KINDS
from quipu.rules.movements import PLANNED, POOLED, POOLED_BOOKS, REPORTED, REPORTED_TYPES

D = Decimal
# A small fund: 1,000 deposited, 30 given back; 700 transferred, 50 refunded; 10 of costs; 400 spent.
SUMS = {
    "deposit": D(1000),
    "contributor_refund": D(30),
    "transfer": D(700),
    "refund": D(50),
    "fund_cost": D(10),
    "expenditure": D(400),
    "pledge": D(5000),
    "commitment": D(2000),
    "allocation": D(800),
    "transfer_seen_from_below": D(700),
    "allocation_seen_from_below": D(800),
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("deposits", 1000),
        ("contributor_refunds", 30),
        ("sources", 970),
        ("transfers", 700),
        ("refunds", 50),
        ("net_funded", 650),
        ("fund_costs", 10),
        ("uses", 660),
        ("balance_agent", 310),
        ("expenditure", 400),
        ("balance_organizations", 250),
        ("pledges", 5000),
        ("commitments", 2000),
        ("allocations", 800),
    ],
)
def test_figures_of_a_small_fund(name, value):
    assert FIGURES[name].of(SUMS) == value


def test_the_two_balances_are_what_came_in_and_was_not_spent():
    agent, organizations = FIGURES["balance_agent"].of(SUMS), FIGURES["balance_organizations"].of(SUMS)
    assert agent + organizations == 1000 - 30 - 10 - 400


def test_spend_is_disbursement_and_expenditure():
    assert FIGURES["spend"].of({"disbursement": D(5), "expenditure": D(-2), "incoming_funds": D(9)}) == 3


def test_a_figure_none_of_whose_movements_occur_is_nothing_and_not_zero():
    assert FIGURES["net_funded"].of({"deposit": D(5)}) is None
    assert FIGURES["net_funded"].of({"transfer": D(0)}) == 0


def test_a_figure_of_which_one_side_occurs_may_be_negative():
    assert FIGURES["net_funded"].of({"refund": D(5)}) == -5


def test_a_delivery_rate_is_per_cent_of_the_net_funded_amount():
    assert FIGURES["delivery_rate"].of({"transfer": D(800), "expenditure": D(100)}) == D("12.5")
    assert FIGURES["delivery_rate"].of({"transfer": D(100), "expenditure": D(150)}) == 150  # never clipped
    assert FIGURES["delivery_rate"].of({"transfer": D(10), "refund": D(30), "expenditure": D(5)}) == -25


def test_nothing_spent_of_something_funded_is_zero_per_cent():
    assert FIGURES["delivery_rate"].of({"transfer": D(100)}) == 0


def test_no_rate_stands_over_nothing():
    assert FIGURES["delivery_rate"].of({"expenditure": D(5)}) is None
    assert FIGURES["delivery_rate"].of({"transfer": D(5), "refund": D(5), "expenditure": D(5)}) is None


LEDGER = {**{kind.name: kind.book for kind in KINDS.values()}, DIRECT_COST_EXPENDITURE: "cash"}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_made_of_movements_of_its_own_family(name):
    each = FIGURES[name]
    known = {
        POOLED: {*POOLED_BOOKS, *LEDGER},
        REPORTED: {name for name, _, _ in REPORTED_TYPES.values()},
        None: {"expenditure", "budget", PLANNED},
    }
    assert set(each.movements) <= known[each.family]
    assert each.name == name
    assert each.label
    assert each.sentence.endswith(".")


def test_promises_and_cash_are_never_in_one_figure():
    books = {
        **LEDGER,
        **POOLED_BOOKS,
        **{name: book for name, book, _ in REPORTED_TYPES.values()},
        "budget": "budget",
        PLANNED: PLANNED,
    }
    mixed = [name for name, each in FIGURES.items() if len({books[name] for name in each.movements}) != 1]
    assert mixed == ["allocated_not_transferred", "budget_use"]  # by its definition a promise less what was kept of it


def test_pledges_and_money_seen_from_below_are_in_no_total():
    kept_apart = {"pledge", "transfer_seen_from_below", "allocation_seen_from_below"}
    assert [f.name for f in FIGURES.values() if kept_apart & set(f.movements)] == ["pledges"]


def test_every_reported_type_has_a_figure_under_its_own_name():
    for name, _, _ in REPORTED_TYPES.values():
        assert name in FIGURES[name].movements


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("disbursement", "disbursement"),
        ("disbursements", "disbursement"),
        ("deposit", "deposits"),
        ("Net-Funded", "net_funded"),
        (" planned_disbursements ", "planned_disbursement"),
    ],
)
def test_a_figure_is_found_in_singular_and_plural(asked, name):
    assert figure(asked).name == name


@pytest.mark.parametrize("asked", ["", "money", "s", "net"])
def test_what_is_no_figure_is_not_guessed(asked):
    with pytest.raises(KeyError):
        figure(asked)


def test_figures_and_rates_are_the_two_kinds():
    assert {type(f) for f in FIGURES.values()} == {Figure, Rate}


def test_a_movement_that_is_added_and_taken_away_counts_nothing():
    assert [figure("total_balance").times(name) for name in ("deposit", "transfer", "expenditure")] == [1, 0, -1]
    assert figure("net_funded").times("refund") == -1
