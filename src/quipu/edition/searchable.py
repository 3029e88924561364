"""What can be found in an edition: an item for each fund, project, organization, country, place, theme, document and term."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from babel import Locale

from quipu.edition import documents, monitoring
from quipu.edition.open import Edition
from quipu.rules import codes, narrative
from quipu.rules.monitoring import told_in
from quipu.rules.results.kinds import Kind
from quipu.rules.statuses import status
from quipu.rules.terms import TERMS

LONGEST = 200_000  # letters of an activity's text that are looked into
LONGEST_DOCUMENT = 1_000_000
AT_ONCE = 2_000  # activities, so that memory does not grow with the edition
LANGUAGES = ("en", "es", "fr")
# What comes first of two that fit equally well: a fund before a project, that before a document.
WEIGHTS = {
    "fund": 60,
    "country": 50,
    "place": 45,
    "programme": 35,
    "project": 35,
    "organization": 15,
    "figure": 15,
    "lesson": 10,
    "indicator": 10,
    "term": 5,
}
LESSON = "lesson"
OF_POINTS, OF_OWN_DOCUMENTS = 25, 5
MOST_NAMES = 30  # of an organization
POINTS = ("theme", "window", "sdg", "sector", "marker", "region")


@dataclass(slots=True)
class Item:
    """One thing that can be found. weight: larger ones come first among equals; key: the activity it is or belongs to.

    text: what is written in it; about: the names of what it has to do with, by which it is found as well.
    """

    kind: str
    code: str
    title: str
    key: int = 0
    also: list[str] = field(default_factory=list)  # other names
    codes: list[str] = field(default_factory=list)
    text: str = ""
    about: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    fund: str = ""
    year: str = ""
    status: str = ""
    language: str = ""
    weight: int = 0
    sha256: str = ""  # of a document whose file is here
    url: str = ""  # of a document elsewhere

    @property
    def id(self) -> str:
        """What it is known by; a document has the activity in its code."""
        return f"{self.kind}:{self.code}"


def items(edition: Edition) -> Iterator[Item]:
    """Everything, in a fixed order."""
    yield from activities(edition)
    yield from _indicators(edition)
    yield from _linked(edition)
    yield from _filed(edition)
    yield from lessons(edition)
    yield from organizations(edition)
    yield from points(edition)
    yield from terms()


def terms() -> Iterator[Item]:
    """Figures and the other words of the glossary."""
    for term in TERMS.values():
        kind = "figure" if term.is_figure else "term"
        codes_ = [term.key] if term.is_figure else []
        yield Item(kind, term.key, term.label, codes=codes_, text=" ".join(term.sentences), weight=WEIGHTS[kind])


_ACTIVITIES = """
SELECT a.key, a.identifier, a.title, a.kind, a.status, a.fund, a.publisher_name, a.language, year(l.start) AS year,
       coalesce(s.net_funded, s.spend, s.budget, 0) AS size, p.texts, p.readings, p.results, p.participants, p.portions, p.places,
       p.identifiers, p.dates
