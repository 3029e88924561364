"""Pages of a work plan: the list, the matrix of a year, pieces of work, quarters, approved versions, spending by output."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quipu.actions import history
from quipu.actions.plans import closing, planning
from quipu.books import models, office
from quipu.books import plans as books_plans
from quipu.desk import troubles
from quipu.desk.drawing import address, said
from quipu.desk.plans import forms, listing, matrix, outputs, sight, words
from quipu.desk.plans.sight import CLOSE, KEEP, READ
from quipu.desk.rights import needs
from quipu.desk.years.console import CSV, MEDIA, XLSX
from quipu.files import csv, xlsx
from quipu.rules import by_output, plans
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import ELSEWHERE, Decision, Scope
from quipu.rules.plans import Quarter
from quipu.rules.table import Table

A_PAGE, WORKS = 50, 200


def sent(request: HttpRequest) -> Any:
    """What was sent; None where somebody only looks."""
    return request.POST if request.method == "POST" else None


def asked(request: HttpRequest, name: str) -> str:
    """A word of the address, without the sign that no database takes."""
    return str(request.GET.get(name, "")).replace("\0", "")[:100]


def elsewhere(request: HttpRequest, verb: str) -> HttpResponse:
    """It lies outside of what somebody may."""
    return troubles.not_yours(request, verb, Decision(False, why=ELSEWHERE))


def as_file(table: Table, form: str, name: str) -> HttpResponse:
    """A table to save."""
    body = csv.draw(table) if form == CSV else xlsx.draw(table)
    answer = HttpResponse(body, content_type=MEDIA[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def furniture() -> dict[str, Any]:
    """What templates of plans say things with."""
    return {"w": words, "looks": words.LOOKS, "Quarter": Quarter, "scope_of": sight.scope_of}


# The list


@needs(READ)
def show(request: HttpRequest) -> HttpResponse:
    """Programmes with what their quarters wait for."""
    found = sight.projects_within(request.rights).select_related("fund").order_by("code")
    page = Paginator(found, A_PAGE).get_page(asked(request, "page"))
    quarter = sight.current(office.today())
    told = {**furniture(), "page": page, "quarter": quarter, "rows": listing.rows(request.rights, page, quarter)}
    return render(request, "plans/list.html", told)


# A year


@needs(READ)
def plan(request: HttpRequest, project: str) -> HttpResponse:
    """The matrix of a year: work by output, quarters side by side; as a page or a file."""
    thing = sight.project_of(project)
    seen = sight.seen(request.rights, thing)
    if seen is not None and not seen:
        return elsewhere(request, READ)
    today = office.today()
    year = sight.year_of(asked(request, "year"), today)
    organization = asked(request, "organization")
    may_keep = request.rights.may(KEEP, sight.scope_of(thing))
    found = matrix.of(thing, year, seen, organization, with_empty=may_keep)
    if (form := asked(request, "format")) in (CSV, XLSX):
        return as_file(matrix.table(found, thing), form, f"plan-{thing.code}-{year}")
    bodies = [one for one in sight.bodies(thing) if seen is None or one.code in seen]
    page = Paginator([(group, row) for group in found.groups for row in group.rows], WORKS).get_page(
        asked(request, "page")
    )
    approved = models.ApprovedPlan.objects.filter(project=thing, year=year).order_by("-number").first()
    quarters = [Quarter(year, number) for number in plans.OF_YEAR]
    told = {
        **furniture(),
        "project": thing,
        "currency": thing.fund.currency,
        "year": year,
        "quarters": quarters,
        "matrix": found,
        "page": page,
        "bodies": bodies,
        "organization": organization,
        "limited": seen is not None,
        "approved": approved,
        "may_keep": may_keep,
        "may_ask": request.rights.may("ask for transfers", sight.scope_of(thing)),
        "fills": sight.filled(request.rights, thing, bodies),
        "running": [one for one in quarters if one.since <= today],
        "current": sight.current(today),
    }
    return render(request, "plans/plan.html", told)


# A piece of work


def _work(code: str) -> tuple[Any, Scope]:
    found = get_object_or_404(models.Work.objects.select_related("project__fund"), pk=code.replace("\0", ""))
    return found, sight.scope_of(found.project)


@needs(KEEP, sight.a_project)
def new_work(request: HttpRequest, thing: Any) -> HttpResponse:
    """A new piece of work."""
    return _kept(request, thing, None)


@needs(KEEP, _work)
def work(request: HttpRequest, thing: Any) -> HttpResponse:
    """Other words for a piece of work, or other amounts planned."""
    return _kept(request, thing.project, thing)


def _kept(request: HttpRequest, project: Any, one: Any) -> HttpResponse:
    year = sight.year_of(asked(request, "year"), office.today())
    seen = history.version(planning.thing(one)) if one else None
    form = forms.WorkForm(
        sent(request), project=project, year=year, work=one, bodies=sight.bodies(project), initial={"seen": seen}
    )
    if request.method == "POST" and form.is_valid():
        said_ = form.work
        if not form.errors:
            try:
                planning.keep_work(
                    by=request.user.pk,
                    project=project.code,
                    said=said_,
                    code=one.code if one else "",
                    seen=form.cleaned_data["seen"],
                )
            except Refused as refused:
                _refuse(form, refused)
            else:
                messages.success(request, said("It is kept. Its organization finds its quarters among its lines."))
                return redirect(address("plan", project.code, year=year))
    told = {**furniture(), "project": project, "work": one, "form": form, "year": year}
    told["has_outputs"] = bool(form.fields["output"].choices)
    return render(request, "plans/work.html", told, status=422 if form.errors else 200)


def _refuse(form: Any, refused: Refused) -> None:
    """Findings beside their fields. A title in no language stands beside the first one."""
    placed = [
        Finding(one.rule, "title_en", one.detail) if one.place == "titles" else one
        for one in refused.findings
        if isinstance(one, Finding)
    ]
    form.refuse(Refused(*placed))


@needs(KEEP, _work)
def end_work(request: HttpRequest, thing: Any) -> HttpResponse:
    """A piece of work that is not done any more."""
    form = forms.Why(sent(request), initial={"seen": history.version(planning.thing(thing))})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            planning.end_work(by=request.user.pk, code=thing.code, reason=told["reason"], seen=told["seen"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said("It is ended. What was planned and spent of it stays."))
            return redirect("plan", thing.project_id)
    told = {**furniture(), "project": thing.project, "work": thing, "form": form}
    return render(request, "plans/end.html", told, status=422 if form.errors else 200)


# Quarters


@needs(READ)
def quarter(request: HttpRequest, project: str, quarter: str) -> HttpResponse:
    """A quarter: who is in, what is missing, and what can be done with it."""
    thing, when = sight.project_of(project), sight.quarter(quarter)
    seen = sight.seen(request.rights, thing)
    if seen is not None and not seen:
        return elsewhere(request, READ)
    return _quarter(request, thing, when, seen)


def _quarter(
    request: HttpRequest, project: Any, when: Quarter, seen: set[str] | None, form: Any = None, act: str = ""
) -> HttpResponse:
    lines = [line for line in closing.lines_of(project.code, when) if seen is None or line.work.organization_id in seen]
    record = models.PlanQuarter.objects.filter(project=project, year=when.year, quarter=when.number).first()
    bodies = {one.code: one for one in sight.bodies(project)}
    rows = listing.of_quarter(lines, bodies)
    is_closed = record is not None and record.closed_at is not None
    lacks = closing.missing(lines)
    scope = sight.scope_of(project)
    told = {
        **furniture(),
        "project": project,
        "currency": project.fund.currency,
        "quarter": when,
        "record": record,
        "is_closed": is_closed,
        "closer": history.name_of(record.closed_by) if is_closed else "",
        "rows": rows,
        "whole": sum((row.sums for row in rows), plans.Sums()),
        "lacks": [line for line in lines if line.work_id in lacks],
        "left_out": [line.work for line in lines if is_closed and line.work_id in record.missing],
        "has_ended": when.has_ended(office.today()),
        "has_begun": when.since <= office.today(),
        "may_close": request.rights.may(CLOSE, scope),
        "may_ask": request.rights.may("ask for transfers", scope),
        "fills": {one.code for one in sight.filled(request.rights, project, bodies.values())},
        "limited": seen is not None,
        "form": form,
        "act": act,
    }
    if form is None and told["may_close"]:
        initial = {"seen": history.version(planning.of_quarter(project, when))}
        told["form"] = (forms.Why if is_closed or lacks else forms.Seen)(initial=initial)
    return render(request, "plans/quarter.html", told, status=422 if form is not None and form.errors else 200)


def _a_quarter(project: str, quarter: str) -> tuple[Any, Scope]:
    found = sight.project_of(project)
    return (found, sight.quarter(quarter)), sight.scope_of(found)


@needs(CLOSE, _a_quarter)
def close_quarter(request: HttpRequest, thing: Any) -> HttpResponse:
    """The lead agency closes a quarter, with all lines in or with what is missing and why."""
    project, when = thing
    lacks = closing.missing(closing.lines_of(project.code, when))
    return _led(request, project, when, forms.Why if lacks else forms.Seen, "close")


@needs(CLOSE, _a_quarter)
def open_quarter(request: HttpRequest, thing: Any) -> HttpResponse:
    """A closed quarter is opened again, with a reason."""
    project, when = thing
    return _led(request, project, when, forms.Why, "open")


def _led(request: HttpRequest, project: Any, when: Quarter, made: Any, act: str) -> HttpResponse:
    there = address("plan_quarter", project.code, str(when))
    if request.method != "POST":
        return redirect(there)
    form = made(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        verb: Any = closing.close if act == "close" else closing.open_again
        try:
            verb(
                by=request.user.pk,
                project=project.code,
                quarter=when,
                reason=told.get("reason", ""),
                seen=told["seen"],
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request,
                said("The quarter is closed. What was spent by output goes out with the next edition.")
                if act == "close"
                else said("The quarter is open again. Whoever fills in its lines is told."),
            )
            return redirect(there)
    return _quarter(request, project, when, None, form, act)


# The plan as it was approved


@needs(KEEP, sight.a_project)
def approve_plan(request: HttpRequest, thing: Any) -> HttpResponse:
    """The plan of a year is kept as a decision approved it."""
    year = sight.year_of(asked(request, "year"), office.today())
    form = forms.Approval(sent(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            planning.approve(
                by=request.user.pk, project=thing.code, year=year, on=told["on"], decision=told["decision"]
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said("The plan is kept as it was approved. Later changes are shown beside it."))
            return redirect(address("plan_versions", thing.code, year=year))
    told = {**furniture(), "project": thing, "year": year, "form": form, "found": matrix.of(thing, year, None)}
    return render(request, "plans/approve.html", told, status=422 if form.errors else 200)


@needs(READ)
def versions(request: HttpRequest, project: str) -> HttpResponse:
    """The plans of a year as they were approved, and what is otherwise by now."""
    thing = sight.project_of(project)
    seen = sight.seen(request.rights, thing)
    if seen is not None and not seen:
        return elsewhere(request, READ)
    year = sight.year_of(asked(request, "year"), office.today())
    every = list(models.ApprovedPlan.objects.filter(project=thing, year=year).order_by("-number"))
    changes = planning.difference(every[0]) if every else []
    told = {
        **furniture(),
        "project": thing,
        "currency": thing.fund.currency,
        "year": year,
        "versions": [(one, listing.planned_in(one, seen)) for one in every],
        "names": history.names_of(one.by for one in every),
        "changes": [one for one in changes if seen is None or one.organization in seen],
        "may_keep": request.rights.may(KEEP, sight.scope_of(thing)),
        "numbers": [str(number) for number in plans.OF_YEAR],
    }
    return render(request, "plans/versions.html", told)


# Spending by output


@needs(READ)
def by_outputs(request: HttpRequest, project: str) -> HttpResponse:
    """Spending by output beside expenditure by category, for each organization and year; as a page or a file."""
    thing = sight.project_of(project)
    seen = sight.seen(request.rights, thing)
    if seen is not None and not seen:
        return elsewhere(request, READ)
    found = books_plans.reconciled(thing)
    if seen is not None:
        shown = set(books_plans.shown_codes(seen).values())
        found = {place: one for place, one in found.items() if place[0] in shown}
    if (form := asked(request, "format")) in (CSV, XLSX):
        return as_file(outputs.table(thing, found), form, f"outputs-{thing.code}")
    years = sorted({year for _, year in found}, reverse=True)
    wanted = asked(request, "year")
    year = int(wanted) if wanted.isascii() and wanted.isdigit() and int(wanted) in years else None
    drawn = outputs.drawn(thing, found, year, seen)
    told = {
        **furniture(),
        "project": thing,
        "currency": thing.fund.currency,
        "years": years,
        "year": year,
        "drawn": drawn,
        "findings": by_output.findings({place: one for place, one in found.items() if year in (None, place[1])}),
        "limited": seen is not None,
        "delivery": plans.delivery,
    }
    return render(request, "plans/outputs.html", told)
