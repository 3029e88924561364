"""Searching an edition: an index beside its database, made by the running code, deletable, and outside the content hash.

Accents and letter size do not count, a slip is forgiven, and what is as it was typed comes first. An edition that stands on
another has that one's index with the changed items in the place of the old.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Filter, Index, Occur, Query, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from quipu.edition import searchable
from quipu.edition.code import maker
from quipu.edition.home import Home
from quipu.edition.open import Edition
from quipu.edition.searchable import Item
from quipu.rules.likeness import forgiven, words

MEMORY = 64 << 20  # of the writer
SMALL = 20_000  # activities of an edition that is indexed while somebody waits
MOST_WORDS, LONGEST_QUERY = 12, 300
MOST_HITS = 1_000
FACETS = ("kind", "country", "fund", "year", "status", "language")
SUGGESTED = 8
# How much a word counts where it stands; a slip counts a third of that.
PLACES = {"codes": 12.0, "title": 8.0, "also": 5.0, "text": 1.0}
ACTIVITIES = ("fund", "programme", "project")


class NotYet(Exception):
    """The index of a large edition is being made; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found."""

    kind: str
    code: str
    title: str
    key: int
    sha256: str
    url: str


@dataclass(slots=True)
class Found:
    """What a search found: how much, the hits asked for, and how many there are under each choice of each facet."""

    count: int
    hits: list[Hit]
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    some: bool = False  # not all words stand together anywhere; each hit holds some of them


def directory(home: Home, number: int) -> Path:
    """Where the index of an edition is, or will be."""
    return home.cache / f"{number:06d}" / f"search-{maker()}"


def make(home: Home, number: int) -> Path:
    """Makes the index of an edition, unless it is there. Two processes do not make it twice, and a killed one leaves none."""
    target = directory(home, number)
    with _alone(home):
        if not target.is_dir():
            base = home.stands_on(number)
            edition = Edition(home, number)
            with home.working("search") as folder:
                fresh = Path(folder) / "index"
                if base is None:
                    _write(fresh, searchable.items(edition))
                else:
                    _write_over(fresh, home, base, edition)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(fresh, target)
    return target


def keep_up(home: Home) -> None:
    """Makes the index of the current edition; again where another edition became current meanwhile."""
    while (number := home.current()) is not None and not directory(home, number).is_dir():
        make(home, number)


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    with (home.cache / "search.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _schema() -> Any:
    builder = SchemaBuilder()
    for name in ("id", "kind", "code", "title_shown", "sha256", "url"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", fast=name == "kind", index_option="basic")
    for name in ("title", "also", "text"):
        builder.add_text_field(name, tokenizer_name="plain")
    builder.add_text_field("codes", tokenizer_name="plain", index_option="basic")
    for name in FACETS[1:]:
        builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("weight", fast=True)
    return builder.build()


def _open(folder: Path, *, new: bool = False) -> Any:
    if new:
        folder.mkdir()
    index = Index(_schema(), path=str(folder)) if new else Index.open(str(folder))
    plain = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase()).filter(Filter.ascii_fold())
    index.register_tokenizer("plain", plain.filter(Filter.remove_long(60)).build())
    return index


def _write(folder: Path, items: Iterator[Item]) -> None:
    index = _open(folder, new=True)
    writer = index.writer(heap_size=MEMORY, num_threads=1)
    for item in items:
        writer.add_document(_document(item))
    writer.commit()
    writer.wait_merging_threads()


def _write_over(folder: Path, home: Home, base: int, edition: Edition) -> None:
    """The index below with the items of affected activities and organizations made anew. Its files are shared, not copied."""
    below = directory(home, base)
    if not below.is_dir():
        with home.working("search") as beside:
            _write(Path(beside) / "index", searchable.items(Edition(home, base)))
            shutil.move(Path(beside) / "index", below)
    folder.mkdir()
    for file in below.iterdir():
        if file.suffix != ".lock":
            os.link(file, folder / file.name)
    index = _open(folder)
    writer = index.writer(heap_size=MEMORY, num_threads=1)
    affected = [key for (key,) in edition.rows("SELECT key FROM fresh.affected")]
    touched = [identity for (identity,) in edition.rows("SELECT organization FROM fresh.touched")]
    for key in affected:
        writer.delete_documents_by_term("key", str(key))
    for identity in touched:
        writer.delete_documents_by_term("id", f"organization:{identity}")
    for item in searchable.changed(edition):
        writer.delete_documents_by_term("id", item.id)
        writer.add_document(_document(item))
    writer.commit()
    writer.wait_merging_threads()


def _document(item: Item) -> Any:
    document = tantivy.Document()
    for name, value in (("id", item.id), ("kind", item.kind), ("code", item.code), ("title_shown", item.title)):
        document.add_text(name, value)
    document.add_text("sha256", item.sha256)
    document.add_text("url", item.url)
    document.add_text("key", str(item.key))
    document.add_text("title", item.title)
    document.add_text("text", item.text)
    for name in item.also:
        document.add_text("also", name)
    for code in item.codes:
        for written in {code, *(piece.lstrip("0") for piece in words(code))}:
            document.add_text("codes", written)
    for name, values in (
        ("country", item.countries),
        *((name, [getattr(item, name)]) for name in ("fund", "year", "status", "language")),
    ):
        for value in values:
            if value:
                document.add_text(name, value)
    document.add_unsigned("weight", item.weight)
    return document


# Asking


class Searcher:
    """The index of one edition, opened."""

    def __init__(self, folder: Path) -> None:
        self.index = _open(folder)
        self.schema = self.index.schema
        self.searcher = self.index.searcher()

    def find(
        self, typed: str, chosen: Mapping[str, list[str]] = {}, *, most: int = 20, offset: int = 0, counted: bool = True
    ) -> Found:
        """What fits all words, else some of them. chosen: codes by facet that a hit must be under, one of each."""
        sought = words(typed)[:MOST_WORDS]
        limits = [self._one_of(name, values) for name, values in chosen.items() if name in FACETS and values]
        if not sought and not limits:
            return Found(0, [])
        for some in (False, True):
            query = self._query(sought, limits, some)
            count = int(self.searcher.search(query, limit=1).count)
            if count or len(sought) < 2:
                break
        ranked = self._ranked(query, MOST_HITS)
        hits = [_hit(document) for _, document in ranked[offset : offset + most]]
        return Found(count, hits, self._counts(query) if counted else {}, some and bool(count))

    def suggest(self, typed: str, most: int = SUGGESTED) -> list[Hit]:
        """Titles that begin as a person types, or contain what they typed."""
        sought = words(typed)[:MOST_WORDS]
        if not sought:
            return []
        parts = [(Occur.Must, self._word(word, ("codes", "title", "also"))) for word in sought[:-1]]
        last = sought[-1]
        begun = [self._word(last, ("codes", "title", "also"))]
        for name in ("title", "also", "codes"):
            prefix = Query.fuzzy_term_query(self.schema, name, last, distance=0, prefix=True)
            begun.append(Query.boost_query(Query.const_score_query(prefix, 1.0), PLACES[name]))
        query = Query.boolean_query([*parts, (Occur.Must, Query.disjunction_max_query(begun))])
        hits = [_hit(document) for _, document in self._ranked(query, most * 6)]
        begins = " ".join(sought)
        return sorted(hits, key=lambda hit: not " ".join(words(hit.title)).startswith(begins))[:most]

    def _ranked(self, query: Any, most: int) -> list[tuple[float, Any]]:
        """Documents best first; equals by what they are known by, so that an answer is always the same."""
        top = self.searcher.search(query, limit=most, count=False, weight_by_field="weight")
        scored = [(round(score, 3), self.searcher.doc(at)) for score, at in top.hits]
        return sorted(scored, key=lambda each: (-each[0], each[1].get_first("id")))

    def _query(self, sought: list[str], limits: list[Any], some: bool) -> Any:
        occur = Occur.Should if some else Occur.Must
        parts = [(occur, self._word(word, tuple(PLACES))) for word in sought]
        asked = [(Occur.Must, Query.boolean_query(parts))] if parts else []
        return Query.boolean_query([*asked, *((Occur.Must, limit) for limit in limits)])

    def _word(self, word: str, places: tuple[str, ...]) -> Any:
        """A word wherever it may stand, as it is or with a slip; where it stands best decides."""
        ways = []
        for name in places:
            exact = Query.term_query(self.schema, name, word)
            ways.append(Query.boost_query(exact, PLACES[name]))
            begins = Query.fuzzy_term_query(self.schema, name, word, distance=0, prefix=True)
            if len(word) > 2:
                ways.append(Query.boost_query(Query.const_score_query(begins, 1.0), PLACES[name] / 2))
            if forgiven(word):
                slip = Query.fuzzy_term_query(self.schema, name, word, distance=forgiven(word))
                ways.append(Query.boost_query(Query.const_score_query(slip, 1.0), PLACES[name] / 3))
        return Query.disjunction_max_query(ways)

    def _one_of(self, name: str, values: list[str]) -> Any:
        some = Query.boolean_query([(Occur.Should, Query.term_query(self.schema, name, value)) for value in values])
        return Query.const_score_query(some, 0.0)

    def _counts(self, query: Any) -> dict[str, list[tuple[str, int]]]:
        wanted = {name: {"terms": {"field": name, "size": 60}} for name in FACETS}
        answered = self.searcher.aggregate(query, wanted)
        return {
            name: sorted(
                ((str(each["key"]), int(each["doc_count"])) for each in answered[name]["buckets"]),
                key=lambda each: (-each[1], each[0]),
            )
            for name in FACETS
        }


def _hit(document: Any) -> Hit:
    one = document.get_first
    return Hit(one("kind"), one("code"), one("title_shown"), int(one("key")), one("sha256") or "", one("url") or "")


def searcher(edition: Edition) -> Searcher:
    """The edition's index; made now where the edition is small. Raises NotYet where that would take long."""
    if "searcher" not in edition.memo:
        folder = directory(edition.home, edition.number)
        if not folder.is_dir():
            ((activities,),) = edition.rows("SELECT count(*) FROM activities")
            below = edition.home.stands_on(edition.number)
            ready = below is not None and directory(edition.home, below).is_dir()
            if activities > SMALL and not ready:
                raise NotYet("The index of this edition is being made. Please try again in a few minutes.")
            make(edition.home, edition.number)
        edition.memo["searcher"] = Searcher(folder)
    found: Searcher = edition.memo["searcher"]
    return found


def text_of(edition: Edition, hit: Hit) -> str:
    """What is written in a thing found, for an excerpt."""
    if hit.kind in ACTIVITIES:
        return next((item.text for item in searchable.activities(edition, f"a.key = {hit.key}")), "")
    if hit.kind == "document" and hit.sha256:
        return searchable.text_of_document(edition, hit.sha256)
    return ""
