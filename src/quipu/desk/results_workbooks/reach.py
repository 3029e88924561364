"""Whose workbooks of readings somebody may send and see: those of programmes in which they write, or read all that is touched."""

from collections.abc import Collection
from typing import Any

from django.http import Http404

from quipu.actions import running
from quipu.actions.subjects import scope_of
from quipu.books import models
from quipu.desk.results import sight
from quipu.desk.results.sight import READ, WRITE
from quipu.rules.mandates import Scope


def projects(rights: Any, verb: str = WRITE) -> Any:
    """Programmes with indicators in which somebody does that, for all of it or for what their organization answers for."""
    found = models.Project.objects.filter(sight.projects_within(rights.reach(verb))).select_related("fund")
    return found.filter(code__in=models.Indicator.objects.filter(ended_at=None).values("project")).order_by("code")


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


def may_read(rights: Any, one: Any, written: Collection[str] | None = None) -> bool:
    """Whether somebody may read a run: all that it touches, or what they sent themselves where they still write.

    written: the programmes in which they do, where that is known already.
    """
    scopes = [Scope(*each) for each in one.told.get("scopes", [])] or [scope_of(one.project)]
    if all(rights.may(READ, scope) for scope in scopes):
        return True
    if one.by != rights.person.pk:
        return False
    if written is None:
        return bool(projects(rights).filter(pk=one.project_id).exists())
    return one.project_id in written


def is_theirs(rights: Any, one: Any) -> bool:
    """Whether somebody may apply a run, as far as they may write what it touches."""
    return may_read(rights, one) and bool(projects(rights).filter(pk=one.project_id).exists())
