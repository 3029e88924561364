"""A table of typed cells: what every asker answers and every page, file and picture draws."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from quipu.rules.reporting import Standing

Value = Decimal | int | str | None
Scope = tuple[tuple[str, str], ...]  # (key, value) pairs that narrow a question down to one cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column. kind: "text", "date", "count", "money", "percent" or "group"; figure: whose cells these are.

    A group is what rows stand under. A file of data says it in every row; a reader is told once, by the row above them.
    """

    key: str
    label: str
    kind: str = "text"
    figure: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind in ("money", "percent", "count")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and, where it has one, the way back: the figure's scope. why: the reason of an empty cell.

    interim: what of an amount (of a rate: of the amount above its line) is reported and not certified yet; None for nothing.
    lang: the language of the label, where it is not the reader's. standing: of expenditure, what stands behind it.
    """

    value: Value
    scope: Scope | None = None
    label: str = ""  # what a reader sees of a code
    link: str = ""
    why: str = ""
    interim: Decimal | None = None
    lang: str = ""
    standing: Standing | None = None


@dataclass(slots=True)
class LeftOut:
    """Entries that are in no cell because their money could not be converted."""

    count: int = 0
    currencies: tuple[str, ...] = ()


@dataclass(slots=True)
class Table:
    """Rows of cells under columns, an optional total, and what an export must say of itself."""

    columns: list[Column]
    rows: list[list[Cell]]
    total: list[Cell] | None = None
    title: str = ""
    unit: str = ""
    notes: list[str] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=LeftOut)
    about: Mapping[str, str] = field(default_factory=dict)  # edition, as-of, selection, address
    strong: tuple[str, ...] = ()  # first cells of rows that add up others
    heads: Mapping[str, str] = field(default_factory=dict)  # first cell of a row → the heading that stands above it

    @property
    def read(self) -> list[int]:
        """Which columns stand before a reader: all but groups."""
        return [n for n, column in enumerate(self.columns) if column.kind != "group"]

    def of_columns(self, kept: Sequence[int]) -> "Table":
        """The same table with some of its columns, by their positions."""
        return replace(
            self,
            columns=[self.columns[n] for n in kept],
            rows=[[row[n] for n in kept] for row in self.rows],
            total=[self.total[n] for n in kept] if self.total else None,
        )


def largest_first(table: Table, key: str = "") -> Table:
    """The rows by one column: numbers from the largest down, words from A; what is not known comes last.

    key: the column; the last one of amounts where none is named. A "-" before it turns the order round.
    """
    turned, key = key.startswith("-"), key.removeprefix("-")
    money = [n for n, column in enumerate(table.columns) if column.kind == "money"]
    named = [n for n, column in enumerate(table.columns) if column.key == key]
    if not (named or money):
        return table
    at = named[0] if named else money[-1]
    numbers = table.columns[at].is_number

    def order(row: list[Cell]) -> Any:
        return row[at].value if numbers else str(row[at].label or row[at].value)

    known = sorted((row for row in table.rows if row[at].value is not None), key=order, reverse=numbers != turned)
    return replace(table, rows=known + [row for row in table.rows if row[at].value is None])


def only_what_occurs(table: Table) -> Table:
    """Without the columns of figures of which no row says anything."""
    kept = [
        n
        for n, column in enumerate(table.columns)
        if not column.figure or any(row[n].value is not None for row in table.rows)
    ]
    return table.of_columns(kept)


def for_files(table: Table) -> Table:
    """The table with all that marks tell beside its amounts, in columns of their own."""
    return with_interim(with_standing(table))


def with_standing(table: Table) -> Table:
    """The table with two columns behind expenditure of which it is known how it stands: that in words, and the day."""
    every = [*table.rows, *([table.total] if table.total else [])]
    held = {n for n, c in enumerate(table.columns) if c.kind == "money" and any(row[n].standing for row in every)}
    if not held:
        return table

    def column(before: Column) -> tuple[Column, Column]:
        return (
            replace(before, key=f"{before.key}_standing", label=f"{before.label}, how it stands", kind="text"),
            replace(before, key=f"{before.key}_on", label=f"{before.label}, since or due", kind="date"),
        )

    def told(cell: Cell) -> tuple[Cell, Cell]:
        known = cell.standing
        on = known.on.isoformat() if known and known.on else None
        return Cell(known.plain if known else None), Cell(on)

    columns = [each for n, c in enumerate(table.columns) for each in ((c, *column(c)) if n in held else (c,))]
    rows = [[each for n, c in enumerate(row) for each in ((c, *told(c)) if n in held else (c,))] for row in every]
    return replace(table, columns=columns, rows=rows[: len(table.rows)], total=rows[-1] if table.total else None)


def with_interim(table: Table) -> Table:
    """The table with a column of amounts behind each column of amounts that holds interim money: for files without marks."""
    every = [*table.rows, *([table.total] if table.total else [])]
    held = [n for n, c in enumerate(table.columns) if c.kind == "money" and any(row[n].interim for row in every)]
    if not held:
        return table

    def widened(cells: list[Any], made: Callable[[Any], Any]) -> list[Any]:
        return [each for n, cell in enumerate(cells) for each in ([cell, made(cell)] if n in held else [cell])]

    def column(before: Column) -> Column:
        return replace(before, key=f"{before.key}_interim", label=f"{before.label}, of which interim")

    rows = [widened(row, lambda cell: Cell(cell.interim)) for row in every]
    return replace(
        table,
        columns=widened(table.columns, column),
        rows=rows[: len(table.rows)],
        total=rows[-1] if table.total else None,
    )
