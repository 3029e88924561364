"""An organization's own lines of a quarter: filled in one go on a page, or by a workbook that is looked at first."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quipu.actions import history, keeping
from quipu.actions.plans import filling, planning
from quipu.books import office
from quipu.desk import uploads
from quipu.desk.drawing import address, said, sentence, spoken
from quipu.desk.plans import forms, sight, workbook
from quipu.desk.plans.sight import FILL, READ
from quipu.desk.plans.views import furniture
from quipu.desk.plans.words import as_typed, quarter_name, read_units
from quipu.desk.rights import needs
from quipu.desk.vouchers.views import as_workbook
from quipu.files import fillable
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.plans import Quarter, State

MONEY = ("committed", "spent")
LONGEST = 2000  # characters of a remark
Thing = tuple[Any, Any, Quarter]  # programme, organization, quarter


def _lines(project: str, organization: str, quarter: str) -> tuple[Thing, Scope]:
    found = sight.project_of(project)
    body = next((one for one in sight.bodies(found) if one.code == organization), None)
    if body is None:
        raise Http404(organization)
    return (found, body, sight.quarter(quarter)), sight.scope_of(found, body.code)


@dataclass(slots=True)
class Sheet:
    """The page as it stands: what was typed by field where something was, faults by field, what stands there by now."""

    typed: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    meanwhile: str = ""
    met: dict[str, str] = field(default_factory=dict)

    def value(self, work: str, name: str, stands: str) -> str:
        """What a field shows."""
        return self.typed.get(f"{work}/{name}", stands)


@needs(READ, _lines)
def lines(request: HttpRequest, thing: Thing) -> HttpResponse:
    """My lines: committed, spent, how it stands and a remark, for each piece of work; kept in one go."""
    project, body, quarter = thing
    sheet, status = Sheet(), 200
    may_fill = request.rights.may(FILL, sight.scope_of(project, body.code))
    if request.method == "POST" and may_fill:
        answer = _written(request, project, body, quarter, sheet)
        if answer is not None:
            return answer
        status = 422
    own = filling.thing(project, body.code, quarter)
    is_closed = bool(planning.closed(project.code, [quarter]))
    every = filling.own_work(project.code, body.code, quarter)
    told = {
        **furniture(),
        "project": project,
        "currency": project.fund.currency,
        "body": body,
        "quarter": quarter,
        "rows": every,
        "sheet": sheet,
        "seen": history.version(own),
        "states": list(State),
        "may_fill": may_fill and not is_closed and quarter.since <= office.today(),
        "is_closed": is_closed,
        "has_begun": quarter.since <= office.today(),
        "stands": lambda units: as_typed(units, project.fund.currency),
        "sums": {name: sum(getattr(line, name) or 0 for _, line in every) for name in ("planned", *MONEY)},
    }
    return render(request, "plans/lines.html", told, status=status)


def _written(request: HttpRequest, project: Any, body: Any, quarter: Quarter, sheet: Sheet) -> HttpResponse | None:
    """Writes what was sent, and leads on; None with what stands in the way in the sheet."""
    currency = project.fund.currency
    seen = request.POST.get("seen", "")
    sheet.typed = {name: value.replace("\0", "")[:LONGEST] for name, value in request.POST.items() if "/" in name}
    told: dict[str, dict[str, Any]] = {}
    for name, value in sheet.typed.items():
        work, _, field_ = name.rpartition("/")
        if field_ in MONEY:
            units = read_units(value, currency)
            if isinstance(units, str):
                sheet.faults[name] = sentence(Finding(units, name))
                continue
            told.setdefault(work, {})[field_] = units
        elif field_ in ("state", "remark"):
            told.setdefault(work, {})[field_] = value
    if sheet.faults:
        return None
    try:
        changes = filling.fill(
            by=request.user.pk,
            project=project.code,
            organization=body.code,
            quarter=quarter,
            said=told,
            seen=int(seen) if seen.isascii() and seen.isdigit() else 0,
        )
    except Refused as refused:
        _refused(project, body, quarter, sheet, refused)
        return None
    if changes:
        text = spoken().ngettext("%(count)s line is kept.", "%(count)s lines are kept.", len(changes))
        messages.success(request, text % {"count": spoken().count(len(changes))})
    else:
        messages.info(request, said("Nothing was changed: all lines stood like that already."))
    return redirect(address("plan_quarter", project.code, str(quarter)))


def _refused(project: Any, body: Any, quarter: Quarter, sheet: Sheet, refused: Refused) -> None:
    for one in refused.findings:
        assert isinstance(one, Finding)
        if one.rule == "changed-meanwhile":
            sheet.meanwhile = sentence(one)
            for work, line in filling.own_work(project.code, body.code, quarter):
                for name in filling.FIELDS:
                    stands = getattr(line, name)
                    shown = as_typed(stands, project.fund.currency) if name in MONEY else stands
                    place = filling.place_of(work.code, name)
                    if sheet.typed.get(place, shown) != shown:
                        sheet.met[place] = shown or "–"
        elif "/" in one.place:
            sheet.faults[one.place] = sentence(one)
        else:
            sheet.meanwhile = sentence(one)


# By workbook


@needs(FILL, _lines)
def template(request: HttpRequest, thing: Thing) -> HttpResponse:
    """The workbook of the lines, with what stands in them."""
    project, body, quarter = thing
    return as_workbook(
        workbook.template(project, body.code, quarter), f"lines-{project.code}-{body.code}-{quarter}.xlsx"
    )


@needs(FILL, _lines)
def by_workbook(request: HttpRequest, thing: Thing) -> HttpResponse:
    """A workbook is sent and looked at: what each row would change. Nothing is kept yet but the file."""
    form = forms.Workbook(request.POST if request.method == "POST" else None, request.FILES or None)
    found = None
    if request.method == "POST":
        is_valid = form.is_valid()
        for name in uploads.cut(request):
            form.add_error("file", sentence(Finding("document-too-large", "file", name)))
            is_valid = False
        if is_valid:
            try:
                body = form.cleaned_data["file"].read(fillable.LARGEST + 1)
                found = workbook.looked(body, *_named(thing))
                kept = keeping.keep([body])
            except Refused as refused:
                form.refuse(refused)
            else:
                return _shown(request, thing, form, found, workbook.sealed(kept.sha256, found, request.user.pk))
    return _shown(request, thing, form, None, "")


@needs(FILL, _lines)
def apply_workbook(request: HttpRequest, thing: Thing) -> HttpResponse:
    """What was looked at is written; or the workbook goes back with its remarks."""
    project, body, quarter = thing
    if request.method != "POST":
        return redirect("plan_workbook", project.code, body.code, str(quarter))
    form = forms.Workbook()
    refused_: list[Finding] = []
    try:
        content, seen = workbook.opened(request.POST.get("token", ""), request.user.pk)
        found = workbook.looked(content, *_named(thing))
        found.seen = seen
        if request.POST.get("act") == "remarks":
            return as_workbook(workbook.remarked(content, found), f"lines-{project.code}-{quarter}-remarks.xlsx")
        done = workbook.applied(found, by=request.user.pk, whole=request.POST.get("which") != "good")
    except Refused as refused:
        refused_ = [one for one in refused.findings if isinstance(one, Finding)]
        return _shown(request, thing, form, None, "", refused_)
    text = spoken().ngettext("%(count)s line is kept.", "%(count)s lines are kept.", len(done))
    messages.success(request, text % {"count": spoken().count(len(done))})
    return redirect(address("plan_lines", project.code, body.code, str(quarter)))


def _named(thing: Thing) -> tuple[Any, str, Quarter]:
    return thing[0], thing[1].code, thing[2]


def _shown(
    request: HttpRequest, thing: Thing, form: Any, found: Any, token: str, refused: list[Finding] | None = None
) -> HttpResponse:
    project, body, quarter = thing
    told = {
        **furniture(),
        "project": project,
        "currency": project.fund.currency,
        "body": body,
        "quarter": quarter,
        "form": form,
        "found": found,
        "token": token,
        "refused": refused or [],
        "labels": workbook.labels(),
        "stands": lambda name, value: as_typed(value, project.fund.currency) if name in MONEY else value,
        "title": said("Lines by workbook, %(quarter)s", quarter=quarter_name(quarter)),
    }
    return render(request, "plans/workbook.html", told, status=422 if form.errors or refused else 200)
