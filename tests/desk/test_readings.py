"""Frameworks and readings by their verbs, on both engines: kept, approved by another person, chosen, locked."""

from datetime import date
from typing import Any

import pytest

from quipu.rules.findings import Refused
from tests.desk.resulting import approved, framed


def rules(verb: Any, /, **said: Any) -> list[str]:
    """The rules that refuse an act."""
    with pytest.raises(Refused) as refused:
        verb(**said)
    return sorted(finding.rule for finding in refused.value.findings)  # type: ignore[attr-defined]


@pytest.fixture
def framework(cast_anywhere: Any) -> Any:
    """The verbs of frameworks."""
    from quipu.actions.results import framework

    return framework


@pytest.fixture
def reading(cast_anywhere: Any) -> Any:
    """The verbs of readings."""
    from quipu.actions.results import reading

    return reading


@pytest.fixture
def made(cast_anywhere: Any) -> dict[str, Any]:
    """A framework."""
    return framed("w")


def test_codes_say_where_a_thing_belongs(made: dict[str, Any], framework: Any) -> None:
    assert [made[name].code for name in ("outcome", "output", "trained", "plan")] == [
        "P1-o1",
        "P1-o1-1",
        "P1-i1",
        "P1-i3",
    ]
    assert made["trained"].outcome_id == "P1-o1"
    scope = framework.scope(made["trained"])
    assert (scope.fund, scope.project, scope.organization) == ("VALLEY", "P1", "ORG1")


def test_a_revised_target_needs_a_reason_and_the_old_one_stays(made: dict[str, Any], framework: Any) -> None:
    said = {"by": "w", "indicator": "P1-i1", "until": date(2025, 12, 31), "value": "120"}
    assert rules(framework.set_target, **said) == ["reason-missing"]
    framework.set_target(**said, reason="Another valley joined")
    rows = list(made["trained"].targets.order_by("id"))
    assert [one.value for one in rows] == ["100", "120"]
    assert [one.value for one in framework.targets_in_force(rows)] == ["120"]
    assert rules(framework.set_target, **said, reason="Again") == ["target-same"]


def test_a_reading_counts_when_another_person_approved_it(made: dict[str, Any], reading: Any) -> None:
    said = reading.ReadingSaid(
        "P1-i1", date(2025, 12, 31), "93", "Register of courses", cells={"sex": {"women": "50", "men": "43"}}
    )
    one = reading.write(by="w", said=said)
    assert (one.state, one.is_reported) == ("draft", False)
    assert rules(reading.lead, by="a", code=one.code, act="approve") == ["reading-not-there"]
    reading.lead(by="w", code=one.code, act="submit")
    assert rules(reading.write, by="w", said=said, code=one.code) == ["reading-locked"]
    assert rules(reading.lead, by="w", code=one.code, act="approve") == ["reading-by-itself"]
    done = reading.lead(by="a", code=one.code, act="approve")
    assert (done.state, done.is_reported, done.decided_by) == ("approved", True, "a")


def test_sources_that_differ_stand_side_by_side_until_one_is_chosen(made: dict[str, Any], reading: Any) -> None:
    first = approved("w", "a", made["trained"], "93")
    second = approved("w", "a", made["trained"], "98", source="A newspaper")
    assert (first.is_reported, second.is_reported) == (True, False)
    assert [
        (one.code, [each.value for each in several]) for one, several in reading.disagreeing([made["trained"]])
    ] == [("P1-i1", ["93", "98"])]
    assert rules(reading.choose, by="a", code=second.code, reason="") == ["reason-missing"]
    reading.choose(by="a", code=second.code, reason="Counted again from the register")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_reported, second.is_reported, second.choice) == (False, True, "Counted again from the register")
    assert reading.disagreeing([made["trained"]]) == []


def test_parts_above_their_whole_are_refused_and_below_it_remarked(made: dict[str, Any], reading: Any) -> None:
    said = reading.ReadingSaid("P1-i1", date(2025, 12, 31), "93", "x", cells={"sex": {"women": "50", "men": "44"}})
    assert rules(reading.write, by="w", said=said) == ["result-cells-above"]
    fine = reading.ReadingSaid("P1-i1", date(2025, 12, 31), "93", "x", cells={"sex": {"women": "50", "men": "42"}})
    assert [one.rule for one in reading.findings(fine)] == ["result-cells-below"]
    assert reading.write(by="w", said=fine).cells == {"sex": {"women": "50", "men": "42"}}


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"value": "about 90"}, ["amount-unreadable"]),
        ({"value": "1.234"}, ["amount-two-ways"]),
        ({"source": " "}, ["reading-source-missing"]),
        ({"until": date(2999, 1, 1)}, ["period-to-come"]),
        ({"since": date(2026, 1, 1)}, ["period-backwards"]),
        ({"link": "javascript:alert(1)"}, ["reading-link"]),
        ({"documents": ("none",)}, ["record-unknown"]),
        ({"cells": {"sex": {"cats": "1"}}}, ["result-cell"]),
        ({"cells": {"age": {"0-14": "1"}}}, ["result-cell"]),
        ({"cells": {"place": {"": "1"}}}, ["result-cell"]),
    ],
)
def test_a_reading_that_breaks_a_rule_is_refused_by_its_name(
    made: dict[str, Any], reading: Any, said: dict[str, Any], named: list[str]
) -> None:
    whole = {"indicator": "P1-i1", "until": date(2025, 12, 31), "value": "93", "source": "x", **said}
    assert rules(reading.write, by="w", said=reading.ReadingSaid(**whole)) == named


