"""Monitoring for programs: narratives of a year, reviews with their answers and actions, risks, lessons."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from quipu.actions import history
from quipu.actions.monitoring import lessons, narratives, reviews, risks
from quipu.actions.monitoring.lessons import LessonSaid
from quipu.actions.monitoring.reviews import ActionSaid, ReviewSaid
from quipu.actions.monitoring.risks import RiskSaid
from quipu.books import models
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Act, Code, Sent, Text
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.monitoring import sight
from quipu.desk.reaching import within
from quipu.rules.findings import Finding, Refused
from quipu.rules.monitoring import (
    ACCEPTER,
    ACTOR,
    APPROVER,
    KEEPER,
    OF_LESSONS,
    OF_NARRATIVES,
    READER,
    RESPONDER,
)
from quipu.rules.transitions import Transition

router = Router(tags=["monitoring"])
Texts = dict[Code, Text]  # by language
OF = "/monitoring/projects/{code}"
SHOWN = 200  # of each kind, of one programme


class Narrative(Schema):
    """A version of a programme's report of a year. parts: Markdown by part and language; lacks: what is missing, by name.

    facts: what the books and the records say of the year, as of now, or as it was when it was handed over.
    """

    code: str
    project: str
    year: int
    number: int
    state: str
    reason: str
    parts: dict[str, dict[str, str]]
    lacks: list[str]
    facts: dict[str, Any]
    handed_at: datetime | None
    decided_at: datetime | None
    comment: str
    document: str | None
    version: int


class Responded(Schema):
    """What management said to a recommendation; the last one stands."""

    answer: str
    texts: dict[str, str]
    body: str
    on: date


class Step(Schema):
    """A step of an improvement plan."""

    code: str
    texts: dict[str, str]
    organization: str | None
    role: str
    due: date | None
    state: str
    done_on: date | None
    note: str
    version: int


class Recommendation(Schema):
    """What a review recommends, every answer of management in their order, and the improvement plan."""

    code: str
    number: int
    texts: dict[str, str]
    organization: str | None
    role: str
    answers: list[Responded]
    actions: list[Step]
    version: int


class Review(Schema):
    """An evaluation or an audit."""

    code: str
    project: str
    kind: str
    titles: dict[str, str]
    on: str
    by_whom: str
    summary: dict[str, str]
    document: str | None
    link: str
    is_public: bool
    recommendations: list[Recommendation]
    version: int


class Risk(Schema):
    """A risk or an issue."""

    code: str
    project: str
    kind: str
    texts: dict[str, str]
    likelihood: int | None
    impact: int
    organization: str | None
    role: str
    answers: dict[str, str]
    state: str
    reviewed_on: date
    is_public: bool
    version: int


class Lesson(Schema):
    """A lesson or a best practice. organization: whose it is, null for the programme's."""

    code: str
    project: str
    kind: str
    titles: dict[str, str]
    texts: dict[str, str]
    organization: str | None
    year: int | None
    document: str | None
    source: str
    link: str
    state: str
    comment: str
    version: int


class Monitored(Schema):
    """What is kept of a programme; narratives by their year, with the state of the last version."""

    narratives: dict[int, str]
    reviews: list[Review]
    risks: list[Risk]
    lessons: list[Lesson]


class Begun(Sent):
    """reason: why there is a further version after an accepted one."""

    year: int = Field(ge=1945, le=2100)
    reason: Text = ""


class WrittenPart(Act):
    """One part in one language, in Markdown."""

    part: Code
    language: Code
    text: str = Field(max_length=60_000)


class Led(Act):
    """An act that the state allows. reason: needed where something is sent back or withdrawn."""

    act: Code
    reason: Text = ""


class ReviewWords(Act):
    """An evaluation or an audit. on: a year, a month or a day."""

    kind: Code
    titles: Texts
    on: Code = ""
    by_whom: Code = ""
    summary: Texts = Field(default_factory=dict)
    document: Code = ""
    link: Code = ""
    is_public: bool = False


class RecommendationWords(Act):
    """number: as the review counts, null for the next one."""

    texts: Texts
    number: int | None = None
    organization: Code = ""
    role: Code = ""


class AnswerWords(Act):
    """answer: accepted, partly or rejected."""

    answer: Code
    texts: Texts = Field(default_factory=dict)
    body: Code
    on: date


class StepWords(Act):
    """organization, role: who does it, one of them at least."""

    texts: Texts
    organization: Code = ""
    role: Code = ""
    due: date | None = None


class Moved(Act):
    """state: planned, under way, done or given up."""

    state: Code
    done_on: date | None = None
    note: Code = ""


