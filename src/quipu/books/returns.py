"""What the ledger and the records say of an organization's projects, as the rules of returns want it; and what posts replace.

A few questions for any number of projects. An organization that others were merged into speaks for all of them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Sum

from quipu.books import models, records
from quipu.books.records import further
from quipu.books.standing import rows
from quipu.rules.calendar import Participation
from quipu.rules.dates import read_date
from quipu.rules.kinds import CERTIFIED, DIRECT_COST_EXPENDITURE
from quipu.rules.returns.checks import SHIFT, Part, Spent
from quipu.rules.statuses import CLOSED, OVER

SPENDING = ("expenditure", DIRECT_COST_EXPENDITURE)
PAYING = ("transfer", "direct_cost")
SMALL_BALANCE = 25_000  # minor units: US$250 (domain.md, Statuses; default)


def parts(organization: str, fund: str = "") -> dict[str, Part]:
    """An organization's projects, by code, with all that the books hold of them. fund: those of one fund alone."""
    codes = records.together_with(organization)
    found: dict[str, Part] = {}
    chosen = models.Project.objects.filter(participations__organization__in=codes).select_related("fund")
    if fund:
        chosen = chosen.filter(fund=fund)
    theirs = _participations(codes)
    rates = _rates(codes)
    for project in chosen.order_by("fund", "code").distinct():
        own, number = theirs[project.code]
        found[project.code] = Part(
            project.fund_id,
            project.fund.currency,
            project.code,
            project.title,
            own,
            number,
            rates.get(project.fund_id),
            _percent(project.fund, "category-shift", SHIFT),
            SMALL_BALANCE if project.fund.small_balance is None else project.fund.small_balance,
            _day(project, "starts"),
            _day(project, "ends"),
        )
    _moved(found, codes)
    _lived(found, codes)
    return found


def _participations(codes: Collection[str]) -> dict[str, tuple[str, str]]:
    """The code and the own number with which they take part in each project."""
    said = models.Participation.objects.filter(organization__in=codes).order_by("pk")
    return {project: (own, number) for project, own, number in said.values_list("project", "organization", "number")}


def _rates(codes: Collection[str]) -> dict[str, str]:
    return dict(models.Mou.objects.filter(organization__in=codes).values_list("fund", "indirect_cost"))


def _percent(record: Any, key: str, default: Decimal) -> Decimal:
    for words in further(record, key):
        try:
            return Decimal(words[0].removesuffix("%"))
        except (InvalidOperation, IndexError):
            continue
    return default


def _day(record: Any, key: str) -> date | None:
    return next((read_date(words[0]) for words in further(record, key) if words), None)


def _moved(found: dict[str, Part], codes: Collection[str]) -> None:
    """What moved for each project at the organization, by movement and year; spending and budgets by category."""
    if not found:
        return
    marks = ", ".join(["%s"] * len(codes))
    said = rows(
        "SELECT e.project_id, e.movement, e.category, e.standing, e.year, e.adjusts, CAST(sum(e.amount) AS BIGINT),"
        " min(e.effective_on) FROM books_entry e JOIN books_participation p"
        " ON p.project_id = e.project_id AND p.organization_id = e.organization_id"
        f" WHERE p.organization_id IN ({marks})"
        " GROUP BY e.project_id, e.movement, e.category, e.standing, e.year, e.adjusts",
        codes,
    )
    for project, movement, category, standing, year, adjusts, amount, first in said:
        part = found.get(project)
        if part is None:
            continue
        if movement in SPENDING:
            part.spent.append(Spent(year, category, standing, adjusts, amount))
        elif movement == "budget":
            part.budgets[category, year] = part.budgets.get((category, year), 0) + amount
        else:
            part.moved[movement, year] = part.moved.get((movement, year), 0) + amount
        if movement in PAYING:
            day = first if isinstance(first, date) else date.fromisoformat(first)
            part.began = day if part.began is None else min(part.began, day)


