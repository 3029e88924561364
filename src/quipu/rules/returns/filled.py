"""What somebody filled in: rows of a workbook of returns, or of a file in an organization's own shape, as rows of a return.

Columns are found by technical names in a hidden row, or by their labels in any language of the site. Rows in which nothing
was filled in are nobody's business. Every fault keeps its sheet, row, column and value.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quipu.rules import filled
from quipu.rules.cells import CLEAR, LEAVE, Blank, Cell, Faulty, folded, text_of
from quipu.rules.filled import DEEP, Grid, Head
from quipu.rules.findings import Finding
from quipu.rules.returns import reading
from quipu.rules.returns.reading import TOTAL, Reader
from quipu.rules.returns.rows import AMOUNT, COMMENT, NOTE, Row

FILLED = (AMOUNT, COMMENT)
ROW = ("key", "project", "number", "category", "adjusts")  # columns that say which row it is
OUT = "out"  # what a word of an organization's stands for that is no spending of a project
# What a column of an organization's own file can hold; those that are needed come first.
HOLDS = ("project", "category", "amount", "debit", "credit", "fund", "year", "currency", "comment")
SIDES = ("amount", "debit", "credit")
DECIMAL = "decimal"  # beside those: the sign before decimals, where the organization says it
FilledRow = filled.FilledRow[Row]


@dataclass(slots=True)
class Read(filled.Read[Row]):
    """What a file says. stated: totals by project; unknown: words that stand for nothing yet, with the first row of each."""

    stated: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)


def headings(sheets: Iterable[Grid], labels: Mapping[str, str]) -> list[Head]:
    """The heads of sheets that have the columns of the workbook. labels: folded words and the names of their columns."""
    return filled.headings(
        sheets,
        labels,
        lambda places: AMOUNT in places and any(name in places for name in ("key", "project", "number")),
    )


def read(sheets: Iterable[Grid], heads: Sequence[Head], reader: Reader) -> Read:
    """The rows of a workbook of returns in which something was filled in."""
    made = Read(heads=list(heads))
    for row, told in filled.rows(sheets, heads, ROW, FILLED):
        if not _is_total(told):  # the workbook reckons it
            _fill(row, told, reader)
            made.rows.append(row)
    return made


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
        yield Faulty(Finding("cell-formula", ""), side, "")
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
