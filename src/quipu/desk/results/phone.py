"""One indicator on a phone with a poor line: a small page with one form, whose draft the phone itself keeps until it is sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quipu.desk.drawing import said, sentence
from quipu.desk.results import readings, sight, words, writing
from quipu.desk.rights import needs
from quipu.rules.findings import Finding, Refused
from quipu.rules.results.states import State

FIELDS = ("period", "since", "until", "value", "source", "note")


@needs(sight.WRITE, sight.of_indicator)
def read(request: HttpRequest, thing: Any) -> HttpResponse:
    """The form; sent, it makes one reading, however often a poor line sends it."""
    form = writing.Reading(request.POST or None, indicator=thing, rights=request.rights)
    stands = "reading-counted" if thing.counted else "result-ended" if thing.ended_at is not None else ""
    if request.method == "POST" and not stands and form.is_valid():
        try:
            is_sent = request.POST.get("act") != "keep"
            made = readings.keep(request.user.pk, form.said(), form.cleaned_data, is_sent=is_sent)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said(readings.SENT if made.state == State.SUBMITTED else readings.KEPT))
            return redirect("read_by_phone_done", thing.code, made.code)
    told = {
        "form": form,
        "indicator": thing,
        "fields": [name for name in FIELDS if name in form.fields],
        "stands": sentence(Finding(stands, "")) if stands else "",
        "sent": None,
        "words_of": words,
    }
    return render(request, "results/phone.html", told, status=422 if form.errors else 200)


def of_both(code: str, reading: str) -> tuple[Any, Any]:
    """A reading of an indicator, and whose it is. Raises Http404."""
    found, scope = sight.of_reading(reading)
    if found.indicator_id != code:
        return sight.of_reading("")
    return found, scope


@needs(sight.WRITE, of_both)
def done(request: HttpRequest, thing: Any) -> HttpResponse:
    """What was sent, as it is kept here; the phone forgets its draft."""
    told = {"indicator": thing.indicator, "sent": thing, "stands": "", "form": None, "fields": [], "words_of": words}
    return render(request, "results/phone.html", told)
