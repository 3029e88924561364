"""What a cell of a sheet says, whatever it is of: its text, an exact number, leave it, clear it; and what is wrong with it."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from quipu.rules.findings import Finding

CLEARING = "x"  # what a cell says to be emptied
KEPT_DIGITS = 15  # of a number, by every program for sheets
Cell = str | int | float | bool | date | datetime | None


class Blank(Enum):
    """What a cell says beside a value."""

    LEAVE = "leave it as it is"
    CLEAR = "clear it"


LEAVE, CLEAR = Blank.LEAVE, Blank.CLEAR


def text_of(value: Cell) -> str:
    """A cell as a person would have typed it, numbers with the digits that a sheet keeps."""
    if value is None:
        return ""
    if isinstance(value, str):
        return (value if value.isascii() else unicodedata.normalize("NFC", value)).strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{Decimal(format(value, f'.{KEPT_DIGITS}g')):f}" if abs(value) < 1e300 else str(value)
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != value.min.time() else value.date().isoformat()
    return str(value)


def exact(value: float) -> Decimal:
    """A number of a sheet with the digits that a sheet keeps."""
    return Decimal(format(value, f".{KEPT_DIGITS}g")) if isinstance(value, float) else Decimal(value)


@lru_cache(maxsize=1 << 14)
def folded(text: str) -> str:
    """A word as it is compared: without accents, marks, capitals and doubled spaces."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w]+", " ", plain.casefold()).split())


class Faulty(NamedTuple):
    """What is wrong with a row: in which column, and what stands there."""

    finding: Finding
    column: str
    value: str
