"""Roll-ups: only what may be added is, each says how and from what, and parts always make their wholes."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.results.kinds import STANDS, SUMS
from quipu.rules.results.rolling import Part, across, differ, over_time
from quipu.rules.results.values import Value, read


def part(name: str, kind: str, text: str, since: str = "", until: str = "", unit: str = "") -> Part:
    """A part as a test types it."""
    day = date.fromisoformat
    return Part(name, read(kind, text), unit, day(since) if since else None, day(until) if until else None)


def test_counts_of_programmes_are_added() -> None:
    found = across([part("a", "count", "55"), part("b", "count", "3")])
    assert (found.how, str(found.value), len(found.parts)) == ("sum", "58", 2)


def test_percentages_are_the_quotient_of_the_sums_of_their_parts() -> None:
    found = across([part("a", "percentage", "1/2"), part("b", "percentage", "9/10")])
    assert (found.how, str(found.value)) == ("quotient of sums", "10/12")


def test_a_percentage_without_its_parts_is_left_out_by_name() -> None:
    found = across([part("a", "percentage", "1/2"), part("b", "percentage", "90")])
    assert str(found.value) == "1/2"
    assert [(one.name, why) for one, why in found.left_out] == [("b", "no-parts")]


def test_one_percentage_alone_stands_as_it_is() -> None:
    assert str(across([part("a", "percentage", "90")]).value) == "90"


def test_yes_and_milestones_are_counted_and_words_listed() -> None:
    asked = across([part("a", "yes or no", "yes"), part("b", "yes or no", "no"), part("c", "yes or no", "yes")])
    assert (asked.how, asked.so, asked.of, asked.value) == ("tally", 2, 3, None)
    steps = across(
        [part("a", "milestone", "reached"), part("b", "milestone", "begun"), part("c", "milestone", "dropped")]
    )
    assert (steps.so, steps.of) == (1, 2)
    words = across([part("a", "text", "adopted"), part("b", "text", "drafted")])
    assert (words.how, words.value, len(words.parts)) == ("listed", None, 2)


def test_other_kinds_and_units_stay_out() -> None:
    found = across(
        [part("a", "amount", "2.5", unit="ha"), part("b", "amount", "3", unit="t"), part("c", "count", "4", unit="ha")]
    )
    assert str(found.value) == "2.5"
    assert [(one.name, why) for one, why in found.left_out] == [("b", "other-unit"), ("c", "other-kind")]


def test_readings_from_the_beginning_are_never_added_over_time() -> None:
    parts = [part("1", "count", "40", until="2011-12-31"), part("2", "count", "93", until="2012-12-31")]
    assert str(over_time(STANDS, parts).value) == "93"
    assert over_time(STANDS, parts).how == "latest"


def test_what_is_new_in_each_period_is_added_over_time_and_an_overlap_is_left_out() -> None:
    parts = [
        part("first half", "count", "20", "2011-01-01", "2011-06-30"),
        part("second half", "count", "30", "2011-07-01", "2011-12-31"),
        part("the year", "count", "52", "2011-01-01", "2011-12-31"),
        part("next year", "count", "5", "2012-01-01", "2012-12-31"),
    ]
    found = over_time(SUMS, parts)
    assert str(found.value) == "55"
    assert [(one.name, why) for one, why in found.left_out] == [("the year", "overlaps")]


NUMBERS = st.integers(0, 10**9)


@given(st.lists(NUMBERS, min_size=1), st.randoms())
def test_a_sum_is_that_of_its_parts_in_any_order_and_any_grouping(numbers: list[int], chance: object) -> None:
    parts = [part(str(n), "count", str(number)) for n, number in enumerate(numbers)]
    whole = across(parts).value
    assert whole is not None
    assert whole.number == sum(numbers)
    chance.shuffle(parts)  # type: ignore[attr-defined]
    assert across(parts).value == whole
    middle = len(parts) // 2
    halves = [across(half).value for half in (parts[:middle], parts[middle:]) if half]
    assert across([Part("half", value) for value in halves if value]).value == whole


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(50, 100)), min_size=2))
def test_a_quotient_lies_between_those_it_was_made_of(pairs: list[tuple[int, int]]) -> None:
    parts = [part(str(n), "percentage", f"{some}/{whole}") for n, (some, whole) in enumerate(pairs)]
    each = [one.value.measured or Decimal(0) for one in parts]
    found = across(parts).value
    assert found is not None
    assert found.measured is not None
    assert min(each) <= found.measured <= max(each)
    assert (found.part, found.whole) == (sum(a for a, _ in pairs), sum(b for _, b in pairs))


def _days(part: Part) -> set[date]:
    assert part.since is not None
    assert part.until is not None
    return {part.since + timedelta(n) for n in range((part.until - part.since).days + 1)}


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60), NUMBERS), max_size=12))
def test_no_day_is_counted_twice_over_time_and_nothing_disappears(periods: list[tuple[int, int, int]]) -> None:
    begin = date(2011, 1, 1)
    parts = [
        Part(str(n), read("count", str(number)), "", begin + timedelta(at), begin + timedelta(at + length))
        for n, (at, length, number) in enumerate(periods)
    ]
    found = over_time(SUMS, parts)
    assert {one.name for one in found.parts} | {one.name for one, _ in found.left_out} == {one.name for one in parts}
    for one in found.parts:
        for other in found.parts:
            if one is not other:
                assert _days(one).isdisjoint(_days(other))
    expected = sum((one.value.number or Decimal(0) for one in found.parts), Decimal(0))
    assert (found.value.number if isinstance(found.value, Value) else Decimal(0)) == expected


@given(st.dictionaries(st.sampled_from(["women", "men", "not-stated"]), NUMBERS, min_size=1), NUMBERS)
def test_parts_miss_their_whole_by_exactly_the_difference(cells: dict[str, int], total: int) -> None:
    told = {choice: Decimal(number) for choice, number in cells.items()}
    assert Decimal(total) + differ(told, Decimal(total)) == sum(cells.values())
