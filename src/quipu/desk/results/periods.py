"""What a programme's results rest on: its reporting periods, its own lists, its table of beneficiaries with its versions."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quipu.actions import history, subjects
from quipu.actions.history import Thing
from quipu.actions.results import framework
from quipu.books import models, office
from quipu.desk.drawing import said, sentences
from quipu.desk.forms import Form, day, text
from quipu.desk.funds.views import kept
from quipu.desk.results import forms, sight, words
from quipu.desk.results.forms import TITLES
from quipu.desk.rights import needs
from quipu.rules import typed
from quipu.rules.findings import Finding, Refused
from quipu.rules.languages import LANGUAGES
from quipu.rules.results import beneficiaries as table
from quipu.rules.results.kinds import SMALLEST

KEPT = "It is kept."


class Cycle(Form):
    """A reporting period."""

    since = day("From")
    until = day("To")
    title = text("Name", needed=False, most=100, hint="As people call it: Year 2, first half of 2026. Empty: its days.")


def _next(project: Any) -> dict[str, Any]:
    """The calendar year behind the last period, or the one that ended last."""
    last = models.Cycle.objects.filter(project=project).order_by("-until").first()
    year = last.until.year + 1 if last is not None else office.today().year - 1
    return {"since": f"{year}-01-01", "until": f"{year}-12-31"}


@needs(sight.READ)
def cycles(request: HttpRequest, code: str) -> HttpResponse:
    """The periods that a programme reports by; one more is made by whoever keeps its framework."""
    project, scope = sight.of_project(code)
    if no := sight.not_here(request, project):
        return no
    told: dict[str, Any] = {
        "project": project,
        "cycles": list(models.Cycle.objects.filter(project=project).order_by("-until")),
        "may": {verb: request.rights.may(verb, scope) for verb in (sight.KEEP, sight.LOCK)},
        "words_of": words,
    }
    told["names"] = history.names_of(one.locked_by for one in told["cycles"])
    return render(request, "results/cycles.html", told)


@needs(sight.KEEP, sight.of_project)
def new_cycle(request: HttpRequest, thing: Any) -> HttpResponse:
    """One more period."""
    return kept(
        request,
        Cycle(request.POST or None, initial=_next(thing)),
        lambda told: framework.keep_cycle(by=request.user.pk, project=thing.code, **told),
        done=KEPT,
        lead=lambda made: ("cycles", thing.code),
        title="Add a reporting period",
        back=("cycles", thing.code),
        locked=[("Programme", thing.title or thing.code, "")],
    )


class Confirmed(Form):
    """That a page was read before the act; an act without a word."""

    sure = django_forms.CharField(widget=django_forms.HiddenInput, initial="yes")


class Why(Form):
    """Why a period is opened again."""

    reason = text("Reason", lines=3, most=2_000, hint=forms.REASON)


@needs(sight.LOCK, sight.of_cycle)
def lock(request: HttpRequest, thing: Any) -> HttpResponse:
    """Nothing that ends in the period is written any more; asked first, with what is still open in it."""
    return _lock(request, thing, is_locked=True)


@needs(sight.LOCK, sight.of_cycle)
def unlock(request: HttpRequest, thing: Any) -> HttpResponse:
    """The period is open again, with a reason."""
    return _lock(request, thing, is_locked=False)


def _lock(request: HttpRequest, thing: Any, *, is_locked: bool) -> HttpResponse:
    form = (Confirmed if is_locked else Why)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            framework.lock(
                by=request.user.pk, cycle=thing.pk, is_locked=is_locked, reason=form.cleaned_data.get("reason", "")
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said(LOCKED if is_locked else OPENED))
            return redirect("cycles", thing.project_id)
    within = models.Reading.objects.filter(
        indicator__project=thing.project_id, until__gte=thing.since, until__lte=thing.until
    )
    told = {
        "cycle": thing,
        "project": thing.project,
        "form": form,
        "is_locked": is_locked,
        "can": bool(thing.locked_at) != is_locked,
        "open_": within.filter(state__in=["draft", "submitted", "returned"]).count(),
        "words_of": words,
    }
    return render(request, "results/lock.html", told, status=422 if form.errors else 200)


LOCKED = "The period is locked. Nothing that ends in it is written any more."
OPENED = "The period is open again. Your reason stands in the history."


# Lists of a programme's own


class OwnList(forms.InLanguages):
    """A list by which results are told apart: one choice a line."""

    code = text("Code", most=32, hint="Letters, digits, dots and dashes. It never changes.")
    smallest = django_forms.IntegerField(
        label="Fewest people in a public part",
        min_value=SMALLEST,
        max_value=1000,
        initial=SMALLEST,
        help_text="Parts with fewer people are never made public. It may be raised, and is never lowered.",
    )
    choices = text(
        "Choices",
        lines=8,
        most=8000,
        hint="One a line: code, then what it is called; in other languages behind |, each with its language: "
        "weaving Weaving | es: Tejido | fr: Tissage. Choices are added and renamed, never taken away.",
    )
    seen = forms.seen()

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not is_new:
            del self.fields["code"]

    def lines(self) -> list[tuple[str, dict[str, str]]]:
        """The choices that were typed. Raises Refused."""
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["choices"].splitlines())):
            first, *others = (one.strip() for one in line.split("|"))
            code, _, name = first.partition(" ")
            titles = {forms.tongues()[0]: name.strip() or code}
            for each in others:
                language, _, word = each.partition(":")
                if language.strip() not in LANGUAGES or not word.strip():
                    raise Refused(Finding("line-unreadable", "choices", line[:60]))
                titles[language.strip()] = word.strip()
            found.append((code, titles))
        if len({code for code, _ in found}) < len(found):
            raise Refused(Finding("record-taken", "choices"))
        return found


def _typed(choices: Any) -> str:
    """Choices as they are typed."""
    own = forms.tongues()[0]
    lines = []
    for code, titles in choices:
        first = titles.get(own) or words.called(titles)
        others = [f"{each}: {word}" for each, word in titles.items() if each != own and word and word != first]
        lines.append(" | ".join([f"{code} {first}", *others]))
    return "\n".join(lines)


@needs(sight.READ, sight.of_project)
def lists(request: HttpRequest, thing: Any) -> HttpResponse:
    """The lists of a programme's own."""
    found = models.Breakdown.objects.filter(project=thing, ended_at=None).order_by("code")
    may = request.rights.may(sight.KEEP, subjects.scope_of(thing))
    told = {"project": thing, "lists": found, "may_keep": may, "words_of": words}
    return render(request, "results/lists.html", told)


