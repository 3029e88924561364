"""Writing to the office: feedback on a page, the relay to contacts, and what became of corrections.

A letter is dropped and never read here. A report of fraud or abuse is shown where to go and leaves nothing behind.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from quipu.edition import manifest, pages
from quipu.letters import contacts as contact_file
from quipu.letters import corrections as told_corrections
from quipu.letters.drop import TooMany, drop
from quipu.letters.letter import FIELDS, LONGEST, MISTAKE, QUESTION, RELAY, About, read, tidy
from quipu.portal import addresses, letterbox
from quipu.portal.prose import Told
from quipu.portal.render import respond
from quipu.portal.sheet import Sheet
from quipu.portal.views import texts
from quipu.rules.findings import Finding, Refused, rule_of
from quipu.rules.table import Cell, Column, Table

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
REFUSED = {  # by which status; every other rule by 422
    **{"letter-elsewhere": 403, "letter-no-form": 400, "letter-too-large": 413, "letter-not-kept": 503},
    **{"letters-of-sender": 429, "letters-of-day": 429},
}
OFFICE = "office"  # who is written to where nobody else is chosen


def _unkept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """No copy of the answer is kept anywhere, neither here nor on the way nor by the browser."""

    def answer(request: HttpRequest, **words: str) -> HttpResponse:
        response = view(request, **words)
        response["Cache-Control"] = "no-store"
        return response

    return answer


@dataclass(frozen=True, slots=True)
class Slip:
    """A form to be filled in: what it is about, and who may be chosen as its reader ({value: what is shown})."""

    kind: str
    about: About
    readers: dict[str, str] = field(default_factory=dict)
    title: str = ""  # of the activity whose contacts are written to
    told: Told | None = None


@_unkept
def feedback(request: HttpRequest) -> HttpResponse:
    """/feedback: what it is, asked first."""
    return respond(request, "feedback.html", about=_about(request), told=texts.told(request, "feedback"))


@_unkept
def fraud(request: HttpRequest) -> HttpResponse:
    """/feedback/fraud: where to report it. No form, no relay; the next page is not even told where the reader came from."""
    response = respond(request, "text.html", told=texts.told(request, "fraud"))
    response["Referrer-Policy"] = "no-referrer"
    return response


@_unkept
def write(request: HttpRequest, kind: str) -> HttpResponse:
    """/feedback/mistake and /feedback/question"""
    if kind not in (MISTAKE, QUESTION):
        raise Http404(kind)
    return _answer(request, Slip(kind, _about(request)))


@_unkept
def contact(request: HttpRequest, name: str = "") -> HttpResponse:
    """/contact for the office, /contact/<identifier> for those who answer for a fund or a project."""
    if not name:
        return _answer(request, Slip(RELAY, _about(request), {OFFICE: ""}, told=texts.told(request, "contact")))
    return _answer(request, _to_contacts(request, addresses.identifier(name)))


@_unkept
def thanks(request: HttpRequest) -> HttpResponse:
    """/feedback/thanks: the code of the letter, and what happens next."""
    code = request.GET.get("code", "")
    if not CODE.fullmatch(code):
        raise Http404(code)
    return respond(request, "letter_thanks.html", code=code, page=addresses.inside(request.GET.get("page", "")))


@_unkept
def corrections(request: HttpRequest) -> HttpResponse:
    """/corrections: mistakes that readers reported, and what became of them."""
    columns = [
        Column("closed_on", "Date", "date"),
        Column("outcome", "What became of it"),
        Column("page", "Page"),
        Column("edition", "Seen in edition"),
        Column("code", "Letter"),
    ]
    rows = [
        [
            Cell(one.closed_on),
            Cell(one.outcome),
            Cell(one.page or None, link=f"{request.prefix}{one.page}" if one.page else ""),
            Cell(str(one.edition)),
            Cell(one.code),
        ]
        for one in told_corrections.told(Path(settings.HOME))
    ]
    return respond(request, "corrections.html", tables={"corrections": Table(columns, rows)})


def _about(request: HttpRequest, page: str = "", of: str = "") -> About:
    """The page that is named, in the edition that is named; in the one that is open where it names none."""
    edition, number = request.edition, request.GET.get("edition", "")
    shown = edition.manifest
    if number.isascii() and number.isdigit() and len(number) <= 9 and int(number) != edition.number:
        with suppress(FileNotFoundError):
            shown = manifest.load(edition.home, int(number))
    page = page or addresses.inside(request.GET.get("page", ""))
    return About(page, shown.number, shown.made_at, request.words.language, of)


def _to_contacts(request: HttpRequest, identifier: str) -> Slip:
    """Those the office names for the activity, else those that its publisher does, else the fund's, else the publisher."""
    named = contact_file.read(Path(settings.HOME))
    found = pages.find(request.edition, identifier)
    record = pages.page(request.edition, found[0][0]) if found else None
    if record is None:
        rows = request.edition.rows("SELECT publisher FROM funds WHERE identifier = ? AND key IS NULL", [identifier])
        if not rows:
            raise Http404(identifier)
        record = {"identifier": identifier, "kind": "fund", "fund": "", "texts": [], "identifiers": []}
        record["publisher_name"] = request.edition.name(rows[0][0])
    sheet, language = Sheet(record, request.words.language), request.words.language
    identifier = record["identifier"]
    names = (identifier, *(one["value"] for one in record["identifiers"]))
    of = next(filter(named.of, names), identifier)
    readers = _said(named.of(of), language)
    if not readers:
        readers = {role: role for role in map(_role, sheet.contacts)}
    if not readers and named.of(record["fund"]):
        of, readers = record["fund"], _said(named.of(record["fund"]), language)
    if not readers and record["publisher_name"]:
        readers = {record["publisher_name"]: record["publisher_name"]}
    readers = {role[: LONGEST["to"]]: said for role, said in readers.items()}
    page = f"/{record['kind']}/{addresses.segment(identifier)}"
    title = sheet.title.text if record["texts"] else identifier
    return Slip(RELAY, _about(request, page, of), {**readers, OFFICE: ""}, title or identifier)


