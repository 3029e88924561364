"""Whose lines somebody sees and fills in: those of all organizations of a programme, or those of their own alone."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from quipu.books import models
from quipu.desk.reaching import within
from quipu.rules.mandates import Scope
from quipu.rules.plans import Quarter, quarter_of, read_quarter

READ, FILL, CLOSE, KEEP = "read plans", "fill plans", "close quarters", "keep plans"  # verbs of mandates


def project_of(code: str) -> Any:
    """A programme. Raises 404."""
    return get_object_or_404(models.Project.objects.select_related("fund"), pk=code.replace("\0", ""))


def scope_of(project: Any, organization: str = "") -> Scope:
    """Whose a plan is, or an organization's lines of it."""
    return Scope(project.fund_id, project.code, organization)


def a_project(project: str) -> tuple[Any, Scope]:
    """For `needs`: a programme as a whole."""
    found = project_of(project)
    return found, scope_of(found)


def quarter(text: str) -> Quarter:
    """The quarter of an address. Raises 404."""
    found = read_quarter(text)
    if found is None:
        raise Http404(text)
    return found


def year_of(text: str, today: Any) -> int:
    """The year that is asked for, this one where none is."""
    return int(text) if text.isascii() and text.isdigit() and 1990 <= int(text[:5]) <= 2100 else int(today.year)


def bodies(project: Any) -> list[Any]:
    """The organizations that work on a programme, by code."""
    found = models.Organization.objects.filter(participations__project=project)
    return list(found.order_by("code").distinct())


def seen(rights: Any, project: Any, verb: str = READ) -> set[str] | None:
    """The codes of the organizations whose lines somebody may `verb`; None for all of them, whoever comes."""
    if rights.may(verb, scope_of(project)):
        return None
    return {one.code for one in bodies(project) if rights.may(verb, scope_of(project, one.code))}


def projects_within(rights: Any, verb: str = READ) -> Any:
    """The programmes of which somebody may `verb` anything: all of them, or some organization's lines."""
    reach = rights.reach(verb)
    whole = [one for one in reach if not one.organization]
    own = [one for one in reach if one.organization]
    # What a mandate for an organization reaches lies where it takes part.
    at_work = models.Participation.objects.filter(
        within(own, fund="project__fund", project="project", organization="organization") if own else within([])
    ).values("project")
    found = models.Project.objects.filter(within(whole, fund="fund", project="code"))
    if own:
        found = found | models.Project.objects.filter(pk__in=at_work)
    return found.distinct()


def lines_within(rights: Any, verb: str) -> Any:
    """All lines of which somebody may `verb`."""
    return models.WorkQuarter.objects.filter(
        within(
            rights.reach(verb), fund="work__project__fund", project="work__project", organization="work__organization"
        )
    )


def filled(rights: Any, project: Any, some: Iterable[Any]) -> list[Any]:
    """Those of some organizations whose lines somebody fills in."""
    return [one for one in some if rights.may(FILL, scope_of(project, one.code))]


def current(today: Any) -> Quarter:
    """The quarter that is worked on: the one that ended last."""
    return quarter_of(today).before
