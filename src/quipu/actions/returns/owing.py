"""Who owes what for a year, as it stands today: out of what was paid, what came in, and what was dispensed with.

A few questions for any number of funds and organizations. Deadlines are those of `rules/calendar`, a fund's own where it
has them, unless a dispensation was granted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from quipu.actions.returns import deadlines
from quipu.actions.returns.deadlines import Key
from quipu.books import models, office, records
from quipu.books import returns as ledger
from quipu.rules import calendar, monitoring
from quipu.rules.calendar import Deadlines, Participation
from quipu.rules.kinds import CERTIFIED, INTERIM
from quipu.rules.mandates import Scope
from quipu.rules.returns import obligations as rules
from quipu.rules.returns import states
from quipu.rules.returns.obligations import FINAL, KINDS, NARRATIVE, OF_YEARS, REPORT, Owed
from quipu.rules.returns.states import OWN, State


@dataclass(slots=True)
class _Facts:
    """What obligations of some years follow from. versions: of returns, the first one first."""

    today: date
    parts: list[Participation]
    deadlines: dict[str, Deadlines]
    reported: dict[tuple[str, str, int], str]
    versions: dict[tuple[str, str, int, str], list[Any]] = field(default_factory=lambda: defaultdict(list))
    dispensed: dict[Key, date | None] = field(default_factory=dict)
    told: set[tuple[str, str, int]] = field(default_factory=set)  # fund, project or "", year
    closed: dict[tuple[str, int], date] = field(default_factory=dict)
    signed: dict[tuple[str, int], date] = field(default_factory=dict)


def owed(years: Collection[int], today: date | None = None, *, organizations: Collection[str] = ()) -> list[Owed]:
    """Everything that is owed for these years, by fund, organization and duty. organizations: by these alone."""
    facts = _facts(years, today or office.today(), organizations)
    found = [one for year in years for one in _of_year(facts, year)]
    order = {duty: n for n, duty in enumerate(OF_YEARS)}
    return sorted(found, key=lambda one: (one.year, one.fund, one.organization, order[one.duty], one.project))


def within(owed_: Iterable[Owed], reach: Iterable[Scope]) -> list[Owed]:
    """Those that lie within somebody's mandates."""
    scopes = list(reach)
    return [one for one in owed_ if any(scope.covers(one.scope) for scope in scopes)]


def one(duty: str, fund: str, organization: str, year: int, project: str = "") -> Owed | None:
    """One obligation; None where nothing of that kind is owed."""
    key = (duty, fund, organization, project, year)
    return next((each for each in owed([year]) if each.key == key), None)


def _of_year(facts: _Facts, year: int) -> Iterable[Owed]:
    at_work = [part for part in facts.parts if part.reports_on(year)]
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for part in at_work:
        places[part.fund, part.organization].add(part.project)
    for (fund, body), projects in sorted(places.items()):
        yield _return(facts, rules.ANNUAL, fund, body, year)
        interim = _return(facts, rules.INTERIM, fund, body, year)
        if interim.mark != rules.Mark.NOT_DUE or interim.until >= facts.today:  # nobody asks for them afterwards
            yield interim
        yield _narrative(facts, fund, body, year, projects)
    for part in facts.parts:
        if not part.open and part.project and part.ended is not None and part.ended.year == year:
            yield _final(facts, part)
    for fund in sorted({part.fund for part in at_work}):
        yield _report(facts, fund, year)


def _return(facts: _Facts, duty: str, fund: str, body: str, year: int) -> Owed:
    standing = facts.reported.get((fund, body, year), "")
    in_ledger = standing == (INTERIM if duty == rules.INTERIM else CERTIFIED)
    return _owed(facts, duty, fund, body, year, facts.versions[fund, body, year, KINDS[duty]], in_ledger=in_ledger)


def _final(facts: _Facts, part: Participation) -> Owed:
    """Of one project's part. A final return speaks of all that ended by its year."""
    assert part.ended is not None
    year = part.ended.year
    later = [
        version
        for (fund, body, of, kind), versions in facts.versions.items()
        if (fund, body, kind) == (part.fund, part.organization, states.FINAL) and of >= year
        for version in versions
    ]
    return _owed(facts, FINAL, part.fund, part.organization, year, later, project=part.project, in_ledger=part.settled)


