"""The programmes that are monitored, and one of them: what is due, its narratives, reviews, risks and lessons."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quipu.actions import subjects
from quipu.books import models, office, records
from quipu.desk.drawing import address, said
from quipu.desk.monitoring import sight, words
from quipu.desk.programmes.views import found_by
from quipu.desk.rights import needs
from quipu.rules import calendar, monitoring
from quipu.rules.monitoring import KEEPER, READER, State

PAGE, SHOWN = 50, 100


@needs(READER)
def show(request: HttpRequest) -> HttpResponse:
    """The programmes one may see, each with what is open."""
    sought = request.GET.get("q", "").strip()[:100]
    page = Paginator(found_by(sought, request.rights.reach(READER)), PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "sought": sought, "lines": _lines(list(page)), "words_": words}
    return render(request, "monitoring/list.html", told)


def _lines(projects: list[Any]) -> dict[str, dict[str, Any]]:
    """What stands in each programme, in a few questions."""
    nothing: dict[str, Any] = {
        "narrative": None,
        **dict.fromkeys(("actions", "overdue", "reviews", "risks", "lessons"), 0),
    }
    today, found = office.today(), {one.code: dict(nothing) for one in projects}
    year = today.year - 1
    for one in models.Narrative.objects.filter(project__in=projects, year=year).order_by("version"):
        found[one.project_id]["narrative"] = one.state
    for owner, model in (("reviews", models.Review), ("risks", models.Risk), ("lessons", models.Lesson)):
        rows = model.objects.filter(project__in=projects)
        if owner == "risks":
            rows = rows.exclude(state=monitoring.CLOSED)
        for code, count in rows.values_list("project").annotate(Count("pk")).order_by("project"):
            found[code][owner] = count
    late = Count("pk", filter=Q(due__lt=today))
    open_ = models.Action.objects.filter(recommendation__review__project__in=projects, state__in=monitoring.TO_DO)
    rows = open_.values_list("recommendation__review__project").annotate(Count("pk"), late=late)
    for code, count, overdue in rows.order_by("recommendation__review__project"):
        found[code] |= {"actions": count, "overdue": overdue}
    return found


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is to be done: by when (None: nobody said), what, about what, where."""

    on: date | None
    what: str
    thing: str
    address: str
    is_late: bool = False


@needs(READER, sight.of_project)
def programme(request: HttpRequest, thing: Any) -> HttpResponse:
    """One programme's monitoring."""
    today = office.today()
    narratives: dict[int, Any] = {}
    for one in models.Narrative.objects.filter(project=thing).defer("facts", "parts").order_by("year", "version"):
        narratives[one.year] = one
    reviews = list(models.Review.objects.filter(project=thing).order_by("-on", "-number"))
    recommendations = list(
        models.Recommendation.objects.filter(review__project=thing)
        .annotate(answered=Max("responses__pk"))
        .order_by("pk")
    )
    actions = list(
        models.Action.objects.filter(recommendation__review__project=thing)
        .select_related("recommendation", "organization")
        .order_by("due", "pk")
    )
    risks = list(models.Risk.objects.filter(project=thing).select_related("organization").order_by("number"))
    risks.sort(key=lambda one: (one.state == monitoring.CLOSED, -monitoring.weight(one.likelihood, one.impact)))
    lessons = models.Lesson.objects.filter(project=thing).select_related("organization").order_by("kind", "number")
    counts: dict[str, dict[str, int]] = defaultdict(lambda: {"recommended": 0, "unanswered": 0, "open": 0, "done": 0})
    for one in recommendations:
        counts[one.review_id]["recommended"] += 1
        counts[one.review_id]["unanswered"] += one.answered is None
    for one in actions:
        counts[one.recommendation.review_id]["open"] += one.state in monitoring.TO_DO
        counts[one.recommendation.review_id]["done"] += one.state == monitoring.DONE
    scope = subjects.scope_of(thing)
    told = {
        **{"project": thing, "scope": scope, "narratives": narratives, "reviews": reviews, "counts": counts},
        **{"risks": risks, "lessons": lessons[:SHOWN], "monitoring": monitoring, "words_": words},
        **{"due": _due(thing, narratives, recommendations, actions, risks, list(lessons), today), "today": today},
        "last": today.year - 1,
        "may_keep": request.rights.may(KEEPER, scope),
    }
    return render(request, "monitoring/programme.html", told)


def _due(
    project: Any,
    narratives: dict[int, Any],
    recommendations: list[Any],
    actions: list[Any],
    risks: list[Any],
    lessons: list[Any],
    today: date,
) -> list[Due]:
    """What is to be done, by day; what has no day comes last."""
    found = []
    year = today.year - 1
    last = narratives.get(year)
    if last is None or last.state not in monitoring.IN:
        on = calendar.narrative(year, records.deadlines().get(project.fund_id))
        at = address("yearly", last.code) if last else address("begin_yearly", project.code)
        found.append(Due(on, said("Annual narrative"), str(year), at, on < today))
    elif last.state == State.HANDED_OVER:
        found.append(Due(None, said("Accept or send back"), str(year), address("yearly", last.code)))
    for one in actions:
        if one.state in monitoring.TO_DO:
            at, late = address("review", one.recommendation.review_id), monitoring.is_overdue(one.state, one.due, today)
            found.append(Due(one.due, said("Action"), words.first(one.texts), f"{at}#{one.code}", late))
    for one in recommendations:
        if one.answered is None:
            at = f"{address('review', one.review_id)}#{one.code}"
            found.append(Due(None, said("Answer the recommendation"), words.first(one.texts), at))
    for one in risks:
        if one.state != monitoring.CLOSED and today - one.reviewed_on > monitoring.STALE:
            on = one.reviewed_on + monitoring.STALE
            found.append(
                Due(on, said("Look at the risk again"), words.first(one.texts), address("risk", one.code), True)
            )
    for one in lessons:
        if one.state == State.SUBMITTED:
            found.append(Due(None, said("Approve the lesson"), words.first(one.titles), address("lesson", one.code)))
    return sorted(found, key=lambda one: (one.on or date.max, one.thing))
