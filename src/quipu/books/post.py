"""Posting: the one writer of the ledger. It locks the chain, looks for the key, checks, numbers, hashes, inserts."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from quipu.books import database, models, records, revolving
from quipu.books.standing import COLUMNS, SOME, Standing, rows
from quipu.rules import boxes, controls, entries
from quipu.rules.entries import Entry
from quipu.rules.findings import ERROR, Finding, Refused
from quipu.rules.journal import (
    Books,
    CloseYear,
    Declaration,
    Extend,
    Fault,
    Journal,
    Keyed,
    Posted,
    Reference,
    ReopenYear,
    Revolving,
    StatusChange,
    Voucher,
    check,
    memo_hash,
    meta,
)

GENESIS = "0" * 64
SELF = "journal"  # who recorded what nobody is named for
INSERTED = 2_000  # rows in one statement
MOMENTS = ("on", "recorded_at", "effective_on", "until")  # columns of dates and instants
KINDS = {
    **{StatusChange: "status", CloseYear: "close-year", ReopenYear: "reopen-year", Extend: "extend"},
    Revolving: "revolving",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one posting. is_new: False where the key stood already with the same content."""

    key: str
    position: int
    hash: str
    is_new: bool


@dataclass(slots=True)
class Answer:
    """Receipts in the order of what was posted, and all that is to be said of it."""

    receipts: list[Receipt] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


_together: ContextVar[list[Keyed] | None] = ContextVar("together", default=None)


@contextmanager
def together(*, by: str, approved: Sequence[str] = (), answer: Answer | None = None) -> Any:
    """Verbs called inside wait for the end and are posted as one batch: all of them, or none. answer: filled at the end."""
    waiting: list[Keyed] = []
    token = _together.set(waiting)
    try:
        yield
    finally:
        _together.reset(token)
    made = post(Journal("", tuple(waiting)), by=by, approved=approved)
    if answer is not None:
        answer.receipts, answer.findings = made.receipts, made.findings


_rehearsed: ContextVar[bool] = ContextVar("rehearsed", default=False)


@contextmanager
def rehearsing() -> Iterator[None]:
    """Whatever is posted inside is judged as it would be and leaves nothing behind: its answer holds all findings."""
    token = _rehearsed.set(True)
    try:
        yield
    finally:
        _rehearsed.reset(token)


def post_one(item: Keyed, *, by: str, approved: Sequence[str] = ()) -> Answer:
    """Posts what a verb says, or keeps it for the batch it is called in. Raises Refused."""
    waiting = _together.get()
    if waiting is not None:
        waiting.append(item)
        return Answer()
    return post(Journal("", (item,)), by=by, approved=approved)


def post(journal: Journal, *, by: str, approved: Sequence[str] = (), source: str = "", strict: bool = True) -> Answer:
    """Takes in declarations and posts vouchers and directives in their order: all of them, or none.

    by, approved: opaque codes of people, for what names nobody itself. strict: the rules refuse; otherwise what is told
    has happened already, and only structural faults refuse. Raises Refused with all faults, or all findings, at once.
    """
    rehearsed = _rehearsed.get()
    with transaction.atomic(using=database.current()):
        _lock()
        posting = _Posting(journal, by=by, approved=approved, source=source, strict=strict and not rehearsed)
        answer = posting.run(insert=not rehearsed)
        if rehearsed:  # declarations, and the chain's own row on empty books
            transaction.set_rollback(True, using=database.current())
        return answer


