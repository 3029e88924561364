"""Searching an edition: an index beside its database, made by the running code, deletable, and outside the content hash.

Accents and letter size do not count, a slip is forgiven, and what is as it was typed comes first. An edition that stands on
another has that one's index with the changed items in the place of the old.
"""

import fcntl
import hashlib
import os
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Filter, Index, Occur, Query, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from quipu.edition import searchable, withheld
from quipu.edition.home import Home
from quipu.edition.open import Edition
from quipu.edition.searchable import Item
from quipu.rules.likeness import folded, forgiven, nearest

MEMORY = 64 << 20  # of the writer
SMALL = 20_000  # activities of an edition that is indexed while somebody waits
MOST_WORDS, LONGEST_QUERY = 12, 300
MOST_HITS = 1_000
FACETS = ("kind", "country", "fund", "year", "status", "language")
MOST_VALUES = 60  # of a facet
SUGGESTED = 8
ACTIVITIES = ("fund", "programme", "project")
# How much a word counts where it stands; the beginning of a longer word counts half of that, a slip a third.
PLACES = {"title": 10.0, "codes": 8.0, "also": 6.0, "text": 1.0, "about": 0.5}
NAMES = ("title", "also")  # where a slip is always forgiven; elsewhere only in a word that stands nowhere
SHORTEST_BEGINNING = {"text": 4, "about": 4}  # letters; three in the other places
KNOWN = 100_000.0  # for what is called exactly so, or has exactly this code
LEAST_WEIGHT = 30  # the score is multiplied by the logarithm of the weight, which is to decide between equals only
LOOKED_THROUGH = 4_000  # words of the index among which the one that was meant is looked for


class NotYet(Exception):
    """There is no index to search yet; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found."""

    kind: str
    code: str
    title: str
    key: int
    sha256: str
    url: str
    is_meant: bool = False  # it is called exactly what was typed, or has exactly this code


@dataclass(slots=True)
class Found:
    """What a search found: how much, the hits asked for, and how many there are under each choice of each facet."""

    count: int
    hits: list[Hit]
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    some: bool = False  # not all words stand together anywhere; each hit holds some of them
    meant: str = ""  # what was probably meant, where a word stands nowhere as it was typed


def directory(home: Home, number: int) -> Path:
    """Where the index of an edition is, or will be."""
    return home.index(number)


def is_made(home: Home, number: int) -> bool:
    """Whether the index of an edition is there."""
    return directory(home, number).is_dir()


def make(home: Home, number: int, *, edition: Edition | None = None, patient: bool = True) -> bool:
    """Makes the index of an edition, unless it is there. Answers whether it is there now.

    Two processes do not make it twice, and a killed one leaves none. edition: where it is open
    already. patient: waits for a process that makes another one.
    """
    target = directory(home, number)
    with _alone(home, patient) as mine:
        if mine and not target.is_dir():
            generation = withheld.state(home.root, fresh=True).generation
            base = home.stands_on(number)
            edition = edition or Edition(home, number)
            with home.working("search") as folder:
                fresh = Path(folder) / "index"
                if base is None:
                    _write(fresh, searchable.items(edition))
                else:
                    _write_over(fresh, home, base, edition)
                target.parent.mkdir(parents=True, exist_ok=True)
                with home.settling():  # what was taken down meanwhile may stand in it: then it is thrown away
                    if withheld.state(home.root, fresh=True).generation == generation:
                        shutil.move(fresh, target)
    return target.is_dir()


def keep_up(home: Home) -> None:
    """Makes the index of the current edition; again where another edition became current meanwhile."""
    while (number := home.current()) is not None and not is_made(home, number):
        make(home, number)


