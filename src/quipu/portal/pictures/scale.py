"""Scales: where an amount stands between the least and the most of a picture. Positions are no money, so they are floats."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from quipu.rules.table import Cell

WHOLE = 100.0  # per cent: all the room there is
THINNEST = 0.3  # what is not nothing can be seen


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a scale: where it begins and how long it is. sure: the length of what in it is certified."""

    start: float
    size: float
    sure: float
    below: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """From the least to the most, nothing always among them."""

    low: Decimal
    high: Decimal
    room: float = WHOLE

    @classmethod
    def over(cls, values: Iterable[Decimal], room: float = WHOLE) -> "Scale":
        known = [*values, Decimal(0)]
        return cls(min(known), max(known), room)

    @property
    def zero(self) -> float:
        return self.at(Decimal(0))

    def at(self, value: Decimal) -> float:
        """Where an amount stands."""
        span = self.high - self.low
        return round(float((value - self.low) / span) * self.room, 2) if span else 0.0

    def of(self, cell: Cell) -> Stretch:
        """From nothing to a cell's amount; what is interim of it lies at the far end."""
        value = amount(cell)
        length = abs(self.at(value) - self.zero)
        size = max(length, THINNEST * self.room / WHOLE)
        certain = 1.0
        if cell.interim and value:
            certain = max(0.0, 1 - float(cell.interim / abs(value)))
        below = value < 0
        start = max(self.zero - size, 0.0) if below else min(self.zero, self.room - size)
        return Stretch(round(start, 2), round(size, 2), round(size * certain, 2), below)


def amount(cell: Cell) -> Decimal:
    """The number in a cell; counts too."""
    assert isinstance(cell.value, Decimal | int)
    return Decimal(cell.value)


def is_known(cell: Cell) -> bool:
    """Whether there is a number to draw."""
    return isinstance(cell.value, Decimal | int)
