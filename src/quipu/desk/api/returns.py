"""Returns for programs: the list, one with all that is about it, its figures written as a difference, its steps."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from quipu.actions import history
from quipu.actions.returns import deadlines, leading, standing, talking, writing
from quipu.books import models
from quipu.desk.api.access import Forbidden, asks, need
from quipu.desk.api.given import Act, Code, Sent, Text
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.problems import Found
from quipu.desk.api.problems import told as told_finding
from quipu.desk.funds.views import plain_amount
from quipu.desk.reaching import within
from quipu.desk.returns import listing, page, shown, sight, views
from quipu.desk.returns.sight import PREPARED, READ
from quipu.desk.returns.words import ACTS
from quipu.rules.difference import Change
from quipu.rules.findings import Finding, Refused
from quipu.rules.journal.books import minor_units, written_decimals
from quipu.rules.mandates import ELSEWHERE, NEVER_BY_TOKEN, Decision, Scope
from quipu.rules.money import exponent
from quipu.rules.returns.rows import AMOUNT, COMMENT
from quipu.rules.returns.states import KINDS, OWN, REPORTER, TRANSITIONS, State

router = Router(tags=["returns"])
WRITE = REPORTER
YEARS = {"ge": 1990, "le": 2100}
STATES = (listing.IN_FORCE, PREPARED, *map(str, State))
STATE = Query("", pattern=f"^({'|'.join(('', *STATES))})$", description=", ".join(STATES))
YEAR = Query(None, description="Only of this year.", **YEARS)
KIND = Query("", pattern=f"^({'|'.join(('', *KINDS))})$", description=", ".join(KINDS))
FUND, ORGANIZATION = (Query("", description=f"Only of this {name}.") for name in ("fund", "organization"))
KindOfReturn = Annotated[str, StringConstraints(pattern=f"^({'|'.join(KINDS)})$")]
Exact = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,30}(\.[0-9]{1,10})?$")]  # no float comes here
Year = Annotated[int, Field(**YEARS)]


class ReturnLine(Schema):
    """A line of the list. total: spending, corrections of other years with it; null where nothing is said."""

    code: str
    fund: str
    organization: str
    year: int
    kind: str
    number: int
    state: str
    due: date | None
    total: str | None
    before: str | None
    currency: str


class ReturnCell(Schema):
    """What stands in a row: an exact amount in the fund's currency, and a comment."""

    amount: str | None
    comment: str


class ReturnFound(Found):
    """What a rule says. answer: commented or waived, where it no longer stands in the way; blocks: whether it does."""

    answer: str
    blocks: bool


class AccountLine(Schema):
    """A line of the statement of account. entry: by which it is answered; answer: confirmed, disputed or nothing yet."""

    entry: int
    on: date
    movement: str
    project: str
    amount: str
    voucher: str
    answer: str
    comment: str


class RuleWaived(Schema):
    """A rule that the agent waives. row: "" for all rows; number: by which it is withdrawn."""

    number: int
    rule: str
    row: str
    reason: str
    by: str
    at: datetime


class ReturnVersion(Schema):
    """A version of the same return."""

    code: str
    number: int
    state: str
    reason: str


class Signature(Schema):
    """What was submitted. digest: SHA-256 of its content, which is read under its number; act: one for all signed at once."""

    number: int
    digest: str
    act: str
    by: str
    at: datetime
    statement: str


class Word(Schema):
    """A word in a conversation. side: of whoever said it, organization or agent."""

    text: str
    by: str
    side: str
    at: datetime


class Talk(Schema):
    """A conversation about a row, or ("") about all of it. waits_for: the side whose turn it is, "" once settled."""

    number: int
    row: str
    waits_for: str
    words: list[Word]


class ReturnRead(Schema):
    """A return. number: which version of it; version: what to say back, so that nobody overwrites what others did.

    rows: those that it has; cells: null for the agent, where it was never submitted. acts: what the token may do next.
    """

    code: str
    fund: str
    organization: str
    year: int
    kind: str
    number: int
    state: str
    currency: str
    due: date | None
    is_extended: bool
    nil: bool
    until: date | None
    remark: str
    comment: str
    reason: str
    restates: str
    total: str | None
    rows: list[str]
    cells: dict[str, ReturnCell] | None
    findings: list[ReturnFound]
    account: list[AccountLine]
    waived: list[RuleWaived]
    versions: list[ReturnVersion]
    signatures: list[Signature]
    talks: list[Talk]
    acts: list[str]
    writers: list[str]
    signed_by: str
    submitted_at: datetime | None
    accepted_by: str
    accepted_at: datetime | None
    position: int | None
    version: int


class CellSent(Sent):
    """A row's cells that are spoken of: what is left out stays, null clears."""

    amount: Exact | None = None
    comment: Text | None = None


