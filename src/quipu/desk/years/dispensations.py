"""More time for what is owed, or none of it: asked for by the organization, decided by the portfolio manager."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quipu.actions import history
from quipu.actions.returns import dispensing, owing
from quipu.books import models
from quipu.desk.drawing import said, sentences
from quipu.desk.forms import Form, choice, choose, day, text
from quipu.desk.reaching import within
from quipu.desk.rights import needs
from quipu.desk.years import words
from quipu.rules.findings import Refused
from quipu.rules.mandates import Scope

PAGE = 50
TIME, WAIVER = "time", "waiver"
WANTED = {TIME: "More time", WAIVER: "That it is not owed at all"}
GRANT, WAIVE, REFUSE = "grant", "waive", "refuse"
DECISIONS = {GRANT: "Give more time", WAIVE: "Waive it altogether", REFUSE: "Refuse it"}
FIRST_YEAR, LAST_YEAR = 1990, 2100


class Asking(Form):
    """What is asked for, until when, and why."""

    wanted = forms.ChoiceField(label="What is asked for", widget=forms.RadioSelect)
    until = day("Until", needed=False, hint="The day by which it will be in. Empty for a waiver.")
    reason = text("Why", lines=4, most=2_000, hint="It is public once it is granted.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["wanted"].choices = [(one, said(label)) for one, label in WANTED.items()]

    def clean(self) -> dict[str, Any]:
        """More time needs its day."""
        return _with_day(self, super().clean(), "wanted", TIME)


def _with_day(form: Form, told: dict[str, Any], name: str, word: str) -> dict[str, Any]:
    if told.get(name) == word and not told.get("until") and "until" not in form.errors:
        form.add_error("until", said("Something is needed here."))
    return told


class Deciding(Form):
    """The decision, until when, and words."""

    decision = choice("Decision")
    until = day("Until", needed=False, hint="It may be another day than was asked for. Only for more time.")
    words = text(
        "Your words", needed=False, lines=3, most=2_000, hint="Public with the decision. A refusal needs them."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "decision", ((one, said(label)) for one, label in DECISIONS.items()))

    def clean(self) -> dict[str, Any]:
        """More time needs its day."""
        return _with_day(self, super().clean(), "decision", GRANT)


def _of_obligation(year: int, fund: str, organization: str, duty: str) -> tuple[tuple[int, str, str, str], Scope]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    get_object_or_404(models.Fund, code=fund)
    get_object_or_404(models.Organization, code=organization)
    return (year, fund, organization, duty), Scope(fund, "", organization)


def of_number(number: int) -> tuple[Any, Scope]:
    """What was asked for, and whose it is. Raises Http404."""
    found = get_object_or_404(models.Dispensation.objects.select_related("fund", "organization", "project"), pk=number)
    return found, dispensing.scope_of(found)


@needs("ask dispensations", _of_obligation)
def ask(request: HttpRequest, thing: Any) -> HttpResponse:
    """More time, or none of it."""
    year, fund, organization, duty = thing
    project = request.GET.get("project", "")[:64]
    owed = owing.one(duty, fund, organization, year, project)
    if owed is None:
        raise Http404
    form = Asking(request.POST or None, initial={"wanted": TIME})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        until = told["until"] if told["wanted"] == TIME else None
        try:
            record = dispensing.ask(by=request.user.pk, owed=owed, until=until, reason=told["reason"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said("It was asked for. Whoever decides was told by mail."))
            return redirect("dispensation", record.pk)
    told = {"form": form, "owed": owed, "words_": words, **_named(owed)}
    return render(request, "years/ask.html", told, status=422 if form.errors else 200)


def _named(owed: Any) -> dict[str, Any]:
    fund = models.Fund.objects.get(code=owed.fund)
    body = models.Organization.objects.get(code=owed.organization)
    return {"fund": fund, "body": body}


@needs("read returns")
def listed(request: HttpRequest) -> HttpResponse:
    """What was asked for where one may see it: undecided first, then the latest."""
    page = Paginator(reached(request.rights), PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "names": history.names_of(one.asked_by for one in page), "state": dispensing.state}
    return render(request, "years/dispensations.html", told | {"words_": words})


def reached(rights: Any) -> Any:
    """All that was asked for where somebody may see it, in the order of the list."""
    found = models.Dispensation.objects.filter(within(rights.reach("read returns"), "fund", "", "organization"))
    return found.select_related("fund", "organization", "project").order_by(_undecided_first(), "-pk")


def _undecided_first() -> Any:
    return Case(When(granted=None, then=Value(0)), default=Value(1))


@needs("read returns", of_number)
def show(request: HttpRequest, thing: Any) -> HttpResponse:
    """One of them, and what became of it."""
    return _page(request, thing, Deciding(initial={"until": thing.until, "decision": GRANT if thing.until else WAIVE}))


def _page(request: HttpRequest, thing: Any, form: Any) -> HttpResponse:
    scope = dispensing.scope_of(thing)
    state = dispensing.state(thing)
    told = {
        "one": thing,
        "state": state,
        "owed": dispensing.of(thing),
        "names": history.names_of([thing.asked_by, thing.decided_by]),
        "form": form,
        "may_decide": state == dispensing.UNDECIDED
        and request.user.pk != thing.asked_by
        and request.rights.may("decide dispensations", scope),
        "may_withdraw": state == dispensing.UNDECIDED and request.rights.may("ask dispensations", scope),
        "words_": words,
    }
    return render(request, "years/dispensation.html", told, status=422 if form.errors else 200)


@needs("decide dispensations", of_number)
def decide(request: HttpRequest, thing: Any) -> HttpResponse:
    """It is granted, until that day or another, or refused."""
    if request.method != "POST":
        return redirect("dispensation", thing.pk)
    form = Deciding(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        granted = told["decision"] != REFUSE
        until = told["until"] if told["decision"] == GRANT else None
        try:
            dispensing.decide(by=request.user.pk, record=thing, granted=granted, until=until, words=told["words"])
        except Refused as refused:
            form.refuse(refused)
            thing.refresh_from_db()
        else:
            messages.success(request, said("It is decided. Whoever asked was told by mail."))
            return redirect("dispensation", thing.pk)
    return _page(request, thing, form)


@needs("ask dispensations", of_number)
def withdraw(request: HttpRequest, thing: Any) -> HttpResponse:
    """Its own side takes it back."""
    if request.method == "POST":
        try:
            dispensing.withdraw(by=request.user.pk, record=thing)
        except Refused as refused:
            messages.error(request, sentences(refused))
        else:
            messages.success(request, said("It is withdrawn."))
    return redirect("dispensation", thing.pk)