FROM activities a LEFT JOIN spans l USING (key) LEFT JOIN sizes s USING (key) LEFT JOIN pages p USING (key)
WHERE a.key BETWEEN ? AND ? ORDER BY a.key
"""


def activities(edition: Edition, keys: Iterable[int] | None = None) -> Iterator[Item]:
    """Funds, programmes and projects. keys: only these; None for all of them."""
    books = dict(edition.rows("SELECT key, code FROM accounts"))
    countries = Countries()
    wanted = sorted(key for (key,) in edition.rows("SELECT key FROM activities")) if keys is None else sorted(keys)
    runs = (
        [wanted[n : n + AT_ONCE] for n in range(0, len(wanted), AT_ONCE)] if keys is None else [[key] for key in wanted]
    )
    for run in runs:
        where: dict[int, list[str]] = {}
        for key, code in edition.rows(
            "SELECT key, code FROM memberships WHERE dimension = 'country' AND key BETWEEN ? AND ? ORDER BY ALL",
            [run[0], run[-1]],
        ):
            where.setdefault(key, []).append(code)
        for row in edition.dicts(_ACTIVITIES, [run[0], run[-1]]):
            yield _activity(row, where.get(row["key"], []), countries, books.get(row["key"], ""))


def _activity(row: dict[str, Any], where: list[str], countries: "Countries", code: str) -> Item:
    titles = [each["text"] for each in _section(row["texts"]) if each["role"] == "title"]
    about = [each["name"] for section in ("participants", "portions", "places") for each in _section(row[section])]
    described = [each["description"] for each in _section(row["places"])] + [
        each["text"] for each in _section(row["dates"])
    ]
    named = [name for each in where for name in countries.names(each)]
    others = [each["value"] for each in _section(row["identifiers"])]
    return Item(
        row["kind"],
        row["identifier"],
        row["title"] or row["identifier"],
        row["key"],
        also=[*dict.fromkeys(title for title in titles if title != row["title"])],
        codes=[row["identifier"], *others, code],
        text=text_of_activity(row["texts"], row["readings"], row["results"]),
        about=[*dict.fromkeys([row["publisher_name"] or "", *about, *described, *named])],
        countries=where,
        fund=row["fund"] or "",
        year=str(row["year"] or ""),
        status=status(row["status"]).name,
        language=(row["language"] or "")[:2].lower(),
        weight=WEIGHTS.get(row["kind"], 0) + len(str(int(abs(row["size"])))),
    )


def _section(body: str | None) -> list[dict[str, Any]]:
    """A section of a page record."""
    found: list[dict[str, Any]] = json.loads(body) if body else []
    return found


def text_of_activity(texts: str | None, readings: str | None, kept: str | None) -> str:
    """The prose of an activity, from the sections of its page record: what it says of itself, and its results."""
    prose = [each["text"] for each in _section(texts) if each["role"] == "description"]
    prose += [
        narrative.plain(each["text"])
        for each in _section(texts)
        if each["role"] == narrative.ROLE and each["type"] != narrative.OVERVIEW  # which is the description as well
    ]
    results = [each[what] for each in _section(readings) for what in ("title", "text")]
    results += _of_results(kept)
    return "\n".join([*prose, *dict.fromkeys(each for each in results if each)])[:LONGEST]


def _of_results(kept: str | None) -> list[str]:
    """Titles of outcomes, outputs and indicators in every language, and values that are told in words."""
    told = json.loads(kept) if kept else {}
    in_words = {each["code"] for each in told.get("indicators") or () if each["kind"] == Kind.TEXT}
    found = [each["text"] for each in told.get("texts") or () if each["role"] == "title"]
    return found + [each["value"] for each in told.get("observations") or () if each["indicator"] in in_words]


def texts(edition: Edition, keys: list[int]) -> dict[int, str]:
    """The prose of some activities, by key."""
    if not keys:
        return {}
    slots = ", ".join("?" * len(keys))
    rows = edition.rows(f"SELECT key, texts, readings, results FROM pages WHERE key IN ({slots})", keys)
    return {key: text_of_activity(told, readings, kept) for key, told, readings, kept in rows}


class Countries:
    """The names of countries in all languages of the pages."""

    def __init__(self) -> None:
        self._named = [Locale(language).territories for language in LANGUAGES]

    def names(self, code: str) -> list[str]:
        return list(dict.fromkeys(str(each.get(code, code)) for each in self._named))


def _indicators(edition: Edition, which: str = "true") -> Iterator[Item]:
    """Indicators that are kept at the desk, each known by its titles in all languages."""
    for key, code, method, fund, titles in edition.stream(
        "SELECT i.key, i.code, i.method, a.fund, list(t.text ORDER BY t.language <> 'en', t.language) FROM indicators i"
        " JOIN activities a USING (key) JOIN result_texts t ON t.\"of\" = i.code AND t.role = 'title' AND t.choice = ''"
        f" WHERE {which} GROUP BY ALL ORDER BY i.key, i.code"
    ):
        others = [title for title in titles[1:] if title != titles[0]]
        weight = WEIGHTS["indicator"]
        yield Item("indicator", code, titles[0], key, others, text=method, fund=fund or "", weight=weight)


def _linked(edition: Edition, which: str = "true") -> Iterator[Item]:
    """Documents elsewhere on the web that activities link to: only their titles are known here."""
    for key, ordinal, title, url, on, languages, fund in edition.stream(
        'SELECT d.key, d.ordinal, d.title, d.url, d."on", d.languages, a.fund'
        f" FROM documents d JOIN activities a ON a.key = d.key WHERE d.sha256 = '' AND {which} ORDER BY d.key, d.ordinal"
    ):
        yield Item(
            "document",
            f"{key}/{ordinal}",
            title or url,
            key,
            fund=fund or "",
            year=(on or "")[:4],
            language=(languages or "")[:2].lower(),
            url=url,
        )


def _filed(edition: Edition, which: str = "true") -> Iterator[Item]:
    """The office's own documents, with the words inside them; each once, however many activities it is about."""
    told: dict[str, dict[str, list[str]]] = {}
    for sha256, role, text in edition.rows(
        "SELECT sha256, role, text FROM filed_texts ORDER BY language <> 'en', language"
    ):
        told.setdefault(sha256, {}).setdefault(role, []).append(text)
    for sha256, name, on, languages, key, fund in edition.stream(
        "SELECT f.sha256, f.name, f.\"on\", f.languages, max(a.key), coalesce(max(a.fund), '') FROM filed f"
        " LEFT JOIN filed_about b USING (sha256) LEFT JOIN activities a ON a.key = b.key"
        f" WHERE {which} GROUP BY ALL ORDER BY 1"
    ):
        titles = told.get(sha256, {}).get("title") or [name]
        yield Item(
            "document",
            sha256,
            titles[0],
            key or 0,
            also=[*titles[1:], *told.get(sha256, {}).get("description", [])],
            codes=[sha256, name],
            text=text_of_document(edition, sha256),
            fund=fund,
            year=(on or "")[:4],
            language=(languages or "")[:2].lower(),
            weight=OF_OWN_DOCUMENTS,
            sha256=sha256,
        )


