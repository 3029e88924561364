"""How the desk calls what moves in a box, and the lines of a cashbook in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from quipu.books import revolving
from quipu.desk.drawing import said, spoken
from quipu.rules import boxes
from quipu.rules.boxes import Row
from quipu.rules.revolving import (
    CAPITAL,
    COST,
    FLAT,
    INTEREST,
    LENT,
    PRINCIPAL,
    WRITE_OFF,
    Terms,
    plain_rate,
    read_terms,
)

KIND_LABELS = {
    CAPITAL: "Capital",
    LENT: "Lent",
    PRINCIPAL: "Paid back",
    INTEREST: "Interest",
    WRITE_OFF: "Written off",
    COST: "Cost",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cashbook. left: what lies in the box after it; key: what it was posted under."""

    row: Row
    key: str
    told: str
    note: str
    left: int
    is_taken_back: bool

    @property
    def came(self) -> int:
        """What came into the box by it."""
        return max(self.row.in_the_box, 0)

    @property
    def went(self) -> int:
        """What went out of it."""
        return max(-self.row.in_the_box, 0)


def lines(rows: Iterable[Row]) -> list[Line]:
    """The cashbook in words. Two questions, however long it is."""
    return _said(list(boxes.running(rows)))


def entries(rows: Iterable[Row]) -> list[Line]:
    """Rows in words as they were written, those that move no money among them; none says what lies in the box."""
    return _said([(row, 0) for row in rows])


def _said(found: list[tuple[Row, int]]) -> list[Line]:
    positions = {row.position for row, _ in found}
    keys = revolving.keys(positions)
    notes = revolving.notes(positions)
    gone = {row.reverses for row, _ in found if row.reverses}
    return [
        Line(row, keys[row.position], called(row), notes.get(row.position, ""), left, row.number in gone)
        for row, left in found
    ]


def usual_terms(last: str) -> dict[str, Any]:
    """What a new loan begins with: the terms of the last one, so that a group types its own once."""
    terms = read_terms(last)
    if terms is None:
        return {"method": FLAT, "per": "month", "every": 1, "unit": "month", "grace": 0}
    names = ("method", "rate", "per", "instalments", "every", "unit", "grace")
    return {name: getattr(terms, name) for name in names}


def called(row: Row) -> str:
    """What a line says, without its note."""
    told = said(KIND_LABELS[row.what])
    if row.loan:
        number = row.loan.rpartition("/")[2]
        told = f"{told}, {said('loan %(number)s', number=number)}"
        terms = read_terms(row.terms) if row.terms else None
        if terms:
            told = f"{told}, {said('member %(number)s', number=terms.member)}"
    return f"{said('Taken back')}: {told}" if row.reverses else told


def terms_in_words(terms: Terms) -> str:
    """The terms of a loan as somebody would say them."""
    rate = plain_rate(terms.rate)
    per = said("a month") if terms.per == "month" else said("a year")
    unit = (
        spoken().ngettext("every month", "every %(num)s months", terms.every)
        if terms.unit == "month"
        else spoken().ngettext("every week", "every %(num)s weeks", terms.every)
    ) % {"num": terms.every}
    count = spoken().ngettext("%(num)s instalment", "%(num)s instalments", terms.instalments) % {
        "num": terms.instalments
    }
    method = said("flat interest") if terms.method == "flat" else said("interest on the declining balance")
    told = f"{method}, {rate}% {per}, {count}, {unit}"
    return f"{told}, {said('the first %(count)s with interest alone', count=terms.grace)}" if terms.grace else told


def percent(share: Fraction | None) -> str:
    """A share as a page shows it: one decimal, half up."""
    return "–" if share is None else f"{spoken().money(boxes.percent(share), 1)}%"


def times(share: Fraction | None) -> str:
    """How many times, with one decimal."""
    return "–" if share is None else spoken().money(boxes.one_decimal(share), 1)


def owner(community: Any) -> str:
    """How a group is called."""
    return str(community.title or community.code)
