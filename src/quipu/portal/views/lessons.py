"""Lessons and best practices: all of them, narrowed down; each by itself with projects like its own; and those of a factsheet."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from quipu.edition import monitoring as told
from quipu.edition.monitoring import Lesson
from quipu.edition.pages import Record
from quipu.portal import addresses
from quipu.portal.labels import Labels
from quipu.portal.render import FILES, resolved, respond
from quipu.portal.views import feed
from quipu.rules import monitoring
from quipu.rules.likeness import folded
from quipu.rules.monitoring import told_in
from quipu.rules.table import Cell, Column, Table

A_PAGE, MOST_CHOICES = 50, 12
FACETS = {"kind": "Kind", "theme": "Theme", "country": "Country", "organization": "Organization", "year": "Year"}
POINTS = ("country", "theme")
WHOSE = "the programme"
# What a file calls its prose about lessons, as headings: structured records stand in its place.
HEADINGS = frozenset(
    folded(one)
    for one in (
        *("Best practices", "Lessons learned", "Buenas prácticas", "Lecciones aprendidas"),
        *("Bonnes pratiques", "Enseignements tirés", "Leçons apprises"),
    )
)
SECTIONS = ("best-practices", "lessons-learned")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that the list can be narrowed to, and how many it would leave."""

    code: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Said:
    """Words in the reader's language, else in another: lang says which then."""

    text: str
    lang: str = ""


def _in(request: HttpRequest, texts: Any) -> Said:
    language, text = told_in(texts, request.words.language)
    return Said(text, "" if language == request.words.language else language)


def _values(one: Lesson, facet: str) -> tuple[str, ...]:
    match facet:
        case "kind":
            return (one.kind,)
        case "organization":
            return (one.organization,) if one.organization else ()
        case "year":
            return (str(one.year),) if one.year else ()
    return one.points.get(facet, ())


