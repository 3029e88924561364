"""What waits among work plans: lines to fill in, quarters to close, requests to sign, receive, draft and mend."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from quipu.actions.plans import requesting
from quipu.books import models, office
from quipu.desk.drawing import address, said, spoken
from quipu.desk.inbox import Task
from quipu.desk.plans import sight
from quipu.desk.plans.forms import tranche_name
from quipu.desk.plans.words import quarter_name
from quipu.desk.reaching import within
from quipu.rules import plans, tranches
from quipu.rules.plans import Quarter
from quipu.rules.tranches import AGENT, ASKER, SIGNER, State

BACK = 4  # quarters that are looked back to
AHEAD = timedelta(days=30)  # before its day a tranche is asked for


def tasks(rights: Any) -> Iterator[Task]:
    """All that this person can do something about; a few questions for each of their roles."""
    if rights.reach(sight.FILL):
        yield from _to_fill(rights)
    if rights.reach(sight.CLOSE):
        yield from _to_close(rights)
    if rights.reach(SIGNER):
        waits = [one for one in _in(rights, SIGNER, State.DRAFT) if rights.person.pk not in one.writers]
        yield from _each(said("Sign a request for a transfer"), waits)
    if rights.reach(AGENT):
        yield from _each(said("Receive a request for a transfer"), _in(rights, AGENT, State.SIGNED))
    if rights.reach("draft vouchers"):
        received = _in(rights, "draft vouchers", State.RECEIVED)
        vouchers = requesting.vouchers_of(received)
        waits = [one for one in received if any(map(tranches.is_free, vouchers[one.code].values()))]
        yield from _each(said("Draft the transfers of a request"), waits)
    if rights.reach(ASKER):
        yield from _to_ask(rights)
        yield from _each(said("Mend a request for a transfer"), _in(rights, ASKER, State.RETURNED), is_reasoned=True)


def _ended() -> list[Quarter]:
    """The quarters that ended last, the oldest first."""
    found = [sight.current(office.today())]
    while len(found) < BACK:
        found.insert(0, found[0].before)
    return found


def _open_lines(rights: Any, verb: str) -> dict[tuple[str, Quarter], list[Any]]:
    """Lines of quarters that ended and are not closed, by programme and quarter."""
    quarters = _ended()
    lines = sight.lines_within(rights, verb).filter(year__in={one.year for one in quarters}).select_related("work")
    found: dict[tuple[str, Quarter], list[Any]] = {}
    for line in lines:
        when = Quarter(line.year, line.quarter)
        if when in quarters:
            found.setdefault((line.work.project_id, when), []).append(line)
    closed = models.PlanQuarter.objects.filter(
        project__in={project for project, _ in found}, closed_at__isnull=False, year__in={one.year for one in quarters}
    )
    for project, year, number in closed.values_list("project_id", "year", "quarter"):
        found.pop((project, Quarter(year, number)), None)
    return dict(sorted(found.items()))


def _is_missing(line: Any) -> bool:
    return plans.is_missing(line) and line.work.ended_at is None


def _to_fill(rights: Any) -> Iterator[Task]:
    for (project, when), lines in _open_lines(rights, sight.FILL).items():
        for body in sorted({line.work.organization_id for line in lines if _is_missing(line)}):
            thing = f"{project}, {body}, {quarter_name(when)}"
            yield Task(
                said("Fill in your lines"), thing, address("plan_lines", project, body, str(when)), when.next.since
            )


def _to_close(rights: Any) -> Iterator[Task]:
    for (project, when), lines in _open_lines(rights, sight.CLOSE).items():
        lacks = sum(map(_is_missing, lines))
        state = said("all lines are in")
        if lacks:
            told = spoken().ngettext("%(count)s line is missing", "%(count)s lines are missing", lacks)
            state = told % {"count": spoken().count(lacks)}
        thing = f"{project}, {quarter_name(when)}: {state}"
        yield Task(said("Close a quarter"), thing, address("plan_quarter", project, str(when)), when.next.since)


def _to_ask(rights: Any) -> Iterator[Task]:
    """Tranches that are due and free of conditions, and that no request asks for."""
    until = office.today() + AHEAD
    within_reach = within(rights.reach(ASKER), fund="project__fund", project="project")
    found = models.Tranche.objects.filter(within_reach, planned_on__lte=until).order_by("planned_on", "pk")
    found = found.filter(Q(condition="") | Q(met_on__isnull=False)).select_related("project__fund")
    live = models.TransferRequest.objects.filter(tranche__in=found).exclude(state=State.WITHDRAWN)
    for one in found.exclude(pk__in=live.values("tranche")):
        thing = f"{one.project_id}, {said('Tranche')} {tranche_name(one, one.project.fund.currency)}"
        address_ = address("new_transfer_request", one.project_id, tranche=str(one.number))
        yield Task(said("Ask for a tranche"), thing, address_, one.met_on, one.planned_on)


def _in(rights: Any, verb: str, state: State) -> list[Any]:
    reach = within(rights.reach(verb), fund="project__fund", project="project")
    return list(models.TransferRequest.objects.filter(reach, state=state).order_by("changed_at"))


def _each(verb: str, some: list[Any], *, is_reasoned: bool = False) -> Iterator[Task]:
    for one in some:
        thing = f"{one.project_id}, {one.decision.splitlines()[0][:120]}"
        thing += f" – {one.comment}" if is_reasoned and one.comment else ""
        yield Task(verb, thing, address("transfer_request", one.code), timezone.localtime(one.changed_at).date())