class CellsTried(Sent):
    """Cells by row: P1/travel, P1/travel/2019 for a correction of that closed year, P1/interest, P1/refund, P1/note."""

    cells: dict[Code, CellSent] = Field(default_factory=dict)


class CellsSent(Act, CellsTried):
    """A difference: rows that are not named stay as they are. until: the day up to which interim figures reach."""

    remark: Text | None = None
    until: date | None = None


class CellChanged(Schema):
    """A cell before and after; null is empty."""

    row: str
    column: str
    before: str | None
    after: str | None


class ReturnTried(Schema):
    """What sending that would change, and what the rules would say of the return then. Nothing is kept."""

    changes: list[CellChanged]
    findings: list[ReturnFound]


class Begin(Sent):
    """A return of a fund, an organization and a year."""

    fund: Code
    organization: Code
    year: Year
    kind: KindOfReturn
    until: date | None = None


class Due(Sent):
    """A return that is due and not begun."""

    fund: Code
    organization: Code
    year: Year
    kind: KindOfReturn


class NothingSpent(Sent):
    """Returns by their codes, and what is due without one. why: stands beside their projects."""

    returns: list[Code] = Field(default_factory=list)
    due: list[Due] = Field(default_factory=list)
    why: Text = ""


class AnswerToLine(Sent):
    """confirmed or disputed, "" takes an answer back; what is disputed wants a comment."""

    answer: Annotated[str, StringConstraints(pattern="^(confirmed|disputed|)$")]
    comment: Text = ""


class Answers(Act):
    """By the number of each line's entry; lines that are not named stay as they are."""

    answers: dict[Code, AnswerToLine]


class Because(Act):
    """reason: stays beside the act, and whoever has to do something about it reads it."""

    reason: Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=2_000)]


# What was sent


def load(request: HttpRequest, code: str, verb: str = "") -> Any:
    """A return within what the verb reaches, the operation's where none is named."""
    record, scope = views.found(code)
    need(request, scope, verb)
    return record


def in_minor_units(cells: Mapping[str, CellSent], currency: str) -> dict[str, dict[str, int | str | None]]:
    """Cells as a return keeps them: what was left out is not there. Raises Refused for what no ledger holds."""
    found: dict[str, dict[str, int | str | None]] = {}
    faults = []
    for key, cell in cells.items():
        found[key] = dict(cell.model_dump(exclude_unset=True))
        text = cell.amount
        if text is None:
            continue
        found[key][AMOUNT] = units = minor_units(Decimal(text), currency)
        if units is None:
            is_fine = written_decimals(Decimal(text)) > exponent(currency)
            faults.append(Finding("return-decimals" if is_fine else "return-amount", key, text))
    if faults:
        raise Refused(*faults)
    return found


# What is told


def told(request: HttpRequest, code: str) -> ReturnRead:
    """A return as its reader may see it."""
    record, scope = views.found(code)
    own = sight.is_own(request.rights, scope)
    state, acts = sight.state_of(record, own), []
    if own or state != PREPARED:
        acts = [one.act for one in page.acts(request, record, page.People(scope))]
    hidden, due = sight.is_hidden(record, own), deadlines.of(record)
    seen = record if own else standing.seen_by_agent(record)
    inside = standing.said_of(record) if seen is not None else None
    is_open_word = own or state != PREPARED  # why a certifier gave it back is the organization's own
    same = ("code", "year", "kind", "writers", "signed_by", "submitted_at", "accepted_by", "accepted_at", "position")
    return ReturnRead(
        fund=record.fund_id,
        organization=record.organization_id,
        number=record.version,
        state=state,
        currency=record.fund.currency,
        due=due.on,
        is_extended=due.extended,
        nil=seen is not None and record.nil,
        until=record.until if seen is not None else None,
        remark=record.remark if seen is not None else "",
        comment=record.comment if is_open_word else "",
        reason=record.reason if seen is not None else "",
        restates=record.restates_id or "",
        total=None if seen is None else _total(record),
        rows=[] if inside is None else [row.key for row in standing.rows_of(record, inside.parts)],
        cells=None if seen is None else _cells(record),
        findings=[] if inside is None else _findings(record, inside, hidden),
        account=[] if seen is None else _account(record),
        waived=_waived(record),
        versions=_versions(record, own),
        signatures=[_signature(one) for one in record.signatures.order_by("number")],
        talks=[_talk(one) for one in page.talks(record)],
        acts=acts,
        version=history.version(standing.thing(record)),
        **{name: getattr(record, name) for name in same},
    )


def _total(record: Any) -> str | None:
    says = any(AMOUNT in cell for cell in record.cells.values())
    return plain_amount(listing.total_of(record.cells), record.fund.currency) if says else None


def amount(value: int | str | None, currency: str) -> str | None:
    """An amount of minor units as exact text; a comment as it is."""
    return plain_amount(value, currency) if isinstance(value, int) else value


