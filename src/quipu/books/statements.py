"""Statements asked of the live ledger: sums per cut, as of a day and as known at a position, handed to the rules."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from quipu.books import models, totals
from quipu.books.standing import rows
from quipu.rules import asking
from quipu.rules.controls import CLOSED, Participation
from quipu.rules.figures import allocated_not_transferred, commitments, total_balance_wide
from quipu.rules.money import exponent
from quipu.rules.statements import account, available, contributors, trial_balance
from quipu.rules.statements.statement import Sums
from quipu.rules.table import Table

FOREVER = (date.max, 2**62)
# The figure in which every movement of a statement has its place, and what is promised beside it.
_EVERY = (total_balance_wide.name, allocated_not_transferred.name, commitments.name)


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
        before = _by_project(fund, organization, replace(moment, until=first - timedelta(days=1)))
    during = _by_project(fund, organization, until, since=first)
    return account.account(before, during, _by_project(fund, organization, until), _currency(fund))


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
    return available.available(whole, closed, Decimal(minimum).scaleb(-exponent(currency)), currency)


def contributor_statement(fund: str, moment: Moment) -> Table:
    """What each contributor promised and paid, by agreement."""
    currency = _currency(fund)
    found = rows(
        "SELECT e.contributor_id, e.agreement_id, coalesce(nullif(a.currency, ''), e.currency), e.movement,"
        " coalesce(nullif(e.original_currency, ''), e.currency) AS stated_in,"
        " CAST(sum(CASE WHEN e.original_amount IS NULL THEN e.amount ELSE e.original_amount END) AS BIGINT),"
        " CAST(sum(e.amount) AS BIGINT)"
        " FROM books_entry e LEFT JOIN books_agreement a ON a.code = e.agreement_id"
        " WHERE e.fund_id = %s AND e.movement IN ('commitment', 'commitment_change', 'deposit', 'contributor_refund')"
        " AND e.effective_on <= %s AND e.posting_id <= %s GROUP BY 1, 2, 3, 4, 5",
        [fund, *_bounds(moment)],
    )
    lines = [
        contributors.Line(
            *(contributor or "", agreement or "", own, movement, stated_in),
            Decimal(stated).scaleb(-exponent(stated_in)),
            Decimal(amount).scaleb(-exponent(currency)),
        )
        for contributor, agreement, own, movement, stated_in, stated, amount in found
    ]
    return contributors.contributors(lines, _whole(fund, moment), currency)


def _bounds(moment: Moment) -> tuple[date, int]:
    return moment.until or FOREVER[0], FOREVER[1] if moment.known is None else moment.known


def _currency(fund: str) -> str:
    return str(models.Fund.objects.values_list("currency", flat=True).get(code=fund))


def _whole(fund: str, moment: Moment) -> dict[str, Decimal]:
    return _sums(fund, (), moment).get((), {})


def _by_project(fund: str, organization: str, moment: Moment, *, since: date | None = None) -> dict[str, Sums]:
    whose = asking.Filter("participating_organization", (organization,))
    return {cut[0] or "": sums for cut, sums in _sums(fund, ("project",), moment, whose, since=since).items()}


def _sums(
    fund: str, by: tuple[str, ...], moment: Moment, *where: asking.Filter, since: date | None = None
) -> dict[tuple[str, ...], dict[str, Decimal]]:
    conditions = (asking.Filter("fund", (fund,)), *where)
    asked = asking.Question(_EVERY, by, conditions, since=since, until=moment.until, known=moment.known)
    sums: dict[tuple[str, ...], dict[str, Decimal]] = defaultdict(dict)
    for *cut, _, _, movement, amount, _ in totals.folded(asked):
        sums[tuple(cut)][movement] = amount
    return dict(sums)


def _closed(fund: str, moment: Moment) -> set[Participation]:
    """Participations that were financially closed at the moment, by themselves, with their project or with the fund."""
    until, known = _bounds(moment)
    told = rows(
        "SELECT e.fund_id, e.project_id, e.organization_id, e.status FROM books_event e"
        " JOIN books_posting p ON p.position = e.posting_id LEFT JOIN books_project j ON j.code = e.project_id"
        " WHERE (e.fund_id = %s OR j.fund_id = %s) AND e.status <> '' AND p.\"on\" <= %s AND p.position <= %s"
        ' ORDER BY p."on", p.position',
        [fund, fund, until, known],
    )
    last = {tuple(whose): status for *whose, status in told}
    shut = {whose for whose, status in last.items() if status == CLOSED}
    there = models.Entry.objects.filter(fund=fund, project__isnull=False, organization__isnull=False)
    return {
        (project, organization)
        for project, organization in there.values_list("project_id", "organization_id").distinct()
        if shut & {(fund, None, None), (None, project, None), (None, project, organization)}
    }
