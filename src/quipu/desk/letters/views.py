"""Letters of the public, within the funds and projects that somebody answers for. No page shows an address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from quipu.actions import history, letters
from quipu.actions.letters import LETTER, VERB
from quipu.books import models
from quipu.desk.drawing import said, sentences
from quipu.desk.letters import forms
from quipu.desk.rights import needs
from quipu.letters import box, contacts
from quipu.letters.box import Kept
from quipu.letters.letter import MISTAKE, QUESTION, RELAY
from quipu.rules.findings import Refused
from quipu.rules.mandates import Scope

KINDS = {MISTAKE: "A mistake", QUESTION: "A question", RELAY: "To a contact"}
CLOSED = 50  # letters that are dealt with, on the list


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter with whose it is and how far it is."""

    kept: Kept
    scope: Scope
    handling: Any = None

    @property
    def arrived(self) -> date:
        """The office's day on which it arrived."""
        day: date = timezone.localtime(datetime.fromisoformat(self.kept.arrived_at)).date()
        return day

    @property
    def said(self) -> dict[str, Any]:
        """For the verbs of letters."""
        return {"kept": self.kept, "scope": self.scope}


def _letter(code: str) -> tuple[Shown, Scope]:
    try:
        kept, scope = letters.find(code)
    except Refused:
        raise Http404 from None
    return Shown(kept, scope, models.Handling.objects.filter(code=kept.code).first()), scope


def within(rights: Any) -> list[Shown]:
    """All letters that somebody may read, oldest first."""
    reach = rights.reach(VERB)
    kept, _ = box.listed(letters.home())
    if not reach or not kept:
        return []
    known, handled = letters.subjects(), models.Handling.objects.in_bulk()
    found = [Shown(one, letters.scope_of(one, known), handled.get(one.code)) for one in kept]
    return [one for one in found if any(scope.covers(one.scope) for scope in reach)]


@needs("answer letters")
def show(request: HttpRequest) -> HttpResponse:
    """Those that wait, and the last that were dealt with."""
    found = within(request.rights)
    closed = sorted((one for one in found if one.kept.closed_at), key=lambda one: one.kept.closed_at, reverse=True)
    told = {"open": [one for one in found if not one.kept.closed_at], "closed": closed[:CLOSED], "kinds": KINDS}
    told["names"] = history.names_of(one.handling.taken_by for one in found if one.handling)
    return render(request, "letters/list.html", told)


@needs("answer letters", _letter)
def letter(request: HttpRequest, thing: Shown) -> HttpResponse:
    """One letter, and what can be done with it."""
    return _drawn(request, thing)


def _drawn(request: HttpRequest, shown: Shown, status: int = 200, **forms_: Any) -> HttpResponse:
    kept = shown.kept
    seen = {"seen": history.version(letters.thing(kept, shown.scope))}
    rows = list(models.History.objects.filter(kind=LETTER, code=kept.code).order_by("id"))
    named = contacts.read(letters.home())
    told = {
        "letter": kept.letter,
        "arrived": datetime.fromisoformat(kept.arrived_at),
        "kept": kept,
        "scope": shown.scope,
        "handling": shown.handling,
        "kinds": KINDS,
        "seen": seen["seen"],
        "answer": forms.Answer(initial=seen, prefix="answer"),
        "outcome": forms.Outcome(initial=seen, kind=kept.letter.kind, prefix="outcome"),
        "hand": forms.Hand(initial=seen, scope=shown.scope, but=request.user.pk, prefix="hand"),
        "has_contact": kept.letter.kind == RELAY and bool(named.address(kept.letter.about.of, kept.letter.to)),
        "rows": rows,
        "names": history.names_of([row.by for row in rows] + [shown.handling.taken_by if shown.handling else ""]),
        **forms_,
    }
    return render(request, "letters/letter.html", told, status=status)


def _done(request: HttpRequest, shown: Shown, act: Callable[[], None], done: str) -> HttpResponse:
    """An act without words."""
    if request.method == "POST":
        try:
            act()
        except Refused as refused:
            messages.error(request, sentences(refused))
        else:
            messages.success(request, done)
    return redirect("letter", shown.kept.code)


def _seen(request: HttpRequest) -> int | None:
    stated = request.POST.get("seen", "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 19 else None


@needs("answer letters", _letter)
def take(request: HttpRequest, thing: Shown) -> HttpResponse:
    """I look after it."""
    seen = _seen(request)
    act = lambda: letters.take(by=request.user.pk, seen=seen, **thing.said)  # noqa: E731
    return _done(request, thing, act, said("The letter is yours. Answer it, or hand it to somebody."))


@needs("answer letters", _letter)
def forward(request: HttpRequest, thing: Shown) -> HttpResponse:
    """It goes to the contact it was written to (again)."""
    seen = _seen(request)
    act = lambda: letters.forward(by=request.user.pk, seen=seen, **thing.said)  # noqa: E731
    return _done(request, thing, act, said("The letter goes out to its contact in a moment."))


@needs("answer letters", _letter)
def hand_over(request: HttpRequest, thing: Shown) -> HttpResponse:
    """Somebody else looks after it."""
    form = forms.Hand(request.POST or None, scope=thing.scope, but=request.user.pk, prefix="hand")
    return _acted(
        request, thing, "hand", form, letters.hand_over, said("The letter was handed over, and its new reader is told.")
    )


@needs("answer letters", _letter)
def answer(request: HttpRequest, thing: Shown) -> HttpResponse:
    """An answer by mail."""
    form = forms.Answer(request.POST or None, prefix="answer")
    return _acted(request, thing, "answer", form, letters.answer, said("Your answer goes out in a moment."))


@needs("answer letters", _letter)
def close(request: HttpRequest, thing: Shown) -> HttpResponse:
    """Nothing more is to be done."""
    form = forms.Outcome(request.POST or None, kind=thing.kept.letter.kind, prefix="outcome")
    return _acted(request, thing, "outcome", form, letters.close, said("The letter is closed."))


def _acted(
    request: HttpRequest, shown: Shown, name: str, form: Any, verb: Callable[..., None], done: str
) -> HttpResponse:
    """An act with a form of its own; what is wrong stands beside its fields, on the letter's page."""
    if request.method != "POST":
        return redirect("letter", shown.kept.code)
    if form.is_valid():
        try:
            verb(by=request.user.pk, **shown.said, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, done)
            return redirect("letter", shown.kept.code)
    return _drawn(request, shown, 422, **{name: form})
