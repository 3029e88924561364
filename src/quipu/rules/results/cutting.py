"""Cutting: which cells of a table about people are not public, so that few people are never counted out.

A cell below its limit is absent; so are further ones, the smallest first, until no absent cell can be found by adding and
subtracting what is shown, together with what was shown before and is still true. What is absent once stays absent. A zero is
below the limit too: it tells of everybody else in the table what they are not.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

Cell = tuple[str, ...]
Period = tuple[date | None, date]
MOST_TILINGS = 64  # ways to put a period together that are looked at


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell that is the sum of others, as every reader knows."""

    whole: Cell
    parts: tuple[Cell, ...]


def cut(
    values: Mapping[Cell, int],
    sums: Sequence[Sum],
    smallest: Mapping[Cell, int],
    kept: Collection[Cell] = (),
    told: Mapping[Cell, int] | None = None,
) -> frozenset[Cell]:
    """The cells that are absent. smallest: the limit of each cell, 0 where it counts no people.

    kept: absent already. told: what was shown before, by cell; where it is still the value, everybody knows it.
    """
    known = {cell for cell, value in (told or {}).items() if values.get(cell) == value}
    few = {cell for cell, value in values.items() if value < smallest.get(cell, 0)}
    absent = {cell for cell in kept if cell in values} | few
    wholes = {one.whole for one in sums}
    while True:
        unknown = absent - known
        open_ = _exposed(unknown, sums) & few
        thin = {cell for one in sums for cell in _thin(one, values, smallest, unknown, few)}
        if not (open_ or thin):
            return frozenset(absent)
        near = {
            cell
            for one in sums
            if (open_ | thin) & {one.whole, *one.parts}
            for cell in (one.whole, *one.parts)
            if cell in values and cell not in absent
        }
        if not near:  # only what was told before is left to hide: the sums themselves, wherever they stand
            near = {cell for cell in wholes if cell in values and cell not in absent}
        if not near:
            return frozenset(absent)
        absent.add(min(near, key=lambda cell: (cell in known, cell in wholes, values[cell], cell)))


def _thin(
    one: Sum, values: Mapping[Cell, int], smallest: Mapping[Cell, int], unknown: set[Cell], few: set[Cell]
) -> set[Cell]:
    """The cells that a reader knows to hold few people together, because all else of the sum is known."""
    hidden = [cell for cell in one.parts if cell in unknown]
    few_of_them = few.intersection(hidden)
    if one.whole in unknown or not few_of_them:
        return set()
    limit = max(smallest[cell] for cell in few_of_them)
    return few_of_them if sum(values[cell] for cell in hidden) < limit else set()


def _exposed(unknown: set[Cell], sums: Sequence[Sum]) -> set[Cell]:
    """The unknown cells that follow from the sums: the reduced equations that hold a single one."""
    columns = sorted(unknown)
    rows = []
    for one in sums:
        row = {cell: Fraction(1) for cell in one.parts if cell in unknown}
        if one.whole in unknown:
            row[one.whole] = Fraction(-1)
        if row:
            rows.append(row)
    done: list[dict[Cell, Fraction]] = []
    for column in columns:
        pivot = next((row for row in rows if row.get(column)), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = {cell: value / pivot[column] for cell, value in pivot.items()}
        rows = [reduced for row in rows if (reduced := _without(row, pivot, column))]
        done = [_without(row, pivot, column) for row in done]
        done.append(pivot)
    return {next(iter(row)) for row in done if len(row) == 1}


def _without(row: dict[Cell, Fraction], pivot: dict[Cell, Fraction], column: Cell) -> dict[Cell, Fraction]:
    """A row less so much of the pivot's that the column is gone."""
    factor = row.get(column)
    if not factor:
        return row
    cells = {*row, *pivot}
    found = {cell: row.get(cell, Fraction(0)) - factor * pivot.get(cell, Fraction(0)) for cell in cells}
    return {cell: value for cell, value in found.items() if value}


def tilings(periods: Iterable[Period]) -> list[tuple[Period, tuple[Period, ...]]]:
    """Each period with the shorter ones that make it up without a gap: a year of its quarters, and of its halves."""
    known = sorted({one for one in periods if one[0] is not None}, key=str)
    found = []
    for whole in known:
        since, until = whole
        inner = [one for one in known if one != whole and since <= one[0] and one[1] <= until]  # type: ignore[operator]
        ways: list[tuple[Period, ...]] = []
        _walk(since, until, inner, (), ways)  # type: ignore[arg-type]
        found += [(whole, way) for way in ways]
    return found


def _walk(
    since: date, until: date, inner: Sequence[Period], way: tuple[Period, ...], ways: list[tuple[Period, ...]]
) -> None:
    if len(ways) >= MOST_TILINGS:
        return
    if since > until:
        ways.append(way)
        return
    for one in inner:
        if one[0] == since:
            _walk(one[1] + timedelta(1), until, inner, (*way, one), ways)
