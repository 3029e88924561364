"""Keep reviews, what they recommend, what management answers, and what is done about it. Each word of each is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from quipu.actions import history
from quipu.actions.history import Thing
from quipu.actions.monitoring import saying
from quipu.actions.monitoring.saying import Texts
from quipu.actions.subjects import known
from quipu.books import models, office
from quipu.rules import filing, monitoring
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.monitoring import DONE, PLANNED
from quipu.rules.narrative import PROJECT

REVIEW, RECOMMENDATION, ACTION = "review", "recommendation", "action"


@dataclass(frozen=True, slots=True)
class ReviewSaid:
    """A review as it is typed. on: a year, a month or a day; document: the code of one that is kept here."""

    kind: str
    titles: Texts
    on: str = ""
    by_whom: str = ""
    summary: Texts = field(default_factory=dict)
    document: str = ""
    link: str = ""
    is_public: bool = False


def review_of(record: Any) -> Any:
    """The review that a recommendation or an action belongs to."""
    if isinstance(record, models.Action):
        return record.recommendation.review
    return record.review if isinstance(record, models.Recommendation) else record


def scope(record: Any) -> Scope:
    """Whose it is: the programme's; an action also its organization's."""
    owner = record.organization_id if isinstance(record, models.Action) else None
    return saying.scope_of(review_of(record).project, owner)


def thing(record: Any) -> Thing:
    """What history calls it."""
    kinds: Mapping[Any, str] = {models.Review: REVIEW, models.Recommendation: RECOMMENDATION, models.Action: ACTION}
    return Thing(kinds[type(record)], record.code, scope(record))


def keep_review(*, by: str, project: str, said: ReviewSaid, code: str = "", seen: int | None = None) -> Any:
    """Makes a review of a programme, or changes the one of that code. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        record = saying.there(models.Review, code, project=owner.code)
        found: list[Finding] = []
        saying.chosen(said.kind, monitoring.KINDS, "kind", found)
        titles = saying.texts(said.titles, "titles", found, needed=True, lines=False)
        if said.on and not filing.is_day(said.on):
            found.append(Finding("document-value", "on", "YYYY-MM-DD, YYYY-MM or YYYY"))
        before = saying.told(record)
        number = saying.numbered(models.Review, None, record, found, project=owner)
        record = record or models.Review(code=f"{owner.code}-r{number}", project=owner, number=number)
        record.kind, record.titles, record.on = said.kind, titles, said.on
        record.by_whom = saying.words(said.by_whom, "by_whom", found)
        record.summary = saying.texts(said.summary, "summary", found)
        record.document_id = saying.document(said.document, owner, found)
        record.link, record.is_public = saying.link(said.link, found), said.is_public
        if found:
            raise Refused(*found)
        shown = said.is_public or bool(before.get("is_public"))
        return saying.kept(by=by, record=record, thing=thing(record), before=before, seen=seen, is_public=shown)


def keep_recommendation(
    *,
    by: str,
    review: str,
    texts: Texts,
    number: int | None = None,
    organization: str = "",
    role: str = "",
    code: str = "",
    seen: int | None = None,
) -> Any:
    """Makes a recommendation of a review, or changes the one of that code. number: the review's own, None the next one."""
    with history.whole():
        owner = saying.there(models.Review, review or "-")
        record = saying.there(models.Recommendation, code, review=owner.code)
        found: list[Finding] = []
        before = saying.told(record)
        told = saying.numbered(models.Recommendation, number, record, found, review=owner)
        record = record or models.Recommendation(code=f"{owner.code}-{told}", review=owner)
        record.number, record.texts = told, saying.texts(texts, "texts", found, needed=True)
        record.organization_id = saying.organization(organization, found)
        record.role = saying.words(role, "role", found)
        if not before and models.Recommendation.objects.filter(code=record.code).exists():
            found.append(Finding("monitoring-number-taken", "number", str(told)))
        if found:
            raise Refused(*found)
        shown = owner.is_public
        return saying.kept(by=by, record=record, thing=thing(record), before=before, seen=seen, is_public=shown)


