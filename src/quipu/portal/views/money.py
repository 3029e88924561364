"""The money of a factsheet: which tables a page of a fund, of its project or of anything else shows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.http import HttpRequest

from quipu.edition import allocating, pages
from quipu.edition.ask import ask, sums
from quipu.edition.open import Edition
from quipu.edition.pages import Record
from quipu.portal import addresses
from quipu.rules.asking import HOLDS_INTERIM, ORIGINAL, Question, question
from quipu.rules.dates import read_date
from quipu.rules.figures import FIGURES, AnyFigure, Rate, allocated_not_transferred, total_balance_wide
from quipu.rules.kinds import CATEGORIES
from quipu.rules.movements import POOLED
from quipu.rules.statements import funding_status as statement
from quipu.rules.statements.funding_status import LAYOUTS, NARROW, WIDE
from quipu.rules.table import Cell, Table

FLOWS = ("transfers", "refunds", "net_funded", "expenditure", "delivery_rate")
OF_FUND = ("commitments", "deposits", "allocations", *FLOWS, "fund_costs")
REPORTED_FIGURES = (
    *("budget", "incoming_commitment", "incoming_funds", "outgoing_commitment", "disbursement", "expenditure", "spend"),
    *("reimbursement", "interest_payment", "loan_repayment", "guarantee", "equity_purchase", "equity_sale", "unknown"),
)
KEY_POOLED = ("net_funded", "expenditure", "delivery_rate")
KEY_FUND = ("deposits", "net_funded", "expenditure", "balance_agent")
KEY_REPORTED = ("budget", "incoming_funds", "outgoing_commitment", "spend")
BY_CONTRIBUTOR = ("pledges", "commitments", "deposits", "contributor_refunds")
CHOICES = tuple(LAYOUTS)
BY_CATEGORY = ("budget", "expenditure", "budget_use")


def where(record: Record) -> list[str]:
    """What narrows a question down to a page."""
    if record["place"] == "fund":
        return [f"fund={record['fund']}", f"publisher={record['publisher']}"]
    return [f"project={record['identifier']}", f"publisher={record['publisher']}"]


def tables(record: Record, unit: str) -> dict[str, Table]:
    """Key figures, and financials by organization, year, category and contributor, out of the record's cube."""
    movements = pages.movements(record)
    own = {name for family, name in movements if family == POOLED}
    others = {name for _, name in movements} - own
    return _tables(
        record["place"],
        own,
        others,
        lambda names, *by: pages.money(record, _asked(record, unit, names, by)),
        is_owed=record["books"],
    )


def of_fund(edition: Edition, record: Record, unit: str) -> dict[str, Table]:
    """The same of a fund that has no page record, because it publishes nothing of its own."""
    found = edition.rows(
        "SELECT DISTINCT movement FROM facts WHERE fund = ? AND publisher = ?", [record["fund"], record["publisher"]]
    )
    present = {name for (name,) in found}
    return _tables("fund", present, set(), lambda names, *by: ask(edition, _asked(record, unit, names, by)))


def _asked(record: Record, unit: str, names: Iterable[str], by: Iterable[str]) -> Question:
    return question(names, by, where(record), unit=unit)


def _tables(
    place: str, pooled: set[str], others: set[str], asked: Callable[..., Table], *, is_owed: bool = False
) -> dict[str, Table]:
    """Only figures of which something occurs are shown; where spending is owed for what was paid, its dashes say by when."""
    if place == "elsewhere":
        names = _occurring(REPORTED_FIGURES, pooled | others)
        if "spend" in names and not {"disbursement", "expenditure"} <= set(names):
            names.remove("spend")  # it would repeat its one part
        found = {"headline": asked(KEY_REPORTED)}
    else:
        # Of a fund some projects keep budgets and others do not: what all have in common is what was allocated.
        approved = "budget" if "budget" in pooled and place != "fund" else "allocations"
        names = _occurring(OF_FUND if place == "fund" else (approved, *FLOWS), pooled)
        if place != "fund":
            names += [name for name in _occurring(REPORTED_FIGURES, others) if name not in names]
        if is_owed and "transfers" in names and "expenditure" not in names:
            names.append("expenditure")
        found = {"headline": asked(KEY_FUND if place == "fund" else (approved, *KEY_POOLED))}
    of_organizations = [name for name in names if name not in ("commitments", "deposits", "fund_costs")]
    if of_organizations:
        found["organizations"] = asked(of_organizations, "participating_organization")
    if names:
        found["years"] = asked(names, "year")
    of_categories = _occurring(("expenditure",) if place == "fund" else BY_CATEGORY, pooled)
    categories = asked(of_categories, "category") if of_categories else None
    if categories and any(row[0].value for row in categories.rows):
        found["categories"] = _in_order(categories)
    givers = _occurring(BY_CONTRIBUTOR, pooled)
    if place == "fund" and givers:
        found["contributors"] = asked(givers, "contributor")
    return found


