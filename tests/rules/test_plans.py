"""Quarters, states of lines, sums, requests' states, and spending by output reconciled with the ledger."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as some

from quipu.rules import by_output, plans, tranches
from quipu.rules.plans import Quarter, Sums


class Line(NamedTuple):
    planned: int = 0
    committed: int | None = None
    spent: int | None = None
    state: str = ""
    body: str = "A"


@pytest.mark.parametrize(
    ("quarter", "since", "until", "following"),
    [
        (Quarter(2026, 1), date(2026, 1, 1), date(2026, 3, 31), Quarter(2026, 2)),
        (Quarter(2024, 4), date(2024, 10, 1), date(2024, 12, 31), Quarter(2025, 1)),
    ],
)
def test_a_quarter_knows_its_days_and_its_neighbours(
    quarter: Quarter, since: date, until: date, following: Quarter
) -> None:
    assert (quarter.since, quarter.until, quarter.next) == (since, until, following)
    assert following.before == quarter
    assert plans.quarter_of(since) == plans.quarter_of(until) == quarter
    assert plans.read_quarter(str(quarter)) == quarter
    assert (quarter.has_ended(until), quarter.has_ended(following.since)) == (False, True)


@pytest.mark.parametrize("text", ["2026", "2026-Q5", "2026-Q0", "Q1 2026", "0000-Q1", "9999-Q4", "٢٠٢٦-Q1"])
def test_what_is_no_quarter_is_not_read_as_one(text: str) -> None:
    assert plans.read_quarter(text) is None


def test_a_line_is_in_when_state_and_spending_are_said_and_nothing_planned_is_not_missed() -> None:
    assert plans.is_in(Line(100, spent=0, state="done"))
    assert plans.is_missing(Line(100, spent=5))
    assert plans.is_missing(Line(100, state="on track"))
    assert not plans.is_missing(Line(0))


@pytest.mark.parametrize(
    ("said", "state", "remark", "rules"),
    [
        ({"spent": -5}, "on track", "", []),
        ({"committed": -5}, "on track", "", ["plan-amount-negative"]),
        ({"spent": plans.LARGEST}, "", "", []),
        ({"spent": -plans.LARGEST - 1}, "", "", ["plan-amount-large"]),
        ({}, "late", " ", ["plan-remark"]),
        ({}, "late", "Rain", []),
        ({}, "stopped", "", ["plan-remark"]),
        ({}, "green", "", ["plan-state"]),
    ],
)
def test_what_speaks_against_a_line(said: dict[str, int], state: str, remark: str, rules: list[str]) -> None:
    assert [one.rule for one in plans.faults(said, state, remark, str)] == rules


@pytest.mark.parametrize(
    ("spent", "planned", "rate"),
    [
        (1, 3, Decimal("33.33")),
        (1, 8, Decimal("12.50")),
        (5, 0, None),
        (-1, 3, Decimal("-33.33")),
        (1, 800, Decimal("0.13")),
    ],
)
def test_delivery_is_rounded_to_two_decimals_half_up(spent: int, planned: int, rate: Decimal | None) -> None:
    assert plans.delivery(spent, planned) == rate


def lines() -> some.SearchStrategy[list[Line]]:
    amount = some.integers(-(10**9), 10**9)
    return some.lists(
        some.builds(Line, amount, some.none() | amount, some.none() | amount, some.just(""), some.sampled_from("ABC"))
    )


@given(lines())
def test_parts_by_organization_add_up_to_the_whole(every: list[Line]) -> None:
    parts = plans.added(every, lambda line: line.body)
    whole = plans.added(every, lambda line: "")
    assert sum(parts.values(), Sums()) == whole.get("", Sums())


ROWS = some.tuples(
    some.sampled_from("AB"),
    some.sampled_from((2024, 2025)),
    some.sampled_from(("o1", "o2")),
    some.integers(-500, 500),
    some.booleans(),
)
ENTRIES = some.tuples(
    some.sampled_from("AB"),
    some.sampled_from((2024, 2025)),
    some.sampled_from(("staff", "travel")),
    some.sampled_from(("interim", "certified")),
    some.integers(-500, 500),
)


@given(some.lists(ROWS), some.lists(ENTRIES))
def test_outputs_and_what_has_none_are_the_ledger_to_the_cent(
    spent: list[tuple[str, int, str, int, bool]], ledger: list[tuple[str, int, str, str, int]]
) -> None:
    found = by_output.reconciled(spent, ledger)
    for one in (*found.values(), by_output.whole(found), by_output.whole(found, 2025)):
        assert one.attributed + one.not_attributed == one.ledger == sum(one.categories.values())
    assert by_output.whole(found).ledger == sum(row[-1] for row in ledger)
    assert by_output.whole(found).attributed == sum(row[3] for row in spent)
    assert by_output.whole(found).still_open == sum(row[3] for row in spent if not row[4])
    warned = {one.place for one in by_output.findings(found) if one.rule == "output-above-ledger"}
    assert warned == {
        f"{body} {year}" for (body, year), one in found.items() if one.categories and one.not_attributed < 0
    }


def test_the_same_work_of_two_organizations_is_counted_once_in_each_and_once_in_the_whole() -> None:
    found = by_output.reconciled(
        [("A", 2025, "o1", 70, True), ("B", 2025, "o1", 30, True)], [("A", 2025, "staff", "certified", 80)]
    )
    assert found["A", 2025].not_attributed == 10
    assert found["B", 2025].not_attributed == -30
    assert by_output.whole(found).outputs == {"o1": 100}
    assert [(one.rule, one.place) for one in by_output.findings(found)] == [("output-not-in-ledger", "B 2025")]


# Requests


def every() -> Iterator[tuple[str, str]]:
    for act in tranches.TRANSITIONS:
        for state in tranches.State:
            yield act, state


@pytest.mark.parametrize(("act", "state"), list(every()))
def test_each_act_leads_on_only_from_its_own_states(act: str, state: str) -> None:
    rules = tranches.broken(act, state, "b", ["a"], "because")
    assert rules == ([] if state in tranches.TRANSITIONS[act].before else ["request-not-there"])


def test_nobody_signs_what_they_wrote_and_what_is_drafted_is_not_returned() -> None:
    assert tranches.broken("sign", "draft", "a", ["a", "b"]) == ["request-by-itself"]
    assert tranches.broken("return", "received", "c", ["a"], "why", is_drafted=True) == ["request-drafted"]
    assert tranches.broken("return", "received", "c", ["a"], " ") == ["reason-missing"]


@pytest.mark.parametrize(
    ("state", "vouchers", "stands"),
    [
        ("received", ["posted", "posted"], "paid"),
        ("received", ["posted", "submitted"], "received"),
        ("received", ["posted", ""], "received"),
        ("received", [], "received"),
        ("received", ["posted", "reversed"], "received"),
        ("signed", ["posted"], "signed"),
    ],
)
def test_a_request_is_paid_when_all_its_vouchers_are_posted(state: str, vouchers: list[str], stands: str) -> None:
    assert tranches.standing(state, vouchers) == stands


@pytest.mark.parametrize(
    ("planned", "balance", "amount"), [(500, 200, 300), (500, 500, 0), (500, 700, 0), (500, -50, 550)]
)
def test_what_is_proposed_is_the_next_plan_less_what_is_held(planned: int, balance: int, amount: int) -> None:
    assert tranches.Proposal("A", planned, balance).amount == amount
