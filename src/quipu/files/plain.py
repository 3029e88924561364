"""Cells as plain text: what every file writes of a value."""

from collections.abc import Iterable
from decimal import Decimal

from quipu.rules.money import plain
from quipu.rules.table import Cell, Value


def exact(value: Value) -> str:
    """The value as text, decimals exact, nothing for nothing."""
    if value is None:
        return ""
    return plain(value) if isinstance(value, Decimal) else str(value)


def texts(cells: Iterable[Cell]) -> list[str]:
    """A row of cells as text."""
    return [exact(cell.value) for cell in cells]
