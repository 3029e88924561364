"""Pictures over tables: geometry for SVG templates. They read cells and never compute a figure."""

from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import cast

from quipu.rules.table import Cell, Table

DYES = "abcdef"  # classes of the style sheet


@dataclass(frozen=True, slots=True)
class Knot:
    """A transfer of a year: where it sits on its pendant, how large, and the cell it draws."""

    x: float
    y: float
    radius: float
    cell: Cell
    year: str


@dataclass(frozen=True, slots=True)
class Pendant:
    """One organization's cord."""

    x: float
    length: float
    path: str
    dye: str
    label: str
    link: str
    knots: list[Knot]


@dataclass(frozen=True, slots=True)
class Cord:
    """A fund or a programme as a quipu; it stands or falls with its table."""

    width: int
    height: int
    pendants: list[Pendant]
    more: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a row of bars."""

    x: float
    y: float
    width: float
    height: float
    cell: Cell
    label: str
    below: bool


MOST_PENDANTS = 8
TOP, STEP = 58, 30


def _amount(cell: Cell) -> Decimal:
    return cast(Decimal, cell.value)


def cord(table: Table, organizations: int, years: int, amount: int) -> Cord | None:
    """A cord from a table with a column of organizations, one of years and one of amounts (by their positions)."""
    by_organization: dict[str, list[list[Cell]]] = {}
    for row in table.rows:
        if isinstance(row[amount].value, Decimal) and _amount(row[amount]) > 0:
            by_organization.setdefault(str(row[organizations].value or ""), []).append(row)
    if not by_organization:
        return None

    def received(name: str) -> Decimal:
        return sum((_amount(row[amount]) for row in by_organization[name]), Decimal(0))

    order = sorted(by_organization, key=lambda name: (-received(name), name))
    shown = order[:MOST_PENDANTS]
    largest = max(_amount(row[amount]) for name in shown for row in by_organization[name])
    width = 720
    gap = width / (len(shown) + 1)
    pendants, tallest = [], 0.0
    for n, name in enumerate(shown):
        rows = sorted(by_organization[name], key=lambda row: str(row[years].value))[:8]
        x = round(gap * (n + 1), 1)
        y, knots = float(TOP), []
        for row in rows:
            radius = 3.5 + 10.5 * sqrt(float(_amount(row[amount]) / largest))
            y += radius + 7
            knots.append(Knot(x, round(y, 1), round(radius, 1), row[amount], str(row[years].value or "")))
            y += radius + 5
        length = y + 18
        sway = 7 if n % 2 else -7
        path = f"M{x} 33 C {x + sway} {length / 3:.0f}, {x - sway} {length * 2 / 3:.0f}, {x} {length:.0f}"
        cell = rows[0][organizations]
        pendants.append(Pendant(x, length, path, DYES[n % len(DYES)], cell.label or name or "–", cell.link, knots))
        tallest = max(tallest, length)
    return Cord(width, int(tallest + STEP), pendants, len(order) - len(shown))


def bars(table: Table, label: int, amount: int, *, width: int = 720, height: int = 150) -> list[Bar]:
    """Bars in the order of the table; negative ones hang below the line. Years without a bar keep their place."""
    rows = [row for row in table.rows if isinstance(row[amount].value, Decimal)]
    if not rows:
        return []
    values = [_amount(row[amount]) for row in rows]
    high, low = max([*values, Decimal(0)]), min([*values, Decimal(0)])
    span = (high - low) or Decimal(1)
    places = _places([str(row[label].value) for row in rows])
    step = width / (max(places) + 1)
    zero = float(high / span) * height
    drawn = []
    for n, row, value in zip(places, rows, values, strict=True):
        size = abs(float(value / span)) * height
        below = value < 0
        drawn.append(
            Bar(
                round(n * step + step * 0.12, 1),
                round(zero if below else zero - size, 1),
                round(step * 0.76, 1),
                round(max(size, 0.75), 1),
                row[amount],
                row[label].label or str(row[label].value or "–"),
                below,
            )
        )
    return drawn


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


def _places(labels: list[str]) -> list[int]:
    """Where each bar stands: years by their distance, anything else side by side."""
    if all(len(label) == 4 and label.isdigit() for label in labels):
        years = [int(label) for label in labels]
        if years == sorted(set(years)):
            return [year - years[0] for year in years]
    return list(range(len(labels)))
