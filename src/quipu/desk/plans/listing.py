"""What lists of plans show: a programme with its last quarter, a quarter by organization, what an approved plan held."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from quipu.books import models
from quipu.desk.plans import sight
from quipu.desk.plans.words import body_name
from quipu.rules import plans
from quipu.rules.plans import Quarter, Sums


@dataclass(slots=True)
class ListRow:
    """A programme in the list: of the quarter that ended last, how many lines there are and how many are in."""

    project: Any
    works: int = 0
    lines: int = 0
    missing: int = 0
    is_closed: bool = False


def rows(rights: Any, projects: Iterable[Any], quarter: Quarter) -> list[ListRow]:
    """The programmes of a page, by a few questions for all of them."""
    found = {one.code: ListRow(one) for one in projects}
    lines = sight.lines_within(rights, sight.READ).filter(work__project__in=found)
    for project, _ in lines.values_list("work__project", "work").distinct():
        found[project].works += 1
    of_quarter_ = lines.filter(year=quarter.year, quarter=quarter.number).select_related("work")
    for line in of_quarter_:
        row = found[line.work.project_id]
        row.lines += 1
        row.missing += int(plans.is_missing(line) and line.work.ended_at is None)
    closed = models.PlanQuarter.objects.filter(
        project__in=found, year=quarter.year, quarter=quarter.number, closed_at__isnull=False
    )
    for code in closed.values_list("project_id", flat=True):
        found[code].is_closed = True
    return list(found.values())


@dataclass(slots=True)
class BodyRow:
    """An organization in a quarter: its sums, how many of its lines are in, and its states."""

    code: str
    name: str
    sums: Sums = field(default_factory=Sums)
    missing: int = 0
    states: dict[str, int] = field(default_factory=dict)


def of_quarter(lines: Iterable[Any], bodies: Mapping[str, Any]) -> list[BodyRow]:
    """A quarter by organization."""
    found: dict[str, BodyRow] = {}
    for line in lines:
        code = line.work.organization_id
        row = found.setdefault(code, BodyRow(code, body_name(bodies[code]) if code in bodies else code))
        row.sums += plans.sums_of(line)
        row.missing += int(plans.is_missing(line) and line.work.ended_at is None)
        if line.state:
            row.states[line.state] = row.states.get(line.state, 0) + 1
    return [found[code] for code in sorted(found)]


def planned_in(approved: Any, seen: Collection[str] | None) -> int:
    """What an approved plan held in all, or of some organizations."""
    return sum(sum(one["planned"].values()) for one in approved.content if seen is None or one["organization"] in seen)
