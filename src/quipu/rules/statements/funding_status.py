"""The funding status: what came in and what became of it, with the agent and with the organizations.

(domain.md, Funding status.) Rows are figures; a layout says which stand for the same label.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from quipu.rules import figures
from quipu.rules.figures import AnyFigure, Figure, Rate
from quipu.rules.money import printed
from quipu.rules.statements.statement import Identity, checked
from quipu.rules.table import Cell, Column, Table

WIDE, NARROW = "wide", "narrow"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its key, its label, and the figure it shows."""

    key: str
    label: str
    figure: AnyFigure

    def of(self, sums: Mapping[str, Decimal]) -> Decimal | None:
        """The row's amount over sums per movement: 0 where nothing moved; None for a percentage of nothing."""
        value = self.figure.of(sums)
        return figures.ZERO if value is None and isinstance(self.figure, Figure) else value


def _sum(name: str, plus: tuple[str, ...], minus: tuple[str, ...] = ()) -> Figure:
    return Figure(name, "", "", plus, minus)


def _percent(key: str, top: Figure, base: Figure) -> Row:
    return Row(key, "in per cent", Rate(key, "", "", top, base))


_other = _sum("other_income", ("other_income", "fund_receipt"))
_subtotal = _sum("subtotal_transfers", ("transfer", "fund_transfer"))
_direct_gross = figures.direct_costs.plus
_COMMON = (
    Row("contributions", "Contributions", figures.contributions),
    Row("fund_interest", "Interest and investment income (fund)", figures.fund_interest),
    Row("organization_interest", "Interest (participating organizations)", figures.organization_interest),
    Row("other_income", "Other income and receipts from other funds", _other),
    Row("total_sources", "Total sources", figures.sources),
    Row("transferred", "Transferred to participating organizations", figures.transfers),
    Row("fund_transfers", "Transfers to other funds", figures.fund_transfers),
    Row("subtotal_transfers", "Sub-total transfers", _subtotal),
    Row("refunds", "Refunds from participating organizations", figures.refunds),
    Row("agent_fee", "Administrative agent fee", figures.agent_fees),
    Row("direct_cost", "Direct cost", figures.direct_costs),
    Row("bank_charges", "Bank charges", figures.bank_charges),
    Row("total_uses", "Total uses", figures.uses),
    Row("balance_agent", "Balance with administrative agent", figures.balance_agent),
    _percent("balance_agent_percent", figures.balance_agent, figures.deposits),
)


def _organizations(
    resources: Figure, spent: Figure, refunds: Figure, balance: Figure, total: Figure
) -> tuple[Row, ...]:
    expenses = _sum("organizations_total_expenses", (*spent.plus, *refunds.plus, *figures.write_offs.plus))
    return (
        Row("organizations_transfers", "Transfers", resources),
        Row("organizations_total_resources", "Total resources", resources),
        Row("organizations_expenditure", "Expenditure", spent),
        Row("organizations_refunds", "Refunds", refunds),
        Row("organizations_write_offs", "Write-offs", figures.write_offs),
        Row("organizations_total_expenses", "Total expenses", expenses),
        Row("balance_organizations", "Balance with participating organizations", balance),
        _percent("balance_organizations_percent", balance, resources),
        Row("total_balance", "Total balance", total),
        _percent("total_balance_percent", total, figures.deposits),
    )


