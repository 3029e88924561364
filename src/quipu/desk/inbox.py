"""One line of the inbox, as each kind of work tells it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Task:
    """verb, thing: as they are shown; since: the day from which it waits; due: the day by which it has to be done.

    kind: the heading it stands under; "" for that of the folder that tells it.
    """

    verb: str
    thing: str
    address: str
    since: date | None = None
    due: date | None = None
    kind: str = ""

    def days_left(self, today: date) -> int | None:
        """Days until it is due, below zero where the day has passed; None without a day."""
        return None if self.due is None else (self.due - today).days
