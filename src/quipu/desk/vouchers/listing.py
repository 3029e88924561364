"""What lists of vouchers hold: drafts and what was posted, as far as somebody may see, a few questions for any number of rows."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q

from quipu.actions import history, keeping
from quipu.actions.identify_deposit import unidentified
from quipu.books import models
from quipu.desk.drawing import address, said, spoken
from quipu.edition.home import Home
from quipu.edition.manifest import load
from quipu.rules.drafts import WAITING, State
from quipu.rules.journal.words import VOUCHER_KINDS
from quipu.rules.mandates import EVERYTHING, Scope
from quipu.rules.money import exponent, of_minor_units
from quipu.rules.voucher_kinds import KINDS

A_PAGE = 50
MOST = 500  # entries of one voucher that are shown; the public page has them all
UNFINISHED = "unfinished"  # every state in which something is still to be done


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. amount None: it has no single one."""

    address: str
    on: date
    kind: str
    title: str
    place: str
    amount: Decimal | None
    currency: str
    state: str
    author: str
    key: str
    number: int | None = None

    @property
    def decimals(self) -> int:
        """How many its currency has."""
        return exponent(self.currency)


def within(
    scopes: Sequence[Scope], fund: str = "fund", project: str = "project", organization: str = "organization"
) -> Q:
    """The rows that lie within any of the scopes, by their columns."""
    if EVERYTHING in scopes:
        return Q()
    found = Q(pk__in=[])
    for scope in scopes:
        named = {fund: scope.fund, project: scope.project, organization: scope.organization}
        found |= Q(**{column: code for column, code in named.items() if code})
    return found


def drafts_within(scopes: Sequence[Scope]) -> Any:
    """The drafts within scopes."""
    return models.Draft.objects.filter(within(scopes))


def posted_within(scopes: Sequence[Scope], fund: str = "") -> Any:
    """The vouchers that were posted, with an entry within the scopes, and of the fund where one is named."""
    found = models.Posting.objects.exclude(number=None)
    own = models.Entry.objects.filter(posting=OuterRef("pk"))
    if EVERYTHING not in scopes:
        found = found.filter(Exists(own.filter(within(scopes))))
    return found.filter(Exists(own.filter(fund=fund))) if fund else found


def asked(query: Mapping[str, str], scopes: Sequence[Scope], of_drafts: Sequence[Scope]) -> Any:
    """A page of rows under the choices of an address: state, fund, kind, author, page."""
    found, drawn = sought(query, scopes, of_drafts)
    page = Paginator(found, A_PAGE).get_page(query.get("page"))
    page.object_list = drawn(page)
    return page


def sought(
    query: Mapping[str, str], scopes: Sequence[Scope], of_drafts: Sequence[Scope]
) -> tuple[Any, Callable[[Iterable[Any]], list[Row]]]:
    """All that is found under the same choices, in order, and what draws the rows of a page of it."""
    state = query.get("state") or UNFINISHED
    if state == State.POSTED:
        found = posted_within(scopes, query.get("fund", ""))
        columns = {"kind": "kind", "author": "by"}
        order = "-position"
    else:
        found = drafts_within(of_drafts).select_related("fund")
        found = found.filter(state__in=WAITING if state == UNFINISHED else [state])
        columns = {"kind": "kind", "author": "author", "fund": "fund"}
        order = "-changed_at"
    found = found.filter(**{column: query[name] for name, column in columns.items() if query.get(name)})
    draw = _posted if state == State.POSTED else _drafts
    return found.order_by(order), lambda page: list(draw(page))


def _drafts(page: Iterable[Any]) -> Iterable[Row]:
    for draft in page:
        kind, words = KINDS.get(draft.kind), draft.words
        yield Row(
            address("draft", draft.key),
            draft.on,
            kind.label if kind else draft.kind,
            words.get("title", ""),
            place_of(draft),
            total_of(words),
            draft.fund.currency if draft.fund else "",
            draft.state,
            draft.author,
            draft.key,
        )


def place_of(draft: Any) -> str:
    """Where a draft's money is, as its line would name it."""
    words = draft.words
    at = "/".join(filter(None, (draft.project_id, draft.organization_id)))
    other = words.get("contributor") or words.get("other") or words.get("voucher") or ""
    return " · ".join(filter(None, (draft.fund_id, at, other)))


def total_of(words: Mapping[str, Any]) -> Decimal | None:
    """The amount of a draft; a budget's is the sum of its categories; None where it says none itself."""
    if words.get("amounts"):
        return sum((Decimal(text) for text in words["amounts"].values()), Decimal(0))
    return Decimal(words["amount"]) if words.get("amount") else None


def _posted(page: Iterable[Any]) -> Iterable[Row]:
    links = list(page)
    positions = [link.position for link in links]
    first = {entry.posting_id: entry for entry in models.Entry.objects.filter(posting__in=positions, ordinal=1)}
    counts = models.Entry.objects.filter(posting__in=positions).values("posting").annotate(n=Count("pk"))
    many = {row["posting"]: row["n"] for row in counts}
    memos = dict(models.Memo.objects.filter(posting__in=positions).values_list("posting_id", "texts"))
    for link in links:
        entry = first.get(link.position)
        further = many.get(link.position, 0) - 1
        place = " · ".join(filter(None, (entry.place, entry.other))) if entry else ""
        yield Row(
            address("posted", link.position),
            link.on,
            link.kind,
            title_in(memos.get(link.position, "")),
            f"{place} + {further}" if further > 0 else place,
            of_minor_units(entry.amount, entry.currency) if entry else None,
            entry.currency if entry else "",
            State.POSTED,
            link.by,
            link.key,
            link.number,
        )


