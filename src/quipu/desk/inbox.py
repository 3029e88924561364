"""One line of the inbox, as each kind of work tells it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Task:
    """verb, thing: as they are shown; since: the day from which it waits; due: the day by which it has to be done."""

    verb: str
    thing: str
    address: str
    since: date | None = None
    due: date | None = None
