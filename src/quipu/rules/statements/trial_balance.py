"""The trial balance: every account of a fund on its side, and both sides equal.

Cash stands where it is held; what came in stands in credit, what is gone in debit (domain.md, Figures: sources less
uses, less what organizations spent and lost, is what is still held).
"""

from decimal import Decimal

from quipu.rules import figures
from quipu.rules.statements.statement import Identity, Sums, amount, checked
from quipu.rules.table import Cell, Column, Table

DEBIT = (
    figures.balance_agent,
    figures.balance_organizations,
    figures.fund_transfers,
    figures.agent_fees,
    figures.direct_costs,
    figures.bank_charges,
    figures.expenditure,
    figures.write_offs,
    figures.contributor_refunds,
)
CREDIT = (
    figures.deposits,
    figures.fund_receipts,
    figures.fund_interest,
    figures.organization_interest,
    figures.other_income,
)


def trial_balance(sums: Sums, unit: str) -> Table:
    """A row for each account that holds something; a negative balance stands on the other side."""
    rows, sides = [], [figures.ZERO, figures.ZERO]
    for side, accounts in enumerate((DEBIT, CREDIT)):
        for figure in accounts:
            value = amount(figure, sums)
            if not value:
                continue
            stands = side if value > 0 else 1 - side
            sides[stands] += abs(value)
            cells: list[Decimal | None] = [None, None]
            cells[stands] = abs(value)
            rows.append([Cell(figure.name, label=figure.label), *map(Cell, cells)])
    columns = [Column("account", "Account"), Column("debit", "Debit", "money", "debit")]
    columns.append(Column("credit", "Credit", "money", "credit"))
    total = [Cell("", label="Total"), *map(Cell, sides)] if rows else None
    table = Table(columns, rows, total, title="Trial balance", unit=unit)
    return checked(table, [Identity("debit is credit", *sides)])
