"""Workbooks of returns for programs: the template, a file sent and what it would change, applied, and back with remarks."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from quipu.actions import running
from quipu.actions.returns import uploading
from quipu.books import models, office
from quipu.desk.api import given
from quipu.desk.api.access import Forbidden, asks
from quipu.desk.api.given import Code, Sent
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.problems import Found
from quipu.desk.api.problems import told as told_finding
from quipu.desk.api.returns import KIND, YEARS, CellChanged, change_of
from quipu.desk.vouchers.views import plain_name
from quipu.desk.workbooks import forms, reach, telling, views, words
from quipu.desk.workbooks.reach import READ, WRITE
from quipu.rules.difference import Change
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import ELSEWHERE, Decision
from quipu.rules.returns.states import ANNUAL

router = Router(tags=["returns"])
XLSX = {"responses": {200: {"content": {telling.XLSX: {"schema": {"type": "string", "format": "binary"}}}}}}
WHOSE = Query("", description="Of this organization; may be left out by a token that writes for one alone.")
YEAR = Query(
    None, description="The last one that is over, where none is said. A workbook of ours says it itself.", **YEARS
)
NAME = Query("returns.xlsx", description="What the file is called, where the body is the file itself.")
FUND = Query("", description="Only this fund's.")
ONE = Query("", description="Only of this organization.")


class RunLine(Schema):
    """A file that was sent. counts: rows by what becomes of them; applied: "", all or good; returns: by fund, once applied."""

    code: str
    organization: str
    by: str
    at: datetime
    name: str
    bytes: int
    sha256: str
    year: int
    kind: str
    shape: str
    counts: dict[str, int]
    is_blocked: bool
    applied: str
    applied_at: datetime | None
    returns: dict[str, str]


class RunFound(Found):
    """What is to be said of a row of the file. place: the row's key; cell: where it stands there, as K14."""

    fund: str
    sheet: str
    line: int
    cell: str
    column: str
    value: str
    is_answered: bool


class RunChange(CellChanged):
    """What a row of the file changes. is_wrong: it is left out where only the good rows are applied."""

    fund: str
    sheet: str
    line: int
    is_wrong: bool


class RunRead(RunLine):
    """With all that was found, the difference, and words that stand for nothing yet in a file of another shape."""

    findings: list[RunFound]
    changes: list[RunChange]
    unknown_words: list[str]


class ApplyRun(Sent):
    """all: one wrong row keeps all others back; good: the wrong ones are left out."""

    which: Annotated[str, StringConstraints(pattern="^(all|good)$")] = running.ALL


def _run(request: HttpRequest, code: str, *, to_write: bool = False) -> Any:
    """A run that may be read, or written by. Raises Http404 and Forbidden."""
    one = reach.run(code)
    may = reach.is_theirs(request.rights, one) if to_write else bool(reach.may_read(request.rights, [one]))
    if not may:
        raise Forbidden(request.verb, Decision(False, why=ELSEWHERE))
    return one


def _whose(request: HttpRequest, organization: str) -> str:
    """The organization whose returns are written. Raises Forbidden and Refused."""
    bodies = [code for code, _ in reach.organizations(request.rights)]
    if not organization and len(bodies) == 1:
        return bodies[0]
    if not organization:
        raise Refused(Finding("field-missing", "organization"))
    if organization not in bodies:
        raise Forbidden(WRITE, Decision(False, why=ELSEWHERE))
    return organization


def _line(one: Any) -> dict[str, Any]:
    same = ("code", "by", "at", "name", "bytes", "sha256", "applied", "applied_at")
    told = one.told
    return {
        **{name: getattr(one, name) for name in same},
        "organization": one.organization_id,
        **{name: told[name] for name in ("year", "kind", "shape", "counts")},
        "is_blocked": told["blocked"],
        "returns": told["wrote"],
    }


def _told(one: Any) -> RunRead:
    heads = one.told["heads"]
    currencies = dict(models.Fund.objects.filter(code__in=one.told["funds"]).values_list("code", "currency"))
    changes = [
        RunChange(
            **change_of(Change(row, column, before, after), currencies.get(fund, "USD")).model_dump(),
            fund=fund,
            sheet=sheet,
            line=line,
            is_wrong=is_wrong,
        )
        for fund, row, column, before, after, sheet, line, is_wrong in one.told["changes"]
    ]
    return RunRead(
        **_line(one),
        findings=[_finding(each, heads) for each in running.findings_of(one)],
        changes=changes,
        unknown_words=list(one.told["words"]),
    )


