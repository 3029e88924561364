"""Amounts by organization, category or anything else: bars lying down, a row each, names and numbers as text beside them."""

from dataclasses import dataclass

from quipu.portal.pictures.scale import Scale, Stretch, amount, is_known
from quipu.rules.table import Cell, Table

MOST = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: whose amount, the amount, and its stretch in per cent; none where the amount is not known."""

    name: Cell
    cell: Cell
    stretch: Stretch | None


@dataclass(frozen=True, slots=True)
class Bars:
    """Rows over one scale; more: how many are only in the table."""

    rows: list[Bar]
    zero: float
    more: int

    @property
    def drawn(self) -> int:
        return sum(1 for row in self.rows if row.stretch)


def bars(table: Table, name: int, money: int, *, most: int = MOST, as_told: bool = False) -> Bars:
    """A picture from a table with a column of names and one of amounts (by their positions).

    The largest come first and stay where there are too many, by size, not by sign; those without an amount come last.
    as_told: in the table's own order, where it has a meaning.
    """
    shown, more = largest(table, money, most, as_told)
    scale = Scale.over([amount(row[money]) for row in shown if is_known(row[money])])
    rows = [Bar(row[name], row[money], scale.of(row[money]) if is_known(row[money]) else None) for row in shown]
    return Bars(rows, scale.zero, more)


def largest(table: Table, money: int, most: int, as_told: bool) -> tuple[list[list[Cell]], int]:
    """The rows with the largest amounts, and how many are left."""
    known = [row for row in table.rows if is_known(row[money])]
    unknown = [row for row in table.rows if not is_known(row[money])]
    known.sort(key=lambda row: -abs(amount(row[money])))  # a sort keeps the table's order among equals
    kept = [*known, *unknown][:most]
    if as_told:
        kept = [row for row in table.rows if any(row is each for each in kept)]
    return kept, len(table.rows) - len(kept)
