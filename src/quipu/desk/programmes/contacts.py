"""Whom to ask about a fund or a project, with their consent; and one's own word on being named on a factsheet."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quipu.actions import history, mandates, subjects
from quipu.actions.keep_contact import ContactSaid, end_contact, keep_contact, show_on_factsheet, thing_of
from quipu.books import models, office
from quipu.desk.drawing import said
from quipu.desk.forms import Form, day, text
from quipu.desk.funds.forms import seen
from quipu.desk.funds.views import kept
from quipu.desk.programmes.forms import Reason
from quipu.desk.programmes.narratives import of_subject
from quipu.desk.rights import needs, signed_in
from quipu.portal.languages import LANGUAGES
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import VERBS, Scope


class Contact(Form):
    """Somebody who answers. The role is public; everything else as far and as long as the person agreed."""

    name = text("Name", needed=False, most=200)
    email = forms.EmailField(
        label="E-mail address", required=False, help_text="Letters are forwarded to it. It is never shown."
    )
    telephone = text("Telephone", needed=False, most=60)
    shows_name = forms.BooleanField(label="The name is shown", required=False)
    shows_telephone = forms.BooleanField(label="The telephone is shown", required=False)
    consent_on = day("Consent given on", needed=False)
    consent_by = text(
        "Consent given by", needed=False, most=200, hint="Whose word it was, and how: by letter, by telephone."
    )
    consent_until = day("Consent until", needed=False, hint="Its last day. Empty: until it is withdrawn.")
    seen = seen()

    def __init__(self, *args: Any, is_new: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields: dict[str, forms.Field]
        if is_new:
            del self.fields["seen"]
        for code, name in reversed(LANGUAGES.items()):
            label = f"{said('Role')}, {name}"
            field = forms.CharField(label=label, required=False, max_length=100)
            self.fields = {f"role_{code}": field, **self.fields}
        self.fields["role_en"].help_text = said(
            "What the public sees. Where a language is empty, English stands for it."
        )

    def said(self) -> ContactSaid:
        """What was typed."""
        told = dict(self.cleaned_data)
        roles = {code: told.pop(f"role_{code}") for code in LANGUAGES}
        return ContactSaid(roles={code: role for code, role in roles.items() if role}, **told)

    def refuse(self, refused: Refused) -> None:
        """The role is typed in several fields."""
        found = [one for one in refused.findings if isinstance(one, Finding)]
        super().refuse(Refused(*(replace(one, place="role_en") if one.place == "role" else one for one in found)))


def of_contact(number: int) -> tuple[Any, Scope]:
    """A contact with the fund or project that it is of, and whose it is."""
    one = get_object_or_404(models.Contact, pk=number, ended_at=None)
    record, scope = of_subject(one.kind, one.code)
    return (one, record), scope


def contacts_of(record: Any) -> Any:
    """Those who answer for a fund or a project today."""
    return models.Contact.objects.filter(kind=subjects.kind_of(record), code=record.code, ended_at=None).order_by("id")


@needs("keep contacts", of_subject)
def show(request: HttpRequest, thing: Any) -> HttpResponse:
    """Whom to ask, with what is shown of them until when; and who maintains documents."""
    kind = subjects.kind_of(thing)
    today = office.today()
    own = Q(project=thing) | Q(fund=thing.fund_id) if kind == "project" else Q(fund=thing)
    maintaining = mandates.counting().filter(own, role__in=list(VERBS["keep documents"].roles))
    told = {
        "record": thing,
        "kind": kind,
        "contacts": contacts_of(thing),
        "maintaining": maintaining.select_related("person").order_by("person__name", "id"),
        "today": today,
    }
    return render(request, "programmes/contacts.html", told)


@needs("keep contacts", of_subject)
def new(request: HttpRequest, thing: Any) -> HttpResponse:
    """Somebody else to ask."""
    form, kind = Contact(request.POST or None, is_new=True), subjects.kind_of(thing)
    return kept(
        request,
        form,
        lambda told: keep_contact(by=request.user.pk, kind=kind, code=thing.code, said=form.said()),
        done="The contact is kept. The public pages show what they may at once.",
        lead=lambda made: ("contacts", kind, thing.code),
        title="Add a contact",
        back=("contacts", kind, thing.code),
        locked=[],
    )


NAMES = ("name", "email", "telephone", "shows_name", "shows_telephone", "consent_on", "consent_by", "consent_until")


@needs("keep contacts", of_contact)
def edit(request: HttpRequest, thing: Any) -> HttpResponse:
    """What is kept of a contact."""
    one, record = thing
    initial = {name: getattr(one, name) for name in NAMES}
    initial |= {f"role_{code}": role for code, role in one.roles.items()}
    initial["seen"] = history.version(thing_of(record, one.pk))
    form = Contact(request.POST or None, initial=initial)
    return kept(
        request,
        form,
        lambda told: keep_contact(by=request.user.pk, kind=one.kind, code=one.code, said=form.said(), number=one.pk),
        done="The contact is kept. The public pages show what they may at once.",
        lead=lambda made: ("contacts", one.kind, one.code),
        title="Change a contact",
        back=("contacts", one.kind, one.code),
        locked=[],
    )


@needs("keep contacts", of_contact)
def end(request: HttpRequest, thing: Any) -> HttpResponse:
    """A contact answers no more."""
    one, _ = thing
    form = Reason(request.POST or None)
    return kept(
        request,
        form,
        lambda told: end_contact(by=request.user.pk, number=one.pk, reason=told["reason"]),
        done="The contact is gone from the public pages, and the details with it.",
        lead=lambda made: ("contacts", one.kind, one.code),
        title="End this contact?",
        does="End it",
        back=("contacts", one.kind, one.code),
        locked=[],
    )


@signed_in
def shown(request: HttpRequest, number: int) -> HttpResponse:
    """One's own word on being named on the factsheet."""
    if request.method == "POST":
        try:
            show_on_factsheet(by=request.user.pk, mandate=number, is_shown="yes" in request.POST)
        except Refused as refused:
            return render(request, "programmes/refused.html", {"refused": refused}, status=422)
        messages.success(request, said("Your word is kept. The factsheet follows at once."))
    return redirect("own")