class RiskWords(Act):
    """likelihood, impact: 1 to 5; an issue has no likelihood."""

    kind: Code
    texts: Texts
    impact: int
    likelihood: int | None = None
    organization: Code = ""
    role: Code = ""
    answers: Texts = Field(default_factory=dict)
    state: Code = "open"
    reviewed_on: date | None = None
    is_public: bool = False


class LessonWords(Act):
    """kind: lesson or practice."""

    kind: Code
    titles: Texts
    texts: Texts = Field(default_factory=dict)
    organization: Code = ""
    year: int | None = None
    document: Code = ""
    source: Code = ""
    link: Code = ""


def _same(record: Any, schema: type[Schema], **more: Any) -> dict[str, Any]:
    """The words of a record under the names of its schema."""
    own = {name for name in schema.model_fields if hasattr(record, name)} - more.keys()
    plain = {name: getattr(record, name) for name in own}
    keys = ("project", "organization", "document")
    return {**plain, **{name: getattr(record, f"{name}_id") for name in keys if name in own}, **more}


def _versions(kind: str, records: list[Any]) -> dict[str, int]:
    return history.versions(kind, [one.pk for one in records])


def _narrative(record: Any) -> dict[str, Any]:
    facts, missing = narratives.assembled(record)
    version = history.version(narratives.thing(record))
    return _same(record, Narrative, number=record.version, version=version, facts=facts, lacks=missing)


def _reviews(records: list[Any]) -> list[dict[str, Any]]:
    """Reviews with all that came of them, in a few questions."""
    recommended = list(
        models.Recommendation.objects.filter(review__in=records).prefetch_related("responses").order_by("number")
    )
    actions = list(models.Action.objects.filter(recommendation__in=recommended).order_by("number"))
    of = {
        kind: _versions(kind, some)
        for kind, some in ((reviews.REVIEW, records), (reviews.RECOMMENDATION, recommended), (reviews.ACTION, actions))
    }
    steps: dict[str, list[Any]] = {one.pk: [] for one in recommended}
    for one in actions:
        steps[one.recommendation_id].append(_same(one, Step, version=of[reviews.ACTION].get(one.pk, 0)))
    below: dict[str, list[Any]] = {one.pk: [] for one in records}
    for one in recommended:
        answers = [_same(each, Responded) for each in sorted(one.responses.all(), key=lambda each: each.pk)]
        version = of[reviews.RECOMMENDATION].get(one.pk, 0)
        below[one.review_id].append(_same(one, Recommendation, answers=answers, actions=steps[one.pk], version=version))
    return [
        _same(one, Review, recommendations=below[one.pk], version=of[reviews.REVIEW].get(one.pk, 0)) for one in records
    ]


def _risks(records: list[Any]) -> list[dict[str, Any]]:
    versions = _versions("risk", records)
    return [_same(one, Risk, version=versions.get(one.pk, 0)) for one in records]


def _lessons(records: list[Any]) -> list[dict[str, Any]]:
    versions = _versions("lesson", records)
    return [_same(one, Lesson, version=versions.get(one.pk, 0)) for one in records]


def _load(request: HttpRequest, of: Any, code: str, verb: str = "") -> Any:
    found, scope = of(code)
    need(request, scope, verb)
    return found


def _verb_of(acts: dict[str, Transition], act: str) -> str:
    if act not in acts:
        raise Refused(Finding("monitoring-choice", "act", act))
    return acts[act].verb


def _said(sent: Sent) -> dict[str, Any]:
    """The words of a record that were sent, without the version that was seen."""
    return {name: value for name, value in sent.model_dump().items() if name != "version"}


# A programme


@router.get(OF, response=Monitored, url_name="monitored", summary="What is kept of a programme's monitoring")
@asks(READER)
def monitored(request: HttpRequest, code: Code) -> Any:
    """Its narratives by year, its reviews with all that came of them, its risks and its lessons, up to 200 of each."""
    project = _load(request, sight.of_project, code)
    years = models.Narrative.objects.filter(project=project).order_by("year", "version").values_list("year", "state")
    return {
        "narratives": dict(years),
        "reviews": _reviews(list(models.Review.objects.filter(project=project).order_by("number")[:SHOWN])),
        "risks": _risks(list(models.Risk.objects.filter(project=project).order_by("number")[:SHOWN])),
        "lessons": _lessons(list(models.Lesson.objects.filter(project=project).order_by("number")[:SHOWN])),
    }


# Narratives


