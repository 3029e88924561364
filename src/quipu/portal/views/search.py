"""Search: everything in an edition by words, narrowed by facets, with the words in their place; and suggestions while typing."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from quipu.edition import search
from quipu.edition.search import FACETS, Hit
from quipu.portal import addresses, results
from quipu.portal.labels import Labels
from quipu.portal.languages import DEFAULT
from quipu.portal.render import FILES, respond
from quipu.portal.sheet import said
from quipu.rules.entries import MOST as ENTRIES
from quipu.rules.likeness import alike, excerpt, marked, words
from quipu.rules.table import Cell, Column, Table
from quipu.rules.terms import TERMS, Term

A_PAGE = 20
MOST_PAGES = search.MOST_HITS // A_PAGE
SHOWN_CHOICES, MOST_TERMS = 12, 3
KINDS = {
    **{"fund": "Fund", "programme": "Programme", "project": "Project", "organization": "Organization"},
    **{"country": "Country", "place": "Place", "region": "Region", "document": "Document", "theme": "Theme"},
    **{"window": "Window", "sdg": "Sustainable Development Goal", "sector": "Sector", "marker": "Marker"},
    **{"figure": "Figure", "term": "Term", "voucher": "Voucher", "indicator": "Indicator"},
    **{"lesson": "Lesson or best practice"},
}
LABELS = {
    **{"kind": "Kind", "country": "Country", "fund": "Fund", "year": "Year", "status": "Status"},
    **{"language": "Language"},
}
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit as a reader sees it: what it is, where it leads, its title and an excerpt in pieces, sought words marked."""

    kind: str
    code: str
    link: str
    title: Pieces
    excerpt: Pieces
    of: str  # what a document belongs to, or a place lies in
    of_link: str
    code_shown: Pieces  # an identifier that people know
    is_meant: bool  # it is called exactly what was typed, or has exactly this code

    @property
    def called(self) -> str:
        return "".join(piece for piece, _ in self.title)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet, how many hits have it, and the address with it put in or taken out."""

    label: str
    count: int
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice taken, and the address without it."""

    facet: str
    label: str
    address: str


def show(request: HttpRequest) -> HttpResponse:
    """/search?q=…"""
    typed = " ".join(request.GET.get("q", "").split())
    chosen = {name: request.GET.getlist(name) for name in FACETS if any(request.GET.getlist(name))}
    exported = request.GET.get("format") in FILES
    try:
        index = search.searcher(request.edition)
    except search.NotYet:
        return respond(request, "not_yet.html", status=503, typed=typed)
    page = min(_number(request.GET.get("page", "")), MOST_PAGES)
    found = index.find(
        typed[: search.LONGEST_QUERY],
        chosen,
        most=search.MOST_HITS if exported else A_PAGE,
        offset=0 if exported else (page - 1) * A_PAGE,
        counted=not exported,
    )
    sought = words(typed[: search.LONGEST_QUERY])[: search.MOST_WORDS]
    texts = search.texts_of(request.edition, found.hits) if sought and not exported else {}
    shown = [_shown(request, hit, sought, texts.get(hit, "")) for hit in found.hits]
    labels = Labels(request.edition, request.words, request.prefix)
    response = respond(
        request,
        "search.html",
        tables={"found": _table(shown)},
        typed=typed,
        cut=len(typed) > search.LONGEST_QUERY or len(words(typed)) > search.MOST_WORDS,
        longest=search.MOST_WORDS,
        shown=shown,
        straight=_vouchers(request, typed) + _terms(request, sought),
        count=found.count,
        some=found.some,
        meant=found.meant,
        facets=_facets(request, labels, found.facets, chosen),
        chips=_chips(request, labels, chosen),
        labels=LABELS,
        kinds=KINDS,
        page=page,
        pages=-(-min(found.count, search.MOST_HITS) // A_PAGE),
        most=search.MOST_HITS,
        searched=index.number,
        examples=[] if typed or chosen else _examples(request),
    )
    if index.number != request.edition.number:  # until this edition has an index of its own
        response["Cache-Control"] = "no-store"
    return response


def _number(page: str) -> int:
    return max(1, int(page[:9])) if page.isdecimal() else 1


def suggest(request: HttpRequest) -> HttpResponse:
    """/search/suggest?q=…: what begins so, as JSON."""
    try:
        hits = search.searcher(request.edition).suggest(request.GET.get("q", "")[: search.LONGEST_QUERY])
    except search.NotYet:
        hits = []
    body = [{"title": title, "kind": kind, "href": href} for title, kind, href in _as_links(request, hits)]
    kind = "application/json; charset=utf-8"
    # not kept: every letter typed would be a page
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type=kind, headers={"Cache-Control": "no-store"})


