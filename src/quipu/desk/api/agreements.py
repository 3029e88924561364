"""Agreements of contributors and memoranda of organizations for programs, as the desk's forms take them."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router

from quipu.actions.keep_agreement import AgreementSaid, keep_agreement, keep_memorandum
from quipu.books import models
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Code, Seen, Sent, Text, checked, typed, unseen
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.records import READ, Kept, Line, kept
from quipu.desk.funds import forms
from quipu.desk.funds.views import of_agreement, of_fund, of_memorandum, typed_agreement, typed_memorandum

router = Router(tags=["agreements"])
AGREEMENTS = "keep agreements"


class AgreementWords(Sent):
    """What is said of an agreement. instalments, amendments: one a line, a day first."""

    title: Text = ""
    amount: Code | None = None
    currency: Code = ""
    instalments: Text = ""
    amendments: Text = ""
    earmark: Code = ""
    agent_fee: Code = ""
    iati_activity: Code = ""


class NewAgreement(AgreementWords):
    """Code and contributor never change."""

    code: Code
    contributor: Code


class ChangedAgreement(AgreementWords, Seen):
    """All of it anew."""


class MemorandumWords(Sent):
    """What is said of a memorandum. indirect_cost: per cent of direct cost, "" for the default."""

    title: Text = ""
    signed_on: date | None = None
    indirect_cost: Code = ""


class NewMemorandum(MemorandumWords):
    """The organization never changes, and has one with a fund."""

    organization: Code


class ChangedMemorandum(MemorandumWords, Seen):
    """All of it anew."""


@router.get("/funds/{code}/agreements", response=Page[Line], url_name="agreements", summary="Agreements of a fund")
@asks(READ)
def agreements(request: HttpRequest, code: Code, page: int = PageNumber) -> Any:
    """Of all contributors."""
    found, scope = of_fund(code)
    need(request, scope)
    rows = models.Agreement.objects.filter(fund=found).order_by("code")
    return paged(rows, page, lambda every: [Line(code=one.code, title=one.title, fund=one.fund_id) for one in every])


@router.get("/funds/{code}/agreements/{agreement}", response=Kept, url_name="agreement", summary="One agreement")
@asks(READ)
def agreement(request: HttpRequest, code: Code, agreement: Code) -> Any:
    """What is kept of it."""
    found, scope = of_agreement(code, agreement)
    need(request, scope)
    return _agreement(found)


def _agreement(record: Any) -> dict[str, Any]:
    return kept(record.code, typed_agreement(record), fund=record.fund_id, contributor=record.contributor_id)


@router.post("/funds/{code}/agreements", response=Kept, url_name="make_agreement", summary="Make an agreement")
@asks(AGREEMENTS)
def make_agreement(request: HttpRequest, code: Code, said: NewAgreement) -> Any:
    """A new one."""
    found, scope = of_fund(code)
    need(request, scope)
    told = checked(forms.Agreement(typed(said), is_new=True))
    words = AgreementSaid(fund=found.code, **told)
    return _agreement(keep_agreement(by=request.rights.person.pk, agreement=words, is_new=True))


@router.put(
    "/funds/{code}/agreements/{agreement}", response=Kept, url_name="change_agreement", summary="Change an agreement"
)
@asks(AGREEMENTS)
def change_agreement(request: HttpRequest, code: Code, agreement: Code, said: ChangedAgreement) -> Any:
    """Everything that may be changed."""
    found, scope = of_agreement(code, agreement)
    need(request, scope)
    told = checked(forms.Agreement(typed(said), is_new=False))
    sealed = {"code": found.code, "fund": found.fund_id, "contributor": found.contributor_id}
    words = AgreementSaid(**sealed, **unseen(told))
    return _agreement(keep_agreement(by=request.rights.person.pk, agreement=words, seen=told["seen"]))


# Memoranda


@router.get("/funds/{code}/memoranda", response=Page[Line], url_name="memoranda", summary="Memoranda of a fund")
@asks(READ)
def memoranda(request: HttpRequest, code: Code, page: int = PageNumber) -> Any:
    """With each organization; its code stands for the memorandum."""
    found, scope = of_fund(code)
    need(request, scope)
    rows = models.Mou.objects.filter(fund=found).order_by("organization")
    return paged(
        rows, page, lambda every: [Line(code=one.organization_id, title=one.title, fund=one.fund_id) for one in every]
    )


@router.get("/funds/{code}/memoranda/{organization}", response=Kept, url_name="memorandum", summary="One memorandum")
@asks(READ)
def memorandum(request: HttpRequest, code: Code, organization: Code) -> Any:
    """What is kept of it."""
    found, scope = of_memorandum(code, organization)
    need(request, scope)
    return _memorandum(found)


def _memorandum(record: Any) -> dict[str, Any]:
    return kept(record.organization_id, typed_memorandum(record), fund=record.fund_id)


@router.post("/funds/{code}/memoranda", response=Kept, url_name="make_memorandum", summary="Make a memorandum")
@asks(AGREEMENTS)
def make_memorandum(request: HttpRequest, code: Code, said: NewMemorandum) -> Any:
    """An organization signs with a fund."""
    found, scope = of_fund(code)
    need(request, scope)
    told = checked(forms.Memorandum(typed(said), is_new=True))
    return _memorandum(keep_memorandum(by=request.rights.person.pk, fund=found.code, is_new=True, **told))


@router.put(
    "/funds/{code}/memoranda/{organization}",
    response=Kept,
    url_name="change_memorandum",
    summary="Change a memorandum",
)
@asks(AGREEMENTS)
def change_memorandum(request: HttpRequest, code: Code, organization: Code, said: ChangedMemorandum) -> Any:
    """Everything that may be changed."""
    found, scope = of_memorandum(code, organization)
    need(request, scope)
    told = checked(forms.Memorandum(typed(said), is_new=False))
    sealed = {"fund": found.fund_id, "organization": found.organization_id}
    return _memorandum(keep_memorandum(by=request.rights.person.pk, **sealed, **told))
