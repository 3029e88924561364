"""What an obligation is marked on a day, when whom to remind of it, and which figures of a year are unusual.

Days are the office's own. A deadline's whole day still counts: it is missed on the day after (domain.md, Calendar).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from quipu.rules.mandates import Scope

ANNUAL, INTERIM, FINAL = "annual_return", "interim_return", "final_statement"
NARRATIVE, REPORT = "narrative", "consolidated_report"
OF_YEARS = (ANNUAL, INTERIM, NARRATIVE, FINAL, REPORT)  # what is owed for a year, in the order of a page
KINDS = {ANNUAL: "annual", INTERIM: "interim", FINAL: "final"}  # the returns that settle them
VOLUNTARY = (INTERIM,)  # never late
DISPENSABLE = (ANNUAL, NARRATIVE, FINAL)  # what more time can be asked for
DOCUMENT = "narrative"  # the type of document that settles a narrative
MID_YEAR = (7, 1)


class Mark(StrEnum):
    """How an obligation stands."""

    NOT_DUE = "not due"
    OPEN = "open"
    OVERDUE = "overdue"
    EXTENDED = "extended"
    WAIVED = "waived"
    NIL = "nil"
    IN = "in"


SETTLED = (Mark.IN, Mark.NIL, Mark.WAIVED)  # nobody is waited for
MISSING = (Mark.NOT_DUE, Mark.OPEN, Mark.OVERDUE, Mark.EXTENDED)
WITH_ORGANIZATION, WITH_CERTIFIER, WITH_AGENT = "with the organization", "with the certifier", "with the agent"


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that is owed for a year, as it stands today. usual: the fund's own deadline; until: the one in force.

    state, code: of the return behind it, where there is one; came: the day it came in. holder: whose turn it is, since
    a day. organization "": the agent itself. closed: the fund's year is closed, with it or without; never of a final statement.
    """

    duty: str
    fund: str
    organization: str
    year: int
    usual: date
    until: date
    mark: Mark
    project: str = ""
    state: str = ""
    code: str = ""
    came: date | None = None
    holder: str = ""
    since: date | None = None
    closed: bool = False

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """What makes it this one and no other."""
        return (self.duty, self.fund, self.organization, self.project, self.year)

    @property
    def scope(self) -> Scope:
        """Whose it is."""
        return Scope(self.fund, "", self.organization)

    @property
    def is_missing(self) -> bool:
        """Whether it is still waited for."""
        return self.mark in MISSING

    def days_left(self, today: date) -> int | None:
        """Days until the deadline in force, below zero once it has passed; None where nobody waits, or nothing is late."""
        if not self.is_missing or (self.duty in VOLUNTARY and self.until < today):
            return None
        return (self.until - today).days

    def days_late(self, today: date) -> int:
        """Days from the deadline in force to the day it came in, or to today while it is missing; 0 in time."""
        if self.duty in VOLUNTARY or self.mark == Mark.WAIVED:
            return 0
        until = self.came if self.came is not None else today if self.is_missing else self.until
        return max(0, (until - self.until).days)


def opens(duty: str, year: int, usual: date) -> date:
    """The day from which an obligation of a year can be met: when the year is over; for interim figures its middle."""
    if duty == INTERIM:
        return min(date(year, *MID_YEAR), usual.replace(day=1))
    return min(date(year + 1, 1, 1), usual)


def mark(duty: str, *, opened: date, usual: date, until: date | None, came: bool, nil: bool, today: date) -> Mark:
    """How it stands on a day. until: the deadline in force, None where it is waived."""
    if came:
        return Mark.NIL if nil else Mark.IN
    if until is None:
        return Mark.WAIVED
    if today > until and duty not in VOLUNTARY:
        return Mark.OVERDUE
    if duty in VOLUNTARY and today.year > until.year:
        return Mark.NOT_DUE  # the year is over: certified figures are asked for instead
    if until > usual:
        return Mark.EXTENDED
    return Mark.NOT_DUE if today < opened else Mark.OPEN


def year_told(on: str) -> int | None:
    """Which year a narrative tells of: a bare year, or the one before its day; one of 31 December that year itself."""
    year, _, rest = on.partition("-")
    if not (len(year) == 4 and year.isascii() and year.isdigit()):
        return None
    return int(year) if not rest or rest in ("12", "12-31") else int(year) - 1


# Reminders

OWNERS, HEADS, AGENT = "owners", "heads", "agent"  # how far a reminder goes
LAPSE = 30  # days after which a step that was missed is not made up for


@dataclass(frozen=True, slots=True)
class Step:
    """A reminder so many days from a deadline, below zero before it. ring: whom it reaches beside those of the steps before."""

    name: str
    days: int
    ring: str = OWNERS


STEPS = (
    Step("60 days before", -60),
    Step("30 days before", -30),
    Step("7 days before", -7),
    Step("the day after", 1),
    Step("14 days after", 14, HEADS),
    Step("30 days after", 30, AGENT),
)
BY_HAND = "by hand"


def step_due(owed: Owed, today: date) -> Step | None:
    """The reminder that is due on a day: the last whose day has come. None for what nobody waits for.

    Interim figures are asked for before their day and never after it.
    """
    if not owed.is_missing or owed.closed:
        return None
    due = [step for step in STEPS if owed.until + timedelta(days=step.days) <= today]
    if not due or today >= owed.until + timedelta(days=due[-1].days + LAPSE):
        return None
    step = due[-1]
    if owed.duty in VOLUNTARY and (step.days > 0 or today > owed.until):
        return None
    # between the deadline and the day after it nothing is said; the last step before counts up to the day itself
    return step


# Figures that are worth a second look

ABOVE, BELOW = "above twice the year before", "below half of the year before"


def unusual(before: int, now: int | None) -> str:
    """ABOVE or BELOW, or "" for a year like the one before it. Exactly twice and exactly half are not unusual."""
    if now is None or before <= 0:
        return ""
    return ABOVE if now > 2 * before else BELOW if 2 * now < before else ""


def missing(owed: Iterable[Owed], fund: str, duties: Iterable[str] = (ANNUAL, NARRATIVE, FINAL)) -> list[Owed]:
    """What is still waited for of a fund, when its year is to be closed or reported."""
    wanted = tuple(duties)
    return [one for one in owed if one.fund == fund and one.duty in wanted and one.is_missing]
