"""My tokens: made after a fresh sign-in, shown once, withdrawn at any time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from quipu.actions import tokens
from quipu.books import models
from quipu.desk.drawing import said, sentences
from quipu.desk.forms import Form, choice, choose, day, text
from quipu.desk.rights import signed_in
from quipu.rules.findings import Refused
from quipu.rules.mandates import NEVER_BY_TOKEN, VERBS, Scope

USUAL = timedelta(days=90)


class Token(Form):
    """What a token is for."""

    name = text("What it is for", most=200, hint="So that you know it again, as “nightly export”.")
    verbs = forms.MultipleChoiceField(label="What it may do", widget=forms.CheckboxSelectMultiple)
    fund = choice("Fund", needed=False)
    project = choice("Project", needed=False)
    organization = choice("Organization", needed=False)
    until = day("Last day", hint="A year from today at most.")

    def __init__(self, *args: Any, rights: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["until"].initial = timezone.localdate() + USUAL
        mine = [name for name in VERBS if rights.may(name) and name not in NEVER_BY_TOKEN]
        self.fields["verbs"].choices = [(name, _sentence(name)) for name in mine]
        for name, model in (("fund", models.Fund), ("project", models.Project), ("organization", models.Organization)):
            rows = model.objects.order_by("code").values_list("code", "title")
            choose(self, name, ((code, f"{code} {title}".strip()) for code, title in rows), said("everything"))


def _sentence(verb: str) -> str:
    sentence_ = said(VERBS[verb].sentence)
    return f"{sentence_} ({said('grave')})" if VERBS[verb].grave else sentence_


@signed_in
def show(request: HttpRequest) -> HttpResponse:
    """All of mine."""
    mine = models.Token.objects.filter(person=request.user).order_by("-made_at")
    told = {"tokens": [(one, tokens.scope_of(one)) for one in mine], "now": datetime.now(UTC), "verbs": VERBS}
    return render(request, "tokens/list.html", told)


@signed_in
def make(request: HttpRequest) -> HttpResponse:
    """Another one. Its secret is shown in the answer to this, and nowhere afterwards."""
    if request.method == "POST":
        raise_if_reauthentication_required(request, app="quipu")
    form = Token(request.POST or None, rights=request.rights)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            word = tokens.make(
                by=request.user.pk,
                name=told["name"],
                verbs=told["verbs"],
                until=told["until"],
                scope=Scope(told["fund"], told["project"], told["organization"]),
                has_second=settings.DEMO or is_mfa_enabled(request.user),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return render(request, "tokens/made.html", {"word": word, "name": told["name"]})
    return render(request, "tokens/make.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """It opens nothing any more."""
    token = get_object_or_404(models.Token, pk=number, person=request.user)
    if request.method == "POST":
        try:
            tokens.revoke(by=request.user.pk, token=token)
        except Refused as refused:
            messages.error(request, sentences(refused))
        else:
            messages.success(request, said("The token opens nothing from this moment."))
    return redirect("own_tokens")
