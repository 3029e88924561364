"""The consolidated portfolio: all funds of one currency added up, and what they paid each other taken out, visibly.

A transfer between two funds of the portfolio is a use here and a source there; together it is neither (domain.md,
Movements: fund_transfer and fund_receipt). Internal funds stay out, and amounts of two currencies are never added.
"""

from quipu.rules import figures
from quipu.rules.figures import Rate
from quipu.rules.statements import funding_status
from quipu.rules.statements.funding_status import LAYOUTS, NARROW, STRONG, percentage
from quipu.rules.statements.statement import Identity, Sums, amount, checked
from quipu.rules.table import Cell, Column, Table

INTERNAL = "internal"  # a fund's category
BETWEEN = (*figures.fund_transfers.plus, *figures.fund_receipts.plus)  # movements with a twin in another fund
COLUMNS = {"funds": "Sum of funds", "eliminated": "Between funds", "consolidated": "Consolidated"}


def portfolio(funds: Sums, between: Sums, unit: str) -> Table:
    """funds: sums of all funds of the currency; between: of the entries among them whose other fund is one of them too.

    A portfolio prints the narrow layout: direct cost is a cost there, not money held.
    """
    consolidated = {movement: value - between.get(movement, figures.ZERO) for movement, value in funds.items()}
    rows = []
    for row in LAYOUTS[NARROW]:
        if isinstance(row.figure, Rate):
            value = row.of(consolidated)
            shown = Cell(None, why="none") if value is None else Cell(percentage(value))
            rows.append([Cell(row.key, label=row.label), Cell(None), Cell(None), Cell(None), shown])
        else:
            of_columns = (amount(row.figure, sums) for sums in (funds, between, consolidated))
            rows.append([Cell(row.key, label=row.label), *map(Cell, of_columns), Cell(None)])
    identities = [
        Identity(
            "what funds paid each other arrived",
            amount(figures.fund_transfers, between),
            amount(figures.fund_receipts, between),
        ),
        Identity(
            "an elimination changes no balance",
            amount(figures.total_balance, consolidated),
            amount(figures.total_balance, funds),
        ),
        *funding_status.identities(funding_status.amounts(consolidated, NARROW), NARROW),
    ]
    columns = [Column("row", "Line item"), *(Column(key, label, "money", key) for key, label in COLUMNS.items())]
    columns.append(Column("percent", "Per cent", "percent", "percent"))
    return checked(Table(columns, rows, title="Consolidated portfolio", unit=unit, strong=STRONG), identities)
