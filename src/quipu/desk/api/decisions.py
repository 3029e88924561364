"""Statuses, extensions and years for programs: decisions with their evidence, tried out or posted once to the ledger."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator

from quipu.actions import keeping
from quipu.actions.deciding import CLOSING, EXTENSION, REOPENING, STATUS, Decision, decide, try_out
from quipu.actions.returns import closing
from quipu.actions.saying import Paper
from quipu.books.post import Answer
from quipu.desk.api import given
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Code, Sent, Text, checked, typed
from quipu.desk.api.problems import Found, finding
from quipu.desk.api.records import READ
from quipu.desk.funds.views import of_fund
from quipu.desk.funds.years import Status, Year
from quipu.desk.programmes import standing
from quipu.desk.programmes.deciding import paper_of, placed, start
from quipu.desk.programmes.records import Extension, of_participation
from quipu.desk.programmes.views import of_project
from quipu.desk.vouchers.views import plain_name
from quipu.rules.findings import Finding, Refused

router = Router(tags=["decisions"])
DECIDE = "change statuses"
NAME = Query("document", description="What the document is called, where the body is the document itself.")


class Evidence(Schema):
    """A document that is kept, to be named as evidence of a decision."""

    sha256: str
    name: str
    bytes: int


class Happened(Schema):
    """A status, an extension, a year that was closed or reopened. documents: how many stand beside it."""

    on: date
    kind: str
    organization: str
    status: str
    year: int | None
    until: date | None
    evidence: str
    documents: int
    by: str
    recorded_at: datetime


class Standing(Schema):
    """What stands, and all that happened, the last first."""

    status: str
    happened: list[Happened]


class ByHash(Sent):
    """A document by its hash."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: Code = ""


class Decided(Sent):
    """key: of your own making; sent twice it is posted once. on: today without it. evidence, document: on what ground.

    only_check: tells what the rules would say of it, and posts nothing.
    """

    key: str = Field("", pattern=r"^[A-Za-z0-9._-]{0,60}$")
    on: date | None = None
    evidence: Text = ""
    document: ByHash | None = None
    only_check: bool = False


class ToStatus(Decided):
    """status: as operationally-closed, or as it is read."""

    status: Annotated[Code, AfterValidator(lambda word: word.replace("_", "-"))]


class ToClose(Decided):
    """without: that the year is closed without what is missing, which is kept by name."""

    without: bool = False


class ToEnd(Decided):
    """until: the new last day."""

    until: date


class Receipt(Schema):
    """What came of a decision. position: its link of the chain, null where it was only checked.

    is_new: false where it stood already under its key.
    """

    key: str
    position: int | None = None
    is_new: bool = False
    findings: list[Found]


@router.post(
    "/evidence",
    response=Evidence,
    url_name="keep_evidence",
    summary="Hand in a document for a decision",
    openapi_extra=given.OF_BYTES,
)
@asks(DECIDE)
def evidence(request: HttpRequest, name: Code = NAME) -> Any:
    """A form with one file, or its bytes as they are. A decision names it by its hash; by itself nobody sees it."""
    (sent, *more) = given.pieces(request, name)
    if more:
        raise Refused(Finding("document-many", "files", more[0][0]))
    title, chunks = sent
    kept = keeping.keep(chunks)
    if not kept.bytes:
        raise Refused(Finding("field-missing", "files"))
    return Evidence(sha256=kept.sha256, name=plain_name(title), bytes=kept.bytes)


def _decide(
    request: HttpRequest, said: Decided, kind: Any, about: Decision, take: Any = decide, **fixed: int
) -> Receipt:
    """Fills in the desk's form of a decision, and takes it. kind: the form; take: the verb; fixed: words of the address.

    Raises Refused.
    """
    if said.document and not keeping.path(said.document.sha256).is_file():
        raise Refused(Finding("document-not-kept", "document"))
    paper = {"kept": said.document.sha256, "named": said.document.name} if said.document else {}
    form = kind({**start(), **{name: value for name, value in typed(said).items() if value != ""}, **fixed, **paper})
    told = checked(form)
    decision = replace(about, **{name: told[name] for name in ("status", "until", "year") if name in told})
    by = paper_of(form, request.rights.person.pk)
    if said.only_check:
        wrong = placed(Refused(*try_out(lambda: take(paper=by, decision=decision))), form)
        return Receipt(key=by.key, findings=[finding(one) for one in wrong.findings])
    try:
        answer = take(paper=by, decision=decision)
    except Refused as refused:
        raise placed(refused, form) from None
    (receipt, *_) = answer.receipts
    findings = [finding(one) for one in placed(Refused(*answer.findings), form).findings]
    return Receipt(key=by.key, position=receipt.position, is_new=receipt.is_new, findings=findings)


