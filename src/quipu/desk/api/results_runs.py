"""Workbooks of readings for programs: the template, a file sent and what it would change, written, submitted, with remarks."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from quipu.actions import running
from quipu.actions.results import uploading
from quipu.desk.api import given
from quipu.desk.api.access import Forbidden, asks
from quipu.desk.api.given import Code, Sent
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.problems import Found
from quipu.desk.api.problems import told as told_finding
from quipu.desk.results.sight import READ, WRITE
from quipu.desk.results_workbooks import forms, reach, views, words
from quipu.desk.vouchers.views import plain_name
from quipu.desk.workbooks import telling
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import ELSEWHERE, Decision

router = Router(tags=["results"])
XLSX = {"responses": {200: {"content": {telling.XLSX: {"schema": {"type": "string", "format": "binary"}}}}}}
PROJECT = Query("", description="Of this programme; may be left out by a token that writes readings of one alone.")
ONE = Query("", description="Only of this programme.")
SINCE = Query(None, description="The first day, of what each period counts anew. A workbook of ours says it itself.")
UNTIL = Query(None, description="The last day of the period. A workbook of ours says it itself.")
NAME = Query("readings.xlsx", description="What the file is called, where the body is the file itself.")


class ReadingsRunLine(Schema):
    """A file that was sent. counts: rows by what becomes of them; applied: "", all or good; readings: those it wrote."""

    code: str
    project: str
    since: str
    until: str
    by: str
    at: datetime
    name: str
    bytes: int
    sha256: str
    counts: dict[str, int]
    is_blocked: bool
    applied: str
    applied_at: datetime | None
    readings: list[str]


class ReadingsRunFound(Found):
    """What is to be said of a row of the file. place: the row's key; cell: where it stands there, as L14."""

    sheet: str
    line: int
    cell: str
    column: str
    value: str


class ReadingsRunChange(Schema):
    """A cell before and after, as texts. is_wrong: its reading is left out where only the good ones are applied."""

    row: str
    column: str
    before: str | None
    after: str | None
    sheet: str
    line: int
    is_wrong: bool


class ReadingsRunRead(ReadingsRunLine):
    """With all that was found, and the difference."""

    findings: list[ReadingsRunFound]
    changes: list[ReadingsRunChange]


class ApplyReadings(Sent):
    """all: one wrong row keeps all others back; good: readings with a wrong row are left out."""

    which: Annotated[str, StringConstraints(pattern="^(all|good)$")] = running.ALL


def _run(request: HttpRequest, code: str, *, to_write: bool = False) -> Any:
    """A run that may be read, or written by. Raises Http404 and Forbidden."""
    one = reach.run(code)
    if not (reach.is_theirs if to_write else reach.may_read)(request.rights, one):
        raise Forbidden(request.verb, Decision(False, why=ELSEWHERE))
    return one


def _project(request: HttpRequest, code: str) -> Any:
    """The programme in which readings are written. Raises Forbidden and Refused."""
    own = reach.projects(request.rights)
    found = list(own.filter(code=code) if code else own[:2])
    if not code and len(found) > 1:
        raise Refused(Finding("field-missing", "project"))
    if not found:
        raise Forbidden(WRITE, Decision(False, why=ELSEWHERE))
    return found[0]


def _line(one: Any) -> dict[str, Any]:
    same = ("code", "by", "at", "name", "bytes", "sha256", "applied", "applied_at")
    return {
        **{name: getattr(one, name) for name in same},
        **{name: one.told[name] for name in ("since", "until", "counts")},
        "project": one.project_id,
        "is_blocked": one.told["blocked"],
        "readings": sorted(one.told["wrote"].values()),
    }


def _told(one: Any) -> ReadingsRunRead:
    names = ("row", "column", "before", "after", "sheet", "line", "is_wrong")
    changes = [ReadingsRunChange(**dict(zip(names, change[1:], strict=True))) for change in one.told["changes"]]
    findings = [_finding(each, one.told["heads"]) for each in running.findings_of(one)]
    return ReadingsRunRead(**_line(one), findings=findings, changes=changes)


def _finding(one: running.Told, heads: dict[str, Any]) -> ReadingsRunFound:
    return ReadingsRunFound(
        **told_finding(Finding(one.rule, one.place, one.detail)),
        line=one.row,
        cell=telling.place(one, heads) if one.column else "",
        **{name: getattr(one, name) for name in ("sheet", "column", "value")},
    )


