"""Documents: all that activities link to and all that the office publishes itself; one of these, and its bytes."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from quipu.edition import documents, filed
from quipu.edition.filed import Record
from quipu.portal import addresses
from quipu.portal.delivery import deliver
from quipu.portal.labels import Labels
from quipu.portal.render import FILES, respond
from quipu.portal.sheet import said, titles
from quipu.portal.views import old
from quipu.rules.filing import FORMS, folded, form_of
from quipu.rules.table import Cell, Column, Table

A_PAGE = 100
MOST_CHOICES = 12
MOST_EXPORTED = 100_000
BEGINNING = 1_800  # characters of a document's text on its page
KEPT = {"here": "This office", "elsewhere": "Elsewhere on the web"}
_KEPT = "CASE WHEN sha256 = '' THEN 'elsewhere' ELSE 'here' END"
# How the list is narrowed: what it is called, the value of a row, the condition.
FACETS = {
    "kept": ("Kept by", _KEPT, f"{_KEPT} = ?"),
    "category": ("Type", "unnest(string_split(categories, ' '))", "list_contains(string_split(categories, ' '), ?)"),
    "language": (
        "Language",
        "unnest(string_split(lower(languages), ' '))",
        "list_contains(string_split(lower(languages), ' '), ?)",
    ),
    "year": ("Year", 'left("on", 4)', 'left("on", 4) = ?'),
    "fund": ("Fund", "fund", "fund = ?"),
}
# A document of the office is one, however many activities it is about.
COUNT = "count(*) FILTER (WHERE sha256 = '') + count(DISTINCT sha256) FILTER (WHERE sha256 <> '')"
FROM = (
    "(SELECT d.*, a.identifier, a.title AS activity, a.kind, coalesce(a.fund, '') AS fund"
    " FROM documents d LEFT JOIN activities a USING (key))"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that the list can be narrowed to, and how many it would leave."""

    code: str
    label: str
    count: int