def _occurring(names: Iterable[str], present: set[str]) -> list[str]:
    """The figures of which something occurs; a rate only where both of its parts do."""

    def occurs(figure: AnyFigure) -> bool:
        if isinstance(figure, Rate):
            return occurs(figure.top) and occurs(figure.base)
        return not present.isdisjoint(figure.movements)

    return [name for name in names if occurs(FIGURES[name])]


def _in_order(table: Table) -> Table:
    """Categories as a report prints them: both sets, the old one after the new, never converted."""
    order = {name: n for n, name in enumerate(CATEGORIES)}
    table.rows.sort(key=lambda row: order.get(str(row[0].value), len(order)))
    return table


def transfers(record: Record) -> Table:
    """Transfers by organization and year: the cord."""
    return pages.money(record, question(["transfers"], ["participating_organization", "year"], where(record)))


@dataclass(frozen=True, slots=True)
class Final:
    """Whether the expenditure on a page is final. key: "certified", "interim" (then how much is), or "unknown"."""

    key: str
    amount: Decimal | None = None


def final(record: Record, headline: Table) -> Final | None:
    """The answer to "is that final?"; None where nothing is spent. Only books say which expenditure is certified."""
    at = next((n for n, column in enumerate(headline.columns) if column.figure == "expenditure"), None)
    if at is None or not headline.rows or headline.rows[0][at].value is None:
        return None
    if not record["books"]:
        return Final("unknown")
    interim = headline.rows[0][at].interim
    return Final("interim", interim) if interim else Final("certified")


# The funding status


def layout(request: HttpRequest) -> str:
    """The layout the address chooses."""
    return NARROW if request.GET.get("layout") == NARROW else WIDE


def of_books(request: HttpRequest, record: Record) -> dict[str, Table]:
    """Funding status and available to allocate of a fund of the books, now or as of the day the address names (until)."""
    until = read_date(request.GET.get("until", ""))
    conditions = [*where(record), f"currency={record['currency']}"]
    asked = replace(
        question([total_balance_wide.name, allocated_not_transferred.name], [], conditions, until=until), unit=ORIGINAL
    )
    whole, unsure = sums(request.edition, asked) if until else pages.sums(record)
    drawn = statement.table(whole, layout(request), record["currency"])
    scope = [("where", each) for each in where(record)] + [("unit", ORIGINAL)]
    scope += [("until", until.isoformat())] if until else []
    figures = {row.key: row.figure for row in LAYOUTS[layout(request)]}
    rows: list[list[Cell]] = []
    for name, amount, percent in drawn.rows:
        figure = figures[str(name.value)]
        if isinstance(figure, Rate):  # a percentage stands beside the balance it is of
            rows[-1][2] = percent
            continue
        known = FIGURES.get(figure.name) is figure
        trail = addresses.query(f"{request.prefix}/figure/{figure.name}", scope) if known else ""
        label = request.words.gettext(name.label)
        part = figure.of(unsure)
        rows.append(
            [replace(name, label=label), replace(amount, link=trail, interim=abs(part) if part else None), Cell("")]
        )
    drawn.rows = rows
    drawn.columns = [replace(column, figure="") for column in drawn.columns]
    drawn.notes += [HOLDS_INTERIM] if unsure else []
    left = allocating.of_fund(request.edition, record, whole, conditions, until)
    for row in left.rows:
        row[0] = replace(row[0], label=request.words.gettext(row[0].label))
        if str(row[0].value) in FIGURES:
            row[1] = replace(row[1], link=addresses.query(f"{request.prefix}/figure/{row[0].value}", scope))
    left.columns = [replace(column, figure="") for column in left.columns]
    return {"status": drawn, "available": left}
