"""Readings for programs: written once however often they are sent, led on, several sources side by side and one chosen."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from quipu.actions import history
from quipu.actions.results import discarding, framework, reading
from quipu.actions.results.reading import ReadingSaid
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Act, Code, Reasoned, Sent, Text, Why
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.problems import Found
from quipu.desk.api.problems import told as told_finding
from quipu.desk.results import sight, writing
from quipu.desk.results.sight import APPROVE, READ, WRITE
from quipu.rules.findings import Finding, Refused
from quipu.rules.results.states import State, possible

router = Router(tags=["results"])
STATES = "|".join(("", *State))
PROJECT, INDICATOR = (Query("", description=f"Only of this {name}.") for name in ("programme", "indicator"))
STATE = Query("", pattern=f"^({STATES})$", description="draft, submitted, returned, approved or withdrawn.")
REPORTED = Query(False, description="Only those that count.")
FROM, TO = (
    Query(None, description=f"Of periods that end {word} this day.") for word in ("on or after", "on or before")
)
Key = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{12,24})?$")]


class ReadingWords(Sent):
    """A reading. since: null counts from the beginning. Values are exact texts with a point: 93, 45.5, 91/200, yes, begun.

    cells: values of parts by list and choice. documents: codes of documents of the programme.
    """

    until: date
    value: Text
    source: Text
    since: date | None = None
    cells: dict[Code, dict[Code, Text]] = Field(default_factory=dict)
    on: date | None = None
    link: Text = ""
    documents: list[Code] = Field(default_factory=list)
    note: Text = ""


class NewReading(ReadingWords):
    """key: 12 to 24 hexadecimal digits of the program's own, under which the same reading is made once."""

    key: Key = ""


class ChangedReading(ReadingWords):
    """All of a draft anew. version: as it was read."""

    version: int


class ReadingRead(ReadingWords):
    """A reading as it stands. is_reported: the one that counts for its period; acts: what leads on from here."""

    code: str
    indicator: str
    project: str
    state: str
    is_reported: bool
    choice: str
    author: str
    writers: list[str]
    comment: str
    decided_by: str
    decided_at: datetime | None
    made_at: datetime
    changed_at: datetime
    acts: list[str]
    version: int


class ReadingChecked(Schema):
    """What is to be said of a reading, without keeping it."""

    findings: list[Found]


@router.get("/results/readings", response=Page[ReadingRead], url_name="readings", summary="Readings")
@asks(READ)
def every(
    request: HttpRequest,
    page: int = PageNumber,
    project: Code = PROJECT,
    indicator: Code = INDICATOR,
    state: str = STATE,
    is_reported: bool = REPORTED,
    ends_from: date | None = FROM,
    ends_to: date | None = TO,
) -> Any:
    """Those of the indicators that the token reaches, the latest period first."""
    within = sight.indicators_within(request.rights.reach(READ), "indicator__")
    asked = {"indicator__project": project, "indicator": indicator, "state": state, "is_reported": is_reported}
    asked |= {"until__gte": ends_from, "until__lte": ends_to}
    found = sight.READINGS.filter(within, **{name: value for name, value in asked.items() if value})
    return paged(found.order_by("-until", "indicator", "made_at", "code"), page, lambda some: told(request, some))


def told(request: HttpRequest, some: Any) -> list[dict[str, Any]]:
    """Readings as they are answered; versions asked at once for all of them."""
    versions = history.versions(reading.READING, [one.code for one in some])
    same = (
        *(
            "code",
            "since",
            "until",
            "value",
            "cells",
            "source",
            "on",
            "link",
            "documents",
            "note",
            "state",
            "is_reported",
        ),
        *("choice", "author", "writers", "comment", "decided_by", "decided_at", "made_at", "changed_at"),
    )
    return [
        {
            **{name: getattr(one, name) for name in same},
            "indicator": one.indicator_id,
            "project": one.indicator.project_id,
            "acts": _acts(request, one),
            "version": versions.get(one.code, 0),
        }
        for one in some
    ]


def _acts(request: HttpRequest, one: Any) -> list[str]:
    scope = framework.scope(one)
    mine = [act for verb in (WRITE, APPROVE) if request.rights.may(verb, scope) for act in possible(one.state, verb)]
    return [act for act in mine if not (act == "approve" and request.rights.person.pk in one.writers)]


@router.get("/results/readings/{code}", response=ReadingRead, url_name="reading", summary="One reading")
@asks(READ)
def one(request: HttpRequest, code: Code) -> Any:
    """All that it says, where it stands, and what leads on."""
    return told(request, [_load(request, code)])[0]


def _load(request: HttpRequest, code: str) -> Any:
    found, scope = sight.of_reading(code)
    need(request, scope)
    return found


