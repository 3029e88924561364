"""What somebody filled in: rows of a workbook of returns, or of a file in an organization's own shape, as rows of a return.

Columns are found by technical names in a hidden row, or by their labels in any language of the site. Rows in which nothing
was filled in are nobody's business. Every fault keeps its sheet, row, column and value.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from quipu.rules.findings import Finding
from quipu.rules.returns import reading
from quipu.rules.returns.difference import AMOUNT, COMMENT, Value
from quipu.rules.returns.reading import CLEAR, LEAVE, TOTAL, Blank, Cell, Faulty, Reader, folded, text_of
from quipu.rules.returns.rows import NOTE, Row

MARK = "quipu:"  # before the technical name of a column
DEEP = 40  # rows in which a head is looked for
FILLED = (AMOUNT, COMMENT)
ROW = ("key", "project", "number", "category", "adjusts")  # columns that say which row it is
OUT = "out"  # what a word of an organization's stands for that is no spending of a project
# What a column of an organization's own file can hold; those that are needed come first.
HOLDS = ("project", "category", "amount", "debit", "credit", "fund", "year", "currency", "comment")
SIDES = ("amount", "debit", "credit")
DECIMAL = "decimal"  # beside those: the sign before decimals, where the organization says it


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
class FilledRow:
    """A row in which something was filled in. row: of the return, None where nobody knows; sent: what it says of its cells."""

    sheet: str
    number: int
    row: Row | None = None
    sent: dict[str, Value | None] = field(default_factory=dict)
    faults: list[Faulty] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Of its row."""
        return self.row.key if self.row is not None else ""


@dataclass(slots=True)
class Read:
    """What a file says. stated: totals by project; unknown: words that stand for nothing yet, with the first row of each."""

    rows: list[FilledRow] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)
    stated: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)


def meta(sheets: Iterable[Grid], mark: str) -> dict[str, Any]:
    """What a workbook says of itself in its hidden row; {} where it says nothing that can be read."""
    for sheet in sheets:
        for _, cells in sheet.rows[:DEEP]:
            for cell in cells:
                if isinstance(cell, str) and cell.startswith(mark):
                    try:
                        said = json.loads(cell.removeprefix(mark))
                        return {**said, "year": int(said["year"])} if isinstance(said, dict) else {}
                    except (ValueError, KeyError, TypeError):
                        return {}
    return {}


def headings(sheets: Iterable[Grid], labels: Mapping[str, str]) -> list[Head]:
    """The heads of sheets that have the columns of the workbook. labels: folded words and the names of their columns."""
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
                if AMOUNT in places and any(name in places for name in ("key", "project", "number")):
                    width = max((len(line) for _, line in sheet.rows), default=0)
                    found.append(Head(sheet.name, row, places, max(width, *(x + 1 for x in places.values()))))
                    break
            else:
                continue
            break
    return found


def read(sheets: Iterable[Grid], heads: Sequence[Head], reader: Reader) -> Read:
    """The rows of a workbook of returns in which something was filled in."""
    made = Read(heads=list(heads))
    by_name = {head.sheet: head for head in heads}
    for sheet in sheets:
        if (head := by_name.get(sheet.name)) is not None:
            made.rows += _rows(sheet, head, reader)
    return made


def _rows(sheet: Grid, head: Head, reader: Reader) -> Iterator[FilledRow]:
    merged = _merged(sheet, [head.places[name] for name in FILLED if name in head.places])
    columns = [(name, head.places[name]) for name in (*ROW, *FILLED) if name in head.places]
    own = [x for name, x in columns if name in FILLED]
    for number, cells in sheet.rows:
        wide = len(cells)
        unreckoned = [x for x in own if (number, x) in sheet.unreckoned] if sheet.unreckoned else []
        if number <= head.row or not (unreckoned or any(x < wide and text_of(cells[x]) for x in own)):
            continue
        told: dict[str, Cell] = {name: cells[x] if x < wide else None for name, x in columns}
        if _is_total(told):
            continue  # the workbook reckons it
        row = FilledRow(sheet.name, number, shown={name: text_of(value)[:200] for name, value in told.items()})
        row.faults += [Faulty(Finding("return-formula", ""), name, "") for name, x in columns if x in unreckoned]
        if number in merged:
            row.faults.append(Faulty(Finding("return-merged", ""), AMOUNT, row.shown.get(AMOUNT, "")))
        if number in sheet.hidden:
            row.faults.append(Faulty(Finding("return-hidden", ""), "", ""))
        _fill(row, told, reader)
        yield row


