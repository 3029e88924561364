"""What can be found in an edition: one item for each fund, project, organization, country, place, theme, document and figure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from babel import Locale

from quipu.edition import documents
from quipu.edition.open import Edition
from quipu.rules import codes
from quipu.rules.figures import FIGURES
from quipu.rules.statuses import status

LONGEST = 8_000  # letters of an activity's text that are looked into
LONGEST_DOCUMENT = 400_000
LANGUAGES = ("en", "es", "fr")
POINTS = ("theme", "window", "sdg", "sector", "marker", "region")


@dataclass(slots=True)
class Item:
    """One thing that can be found. weight: larger ones come first among equals; key: the activity it is or belongs to."""

    kind: str
    code: str
    title: str
    key: int = 0
    also: list[str] = field(default_factory=list)  # other names
    codes: list[str] = field(default_factory=list)
    text: str = ""
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
    yield from _linked(edition)
    yield from _filed(edition)
    yield from organizations(edition)
    yield from points(edition)
    for figure in FIGURES.values():
        yield Item("figure", figure.name, figure.label, text=figure.sentence)


_ACTIVITIES = """
SELECT a.key, a.identifier, a.title, a.kind, a.status, a.fund, a.publisher_name, a.language, year(l.start),
       coalesce(s.net_funded, s.spend, s.budget, 0), p.texts, p.readings, c.codes, i.codes
FROM activities a LEFT JOIN spans l USING (key) LEFT JOIN sizes s USING (key) LEFT JOIN pages p USING (key)
LEFT JOIN (SELECT key, list(code ORDER BY code) AS codes FROM memberships WHERE dimension = 'country' GROUP BY key) c USING (key)
LEFT JOIN (SELECT key, list(value ORDER BY value) AS codes FROM identifiers GROUP BY key) i USING (key)
"""


def activities(edition: Edition, which: str = "") -> Iterator[Item]:
    """Funds, programmes and projects. which: a condition on a.key."""
    where = f" WHERE {which}" if which else ""
    books = dict(edition.rows("SELECT key, code FROM accounts"))
    for row in edition.stream(f"{_ACTIVITIES}{where} ORDER BY a.key"):
        (
            key,
            identifier,
            title,
            kind,
            code,
            fund,
            publisher,
            language,
            year,
            size,
            texts,
            readings,
            countries,
            others,
        ) = row
        told = json.loads(texts) if texts else []
        names = [each["text"] for each in told if each["role"] == "title"]
        prose = [each["text"] for each in told if each["role"] != "title"]
        results = [each[what] for each in (json.loads(readings) if readings else []) for what in ("title", "text")]
        yield Item(
            kind,
            identifier,
            title or identifier,
            key,
            [*dict.fromkeys(name for name in names if name != title), publisher or ""],
            [identifier, *(others or []), *([books[key]] if key in books else [])],
            "\n".join([*prose, *dict.fromkeys(each for each in results if each)])[:LONGEST],
            list(countries or []),
            fund or "",
            str(year or ""),
            status(code).name,
            (language or "")[:2].lower(),
            (3 if kind == "fund" else 1) * len(str(int(abs(size)))) + (20 if kind == "fund" else 0),
        )


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


def _filed(edition: Edition) -> Iterator[Item]:
    """The office's own documents, with the words inside them; each once, however many activities it is about."""
    told: dict[str, dict[str, list[str]]] = {}
    for sha256, role, text in edition.rows(
        "SELECT sha256, role, text FROM filed_texts ORDER BY language <> 'en', language"
    ):
        told.setdefault(sha256, {}).setdefault(role, []).append(text)
    for sha256, name, on, languages, key, fund in edition.stream(
        "SELECT f.sha256, f.name, f.\"on\", f.languages, max(a.key), coalesce(max(a.fund), '') FROM filed f"
        " LEFT JOIN filed_about b USING (sha256) LEFT JOIN activities a ON a.key = b.key GROUP BY ALL ORDER BY 1"
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
            weight=8,
            sha256=sha256,
        )


def text_of_document(edition: Edition, sha256: str) -> str:
    """The words inside a document whose file is here."""
    return documents.text(edition.home, sha256)[:LONGEST_DOCUMENT]


def changed(edition: Edition) -> Iterator[Item]:
    """Of an edition on top of another: the items that are made anew."""
    yield from activities(edition, "a.key IN (SELECT key FROM fresh.affected)")
    yield from _linked(edition, "d.key IN (SELECT key FROM fresh.affected)")
    yield from organizations(edition, "o.organization IN (SELECT organization FROM fresh.touched)")
    yield from points(edition)


def organizations(edition: Edition, which: str = "") -> Iterator[Item]:
    """Organizations with all names they go by. which: a condition on o.organization."""
    where = f" WHERE {which}" if which else ""
    books: dict[str, list[str]] = {}
    for code, identity in edition.rows("SELECT code, identity FROM bodies"):
        books.setdefault(identity, []).append(code)
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
            also=[each for each in names or () if each != name][:30],
            codes=[*reference, *books.get(identity, [])],
            weight=len(str(mentions or 0)) * 2,
        )


def points(edition: Edition) -> Iterator[Item]:
    """Countries and the places in them, themes, windows, goals, sectors, markers."""
    named = [Locale(language).territories for language in LANGUAGES]
    places = edition.rows(
        "SELECT p.code, c.code, count(*) FROM memberships p JOIN memberships c USING (key)"
        " WHERE p.dimension = 'place' AND c.dimension = 'country' GROUP BY ALL ORDER BY ALL"
    )
    for (code,) in edition.rows("SELECT DISTINCT code FROM memberships WHERE dimension = 'country' ORDER BY 1"):
        names = list(dict.fromkeys(str(each.get(code, code)) for each in named))
        yield Item("country", code, names[0], also=names[1:], codes=[code], countries=[code], weight=18)
    for place, country, _ in places:
        names = list(dict.fromkeys(str(each.get(country, country)) for each in named))
        yield Item("place", f"{country}/{place}", place, text=", ".join(names), countries=[country], weight=14)
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
        yield Item(dimension, code, name, codes=[code], weight=10)


def _name(dimension: str, code: str) -> str:
    """The name of a code of a common list; "" for a publisher's own code."""
    if dimension == "marker":
        return codes.table()["policy_marker"].get(code.partition(":")[0], "")
    kept = {"sdg": "sdg_goal"}.get(dimension, dimension)
    return codes.table().get(kept, {}).get(code, "")
