"""Readings: an indicator's page with all of them, one reading, its form, its steps, the choice where sources differ."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quipu.actions import history
from quipu.actions.results import framework, reading, rolled
from quipu.books import models
from quipu.desk import troubles
from quipu.desk.drawing import address, said, sentence, sentences, spoken
from quipu.desk.forms import Form, text
from quipu.desk.results import forms, sight, words, writing
from quipu.desk.rights import View, needs
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import ELSEWHERE, Decision, Scope
from quipu.rules.results import kinds, rolling, values
from quipu.rules.results.states import OPEN, TRANSITIONS, State, possible

SHOWN = 200  # readings of an indicator on its page


@dataclass(frozen=True, slots=True)
class Told:
    """Readings of one period. differs: sources say different things, and nobody chose."""

    since: Any
    until: Any
    readings: list[Any]
    differs: bool

    @property
    def values(self) -> int:
        """How many different ones there are among those that were approved."""
        return len({one.value for one in self.readings if one.state == State.APPROVED})


@needs(sight.READ, sight.of_indicator)
def indicator(request: HttpRequest, thing: Any) -> HttpResponse:
    """An indicator: what it is, where it stands, its targets with their revisions, all its readings by period."""
    scope = framework.scope(thing)
    every = list(models.Reading.objects.filter(indicator=thing).order_by("-until", "-since", "made_at")[:SHOWN])
    targets = list(models.Target.objects.filter(indicator=thing).order_by("id"))
    approved = [one for one in reversed(every) if one.state == State.APPROVED]
    stands = rolled.standing(thing, sorted(approved, key=_in_order), targets)
    apart = {(some[0].since, some[0].until) for some in stands.differing}
    periods = [
        Told(since, until, list(some), (since, until) in apart)
        for (since, until), some in groupby(every, key=lambda one: (one.since, one.until))
    ]
    in_force = {one.pk for one in framework.targets_in_force(targets)}
    told = {
        "one": thing,
        "scope": scope,
        "stands": stands,
        "periods": periods,
        "targets": sorted(targets, key=lambda each: (each.until, each.pk)),
        "in_force": in_force,
        "names": history.names_of([*(one.by for one in targets), *(one.author for one in every)]),
        "papers": _papers(every),
        "lists": words.lists_of(thing),
        "may": {verb: request.rights.may(verb, scope) for verb in (sight.KEEP, sight.WRITE, sight.APPROVE)},
        "is_whole": len(every) < SHOWN,
        "organization": thing.organization or (thing.output.organization if thing.output else None),
        "ways": rolling.WAYS,
        "reasons": rolling.REASONS,
        "kinds": kinds,
        "by_code": {each.code: each for each in every},
        "words_of": words,
        "open_": OPEN,
    }
    return render(request, "results/indicator.html", told)


def _in_order(one: Any) -> tuple[Any, ...]:
    return one.until, one.made_at


def _papers(readings: list[Any]) -> dict[str, str]:
    """The titles of documents that readings name, by their codes."""
    codes = {code for one in readings for code in one.documents}
    found = models.Document.objects.filter(code__in=codes).values_list("code", "titles") if codes else ()
    return {code: words.called(titles) or code for code, titles in found}


@needs(sight.READ, sight.of_reading)
def one(request: HttpRequest, thing: Any) -> HttpResponse:
    """One reading: all that it says, where it stands, what can be done, what was done."""
    scope = framework.scope(thing)
    acts = [
        act
        for verb in (sight.WRITE, sight.APPROVE)
        if request.rights.may(verb, scope)
        for act in possible(thing.state, verb)
        if not (act == "approve" and request.user.pk in thing.writers)
    ]
    past = list(models.History.objects.filter(kind=reading.READING, code=thing.code).order_by("-id")[:50])
    told = {
        "reading": thing,
        "indicator": thing.indicator,
        "acts": [(act.replace(" ", "-"), words.ACTS[act]) for act in acts],
        "may_change": thing.state in OPEN and request.rights.may(sight.WRITE, scope),
        "may_choose": _may_choose(request, thing, scope),
        "is_mine": request.user.pk in thing.writers and thing.state == State.SUBMITTED,
        "others": list(_beside(thing)),
        "past": past,
        "names": history.names_of(
            [*(row.by for row in past), *thing.writers, thing.author, thing.decided_by, thing.chosen_by]
        ),
        "papers": _papers([thing]),
        "lists": words.lists_of(thing.indicator),
        "locked": reading.locked(thing.indicator.project_id, thing.until),
        "words_of": words,
    }
    return render(request, "results/reading.html", told)


def _beside(thing: Any) -> Any:
    """What other sources say of the same period."""
    found = models.Reading.objects.filter(indicator=thing.indicator, since=thing.since, until=thing.until)
    return found.exclude(pk=thing.pk).exclude(state=State.WITHDRAWN).order_by("made_at")


def _may_choose(request: HttpRequest, thing: Any, scope: Scope) -> bool:
    return (
        thing.state == State.APPROVED
        and request.rights.may(sight.APPROVE, scope)
        and _beside(thing).filter(state=State.APPROVED).exists()
        and not (thing.is_reported and thing.choice)
    )


# Writing


@needs(sight.WRITE, sight.of_indicator)
def new(request: HttpRequest, thing: Any) -> HttpResponse:
    """A new reading of an indicator."""
    return _form(request, thing, None)


@needs(sight.WRITE, sight.of_reading)
def change(request: HttpRequest, thing: Any) -> HttpResponse:
    """A draft, or what was sent back."""
    if thing.state not in OPEN:
        messages.warning(request, sentence(Finding("reading-locked", "")))
        return redirect("reading", thing.code)
    return _form(request, thing.indicator, thing)


def _form(request: HttpRequest, about: Any, record: Any) -> HttpResponse:
    if about.counted:
        messages.warning(request, sentence(Finding("reading-counted", "")))
        return redirect("indicator", about.code)
    if about.ended_at is not None and record is None:
        messages.warning(request, sentence(Finding("result-ended", "")))
        return redirect("indicator", about.code)
    initial = {"seen": history.version(reading.thing(record))} if record is not None else {}
    form = writing.Reading(request.POST or None, indicator=about, rights=request.rights, record=record, initial=initial)
    remarks: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("act") == "look":
                remarks = remarked(form.said(), record)
            else:
                return _written(request, form, record)
        except Refused as refused:
            form.refuse(refused)
    told = {"form": form, "indicator": about, "reading": record, "words_of": words, "remarks": remarks}
    told |= {"looked": request.POST.get("act") == "look", "before": _before(about)}
    return render(request, "results/write.html", told, status=422 if form.errors else 200)


def _written(request: HttpRequest, form: writing.Reading, record: Any) -> HttpResponse:
    """Keeps what was typed, and sends it for approval where that was asked for; both or neither. Raises Refused."""
    told = form.said()
    is_sent = request.POST.get("act") == "send"
    made = keep(request.user.pk, told, form.cleaned_data, record.code if record is not None else "", is_sent=is_sent)
    messages.success(request, said(SENT if made.state == State.SUBMITTED else KEPT))
    return redirect("reading", made.code)


SENT = "It is kept, and waits for another person to approve it."
KEPT = "It is kept as a draft. Send it for approval when it is whole."


def keep(by: str, told: reading.ReadingSaid, sent: dict[str, Any], code: str = "", *, is_sent: bool = False) -> Any:
    """Writes a reading from its form, and submits it. A form that is sent again makes nothing more. Raises Refused."""
    with history.whole():
        made = reading.write(by=by, said=told, code=code, seen=sent.get("seen"), key=sent.get("key", ""))
        if is_sent and made.state in OPEN:
            made = reading.lead(by=by, code=made.code, act="submit")
    return made


@needs(sight.WRITE, sight.of_indicator)
def check(request: HttpRequest, thing: Any) -> HttpResponse:
    """What speaks against a reading as it is typed, to stand beside its form; nothing is kept."""
    form = writing.Reading(request.POST, indicator=thing, rights=request.rights, is_begun=True)
    remarks: list[str] = []
    if form.is_valid():
        try:
            remarks = remarked(form.said(), None)
        except Refused as refused:
            remarks = [sentence(one) for one in refused.findings if isinstance(one, Finding)]
    return render(request, "results/_remarks.html", {"remarks": remarks, "looked": True})


NOT_YET = ("result-value-missing", "reading-source-missing")  # of what is being typed


def remarked(told: reading.ReadingSaid, record: Any) -> list[str]:
    """What the rules say of it, and how it stands to what is there: sentences."""
    found = [sentence(one) for one in reading.findings(told) if one.rule not in NOT_YET]
    about = models.Indicator.objects.get(code=told.indicator)
    try:
        value = values.read(about.kind, told.value, told.group)
    except Refused:
        return found if told.value else [*found, said("Type the value, and it is looked at here.")]
    beside = models.Reading.objects.filter(indicator=about, since=told.since, until=told.until)
    for other in beside.exclude(pk=record.pk if record else "").exclude(state=State.WITHDRAWN)[:5]:
        if other.value != str(value):
            found.append(
                said(
                    "%(source)s says %(value)s of this period.",
                    source=other.source,
                    value=words.kept(about, other.value),
                )
            )
        elif other.source.casefold() == told.source.strip().casefold():
            found.append(said("The same source says the same of this period already."))
    last = models.Reading.objects.filter(indicator=about, state=State.APPROVED, is_reported=True, until__lt=told.until)
    before = last.order_by("-until").first()
    if before is not None and about.gathers != kinds.SUMS and about.kind in kinds.ADDED:
        was = values.kept(about.kind, before.value).number
        if was is not None and value.number is not None and value.number < was:
            found.append(
                said(
                    "It counts from the beginning, and is less than the %(value)s of %(until)s.",
                    value=words.number(was),
                    until=spoken().day(before.until),
                )
            )
    return found


def _before(about: Any) -> Any:
    """The reported reading of the latest period."""
    found = models.Reading.objects.filter(indicator=about, state=State.APPROVED, is_reported=True)
    return found.order_by("-until").first()


# Steps


class Step(Form):
    """That a version was looked at."""

    seen = forms.seen()


class ReasonedStep(Step):
    """Why a reading is led back."""

    reason = text(
        "Reason", lines=3, most=2_000, hint="It stays beside the act. Whoever has to do something about it reads it."
    )


class Choice(Form):
    """Why this source's value is the one that is reported."""

    reason = text(
        "Reason", lines=3, most=2_000, hint="It is public beside the value: why this source rather than the others."
    )


