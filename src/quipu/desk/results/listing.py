"""The list of programmes with results: what waits, what is missing, where sources differ; a few questions for any number."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q

from quipu.books import models, office
from quipu.desk.results.sight import READ, indicators_within, projects_within
from quipu.rules.mandates import Scope
from quipu.rules.results.states import State

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A programme: how many indicators it has, readings that wait, indicators without a reading of the period that ended last.

    cycle: that period, None where none has ended.
    """

    project: Any
    indicators: int
    waiting: int
    differing: int
    cycle: Any
    without: int


def asked(rights: Any, query: Mapping[str, str]) -> Any:
    """A page of lines: the programmes with a framework, or all that have a word in their code or title."""
    reach = rights.reach(READ)
    found = models.Project.objects.filter(projects_within(reach)).select_related("fund").order_by("title", "code")
    sought = query.get("q", "").replace("\0", "").strip()[:100]
    if sought:
        found = found.filter(Q(code__icontains=sought) | Q(title__icontains=sought) | Q(fund__title__icontains=sought))
    else:
        framed = Q(code__in=models.Outcome.objects.values("project")) | Q(
            code__in=models.Indicator.objects.values("project")
        )
        found = found.filter(framed)
    page = Paginator(found, PAGE).get_page(query.get("page"))
    page.object_list = lines(list(page), reach)
    return page


def lines(projects: Sequence[Any], reach: Sequence[Scope]) -> list[Line]:
    """Their lines, as far as somebody sees."""
    codes = [one.code for one in projects]
    mine = Q(project__in=codes) & indicators_within(reach)
    alive = dict(
        models.Indicator.objects.filter(mine, ended_at=None)
        .values_list("project")
        .annotate(n=Count("pk"))
        .values_list("project", "n")
    )
    of_mine = Q(indicator__project__in=codes) & indicators_within(reach, "indicator__")
    waits = dict(
        models.Reading.objects.filter(of_mine, state=State.SUBMITTED)
        .values_list("indicator__project")
        .annotate(n=Count("pk"))
        .values_list("indicator__project", "n")
    )
    apart = Counter(project for project, *_ in differing(of_mine))
    cycles = last_ended(codes)
    missing = Counter(one.project_id for one in without_reading(cycles, reach))
    return [
        Line(
            one,
            alive.get(one.code, 0),
            waits.get(one.code, 0),
            apart[one.code],
            cycles.get(one.code),
            missing[one.code],
        )
        for one in projects
    ]


def differing(where: Any) -> list[tuple[str, str, Any, Any]]:
    """Periods whose approved readings differ and where nobody chose: (programme, indicator, since, until)."""
    chosen = Count("pk", filter=Q(is_reported=True) & ~Q(choice=""))
    found = (
        models.Reading.objects.filter(where, state=State.APPROVED)
        .values("indicator__project", "indicator", "since", "until")
        .annotate(several=Count("value", distinct=True), chosen=chosen)
        .filter(several__gt=1, chosen=0)
        .order_by("indicator", "until")
    )
    return list(found.values_list("indicator__project", "indicator", "since", "until"))


def last_ended(projects: Sequence[str] | None = None) -> dict[str, Any]:
    """The reporting period of each programme that ended last. projects: None for all."""
    found = models.Cycle.objects.filter(until__lt=office.today()).order_by("until")
    if projects is not None:
        found = found.filter(project__in=projects)
    return {one.project_id: one for one in found}


def without_reading(cycles: Mapping[str, Any], reach: Sequence[Scope]) -> list[Any]:
    """Indicators of which nobody wrote a reading that ends in their programme's period; those that count by themselves aside."""
    some = list(
        models.Indicator.objects.filter(
            indicators_within(reach), project__in=list(cycles), ended_at=None, counted={}
        ).order_by("project", "number")
    )
    if not some:
        return []
    first = min(one.since for one in cycles.values())
    read = models.Reading.objects.filter(indicator__project__in=list(cycles), until__gte=first)
    said = set()
    for indicator, project, until in read.exclude(state=State.WITHDRAWN).values_list(
        "indicator", "indicator__project", "until"
    ):
        if cycles[project].since <= until <= cycles[project].until:
            said.add(indicator)
    return [one for one in some if one.code not in said]
