"""Workbooks of returns: download one, send it, look at what it would change, apply it, take it back with remarks."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from quipu.actions import history, running
from quipu.actions.returns import uploading
from quipu.actions.running import Told
from quipu.books import models, office
from quipu.desk import troubles
from quipu.desk.drawing import address, said, spoken
from quipu.desk.rights import needs
from quipu.desk.uploads import cut
from quipu.desk.workbooks import drawn, forms, reach, telling, words
from quipu.desk.workbooks.reach import READ, WRITE
from quipu.rules.findings import Refused
from quipu.rules.mandates import ELSEWHERE, Decision
from quipu.rules.returns import rows
from quipu.rules.returns.rows import AMOUNT
from quipu.rules.returns.states import ANNUAL

LISTED = 60  # runs on the page


@needs(READ)
def show(request: HttpRequest) -> HttpResponse:
    """What to do in which order, and the files that were sent."""
    return _listed(request)


def _listed(request: HttpRequest, form: Any = None) -> HttpResponse:
    bodies = reach.organizations(request.rights)
    asked = {name: request.GET.get(name) for name in ("organization", "year", "kind", "fund") if request.GET.get(name)}
    reached = request.rights.reach(READ)
    found = models.Run.objects.filter(what=running.RETURNS).select_related("organization").order_by("-at")
    if all(scope.organization for scope in reached):
        found = found.filter(organization__in=[scope.organization for scope in reached])
    runs = reach.may_read(request.rights, found[:LISTED])
    told = {
        "bodies": bodies,
        "which": forms.Which(initial={"kind": ANNUAL, **asked}, bodies=bodies, funds=funds_of(bodies)),
        "form": form or forms.Sent(initial={"kind": ANNUAL, **asked}, bodies=bodies),
        "runs": runs,
        "back": link("returns"),
        "names": history.names_of(one.by for one in runs),
        "kept": models.Mapping.objects.filter(organization__in=[code for code, _ in bodies], ended_at=None),
    }
    return render(request, "workbooks/list.html", told, status=422 if form is not None and form.errors else 200)


def funds_of(bodies: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The funds in which these organizations have work."""
    codes = [code for code, _ in bodies]
    own = models.Project.objects.filter(participations__organization__in=codes).values_list("fund", flat=True)
    found = models.Fund.objects.filter(code__in=set(own)).order_by("code")
    return [(one.code, f"{one.code} {one.title}".strip()) for one in found]


@needs(WRITE)
def template(request: HttpRequest) -> HttpResponse:
    """The workbook, with what stands in it: of all funds, or of one."""
    bodies = reach.organizations(request.rights)
    form = forms.Which(
        {"organization": bodies[0][0] if len(bodies) == 1 else "", "kind": ANNUAL, "year": office.today().year - 1}
        | {name: value for name, value in request.GET.items() if value},
        bodies=bodies,
        funds=funds_of(bodies),
    )
    if not form.is_valid():
        return redirect("workbooks")
    return as_template(request, form.cleaned_data, dict(bodies))


def as_template(request: HttpRequest, asked: dict[str, Any], names: dict[str, str]) -> HttpResponse:
    """The workbook that a form of `Which` asks for. names: of organizations."""
    held = uploading.held_of(asked["organization"], asked["year"], asked["kind"], asked["fund"])
    name = names[asked["organization"]]
    may = reach.writes(request.rights, asked["organization"])
    body = drawn.template(held, name, request.build_absolute_uri(reverse("workbooks")), may, asked["fund"])
    parts = (asked["organization"], asked["fund"], str(asked["year"]), "" if asked["kind"] == ANNUAL else asked["kind"])
    return telling.as_file(body, f"{said('returns')}-{'-'.join(filter(None, parts))}.xlsx")


