"""Every rule of a return, on both sides of its limit, judged over parts made by hand; and the registry holds no rule without."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from quipu.rules.findings import Finding, rule_of
from quipu.rules.returns import checks
from quipu.rules.returns.checks import Part, Said, Spent, is_commented, judge, standing_in_the_way, unanswered
from quipu.rules.returns.registry import CHECKS

# What a return is never judged for by itself: rules of reading a form or a file, which say no before a cell is written.
OF_READING = {"return-amount", "return-decimals", "return-currency"}
YEAR = 2023


def part(**words):
    """A project that began in 2022, was paid 100,000.00, spent 10,700.00 and earned nothing."""
    return Part(
        **{
            "fund": "F",
            "currency": "USD",
            "project": "P",
            "title": "Plot",
            "organization": "O",
            "began": date(2022, 2, 1),
            "spent": [
                Spent(2022, "travel", "certified", None, 1_000_000),
                Spent(2022, "indirect", "certified", None, 70_000),
            ],
            "moved": {("transfer", 2022): 5_000_000, ("transfer", 2023): 5_000_000},
            **words,
        }
    )


def said(cells=None, of=None, **words):
    """What a return of 2023 says, and nothing is wrong with: 7% of 10,000.00, no interest."""
    fine = {"P/staff": {"amount": 1_000_000}, "P/indirect": {"amount": 70_000}, "P/interest": {"amount": 0}}
    every = {"kind": "annual", "year": YEAR, "cells": {**fine, **(cells or {})}, "parts": {"P": of or part()}}
    return Said(**{**every, **words})


def rules(one):
    return {finding.rule for finding in judge(one)}


def places(one, rule):
    return [finding.place for finding in judge(one) if finding.rule == rule]


def amounts(**cells):
    """Cells of the project, by category."""
    return {f"P/{name.replace('__', '/')}": {"amount": value} for name, value in cells.items()}


NEVER_PAID = part(began=None, moved={}, spent=[])
CLOSED = part(ended=date(2022, 12, 31), is_closed=True)
ENDED = part(ended=date(2022, 12, 31))
BUDGET = {("staff", 2022): 1_000_000}
PLANS = {("staff", 2022): 1_000_000, ("staff", 2023): 1_000_000}
FINAL = {"P/travel": {"amount": 1_000_000}, "P/staff": {"amount": 8_345_794}, "P/indirect": {"amount": 654_206}}

# By rule: a return that breaks it, and one at the other side of its limit.
SIDES = {
    "return-project": (said({"Q/staff": {"amount": 1}}), said({"P/note": {"comment": "x"}})),
    "return-category": (said(amounts(parties=1)), said(amounts(equipment=0))),
    "return-category-era": (
        said({"P/old-other": {"amount": 1}}),
        said({"P/old-other/2011": {"amount": 1, "comment": "x"}}, closed=frozenset({2011})),
    ),
    "return-sum": (said(stated={"P": 1_070_001}), said(stated={"P": 1_070_000})),
    "return-before-start": (said(of=NEVER_PAID), said(of=part(began=date(YEAR, 12, 31)))),
    "return-after-closure": (said(of=CLOSED), said(amounts(staff=0, indirect=0), of=CLOSED)),
    "return-after-end": (said(of=ENDED), said(of=part(ended=date(YEAR, 1, 1)))),
    "return-negative": (said(amounts(travel=-1)), said(amounts(travel=0))),
    "return-indirect": (said(amounts(indirect=70_002)), said(amounts(indirect=70_001))),
    "return-below-certified": (
        said(amounts(staff=0, indirect=0), of=part(spent=[Spent(YEAR, "staff", "certified", None, 1)])),
        said(amounts(staff=0, indirect=0), of=part(spent=[Spent(YEAR, "staff", "interim", None, 1)])),
    ),
    "return-above-funded": (said(amounts(staff=8_860_001, indirect=70_000)), said(amounts(staff=8_860_000, indirect=70_000))),
    "return-above-budget": (
        said(amounts(staff=1_150_001), of=part(budgets=BUDGET)),
        said(amounts(staff=1_150_000), of=part(budgets=BUDGET)),
    ),
    "return-above-plan": (
        said(amounts(staff=1_150_001), of=part(budgets=PLANS)),
        said(amounts(staff=1_150_000), of=part(budgets=PLANS)),
    ),
    "return-zero": (said(amounts(staff=0, indirect=0)), said(amounts(staff=1, indirect=0))),
    "return-adjustment": (
        said(amounts(travel__2022=-5), closed=frozenset({2022})),
        said(amounts(travel__2022=0), closed=frozenset({2022})),
    ),
    "return-adjusts": (
        said(amounts(travel__2022=-5)),
        said(amounts(travel__2022=-5), closed=frozenset({2022})),
    ),
    "return-interest": (
        said({"P/interest": {"comment": "asked the bank"}}),
        said({"P/interest": {"amount": 0}}),
    ),
    "return-refund": (said(amounts(refund=1)), said(amounts(refund=0))),
    "return-disputed": (
        said(answers={"7": ("disputed", "")}, transfers=(7,)),
        said(answers={"7": ("confirmed", "")}, transfers=(7,)),
    ),
    "return-balance": (
        said({**FINAL, "P/staff": {"amount": 8_345_793}}, kind="final"),
        said(FINAL, kind="final"),
    ),
    "return-changed": (said(before={"P/staff": {"amount": 999_999}}), said(before=said().cells)),
}  # fmt: skip


def test_a_return_that_is_right_breaks_no_rule():
    assert rules(said()) == set()


@pytest.mark.parametrize("rule", SIDES)
def test_a_rule_is_broken_on_one_side_of_its_limit_and_kept_on_the_other(rule):
    broken, kept = SIDES[rule]
    assert rule in rules(broken)
    assert rule not in rules(kept)


def test_every_rule_has_a_judge_and_both_sides_here():
    assert {*SIDES, *OF_READING} == set(CHECKS)
    assert set(SIDES).isdisjoint(OF_READING)


def test_every_rule_is_among_the_findings_with_its_sentence_and_says_why():
    for name, check in CHECKS.items():
        assert rule_of(name) is check
        assert check.sentence.endswith(".")
        assert len(check.why) > 20


def test_every_judge_speaks_only_of_rules_of_the_registry():
    spoken = {rule for broken, kept in SIDES.values() for one in (broken, kept) for rule in rules(one)}
    assert spoken <= set(CHECKS)


# What limits are set by


def test_the_memorandums_rate_counts_where_there_is_one():
    eight = part(rate="8")
    assert "return-indirect" in rules(said(of=eight))
    assert "return-indirect" not in rules(said(amounts(indirect=80_000), of=eight))
    assert "return-indirect" not in rules(said(of=part(rate="")))


def test_the_funds_own_limit_counts_for_shifts():
    strict = part(budgets=BUDGET, shift=Decimal(0))
    assert "return-above-budget" in rules(said(amounts(staff=1_000_001), of=strict))
    assert "return-above-budget" not in rules(said(amounts(staff=1_000_000), of=strict))


def test_a_year_plan_is_judged_only_where_budgets_are_set_by_year():
    assert "return-above-plan" not in rules(said(amounts(staff=9_000_000), of=part(budgets=BUDGET)))


def test_a_refund_in_the_books_has_to_be_in_the_return_as_it_is():
    refunded = part(moved={("transfer", 2022): 5_000_000, ("refund", YEAR): 300})
    assert "return-refund" not in rules(said(amounts(refund=300), of=refunded))
    assert "return-refund" in rules(said(amounts(refund=299), of=refunded))


def test_no_interest_is_asked_for_where_no_money_lay_over_the_year():
    nothing = part(moved={("transfer", 2022): 1_070_000})
    assert "return-interest" not in rules(said({"P/interest": {}}, of=nothing))


def test_spending_of_a_year_and_its_corrections_are_kept_apart():
    closed = {"closed": frozenset({2022})}
    assert "return-negative" not in rules(said(amounts(travel__2022=-5), **closed))
    assert "return-indirect" not in rules(said(amounts(travel__2022=-500_000), **closed))


def test_a_correction_never_names_the_returns_own_year_or_a_later_one():
    for year in (YEAR, YEAR + 1):
        assert "return-adjusts" in rules(said({f"P/travel/{year}": {"amount": 1}}, closed=frozenset({year})))


def test_a_final_statement_looks_at_all_years_and_at_no_closure():
    assert "return-after-closure" not in rules(said(FINAL, kind="final", of=CLOSED))
    assert "return-below-certified" not in rules(said(FINAL, kind="final"))


# What stands in the way


def test_a_warning_stands_in_the_way_until_a_comment_stands_in_its_row():
    cells = amounts(indirect=80_000)
    assert [one.rule for one in standing_in_the_way(said(cells), ())] == ["return-indirect"]
    cells["P/indirect"]["comment"] = "Agreed by letter."
    assert standing_in_the_way(said(cells), ()) == []


def test_a_warning_about_a_project_is_answered_by_the_projects_comment_and_by_no_other_rows():
    nothing = amounts(staff=0, indirect=0)
    elsewhere = {**nothing, "P/staff": {"amount": 0, "comment": "Nobody was hired."}}
    assert [one.rule for one in standing_in_the_way(said(elsewhere), ())] == ["return-zero"]
    assert standing_in_the_way(said({**nothing, "P/note": {"comment": "The road was closed."}}), ()) == []


def test_a_disputed_transfer_is_answered_by_its_own_comment():
    one = said(answers={"7": ("disputed", " ")}, transfers=(7,))
    found = Finding("return-disputed", "transfer 7")
    assert not is_commented(found, one)
    assert is_commented(found, replace(one, answers={"7": ("disputed", "We received less.")}))


def test_an_error_stands_in_the_way_though_it_is_commented_until_it_is_waived():
    cells = amounts(travel=-1)
    cells["P/travel"]["comment"] = "A ticket came back."
    cells["P/indirect"] = {"amount": 70_000}
    one = said(cells)
    assert [each.rule for each in standing_in_the_way(one, ())] == ["return-negative"]
    assert standing_in_the_way(one, [("return-negative", "P/travel")]) == []
    assert standing_in_the_way(one, [("return-negative", "")]) == []
    assert standing_in_the_way(one, [("return-negative", "P/staff")]) != []


def test_what_nobody_may_waive_stands_whatever_was_waived():
    one = said(stated={"P": 1})
    assert [each.rule for each in standing_in_the_way(one, [("return-sum", "")])] == ["return-sum"]


def test_a_note_never_stands_in_the_way():
    one = said(before={"P/staff": {"amount": 5}})
    assert rules(one) == {"return-changed"}
    assert standing_in_the_way(one, ()) == []


def test_each_transfer_wants_an_answer():
    assert unanswered(said(transfers=(7, 8), answers={"7": ("confirmed", "")})) == ["8"]
    assert unanswered(said(transfers=(7,), answers={"7": ("disputed", "x")})) == []


def test_findings_stand_in_the_order_of_the_rows():
    one = said(amounts(travel=-1, staff=-1))
    assert places(one, "return-negative") == ["P/staff", "P/travel"]


def test_a_part_knows_its_standing_budget_and_whether_it_reports():
    one = part(budgets=PLANS)
    assert one.standing(2022) == "certified"
    assert one.standing(YEAR) == ""
    mixed = part(spent=[Spent(YEAR, "staff", "interim", None, 1), Spent(YEAR, "staff", "certified", None, 1)])
    assert mixed.standing(YEAR) == "interim"
    assert one.budget("staff") == 2_000_000
    assert one.budget("staff", YEAR) == 1_000_000
    assert one.budget("travel") is None
    assert [one.reports_on(year) for year in (2021, 2022, YEAR)] == [False, True, True]
    assert [ENDED.reports_on(year) for year in (2022, YEAR)] == [True, False]


def test_checks_has_no_judge_that_is_never_asked():
    assert len(set(checks.JUDGES)) == len(checks.JUDGES)
    for one in checks.JUDGES:
        assert any(list(one(broken)) for broken, _ in SIDES.values()), one.__name__
