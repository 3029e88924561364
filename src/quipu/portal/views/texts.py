"""The texts of the footer, and the glossary that is made from the table of terms."""

import unicodedata
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse

from quipu.edition import texts
from quipu.portal import prose
from quipu.portal.addresses import segment
from quipu.portal.languages import LANGUAGES, words
from quipu.portal.prose import Told
from quipu.portal.render import Furniture, respond
from quipu.rules.table import Cell, Column, Table
from quipu.rules.terms import TERMS, Term


def show(request: HttpRequest, name: str) -> HttpResponse:
    """/about, /about/scam-alert and the like; pages that the operator adds stand below /about/."""
    known = name.removeprefix("about/")
    if prose.address(known) != f"/{name}":
        raise Http404(name)
    return respond(request, "text.html", told=told(request, known))


def told(request: HttpRequest, name: str) -> Told:
    """A text of that name as this reader sees it, to be shown on any page. Raises Http404 where there is none."""
    found = _told(request, name)
    if found is None:
        raise Http404(name)
    return found


def _told(request: HttpRequest, name: str) -> Told | None:
    here = Furniture(request)
    return prose.told(name, here.texts, request.words, here.site, here.at)


@dataclass(frozen=True, slots=True)
class Entry:
    """A term in the reader's language. others: (what a fund calls it, the fund's name, its address)."""

    key: str
    label: str
    meaning: str
    source: str
    figure: str  # the address of the figure it is, "" for another term
    others: list[tuple[str, str, str]]

    @property
    def place(self) -> str:
        """What it is sorted by: without accents, as the dictionaries of our languages do."""
        plain = unicodedata.normalize("NFKD", self.label.casefold())
        return "".join(letter for letter in plain if not unicodedata.combining(letter))


def glossary(request: HttpRequest) -> HttpResponse:
    """/glossary"""
    others = _others(request)
    entries = sorted(
        (_entry(request, term, others.get(term.key, [])) for term in TERMS.values()), key=lambda e: e.place
    )
    letters: dict[str, list[Entry]] = {}
    for entry in entries:
        letters.setdefault(entry.place[0].upper(), []).append(entry)
    return respond(
        request, "glossary.html", tables={"terms": _table()}, letters=letters, intro=_told(request, "glossary")
    )


def _entry(request: HttpRequest, term: Term, others: list[tuple[str, str, str]]) -> Entry:
    gettext = request.words.gettext
    meaning = " ".join(map(gettext, term.sentences))
    figure = f"{request.prefix}/figure/{term.key}" if term.is_figure else ""
    return Entry(term.key, gettext(term.label), meaning, gettext(term.source) if term.source else "", figure, others)


def _others(request: HttpRequest) -> dict[str, list[tuple[str, str, str]]]:
    """What funds call a term in this language, by its key."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    here, language = Furniture(request), request.words.language
    called = {fund: spoken[language] for fund, spoken in here.texts.labels.items() if language in spoken}
    identifiers = {fund: texts.identifier_of(request.edition, fund) for fund in called}
    titles = here.labels.titles(sorted(set(identifiers.values())))
    for fund, labels in sorted(called.items()):
        identifier = identifiers[fund]
        if identifier not in titles:  # a finding says so
            continue
        for key, label in labels.items():
            where = (label, titles[identifier] or fund, here.at(f"/fund/{segment(identifier)}"))
            found.setdefault(key, []).append(where)
    return found


def _table() -> Table:
    """The one table of terms, in all languages at once."""
    columns = [Column("key", "Key"), Column("what", "Kind"), Column("source", "Source")]
    for language in LANGUAGES:
        columns += [
            Column(f"term_{language}", f"Term, {language}"),
            Column(f"meaning_{language}", f"Meaning, {language}"),
        ]
    rows = []
    for term in TERMS.values():
        row = [Cell(term.key), Cell("figure" if term.is_figure else "term"), Cell(term.source or None)]
        for language in LANGUAGES:
            gettext = words(language).gettext
            row += [Cell(gettext(term.label)), Cell(" ".join(map(gettext, term.sentences)))]
        rows.append(row)
    return Table(columns, rows)