def _finding(one: running.Told, heads: dict[str, Any]) -> RunFound:
    same = ("fund", "sheet", "column", "value", "is_answered")
    return RunFound(
        **told_finding(Finding(one.rule, one.place, one.detail)),
        line=one.row,
        cell=telling.place(one, heads) if one.column else "",
        **{name: getattr(one, name) for name in same},
    )


@router.get("/returns/workbook", url_name="return_workbook", summary="The workbook to fill in", openapi_extra=XLSX)
@asks(WRITE)
def template(
    request: HttpRequest, organization: Code = WHOSE, year: int | None = YEAR, kind: str = KIND, fund: Code = FUND
) -> Any:
    """With what stands in it; all funds that the token writes for, or one."""
    whose = _whose(request, organization)
    bodies = reach.organizations(request.rights)
    asked = {"organization": whose, "year": year or office.today().year - 1, "kind": kind or ANNUAL, "fund": fund}
    form = given.checked(forms.Which(asked, bodies=bodies, funds=views.funds_of([(whose, "")])))
    return views.as_template(request, form, dict(bodies))


@router.get("/returns/runs", response=Page[RunLine], url_name="runs", summary="Files that were sent")
@asks(READ)
def every(request: HttpRequest, page: int = PageNumber, organization: Code = ONE) -> Any:
    """An organization's own; for others those of which all that was written is submitted. A page may hold fewer."""
    reached = request.rights.reach(READ)
    found = models.Run.objects.filter(what=running.RETURNS).select_related("organization").order_by("-at")
    if all(scope.organization for scope in reached):
        found = found.filter(organization__in=[scope.organization for scope in reached])
    if organization:
        found = found.filter(organization=organization)
    return paged(found, page, lambda some: [_line(one) for one in reach.may_read(request.rights, some)])


@router.post(
    "/returns/runs", response=RunRead, url_name="send_run", summary="Send a file", openapi_extra=given.OF_BYTES
)
@asks(WRITE)
def send(
    request: HttpRequest,
    organization: Code = WHOSE,
    year: int | None = YEAR,
    kind: str = KIND,
    name: Code = NAME,
) -> Any:
    """A form with one file, or its bytes: what is wrong in it and what it would change. No return is changed."""
    whose = _whose(request, organization)
    (sent, *more) = given.pieces(request, name)
    if more:
        raise Refused(Finding("document-many", "files", more[0][0]))
    made = uploading.take(
        by=request.rights.person.pk,
        organization=whose,
        name=plain_name(sent[0]),
        pieces=sent[1],
        year=year or office.today().year - 1,
        kind=kind or ANNUAL,
        words=words.known(),
        may=reach.writes(request.rights, whose),
    )
    return _told(made)


@router.get("/returns/runs/{run}", response=RunRead, url_name="run", summary="One file that was sent")
@asks(READ)
def one(request: HttpRequest, run: Code) -> Any:
    """What was found in it, and what it would change or has changed."""
    return _told(_run(request, run))


@router.post("/returns/runs/{run}/check", response=RunRead, url_name="check_run", summary="Look at a file anew")
@asks(WRITE)
def again(request: HttpRequest, run: Code) -> Any:
    """Against what stands now."""
    found = _run(request, run, to_write=True)
    may = reach.writes(request.rights, found.organization_id)
    return _told(uploading.look_again(run=found, words=words.known(), may=may))


@router.post("/returns/runs/{run}/apply", response=RunRead, url_name="apply_run", summary="Write what a file says")
@asks(WRITE)
def apply(request: HttpRequest, run: Code, said: ApplyRun) -> Any:
    """What was shown, all of it or the good rows; a return that changed since is refused. A second time it changes nothing."""
    found = _run(request, run, to_write=True)
    may = reach.writes(request.rights, found.organization_id)
    by = request.rights.person.pk
    return _told(uploading.apply_run(by=by, run=found, which=said.which, words=words.known(), may=may))


@router.get(
    "/returns/runs/{run}/remarks", url_name="run_remarks", summary="The workbook with remarks", openapi_extra=XLSX
)
@asks(READ)
def remarks(request: HttpRequest, run: Code) -> Any:
    """The same file, with what is to be said of each row in its cells."""
    return telling.with_remarks(_run(request, run))


@router.get("/returns/runs/{run}/file", url_name="run_file", summary="The file as it was sent")
@asks(READ)
def file(request: HttpRequest, run: Code) -> Any:
    """Byte for byte."""
    return telling.as_sent(_run(request, run))