def _step(act: str) -> View:
    """The page before a step, and the step."""

    @needs(TRANSITIONS[act].verb, sight.of_reading)
    def lead(request: HttpRequest, thing: Any) -> HttpResponse:
        return _lead(request, thing, act)

    lead.__doc__ = words.ACTS[act]
    return lead


STEPS: dict[str, Callable[..., HttpResponse]] = {act.replace(" ", "-"): _step(act) for act in TRANSITIONS}


def _lead(request: HttpRequest, thing: Any, act: str) -> HttpResponse:
    step = TRANSITIONS[act]
    initial = {"seen": history.version(reading.thing(thing))}
    form = (ReasonedStep if step.reasoned else Step)(
        request.POST if request.method == "POST" else None, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            reading.lead(
                by=request.user.pk, code=thing.code, act=act, reason=given.get("reason", ""), seen=given["seen"]
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said(step.told))
            return redirect("reading", thing.code)
    told = {"reading": thing, "indicator": thing.indicator, "step": step, "doing": words.ACTS[act], "form": form}
    told |= {"can": thing.state in step.before, "own": act == "approve" and request.user.pk in thing.writers}
    told |= {"others": list(_beside(thing)), "lists": words.lists_of(thing.indicator), "words_of": words}
    told |= {"papers": _papers([thing]), "names": history.names_of([thing.author])}
    return render(request, "results/lead.html", told, status=422 if form.errors else 200)


@needs(sight.APPROVE, sight.of_reading)
def choose(request: HttpRequest, thing: Any) -> HttpResponse:
    """This reading is the one that is reported for its period, with a reason."""
    form = Choice(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reading.choose(by=request.user.pk, code=thing.code, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, said("It is the reported one now. The others stay beside it, with their sources.")
            )
            return redirect(address("indicator", thing.indicator_id))
    others = [each for each in _beside(thing) if each.state == State.APPROVED]
    told = {"reading": thing, "indicator": thing.indicator, "form": form, "others": others, "words_of": words}
    told["can"] = thing.state == State.APPROVED and bool(others)
    return render(request, "results/choose.html", told, status=422 if form.errors else 200)


# Several at once


@needs(sight.APPROVE)
def approve(request: HttpRequest) -> HttpResponse:
    """All readings that wait for this person's approval: ticked, and approved in one act, all or none."""
    reach = request.rights.reach(sight.APPROVE)
    waits = sight.READINGS.filter(sight.indicators_within(reach, "indicator__"), state=State.SUBMITTED)
    programme = request.GET.get("programme", "").replace("\0", "")
    if programme:
        waits = waits.filter(indicator__project=programme)
    waiting = list(waits.order_by("indicator__project__title", "indicator__number", "until", "made_at")[:SHOWN])
    by_code = {each.code: each for each in waiting}
    chosen = request.POST.getlist("chosen")
    faults: list[tuple[Any, str]] = []
    if request.method == "POST":
        if any(code not in by_code for code in chosen):
            return _gone(request)
        if not chosen:
            faults = [(None, said("Tick the readings that you approve."))]
        else:
            faults = _approved(request, [by_code[code] for code in chosen])
            if not faults:
                return redirect(address("approve_readings", programme=programme))
    told = {
        "waiting": waiting,
        "chosen": set(chosen),
        "faults": faults,
        "programme": programme,
        "seen": history.versions(reading.READING, list(by_code)),
        "names": history.names_of(each.author for each in waiting),
        "last": _last_of([each.indicator for each in waiting]),
        "mine": request.user.pk,
        "most": SHOWN,
        "words_of": words,
    }
    return render(request, "results/approve.html", told, status=422 if faults else 200)


def _gone(request: HttpRequest) -> HttpResponse:
    """Something that was ticked waits no more, or never was this person's to approve."""
    for code in request.POST.getlist("chosen"):
        found = sight.READINGS.filter(code=code.replace("\0", "")).first()
        if found is None or not request.rights.may(sight.APPROVE, framework.scope(found)):
            return troubles.not_yours(request, sight.APPROVE, Decision(False, why=ELSEWHERE))
    messages.warning(request, sentence(Finding("reading-not-there", "")))
    return redirect("approve_readings")


def _approved(request: HttpRequest, some: list[Any]) -> list[tuple[Any, str]]:
    """Approves them, all or none: what stands in the way, by reading."""
    faults = []
    try:
        with history.whole():
            for each in some:
                seen = request.POST.get(f"seen:{each.code}", "")
                try:
                    reading.lead(
                        by=request.user.pk,
                        code=each.code,
                        act="approve",
                        seen=int(seen) if seen.isascii() and seen.isdigit() else -1,
                    )
                except Refused as refused:
                    faults.append((each, sentences(refused)))
            if faults:
                raise Refused(*(Finding("reading-not-there", "") for _ in faults))
    except Refused:
        return faults
    told = spoken().ngettext("%(count)s reading is approved.", "%(count)s readings are approved.", len(some))
    messages.success(request, told % {"count": spoken().count(len(some))})
    return []


def _last_of(indicators: list[Any]) -> dict[str, Any]:
    """The reported reading of the latest period of each."""
    found = models.Reading.objects.filter(
        indicator__in={each.pk for each in indicators}, state=State.APPROVED, is_reported=True
    )
    return {each.indicator_id: each for each in found.order_by("until")}
