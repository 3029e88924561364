"""Money over the years: standing bars, one a year, in the order of time; a year without a bar keeps its place."""

from dataclasses import dataclass, replace

from quipu.portal.pictures.scale import WHOLE, Scale, Stretch, amount, is_known
from quipu.rules.table import Cell, Table

HEIGHT = 150.0  # pixels from the lowest end of a bar to the highest
GAP = 0.24  # of the room of a year
WIDE, NARROW = 16, 6  # how many years can be named side by side


@dataclass(frozen=True, slots=True)
class Bar:
    """A year's amount: x and width in per cent, the stretch in pixels from the top, the place of what is interim."""

    x: float
    width: float
    top: float
    height: float
    unsure_top: float
    unsure: float
    below: bool
    cell: Cell
    year: Cell
    named: str  # "always", "wide" (only where there is room) or "" (by its title alone)
    extreme: bool  # the highest or the lowest: its amount stands beside it
    side: str  # "start", "middle" or "end": how the letters of its amount hang on it
    edge: str  # and those of its name

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True)
class Years:
    """Bars over one line, which lies zero pixels from the top."""

    bars: list[Bar]
    zero: float
    unknown: list[Cell]  # the years without an amount
    undated: list[Cell]  # the amounts without a year


def years(table: Table, year: int, money: int) -> Years:
    """A picture from a table with a column of years and one of amounts (by their positions)."""
    rows = [row for row in table.rows if is_known(row[money]) and _number(row[year]) is not None]
    unknown = [row[year] for row in table.rows if not is_known(row[money]) and _number(row[year]) is not None]
    undated = [row[money] for row in table.rows if is_known(row[money]) and _number(row[year]) is None]
    rows.sort(key=lambda row: _number(row[year]) or 0)
    if not rows:
        return Years([], HEIGHT, unknown, undated)
    values = [amount(row[money]) for row in rows]
    scale = Scale.over(values, HEIGHT)
    places = [(_number(row[year]) or 0) - (_number(rows[0][year]) or 0) for row in rows]
    step = WHOLE / (places[-1] + 1)
    often, seldom = -(-(places[-1] + 1) // WIDE), -(-(places[-1] + 1) // NARROW)
    bars = []
    for place, row, value in zip(places, rows, values, strict=True):
        stretch = scale.of(row[money])
        top, unsure_top = _down(stretch)
        middle = (place + 0.5) * step
        bars.append(
            Bar(
                round(place * step + step * GAP / 2, 2),
                round(step * (1 - GAP), 2),
                top,
                stretch.size,
                unsure_top,
                round(stretch.size - stretch.sure, 2),
                stretch.below,
                row[money],
                row[year],
                "always" if place % seldom == 0 else "wide" if place % often == 0 else "",
                value == max(values) or (value < 0 and value == min(values)),
                _side(middle, 12),
                _side(middle, 5),
            )
        )
    return Years(_one_extreme(bars), round(HEIGHT - scale.zero, 2), unknown, undated)


def _side(middle: float, margin: float) -> str:
    """Letters near an end of the picture begin or end with their bar."""
    return "start" if middle < margin else "end" if middle > WHOLE - margin else "middle"


def _number(cell: Cell) -> int | None:
    text = str(cell.value or "")
    return int(text) if len(text) == 4 and text.isdecimal() else None


def _down(stretch: Stretch) -> tuple[float, float]:
    """The tops of a bar and of its interim part, measured down from the top of the picture."""
    top = round(HEIGHT - stretch.start - stretch.size, 2)
    return top, (round(top + stretch.sure, 2) if stretch.below else top)


def _one_extreme(bars: list[Bar]) -> list[Bar]:
    """Of equally high bars only the first is told."""
    told: set[bool] = set()
    out = []
    for bar in bars:
        out.append(replace(bar, extreme=bar.extreme and bar.below not in told))
        if bar.extreme:
            told.add(bar.below)
    return out
