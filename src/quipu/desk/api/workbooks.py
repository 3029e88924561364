"""Many vouchers by workbook for programs: the template, what its rows would do, the drafts they become, the remarks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from quipu.actions import draft_many, keeping
from quipu.actions.draft_many import Planned
from quipu.desk.api import given
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Code, Sent, Text
from quipu.desk.api.problems import Found, finding
from quipu.desk.vouchers import workbook
from quipu.desk.vouchers.views import XLSX, as_workbook
from quipu.files import fillable
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.voucher_kinds import ALLOCATIONS, VOUCHERS

router = Router(tags=["workbooks"])
AT = "/vouchers/workbook"
FUND = Query("", description="Only for this fund.")
AS_FILE = {"responses": {200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}}}


class WorkbookRow(Schema):
    """What a row would do: new, changed, as it was, or wrong. changes: before and after by field; draft: its key, if any."""

    number: int
    key: str
    kind: str
    what: str
    draft: str
    changes: dict[str, tuple[str, str]]
    findings: list[Found]


class WorkbookChecked(Schema):
    """A workbook that was looked at. token: what applying it wants, for a day and for the same person."""

    token: str
    rows: list[WorkbookRow]


class Workbook(Sent):
    """A workbook that was looked at."""

    token: Text


class Apply(Workbook):
    """only_good: leaves out rows that are wrong; without it, one wrong row keeps all others back.

    back: the answer is the workbook, with the keys of the drafts in it and remarks beside its rows.
    """

    only_good: bool = False
    back: bool = False


class DraftOfRow(Schema):
    """The draft that a row became or changed."""

    number: int
    key: str


@router.get(AT, url_name="workbook", summary="A workbook to fill in", openapi_extra=AS_FILE)
@asks(VOUCHERS, ALLOCATIONS)
def template(request: HttpRequest, fund: Code = FUND) -> Any:
    """Each row with a key of its own, by which it is found again; for all funds that the token reaches, or for one."""
    if fund:
        scope = Scope(fund)
        verb = next((one for one in (VOUCHERS, ALLOCATIONS) if request.rights.may(one, scope)), request.verb)
        need(request, scope, verb)
    return as_workbook(workbook.template(request.rights, fund), "vouchers.xlsx")


@router.post(
    f"{AT}/check",
    response=WorkbookChecked,
    url_name="check_workbook",
    summary="What would its rows do?",
    openapi_extra=given.OF_BYTES,
)
@asks(VOUCHERS, ALLOCATIONS)
def check(request: HttpRequest) -> Any:
    """A form with one file, or its bytes as they are. Nothing is kept yet but the file."""
    (sent, *more) = given.pieces(request, "workbook")
    if more:
        raise Refused(Finding("document-many", "files", more[0][0]))
    body = bytearray()
    for piece in sent[1]:
        body += piece
        if len(body) > fillable.LARGEST:
            raise Refused(Finding("workbook-unreadable", "file"))
    planned = workbook.planned_of(bytes(body), request.rights)
    kept = keeping.keep([bytes(body)])
    token = workbook.sealed(kept.sha256, planned, request.rights.person.pk)
    return WorkbookChecked(token=token, rows=[_row(one) for one in planned])


def _row(one: Planned) -> WorkbookRow:
    return WorkbookRow(
        number=one.row.number,
        key=one.row.key,
        kind=one.row.kind,
        what=one.what,
        draft=one.draft.key if one.draft else "",
        changes=one.changes,
        findings=[finding(each) for each in one.findings],
    )


@router.post(f"{AT}/apply", response=list[DraftOfRow], url_name="apply_workbook", summary="Its rows become drafts")
@asks(VOUCHERS, ALLOCATIONS)
def apply(request: HttpRequest, said: Apply) -> Any:
    """All or none, or the good ones; each within what the token may. A draft that changed since the check is refused."""
    body, planned = _again(request, said)
    done = draft_many.apply(planned, by=request.rights.person.pk, whole=not said.only_good)
    if said.back:
        return as_workbook(workbook.remarked(body, planned, request.rights, done))
    return [DraftOfRow(number=number, key=draft.key) for number, draft in done.items()]


def _again(request: HttpRequest, said: Workbook) -> tuple[bytes, list[Planned]]:
    body, versions = workbook.opened(said.token, request.rights.person.pk)
    return body, workbook.planned_of(body, request.rights, versions)


@router.post(f"{AT}/remarks", url_name="remarks", summary="The same workbook with remarks", openapi_extra=AS_FILE)
@asks(VOUCHERS, ALLOCATIONS)
def remarks(request: HttpRequest, said: Workbook) -> HttpResponse:
    """What is to be said of each row stands in its cells. Nothing is changed."""
    body, planned = _again(request, said)
    return as_workbook(workbook.remarked(body, planned, request.rights))
