"""Statements asked of the live ledger: sums per cut, as of a day and as known at a position, handed to the rules."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Sum

from quipu.books import models, records, totals
from quipu.books.records import further, portion
from quipu.books.standing import rows
from quipu.rules import asking
from quipu.rules.controls import Participation
from quipu.rules.figures import commitments, contributions
from quipu.rules.money import of_minor_units
from quipu.rules.statements import account, annual, available, contributors, costs, delivery, portfolio, trial_balance
from quipu.rules.statements.statement import Sums, named
from quipu.rules.table import Table

_Periods = Mapping[str, Mapping[tuple[str, ...], Sums]]  # sums by period and cut
FOREVER = (date.max, 2**62)

# The records whose titles stand beside codes in a column of that key.
_NAMED: dict[str, Any] = {
    "project": models.Project,
    "participating_organization": models.Organization,
    "source": models.Organization,
    "contributor": models.Organization,
    "agreement": models.Agreement,
}


@dataclass(frozen=True, slots=True)
class Moment:
    """As of which day (None: now), as known at which position of the chain (None: all)."""

    until: date | None = None
    known: int | None = None


def statement_of_account(fund: str, organization: str, moment: Moment, *, year: int | None = None) -> Table:
    """What an organization holds of a fund, by project; of a year, or from the beginning."""
    first = date(year, 1, 1) if year else None
    last = min(date(year, 12, 31), moment.until or date.max) if year else moment.until
    until = replace(moment, until=last)
    before: dict[str, Sums] = {}
    if first:
        before = _by_project(fund, organization, _until(moment, first - timedelta(days=1)))
    during = _by_project(fund, organization, until, since=first)
    return _named(account.account(before, during, _by_project(fund, organization, until), _currency(fund)))


def fund_trial_balance(fund: str, moment: Moment) -> Table:
    """Both sides of a fund's accounts."""
    return trial_balance.trial_balance(_whole(fund, moment), _currency(fund))


def available_to_allocate(fund: str, moment: Moment) -> Table:
    """What the fund may still promise."""
    currency = _currency(fund)
    minimum = models.Fund.objects.values_list("minimum_balance", flat=True).get(code=fund)
    by = _sums(fund, ("project", "participating_organization"), moment)
    closed = [by[one] for one in _closed(fund, moment) & set(by)]
    whole = _whole(fund, moment)
    expected = contributors.outstanding(_contributors(fund, moment))
    return available.available(whole, closed, of_minor_units(minimum, currency), expected, currency)


def contributor_statement(fund: str, moment: Moment) -> Table:
    """What each contributor promised and paid, by agreement."""
    return _named(_contributors(fund, moment))


def _contributors(fund: str, moment: Moment) -> Table:
    currency = _currency(fund)
    moved = (*commitments.movements, *contributions.movements)
    found = rows(
        "SELECT e.contributor_id, e.agreement_id, coalesce(nullif(a.currency, ''), e.currency), e.movement,"
        " coalesce(nullif(e.original_currency, ''), e.currency) AS stated_in,"
        " CAST(sum(CASE WHEN e.original_amount IS NULL THEN e.amount ELSE e.original_amount END) AS BIGINT),"
        " CAST(sum(e.amount) AS BIGINT)"
        " FROM books_entry e LEFT JOIN books_agreement a ON a.code = e.agreement_id"
        f" WHERE e.fund_id = %s AND e.movement IN ({', '.join(['%s'] * len(moved))})"
        " AND e.effective_on <= %s AND e.posting_id <= %s GROUP BY 1, 2, 3, 4, 5",
        [fund, *moved, *_bounds(moment)],
    )
    lines = [
        contributors.Line(
            *(contributor or "", agreement or "", own, movement, stated_in),
            of_minor_units(stated, stated_in),
            of_minor_units(amount, currency),
        )
        for contributor, agreement, own, movement, stated_in, stated, amount in found
    ]
    return contributors.contributors(lines, _whole(fund, moment), currency)


def annual_table(fund: str, name: str, year: int, moment: Moment, *, group: str = "") -> Table:
    """A table of the annual report of a year, by its name in annual.OUTLINES. group: what projects stand under."""
    if name == "sources-and-uses":
        periods, before = _overview(fund, year, moment)
        return annual.sources_and_uses(periods, before, year, _currency(fund))
    return _annual(name, _currency(fund), lambda by: _periods(fund, by, year, moment), group)


def annual_report(fund: str, year: int, moment: Moment, *, group: str = "") -> dict[str, Table]:
    """All tables of a year's report in its order, by name. What several are made of is asked once."""
    asked = cache(lambda by: _periods(fund, by, year, moment))
    first, *others = annual.OUTLINES
    report = {first: annual_table(fund, first, year, moment)}
    return report | {name: _annual(name, _currency(fund), asked, group) for name in others}


def _annual(name: str, unit: str, asked: Callable[[tuple[str, ...]], _Periods], group: str) -> Table:
    outline = annual.OUTLINES[name]
    by = {period: {cut[0] or "": sums for cut, sums in cuts.items()} for period, cuts in asked((outline.by,)).items()}
    wholes = {period: sums.get((), {}) for period, sums in asked(()).items()}
    if name == "expenditure-by-category":
        return costs.by_category(by, wholes, unit)
    if name == "cost-recovery":
        return costs.cost_recovery(by, wholes, unit)
    if outline.shown:
        return _named(annual.by_periods(outline, by, wholes, unit))
    table = delivery.delivery(outline, by["total"], wholes["total"], unit)
    if not group or outline.by != "project":
        return _named(table)
    groups = _groups(group)
    table = delivery.grouped(table, group, groups, by["total"], wholes["total"])
    return named(_named(table), {group: {each.code: each.name for each in groups.values()}})


