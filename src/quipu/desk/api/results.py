"""Frameworks of results for programs: outcomes, outputs, indicators with their targets, what ended; words by language."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import StringConstraints

from quipu.actions import history
from quipu.actions.results import framework
from quipu.actions.results.framework import IndicatorSaid
from quipu.actions.subjects import scope_of
from quipu.books import models
from quipu.desk.api.access import Forbidden, asks, need
from quipu.desk.api.given import Code, Seen, Sent, Text
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.records import SOUGHT, Line
from quipu.desk.results import sight
from quipu.desk.results.keeping import next_number
from quipu.desk.results.sight import KEEP, READ
from quipu.rules.mandates import ELSEWHERE, Decision
from quipu.rules.results.kinds import DIRECTIONS, GATHERS, STANDS, Kind

router = Router(tags=["results"])
Words = dict[Annotated[str, StringConstraints(max_length=8)], Text]  # by language
Number = Annotated[int, Field(ge=0, le=999)]
KindOfResult = Annotated[str, StringConstraints(pattern=f"^({'|'.join(framework.MODELS)})$")]
KindOfIndicator = Annotated[str, StringConstraints(pattern=f"^({'|'.join(Kind)})$")]
Direction = Annotated[str, StringConstraints(pattern=f"^({'|'.join(DIRECTIONS)})$")]
Gathers = Annotated[str, StringConstraints(pattern=f"^({'|'.join(GATHERS)})$")]


class OutcomeWords(Sent):
    """number: 0 for the next one. titles: by language, in one at least."""

    titles: Words
    number: Number = 0
    assumptions: Text = ""


class ChangedOutcome(OutcomeWords, Seen):
    """All of it anew."""


class OutputWords(OutcomeWords):
    """organization: who answers for it."""

    organization: Code = ""


class ChangedOutput(OutputWords, Seen):
    """All of it anew."""


class IndicatorWords(Sent):
    """An indicator. parent: the code of its output or outcome, "" for the programme itself. breaks: lists it is told apart by.

    counted: how a register is counted, {} where values are written. Numbers are exact texts with a point.
    """

    titles: Words
    kind: KindOfIndicator
    parent: Code = ""
    number: Number = 0
    unit: Words = Field(default_factory=dict)
    direction: Direction = ""
    gathers: Gathers = STANDS
    measure: Code = ""
    is_of_people: bool = False
    breaks: list[Code] = Field(default_factory=list)
    counted: dict[str, Any] = Field(default_factory=dict)
    method: Text = ""
    verification: Text = ""
    assumptions: Text = ""
    organization: Code = ""
    baseline: Text = ""
    baseline_on: date | None = None
    baseline_source: Text = ""
    is_public: bool = True


class ChangedIndicator(IndicatorWords, Seen):
    """All of it anew."""


class TargetWords(Sent):
    """What is to be reached. since: null from the beginning; value: "" gives the period's target up."""

    until: date
    value: Text
    since: date | None = None
    reason: Text = ""


class Ended(Seen):
    """Nothing is added to it any more."""

    reason: Text


class TargetRead(Schema):
    """A target, and the earlier ones of its period: is_in_force says which one stands."""

    since: date | None
    until: date
    value: str
    reason: str
    by: str
    at: datetime
    is_in_force: bool


class ResultRead(Schema):
    """An outcome or an output, with the version to say back. outcome: of an output."""

    code: str
    number: int
    titles: dict[str, str]
    assumptions: str
    outcome: str = ""
    organization: str = ""
    ended_at: datetime | None
    version: int


class IndicatorRead(IndicatorWords):
    """An indicator as it stands; project, outcome and output: where it belongs."""

    code: str
    project: str
    outcome: str
    output: str
    ended_at: datetime | None
    targets: list[TargetRead]
    version: int


class Framework(Schema):
    """A programme's framework, as far as the token reaches; what ended is there too."""

    project: str
    fund: str
    outcomes: list[ResultRead]
    outputs: list[ResultRead]
    indicators: list[IndicatorRead]


@router.get("/results/projects", response=Page[Line], url_name="results", summary="Programmes with results")
@asks(READ)
def every(request: HttpRequest, page: int = PageNumber, words: Code = SOUGHT) -> Any:
    """Those that the token reaches, wholly or by an indicator."""
    found = models.Project.objects.filter(sight.projects_within(request.rights.reach(READ))).order_by("code")
    if words:
        found = found.filter(code__icontains=words) | found.filter(title__icontains=words)
    return paged(found, page, lambda some: [Line(code=one.code, title=one.title, fund=one.fund_id) for one in some])


