"""Funds: the list of those one may see, each with all that is kept of it, and the forms that keep it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quipu.actions import history, recording
from quipu.actions.keep_agreement import (
    AgreementSaid,
    exceeds,
    keep_agreement,
    keep_memorandum,
    thing_of_agreement,
    thing_of_memorandum,
)
from quipu.actions.keep_fund import FundSaid, keep_fund, keep_window, thing_of_fund, thing_of_window
from quipu.books import models
from quipu.books.records import further
from quipu.desk.drawing import said
from quipu.desk.funds import forms
from quipu.desk.programmes import standing
from quipu.desk.reaching import within
from quipu.desk.rights import needs
from quipu.rules.dates import read_date
from quipu.rules.findings import Refused, rule_of
from quipu.rules.mandates import Scope
from quipu.rules.money import exponent, of_minor_units
from quipu.rules.statuses import status


def of_fund(code: str) -> tuple[Any, Scope]:
    """A fund, and whose it is."""
    return get_object_or_404(models.Fund, code=code), Scope(code)


def of_window(code: str, window: str) -> tuple[Any, Scope]:
    """A window of a fund, which keeps it."""
    return get_object_or_404(models.Window, code=window, fund=code), Scope(code)


def of_agreement(code: str, agreement: str) -> tuple[Any, Scope]:
    """An agreement of a fund, which keeps it."""
    found = get_object_or_404(models.Agreement.objects.select_related("contributor", "fund"), code=agreement, fund=code)
    return found, Scope(code)


def of_memorandum(code: str, organization: str) -> tuple[Any, Scope]:
    """A memorandum of an organization with a fund, which keeps it."""
    found = models.Mou.objects.select_related("organization", "fund")
    return get_object_or_404(found, organization=organization, fund=code), Scope(code)


@needs("read drafts")
def show(request: HttpRequest) -> HttpResponse:
    """The funds one may see."""
    found = models.Fund.objects.filter(within(request.rights.reach("read drafts"), "code", "")).order_by(
        "title", "code"
    )
    return render(request, "funds/list.html", {"funds": found})


@needs("read drafts", of_fund)
def fund(request: HttpRequest, thing: Any) -> HttpResponse:
    """One fund: its settings, windows, agreements, memoranda, years."""
    told = {
        "fund": thing,
        "scope": Scope(thing.code),
        "windows": models.Window.objects.filter(fund=thing).order_by("code"),
        "agreements": models.Agreement.objects.filter(fund=thing).select_related("contributor").order_by("code"),
        "memoranda": models.Mou.objects.filter(fund=thing)
        .select_related("organization")
        .order_by("organization__title"),
        "projects": models.Project.objects.filter(fund=thing).count(),
        "events": standing.events(fund=thing.code),
        "plain": {name: " ".join(next(further(thing, name), ())) for name in ("starts", "ends", "iati", "publisher")},
        "deadlines": [" ".join(words) for words in further(thing, "deadline")],
        "shift": " ".join(next(further(thing, "category-shift"), ())),
        "current_status": standing.current_status,
        "status": status,
    }
    return render(request, "funds/fund.html", told)


def kept(
    request: HttpRequest,
    form: Any,
    act: Callable[[dict[str, Any]], Any],
    *,
    done: str,
    lead: Callable[[Any], Any],
    template: str = "records/form.html",
    **told: Any,
) -> HttpResponse:
    """A form that keeps a record: shown, or sent to its verb, whose refusals stand beside the fields."""
    if request.method == "POST" and form.is_valid():
        try:
            made = act(form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said(done))
            return redirect(*lead(made))
    return render(request, template, {"form": form, **told}, status=422 if form.errors else 200)


DONE = "It is kept. The public pages show it with the next edition, in a moment."
LOCKED_CODE = "Entries of the ledger rest on it, so it never changes and nobody can unlock it."


@needs("make funds")
def new(request: HttpRequest) -> HttpResponse:
    """A new fund."""
    form = forms.Fund(request.POST or None, is_new=True, initial={"currency": "USD"})
    return kept(
        request,
        form,
        lambda told: keep_fund(by=request.user.pk, fund=FundSaid(**_fund_words(told)), is_new=True),
        done=DONE,
        lead=lambda made: ("fund", made.code),
        title="Make a fund",
        back=("funds",),
        locked=[],
    )


def typed_fund(thing: Any) -> dict[str, Any]:
    """What may be changed of a fund, as somebody types it, with its version."""
    initial = {name: getattr(thing, name) for name in ("title", "category", "agent_fee", "illustrative", "second_eyes")}
    initial |= {"over_allocation": thing.over_allocation, "seen": history.version(thing_of_fund(thing.code))}
    for name in ("minimum_balance", "small_balance"):
        units = getattr(thing, name)
        initial[name] = plain_amount(units, thing.currency) if units else None
    for name, key in (("countries", "country"), ("regions", "region"), ("themes", "theme")):
        initial[name] = recording.typed(thing, key)
    initial["deadlines"] = "\n".join(" ".join(words) for words in further(thing, "deadline"))
    initial["category_shift"] = " ".join(next(further(thing, "category-shift"), ()))
    return initial | words_of(thing, ("iati", "publisher", "overview"), ("starts", "ends"))


@needs("keep funds", of_fund)
def edit(request: HttpRequest, thing: Any) -> HttpResponse:
    """What may be changed of a fund."""
    form = forms.Fund(request.POST or None, is_new=False, further=(thing.category,), initial=typed_fund(thing))
    return kept(
        request,
        form,
        lambda told: keep_fund(
            by=request.user.pk,
            fund=FundSaid(code=thing.code, currency=thing.currency, **_fund_words(told)),
            seen=told["seen"],
        ),
        done=DONE,
        lead=lambda made: ("fund", made.code),
        title="Change the record of a fund",
        back=("fund", thing.code),
        locked=[("Code", thing.code, LOCKED_CODE), ("Currency", thing.currency, LOCKED_CODE)],
    )


def _fund_words(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "seen"}


def plain_amount(units: int, currency: str) -> str:
    """Minor units as they are typed."""
    return f"{of_minor_units(units, currency):.{exponent(currency)}f}"


def words_of(record: Any, names: tuple[str, ...], days: tuple[str, ...]) -> dict[str, Any]:
    """Settings that are kept as written, as a form shows them."""
    found: dict[str, Any] = {name: " ".join(words) for name in names for words in further(record, name)}
    for name in days:
        for words in further(record, name):
            found[name] = read_date(words[0]) if words else None
    return found


@needs("keep funds", of_fund)
def new_window(request: HttpRequest, thing: Any) -> HttpResponse:
    """A new window."""
    form = forms.Window(request.POST or None, is_new=True)
    return kept(
        request,
        form,
        lambda told: keep_window(
            by=request.user.pk, code=told["code"], fund=thing.code, title=told["title"], is_new=True
        ),
        done=DONE,
        lead=lambda made: ("fund", thing.code),
        title="Make a window",
        back=("fund", thing.code),
        locked=[("Fund", thing.title or thing.code, LOCKED_CODE)],
    )


def typed_window(thing: Any) -> dict[str, Any]:
    """What may be changed of a window, as somebody types it, with its version."""
    return {"title": thing.title, "seen": history.version(thing_of_window(thing.code, thing.fund_id))}


@needs("keep funds", of_window)
def window(request: HttpRequest, thing: Any) -> HttpResponse:
    """A window is called otherwise."""
    form = forms.Window(request.POST or None, is_new=False, initial=typed_window(thing))
    return kept(
        request,
        form,
        lambda told: keep_window(
            by=request.user.pk, code=thing.code, fund=thing.fund_id, title=told["title"], seen=told["seen"]
        ),
        done=DONE,
        lead=lambda made: ("fund", thing.fund_id),
        title="Change a window",
        back=("fund", thing.fund_id),
        locked=[("Code", thing.code, LOCKED_CODE)],
    )


@needs("keep agreements", of_fund)
def new_agreement(request: HttpRequest, thing: Any) -> HttpResponse:
    """A new agreement."""
    form = forms.Agreement(request.POST or None, is_new=True, initial={"currency": thing.currency})
    return kept(
        request,
        form,
        lambda told: keep_agreement(
            by=request.user.pk, agreement=AgreementSaid(fund=thing.code, **_fund_words(told)), is_new=True
        ),
        done=DONE,
        lead=lambda made: ("agreement", thing.code, made.code),
        title="Make an agreement",
        back=("fund", thing.code),
        locked=[("Fund", thing.title or thing.code, LOCKED_CODE)],
    )


def typed_agreement(thing: Any) -> dict[str, Any]:
    """What may be changed of an agreement, as somebody types it, with its version."""
    initial = {name: getattr(thing, name) for name in ("title", "currency", "earmark", "agent_fee", "iati_activity")}
    decimals = exponent(thing.currency) if thing.currency else 2
    initial["amount"] = None if thing.amount is None else f"{thing.amount:.{decimals}f}"
    expected, changed = thing.instalments.order_by("expected_on", "id"), thing.amendments.order_by("signed_on", "id")
    initial["instalments"] = "\n".join(f"{one.expected_on} {one.amount:,.{decimals}f}" for one in expected)
    initial["amendments"] = "\n".join(f"{one.signed_on} {one.text}" for one in changed)
    initial["seen"] = history.version(thing_of_agreement(thing.code, thing.fund_id, thing.contributor_id))
    return initial


@needs("keep agreements", of_agreement)
def agreement(request: HttpRequest, thing: Any) -> HttpResponse:
    """What may be changed of an agreement."""
    form = forms.Agreement(request.POST or None, is_new=False, initial=typed_agreement(thing))
    return kept(
        request,
        form,
        lambda told: keep_agreement(
            by=request.user.pk,
            agreement=AgreementSaid(
                code=thing.code, fund=thing.fund_id, contributor=thing.contributor_id, **_fund_words(told)
            ),
            seen=told["seen"],
        ),
        done=DONE,
        lead=lambda made: ("agreement", thing.fund_id, made.code),
        title="Change an agreement",
        back=("fund", thing.fund_id),
        locked=[
            ("Code", thing.code, LOCKED_CODE),
            ("Contributor", thing.contributor.title or thing.contributor_id, LOCKED_CODE),
        ],
        warning=said(rule_of("instalments-exceed").sentence) if exceeds(thing) else "",
    )


@needs("keep agreements", of_fund)
def new_memorandum(request: HttpRequest, thing: Any) -> HttpResponse:
    """An organization signs with a fund."""
    form = forms.Memorandum(request.POST or None, is_new=True)
    return kept(
        request,
        form,
        lambda told: keep_memorandum(by=request.user.pk, fund=thing.code, is_new=True, **told),
        done=DONE,
        lead=lambda made: ("fund", thing.code),
        title="Make a memorandum",
        back=("fund", thing.code),
        locked=[("Fund", thing.title or thing.code, LOCKED_CODE)],
    )


def typed_memorandum(thing: Any) -> dict[str, Any]:
    """What may be changed of a memorandum, as somebody types it, with its version."""
    initial = {name: getattr(thing, name) for name in ("title", "indirect_cost", "signed_on")}
    initial["seen"] = history.version(thing_of_memorandum(thing.fund_id, thing.organization_id))
    return initial


@needs("keep agreements", of_memorandum)
def memorandum(request: HttpRequest, thing: Any) -> HttpResponse:
    """What may be changed of a memorandum."""
    form = forms.Memorandum(request.POST or None, is_new=False, initial=typed_memorandum(thing))
    return kept(
        request,
        form,
        lambda told: keep_memorandum(
            by=request.user.pk, fund=thing.fund_id, organization=thing.organization_id, **told
        ),
        done=DONE,
        lead=lambda made: ("fund", thing.fund_id),
        title="Change a memorandum",
        back=("fund", thing.fund_id),
        locked=[("Organization", thing.organization.title or thing.organization_id, LOCKED_CODE)],
    )
