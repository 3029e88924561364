"""What is said about a return: comments and their answers, what was settled, and rules that the agent waives."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quipu.actions.returns import standing, talking, waiving
from quipu.books import models
from quipu.desk.drawing import said, sentences
from quipu.desk.returns import forms, page, sight, views
from quipu.desk.returns.words import KIND_LABELS, label
from quipu.desk.rights import needs
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.returns import rows

DISCUSS, WAIVE = "discuss returns", "waive rules"


@needs(DISCUSS, views.found)
def comment(request: HttpRequest, thing: Any) -> HttpResponse:
    """A comment on a return or on a row of it, or the answer to one. Both sides read it."""
    sent = request.POST if request.method == "POST" else request.GET
    number = sent.get("answers", "")
    root = root_of(thing, int(number)) if number.isascii() and number.isdigit() else None
    row = str(sent.get("row", "")).replace("\0", "")
    if row and not row.startswith("transfer ") and rows.read(row) is None:
        row = ""
    faults: list[Finding] = []
    if request.method == "POST":
        try:
            made = talking.say(by=request.user.pk, record=thing, text=sent.get("text", ""), row=row[:200], root=root)
        except Refused as refused:
            faults = [one for one in refused.findings if isinstance(one, Finding)]
        else:
            messages.success(request, said("Your comment stands in the conversation. Both sides read it."))
            return redirect(views.to_return(thing, f"talk-{root.pk if root else made.pk}"))
    told = {
        "record": thing,
        "kind_label": KIND_LABELS[thing.kind],
        "state": sight.state_of(thing, sight.is_own(request.rights, standing.scope_of(thing))),
        "row": row,
        "row_label": page.row_label,
        "root": root,
        "text_": sent.get("text", ""),
        "faults": faults,
    }
    return render(request, "returns/comment.html", told, status=422 if faults else 200)


def root_of(record: Any, number: int) -> Any:
    """The first word of a conversation. Raises Http404."""
    return get_object_or_404(models.Remark, pk=number, of=record, answers=None)


def _talk(code: str, number: int) -> tuple[Any, Scope]:
    record, scope = views.found(code)
    return (record, root_of(record, number)), scope


@needs(DISCUSS, _talk)
def settle(request: HttpRequest, thing: Any) -> HttpResponse:
    """Nothing more is to be said about something."""
    record, root = thing
    if request.method == "POST":
        talking.settle(by=request.user.pk, record=record, root=root)
        messages.success(request, said("The conversation is settled. A further word opens it again."))
    return redirect(views.to_return(record, f"talk-{root.pk}"))


@needs(WAIVE, views.found)
def waive(request: HttpRequest, thing: Any) -> HttpResponse:
    """The agent waives a rule for a return: which, for which row, and why. It is published."""
    choices = rows_to_waive(thing)
    initial = {name: views.asked(request, name) for name in ("rule", "row")}
    form = forms.Waiver(request.POST if request.method == "POST" else None, rows=choices, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            waiving.waive(by=request.user.pk, record=thing, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said("The rule is waived. It is published with the figures, with your reason."))
            return redirect(views.to_return(thing, "waived"))
    told = {
        "record": thing,
        "form": form,
        "kind_label": KIND_LABELS[thing.kind],
        "names": page.People(standing.scope_of(thing)).names("draft returns"),
    }
    return render(request, "returns/waive.html", told, status=422 if form.errors else 200)


def rows_to_waive(record: Any) -> list[tuple[str, str]]:
    """The rows for which a rule may be waived: keys and what they are called."""
    parts = standing.parts_of(record)
    every = [row for row in standing.rows_of(record, parts) if row.is_spending and row.adjusts is None]
    return [
        (row.key, f"{parts[row.project].title} ({row.project}) · {label(row)}") for row in every if row.project in parts
    ]


def waived_of(code: str, number: int) -> tuple[Any, Scope]:
    """A return with one of its waivers, and whose it is. Raises Http404."""
    record, scope = views.found(code)
    about = {"fund": record.fund_id, "organization": record.organization_id, "year": record.year}
    return (record, get_object_or_404(models.Waived, pk=number, **about)), scope


@needs(WAIVE, waived_of)
def unwaive(request: HttpRequest, thing: Any) -> HttpResponse:
    """A waiver is withdrawn, as long as the return is not accepted."""
    record, waived = thing
    if request.method == "POST":
        try:
            waiving.withdraw(by=request.user.pk, record=record, waived=waived)
        except Refused as refused:
            messages.error(request, sentences(refused))
        else:
            messages.success(request, said("The waiver is withdrawn: the rule stands again."))
    return redirect(views.to_return(record, "waived"))
