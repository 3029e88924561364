"""Whose workbooks of readings somebody may send and see: those of programmes in which they write, or read all that is touched."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import Http404

from quipu.actions import running
from quipu.actions.subjects import scope_of
from quipu.books import models
from quipu.desk.reaching import within
from quipu.rules.mandates import Scope
from quipu.rules.results.states import WRITER

READ, WRITE = "read results", WRITER


def projects(rights: Any, verb: str = WRITE) -> Any:
    """Programmes in which somebody does that, for all of it or for an indicator of their organization's."""
    reached = rights.reach(verb)
    own = models.Indicator.objects.filter(_indicators(reached)).values("project")
    found = models.Project.objects.filter(within(reached) | Q(code__in=own)).select_related("fund")
    return found.filter(code__in=models.Indicator.objects.filter(ended_at=None).values("project")).order_by("code")


def _indicators(reached: Sequence[Scope]) -> Any:
    """The condition for indicators that an organization answers for, of those that a mandate is of."""
    found = Q(pk__in=())
    for scope in reached:
        if scope.organization:
            none = Q(organization=None, output__organization=scope.organization)
            one = Q(organization=scope.organization) | none
            one &= Q(project__fund=scope.fund) if scope.fund else Q()
            found |= one & (Q(project=scope.project) if scope.project else Q())
    return found


def project(rights: Any, code: str) -> Any:
    """A programme in which somebody writes. Raises Http404."""
    found = projects(rights).filter(code=code.replace("\0", "")).first()
    if found is None:
        raise Http404
    return found


def writes(rights: Any) -> Any:
    """Whether somebody writes readings somewhere."""
    return lambda scope: bool(rights.may(WRITE, scope))


def runs(rights: Any) -> Any:
    """Runs of programmes that somebody reads."""
    found = models.Run.objects.filter(what=running.READINGS, project__in=projects(rights, READ))
    return found.select_related("project").order_by("-at")


def run(code: str) -> Any:
    """A run by its code. Raises Http404."""
    found = models.Run.objects.filter(code=code, what=running.READINGS).select_related("project").first()
    if found is None:
        raise Http404
    return found


def may_read(rights: Any, one: Any) -> bool:
    """Whether somebody may read a run: all that it touches, or what they sent themselves and may still write."""
    scopes = [Scope(*each) for each in one.told.get("scopes", [])] or [scope_of(one.project)]
    if all(rights.may(READ, scope) for scope in scopes):
        return True
    return bool(one.by == rights.person.pk and projects(rights).filter(pk=one.project_id).exists())


def is_theirs(rights: Any, one: Any) -> bool:
    """Whether somebody may apply a run, as far as they may write what it touches."""
    return may_read(rights, one) and bool(projects(rights).filter(pk=one.project_id).exists())