def test_a_locked_period_takes_nothing_until_it_is_opened_with_a_reason(
    made: dict[str, Any], framework: Any, reading: Any
) -> None:
    cycle = framework.keep_cycle(by="a", project="P1", since=date(2025, 1, 1), until=date(2025, 12, 31))
    assert rules(framework.keep_cycle, by="a", project="P1", since=date(2025, 12, 31), until=date(2026, 1, 31)) == [
        "period-overlaps"
    ]
    said = reading.ReadingSaid("P1-i1", date(2025, 12, 31), "93", "x")
    one = reading.write(by="w", said=said)
    framework.lock(by="a", cycle=cycle.pk, is_locked=True)
    assert rules(reading.write, by="w", said=said) == ["period-locked"]
    assert rules(reading.lead, by="w", code=one.code, act="submit") == ["period-locked"]
    assert rules(
        reading.write, by="w", said=reading.ReadingSaid("P1-i1", date(2024, 6, 30), "9", "x"), code=one.code
    ) == ["period-locked"]
    assert rules(framework.lock, by="a", cycle=cycle.pk, is_locked=False) == ["reason-missing"]
    framework.lock(by="a", cycle=cycle.pk, is_locked=False, reason="A report came late")
    reading.lead(by="w", code=one.code, act="submit")


def test_kind_and_unit_stay_once_something_was_approved(made: dict[str, Any], framework: Any) -> None:
    approved("w", "a", made["trained"], "93")
    said = framework.IndicatorSaid({"en": "Keepers"}, "percentage", "P1-o1-1", unit={"en": "people"}, is_of_people=True)
    assert rules(framework.keep_indicator, by="w", project="P1", said=said, code="P1-i1") == ["result-kind-sealed"]


def test_an_indicator_of_people_stays_one_once_something_was_approved(
    made: dict[str, Any], framework: Any, reading: Any
) -> None:
    said = {"titles": {"en": "Keepers"}, "kind": "count", "parent": "P1-o1-1", "unit": {"en": "people"}}
    framework.keep_indicator(by="w", project="P1", said=framework.IndicatorSaid(**said), code="P1-i1")
    people = framework.IndicatorSaid(**said, is_of_people=True)
    framework.keep_indicator(by="w", project="P1", said=people, code="P1-i1")
    approved("w", "a", made["trained"], "93")
    assert rules(
        framework.keep_indicator, by="w", project="P1", said=framework.IndicatorSaid(**said), code="P1-i1"
    ) == ["result-people-sealed"]
    framework.keep_indicator(by="w", project="P1", said=people, code="P1-i1")


def test_a_measure_is_measured_once_in_a_programme(made: dict[str, Any], framework: Any) -> None:
    framework.keep_measure(by="s", code="people", titles={"en": "People trained"}, kind="count", is_new=True)
    said = framework.IndicatorSaid({"en": "One"}, "count", measure="people")
    framework.keep_indicator(by="w", project="P1", said=said)
    assert rules(framework.keep_indicator, by="w", project="P1", said=said) == ["result-measured-twice"]
    framework.keep_indicator(by="w", project="P2", said=said)


def test_what_ended_takes_no_reading_and_no_parent_of_another_programme(
    made: dict[str, Any], framework: Any, reading: Any
) -> None:
    framework.end(by="w", kind="indicator", code="P1-i2", reason="Not measured any more")
    assert rules(reading.write, by="w", said=reading.ReadingSaid("P1-i2", date(2025, 12, 31), "9", "x")) == [
        "result-ended"
    ]
    assert rules(
        framework.keep_indicator, by="w", project="P2", said=framework.IndicatorSaid({"en": "One"}, "count", "P1-o1")
    ) == ["result-elsewhere"]


def test_beneficiaries_are_kept_as_of_a_day_and_women_and_men_are_not_more_than_people(
    made: dict[str, Any], framework: Any
) -> None:
    said: dict[str, Any] = {"by": "w", "project": "P1", "until": date(2025, 12, 31), "source": "Register"}
    wrong = {"direct/reached/women": 5, "direct/reached/men": 6, "direct/reached/people": 10}
    assert rules(framework.keep_beneficiaries, counts=wrong, **said) == ["beneficiaries-people"]
    assert rules(framework.keep_beneficiaries, counts={"direct/reached/cats": 1}, **said) == ["beneficiaries-cell"]
    kept = framework.keep_beneficiaries(counts={**wrong, "direct/reached/people": 11}, **said)
    assert kept.counts["direct/reached/people"] == 11