def text_of_document(edition: Edition, sha256: str) -> str:
    """The words inside a document whose file is here."""
    return documents.text(edition.home, sha256)[:LONGEST_DOCUMENT]


_AFFECTED = "(SELECT key FROM fresh.affected)"
_TOUCHED = "(SELECT organization FROM fresh.touched)"
_THEIR_DOCUMENTS = f"f.sha256 IN (SELECT sha256 FROM filed_about WHERE key IN {_AFFECTED})"


def outdated(edition: Edition) -> Iterator[tuple[str, str]]:
    """Of an edition on top of another: (field, value) of the items below that are not as they were."""
    yield from (("key", str(key)) for (key,) in edition.rows(f"SELECT * FROM {_AFFECTED}"))
    yield from (("id", f"organization:{identity}") for (identity,) in edition.rows(f"SELECT * FROM {_TOUCHED}"))
    for (sha256,) in edition.rows(f"SELECT sha256 FROM filed f WHERE {_THEIR_DOCUMENTS}"):
        yield "id", f"document:{sha256}"
    yield from (("kind", kind) for kind in ("country", "place", LESSON, *POINTS))


def changed(edition: Edition) -> Iterator[Item]:
    """Of an edition on top of another: the items that stand in the place of outdated ones."""
    yield from activities(edition, (key for (key,) in edition.rows(f"SELECT * FROM {_AFFECTED}")))
    yield from _indicators(edition, f"i.key IN {_AFFECTED}")
    yield from _linked(edition, f"d.key IN {_AFFECTED}")
    yield from _filed(edition, _THEIR_DOCUMENTS)
    yield from lessons(edition)
    yield from organizations(edition, f"o.organization IN {_TOUCHED}")
    yield from points(edition)


