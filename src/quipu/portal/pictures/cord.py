"""The cord: a fund or a programme as a quipu, a pendant for each organization, a knot for each year of transfers."""

from dataclasses import dataclass, replace
from decimal import Decimal
from math import sqrt

from quipu.portal.pictures.scale import WHOLE, amount, is_known
from quipu.rules.table import Cell, Table

DYES = "abcdef"  # classes of the style sheet
MOST = 8  # pendants, and knots on one
TOP, TAIL, LINE, LETTERS = 58.0, 18.0, 16.0, 6.0  # pixels: the first knot, the cord below the last, a name, below it


@dataclass(frozen=True, slots=True)
class Knot:
    """A transfer of a year: how far down its pendant, how large, and the cell it draws."""

    y: float
    radius: float
    cell: Cell
    year: str


@dataclass(frozen=True, slots=True)
class Pendant:
    """One organization's cord; its path begins where it hangs on the main cord. more: knots there is no room for."""

    x: float
    length: float
    path: str
    dye: str
    label: str
    link: str
    knots: list[Knot]
    more: int
    name_at: float = 0.0  # how far down its name stands where pendants hang close


@dataclass(frozen=True, slots=True)
class Cord:
    """It stands or falls with its table. more: organizations, and below: amounts under zero, that only the table holds."""

    height: int
    pendants: list[Pendant]
    more: int
    below: int


def cord(table: Table, organizations: int, years: int, money: int) -> Cord | None:
    """A cord from a table with a column of organizations, one of years and one of amounts (by their positions)."""
    by_organization: dict[str, list[list[Cell]]] = {}
    below = 0
    for row in table.rows:
        if is_known(row[money]) and amount(row[money]) > 0:
            by_organization.setdefault(str(row[organizations].value or ""), []).append(row)
        elif is_known(row[money]):
            below += amount(row[money]) < 0
    if not by_organization:
        return None

    def heaviest(name: str) -> tuple[Decimal, str]:
        return -sum((amount(row[money]) for row in by_organization[name]), Decimal(0)), name

    order = sorted(by_organization, key=heaviest)
    shown = order[:MOST]
    largest = max(amount(row[money]) for name in shown for row in by_organization[name])
    gap = WHOLE / len(shown)
    pendants = [
        _pendant(n, round(gap * (n + 0.5), 2), by_organization[name], (organizations, years, money), largest)
        for n, name in enumerate(shown)
    ]
    pendants = _named_apart(pendants)
    return Cord(int(max(pendant.name_at for pendant in pendants) + LETTERS), pendants, len(order) - len(shown), below)


def _named_apart(pendants: list[Pendant]) -> list[Pendant]:
    """Names below their pendants, each a line lower than its neighbour's where both would stand at one height."""
    placed: list[Pendant] = []
    for pendant in pendants:
        at = pendant.length + LINE
        if placed and abs(at - placed[-1].name_at) < LINE:
            at = placed[-1].name_at + LINE
        placed.append(replace(pendant, name_at=round(at, 1)))
    return placed


def _pendant(n: int, x: float, rows: list[list[Cell]], at: tuple[int, int, int], largest: Decimal) -> Pendant:
    organizations, years, money = at
    in_time = sorted(rows, key=lambda row: str(row[years].value or ""))
    y, knots = TOP, []
    for row in in_time[:MOST]:
        radius = 3.5 + 10.5 * sqrt(float(amount(row[money]) / largest))
        y += radius + 7
        knots.append(Knot(round(y, 1), round(radius, 1), row[money], str(row[years].value or "")))
        y += radius + 5
    length = round(y + TAIL, 1)
    sway = 7 if n % 2 else -7
    path = f"M0 33C{sway} {length / 3:.0f} {-sway} {length * 2 / 3:.0f} 0 {length:.0f}"
    cell = rows[0][organizations]
    label = cell.label or str(cell.value or "–")
    return Pendant(x, length, path, DYES[n % len(DYES)], label, cell.link, knots, len(rows) - len(knots))