def _merged(sheet: Grid, columns: Iterable[int]) -> set[int]:
    """Rows that share a cell of these columns with another."""
    own = set(columns)
    return {
        row
        for first, left, last, right in sheet.merged
        if last > first and any(left <= x <= right for x in own)
        for row in range(first, min(last, first + 20_000) + 1)
    }


def _is_total(told: Mapping[str, Cell]) -> bool:
    return text_of(told.get("key")).endswith(f"/{TOTAL}")


def _fill(row: FilledRow, told: Mapping[str, Cell], reader: Reader, decimal: str = "") -> None:
    """Which row it is, and what it says of its cells."""
    found = reader.row(told)
    if isinstance(found, Faulty):
        row.faults.append(found)
        currency = "USD"
    else:
        row.row = found
        currency = reader.parts[found.project].currency
    values: dict[str, Any] = {
        AMOUNT: reading.amount(told.get(AMOUNT), currency, decimal),
        COMMENT: reading.comment(told.get(COMMENT)),
    }
    if row.row is not None and row.row.category == NOTE and values[AMOUNT] is not LEAVE:
        row.faults.append(Faulty(Finding("return-category", ""), AMOUNT, text_of(told.get(AMOUNT))))
        return
    for column, value in values.items():
        if isinstance(value, Finding):
            if row.row is not None or value.rule != "return-decimals":  # nobody knows the currency of a row of nowhere
                row.faults.append(Faulty(value, column, text_of(told.get(column))[:80]))
        elif value is CLEAR:
            row.sent[column] = None
        elif not isinstance(value, Blank):
            row.sent[column] = value


# Files in an organization's own shape


@dataclass(frozen=True, slots=True)
class Place:
    """The sheet of a file in which an organization's own columns stand: the row of their heads, and each by what it holds."""

    sheet: Any
    row: int
    places: dict[str, int]
    heads: tuple[str, ...]


def heads_of(sheet: Grid) -> tuple[int, list[str]]:
    """The row that looks most like heads, with its texts: the first of those with the most different words."""
    best, row = [""], 0
    for number, cells in sheet.rows[:DEEP]:
        texts = [cell.strip() if isinstance(cell, str) else "" for cell in cells]
        words = {text for text in texts if text and not isinstance(reading.amount(text, "BHD", "."), int)}
        if len(words) > len({text for text in best if text}):
            best, row = texts, number
    return row, best


def place_of(sheets: Iterable[Grid], name: str, heads: Mapping[str, str]) -> Place | None:
    """Where the columns of a mapping stand in a file; None where one of them is nowhere. name: of its sheet, "" for any."""
    wanted = {holds: folded(head) for holds, head in heads.items() if holds in HOLDS and head}
    every = list(sheets)
    for sheet in sorted(every, key=lambda one: one.name != name):
        for number, cells in sheet.rows[:DEEP]:
            texts = [folded(cell) if isinstance(cell, str) else "" for cell in cells]
            if wanted and all(head in texts for head in wanted.values()):
                places = {holds: texts.index(head) for holds, head in wanted.items()}
                return Place(sheet, number, places, tuple(cell if isinstance(cell, str) else "" for cell in cells))
    return None


def needed(heads: Mapping[str, str]) -> bool:
    """Whether a mapping says enough, and no column twice: project, category, and an amount or its two sides."""
    said = {holds: folded(head) for holds, head in heads.items() if holds in HOLDS and head}
    sides = "amount" in said or ("debit" in said and "credit" in said)
    both = "amount" in said and ("debit" in said or "credit" in said)
    return {"project", "category"} <= set(said) and sides and not both and len(set(said.values())) == len(said)


def read_mapped(
    sheets: Iterable[Grid], name: str, heads: Mapping[str, str], words: Mapping[str, str], reader: Reader
) -> Read:
    """The rows of an organization's own file, summed by project and category. words: theirs, folded, and what they stand for.

    A row that is marked as a total is held against the sum of its project's rows, and is in no sum.
    """
    place = place_of(sheets, name, heads)
    if place is None:
        return Read(found=[Finding("mapping-head", "")])
    summing = _Summing(place, words, reader, str(heads.get(DECIMAL, "")))
    for number, cells in place.sheet.rows:
        if number > place.row:
            summing.take(number, cells)
    return summing.whole()


