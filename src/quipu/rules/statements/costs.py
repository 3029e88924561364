"""Table 6 of the annual report and what follows it: what was spent on what, and what it costs to run the fund."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from quipu.rules import figures
from quipu.rules.kinds import CATEGORIES, OF_OLD
from quipu.rules.money import printed
from quipu.rules.statements.annual import OUTLINES, PERIODS, By
from quipu.rules.statements.statement import Identity, Sums, amount, checked
from quipu.rules.table import Cell, Column, Table


def by_category(periods: Mapping[str, By], wholes: Mapping[str, Sums], unit: str) -> Table:
    """Table 6: expenditure by category with its share of the programme cost; indirect cost apart, with its rate.

    Sets of categories of different years stand beside each other and are never converted.
    """
    spent = _spent(periods)
    direct, indirect, identities = _direct_and_indirect(spent, wholes)

    def row(code: str, label: str, values: Mapping[str, Decimal]) -> list[Cell]:
        return [Cell(code, label=label), *(Cell(values[period]) for period in PERIODS), _over(values, direct)]

    rows = [row(code, _category(code), values) for code, values in spent.items() if not CATEGORIES[code].indirect]
    rows.append(row("programme_cost", "Programme cost", direct))
    rows.append(row("indirect_cost", "Indirect support costs, with their rate", indirect))
    columns = [Column("category", "Category")]
    columns += [Column(period, period.capitalize(), "money", period) for period in PERIODS]
    columns.append(Column("share", "Per cent of programme cost", "percent", "share"))
    total = [Cell("", label="Total"), *(Cell(direct[period] + indirect[period]) for period in PERIODS), Cell(None)]
    title = OUTLINES["expenditure-by-category"].title
    return checked(Table(columns, rows, total, title=title, unit=unit, strong=("programme_cost",)), identities)


def cost_recovery(periods: Mapping[str, By], wholes: Mapping[str, Sums], unit: str) -> Table:
    """What it costs to run the fund: the agent's fee, direct cost, and the organizations' indirect support costs.

    They are paid out of different pockets, the first two by the fund and the third by the organizations out of what they
    got, so no row adds them up. A rate is of the total.
    """
    direct, indirect, identities = _direct_and_indirect(_spent(periods), wholes)
    fee, charged = (
        {period: amount(figure, wholes[period]) for period in PERIODS}
        for figure in (figures.agent_fees, figures.direct_costs)
    )
    received = {"total": amount(figures.deposits, wholes["total"])}
    rows = []
    for code, label, values, rate in (
        ("agent_fee", "Administrative agent fee, in per cent of deposits", fee, _over(fee, received)),
        ("direct_cost", "Direct cost charged to the fund", charged, Cell(None, why="charged as it arose")),
        (
            "indirect_cost",
            "Indirect support costs of participating organizations, in per cent of programme cost",
            indirect,
            _over(indirect, direct),
        ),
    ):
        rows.append([Cell(code, label=label), *(Cell(values[period]) for period in PERIODS), rate])
        what = f"{label}: prior years and the year are the total"
        identities.append(Identity(what, values["prior"] + values["current"], values["total"]))
    columns = [Column("cost", "Cost")]
    columns += [Column(period, period.capitalize(), "money", period) for period in PERIODS]
    columns.append(Column("rate", "Per cent", "percent", "rate"))
    return checked(Table(columns, rows, title=OUTLINES["cost-recovery"].title, unit=unit), identities)


def _spent(periods: Mapping[str, By]) -> dict[str, dict[str, Decimal]]:
    """Expenditure of each period by category, where any was spent."""
    spent = {
        code: {period: amount(figures.expenditure, periods[period].get(code, {})) for period in PERIODS}
        for code in CATEGORIES
    }
    return {code: values for code, values in spent.items() if any(values.values())}


def _direct_and_indirect(
    spent: Mapping[str, Mapping[str, Decimal]], wholes: Mapping[str, Sums]
) -> tuple[dict[str, Decimal], dict[str, Decimal], list[Identity]]:
    """Both kinds of categories added up by period, and whether they are what was spent."""
    direct = _added(values for code, values in spent.items() if not CATEGORIES[code].indirect)
    indirect = _added(values for code, values in spent.items() if CATEGORIES[code].indirect)
    identities = [
        Identity(
            f"{period}: the categories are the whole",
            direct[period] + indirect[period],
            amount(figures.expenditure, wholes[period]),
        )
        for period in PERIODS
    ]
    return direct, indirect, identities


def _over(values: Mapping[str, Decimal], base: Mapping[str, Decimal]) -> Cell:
    """One total in per cent of another."""
    value = figures.per_cent(values["total"], base["total"])
    return Cell(None, why="none") if value is None else Cell(printed(value, 2))


def _category(code: str) -> str:
    category = CATEGORIES[code]
    return category.label if category.since_2012 else OF_OLD % {"category": category.label}


def _added(every: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    sums = dict.fromkeys(PERIODS, figures.ZERO)
    for values in every:
        sums = {period: sums[period] + values[period] for period in PERIODS}
    return sums
