"""Funds and their windows for programs: read, made, changed, as the desk's forms take them."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router

from quipu.actions.keep_fund import FundSaid, keep_fund, keep_window
from quipu.books import models
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Code, Seen, Sent, Text, checked, typed, unseen
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.records import READ, Kept, Line, kept
from quipu.desk.funds import forms
from quipu.desk.funds.views import of_fund, of_window, typed_fund, typed_window
from quipu.desk.reaching import within
from quipu.rules.mandates import Scope

router = Router(tags=["funds"])
FUNDS = "keep funds"


class FundWords(Sent):
    """What is said of a fund. countries, regions, themes: one a line, as PE Peru 60%; deadlines: as annual-return 04-15."""

    title: Text
    category: Code = ""
    starts: date | None = None
    ends: date | None = None
    countries: Text = ""
    regions: Text = ""
    themes: Text = ""
    overview: Text = ""
    agent_fee: Code = ""
    minimum_balance: Code | None = None
    small_balance: Code | None = None
    over_allocation: Code = ""
    second_eyes: bool = False
    illustrative: bool = False
    iati: Code = ""
    publisher: Code = ""
    deadlines: Text = ""
    category_shift: Code = ""


class NewFund(FundWords):
    """Code and currency never change."""

    code: Code
    currency: Code


class ChangedFund(FundWords, Seen):
    """All of it anew."""


class WindowWords(Sent):
    """What a window is called."""

    title: Text


class NewWindow(WindowWords):
    """The code never changes."""

    code: Code


class ChangedWindow(WindowWords, Seen):
    """All of it anew."""


@router.get("/funds", response=Page[Line], url_name="funds", summary="Funds")
@asks(READ)
def funds(request: HttpRequest, page: int = PageNumber) -> Any:
    """Those that the token reaches as a whole."""
    rows = models.Fund.objects.filter(within(request.rights.reach(READ), "code", "")).order_by("title", "code")
    return paged(rows, page, lambda found: [Line(code=one.code, title=one.title) for one in found])


@router.get("/funds/{code}", response=Kept, url_name="fund", summary="One fund")
@asks(READ)
def fund(request: HttpRequest, code: Code) -> Any:
    """What is kept of it."""
    found, scope = of_fund(code)
    need(request, scope)
    return _fund(found)


def _fund(record: Any) -> dict[str, Any]:
    return kept(record.code, typed_fund(record), currency=record.currency)


@router.post("/funds", response=Kept, url_name="make_fund", summary="Make a fund")
@asks("make funds")
def make_fund(request: HttpRequest, said: NewFund) -> Any:
    """A new one."""
    need(request, Scope(said.code))
    told = checked(forms.Fund(typed(said), is_new=True))
    return _fund(keep_fund(by=request.rights.person.pk, fund=FundSaid(**told), is_new=True))


@router.put("/funds/{code}", response=Kept, url_name="change_fund", summary="Change a fund")
@asks(FUNDS)
def change_fund(request: HttpRequest, code: Code, said: ChangedFund) -> Any:
    """Everything that may be changed."""
    found, scope = of_fund(code)
    need(request, scope)
    told = checked(forms.Fund(typed(said), is_new=False, further=(found.category,)))
    words = FundSaid(code=found.code, currency=found.currency, **unseen(told))
    return _fund(keep_fund(by=request.rights.person.pk, fund=words, seen=told["seen"]))


# Windows


@router.get("/funds/{code}/windows", response=Page[Line], url_name="windows", summary="Windows of a fund")
@asks(READ)
def windows(request: HttpRequest, code: Code, page: int = PageNumber) -> Any:
    """Its parts with a purpose of their own."""
    found, scope = of_fund(code)
    need(request, scope)
    rows = models.Window.objects.filter(fund=found).order_by("code")
    return paged(rows, page, lambda every: [Line(code=one.code, title=one.title, fund=one.fund_id) for one in every])


@router.get("/funds/{code}/windows/{window}", response=Kept, url_name="window", summary="One window")
@asks(READ)
def window(request: HttpRequest, code: Code, window: Code) -> Any:
    """What it is called."""
    found, scope = of_window(code, window)
    need(request, scope)
    return _window(found)


def _window(record: Any) -> dict[str, Any]:
    return kept(record.code, typed_window(record), fund=record.fund_id)


@router.post("/funds/{code}/windows", response=Kept, url_name="make_window", summary="Make a window")
@asks(FUNDS)
def make_window(request: HttpRequest, code: Code, said: NewWindow) -> Any:
    """A new one."""
    found, scope = of_fund(code)
    need(request, scope)
    told = checked(forms.Window(typed(said), is_new=True))
    return _window(keep_window(by=request.rights.person.pk, fund=found.code, is_new=True, **told))


@router.put("/funds/{code}/windows/{window}", response=Kept, url_name="change_window", summary="Change a window")
@asks(FUNDS)
def change_window(request: HttpRequest, code: Code, window: Code, said: ChangedWindow) -> Any:
    """It is called otherwise."""
    found, scope = of_window(code, window)
    need(request, scope)
    told = checked(forms.Window(typed(said), is_new=False))
    return _window(keep_window(by=request.rights.person.pk, code=found.code, fund=found.fund_id, **told))
