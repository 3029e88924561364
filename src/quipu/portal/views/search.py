"""Search: everything in an edition by words, narrowed by facets, with the words in their place; and suggestions while typing."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from quipu.edition import search
from quipu.edition.search import FACETS, Hit
from quipu.portal import addresses
from quipu.portal.labels import Labels
from quipu.portal.render import FILES, respond
from quipu.rules.entries import MOST as ENTRIES
from quipu.rules.figures import FIGURES
from quipu.rules.likeness import excerpt, marked, words
from quipu.rules.table import Cell, Column, Table

A_PAGE = 20
SHOWN_CHOICES = 12
KINDS = {
    **{"fund": "Fund", "programme": "Programme", "project": "Project", "organization": "Organization"},
    **{"country": "Country", "place": "Place", "region": "Region", "document": "Document", "theme": "Theme"},
    **{"window": "Window", "sdg": "Sustainable Development Goal", "sector": "Sector", "marker": "Marker"},
    **{"figure": "Figure", "voucher": "Voucher"},
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


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet, how many hits have it, and the address with it put in or taken out."""

    label: str
    count: int
    chosen: bool
    address: str


def show(request: HttpRequest) -> HttpResponse:
    """/search?q=…"""
    typed = " ".join(request.GET.get("q", "").split())
    chosen = {name: request.GET.getlist(name) for name in FACETS if any(request.GET.getlist(name))}
    page = max(1, int(request.GET["page"])) if request.GET.get("page", "").isdecimal() else 1
    exported = request.GET.get("format") in FILES
    try:
        index = search.searcher(request.edition)
    except search.NotYet as error:
        return respond(request, "trouble.html", status=503, trouble=request.words.gettext(str(error)), names=[])
    found = index.find(
        typed[: search.LONGEST_QUERY],
        chosen,
        most=search.MOST_HITS if exported else A_PAGE,
        offset=0 if exported else min(page - 1, search.MOST_HITS) * A_PAGE,
        counted=not exported,
    )
    sought = words(typed)[: search.MOST_WORDS]
    shown = [_shown(request, hit, sought, with_excerpt=not exported) for hit in found.hits]
    within = min(found.count, search.MOST_HITS)
    return respond(
        request,
        "search.html",
        tables={"found": _table(shown)},
        typed=typed,
        cut=len(typed) > search.LONGEST_QUERY or len(words(typed)) > search.MOST_WORDS,
        shown=shown,
        vouchers=_vouchers(request, typed),
        count=found.count,
        some=found.some,
        facets=_facets(request, found.facets, chosen),
        labels=LABELS,
        kinds=KINDS,
        page=page,
        pages=-(-within // A_PAGE),
        examples=[] if typed or chosen else _examples(request),
    )


def suggest(request: HttpRequest) -> HttpResponse:
    """/search/suggest?q=…: what begins so, as JSON."""
    try:
        hits = search.searcher(request.edition).suggest(request.GET.get("q", "")[: search.LONGEST_QUERY])
    except search.NotYet:
        hits = []
    labels = Labels(request.edition, request.words, request.prefix)
    body = [
        {
            "title": _named(labels, hit),
            "kind": request.words.gettext(KINDS[hit.kind]),
            "href": _link(request, labels, hit),
        }
        for hit in hits
    ]
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/json; charset=utf-8")


def _named(labels: Labels, hit: Hit) -> str:
    """What a hit is called in the reader's language: codes of the world have names in all of them."""
    if hit.kind == "figure":
        return labels.words.gettext(FIGURES[hit.code].label)
    return labels.name(hit.kind, hit.code) if hit.kind in ("country", "region", "sdg", "marker") else hit.title


def _link(request: HttpRequest, labels: Labels, hit: Hit) -> str:
    match hit.kind:
        case "fund" | "programme" | "project":
            return f"{request.prefix}/{hit.kind}/{addresses.segment(hit.code)}"
        case "place":
            return f"{request.prefix}/country/{hit.code.partition('/')[0]}#places"
        case "figure":
            return f"{request.prefix}/figure/{hit.code}"
        case "document":
            return request.prefix + addresses.document(hit.sha256) if hit.sha256 else addresses.outside(hit.url)
    return labels.link(hit.kind, hit.code)


def _shown(request: HttpRequest, hit: Hit, sought: list[str], *, with_excerpt: bool) -> Shown:
    labels = Labels(request.edition, request.words, request.prefix)
    text = excerpt(search.text_of(request.edition, hit), sought) if with_excerpt and sought else ""
    of, of_link = "", ""
    if hit.kind == "place":
        of, of_link = (
            labels.name("country", hit.code.partition("/")[0]),
            labels.link("country", hit.code.partition("/")[0]),
        )
    elif hit.kind == "document":
        for identifier, title, kind in request.edition.rows(
            "SELECT identifier, title, kind FROM activities WHERE key = ?", [hit.key]
        ):
            of, of_link = title or identifier, f"{request.prefix}/{kind}/{addresses.segment(identifier)}"
    return Shown(
        hit.kind,
        hit.code,
        _link(request, labels, hit) or of_link,
        list(marked(_named(labels, hit), sought)),
        list(marked(text, sought)),
        of,
        of_link,
    )


def _table(shown: list[Shown]) -> Table:
    columns = [Column("title", "Title"), Column("kind", "Kind"), Column("code", "Code"), Column("of", "Belongs to")]
    return Table(
        columns,
        [
            [
                Cell("".join(piece for piece, _ in each.title), link=each.link),
                Cell(each.kind, label=KINDS[each.kind]),
                Cell(each.code),
                Cell(each.of or None, why="none", link=each.of_link),
            ]
            for each in shown
        ],
    )


def _vouchers(request: HttpRequest, typed: str) -> list[tuple[str, str, str]]:
    """(reference, title, address) of vouchers of the books whose number was typed."""
    if not typed:
        return []
    rows = request.edition.rows(
        "SELECT v.reference, v.title, min(f.entry) FROM vouchers v JOIN all_facts f"
        f" ON f.entry BETWEEN v.position * {ENTRIES} AND (v.position + 1) * {ENTRIES} - 1"
        " WHERE lower(v.reference) = lower(?) GROUP BY 1, 2 LIMIT 3",
        [typed.removeprefix("^")],
    )
    return [(reference, title, f"{request.prefix}/voucher/{entry:x}") for reference, title, entry in rows]


def _facets(
    request: HttpRequest, counts: dict[str, list[tuple[str, int]]], chosen: dict[str, list[str]]
) -> dict[str, list[Choice]]:
    labels = Labels(request.edition, request.words, request.prefix)
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
    return found


def _namer(labels: Labels, name: str, codes: list[str]) -> Callable[[str], str]:
    """What the values of a facet are called."""
    gettext = labels.words.gettext
    match name:
        case "kind":
            return lambda code: gettext(KINDS[code])
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