@router.get("/results/projects/{code}", response=Framework, url_name="framework", summary="A framework")
@asks(READ)
def one(request: HttpRequest, code: Code) -> Any:
    """Outcomes, outputs, indicators with their targets. An organization's people read the indicators it answers for."""
    project, scope = readable(request, code)
    found = models.Indicator.objects.filter(project=project).order_by("number")
    indicators = list(found.filter(sight.indicators_within(request.rights.reach(READ))))
    outcomes = list(models.Outcome.objects.filter(project=project).order_by("number"))
    outputs = list(models.Output.objects.filter(outcome__project=project).order_by("outcome__number", "number"))
    return {
        "project": project.code,
        "fund": scope.fund,
        "outcomes": _results(framework.OUTCOME, outcomes),
        "outputs": _results(framework.OUTPUT, outputs),
        "indicators": indicators_told(indicators),
    }


def readable(request: HttpRequest, code: str) -> Any:
    """A programme of whose results the token reads something, and its scope. Raises Http404 and Forbidden."""
    project, scope = sight.of_project(code)
    if not request.rights.may(READ, scope):
        mine = sight.indicators_within(request.rights.reach(READ))
        if not models.Indicator.objects.filter(mine, project=project).exists():
            raise Forbidden(READ, Decision(False, why=ELSEWHERE))
    return project, scope


def _results(kind: str, records: list[Any]) -> list[dict[str, Any]]:
    versions = history.versions(kind, [one.code for one in records])
    same = ("code", "number", "titles", "assumptions", "ended_at")
    return [
        {
            **{name: getattr(one, name) for name in same},
            "outcome": getattr(one, "outcome_id", ""),
            "organization": getattr(one, "organization_id", None) or "",
            "version": versions.get(one.code, 0),
        }
        for one in records
    ]


def indicators_told(records: list[Any]) -> list[dict[str, Any]]:
    """Indicators as they are answered, with their targets; asked at once for all of them."""
    versions = history.versions(framework.INDICATOR, [one.code for one in records])
    rows: dict[str, list[Any]] = {}
    for row in models.Target.objects.filter(indicator__in=records).order_by("id"):
        rows.setdefault(row.indicator_id, []).append(row)
    same = (
        *("code", "number", "titles", "unit", "kind", "direction", "gathers", "is_of_people", "breaks", "counted"),
        *("method", "verification", "assumptions", "baseline", "baseline_on", "baseline_source", "is_public"),
    )
    of = ("project", "outcome", "output", "measure", "organization")
    return [
        {
            **{name: getattr(one, name) for name in (*same, "ended_at")},
            **{name: getattr(one, f"{name}_id") or "" for name in of},
            "parent": one.output_id or one.outcome_id or "",
            "targets": _targets(rows.get(one.code, [])),
            "version": versions.get(one.code, 0),
        }
        for one in records
    ]


def _targets(rows: list[Any]) -> list[dict[str, Any]]:
    stands = {one.pk for one in framework.targets_in_force(rows)}
    same = ("since", "until", "value", "reason", "by", "at")
    return [{**{name: getattr(one, name) for name in same}, "is_in_force": one.pk in stands} for one in rows]


@router.post(
    "/results/projects/{code}/outcomes", response=ResultRead, url_name="make_outcome", summary="Make an outcome"
)
@asks(KEEP)
def make_outcome(request: HttpRequest, code: Code, said: OutcomeWords) -> Any:
    """A change that the programme aims at."""
    project, scope = sight.of_project(code)
    need(request, scope)
    number = said.number or next_number(models.Outcome.objects.filter(project=project))
    return _kept(
        framework.OUTCOME,
        framework.keep_outcome(project=project.code, **_words(request, said, number)),
    )


@router.put("/results/outcomes/{code}", response=ResultRead, url_name="change_outcome", summary="Change an outcome")
@asks(KEEP)
def change_outcome(request: HttpRequest, code: Code, said: ChangedOutcome) -> Any:
    """Everything that may be changed."""
    found, scope = sight.of_outcome(code)
    need(request, scope)
    words = _words(request, said, said.number or found.number)
    return _kept(framework.OUTCOME, framework.keep_outcome(project=found.project_id, code=found.code, **words))


