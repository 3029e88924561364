"""Words back to text: the canonical journal, and the content that a posting key stands for."""

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal

from quipu.rules import kinds
from quipu.rules.journal.books import Books, written_decimals
from quipu.rules.journal.tokens import quoted
from quipu.rules.journal.words import (
    FILLED_IN,
    Assertion,
    CloseYear,
    Declaration,
    Extend,
    Item,
    Journal,
    Keyed,
    Line,
    Meta,
    Original,
    Reference,
    ReopenYear,
    Revolving,
    RevolvingLine,
    StatusChange,
    Voucher,
)
from quipu.rules.money import exponent, plain

INDENT = "    "
PLACES_FROM, AMOUNT_TO = 22, 69  # behind the indent: where the places begin, and where the amount ends


def write(journal: Journal) -> str:
    """The canonical text. Reading it gives the same words; comments are not among them."""
    books = Books(journal)
    text: list[str] = []
    before: Item | None = None
    for item in journal.items:
        if before is not None and isinstance(item, Declaration) != isinstance(before, Declaration):
            text.append("")
        text += _item(item, books)
        before = item
    return "".join(f"{line}\n" for line in text)


def content(item: Keyed) -> str:
    """What a voucher or directive says, the same however it was written and whoever recorded it when; without its texts."""
    if isinstance(item, Revolving):
        moved = (" ".join(_moved(line, plain(line.amount))) for line in item.lines)
        return "\n".join((_revolving(item, with_note=False), *_documents(item.metas), *moved))
    if not isinstance(item, Voucher):
        return "\n".join((_directive(item, with_note=False), *_documents(item.metas)))
    references = sorted(item.references, key=lambda reference: (reference.word, reference.key, reference.entry or 0))
    lines = (" ".join((*_said(line), plain(line.amount), *_sealed_tail(line, item.on.year))) for line in item.lines)
    return "\n".join((_head(item, references, with_title=False), *_documents(item.metas), *lines))


def content_hash(item: Keyed) -> str:
    """SHA-256 of the content: what the chain seals and a key is compared by."""
    return hashlib.sha256(content(item).encode()).hexdigest()


def texts(item: Keyed) -> str:
    """All free text of an item as one canonical string, "" where there is none: sealed by a salted hash only."""
    title, lines = (item.title, item.lines) if isinstance(item, Voucher) else (item.note, ())
    notes = {str(n): line.note for n, line in enumerate(lines, 1) if line.note}
    named = (meta.parts for meta in item.metas if meta.key == "document")
    documents = {parts[0]: parts[1] for parts in named if len(parts) > 1}
    said = {key: told for key, told in (("title", title), ("notes", notes), ("documents", documents)) if told}
    return _ENCODE(said) if said else ""


_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def memo_hash(text: str, salt: str) -> str:
    """What stands in the chain for an item's texts."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def meta(item: Keyed, key: str) -> tuple[str, ...]:
    """The words of the first meta of that key, () where there is none."""
    return next((found.parts for found in item.metas if found.key == key), ())


def _documents(metas: Iterable[Meta]) -> list[str]:
    return sorted(f"document: {meta.parts[0]}" for meta in metas if meta.key not in FILLED_IN)


def _sealed_tail(line: Line, year: int) -> list[str]:
    """What is sealed behind the amount; a year is said where it is not the voucher's own."""
    tail = [_original(line.original, plainly=True)] if line.original else []
    tail += [f"year {line.year:04}"] if line.year not in (None, year) else []
    tail += [f"adjusts {line.adjusts:04}"] if line.adjusts is not None else []
    return tail + ([f"under {line.under}"] if line.under else [])


