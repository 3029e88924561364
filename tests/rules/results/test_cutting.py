"""Cutting: a judge tries every table that fits what is shown, and never finds out how few people a cell holds."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.results.cutting import Cell, Sum, cut, tilings

ALL: Cell = ("all",)


def table(**parts: int) -> tuple[dict[Cell, int], list[Sum]]:
    """A table of one list with its total."""
    cells: dict[Cell, int] = {(choice,): number for choice, number in parts.items()}
    return {**cells, ALL: sum(parts.values())}, [Sum(ALL, tuple(cells))]


def absent(parts: Mapping[str, int], smallest: int = 5, kept: Sequence[str] = ()) -> set[str]:
    """The choices that are absent."""
    values, sums = table(**parts)
    found = cut(values, sums, dict.fromkeys(values, smallest), [(one,) for one in kept])
    return {cell[0] for cell in found}


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [
        ({"women": 50, "men": 43}, set()),
        ({"women": 5, "men": 43}, set()),
        ({"women": 4, "men": 43}, {"women", "men"}),
        ({"women": 4, "men": 30, "unsaid": 9}, {"women", "unsaid"}),
        ({"women": 0, "men": 43}, {"women", "men"}),
        ({"women": 2, "men": 2, "unsaid": 40}, {"women", "men", "unsaid"}),  # 4 people together are few as well
        ({"women": 3, "men": 4, "unsaid": 40}, {"women", "men"}),
        ({"women": 2, "men": 2}, {"women", "men", "all"}),
    ],
)
def test_few_people_are_absent_with_the_next_smallest(parts: dict[str, int], hidden: set[str]) -> None:
    assert absent(parts) == hidden


def test_the_limit_of_ten_is_tried_on_both_sides() -> None:
    assert absent({"with": 10, "without": 30}, 10) == set()
    assert absent({"with": 9, "without": 30}, 10) == {"with", "without"}


def test_what_is_absent_once_stays_absent() -> None:
    assert absent({"women": 40, "men": 43, "unsaid": 10}, kept=["women", "men"]) == {"women", "men"}


def test_what_was_shown_before_and_is_still_true_hides_the_total() -> None:
    values, sums = table(women=4, men=20)
    before = {("women",): 6, ("men",): 20, ALL: 26}
    found = cut(values, sums, dict.fromkeys(values, 5), told=before)
    assert ALL in found, "the total less the men of the edition before would be the women"


def test_what_was_shown_before_and_has_changed_tells_nothing() -> None:
    values, sums = table(women=4, men=22)
    found = cut(values, sums, dict.fromkeys(values, 5), told={("women",): 6, ("men",): 20, ALL: 26})
    assert found == {("women",), ("men",)}


def test_a_year_does_not_give_away_a_quarter() -> None:
    quarters = {("women", str(n)): number for n, number in enumerate((9, 8, 1, 7))}
    values: dict[Cell, int] = {**quarters, ("women", "year"): 25}
    found = cut(values, [Sum(("women", "year"), tuple(quarters))], dict.fromkeys(values, 5))
    assert found == {("women", "2"), ("women", "3")}


def test_a_period_is_made_up_of_shorter_ones_without_a_gap() -> None:
    def days(since: str, until: str) -> tuple[date, date]:
        return date.fromisoformat(since), date.fromisoformat(until)

    year, first, second = (
        days("2012-01-01", "2012-12-31"),
        days("2012-01-01", "2012-06-30"),
        days("2012-07-01", "2012-12-31"),
    )
    spring, gap = days("2012-01-01", "2012-03-31"), days("2012-04-02", "2012-06-30")
    assert tilings([year, first, second, spring, gap, (None, date(2012, 12, 31))]) == [(year, (first, second))]


def fitting(values: Mapping[Cell, int], sums: Sequence[Sum], shown: Mapping[Cell, int]) -> Iterator[dict[Cell, int]]:
    """Every table of whole numbers from 0 up that a reader cannot tell from the true one. Tries, and knows no algebra."""
    wholes = {one.whole for one in sums}
    free = [cell for cell in values if cell not in shown and cell not in wholes]
    most = max(values.values()) + 6
    for guess in product(range(most + 1), repeat=len(free)):
        tried = {**shown, **dict(zip(free, guess, strict=True))}
        fits = True
        for one in sums:
            total = sum(tried[part] for part in one.parts)
            fits = fits and shown.get(one.whole, total) == total
        if fits:
            yield tried


@given(st.lists(st.integers(0, 12), min_size=2, max_size=4), st.integers(2, 6))
def test_no_reader_finds_out_how_few_people_a_cell_holds(numbers: list[int], smallest: int) -> None:
    values, sums = table(**{f"c{n}": number for n, number in enumerate(numbers)})
    hidden = cut(values, sums, dict.fromkeys(values, smallest))
    shown = {cell: value for cell, value in values.items() if cell not in hidden}
    assert all(value >= smallest for value in shown.values())
    possible: dict[Cell, set[int]] = {cell: set() for cell in hidden if cell != ALL}
    for tried in fitting(values, sums, shown):
        for cell, seen in possible.items():
            seen.add(tried[cell])
    for cell, seen in possible.items():
        assert len(seen) > 1, cell
        assert max(seen) >= smallest, "a reader would know that they are few"


@given(st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_no_reader_finds_out_a_period_from_those_around_it(numbers: list[int]) -> None:
    """Two lists of two periods and the year they make up: sums along both sides."""
    cells = list(product(("women", "men"), ("first", "second")))
    values: dict[Cell, int] = dict(zip(cells, numbers, strict=True))
    sums = [Sum((sex, "year"), ((sex, "first"), (sex, "second"))) for sex in ("women", "men")]
    sums += [Sum(("all", when), (("women", when), ("men", when))) for when in ("first", "second", "year")]
    sums.append(Sum(("all", "year"), (("all", "first"), ("all", "second"))))
    for one in sums:
        values[one.whole] = sum(values[part] for part in one.parts)
    hidden = cut(values, sums, dict.fromkeys(values, 5))
    shown = {cell: value for cell, value in values.items() if cell not in hidden}
    assert all(value >= 5 for value in shown.values())
    possible: dict[Cell, set[int]] = {cell: set() for cell in hidden if values[cell] < 5}
    inner = {cell: value for cell, value in values.items() if cell in cells}
    for tried in _years(inner, sums, shown):
        for cell, seen in possible.items():
            seen.add(tried[cell])
    assert all(len(seen) > 1 for seen in possible.values()), (values, hidden)


def _years(inner: Mapping[Cell, int], sums: Sequence[Sum], shown: Mapping[Cell, int]) -> Iterator[dict[Cell, int]]:
    ranges = [[shown[cell]] if cell in shown else range(11) for cell in inner]
    for guess in product(*ranges):
        tried = dict(zip(inner, guess, strict=True))
        for one in sums:
            tried[one.whole] = sum(tried[part] for part in one.parts)
        if all(tried[cell] == value for cell, value in shown.items()):
            yield tried


@given(st.lists(st.integers(0, 30), min_size=2, max_size=6), st.lists(st.integers(0, 30), min_size=6, max_size=6))
def test_a_later_edition_shows_no_cell_that_an_earlier_one_withheld(first: list[int], second: list[int]) -> None:
    values, sums = table(**{f"c{n}": number for n, number in enumerate(first)})
    before = cut(values, sums, dict.fromkeys(values, 5))
    told = {cell: value for cell, value in values.items() if cell not in before}
    later, _ = table(**{f"c{n}": number for n, number in zip(range(len(first)), second, strict=False)})
    after = cut(later, sums, dict.fromkeys(later, 5), before, told)
    assert before <= after
    # With what was told before and is still true, no cell of few people follows from what is shown now.
    known = {cell: value for cell, value in later.items() if cell not in after or told.get(cell) == value}
    few = [cell for cell in after if cell not in known and later[cell] < 5]
    if ALL in known and few:
        unknown = [cell for cell in later if cell not in known]
        assert len(unknown) > 1
        assert sum(later[cell] for cell in unknown) >= 5