def _said(named: list[contact_file.Contact], language: str) -> dict[str, str]:
    readers: dict[str, str] = {}
    for one in named:
        readers.setdefault(one.role, one.said(language))
    return readers


def _role(published: dict[str, str]) -> str:
    parts = (published.get(part, "") for part in ("job-title", "department", "organisation"))
    return tidy(", ".join(dict.fromkeys(part for part in parts if part)))


def _answer(request: HttpRequest, slip: Slip) -> HttpResponse:
    """The form; or, for a letter, the way to its thanks, or the form again with what was typed and what is wrong."""
    if request.method != "POST":
        return _drawn(request, slip)
    if not letterbox.is_ours(request):
        return _turned_away(request, "letter-elsewhere")
    if letterbox.size(request) > letterbox.READ:
        return _turned_away(request, "letter-too-large")
    try:
        typed = letterbox.typed(request)
    except Refused:
        return _turned_away(request, "letter-no-form")
    try:
        code = _dropped(request, slip, typed)
    except Refused as refused:
        response = _drawn(request, slip, typed, [one for one in refused.findings if isinstance(one, Finding)])
        if isinstance(refused, TooMany):
            response["Retry-After"] = str(refused.wait)
        return response
    except OSError:
        return _drawn(request, slip, typed, [Finding("letter-not-kept", "letter")])
    address = addresses.query(f"{request.prefix}/feedback/thanks", [("code", code), ("page", slip.about.page)])
    return HttpResponse(status=303, headers={"Location": address})


def _dropped(request: HttpRequest, slip: Slip, typed: dict[str, str]) -> str:
    """The code of the letter. Raises Refused, and OSError where the disk fails."""
    if letterbox.size(request) > letterbox.LARGEST:
        raise Refused(Finding("letter-too-large", "letter"))
    if typed.get(letterbox.TRAP):
        raise Refused(Finding("letter-trap", letterbox.TRAP))
    if list(slip.readers) == [OFFICE]:  # nothing is asked
        typed = {**typed, "to": OFFICE}
    letter = read(slip.kind, slip.about, typed, slip.readers)
    key = typed.get("key") or secrets.token_hex(16)
    return drop(Path(settings.HOME), letter, key=key[:64], sender=letterbox.sender(request))


def _drawn(
    request: HttpRequest, slip: Slip, typed: dict[str, str] | None = None, findings: Iterable[Finding] = ()
) -> HttpResponse:
    typed, gettext = typed or {}, request.words.gettext
    status = max((REFUSED.get(one.rule, 422) for one in findings), default=200)
    values: dict[str, Any] = {name: tidy(typed.get(name, "")) for name in FIELDS[slip.kind]}
    faults = {one.place: f"{gettext(rule_of(one.rule).sentence)} {one.detail}".strip() for one in findings}
    return respond(
        request,
        "letter.html",
        status=status,
        slip=slip,
        values=values,
        faults=faults,
        first=next((name for name in (letterbox.TRAP, *FIELDS[slip.kind]) if name in faults), ""),
        trap=letterbox.TRAP,
        office=OFFICE,
        key=typed.get("key", "")[:64] or secrets.token_hex(16),
        longest=LONGEST,
    )


def _turned_away(request: HttpRequest, rule: str) -> HttpResponse:
    sentence = request.words.gettext(rule_of(rule).sentence)
    return respond(request, "letter_refused.html", status=REFUSED[rule], sentence=sentence)
