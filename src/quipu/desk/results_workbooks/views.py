"""Workbooks of readings: download one, send it, look at what it would change, apply it, submit its drafts, take it back."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from quipu.actions import history, running
from quipu.actions.results import framework, uploading
from quipu.actions.running import Told
from quipu.books import models, office
from quipu.desk import troubles
from quipu.desk.drawing import said, spoken
from quipu.desk.results.sight import READ, WRITE
from quipu.desk.results.words import called, of_cycle, period
from quipu.desk.results_workbooks import drawn, forms, reach, words
from quipu.desk.rights import needs
from quipu.desk.uploads import cut
from quipu.desk.workbooks import telling
from quipu.rules.findings import Refused
from quipu.rules.mandates import ELSEWHERE, Decision
from quipu.rules.results import filled
from quipu.rules.results.states import OPEN

LISTED = 60  # runs on the page
OFFERED = 300  # programmes to choose from


@needs(READ)
def show(request: HttpRequest) -> HttpResponse:
    """What to do in which order, and the files that were sent."""
    return _listed(request, request.GET.get("project", ""))


def _listed(request: HttpRequest, code: str, which: Any = None, form: Any = None) -> HttpResponse:
    own = list(reach.projects(request.rights)[:OFFERED])
    chosen = next((one for one in own if one.code == code), own[0] if len(own) == 1 else None)
    cycles = cycles_of(chosen) if chosen else []
    found = reach.runs(request.rights)
    if chosen:
        found = found.filter(project=chosen)
    runs = [one for one in found[:LISTED] if reach.may_read(request.rights, one, {each.code for each in own})]
    told = {
        "own": own,
        "chosen": chosen,
        "which": which or forms.Which(initial={"period": cycles[0][0] if cycles else ""}, cycles=cycles),
        "form": form or forms.Sent(cycles=cycles),
        "runs": runs,
        "names": history.names_of(one.by for one in runs),
        "period": lambda one: period(*uploading.period_of(one)),
    }
    is_wrong = any(one is not None and one.errors for one in (which, form))
    return render(request, "results_workbooks/list.html", told, status=422 if is_wrong else 200)


def cycles_of(project: Any) -> list[tuple[str, str]]:
    """The reporting periods of a programme that have ended, the latest first: their days, and what they are called."""
    found = models.Cycle.objects.filter(project=project, until__lte=office.today()).order_by("-until")
    return [(f"{one.since}/{one.until}", _called(one)) for one in found]


def _called(cycle: Any) -> str:
    name = of_cycle(cycle)
    return f"{name}, {said('locked')}" if cycle.locked_at else name


@needs(WRITE)
def template(request: HttpRequest) -> HttpResponse:
    """The workbook of a programme and a period, with what stands in it."""
    project = reach.project(request.rights, request.GET.get("project", ""))
    form = forms.Which(request.GET, cycles=cycles_of(project))
    if not form.is_valid():
        return _listed(request, project.code, form)
    return as_template(request, project, form.cleaned_data)


def as_template(request: HttpRequest, project: Any, asked: dict[str, Any]) -> HttpResponse:
    """The workbook that a form of `Which` asks for."""
    held = uploading.held_of(project, asked["since"], asked["until"])
    where = request.build_absolute_uri(reverse("results_workbooks"))
    return telling.as_file(drawn.template(held, where, reach.writes(request.rights)), drawn.name_of(held))


@needs(WRITE)
def send(request: HttpRequest) -> HttpResponse:
    """A file is sent: it is read, checked and kept as a run, and no reading is changed."""
    if request.method != "POST":
        return redirect("results_workbooks")
    project = reach.project(request.rights, request.POST.get("project", ""))
    form = forms.Sent(request.POST, request.FILES, cycles=cycles_of(project))
    if cut(request):
        form.add_error("file", said("The file is larger than this site allows."))
    elif form.is_valid():
        asked = form.cleaned_data
        try:
            made = uploading.take(
                by=request.user.pk,
                project=project,
                name=asked["file"].name,
                pieces=asked["file"].chunks(),
                since=asked["since"],
                until=asked["until"],
                words=words.known(),
                may=reach.writes(request.rights),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("readings_run", made.code)
    return _listed(request, project.code, form=form)


View = Callable[[HttpRequest, Any], HttpResponse]


def _of_run(verb: str, *, posted: bool = False) -> Callable[[View], Callable[..., HttpResponse]]:
    """A view of a run that somebody may read, or write by; else the page that says why not. posted: a GET leads to the run."""

    def found(view: View) -> Callable[..., HttpResponse]:
        def asked(request: HttpRequest, code: str) -> HttpResponse:
            one = reach.run(code)
            if not (reach.is_theirs if verb == WRITE else reach.may_read)(request.rights, one):
                return troubles.not_yours(request, verb, Decision(False, why=ELSEWHERE))
            if posted and request.method != "POST":
                return redirect("readings_run", code)
            return view(request, one)

        asked.__name__, asked.__module__ = view.__name__, view.__module__
        return needs(verb)(asked)

    return found


@_of_run(READ)
def run(request: HttpRequest, one: Any) -> HttpResponse:
    """What was found in a file, and what it would change or has changed."""
    return _shown(request, one)


def _shown(request: HttpRequest, one: Any, refused: Sequence[Any] = ()) -> HttpResponse:
    every = running.findings_of(one)
    earlier = uploading.before(one)
    earlier = earlier if earlier is not None and reach.may_read(request.rights, earlier) else None
    fresh, mended = running.compared(one, earlier) if earlier is not None else ([], [])
    wrote = models.Reading.objects.filter(code__in=one.told["wrote"].values()).select_related(*OF_READING)
    written = list(wrote.order_by("indicator__number", "code"))
    told = {
        "run": one,
        "names": history.names_of([one.by]),
        "may_write": reach.is_theirs(request.rights, one),
        "refused": refused,
        "earlier": earlier,
        "fresh": fresh[: telling.MOST],
        "mended": mended[: telling.MOST],
        "period": period(*uploading.period_of(one)),
        "drafts": [each for each in written if each.state in OPEN and may_write(request, each)],
        "written": written,
        "states": {state: said(label) for state, label in words.STATES.items()},
        **shown(one, every),
    }
    return render(request, "results_workbooks/run.html", told, status=422 if refused else 200)


OF_READING = ("indicator__project__fund", "indicator__outcome", "indicator__output__outcome", "indicator__output")


def may_write(request: HttpRequest, record: Any) -> bool:
    """Whether somebody writes readings of what a reading is of."""
    return bool(request.rights.may(WRITE, framework.scope(record)))


def shown(one: Any, every: list[Told]) -> dict[str, Any]:
    """Findings by what they ask for, and differences by indicator, as a page draws them."""
    told = one.told
    indicators = models.Indicator.objects.filter(project=one.project_id).in_bulk()
    asked = {code: filled.Asked(each.kind) for code, each in indicators.items()}
    lists = words.lists_of(one.project_id)
    groups: dict[str, list[Any]] = {}
    for _, key, column, before, after, sheet, number, is_wrong in told["changes"][: telling.MOST]:
        place = filled.read_key(key, asked)
        if place is None:
            continue
        kind = asked[place.indicator].kind if column == filled.VALUE else ""
        name = words.part(place, lists) if place.list else words.column(column)
        groups.setdefault(place.of, []).append(
            {
                "name": name,
                "column": "",
                "is_amount": False,
                "before": None if before is None else words.value(kind, before),
                "after": None if after is None else words.value(kind, after),
                "place": telling.place(Told("", sheet, number, column), told["heads"]),
                "is_wrong": is_wrong,
            }
        )
    titles = {code: called(each.titles) for code, each in indicators.items()}
    drawn_ = [(code, titles.get(code.partition(filled.OF)[0], ""), lines) for code, lines in groups.items()]
    return telling.drawable(told, every, drawn_, words.column, lambda each: words.row_of(each.place, titles, lists))


@_of_run(WRITE, posted=True)
def apply(request: HttpRequest, one: Any) -> HttpResponse:
    """What was shown is written as drafts: all of it, or the good readings."""
    was = one.applied
    try:
        done = uploading.apply_run(
            by=request.user.pk,
            run=one,
            which=running.GOOD if request.POST.get("which") == running.GOOD else running.ALL,
            words=words.known(),
            may=reach.writes(request.rights),
        )
    except Refused as refused:
        return _shown(request, reach.run(one.code), telling.once(refused))
    if not was:
        count = len(done.told["wrote"])
        sentence = spoken().ngettext("%(count)s reading was written.", "%(count)s readings were written.", count)
        messages.success(request, sentence % {"count": spoken().count(count)})
    return redirect("readings_run", one.code)


@_of_run(WRITE, posted=True)
def again(request: HttpRequest, one: Any) -> HttpResponse:
    """The same file is looked at anew, against what stands now."""
    try:
        uploading.look_again(run=one, words=words.known(), may=reach.writes(request.rights))
    except Refused as refused:
        return _shown(request, one, refused.findings)
    return redirect("readings_run", one.code)


@_of_run(WRITE, posted=True)
def submit(request: HttpRequest, one: Any) -> HttpResponse:
    """All drafts that the file became are handed to whoever approves them, or none."""
    if any(not may_write(request, each) for each in uploading.drafts_of(one)):
        return troubles.not_yours(request, WRITE, Decision(False, why=ELSEWHERE))
    try:
        done = uploading.submit(by=request.user.pk, run=one)
    except Refused as refused:
        return _shown(request, one, refused.findings)
    sentence = spoken().ngettext(
        "%(count)s reading waits for approval.", "%(count)s readings wait for approval.", len(done)
    )
    messages.success(request, sentence % {"count": spoken().count(len(done))})
    return redirect("readings_run", one.code)


@_of_run(READ)
def file(request: HttpRequest, one: Any) -> HttpResponse:
    """The file as it was sent."""
    return telling.as_sent(one)


@_of_run(READ)
def remarks(request: HttpRequest, one: Any) -> HttpResponse:
    """The same workbook, with what is to be said of each row in its cells."""
    try:
        return telling.with_remarks(one)
    except Refused as refused:
        return _shown(request, one, refused.findings)
