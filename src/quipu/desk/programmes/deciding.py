"""The way of a decision at the desk: typed with its evidence, shown with what the rules say of it, then confirmed."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quipu.actions import keeping
from quipu.actions.deciding import Decision, decide, try_out
from quipu.actions.saying import Paper
from quipu.books import office
from quipu.desk.drawing import said, sentence
from quipu.desk.forms import Form, day, text
from quipu.rules.findings import ERROR, Finding, Refused
from quipu.rules.statuses import status

PIECE = 1 << 16


class Deciding(Form):
    """What every decision is typed with. key: made when the form is first shown, so that it is posted once."""

    on = day("Day", hint="From which day on it counts.")
    evidence = text("On what ground", needed=False, most=500, hint="The decision, letter or report it rests on.")
    file = forms.FileField(label="Document", required=False, help_text="What shows it. It is kept under its hash.")
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
    kept = forms.RegexField(widget=forms.HiddenInput, required=False, regex=r"[0-9a-f]{64}")
    named = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def decision(self) -> dict[str, Any]:
        """The words of what is decided, of those that a subclass asks for."""
        return {}


def start() -> dict[str, Any]:
    """What every form of a decision begins with: a key that nobody used, and today."""
    return {"key": f"desk-{secrets.token_hex(8)}", "on": office.today()}


def flow(
    request: HttpRequest, form: Any, make: Any, *, title: str, what: str, lead: tuple[Any, ...], next_: list[str]
) -> HttpResponse:
    """Form, then what will happen, then done. make: the Decision of the form; next_: what happens next, in sentences."""
    told: dict[str, Any] = {"form": form, "title": title, "what": what, "back": lead}
    if request.method != "POST":
        return render(request, "programmes/decide.html", told)
    if form.is_valid() and _take_in(form, request):
        paper, decision = paper_of(form, request.user.pk), make(form)
        if "confirm" in request.POST:
            try:
                answer = decide(paper=paper, decision=decision)
            except Refused as refused:
                form.refuse(placed(refused, form))
            else:
                messages.success(request, said("It is posted to the ledger and public with the next edition."))
                for finding in answer.findings:
                    messages.warning(request, sentence(finding))
                return redirect(*lead)
        elif "again" not in request.POST:
            findings = try_out(lambda: decide(paper=paper, decision=decision))
            wrong = [one for one in findings if one.severity == ERROR]
            if not wrong:
                told |= {"findings": findings, "paper": paper, "decision": decision, "next": next_, "status_of": status}
                return render(request, "programmes/confirm.html", told)
            form.refuse(placed(Refused(*wrong), form))
    return render(request, "programmes/decide.html", told, status=422 if form.errors else 200)


def _take_in(form: Any, request: HttpRequest) -> bool:
    """Keeps the document that was handed in; the next step knows it by its hash."""
    told = form.cleaned_data
    handed = told.get("file")
    if handed is None:
        return True
    try:
        found = keeping.keep(handed.chunks(PIECE))
    except Refused as refused:
        form.refuse(refused)
        return False
    told["kept"], told["named"] = found.sha256, str(handed.name)[:200]
    return True


def paper_of(form: Any, by: str) -> Paper:
    """Who decides, when, and on what ground, as it was typed."""
    told = form.cleaned_data
    papers = ((told["kept"], told["named"]),) if told.get("kept") else ()
    return Paper(by=by, key=told["key"], on=told["on"], title=told["evidence"], documents=papers)


def placed(refused: Refused, form: Any) -> Refused:
    """Findings of the ledger name the key; here they stand above the form, and faults of a journal are told as they are."""
    found = []
    for one in refused.findings:
        if isinstance(one, Finding):
            found.append(one if one.place in form.fields else Finding(one.rule, "", one.detail))
        else:
            found.append(Finding("record-unsayable", "", str(one)))
    return Refused(*found)


__all__ = ["Deciding", "Decision", "flow", "paper_of", "placed", "start"]
