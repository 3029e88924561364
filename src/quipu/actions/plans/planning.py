"""Keep a work plan: pieces of work by output and organization, what is planned by quarter, approved versions, tranches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from quipu.actions import history, recording
from quipu.actions.history import Thing
from quipu.actions.results.framework import named
from quipu.actions.subjects import known, scope_of
from quipu.books import models, office
from quipu.rules import plans
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.narrative import PROJECT
from quipu.rules.plans import Quarter

WORK, PLAN, TRANCHE, QUARTER = "work", "plan", "tranche", "quarter"  # kinds of things that history calls them


@dataclass(frozen=True, slots=True)
class WorkSaid:
    """A piece of work as it is typed. planned: minor units by quarter; quarters that are not named stay as they are."""

    output: str
    organization: str
    titles: Mapping[str, str]
    place: str = ""
    planned: Mapping[Quarter, int] = field(default_factory=dict)


def scope(work: Any) -> Scope:
    """Whose a piece of work is: the programme's, and its organization's."""
    return Scope(work.project.fund_id, work.project_id, work.organization_id)


def thing(work: Any) -> Thing:
    """What history calls it."""
    return Thing(WORK, work.code, scope(work))


def of_quarter(project: Any, quarter: Quarter) -> Thing:
    """A quarter of a programme, as history calls it. Whoever writes in it or closes it waits for each other here."""
    return Thing(QUARTER, f"{project.code} {quarter}", scope_of(project))


def closed(project: str, quarters: Sequence[Quarter]) -> set[Quarter]:
    """Those of the quarters that are closed."""
    found = models.PlanQuarter.objects.filter(
        project=project, year__in={one.year for one in quarters}, closed_at__isnull=False
    )
    return {Quarter(one.year, one.quarter) for one in found} & set(quarters)


def keep_work(*, by: str, project: str, said: WorkSaid, code: str = "", seen: int | None = None) -> Any:
    """Makes a piece of work, or changes the one of that code and what is planned for it. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        for quarter in sorted(said.planned):
            history.alone(of_quarter(owner, quarter), None)
        work = models.Work.objects.filter(code=code, project=owner).first() if code else None
        if code and work is None:
            raise Refused(Finding("record-unknown", "code", code))
        if work is None:
            history.alone(Thing(PLAN, owner.code, scope_of(owner)), None)  # two new ones do not get one number
        else:
            history.alone(thing(work), seen)
        lines = {Quarter(one.year, one.quarter): one for one in work.quarters.all()} if work else {}
        if found := _faults(owner, said, work, lines):
            raise Refused(*found)
        before = _told(work, lines)
        if work is None:
            last = (
                models.Work.objects.filter(project=owner).order_by("-number").values_list("number", flat=True).first()
            )
            number = (last or 0) + 1
            work = models.Work(code=f"{owner.code}-w{number}", project=owner, number=number)
        work.output_id, work.organization_id = said.output, said.organization
        work.titles, work.place = named(said.titles), " ".join(said.place.split())
        work.save()
        for quarter, amount in said.planned.items():
            lines[quarter] = _planned(work, quarter, amount, lines.get(quarter))
        history.keep(by=by, verb="keep", thing=thing(work), before=before, after=_told(work, lines))
    return work


def _planned(work: Any, quarter: Quarter, amount: int, line: Any) -> Any:
    now = datetime.now(UTC)
    if line is None:
        line = models.WorkQuarter(work=work, year=quarter.year, quarter=quarter.number, changed_at=now)
        if amount == 0:
            return line  # nothing planned where nothing stood is no line
    if line.pk and line.planned == amount:
        return line
    line.planned, line.changed_at = amount, now
    line.save()
    return line


def _faults(owner: Any, said: WorkSaid, work: Any, lines: Mapping[Quarter, Any]) -> list[Finding]:
    found = []
    output = models.Output.objects.filter(code=said.output, outcome__project=owner).first()
    is_new_output = work is None or work.output_id != said.output
    if output is None or (output.ended_at is not None and is_new_output):
        found.append(Finding("work-output", "output", said.output))
    if not models.Participation.objects.filter(project=owner, organization=said.organization).exists():
        found.append(Finding("work-organization", "organization", said.organization))
    if work is not None and work.ended_at is not None:
        found.append(Finding("work-ended", "", work.code))
    is_filled = any(line.state or line.spent is not None or line.committed is not None for line in lines.values())
    if work is not None and is_filled and (work.organization_id != said.organization or is_new_output):
        place = "organization" if work.organization_id != said.organization else "output"
        found.append(Finding("work-filled", place))
    changed = [q for q, amount in said.planned.items() if amount != (lines[q].planned if q in lines else 0)]
    found += [Finding("quarter-closed", place_of(q), str(q)) for q in sorted(closed(owner.code, changed))]
    for quarter in changed:
        found += plans.of_amount("planned", said.planned[quarter], place_of(quarter))
    return found + recording.no_nul(said.place, *said.titles.values())


def place_of(quarter: Quarter) -> str:
    """The field of what is planned for a quarter."""
    return f"planned-{quarter}"


def end_work(*, by: str, code: str, reason: str, seen: int | None = None) -> Any:
    """Nothing is planned or said of it any more; what was, stays. Raises Refused."""
    if not reason.strip():
        raise Refused(Finding("reason-missing", "reason"))
    with history.whole():
        work = models.Work.objects.filter(code=code).select_related("project").first()
        if work is None:
            raise Refused(Finding("record-unknown", "code", code))
        history.alone(thing(work), seen)
        work.refresh_from_db()
        if work.ended_at is not None:
            raise Refused(Finding("work-ended", "", code))
        work.ended_at = datetime.now(UTC)
        work.save(update_fields=["ended_at"])
        history.keep(by=by, verb="end", thing=thing(work), after={"ended_at": work.ended_at}, reason=reason.strip())
    return work


