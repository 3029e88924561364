"""Pages that are read: the list of programmes, one programme's framework, what changed in it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quipu.actions.history import names_of
from quipu.actions.results.framework import scope as framework_scope
from quipu.books import models
from quipu.desk import past
from quipu.desk.reaching import within
from quipu.desk.results import listing, page, sight, words
from quipu.desk.rights import needs

KINDS_OF_RESULTS = ("outcome", "output", "indicator", "reading", "cycle", "list", "beneficiaries", "cut")
PAGE = 50


@needs(sight.READ)
def show(request: HttpRequest) -> HttpResponse:
    """The programmes with results within reach."""
    query = {name: request.GET.get(name, "") for name in ("q", "page")}
    told = {"page": listing.asked(request.rights, query), "sought": query["q"], "words_of": words}
    return render(request, "results/list.html", told)


@needs(sight.READ)
def framework(request: HttpRequest, code: str) -> HttpResponse:
    """One programme: outcomes, outputs, indicators, and where each stands."""
    project, scope = sight.of_project(code)
    if no := sight.not_here(request, project):
        return no
    told = {"frame": page.of(request, project), "project": project, "scope": scope, "words_of": words}
    told["may"] = {
        verb: request.rights.may(verb, scope) for verb in (sight.KEEP, sight.WRITE, sight.APPROVE, sight.LOCK)
    }
    told["writes"], told["scope_of"] = request.rights.may(sight.WRITE), framework_scope
    return render(request, "results/framework.html", told)


@needs(sight.READ)
def changes(request: HttpRequest, code: str) -> HttpResponse:
    """What changed in a programme's framework, its targets and its readings, the last first; of one of them with of=…"""
    project, _ = sight.of_project(code)
    if no := sight.not_here(request, project):
        return no
    reach = within(request.rights.reach(sight.READ), "fund", "project", "organization")
    found = models.History.objects.filter(reach, project=project.code, kind__in=KINDS_OF_RESULTS)
    of = request.GET.get("of", "").replace("\0", "")
    if of:
        found = found.filter(code=of)
    rows = Paginator(found.order_by("-id"), PAGE).get_page(request.GET.get("page"))
    told: dict[str, Any] = {"project": project, "page": rows, "of": of, "fields": past.fields, "words_of": words}
    told["names"] = names_of(row.by for row in rows)
    told["titles"] = _titles(rows)
    return render(request, "results/changes.html", told)


def _titles(rows: Any) -> dict[str, str]:
    """What the things of some rows are called, by their codes."""
    codes = {row.code for row in rows}
    found: dict[str, str] = {}
    for model in (models.Outcome, models.Output, models.Indicator):
        found |= {
            code: words.called(titles)
            for code, titles in model.objects.filter(code__in=codes).values_list("code", "titles")
        }
    read = models.Reading.objects.filter(code__in=codes).select_related("indicator")
    return found | {
        one.code: f"{words.called(one.indicator.titles)}: {words.period(one.since, one.until)}" for one in read
    }