@contextmanager
def _alone(home: Home, patient: bool) -> Iterator[bool]:
    """Whether this process alone makes an index now."""
    with (home.cache / "search.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if patient else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _schema() -> Any:
    builder = SchemaBuilder()
    for name in ("id", "kind", "code", "title_shown", "sha256", "url", "key"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", fast=name == "kind", index_option="basic")
    for name in PLACES:
        builder.add_text_field(name, tokenizer_name="plain", index_option="basic" if name == "codes" else "freq")
    builder.add_text_field("known", tokenizer_name="raw", index_option="basic")
    for name in FACETS[1:]:
        builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    for name in ("weight", "first", "order"):
        builder.add_unsigned_field(name, fast=True)
    return builder.build()


_PLAIN = (
    TextAnalyzerBuilder(Tokenizer.simple())
    .filter(Filter.lowercase())
    .filter(Filter.ascii_fold())
    .filter(Filter.remove_long(60))
    .build()
)


def words(typed: str) -> list[str]:
    """The words of a text as the index holds them: small letters without accents."""
    found: list[str] = _PLAIN.analyze(unicodedata.normalize("NFKC", typed))
    return found


def _open(folder: Path, *, new: bool = False) -> Any:
    if new:
        folder.mkdir()
    index = Index(_schema(), path=str(folder)) if new else Index.open(str(folder))
    index.register_tokenizer("plain", _PLAIN)
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
    for name, value in searchable.outdated(edition):
        writer.delete_documents_by_term(name, value)
    for item in searchable.changed(edition):
        writer.add_document(_document(item))
    writer.commit()
    writer.wait_merging_threads()


def _document(item: Item) -> Any:
    document = tantivy.Document()
    for name, value in (("id", item.id), ("kind", item.kind), ("code", item.code), ("title_shown", item.title)):
        document.add_text(name, value)
    for name, value in (("sha256", item.sha256), ("url", item.url), ("key", str(item.key))):
        document.add_text(name, value)
    for name, values in (
        *(("title", [item.title]), ("also", item.also), ("text", [item.text]), ("about", item.about)),
        *(("codes", _written(item.codes)), ("known", _known(item))),
        ("country", item.countries),
        *((name, [getattr(item, name)]) for name in ("fund", "year", "status", "language")),
    ):
        for value in filter(None, values):
            document.add_text(name, unicodedata.normalize("NFKC", value))
    document.add_unsigned("weight", LEAST_WEIGHT + item.weight)
    document.add_unsigned("first", int.from_bytes(folded(item.title).encode()[:8].ljust(8, b"\0"), "big"))
    document.add_unsigned("order", int.from_bytes(hashlib.sha256(item.id.encode()).digest()[:8], "big"))
    return document


def _written(codes: Iterable[str]) -> set[str]:
    """Codes as they are, and with the numbers in them without the zeros before."""
    return {written for code in codes for written in (code, _without_zeros(words(code)))}


def _without_zeros(pieces: list[str]) -> str:
    return " ".join(piece.lstrip("0") if piece.isdecimal() else piece for piece in pieces)


def _known(item: Item) -> set[str]:
    """All that an item is called, and its codes, each whole; of a code that ends with a number, this number as well."""
    known = {" ".join(words(each)) for each in (item.title, *item.also)}
    for pieces in filter(None, map(words, item.codes)):
        ends = [pieces[-1:]] if pieces[-1].isdecimal() else []
        known |= {written for each in (pieces, *ends) for written in (" ".join(each), _without_zeros(each))}
    return known


# Asking


class Searcher:
    """The index of one edition, opened."""

    def __init__(self, folder: Path, number: int) -> None:
        self.number = number
        self.index = _open(folder)
        self.schema = self.index.schema
        self.searcher = self.index.searcher()

    def find(
        self, typed: str, chosen: Mapping[str, list[str]] = {}, *, most: int = 20, offset: int = 0, counted: bool = True
    ) -> Found:
        """What fits all words, else some of them. chosen: codes by facet that a hit must be under, one of each."""
        sought = words(typed)[:MOST_WORDS]
        limits = {name: self._one_of(name, values) for name, values in chosen.items() if name in FACETS and values}
        if not sought and not limits:
            return Found(0, [])
        some, query = False, self._query(sought, limits.values())
        count = self._count(query)
        if not count and len(sought) > 1:
            some, query = True, self._query(sought, limits.values(), some=True)
            count = self._count(query)
        found = Found(count, self._hits(query, most, offset), some=some and bool(count))
        if counted:
            found.facets = self._counts(query, FACETS)
            for name in limits:  # what else could be chosen instead
                others = [limit for other, limit in limits.items() if other != name]
                found.facets |= self._counts(self._query(sought, others, some), [name])
            found.meant = self._meant(sought, found.hits)
        return found

    def suggest(self, typed: str, most: int = SUGGESTED) -> list[Hit]:
        """Titles that begin as a person types, or contain what they typed; a slip in what is there so far is forgiven."""
        sought = words(typed)[:MOST_WORDS]
        if not sought:
            return []
        *before, last = sought
        places = (*NAMES, "codes")
        begun = self._word(last, places)
        if forgiven(last):
            slip = Query.fuzzy_term_query(self.schema, "title", last, distance=1, prefix=True)
            begun = Query.disjunction_max_query([begun, Query.const_score_query(slip, 1.0)])
        parts = [(Occur.Must, self._word(word, places)) for word in before]
        query = Query.boolean_query([*parts, (Occur.Must, begun), *self._called(sought)])
        begins = " ".join(sought)
        hits = self._hits(query, most * 4)
        return sorted(hits, key=lambda hit: not " ".join(words(hit.title)).startswith(begins))[:most]

    def _meant(self, sought: list[str], hits: list[Hit]) -> str:
        """The words with those that stand nowhere replaced by the most similar that do; "" where there is nothing to replace."""
        named = Counter(word for hit in hits for word in words(hit.title))
        instead = [word if self._stands(word, beginning=True) else self._nearest(word, named) for word in sought]
        return " ".join(instead) if instead != sought else ""

    def _nearest(self, word: str, named: Mapping[str, int]) -> str:
        """The word that was probably meant: one in the titles found, else one of the index that begins like it; else itself."""
        if found := nearest(word, named):
            return found
        counts: Counter[str] = Counter()
        for name in PLACES:
            counts.update(dict(self.searcher.terms_with_prefix(name, word[:2], limit=LOOKED_THROUGH)))
        return nearest(word, counts) or word

    def _stands(self, word: str, *, beginning: bool = False) -> bool:
        """Whether a word, or one that begins so, stands anywhere in the index."""
        if any(self.searcher.doc_freq(name, word) for name in PLACES):
            return True
        return beginning and any(self.searcher.terms_with_prefix(name, word, limit=1) for name in PLACES)

    def _count(self, query: Any) -> int:
        return int(self.searcher.search(query, limit=1).count)

    def _hits(self, query: Any, most: int, offset: int = 0) -> list[Hit]:
        """The best first; equals by title, then in an order that never changes."""
        top = self.searcher.search(query, limit=MOST_HITS, count=False, weight_by_field="weight").hits
        places = [place for _, place in top]
        first, order = (self.searcher.fast_field_values(name, places) for name in ("first", "order"))
        ranked = sorted((-round(score, 3), first[n], order[n], n) for n, (score, _) in enumerate(top))
        return [self._hit(top[n][1], -score > KNOWN) for score, _, _, n in ranked[offset : offset + most]]

    def _hit(self, place: Any, is_meant: bool) -> Hit:
        one = self.searcher.doc(place).get_first
        return Hit(one("kind"), one("code"), one("title_shown"), int(one("key")), one("sha256"), one("url"), is_meant)

    def _query(self, sought: list[str], limits: Iterable[Any], some: bool = False) -> Any:
        parts = [(Occur.Should if some else Occur.Must, self._word(word, tuple(PLACES))) for word in sought]
        asked = [(Occur.Must, Query.boolean_query(parts))] if parts else []
        return Query.boolean_query([*asked, *self._called(sought), *((Occur.Must, limit) for limit in limits)])

    def _called(self, sought: list[str]) -> list[Any]:
        """What is called exactly so goes before everything else."""
        known = Query.term_query(self.schema, "known", " ".join(sought))
        return [(Occur.Should, Query.const_score_query(known, KNOWN))] if sought else []

    def _word(self, word: str, places: tuple[str, ...]) -> Any:
        """A word wherever it may stand, as it is, as a beginning, or with a slip; where it stands best decides."""
        ways = []
        slips, stands = forgiven(word), self._stands(word)
        for name in places:
            ways.append(Query.boost_query(Query.term_query(self.schema, name, word), PLACES[name]))
            if len(word) >= SHORTEST_BEGINNING.get(name, 3):
                begins = Query.fuzzy_term_query(self.schema, name, word, distance=0, prefix=True)
                ways.append(Query.const_score_query(begins, PLACES[name] / 2))
            if slips and name != "codes" and (name in NAMES or not stands):
                slip = Query.fuzzy_term_query(self.schema, name, word, distance=slips)
                ways.append(Query.const_score_query(slip, PLACES[name] / 3))
        return Query.disjunction_max_query(ways)

    def _one_of(self, name: str, values: list[str]) -> Any:
        some = Query.boolean_query([(Occur.Should, Query.term_query(self.schema, name, value)) for value in values])
        return Query.const_score_query(some, 0.0)

    def _counts(self, query: Any, names: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
        wanted = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
        answered = self.searcher.aggregate(query, wanted)
        return {
            name: sorted(
                ((str(each["key"]), int(each["doc_count"])) for each in answered[name]["buckets"]),
                key=lambda each: (-each[1], each[0]),
            )
            for name in wanted
        }


def searcher(edition: Edition) -> Searcher:
    """The edition's index; made now where the edition is small. Where that would take long, the index of the nearest edition
    that has one: its number says so. Raises NotYet where there is none.
    """
    home, number = edition.home, edition.number
    if not is_made(home, number) and not _made_now(edition):
        number = _nearest(home, number)
    if ("searcher", number) not in edition.memo:
        edition.memo["searcher", number] = Searcher(directory(home, number), number)
    found: Searcher = edition.memo["searcher", number]
    return found


def _made_now(edition: Edition) -> bool:
    home, number = edition.home, edition.number
    if edition.manifest.totals["activities"] <= SMALL:
        return make(home, number, edition=edition)
    below = home.stands_on(number)
    return below is not None and is_made(home, below) and make(home, number, edition=edition, patient=False)


def _nearest(home: Home, number: int) -> int:
    there = {int(folder.parent.name) for folder in home.cache.glob("[0-9]*/search-*")}
    made = [each for each in sorted(there) if is_made(home, each)]
    if not made:
        raise NotYet("The words of this edition are being put in order. Please try again in a few minutes.")
    return min(made, key=lambda each: (abs(each - number), each))


def texts_of(edition: Edition, hits: Iterable[Hit]) -> dict[Hit, str]:
    """What is written in the things found, for excerpts."""
    hits = list(hits)
    told = searchable.texts(edition, [hit.key for hit in hits if hit.kind in ACTIVITIES])
    found = {hit: told.get(hit.key, "") for hit in hits if hit.kind in ACTIVITIES}
    if any(hit.kind == searchable.LESSON for hit in hits):
        learned = {item.code: item.text for item in searchable.lessons(edition)}
        found |= {hit: learned.get(hit.code, "") for hit in hits if hit.kind == searchable.LESSON}
    return found | {hit: searchable.text_of_document(edition, hit.sha256) for hit in hits if hit.sha256}
