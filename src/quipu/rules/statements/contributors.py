"""The contributor statement: what each agreement promised, in its own currency, what arrived, and the exchange difference.

An agreement that is paid up in its currency owes nothing, whatever the deposits were worth in the fund's currency when
they arrived: the difference stands apart (domain.md, Figures: commitment outstanding).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from quipu.rules import figures
from quipu.rules.statements.statement import Identity, Sums, amount, checked
from quipu.rules.table import Cell, Column, Table

COLUMNS = {
    "committed": "Committed",
    "received": "Received",
    "outstanding": "Outstanding",
    "commitments": "Commitments",
    "deposits": "Deposits",
    "exchange_difference": "Exchange difference",
}
NO_AGREEMENT = "no agreement"
NOT_STATED, NOT_PAID_UP = "not stated in the agreement's currency", "not paid up"


@dataclass(frozen=True, slots=True)
class Line:
    """What moved under an agreement: the amount as its voucher states it, in whose currency, and in the fund's."""

    contributor: str
    agreement: str
    currency: str  # of the agreement
    movement: str
    stated_in: str
    stated: Decimal
    amount: Decimal


def contributors(lines: Iterable[Line], whole: Sums, unit: str) -> Table:
    """A row per agreement; money without one has a row of its own, and nothing is owed there. whole: the fund's sums."""
    kept: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line in lines:
        kept[line.contributor, line.agreement, line.currency].append(line)
    rows = [[*_text(key), *_amounts(own)] for key, own in sorted(kept.items())]
    columns = [Column(key, key.capitalize()) for key in ("contributor", "agreement", "currency")]
    for n, (key, label) in enumerate(COLUMNS.items()):
        columns.append(Column(key, label if n < 3 else f"{label}, {unit}", "money", key))
    base = [sum((Decimal(row[at].value or 0) for row in rows), figures.ZERO) for at in range(6, 9)]
    total = None
    if rows:
        total = [Cell("", label="Total"), *[Cell("")] * 5, *map(Cell, base)]
    table = Table(columns, rows, total, title="Contributor statement", unit=unit)
    identities = (
        Identity("commitments of all agreements are the fund's", base[0], amount(figures.commitments, whole)),
        Identity(
            "deposits of all agreements are the fund's contributions", base[1], amount(figures.contributions, whole)
        ),
    )
    return checked(table, identities)


def outstanding(statement: Table) -> dict[str, Decimal]:
    """What agreements still owe, by their currency; what one received too much does not pay another's debt."""
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for _, _, currency, _, _, cell, *_ in statement.rows:
        if isinstance(cell.value, Decimal) and cell.value > 0:
            owed[str(currency.value)] += cell.value
    return dict(owed)


def _text(key: tuple[str, str, str]) -> list[Cell]:
    contributor, agreement, currency = key
    return [
        Cell(contributor, label=contributor or "To be identified"),
        Cell(agreement, label=agreement),
        Cell(currency),
    ]


def _amounts(own: list[Line]) -> list[Cell]:
    base: dict[str, Decimal] = defaultdict(Decimal)
    stated: dict[str, Decimal] = defaultdict(Decimal)
    whole = True
    for line in own:
        base[line.movement] += line.amount
        if line.stated_in == line.currency:
            stated[line.movement] += line.stated
        elif line.movement != "commitment_change":  # a change in the fund's currency alone is an exchange difference
            whole = False
    deposits, commitments = amount(figures.contributions, base), amount(figures.commitments, base)
    if not own[0].agreement:
        nothing = Cell(None, why=NO_AGREEMENT)
        return [nothing, nothing, nothing, Cell(commitments), Cell(deposits), nothing]
    if not whole:
        return [*[Cell(None, why=NOT_STATED)] * 3, Cell(commitments), Cell(deposits), Cell(None, why=NOT_STATED)]
    committed, received = amount(figures.commitments, stated), amount(figures.contributions, stated)
    owed = committed - received
    paid_up = Cell(deposits - commitments) if not owed else Cell(None, why=NOT_PAID_UP)
    return [Cell(committed), Cell(received), Cell(owed), Cell(commitments), Cell(deposits), paid_up]