def _item(item: Item, books: Books) -> list[str]:
    if isinstance(item, Declaration):
        head = " ".join((item.word, *item.codes, *_string(item.title)))
        return [head, *(f"{INDENT}{setting.key}: {setting.value}" for setting in item.settings)]
    if isinstance(item, Voucher):
        return [
            _head(item, item.references),
            *_metas(item),
            *(_line(line, books.line_currency(line)) for line in item.lines),
        ]
    if isinstance(item, Assertion):
        layout = ("layout", item.layout) if item.layout else ()
        amount = number(item.amount, None if item.is_percentage else books.currency(item.fund))
        return [" ".join((item.on.isoformat(), "balance", item.fund, item.statement_key, *layout, amount))]
    if isinstance(item, Revolving):
        currency = books.community_currency(item.community)
        moved = (INDENT + "  ".join(_moved(line, number(line.amount, currency))) for line in item.lines)
        return [_revolving(item), *_metas(item), *moved]
    return [_directive(item), *_metas(item)]


def _metas(item: Keyed) -> list[str]:
    return [INDENT + _meta(meta) for meta in item.metas]


def _head(voucher: Voucher, references: tuple[Reference, ...] | list[Reference], *, with_title: bool = True) -> str:
    named = (
        f"{reference.word} ^{reference.key}" + (f"#{reference.entry}" if reference.entry else "")
        for reference in references
    )
    title = _string(voucher.title) if with_title else ()
    return " ".join((voucher.on.isoformat(), voucher.kind, f"^{voucher.key}", *named, *title))


def _meta(meta: Meta) -> str:
    if meta.key == "document":
        return " ".join(("document:", meta.parts[0], *(quoted(part) for part in meta.parts[1:])))
    return " ".join((f"{meta.key}:", *meta.parts))


def _directive(item: StatusChange | CloseYear | ReopenYear | Extend, *, with_note: bool = True) -> str:
    match item:
        case StatusChange():
            said = ("status", str(item.place), item.status)
        case CloseYear():
            said = ("close-year", item.fund, f"{item.year:04}")
        case ReopenYear():
            said = ("reopen-year", item.fund, f"{item.year:04}")
        case Extend():
            said = ("extend", item.project, item.until.isoformat())
    return " ".join((item.on.isoformat(), *said, f"^{item.key}", *(_string(item.note) if with_note else ())))


def _revolving(item: Revolving, *, with_note: bool = True) -> str:
    back = (f"reverses ^{item.reverses}",) if item.reverses else ()
    said = ("revolving", item.community, f"^{item.key}", *back, *(_string(item.note) if with_note else ()))
    return " ".join((item.on.isoformat(), *said))


def _moved(line: RevolvingLine, amount: str) -> tuple[str, ...]:
    loan = () if line.loan is None else (str(line.loan),)
    return (line.what.replace("_", "-"), *loan, amount, *((str(line.terms),) if line.terms else ()))


def _line(line: Line, currency: str | None) -> str:
    movement, *said = _said(line)
    words = f"{movement:<{PLACES_FROM - 1}} {' '.join(said)}"
    amount = number(line.amount, currency)
    tail = _tail(line)
    body = f"{INDENT}{words}  {amount:>{max(AMOUNT_TO - len(words) - 2, 0)}}"
    return f"{body}  {' '.join(tail)}" if tail else body


def _said(line: Line) -> tuple[str, ...]:
    kind = kinds.KINDS.get(line.movement)
    movement = kind.word if kind else line.movement
    right = (line.arrow, str(line.right)) if line.right else ()
    return (movement, str(line.left), *right, *filter(None, (line.category, line.standing)))


def _tail(line: Line) -> list[str]:
    tail = [_original(line.original, plainly=False)] if line.original else []
    tail += [f"{word} {year:04}" for word, year in (("year", line.year), ("adjusts", line.adjusts)) if year is not None]
    tail += [f"under {line.under}"] if line.under else []
    return [*tail, *_string(line.note)]


def _original(original: Original, *, plainly: bool) -> str:
    amount = plain(original.amount) if plainly else number(original.amount, original.currency)
    rate = "" if original.rate is None else f" @ {original.rate:f}"
    return f"({amount} {original.currency}{rate})"


def _string(text: str) -> tuple[str, ...]:
    return (quoted(text),) if text else ()


def number(amount: Decimal, currency: str | None) -> str:
    """An amount with commas and the currency's decimals; with those it was given where the currency is unknown."""
    given = written_decimals(amount)
    decimals = given if currency is None else max(exponent(currency), given)
    return f"{amount:,.{decimals}f}"