def consolidated_portfolio(currency: str, moment: Moment) -> Table:
    """All funds of a currency but internal ones, with what they paid each other taken out."""
    funds = models.Fund.objects.filter(currency=currency).exclude(category__iexact=portfolio.INTERNAL)
    titles = dict(funds.order_by("code").values_list("code", "title"))
    codes = tuple(titles)
    whole: dict[str, Decimal] = defaultdict(Decimal)
    for code in codes:
        for movement, amount in _whole(code, moment).items():
            whole[movement] += amount
    until, known = _bounds(moment)
    inside = models.Entry.objects.filter(movement__in=portfolio.BETWEEN, effective_on__lte=until, posting_id__lte=known)
    found = inside.filter(fund__in=codes, other_fund__in=codes).values_list("movement").annotate(Sum("amount"))
    between = {movement: of_minor_units(amount, currency) for movement, amount in found}
    table = portfolio.portfolio(whole, between, currency)
    table.notes.insert(0, f"Funds: {', '.join(f'{code} {titles[code]}'.strip() for code in codes) or 'none'}.")
    if funds.filter(illustrative=True).exists():
        table.notes.insert(1, asking.ILLUSTRATIVE)
    return table


def _named(table: Table) -> Table:
    keys = {column.key for column in table.columns} & set(_NAMED)
    return named(table, {key: dict(_NAMED[key].objects.values_list("code", "title")) for key in keys})


def _groups(key: str) -> dict[str, delivery.Group]:
    """What each project's declaration says of its theme or country, shares aside: an amount is never split here."""
    groups = {}
    for project in models.Project.objects.only("code", "further"):
        said = {code: name or code for code, name, _ in map(portion, filter(None, further(project, key)))}
        if said:
            names = (said[code] for code in sorted(said))
            groups[project.code] = delivery.Group(", ".join(sorted(said)), ", ".join(names))
    return groups


def _periods(fund: str, by: tuple[str, ...], year: int, moment: Moment) -> _Periods:
    """Sums before the year, in it, and up to its end, each asked by itself."""
    return {
        "prior": _sums(fund, by, _until(moment, date(year - 1, 12, 31))),
        "current": _sums(fund, by, _until(moment, date(year, 12, 31)), since=date(year, 1, 1)),
        "total": _sums(fund, by, _until(moment, date(year, 12, 31))),
    }


def _overview(fund: str, year: int, moment: Moment) -> tuple[Mapping[str, Sums], Mapping[str, Sums]]:
    """Sums of the year before, of the year, and up to its end; and up to the beginning of each."""
    ends = [_until(moment, date(each, 12, 31)) for each in (year - 2, year - 1, year)]
    whole = [_whole(fund, each) for each in ends]
    before: dict[str, Sums] = dict(zip(annual.PERIODS, (*whole[:2], {}), strict=True))
    years = [
        _sums(fund, (), end, since=date(end_year, 1, 1)).get((), {})
        for end_year, end in ((year - 1, ends[1]), (year, ends[2]))
    ]
    return dict(zip(annual.PERIODS, (*years, whole[2]), strict=True)), before


def _until(moment: Moment, day: date) -> Moment:
    return replace(moment, until=min(day, moment.until or date.max))


def _bounds(moment: Moment) -> tuple[date, int]:
    return moment.until or FOREVER[0], FOREVER[1] if moment.known is None else moment.known


def _currency(fund: str) -> str:
    return str(models.Fund.objects.values_list("currency", flat=True).get(code=fund))


def _whole(fund: str, moment: Moment) -> dict[str, Decimal]:
    return totals.of_fund(fund, until=moment.until, known=moment.known, figures=totals.STATED)


def _by_project(fund: str, organization: str, moment: Moment, *, since: date | None = None) -> dict[str, Sums]:
    whose = asking.Filter("participating_organization", (organization,))
    return {cut[0] or "": sums for cut, sums in _sums(fund, ("project",), moment, whose, since=since).items()}


def _sums(
    fund: str, by: tuple[str, ...], moment: Moment, *where: asking.Filter, since: date | None = None
) -> dict[tuple[str, ...], dict[str, Decimal]]:
    conditions = (asking.Filter("fund", (fund,)), *where)
    asked = asking.Question(totals.STATED, by, conditions, since=since, until=moment.until, known=moment.known)
    sums: dict[tuple[str, ...], dict[str, Decimal]] = defaultdict(dict)
    for *cut, _, _, movement, amount, _ in totals.folded(asked):
        sums[tuple(cut)][movement] = amount
    return dict(sums)


def _closed(fund: str, moment: Moment) -> set[Participation]:
    """Participations that were financially closed at the moment, by themselves, with their project or with the fund."""
    until, known = _bounds(moment)
    told = rows(
        "SELECT coalesce(e.project_id, ''), coalesce(e.organization_id, ''), e.status FROM books_event e"
        " JOIN books_posting p ON p.position = e.posting_id LEFT JOIN books_project j ON j.code = e.project_id"
        " WHERE (e.fund_id = %s OR j.fund_id = %s) AND e.status <> '' AND p.\"on\" <= %s AND p.position <= %s"
        ' ORDER BY p."on", p.position',
        [fund, fund, until, known],
    )
    there = models.Entry.objects.filter(fund=fund, project__isnull=False, organization__isnull=False)
    pairs = there.values_list("project_id", "organization_id").distinct()
    merged = records.mergers()
    whose = (((project, records.shown_as(body, merged)), status) for project, body, status in told)
    return available.closed(whose, {(project, records.shown_as(body, merged)) for project, body in pairs})
