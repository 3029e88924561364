"""What is said about returns, for programs: comments and their answers, and rules that the agent waives."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quipu.actions.returns import talking, waiving
from quipu.desk.api import given
from quipu.desk.api.access import asks
from quipu.desk.api.given import Code, Sent, Text
from quipu.desk.api.returns import ReturnRead, load, told
from quipu.desk.returns import forms
from quipu.desk.returns.talking import DISCUSS, WAIVE, root_of, rows_to_waive, waived_of
from quipu.rules.findings import Finding, Refused
from quipu.rules.returns import rows

router = Router(tags=["returns"])


class Remark(Sent):
    """A comment. row: what it is about, "" for all of the return; answers: the number of the talk it goes on with."""

    text: Text
    row: Code = ""
    answers: int | None = None


class Waiver(Sent):
    """A rule that no longer stands in the way. row: "" for all rows; reason: published with the figures."""

    rule: Code
    row: Code = ""
    reason: Text


@router.post("/returns/{code}/comments", response=ReturnRead, url_name="comment_return", summary="Comment on a return")
@asks(DISCUSS)
def comment(request: HttpRequest, code: Code, said: Remark) -> Any:
    """Both sides read it. A further word opens again what was settled."""
    record = load(request, code)
    if said.row and not said.row.startswith("transfer ") and rows.read(said.row) is None:
        raise Refused(Finding("return-row-unknown", "row", said.row))
    root = None if said.answers is None else root_of(record, said.answers)
    talking.say(by=request.rights.person.pk, record=record, text=said.text, row=said.row, root=root)
    return told(request, code)


@router.post(
    "/returns/{code}/comments/{number}/settle", response=ReturnRead, url_name="settle_talk", summary="Settle a talk"
)
@asks(DISCUSS)
def settle(request: HttpRequest, code: Code, number: int) -> Any:
    """Nothing more is to be said about it."""
    record = load(request, code)
    talking.settle(by=request.rights.person.pk, record=record, root=root_of(record, number))
    return told(request, code)


@router.post("/returns/{code}/waivers", response=ReturnRead, url_name="waive_rule", summary="Waive a rule")
@asks(WAIVE)
def waive(request: HttpRequest, code: Code, said: Waiver) -> Any:
    """For an organization's figures of a fund and a year, in one row or in all; until it is accepted."""
    record = load(request, code)
    form = given.checked(forms.Waiver(given.typed(said), rows=rows_to_waive(record)))
    waiving.waive(by=request.rights.person.pk, record=record, **form)
    return told(request, code)


@router.post(
    "/returns/{code}/waivers/{number}/withdraw",
    response=ReturnRead,
    url_name="withdraw_waiver",
    summary="Withdraw a waiver",
)
@asks(WAIVE)
def unwaive(request: HttpRequest, code: Code, number: int) -> Any:
    """The rule stands again."""
    record = load(request, code)
    _, waived = waived_of(code, number)[0]
    waiving.withdraw(by=request.rights.person.pk, record=record, waived=waived)
    return told(request, code)
