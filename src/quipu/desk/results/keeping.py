"""Frameworks are kept: outcomes, outputs and indicators are made, changed and ended; targets are set and revised."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from quipu.actions import history
from quipu.actions.results import framework
from quipu.actions.results.framework import INDICATOR, OUTCOME, OUTPUT, IndicatorSaid
from quipu.books import models
from quipu.desk.drawing import address, said
from quipu.desk.funds.views import kept
from quipu.desk.results import forms, sight, words
from quipu.desk.results.forms import TITLES, UNIT
from quipu.desk.rights import needs
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope

DONE = "It is kept. The public pages show it with the next edition, in a moment."
ENDED = "It is ended. What was read of it stays."
# Of an indicator: what is typed as it is kept, and what is named.
AS_KEPT = (
    *("kind", "direction", "gathers", "is_of_people", "breaks", "method", "verification", "assumptions"),
    *("baseline_on", "baseline_source", "is_public"),
)
SAID = (*AS_KEPT, "parent", "measure", "organization")
LOADERS = {OUTCOME: sight.of_outcome, OUTPUT: sight.of_output, INDICATOR: sight.of_indicator}


def back_to(project: str, record: Any = None) -> tuple[str, ...]:
    """The framework's page, as `kept` leads back to it."""
    del record
    return ("framework", project)


def next_number(siblings: Any) -> int:
    """The first number behind all that are taken."""
    return 1 + max((one.number for one in siblings), default=0)


@needs(sight.KEEP, sight.of_project)
def new_outcome(request: HttpRequest, thing: Any) -> HttpResponse:
    """One more outcome of a programme."""
    form = forms.Outcome(request.POST or None)
    return kept(
        request,
        form,
        lambda told: framework.keep_outcome(
            by=request.user.pk,
            project=thing.code,
            number=told["number"] or next_number(models.Outcome.objects.filter(project=thing)),
            titles=form.in_languages(TITLES),
            assumptions=told["assumptions"],
        ),
        done=DONE,
        lead=lambda made: back_to(thing.code, made),
        title="Add an outcome",
        back=back_to(thing.code),
        locked=[("Programme", thing.title or thing.code, "")],
    )


@needs(sight.KEEP, sight.of_outcome)
def edit_outcome(request: HttpRequest, thing: Any) -> HttpResponse:
    """Its words and its place."""
    form = forms.Outcome(request.POST or None, initial=_shown(OUTCOME, thing))
    return kept(
        request,
        form,
        lambda told: framework.keep_outcome(
            by=request.user.pk,
            project=thing.project_id,
            number=told["number"] or thing.number,
            titles=form.in_languages(TITLES),
            assumptions=told["assumptions"],
            code=thing.code,
            seen=told["seen"],
        ),
        done=DONE,
        lead=lambda made: back_to(thing.project_id, made),
        title="Change an outcome",
        back=back_to(thing.project_id),
        locked=[("Programme", thing.project.title or thing.project_id, "")],
        ending=("end_result", OUTCOME, thing.code),
        template="results/form.html",
    )


def _shown(kind: str, record: Any) -> dict[str, Any]:
    """What a form about a record begins with, its version among it."""
    version = history.version(framework.thing(kind, record))
    return {
        "titles": record.titles,
        "number": record.number,
        "assumptions": record.assumptions,
        "organization": getattr(record, "organization_id", None) or "",
        "seen": version,
    }


@needs(sight.KEEP, sight.of_outcome)
def new_output(request: HttpRequest, thing: Any) -> HttpResponse:
    """One more output of an outcome."""
    form = forms.Output(request.POST or None, project=thing.project)
    return kept(
        request,
        form,
        lambda told: framework.keep_output(
            by=request.user.pk,
            outcome=thing.code,
            number=told["number"] or next_number(models.Output.objects.filter(outcome=thing)),
            titles=form.in_languages(TITLES),
            organization=told["organization"],
            assumptions=told["assumptions"],
        ),
        done=DONE,
        lead=lambda made: back_to(thing.project_id, made),
        title="Add an output",
        back=back_to(thing.project_id),
        locked=[("Outcome", f"{thing.number} {words.called(thing.titles)}", "")],
    )


@needs(sight.KEEP, sight.of_output)
def edit_output(request: HttpRequest, thing: Any) -> HttpResponse:
    """Its words, its place, who answers for it."""
    form = forms.Output(request.POST or None, project=thing.outcome.project, initial=_shown(OUTPUT, thing))
    return kept(
        request,
        form,
        lambda told: framework.keep_output(
            by=request.user.pk,
            outcome=thing.outcome_id,
            number=told["number"] or thing.number,
            titles=form.in_languages(TITLES),
            organization=told["organization"],
            assumptions=told["assumptions"],
            code=thing.code,
            seen=told["seen"],
        ),
        done=DONE,
        lead=lambda made: back_to(thing.outcome.project_id, made),
        title="Change an output",
        back=back_to(thing.outcome.project_id),
        locked=[("Outcome", f"{thing.outcome.number} {words.called(thing.outcome.titles)}", "")],
        ending=("end_result", OUTPUT, thing.code),
        template="results/form.html",
    )