@router.get("/results/workbook", url_name="readings_template", summary="The workbook of readings", openapi_extra=XLSX)
@asks(WRITE)
def template(
    request: HttpRequest, project: Code = PROJECT, since: date | None = SINCE, until: date | None = UNTIL
) -> Any:
    """A row for each indicator and each part, with what stands in it."""
    found = _project(request, project)
    asked = given.checked(forms.Which({"since": since, "until": until}, cycles=()))
    return views.as_template(request, found, asked)


@router.get("/results/runs", response=Page[ReadingsRunLine], url_name="readings_runs", summary="Files that were sent")
@asks(READ)
def every(request: HttpRequest, page: int = PageNumber, project: Code = ONE) -> Any:
    """Those of which all that they touch may be read, and one's own. A page may hold fewer."""
    found = reach.runs(request.rights)
    if project:
        found = found.filter(project=project)
    written = set(reach.projects(request.rights).values_list("code", flat=True))
    return paged(found, page, lambda some: [_line(one) for one in some if reach.may_read(request.rights, one, written)])


@router.post(
    "/results/runs",
    response=ReadingsRunRead,
    url_name="send_readings",
    summary="Send a file",
    openapi_extra=given.OF_BYTES,
)
@asks(WRITE)
def send(
    request: HttpRequest,
    project: Code = PROJECT,
    since: date | None = SINCE,
    until: date | None = UNTIL,
    name: Code = NAME,
) -> Any:
    """A form with one file, or its bytes: what is wrong in it and what it would change. No reading is changed."""
    found = _project(request, project)
    (sent, *more) = given.pieces(request, name)
    if more:
        raise Refused(Finding("document-many", "files", more[0][0]))
    made = uploading.take(
        by=request.rights.person.pk,
        project=found,
        name=plain_name(sent[0]),
        pieces=sent[1],
        since=since,
        until=until,
        words=words.known(),
        may=reach.writes(request.rights),
    )
    return _told(made)


@router.get("/results/runs/{run}", response=ReadingsRunRead, url_name="readings_run", summary="One file that was sent")
@asks(READ)
def one(request: HttpRequest, run: Code) -> Any:
    """What was found in it, and what it would change or has changed."""
    return _told(_run(request, run))


@router.post(
    "/results/runs/{run}/check", response=ReadingsRunRead, url_name="check_readings_run", summary="Look at a file anew"
)
@asks(WRITE)
def again(request: HttpRequest, run: Code) -> Any:
    """Against what stands now."""
    found = _run(request, run, to_write=True)
    return _told(uploading.look_again(run=found, words=words.known(), may=reach.writes(request.rights)))


@router.post(
    "/results/runs/{run}/apply", response=ReadingsRunRead, url_name="apply_readings_run", summary="Write its drafts"
)
@asks(WRITE)
def apply(request: HttpRequest, run: Code, said: ApplyReadings) -> Any:
    """What was shown, all of it or the good readings; one that changed since is refused. A second time it changes nothing."""
    found = _run(request, run, to_write=True)
    may = reach.writes(request.rights)
    by = request.rights.person.pk
    return _told(uploading.apply_run(by=by, run=found, which=said.which, words=words.known(), may=may))


@router.post(
    "/results/runs/{run}/submit", response=ReadingsRunRead, url_name="submit_readings_run", summary="Submit its drafts"
)
@asks(WRITE)
def submit(request: HttpRequest, run: Code) -> Any:
    """All that still are drafts, or none."""
    found = _run(request, run, to_write=True)
    if any(not views.may_write(request, each) for each in uploading.drafts_of(found)):
        raise Forbidden(WRITE, Decision(False, why=ELSEWHERE))
    uploading.submit(by=request.rights.person.pk, run=found)
    return _told(found)


@router.get(
    "/results/runs/{run}/remarks",
    url_name="readings_run_remarks",
    summary="The workbook with remarks",
    openapi_extra=XLSX,
)
@asks(READ)
def remarks(request: HttpRequest, run: Code) -> Any:
    """The same file, with what is to be said of each row in its cells."""
    return telling.with_remarks(_run(request, run))


@router.get("/results/runs/{run}/file", url_name="readings_run_file", summary="The file as it was sent")
@asks(READ)
def file(request: HttpRequest, run: Code) -> Any:
    """Byte for byte."""
    return telling.as_sent(_run(request, run))