def lessons(edition: Edition) -> Iterator[Item]:
    """Lessons and best practices, in all their languages."""
    countries = Countries()
    for one in monitoring.lessons(edition):
        language, title = told_in(one.titles, "en")
        where = list(one.points.get("country", ()))
        yield Item(
            LESSON,
            one.code,
            title,
            one.key,
            also=[text for text in one.titles.values() if text != title],
            text="\n".join(one.texts.values())[:LONGEST],
            about=[
                one.project_title,
                one.organization_name,
                *(name for code in where for name in countries.names(code)),
            ],
            countries=where,
            fund=one.fund,
            year=str(one.year or ""),
            language=language,
            weight=WEIGHTS[LESSON],
        )


def organizations(edition: Edition, which: str = "") -> Iterator[Item]:
    """Organizations with all names they go by. which: a condition on o.organization."""
    where = f" WHERE {which}" if which else ""
    books: dict[str, list[str]] = {}
    for code, identity in edition.rows("SELECT code, identity FROM bodies"):
        books.setdefault(identity, []).append(code)
    aliases: dict[str, list[str]] = {}
    for identity, alias in edition.rows("SELECT identity, name FROM aliases ORDER BY identity, ordinal"):
        aliases.setdefault(identity, []).append(alias)
    for identity, name, mentions, names in edition.stream(
        "SELECT o.organization, o.name, o.mentions, n.names FROM organizations o LEFT JOIN"
        " (SELECT organization, list(DISTINCT name ORDER BY name) AS names FROM named WHERE name <> '' GROUP BY 1) n"
        f" USING (organization){where} ORDER BY o.organization"
    ):
        reference = [] if identity.startswith("name/") else [identity]
        yield Item(
            "organization",
            identity,
            name or identity,
            also=[each for each in dict.fromkeys([*aliases.get(identity, []), *(names or ())]) if each != name][
                :MOST_NAMES
            ],
            codes=[*reference, *books.get(identity, [])],
            weight=WEIGHTS["organization"] + 2 * len(str(mentions or 0)),
        )


def points(edition: Edition) -> Iterator[Item]:
    """Countries and the places in them, themes, windows, goals, sectors, markers."""
    countries = Countries()
    places = edition.rows(
        "SELECT p.code, c.code, count(*) FROM memberships p JOIN memberships c USING (key)"
        " WHERE p.dimension = 'place' AND c.dimension = 'country' GROUP BY ALL ORDER BY ALL"
    )
    for (code,) in edition.rows("SELECT DISTINCT code FROM memberships WHERE dimension = 'country' ORDER BY 1"):
        names = countries.names(code)
        yield Item("country", code, names[0], also=names[1:], codes=[code], countries=[code], weight=WEIGHTS["country"])
    for place, country, _ in places:
        yield Item(
            "place",
            f"{country}/{place}",
            place,
            about=countries.names(country),
            countries=[country],
            weight=WEIGHTS["place"],
        )
    stated = {
        (dimension, code): name
        for dimension, code, name in edition.rows(
            "SELECT dimension, code, any_value(name) FROM stated_names GROUP BY ALL"
        )
    }
    for dimension, code in edition.rows(
        f"SELECT DISTINCT dimension, code FROM memberships WHERE dimension IN ({', '.join('?' * len(POINTS))}) ORDER BY ALL",
        list(POINTS),
    ):
        name = _name(dimension, code) or stated.get((dimension, code), code)
        yield Item(dimension, code, name, codes=[code], weight=OF_POINTS)


def _name(dimension: str, code: str) -> str:
    """The name of a code of a common list; "" for a publisher's own code."""
    if dimension == "marker":
        return codes.table()["policy_marker"].get(code.partition(":")[0], "")
    kept = {"sdg": "sdg_goal"}.get(dimension, dimension)
    return codes.table().get(kept, {}).get(code, "")
