"""Entries: what a voucher's lines, and what they reverse, become in the ledger. Nothing is computed but dates and signs."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from quipu.rules import kinds
from quipu.rules.journal import Books, Line, Original, Place, Voucher, minor_units
from quipu.rules.journal.words import ALONE, BODY, FUND, OF_FUND, PARTICIPATION, alone

MOST = 1_000_000  # entries of one voucher: an entry's number holds its voucher's position and its ordinal


class Entry(NamedTuple):
    """One movement of one amount, in minor units of the fund's currency. The fields of the ledger's row, in its order.

    number: position × MOST + ordinal; place and other: the two ends as the line names them; "" where nothing is named.
    """

    number: int
    position: int
    ordinal: int
    movement: str
    place: str
    other: str
    fund: str
    other_fund: str | None
    project: str | None
    organization: str | None
    contributor: str | None
    agreement: str | None
    category: str
    standing: str
    year: int
    adjusts: int | None
    effective_on: date
    amount: int
    currency: str
    original_amount: int | None
    original_currency: str
    rate: str
    reverses: int | None

    @property
    def participation(self) -> tuple[str, str] | None:
        """Project and organization, where the entry moves money of both."""
        return (self.project, self.organization) if self.project and self.organization else None


def of_voucher(voucher: Voucher, position: int, books: Books) -> list[Entry]:
    """The entries of the lines, in their order; a transfer to another fund is followed by its receipt there.

    The words were checked before: codes are declared, amounts fit their currency.
    """
    made: list[Entry] = []
    for line in voucher.lines:
        made.append(_entry(line, voucher, position, len(made) + 1, books))
    return made


def twins(entries: Iterable[Entry], books: Books) -> list[Entry]:
    """The receipt in the other fund for each transfer between funds that its voucher does not write down itself."""
    entries = list(entries)
    written = [(e.fund, e.other_fund or "", e.amount) for e in entries if e.movement == "fund_receipt"]
    made = []
    for entry in entries:
        if entry.movement != "fund_transfer":
            continue
        currency = books.currency(entry.other_fund or "") or ""
        amount = entry.amount
        if currency != entry.currency and entry.original_currency == currency:
            amount = entry.original_amount or 0  # as the document states it
        arriving = (entry.other_fund or "", entry.fund, amount)
        if arriving in written:
            written.remove(arriving)
            continue
        made.append(
            entry._replace(
                movement="fund_receipt",
                place=entry.other,
                other=entry.place,
                fund=entry.other_fund or "",
                other_fund=entry.fund,
                currency=currency,
                amount=amount,
                original_amount=None if currency == entry.currency else entry.amount,
                original_currency="" if currency == entry.currency else entry.currency,
            )
        )
    return made


def numbered(entries: Iterable[Entry], position: int) -> list[Entry]:
    """The entries of one voucher in the order they stand in."""
    return [
        entry._replace(number=position * MOST + ordinal, position=position, ordinal=ordinal)
        for ordinal, entry in enumerate(entries, 1)
    ]


def mirror(entry: Entry, on: date | None) -> Entry:
    """The entry that takes another one back: on the reversal's own day, or (None) on the day of what is replaced."""
    day = on or entry.effective_on
    original = None if entry.original_amount is None else -entry.original_amount
    return entry._replace(
        amount=-entry.amount, original_amount=original, effective_on=day, year=day.year, reverses=entry.number
    )


def effective_on(line: Line, voucher: Voucher) -> date:
    """When a line happened: spending on the last day of its year, a total of another year on that year's last day.

    (domain.md, Movements: otherwise no statement of 31 December would ever show certified money.)
    """
    year = line.year or voucher.on.year
    if line.movement == "expenditure" or year != voucher.on.year:
        return date(year, 12, 31)
    return voucher.on


def _entry(line: Line, voucher: Voucher, position: int, ordinal: int, books: Books) -> Entry:
    fund = books.fund(line) or ""
    ends = dict(_codes(line))
    movement = line.movement
    project = ends.get("project")
    if movement == "expenditure" and project and books.project_kind(project) == kinds.DIRECT_COST:
        movement = kinds.DIRECT_COST_EXPENDITURE
    original = line.original
    day = effective_on(line, voucher)
    return Entry(
        position * MOST + ordinal,
        position,
        ordinal,
        movement,
        str(line.left),
        str(line.right) if line.right else "",
        fund,
        ends.get("other_fund"),
        project,
        ends.get("organization"),
        ends.get("contributor"),
        line.under or None,
        line.category,
        line.standing,
        day.year,
        line.adjusts,
        day,
        books.minor_units(line) or 0,
        books.currency(fund) or "",
        _units(original),
        original.currency if original else "",
        f"{original.rate:f}" if original and original.rate is not None else "",
        None,
    )


def _units(original: Original | None) -> int | None:
    return minor_units(original.amount, original.currency) if original else None


def _codes(line: Line) -> Iterator[tuple[str, str]]:
    """What the two ends of a line stand for, beside its fund."""
    sides: list[tuple[Place, str]] = [(line.left, "left")]
    if line.right:
        sides.append((line.right, "right"))
    for place, side in sides:
        if place.shape == PARTICIPATION:
            yield "project", place.code
            yield "organization", place.organization or ""
        elif place.shape == OF_FUND or side == "left":
            continue
        elif place.shape == ALONE:
            names = alone(line.movement, side)
            if names == FUND:
                yield "other_fund", place.code
            elif names == BODY:
                contributor = kinds.KINDS[line.movement].other == kinds.CONTRIBUTOR
                yield ("contributor" if contributor else "organization"), place.code