def _lock() -> None:
    """One posting at a time. SQLite's transaction is exclusive from its beginning."""
    with database.cursor() as cursor:
        suffix = " FOR UPDATE" if cursor.db.vendor == "postgresql" else ""
        cursor.execute(f"SELECT id FROM books_chain{suffix}")
        if cursor.fetchone() is None:
            cursor.execute("INSERT INTO books_chain (id) VALUES (1) ON CONFLICT DO NOTHING")
            cursor.execute(f"SELECT id FROM books_chain{suffix}")


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of the chain."""

    position: int = 0
    number: int = 0
    hash: str = GENESIS
    recorded_at: datetime = datetime(1, 1, 1, tzinfo=UTC)


def head() -> Head:
    """Where the chain stands."""
    last = rows(
        "SELECT position, (SELECT max(number) FROM books_posting), hash, recorded_at FROM books_posting"
        " ORDER BY position DESC LIMIT 1"
    )
    if not last:
        return Head()
    ((position, number, link, recorded_at),) = last
    if recorded_at.tzinfo is None:  # SQLite keeps an instant in UTC without its zone
        recorded_at = recorded_at.replace(tzinfo=UTC)
    return Head(position, number or 0, link, recorded_at)


def link_hash(
    before: str, position: int, recorded_at: datetime, by: str, approved: str, memo: Sequence[str], content: str
) -> str:
    """A link of the chain: SHA-256 over lines of text. content: the hash of what it says."""
    said = (before, str(position), instant(recorded_at), by, approved, " ".join(memo), content)
    return hashlib.sha256("\n".join(("quipu 1", *said)).encode()).hexdigest()


def instant(moment: datetime) -> str:
    """An instant as a journal writes it, in UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


