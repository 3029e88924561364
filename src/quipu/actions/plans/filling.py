"""Fill in lines: an organization says of its own work in a quarter what was committed and spent, and how it stands."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from quipu.actions import history, recording
from quipu.actions.history import Thing
from quipu.actions.plans import planning
from quipu.actions.subjects import known
from quipu.books import models, office
from quipu.rules import plans
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.narrative import PROJECT
from quipu.rules.plans import Quarter

LINES = "plan lines"
FIELDS = ("committed", "spent", "state", "remark")
Said = Mapping[str, Mapping[str, Any]]  # by work, what is said anew: minor units or None, words
Changes = dict[str, dict[str, tuple[Any, Any]]]  # by work and field, before and after


def thing(project: Any, organization: str, quarter: Quarter) -> Thing:
    """The lines of an organization in a quarter, as history knows them."""
    return Thing(LINES, f"{project.code} {organization} {quarter}", Scope(project.fund_id, project.code, organization))


def place_of(work: str, name: str) -> str:
    """The field of a line."""
    return f"{work}/{name}"


def own_work(project: str, organization: str, quarter: Quarter) -> list[tuple[Any, Any]]:
    """An organization's pieces of work with their lines of a quarter; no line yet is one that is not kept.

    What was ended is there only where something was planned or said of it.
    """
    lines = {
        one.work_id: one
        for one in models.WorkQuarter.objects.filter(
            work__project=project, work__organization=organization, year=quarter.year, quarter=quarter.number
        )
    }
    works = models.Work.objects.filter(project=project, organization=organization).select_related("output__outcome")
    return [
        (work, lines.get(work.code) or models.WorkQuarter(work=work, year=quarter.year, quarter=quarter.number))
        for work in works.order_by("output__outcome__number", "output__number", "number")
        if work.ended_at is None or work.code in lines
    ]


def look(project: Any, organization: str, quarter: Quarter, said: Said) -> tuple[Changes, list[Finding]]:
    """What would change, and what speaks against it. Nothing is kept."""
    every = {work.code: (work, line) for work, line in own_work(project.code, organization, quarter)}
    changes: Changes = {}
    found: list[Finding] = []
    for code, told in said.items():
        if code not in every:
            found.append(Finding("plan-line-elsewhere", place_of(code, "work"), code))
            continue
        work, line = every[code]
        words = {name: value.strip() if isinstance(value, str) else value for name, value in told.items()}
        changed = {name: (getattr(line, name), words[name]) for name in FIELDS if name in words}
        changed = {name: (old, new) for name, (old, new) in changed.items() if old != new}
        if not changed:
            continue
        found += _faults(code, line, words, is_ended=work.ended_at is not None and line.pk is None)
        changes[code] = changed
    if changes and quarter.since > office.today():
        found.append(Finding("quarter-to-come", "", str(quarter)))
    if changes and planning.closed(project.code, [quarter]):
        found.append(Finding("quarter-closed", "", str(quarter)))
    return changes, found


def _faults(code: str, line: Any, words: Mapping[str, Any], *, is_ended: bool) -> list[Finding]:
    state, remark = (words.get(name, getattr(line, name)) or "" for name in ("state", "remark"))
    found = plans.faults(words, state, remark, lambda name: place_of(code, name))
    found += [Finding("text-unreadable", place_of(code, "remark")) for _ in recording.no_nul(remark)]
    return [*found, Finding("work-ended", place_of(code, "work"))] if is_ended else found


def fill(*, by: str, project: str, organization: str, quarter: Quarter, said: Said, seen: int | None = None) -> Changes:
    """Writes what is said of lines, all or none; what is not named stays as it is. Answers what changed. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        history.alone(planning.of_quarter(owner, quarter), None)
        own = thing(owner, organization, quarter)
        history.alone(own, seen)
        changes, found = look(owner, organization, quarter, said)
        if found:
            raise Refused(*found)
        if not changes:
            return {}
        now = datetime.now(UTC)
        for work, line in own_work(owner.code, organization, quarter):
            if work.code in changes:
                for name, (_, value) in changes[work.code].items():
                    setattr(line, name, value)
                line.filled_by, line.changed_at = by, now
                line.save()
        told = [
            {f"{code} {name}": pair[n] for code, changed in changes.items() for name, pair in changed.items()}
            for n in (0, 1)
        ]
        history.keep(by=by, verb="fill in", thing=own, before=told[0], after=told[1])
    return changes
