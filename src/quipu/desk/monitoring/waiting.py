"""What waits for somebody in monitoring: narratives to decide on or to change, actions, answers, lessons, risks."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q

from quipu.books import models, office
from quipu.desk.drawing import address, said
from quipu.desk.inbox import Task
from quipu.desk.monitoring.words import first
from quipu.desk.reaching import within
from quipu.rules import monitoring
from quipu.rules.monitoring import ACCEPTER, ACTOR, APPROVER, KEEPER, RESPONDER, State

REVIEWED = "recommendation__review__project"


def tasks(rights: Any) -> Iterator[Task]:
    """All of them."""
    yield from _narratives(rights)
    today = office.today()
    for one in _actions(rights, Q(due__lte=today + monitoring.NEAR)):
        yield Task(said("Do what was promised"), _of(one), address("action", one.code), None, one.due)
    yield from _unanswered(rights)
    yield from _lessons(rights)
    yield from _risks(rights, today)


def _within(rights: Any, verb: str, project: str = "project") -> Any:
    return within(rights.reach(verb), f"{project}__fund", project)


def _narratives(rights: Any) -> Iterator[Task]:
    rows = models.Narrative.objects.defer("facts", "parts").order_by("handed_at", "pk")
    if rights.may(ACCEPTER):
        waits = rows.filter(_within(rights, ACCEPTER), state=State.HANDED_OVER)
        for one in waits:
            if rights.person.pk not in one.writers:
                at = one.handed_at.date()
                yield Task(
                    said("Accept the narrative"), f"{one.project_id} {one.year}", address("yearly", one.code), at
                )
    if rights.may(KEEPER):
        for one in rows.filter(_within(rights, KEEPER), state=State.SENT_BACK):
            since = one.decided_at.date()
            yield Task(said("Change the narrative"), f"{one.project_id} {one.year}", address("yearly", one.code), since)


def _actions(rights: Any, more: Any) -> list[Any]:
    """Actions that somebody may report on and that are still to be done."""
    if not rights.may(ACTOR):
        return []
    reach = within(rights.reach(ACTOR), f"{REVIEWED}__fund", REVIEWED, "organization")
    found = models.Action.objects.filter(reach & more, state__in=monitoring.TO_DO, due__isnull=False)
    return list(found.select_related("recommendation__review").order_by("due", "pk"))


def _of(one: Any) -> str:
    return f"{one.recommendation.review.project_id}: {first(one.texts)[:120]}"


def _unanswered(rights: Any) -> Iterator[Task]:
    if not rights.may(RESPONDER):
        return
    rows = models.Recommendation.objects.filter(_within(rights, RESPONDER, "review__project"), responses=None)
    counts: dict[str, list[Any]] = {}
    for one in rows.select_related("review").order_by("review", "number"):
        counts.setdefault(one.review_id, []).append(one)
    for code, several in counts.items():
        review = several[0].review
        thing = f"{review.project_id}: {first(review.titles)} ({len(several)})"
        yield Task(said("Answer recommendations"), thing, address("review", code))


def _lessons(rights: Any) -> Iterator[Task]:
    if rights.may(APPROVER):
        waits = models.Lesson.objects.filter(_within(rights, APPROVER), state=State.SUBMITTED)
        for one in waits.order_by("changed_at"):
            if rights.person.pk not in one.writers:
                since = one.changed_at.date()
                yield Task(said("Approve the lesson"), first(one.titles), address("lesson", one.code), since)
    if rights.may(KEEPER):
        back = models.Lesson.objects.filter(_within(rights, KEEPER), state=State.SENT_BACK, author=rights.person.pk)
        for one in back.order_by("changed_at"):
            since = one.changed_at.date()
            yield Task(said("Change the lesson"), first(one.titles), address("lesson", one.code), since)


def _risks(rights: Any, today: date) -> Iterator[Task]:
    if not rights.may(KEEPER):
        return
    stale = models.Risk.objects.filter(_within(rights, KEEPER), reviewed_on__lt=today - monitoring.STALE)
    for one in stale.exclude(state=monitoring.CLOSED).order_by("reviewed_on", "pk"):
        thing = f"{one.project_id}: {first(one.texts)[:120]}"
        yield Task(said("Look at the risk again"), thing, address("edit_risk", one.code), one.reviewed_on)


def days(rights: Any) -> Iterator[tuple[str, date, str, str]]:
    """For a calendar: (a name that stays, day, what, address) of each action that is still to be done."""
    for one in _actions(rights, Q()):
        yield f"action-{one.code}", one.due, f"{said('Do what was promised')}: {_of(one)}", address("action", one.code)