def title_in(texts: str) -> str:
    """The title among a posting's texts."""
    return str(json.loads(texts).get("title", "")) if texts else ""


def names(rows: Iterable[Row]) -> dict[str, str]:
    """How the authors of rows are called."""
    return history.names_of(row.author for row in rows)


def waiting_for(rights: Any) -> tuple[Any, Any]:
    """Drafts that a person may approve, and those that came back to them."""
    mine = rights.person.pk
    to_approve = drafts_within(rights.reach("approve vouchers")).filter(state=State.SUBMITTED)
    back = models.Draft.objects.filter(author=mine, state__in=[State.SENT_BACK])
    return [one for one in to_approve.order_by("submitted_at") if mine not in one.writers], back.order_by("changed_at")


def kinds(is_posted: bool) -> list[tuple[str, str]]:
    """The kinds that a list can be narrowed to: of drafts, or of what a journal calls its vouchers."""
    if is_posted:
        return [(kind, said(kind)) for kind in VOUCHER_KINDS]
    return [(kind.name, said(kind.label)) for kind in KINDS.values()]


def authors() -> list[tuple[str, str]]:
    """Everybody who wrote drafts here."""
    codes = models.Draft.objects.values_list("author", flat=True).distinct()
    return sorted(history.names_of(codes).items(), key=lambda one: one[1])


def of_unknown(scopes: Sequence[Scope]) -> Any:
    """Deposits within scopes that wait for their contributor's name."""
    return unidentified().filter(within(scopes))


def being_identified(keys: Iterable[str]) -> dict[str, str]:
    """Which of the vouchers a draft names already, by key: the draft's own."""
    wanted = set(keys)
    found = models.Draft.objects.filter(
        kind__in=("identification", "reversal"), state__in=WAITING, words__voucher__in=list(wanted)
    )
    return {draft.words["voucher"]: draft.key for draft in found}


# One posted voucher


def of_posting(link: Any, rights: Any) -> dict[str, Any]:
    """All that a page about a posted voucher says."""
    every = models.Entry.objects.filter(posting=link)
    further = every.select_related("posting", "reverses__posting", "reversed_by__posting").order_by("ordinal")
    own = list(further[:MOST])
    draft = models.Draft.objects.filter(position=link.position).first()
    texts = told_of(link)
    funds = set(every.values_list("fund", flat=True).distinct())
    scope = Scope(funds.pop()) if len(funds) == 1 else Scope()
    taken_back = {entry.reversed_by.posting for entry in own if _is_reversed(entry)}
    codes = [link.by, *link.approved.split()]
    log = list(models.History.objects.filter(kind="voucher", code=link.key).order_by("id")) if draft else []
    return {
        "link": link,
        "entries": own,
        "left": every.count() - len(own),
        "title": texts.get("title", ""),
        "notes": texts.get("notes", {}),
        "draft": draft,
        "kind": KINDS[draft.kind] if draft else None,
        "log": log,
        "names": history.names_of([*codes, *(row.by for row in log)]),
        "approved": link.approved.split(),
        "files": files_of(link),
        "takes_back": sorted({e.reverses.posting for e in own if e.reverses_id}, key=lambda one: one.position),
        "taken_back": sorted(taken_back, key=lambda one: one.position),
        "may_reverse": rights.may("draft vouchers", scope) and link.kind != "reversal" and not taken_back,
        "waits": being_identified([link.key]),
        "public": public_address(own),
    }


def _is_reversed(entry: Any) -> bool:
    return hasattr(entry, "reversed_by")


def told_of(link: Any) -> dict[str, Any]:
    """The texts of a posting, {} where they were redacted."""
    texts = models.Memo.objects.filter(posting=link).values_list("texts", flat=True).first()
    told: dict[str, Any] = json.loads(texts) if texts else {}
    return told


def titles_of(link: Any) -> dict[str, str]:
    """The title of each document of a posting, by its hash."""
    return {name.removeprefix("sha256-"): title for name, title in told_of(link).get("documents", {}).items()}


def files_of(link: Any) -> list[tuple[str, str, bool]]:
    """The documents sealed with a posting: hash, title, and whether the bytes are kept here."""
    titles = titles_of(link)
    found = models.Attachment.objects.filter(posting=link).order_by("ordinal").values_list("sha256", flat=True)
    return [(sha256, titles.get(sha256, ""), keeping.path(sha256).is_file()) for sha256 in found]


def public_address(own: Sequence[Any]) -> str:
    """Where the public reads a voucher, "" while no edition holds it."""
    if not own:
        return ""
    home = Home(Path(settings.HOME))
    number = home.current()
    if number is None or load(home, number).position < own[0].posting_id:
        return ""
    return f"{spoken().before}/voucher/{own[0].id:x}"
