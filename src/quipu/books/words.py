"""The ledger back in the words of a journal: what it holds, in the order of the chain, as it was said."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from quipu.books import models, records, revolving
from quipu.books.post import instant
from quipu.books.standing import entries
from quipu.rules import kinds
from quipu.rules.boxes import Row
from quipu.rules.entries import Entry
from quipu.rules.journal import (
    CloseYear,
    Extend,
    Journal,
    Keyed,
    Line,
    Meta,
    Original,
    Place,
    Reference,
    ReopenYear,
    Revolving,
    RevolvingLine,
    StatusChange,
    Voucher,
)
from quipu.rules.money import of_minor_units
from quipu.rules.revolving import read_terms

STEP = 5_000  # links read at a time


def journal(*, until: int | None = None) -> Journal:
    """Declarations and the whole chain, or its beginning up to a position."""
    return Journal("books", (*records.declarations(), *(item for _, item in chain(until=until))))


class Unreadable(Exception):
    """A link whose rows say nothing that a journal could say; the message names the fault."""


def chain(*, until: int | None = None) -> Iterator[tuple[models.Posting, Keyed]]:
    """Each link with what it says, in order."""
    for link, say in links(until=until):
        yield link, say()


def links(*, until: int | None = None) -> Iterator[tuple[models.Posting, Callable[[], Keyed]]]:
    """Each link, and how to ask it for what it says. Asking raises Unreadable where somebody changed its rows."""
    last = (
        until
        if until is not None
        else models.Posting.objects.order_by("-position").values_list("position", flat=True).first() or 0
    )
    for low in range(1, last + 1, STEP):
        step = _Step(low, min(low + STEP - 1, last))
        for link in models.Posting.objects.filter(**step.of("position")).order_by("position"):
            yield link, partial(step.say, link)


class _Step:
    """Some links in a row: what stands around them, asked once each."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high
        some = self.of("posting")
        self.lines = _grouped(entries("posting_id BETWEEN %s AND %s", [low, high]), lambda entry: entry.position)
        self.references = _grouped(models.Reference.objects.filter(**some).order_by("posting", "ordinal"), _of)
        self.attachments = _grouped(models.Attachment.objects.filter(**some).order_by("posting", "ordinal"), _of)
        moved = revolving.written("posting_id BETWEEN %s AND %s", [low, high])
        self.moved = _grouped(moved, lambda row: row.position)
        self.currencies = revolving.currencies({row.community for row in moved})
        self.events = {event.posting_id: event for event in models.Event.objects.filter(**some)}
        self.memos = {memo.posting_id: memo.texts for memo in models.Memo.objects.filter(**some)}

    def of(self, field: str) -> dict[str, int]:
        """A filter for the step."""
        return {f"{field}__gte": self.low, f"{field}__lte": self.high}

    def say(self, link: models.Posting) -> Keyed:
        """What a link says. Raises Unreadable."""
        try:
            return self._say(link, link.position)
        except (LookupError, ValueError, ArithmeticError, TypeError, AttributeError) as error:
            raise Unreadable(f"link {link.position} ^{link.key}: its rows make no words ({error!r})") from error

    def _say(self, link: models.Posting, at: int) -> Keyed:
        told = json.loads(self.memos[at]) if at in self.memos else {}
        metas = (*_recorded(link), *_documents(self.attachments[at], told.get("documents", {})))
        if link.kind == "revolving":
            reverses = next((one.key for one in self.references[at]), "")
            return self._revolving(link, self.moved[at], reverses, told.get("title", ""), metas)
        if link.number is None:
            return _directive(link, self.events[at], told.get("title", ""), metas)
        notes = told.get("notes", {})
        said = tuple(_line(entry, link, notes) for entry in self.lines[at][: link.lines])
        named = tuple(Reference(one.word, one.key, one.entry) for one in self.references[at])
        return Voucher(link.on, link.kind, link.key, named, told.get("title", ""), metas, said)

    def _revolving(
        self, link: models.Posting, moved: list[Row], reverses: str, note: str, metas: tuple[Meta, ...]
    ) -> Revolving:
        community = moved[0].community
        said = tuple(_moved(row, self.currencies[community]) for row in moved if row.reverses is None)
        return Revolving(link.on, community, link.key, reverses, note, metas, said)


def _moved(row: Row, currency: str) -> RevolvingLine:
    loan = int(row.loan.rpartition("/")[2]) if row.loan else None
    terms = read_terms(row.terms) if row.terms else None
    return RevolvingLine(row.what, of_minor_units(row.amount, currency), loan, terms)


def _of(row: Any) -> int:
    return int(row.posting_id)


def _grouped(rows: Any, of: Any) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[of(row)].append(row)
    return groups


def _recorded(link: models.Posting) -> Iterator[Meta]:
    yield Meta("recorded", (instant(link.recorded_at),))
    yield Meta("by", (link.by,))
    for code in link.approved.split():
        yield Meta("approved", (code,))
    if link.memo_hash:
        yield Meta("memo", (link.memo_hash, link.memo_salt))


def _documents(attachments: list[Any], titles: dict[str, str]) -> Iterator[Meta]:
    for one in attachments:
        name = f"sha256-{one.sha256}"
        yield Meta("document", (name, titles[name]) if name in titles else (name,))


def _place(text: str) -> Place:
    code, slash, organization = text.partition("/")
    return Place("" if code == "?" else code, organization if slash else None)


def _line(entry: Entry, link: models.Posting, notes: dict[str, str]) -> Line:
    movement = "expenditure" if entry.movement == kinds.DIRECT_COST_EXPENDITURE else entry.movement
    kind = kinds.KINDS.get(movement)
    original = None
    if entry.original_amount is not None:
        amount = of_minor_units(entry.original_amount, entry.original_currency)
        original = Original(amount, entry.original_currency, Decimal(entry.rate) if entry.rate else None)
    return Line(
        movement,
        _place(entry.place),
        of_minor_units(entry.amount, entry.currency),
        kind.arrow if kind and entry.other else kinds.WITHIN,
        _place(entry.other) if entry.other else None,
        entry.category,
        entry.standing,
        original,
        entry.year if entry.year != link.on.year else None,
        entry.adjusts,
        entry.agreement or "",
        notes.get(str(entry.ordinal), ""),
    )


def _directive(link: models.Posting, event: models.Event, note: str, metas: tuple[Meta, ...]) -> Keyed:
    match link.kind:
        case "close-year":
            return CloseYear(link.on, event.fund_id, event.year, link.key, note, metas)
        case "reopen-year":
            return ReopenYear(link.on, event.fund_id, event.year, link.key, note, metas)
        case "extend":
            return Extend(link.on, event.project_id, event.until, link.key, note, metas)
    place = Place(event.fund_id or event.project_id, event.organization_id)
    return StatusChange(link.on, place, event.status, link.key, note, metas)
