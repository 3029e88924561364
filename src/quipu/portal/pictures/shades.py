"""Shades: a table whose cells are darker the larger their amount is against the largest."""

from decimal import Decimal

from quipu.rules.table import Cell, Table


def step(cell: Cell, largest: Decimal) -> int:
    """How strongly a cell is shaded, 1 to 5 by its size against the largest; 0 where there is nothing, or less than nothing."""
    if not isinstance(cell.value, Decimal) or cell.value <= 0 or not largest:
        return 0
    return min(5, 1 + int(cell.value * 5 / largest))


def largest(table: Table) -> Decimal:
    """The largest amount inside a table whose last column and row are totals."""
    return max(
        (cell.value for row in table.rows for cell in row[1:-1] if isinstance(cell.value, Decimal)), default=Decimal(0)
    )