LAYOUTS: dict[str, tuple[Row, ...]] = {
    WIDE: (
        *_COMMON,
        *_organizations(
            _sum("organizations_transfers", (*_subtotal.plus, *_direct_gross)),
            figures.expenditure_wide,
            _sum("organizations_refunds", (*figures.refunds.plus, *figures.direct_costs.minus)),
            figures.balance_organizations_wide,
            figures.total_balance_wide,
        ),
    ),
    NARROW: (
        *_COMMON,
        *_organizations(
            figures.transfers,
            figures.expenditure,
            figures.refunds,
            figures.balance_organizations,
            figures.total_balance,
        ),
    ),
}
STRONG = (
    *("total_sources", "subtotal_transfers", "total_uses", "balance_agent"),
    *("organizations_total_resources", "organizations_total_expenses", "balance_organizations", "total_balance"),
)
HEADS = {
    "contributions": "Funds with administrative agent",
    "organizations_transfers": "Funds with participating organizations",
}
KEYS = tuple(row.key for row in LAYOUTS[WIDE])
# What each total must be: these rows, less those. A total is a figure over the movements, so a movement that a total
# counts and no row shows, or the other way round, makes them differ.
_PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "total_sources": (("contributions", "fund_interest", "organization_interest", "other_income"), ()),
    "subtotal_transfers": (("transferred", "fund_transfers"), ()),
    "total_uses": (("subtotal_transfers", "agent_fee", "direct_cost", "bank_charges"), ("refunds",)),
    "balance_agent": (("total_sources",), ("total_uses",)),
    "organizations_total_expenses": (
        ("organizations_expenditure", "organizations_refunds", "organizations_write_offs"),
        (),
    ),
    "balance_organizations": (("organizations_total_resources",), ("organizations_total_expenses",)),
    "total_balance": (("balance_agent", "balance_organizations"), ()),
}
# What the organizations had is what the agent paid: in the wide sense with direct cost before its refunds, which stand
# among the organizations' refunds again.
_PAID = {
    WIDE: (("subtotal_transfers", "direct_cost", "organizations_refunds"), ("refunds",)),
    NARROW: (("transferred",), ()),
}


def amounts(sums: Mapping[str, Decimal], layout: str = WIDE) -> dict[str, Decimal | None]:
    """Every row's amount by its key."""
    return {row.key: row.of(sums) for row in LAYOUTS[layout]}


def identities(shown: Mapping[str, Decimal | None], layout: str = WIDE) -> Iterator[Identity]:
    """Each total beside the rows it stands for, from the amounts of all rows."""
    labels = {row.key: row.label for row in LAYOUTS[layout]}
    for whole, (plus, minus) in {**_PARTS, "organizations_total_resources": _PAID[layout]}.items():
        sentence = f"{labels[whole]} is {' + '.join(labels[key] for key in plus)}"
        sentence += "".join(f" − {labels[key]}" for key in minus)
        added = sum((shown[key] or figures.ZERO for key in plus), figures.ZERO)
        taken = sum((shown[key] or figures.ZERO for key in minus), figures.ZERO)
        yield Identity(sentence, shown[whole] or figures.ZERO, added - taken)


def percentage(value: Decimal) -> Decimal:
    """A percentage as a statement prints it: one decimal, half up (domain.md, rule 4)."""
    return printed(value, 1)


def drawn(sums: Mapping[str, Decimal], layout: str = WIDE) -> list[dict[str, str | None]]:
    """The rows as data: key, label, amount as a decimal string, and the cell as it is printed; None where undefined."""
    rows: list[dict[str, str | None]] = []
    for row in LAYOUTS[layout]:
        value = row.of(sums)
        is_percentage = isinstance(row.figure, Rate)
        amount = None if value is None else f"{percentage(value) if is_percentage else value:f}"
        shown = None if value is None else f"{percentage(value):f}" if is_percentage else f"{printed(value):,f}"
        rows.append({"key": row.key, "label": row.label, "amount": amount, "printed": shown})
    return rows


def table(sums: Mapping[str, Decimal], layout: str, currency: str) -> Table:
    """The rows as a table: exact amounts, and percentages in a column of their own."""
    columns = [Column("row", "Line item"), Column("amount", "Amount", "money", "amount")]
    columns.append(Column("percent", "Per cent", "percent", "percent"))
    rows = []
    for row in LAYOUTS[layout]:
        value = row.of(sums)
        if isinstance(row.figure, Rate):
            cells = [Cell(None), Cell(None if value is None else percentage(value), why="" if value else "none")]
        else:
            cells = [Cell(value), Cell(None)]
        rows.append([Cell(row.key, label=row.label), *cells])
    drawn_up = Table(columns, rows, title="Funding status", unit=currency, strong=STRONG, heads=HEADS)
    return checked(drawn_up, identities(amounts(sums, layout), layout))