def _narrative(facts: _Facts, fund: str, body: str, year: int, projects: set[str]) -> Owed:
    told = any((fund, project, year) in facts.told for project in ("", *projects))
    return _owed(facts, NARRATIVE, fund, body, year, [], in_ledger=told)


def _report(facts: _Facts, fund: str, year: int) -> Owed:
    came = facts.signed.get((fund, year)) or facts.signed.get(("", year)) or facts.closed.get((fund, year))
    return _owed(facts, REPORT, fund, "", year, [], in_ledger=came is not None, came=came)


def _owed(
    facts: _Facts,
    duty: str,
    fund: str,
    body: str,
    year: int,
    versions: list[Any],
    *,
    project: str = "",
    in_ledger: bool = False,
    came: date | None = None,
) -> Owed:
    usual = calendar.due(duty, year, facts.deadlines.get(fund))
    key = (duty, fund, body, project, year)
    until = facts.dispensed.get(key, facts.dispensed.get((duty, fund, body, "", year), usual))
    opened = rules.opens(duty, year, usual)
    standing = _standing(versions)
    is_in = standing is not None and State(standing.state) not in OWN
    mark = rules.mark(
        duty,
        opened=opened,
        usual=usual,
        until=until,
        came=is_in or in_ledger,
        nil=is_in and standing.nil,
        today=facts.today,
    )
    closed = (fund, year) in facts.closed and duty != FINAL  # a final statement comes when work has ended
    found = Owed(duty, fund, body, year, usual, until or usual, mark, project, came=came, closed=closed)
    if standing is None:
        if not found.is_missing or not body:
            return found
        return replace(found, holder=rules.WITH_ORGANIZATION, since=max(opened, date(year, 1, 1)))
    holder, since = _held(standing, opened)
    return replace(
        found,
        state=standing.state,
        code=standing.code,
        came=_day(standing.signed_at or standing.submitted_at) if is_in else None,
        holder="" if mark == rules.Mark.WAIVED else holder,
        since=since,
    )


def _standing(versions: list[Any]) -> Any:
    """The version that counts: the last that was submitted, before that the one that is worked on."""
    submitted = [one for one in versions if State(one.state) not in OWN and one.state != State.RESTATED]
    return (submitted or versions or [None])[-1]


def _held(standing: Any, opened: date) -> tuple[str, date | None]:
    """Whose turn it is, and since when."""
    state = State(standing.state)
    if state == State.FOR_CERTIFICATION:
        return rules.WITH_CERTIFIER, _day(standing.changed_at)
    if state in states.WITH_AGENT:
        return rules.WITH_AGENT, _day(standing.submitted_at)
    if state == State.SENT_BACK:
        return rules.WITH_ORGANIZATION, _day(standing.changed_at)
    return (rules.WITH_ORGANIZATION, opened) if state == State.DRAFT else ("", None)


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None


def _facts(years: Collection[int], today: date, organizations: Collection[str]) -> _Facts:
    parts, reported = ledger.participations(organizations), ledger.reported(list(years), organizations)
    facts = _Facts(today, parts, records.deadlines(), reported)
    merged = records.mergers()
    shown = models.Return.objects.filter(year__gte=min(years)).defer("cells", "answers", "stated").order_by("version")
    for version in shown:
        body = records.shown_as(version.organization_id, merged)
        facts.versions[version.fund_id, body, version.year, version.kind].append(version)
    facts.dispensed = deadlines.granted(years)
    papers = models.Document.objects.filter(type=rules.DOCUMENT).values_list("fund_id", "project_id", "on")
    facts.told = {
        (fund, project or "", year) for fund, project, on in papers if (year := rules.year_told(on)) is not None
    }
    written = models.Narrative.objects.filter(year__in=years, state__in=[str(state) for state in monitoring.IN])
    facts.told |= set(written.values_list("project__fund", "project", "year"))
    events = models.Event.objects.filter(year__in=years, fund__isnull=False).order_by("posting")
    for fund, year, kind, on in events.values_list("fund", "year", "posting__kind", "posting__on"):
        if kind == "close-year":
            facts.closed[fund, year] = on
        else:
            facts.closed.pop((fund, year), None)
    signed = models.Report.objects.filter(year__in=years).exclude(signed_at=None).order_by("-version")
    for fund, year, at in signed.values_list("fund_id", "year", "signed_at"):
        day = _day(at)
        if day is not None:
            facts.signed[fund or "", year] = day
    return facts
