"""Who works here with which mandates; each act with its reason, each log readable by those who may."""

from datetime import UTC, datetime
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quipu.actions import history, mandates, people
from quipu.books import models
from quipu.desk.drawing import address, said, speaking
from quipu.desk.languages import words
from quipu.desk.people import forms
from quipu.desk.rights import needs
from quipu.desk.signing import whole
from quipu.portal.languages import DEFAULT
from quipu.rules.findings import Refused
from quipu.rules.mandates import BY_TWO, EVERYTHING, Scope

LOG_PAGE = 100
PERSONAL_LOG = ("person", "mandate", "invitation")


def _person(code: str) -> tuple[Any, Scope]:
    return get_object_or_404(models.Person, code=code), EVERYTHING


def _mandate(number: int) -> tuple[Any, Scope]:
    mandate = get_object_or_404(models.Mandate.objects.select_related("person", "project"), pk=number)
    return mandate, mandates.scope_of(mandate)


def _invitation(number: int) -> tuple[Any, Scope]:
    return get_object_or_404(models.Invitation, pk=number), EVERYTHING


@needs("hand out mandates")
def show(request: HttpRequest) -> HttpResponse:
    """Everybody whose mandates one may see, and invitations that wait."""
    reach = request.rights.reach("hand out mandates")
    found: dict[str, list[Any]] = {}
    for mandate in models.Mandate.objects.filter(withdrawn_at=None).select_related("person", "project"):
        if any(scope.covers(mandates.scope_of(mandate)) for scope in reach):
            found.setdefault(mandate.person_id, []).append(mandate)
    everybody = models.Person.objects.order_by("name", "code")
    if EVERYTHING not in reach:
        everybody = everybody.filter(pk__in=found)
    open_ = models.Invitation.objects.filter(person=None, withdrawn_at=None).order_by("-invited_at")
    if EVERYTHING not in reach:
        open_ = open_.filter(invited_by=request.user.pk)
    told = {
        "people": [(one, found.get(one.pk, [])) for one in everybody],
        "invitations": [(one, one.expires_at < datetime.now(UTC)) for one in open_],
        "waits": _waits,
        "scope_of": mandates.scope_of,
    }
    return render(request, "people/list.html", told)


def _waits(mandate: Any) -> bool:
    return mandate.role in set(BY_TWO) and bool(mandate.given_by) and not mandate.confirmed_by


