"""What a pack for the auditors of one fund shows of the ledger: the chain link by link, the fund's vouchers, its decisions.

Three kinds of link stand in a chain. The fund's own are shown in full. Of a voucher that moves money of other funds too,
the fund's entries are shown and the words withheld. Of all others stands what the next link's hash rests on, no more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from quipu.rules.entries import MOST, Entry
from quipu.rules.journal import (
    CloseYear,
    Extend,
    Keyed,
    ReopenYear,
    StatusChange,
    Voucher,
    content,
    texts,
)
from quipu.rules.money import of_minor_units
from quipu.rules.table import Cell, Column, Table, Value

ALLOCATION = "allocation"
REDACTED, WITHHELD = "[redacted]", "[withheld]"  # in place of texts


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the chain. said: None where it is not the fund's; of a shared voucher the fund's lines, without texts."""

    position: int
    number: int | None
    key: str
    kind: str
    on: date
    recorded_at: str
    by: str
    approved: str
    memo: tuple[str, ...]
    source: str
    content_hash: str
    hash: str
    said: Keyed | None = None
    lines: tuple[int, ...] | None = None  # of a shared voucher: which of its lines are shown
    entries: tuple[Entry, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether it is the fund's, alone or with other funds."""
        return self.said is not None

    @property
    def is_shared(self) -> bool:
        """Whether it moves money of other funds, too."""
        return self.lines is not None

    @property
    def is_redacted(self) -> bool:
        """Whether its texts were taken out after they had been sealed."""
        return self.said is not None and not self.is_shared and bool(self.memo) and not texts(self.said)

    @property
    def title(self) -> str:
        """What its title says, or why it says nothing."""
        if self.is_shared or self.is_redacted:
            return "" if not self.memo else WITHHELD if self.is_shared else REDACTED
        return "" if self.said is None else self.said.title if isinstance(self.said, Voucher) else self.said.note

    @property
    def documents(self) -> tuple[tuple[str, str], ...]:
        """SHA-256 and title of each document behind it."""
        named = [meta.parts for meta in self.said.metas if meta.key == "document"] if self.said else []
        return tuple((parts[0].removeprefix("sha256-"), parts[1] if len(parts) > 1 else "") for parts in named)

    def is_of_year(self, year: int) -> bool:
        """Whether it was dated in the year, moved money of it, or closed or reopened it."""
        if isinstance(self.said, CloseYear | ReopenYear) and self.said.year == year:
            return True
        return self.on.year == year or any(entry.effective_on.year == year for entry in self.entries)


def chained(link: Link) -> dict[str, Any]:
    """What the chain hashes of a link and, of the fund's own, the words that give its content's hash."""
    hashed = {
        "position": link.position,
        "recorded_at": link.recorded_at,
        "by": link.by,
        "approved": link.approved,
        "memo": " ".join(link.memo),
        "content_hash": link.content_hash,
        "hash": link.hash,
    }
    if link.said is None:
        return hashed
    named = {"number": link.number, "key": link.key, "kind": link.kind}
    if link.is_shared:
        return hashed | named | {"shared": True}
    said = texts(link.said)
    return hashed | named | {"content": content(link.said)} | ({"texts": said} if said else {})


_OF_LINK = (
    *("position", "number", "key", "kind", "on", "recorded_at", "by", "approved"),
    *("title", "source", "content_hash", "hash"),
)
_OF_ENTRY = (
    *("entry", "movement", "effective_on", "place", "other", "fund", "other_fund", "project", "organization"),
    *("contributor", "agreement", "category", "standing", "year", "adjusts"),
)
_MONEY = ("amount", "currency", "original_amount", "original_currency", "rate")


def vouchers(links: Iterable[Link], keys: Mapping[int, str]) -> Table:
    """A row for each entry, and for each link without one. keys: of the fund's links by position."""
    kinds = {"amount": "money", "original_amount": "money", "position": "count", "number": "count", "entry": "count"}
    names = (*_OF_LINK, *_OF_ENTRY, *_MONEY, "reverses", "documents")
    columns = [Column(name, name.replace("_", " ").capitalize(), kinds.get(name, "text")) for name in names]
    rows = []
    for link in links:
        told = _link(link) | {"documents": " ".join(sha for sha, _ in link.documents)}
        for entry in link.entries or (None,):
            row = told | (_entry(entry, keys) if entry else {})
            rows.append([Cell(_value(row.get(name))) for name in names])
    return Table(columns, rows, title="Vouchers")


def voucher_records(links: Iterable[Link], keys: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """The same as data: each link with its entries, its references and its documents."""
    for link in links:
        said = link.said if isinstance(link.said, Voucher) else None
        references = said.references if said else ()
        # A shared voucher's lines are counted anew, and have no notes.
        notes = {n: line.note for n, line in enumerate(said.lines, 1) if line.note} if said else {}
        yield {
            **{name: _text(value) for name, value in _link(link).items()},
            "shared": link.is_shared,
            "references": [{"word": one.word, "key": one.key, "entry": one.entry} for one in references],
            "documents": [{"sha256": sha, "title": title} for sha, title in link.documents],
            "entries": [
                {name: _text(value) for name, value in _entry(entry, keys).items()}
                | ({"note": notes[entry.ordinal]} if entry.ordinal in notes else {})
                for entry in link.entries
            ],
        }


def decisions(links: Iterable[Link]) -> Table:
    """Status changes, closed and reopened years, extensions and allocations, with the words and the papers they rest on."""
    names = (
        "position",
        "key",
        "on",
        "decision",
        "subject",
        "decided",
        "amount",
        "words",
        "documents",
        "by",
        "approved",
    )
    kinds = {"position": "count", "amount": "money"}
    columns = [Column(name, name.capitalize(), kinds.get(name, "text")) for name in names]
    rows = []
    for link in links:
        papers = " ".join(sha for sha, _ in link.documents)
        for decision, subject, decided, amount in _decided(link):
            what = (link.key, link.on.isoformat(), decision, subject, decided, amount)
            row: tuple[Value, ...] = (link.position, *what, link.title, papers, link.by, link.approved)
            rows.append([Cell(value) for value in row])
    return Table(columns, rows, title="Decisions")


@dataclass(slots=True)
class Paper:
    """A document: what it is called and the keys it stands behind. is_shared: only behind vouchers of other funds, too."""

    title: str = ""
    keys: list[str] = field(default_factory=list)
    is_shared: bool = True


def documents(links: Iterable[Link]) -> dict[str, Paper]:
    """The documents behind links, by their SHA-256."""
    papers: dict[str, Paper] = defaultdict(Paper)
    for link in links:
        for sha, title in link.documents:
            paper = papers[sha]
            paper.title = paper.title or title
            paper.keys.append(link.key)
            paper.is_shared = paper.is_shared and link.is_shared
    return dict(sorted(papers.items()))


def _decided(link: Link) -> Iterator[tuple[str, str, str, Decimal | None]]:
    match link.said:
        case StatusChange():
            yield "status", str(link.said.place), link.said.status, None
        case CloseYear() | ReopenYear():
            yield link.kind, link.said.fund, str(link.said.year), None
        case Extend():
            yield "extend", link.said.project, link.said.until.isoformat(), None
    for entry in link.entries:
        if entry.movement == ALLOCATION:
            yield ALLOCATION, entry.other, entry.currency, of_minor_units(entry.amount, entry.currency)


def _link(link: Link) -> dict[str, Any]:
    return {name: getattr(link, name) for name in _OF_LINK}


def _entry(entry: Entry, keys: Mapping[int, str]) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(entry, name) for name in _OF_ENTRY if name != "entry"}
    told |= {"entry": entry.ordinal, "currency": entry.currency, "rate": entry.rate}
    told["amount"] = of_minor_units(entry.amount, entry.currency)
    told["original_currency"] = entry.original_currency
    stated = entry.original_amount
    told["original_amount"] = None if stated is None else of_minor_units(stated, entry.original_currency)
    reversed_in, ordinal = divmod(entry.reverses or 0, MOST)
    told["reverses"] = f"{keys[reversed_in]}#{ordinal}" if entry.reverses else None
    return told


def _value(value: Any) -> Value:
    """As a cell holds it."""
    return value.isoformat() if isinstance(value, date) else value


def _text(value: Any) -> Any:
    """As data holds it: amounts and days as text."""
    return f"{value:f}" if isinstance(value, Decimal) else _value(value)