class _Posting:
    """One batch on its way into the ledger."""

    def __init__(self, journal: Journal, *, by: str, approved: Sequence[str], source: str, strict: bool) -> None:
        self.journal, self.by, self.approved, self.source, self.strict = journal, by, approved, source, strict
        last = head()
        self.position, self.number, self.hash, self.recorded_at = (
            last.position,
            last.number,
            last.hash,
            last.recorded_at,
        )
        self.now = datetime.now(UTC)
        self.standing = Standing((last.position, last.hash))
        self.books = Books(journal, self.standing.known)
        self.boxes = revolving.Boxes(self.books)
        self.answer = Answer()
        self.said: dict[str, Posted] = {}  # by key
        self.kinds = {item.key: item.kind for item in journal.items if isinstance(item, Voucher)}
        self.tables: dict[str, list[tuple[Any, ...]]] = {
            name: [] for name in ("posting", "entry", "reference", "attachment", "event", "memo", "revolvingentry")
        }

    def run(self, *, insert: bool) -> Answer:
        keyed = [item for item in self.journal.items if isinstance(item, Keyed)]
        named = [ref.key for item in keyed if isinstance(item, Voucher) for ref in item.references]
        named += [item.reverses for item in keyed if isinstance(item, Revolving) and item.reverses]
        self.standing.prepare([*(item.key for item in keyed), *named])
        faults = [*check(self.journal, self.standing.known, self.said), *self._without_base(keyed)]
        if faults:
            raise Refused(*faults)
        declared = [item for item in self.journal.items if isinstance(item, Declaration)]
        if declared:
            self.answer.findings += records.declare(declared)
            self.standing = Standing((self.position, self.hash))
            self.standing.prepare([*(item.key for item in keyed), *named])
            self.books = Books(Journal(""), self.standing.known)
            self.boxes = revolving.Boxes(self.books)
        here: dict[str, Receipt] = {}
        for item in keyed:
            stands = here.get(item.key) or self._standing_receipt(item.key)
            receipt = stands or self._post(item)
            here[item.key] = receipt if stands else Receipt(item.key, receipt.position, receipt.hash, False)
            self.answer.receipts.append(receipt)
        refusing = [finding for finding in self.answer.findings if finding.severity == ERROR]
        if self.strict and refusing:
            raise Refused(*refusing)
        if insert:
            self._insert()
            self.standing.remember((self.position, self.hash))
        return self.answer

    def _standing_receipt(self, key: str) -> Receipt | None:
        if self.standing.keys.get(key) is None:
            return None
        position, link = models.Posting.objects.filter(key=key).values_list("position", "hash").get()
        return Receipt(key, position, link, False)

    def _without_base(self, keyed: Iterable[Keyed]) -> Iterable[Fault]:
        """A transfer between funds of two currencies says what arrives there."""
        for item in keyed:
            for line in item.lines if isinstance(item, Voucher) else ():
                if line.movement != "fund_transfer" or line.right is None:
                    continue
                here, there = self.books.currency(line.left.code), self.books.currency(line.right.code)
                if here and there and here != there and (line.original is None or line.original.currency != there):
                    expected = f"the amount in {there}, in parentheses"
                    column = line.columns.get("amount", 1)
                    yield Fault(self.journal.name, line.line, column, expected, f"an amount in {here} alone")

    def _post(self, item: Keyed) -> Receipt:
        self.position += 1
        own: list[Entry] = []
        if isinstance(item, Voucher):
            self.number += 1
            lines = entries.of_voucher(item, self.position, self.books)
            own = entries.numbered(
                [*lines, *entries.twins(lines, self.books), *self._mirrors(item, lines)], self.position
            )
            self.standing.add(item.key, own, len(lines))
            self.answer.findings += controls.of_voucher(item, own, self.standing, self.said[item.key].texts)
        elif isinstance(item, Revolving):
            said = self.said[item.key].texts
            moved = self.boxes.take(item, self.position)
            self.tables["revolvingentry"] += moved
            self.answer.findings += controls.of_texts(item, said)
            self.answer.findings += boxes.of_posting(
                item, moved, self.boxes.of(item.community), self.books.community_currency(item.community) or "", said
            )
        else:
            self.answer.findings += controls.of_directive(item, self.standing, self.said[item.key].texts)
            self.standing.take(item)
        return self._link(item, own)

    def _mirrors(self, voucher: Voucher, lines: Sequence[Entry]) -> list[Entry]:
        """What takes back the entries that the voucher replaces or reverses."""
        made: list[Entry] = []
        occurring = {(line.participation, line.year) for line in lines if line.participation}
        for reference in voucher.references:
            own, said = self.standing.of_key(reference.key)
            if reference.word == "replaces":
                chosen = [e for e in own[:said] if (e.participation, e.year) in occurring]
                chosen = [e for e in chosen if reference.entry in (None, e.ordinal)]
                made += [entries.mirror(entry, None) for entry in [*chosen, *_twins_of(chosen, own, said)]]
                continue
            chosen = own if reference.entry is None else [own[reference.entry - 1]]
            if reference.entry is not None:
                chosen = [*chosen, *_twins_of(chosen, own, said)]
            made += [entries.mirror(entry, voucher.on) for entry in chosen]
            self.answer.findings += self._reversed_again(voucher, reference)
        return made

    def _reversed_again(self, voucher: Voucher, reference: Reference) -> Iterable[Finding]:
        kind = self.kinds.get(reference.key)
        if kind is None:
            kind = models.Posting.objects.filter(key=reference.key).values_list("kind", flat=True).get()
        if kind == "reversal":
            yield Finding("reversal-of-reversal", f"^{voucher.key}", f"^{reference.key}")

    def _link(self, item: Keyed, own: Sequence[Entry]) -> Receipt:
        is_voucher = isinstance(item, Voucher)
        said, content = self.said[item.key].texts, self.said[item.key].content
        memo = meta(item, "memo") or self._memo(said)
        self.recorded_at = self._recorded(item)
        by = next(iter(meta(item, "by")), self.by)
        approved = " ".join(part.parts[0] for part in item.metas if part.key == "approved") or " ".join(self.approved)
        self.hash = link_hash(self.hash, self.position, self.recorded_at, by, approved, memo, content)
        lines = len(item.lines) if isinstance(item, Voucher | Revolving) else 0
        kind = item.kind if isinstance(item, Voucher) else KINDS[type(item)]
        number = self.number if is_voucher else None
        about = (item.on, self.recorded_at, by, approved, *(memo or ("", "")), self.source, content, self.hash)
        self.tables["posting"].append((self.position, number, item.key, kind, lines, *about))
        self.tables["entry"] += own
        if said:
            self.tables["memo"].append((self.position, said))
        documents = (part.parts[0].removeprefix("sha256-") for part in item.metas if part.key == "document")
        self.tables["attachment"] += [(self.position, n, sha) for n, sha in enumerate(documents, 1)]
        if isinstance(item, Voucher):
            named = enumerate(item.references, 1)
            self.tables["reference"] += [(self.position, n, ref.word, ref.key, ref.entry) for n, ref in named]
        elif isinstance(item, Revolving):
            back = [(self.position, 1, "reverses", item.reverses, None)] if item.reverses else []
            self.tables["reference"] += back
        else:
            self.tables["event"].append((self.position, *self._event(item)))
        return Receipt(item.key, self.position, self.hash, True)

    def _memo(self, said: str) -> tuple[str, ...]:
        salt = secrets.token_hex(16)
        return (memo_hash(said, salt), salt) if said else ()

    def _recorded(self, item: Keyed) -> datetime:
        """The moment that a journal states, else this one; never before the link it follows, and never to come."""
        stated = meta(item, "recorded")
        moment = min(datetime.fromisoformat(stated[0]), self.now) if stated else self.now
        return max(moment, self.recorded_at)

    def _event(self, item: Keyed) -> tuple[Any, ...]:
        match item:
            case StatusChange():
                whose = self.standing.whose(item)
                return (whose["fund"], whose["project"], whose["organization"], item.status, None, None)
            case CloseYear() | ReopenYear():
                return (item.fund, None, None, "", item.year, None)
            case Extend():
                return (None, item.project, None, "", None, item.until)
        raise TypeError(item)

    def _insert(self) -> None:
        pairs = {entry.participation for entry in self.tables["entry"] if entry.participation}  # type: ignore[attr-defined]
        _participations({pair for pair in pairs if controls.UNKNOWN not in pair})
        insert("books_posting", _POSTING, self.tables["posting"])
        insert("books_entry", COLUMNS, self.tables["entry"])
        insert("books_reference", ("posting_id", "ordinal", "word", "key", "entry"), self.tables["reference"])
        insert("books_attachment", ("posting_id", "ordinal", "sha256"), self.tables["attachment"])
        columns = ("posting_id", "fund_id", "project_id", "organization_id", "status", "year", "until")
        insert("books_event", columns, self.tables["event"])
        insert("books_memo", ("posting_id", "texts"), self.tables["memo"])
        insert("books_revolvingentry", revolving.COLUMNS, self.tables["revolvingentry"])


