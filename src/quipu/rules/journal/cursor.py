"""A walk over the words of one line: takes what the grammar expects next, and notes a fault where something else stands."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from quipu.rules.dates import read_date
from quipu.rules.journal.books import MOST_MINOR_UNITS
from quipu.rules.journal.currencies import CURRENCIES
from quipu.rules.journal.tokens import WORDS, Token, tokens
from quipu.rules.journal.words import REPLACES, REVERSES, Fault
from quipu.rules.money import exponent

MARKS = ("<", ">", "(", ")", "@")
HELD = "an amount the books can hold"
END = "the end of the line"
LONGEST_FOUND = 60  # characters of the text that a fault repeats

CODE = re.compile(r"[A-Za-z0-9._/-]+")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PLAIN_CODE = re.compile(r"[A-Za-z0-9._-]+")
KEY = re.compile(r"\^[A-Za-z0-9._/-]+")
YEAR = re.compile(r"(?!0000)[0-9]{4}")  # there was no year 0
AMOUNT = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
NUMBER_LIKE = re.compile(r"[-+.,0-9]+")  # meant as an amount, though perhaps none
RATE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
PERCENTAGE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,6})?%?")
LONGEST_CODE, LONGEST_KEY = 64, 200  # characters
NO_DATE, NO_AMOUNT = date.min, Decimal(0)  # stand where a fault was noted


@dataclass(slots=True)
class Faults:
    """The faults of one file, in the order they were met."""

    file: str
    noted: list[Fault] = field(default_factory=list)

    def note(self, line: int, column: int, expected: str, found: str) -> None:
        shown = found if len(found) <= LONGEST_FOUND else found[: LONGEST_FOUND - 1] + "…"
        self.noted.append(Fault(self.file, line, column, expected, shown))


def in_order(faults: Collection[Fault]) -> tuple[Fault, ...]:
    """By the place in the file."""
    return tuple(sorted(set(faults), key=lambda fault: (fault.line, fault.column, fault.expected, fault.found)))


class Cursor:
    """The words of one line, taken from left to right. What is missing at its end is noted once."""

    def __init__(self, faults: Faults, number: int, text: str, *, grammar: re.Pattern[str] = WORDS, start: int = 0):
        self.number = number
        self._faults = faults
        self._tokens = list(tokens(text, grammar, start))
        self._start = start + 1
        self._at = 0
        self._is_end_noted = False
        for token in self._tokens:
            if not token.is_closed:
                self.fault("a closing quotation mark", token)

    @property
    def next(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    @property
    def word(self) -> str:
        """The next bare word, "" where a string or nothing comes next."""
        token = self.next
        return token.text if token and not token.is_quoted else ""

    @property
    def column(self) -> int:
        """Where the next word begins, or the line's words end."""
        token = self.next
        return token.column if token else self._tokens[-1].end if self._tokens else self._start

    def take(self) -> Token | None:
        token = self.next
        self._at += token is not None
        return token

    def rest(self) -> list[Token]:
        """All that is left."""
        taken, self._at = self._tokens[self._at :], len(self._tokens)
        return taken

    def fault(self, expected: str, token: Token | None = None) -> None:
        """Not what is expected: this token, or whatever comes next."""
        token = token or self.next
        if token:
            self._faults.note(self.number, token.column, expected, token.as_written)
        elif not self._is_end_noted:
            self._is_end_noted = True
            self._faults.note(self.number, self.column, expected, END)

    def skip(self, word: str) -> bool:
        """Whether that bare word came next; it is taken then."""
        comes = self.word == word
        self._at += comes
        return comes

    def expect(self, pattern: re.Pattern[str], expected: str, longest: int = LONGEST_CODE) -> str:
        """The next bare word in that form, else "" with a fault. A word in another form is taken, a string or mark is not."""
        word = self.word
        fits = pattern.fullmatch(word) is not None
        if not fits or len(word) > longest:
            self.fault(f"{expected} of at most {longest} characters" if fits else expected)
        self._at += bool(word) and word not in MARKS
        return word if fits and len(word) <= longest else ""

    def one_of(self, words: Collection[str], expected: str = "") -> str:
        """The next bare word where it is one of these, else "" with a fault."""
        expected = expected or either(words)
        word = self.word
        if word not in words:
            self.fault(expected)
        self._at += bool(word) and word not in MARKS
        return word if word in words else ""

    def code(self, expected: str = "a code") -> str:
        return self.expect(CODE, expected)

    def plain_code(self, expected: str) -> str:
        """A code that can stand in a place: the first "/" parts project and organization."""
        return self.expect(PLAIN_CODE, f"{expected} without “/”" if "/" in self.word else expected)

    def day(self) -> date:
        token = self.next
        literal = self.expect(DAY, "a date as YYYY-MM-DD")
        day = read_date(literal)
        if literal and not day:
            self.fault("a day of the calendar", token)
        return day or NO_DATE

    def year(self) -> int:
        return int(self.expect(YEAR, "a year as YYYY") or 0)

    def key(self, expected: str = "a key as ^KEY") -> str:
        """A posting key, without its "^". A code without one is taken for it, so that it is noted once."""
        word = self.word
        if word.startswith("^") or (CODE.fullmatch(word) and word not in (REPLACES, REVERSES)):
            return self.expect(KEY, expected, LONGEST_KEY + 1)[1:]
        self.fault(expected)
        return ""

    def amount(self) -> Decimal:
        token = self.next
        if not NUMBER_LIKE.match(self.word):
            self.fault("an amount")
            return NO_AMOUNT
        amount = read_number(self.expect(AMOUNT, "an amount as 1,234,567.89"))
        if amount is None:
            return NO_AMOUNT
        if amount.copy_abs() > MOST_MINOR_UNITS:
            self.fault(HELD, token)
            return NO_AMOUNT
        return amount

    def currency(self) -> str:
        return self.one_of(CURRENCIES, "a currency of ISO 4217")

    def money(self) -> tuple[Decimal, str]:
        """An amount and its currency."""
        return self.amount(), self.currency()

    def percentage(self) -> None:
        """A rate in per cent, or "none"."""
        if not self.skip("none"):
            self.expect(PERCENTAGE, "a rate as 7% or none")

    def participant(self) -> None:
        """An organization, and its own number of the project as a word or a string."""
        self.code("the code of an organization")
        if not self.string():
            self.take()

    def string(self) -> str:
        """The string that comes next, "" where none does."""
        token = self.next
        if token and token.is_quoted:
            self._at += 1
            return token.text
        return ""

    def end(self, expected: str = END) -> None:
        """Nothing more may come; what does is noted once."""
        if self.next:
            self.fault(expected)
            self.rest()


def read_number(literal: str) -> Decimal | None:
    """The amount as a journal writes it, with all its decimals; None where it is none ("1,23", "1e6", "+5", "")."""
    if not AMOUNT.fullmatch(literal):
        return None
    amount = Decimal(literal.replace(",", ""))
    return amount if amount else amount.copy_abs()  # no "-0.00"


def either(words: Collection[str]) -> str:
    """Any of these, as a sentence says it."""
    *some, last = words
    return f"{', '.join(some)} or {last}" if some else last


def digits_of(currency: str) -> str:
    """What is expected of an amount in that currency."""
    decimals = exponent(currency)
    return f"an amount with at most {decimals} decimals ({currency})" if decimals else f"whole {currency}"
