"""Reviews at the desk: kept with their recommendations; answered by management; improved step by step."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quipu.actions import history
from quipu.actions.monitoring import reviews
from quipu.actions.monitoring.reviews import ActionSaid, ReviewSaid
from quipu.books import models, office
from quipu.desk.monitoring import forms, sight, words
from quipu.desk.rights import needs
from quipu.rules import monitoring
from quipu.rules.monitoring import ACTOR, KEEPER, READER, RESPONDER

Code = tuple[str, ...]


def _start(record: Any, *names: str) -> dict[str, Any]:
    """What stands, as a form shows it."""
    told = {name.removesuffix("_id"): getattr(record, name) for name in names}
    return {**told, "seen": history.version(reviews.thing(record))}


def _crumb(record: Any) -> tuple[str, Code]:
    review = reviews.review_of(record)
    return words.first(review.titles), ("review", review.code)


REVIEW = ("kind", "titles", "on", "by_whom", "summary", "document_id", "link", "is_public")


@needs(KEEPER, sight.of_project)
def new(request: HttpRequest, thing: Any) -> HttpResponse:
    """A new evaluation or audit."""
    form = forms.Review(request.POST or None, project=thing)
    return sight.typed(
        request,
        form,
        lambda: reviews.keep_review(by=request.user.pk, project=thing.code, said=ReviewSaid(**form.told())),
        title="Evaluation or audit",
        done="It is kept. Now type what it recommends.",
        back=("monitored", thing.code),
        crumb=sight.crumb(thing),
        to=lambda made: ("review", made.code),
    )


@needs(KEEPER, sight.of_review)
def edit(request: HttpRequest, thing: Any) -> HttpResponse:
    """What is said of a review."""
    form = forms.Review(request.POST or None, project=thing.project, initial=_start(thing, *REVIEW))
    return sight.typed(
        request,
        form,
        lambda: reviews.keep_review(
            by=request.user.pk,
            project=thing.project_id,
            said=ReviewSaid(**form.told()),
            code=thing.code,
            seen=form.cleaned_data["seen"],
        ),
        title="Evaluation or audit",
        done="It is kept.",
        back=("review", thing.code),
        crumb=_crumb(thing),
    )


@needs(READER, sight.of_review)
def show(request: HttpRequest, thing: Any) -> HttpResponse:
    """A review with its recommendations, the answers of management and the improvement plan."""
    recommended = list(
        models.Recommendation.objects.filter(review=thing)
        .select_related("organization")
        .prefetch_related("responses")
        .order_by("number")
    )
    plan: dict[str, list[Any]] = {one.code: [] for one in recommended}
    actions = models.Action.objects.filter(recommendation__in=recommended).select_related(
        "organization", "recommendation__review__project"
    )
    for one in actions.order_by("number"):
        plan[one.recommendation_id].append(one)
    scope = reviews.scope(thing)
    things = (
        (reviews.REVIEW, [thing.code]),
        (reviews.RECOMMENDATION, list(plan)),
        (reviews.ACTION, [one.code for several in plan.values() for one in several]),
    )
    told = {
        **{"review": thing, "project": thing.project, "recommended": recommended, "plan": plan, "words_": words},
        **{"monitoring": monitoring, "today": office.today(), "scope_of": reviews.scope},
        "standing": {one.code: reviews.standing(one) for one in recommended},
        "earlier": {one.code: sorted(one.responses.all(), key=lambda each: -each.pk)[1:] for one in recommended},
        "may_keep": request.rights.may(KEEPER, scope),
        "may_answer": request.rights.may(RESPONDER, scope),
        **words.past(*things),
    }
    return render(request, "monitoring/review.html", told)


@needs(KEEPER, sight.of_review)
def new_recommendation(request: HttpRequest, thing: Any) -> HttpResponse:
    """One more recommendation."""
    form = forms.Recommendation(request.POST or None, project=thing.project)
    return sight.typed(
        request,
        form,
        lambda: reviews.keep_recommendation(by=request.user.pk, review=thing.code, **form.told()),
        title="Recommendation",
        done="It is kept.",
        back=("review", thing.code),
        crumb=_crumb(thing),
    )


@needs(KEEPER, sight.of_recommendation)
def edit_recommendation(request: HttpRequest, thing: Any) -> HttpResponse:
    """The words of a recommendation, its number, and to whom it is."""
    start = _start(thing, "number", "texts", "organization_id", "role")
    form = forms.Recommendation(request.POST or None, project=thing.review.project, initial=start)
    return sight.typed(
        request,
        form,
        lambda: reviews.keep_recommendation(
            by=request.user.pk, review=thing.review_id, code=thing.code, seen=form.cleaned_data["seen"], **form.told()
        ),
        title="Recommendation",
        done="It is kept.",
        back=("review", thing.review_id),
        crumb=_crumb(thing),
    )


@needs(RESPONDER, sight.of_recommendation)
def respond(request: HttpRequest, thing: Any) -> HttpResponse:
    """What management answers; what it answered before stays."""
    last = reviews.standing(thing)
    start: dict[str, Any] = {"on": office.today(), "seen": history.version(reviews.thing(thing))}
    if last is not None:
        start |= {"answer": last.answer, "texts": last.texts, "body": last.body}
    form = forms.Response(request.POST or None, initial=start)

    def verb() -> Any:
        seen = form.cleaned_data["seen"]
        return reviews.respond(by=request.user.pk, recommendation=thing.code, seen=seen, **form.told())

    return sight.typed(
        request,
        form,
        verb,
        title="Answer of management",
        quoted=thing.texts,
        words_=words,
        lead="An answer before stays in the history; the last one stands.",
        done="The answer is kept. Now say what will be done about it.",
        back=("review", thing.review_id),
        crumb=_crumb(thing),
    )


@needs(KEEPER, sight.of_recommendation)
def new_action(request: HttpRequest, thing: Any) -> HttpResponse:
    """One more step of the improvement plan."""
    form = forms.Action(request.POST or None, project=thing.review.project)
    return sight.typed(
        request,
        form,
        lambda: reviews.keep_action(by=request.user.pk, recommendation=thing.code, said=ActionSaid(**form.told())),
        title="Step of the improvement plan",
        quoted=thing.texts,
        words_=words,
        done="It is kept. Whoever does it finds it among the tasks a month before it is due.",
        back=("review", thing.review_id),
        crumb=_crumb(thing),
    )


@needs(KEEPER, sight.of_action)
def edit_action(request: HttpRequest, thing: Any) -> HttpResponse:
    """What is to be done, by whom and when."""
    owner = thing.recommendation
    form = forms.Action(
        request.POST or None,
        project=owner.review.project,
        initial=_start(thing, "texts", "organization_id", "role", "due"),
    )
    return sight.typed(
        request,
        form,
        lambda: reviews.keep_action(
            by=request.user.pk,
            recommendation=owner.code,
            said=ActionSaid(**form.told()),
            code=thing.code,
            seen=form.cleaned_data["seen"],
        ),
        title="Step of the improvement plan",
        done="It is kept.",
        back=("review", owner.review_id),
        crumb=_crumb(thing),
    )


@needs(ACTOR, sight.of_action)
def move(request: HttpRequest, thing: Any) -> HttpResponse:
    """How far an action has come."""
    form = forms.Move(request.POST or None, initial=_start(thing, "state", "done_on", "note"))
    reads = request.rights.may(READER, reviews.scope(thing))
    return sight.typed(
        request,
        form,
        lambda: reviews.move_action(by=request.user.pk, code=thing.code, **form.cleaned_data),
        title="How far it has come",
        quoted=thing.texts,
        about=thing,
        words_=words,
        done="It is kept.",
        back=("review", thing.recommendation.review_id) if reads else ("desk",),
        crumb=_crumb(thing) if reads else None,
    )
