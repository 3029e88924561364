"""What of figures about people is public: decided when a reading is approved, for all sources alike, and never loosened."""

from datetime import date
from typing import Any

import pytest

from tests.desk.resulting import approved, framed

YEAR = (None, date(2025, 12, 31))


@pytest.fixture
def trained(cast_anywhere: Any) -> Any:
    """An indicator of people, told apart by sex and place."""
    return framed("w")["trained"]


def shown(table: str, list_: str, *choices: str, period: Any = YEAR) -> set[str]:
    """Which of the choices are public."""
    from quipu.books import cuts

    found = cuts.of([table])
    return {choice for choice in choices if found.is_shown(table, list_, period, choice)}


def test_nothing_is_public_before_a_reading_is_approved(trained: Any) -> None:
    assert shown("P1-i1", "sex", "women", "men") == set()
    approved("w", "a", trained, "93", cells={"sex": {"women": "50", "men": "43"}})
    assert shown("P1-i1", "sex", "women", "men") == {"women", "men"}
    assert shown("P1-i1", "", "") == {""}
    assert shown("P1-i1", "place", "Pisaq") == set(), "nobody said anything of places"


def test_few_people_and_the_next_smallest_are_absent_in_every_source_and_for_ever(trained: Any) -> None:
    first = approved("w", "a", trained, "93", cells={"sex": {"women": "4", "men": "80", "not-stated": "9"}})
    assert shown("P1-i1", "sex", "women", "men", "not-stated") == {"men"}
    approved("w", "a", trained, "98", source="Another", cells={"sex": {"women": "44", "men": "45", "not-stated": "9"}})
    assert shown("P1-i1", "sex", "women", "men", "not-stated") == {"men"}
    from quipu.actions.results import reading

    reading.lead(by="a", code=first.code, act="withdraw", reason="A slip")
    approved("w", "a", trained, "93", cells={"sex": {"women": "40", "men": "44", "not-stated": "9"}})
    assert shown("P1-i1", "sex", "women", "men", "not-stated") == {"men"}


def test_what_the_parts_leave_of_the_whole_gives_nobody_away(trained: Any) -> None:
    approved("w", "a", trained, "93", cells={"sex": {"women": "50", "men": "40"}})
    assert shown("P1-i1", "sex", "women", "men") == {"women"}, "three of whom nothing is said could be worked out"


def test_a_whole_of_few_people_is_absent_itself(trained: Any) -> None:
    approved("w", "a", trained, "4")
    assert shown("P1-i1", "", "") == set()
    approved("w", "a", trained, "5", until=date(2024, 12, 31))
    assert shown("P1-i1", "", "", period=(None, date(2024, 12, 31))) == {""}


def test_a_correction_hides_the_total_where_the_rest_was_shown_before(trained: Any) -> None:
    first = approved("w", "a", trained, "26", cells={"sex": {"women": "6", "men": "20"}})
    from quipu.actions.results import reading

    reading.lead(by="a", code=first.code, act="withdraw", reason="Two were counted twice")
    approved("w", "a", trained, "24", cells={"sex": {"women": "4", "men": "20"}})
    assert shown("P1-i1", "sex", "women", "men") == {"men"}
    assert shown("P1-i1", "", "") == set(), "less the men it would be the women"


def test_a_share_of_few_people_is_absent_on_either_side_of_it(cast: Any) -> None:
    from quipu.actions.results import framework
    from quipu.actions.results.framework import IndicatorSaid

    framed("w")
    said = IndicatorSaid({"en": "Keepers still at work"}, "percentage", is_of_people=True, breaks=("sex",))
    share = framework.keep_indicator(by="w", project="P1", said=said)
    approved("w", "a", share, "60/93", cells={"sex": {"women": "30/50", "men": "40/43"}})
    assert shown(share.code, "", "") == {""}
    assert shown(share.code, "sex", "women", "men") == set(), "three men are not"


def test_lists_of_delicate_things_have_a_higher_limit(cast: Any) -> None:
    from quipu.actions.results import framework
    from quipu.actions.results.framework import IndicatorSaid

    framed("w")
    said = IndicatorSaid({"en": "Keepers"}, "count", is_of_people=True, breaks=("disability", "sex"))
    made = framework.keep_indicator(by="w", project="P1", said=said)
    approved(
        "w", "a", made, "93", cells={"disability": {"with": "9", "without": "84"}, "sex": {"women": "9", "men": "84"}}
    )
    assert shown(made.code, "disability", "with", "without") == set()
    assert shown(made.code, "sex", "women", "men") == {"women", "men"}


def test_few_of_those_that_were_reached_are_absent_and_the_targeted_are_not(cast: Any) -> None:
    from quipu.actions.results import framework
    from quipu.books import cuts

    counts = {"direct/reached/women": 3, "direct/reached/men": 40, "direct/reached/people": 43}
    counts |= {"direct/targeted/women": 3, "direct/reached/institutions": 2}
    framework.keep_beneficiaries(by="w", project="P1", until=YEAR[1], counts=counts, source="Register")
    table = cuts.beneficiaries("P1")
    assert shown(table, "direct/reached", "women", "men", "people", "institutions") == {"people", "institutions"}
    assert shown(table, "direct/targeted", "women") == {"women"}
