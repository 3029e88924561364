"""Comparing editions: what changed from one to another, and the sums an edition is compared with its books by.

Two editions stand side by side in one engine. Only activities whose sources differ by their hashes are looked at: what was
made from the same parts says the same.
"""

import json
import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from quipu.edition import overlay
from quipu.edition.engine import Connection, connect, quoted
from quipu.edition.home import Home
from quipu.edition.manifest import Manifest, is_books, is_documents
from quipu.edition.open import Edition, Editions, there
from quipu.edition.overlay import FRESH
from quipu.edition.pages import find
from quipu.rules import narrative
from quipu.rules.comparing import difference

MEMORY = "256MB"
MOST = 200  # changes of a kind that are told, unless more are asked for
SIDES = ("before", "after")
TABLES = (
    *("activities", "all_facts", "behind", "documents", "organizations", "pages", "participations", "sizes"),
    *("spans", "parents", "accounts", "observations", "indicators", "result_texts"),
)

# What an edition and the books are compared by

# All that money of the books is cut by, as finely as it can be: figures are sums of these, so none can differ alone.
CUT = ("fund", "project", "organization", "contributor", "category", "standing", "year", "movement", "currency")
Sums = dict[tuple[str, ...], Decimal]
# Where an edition keeps them: what questions are asked of, and what pages show.
RELATIONS = {
    "facts": "all_facts f JOIN sources s ON s.source = f.source AND s.books",
    "pages": "(SELECT * EXCLUDE (organization), organization AS participating_organization FROM cubes WHERE NOT of_parts) f",
}


def sums(edition: Edition, where: str) -> Sums:
    """Every sum of an edition's books by CUT, from one of its RELATIONS."""
    return {
        (*map(str, cut),): amount
        for *cut, amount in edition.rows(
            "SELECT a.fund, CASE WHEN a.kind = 'project' THEN a.code ELSE '' END, f.participating_organization,"
            " f.contributor, f.category, f.standing, f.year, f.movement, f.currency, sum(f.value)"
            f" FROM {RELATIONS[where]} JOIN accounts a ON a.key = f.key"
            " WHERE f.value IS NOT NULL GROUP BY ALL"
        )
    }


def differing(ours: Sums, theirs: Sums) -> Iterator[tuple[tuple[str, ...], Decimal, Decimal]]:
    """(cut, our sum, their sum) wherever they are not equal; what is missing is nothing."""
    for cut in sorted({*ours, *theirs}):
        pair = (ours.get(cut, Decimal(0)), theirs.get(cut, Decimal(0)))
        if pair[0] != pair[1]:
            yield (cut, *pair)


# What changed from one edition to another


@dataclass(frozen=True, slots=True)
class Subject:
    """An activity that something is said of; on is the side whose page can be read."""

    identifier: str
    title: str
    kind: str
    on: str = "after"


@dataclass(frozen=True, slots=True)
class Moved:
    """A voucher's entry that was added, takes an earlier one back, or is gone."""

    change: str  # "added", "takes back", "gone"
    entry: int
    reference: str
    on: date
    movement: str
    value: Decimal | None
    currency: str
    reverses: int | None
    subject: Subject
    takes_back: str = ""  # the reference of the entry it reverses


