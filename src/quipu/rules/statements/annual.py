"""The tables of an annual report: their outlines; sources, uses and balances; and who gave and got what.

(domain.md, Annual report.) Delivery and costs have files of their own. Each period is asked by itself, so that prior
years and the year must add up to the total, and the rows of a table to what the fund as a whole says. An exact amount
stands in each cell: rounding is for print.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from quipu.rules import figures
from quipu.rules.figures import Figure
from quipu.rules.statements.statement import Identity, Sums, amount, checked
from quipu.rules.table import Cell, Column, Table

PERIODS = ("prior", "current", "total")
By = Mapping[str, Sums]  # sums by the code of a row, "" where it is not stated
STRONG = ("total_sources", "net_funded", "total_uses", "closing", "balance_organizations")
# What stands where a row's code is not stated, by what the table is cut by.
UNNAMED = {"contributor": "To be identified", "source": "The fund's own account"}
NOT_STATED = "Not stated"

interest = Figure("interest", "Interest", "", (*figures.fund_interest.plus, *figures.organization_interest.plus))
direct_paid = Figure("direct_paid", "Direct cost", "", figures.direct_costs.plus)
direct_returned = Figure("direct_returned", "Refunds of direct cost", "", figures.direct_costs.minus)
direct_spent = Figure("direct_spent", "Spent of direct cost", "", ("direct_cost_expenditure",))


@dataclass(frozen=True, slots=True)
class Outline:
    """A table of the report: its title, what its rows are cut by, and the figures it shows of each period.

    key: what the column of rows is called, where that is not what they are cut by.
    """

    title: str
    by: str = ""
    shown: tuple[Figure, ...] = ()
    key: str = ""

    @property
    def column(self) -> str:
        return self.key or self.by


# The report's tables, by the names they are asked for with, in its order.
OUTLINES = {
    "sources-and-uses": Outline("Sources, uses and balances"),
    "deposits-by-contributor": Outline(
        "Commitments and deposits by contributor", "contributor", (figures.commitments, figures.deposits)
    ),
    "interest": Outline("Interest by source", "participating_organization", (interest,), "source"),
    "transfers-by-organization": Outline(
        "Transfers and refunds by organization",
        "participating_organization",
        (figures.transfers, figures.refunds, figures.net_funded),
    ),
    "delivery-by-organization": Outline("Delivery by organization", "participating_organization"),
    "delivery-by-project": Outline("Delivery by project", "project"),
    "expenditure-by-category": Outline("Expenditure by category", "category"),
    "direct-costs": Outline("Direct costs by project", "project", (direct_paid, direct_returned, direct_spent)),
    "cost-recovery": Outline("Cost recovery", "category"),
}
# Figures of table 1 in order, and whether the row stands there only where something moved.
_SOURCES = (
    ("gross_contributions", "Gross contributions", figures.deposits, False),
    ("contributor_refunds", "Less: refunds to contributors", figures.contributor_refunds, True),
    ("fund_interest", "Interest and investment income (fund)", figures.fund_interest, False),
    ("organization_interest", "Interest (participating organizations)", figures.organization_interest, False),
    ("fund_receipts", "Receipts from other funds", figures.fund_receipts, True),
    ("other_income", "Other income", figures.other_income, True),
    ("total_sources", "Total sources", figures.sources, False),
)
_USES = (
    ("transferred", "Transfers to participating organizations", figures.transfers, False),
    ("refunds", "Less: refunds from participating organizations", figures.refunds, False),
    ("net_funded", "Net funded amount", figures.net_funded, False),
    ("fund_transfers", "Transfers to other funds", figures.fund_transfers, True),
    ("agent_fee", "Administrative agent fees", figures.agent_fees, False),
    ("direct_cost", "Direct cost", figures.direct_costs, True),
    ("bank_charges", "Bank charges", figures.bank_charges, False),
    ("total_uses", "Total uses", figures.uses, False),
    ("change", "Change in cash balance", figures.balance_agent, False),
)
_SPENT = (
    ("expenditure", "Expenditure of participating organizations", figures.expenditure, False),
    ("write_offs", "Write-offs", figures.write_offs, True),
)


def sources_and_uses(periods: Mapping[str, Sums], before: Mapping[str, Sums], year: int, unit: str) -> Table:
    """Table 1. periods: the year before, the year, and all up to its end; before: all up to the beginning of each."""
    labels = dict(zip(PERIODS, (f"{year - 1}", f"{year}", "Cumulative"), strict=True))
    rows, identities = [], []

    def row(key: str, label: str, values: Mapping[str, Decimal]) -> None:
        rows.append([Cell(key, label=label), *(Cell(values.get(period)) for period in PERIODS)])

    def section(entries: Iterable[tuple[str, str, Figure, bool]]) -> None:
        for key, label, figure, optional in entries:
            if not optional or any(amount(figure, periods[period]) for period in PERIODS):
                row(key, label, {period: amount(figure, periods[period]) for period in PERIODS})

    opening = {period: amount(figures.balance_agent, before[period]) for period in PERIODS}
    change = {period: amount(figures.balance_agent, periods[period]) for period in PERIODS}
    section((*_SOURCES, *_USES))
    closed = {period: opening[period] + change[period] for period in PERIODS}
    row("opening", "Opening balance (1 January)", opening)
    row("closing", "Closing balance (31 December)", closed)
    section(_SPENT)
    held = amount(figures.balance_organizations, periods["total"])
    row("balance_organizations", "Balance with participating organizations", {"total": held})
    for period in PERIODS:
        difference = amount(figures.sources, periods[period]) - amount(figures.uses, periods[period])
        identities.append(Identity(f"{labels[period]}: change is sources less uses", change[period], difference))
    identities.append(Identity(f"{year} opens where {year - 1} closed", opening["current"], closed["prior"]))
    identities.append(Identity(f"{year} closes where the fund stands", closed["current"], closed["total"]))
    columns = [Column("row", "Line item"), *(Column(period, labels[period], "money", period) for period in PERIODS)]
    title = OUTLINES["sources-and-uses"].title
    return checked(Table(columns, rows, title=title, unit=unit, strong=STRONG), identities)


def by_periods(outline: Outline, periods: Mapping[str, By], wholes: Mapping[str, Sums], unit: str) -> Table:
    """Tables 2, 3, 4 and 7: figures of each row before the year, in it and together. wholes: of the fund as a whole."""
    rows, identities = [], []
    key, shown = outline.column, outline.shown
    unnamed = UNNAMED.get(key, NOT_STATED)
    sums: dict[tuple[str, str], Decimal] = {}
    for code in sorted({code for period in PERIODS for code in periods[period]}):
        values = {
            (figure.name, period): amount(figure, periods[period].get(code, {}))
            for figure in shown
            for period in PERIODS
        }
        if not any(values.values()):
            continue
        rows.append([Cell(code, label=code or unnamed), *map(Cell, values.values())])
        for at, value in values.items():
            sums[at] = sums.get(at, figures.ZERO) + value
        for figure in shown:
            prior, current, both = (values[figure.name, period] for period in PERIODS)
            what = f"{figure.label}, {code or unnamed}: prior years and the year are the total"
            identities.append(Identity(what, prior + current, both))
    for figure in shown:
        for period in PERIODS:
            what = f"{figure.label}, {period}: the rows are the whole"
            identities.append(
                Identity(what, sums.get((figure.name, period), figures.ZERO), amount(figure, wholes[period]))
            )
    columns = [Column(key, key.replace("_", " ").capitalize())]
    columns += [
        Column(f"{figure.name}_{period}", f"{figure.label}, {period}", "money", figure.name)
        for figure in shown
        for period in PERIODS
    ]
    total = [Cell("", label="Total"), *map(Cell, sums.values())] if rows else None
    return checked(Table(columns, rows, total, title=outline.title, unit=unit), identities)
