"""News to follow, as Atom 1.0: vouchers, documents and editions, of everything here or of one fund or project.

The same edition gives the same bytes, and an entry keeps its identity from edition to edition.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse

from quipu.edition import compare
from quipu.edition.compare import Outline
from quipu.edition.monitoring import Lesson
from quipu.edition.pages import Record
from quipu.portal import addresses
from quipu.portal.render import Furniture, environment
from quipu.portal.sheet import Sheet
from quipu.rules.asking import ILLUSTRATIVE
from quipu.rules.dates import read_date
from quipu.rules.entries import MOST as ENTRIES
from quipu.rules.money import exponent
from quipu.rules.monitoring import told_in

ATOM = "application/atom+xml; charset=utf-8"
ATOM_WORD = "atom"  # what an address calls it
VOUCHERS, DOCUMENTS, EDITIONS, LESSONS = 25, 15, 10, 25  # of each, the newest
NOT_OF_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class News:
    """An entry of a feed. identity: what it is known by for ever; at: an instant in UTC."""

    identity: str
    title: str
    at: str
    link: str
    text: str = ""
    outline: Outline | None = None

    @property
    def id(self) -> str:
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, self.identity)}"


def portfolio(request: HttpRequest) -> HttpResponse:
    """/feed"""
    rows = request.edition.rows(
        'SELECT f.entry, f."on", f.movement, f.value, f.currency, f.reference, a.title, f.illustrative FROM facts f'
        " JOIN activities a ON a.key = f.subject WHERE f.ordinal > 0"
        " AND NOT ends_with(f.movement, '_seen_from_below') AND f.movement <> 'budget'"
        ' AND f."on" <= ? ORDER BY f."on" DESC, f.entry DESC LIMIT ?',
        [request.edition.manifest.made_at[:10], VOUCHERS],
    )
    documents = request.edition.rows(
        'SELECT a.identifier, a.title, a.kind, d.url, d.sha256, d.title, d."on" FROM documents d JOIN activities a USING (key)'
        ' WHERE length(d."on") >= 10 AND d."on" <= ? ORDER BY d."on" DESC, d.url, d.sha256, d.key LIMIT ?',
        [request.edition.manifest.made_at[:10], DOCUMENTS],
    )
    news = [
        *_vouchers(request, [row[:-1] for row in rows]),
        *_documents(request, documents),
        *_editions(request),
    ]
    title = request.words.gettext("News of all funds and projects")
    return _drawn(request, "everything", title, news, "/", illustrative=any(row[-1] for row in rows))


def of_record(request: HttpRequest, record: Record) -> HttpResponse:
    """/fund/<id>.atom, /project/<id>.atom: its newest vouchers and documents, and what else is new since the last edition."""
    sheet = Sheet(record, request.words.language)
    called = sheet.title.text or record["identifier"]
    keys = ("entry", "on", "movement", "value", "currency", "reference")
    rows = [(*(item[key] for key in keys), "") for item in record["latest"]]
    page = (record["identifier"], called, record["kind"])
    documents = [(*page, d["url"], d["sha256"], sheet.document(d).text, d["on"]) for d in record["documents"]]
    news = [*_vouchers(request, rows), *_documents(request, documents[:DOCUMENTS]), *_what_changed(request, page)]
    address = _page(record["kind"], record["identifier"])
    return _drawn(request, record["identifier"], called, news, address, illustrative=record["illustrative"])


def of_lessons(request: HttpRequest, lessons: Iterable[Lesson]) -> HttpResponse:
    """/lessons.atom: the lessons and best practices that were approved last, as far as the list is narrowed down."""
    before, news = request.words.before, []
    for one in [each for each in lessons if each.on is not None][:LESSONS]:
        title = told_in(one.titles, request.words.language)[1]
        link = f"{before}/lesson/{addresses.segment(one.code)}"
        news.append(News(f"lesson {one.code}", title, f"{one.on}T00:00:00Z", link, one.project_title))
    title = request.words.gettext("Lessons and best practices")
    return _drawn(request, "lessons", title, news, "/lessons", illustrative=False)


def _drawn(
    request: HttpRequest, identity: str, title: str, news: list[News], path: str, *, illustrative: bool
) -> HttpResponse:
    """The feed, newest first. Links lead to today's pages: a reader follows them much later."""
    once = {one.identity: one for one in reversed(news)}  # a page may link to the same document twice
    newest = sorted(once.values(), key=lambda one: (one.at, one.identity), reverse=True)
    here = Furniture(request)
    text = (
        environment(request.words)
        .get_template("feed.xml")
        .render(
            here=here,
            title=title,
            id=News(f"feed {identity}", "", "", "").id,
            news=newest,
            updated=newest[0].at if newest else request.edition.manifest.made_at,
            page=request.words.before + path,
            illustrative=ILLUSTRATIVE if illustrative else "",
        )
    )
    return HttpResponse(NOT_OF_XML.sub("", text), content_type=ATOM)