def _said(request: HttpRequest, indicator: Any, words: ReadingWords) -> ReadingSaid:
    """A reading as it is typed, with documents that its writer may see. Raises Refused."""
    if words.documents:
        known = {code for code, _ in writing.papers_of(indicator, request.rights)}
        if unknown := [code for code in words.documents if code not in known]:
            raise Refused(*(Finding("record-unknown", "documents", code) for code in unknown))
    told_ = words.model_dump(exclude={"version", "key"})
    return ReadingSaid(indicator=indicator.code, group="", **told_)


@router.post(
    "/results/indicators/{code}/readings", response=ReadingRead, url_name="new_reading", summary="Write a reading"
)
@asks(WRITE)
def write(request: HttpRequest, code: Code, said: NewReading) -> Any:
    """A draft. Sent again under the same key, it is the same one. Another source stands beside the first."""
    indicator, scope = sight.of_indicator(code)
    need(request, scope)
    by = request.rights.person.pk
    made = reading.write(by=by, said=_said(request, indicator, said), key=said.key)
    return told(request, [_again(made.code)])[0]


@router.post(
    "/results/indicators/{code}/readings/check",
    response=ReadingChecked,
    url_name="check_reading",
    summary="What is to be said of a reading?",
)
@asks(WRITE)
def check(request: HttpRequest, code: Code, said: ReadingWords) -> Any:
    """Nothing is kept."""
    indicator, scope = sight.of_indicator(code)
    need(request, scope)
    return {"findings": [told_finding(each) for each in reading.findings(_said(request, indicator, said))]}


@router.put("/results/readings/{code}", response=ReadingRead, url_name="change_reading", summary="Change a draft")
@asks(WRITE)
def change(request: HttpRequest, code: Code, said: ChangedReading) -> Any:
    """All of it anew; only while it is a draft, or was returned."""
    found = _load(request, code)
    words = _said(request, found.indicator, said)
    reading.write(by=request.rights.person.pk, said=words, code=found.code, seen=said.version)
    return told(request, [_again(found.code)])[0]


def _again(code: str) -> Any:
    return sight.READINGS.get(code=code)


@router.post(
    "/results/readings/{code}/discard", response=ReadingRead, url_name="discard_reading", summary="Discard a draft"
)
@asks(WRITE)
def discard(request: HttpRequest, code: Code, said: Act) -> Any:
    """It counts nowhere, and is changed no more."""
    found = _load(request, code)
    discarding.discard(by=request.rights.person.pk, code=found.code, seen=said.version)
    return told(request, [_again(found.code)])[0]


def _lead(request: HttpRequest, code: str, act: str, version: int | None, reason: str = "") -> Any:
    found = _load(request, code)
    reading.lead(by=request.rights.person.pk, code=found.code, act=act, reason=reason, seen=version)
    return told(request, [_again(found.code)])[0]


@router.post("/results/readings/{code}/submit", response=ReadingRead, url_name="reading_submit", summary="Submit it")
@asks(WRITE)
def submit(request: HttpRequest, code: Code, said: Act) -> Any:
    """Whoever approves readings of the programme finds it among the tasks."""
    return _lead(request, code, "submit", said.version)


@router.post(
    "/results/readings/{code}/take-back", response=ReadingRead, url_name="reading_take_back", summary="Take it back"
)
@asks(WRITE)
def take_back(request: HttpRequest, code: Code, said: Act) -> Any:
    """It is a draft again."""
    return _lead(request, code, "take back", said.version)


@router.post("/results/readings/{code}/approve", response=ReadingRead, url_name="reading_approve", summary="Approve it")
@asks(APPROVE)
def approve(request: HttpRequest, code: Code, said: Act) -> Any:
    """It counts from then on. Refused to whoever wrote in it."""
    return _lead(request, code, "approve", said.version)


@router.post("/results/readings/{code}/return", response=ReadingRead, url_name="reading_return", summary="Send it back")
@asks(APPROVE)
def send_back(request: HttpRequest, code: Code, said: Reasoned) -> Any:
    """With a reason that its writer reads."""
    return _lead(request, code, "return", said.version, said.reason)


@router.post(
    "/results/readings/{code}/withdraw", response=ReadingRead, url_name="reading_withdraw", summary="Withdraw it"
)
@asks(APPROVE)
def withdraw(request: HttpRequest, code: Code, said: Reasoned) -> Any:
    """One that was approved counts no more, and stays in the history with the reason."""
    return _lead(request, code, "withdraw", said.version, said.reason)


@router.post(
    "/results/readings/{code}/choose", response=ReadingRead, url_name="choose_reading", summary="It is reported"
)
@asks(APPROVE)
def choose(request: HttpRequest, code: Code, said: Why) -> Any:
    """Of several sources that were approved for a period, this one counts, for a reason."""
    found = _load(request, code)
    reading.choose(by=request.rights.person.pk, code=found.code, reason=said.reason)
    return told(request, [_again(found.code)])[0]
