"""Text to words: the whole grammar of the journal. It never stops at the first fault, and never raises one."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from quipu.rules import kinds
from quipu.rules.dates import read_date
from quipu.rules.journal.books import MOST_MINOR_UNITS, minor_units, written_decimals
from quipu.rules.journal.currencies import CURRENCIES
from quipu.rules.journal.tokens import VALUE, WORDS, Token, tokens
from quipu.rules.journal.words import Fault
from quipu.rules.money import exponent

END = "the end of the line"
LONGEST_FOUND = 60  # characters of the text that a fault repeats

CODE = re.compile(r"[A-Za-z0-9._/-]+")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEAR = re.compile(r"[0-9]{4}")
AMOUNT = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
RATE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
