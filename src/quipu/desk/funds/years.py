"""A fund's status and its years: closed when the consolidated report is out, reopened with a reason."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from quipu.actions.deciding import REOPENING, STATUS, Decision
from quipu.desk.drawing import said
from quipu.desk.forms import choice, choose
from quipu.desk.funds.views import of_fund
from quipu.desk.programmes.deciding import Deciding, flow, start
from quipu.desk.rights import needs
from quipu.rules.journal.words import STATUS_WORDS
from quipu.rules.statuses import status


class Status(Deciding):
    """Another status."""

    field_order = ("status",)
    status = choice("Status")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "status", ((word, said(status(word.replace("-", "_")).label)) for word in STATUS_WORDS))


class Year(Deciding):
    """A year of a fund."""

    field_order = ("year",)
    year = forms.IntegerField(label="Year", min_value=1990, max_value=2100)


STATUS_NEXT = [
    "The ledger holds the change with its day, its ground and your name.",
    "Financially closed, only refunds and interest arrive.",
]


@needs("change statuses", of_fund)
def change_status(request: HttpRequest, thing: Any) -> HttpResponse:
    """Another status of a fund."""
    form = Status(request.POST or None, request.FILES or None, initial=start())
    return flow(
        request,
        form,
        lambda form: Decision(STATUS, thing.code, status=form.cleaned_data["status"]),
        title="Change the status of a fund",
        what=thing.title or thing.code,
        lead=("fund", thing.code),
        next_=STATUS_NEXT,
    )


@needs("change statuses", of_fund)
def reopen(request: HttpRequest, thing: Any) -> HttpResponse:
    """A closed year is restated."""
    form = Year(request.POST or None, request.FILES or None, initial={**start(), "year": start()["on"].year - 1})
    return flow(
        request,
        form,
        lambda form: Decision(REOPENING, thing.code, year=form.cleaned_data["year"]),
        title="Reopen a year",
        what=thing.title or thing.code,
        lead=("fund", thing.code),
        next_=["Vouchers may be posted into that year again until it is closed. Its report has to be made anew."],
    )
