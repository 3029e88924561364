"""Where an indicator stands, and what several are together: targets of periods, units, and parts that make up their whole."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.results import standing
from quipu.rules.results.kinds import SUMS, Kind
from quipu.rules.results.rolling import Part
from quipu.rules.results.standing import Unit
from quipu.rules.results.values import Value, kept

PEOPLE = Unit({"en": "people", "es": "personas"})


def part(value, since=None, until="2025-12-31", kind="count"):
    return Part("x", kept(kind, value), "", since and date.fromisoformat(since), date.fromisoformat(until))


def test_the_target_of_an_indicator_that_counts_from_the_beginning_is_the_one_that_ends_last():
    assert standing.aim("count", "stands", []) is None
    targets = [part("350"), part("600", until="2026-12-31"), part("90", until="2024-12-31")]
    assert str(standing.aim("count", "stands", targets)) == "600"


def test_targets_of_periods_are_added_unless_one_is_for_all_of_them():
    periods = [part("20", "2024-01-01", "2024-12-31"), part("40", "2025-01-01", "2025-12-31")]
    assert str(standing.aim("count", SUMS, periods)) == "60"
    assert str(standing.aim("count", SUMS, [*periods, part("75")])) == "75"
    # one for a part of the time says nothing of the whole
    assert str(standing.aim("count", SUMS, [*periods, part("18", until="2024-06-30")])) == "60"
    assert str(standing.aim("milestone", SUMS, [part("reached", kind="milestone")])) == "reached"


@pytest.mark.parametrize(
    ("direction", "gathers", "baseline", "target", "now", "share"),
    [
        ("up", "stands", "", "50", "49", 98),
        ("up", "stands", "10", "50", "40", 75),
        ("up", SUMS, "10", "50", "40", 80),  # what is new in each period begins at nothing
        ("down", "stands", "34", "20", "27", 50),
        ("up", "stands", "10", "50", "0", -25),
    ],
)
def test_the_way_is_from_the_baseline_to_the_target(direction, gathers, baseline, target, now, share):
    begun = kept("count", baseline) if baseline else None
    assert standing.way(direction, gathers, begun, kept("count", target), kept("count", now)).share == share
    assert standing.way(direction, gathers, begun, None, kept("count", now)) is None
    assert standing.way(direction, gathers, begun, kept("count", target), None) is None


@pytest.mark.parametrize(
    ("unit", "is_alike"),
    [
        ({"en": "People"}, True),
        ({"es": "personas", "fr": "jours"}, True),
        ({"en": "days"}, False),
        ({"en": "people", "es": "días"}, False),
        ({"fr": "personnes"}, False),  # no language in which both are named
        ({}, False),
    ],
)
def test_units_are_alike_where_they_are_in_every_language_that_names_both(unit, is_alike):
    assert PEOPLE.is_alike(Unit(unit)) == is_alike
    assert Unit(unit).is_alike(PEOPLE) == is_alike
    assert Unit({}).is_alike(Unit({"en": ""}))


@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(["people", "days", ""])), max_size=8))
def test_what_goes_in_and_what_stays_out_are_all_there_is(told):
    parts = [
        (Part(str(n), Value(Kind.COUNT, Decimal(number))), Unit({"en": unit})) for n, (number, unit) in enumerate(told)
    ]
    found = standing.across(PEOPLE, parts)
    names = [one.name for one in found.parts] + [one.name for one, _ in found.left_out]
    assert sorted(names, key=int) == [str(n) for n in range(len(told))]
    fitting = [number for number, unit in told if unit == "people"]
    assert (found.value.number if found.value else None) == (sum(fitting) if fitting else None)


def test_a_share_of_nothing_is_none():
    assert standing.share(Decimal(3), Decimal(12)) == 25
    assert standing.share(Decimal(3), Decimal(0)) is None
    assert standing.share(None, Decimal(3)) is None
