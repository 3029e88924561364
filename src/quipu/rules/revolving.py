"""Revolving funds of communities: what a loan owes and when, how a payment is split, and the figures of a fund.

Everything is whole minor units; rates are exact fractions, and each interest is rounded once, half up. What is written
here is all that is known of a loan: the ledger keeps what was paid, and what is owed is always asked here.
"""

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from quipu.rules.dates import read_date

# What moves, and what it does to the box: each line of a community's cashbook is one of these.
CAPITAL, LENT, PRINCIPAL, INTEREST, WRITE_OFF, COST = "capital", "lent", "principal", "interest", "write_off", "cost"
IN_THE_BOX = {CAPITAL: 1, LENT: -1, PRINCIPAL: 1, INTEREST: 1, WRITE_OFF: 0, COST: -1}
OF_A_LOAN = (LENT, PRINCIPAL, INTEREST, WRITE_OFF)
DECLINING, FLAT = "declining", "flat"
METHODS = (DECLINING, FLAT)
MONTH, WEEK, YEAR = "month", "week", "year"
UNITS, PERIODS = (MONTH, WEEK), (MONTH, YEAR)
MOST_INSTALMENTS, MOST_EVERY, MOST_RATE = 260, 24, Decimal(100)
LATE = 30  # days after which a loan's whole outstanding counts as at risk
FEW = 5  # community funds below which shares of a programme would tell of one community's arrears

# Each figure once, with its sentence.
SENTENCES = {
    "cash": "What lies in the box: capital, principal and interest that came in, less what was lent and spent.",
    "outstanding": "What was lent, less the principal that was paid back and what was written off.",
    "overdue_days": "Days since the oldest instalment fell due that is not paid in full.",
    "at_risk": "Outstanding of loans with an instalment unpaid for more than 30 days, divided by outstanding of all loans.",
    "repayment_rate": "Of the instalments that fell due up to the day, principal and interest, the part that was paid."
    " What was paid ahead counts when its instalment falls due; what was written off stays due.",
    "times_revolved": "All that was lent since the beginning, divided by the capital.",
}


def loan_code(community: str, number: int) -> str:
    """The code of a loan: numbers are counted in each community."""
    return f"{community}/{number}"


