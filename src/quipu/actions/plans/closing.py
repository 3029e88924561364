"""Close quarters of a work plan, with all lines in or with what is missing by name and a reason; and open them again."""

from datetime import UTC, datetime
from typing import Any

from quipu.actions import history, mandates
from quipu.actions.plans import planning
from quipu.actions.subjects import known
from quipu.actions.tell import tell
from quipu.books import models, office
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.narrative import PROJECT
from quipu.rules.plans import Quarter, is_missing

OPENED, OPENED_TEXT = (
    "A quarter is open again",
    "%(name)s opened the quarter %(quarter)s of %(project)s again: %(reason)s",
)


def lines_of(project: str, quarter: Quarter) -> list[Any]:
    """All lines of a quarter, with their work."""
    found = models.WorkQuarter.objects.filter(work__project=project, year=quarter.year, quarter=quarter.number)
    return list(found.select_related("work").order_by("work__number"))


def missing(lines: list[Any]) -> list[str]:
    """The codes of the work whose lines are not in. What was ended is not waited for."""
    return [line.work_id for line in lines if is_missing(line) and line.work.ended_at is None]


def close(*, by: str, project: str, quarter: Quarter, reason: str = "", seen: int | None = None) -> Any:
    """Nothing of the quarter is written any more, and the public may see it. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        own = planning.of_quarter(owner, quarter)
        history.alone(own, seen)
        record = _record(owner, quarter)
        lines = lines_of(owner.code, quarter)
        lacks = missing(lines)
        found = []
        if record.closed_at is not None:
            found.append(Finding("quarter-closed", "", str(quarter)))
        if not quarter.has_ended(office.today()):
            found.append(Finding("quarter-running", "", str(quarter)))
        if not lines:
            found.append(Finding("plan-lines-none", "", str(quarter)))
        if lacks and not reason.strip():
            found.append(Finding("quarter-lines-missing", "reason", ", ".join(lacks)))
        if found:
            raise Refused(*found)
        record.closed_at, record.closed_by = datetime.now(UTC), by
        record.missing, record.reason = lacks, reason.strip()
        record.save()
        after = {"state": "closed", "missing": lacks}
        history.keep(
            by=by,
            verb="close quarter",
            thing=own,
            before={"state": "open"},
            after=after,
            reason=reason.strip(),
            is_public=True,
        )
    return record


def open_again(*, by: str, project: str, quarter: Quarter, reason: str, seen: int | None = None) -> Any:
    """Lines of the quarter may be written again; the public sees it no more until it is closed. Raises Refused."""
    if not reason.strip():
        raise Refused(Finding("reason-missing", "reason"))
    with history.whole():
        owner = known(PROJECT, project)
        own = planning.of_quarter(owner, quarter)
        history.alone(own, seen)
        record = _record(owner, quarter)
        if record.closed_at is None:
            raise Refused(Finding("quarter-open", "", str(quarter)))
        before = {"state": "closed", "missing": record.missing}
        record.closed_at, record.closed_by, record.missing, record.reason = None, "", [], ""
        record.save()
        history.keep(
            by=by,
            verb="open quarter",
            thing=own,
            before=before,
            after={"state": "open"},
            reason=reason.strip(),
            is_public=True,
        )
        bodies = {line.work.organization_id for line in lines_of(owner.code, quarter)}
        people = {
            person.pk
            for body in sorted(bodies)
            for person in mandates.who_may("fill plans", Scope(owner.fund_id, owner.code, body))
        }
        tell(
            people=sorted(people - {by}),
            subject=OPENED,
            text=OPENED_TEXT,
            address=f"/desk/plans/{owner.code}/quarter/{quarter}",
            values={
                "name": history.name_of(by),
                "quarter": str(quarter),
                "project": owner.code,
                "reason": reason.strip(),
            },
        )
    return record


def _record(project: Any, quarter: Quarter) -> Any:
    there = {"project": project, "year": quarter.year, "quarter": quarter.number}
    return models.PlanQuarter.objects.filter(**there).first() or models.PlanQuarter(**there)