@dataclass(slots=True)
class _Summing:
    """The rows of an organization's own file on their way to rows of a return."""

    place: Place
    words: Mapping[str, str]
    reader: Reader
    decimal: str
    made: Read = field(default_factory=Read)
    sums: dict[Row, FilledRow] = field(default_factory=dict)
    comments: dict[Row, list[str]] = field(default_factory=lambda: defaultdict(list))
    others: int = 0

    def take(self, number: int, cells: list[Any]) -> None:
        """A further row."""
        place = self.place
        told: dict[str, Cell] = {holds: cells[x] if x < len(cells) else None for holds, x in place.places.items()}
        row = FilledRow(place.sheet.name, number, shown={holds: text_of(value)[:200] for holds, value in told.items()})
        is_said = any(row.shown.get(side) for side in SIDES) or _unreckoned(place, number)
        meant = _meant(row, self.words, self.reader)
        if not is_said or meant == OUT or not self._is_of_year(row, told):
            return
        project = self.reader.project(row.shown["project"])
        if meant is None:
            self.made.unknown.setdefault(row.shown["category"], number)
        row.faults += _own_faults(row, number, place, project, meant, self.reader)
        if row.faults or project is None or meant is None:
            self.made.rows.append(row)
            return
        units = _units(row, told, self.reader.parts[project].currency, self.decimal)
        if isinstance(units, Faulty):
            row.faults.append(units)
            self.made.rows.append(row)
        elif meant == TOTAL:
            self.made.stated[project] = self.made.stated.get(project, 0) + units
        else:
            self._add(Row(project, meant), row, units)

    def _is_of_year(self, row: FilledRow, told: Mapping[str, Cell]) -> bool:
        """Whether it is of the return's year; rows of other years are counted, and one that names none is wrong."""
        if not row.shown.get("year"):
            return True
        of_year = reading.year(told.get("year"))
        if of_year is None:
            row.faults.append(Faulty(Finding("return-year-unread", ""), "year", row.shown["year"]))
            self.made.rows.append(row)
        self.others += of_year not in (None, self.reader.year)
        return of_year == self.reader.year

    def _add(self, of: Row, row: FilledRow, units: int) -> None:
        total = self.sums.setdefault(of, FilledRow(row.sheet, row.number, of, {AMOUNT: 0}, [], row.shown))
        total.sent[AMOUNT] = int(total.sent[AMOUNT] or 0) + units
        said = row.shown.get(COMMENT, "")
        if said and said not in self.comments[of]:
            self.comments[of].append(said)

    def whole(self) -> Read:
        """What the file says, once all its rows were taken."""
        place, made = self.place, self.made
        for of, said in self.comments.items():
            if said:
                self.sums[of].sent[COMMENT] = "; ".join(said)[: reading.LONGEST]
        made.rows = sorted([*made.rows, *self.sums.values()], key=lambda one: one.number)
        width = max(len(cells) for _, cells in place.sheet.rows)
        made.heads = [Head(place.sheet.name, place.row, place.places, width)]
        if self.others:
            made.found.append(Finding("return-other-year", "", str(self.others)))
        return made


def _meant(row: FilledRow, words: Mapping[str, str], reader: Reader) -> str | None:
    """What the organization's word for a category stands for; None where nobody has said."""
    word = row.shown.get("category", "")
    return words.get(folded(word)) or (reader.category(word) if word else None)


def _unreckoned(place: Place, number: int) -> str:
    return next((side for side in SIDES if (number, place.places.get(side, -1)) in place.sheet.unreckoned), "")


def _own_faults(
    row: FilledRow, number: int, place: Place, project: str | None, meant: str | None, reader: Reader
) -> Iterator[Faulty]:
    if side := _unreckoned(place, number):
        yield Faulty(Finding("return-formula", ""), side, "")
    if project is None:
        yield Faulty(Finding("return-project", ""), "project", row.shown["project"])
    if meant is None:
        yield Faulty(Finding("return-word-unknown", ""), "category", row.shown.get("category", ""))
    if project is None:
        return
    part = reader.parts[project]
    if (said := row.shown.get("currency", "")) and folded(said) != folded(part.currency):
        yield Faulty(Finding("return-currency", "", f"{said} ≠ {part.currency}"), "currency", said)
    if (said := row.shown.get("fund", "")) and folded(said) != folded(part.fund):
        yield Faulty(Finding("return-fund-differs", "", part.fund), "fund", said)


def _units(row: FilledRow, told: Mapping[str, Cell], currency: str, decimal: str) -> int | Faulty:
    """A row's amount, or its debit less its credit."""
    total = 0
    for side, sign in zip(SIDES, (1, 1, -1), strict=True):
        found = reading.amount(told.get(side), currency, decimal)
        if isinstance(found, Finding):
            return Faulty(found, side, row.shown.get(side, ""))
        if isinstance(found, int):
            total += sign * found
        elif found is CLEAR:
            return Faulty(Finding("return-amount", ""), side, row.shown.get(side, ""))
    return total
