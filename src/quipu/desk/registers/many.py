"""A workbook of a register: downloaded with its rows, sent back, looked at, and entered or returned with remarks."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quipu.actions.registers import register as registers
from quipu.actions.registers import row
from quipu.actions.registers.row import CHANGED, NEW, SAME, WRONG
from quipu.desk import uploads
from quipu.desk.drawing import sentence, spoken
from quipu.desk.registers import forms, sight, workbook
from quipu.desk.registers.sight import KEEP, of_register
from quipu.desk.rights import needs
from quipu.desk.vouchers.forms import group_sign
from quipu.desk.vouchers.views import as_workbook
from quipu.files import fillable
from quipu.rules.findings import Finding, Refused
from quipu.rules.identity import slug


@needs(KEEP, of_register)
def template(request: HttpRequest, thing: Any) -> HttpResponse:
    """The register as a workbook, with room for more."""
    return as_workbook(workbook.template(thing), f"{slug(thing.code, 60) or 'register'}.xlsx")


@needs(KEEP, of_register)
def show(request: HttpRequest, thing: Any) -> HttpResponse:
    """A workbook is sent and looked at: what each row would do. Nothing is entered yet."""
    form = forms.Workbook(request.POST if request.method == "POST" else None, request.FILES or None)
    told = _told(thing, form)
    if request.method == "POST":
        for name in uploads.cut(request):
            form.add_error("file", sentence(Finding("document-too-large", "file", name)))
        if form.is_valid():
            try:
                body = form.cleaned_data["file"].read(fillable.LARGEST + 1)
                planned = workbook.planned_of(body, thing)
            except Refused as refused:
                form.refuse(refused)
            else:
                workbook.hold(thing, request.user.pk, body, planned)
                told |= _planned(thing, planned)
    return render(request, "registers/workbook.html", told, status=422 if form.errors else 200)


@needs(KEEP, of_register)
def apply(request: HttpRequest, thing: Any) -> HttpResponse:
    """The rows that were looked at are entered: all, or the good ones. Or the workbook goes back with its remarks."""
    if request.method != "POST":
        return redirect("register_workbook", thing.code)
    told = _told(thing, forms.Workbook())
    try:
        body, versions = workbook.held(thing, request.user.pk)
        planned = workbook.planned_of(body, thing, versions)
        told |= _planned(thing, planned)
        if request.POST.get("act") == "remarks":
            return as_workbook(workbook.remarked(body, thing, planned), "register-remarks.xlsx")
        if request.POST.get("act") == "drop":
            workbook.drop(thing, request.user.pk)
            return redirect("register", thing.code)
        is_whole = request.POST.get("which") != "good"
        done = row.apply(thing, planned, by=request.user.pk, group=group_sign(), whole=is_whole)
    except Refused as refused:
        told["refused"] = refused.findings
        return render(request, "registers/workbook.html", told, status=422)
    workbook.drop(thing, request.user.pk)
    words = spoken()
    sentence_ = words.ngettext(
        "%(count)s row is entered or amended.", "%(count)s rows are entered or amended.", len(done)
    )
    messages.success(request, sentence_ % {"count": words.count(len(done))})
    return redirect("register", thing.code)


def _told(register: Any, form: Any) -> dict[str, Any]:
    return {"register": register, "title": sight.title_of(register), "form": form, "planned": None, "refused": []}


def _planned(register: Any, planned: list[Any]) -> dict[str, Any]:
    counts = {what: sum(one.what == what for one in planned) for what in (NEW, CHANGED, SAME, WRONG)}
    return {"planned": planned, "counts": counts, "labels": workbook.labels(registers.schema_of(register))}
