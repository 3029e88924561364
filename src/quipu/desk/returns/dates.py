"""The day by which each return is due, as it is in force: the fund's own deadline, or a later one that was given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from quipu.books import models, records
from quipu.rules.calendar import due
from quipu.rules.returns.states import ANNUAL, FINAL, INTERIM

DUTIES = {INTERIM: "interim_return", ANNUAL: "annual_return", FINAL: "final_statement"}
Place = tuple[str, str, int, str]  # fund, organization, year, kind


@dataclass(frozen=True, slots=True)
class Deadline:
    """When it is due. on None: nothing is owed, it was waived. extended: more time was given."""

    on: date | None
    extended: bool = False

    def left(self, today: date) -> int | None:
        """Days until then, below zero afterwards."""
        return None if self.on is None else (self.on - today).days


def in_force(places: Iterable[Place]) -> dict[Place, Deadline]:
    """The deadlines of some returns, in two questions."""
    wanted = list(dict.fromkeys(places))
    own = records.deadlines() if wanted else {}
    given: dict[tuple[str, str, int, str], Any] = {}
    if wanted:
        granted = models.Dispensation.objects.filter(
            granted=True,
            project=None,
            fund__in={fund for fund, *_ in wanted},
            organization__in={body for _, body, *_ in wanted},
        )
        for one in granted.order_by("decided_at", "pk"):
            given[one.fund_id, one.organization_id, one.year, one.duty] = one
    found = {}
    for place in wanted:
        fund, body, year, kind = place
        duty = DUTIES[kind]
        one = given.get((fund, body, year, duty))
        found[place] = Deadline(one.until, one.until is not None) if one else Deadline(due(duty, year, own.get(fund)))
    return found


def of(record: Any) -> Deadline:
    """The deadline of one return."""
    place = place_of(record)
    return in_force([place])[place]


def place_of(record: Any) -> Place:
    """What it is about."""
    return record.fund_id, record.organization_id, record.year, record.kind