def half_up(value: Fraction) -> int:
    """Whole minor units, half of one up. Values are from 0 up."""
    return int(value + Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a loan was granted under. member: a number, never a name. rate: in per cent for each `per`.

    instalments: all of them, the first `grace` of which ask interest alone; one every so many units from `first` on.
    """

    member: int
    method: str
    rate: Decimal
    per: str
    instalments: int
    every: int
    unit: str
    first: date
    grace: int = 0

    def __str__(self) -> str:
        """As a journal writes and the chain seals them."""
        return (
            f"to {self.member} {self.method} {plain_rate(self.rate)}% {self.per} in {self.instalments}"
            f" every {self.every} {self.unit} from {self.first.isoformat()} grace {self.grace}"
        )

    @property
    def rate_of_interval(self) -> Fraction:
        """Interest of one interval. A year has twelve months and fifty-two weeks."""
        of_year = Fraction(self.rate) / 100 * (1 if self.per == YEAR else 12)
        return of_year * self.every / (12 if self.unit == MONTH else 52)

    def day(self, number: int) -> date:
        """When an instalment falls due, counted from 1. The 31st is a short month's last day."""
        steps = (number - 1) * self.every
        if self.unit == WEEK:
            return self.first + timedelta(weeks=steps)
        year, month = divmod(self.first.year * 12 + self.first.month - 1 + steps, 12)
        return date(year, month + 1, min(self.first.day, calendar.monthrange(year, month + 1)[1]))


def plain_rate(rate: Decimal) -> str:
    """A rate without zeros that say nothing."""
    text = f"{rate:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


_TERMS = re.compile(
    r"to ([1-9][0-9]{0,6}) (declining|flat) ([0-9]{1,3}(?:\.[0-9]{1,4})?)% (month|year) in ([1-9][0-9]{0,2})"
    r" every ([1-9][0-9]?) (month|week) from ([0-9]{4}-[0-9]{2}-[0-9]{2}) grace (0|[1-9][0-9]{0,2})"
)
TERMS_AS = "to MEMBER declining 2% month in 10 every 1 month from 2012-02-01 grace 0"


def read_terms(text: str) -> Terms | None:
    """The terms that a journal's words say; None where they say none."""
    found = _TERMS.fullmatch(text)
    first = read_date(found[8]) if found else None
    if found is None or first is None:
        return None
    terms = Terms(
        *(int(found[1]), found[2], Decimal(found[3]), found[4], int(found[5]), int(found[6]), found[7], first),
        int(found[9]),
    )
    return None if faults(terms) else terms


def faults(terms: Terms) -> list[str]:
    """The fields whose values nobody could keep a loan under."""
    limits = {
        "member": 1 <= terms.member < 10**7,
        "method": terms.method in METHODS,
        "rate": 0 <= terms.rate <= MOST_RATE and plain_rate(terms.rate)[::-1].find(".") <= 4,
        "per": terms.per in PERIODS,
        "instalments": 1 <= terms.instalments <= MOST_INSTALMENTS,
        "every": 1 <= terms.every <= MOST_EVERY,
        "unit": terms.unit in UNITS,
        "first": terms.first.year <= 2100,
        "grace": 0 <= terms.grace < terms.instalments,
    }
    return [name for name, holds in limits.items() if not holds]


# The schedule


class Instalment(NamedTuple):
    """What falls due on a day. left: the principal that is outstanding when it has been paid."""

    number: int
    day: date
    principal: int
    interest: int
    left: int

    @property
    def amount(self) -> int:
        """All that is asked on the day."""
        return self.principal + self.interest


@lru_cache(maxsize=1 << 14)
def schedule(principal: int, terms: Terms) -> tuple[Instalment, ...]:
    """The instalments of a loan. Their sum is principal and interest to the last minor unit, which the last one takes.

    flat: interest on the whole principal for every interval, spread evenly. declining: interest on what is outstanding,
    in equal instalments.
    """
    made = []
    left = principal
    for number, (paid, interest) in enumerate((_flat if terms.method == FLAT else _declining)(principal, terms), 1):
        left -= paid
        made.append(Instalment(number, terms.day(number), paid, interest, left))
    return tuple(made)


def _flat(principal: int, terms: Terms) -> Iterator[tuple[int, int]]:
    count, paying = terms.instalments, terms.instalments - terms.grace
    left, asked = principal, half_up(principal * terms.rate_of_interval * count)
    parts, interests = half_up(Fraction(principal, paying)), half_up(Fraction(asked, count))
    for number in range(1, count + 1):
        paid = left if number == count else 0 if number <= terms.grace else min(parts, left)
        interest = asked if number == count else min(interests, asked)
        left, asked = left - paid, asked - interest
        yield paid, interest


def _declining(principal: int, terms: Terms) -> Iterator[tuple[int, int]]:
    rate, count, paying = terms.rate_of_interval, terms.instalments, terms.instalments - terms.grace
    share = rate / (1 - (1 + rate) ** -paying) if rate else Fraction(1, paying)
    whole, left = half_up(principal * share), principal
    for number in range(1, count + 1):
        interest = half_up(left * rate)
        paid = left if number == count else 0 if number <= terms.grace else min(max(whole - interest, 0), left)
        left -= paid
        yield paid, interest


# What became of a loan


class Moved(NamedTuple):
    """One movement of a loan on a day, in minor units; what takes another one back is below zero."""

    on: date
    what: str
    amount: int


class Due(NamedTuple):
    """An instalment beside what was paid of it. asked: its interest as it is asked, at most what the schedule says."""

    instalment: Instalment
    asked: int
    paid_principal: int
    paid_interest: int
    is_due: bool
    is_covered: bool

    @property
    def unpaid(self) -> int:
        """What is open of it."""
        return self.instalment.principal - self.paid_principal + self.asked - self.paid_interest


@dataclass(frozen=True, slots=True)
class Loan:
    """How a loan stands when a day has ended. All amounts are minor units."""

    day: date
    principal: int
    dues: tuple[Due, ...]
    outstanding: int
    paid_principal: int
    paid_interest: int
    written_off: int
    interest_due: int  # of instalments whose day has come
    principal_due: int
    interest_begun: int  # of the instalment whose interval is running
    fell_due: int  # principal and interest of all instalments whose day has come, what was written off included
    paid_of_it: int
    interest_above: int  # what was paid as interest that no interval asks

    @property
    def owed(self) -> int:
        """All that can be paid on the day: interest of every interval that has begun, and what is outstanding."""
        return self.outstanding + self.interest_due + self.interest_begun

    @property
    def due(self) -> int:
        """What should have been paid by the end of the day, and was not."""
        return self.principal_due + self.interest_due

    @property
    def overdue_days(self) -> int:
        """Days since the oldest instalment fell due that is not paid in full; 0 for none."""
        days = (self.day - due.instalment.day for due in self.dues if due.is_due and not due.is_covered)
        return max((lapse.days for lapse in days), default=0)

    @property
    def next(self) -> "Due | None":
        """The first instalment that is still to come and not paid in full."""
        return next((due for due in self.dues if not due.is_due and not due.is_covered), None)

    @property
    def is_at_risk(self) -> bool:
        """Whether an instalment has been unpaid for more than LATE days."""
        return self.overdue_days > LATE

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is owed."""
        return self.owed == 0


def loan(principal: int, terms: Terms, granted: date, moved: Iterable[Moved], day: date) -> Loan:
    """How a loan stands when a day has ended.

    Interest is asked for the intervals of the schedule: of a declining loan on the scheduled balance, or on what was
    outstanding when the interval began where that was less; of a flat one as scheduled, until nothing is outstanding.
    What is late bears no further interest.
    """
    own = sorted((one for one in moved if one.on <= day), key=lambda one: one.on)
    paid, interest, off = (sum(m.amount for m in own if m.what == what) for what in (PRINCIPAL, INTEREST, WRITE_OFF))
    outstanding = principal - paid - off
    is_waived = off > 0 and outstanding == 0  # what was written off asks nothing more
    rows = schedule(principal, terms)
    balances = _balances(principal, own, [granted, *(row.day for row in rows[:-1])])
    dues: list[Due] = []
    begun = begun_asked = 0
    left, kept = paid, interest
    asked_by_day = scheduled = interest_due = 0
    before = granted
    for row, balance in zip(rows, balances, strict=True):
        is_due = row.day <= day
        full = _asked(row, balance, terms)
        asked = min(full, kept) if is_waived else full
        took, got = min(left, row.principal), min(kept, asked)
        # What was written off are the last instalments.
        is_covered = got == asked and min(principal - row.left, principal - off) <= paid
        dues.append(Due(row, asked, took, got, is_due, is_covered))
        left, kept = left - took, kept - got
        if is_due:
            scheduled += row.principal
            asked_by_day += full
            interest_due += asked - got
        elif before < day:
            begun = asked - got
            begun_asked = full
        before = row.day
    principal_due = max(min(scheduled, principal - off) - paid, 0)
    fell_due = scheduled + asked_by_day
    of_it = min(paid, scheduled) + min(interest, asked_by_day)
    return Loan(
        *(day, principal, tuple(dues), outstanding, paid, interest, off),
        *(interest_due, principal_due, begun, fell_due, of_it),
        max(interest - asked_by_day - begun_asked, 0),
    )


def _balances(principal: int, moved: Sequence[Moved], days: Sequence[date]) -> list[int]:
    """What was outstanding when each of these days had ended."""
    found, at, left = [], 0, principal
    for day in days:
        while at < len(moved) and moved[at].on <= day:
            if moved[at].what in (PRINCIPAL, WRITE_OFF):
                left -= moved[at].amount
            at += 1
        found.append(left)
    return found


def _asked(row: Instalment, balance: int, terms: Terms) -> int:
    if terms.method == FLAT:
        return row.interest if balance > 0 else 0
    return min(row.interest, half_up(max(balance, 0) * terms.rate_of_interval))


class Split(NamedTuple):
    """A payment in its parts. above: what is more than is owed."""

    principal: int
    interest: int
    above: int


def split(amount: int, standing: Loan) -> Split:
    """A payment goes to interest that is due, then to principal that is due; what is more, to the interest of the
    interval that is running, and then to the principal of the instalments to come."""
    due, rest = _taken(amount, standing.interest_due)
    principal, rest = _taken(rest, min(standing.principal_due, standing.outstanding))
    begun, rest = _taken(rest, standing.interest_begun)
    ahead, rest = _taken(rest, standing.outstanding - principal)
    return Split(principal + ahead, due + begun, rest)


def _taken(amount: int, most: int) -> tuple[int, int]:
    took = max(min(amount, most), 0)
    return took, amount - took


# The figures of a fund, or of many


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of minor units over community funds of one currency. Each figure made of them is here and nowhere else."""

    funds: int = 0
    loans: int = 0  # that were lent and not taken back
    capital: int = 0
    lent: int = 0
    principal: int = 0
    interest: int = 0
    written_off: int = 0
    cost: int = 0
    outstanding: int = 0
    late: int = 0  # outstanding of loans at risk
    fell_due: int = 0
    paid_of_it: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Totals)))

    @property
    def cash(self) -> int:
        """What lies in the box."""
        return self.capital + self.principal + self.interest - self.lent - self.cost

    @property
    def at_risk(self) -> Fraction | None:
        """Portfolio at risk over 30 days; None where nothing is outstanding."""
        return Fraction(self.late, self.outstanding) if self.outstanding else None

    @property
    def repayment_rate(self) -> Fraction | None:
        """Paid of what fell due; None where nothing has."""
        return Fraction(self.paid_of_it, self.fell_due) if self.fell_due else None

    @property
    def times_revolved(self) -> Fraction | None:
        """Lent, divided by capital; None without capital."""
        return Fraction(self.lent, self.capital) if self.capital else None


def totals(moved: Iterable[tuple[str, int]], loans: Iterable[Loan]) -> Totals:
    """The figures of one community fund: its movements as (what, amount), and how each of its loans stands."""
    sums = dict.fromkeys(IN_THE_BOX, 0)
    for what, amount in moved:
        sums[what] += amount
    standing = list(loans)
    return Totals(
        funds=1,
        loans=len(standing),
        capital=sums[CAPITAL],
        lent=sums[LENT],
        principal=sums[PRINCIPAL],
        interest=sums[INTEREST],
        written_off=sums[WRITE_OFF],
        cost=sums[COST],
        outstanding=sums[LENT] - sums[PRINCIPAL] - sums[WRITE_OFF],
        late=sum(one.outstanding for one in standing if one.is_at_risk),
        fell_due=sum(one.fell_due for one in standing),
        paid_of_it=sum(one.paid_of_it for one in standing),
    )