@needs(WRITE)
def send(request: HttpRequest) -> HttpResponse:
    """A file is sent: it is read, checked and kept as a run, and nothing of any return is changed."""
    if request.method != "POST":
        return redirect("workbooks")
    form = forms.Sent(request.POST, request.FILES, bodies=reach.organizations(request.rights))
    if cut(request):
        form.add_error("file", said("The file is larger than this site allows."))
    elif form.is_valid():
        asked = form.cleaned_data
        try:
            made = uploading.take(
                by=request.user.pk,
                organization=asked["organization"],
                name=asked["file"].name,
                pieces=asked["file"].chunks(),
                year=asked["year"],
                kind=asked["kind"],
                words=words.known(),
                may=reach.writes(request.rights, asked["organization"]),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            is_unknown = made.told["shape"] == uploading.UNKNOWN
            return redirect("run_columns" if is_unknown else "run", made.code)
    return _listed(request, form)


def found(request: HttpRequest, code: str, *, to_write: bool = False) -> Any:
    """A run that somebody may read, or write by; else the page that says why not."""
    one = reach.run(code)
    may = reach.is_theirs(request.rights, one) if to_write else bool(reach.may_read(request.rights, [one]))
    return one if may else troubles.not_yours(request, WRITE if to_write else READ, Decision(False, why=ELSEWHERE))


@needs(READ)
def run(request: HttpRequest, code: str) -> HttpResponse:
    """What was found in a file, and what it would change or has changed."""
    one = found(request, code)
    return one if isinstance(one, HttpResponse) else _shown(request, one)


def _shown(request: HttpRequest, one: Any, refused: Sequence[Any] = ()) -> HttpResponse:
    every = running.findings_of(one)
    earlier = uploading.before(one)
    earlier = earlier if earlier is not None and reach.may_read(request.rights, [earlier]) else None
    fresh, mended = running.compared(one, earlier) if earlier is not None else ([], [])
    told = {
        "run": one,
        "names": history.names_of([one.by]),
        "may_write": reach.is_theirs(request.rights, one),
        "refused": refused,
        "earlier": earlier,
        "fresh": fresh[: telling.MOST],
        "mended": mended[: telling.MOST],
        "kind": said(drawn.LABELS[one.told["kind"]]),
        "wrote": [(code, link("return", code)) for code in sorted(one.told["wrote"].values())],
        **shown(one.told, every),
    }
    return render(request, "workbooks/run.html", told, status=422 if refused else 200)


def shown(told: dict[str, Any], every: list[Told]) -> dict[str, Any]:
    """Findings by what they ask for, and differences by project, as a page draws them."""
    currencies = dict(models.Fund.objects.filter(code__in=told["funds"]).values_list("code", "currency"))
    projects = {row.project for change in told["changes"] if (row := rows.read(change[1])) is not None}
    titles = dict(models.Project.objects.filter(code__in=projects).values_list("code", "title"))
    return drawable(told, every, currencies, titles)


def drawable(
    told: dict[str, Any], every: list[Told], currencies: dict[str, str], titles: dict[str, str]
) -> dict[str, Any]:
    """The same, where currencies of funds and titles of projects are known."""
    heads = told["heads"]
    groups: dict[str, list[Any]] = {}
    for fund, key, column, before, after, sheet, number, is_wrong in told["changes"][: telling.MOST]:
        row = rows.read(key)
        if row is None:
            continue
        cell = Told("", sheet, number, column)
        groups.setdefault(row.project, []).append(
            {
                "name": words.category(row.category) + (f" · {row.adjusts}" if row.adjusts else ""),
                "column": words.column(column),
                "is_amount": column == AMOUNT,
                "before": before,
                "after": after,
                "currency": currencies.get(fund, "USD"),
                "place": telling.place(cell, heads),
                "is_wrong": is_wrong,
            }
        )
    drawn_ = [(code, titles.get(code, ""), lines) for code, lines in groups.items()]
    return telling.drawable(told, every, drawn_, words.column, lambda one: row_of(one.place))


def row_of(key: str) -> str:
    """A row as its sender knows it: the project and what the row is called."""
    row = rows.read(key)
    if row is None:
        return key
    return " · ".join(filter(None, (row.project, words.category(row.category), str(row.adjusts or ""))))


@needs(WRITE)
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """What was shown is written: all of it, or the good rows."""
    one = found(request, code, to_write=True)
    if isinstance(one, HttpResponse):
        return one
    if request.method != "POST":
        return redirect("run", code)
    was = one.applied
    try:
        done = uploading.apply_run(
            by=request.user.pk,
            run=one,
            which=running.GOOD if request.POST.get("which") == running.GOOD else running.ALL,
            words=words.known(),
            may=reach.writes(request.rights, one.organization_id),
        )
    except Refused as refused:
        return _shown(request, reach.run(code), telling.once(refused))
    if not was:
        count = done.told["counts"][running.CHANGED]
        sentence = spoken().ngettext("%(count)s row was written.", "%(count)s rows were written.", count)
        messages.success(request, sentence % {"count": spoken().count(count)})
    return redirect("run", code)


@needs(WRITE)
def again(request: HttpRequest, code: str) -> HttpResponse:
    """The same file is looked at anew, against what stands now."""
    one = found(request, code, to_write=True)
    if isinstance(one, HttpResponse):
        return one
    if request.method != "POST":
        return redirect("run", code)
    try:
        uploading.look_again(run=one, words=words.known(), may=reach.writes(request.rights, one.organization_id))
    except Refused as refused:
        return _shown(request, one, refused.findings)
    return redirect("run", code)


@needs(READ)
def file(request: HttpRequest, code: str) -> HttpResponse:
    """The file as it was sent."""
    one = found(request, code)
    if isinstance(one, HttpResponse):
        return one
    return telling.as_sent(one)


@needs(READ)
def remarks(request: HttpRequest, code: str) -> HttpResponse:
    """The same workbook, with what is to be said of each row in its cells."""
    one = found(request, code)
    if isinstance(one, HttpResponse):
        return one
    try:
        return telling.with_remarks(one)
    except Refused as refused:
        return _shown(request, one, refused.findings)


def link(name: str, *parts: str) -> str:
    """The address of a page of returns, where that kind of work is at this desk; "" where it is not."""
    try:
        return address(name, *parts)
    except NoReverseMatch:
        return ""
