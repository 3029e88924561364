"""Vouchers for programs: the list, and drafts written, checked and handed on. No token approves: a person does."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from quipu.actions import drafted, drafts, history, keeping
from quipu.actions.history import Thing
from quipu.actions.saying import Paper
from quipu.books import models
from quipu.desk.api import given
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Act, Amount, Code, Reasoned, Sent, Text
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.problems import Found
from quipu.desk.api.problems import told as told_finding
from quipu.desk.vouchers import listing
from quipu.desk.vouchers.views import balances_beside, plain_name, to_save
from quipu.rules.drafts import State
from quipu.rules.findings import Finding, Refused
from quipu.rules.journal.currencies import CURRENCIES
from quipu.rules.money import plain
from quipu.rules.voucher_kinds import ALLOCATIONS, BUDGET_CATEGORIES, KINDS, MONEY, VOUCHERS, Kind

router = Router(tags=["vouchers"])
READ, READ_DRAFTS = "read books", "read voucher drafts"
STATES = ("", listing.UNFINISHED, *map(str, State))
STATE = Query("", pattern=f"^({'|'.join(STATES)})$", description=", ".join(filter(None, STATES)))
FUND, KIND, AUTHOR = (Query("", description=f"Only of this {name}.") for name in ("fund", "kind", "author"))
NAME = Query("file", description="What the file is called, where the body is the file itself.")
VERSION = Query(None, description="Of the draft as it was read.")


class Row(Schema):
    """A line of the list; number: of a voucher that was posted."""

    key: str
    on: date
    kind: str
    title: str
    place: str
    amount: str | None
    currency: str
    state: str
    author: str
    number: int | None


class File(Schema):
    """A file; is_kept: whether its bytes are here."""

    sha256: str
    name: str
    is_kept: bool


class Draft(Schema):
    """A draft; version: what to say back, so that nobody overwrites what somebody else did meanwhile."""

    key: str
    kind: str
    state: str
    words: dict[str, Any]
    author: str
    writers: list[str]
    comment: str
    made_at: datetime
    changed_at: datetime
    submitted_at: datetime | None
    files: list[File]
    version: int


class Words(Sent):
    """What a draft says: the words of its kind, codes as they are in the books, amounts exact and as text."""

    on: date | None = None
    title: Text = ""
    fund: Code = ""
    other: Code = ""
    project: Code = ""
    organization: Code = ""
    contributor: Code = ""
    agreement: Code = ""
    voucher: Code = ""
    entry: int | None = Field(None, ge=1, le=1_000_000)
    amount: Amount = ""
    original: Amount = ""
    currency: Code = ""
    rate: Amount = ""
    reason: Text = ""
    amounts: dict[str, Amount] = Field(default_factory=dict)


class Tried(Sent):
    """Words of a kind."""

    kind: Code
    words: Words


class New(Tried):
    """A new draft. key: of your own making; the same key sent twice makes one draft."""

    key: str = Field("", pattern=r"^[A-Za-z0-9._-]{0,64}$")


class Changed(Act):
    """Other words, all of them. drop: hashes of files that go."""

    words: Words
    drop: list[Code] = Field(default_factory=list)


class Balance(Schema):
    """A figure beside a voucher, in minor units of its currency."""

    label: str
    amount: int
    currency: str


class Checked(Schema):
    """What the ledger thinks of a draft as if it were posted now; nothing is posted."""

    findings: list[Found]
    of_fund: list[Balance]
    of_participation: list[Balance]


# What was sent


def _words(name: str, said: Words) -> tuple[Kind, dict[str, Any]]:
    """The kind of that name, and words as drafts keep them. Raises Refused."""
    kind = KINDS.get(name)
    if kind is None:
        raise Refused(Finding("draft-kind", "kind", name))
    words = {field: value for field, value in said.model_dump(exclude_defaults=True).items() if value}
    found = [Finding("draft-words", field) for field in words if field not in ("on", "title", *kind.fields)]
    found += [
        Finding("code-not-there", "amounts", one) for one in words.get("amounts", {}) if one not in BUDGET_CATEGORIES
    ]
    if words.get("currency", "USD") not in CURRENCIES:
        found.append(Finding("code-not-there", "currency", words["currency"]))
    if words.get("rate", "").startswith("-"):
        found.append(Finding("amount-unreadable", "rate", words["rate"]))
    if found:
        raise Refused(*found)
    exact: dict[str, Any] = {
        field: plain(Decimal(words[field])) for field in MONEY if field in words and field != "currency"
    }
    if amounts := {one: plain(Decimal(text)) for one, text in said.amounts.items() if text}:
        exact["amounts"] = amounts
    if kind.is_of_voucher and (entry := drafted.of_voucher(words.get("voucher", ""))):
        exact["fund"] = entry.fund_id
    return kind, {field: str(value) for field, value in words.items() if field != "amounts"} | exact


def _load(request: HttpRequest, key: str, verb: str = "") -> Any:
    """A draft within what the verb reaches, that of its kind where none is named."""
    draft = get_object_or_404(models.Draft.objects.select_related("fund"), pk=key)
    need(request, drafts.scope_of(draft), verb or KINDS[draft.kind].mandate)
    return draft


def _told(draft: Any) -> Draft:
    same = ("key", "kind", "state", "words", "author", "writers", "comment", "made_at", "changed_at", "submitted_at")
    enclosed = draft.enclosures.order_by("pk").values_list("sha256", "name")
    return Draft(
        files=[file_of(*one) for one in enclosed],
        version=history.version(drafts.thing(draft)),
        **{name: getattr(draft, name) for name in same},
    )


def file_of(sha256: str, name: str, is_kept: bool | None = None) -> File:
    """A file in an answer. is_kept: where that is known already."""
    return File(sha256=sha256, name=name, is_kept=keeping.path(sha256).is_file() if is_kept is None else is_kept)


# Reading


@router.get("/vouchers", response=Page[Row], url_name="vouchers", summary="Drafts, or vouchers that were posted")
@asks(READ)
def every(
    request: HttpRequest,
    page: int = PageNumber,
    state: str = STATE,
    fund: Code = FUND,
    kind: Code = KIND,
    author: Code = AUTHOR,
) -> Any:
    """Within the funds and projects that the token reaches; without a state, drafts that wait, or else what was posted."""
    rights = request.rights
    of_drafts = rights.reach(READ_DRAFTS)
    query = {"state": state if of_drafts else str(State.POSTED), "fund": fund, "kind": kind, "author": author}
    found, drawn = listing.sought(query, rights.reach(READ), of_drafts)
    return paged(found, page, lambda rows: [_row(one) for one in drawn(rows)])


def _row(one: listing.Row) -> Row:
    same = ("key", "on", "kind", "title", "place", "currency", "state", "author", "number")
    amount = None if one.amount is None else plain(one.amount)
    return Row(amount=amount, **{name: getattr(one, name) for name in same})


@router.get("/vouchers/drafts/{key}", response=Draft, url_name="draft", summary="One draft")
@asks(READ_DRAFTS)
def draft(request: HttpRequest, key: Code) -> Any:
    """With its words, files and version."""
    return _told(_load(request, key, READ_DRAFTS))


@router.get("/vouchers/drafts/{key}/files/{sha256}", url_name="draft_file", summary="A file of a draft")
@asks(READ_DRAFTS)
def enclosure(request: HttpRequest, key: Code, sha256: Code) -> Any:
    """Its bytes."""
    found = get_object_or_404(models.Enclosure, draft=_load(request, key, READ_DRAFTS), sha256=sha256)
    return to_save(found.sha256, found.name)


# Writing


@router.post("/vouchers/drafts", response=Draft, url_name="write_draft", summary="Write a draft")
@asks(VOUCHERS, ALLOCATIONS)
def write(request: HttpRequest, said: New) -> Any:
    """Sent again under its key, it makes no second one and answers with what stands."""
    kind, words = _words(said.kind, said.words)
    need(request, drafted.scope_of(kind, words), kind.mandate)
    made = drafts.write(by=request.rights.person.pk, kind=kind.name, words=words, key=said.key)
    need(request, drafts.scope_of(made), kind.mandate)  # what stood under the key may lie elsewhere
    return _told(made)


@router.put("/vouchers/drafts/{key}", response=Draft, url_name="change_draft", summary="Change a draft")
@asks(VOUCHERS, ALLOCATIONS)
def change(request: HttpRequest, key: Code, said: Changed) -> Any:
    """All its words anew, as long as it is open."""
    stands = _load(request, key)
    kind, words = _words(stands.kind, said.words)
    need(request, drafted.scope_of(kind, words), kind.mandate)
    by, drop = request.rights.person.pk, tuple(said.drop)
    return _told(drafts.mend(by=by, draft=stands, words=words, seen=said.version, dropped=drop))


@router.post(
    "/vouchers/drafts/{key}/files",
    response=Draft,
    url_name="enclose",
    summary="Enclose files with a draft",
    openapi_extra=given.OF_BYTES,
)
@asks(VOUCHERS, ALLOCATIONS)
def enclose(request: HttpRequest, key: Code, name: Code = NAME, version: int | None = VERSION) -> Any:
    """A form with files, or the bytes of one as they are. They are sealed with the voucher."""
    seen = history.version(Thing(drafts.VOUCHER, key)) if version is None else version  # the words below are its own
    stands = _load(request, key)
    enclosed = []
    for title, chunks in given.pieces(request, name):
        kept = keeping.keep(chunks)
        enclosed.append((kept.sha256, plain_name(title), kept.bytes))
    by = request.rights.person.pk
    return _told(drafts.mend(by=by, draft=stands, words=stands.words, seen=seen, enclosed=tuple(enclosed)))


@router.post("/vouchers/check", response=Checked, url_name="check_words", summary="What would the ledger say?")
@asks(VOUCHERS, ALLOCATIONS)
def check(request: HttpRequest, said: Tried) -> Any:
    """A rehearsal of words that are kept nowhere: all findings, and the balances beside them."""
    kind, words = _words(said.kind, said.words)
    need(request, drafted.scope_of(kind, words), kind.mandate)
    found = drafted.faults(kind, words, drafted.Records())
    if not found:
        paper = Paper(request.rights.person.pk, drafts.new_key(), drafted.day_of(words), words.get("title", ""), ())
        found = drafted.rehearse(kind, words, paper)
    return _checked(request, found, words)


@router.post("/vouchers/drafts/{key}/check", response=Checked, url_name="check_draft", summary="Check a draft")
@asks(READ_DRAFTS)
def check_draft(request: HttpRequest, key: Code) -> Any:
    """What the ledger would say of it today."""
    stands = _load(request, key, READ_DRAFTS)
    return _checked(request, drafts.findings(stands), stands.words)


def _checked(request: HttpRequest, found: list[Finding], words: dict[str, Any]) -> dict[str, Any]:
    at = (words.get(name, "") for name in ("fund", "project", "organization"))
    return {"findings": [told_finding(one) for one in found], **balances_beside(request, *at)}


# Leading on


def _lead(request: HttpRequest, draft: Any, act: str, said: Act) -> Draft:
    reason = getattr(said, "reason", "")
    by = request.rights.person.pk
    return _told(drafts.lead(by=by, draft=draft, act=act, seen=said.version, reason=reason))


@router.post("/vouchers/drafts/{key}/submit", response=Draft, url_name="submit_draft", summary="Submit a draft")
@asks(VOUCHERS, ALLOCATIONS)
def submit(request: HttpRequest, key: Code, said: Act) -> Any:
    """Hand it to whoever approves it."""
    return _lead(request, _load(request, key), "submit", said)


@router.post(
    "/vouchers/drafts/{key}/take-back", response=Draft, url_name="take_back_draft", summary="Take back a draft"
)
@asks(VOUCHERS, ALLOCATIONS)
def take_back(request: HttpRequest, key: Code, said: Act) -> Any:
    """It was submitted too early."""
    return _lead(request, _load(request, key), "take back", said)


@router.post("/vouchers/drafts/{key}/discard", response=Draft, url_name="discard_draft", summary="Discard a draft")
@asks(VOUCHERS, ALLOCATIONS)
def discard(request: HttpRequest, key: Code, said: Reasoned) -> Any:
    """It is not wanted any more, and says why."""
    return _lead(request, _load(request, key), "discard", said)


@router.post(
    "/vouchers/drafts/{key}/send-back", response=Draft, url_name="send_back_draft", summary="Send back a draft"
)
@asks("send back vouchers")
def send_back(request: HttpRequest, key: Code, said: Reasoned) -> Any:
    """Something is to be mended first."""
    return _lead(request, _load(request, key, "send back vouchers"), "send back", said)


@router.post("/vouchers/drafts/{key}/approve", url_name="approve_draft", summary="Approve a draft: never by a token")
@asks("approve vouchers")
def approve(request: HttpRequest, key: Code) -> Any:
    """Always refused: a person looks at each voucher and posts it at the desk."""
    raise AssertionError(key)  # no token ever comes this far
