"""What somebody may see of results, and what an address names: an organization's people see what it answers for."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from quipu.actions import subjects
from quipu.actions.results import framework
from quipu.books import models
from quipu.desk import troubles
from quipu.desk.reaching import within
from quipu.rules.mandates import ELSEWHERE, Decision, Scope
from quipu.rules.results.states import APPROVER, WRITER

READ, KEEP, WRITE, APPROVE = "read results", "keep frameworks", WRITER, APPROVER
LOCK, MEASURE = "lock periods", "keep measures"
INDICATORS = models.Indicator.objects.select_related("project__fund", "outcome", "output__outcome", "measure")
READINGS = models.Reading.objects.select_related(
    "indicator__project__fund", "indicator__outcome", "indicator__output__outcome"
)


def indicators_within(reach: Sequence[Scope], before: str = "") -> Any:
    """The condition for indicators within a reach. before: where the question is about something of theirs, "indicator__"."""
    found = Q(pk__in=())
    for scope in reach:
        one = Q()
        if scope.fund:
            one &= Q(**{f"{before}project__fund": scope.fund})
        if scope.project:
            one &= Q(**{f"{before}project": scope.project})
        if scope.organization:
            own = Q(**{f"{before}organization": scope.organization})
            none = Q(**{f"{before}organization": None, f"{before}output__organization": scope.organization})
            one &= own | none
        if not one:
            return one  # everything
        found |= one
    return found


def projects_within(reach: Sequence[Scope]) -> Any:
    """The condition for programmes in which somebody sees something: by their own reach, or by an indicator's."""
    return within(list(reach)) | Q(code__in=models.Indicator.objects.filter(indicators_within(reach)).values("project"))


def of_project(code: str) -> tuple[Any, Scope]:
    """A programme, and whose it is."""
    found = get_object_or_404(models.Project.objects.select_related("fund"), code=code.replace("\0", ""))
    return found, subjects.scope_of(found)


def of_outcome(code: str) -> tuple[Any, Scope]:
    """An outcome, and whose it is."""
    found = get_object_or_404(models.Outcome.objects.select_related("project__fund"), code=code.replace("\0", ""))
    return found, framework.scope(found)


def of_output(code: str) -> tuple[Any, Scope]:
    """An output, and whose it is: its programme's, as a framework is kept for all of it."""
    every = models.Output.objects.select_related("outcome__project__fund")
    found = get_object_or_404(every, code=code.replace("\0", ""))
    return found, framework.scope(found)


def of_indicator(code: str) -> tuple[Any, Scope]:
    """An indicator, and whose it is."""
    found = get_object_or_404(INDICATORS.all(), code=code.replace("\0", ""))
    return found, framework.scope(found)


def of_reading(code: str) -> tuple[Any, Scope]:
    """A reading, and whose it is."""
    found = get_object_or_404(READINGS.all(), code=code.replace("\0", ""))
    return found, framework.scope(found)


def of_cycle(number: int) -> tuple[Any, Scope]:
    """A reporting period, and whose it is."""
    found = get_object_or_404(models.Cycle.objects.select_related("project__fund"), pk=number)
    return found, subjects.scope_of(found.project)


def of_list(code: str, name: str) -> tuple[Any, Scope]:
    """A list of a programme's own, and whose it is."""
    project, scope = of_project(code)
    return get_object_or_404(models.Breakdown, project=project, code=name, ended_at=None), scope


def of_measure(code: str) -> tuple[Any, Scope]:
    """A measure, and whose it is: a fund's, or everybody's."""
    found = get_object_or_404(models.Measure.objects.select_related("fund"), code=code.replace("\0", ""))
    return found, Scope(found.fund_id or "")


def not_here(request: HttpRequest, project: Any) -> HttpResponse | None:
    """The page that says no, where somebody sees nothing of a programme; None where they see something."""
    if request.rights.may(READ, subjects.scope_of(project)):
        return None
    reach = request.rights.reach(READ)
    if models.Indicator.objects.filter(indicators_within(reach), project=project).exists():
        return None
    return troubles.not_yours(request, READ, Decision(False, why=ELSEWHERE))