def _cells(record: Any) -> dict[str, ReturnCell]:
    currency = record.fund.currency
    return {
        key: ReturnCell(amount=amount(cell.get(AMOUNT), currency), comment=str(cell.get(COMMENT, "")))
        for key, cell in record.cells.items()
    }


def _findings(record: Any, inside: Any, hidden: bool = False) -> list[ReturnFound]:
    """What the rules say; hidden: it is with the organization, and what it still lacks is its own affair."""
    judged = shown.judged(inside, standing.waived_of(record))
    known = {one.finding for one in judged}
    further = (
        []
        if hidden or record.state not in OWN
        else [one for one in leading.in_the_way(record, inside) if one not in known]
    )
    found = [ReturnFound(**told_finding(one.finding), answer=one.answer, blocks=one.blocks) for one in judged]
    return found + [ReturnFound(**told_finding(one), answer="", blocks=True) for one in further]


def _account(record: Any) -> list[AccountLine]:
    if record.kind not in standing.ANSWERED:
        return []
    found = []
    for entry in standing.transfers_of(record):
        answer, comment = record.answers.get(str(entry.id), ("", ""))
        found.append(
            AccountLine(
                entry=entry.id,
                on=entry.effective_on,
                movement=entry.movement,
                project=entry.project_id or "",
                amount=plain_amount(entry.amount, entry.currency),
                voucher=entry.posting.key,
                answer=answer,
                comment=comment,
            )
        )
    return found


def _waived(record: Any) -> list[RuleWaived]:
    same = ("rule", "row", "reason", "by", "at")
    return [
        RuleWaived(number=one.pk, **{name: getattr(one, name) for name in same}) for one in standing.waived_of(record)
    ]


def _versions(record: Any, own: bool) -> list[ReturnVersion]:
    every = models.Return.objects.filter(
        fund=record.fund_id, organization=record.organization_id, year=record.year, kind=record.kind
    )
    return [
        ReturnVersion(code=one.code, number=one.version, state=str(one.state), reason=one.reason)
        for one in every.order_by("version")
        if own or sight.state_of(one, own) != PREPARED
    ]


def _signature(one: Any) -> Signature:
    return Signature(**{name: getattr(one, name) for name in ("number", "digest", "act", "by", "at", "statement")})


def _talk(one: talking.Conversation) -> Talk:
    words = [
        Word(text=each.text, by=each.by, side=side, at=each.at)
        for each, side in zip(one.remarks, one.sides, strict=True)
    ]
    return Talk(number=one.root.pk, row=one.root.row, waits_for=one.waits_for, words=words)


# Reading


@router.get("/returns", response=Page[ReturnLine], url_name="returns", summary="Returns")
@asks(READ)
def every(
    request: HttpRequest,
    page: int = PageNumber,
    year: int | None = YEAR,
    fund: Code = FUND,
    organization: Code = ORGANIZATION,
    kind: str = KIND,
    state: str = STATE,
) -> Any:
    """An organization's own in every state; for others what was submitted, as it was signed last.

    Without a state, each return's version in force; being prepared: what others learn of drafts, without a figure.
    """
    own = sight.own_reach(request.rights)
    query = {"year": str(year or ""), "fund": fund, "organization": organization, "kind": kind, "state": state}
    found = listing.sought(request.rights, query)
    if state != PREPARED:
        submitted = ~Q(state__in=[*map(str, OWN)]) | Q(pk__in=models.Signed.objects.values("of"))
        found = found.filter(submitted | Q(within(own, "fund", "", "organization")))
    return paged(found, page, lambda some: [_line(one) for one in listing.lines(list(some), own)])


def _line(one: listing.Line) -> ReturnLine:
    record = one.record
    currency = record.fund.currency
    return ReturnLine(
        code=record.code,
        fund=record.fund_id,
        organization=record.organization_id,
        year=record.year,
        kind=record.kind,
        number=record.version,
        state=one.state,
        due=one.deadline.on,
        total=amount(one.total, currency),
        before=amount(one.last, currency),
        currency=currency,
    )


@router.post(
    "/returns/nothing-spent",
    response=list[ReturnRead],
    url_name="nothing_spent",
    summary="Nothing was spent: one act for many",
)
@asks(WRITE)
def nothing(request: HttpRequest, said: NothingSpent) -> Any:
    """All or none. What is only due is begun; every amount is zero then."""
    due, open_ = views.may_say_nothing(request.rights.reach(WRITE))
    wanted = [open_.get(code) for code in said.returns]
    wanted += [due.get(" ".join((one.fund, one.organization, str(one.year), one.kind))) for one in said.due]
    if not wanted:
        raise Refused(Finding("return-none-chosen", "returns"))
    if None in wanted:
        raise Forbidden(WRITE, Decision(False, why=ELSEWHERE))
    made = views.spend_nothing(request.rights.person.pk, wanted, said.why)
    return [told(request, one.code) for one in made]


