"""Available to allocate: cash with the agent, less what is promised and not paid, less what the fund always keeps.

(domain.md, Figures.) A promise to a participation that is financially closed will not be paid any more.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from quipu.rules import figures
from quipu.rules.money import printed
from quipu.rules.statements.statement import Sums, amount
from quipu.rules.statuses import CLOSED
from quipu.rules.table import Cell, Column, Table

Whose = tuple[str, str]  # a project and an organization at work on it; ("P", "") the project, ("", "") the fund itself


def parts(whole: Sums, closed: Iterable[Sums], minimum: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Cash with the agent, what of it is promised to open participations, and what is left to promise.

    whole: the fund's sums; closed: those of each financially closed participation; minimum: the balance it keeps.
    """
    cash = amount(figures.balance_agent, whole)
    settled = sum((amount(figures.allocated_not_transferred, each) for each in closed), figures.ZERO)
    promised = amount(figures.allocated_not_transferred, whole) - settled
    return cash, promised, cash - promised - minimum


def closed(told: Iterable[tuple[Whose, str]], there: Iterable[Whose]) -> set[Whose]:
    """Which of the participations there are financially closed: by themselves, with their project, or with the fund.

    told: status changes of one fund and what is in it, the earliest first.
    """
    shut = {whose for whose, status in dict(told).items() if status.replace("_", "-") == CLOSED}
    return {(project, body) for project, body in there if shut & {("", ""), (project, ""), (project, body)}}


def available(
    whole: Sums, closed: Iterable[Sums], minimum: Decimal, expected: Mapping[str, Decimal], unit: str
) -> Table:
    """The parts as rows, each with its sign in words. expected: deposits outstanding by currency; told, never counted."""
    cash, promised, left = parts(whole, closed, minimum)
    rows = {
        "balance_agent": (figures.balance_agent.label, cash),
        "allocated_not_transferred": ("Less: allocated, not transferred (open participations)", promised),
        "minimum_balance": ("Less: minimum balance", minimum),
        "available_to_allocate": ("Available to allocate", left),
    }
    columns = [Column("row", "Line item"), Column("amount", "Amount", "money", "amount")]
    cells = [[Cell(key, label=label), Cell(value)] for key, (label, value) in rows.items()]
    notes = [
        f"Signed and not yet received, in no row above: {printed(owed, 2):,f} {currency}."
        for currency, owed in sorted(expected.items())
    ]
    return Table(
        columns, cells, title="Available to allocate", unit=unit, notes=notes, strong=("available_to_allocate",)
    )
