"""The statement of account of a participating organization: what it held, got, gave back and spent, by project.

Money of direct-cost projects is held like any other, so these are the wide figures (domain.md, Figures). Interest that
the organization paid in never was the fund's money there: it stands apart.
"""

from collections.abc import Mapping
from decimal import Decimal

from quipu.rules import figures
from quipu.rules.figures import Figure
from quipu.rules.statements.statement import Identity, Sums, amount, checked
from quipu.rules.table import Cell, Column, Table

_received = Figure("received", "Transfers", "", (*figures.transfers.plus, *figures.direct_costs.plus))
_refunded = Figure("refunded", "Refunds", "", (*figures.refunds.plus, *figures.direct_costs.minus))
_held = figures.balance_organizations_wide
NO_PROJECT = "No project stated"
COLUMNS = {
    "opening": "Opening balance",
    "received": "Transfers",
    "refunded": "Refunds",
    "spent": "Expenditure",
    "written_off": "Write-offs",
    "closing": "Closing balance",
    "interest": "Interest paid in",
}


def account(before: Mapping[str, Sums], during: Mapping[str, Sums], until: Mapping[str, Sums], unit: str) -> Table:
    """Sums by project before a period, during it and up to its end, each asked by itself, become a row per project."""
    identities, rows = [], []
    whole = dict.fromkeys(COLUMNS, figures.ZERO)
    for project in sorted({*before, *during, *until}):
        row = _row(before.get(project, {}), during.get(project, {}), until.get(project, {}))
        if not any(row.values()):
            continue
        change = row["received"] - row["refunded"] - row["spent"] - row["written_off"]
        sentence = f"{project or NO_PROJECT}: closing balance is opening balance and change"
        identities.append(Identity(sentence, row["closing"], row["opening"] + change))
        whole = {key: whole[key] + row[key] for key in COLUMNS}
        rows.append([Cell(project, label=project or NO_PROJECT), *(Cell(row[key]) for key in COLUMNS)])
    columns = [Column("project", "Project"), *(Column(key, label, "money", key) for key, label in COLUMNS.items())]
    total = [Cell("", label="Total"), *(Cell(value) for value in whole.values())] if rows else None
    table = Table(columns, rows, total, title="Statement of account", unit=unit)
    return checked(table, identities)


def _row(before: Sums, during: Sums, until: Sums) -> dict[str, Decimal]:
    return {
        "opening": amount(_held, before),
        "received": amount(_received, during),
        "refunded": amount(_refunded, during),
        "spent": amount(figures.expenditure_wide, during),
        "written_off": amount(figures.write_offs, during),
        "closing": amount(_held, until),
        "interest": amount(figures.organization_interest, during),
    }
