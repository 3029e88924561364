"""Who owes what by when: the field's deadlines, and the obligations that follow from what was paid.

(domain.md, Calendar.) Deadlines are defaults of the field; a fund may have its own, and more time may be granted. Time is the
moment of what is looked at, never a clock. Nobody is ranked: obligations stand by date, then by name.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

MONTHS_AFTER_CLOSURE = 3
MONTHS_BEFORE_END = 3


def _day(year: int, month: int, day: int) -> date:
    """A day, or the first or last one there is: sources hold years like 1 and 9999, and no deadline falls outside of time."""
    if year < date.min.year:
        return date.min
    return date.max if year > date.max.year else date(year, month, day)


Deadlines = Mapping[str, tuple[int, int]]  # a fund's own month and day, by duty; what it does not say is the default
DEADLINES: Deadlines = {
    "interim_return": (7, 31),
    "narrative": (3, 31),
    "annual_return": (4, 30),
    "consolidated_report": (5, 31),
    "final_statement": (5, 31),
}
WITHIN_THE_YEAR = ("interim_return",)  # due in the year that it is about; all else in the year after


def due(duty: str, year: int, own: Deadlines | None = None) -> date:
    """The day by which a duty of a year is due; own: the fund's deadlines. A day that its month lacks is its last one."""
    month, day = (own or {}).get(duty) or DEADLINES[duty]
    year += duty not in WITHIN_THE_YEAR
    if date.min.year <= year <= date.max.year:
        day = min(day, monthrange(year, month)[1])
    return _day(year, month, day)