def listed(request: HttpRequest) -> HttpResponse:
    """/lessons"""
    sought = " ".join(request.GET.get("q", "").split())[:200]
    chosen = {key: request.GET[key] for key in FACETS if request.GET.get(key)}
    found = [one for one in told.lessons(request.edition) if _fits(one, chosen) and _holds(one, sought)]
    found.sort(key=lambda one: (one.on is None, one.on), reverse=True)
    if request.GET.get("format") == feed.ATOM_WORD:
        return feed.of_lessons(request, found)
    page = max(1, int(request.GET["page"][:6])) if request.GET.get("page", "").isdecimal() else 1
    exported = request.GET.get("format") in FILES
    shown = found if exported else found[(page - 1) * A_PAGE : page * A_PAGE]
    labels = Labels(request.edition, request.words, request.prefix)
    return respond(
        request,
        "lessons.html",
        tables={"lessons": _table(request, labels, shown)},
        count=len(found),
        shown=[(one, _in(request, one.titles)) for one in shown],
        kinds=monitoring.LESSON_KINDS,
        page=page,
        pages=-(-len(found) // A_PAGE),
        sought=sought,
        chosen={key: (FACETS[key], _label(labels, key, code)) for key, code in chosen.items()},
        facets=[] if exported else _facets(labels, found, chosen),
    )


def _fits(one: Lesson, chosen: dict[str, str]) -> bool:
    return all(code in _values(one, facet) for facet, code in chosen.items())


def _holds(one: Lesson, sought: str) -> bool:
    """Whether all words stand in it, in any of its languages."""
    if not sought:
        return True
    text = folded(" ".join((*one.titles.values(), *one.texts.values(), one.project_title, one.organization_name)))
    return all(word in text for word in folded(sought).split())


def _facets(labels: Labels, found: list[Lesson], chosen: dict[str, str]) -> list[tuple[str, str, list[Choice], int]]:
    """(key, label, choices, how many more there are) for each way to narrow the list that is not taken yet."""
    facets = []
    for key, label in FACETS.items():
        counts = Counter(code for one in found for code in _values(one, key))
        if key in chosen or len(counts) < 2:
            continue
        order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        called = _namer(labels, key, [code for code, _ in order[:MOST_CHOICES]])
        shown = [Choice(code, called(code), n) for code, n in order[:MOST_CHOICES]]
        facets.append((key, label, shown, len(order) - len(shown)))
    return facets


def _label(labels: Labels, key: str, code: str) -> str:
    return _namer(labels, key, [code])(code)


def _namer(labels: Labels, key: str, known: Iterable[str]) -> Callable[[str], str]:
    """What the values of a facet are called; known: those that it will be asked for."""
    if key == "kind":
        return lambda code: labels.words.gettext(monitoring.LESSON_KINDS.get(code, code))
    return str if key == "year" else labels.namer(key, known)


def _table(request: HttpRequest, labels: Labels, shown: Iterable[Lesson]) -> Table:
    """As a file has it, in the reader's language."""
    columns = [Column("title", "Lesson"), Column("kind", "Kind"), Column("text", "What stands behind it")]
    columns += [Column("year", "Year"), Column("project", "Project"), Column("organization", "Whose it is")]
    columns += [Column("country", "Country"), Column("theme", "Theme"), Column("published", "Published first in")]
    columns += [Column("code", "Code"), Column("approved", "Approved", "date")]
    rows, shown = [], list(shown)
    named = {key: _namer(labels, key, {code for one in shown for code in _values(one, key)}) for key in POINTS}
    for one in shown:
        title, text = _in(request, one.titles), _in(request, one.texts)
        rows.append(
            [
                Cell(title.text, link=f"{request.prefix}/lesson/{addresses.segment(one.code)}", lang=title.lang),
                Cell(one.kind, label=request.words.gettext(monitoring.LESSON_KINDS[one.kind])),
                Cell(text.text or None, lang=text.lang, why="none"),
                Cell(str(one.year) if one.year else None, why="not stated"),
                Cell(one.project),
                Cell(one.organization or None, why=WHOSE),
                *(
                    Cell(" ".join(_values(one, key)) or None, label=_joined(named[key], _values(one, key)), why="none")
                    for key in POINTS
                ),
                Cell(one.published or None, why="none"),
                Cell(one.code),
                Cell(one.on.isoformat() if one.on else None, why="not stated"),
            ]
        )
    return Table(columns, rows)


def _joined(called: Callable[[str], str], codes: Iterable[str]) -> str:
    return ", ".join(map(called, codes))


def show(request: HttpRequest, name: str) -> HttpResponse:
    """/lesson/<code>"""
    every = {one.code: one for one in told.lessons(request.edition)}
    found: Lesson | None = resolved(request, addresses.identifier(name), every.get)
    if found is None:
        raise Http404(name)
    labels = Labels(request.edition, request.words, request.prefix)
    others = [one for one in every.values() if one.project == found.project and one.code != found.code]
    like = told.alike(request.edition, found.key)
    return respond(
        request,
        "lesson.html",
        tables={"lesson": _table(request, labels, [found])},
        record=found.plain(),
        fund=found.fund,
        lesson=found,
        title=_in(request, found.titles),
        body=_in(request, found.texts),
        kinds=monitoring.LESSON_KINDS,
        points=[(key, FACETS[key], code, _label(labels, key, code)) for key in POINTS for code in _values(found, key)],
        others=[(one, _in(request, one.titles)) for one in others],
        like=[(one, _shared(labels, one)) for one in like],
        sides=SIDES,
    )


SIDES = {"theme": "theme", "sector": "sector", "country": "country", "words": "words of the title"}


def _shared(labels: Labels, one: told.Alike) -> list[tuple[str, str]]:
    """What two projects share, in words: (side, names)."""
    found = []
    for side, codes in one.likeness.shared.items():
        called = str if side == "words" else labels.namer(side, codes)
        found.append((SIDES[side], _joined(called, codes)))
    return found


# On a factsheet


def of_record(request: HttpRequest, record: Record) -> dict[str, Any]:
    """Lessons, reviews and public risks of a project of the books; empty for everything else."""
    nothing: dict[str, Any] = {"lessons": [], "reviews": [], "risks": [], "instead": frozenset()}
    if not record["books"] or record["place"] == "fund":
        return nothing
    codes = request.edition.rows("SELECT code FROM accounts WHERE kind = 'project' AND key = ?", [record["key"]])
    if not codes:
        return nothing
    ((code,),) = codes
    own = [one for one in told.lessons(request.edition) if one.key == record["key"]]
    return {
        "lessons": [(one, _in(request, one.titles), _in(request, one.texts)) for one in own],
        "reviews": told.reviews(request.edition, code),
        "risks": told.risks(request.edition, code),
        "instead": frozenset(SECTIONS) if own else frozenset(),
        "said_in": lambda texts: _in(request, texts),
        "monitoring": monitoring,
        "today": date.fromisoformat(request.edition.manifest.made_at[:10]),
    }


def is_told_elsewhere(heading: str) -> bool:
    """Whether a text of a file tells what lessons and best practices tell, by its heading."""
    return folded(heading.strip()) in HEADINGS