@needs(sight.KEEP, sight.of_project)
def new_list(request: HttpRequest, thing: Any) -> HttpResponse:
    """A new list."""
    form = OwnList(request.POST or None, is_new=True)

    def act(told: dict[str, Any]) -> Any:
        if models.Breakdown.objects.filter(project=thing, code=told["code"]).exists():
            raise Refused(Finding("record-taken", "code", told["code"]))
        return framework.keep_list(
            by=request.user.pk,
            project=thing.code,
            code=told["code"],
            titles=form.in_languages(TITLES),
            choices=form.lines(),
            smallest=told["smallest"],
        )

    return kept(
        request,
        form,
        act,
        done=KEPT,
        lead=lambda made: ("lists", thing.code),
        title="Add a list of your own",
        back=("lists", thing.code),
        locked=[("Programme", thing.title or thing.code, "")],
    )


@needs(sight.KEEP, sight.of_list)
def edit_list(request: HttpRequest, thing: Any) -> HttpResponse:
    """Its words and its choices."""
    own = Thing("list", f"{thing.project_id} {thing.code}", subjects.scope_of(thing.project))
    initial = {"titles": thing.titles, "smallest": thing.smallest, "choices": _typed(thing.choices)}
    form = OwnList(request.POST or None, is_new=False, initial={**initial, "seen": history.version(own)})
    return kept(
        request,
        form,
        lambda told: framework.keep_list(
            by=request.user.pk,
            project=thing.project_id,
            code=thing.code,
            titles=form.in_languages(TITLES),
            choices=form.lines(),
            smallest=told["smallest"],
            seen=told["seen"],
        ),
        done=KEPT,
        lead=lambda made: ("lists", thing.project_id),
        title="Change a list of your own",
        back=("lists", thing.project_id),
        locked=[("Code", thing.code, "")],
    )


# Beneficiaries


class Beneficiaries(Form):
    """The table as of a day. Its cells are no fields of Django's: the page draws them as a table."""

    until = day("As of")
    source = text("Source", hint="Who says so: a register, a survey, a report.")
    note = text("Note", needed=False, lines=2, most=4000)


def _counts(sent: Any) -> tuple[dict[str, int], dict[str, str]]:
    """What was typed into the table, and what cannot be read: (counts, faults by cell)."""
    counts, faults = {}, {}
    for cell in table.CELLS:
        text_ = sent.get(f"b:{cell}", "").strip()
        if not text_:
            continue
        value = typed.amount(text_, forms.group_sign())
        if isinstance(value, str) or value != value.to_integral_value():
            faults[cell] = sentences(Refused(Finding(value if isinstance(value, str) else "result-count", cell, text_)))
        else:
            counts[cell] = int(value)
    return counts, faults


@needs(sight.READ)
def beneficiaries(request: HttpRequest, code: str) -> HttpResponse:
    """Who is meant to be reached and who was, as of its last day, and every version."""
    project, scope = sight.of_project(code)
    if no := sight.not_here(request, project):
        return no
    rows = list(models.Beneficiaries.objects.filter(project=project).order_by("-until", "-id")[:100])
    told = {
        "project": project,
        "rows": rows,
        "names": history.names_of(one.by for one in rows),
        "may_keep": request.rights.may(sight.KEEP, scope),
        "table": table,
        "words_of": words,
    }
    return render(request, "results/beneficiaries.html", told)


@needs(sight.KEEP, sight.of_project)
def keep_beneficiaries(request: HttpRequest, thing: Any) -> HttpResponse:
    """The table anew; what stood before stays."""
    last = models.Beneficiaries.objects.filter(project=thing).order_by("-until", "-id").first()
    initial = {"until": office.today().isoformat(), "source": last.source if last else ""}
    form = Beneficiaries(request.POST or None, initial=initial)
    counts, faults = _counts(request.POST) if request.method == "POST" else (last.counts if last else {}, {})
    if request.method == "POST" and form.is_valid() and not faults:
        try:
            framework.keep_beneficiaries(by=request.user.pk, project=thing.code, counts=counts, **form.cleaned_data)
        except Refused as refused:
            faults |= {
                one.place: sentences(Refused(one))
                for one in refused.findings
                if isinstance(one, Finding) and one.place in table.CELLS
            }
            form.refuse(Refused(*(one for one in refused.findings if getattr(one, "place", "") not in table.CELLS)))
        else:
            messages.success(request, said("The table is kept. The public pages show it with the next edition."))
            return redirect("beneficiaries", thing.code)
    shown = {cell: forms.plain(n) for cell, n in counts.items()}
    shown |= {cell: request.POST.get(f"b:{cell}", "") for cell in faults}
    told = {"project": thing, "form": form, "shown": shown, "faults": faults, "table": table, "words_of": words}
    return render(request, "results/beneficiaries_form.html", told, status=422 if form.errors or faults else 200)
