"""Sentences to quote: a number with whose it is, of which day and how certain, in the reader's language, made from cells."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from quipu.portal.languages import Words
from quipu.rules.asking import USD
from quipu.rules.figures import FIGURES
from quipu.rules.table import Cell, Column

FIGURE = "%(what)s: %(amount)s as of %(day)s (%(standing)s)."
ALL_AND_MOST = "%(what)s: %(amount)s in all, the largest part %(whose)s (%(most)s), as of %(day)s (%(standing)s)."
MOST = "%(what)s: the largest amount %(whose)s (%(most)s), as of %(day)s (%(standing)s)."
RATE = "%(what)s: %(rate)s, that is %(top)s of %(base)s, as of %(day)s (%(standing)s)."
FLOW = "%(what)s: %(came)s came from contributors and %(went)s went to organizations, as of %(day)s (%(standing)s)."
COUNTRIES = "%(what)s: %(countries)s countries, most in %(whose)s (%(most)s), as of %(day)s (%(standing)s)."
DOLLARS, PER_CENT, IN_YEAR, FOR = "US$ %(amount)s", "%(amount)s per cent", "in %(year)s", "for %(name)s"
FROM, NOT = "from %(day)s", "not %(name)s"
EDITION, PUBLISHED, CERTIFIED = "edition %(number)s", "as published", "certified"
PARTLY, WHOLLY, EXAMPLES = (
    "of which %(amount)s interim, not certified yet",
    "interim, not certified yet",
    "illustrative",
)
PATTERNS = (
    *(FIGURE, ALL_AND_MOST, MOST, RATE, FLOW, COUNTRIES, DOLLARS, PER_CENT, IN_YEAR, FOR, FROM, NOT),
    *(EDITION, PUBLISHED, CERTIFIED, PARTLY, WHOLLY, EXAMPLES),
)


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells: the language, whose numbers they are ("" for all that is published), the day and what stands behind them.

    certified: money of books, whose expenditure is certified where it is not interim.
    """

    words: Words
    subject: str
    day: date | str
    edition: int
    certified: bool = False
    illustrative: bool = False

    def say(self, pattern: str, **parts: str) -> str:
        """A pattern in the reader's language with its parts."""
        return self.words.gettext(pattern) % parts

    def amount(self, cell: Cell, column: Column, currency: str = USD) -> str:
        """A number as sentences write it; a dash where there is none."""
        if not isinstance(cell.value, Decimal):
            return self.words.count(cell.value) if isinstance(cell.value, int) else "–"
        if column.kind == "percent":
            return self.say(PER_CENT, amount=self.words.money(cell.value, 2))
        printed = self.words.money(cell.value)
        return self.say(DOLLARS, amount=printed) if currency == USD else f"{currency} {printed}"

    def standing(self, cell: Cell, column: Column, currency: str = USD) -> str:
        """How certain a number is, the edition it is of, and whether it is an example."""
        spent = column.figure in FIGURES and "expenditure" in FIGURES[column.figure].movements
        if cell.interim:
            whole = column.kind == "percent" or cell.interim == cell.value
            held = self.amount(Cell(cell.interim), Column("", "", "money"), currency)
            sure = self.say(WHOLLY) if whole else self.say(PARTLY, amount=held)
        else:
            sure = self.say(CERTIFIED if spent and self.certified else PUBLISHED)
        told = [sure, self.say(EDITION, number=str(self.edition))]
        return "; ".join([*told, self.say(EXAMPLES)] if self.illustrative else told)

    def what(self, column: Column) -> str:
        """The figure and whose it is."""
        label = self.words.gettext(column.label)
        return f"{label}, {self.subject}" if self.subject else label

    def closed(self, pattern: str, cell: Cell, column: Column, currency: str = USD, **parts: str) -> str:
        """A sentence about a cell: what, day and standing are known, the other parts are given."""
        known = {"what": self.what(column), "amount": self.amount(cell, column, currency)}
        known |= {"day": self.words.long_day(self.day), "standing": self.standing(cell, column, currency)}
        return self.say(pattern, **{**known, **parts})