@router.post(f"{OF}/narratives", response=Narrative, url_name="begin_yearly", summary="Begin a narrative of a year")
@asks(KEEPER)
def begin(request: HttpRequest, code: Code, said: Begun) -> Any:
    """The version that is open already, if there is one."""
    project = _load(request, sight.of_project, code)
    made = narratives.begin(by=request.rights.person.pk, project=project.code, year=said.year, reason=said.reason)
    return _narrative(made)


@router.get("/monitoring/narratives/{code}", response=Narrative, url_name="yearly", summary="A narrative of a year")
@asks(READER)
def narrative(request: HttpRequest, code: Code) -> Any:
    """What was written, what the books and the records say, and what is missing."""
    return _narrative(_load(request, sight.of_narrative, code))


@router.post(
    "/monitoring/narratives/{code}/parts", response=Narrative, url_name="write_yearly", summary="Write a part of it"
)
@asks(KEEPER)
def write(request: HttpRequest, code: Code, said: WrittenPart) -> Any:
    """While it is a draft or was sent back."""
    found = _load(request, sight.of_narrative, code)
    words = {"part": said.part, "language": said.language, "text": said.text}
    return _narrative(narratives.write(by=request.rights.person.pk, code=found.code, seen=said.version, **words))


@router.post(
    "/monitoring/narratives/{code}/acts", response=Narrative, url_name="lead_yearly", summary="Lead a narrative on"
)
@asks(KEEPER, ACCEPTER)
def lead_narrative(request: HttpRequest, code: Code, said: Led) -> Any:
    """hand over, take back; the secretariat's: accept, send back. Accepted, it is printed and kept as a document."""
    found = _load(request, sight.of_narrative, code, _verb_of(OF_NARRATIVES, said.act))
    by = request.rights.person.pk
    narratives.lead(by=by, code=found.code, act=said.act, reason=said.reason, seen=said.version)
    return _narrative(sight.of_narrative(code)[0])


# Reviews


@router.post(f"{OF}/reviews", response=Review, url_name="make_review", summary="Add an evaluation or an audit")
@asks(KEEPER)
def make_review(request: HttpRequest, code: Code, said: ReviewWords) -> Any:
    """Its recommendations are added to it afterwards."""
    project = _load(request, sight.of_project, code)
    made = reviews.keep_review(by=request.rights.person.pk, project=project.code, said=ReviewSaid(**_said(said)))
    return _reviews([made])[0]


@router.get("/monitoring/reviews/{code}", response=Review, url_name="review", summary="One review")
@asks(READER)
def review(request: HttpRequest, code: Code) -> Any:
    """With its recommendations, every answer and the improvement plan."""
    return _reviews([_load(request, sight.of_review, code)])[0]


@router.put("/monitoring/reviews/{code}", response=Review, url_name="change_review", summary="Change a review")
@asks(KEEPER)
def change_review(request: HttpRequest, code: Code, said: ReviewWords) -> Any:
    """All that is said of it anew."""
    found = _load(request, sight.of_review, code)
    words = {"project": found.project_id, "said": ReviewSaid(**_said(said)), "code": found.code, "seen": said.version}
    return _reviews([reviews.keep_review(by=request.rights.person.pk, **words)])[0]


@router.post(
    "/monitoring/reviews/{code}/recommendations",
    response=Review,
    url_name="make_recommendation",
    summary="Add a recommendation",
)
@asks(KEEPER)
def recommend(request: HttpRequest, code: Code, said: RecommendationWords) -> Any:
    """Answers the review with it."""
    found = _load(request, sight.of_review, code)
    reviews.keep_recommendation(by=request.rights.person.pk, review=found.code, **_said(said))
    return _reviews([found])[0]


@router.put(
    "/monitoring/recommendations/{code}",
    response=Review,
    url_name="change_recommendation",
    summary="Change a recommendation",
)
@asks(KEEPER)
def change_recommendation(request: HttpRequest, code: Code, said: RecommendationWords) -> Any:
    """Answers its review."""
    found = _load(request, sight.of_recommendation, code)
    by, words = request.rights.person.pk, {"code": found.code, "seen": said.version, **_said(said)}
    reviews.keep_recommendation(by=by, review=found.review_id, **words)
    return _reviews([found.review])[0]


@router.post(
    "/monitoring/recommendations/{code}/answer", response=Review, url_name="respond", summary="Management's answer"
)
@asks(RESPONDER)
def respond(request: HttpRequest, code: Code, said: AnswerWords) -> Any:
    """An answer before stays; the last one stands. Answers the review."""
    found = _load(request, sight.of_recommendation, code)
    reviews.respond(by=request.rights.person.pk, recommendation=found.code, seen=said.version, **_said(said))
    return _reviews([found.review])[0]


