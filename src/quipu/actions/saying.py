"""What verbs say to the ledger: vouchers with their lines, in the words of a journal, posted by whoever acts.

Every verb posts through here: keyword-only, in one transaction, refused with findings where a rule says no, and once
under its key however often it is sent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from quipu.books import post
from quipu.books.post import Answer
from quipu.rules.findings import Finding, Refused
from quipu.rules.journal import Directive, Line, Meta, Original, Place, Reference, Voucher
from quipu.rules.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the fund's currency and, where it was paid in another one, that amount, its currency and its rate.

    amount None says that it is not known yet, and no voucher can be posted with it.
    """

    amount: Decimal | None
    original: Decimal | None = None
    currency: str = ""
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """Who acts, when, under which key, and on what ground. approved_by: the second person, never the first."""

    by: str
    key: str
    on: date
    title: str = ""
    documents: tuple[tuple[str, str], ...] = ()  # (SHA-256 in hexadecimal, title)
    approved_by: str = ""


def participation(project: str, organization: str) -> Place:
    """A project's money at an organization."""
    return Place(project, organization)


def line(movement: str, left: Place, right: Place | None, money: Money | Decimal, *, key: str, **words: object) -> Line:
    """One line. Raises Refused for an amount that is missing, or is not above zero where the movement needs that."""
    said = money if isinstance(money, Money) else Money(money)
    kind = KINDS.get(movement)
    if said.amount is None:
        detail = f"{said.original} {said.currency}" if said.original is not None else ""
        raise Refused(Finding("currency-without-base", f"^{key}", detail))
    if not (kind and kind.either_sign) and said.amount <= 0:
        instead = f", use {kind.instead.replace('_', ' ')}" if kind and kind.instead else ""
        raise Refused(Finding("amount-not-positive", f"^{key}", f"{movement} {said.amount}{instead}"))
    original = None if said.original is None else Original(said.original, said.currency, said.rate)
    arrow = kind.arrow if kind and right is not None else ""
    return Line(movement, left, said.amount, arrow, right, original=original, **words)  # type: ignore[arg-type]


def say(paper: Paper, kind: str, lines: Sequence[Line], references: Sequence[Reference] = ()) -> Answer:
    """Posts a voucher. Raises Refused."""
    voucher = Voucher(paper.on, kind, paper.key, tuple(references), paper.title, _documents(paper), tuple(lines))
    return _post(voucher, paper)


def direct(paper: Paper, make: Callable[..., Directive], *words: object) -> Answer:
    """Posts a directive: its words stand between its day and its key. Raises Refused."""
    return _post(make(paper.on, *words, paper.key, paper.title, _documents(paper)), paper)


def _post(item: Voucher | Directive, paper: Paper) -> Answer:
    if paper.approved_by and paper.approved_by == paper.by:
        raise Refused(Finding("approved-by-author", f"^{paper.key}", paper.by))
    return post.post_one(item, by=paper.by, approved=(paper.approved_by,) if paper.approved_by else ())


def _documents(paper: Paper) -> tuple[Meta, ...]:
    return tuple(
        Meta("document", (f"sha256-{digest}", title) if title else (f"sha256-{digest}",))
        for digest, title in paper.documents
    )
