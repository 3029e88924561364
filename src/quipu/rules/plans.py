"""Work plans: quarters, how a piece of work stands in one, what is missing of it, and how amounts are added up.

An amount belongs to one piece of work, and that to one output and one organization: what is added along either is counted once.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from quipu.rules.figures import per_cent
from quipu.rules.findings import Finding
from quipu.rules.money import of_minor_units, printed

WRITTEN = re.compile(r"([0-9]{4})-?[Qq]([1-4])")
OF_YEAR = (1, 2, 3, 4)
LARGEST = 10**15  # minor units (decision 10)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a year; number: 1 to 4."""

    year: int
    number: int

    @property
    def since(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def until(self) -> date:
        """Its last day."""
        return self.next.since - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """The one after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> "Quarter":
        """The one before it."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    def has_ended(self, today: date) -> bool:
        """Whether it lies behind us."""
        return self.until < today

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


def quarter_of(day: date) -> Quarter:
    """The quarter that a day falls into."""
    return Quarter(day.year, (day.month + 2) // 3)


def read_quarter(text: str) -> Quarter | None:
    """A quarter as it is written, 2026-Q3; None for anything else."""
    found = WRITTEN.fullmatch(text.strip())
    return Quarter(int(found[1]), int(found[2])) if found and found[1] != "0000" and found[1] != "9999" else None


class State(StrEnum):
    """How a piece of work stands in a quarter."""

    NOT_BEGUN = "not begun"
    ON_TRACK = "on track"
    LATE = "late"
    STOPPED = "stopped"
    DONE = "done"


REMARKED = (State.LATE, State.STOPPED)  # states that need a word of why


@dataclass(frozen=True, slots=True)
class Sums:
    """Amounts in minor units of one currency. committed, spent: what was said of them; said: how many lines said it."""

    planned: int = 0
    committed: int = 0
    spent: int = 0
    lines: int = 0
    said: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.planned + other.planned,
            self.committed + other.committed,
            self.spent + other.spent,
            self.lines + other.lines,
            self.said + other.said,
        )

    @property
    def delivery(self) -> Any:
        """Spent in per cent of what was planned."""
        return delivery(self.spent, self.planned)


def delivery(spent: int, planned: int) -> Any:
    """One amount in per cent of another by the rate of the figures, with two decimals as in data; None below no plan."""
    rate = per_cent(of_minor_units(spent, ""), of_minor_units(planned, ""))
    return None if rate is None else printed(rate, 2)


def sums_of(line: Any) -> Sums:
    """The amounts of a line: what has planned, committed, spent (None for not said)."""
    return Sums(line.planned, line.committed or 0, line.spent or 0, 1, int(line.spent is not None))


def added(lines: Iterable[Any], by: Callable[[Any], Key]) -> dict[Key, Sums]:
    """Lines added up by whatever they are told apart by."""
    found: dict[Key, Sums] = {}
    for line in lines:
        key = by(line)
        found[key] = found.get(key, Sums()) + sums_of(line)
    return found


def is_in(line: Any) -> bool:
    """Whether a line says what a quarter needs: how the work stands, and what was spent."""
    return bool(line.state) and line.spent is not None


def is_missing(line: Any) -> bool:
    """Whether something was planned for a line and its organization did not say what became of it."""
    return line.planned > 0 and not is_in(line)


def of_amount(name: str, amount: int, place: str) -> list[Finding]:
    """What speaks against an amount: planned, committed or spent."""
    found = []
    if amount < 0 and name != "spent":
        found.append(Finding("plan-amount-negative", place))
    if abs(amount) > LARGEST:
        found.append(Finding("plan-amount-large", place))
    return found


def faults(said: Mapping[str, Any], state: str, remark: str, place: Callable[[str], str]) -> list[Finding]:
    """What speaks against a line. said: what is changed of it; state, remark: as they would stand then."""
    found = []
    for name in ("planned", "committed", "spent"):
        if said.get(name) is not None:
            found += of_amount(name, said[name], place(name))
    if state and state not in list(State):
        found.append(Finding("plan-state", place("state"), state))
    elif state in REMARKED and not remark.strip():
        found.append(Finding("plan-remark", place("remark")))
    return found
