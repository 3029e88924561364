"""The flow: from contributors through the fund to organizations and countries, each band as wide as its amount."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from quipu.portal.pictures.scale import WHOLE, amount, is_known
from quipu.rules.table import Cell, Table

HEIGHT = 300.0  # pixels of the fullest column, without its gaps
SLOT, GAP = 24.0, 8.0  # the least room of a name; between two
TOP = 26.0  # pixels above all: the heads of the columns
ACROSS = 1000.0  # units from side to side in which bands are drawn; they are stretched to the room there is
POST = 1.4  # per cent: how wide a node is
MOST = 8  # nodes of a column; the smallest others stand together
DYES = "abcdef"
OTHERS = "\0"  # a key that nobody has


@dataclass(slots=True)
class Node:
    """Whom money came from or went to. cell: its name; money: its amount, None for several together or for what bands add up."""

    key: str
    x: float
    name: Cell | None
    money: Cell | None
    dye: str
    many: int = 1  # how many stand together here
    top: float = 0.0
    height: float = 0.0
    into: float = 0.0  # how far bands have filled it, on each side
    out: float = 0.0

    @property
    def middle(self) -> float:
        return round(self.top + self.height / 2, 1)


@dataclass(frozen=True, slots=True)
class Band:
    """Money from one node to another: its outline, and the cell it draws (None for several together)."""

    start: Node
    end: Node
    path: str
    cell: Cell | None


@dataclass(slots=True)
class Flow:
    """Three or four columns. apart: rows that no band can show, because they are below zero or their organization's whole is."""

    height: float = 0.0
    columns: list[list[Node]] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    apart: list[list[Cell]] = field(default_factory=list)


Link = tuple[str, str, float, Cell | None]  # from, to, how much, the cell


def flow(sources: Table, uses: Table, places: Table | None, fund: Cell, resting: Iterable[str] = ()) -> Flow | None:
    """A picture from tables whose last column is an amount.

    sources: (whom, amount); uses: (whom, amount), those of `resting` not to organizations;
    places: (organization, country, amount), None where no country is known. None where nothing came in or went out.
    """
    drawn = Flow()
    given, taken = _positive(sources, drawn), _positive(uses, drawn)
    reached = _positive(places, drawn) if places else []
    if not given or not taken:
        return None
    known = {_key(row[0]) for row in taken}
    drawn.apart += [row for row in reached if _key(row[0]) not in known]
    reached = [row for row in reached if _key(row[0]) in known]
    step = WHOLE / (3 if reached else 2)
    left, right = _column("from ", given, 0, 0.0), _column("at ", taken, 0, 2 * step, resting=resting)
    middle = Node("fund", step, fund, None, "fund")
    drawn.columns = [left, [middle], right]
    links: list[Link] = [(_at(left, "from ", row[0]), middle.key, _size(row), row[-1]) for row in given]
    links += [(middle.key, _at(right, "at ", row[0]), _size(row), row[-1]) for row in taken]
    if reached:
        # a country that several organizations reach stands once: its bands say how tall it is, and no number does
        far = _column("in ", reached, 1, 3 * step, alone=False, dye="place")
        drawn.columns.append(far)
        links += [(_at(right, "at ", row[0]), _at(far, "in ", row[1]), _size(row), row[-1]) for row in reached]
    _stand(drawn, links)
    return drawn


def _positive(table: Table, drawn: Flow) -> list[list[Cell]]:
    """The rows a band can show; the others are told."""
    kept = []
    for row in table.rows:
        if is_known(row[-1]) and amount(row[-1]) > 0:
            kept.append(row)
        elif is_known(row[-1]) and amount(row[-1]) < 0:
            drawn.apart.append(row)
    return kept


def _key(cell: Cell) -> str:
    return str(cell.value or "")


def _size(row: Sequence[Cell]) -> float:
    return float(amount(row[-1]))


def _column(
    side: str,
    rows: list[list[Cell]],
    at: int,
    x: float,
    *,
    resting: Iterable[str] = (),
    alone: bool = True,
    dye: str = "",
) -> list[Node]:
    """Nodes, the largest first, what rests (costs, balances) last; the smallest of too many together.

    side: what tells apart who stands on two sides. alone: a row is a node, so its amount is the node's. dye: of all of them.
    """
    sizes: dict[str, float] = {}
    first: dict[str, list[Cell]] = {}
    for row in rows:
        key = _key(row[at])
        sizes[key] = sizes.get(key, 0.0) + _size(row)
        first.setdefault(key, row)
    still = set(resting)
    order = sorted(sizes, key=lambda key: -sizes[key])
    moving = [key for key in order if key not in still]
    shown = moving if len(moving) <= MOST else moving[: MOST - 1]

    def node(key: str, dyed: str) -> Node:
        return Node(side + key, x, first[key][at], first[key][-1] if alone else None, dyed)

    nodes = [node(key, dye or DYES[n % len(DYES)]) for n, key in enumerate(shown)]
    if others := len(moving) - len(shown):
        nodes.append(Node(side + OTHERS, x, None, None, "many", others))
    return nodes + [node(key, "rest") for key in order if key in still]


def _at(nodes: list[Node], side: str, cell: Cell) -> str:
    """The node somebody stands in: their own, or that of the others."""
    key = side + _key(cell)
    return key if any(node.key == key for node in nodes) else side + OTHERS


def _stand(drawn: Flow, links: list[Link]) -> None:
    """Gives nodes their heights and places, and bands their outlines."""
    nodes = {node.key: node for column in drawn.columns for node in column}
    into, out = dict.fromkeys(nodes, 0.0), dict.fromkeys(nodes, 0.0)
    for start, end, size, _ in links:
        out[start] += size
        into[end] += size
    full = {key: max(into[key], out[key]) for key in nodes}
    scale = HEIGHT / max(sum(full[node.key] for node in column) for column in drawn.columns)
    heights = []
    for column in drawn.columns:
        y = TOP
        for node in column:
            node.height = round(max(full[node.key] * scale, 0.8), 2)
            node.top = round(y + max(0.0, (SLOT - node.height) / 2), 2)
            y += max(node.height, SLOT) + GAP
        heights.append(y)
    drawn.height = round(max(heights), 1)
    for column, height in zip(drawn.columns, heights, strict=True):
        for node in column:
            node.top = round(node.top + (drawn.height - height) / 2, 2)
    together: dict[tuple[str, str], list[tuple[float, Cell | None]]] = {}
    for start, end, size, cell in links:
        together.setdefault((start, end), []).append((size, cell))
    order = {key: n for n, key in enumerate(nodes)}
    for (start, end), parts in sorted(together.items(), key=lambda item: (order[item[0][0]], order[item[0][1]])):
        width = sum(size for size, _ in parts) * scale
        cell = parts[0][1] if len(parts) == 1 else None
        drawn.bands.append(Band(nodes[start], nodes[end], _path(nodes[start], nodes[end], width), cell))


def _path(start: Node, end: Node, width: float) -> str:
    x0, x1 = (start.x + POST) / WHOLE * ACROSS, end.x / WHOLE * ACROSS
    y0, y1 = start.top + start.out, end.top + end.into
    start.out += width
    end.into += width
    middle = (x0 + x1) / 2
    return (
        f"M{x0:.0f} {y0:.2f}C{middle:.0f} {y0:.2f} {middle:.0f} {y1:.2f} {x1:.0f} {y1:.2f}"
        f"V{y1 + width:.2f}C{middle:.0f} {y1 + width:.2f} {middle:.0f} {y0 + width:.2f} {x0:.0f} {y0 + width:.2f}Z"
    )
