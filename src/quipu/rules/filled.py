"""What somebody filled in, whatever the sheet is of: which workbook it is, where its columns are, the rows with anything in them.

Columns are found by technical names in a hidden row, or by their labels in any language of the site. Rows in which nothing
was filled in are nobody's business. Every fault keeps its sheet, row, column and value.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from quipu.rules.cells import Cell, Faulty, folded, text_of
from quipu.rules.findings import Finding

MARK = "quipu:"  # before the technical name of a column
DEEP = 40  # rows in which a head is looked for
TALLEST = 20_000  # rows of one merged cell that are looked at


class Keyed(Protocol):
    """What a row is of: found again by its key."""

    @property
    def key(self) -> str:
        """Its own, in any file."""


Of = TypeVar("Of", bound=Keyed)


class Grid(Protocol):
    """A sheet as it was read (`files/sheets`)."""

    name: str
    rows: list[tuple[int, list[Any]]]
    hidden: set[int]
    merged: list[tuple[int, int, int, int]]
    unreckoned: set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Head:
    """Where the columns of a sheet are: by name, from 0. row: of their labels; width: how many columns the sheet uses."""

    sheet: str
    row: int
    places: dict[str, int]
    width: int


@dataclass(slots=True)
class FilledRow(Generic[Of]):
    """A row in which something was filled in. row: what it is of, None where nobody knows; sent: what it says of its cells."""

    sheet: str
    number: int
    row: Of | None = None
    sent: dict[str, int | str | None] = field(default_factory=dict)
    faults: list[Faulty] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Of what it is of."""
        return self.row.key if self.row is not None else ""


@dataclass(slots=True)
class Read(Generic[Of]):
    """What a file says."""

    rows: list[FilledRow[Of]] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)


def meta(sheets: Iterable[Grid], mark: str) -> dict[str, Any]:
    """What a workbook says of itself in its hidden row; {} where it says nothing that can be read."""
    for sheet in sheets:
        for _, cells in sheet.rows[:DEEP]:
            for cell in cells:
                if isinstance(cell, str) and cell.startswith(mark):
                    try:
                        said = json.loads(cell.removeprefix(mark))
                        return said if isinstance(said, dict) else {}
                    except ValueError:
                        return {}
    return {}


def headings(
    sheets: Iterable[Grid], labels: Mapping[str, str], is_head: Callable[[Mapping[str, int]], bool]
) -> list[Head]:
    """The heads of sheets that have such columns. labels: folded words and the names of their columns; is_head: whether
    the columns that were found are enough.
    """
    found = []
    for sheet in sheets:
        for number, cells in sheet.rows[:DEEP]:
            texts = [cell if isinstance(cell, str) else "" for cell in cells]
            marked = {text.removeprefix(MARK): x for x, text in enumerate(texts) if text.startswith(MARK)}
            named: dict[str, int] = {}
            for x, text in enumerate(texts):
                if text and (name := labels.get(folded(text))):
                    named.setdefault(name, x)
            for places, row in ((marked, number + 1), (named, number)):
                if is_head(places):
                    width = max((len(line) for _, line in sheet.rows), default=0)
                    found.append(Head(sheet.name, row, places, max(width, *(x + 1 for x in places.values()))))
                    break
            else:
                continue
            break
    return found


def rows(
    sheets: Iterable[Grid], heads: Sequence[Head], names: Iterable[str], filled: Sequence[str]
) -> Iterator[tuple[FilledRow[Any], dict[str, Cell]]]:
    """The rows in which something was filled in, with their cells by column, and what is wrong with their shape.

    names: of columns that say which row it is; filled: of those that people fill in, the first that of the value.
    """
    by_name = {head.sheet: head for head in heads}
    for sheet in sheets:
        if (head := by_name.get(sheet.name)) is not None:
            yield from _rows(sheet, head, (*names, *filled), filled)


def _rows(
    sheet: Grid, head: Head, names: Iterable[str], filled: Sequence[str]
) -> Iterator[tuple[FilledRow[Any], dict[str, Cell]]]:
    merged = _merged(sheet, [head.places[name] for name in filled if name in head.places])
    columns = [(name, head.places[name]) for name in names if name in head.places]
    own = [x for name, x in columns if name in filled]
    for number, cells in sheet.rows:
        wide = len(cells)
        unreckoned = [x for x in own if (number, x) in sheet.unreckoned] if sheet.unreckoned else []
        if number <= head.row or not (unreckoned or any(x < wide and text_of(cells[x]) for x in own)):
            continue
        told: dict[str, Cell] = {name: cells[x] if x < wide else None for name, x in columns}
        row: FilledRow[Any] = FilledRow(
            sheet.name, number, shown={name: text_of(value)[:200] for name, value in told.items()}
        )
        row.faults += [Faulty(Finding("cell-formula", ""), name, "") for name, x in columns if x in unreckoned]
        if number in merged:
            row.faults.append(Faulty(Finding("cell-merged", ""), filled[0], row.shown.get(filled[0], "")))
        if number in sheet.hidden:
            row.faults.append(Faulty(Finding("row-hidden", ""), "", ""))
        yield row, told


def _merged(sheet: Grid, columns: Iterable[int]) -> set[int]:
    """Rows that share a cell of these columns with another."""
    own = set(columns)
    return {
        row
        for first, left, last, right in sheet.merged
        if last > first and any(left <= x <= right for x in own)
        for row in range(first, min(last, first + TALLEST) + 1)
    }