@router.get("/returns/{code}", response=ReturnRead, url_name="return", summary="One return")
@asks(READ)
def one(request: HttpRequest, code: Code) -> Any:
    """Its cells with what the rules say of them, the statement of account, versions, signatures, and what was said."""
    return told(request, load(request, code).code)


@router.get("/returns/{code}/signatures/{number}", url_name="return_signed", summary="What was signed")
@asks(READ)
def signed(request: HttpRequest, code: Code, number: int) -> Any:
    """Byte for byte, so that its digest can be computed."""
    return views.as_signed(get_object_or_404(models.Signed, of=load(request, code), number=number))


@router.get("/returns/{code}/statement", url_name="return_attached", summary="The signed statement as a file")
@asks(READ)
def attached(request: HttpRequest, code: Code) -> Any:
    """What the certifier attached, where anything was."""
    record = load(request, code)
    return views.as_attached(record, sight.is_own(request.rights, standing.scope_of(record)))


# Writing


@router.post("/returns", response=ReturnRead, url_name="begin_return", summary="Begin a return")
@asks(WRITE)
def begin(request: HttpRequest, said: Begin) -> Any:
    """Sent again, it answers with the one that is there and still open."""
    need(request, Scope(said.fund, "", said.organization))
    made = writing.begin(by=request.rights.person.pk, **said.model_dump())
    return told(request, made.code)


@router.post(
    "/returns/{code}/check", response=ReturnTried, url_name="check_return", summary="What would sending this change?"
)
@asks(WRITE)
def check(request: HttpRequest, code: Code, said: CellsTried) -> Any:
    """By the same rules that write it, and kept nowhere; without cells, what is to be said of what stands."""
    record = load(request, code)
    changes: list[Change] = []
    try:
        sent = in_minor_units(said.cells, record.fund.currency)
        changes = writing.tried(by=request.rights.person.pk, record=record, sent=sent)
    except Refused as refused:
        findings = [one for one in refused.findings if isinstance(one, Finding)]
        return ReturnTried(changes=[], findings=[_refusal(one) for one in findings])
    return ReturnTried(
        changes=[change_of(one, record.fund.currency) for one in changes],
        findings=_findings(record, standing.said_of(record)),
    )


def _refusal(one: Finding) -> ReturnFound:
    return ReturnFound(**told_finding(one), answer="", blocks=True)


def change_of(one: Change, currency: str) -> CellChanged:
    """A change with exact amounts."""
    before, after = (amount(value, currency) for value in (one.before, one.after))
    return CellChanged(row=one.row, column=one.column, before=before, after=after)


@router.patch("/returns/{code}/cells", response=ReturnRead, url_name="write_return", summary="Write cells of a return")
@asks(WRITE)
def write(request: HttpRequest, code: Code, said: CellsSent) -> Any:
    """All of it or nothing. Sent twice it changes nothing more."""
    record = load(request, code)
    writing.write(
        by=request.rights.person.pk,
        record=record,
        sent=in_minor_units(said.cells, record.fund.currency),
        seen=said.version,
        remark=said.remark,
        until=said.until,
    )
    return told(request, code)


@router.post(
    "/returns/{code}/account", response=ReturnRead, url_name="answer_account", summary="Answer the statement of account"
)
@asks(WRITE)
def answer(request: HttpRequest, code: Code, said: Answers) -> Any:
    """Each transfer and refund is confirmed or disputed before the return is certified."""
    record = load(request, code)
    answers = {number: (one.answer, one.comment) for number, one in said.answers.items()}
    writing.answer(by=request.rights.person.pk, record=record, answers=answers, seen=said.version)
    return told(request, code)


# Leading on


def _operation(act: str) -> None:
    """The operation of a step; one that no token takes is there to say so."""
    step, slug = TRANSITIONS[act], act.replace(" ", "-")

    def lead(request: HttpRequest, code: Code, said: Act) -> Any:
        record = load(request, code)
        reason = getattr(said, "reason", "")
        led = leading.lead(by=request.rights.person.pk, record=record, act=act, seen=said.version, reason=reason)
        return told(request, led.code)

    lead.__name__ = f"lead_{slug.replace('-', '_')}"
    lead.__annotations__["said"] = Because if step.reasoned else Act
    is_never = step.verb in NEVER_BY_TOKEN
    router.post(
        f"/returns/{{code}}/{slug}",
        response=ReturnRead,
        url_name=f"return_{slug.replace('-', '_')}",
        summary=ACTS[act] + (": never by a token" if is_never else ""),
        description="Always refused: a person looks at it and does it at the desk." if is_never else step.will,
    )(asks(step.verb)(lead))


for name in ACTS:
    _operation(name)
