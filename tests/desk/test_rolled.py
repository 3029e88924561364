"""Where indicators stand and what measures come to: in a few questions, from what was approved, by the rules of roll-ups."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.resulting import approved, framed


@pytest.fixture
def made(cast: Any) -> dict[str, Any]:
    """A framework."""
    return framed("w")


def stand(*indicators: Any, **said: Any) -> Any:
    """Where they stand; of one alone, its own."""
    from quipu.actions.results import rolled
    from quipu.books import models

    found = rolled.standings(models.Indicator.objects.filter(code__in=[one.code for one in indicators]), **said)
    return next(iter(found.values())) if len(indicators) == 1 else found


def measured(project: str, value: str, unit: str = "people", **said: Any) -> Any:
    """An indicator of the measure `trained` in a programme, with an approved reading."""
    from quipu.actions.results import framework

    told = framework.IndicatorSaid(
        {"en": f"Trained in {project}"}, "count", unit={"en": unit}, measure="trained", **said
    )
    one = framework.keep_indicator(by="w", project=project, said=told)
    if value:
        approved("w", "a", one, value)
    return one


@pytest.fixture
def measure(cast: Any) -> Any:
    """A measure of people trained, of all funds."""
    from quipu.actions.results import framework

    return framework.keep_measure(
        by="s", code="trained", titles={"en": "People trained"}, kind="count", unit={"en": "people"}, is_new=True
    )


def test_an_indicator_stands_where_its_last_reported_reading_does(made: dict[str, Any]) -> None:
    approved("w", "a", made["trained"], "40", until=date(2024, 12, 31))
    approved("w", "a", made["trained"], "93")
    found = stand(made["trained"])
    assert (str(found.now.value), str(found.target), found.last.value) == ("93", "100", "93")
    assert (found.progress.share, found.progress.is_reached) == (93, False)
    assert str(stand(made["trained"], until=date(2025, 6, 30)).now.value) == "40"


def test_where_periods_count_what_is_new_progress_begins_at_nothing_and_targets_are_added(cast: Any) -> None:
    from quipu.actions.results import framework

    said = framework.IndicatorSaid({"en": "Visits"}, "count", gathers="sums", direction="up", baseline="50")
    one = framework.keep_indicator(by="w", project="P1", said=said)
    for year, value, target in ((2023, "30", "40"), (2024, "30", "60")):
        first, last = date(year, 1, 1), date(year, 12, 31)
        approved("w", "a", one, value, since=first, until=last)
        framework.set_target(by="w", indicator=one.code, since=first, until=last, value=target)
    found = stand(one)
    assert (str(found.now.value), str(found.target), found.progress.share) == ("60", "100", 60)
    framework.set_target(by="w", indicator=one.code, until=date(2024, 12, 31), value="120")
    assert str(stand(one).target) == "120"


def test_sources_that_differ_are_told_until_one_is_chosen(made: dict[str, Any]) -> None:
    from quipu.actions.results import reading

    approved("w", "a", made["trained"], "93")
    other = approved("w", "a", made["trained"], "98", source="A newspaper")
    assert [[one.value for one in some] for some in stand(made["trained"]).differing] == [["93", "98"]]
    reading.choose(by="a", code=other.code, reason="Counted again")
    found = stand(made["trained"])
    assert (found.differing, str(found.now.value)) == ((), "98")


def together(measure: Any) -> Any:
    """What it comes to."""
    from quipu.actions.results import rolled

    return rolled.together([measure], rolled.indicators_of([measure]))[measure.code]


def test_a_measure_adds_what_is_in_its_unit_and_names_what_it_leaves_out(measure: Any) -> None:
    from quipu.actions.results import framework, rolled

    odd = measured("P1", "7", "families")  # first in order, and still not what the others are measured by
    one, unread = measured("P2", "30"), measured("C1", "")
    framework.set_target(by="w", indicator=one.code, until=date(2025, 12, 31), value="60")
    found = together(measure)
    assert (found.rolled.how, str(found.rolled.value)) == ("sum", "30")
    assert [part.name for part in found.rolled.parts] == [one.code]
    assert [(part.name, why) for part, why in found.rolled.left_out] == [(odd.code, "other-unit")]
    assert [each.code for each in found.unread] == [unread.code]
    assert rolled.share_of(found) == 50
    framework.end(by="w", kind="indicator", code=one.code, reason="Another one took its place")
    assert together(measure).rolled.value is None


def test_twenty_indicators_are_asked_as_one_is(made: dict[str, Any], measure: Any) -> None:
    from quipu.actions.results import framework, rolled

    measured("P1", "30")
    with CaptureQueriesContext(connection) as once:
        together(measure)
    said = framework.IndicatorSaid({"en": "One"}, "count")
    many = [framework.keep_indicator(by="w", project="P2", said=replace(said, number=n)) for n in range(1, 21)]
    for one in many[:4]:
        approved("w", "a", one, "3")
    measured("P2", "5")
    with CaptureQueriesContext(connection) as twice:
        together(measure)
    with CaptureQueriesContext(connection) as plain:
        rolled.standings(many)
    assert (len(once), len(twice), len(plain)) == (3, 3, 2)
