"""Table 5 of the annual report: what was approved, funded and spent, by organization or project, and in groups of projects."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from quipu.rules import figures
from quipu.rules.money import printed
from quipu.rules.statements.annual import NOT_STATED, By, Outline
from quipu.rules.statements.statement import Identity, Sums, amount, checked
from quipu.rules.table import Cell, Column, Table

DELIVERED = (figures.allocations, figures.net_funded, figures.expenditure)
GROUPS = ("theme", "country")  # what projects can be grouped by
SUBTOTAL = "subtotal"  # what stands in place of a code in the row of a group


class Group(NamedTuple):
    """What rows stand under: a code, "" where none is stated, and its name. A project of two countries is of both."""

    code: str = ""
    name: str = ""


def delivery(outline: Outline, by: By, whole: Sums, unit: str) -> Table:
    """Table 5: approved, net funded, spent and the delivery rate of each row, up to the end of the year."""
    key = outline.column
    rows = [
        [Cell(code, label=code or NOT_STATED), *_delivered(by[code])]
        for code in sorted(by)
        if any(amount(figure, by[code]) for figure in DELIVERED)
    ]
    columns = [Column(key, key.replace("_", " ").capitalize())]
    columns += [Column(figure.name, figure.label, "money", figure.name) for figure in DELIVERED]
    columns.append(Column("delivery_rate", figures.delivery_rate.label, "percent", "delivery_rate"))
    added = [_down(rows, n) for n in range(1, len(DELIVERED) + 1)]
    total = [Cell("", label="Total"), *map(Cell, added), _rate(whole)] if rows else None
    identities = [
        Identity(f"{figure.label}: the rows are the whole", value, amount(figure, whole))
        for figure, value in zip(DELIVERED, added, strict=True)
    ]
    return checked(Table(columns, rows, total, title=outline.title, unit=unit), identities)


def grouped(table: Table, key: str, groups: Mapping[str, Group], by: By, whole: Sums) -> Table:
    """Table 5 with its rows under their groups and a sub-total above each: a figure over the sums of all of the group.

    groups: by the code of a row; a row without one stands under "Not stated", the last.
    """
    members: dict[Group, list[list[Cell]]] = {}
    sums: dict[Group, dict[str, Decimal]] = {}
    for row in table.rows:
        group = groups.get(str(row[0].value), Group())
        members.setdefault(group, []).append(row)
        together = sums.setdefault(group, {})
        for movement, moved in by[str(row[0].value)].items():
            together[movement] = together.get(movement, figures.ZERO) + moved
    rows, identities = [], []
    subtotals = {group: _delivered(sums[group]) for group in sorted(members, key=lambda each: (not each.code, each))}
    for group, cells in subtotals.items():
        label = group.name or group.code or NOT_STATED
        under = Cell(group.code, label="" if group.code else NOT_STATED)  # its name has a column beside it
        rows.append([Cell(SUBTOTAL, label=label), under, *cells])
        rows += [[first, under, *others] for first, *others in members[group]]
        for n, figure in enumerate(DELIVERED):
            what = f"{figure.label}, {label}: the sub-total is its rows"
            identities.append(Identity(what, amount(figure, sums[group]), _down(members[group], n + 1)))
    for n, figure in enumerate(DELIVERED):
        what = f"{figure.label}: the sub-totals are the whole"
        identities.append(Identity(what, _down(subtotals.values(), n), amount(figure, whole)))
    table.columns.insert(1, Column(key, key.capitalize(), "group"))
    if table.total:
        table.total.insert(1, Cell(""))
    table.rows, table.strong = rows, (SUBTOTAL,)
    return checked(table, identities)


def _delivered(sums: Sums) -> list[Cell]:
    return [*(Cell(amount(figure, sums)) for figure in DELIVERED), _rate(sums)]


def _down(rows: Iterable[Sequence[Cell]], at: int) -> Decimal:
    """A column of amounts, added up."""
    return sum((Decimal(row[at].value or 0) for row in rows), figures.ZERO)


def _rate(sums: Sums) -> Cell:
    value = figures.delivery_rate.of(sums)
    return Cell(None, why="nothing was funded") if value is None else Cell(printed(value, 2))
