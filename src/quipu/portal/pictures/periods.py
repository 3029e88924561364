"""Readings over time: a lane for each period of an indicator, as long as its value, with the period's target as a mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from quipu.portal.pictures.scale import Scale
from quipu.rules.table import Cell

MOST = 12  # periods; the table below the picture holds all


@dataclass(frozen=True, slots=True)
class Lane:
    """A period: when it ends, from where to where it is drawn, the cell its value is written in, where its target stands."""

    until: str
    start: float
    size: float
    cell: Cell
    target: float | None
    target_cell: Cell | None


@dataclass(frozen=True, slots=True)
class Periods:
    """The lanes, the earliest period first, and how many earlier ones are not drawn."""

    lanes: list[Lane]
    zero: float
    more: int


Told = tuple[str, Decimal, Cell, Decimal | None, Cell | None]  # until, value and its cell, target and its cell


def periods(told: Sequence[Told]) -> Periods | None:
    """A picture of two periods or more; None for fewer, or where all of it is nothing."""
    shown = told[-MOST:]
    if len(shown) < 2:
        return None
    scale = Scale.over([value for _, value, *_ in shown] + [aim for *_, aim, _ in shown if aim is not None])
    if scale.low == scale.high:
        return None
    lanes = []
    for until, value, cell, aim, aim_cell in shown:
        at = scale.at(value)
        low, size = min(at, scale.zero), abs(at - scale.zero)
        lanes.append(Lane(until, low, round(size, 2), cell, None if aim is None else scale.at(aim), aim_cell))
    return Periods(lanes, scale.zero, len(told) - len(shown))