def probable(request: HttpRequest, typed: str, most: int) -> list[tuple[str, str, str]]:
    """(title, kind, address) of what somebody probably meant who asked for a page that is not there."""
    try:
        hits = search.searcher(request.edition).find(typed[: search.LONGEST_QUERY], most=most, counted=False).hits
    except search.NotYet:
        return []
    return _as_links(request, hits)


def _as_links(request: HttpRequest, hits: list[Hit]) -> list[tuple[str, str, str]]:
    labels = Labels(request.edition, request.words, request.prefix)
    return [
        (_named(labels, hit), request.words.gettext(KINDS[hit.kind]), link)
        for hit in hits
        if (link := _link(request, labels, hit))
    ]


def _named(labels: Labels, hit: Hit) -> str:
    """What a hit is called in the reader's language: codes of the world have names in all of them."""
    if hit.kind in ("figure", "term"):
        return labels.words.gettext(TERMS[hit.code].label)
    if hit.kind == "indicator":
        rows = labels.edition.rows(
            "SELECT language, text FROM result_texts WHERE role = 'title' AND choice = '' AND \"of\" = ?", [hit.code]
        )
        return said(rows, labels.words.language).text or hit.title
    return labels.name(hit.kind, hit.code) if hit.kind in ("country", "region", "sdg", "marker") else hit.title


def _link(request: HttpRequest, labels: Labels, hit: Hit) -> str:
    match hit.kind:
        case "fund" | "programme" | "project":
            return f"{request.prefix}/{hit.kind}/{addresses.segment(hit.code)}"
        case "lesson":
            return f"{request.prefix}/lesson/{addresses.segment(hit.code)}"
        case "place":
            return f"{request.prefix}/country/{hit.code.partition('/')[0]}#places"
        case "figure" | "term":
            return _of_term(request, TERMS[hit.code])
        case "indicator":
            (row,) = request.edition.rows(
                "SELECT a.identifier, i.number FROM indicators i JOIN activities a USING (key) WHERE i.code = ?",
                [hit.code],
            )
            return f"{request.prefix}{results.address(row[0], f'i{row[1]}')}"
        case "document":
            return request.prefix + addresses.document(hit.sha256) if hit.sha256 else addresses.outside(hit.url)
    return labels.link(hit.kind, hit.code)


def _shown(request: HttpRequest, hit: Hit, sought: list[str], text: str) -> Shown:
    labels = Labels(request.edition, request.words, request.prefix)
    of, of_link = "", ""
    if hit.kind == "place":
        country = hit.code.partition("/")[0]
        of, of_link = labels.name("country", country), labels.link("country", country)
    elif hit.kind in ("figure", "term"):
        text = " ".join(map(request.words.gettext, TERMS[hit.code].sentences))
    elif hit.kind in ("document", "indicator", "lesson"):
        for identifier, title, kind in request.edition.rows(
            "SELECT identifier, title, kind FROM activities WHERE key = ?", [hit.key]
        ):
            of, of_link = title or identifier, f"{request.prefix}/{kind}/{addresses.segment(identifier)}"
    return Shown(
        hit.kind,
        hit.code,
        _link(request, labels, hit) or of_link,
        list(marked(_named(labels, hit), sought)),
        list(marked(excerpt(text, sought), sought)),
        of,
        of_link,
        list(marked(hit.code, [*sought, *_zeros_before(sought, hit.code)])) if _is_known_by_code(hit) else [],
        hit.is_meant,
    )


def _is_known_by_code(hit: Hit) -> bool:
    return hit.kind in search.ACTIVITIES or (hit.kind == "organization" and not hit.code.startswith("name/"))


def _zeros_before(sought: list[str], code: str) -> list[str]:
    """The numbers of a code that were typed without the zeros before them, as they stand in the code."""
    return [piece for piece in words(code) if piece.isdecimal() and piece.lstrip("0") in sought]