def _lived(found: dict[str, Part], codes: Collection[str]) -> None:
    """When the work of each ended, by its own status or its project's; and whether its accounts are settled."""
    events = models.Event.objects.filter(project__in=list(found)).exclude(status="").order_by("posting")
    for project, body, status, on in events.values_list("project", "organization", "status", "posting__on"):
        if body is not None and body not in codes:
            continue
        part = found[project]
        is_over = status.replace("-", "_") in OVER
        part.ended = (part.ended or on) if is_over else None
        part.is_closed = status == CLOSED


def everybodys(year: int, ends: Iterable[Participation] = ()) -> dict[tuple[str, str], dict[str, Part]]:
    """What moved in all projects up to the end of a year, in one question: by fund and organization, then by project.

    Money alone: without titles, rates and budgets. ends: of whom it is known when work ended.
    """
    said = rows(
        "SELECT e.fund_id, f.currency, e.organization_id, e.project_id, e.movement, e.category, e.standing, e.year,"
        " e.adjusts, CAST(sum(e.amount) AS BIGINT), min(e.effective_on) FROM books_entry e"
        " JOIN books_fund f ON f.code = e.fund_id"
        " WHERE e.organization_id IS NOT NULL AND e.project_id IS NOT NULL AND e.year <= %s"
        " AND e.movement IN ('transfer', 'refund', 'direct_cost', 'direct_cost_refund', 'expenditure',"
        " 'direct_cost_expenditure')"
        " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY 1, 3, 4",
        [year],
    )
    merged = records.mergers()
    ended = {(one.fund, one.organization, one.project): one.ended for one in ends}
    found: dict[tuple[str, str], dict[str, Part]] = defaultdict(dict)
    for fund, currency, body, project, movement, category, standing, of_year, adjusts, amount, first in said:
        shown = records.shown_as(body, merged)
        part = found[fund, shown].get(project)
        if part is None:
            part = Part(fund, currency, project, "", shown, ended=ended.get((fund, shown, project)))
            found[fund, shown][project] = part
        if movement in SPENDING:
            part.spent.append(Spent(of_year, category, standing, adjusts, amount))
        else:
            part.moved[movement, of_year] = part.moved.get((movement, of_year), 0) + amount
        if movement in PAYING:
            day = first if isinstance(first, date) else date.fromisoformat(first)
            part.began = day if part.began is None else min(part.began, day)
    return found


def closed_years(funds: Collection[str]) -> dict[str, frozenset[int]]:
    """The years of each fund whose report is out."""
    found: dict[str, set[int]] = defaultdict(set)
    events = models.Event.objects.filter(fund__in=funds, year__isnull=False).order_by("posting")
    for fund, year, kind in events.values_list("fund", "year", "posting__kind"):
        (found[fund].add if kind == "close-year" else found[fund].discard)(year)
    return {fund: frozenset(found[fund]) for fund in funds}


def transfers(organization: str, fund: str, until: int, since: int = 0) -> list[Any]:
    """The entries that a statement of account of these years holds: transfers and refunds, those taken back left out."""
    entries = models.Entry.objects.filter(
        fund=fund,
        organization__in=records.together_with(organization),
        movement__in=(*PAYING, "refund", "direct_cost_refund"),
        year__gte=since,
        year__lte=until,
        reverses=None,
        reversed_by=None,
    )
    return list(entries.select_related("posting").order_by("effective_on", "id"))


def standing_returns(organization: str, fund: str, year: int) -> list[str]:
    """The keys of vouchers of kind return whose figures of that year still stand: what a new one takes the place of."""
    entries = models.Entry.objects.filter(
        fund=fund,
        organization__in=records.together_with(organization),
        movement__in=SPENDING,
        year=year,
        reverses=None,
        reversed_by=None,
        posting__kind="return",
    )
    return list(entries.order_by("posting").values_list("posting__key", flat=True).distinct())


