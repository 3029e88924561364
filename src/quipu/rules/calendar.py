"""Who owes what by when: the field's deadlines, and the obligations that follow from what was paid.

(domain.md, Calendar.) Deadlines are defaults of the field; a fund may come to have its own. Time is the moment of what
is looked at, never a clock. Nobody is ranked: obligations stand by date, then by name.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
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
    *(RECEIVED, IN_PART),
)


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something somebody owes by a day, and what is known of it. arrived: on which day it was complete, where that is known."""

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


Reported = Mapping[tuple[str, str, int], str]  # fund, organization, year → CERTIFIED, INTERIM or UNMARKED


def of_organizations(
    year: int,
    parts: Iterable[Participation],
    reported: Reported,
    moment: date,
    deadlines: Mapping[str, Deadlines] | None = None,
) -> list[Obligation]:
    """What organizations owe for a year: one narrative and one return for each fund in which they have work.

    deadlines: of each fund, where it has its own.
    """
    who = sorted({(each.fund, each.organization) for each in parts if each.reports_on(year)})
    found = []
    for fund, body in who:
        own = (deadlines or {}).get(fund)
        day = narrative(year, own)
        found.append(Obligation("narrative", day, _told(day, moment, UNKNOWN), fund, body, year=year))
        day = annual_return(year, own)
        state = reported.get((fund, body, year)) or _told(day, moment, NOTHING)
        found.append(Obligation("annual_return", day, state, fund, body, year=year))
    return found


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
        what = (each.fund, each.organization, each.project)
        day = final_narrative(each.ended)
        found.append(Obligation("final_narrative", day, _told(day, moment, UNKNOWN), *what))
        day = final_statement(each.ended, (deadlines or {}).get(each.fund))
        state = SETTLED if each.settled else _told(day, moment, NOT_SETTLED)
        found.append(Obligation("final_statement", day, state, *what))
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
