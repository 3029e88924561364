"""The world in equal tiles: a place for every country and none is larger, so that no boundary is drawn.

The members of the United Nations and its two observer states. A neighbour stands beside its neighbours as far as a grid allows.
"""

from dataclasses import dataclass
from decimal import Decimal

from quipu.portal.pictures.scale import amount, is_known
from quipu.rules.table import Cell, Table

# Three pieces, side by side where there is room, one below the other where there is not.
AMERICAS = """
.. .. .. .. .. .. .. .. ..
.. CA .. .. .. .. .. .. ..
.. US .. .. .. .. .. .. ..
.. MX .. .. CU BS .. .. ..
.. GT BZ .. JM HT DO KN AG
.. SV HN .. .. .. .. DM LC
.. .. NI .. .. .. .. VC BB
.. .. CR PA .. .. .. GD TT
.. .. .. CO VE GY SR .. ..
.. .. EC PE BO BR .. .. ..
.. .. .. CL PY UY .. .. ..
.. .. .. .. AR .. .. .. ..
"""
EUROPE_AND_AFRICA = """
IS .. .. .. .. NO SE FI .. .. .. ..
.. .. .. .. .. DK .. .. EE .. .. ..
.. IE GB .. NL DE PL LT LV .. .. ..
.. .. .. BE LU CZ SK BY UA .. .. ..
.. .. FR CH LI AT HU RO MD .. .. ..
.. AD MC IT SM SI HR RS BG .. .. ..
PT ES .. VA .. .. BA ME MK .. .. ..
.. .. .. .. MT .. .. AL GR .. CY ..
.. .. MA DZ TN LY EG .. .. .. .. ..
CV .. MR ML NE TD SD ER DJ .. .. ..
SN GM GW BF NG CF SS ET SO .. .. ..
GN SL LR CI GH TG BJ CM UG KE .. ..
.. .. .. ST GQ GA CG CD RW BI TZ SC
.. .. .. .. .. AO ZM MW MZ KM .. ..
.. .. .. .. .. NA BW ZW SZ MG MU ..
.. .. .. .. .. .. ZA LS .. .. .. ..
"""
ASIA_AND_THE_PACIFIC = """
.. .. .. .. .. .. .. .. .. .. .. ..
.. .. .. .. .. .. .. .. .. .. .. ..
.. .. .. RU .. .. .. .. .. .. .. ..
.. GE AZ KZ KG .. MN .. KP .. .. ..
TR AM TM UZ TJ .. CN .. KR JP .. ..
SY IQ IR AF PK NP BT .. .. .. .. ..
LB JO KW BH .. IN BD MM LA VN PH ..
IL PS SA QA AE .. .. .. TH KH .. PW
.. .. YE OM .. LK .. .. MY BN .. FM
.. .. .. .. .. MV .. .. SG ID .. MH
.. .. .. .. .. .. .. .. TL PG NR KI
.. .. .. .. .. .. .. .. AU SB TV WS
.. .. .. .. .. .. .. .. .. VU FJ TO
.. .. .. .. .. .. .. .. .. .. NZ ..
"""
SIDE = 26  # pixels of a tile and the gap behind it
STEPS = 5


def _places(drawn: str) -> dict[str, tuple[int, int]]:
    rows = [line.split() for line in drawn.strip().splitlines()]
    return {code: (x, y) for y, row in enumerate(rows) for x, code in enumerate(row) if code != ".."}


PIECES = tuple(
    (len(drawn.split("\n")[1].split()), _places(drawn)) for drawn in (AMERICAS, EUROPE_AND_AFRICA, ASIA_AND_THE_PACIFIC)
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A country. step: 1 to 5, 0 where nothing is known of it, -1 below zero; country and cell: None where no row names it."""

    code: str
    x: int
    y: int
    step: int
    country: Cell | None = None
    cell: Cell | None = None

    @property
    def knots(self) -> list[int]:
        """Where its knots stand: as many as its step, so that a step is told without its colour."""
        middle = self.x + (SIDE - 2) / 2
        return [round(middle + 4 * (n - (self.step - 1) / 2)) for n in range(max(self.step, 0))]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the world, in pixels."""

    width: int
    height: int
    tiles: list[Tile]

    @property
    def empty(self) -> str:
        """The outline of all tiles that no row names, in one path."""
        side = SIDE - 3
        bare = [tile for tile in self.tiles if tile.country is None]
        return "".join(f"M{tile.x + 0.5} {tile.y + 0.5}h{side}v{side}h-{side}z" for tile in bare)


@dataclass(frozen=True, slots=True)
class Step:
    """A shade, from its least to its most: cells of the table."""

    number: int
    least: Cell
    most: Cell


@dataclass(frozen=True, slots=True)
class World:
    """Pieces of tiles, the shades, and the rows that have no tile: territories, and what names no country."""

    pieces: list[Piece]
    steps: list[Step]
    others: list[tuple[Cell, Cell]]
    named: int  # rows with a tile and a number

    @property
    def below(self) -> bool:
        """Whether some country stands below zero."""
        return any(tile.step < 0 for piece in self.pieces for tile in piece.tiles)


def world(table: Table, country: int, amounts: int) -> World:
    """A picture from a table with a column of ISO 3166 codes and one of amounts or counts (by their positions)."""
    known = {str(row[country].value): (row[country], row[amounts]) for row in table.rows if row[country].value}
    placed = {code for _, places in PIECES for code in places}
    steps, step_of = _steps([cell for code, (_, cell) in known.items() if code in placed and is_known(cell)])

    def tile(code: str, x: int, y: int) -> Tile:
        named, cell = known.get(code, (None, None))
        step = 0 if cell is None or not is_known(cell) else step_of.get(amount(cell), -1)
        return Tile(code, x * SIDE, y * SIDE, step, named, cell)

    pieces = []
    for columns, places in PIECES:
        tiles = [tile(code, x, y) for code, (x, y) in places.items()]
        pieces.append(Piece(columns * SIDE, (max(y for _, y in places.values()) + 1) * SIDE, tiles))
    others = [(row[country], row[amounts]) for row in table.rows if str(row[country].value or "") not in placed]
    named = sum(1 for code, (_, cell) in known.items() if code in placed and is_known(cell))
    return World(pieces, steps, others, named)


def _steps(cells: list[Cell]) -> tuple[list[Step], dict[Decimal, int]]:
    """Up to five shades with as many amounts in each as can be, equal amounts in one; what is below zero has none."""
    by_amount: dict[Decimal, Cell] = {}
    for cell in sorted(cells, key=amount):
        if amount(cell) >= 0:
            by_amount.setdefault(amount(cell), cell)
    values = sorted(by_amount)
    many = min(STEPS, len(values))
    step_of = {value: n * many // len(values) + 1 for n, value in enumerate(values)}
    if many < STEPS:  # few amounts: the highest keeps the darkest shade
        step_of = {value: step + STEPS - many for value, step in step_of.items()}
    steps = []
    for number in sorted(set(step_of.values())):
        own = [value for value in values if step_of[value] == number]
        steps.append(Step(number, by_amount[own[0]], by_amount[own[-1]]))
    return steps, step_of