_POSTING = (
    *("position", "number", "key", "kind", "lines", "on", "recorded_at", "by", "approved"),
    *("memo_hash", "memo_salt", "source", "content_hash", "hash"),
)


def _twins_of(chosen: Sequence[Entry], own: Sequence[Entry], said: int) -> list[Entry]:
    """The receipts in other funds that belong to the transfers among the chosen: each transfer of a voucher has its own."""
    receipts = [entry for entry in own if entry.movement == "fund_receipt" and not entry.reverses]
    found = []
    for entry in own[:said]:
        if entry.movement == "fund_transfer":
            wanted = {entry.amount, entry.original_amount}
            twin = next(
                (
                    e
                    for e in receipts
                    if (e.fund, e.other_fund) == (entry.other_fund, entry.fund) and e.amount in wanted
                ),
                None,
            )
            if twin:
                receipts.remove(twin)
                if entry in chosen and twin.ordinal > said:
                    found.append(twin)
    return found


def _participations(pairs: set[tuple[str, str]]) -> None:
    """Records the participations that are new."""
    if not pairs:
        return
    projects = {project for project, _ in pairs}
    marks = ", ".join(["%s"] * len(projects))
    some = f" WHERE project_id IN ({marks})" if len(projects) <= SOME else ""
    there = rows(f"SELECT project_id, organization_id FROM books_participation{some}", projects if some else ())
    insert(
        "books_participation",
        ("project_id", "organization_id", "number"),
        [(*pair, "") for pair in sorted(pairs - set(there))],
    )


def insert(table: str, columns: Sequence[str], some: Sequence[Sequence[Any]]) -> None:
    """Many rows at once, by the bare driver."""
    if not some:
        return
    with database.cursor() as cursor:
        names = ", ".join(cursor.db.ops.quote_name(name) for name in columns)
        sql = f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})"
        moments = [n for n, name in enumerate(columns) if name in MOMENTS] if cursor.db.vendor == "sqlite" else []
        for first in range(0, len(some), INSERTED):
            cursor.executemany(sql, [_plain(row, moments) for row in some[first : first + INSERTED]])


def _plain(row: Sequence[Any], moments: Sequence[int]) -> Sequence[Any]:
    """What SQLite's driver does not take by itself: it keeps dates as text, and instants in UTC without their zone."""
    if not moments:
        return row
    plain = list(row)
    for n in moments:
        value = plain[n]
        if isinstance(value, datetime):
            plain[n] = value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
        elif value is not None:
            plain[n] = value.isoformat()
    return plain
