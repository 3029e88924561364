"""Dates as the field writes them, and the periods that figures are asked by."""

import re
from datetime import date
from functools import lru_cache

# xs:date after white space has collapsed: four-digit years here, an optional zone that does not move the day.
XS_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
EARLIEST, LATEST = date(1945, 1, 1), date(2100, 12, 31)


@lru_cache(maxsize=1 << 14)  # the same few days stand in thousands of transactions
def read_date(literal: str) -> date | None:
    """The day an xs:date names, or None when it is not one ("31/12/2014", "2014-02-30", "2014-12-31T00:00:00")."""
    found = XS_DATE.fullmatch(literal.strip(" \t\r\n"))
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def is_plausible(day: date) -> bool:
    """Whether development money can have moved on that day; an implausible date is kept and carries a finding."""
    return EARLIEST <= day <= LATEST
