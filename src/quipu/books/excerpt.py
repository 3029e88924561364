"""What of the books is one fund's: its links of the chain, and a journal of them alone."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from django.db.models import Q

from quipu.books import models, post, records, words
from quipu.books.standing import entries, rows
from quipu.rules.entries import Entry
from quipu.rules.journal import (
    Declaration,
    Journal,
    Keyed,
    Meta,
    Reference,
    Voucher,
    content_hash,
    memo_hash,
    texts,
)
from quipu.rules.pack import Link
from quipu.rules.statements.portfolio import BETWEEN


class NotAsSealed(Exception):
    """A link is not what was sealed; the message names it."""


# An entry is the fund's, or the other side of what the fund and another one paid each other.
_TOUCHES = f"(fund_id = %s OR (coalesce(other_fund_id, '') = %s AND movement IN ({', '.join(['%s'] * len(BETWEEN))})))"


def links(fund: str, until: int) -> Iterator[Link]:
    """The chain up to a position, as a pack of the fund shows it, computed again on the way. Raises NotAsSealed."""
    touching: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries(f"posting_id <= %s AND {_TOUCHES}", [until, fund, fund, *BETWEEN]):
        touching[entry.position].append(entry)
    shared = {
        position
        for (position,) in rows(
            f"SELECT DISTINCT posting_id FROM books_entry WHERE posting_id <= %s AND NOT {_TOUCHES}"
            " AND posting_id IN (SELECT posting_id FROM books_entry WHERE fund_id = %s)",
            [until, fund, fund, *BETWEEN, fund],
        )
    }
    events = set(
        models.Event.objects.filter(Q(fund=fund) | Q(project__fund=fund), posting_id__lte=until).values_list(
            "posting_id", flat=True
        )
    )
    before = post.GENESIS
    for position, (posting, say) in enumerate(words.links(until=until), 1):
        link = _of(posting)
        hashed = (posting.recorded_at, link.by, link.approved, link.memo, link.content_hash)
        if posting.position != position or post.link_hash(before, position, *hashed) != link.hash:
            raise NotAsSealed(f"Link {position} does not follow from the one before it.")
        before = link.hash
        around = touching[position]
        own = tuple(entry for entry in around if entry.fund == fund)
        if own or position in events:
            said = _said(link, say)
            link = replace(link, said=said, entries=own)
            if position in shared and isinstance(said, Voucher):
                kept = tuple(entry.ordinal for entry in around if entry.ordinal <= posting.lines)
                link = replace(link, said=_reduced(said, kept), lines=kept)
        yield link


def _of(posting: models.Posting) -> Link:
    return Link(
        posting.position,
        posting.number,
        posting.key,
        posting.kind,
        posting.on,
        post.instant(posting.recorded_at),
        posting.by,
        posting.approved,
        tuple(filter(None, (posting.memo_hash, posting.memo_salt))),
        posting.source,
        posting.content_hash,
        posting.hash,
    )


def _said(link: Link, say: Callable[[], Keyed]) -> Keyed:
    try:
        said = say()
    except words.Unreadable as error:
        raise NotAsSealed(f"{str(error).capitalize()}.") from None
    if content_hash(said) != link.content_hash:
        raise NotAsSealed(f"Link {link.position} ^{link.key} does not say what was sealed.")
    told = texts(said)
    if told and (not link.memo or memo_hash(told, link.memo[-1]) != link.memo[0]):
        raise NotAsSealed(f"The texts of link {link.position} ^{link.key} are not those that were sealed.")
    return said


def _reduced(voucher: Voucher, kept: Sequence[int]) -> Voucher:
    """Only these lines of it, without texts: they may speak of the other funds."""
    lines = tuple(replace(voucher.lines[ordinal - 1], note="") for ordinal in kept)
    metas = tuple(Meta(one.key, one.parts[:1]) if one.key == "document" else one for one in voucher.metas)
    return replace(voucher, title="", metas=metas, lines=lines)


def journal(fund: str, own: Sequence[Link]) -> Journal:
    """The fund's links as a journal that can be loaded by itself, with what it has to declare."""
    by_key = {link.key: link for link in own}
    items = (_standing_alone(link.said, by_key) for link in own if link.said)
    return Journal(fund, (*_declared(fund, own), *items))


def _standing_alone(item: Keyed, by_key: dict[str, Link]) -> Keyed:
    """Without what it names outside of the fund's links; entries of shared vouchers are counted as they are shown."""
    if not isinstance(item, Voucher) or not item.references:
        return item
    named: list[Reference] = []
    for reference in item.references:
        link = by_key.get(reference.key)
        if link is None:
            continue
        if link.lines is None or reference.entry is None:
            named.append(reference)
        elif reference.entry in link.lines:
            named.append(replace(reference, entry=link.lines.index(reference.entry) + 1))
    return replace(item, references=tuple(named))


def _declared(fund: str, own: Sequence[Link]) -> Iterator[Declaration]:
    """What the journal rests on. Of another fund its code, title and currency stand, because they paid each other."""
    told = list(records.declarations())
    moved = [entry for link in own for entry in link.entries]
    named = models.Event.objects.filter(posting_id__in=[link.position for link in own if link.number is None])
    projects = {entry.project for entry in moved} | {
        one.codes[0] for one in told if one.word == "project" and _value(one, "fund") == fund
    }
    agreements = {entry.agreement for entry in moved}
    mine = [
        one
        for one in told
        if (one.word == "project" and one.codes[0] in projects)
        or (one.word == "agreement" and (one.codes[1] == fund or one.codes[0] in agreements))
        or (one.word == "mou" and one.codes[0] == fund)
    ]
    windows = {_value(one, "window") for one in mine}
    bodies = {code for entry in moved for code in (entry.organization, entry.contributor)}
    bodies |= set(named.values_list("organization_id", flat=True))
    bodies |= {one.codes[-1] for one in mine if one.word != "project"}
    bodies |= {setting.first for one in mine for setting in one.settings if setting.key == "participant"}
    funds = {entry.other_fund for entry in moved} | {_value(one, "fund") for one in mine if one.word == "project"}
    funds |= {one.codes[1] for one in mine if one.word == "agreement"}
    for one in told:
        code = one.codes[0]
        if one.word == "fund" and code in funds | {fund}:
            currency = tuple(setting for setting in one.settings if setting.key == "currency")
            yield one if code == fund else replace(one, settings=currency)
        elif (
            one in mine
            or (one.word == "window" and (code in windows or one.codes[1:] == (fund,)))
            or (one.word in ("organization", "contributor") and code in bodies)
        ):
            yield one


def _value(declaration: Declaration, key: str) -> str:
    setting = declaration.setting(key)
    return setting.first if setting else ""
