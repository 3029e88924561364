"""Lessons and best practices at the desk: written, submitted, approved by another person."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quipu.actions import documents, history
from quipu.actions.monitoring import lessons
from quipu.actions.monitoring.lessons import LessonSaid
from quipu.desk.drawing import spoken
from quipu.desk.monitoring import forms, sight, words
from quipu.desk.rights import needs
from quipu.rules import monitoring, transitions
from quipu.rules.monitoring import APPROVER, KEEPER, OF_LESSONS, OPEN, READER

KEPT = ("kind", "titles", "texts", "organization_id", "year", "document_id", "source", "link")


@needs(KEEPER, sight.of_project)
def new(request: HttpRequest, thing: Any) -> HttpResponse:
    """A new lesson or best practice."""
    form = forms.Lesson(request.POST or None, project=thing)
    return sight.typed(
        request,
        form,
        lambda: lessons.write(by=request.user.pk, project=thing.code, said=LessonSaid(**form.told())),
        title="Lesson or best practice",
        lead="It becomes public once another person approved it, and others find it from programmes like yours.",
        done="The draft is kept. Submit it when it is ready.",
        back=("monitored", thing.code),
        crumb=sight.crumb(thing),
        to=lambda made: ("lesson", made.code),
    )


@needs(READER, sight.of_lesson)
def show(request: HttpRequest, thing: Any) -> HttpResponse:
    """A lesson with where it stands."""
    scope = lessons.scope(thing)
    acts = [
        (act, "submit_lesson" if OF_LESSONS[act].verb == KEEPER else "decide_lesson")
        for verb in (APPROVER, KEEPER)
        if request.rights.may(verb, scope)
        for act in transitions.possible(OF_LESSONS, thing.state, verb)
        if not (act in monitoring.BY_ANOTHER and request.user.pk in thing.writers)
    ]
    told = {
        **{"lesson": thing, "project": thing.project, "words_": words, "monitoring": monitoring, "acts": acts},
        "paper": documents.title_of(thing.document, spoken().language) if thing.document_id else "",
        "may_write": thing.state in OPEN and request.rights.may(KEEPER, scope),
        "is_own": request.user.pk in thing.writers and request.rights.may(APPROVER, scope),
        **words.past(("lesson", [thing.code])),
    }
    return render(request, "monitoring/lesson.html", told)


@needs(KEEPER, sight.of_lesson)
def edit(request: HttpRequest, thing: Any) -> HttpResponse:
    """The words of a draft."""
    start = {name.removesuffix("_id"): getattr(thing, name) for name in KEPT}
    start["seen"] = history.version(lessons.thing(thing))
    form = forms.Lesson(request.POST or None, project=thing.project, initial=start)
    return sight.typed(
        request,
        form,
        lambda: lessons.write(
            by=request.user.pk,
            project=thing.project_id,
            said=LessonSaid(**form.told()),
            code=thing.code,
            seen=form.cleaned_data["seen"],
        ),
        title="Lesson or best practice",
        done="The draft is kept. Submit it when it is ready.",
        back=("lesson", thing.code),
        crumb=(words.first(thing.titles), ("lesson", thing.code)),
    )


@needs(KEEPER, sight.of_lesson)
def hand(request: HttpRequest, thing: Any) -> HttpResponse:
    """Its writer submits it, or takes it back."""
    return _lead(request, thing, sight.act_of(request, OF_LESSONS, KEEPER))


@needs(APPROVER, sight.of_lesson)
def decide(request: HttpRequest, thing: Any) -> HttpResponse:
    """Another person approves it, sends it back or withdraws it."""
    return _lead(request, thing, sight.act_of(request, OF_LESSONS, APPROVER))


def _lead(request: HttpRequest, thing: Any, act: str) -> HttpResponse:
    told = {
        "title": words.first(thing.titles),
        "back": ("lesson", thing.code),
        "words_": words,
        "lacks": [],
        "facts": {},
    }
    return sight.led(request, thing, OF_LESSONS[act], lessons.lead, history.version(lessons.thing(thing)), told)
