"""What a factsheet tells, piece by piece and language by language: written, looked at, released."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quipu.actions import history, subjects, write_section
from quipu.books import models
from quipu.books.public import sections_of, texts_of
from quipu.desk.drawing import said
from quipu.desk.programmes import forms
from quipu.desk.rights import needs
from quipu.edition import pages
from quipu.edition.home import Home
from quipu.edition.open import BeingMade, Editions, NoEdition
from quipu.portal.languages import LANGUAGES
from quipu.portal.prose import narrative as rendered
from quipu.portal.views import factsheet
from quipu.rules import narrative
from quipu.rules.findings import Refused
from quipu.rules.mandates import Scope
from quipu.rules.narrative import DRAFT, PUBLIC, WAITING

KEPT_VERSIONS = 50
PATIENCE = 15  # seconds for an edition that has to be laid out again


def of_subject(kind: str, code: str) -> tuple[Any, Scope]:
    """A fund or a project, and whose it is."""
    found = subjects.subject(kind, code)
    if found is None:
        raise Http404(code)
    return found, subjects.scope_of(found)


@dataclass(frozen=True, slots=True)
class Part:
    """A section in one language, as an address names it."""

    record: Any
    section: str
    language: str

    @property
    def kind(self) -> str:
        """Of its subject."""
        return subjects.kind_of(self.record)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What its versions are found by."""
        return self.kind, self.record.code, self.section, self.language


def of_part(kind: str, code: str, section: str, language: str) -> tuple[Part, Scope]:
    """A section in one language, and whose it is."""
    found, scope = of_subject(kind, code)
    if not narrative.is_section(kind, section) or language not in LANGUAGES:
        raise Http404(section)
    return Part(found, section, language), scope


def of_version(number: int) -> tuple[Any, Scope]:
    """A version of a section, and whose it is."""
    one = get_object_or_404(models.Section, pk=number)
    return one, of_subject(one.kind, one.code)[1]


@dataclass(frozen=True, slots=True)
class Line:
    """A section on the overview of a narrative: its last version in each language, and whether one is public."""

    section: str
    heading: str
    number: int
    told: list[tuple[str, Any, bool]]  # language, the last version or None, whether a version is public


def lines_of(kind: str, code: str) -> list[Line]:
    """All sections that a fund or a project may tell, those of outcomes as far as there are any, and one more."""
    last: dict[tuple[str, str], Any] = {}
    public: set[tuple[str, str]] = set()
    for one in models.Section.objects.filter(kind=kind, code=code).order_by("id"):
        last[one.section, one.language] = one
        if one.state == PUBLIC:
            (public.add if one.text or one.title else public.discard)((one.section, one.language))
    outcomes = max((narrative.outcome(section) for section, _ in last), default=0)
    names = [*narrative.SECTIONS[kind]]
    names += [f"outcome-{n}" for n in range(1, min(outcomes + 1, narrative.MOST_OUTCOMES) + 1)]
    return [
        Line(
            name,
            *narrative.heading(name),
            [(each, last.get((name, each)), (name, each) in public) for each in LANGUAGES],
        )
        for name in sorted(names, key=lambda name: narrative.place(kind, name))
    ]


@needs("edit narratives", of_subject)
def show(request: HttpRequest, thing: Any) -> HttpResponse:
    """All that a factsheet tells, and what of it is public."""
    kind = subjects.kind_of(thing)
    told = {"record": thing, "kind": kind, "lines": lines_of(kind, thing.code)}
    told |= {"second_eyes": subjects.fund_of(thing).second_eyes}
    return render(request, "programmes/narrative.html", told)