@router.post(
    "/monitoring/recommendations/{code}/actions",
    response=Step,
    url_name="make_action",
    summary="Add a step of the improvement plan",
)
@asks(KEEPER)
def act(request: HttpRequest, code: Code, said: StepWords) -> Any:
    """Whoever does it finds it among the tasks a month before it is due."""
    found = _load(request, sight.of_recommendation, code)
    by = request.rights.person.pk
    made = reviews.keep_action(by=by, recommendation=found.code, said=ActionSaid(**_said(said)))
    return _same(made, Step, version=history.version(reviews.thing(made)))


@router.put("/monitoring/actions/{code}", response=Step, url_name="change_action", summary="Change a step")
@asks(KEEPER)
def change_action(request: HttpRequest, code: Code, said: StepWords) -> Any:
    """What is to be done, by whom and when."""
    found = _load(request, sight.of_action, code)
    by, words = request.rights.person.pk, {"code": found.code, "seen": said.version}
    said_ = ActionSaid(**_said(said))
    made = reviews.keep_action(by=by, recommendation=found.recommendation_id, said=said_, **words)
    return _same(made, Step, version=history.version(reviews.thing(made)))


@router.post(
    "/monitoring/actions/{code}/state", response=Step, url_name="move_action", summary="How far a step has come"
)
@asks(ACTOR)
def move(request: HttpRequest, code: Code, said: Moved) -> Any:
    """Done needs its day, given up a note."""
    found = _load(request, sight.of_action, code)
    made = reviews.move_action(by=request.rights.person.pk, code=found.code, seen=said.version, **_said(said))
    return _same(made, Step, version=history.version(reviews.thing(made)))


# Risks and lessons


@router.post(f"{OF}/risks", response=Risk, url_name="make_risk", summary="Add a risk or an issue")
@asks(KEEPER)
def make_risk(request: HttpRequest, code: Code, said: RiskWords) -> Any:
    """Not public unless it says so."""
    project = _load(request, sight.of_project, code)
    return _risks([risks.keep(by=request.rights.person.pk, project=project.code, said=RiskSaid(**_said(said)))])[0]


@router.put("/monitoring/risks/{code}", response=Risk, url_name="change_risk", summary="Look at a risk again")
@asks(KEEPER)
def change_risk(request: HttpRequest, code: Code, said: RiskWords) -> Any:
    """All that is said of it anew; without a day it was looked at today."""
    found = _load(request, sight.of_risk, code)
    words = {"project": found.project_id, "said": RiskSaid(**_said(said)), "code": found.code, "seen": said.version}
    return _risks([risks.keep(by=request.rights.person.pk, **words)])[0]


@router.get("/monitoring/lessons", response=Page[Lesson], url_name="lessons", summary="Lessons and best practices")
@asks(READER)
def every(request: HttpRequest, page: int = PageNumber) -> Any:
    """Of all programmes within the token's reach, in whatever state."""
    reach = within(request.rights.reach(READER), "project__fund", "project")
    return paged(
        models.Lesson.objects.filter(reach).order_by("project", "number"), page, lambda some: _lessons(list(some))
    )


@router.post(f"{OF}/lessons", response=Lesson, url_name="make_lesson", summary="Add a lesson or a best practice")
@asks(KEEPER)
def make_lesson(request: HttpRequest, code: Code, said: LessonWords) -> Any:
    """A draft; public once it was submitted and another person approved it."""
    project = _load(request, sight.of_project, code)
    by = request.rights.person.pk
    return _lessons([lessons.write(by=by, project=project.code, said=LessonSaid(**_said(said)))])[0]


@router.put("/monitoring/lessons/{code}", response=Lesson, url_name="change_lesson", summary="Change a lesson")
@asks(KEEPER)
def change_lesson(request: HttpRequest, code: Code, said: LessonWords) -> Any:
    """While it is a draft or was sent back."""
    found = _load(request, sight.of_lesson, code)
    words = {"project": found.project_id, "said": LessonSaid(**_said(said)), "code": found.code, "seen": said.version}
    return _lessons([lessons.write(by=request.rights.person.pk, **words)])[0]


@router.post("/monitoring/lessons/{code}/acts", response=Lesson, url_name="lead_lesson", summary="Lead a lesson on")
@asks(KEEPER, APPROVER)
def lead_lesson(request: HttpRequest, code: Code, said: Led) -> Any:
    """submit, take back; another person's: approve, return, withdraw."""
    found = _load(request, sight.of_lesson, code, _verb_of(OF_LESSONS, said.act))
    by = request.rights.person.pk
    return _lessons([lessons.lead(by=by, code=found.code, act=said.act, reason=said.reason, seen=said.version)])[0]