def _vouchers(request: HttpRequest, rows: Iterable[tuple[Any, ...]]) -> Iterable[News]:
    """rows: (entry, day, movement, value, currency, reference, title of the activity or "")."""
    rows, words = list(rows), request.words
    labels = Furniture(request).labels
    positions = sorted({entry // ENTRIES for entry, *_ in rows})
    slots = ", ".join("?" * len(positions)) or "NULL"
    recorded = {
        position: (moment, link)
        for position, moment, link in request.edition.rows(
            f"SELECT position, recorded, hash FROM vouchers WHERE position IN ({slots})", positions
        )
    }
    for entry, on, movement, value, currency, reference, title in rows:
        # what the books posted is known by its link of the chain; what a file says, by what it says
        moment, link = recorded.get(entry // ENTRIES, (f"{on}T00:00:00Z", ""))
        amount = words.money(Decimal(value), exponent(currency)) if value is not None else "–"
        told = f"{labels.name('movement', movement)}: {amount} {currency}"
        yield News(
            f"entry {link} {entry:x}",
            f"{told} · {title}" if title else told,
            moment,
            f"{words.before}/voucher/{entry:x}",
            " · ".join(filter(None, (words.day(str(on)), reference))),
        )


def _documents(request: HttpRequest, rows: Iterable[tuple[Any, ...]]) -> Iterable[News]:
    """rows: (identifier, title, kind, address, hash of one of the office's own, title of the document, day)."""
    before = request.words.before
    for identifier, title, kind, url, sha256, called, on in rows:
        if read_date(on[:10]):
            own = before + (addresses.document(sha256) if sha256 else _page(kind, identifier))
            link = addresses.outside(url) or own
            yield News(f"document {identifier} {sha256 or url}", called or url, f"{on[:10]}T00:00:00Z", link, title)


def _editions(request: HttpRequest) -> Iterable[News]:
    numbers = [n for n in request.editions.numbers() if n <= request.edition.number][-EDITIONS - 1 :]
    for before, after in pairwise(request.editions.manifest(number) for number in numbers):
        told = compare.outline(before, after)
        if not told.is_same:
            yield _edition(request, after.made_at, before.number, after.number, "", told)


def _what_changed(request: HttpRequest, page: tuple[str, str, str]) -> Iterable[News]:
    """Of one page only the last step is compared: earlier ones were told when they were the last."""
    edition = request.edition
    before = request.editions.before(edition.number)
    if before is not None:
        found = compare.changes(request.editions.get(before), edition, page[0], most=1)
        if found.counts and any(found.counts.values()):
            yield _edition(request, edition.manifest.made_at, before, edition.number, page[0], None)


def _edition(request: HttpRequest, at: str, since: int, number: int, about: str, told: Outline | None) -> News:
    pairs = (("from", str(since)), ("to", str(number)), ("about", about))
    title = request.words.gettext("What changed in edition %(number)s") % {"number": number}
    link = addresses.query(f"{request.words.before}/changes", pairs)
    return News(f"edition {number} {at} {about}", title, at, link, outline=told)


def _page(kind: str, identifier: str) -> str:
    return f"/{kind}/{addresses.segment(identifier)}"
