"""Projects: the list of those one may see, and each with all that is kept of it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from quipu.actions import subjects
from quipu.books import models
from quipu.books.public import PORTIONS
from quipu.books.records import further, portion
from quipu.desk.drawing import address
from quipu.desk.programmes import standing
from quipu.desk.reaching import within
from quipu.desk.rights import needs
from quipu.rules.mandates import Scope
from quipu.rules.statuses import status

PAGE = 50
DRAFTED = ("allocation", "budget")


@needs("read drafts")
def show(request: HttpRequest) -> HttpResponse:
    """The projects one may see, found by words of their title or code."""
    sought = request.GET.get("q", "").strip()[:100]
    page = Paginator(found_by(sought, request.rights.reach("read drafts")), PAGE).get_page(request.GET.get("page"))
    return render(request, "programmes/list.html", {"page": page, "sought": sought})


def found_by(sought: str, reach: list[Scope]) -> Any:
    """The projects within a reach, with a word in their code, title or fund; all of them for ""."""
    found = models.Project.objects.select_related("fund").order_by("code").filter(within(reach))
    if sought:
        found = found.filter(Q(code__icontains=sought) | Q(title__icontains=sought) | Q(fund__title__icontains=sought))
    return found


def of_project(code: str) -> tuple[Any, Scope]:
    """A project, and whose it is."""
    found = get_object_or_404(models.Project.objects.select_related("fund", "window"), code=code)
    return found, subjects.scope_of(found)


@needs("read drafts", of_project)
def project(request: HttpRequest, thing: Any) -> HttpResponse:
    """One project: what is kept of it, where its money stands, what happened to it."""
    scope = subjects.scope_of(thing)
    portions = [(name, [portion(words) for words in further(thing, name) if words]) for name in PORTIONS]
    told = {
        "project": thing,
        "scope": scope,
        "participations": standing.participations(thing),
        "budgets": standing.budgets(thing),
        "revisions": standing.revisions(thing),
        "events": standing.events(project=thing.code),
        "portions": [(name, found) for name, found in portions if found],
        "plain": {name: " ".join(next(further(thing, name), ())) for name in ("starts", "ends", "iati")},
        "drafts": drafts(thing) if request.rights.may("draft allocations", scope) else [],
        "current_status": standing.current_status,
        "status": status,
    }
    return render(request, "programmes/project.html", told)


def drafts(project: Any) -> list[tuple[str, str]]:
    """Where vouchers about a project's budget are drafted: (kind, address)."""
    return [(kind, address("draft_new", kind, fund=project.fund_id, project=project.code)) for kind in DRAFTED]
