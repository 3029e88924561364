"""A walk over the words of one line: takes what the grammar expects next, and notes a fault where something else stands."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from quipu.rules.dates import read_date
from quipu.rules.journal.books import MOST_MINOR_UNITS, written_decimals
from quipu.rules.journal.currencies import CURRENCIES
from quipu.rules.journal.tokens import WORDS, Token, tokens
from quipu.rules.journal.words import Fault, Place
from quipu.rules.money import exponent

END = "the end of the line"
LONGEST_FOUND = 60  # characters of the text that a fault repeats

CODE = re.compile(r"[A-Za-z0-9._/-]+")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEAR = re.compile(r"[0-9]{4}")
AMOUNT = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
NUMBER_LIKE = re.compile(r"[-+.,0-9]+")  # meant as an amount, though perhaps none
RATE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
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
    """The words of one line, taken from left to right. What is asked for behind the end is noted once."""

    def __init__(self, faults: Faults, number: int, text: str, *, grammar: re.Pattern[str] = WORDS, start: int = 0) -> None:
        self.faults = faults
        self.number = number
        self._tokens = list(tokens(text, grammar, start))
        self._at = 0
        self._is_over = False
        self.is_indented = text[:1] in (" ", "\t")
        last = None
        for token in self._tokens:
            last = token
            if not token.is_closed:
                self.fault('a closing "', END, len(text) + 1)
        del last

    def __bool__(self) -> bool:
        return bool(self._tokens)
