"""The things of monitoring as addresses name them, and whose each is; the one page that forms of this room are typed in."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quipu.actions import subjects
from quipu.actions.monitoring import lessons, narratives, reviews, risks
from quipu.books import models
from quipu.desk.drawing import said
from quipu.desk.forms import Form
from quipu.desk.monitoring import forms
from quipu.rules.findings import Refused
from quipu.rules.mandates import Scope
from quipu.rules.transitions import Transition

OF_REVIEW = "review__project__fund"


def of_project(code: str) -> tuple[Any, Scope]:
    """A programme."""
    found = get_object_or_404(models.Project.objects.select_related("fund"), code=code)
    return found, subjects.scope_of(found)


def of_narrative(code: str, **rest: str) -> tuple[Any, Scope]:
    """A narrative. rest: further words of an address, which its view reads."""
    found = get_object_or_404(models.Narrative.objects.select_related("project__fund", "document"), code=code)
    return found, narratives.scope(found)


def of_review(code: str) -> tuple[Any, Scope]:
    """A review."""
    found = get_object_or_404(models.Review.objects.select_related("project__fund", "document"), code=code)
    return found, reviews.scope(found)


def of_recommendation(code: str) -> tuple[Any, Scope]:
    """A recommendation."""
    rows = models.Recommendation.objects.select_related(OF_REVIEW, "organization").prefetch_related("responses")
    found = get_object_or_404(rows, code=code)
    return found, reviews.scope(found)


def of_action(code: str) -> tuple[Any, Scope]:
    """An action of an improvement plan."""
    rows = models.Action.objects.select_related(f"recommendation__{OF_REVIEW}", "organization")
    found = get_object_or_404(rows, code=code)
    return found, reviews.scope(found)


def of_risk(code: str) -> tuple[Any, Scope]:
    """A risk or an issue."""
    found = get_object_or_404(models.Risk.objects.select_related("project__fund", "organization"), code=code)
    return found, risks.scope(found)


def of_lesson(code: str, **rest: str) -> tuple[Any, Scope]:
    """A lesson or a best practice."""
    rows = models.Lesson.objects.select_related("project__fund", "organization", "document")
    found = get_object_or_404(rows, code=code)
    return found, lessons.scope(found)


def crumb(project: Any) -> tuple[str, tuple[str, str]]:
    """Where a new thing of a programme belongs."""
    return str(project.title or project.code), ("monitored", project.code)


def act_of(request: HttpRequest, acts: Any, verb: str) -> str:
    """The act that an address names, with "-" for a space, as far as the verb's. Raises Http404."""
    act = str(request.resolver_match.kwargs["act"]).replace("-", " ")
    if act not in acts or acts[act].verb != verb:
        raise Http404(act)
    return act


def typed(
    request: HttpRequest,
    form: Form,
    verb: Callable[[], Any],
    *,
    title: str,
    done: str,
    back: tuple[str, ...],
    **more: Any,
) -> HttpResponse:
    """The page of a form: shown, refused beside its fields, or done and back. verb: what is done with what was typed.

    title, done: texts of ours. back: the name and words of an address. more: what the page shows besides; its "to" finds
    the address to go on to from what was made.
    """
    if request.method == "POST" and form.is_valid():
        try:
            made = verb()
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said(done))
            return redirect(*(more["to"](made) if "to" in more else back))
    told = {"form": form, "title": title, "back": back, "does": "Save", "lead": "", "crumb": None, **more}
    return render(request, "monitoring/form.html", told, status=422 if form.errors else 200)


def led(
    request: HttpRequest,
    thing: Any,
    step: Transition,
    lead: Callable[..., Any],
    seen: int,
    told: dict[str, Any],
) -> HttpResponse:
    """The page before a step of a narrative or a lesson, and the step itself. told: what the page shows, with the way back."""
    form = forms.Leading(request.POST or None, reasoned=step.reasoned, initial={"seen": seen})
    if request.method == "POST" and form.is_valid():
        try:
            lead(by=request.user.pk, code=thing.code, act=step.act, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said(step.told))
            return redirect(*told["back"])
    told |= {"record": thing, "form": form, "act": step.act, "step": step, "can": thing.state in step.before}
    return render(request, "monitoring/lead.html", told, status=422 if form.errors else 200)
