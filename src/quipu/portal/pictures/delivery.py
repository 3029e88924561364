"""Delivery: what was given as an open bar, what was spent of it as a full one inside, and the rate as its number."""

from dataclasses import dataclass

from quipu.portal.pictures.bars import MOST, largest
from quipu.portal.pictures.scale import Scale, Stretch, amount, is_known
from quipu.rules.table import Cell, Table


@dataclass(frozen=True, slots=True)
class Row:
    """Whose money, the two amounts with their stretches in per cent, and the rate."""

    name: Cell
    given: Cell
    spent: Cell
    rate: Cell
    given_stretch: Stretch | None
    spent_stretch: Stretch | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Rows over one scale; more: how many are only in the table."""

    rows: list[Row]
    zero: float
    more: int

    @property
    def drawn(self) -> int:
        return sum(1 for row in self.rows if row.given_stretch or row.spent_stretch)


def delivery(
    table: Table, name: int, given: int, spent: int, rate: int, *, most: int = MOST, as_told: bool = False
) -> Delivery:
    """A picture from a table with a column of names, two of amounts and one of rates (by their positions).

    as_told: in the table's own order, where it has a meaning.
    """
    shown, more = largest(table, given, most, as_told)
    scale = Scale.over([amount(cell) for row in shown for cell in (row[given], row[spent]) if is_known(cell)])

    def stretch(cell: Cell) -> Stretch | None:
        return scale.of(cell) if is_known(cell) else None

    rows = [
        Row(row[name], row[given], row[spent], row[rate], stretch(row[given]), stretch(row[spent])) for row in shown
    ]
    return Delivery(rows, scale.zero, more)
