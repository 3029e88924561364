"""A factsheet's words put in reading order: which language, which block."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from quipu.edition import filed
from quipu.edition.open import Edition
from quipu.edition.pages import Record
from quipu.rules import narrative
from quipu.rules.statuses import Status, status

Item = Mapping[str, Any]
LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the language it is in; lang is "" where it is the page's own."""

    text: str
    lang: str = ""


@dataclass(slots=True)
class Block:
    """A piece of prose: an optional heading, paragraphs, or items of a list."""

    heading: str = ""
    paragraphs: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of narrative from the desk, in Markdown. number: of an outcome, 0 for every other piece."""

    key: str
    heading: str
    number: int
    title: str
    text: str
    lang: str = ""


def said(options: Iterable[tuple[str, str]], language: str, own: str = "") -> Said:
    """The text in the reader's language, else in its activity's own, else in English, else the first there is."""
    found: dict[str, str] = {}
    own = own.lower()[:2]
    for stated, text in options:
        found.setdefault((stated or own).lower()[:2], text)
    for wanted in (language, own, "en", *found):
        if wanted in found:
            return Said(found[wanted], "" if wanted == language else wanted)
    return Said("")


def titles(edition: Edition, hashes: Iterable[str], language: str) -> dict[str, Said]:
    """What the office's documents are called in a reader's language, by hash."""
    named = filed.titles(edition, hashes)
    return {sha: said(((text["language"], text["text"]) for text in texts), language) for sha, texts in named.items()}


def titled(edition: Edition, listed: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """Documents of a list, the office's own called as a reader of that language calls them."""
    named = titles(edition, (d["sha256"] for d in listed if d["sha256"]), language)
    called = {sha: {"title": title.text, "title_language": title.lang or language} for sha, title in named.items()}
    return [{**d, **called.get(d["sha256"], {})} for d in listed]


class Sheet:
    """One record as a reader of one language sees it."""

    def __init__(self, record: Record, language: str) -> None:
        self.record = record
        self.language = language

    # — words —

    def said(self, options: Iterable[tuple[str, str]]) -> Said:
        """One of several texts, as the reader's language and the activity's have it."""
        return said(options, self.language, self.record["language"])

    def _texts(self, role: str) -> list[Item]:
        return [item for item in self.record["texts"] if item["role"] == role]

    @property
    def title(self) -> Said:
        return self.said((t["language"], t["text"]) for t in self._texts("title"))

    def document(self, item: Item) -> Said:
        """What a document is called in the reader's language; its address where it has no title."""
        titles = [(t["language"], t["text"]) for t in item["titles"]] or [(item["title_language"], item["title"])]
        title = self.said(titles)
        return title if title.text else Said(item["url"])

    @property
    def descriptions(self) -> dict[str, list[Block]]:
        """Prose by the description's type: 1 general, 2 objectives, 3 target groups, 4 other."""
        by_type: dict[str, list[Item]] = {}
        for item in self._texts("description"):
            by_type.setdefault(item["type"], []).append(item)
        return {kind: self._prose(items) for kind, items in sorted(by_type.items())}

    @property
    def pieces(self) -> list[Piece]:
        """The narrative written at the desk, each piece in the language a reader knows best."""
        by_key: dict[str, list[Item]] = {}
        for item in self._texts(narrative.ROLE):
            by_key.setdefault(item["type"], []).append(item)
        return [self._piece(key, items) for key, items in by_key.items()]

    def _piece(self, key: str, items: list[Item]) -> Piece:
        told = self.said((item["language"], item["text"]) for item in items)
        first, _, rest = told.text.partition("\n\n")
        title, text = (first[2:], rest) if first.startswith("# ") and "\n" not in first else ("", told.text)
        return Piece(key, *narrative.heading(key), title, text, told.lang)

    def _prose(self, items: list[Item]) -> list[Block]:
        """All texts of a type in one language; several in the same language stand one after the other."""
        own = self.record["language"].lower()[:2]
        spoken: dict[str, list[str]] = {}
        for item in items:
            spoken.setdefault((item["language"] or own).lower()[:2], []).append(item["text"])
        lang = next((x for x in (self.language, own, "en", *spoken) if x in spoken), "")
        mark = "" if lang == self.language else lang
        return [prose(text, mark) for text in spoken.get(lang, [])]

    # — facts —

    @property
    def status(self) -> Status:
        return status(self.record["status"])

    @property
    def dates(self) -> dict[str, Item]:
        """The first date of each type."""
        found: dict[str, Item] = {}
        for item in self.record["dates"]:
            found.setdefault(item["type"], item)
        return found

    def participants(self, *roles: str) -> list[Item]:
        """Organizations in any of the roles, each once, in the order they are named; all where no role is given."""
        seen: dict[str, Item] = {}
        for item in self.record["participants"]:
            if not roles or item["role"] in roles:
                seen.setdefault(item["organization"] or item["name"], item)
        return list(seen.values())

    @property
    def roles(self) -> dict[str, list[Item]]:
        """Every organization under every role it has."""
        found: dict[str, list[Item]] = {}
        for item in self.record["participants"]:
            found.setdefault(item["role"], []).append(item)
        return dict(sorted(found.items()))

    def portions(self, dimension: str, vocabulary: str | None = None) -> list[Item]:
        """Countries, regions, sectors, goals, themes or marks of the activity."""
        return [
            item
            for item in self.record["portions"]
            if item["dimension"] == dimension and vocabulary in (None, item["vocabulary"])
        ]

    @property
    def sector_vocabularies(self) -> dict[str, list[Item]]:
        """Sectors by vocabulary; vocabularies are never added."""
        found: dict[str, list[Item]] = {}
        for item in self.portions("sector"):
            found.setdefault(item["vocabulary"], []).append(item)
        return dict(sorted(found.items()))

    @property
    def contacts(self) -> list[dict[str, str]]:
        """Offices and roles to write to: organisation, department, job-title, website; lang where they are not the reader's."""
        grouped: dict[str, dict[str, list[tuple[str, str]]]] = {}
        for item in self._texts("contact"):
            nth, _, part = item["type"].partition("/")
            grouped.setdefault(nth, {}).setdefault(part, []).append((item["language"], item["text"]))
        contacts = []
        for parts in grouped.values():
            told = {part: self.said(texts) for part, texts in parts.items()}
            lang = next((one.lang for part, one in told.items() if one.lang and part != "website"), "")
            if any(one.text for one in told.values()):
                contacts.append({**{part: one.text for part, one in told.items()}, "lang": lang})
        return list({tuple(sorted(c.items())): c for c in contacts}.values())


def prose(text: str, lang: str = "") -> Block:
    """A text as paragraphs; a short first line over several others is the heading of a list."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    block = Block(lang=lang)
    marked = [line.lstrip("-•*– ").strip() for line in lines if line[:1] in "-•*–"]
    is_heading = len(lines) > 2 and len(lines[0]) <= LONGEST_HEADING and lines[0][-1] not in ".;,?!"
    if is_heading:
        block.heading, block.items = lines[0].rstrip(":"), [line.lstrip("-•*– ").strip() for line in lines[1:]]
    elif lines and len(marked) == len(lines) > 1:
        block.items = marked
    else:
        block.paragraphs = lines
    return block