@router.post("/results/outcomes/{code}/outputs", response=ResultRead, url_name="make_output", summary="Make an output")
@asks(KEEP)
def make_output(request: HttpRequest, code: Code, said: OutputWords) -> Any:
    """What is delivered towards an outcome."""
    outcome, scope = sight.of_outcome(code)
    need(request, scope)
    number = said.number or next_number(models.Output.objects.filter(outcome=outcome))
    return _kept(framework.OUTPUT, framework.keep_output(outcome=outcome.code, **_words(request, said, number)))


@router.put("/results/outputs/{code}", response=ResultRead, url_name="change_output", summary="Change an output")
@asks(KEEP)
def change_output(request: HttpRequest, code: Code, said: ChangedOutput) -> Any:
    """Everything that may be changed."""
    found, scope = sight.of_output(code)
    need(request, scope)
    words = _words(request, said, said.number or found.number)
    return _kept(framework.OUTPUT, framework.keep_output(outcome=found.outcome_id, code=found.code, **words))


def _words(request: HttpRequest, said: Any, number: int) -> dict[str, Any]:
    told = {**said.model_dump(exclude={"version"}), "number": number, "by": request.rights.person.pk}
    return {**told, "seen": said.version} if isinstance(said, Seen) else told


def _kept(kind: str, record: Any) -> Any:
    return _results(kind, [record])[0]


@router.post(
    "/results/projects/{code}/indicators",
    response=IndicatorRead,
    url_name="make_indicator",
    summary="Make an indicator",
)
@asks(KEEP)
def make_indicator(request: HttpRequest, code: Code, said: IndicatorWords) -> Any:
    """Under an output, an outcome, or the programme itself."""
    project, scope = sight.of_project(code)
    need(request, scope)
    words = IndicatorSaid(**said.model_dump())
    made = framework.keep_indicator(by=request.rights.person.pk, project=project.code, said=words)
    return indicators_told([made])[0]


@router.get("/results/indicators/{code}", response=IndicatorRead, url_name="indicator", summary="One indicator")
@asks(READ)
def indicator(request: HttpRequest, code: Code) -> Any:
    """With all its targets, those that were revised too."""
    found, scope = sight.of_indicator(code)
    need(request, scope)
    return indicators_told([found])[0]


@router.put(
    "/results/indicators/{code}", response=IndicatorRead, url_name="change_indicator", summary="Change an indicator"
)
@asks(KEEP)
def change_indicator(request: HttpRequest, code: Code, said: ChangedIndicator) -> Any:
    """Everything that may be changed; kind, unit and how readings are put together stay once one was approved."""
    found, _ = sight.of_indicator(code)
    need(request, scope_of(found.project))
    words = IndicatorSaid(**said.model_dump(exclude={"version"}))
    by = request.rights.person.pk
    kept = framework.keep_indicator(by=by, project=found.project_id, said=words, code=found.code, seen=said.version)
    return indicators_told([kept])[0]


@router.post(
    "/results/indicators/{code}/targets", response=IndicatorRead, url_name="set_target", summary="Set a target"
)
@asks(KEEP)
def set_target(request: HttpRequest, code: Code, said: TargetWords) -> Any:
    """A revision needs a reason, and what stood before stays. The same once more is refused."""
    found, _ = sight.of_indicator(code)
    need(request, scope_of(found.project))
    words: Mapping[str, Any] = said.model_dump()
    framework.set_target(by=request.rights.person.pk, indicator=found.code, **words, group="")
    return indicators_told([found])[0]


@router.post("/results/{kind}/{code}/end", url_name="end_result", summary="End an outcome, an output or an indicator")
@asks(KEEP)
def end(request: HttpRequest, kind: KindOfResult, code: Code, said: Ended) -> dict[str, Any]:
    """Nothing is added to it any more; what was read of it stays."""
    load = {"outcome": sight.of_outcome, "output": sight.of_output, "indicator": sight.of_indicator}[kind]
    found, _ = load(code)
    need(request, scope_of(framework.project_of(found)))
    by = request.rights.person.pk
    done = framework.end(by=by, kind=kind, code=found.code, reason=said.reason, seen=said.version)
    return {"code": done.code, "ended_at": done.ended_at}