def participations(organizations: Collection[str] = ()) -> list[Participation]:
    """Who has work where, as the calendar wants it: one row for each organization's part of a project that was paid.

    organizations: theirs alone.
    """
    of_them, codes = _of_organizations(organizations)
    paid = rows(
        "SELECT fund_id, organization_id, project_id, min(CASE WHEN movement IN ('transfer', 'direct_cost') THEN year END),"
        " max(year) FROM books_entry WHERE organization_id IS NOT NULL AND project_id IS NOT NULL"
        f" AND movement IN ('transfer', 'direct_cost', 'expenditure', 'direct_cost_expenditure', 'refund'){of_them}"
        " GROUP BY fund_id, organization_id, project_id ORDER BY fund_id, organization_id, project_id",
        codes,
    )
    merged, statuses = records.mergers(), _statuses(project for _, _, project, _, _ in paid)
    found = []
    for fund, organization, project, first, last in paid:
        if first is None:
            continue
        shown = records.shown_as(organization, merged)
        status, ended = statuses.get((project, organization)) or statuses.get((project, "")) or ("", None)
        is_open = status.replace("-", "_") not in OVER
        found.append(
            Participation(fund, shown, project, first, last, is_open, None if is_open else ended, status == CLOSED)
        )
    return found


def _of_organizations(organizations: Collection[str]) -> tuple[str, list[str]]:
    """The condition for entries of some organizations, and of those that were merged into them; "" for all."""
    codes = sorted({code for one in organizations for code in records.together_with(one)})
    return (f" AND organization_id IN ({', '.join(['%s'] * len(codes))})" if codes else ""), codes


def _statuses(projects: Iterable[str]) -> dict[tuple[str, str], tuple[str, date | None]]:
    """The last status of each project and of each part of one, with the day on which its work ended."""
    found: dict[tuple[str, str], tuple[str, date | None]] = {}
    events = models.Event.objects.filter(project__in=set(projects)).exclude(status="").order_by("posting")
    for project, body, status, on in events.values_list("project", "organization", "status", "posting__on"):
        before = found.get((project, body or ""), ("", None))[1]
        found[project, body or ""] = (status, (before or on) if status.replace("-", "_") in OVER else None)
    return found


def reported(years: Collection[int] = (), organizations: Collection[str] = ()) -> dict[tuple[str, str, int], str]:
    """What is in of each fund, organization and year: certified where all of it is, else interim. Nothing is zero, too."""
    of_them, codes = _of_organizations(organizations)
    marks = ", ".join(["%s"] * len(years))
    within = f" AND year IN ({marks})" if years else ""
    said = rows(
        "SELECT DISTINCT fund_id, organization_id, year, standing FROM books_entry e"
        f" WHERE movement IN ('expenditure', 'direct_cost_expenditure') AND adjusts IS NULL AND reverses_id IS NULL"
        f"{within}{of_them}"
        " AND NOT EXISTS (SELECT 1 FROM books_entry r WHERE r.reverses_id = e.id)",
        [*years, *codes],
    )
    merged = records.mergers()
    found: dict[tuple[str, str, int], str] = {}
    for fund, organization, year, standing in said:
        key = (fund, records.shown_as(organization, merged), year)
        found[key] = standing if found.get(key, CERTIFIED) == CERTIFIED else found[key]
    return found


def spent(places: Collection[tuple[str, str, int]]) -> dict[tuple[str, str, int], int]:
    """What stands as spent of each fund, organization and year, in minor units: one question for any number."""
    wanted = set(places)
    if not wanted:
        return {}
    merged = records.mergers()
    found: dict[tuple[str, str, int], int] = defaultdict(int)
    entries = models.Entry.objects.filter(
        movement__in=SPENDING, fund__in={fund for fund, _, _ in wanted}, year__in={year for _, _, year in wanted}
    )
    for fund, body, year, amount in entries.values_list("fund", "organization", "year").annotate(Sum("amount")):
        key = (fund, records.shown_as(body, merged), year)
        if key in wanted:
            found[key] += int(amount)
    return dict(found)
