"""Progress of a result: baseline, target and every reading of an indicator on one line of numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from quipu.portal.pictures.scale import WHOLE, Scale
from quipu.rules.table import Cell

MOST = 6  # readings; a list beside the picture holds all


@dataclass(frozen=True, slots=True)
class Mark:
    """A value on the line of numbers: where it stands in per cent, and the cell it is written in."""

    at: float
    cell: Cell

    @property
    def side(self) -> str:
        """On which side of the mark there is room for its letters."""
        return "start" if self.at < WHOLE / 2 else "end"


@dataclass(frozen=True, slots=True)
class Progress:
    """A baseline (None: counted from nothing), a target and the readings, each in a lane of its own."""

    start: float
    baseline: Mark | None
    target: Mark
    readings: list[Mark]
    more: int


def number(text: str) -> Decimal | None:
    """A value as publishers write it: digits, a sign, a point; "%" and grouping commas are understood, words are not."""
    plain = text.strip().removesuffix("%").strip()
    whole, point, rest = plain.partition(".")
    groups = whole.lstrip("+-").split(",")
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])):
        return None
    try:
        value = Decimal(whole.replace(",", "") + point + rest)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def progress(
    baselines: Sequence[Cell],
    targets: Sequence[Cell],
    readings: Sequence[Cell],
    measured: Callable[[str], Decimal | None] = number,
) -> Progress | None:
    """A picture where a target and a reading are numbers; None where there is nothing to be measured against.

    Readings are those of all sources: where they differ, each has its own lane. The last baseline and target count.
    measured: what a printed value is as a number.
    """
    aims, begun, read = (_numbers(cells, measured) for cells in (targets, baselines, readings))
    if not aims or not read:
        return None
    (aim, aim_cell), begin = aims[-1], begun[-1][0] if begun else Decimal(0)
    shown = read[-MOST:]
    scale = Scale.over([begin, aim, *(value for value, _ in shown)])
    if scale.low == scale.high:
        return None
    return Progress(
        scale.at(begin),
        Mark(scale.at(begin), begun[-1][1]) if begun else None,
        Mark(scale.at(aim), aim_cell),
        [Mark(scale.at(value), cell) for value, cell in shown],
        len(read) - len(shown),
    )


def _numbers(cells: Sequence[Cell], measured: Callable[[str], Decimal | None]) -> list[tuple[Decimal, Cell]]:
    """The cells whose text is a number, equal texts once."""
    first = {str(cell.value): cell for cell in reversed(cells)}
    once = [cell for cell in cells if first[str(cell.value)] is cell]
    return [(value, cell) for cell in once if (value := measured(str(cell.value or ""))) is not None]