def listed(request: HttpRequest) -> HttpResponse:
    """/documents"""
    words = " ".join(request.GET.get("q", "").split())[:200]
    chosen = {key: request.GET[key] for key in FACETS if request.GET.get(key)}
    condition, parameters = _condition(words, chosen)
    ((count,),) = request.edition.rows(f"SELECT {COUNT} FROM {FROM} WHERE {condition}", parameters)
    page = max(1, int(request.GET["page"])) if request.GET.get("page", "").isdecimal() else 1
    exported = request.GET.get("format") in FILES
    rows = request.edition.dicts(
        f"SELECT * FROM (SELECT * FROM {FROM} WHERE {condition}) d {filed.ONCE}"
        ' ORDER BY "on" DESC, url, sha256, key LIMIT ? OFFSET ?',
        [*parameters, MOST_EXPORTED if exported else A_PAGE, 0 if exported else (page - 1) * A_PAGE],
    )
    labels = Labels(request.edition, request.words, request.prefix)
    return respond(
        request,
        "documents.html",
        tables={"documents": _table(request, labels, rows)},
        count=count,
        page=page,
        pages=-(-count // A_PAGE),
        words_sought=words,
        chosen={key: (FACETS[key][0], _label(labels, key, code)) for key, code in chosen.items()},
        facets=[] if exported else _facets(request, labels, words, chosen),
    )


def _condition(words: str, chosen: dict[str, str]) -> tuple[str, list[str]]:
    conditions, parameters = ["true"], []
    for word in words.split():
        conditions.append(
            "(strip_accents(lower(title)) LIKE strip_accents(lower(?)) OR sha256 IN (SELECT sha256 FROM filed_texts"
            " WHERE strip_accents(lower(text)) LIKE strip_accents(lower(?))))"
        )
        parameters += [f"%{word}%"] * 2
    for key, code in chosen.items():
        conditions.append(FACETS[key][2])
        parameters.append(code)
    return " AND ".join(conditions), parameters


def _facets(
    request: HttpRequest, labels: Labels, words: str, chosen: dict[str, str]
) -> list[tuple[str, str, list[Choice], int]]:
    """(key, label, choices, how many more there are) for each way to narrow the list that is not taken yet."""
    found = []
    for key, (label, value, _) in FACETS.items():
        if key in chosen:
            continue
        condition, parameters = _condition(words, chosen)
        order = "code DESC" if key == "year" else "n DESC, code"
        counts = request.edition.rows(
            f"SELECT code, {COUNT} AS n FROM (SELECT {value} AS code, sha256 FROM {FROM} WHERE {condition})"
            f" WHERE code <> '' GROUP BY code ORDER BY {order}",
            parameters,
        )
        if len(counts) > 1:
            shown = [Choice(code, _label(labels, key, code), n) for code, n in counts[:MOST_CHOICES]]
            found.append((key, label, shown, len(counts) - len(shown)))
    return found


def _label(labels: Labels, key: str, code: str) -> str:
    if key == "category":
        return labels.document_type(code)
    if key == "kept":
        return labels.words.gettext(KEPT.get(code, code))
    if key == "language":
        return labels.words.tongue(code)
    return labels.name("fund", code) if key == "fund" else code


def _table(request: HttpRequest, labels: Labels, rows: list[Record]) -> Table:
    named = titles(request.edition, (row["sha256"] for row in rows if row["sha256"]), request.words.language)
    table = Table(
        [
            Column("on", "Date", "date"),
            Column("title", "Document"),
            Column("category", "Category"),
            Column("language", "Language"),
            Column("project", "Project"),
        ],
        [],
    )
    for row in rows:
        own = row["sha256"]
        title = named[own] if own else said([(row["title_language"], row["title"])], request.words.language)
        link = request.prefix + addresses.document(own) if own else addresses.outside(row["url"])
        subject = f"{request.prefix}/{row['kind']}/{addresses.segment(row['identifier'])}" if row["identifier"] else ""
        table.rows.append(
            [
                Cell(row["on"] or None, why="not stated"),
                Cell(own or row["url"], label=title.text or row["url"], link=link, lang=title.lang),
                Cell(row["categories"], label=", ".join(map(labels.document_type, row["categories"].split()))),
                Cell(row["languages"] or None, why="not stated"),
                Cell(row["identifier"], label=row["activity"] or row["identifier"] or "", link=subject),
            ]
        )
    return table


def _options(texts: list[Record]) -> list[tuple[str, str]]:
    return [(text["language"], text["text"]) for text in texts]


def show(request: HttpRequest, code: str, suffix: str = "") -> HttpResponse:
    """/document/<beginning of its hash>: what a document is, what it is about, which vouchers name it, how it begins."""
    found = _find(request, code)
    if found is None:
        return old.document(request)
    if suffix:
        request.GET = request.GET.copy()
        request.GET["format"] = suffix
    record = filed.whole(request.edition, found)
    language = request.words.language
    text = documents.text(request.edition.home, record["sha256"])
    labels = Labels(request.edition, request.words, request.prefix)
    return respond(
        request,
        "document.html",
        record=record,
        paper=record,
        title=said(_options(record["titles"]), language),
        description=said(_options(record["descriptions"]), language),
        kind=labels.document_type(record["type"]),
        form=form_of(record["name"]),
        is_shown=FORMS[form_of(record["name"])].is_shown,
        has_words=FORMS[form_of(record["name"])].has_words,
        versions=titles(request.edition, (v["sha256"] for v in (*record["earlier"], *record["later"])), language),
        beginning=_beginning(text),
        is_longer=len(text) > BEGINNING,
        spoken=record["languages"] if " " not in record["languages"] else "",
    )


def _beginning(text: str) -> list[str]:
    """The first lines of a text, cut between two words."""
    shown = text[:BEGINNING]
    if len(text) > BEGINNING:
        shown = shown.rpartition(" ")[0] + " …"
    found: list[str] = []
    for line in shown.splitlines():
        words = " · ".join(filter(None, map(folded, line.split("\t"))))
        if found and words[:1].islower() and found[-1][-1] not in ".:;!?":  # a line of a page that only ran out of room
            found[-1] += f" {words}"
        elif words:
            found.append(words)
    return found


def file(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """/document/<beginning of its hash>/<name>: the bytes, the same for ever."""
    found = _find(request, code)
    if found is None:
        return old.document(request)
    path = documents.stored(request.edition.home, found["sha256"])
    if path is None:
        raise Http404(name)
    if name != found["name"]:
        return HttpResponsePermanentRedirect(request.prefix + addresses.document(found["sha256"], found["name"]))
    return deliver(
        request,
        path,
        name=name,
        media=found["format"],
        sha256=found["sha256"],
        is_shown=FORMS[form_of(name)].is_shown,
    )


def _find(request: HttpRequest, code: str) -> dict[str, Any] | None:
    """The document of that code; None for an old number of the former site. Raises Http404."""
    found = filed.find(request.edition, code)
    if found is None and not code.isdecimal():
        raise Http404(code)
    return found
