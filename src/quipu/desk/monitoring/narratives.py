"""The annual narrative at the desk: begun, written part by part and language by language, handed over, decided on, printed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from quipu.actions import history
from quipu.actions.monitoring import narratives
from quipu.books import office, records
from quipu.desk.drawing import spoken
from quipu.desk.monitoring import forms, sight, words
from quipu.desk.rights import needs
from quipu.portal.prose import narrative as prose
from quipu.rules import calendar, monitoring, transitions
from quipu.rules.languages import LANGUAGES
from quipu.rules.monitoring import ACCEPTER, KEEPER, OF_NARRATIVES, OPEN, PARTS, READER
from quipu.rules.results import beneficiaries


@needs(KEEPER, sight.of_project)
def begin(request: HttpRequest, thing: Any) -> HttpResponse:
    """A narrative of a year, or the version that is open already."""
    year = request.GET.get("year", "")
    start = {"year": int(year) if year.isdecimal() else office.today().year - 1}
    form = forms.Beginning(request.POST or None, initial=start)
    return sight.typed(
        request,
        form,
        lambda: narratives.begin(by=request.user.pk, project=thing.code, **form.cleaned_data),
        title="Narrative of a year",
        lead="It begins with all that the books and the records say of the year; you write what they cannot say.",
        does="Begin",
        done="It is there. Write its parts, then hand it over.",
        back=("monitored", thing.code),
        crumb=sight.crumb(thing),
        to=lambda made: ("yearly", made.code),
    )


@needs(READER, sight.of_narrative)
def show(request: HttpRequest, thing: Any) -> HttpResponse:
    """All of a narrative: what was written, what is there, what is missing."""
    facts, missing = narratives.assembled(thing)
    scope = narratives.scope(thing)
    acts = [
        (act, "hand_yearly" if OF_NARRATIVES[act].verb == KEEPER else "decide_yearly")
        for verb in (ACCEPTER, KEEPER)
        if request.rights.may(verb, scope)
        for act in transitions.possible(OF_NARRATIVES, thing.state, verb)
        if not (act in monitoring.BY_ANOTHER and request.user.pk in thing.writers)
    ]
    told = {
        **{"record": thing, "facts": facts, "lacks": missing, "acts": acts, "words_": words, "PARTS": PARTS},
        **{"monitoring": monitoring, "beneficiaries": beneficiaries, "tongues": LANGUAGES, "prose": _prose},
        "wanted": monitoring.WANTED,
        "may_write": thing.state in OPEN and request.rights.may(KEEPER, scope),
        "is_own": request.user.pk in thing.writers and request.rights.may(ACCEPTER, scope),
        "versions": narratives.versions(thing),
        "due": calendar.narrative(thing.year, records.deadlines().get(thing.project.fund_id)),
        **words.past((narratives.thing(thing).kind, [thing.code])),
    }
    return render(request, "monitoring/narrative.html", told)


def _prose(text: str) -> Any:
    return prose(text, str)


@needs(KEEPER, sight.of_narrative)
def write(request: HttpRequest, thing: Any) -> HttpResponse:
    """One part in one language."""
    part, language = (request.resolver_match.kwargs[name] for name in ("part", "language"))
    if part not in PARTS or language not in LANGUAGES:
        raise Http404(part)
    start = {"text": thing.parts.get(part, {}).get(language, ""), "seen": history.version(narratives.thing(thing))}
    form = forms.Part(request.POST or None, initial=start)
    others = [(one, text) for one, text in thing.parts.get(part, {}).items() if one != language and text]
    return sight.typed(
        request,
        form,
        lambda: narratives.write(
            by=request.user.pk, code=thing.code, part=part, language=language, **form.cleaned_data
        ),
        title=PARTS[part],
        tongue=language,
        done="It is kept. The narrative was not handed over yet.",
        back=("yearly", thing.code),
        others=others,
        prose=_prose,
        crumb=(narratives.title_of(thing, spoken().language), ("yearly", thing.code)),
    )


@needs(KEEPER, sight.of_narrative)
def hand(request: HttpRequest, thing: Any) -> HttpResponse:
    """The programme hands it over, or takes it back."""
    return _lead(request, thing, sight.act_of(request, OF_NARRATIVES, KEEPER))


@needs(ACCEPTER, sight.of_narrative)
def decide(request: HttpRequest, thing: Any) -> HttpResponse:
    """The secretariat accepts it, or sends it back."""
    return _lead(request, thing, sight.act_of(request, OF_NARRATIVES, ACCEPTER))


def _lead(request: HttpRequest, thing: Any, act: str) -> HttpResponse:
    seen = history.version(narratives.thing(thing))
    facts, missing = narratives.assembled(thing)
    told = {"title": narratives.title_of(thing, spoken().language), "back": ("yearly", thing.code), "words_": words}
    told |= {"lacks": missing, "facts": facts}
    return sight.led(request, thing, OF_NARRATIVES[act], narratives.lead, seen, told)


@needs(READER, sight.of_narrative)
def pdf(request: HttpRequest, thing: Any) -> HttpResponse:
    """The narrative as it would be printed now, or as it was accepted."""
    del request
    answer = HttpResponse(narratives.printed(thing), content_type="application/pdf")
    name = f"narrative-{thing.project_id}-{thing.year}-{thing.version}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