# Indicators


def _indicator_said(form: forms.Indicator, counted: dict[str, Any]) -> IndicatorSaid:
    told = form.cleaned_data
    return IndicatorSaid(
        titles=form.in_languages(TITLES),
        unit=form.in_languages(UNIT),
        number=told["number"] or 0,
        baseline=forms.exact(told["kind"], told["baseline"], "baseline"),
        counted=counted,
        **{name: told[name] for name in SAID},
    )


@needs(sight.KEEP, sight.of_project)
def new_indicator(request: HttpRequest, thing: Any) -> HttpResponse:
    """One more indicator, with its target where that is known already."""
    form = forms.Indicator(request.POST or None, project=thing, initial={"parent": request.GET.get("parent", "")})

    def act(told: dict[str, Any]) -> Any:
        with history.whole():
            made = framework.keep_indicator(by=request.user.pk, project=thing.code, said=_indicator_said(form, {}))
            if told["target"].strip() or told["target_until"]:
                aim(request, made, told)
        return made

    return kept(
        request,
        form,
        act,
        done=DONE,
        lead=lambda made: ("indicator", made.code),
        title="Add an indicator",
        back=back_to(thing.code),
        project=thing,
        template="results/indicator_form.html",
    )


def aim(request: HttpRequest, made: Any, told: dict[str, Any]) -> None:
    """The target of a new indicator. Raises Refused."""
    if not told["target_until"]:
        raise Refused(Finding("field-missing", "target_until"))
    framework.set_target(
        by=request.user.pk,
        indicator=made.code,
        until=told["target_until"],
        value=forms.exact(made.kind, told["target"], "target"),
        group="",
    )


@needs(sight.KEEP, sight.of_indicator)
def edit_indicator(request: HttpRequest, thing: Any) -> HttpResponse:
    """All that is said of an indicator but its targets."""
    initial = {name: getattr(thing, name) for name in (*AS_KEPT, "titles", "unit", "number")}
    initial |= {"parent": thing.output_id or thing.outcome_id or "", "measure": thing.measure_id or ""}
    initial |= {"organization": thing.organization_id or "", "baseline": forms.as_typed(thing, thing.baseline)}
    initial["seen"] = history.version(framework.thing(INDICATOR, thing))
    form = forms.Indicator(request.POST or None, project=thing.project, record=thing, initial=initial)
    return kept(
        request,
        form,
        lambda told: framework.keep_indicator(
            by=request.user.pk,
            project=thing.project_id,
            said=_indicator_said(form, thing.counted),
            code=thing.code,
            seen=told["seen"],
        ),
        done=DONE,
        lead=lambda made: ("indicator", made.code),
        title="Change an indicator",
        back=("indicator", thing.code),
        project=thing.project,
        ending=("end_result", INDICATOR, thing.code),
        template="results/indicator_form.html",
    )


@needs(sight.KEEP, sight.of_indicator)
def set_target(request: HttpRequest, thing: Any) -> HttpResponse:
    """A target of a period, set or revised."""
    rows = list(models.Target.objects.filter(indicator=thing).order_by("id"))
    initial = {"until": request.GET.get("until", ""), "since": request.GET.get("since", "")}
    form = forms.Target(request.POST or None, indicator=thing, initial=initial)
    return kept(
        request,
        form,
        lambda told: framework.set_target(
            by=request.user.pk,
            indicator=thing.code,
            since=told.get("since"),
            until=told["until"],
            value=forms.exact(thing.kind, told["value"], "value"),
            reason=told["reason"],
            group="",
        ),
        done=DONE,
        lead=lambda made: ("indicator", thing.code),
        title="Set a target",
        back=("indicator", thing.code),
        thing=thing,
        targets=framework.targets_in_force(rows),
        words_of=words,
        template="results/target.html",
    )


def of_result(kind: str, code: str) -> tuple[Any, Scope]:
    """An outcome, an output or an indicator with its kind, and whose it is."""
    if kind not in LOADERS:
        raise Http404(kind)
    record, scope = LOADERS[kind](code)
    return (kind, record), scope


@needs(sight.KEEP, of_result)
def end(request: HttpRequest, thing: Any) -> HttpResponse:
    """Nothing is added to it any more; asked first, with a reason."""
    kind, record = thing
    project = framework.project_of(record)
    if record.ended_at is not None and request.method != "POST":
        return redirect(address("framework", project.code))
    form = forms.Reason(request.POST or None, initial={"seen": history.version(framework.thing(kind, record))})
    return kept(
        request,
        form,
        lambda told: framework.end(by=request.user.pk, kind=kind, code=record.code, **told),
        done=ENDED,
        lead=lambda made: back_to(project.code, made),
        title=ENDING[kind],
        back=back_to(project.code),
        does="End it",
        locked=[(said(kind).capitalize(), words.called(record.titles), "")],
        warning=said("Nothing is added to it any more. What was read of it stays, and the history says why it ended."),
    )


ENDING = {OUTCOME: "End this outcome?", OUTPUT: "End this output?", INDICATOR: "End this indicator?"}