@needs("hand out mandates", _person)
def person(request: HttpRequest, thing: Any) -> HttpResponse:
    """One person: their mandates of today and before, and another one to hand out."""
    form = forms.Mandate(request.POST or None, held=request.rights.held)
    if request.method == "POST" and form.is_valid():
        try:
            given = mandates.give(
                by=request.user.pk, person=thing.pk, wanted=form.wanted, reason=form.cleaned_data["reason"]
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            done = (
                "It counts once a second administrator has confirmed it." if _waits(given) else "It counts from now on."
            )
            messages.success(request, f"{said('The mandate was handed out.')} {said(done)}")
            return redirect("person", thing.pk)
    every = models.Mandate.objects.filter(person=thing).select_related("project").order_by("-id")
    names = history.names_of(code for one in every for code in (one.given_by, one.confirmed_by, one.withdrawn_by))
    told = {"person": thing, "mandates": every, "form": form, "names": names}
    told |= {"waits": _waits, "scope_of": mandates.scope_of}
    return render(request, "people/person.html", told, status=422 if form.errors else 200)


@needs("hand out mandates", _mandate)
def confirm(request: HttpRequest, thing: Any) -> HttpResponse:
    """The second administrator agrees to a mandate."""
    refused = None
    if request.method == "POST":
        try:
            mandates.confirm(by=request.user.pk, mandate=thing)
        except Refused as no:
            refused = no
        else:
            messages.success(request, said("The mandate is confirmed and counts from now on."))
            return redirect("person", thing.person_id)
    told = {"mandate": thing, "scope": mandates.scope_of(thing), "refused": refused}
    told["giver"] = history.name_of(thing.given_by)
    return render(request, "people/confirm.html", told, status=422 if refused else 200)


@needs("hand out mandates", _mandate)
def withdraw(request: HttpRequest, thing: Any) -> HttpResponse:
    """A mandate is taken back."""
    form = forms.Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mandates.withdraw(by=request.user.pk, mandate=thing, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said("The mandate is withdrawn. It counts no more from this moment."))
            return redirect("person", thing.person_id)
    told = {"mandate": thing, "scope": mandates.scope_of(thing), "form": form}
    return render(request, "people/withdraw.html", told, status=422 if form.errors else 200)


@needs("hand out mandates")
def invite(request: HttpRequest) -> HttpResponse:
    """Somebody is invited by a letter, with one mandate to begin with."""
    form = forms.Invitation(request.POST or None, held=request.rights.held)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        wanted, who = [form.wanted], {name: told[name] for name in ("email", "name", "language", "reason")}
        try:
            made = people.invite(by=request.user.pk, wanted=wanted, **who)
        except Refused as refused:
            form.refuse(refused)
        else:
            _write(request, made)
            messages.success(request, said("The invitation was sent. It is valid for 14 days."))
            return redirect("people")
    return render(request, "people/invite.html", {"form": form}, status=422 if form.errors else 200)


def _write(request: HttpRequest, made: people.Invited) -> None:
    """The letter of an invitation, in the language of whoever receives it."""
    tongue = words(made.invitation.language or DEFAULT)
    with speaking(tongue):
        link = whole(request, tongue.before + address("accept", made.word)[len(request.words.before) :])
        subject = said("You are invited to work with %(site)s", site=request.get_host())
        body = said(
            "%(name)s invites you. Open this address within 14 days, choose a password, and you can begin:",
            name=str(request.user),
        )
    send_mail(subject, f"{body}\n\n{link}\n", None, [made.invitation.email])


@needs("hand out mandates", _invitation)
def withdraw_invitation(request: HttpRequest, thing: Any) -> HttpResponse:
    """An invitation that nobody shall use any more."""
    form = forms.Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people.withdraw_invitation(by=request.user.pk, invitation=thing, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said("The invitation is withdrawn."))
            return redirect("people")
    return render(request, "people/withdraw_invitation.html", {"form": form, "invitation": thing})


def accept(request: HttpRequest, word: str) -> HttpResponse:
    """For whoever holds an invitation's letter: a name, a password, and in."""
    try:
        found = people.invitation(word)
    except Refused as gone:
        return render(request, "people/gone.html", {"refused": gone}, status=410)
    form = forms.Accepting(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            validate_password(told["password"], models.Person(name=told["name"], email=found.email))
            made = people.accept(word=word, name=told["name"], password=told["password"])
        except ValidationError as weak:
            form.add_error("password", weak)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said("Welcome. This is what waits for you."))
            return perform_password_login(request, {"email": found.email}, Login(user=made, email=found.email))
    return render(
        request, "people/accept.html", {"form": form, "invitation": found}, status=422 if form.errors else 200
    )


@needs("keep people", _person)
def leave(request: HttpRequest, thing: Any) -> HttpResponse:
    """Somebody stops working here, and a successor takes over."""
    form = forms.Leaving(request.POST or None, person=thing)
    if request.method == "POST" and form.is_valid():
        try:
            people.leave(by=request.user.pk, person=thing, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said("It is done. All sessions of this person have ended."))
            return redirect("people")
    held = models.Mandate.objects.filter(person=thing, withdrawn_at=None).select_related("project")
    told = {"person": thing, "form": form, "mandates": held, "scope_of": mandates.scope_of}
    return render(request, "people/leave.html", told, status=422 if form.errors else 200)


@needs("read people")
def log(request: HttpRequest) -> HttpResponse:
    """Who gave whom which mandate, and why: for administrators, and for auditors who were permitted to look."""
    rows = models.History.objects.filter(kind__in=PERSONAL_LOG).order_by("-id")
    page = Paginator(rows, LOG_PAGE).get_page(request.GET.get("page"))
    names = history.names_of([row.by for row in page] + [row.after.get("person", row.code) for row in page])
    return render(request, "people/log.html", {"page": page, "names": names})
