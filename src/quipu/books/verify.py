"""Verify: the chain is computed again, the seals are looked for, and the journal is played into an empty ledger."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.core.management import call_command
from django.db import connections

from quipu.books import database, models, post, seals, standing, words
from quipu.rules.findings import Refused
from quipu.rules.journal import Journal, content_hash, memo_hash, read, texts, write

TABLES = (
    "Posting",
    "Entry",
    "Reference",
    "Attachment",
    "Event",
    "RevolvingEntry",
)  # what is sealed, and must be the same in a replay
NOT_COMPARED = ("id", "source")  # row numbers and file names are no part of what happened
MOST = 20  # faults of one kind that are told
KnownHead = tuple[
    int, str
]  # a position of the chain and the hash there, or how it begins, as somebody outside knows it


@dataclass(slots=True)
class Verdict:
    """What was found. faults: empty where all is as it was sealed."""

    links: int = 0
    entries: int = 0
    head: str = ""
    replayed_head: str = ""
    edition: int = 0  # the published one that was compared, 0 for none
    redacted: int = 0  # links whose texts are gone; the hash of them stays sealed
    parts: int = 0  # of all editions
    withdrawn: list[str] = field(default_factory=list)  # what was taken down, and should be gone
    faults: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(*, replay: bool = True, heads: Sequence[KnownHead] = ()) -> Verdict:
    """Everything that can be checked of the books that are worked in. It changes nothing and raises nothing.

    heads: known from outside. Without one nobody can tell a chain that lost its last links from a shorter one.
    """
    verdict = Verdict(entries=models.Entry.objects.count())
    verdict.faults += [f"the seal {name} does not stand" for name in seals.missing(database.current())]
    verdict.faults += _first(broken_links(verdict))
    verdict.faults += [fault for head in heads for fault in _other_head(*head, verdict.links)]
    verdict.faults += _first(_changed_contents())
    sealed = models.Posting.objects.exclude(memo_hash="")
    verdict.redacted = sealed.count() - models.Memo.objects.filter(posting__in=sealed.values("pk")).count()
    if replay and verdict.links and not verdict.faults:
        verdict.faults += _replayed(verdict)
    return verdict


def _first(faults: Iterator[str]) -> list[str]:
    found = [fault for _, fault in zip(range(MOST), faults, strict=False)]
    more = sum(1 for _ in faults)
    return [*found, *([f"and {more} more like these"] if more else [])]


def broken_links(verdict: Verdict) -> Iterator[str]:
    """Every link follows the one before it and is numbered without gaps. It reads the bare table, of any older program too."""
    before, last, number = post.GENESIS, None, 0
    for row in models.Posting.objects.order_by("position").values_list(*_LINK).iterator(5_000):
        position, numbered, key, recorded_at, by, approved, memo_hash_, salt, content, link = row
        where = f"link {position} ^{key}"
        verdict.links += 1
        if position != verdict.links:
            yield f"{where}: link {verdict.links} is missing before it"
            verdict.links = position
        if numbered is not None:
            number += 1
            if numbered != number:
                yield f"{where}: voucher number {number} is missing"
                number = numbered
        if last and recorded_at < last:
            yield f"{where}: recorded before the link it follows"
        last = recorded_at
        memo = tuple(filter(None, (memo_hash_, salt)))
        if post.link_hash(before, position, recorded_at, by, approved, memo, content) != link:
            yield f"{where}: its hash does not follow from the link before it"
        before = link
    verdict.head = before


_LINK = (
    *("position", "number", "key", "recorded_at", "by", "approved"),
    *("memo_hash", "memo_salt", "content_hash", "hash"),
)


def _other_head(position: int, known: str, last: int) -> Iterator[str]:
    """Why the chain is not the one whose head is known from outside."""
    where = f"link {position}, known from outside"
    link = models.Posting.objects.filter(position=position).values_list("hash", flat=True).first()
    if link is None and position > last:
        yield f"{where}: the chain ends at link {last}, so links at its end were removed"
    elif link is None:
        yield f"{where}: it is missing here"
    elif not link.startswith(known.lower()):
        yield f"{where} as {known[:12]}: it is {link[:12]} here, so the chain was made anew"


def _changed_contents() -> Iterator[str]:
    """Every link still says what was sealed."""
    for link, say in words.links():
        where = f"link {link.position} ^{link.key}"
        try:
            item = say()
            content, said = content_hash(item), texts(item)
        except words.Unreadable as error:
            yield str(error)
            continue
        if content != link.content_hash:
            yield f"{where}: it does not say what was sealed"
        if said and memo_hash(said, link.memo_salt) != link.memo_hash:
            yield f"{where}: its texts are not those that were sealed"


def _replayed(verdict: Verdict) -> list[str]:
    """The journal is written, read and posted into an empty ledger; all sealed rows must be the same there."""
    told = words.journal()
    text = write(told)
    ours = {name: _rows(name) for name in TABLES}
    with database.working_in(database.REPLAY):
        try:
            _lay_out_replay()
            again = read(text, "replay")
            post.post(Journal("replay", again.items, again.faults), by=post.SELF, strict=False)
            verdict.replayed_head = post.head().hash
            theirs = {name: _rows(name) for name in TABLES}
        except Refused as refused:
            return [f"the journal cannot be replayed: {fault}" for fault in refused.findings[:MOST]]
        finally:
            _empty_replay()
    faults = []
    if verdict.replayed_head != verdict.head:
        faults.append(f"a replay ends at {verdict.replayed_head[:12]}, the ledger at {verdict.head[:12]}")
    for name in TABLES:
        faults += _first(_differences(name.lower(), ours[name], theirs[name]))
    return faults


def _lay_out_replay() -> None:
    tables = _tables()
    _empty_replay()
    replay = connections[database.REPLAY]
    replay.ensure_connection()
    with closing(sqlite3.connect(":memory:")) as laid_out:
        laid_out.deserialize(tables)
        laid_out.backup(replay.connection)


@cache
def _tables() -> bytes:
    """A replay's tables and seals without a row, as the migrations make them: once in a process, they take a second."""
    _empty_replay()
    call_command("migrate", "books", database=database.REPLAY, verbosity=0, interactive=False, checked=True)
    tables: bytes = connections[database.REPLAY].connection.serialize()
    return tables


def _empty_replay() -> None:
    """Django keeps a database in memory for the life of the process; letting go of it empties it."""
    replay = connections[database.REPLAY]
    if replay.connection is not None:
        replay.connection.close()
        replay.connection = None
    standing.forget(database.REPLAY)


def _rows(name: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The sealed rows of a table by what they are of."""
    model = getattr(models, name)
    fields = [f.attname for f in model._meta.concrete_fields if f.attname not in NOT_COMPARED or name == "Entry"]
    key = [f for f in ("posting_id", "position", "ordinal") if f in fields]
    return {tuple(row[f] for f in key): tuple(row.values()) for row in model.objects.values(*fields)}


def _differences(table: str, ours: dict[tuple[Any, ...], Any], theirs: dict[tuple[Any, ...], Any]) -> Iterator[str]:
    for key in sorted({*ours, *theirs}):
        if ours.get(key) != theirs.get(key):
            yield f"{table} {'/'.join(map(str, key))}: the ledger has {ours.get(key)}, a replay {theirs.get(key)}"