def standing(record: Any) -> Any:
    """The response that stands; None before the first."""
    return max(record.responses.all(), key=lambda one: one.pk, default=None)


def respond(
    *, by: str, recommendation: str, answer: str, texts: Texts, body: str, on: date, seen: int | None = None
) -> Any:
    """Management's answer to a recommendation; what was answered before stays. Raises Refused.

    body: the organization or office that answers; on: the day of its answer.
    """
    with history.whole():
        record = saying.there(models.Recommendation, recommendation or "-")
        found: list[Finding] = []
        saying.chosen(answer, monitoring.ANSWERS, "answer", found)
        told, body = saying.texts(texts, "texts", found), saying.words(body, "body", found)
        if not body:
            found.append(Finding("field-missing", "body"))
        if answer in monitoring.ANSWERS and answer != "accepted" and not told:
            found.append(Finding("response-rejected", "texts"))
        if on > office.today():
            found.append(Finding("monitoring-day", "on"))
        own = thing(record)
        history.alone(own, seen)
        last = standing(record)
        if last is not None and (last.answer, last.texts, last.body, last.on) == (answer, told, body, on):
            found.append(Finding("response-same", ""))
        if found:
            raise Refused(*found)
        made = models.Response.objects.create(
            recommendation=record, answer=answer, texts=told, body=body, on=on, by=by, at=datetime.now(UTC)
        )
        names = ("answer", "texts", "body", "on")
        history.keep(
            by=by,
            verb="respond",
            thing=own,
            before={name: getattr(last, name) for name in names} if last else {},
            after={name: getattr(made, name) for name in names},
            is_public=record.review.is_public,
        )
    return made


@dataclass(frozen=True, slots=True)
class ActionSaid:
    """A step of the improvement plan as it is typed. organization, role: who does it, one of them at least."""

    texts: Texts
    organization: str = ""
    role: str = ""
    due: date | None = None


def keep_action(*, by: str, recommendation: str, said: ActionSaid, code: str = "", seen: int | None = None) -> Any:
    """Makes an action of an improvement plan, or changes the one of that code. Raises Refused."""
    with history.whole():
        owner = saying.there(models.Recommendation, recommendation or "-")
        record = saying.there(models.Action, code, recommendation=owner.code)
        found: list[Finding] = []
        before = saying.told(record)
        number = saying.numbered(models.Action, None, record, found, recommendation=owner)
        made = models.Action(code=f"{owner.code}-a{number}", recommendation=owner, number=number, state=PLANNED)
        record = record or made
        record.texts = saying.texts(said.texts, "texts", found, needed=True)
        record.organization_id = saying.organization(said.organization, found)
        record.role, record.due = saying.words(said.role, "role", found), said.due
        if not (record.organization_id or record.role):
            found.append(Finding("field-missing", "role"))
        if found:
            raise Refused(*found)
        shown = owner.review.is_public
        return saying.kept(by=by, record=record, thing=thing(record), before=before, seen=seen, is_public=shown)


def move_action(
    *, by: str, code: str, state: str, done_on: date | None = None, note: str = "", seen: int | None = None
) -> Any:
    """Says how far an action has come. Given up needs a note; done needs its day. Raises Refused."""
    with history.whole():
        record = saying.there(models.Action, code or "-")
        found: list[Finding] = []
        saying.chosen(state, monitoring.PROGRESS, "state", found)
        if state == DONE and done_on is None:
            found.append(Finding("monitoring-done-on", "done_on"))
        if done_on is not None and done_on > office.today():
            found.append(Finding("monitoring-day", "done_on"))
        if state == monitoring.GIVEN_UP and not note.strip():
            found.append(Finding("reason-missing", "note"))
        note = saying.words(note, "note", found)
        own = thing(record)
        history.alone(own, seen)
        record.refresh_from_db()
        if found:
            raise Refused(*found)
        before = saying.told(record)
        record.state, record.note, record.done_on = state, note, done_on if state == DONE else None
        record.save()
        history.keep(
            by=by,
            verb="report",
            thing=own,
            before=before,
            after=saying.told(record),
            reason=note,
            is_public=record.recommendation.review.is_public,
        )
    return record