@dataclass(frozen=True, slots=True)
class Altered:
    """An aspect of an activity before and after: codes, days or names as each edition has them."""

    subject: Subject
    aspect: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Revised:
    """The budget of an activity in US dollars, where it is another one now."""

    subject: Subject
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal:
        """What came to it."""
        return difference(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Filed:
    """A document that was added, or is gone."""

    change: str
    url: str
    sha256: str  # of the office's own; "" for somebody else's
    title: str
    language: str  # of the title
    on: str
    subject: Subject


@dataclass(frozen=True, slots=True)
class Read:
    """The reported value of an indicator for a period, where it is another one now. None: there is none on that side.

    titles: of the indicator by language. Values as they are kept; why, origin: of the later side, or of the one there is.
    """

    subject: Subject
    place: str
    kind: str
    titles: dict[str, str]
    until: date
    before: str | None
    after: str | None
    origin: str


@dataclass(slots=True)
class Changes:
    """All that changed, each list cut at what was asked for and counted whole."""

    is_same: bool = False  # made from the same parts: nothing can differ
    sources: list[tuple[str, str, str]] = field(default_factory=list)  # name, change, of the books: links before–after
    vouchers: list[Moved] = field(default_factory=list)
    activities: list[Altered] = field(default_factory=list)
    budgets: list[Revised] = field(default_factory=list)
    documents: list[Filed] = field(default_factory=list)
    readings: list[Read] = field(default_factory=list)
    words: list[Altered] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def sources(before: Manifest, after: Manifest) -> list[tuple[str, str, str]]:
    """(name, what happened to it, a detail) of every source that is not the same: new, changed, gone."""
    was, now = ({s["name"]: s for s in each.sources} for each in (before, after))
    found = []
    for name in sorted({*was, *now}):
        if name not in was:
            found.append((name, "new", ""))
        elif name not in now:
            found.append((name, "gone", ""))
        elif _made_of(was[name]) != _made_of(now[name]):
            links = f"#{was[name]['position']} – #{now[name]['position']}" if is_books(now[name]) else ""
            found.append((name, "changed", links))
    return found


def _made_of(source: Mapping[str, Any]) -> tuple[Any, ...]:
    return (source["sha256"], *sorted(part["sha256"] for part in source["parts"]))


@dataclass(frozen=True, slots=True)
class Outline:
    """What a manifest alone says of a change: cheap, for a list of editions."""

    since: int  # the number of the earlier edition
    is_same: bool
    links: int  # of the books' chain
    files: dict[str, int]  # how many are new, changed, gone


def outline(before: Manifest, after: Manifest) -> Outline:
    """What changed from one edition to another as far as their manifests tell."""
    found = Counter(change for name, change, links in sources(before, after) if not links)
    files = {change: found[change] for change in ("new", "changed", "gone")}
    same = before.content == after.content
    return Outline(before.number, same, after.position - before.position, files)


def first_with(editions: Editions, identifier: str, without: int, having: int) -> int:
    """The first edition after one without an activity that has it, as far as can be told quickly.

    Only editions whose databases are there are looked at, a few of them: once there, it is taken to have stayed.
    """
    known = [n for n in editions.numbers() if without < n < having and there(editions.home, n)[0] is not None]
    at = bisect_left(known, True, key=lambda n: bool(find(editions.get(n), identifier)))
    return known[at] if at < len(known) else having


def changes(before: Edition, after: Edition, identifier: str = "", *, most: int = MOST) -> Changes:
    """What changed from one edition to another; of one activity and what is part of it, where an identifier is named."""
    found = Changes(before.manifest.content == after.manifest.content, sources(before.manifest, after.manifest))
    if found.is_same:
        return found
    with _side_by_side(before.home, before, after) as pair:
        pair.narrow(identifier)
        found.vouchers = list(pair.vouchers(most))
        found.activities, found.budgets = pair.activities(most)
        found.documents = list(pair.documents(most))
        found.readings = list(pair.readings(most))
        found.words = list(pair.words(most))
        found.counts = pair.counts
    return found


@contextmanager
def _side_by_side(home: Home, before: Edition, after: Edition) -> Iterator["_Pair"]:
    connection = connect(memory=MEMORY, threads=2, spill=home.cache / f"spill-{os.getpid()}")
    try:
        yield _Pair(connection, home, (before, after))
    finally:
        connection.close()


class _Pair:
    """An engine with the tables of two editions under the schemas `before` and `after`."""

    def __init__(self, connection: Connection, home: Home, editions: tuple[Edition, Edition]) -> None:
        self.connection, self.home = connection, home
        self.files: dict[Path, str] = {}
        self.counts: dict[str, int] = {}
        for side, edition in zip(SIDES, editions, strict=True):
            self._place(side, edition.number)
        self._moved(editions[0].manifest, editions[1].manifest)

    def _attached(self, path: Path) -> str:
        """The name a file is attached under: once, though both editions may stand on it."""
        if path not in self.files:
            self.files[path] = f"file_{len(self.files)}"
            self.connection.execute(f"ATTACH {quoted(path)} AS {self.files[path]} (READ_ONLY)")
        return self.files[path]

    def _place(self, side: str, number: int) -> None:
        path, base = there(self.home, number)
        if path is None:  # let go meanwhile; an open edition does not mind
            Edition(self.home, number)
            path, base = there(self.home, number)
        assert path is not None
        own = self._attached(path)
        drawn = {table: f"SELECT * FROM {own}.main.{table}" for table in TABLES}
        if path != self.home.database(number) and base is not None:
            fresh = f"{own}.{FRESH.partition('.')[2]}"
            (is_redressed,) = self.rows(f"SELECT 1 FROM {fresh}.redressed LIMIT 1") or [()]
            below = self._attached(self.home.database(base))
            every = overlay.views(f"{below}.main", fresh, is_redressed=bool(is_redressed))
            drawn = {table: every[table] for table in TABLES}
        self.connection.execute(f"CREATE SCHEMA {side}")
        for table, sql in drawn.items():
            self.connection.execute(f"CREATE VIEW {side}.{table} AS {sql}")

    def rows(self, sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.connection.execute(sql, parameters).fetchall()
        return found

    def _moved(self, before: Manifest, after: Manifest) -> None:
        """The sources of each side that the other side does not have from the same parts."""
        self.papers_moved = False
        for side, own, other in (("before", before, after), ("after", after, before)):
            known = {_made_of(source) for source in other.sources}
            moved = [n for n, source in enumerate(own.sources) if _made_of(source) not in known]
            self.papers_moved |= any(is_documents(own.sources[n]) for n in moved)
            self.connection.execute(f"CREATE TEMP TABLE moved_{side} (source BIGINT)")
            if moved:
                self.connection.executemany(f"INSERT INTO moved_{side} VALUES (?)", [(n,) for n in moved])

    def narrow(self, identifier: str) -> None:
        """Which activities are looked at, and which of the one side is which of the other.

        An activity keeps its key as long as its publisher and identifier stay; one that books took over from a file may have
        another, and is known by its identifier where nobody else uses that.
        """
        for side, other in (SIDES, SIDES[::-1]):
            condition, parameters = "true", []
            # documents of the office stand under activities that may not have moved themselves
            filed = f" OR key IN (SELECT key FROM {side}.documents WHERE sha256 <> '')" if self.papers_moved else ""
            if identifier:
                condition = (
                    "(identifier = ? OR (fund = ? AND place = 'child') OR key IN (SELECT p.child"
                    f" FROM {side}.parents p JOIN {side}.activities o ON o.key = p.parent WHERE o.identifier = ?))"
                )
                parameters = [identifier] * 3
            self.connection.execute(
                f"CREATE TEMP TABLE some_{side} AS SELECT key, identifier, title, status, kind, fund FROM {side}.activities"
                f" WHERE {condition} AND (source IN (SELECT source FROM moved_{side})"
                f" OR key IN (SELECT key FROM {side}.behind WHERE source IN (SELECT source FROM moved_{side}))"
                f" OR key NOT IN (SELECT key FROM {other}.activities){filed})",
                parameters,
            )
        # What one side reads from a source that stayed, the other may read from one that moved.
        for side, other in (SIDES, SIDES[::-1]):
            self.connection.execute(
                f"INSERT INTO some_{side} SELECT key, identifier, title, status, kind, fund FROM {side}.activities"
                f" WHERE key IN (SELECT key FROM some_{other}) AND key NOT IN (SELECT key FROM some_{side})"
            )
        self.connection.execute(
            "CREATE TEMP TABLE pairs AS WITH lone AS ("
            " SELECT b.key AS was, a.key AS now FROM some_before b JOIN some_after a USING (identifier)"
            " WHERE b.key NOT IN (SELECT key FROM some_after) AND a.key NOT IN (SELECT key FROM some_before)"
            " QUALIFY count(*) OVER (PARTITION BY identifier) = 1)"
            " SELECT b.key AS was, coalesce(a.key, l.now) AS now FROM some_before b LEFT JOIN some_after a USING (key)"
            " LEFT JOIN lone l ON l.was = b.key"
            " UNION ALL SELECT NULL, key FROM some_after"
            " WHERE key NOT IN (SELECT key FROM some_before) AND key NOT IN (SELECT now FROM lone)"
        )

    def _counted(self, name: str, sql: str, order: str, most: int) -> list[tuple[Any, ...]]:
        """The first rows of a query, and how many there are in all."""
        found = self.rows(f"SELECT *, count(*) OVER () FROM ({sql}) ORDER BY {order} LIMIT {most}")
        self.counts[name] = found[0][-1] if found else 0
        return [row[:-1] for row in found]

    def vouchers(self, most: int) -> Iterator[Moved]:
        """Entries that are on one side alone, newest first; budgets are no vouchers."""

        def alone(side: str, other: str, change: str) -> str:
            return (
                f'SELECT {change} AS change, f.entry, f.reference, f."on", f.movement, f.value, f.currency, f.reverses,'
                f" s.identifier, s.title, s.kind, '{side}' AS side FROM {side}.all_facts f"
                f" JOIN {side}.activities s ON s.key = f.subject"
                f" WHERE f.ordinal > 0 AND f.subject IN (SELECT key FROM some_{side})"
                " AND NOT ends_with(f.movement, '_seen_from_below') AND f.entry NOT IN"
                f" (SELECT entry FROM {other}.all_facts WHERE ordinal > 0 AND subject IN (SELECT key FROM some_{other}))"
            )

        added = alone("after", "before", "CASE WHEN f.reverses IS NULL THEN 'added' ELSE 'takes back' END")
        gone = alone("before", "after", "'gone'")
        found = self._counted("vouchers", f"{added} UNION ALL {gone}", '"on" DESC, entry DESC, change', most)
        taken = self._references([row[7] for row in found if row[7]])
        for change, entry, reference, on, movement, value, currency, reverses, *subject in found:
            back = taken.get(reverses, "")
            yield Moved(change, entry, reference, on, movement, value, currency, reverses, Subject(*subject), back)

    def _references(self, entries: list[int]) -> dict[int | None, str]:
        """What vouchers some entries were posted under."""
        slots = ", ".join("?" * len(entries)) or "NULL"
        return dict(self.rows(f"SELECT entry, reference FROM after.all_facts WHERE entry IN ({slots})", entries))

    def activities(self, most: int) -> tuple[list[Altered], list[Revised]]:
        """What lists and heads of pages say otherwise, and budgets that were revised."""

        def told(side: str) -> str:
            return (
                f"SELECT s.*, CAST(p.start AS VARCHAR) AS start, CAST(p.until AS VARCHAR) AS until, z.budget,"
                f" (SELECT string_agg(o.name, '; ' ORDER BY o.name) FROM {side}.participations r"
                f" JOIN {side}.organizations o USING (organization) WHERE r.key = s.key AND r.role = '4') AS organizations"
                f" FROM some_{side} s LEFT JOIN {side}.spans p USING (key) LEFT JOIN {side}.sizes z USING (key)"
            )

        self.connection.execute(
            f"CREATE TEMP TABLE told AS SELECT b, a FROM pairs LEFT JOIN ({told('before')}) b ON b.key = was"
            f" LEFT JOIN ({told('after')}) a ON a.key = now"
        )
        aspects = ("title", "status", "kind", "fund", "start", "until", "organizations")
        subject = "coalesce(a.identifier, b.identifier), coalesce(a.title, b.title), coalesce(a.kind, b.kind)"
        side = "CASE WHEN a.key IS NULL THEN 'before' ELSE 'after' END"
        parts = [
            f"SELECT {subject} AS title, {side} AS side, CASE WHEN b.key IS NULL THEN 'new' ELSE 'gone' END AS aspect,"
            " '' AS was, '' AS now, 0 AS place FROM told WHERE (a.key IS NULL) <> (b.key IS NULL)"
        ]
        parts += [
            f"SELECT {subject}, 'after', '{aspect}', coalesce(b.{aspect}, ''), coalesce(a.{aspect}, ''), {n} FROM told"
            f" WHERE a.key IS NOT NULL AND b.key IS NOT NULL AND coalesce(b.{aspect}, '') <> coalesce(a.{aspect}, '')"
            for n, aspect in enumerate(aspects, 1)
        ]
        named = [part.replace(f"{subject} AS title", subject) for part in parts]
        columns = "(identifier, title, kind, side, aspect, was, now, place)"
        rows = self._counted(
            "activities",
            f"SELECT * FROM ({' UNION ALL '.join(named)}) t{columns}",
            "place > 0, title, identifier, place",
            most,
        )
        altered = [Altered(Subject(i, t, k, s), aspect, was, now) for i, t, k, s, aspect, was, now, _ in rows]
        revised = self._counted(
            "budgets",
            f"SELECT * FROM (SELECT {subject}, {side}, b.budget, a.budget FROM told WHERE b.budget IS DISTINCT FROM a.budget)"
            " t(identifier, title, kind, side, was, now)",
            "title, identifier",
            most,
        )
        return altered, [Revised(Subject(i, t, k, s), was, now) for i, t, k, s, was, now in revised]

    def documents(self, most: int) -> Iterator[Filed]:
        """Links that only one side has under the activity."""

        def alone(change: str, side: str, own: str, other_side: str, other: str) -> str:
            return (
                f"SELECT '{change}' AS change, d.url, d.sha256, d.title, d.title_language, d.\"on\", s.identifier,"
                f" s.title AS named, s.kind, '{side}' AS side FROM pairs p JOIN {side}.documents d ON d.key = p.{own}"
                f" JOIN some_{side} s ON s.key = p.{own}"
                f" ANTI JOIN (SELECT q.{own} AS key, e.url, e.sha256 FROM pairs q"
                f" JOIN {other_side}.documents e ON e.key = q.{other} WHERE q.{own} IS NOT NULL) e"
                f" ON e.key = p.{own} AND e.url = d.url AND e.sha256 = d.sha256"
            )

        added, gone = alone("added", "after", "now", "before", "was"), alone("gone", "before", "was", "after", "now")
        for change, url, sha256, title, language, on, *subject in self._counted(
            "documents", f"{added} UNION ALL {gone}", 'change, "on" DESC, url, sha256, identifier', most
        ):
            yield Filed(change, url, sha256, title, language, on, Subject(*subject))

    def readings(self, most: int) -> Iterator[Read]:
        """Reported values of results that are not the same, indicator by indicator and period by period."""

        def told(side: str, own: str) -> str:
            return (
                "SELECT p.was, p.now, o.indicator, o.since, o.until, o.value, o.origin, i.number, i.kind"
                f" FROM {side}.observations o JOIN pairs p ON p.{own} = o.key JOIN {side}.indicators i ON i.code = o.indicator"
                " WHERE o.reported AND o.state = 'approved'"
            )

        found = self._counted(
            "readings",
            "SELECT coalesce(a.indicator, b.indicator) AS indicator, coalesce(a.number, b.number) AS number,"
            " coalesce(a.kind, b.kind) AS measured, coalesce(a.until, b.until) AS until, b.value AS before, a.value AS after,"
            " coalesce(a.origin, b.origin) AS origin, coalesce(x.identifier, y.identifier) AS identifier,"
            " coalesce(x.title, y.title) AS title, coalesce(x.kind, y.kind) AS kind,"
            " CASE WHEN x.key IS NULL THEN 'before' ELSE 'after' END AS side"
            f" FROM ({told('before', 'was')}) b FULL JOIN ({told('after', 'now')}) a ON a.indicator = b.indicator"
            " AND a.until = b.until AND a.since IS NOT DISTINCT FROM b.since"
            " LEFT JOIN some_after x ON x.key = coalesce(a.now, b.now) LEFT JOIN some_before y ON y.key = coalesce(b.was, a.was)"
            " WHERE a.value IS DISTINCT FROM b.value",
            "title, identifier, number, until",
            most,
        )
        titles: dict[str, dict[str, str]] = {}
        for side in SIDES:
            slots = ", ".join("?" * len(found)) or "NULL"
            for of, language, text in self.rows(
                f'SELECT "of", language, text FROM {side}.result_texts WHERE role = \'title\' AND "of" IN ({slots})',
                [row[0] for row in found],
            ):
                titles.setdefault(of, {})[language] = text
        for code, number, measured, until, before, after, origin, *subject in found:
            words = titles.get(code, {})
            yield Read(Subject(*subject), f"i{number}", measured, words, until, before, after, origin)

    def words(self, most: int) -> Iterator[Altered]:
        """Which sections of a page that is on both sides say something else."""

        def hashed(side: str, key: str) -> str:
            own = ", ".join(
                f"hash(regexp_replace(coalesce({name}, ''), '{apart}', '', 'g')) AS {name}"
                if apart
                else f"hash({name}) AS {name}"
                for name, apart in _SECTIONS.items()
            )
            return f"SELECT key, {own} FROM {side}.pages WHERE key IN (SELECT {key} FROM both_sides)"

        self.connection.execute("CREATE TEMP TABLE both_sides AS FROM pairs WHERE was IS NOT NULL AND now IS NOT NULL")
        differs = [f"b.{name} <> a.{name}" for name in _SECTIONS]
        named = ", ".join(f"CASE WHEN b.{name} <> a.{name} THEN '{name}' END" for name in _SECTIONS)
        found = self._counted(
            "words",
            "SELECT s.identifier, s.title, s.kind, o.title AS once, p.was, p.now,"
            f" [{named}] AS which"
            f" FROM both_sides p JOIN ({hashed('before', 'was')}) b ON b.key = p.was"
            f" JOIN ({hashed('after', 'now')}) a ON a.key = p.now JOIN some_after s ON s.key = p.now"
            f" JOIN some_before o ON o.key = p.was WHERE {' OR '.join(differs)}",
            "title, identifier",
            most,
        )
        for identifier, title, kind, once, was, now, which in found:
            subject = Subject(identifier, title, kind)
            for section in filter(None, which):
                if section == "texts":  # another title stands among the heads already; here, one in another language
                    roles = [role for role in self._roles(was, now) if role != "title" or title == once]
                    yield from (Altered(subject, role) for role in roles)
                else:
                    yield Altered(subject, section)

    def _roles(self, was: int, now: int) -> list[str]:
        """Of an activity's texts: which kinds were changed."""
        texts = []
        for side, key in zip(SIDES, (was, now), strict=True):
            ((body,),) = self.rows(f"SELECT texts FROM {side}.pages WHERE key = ?", [key])
            spoken: dict[str, list[Any]] = {}
            for text in json.loads(body or "[]"):
                spoken.setdefault(text["role"], []).append((text["type"], text["language"], text["text"]))
            texts.append(spoken)
        kinds = {"title": ("title",), "description": ("description", narrative.ROLE), "contact": ("contact",)}
        return [kind for kind, roles in kinds.items() if any(texts[0].get(r) != texts[1].get(r) for r in roles)]


# The sections of a page record that are words, and what in them is none: where it stands in a file, what others are called.
_SECTIONS = {
    **{"texts": "", "readings": r'"line":\d+,?', "results": "", "portions": "", "places": ""},
    **{"relations": r'"(title|kind)":"([^"\\]|\\.)*",?', "identifiers": ""},
}
