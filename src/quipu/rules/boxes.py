"""A community's box: the rows of its cashbook, how its loans stand, its running balance, and what no posting may do to it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from quipu.rules import revolving
from quipu.rules.findings import Finding
from quipu.rules.journal import Revolving, meta
from quipu.rules.money import of_minor_units
from quipu.rules.revolving import (
    IN_THE_BOX,
    INTEREST,
    LENT,
    PRINCIPAL,
    WRITE_OFF,
    Loan,
    Moved,
    Terms,
    Totals,
    half_up,
    read_terms,
)


class Row(NamedTuple):
    """One line of the cashbook as it is sealed, in minor units. number: position × MOST + ordinal of an entry.

    terms: of what is lent, as a journal writes them. reverses: the number of the row that is taken back.
    """

    number: int
    position: int
    ordinal: int
    community: str
    loan: str | None
    what: str
    on: date
    amount: int
    terms: str
    reverses: int | None

    @property
    def in_the_box(self) -> int:
        """What it brings into the box, or takes out of it."""
        return IN_THE_BOX[self.what] * self.amount


@dataclass(slots=True)
class Account:
    """What stands of one loan. lent: None where it was not lent, or where that was taken back."""

    lent: Row | None = None
    moved: list[Moved] = field(default_factory=list)

    @property
    def terms(self) -> Terms | None:
        """What it was granted under."""
        return read_terms(self.lent.terms) if self.lent else None

    def on(self, day: date) -> Loan | None:
        """How it stands when the day has ended; None before it was lent."""
        terms = self.terms
        if self.lent is None or terms is None or self.lent.on > day:
            return None
        return revolving.loan(self.lent.amount, terms, self.lent.on, self.moved, day)


def live(rows: Iterable[Row]) -> list[Row]:
    """What was not taken back. A row and its mirror never happened, whatever their days; both stay in the cashbook."""
    all_rows = list(rows)
    gone = {row.reverses for row in all_rows if row.reverses}
    return [row for row in all_rows if not row.reverses and row.number not in gone]


def accounts(rows: Iterable[Row]) -> dict[str, Account]:
    """The loans that rows speak of, by their codes."""
    found: dict[str, Account] = {}
    for row in live(rows):
        if row.loan is None:
            continue
        account = found.setdefault(row.loan, Account())
        if row.what == LENT:
            account.lent = account.lent or row
        else:
            account.moved.append(Moved(row.on, row.what, row.amount))
    return found


def totals(rows: Iterable[Row], day: date) -> Totals:
    """The figures of a community fund when a day has ended."""
    standing = [row for row in live(rows) if row.on <= day]
    loans = (account.on(day) for account in accounts(standing).values())
    return revolving.totals(((row.what, row.amount) for row in standing), filter(None, loans))


def running(rows: Iterable[Row]) -> Iterator[tuple[Row, int]]:
    """The cashbook: every row that moves money in its order of days, with what lies in the box after it."""
    left = 0
    for row in sorted(rows, key=lambda row: (row.on, row.number)):
        if IN_THE_BOX[row.what]:
            left += row.in_the_box
            yield row, left


def percent(share: Fraction) -> Decimal:
    """A share in per cent with one decimal, rounded once, half up."""
    return one_decimal(share * 100)


def one_decimal(value: Fraction) -> Decimal:
    """A figure with one decimal, half up. Shares of a box are never below zero."""
    return Decimal(half_up(value * 10)).scaleb(-1)


# What no posting may do


def of_posting(item: Revolving, own: Sequence[Row], rows: Sequence[Row], currency: str, words: str) -> list[Finding]:
    """What is to be said of a posting. rows: all of its community, its own included; words: its texts."""
    place = f"^{item.key}"

    def money(units: int) -> str:
        return f"{of_minor_units(units, currency):,f} {currency}"

    is_said = bool(words or meta(item, "memo") or meta(item, "document"))
    writes_off = any(row.what == WRITE_OFF for row in own)
    found = [] if is_said or not (item.reverses or writes_off) else [Finding("box-without-reason", place)]
    if sum(row.in_the_box for row in own) < 0:
        found += _box(item.on, rows, place, money)
    numbers = {row.number for row in own}
    after = accounts(rows)
    before = accounts(row for row in rows if row.number not in numbers and row.reverses not in numbers)
    for loan in dict.fromkeys(row.loan for row in own if row.loan):
        mine = [row for row in own if row.loan == loan]
        account = after.get(loan, Account())
        if item.reverses:
            found += _taken_back(account, loan, item.on, place)
        else:
            found += _moved(mine, before.get(loan, Account()), account, place, money)
    return found


def _box(since: date, rows: Sequence[Row], place: str, money: Callable[[int], str]) -> Iterator[Finding]:
    """Whether the box is ever short from that day on."""
    evenings: dict[date, int] = {}
    for row, left in running(rows):
        evenings[row.on] = left
    short = next(((day, left) for day, left in evenings.items() if day >= since and left < 0), None)
    if short:
        yield Finding("box-below-zero", place, f"{short[0]}: {money(short[1])}")


def _taken_back(account: Account, loan: str, since: date, place: str) -> Iterator[Finding]:
    if account.lent is None:
        if account.moved:
            yield Finding("loan-moved-since", place, loan)
    else:
        yield from _above(account, loan, since, place)


def _moved(
    mine: Sequence[Row], before: Account, after: Account, place: str, money: Callable[[int], str]
) -> Iterator[Finding]:
    on, loan = mine[0].on, str(mine[0].loan)
    sums = {what: sum(row.amount for row in mine if row.what == what) for what in IN_THE_BOX}
    if lent := [row for row in mine if row.what == LENT]:
        terms = read_terms(lent[0].terms)
        if before.lent or len(lent) > 1:
            yield Finding("loan-lent-twice", place, loan)
        if terms and terms.first <= on:
            yield Finding("loan-first-day", place, f"{loan}: {terms.first}")
        return
    stood = before.on(on)
    if stood is None:
        yield Finding("loan-not-lent", place, loan)
        return
    paid = sums[PRINCIPAL] + sums[INTEREST]
    if sums[WRITE_OFF] and sums[WRITE_OFF] != stood.outstanding - sums[PRINCIPAL]:
        yield Finding("write-off-not-whole", place, f"{loan}: {money(stood.outstanding - sums[PRINCIPAL])}")
    elif sums[PRINCIPAL] > stood.outstanding or sums[INTEREST] > stood.interest_due + stood.interest_begun:
        yield Finding("payment-above-owed", place, f"{loan}: {money(paid)} > {money(stood.owed)}")
    else:
        yield from _above(after, loan, on, place)


def _above(account: Account, loan: str, since: date, place: str) -> Iterator[Finding]:
    """Whether more was paid than was owed on any day from that one on."""
    for day in sorted({since, *(one.on for one in account.moved if one.on > since)}):
        standing = account.on(day)
        if standing and (standing.outstanding < 0 or standing.interest_above):
            yield Finding("payment-above-owed", place, f"{loan}: {day}")
            return