def _table(shown: list[Shown]) -> Table:
    columns = [Column("title", "Title"), Column("kind", "Kind"), Column("code", "Code"), Column("of", "Belongs to")]
    return Table(
        columns,
        [
            [
                Cell(each.called, link=each.link),
                Cell(each.kind, label=KINDS[each.kind]),
                Cell(each.code),
                Cell(each.of or None, why="none", link=each.of_link),
            ]
            for each in shown
        ],
    )


def _vouchers(request: HttpRequest, typed: str) -> list[tuple[str, str, str]]:
    """(kind, what it is called, address) of vouchers of the books whose number was typed."""
    number = typed.removeprefix("^")
    found = []
    for position, reference, title in request.edition.rows(
        "SELECT position, reference, title FROM vouchers WHERE lower(reference) = lower(?) ORDER BY position LIMIT 3",
        [number],
    ):
        ((entry,),) = request.edition.rows(
            "SELECT min(entry) FROM all_facts WHERE entry BETWEEN ? AND ?",
            [position * ENTRIES, (position + 1) * ENTRIES - 1],
        )
        if entry is not None:
            called = f"{reference}: {title}" if title else reference
            found.append(("Voucher", called, f"{request.prefix}/voucher/{entry:x}"))
    return found


def _of_term(request: HttpRequest, term: Term) -> str:
    return f"{request.prefix}/figure/{term.key}" if term.is_figure else f"{request.prefix}/glossary#{term.key}"


def _terms(request: HttpRequest, sought: list[str]) -> list[tuple[str, str, str]]:
    """The same of figures and terms by what they are called in the reader's language; the index knows their English names."""
    gettext = request.words.gettext
    if not sought or request.words.language == DEFAULT:
        return []
    named = ((term, gettext(term.label)) for term in TERMS.values())
    return [
        (KINDS["figure" if term.is_figure else "term"], label, _of_term(request, term))
        for term, label in named
        if all(any(alike(word, each) for each in words(label)) for word in sought)
    ][:MOST_TERMS]


def _facets(
    request: HttpRequest, labels: Labels, counts: dict[str, list[tuple[str, int]]], chosen: dict[str, list[str]]
) -> dict[str, list[Choice]]:
    found = {}
    for name, values in counts.items():
        taken = chosen.get(name, [])
        some = [each for each in values if each[0] in taken] + [each for each in values if each[0] not in taken]
        if len(values) < 2 and not taken:
            continue
        called = _namer(labels, name, [code for code, _ in some[:SHOWN_CHOICES]])
        found[name] = [
            Choice(called(code), count, code in taken, _toggled(request, name, code))
            for code, count in some[:SHOWN_CHOICES]
        ]
    return {name: choices for name, choices in found.items() if choices}


def _chips(request: HttpRequest, labels: Labels, chosen: dict[str, list[str]]) -> list[Chip]:
    return [
        Chip(name, _namer(labels, name, codes)(code), _toggled(request, name, code))
        for name, codes in chosen.items()
        for code in codes
    ]


def _namer(labels: Labels, name: str, codes: list[str]) -> Callable[[str], str]:
    """What the values of a facet are called."""
    gettext = labels.words.gettext
    match name:
        case "kind":
            return lambda code: gettext(KINDS.get(code, code))
        case "language":
            return labels.words.tongue
        case "year":
            return str
    return labels.namer(name, codes)


def _toggled(request: HttpRequest, name: str, code: str) -> str:
    """This search with one choice put in or taken out, from its first page."""
    pairs = [(k, v) for k, values in request.GET.lists() for v in values if k not in ("page", "format", "table")]
    if (name, code) in pairs:
        pairs.remove((name, code))
    else:
        pairs.append((name, code))
    return addresses.query(request.prefix + "/search", pairs)


def _examples(request: HttpRequest) -> list[tuple[str, str]]:
    """(title, address) of some things to be found: the funds first, then the largest projects."""
    rows = request.edition.rows(
        "SELECT a.title FROM activities a LEFT JOIN sizes s USING (key) WHERE length(a.title) BETWEEN 4 AND 60"
        " ORDER BY a.kind <> 'fund', coalesce(s.net_funded, s.spend) DESC NULLS LAST, a.key LIMIT 4"
    )
    return [(title, addresses.query(request.prefix + "/search", [("q", title)])) for (title,) in rows]