def _told(work: Any, lines: Mapping[Quarter, Any]) -> dict[str, Any]:
    if work is None:
        return {}
    said = {"output": work.output_id, "organization": work.organization_id, "titles": work.titles, "place": work.place}
    return {**said, **{f"planned {q}": line.planned for q, line in sorted(lines.items()) if line.pk}}


# The plan as it was approved


def content(project: str, year: int) -> list[dict[str, Any]]:
    """The plan of a year as it stands: each piece of work with what is planned by quarter."""
    lines: dict[str, dict[str, int]] = {}
    for line in models.WorkQuarter.objects.filter(work__project=project, year=year, planned__gt=0):
        lines.setdefault(line.work_id, {})[str(line.quarter)] = line.planned
    return [
        {
            "code": work.code,
            "output": work.output_id,
            "organization": work.organization_id,
            "titles": work.titles,
            "planned": dict(sorted(lines[work.code].items())),
        }
        for work in models.Work.objects.filter(project=project, code__in=lines).order_by("number")
    ]


def approve(*, by: str, project: str, year: int, on: date, decision: str) -> Any:
    """Keeps the plan of a year as a decision approved it. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        history.alone(Thing(PLAN, owner.code, scope_of(owner)), None)
        now, found = content(owner.code, year), []
        last = models.ApprovedPlan.objects.filter(project=owner, year=year).order_by("-number").first()
        if not decision.strip():
            found.append(Finding("field-missing", "decision"))
        if on > office.today():
            found.append(Finding("plan-to-come", "on"))
        if not now:
            found.append(Finding("plan-lines-none", ""))
        elif last is not None and last.content == now:
            found.append(Finding("plan-approved-same", ""))
        if found := found + recording.no_nul(decision):
            raise Refused(*found)
        number = last.number + 1 if last else 1
        made = models.ApprovedPlan.objects.create(
            project=owner,
            year=year,
            number=number,
            on=on,
            decision=decision.strip(),
            content=now,
            by=by,
            at=datetime.now(UTC),
        )
        after = {"year": year, "version": number, "on": on, "decision": decision.strip()}
        history.keep(by=by, verb="approve plan", thing=Thing(PLAN, owner.code, scope_of(owner)), after=after)
    return made


@dataclass(frozen=True, slots=True)
class Changed:
    """A piece of work of which something else is planned than was approved. Minor units by quarter; {} where it was not in."""

    work: str
    titles: Mapping[str, str]
    organization: str
    before: Mapping[str, int]
    after: Mapping[str, int]

    @property
    def more(self) -> int:
        """How much more is planned in the year."""
        return sum(self.after.values()) - sum(self.before.values())


def difference(approved: Any) -> list[Changed]:
    """What of a year's plan is otherwise now than it was approved."""
    before = {one["code"]: one for one in approved.content}
    after = {one["code"]: one for one in content(approved.project_id, approved.year)}
    return [
        Changed(
            code,
            (after.get(code) or before[code])["titles"],
            (after.get(code) or before[code])["organization"],
            before.get(code, {}).get("planned", {}),
            after.get(code, {}).get("planned", {}),
        )
        for code in dict.fromkeys((*before, *after))
        if before.get(code, {}).get("planned") != after.get(code, {}).get("planned")
    ]


# Tranches


@dataclass(frozen=True, slots=True)
class TrancheSaid:
    """A tranche as it is typed. amount: minor units; met_on: None while its condition is not met; evidence: what shows it."""

    planned_on: date
    amount: int
    condition: str = ""
    met_on: date | None = None
    evidence: str = ""


def keep_tranche(*, by: str, project: str, said: TrancheSaid, number: int = 0, seen: int | None = None) -> Any:
    """Makes a tranche, or changes the one of that number. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        history.alone(Thing(PLAN, owner.code, scope_of(owner)), None)
        every = models.Tranche.objects.filter(project=owner).order_by("number")
        record = every.filter(number=number).first()
        found = plans.of_amount("planned", said.amount, "amount")
        if number and record is None:
            found.append(Finding("record-unknown", "number", str(number)))
        if said.amount == 0:
            found.append(Finding("field-missing", "amount"))
        if said.met_on and said.met_on > office.today():
            found.append(Finding("plan-to-come", "met_on"))
        if said.met_on and said.condition.strip() and not said.evidence.strip():
            found.append(Finding("field-missing", "evidence"))
        if found := found + recording.no_nul(said.condition, said.evidence):
            raise Refused(*found)
        names = ("planned_on", "amount", "condition", "met_on", "evidence")
        before = {name: getattr(record, name) for name in names} if record else {}
        record = record or models.Tranche(project=owner, number=max((one.number for one in every), default=0) + 1)
        own = tranche_thing(record)
        history.alone(own, seen)
        record.planned_on, record.amount, record.met_on = said.planned_on, said.amount, said.met_on
        record.condition, record.evidence = said.condition.strip(), said.evidence.strip()
        record.save()
        after = {name: getattr(record, name) for name in names}
        history.keep(by=by, verb="keep", thing=own, before=before, after=after)
    return record


def tranche_thing(record: Any) -> Thing:
    """A tranche as history knows it."""
    return Thing(TRANCHE, f"{record.project_id} {record.number}", scope_of(record.project))