@needs("edit narratives", of_part)
def write(request: HttpRequest, thing: Part) -> HttpResponse:
    """One section in one language: its text, how it will read, and its versions."""
    past = list(write_section.versions(*thing.key)[:KEPT_VERSIONS])
    now = past[0] if past else None
    seen = history.version(write_section.thing_of(thing.record, thing.section, thing.language))
    start = {"title": now.title, "text": now.text} if now else {}
    form = forms.Section(
        request.POST or None, initial={**start, "seen": seen}, outcome=narrative.outcome(thing.section)
    )
    eyes = subjects.fund_of(thing.record).second_eyes
    shown = (form["title"].value() or "", form["text"].value() or "") if form.is_bound else None
    if request.method == "POST" and form.is_valid() and "look" not in request.POST:
        told = form.cleaned_data
        try:
            made = write_section.write_section(
                by=request.user.pk,
                kind=thing.kind,
                code=thing.record.code,
                section=thing.section,
                language=thing.language,
                title=told["title"],
                text=told["text"],
                is_public="public" in request.POST,
                seen=told["seen"],
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said(_DONE[made.state]))
            return redirect("section", *thing.key)
    told = {"part": thing, "form": form, "versions": past, "now": now, "second_eyes": eyes}
    told |= {"names": history.names_of(code for one in past for code in (one.by, one.released_by))}
    told |= {"heading": narrative.heading(thing.section), "draws": _draws, "shown": shown}
    told |= {"others": [(name, word) for name, word in LANGUAGES.items() if name != thing.language]}
    return render(request, "programmes/section.html", told, status=422 if form.errors else 200)


_DONE = {
    DRAFT: "The draft is kept. Nothing of it is public.",
    WAITING: "It waits for another person, who releases it.",
    PUBLIC: "It is public with the next edition, in a moment.",
}


def _draws(text: str) -> Any:
    return rendered(text, str)


@needs("edit narratives", of_part)
def preview(request: HttpRequest, thing: Part) -> HttpResponse:
    """The public page as it will read with the last version of this section; nobody else sees it."""
    try:
        edition = _editions(str(settings.HOME)).current(PATIENCE)
    except (NoEdition, BeingMade):
        return render(request, "programmes/no_preview.html", {"part": thing}, status=409)
    rows = edition.rows("SELECT c.key FROM accounts c WHERE c.kind = ? AND c.code = ?", [thing.kind, thing.record.code])
    record = pages.page(edition, rows[0][0]) if rows else None
    if record is None:
        return render(request, "programmes/no_preview.html", {"part": thing}, status=409)
    last = write_section.versions(*thing.key).first()
    sections = [one for one in sections_of(thing.kind, thing.record.code) if not _same(one, thing)]
    if last is not None and (last.text or last.title):
        sections.append(last)
    record["texts"] = texts_of(thing.record, thing.kind, sections, record["texts"])
    request.preview = True
    request.edition, request.prefix, request.pinned = edition, request.words.before, False
    request.path_info = f"/{record['kind']}/{record['identifier']}"
    request.GET = request.GET.copy()
    request.GET.clear()
    return factsheet.drawn_of(request, record)


@cache
def _editions(home: str) -> Editions:
    return Editions(Home(Path(home)))


def _same(one: Any, part: Part) -> bool:
    return (one.section, one.language) == (part.section, part.language)


@needs("release", of_version)
def release(request: HttpRequest, thing: Any) -> HttpResponse:
    """Another person looks at what waits, and releases it or sends it back."""
    refused, form = None, forms.Reason(request.POST if "back" in request.POST else None)
    if request.method == "POST" and ("back" not in request.POST or form.is_valid()):
        try:
            if "back" in request.POST:
                reason = form.cleaned_data["reason"]
                write_section.send_back_section(by=request.user.pk, number=thing.pk, reason=reason)
                messages.success(request, said("It is a draft again, with your reason beside it."))
            else:
                write_section.release_section(by=request.user.pk, number=thing.pk)
                messages.success(request, said(_DONE[PUBLIC]))
        except Refused as no:
            refused = no
        else:
            return redirect("desk")
    before = write_section.versions(thing.kind, thing.code, thing.section, thing.language)
    told = {"one": thing, "form": form, "refused": refused, "draws": _draws, "names": history.names_of([thing.by])}
    told |= {"public": before.filter(state=PUBLIC).first(), "heading": narrative.heading(thing.section)}
    return render(request, "programmes/release.html", told, status=422 if refused or form.errors else 200)
