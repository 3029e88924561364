"""Deadlines in force: a fund's own day, or a later one that was granted, or none where the obligation was waived."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from quipu.books import models, records
from quipu.rules.calendar import due
from quipu.rules.returns.obligations import KINDS

Key = tuple[str, str, str, str, int]  # duty, fund, organization, project or "", year
Place = tuple[str, str, int, str]  # fund, organization, year, kind of a return
_DUTIES = {kind: duty for duty, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due. on None: nothing is owed, it was waived. extended: more time was given."""

    on: date | None
    extended: bool = False

    def left(self, today: date) -> int | None:
        """Days until then, below zero afterwards."""
        return None if self.on is None else (self.on - today).days


def granted(years: Collection[int]) -> dict[Key, date | None]:
    """What was granted for these years, the last decision of each: the later day, or None where it was waived."""
    merged = records.mergers()
    found: dict[Key, date | None] = {}
    for one in models.Dispensation.objects.filter(year__in=years, granted=True).order_by("decided_at", "pk"):
        body = records.shown_as(one.organization_id, merged)
        found[one.duty, one.fund_id, body, one.project_id or "", one.year] = one.until
    return found


def in_force(places: Iterable[Place]) -> dict[Place, Deadline]:
    """The deadlines of some returns, in a few questions. Of a project alone nothing is said here."""
    wanted = list(dict.fromkeys(places))
    if not wanted:
        return {}
    own, given = records.deadlines(), granted({year for _, _, year, _ in wanted})
    found = {}
    for place in wanted:
        fund, body, year, kind = place
        duty = _DUTIES[kind]
        usual = due(duty, year, own.get(fund))
        until = given.get((duty, fund, body, "", year), usual)
        found[place] = Deadline(until, until is not None and until > usual)
    return found


def of(record: Any) -> Deadline:
    """The deadline of one return."""
    place = place_of(record)
    return in_force([place])[place]


def place_of(record: Any) -> Place:
    """What it is about."""
    return record.fund_id, record.organization_id, record.year, record.kind