def read_deadline(words: Sequence[str]) -> tuple[str, tuple[int, int]] | None:
    """A duty with its month and day as a fund's setting says them: annual-return 04-15. None where it says neither."""
    if len(words) != 2 or not (day := re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", words[1])):
        return None
    duty = words[0].replace("-", "_")
    return (duty, (int(day[1]), int(day[2]))) if duty in DEADLINES else None


def narrative(year: int, own: Deadlines | None = None) -> date:
    """The day by which the narrative of a year is due."""
    return due("narrative", year, own)


def annual_return(year: int, own: Deadlines | None = None) -> date:
    """The day by which a year's certified expenditure is due."""
    return due("annual_return", year, own)


def consolidated_report(year: int, own: Deadlines | None = None) -> date:
    """The day by which the administrative agent reports on a year."""
    return due("consolidated_report", year, own)


def final_statement(ended: date, own: Deadlines | None = None) -> date:
    """The day by which the certified final statement of work that ended on a day is due."""
    return due("final_statement", ended.year, own)


def months_from(day: date, months: int) -> date:
    """The same day of the month so many months later or earlier; the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return _day(year, 1, 1)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def final_narrative(ended: date) -> date:
    """The day by which the final narrative of work that ended on a day is due."""
    return months_from(ended, MONTHS_AFTER_CLOSURE)


def extension_request(end: date) -> date:
    """The last day to ask for an extension of work that is planned to end on a day."""
    return months_from(end, -MONTHS_BEFORE_END)


def in_force(day: date, granted: Iterable[date | None]) -> date | None:
    """The deadline in force: the day by rule, or the latest that was granted instead. None where the obligation was waived."""
    untils = list(granted)
    return None if None in untils else max((day, *(until for until in untils if until)))


def days_late(due: date, came: date) -> int:
    """How many days after the deadline in force something came: none on the day itself."""
    return max(0, (came - due).days)


ORGANIZATION, AGENT, PROJECT, CONTRIBUTOR = "organization", "agent", "project", "contributor"


@dataclass(frozen=True, slots=True)
class Duty:
    """One kind of obligation: whose it is and what it says."""

    name: str
    of: str
    label: str
    sentence: str


DUTIES: Mapping[str, Duty] = {
    each.name: each
    for each in (
        Duty("narrative", ORGANIZATION, "Annual narrative", "What was done in the year, in words, by 31 March."),
        Duty(
            "annual_return",
            ORGANIZATION,
            "Annual return",
            "The year's spending, certified at the organization's headquarters, by 30 April.",
        ),
        Duty(
            "interim_return",
            ORGANIZATION,
            "Interim figures",
            "What was spent in the first half of the running year: voluntary, and not certified.",
        ),
        Duty(
            "consolidated_report",
            AGENT,
            "Consolidated annual report",
            "The administrative agent's certified statement and the report on all organizations, by 31 May.",
        ),
        Duty(
            "extension_request",
            PROJECT,
            "Last day to ask for an extension",
            "Three months before the planned end; who asks by then is not late, whatever is decided.",
        ),
        Duty(
            "final_narrative",
            PROJECT,
            "Final narrative",
            "What the whole of the work came to, three months after it ended.",
        ),
        Duty(
            "final_statement",
            PROJECT,
            "Certified final statement",
            "The last accounts, and what is left sent back, by 31 May of the year after the work ended.",
        ),
        Duty(
            "instalment",
            CONTRIBUTOR,
            "Instalment of an agreement",
            "A payment the agreement expects on that day, in its own currency.",
        ),
    )
}

# What is known of an obligation, in words
CERTIFIED = "certified figures are in"
INTERIM = "only interim figures are in"
UNMARKED = "figures are in; whether certified is not said"
NIL = "nothing was spent, as certified"
SUBMITTED = "certified and submitted; the agent has not accepted it yet"
EXTENDED = "more time was granted"
WAIVED = "waived"
NOTHING = "nothing is in"
NOT_DUE = "not due yet"
UNKNOWN = "not recorded here yet"
CLOSED = "the year is closed in the books"
NOT_CLOSED = "the year is not closed in the books"
SETTLED = "financially closed"
NOT_SETTLED = "not financially closed"
PASSED = "the day has passed"
RECEIVED = "received in full"
IN_PART = "received in part"
STATES = (
    *(CERTIFIED, INTERIM, UNMARKED, NOTHING, NOT_DUE, UNKNOWN, CLOSED, NOT_CLOSED, SETTLED, NOT_SETTLED, PASSED),
    *(RECEIVED, IN_PART, NIL, SUBMITTED, EXTENDED, WAIVED),
)
IN = (CERTIFIED, NIL, SUBMITTED)  # states of an annual return that the organization has given


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something somebody owes by a day, and what is known of it. arrived: on which day it was complete, where that is known.

    due: the deadline in force; rule: the day by the calendar, where that is another one. For a return, arrived is the day of
    the certifier's signature, late the days from the deadline in force to it, and accepted the day the agent accepted it.
    """

    duty: str
    due: date
    state: str
    fund: str
    body: str = ""  # who owes it
    project: str = ""
    year: int | None = None  # that it is about
    agreement: str = ""
    amount: Decimal | None = None
    currency: str = ""
    arrived: date | None = None
    rule: date | None = None
    late: int | None = None
    accepted: date | None = None
    nil: bool = False
    reason: str = ""  # why more time was granted, or the obligation waived
    remark: str = ""  # the organization's

    @property
    def uid(self) -> str:
        """What it is called in a calendar, in every edition: all that makes it this obligation and no other."""
        said = (self.duty, self.fund, self.project, self.body, self.agreement)
        when = str(self.year) if self.year is not None else self.due.isoformat()
        return "/".join(part for part in (*said, when) if part)


@dataclass(frozen=True, slots=True)
class Participation:
    """An organization's part of a project, or of a fund itself. last: the last year it moved money; ended: when its work did."""

    fund: str
    organization: str
    project: str
    first: int
    last: int
    open: bool
    ended: date | None
    settled: bool

    def reports_on(self, year: int) -> bool:
        """Whether the organization owes a return of the year for it: paid by then, and work had not ended before."""
        if self.first > year:
            return False
        return self.open or (self.ended.year if self.ended else self.last) >= year


@dataclass(frozen=True, slots=True)
class Expected:
    """An instalment. before: what earlier ones of its agreement expect; received: deposits under it, in its currency."""

    fund: str
    contributor: str
    agreement: str
    currency: str
    on: date
    amount: Decimal
    before: Decimal
    received: Sequence[tuple[date, Decimal]]


@dataclass(frozen=True, slots=True)
class Arrived:
    """That an annual return came in. certified: signed on that day; accepted None: not yet."""

    certified: date
    accepted: date | None = None
    nil: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """More time for a duty until a day; None waives it. project: "" for all of them."""

    until: date | None
    reason: str = ""
    project: str = ""


Place = tuple[str, str, int]  # fund, organization, year
Reported = Mapping[Place, str]  # CERTIFIED, NIL, INTERIM or UNMARKED
Returns = Mapping[Place, Arrived]
Dispensations = Mapping[tuple[str, str, int, str], Sequence[Granted]]  # fund, organization, year, duty


def owed(
    duty: str,
    day: date,
    fund: str,
    body: str,
    year: int,
    moment: date,
    then: str,
    dispensations: Dispensations | None = None,
    project: str = "",
) -> Obligation:
    """An organization's obligation with the deadline in force. then: what is known of it where nothing came in after the day."""
    known = (dispensations or {}).get((fund, body, year, duty), ())
    granted = [one for one in known if one.project in ("", project)]
    due = in_force(day, (one.until for one in granted))
    said = {"fund": fund, "body": body, "project": project, "reason": granted[-1].reason if granted else ""}
    if due is None:
        return Obligation(duty, day, WAIVED, rule=day, **said)  # type: ignore[arg-type]
    state = EXTENDED if due != day and moment <= due else _told(due, moment, then)
    return Obligation(duty, due, state, rule=day if due != day else None, **said)  # type: ignore[arg-type]


def of_organizations(
    year: int,
    parts: Iterable[Participation],
    reported: Reported,
    moment: date,
    deadlines: Mapping[str, Deadlines] | None = None,
    returns: Returns | None = None,
    dispensations: Dispensations | None = None,
) -> list[Obligation]:
    """What organizations owe for a year: one narrative and one return for each fund in which they have work.

    deadlines: of each fund, where it has its own. returns: those that were certified, where the day is known.
    """
    who = sorted({(each.fund, each.organization) for each in parts if each.reports_on(year)})
    found = []
    for fund, body in who:
        own = (deadlines or {}).get(fund)
        day = narrative(year, own)
        told = owed("narrative", day, fund, body, year, moment, UNKNOWN, dispensations)
        found.append(replace(told, year=year))
        day = annual_return(year, own)
        told = owed("annual_return", day, fund, body, year, moment, NOTHING, dispensations)
        found.append(replace(_returned(told, (fund, body, year), reported, returns or {}), year=year))
    return found


def _returned(told: Obligation, place: Place, reported: Reported, returns: Returns) -> Obligation:
    """The obligation of a return with what came in."""
    came, state = returns.get(place), reported.get(place, "")
    if came is None:
        return replace(told, state=state) if state and told.state != WAIVED else told
    if came.accepted is None:
        state = SUBMITTED
    elif came.nil or not state:
        state = NIL if came.nil else CERTIFIED
    late = None if told.state == WAIVED else days_late(told.due, came.certified)
    return replace(
        told,
        state=state,
        arrived=came.certified,
        accepted=came.accepted,
        late=late,
        nil=came.nil,
        remark=came.remark,
    )


def of_agents(
    year: int,
    agents: Mapping[str, str],
    parts: Iterable[Participation],
    closed: Mapping[tuple[str, int], date],
    moment: date,
    deadlines: Mapping[str, Deadlines] | None = None,
) -> list[Obligation]:
    """What administrative agents owe for a year: a report for each fund in which somebody had work. closed: years, on a day."""
    found = []
    kept = {fund for fund, _ in closed}
    for fund in sorted({each.fund for each in parts if each.reports_on(year)}):
        on, day = closed.get((fund, year)), consolidated_report(year, (deadlines or {}).get(fund))
        # where no year of a fund was ever closed, its books do not tell
        state = CLOSED if on else _told(day, moment, NOT_CLOSED if fund in kept else UNKNOWN)
        found.append(Obligation("consolidated_report", day, state, fund, agents.get(fund, ""), year=year, arrived=on))
    return found


def of_projects(
    within: Callable[[date], bool],
    parts: Iterable[Participation],
    ends: Mapping[str, date],
    moment: date,
    deadlines: Mapping[str, Deadlines] | None = None,
    dispensations: Dispensations | None = None,
) -> list[Obligation]:
    """What ending work asks for on the days within a span. ends: planned ends of the projects that go on."""
    found: list[Obligation] = []
    going = {(each.fund, each.project) for each in parts if each.open and each.project in ends}
    for fund, project in sorted(going):
        day = extension_request(ends[project])
        found.append(Obligation("extension_request", day, _told(day, moment, PASSED), fund, project=project))
    for each in parts:
        if each.open or each.ended is None or not each.project:
            continue
        what = (each.fund, each.organization, each.ended.year, moment)
        day = final_narrative(each.ended)
        found.append(owed("final_narrative", day, *what, UNKNOWN, dispensations, each.project))
        day = final_statement(each.ended, (deadlines or {}).get(each.fund))
        told = owed("final_statement", day, *what, NOT_SETTLED, dispensations, each.project)
        found.append(replace(told, state=SETTLED) if each.settled else told)
    return [each for each in found if within(each.due)]


def of_contributors(within: Callable[[date], bool], expected: Iterable[Expected], moment: date) -> list[Obligation]:
    """Instalments expected on the days within a span. What came under an agreement pays its earliest instalments first."""
    found = []
    for each in expected:
        if not within(each.on):
            continue
        arrived, sum_ = None, Decimal(0)
        for on, amount in sorted(each.received):
            sum_ += amount
            if sum_ >= each.before + each.amount:
                arrived = arrived or on
            else:
                arrived = None  # a refund took it below again
        state = RECEIVED if arrived else IN_PART if sum_ > each.before else _told(each.on, moment, NOTHING)
        found.append(
            Obligation(
                "instalment",
                each.on,
                state,
                each.fund,
                each.contributor,
                agreement=each.agreement,
                amount=each.amount,
                currency=each.currency,
                arrived=arrived,
            )
        )
    return found


def _told(due: date, moment: date, then: str) -> str:
    """Not due yet up to and on the day itself; afterwards what is known."""
    return NOT_DUE if moment <= due else then


def by_day(obligations: Iterable[Obligation]) -> list[Obligation]:
    """In the order of their days, then of what they are and whose."""
    order = list(DUTIES)
    return sorted(
        obligations,
        key=lambda each: (each.due, order.index(each.duty), each.fund, each.project, each.body, each.agreement),
    )


# Who was on time over the years

FEW = 5  # returns below which no share is told: one late return of four is no rate


@dataclass(frozen=True, slots=True)
class Kept:
    """How somebody's annual returns came in over the years, in numbers of returns.

    due: whose day has passed or which are in, those that were waived left out. unknown: in, on a day that nobody recorded.
    late: each late one's year and days. percent: on time of those whose day is known; None under five of them.
    """

    due: int
    on_time: int
    late: tuple[tuple[int, int], ...]
    missing: tuple[int, ...]
    unknown: int
    extended: int
    waived: int
    nil: int

    @property
    def percent(self) -> Decimal | None:
        told = self.on_time + len(self.late) + len(self.missing)
        return Decimal(100 * self.on_time) / told if told >= FEW else None


def kept(obligations: Iterable[Obligation], moment: date) -> Kept:
    """The annual returns among obligations, counted: what is not due yet and not in counts nowhere."""
    found = [one for one in obligations if one.duty == "annual_return"]
    waived = [one for one in found if one.state == WAIVED]
    counted = [one for one in found if one.state != WAIVED and (one.state in IN or one.due < moment)]
    late = tuple((one.year or 0, one.late) for one in counted if one.late)
    is_in = [one for one in counted if one.state in (*IN, UNMARKED)]
    unknown = [one for one in is_in if one.arrived is None]
    return Kept(
        len(counted),
        sum(one.late == 0 for one in is_in),
        tuple(sorted(late)),
        tuple(sorted(one.year or 0 for one in counted if one not in is_in)),
        len(unknown),
        sum(one.rule is not None for one in counted),
        len(waived),
        sum(one.nil or one.state == NIL for one in counted),
    )