# Of a project


@router.get("/projects/{code}/standing", response=Standing, url_name="project_standing", summary="Status of a project")
@asks(READ)
def of_a_project(request: HttpRequest, code: Code) -> Any:
    """And its history: statuses of participations, extensions, each with its ground."""
    project, scope = of_project(code)
    need(request, scope)
    return _standing(standing.events(project=project.code))


def _standing(events: list[Any]) -> Standing:
    same = ("on", "kind", "organization", "status", "year", "until", "by", "recorded_at")
    happened = [
        Happened(evidence=one.note, documents=one.papers, **{name: getattr(one, name) for name in same})
        for one in events
    ]
    return Standing(status=standing.current_status(events), happened=happened)


@router.post(
    "/projects/{code}/status", response=Receipt, url_name="project_status", summary="Change a project's status"
)
@asks(DECIDE)
def project_status(request: HttpRequest, code: Code, said: ToStatus) -> Any:
    """Public with the next edition, from its day on."""
    project, scope = of_project(code)
    need(request, scope)
    return _decide(request, said, Status, Decision(STATUS, project.code))


@router.post("/projects/{code}/extend", response=Receipt, url_name="extend_project", summary="Extend a project")
@asks(DECIDE)
def extend(request: HttpRequest, code: Code, said: ToEnd) -> Any:
    """A later end; it needs evidence."""
    project, scope = of_project(code)
    need(request, scope)
    return _decide(request, said, Extension, Decision(EXTENSION, project.code))


@router.post(
    "/projects/{code}/participants/{organization}/status",
    response=Receipt,
    url_name="participation_status",
    summary="Change a participation's status",
)
@asks(DECIDE)
def participation_status(request: HttpRequest, code: Code, organization: Code, said: ToStatus) -> Any:
    """Of one organization in a project."""
    (project, body, _), scope = of_participation(code, organization)
    need(request, scope)
    return _decide(request, said, Status, Decision(STATUS, project.code, body.code))


# Of a fund


@router.get("/funds/{code}/standing", response=Standing, url_name="fund_standing", summary="Status and years of a fund")
@asks(READ)
def of_a_fund(request: HttpRequest, code: Code) -> Any:
    """And its history: which years were closed and reopened, each with its ground."""
    fund, scope = of_fund(code)
    need(request, scope)
    return _standing(standing.events(fund=fund.code))


@router.post("/funds/{code}/status", response=Receipt, url_name="fund_status", summary="Change a fund's status")
@asks(DECIDE)
def fund_status(request: HttpRequest, code: Code, said: ToStatus) -> Any:
    """Public with the next edition, from its day on."""
    fund, scope = of_fund(code)
    need(request, scope)
    return _decide(request, said, Status, Decision(STATUS, fund.code))


@router.post("/funds/{code}/years/{int:year}/close", response=Receipt, url_name="close_year", summary="Close a year")
@asks(DECIDE)
def close(request: HttpRequest, code: Code, year: int, said: ToClose) -> Any:
    """Its report is out: nothing is posted into it any more. It needs evidence; what is missing is kept by name."""
    fund, scope = of_fund(code)
    need(request, scope)

    def take(*, paper: Paper, decision: Decision) -> Answer:
        words = (decision.code, decision.year or year, paper.on, paper.title, paper.key, said.without, paper.documents)
        return closing.close(by=paper.by, closing=closing.Closing(*words))

    return _decide(request, said, Year, Decision(CLOSING, fund.code), take, year=year)


@router.post("/funds/{code}/years/{int:year}/reopen", response=Receipt, url_name="reopen_year", summary="Reopen a year")
@asks(DECIDE)
def reopen(request: HttpRequest, code: Code, year: int, said: Decided) -> Any:
    """It is restated: vouchers may be posted into it until it is closed again."""
    fund, scope = of_fund(code)
    need(request, scope)
    return _decide(request, said, Year, Decision(REOPENING, fund.code), year=year)
