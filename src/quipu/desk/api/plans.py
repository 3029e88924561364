"""Work plans for programs: lines read and filled in, pieces of work, quarters, spending by output, and requests for transfers."""

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from quipu.actions import history
from quipu.actions.plans import closing, filling, planning, requesting
from quipu.books import models
from quipu.books import plans as books_plans
from quipu.desk.api.access import Forbidden, asks, need
from quipu.desk.api.given import Act, Amount, Code, Reasoned, Sent, Text
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.plans import sight
from quipu.desk.plans.requests import within_reach
from quipu.desk.plans.sight import CLOSE, FILL, KEEP, READ
from quipu.desk.plans.words import units_of
from quipu.rules import by_output, plans
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import ELSEWHERE, Decision
from quipu.rules.money import of_minor_units, plain
from quipu.rules.plans import Quarter, read_quarter
from quipu.rules.tranches import AGENT, ASKER, TRANSITIONS

router = Router(tags=["plans"])
YEAR = Query(None, ge=1990, le=2100, description="Only of this year.")
QuarterText = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-Q[1-4]$")]
Titles = dict[str, Text]


class PlanLine(Schema):
    """What is planned for a piece of work in a quarter, and what its organization says; amounts exact, null for not said."""

    work: str
    output: str
    organization: str
    titles: dict[str, str]
    place: str
    quarter: str
    planned: str
    committed: str | None
    spent: str | None
    state: str
    remark: str
    closed: bool


class QuarterStands(Schema):
    """A quarter. missing: codes of work whose lines are not in; version: to say back when it is closed or opened."""

    quarter: str
    closed: bool
    missing: list[str]
    reason: str
    planned: str
    committed: str
    spent: str
    currency: str
    version: int


class WorkSent(Act):
    """A piece of work. planned: exact amounts by quarter (2026-Q3); quarters that are not named stay. code: "" for a new one."""

    code: Code = ""
    output: Code
    organization: Code
    titles: Titles
    place: Text = ""
    planned: dict[QuarterText, Amount] = Field(default_factory=dict)


class WorkKept(Schema):
    """The piece of work, and its version."""

    code: str
    version: int


class LineSent(Sent):
    """What is said of a line; what is left out stays, null takes an amount back."""

    committed: Amount | None = None
    spent: Amount | None = None
    state: Text = ""
    remark: Text = ""


class LinesSent(Act):
    """Lines by the code of their work, all or none. version: of the organization's lines of the quarter as they were read."""

    lines: dict[Code, LineSent]


class LinesKept(Schema):
    """How many lines were changed, and the version of the organization's lines of the quarter."""

    changed: list[str]
    version: int


class Closed(Act):
    """reason: needed where lines are missing."""

    reason: Text = ""


class OutputLine(Schema):
    """One organization's year. Outputs and what is not attributed add up to the ledger; so do the categories."""

    organization: str
    year: int
    outputs: dict[str, str]
    not_attributed: str
    categories: dict[str, str]
    ledger: str
    interim: str
    still_open: str
    currency: str


class RequestAmount(Schema):
    """What is asked for an organization; voucher: the state of its draft, "" where none was begun."""

    organization: str
    amount: str
    voucher: str


class RequestLine(Schema):
    """A request for transfers. state: paid once the vouchers of all its amounts are posted."""

    code: str
    project: str
    state: str
    decision: str
    decided_on: date
    tranche: int | None
    quarter: str
    note: str
    comment: str
    amounts: list[RequestAmount]
    currency: str
    version: int


class RequestSent(Act):
    """A request. code: "" for a new one; quarter: the closed one it is asked from, "" for none; tranche: 0 for none."""

    code: Code = ""
    amounts: dict[Code, Amount]
    decision: Text
    decided_on: date
    tranche: int = Field(0, ge=0, le=30_000)
    quarter: Annotated[str, StringConstraints(pattern=r"^([0-9]{4}-Q[1-4])?$")] = ""
    note: Text = ""


# What is told and understood


def _money(units: int, currency: str) -> str:
    return plain(of_minor_units(units, currency))


def _units(said: str, currency: str, place: str) -> int:
    found = units_of(said or "0", currency)
    if isinstance(found, str):
        raise Refused(Finding(found, place, said))
    return found


def _quarter(text: str) -> Quarter:
    found = read_quarter(text)
    if found is None:
        raise Refused(Finding("quarter-unreadable", "quarter", text))
    return found


def _seen(request: HttpRequest, project: Any) -> set[str] | None:
    """The organizations whose lines are shown, None for all. Raises Forbidden."""
    seen = sight.seen(request.rights, project)
    if seen is not None and not seen:
        raise Forbidden(READ, Decision(False, why=ELSEWHERE))
    return seen


# Plans


@router.get("/plans/{project}/lines", response=Page[PlanLine], url_name="plan_lines", summary="Lines of a work plan")
@asks(READ)
def lines(request: HttpRequest, project: Code, year: int | None = YEAR, page: int = PageNumber) -> Any:
    """All that the token may see of them: the programme's, or an organization's own."""
    thing = sight.project_of(project)
    seen = _seen(request, thing)
    found = models.WorkQuarter.objects.filter(work__project=thing).select_related("work")
    found = found if seen is None else found.filter(work__organization__in=seen)
    found = found.filter(year=year) if year else found
    currency, closed = thing.fund.currency, books_plans.closed_quarters(thing.code)

    def told(line: Any) -> PlanLine:
        money = {name: getattr(line, name) for name in ("committed", "spent")}
        return PlanLine(
            work=line.work_id,
            output=line.work.output_id,
            organization=line.work.organization_id,
            titles=line.work.titles,
            place=line.work.place,
            quarter=str(Quarter(line.year, line.quarter)),
            planned=_money(line.planned, currency),
            state=line.state,
            remark=line.remark,
            closed=Quarter(line.year, line.quarter) in closed,
            **{name: None if one is None else _money(one, currency) for name, one in money.items()},
        )

    rows = found.order_by("year", "quarter", "work__number")
    return paged(rows, page, lambda some: [told(one) for one in some])


@router.put("/plans/{project}/work", response=WorkKept, url_name="keep_work", summary="Plan a piece of work")
@asks(KEEP)
def keep_work(request: HttpRequest, project: Code, said: WorkSent) -> Any:
    """A new one, or other words and amounts for the one of that code."""
    thing = sight.project_of(project)
    need(request, sight.scope_of(thing))
    planned = {
        _quarter(text): _units(amount, thing.fund.currency, f"planned-{text}") for text, amount in said.planned.items()
    }
    made = planning.keep_work(
        by=request.rights.person.pk,
        project=thing.code,
        code=said.code,
        seen=said.version,
        said=planning.WorkSaid(said.output, said.organization, said.titles, said.place, planned),
    )
    return WorkKept(code=made.code, version=history.version(planning.thing(made)))


@router.patch(
    "/plans/{project}/lines/{organization}/{quarter}",
    response=LinesKept,
    url_name="fill_lines",
    summary="Fill in an organization's lines of a quarter",
)
@asks(FILL)
def fill(request: HttpRequest, project: Code, organization: Code, quarter: str, said: LinesSent) -> Any:
    """What is named of them is written, all or nothing; everything else stays as it is."""
    thing, when = sight.project_of(project), _quarter(quarter)
    if organization not in {one.code for one in sight.bodies(thing)}:
        raise Http404(organization)
    need(request, sight.scope_of(thing, organization))
    told: dict[str, dict[str, Any]] = {}
    for work, line in said.lines.items():
        words = line.model_dump(exclude_unset=True)
        for name in ("committed", "spent"):
            if words.get(name) is not None:
                words[name] = _units(words[name], thing.fund.currency, filling.place_of(work, name))
        told[work] = words
    by = request.rights.person.pk
    changes = filling.fill(
        by=by, project=thing.code, organization=organization, quarter=when, said=told, seen=said.version
    )
    version = history.version(filling.thing(thing, organization, when))
    return LinesKept(changed=list(changes), version=version)


# Quarters


@router.get(
    "/plans/{project}/quarters/{quarter}",
    response=QuarterStands,
    url_name="plan_quarter",
    summary="How a quarter stands",
)
@asks(READ)
def quarter_stands(request: HttpRequest, project: Code, quarter: str) -> Any:
    """What is planned, committed and spent in it, what is missing, and whether it is closed."""
    thing, when = sight.project_of(project), _quarter(quarter)
    return _stands(thing, when, _seen(request, thing))


def _stands(project: Any, when: Quarter, seen: set[str] | None) -> QuarterStands:
    lines = [line for line in closing.lines_of(project.code, when) if seen is None or line.work.organization_id in seen]
    whole, currency = sum(map(plans.sums_of, lines), plans.Sums()), project.fund.currency
    record = models.PlanQuarter.objects.filter(project=project, year=when.year, quarter=when.number).first()
    is_closed = record is not None and record.closed_at is not None
    return QuarterStands(
        quarter=str(when),
        closed=is_closed,
        missing=closing.missing(lines),
        reason=record.reason if is_closed else "",
        planned=_money(whole.planned, currency),
        committed=_money(whole.committed, currency),
        spent=_money(whole.spent, currency),
        currency=currency,
        version=history.version(planning.of_quarter(project, when)),
    )


@router.post(
    "/plans/{project}/quarters/{quarter}/close",
    response=QuarterStands,
    url_name="close_quarter",
    summary="Close a quarter",
)
@asks(CLOSE)
def close(request: HttpRequest, project: Code, quarter: str, said: Closed) -> Any:
    """When all lines are in, or with what is missing and a reason."""
    thing, when = sight.project_of(project), _quarter(quarter)
    need(request, sight.scope_of(thing))
    by = request.rights.person.pk
    closing.close(by=by, project=thing.code, quarter=when, reason=said.reason, seen=said.version)
    return _stands(thing, when, None)


@router.post(
    "/plans/{project}/quarters/{quarter}/open",
    response=QuarterStands,
    url_name="open_quarter",
    summary="Open a closed quarter again",
)
@asks(CLOSE)
def open_again(request: HttpRequest, project: Code, quarter: str, said: Reasoned) -> Any:
    """Whoever fills in its lines is told."""
    thing, when = sight.project_of(project), _quarter(quarter)
    need(request, sight.scope_of(thing))
    by = request.rights.person.pk
    closing.open_again(by=by, project=thing.code, quarter=when, reason=said.reason, seen=said.version)
    return _stands(thing, when, None)


# Spending by output


@router.get(
    "/plans/{project}/outputs",
    response=list[OutputLine],
    url_name="plan_outputs",
    summary="Spending by output and the ledger",
)
@asks(READ)
def outputs(request: HttpRequest, project: Code) -> Any:
    """By organization and year. A total of the programme is the sum over its organizations."""
    thing = sight.project_of(project)
    seen, currency = _seen(request, thing), thing.fund.currency
    shown = None if seen is None else set(books_plans.shown_codes(seen).values())
    return [
        _output_line(body, year, one, currency)
        for (body, year), one in books_plans.reconciled(thing).items()
        if shown is None or body in shown
    ]


def _output_line(body: str, year: int, one: by_output.Reconciled, currency: str) -> OutputLine:
    return OutputLine(
        organization=body,
        year=year,
        outputs={code: _money(amount, currency) for code, amount in sorted(one.outputs.items())},
        not_attributed=_money(one.not_attributed, currency),
        categories={code: _money(amount, currency) for code, amount in sorted(one.categories.items())},
        ledger=_money(one.ledger, currency),
        interim=_money(one.interim, currency),
        still_open=_money(one.still_open, currency),
        currency=currency,
    )


# Requests for transfers


def _request(code: str) -> Any:
    found = models.TransferRequest.objects.filter(pk=code).select_related("project__fund", "tranche").first()
    if found is None:
        raise Http404(code)
    return found


def _told(request: HttpRequest, some: list[Any]) -> list[RequestLine]:
    """Requests with their amounts, as far as the token may see them."""
    vouchers = requesting.vouchers_of(some)
    versions = history.versions(requesting.REQUEST, [one.code for one in some])
    whole = {one.code for one in some if request.rights.may(READ, sight.scope_of(one.project))}
    own = {one.organization for one in request.rights.reach(READ) if one.organization}
    amounts: dict[str, list[RequestAmount]] = {one.code: [] for one in some}
    currencies = {one.code: one.project.fund.currency for one in some}
    for row in models.RequestedAmount.objects.filter(request__in=list(amounts)).order_by("organization_id"):
        if row.request_id in whole or row.organization_id in own:
            amounts[row.request_id].append(
                RequestAmount(
                    organization=row.organization_id,
                    amount=_money(row.amount, currencies[row.request_id]),
                    voucher=vouchers[row.request_id][row.organization_id],
                )
            )
    return [
        RequestLine(
            code=one.code,
            project=one.project_id,
            state=requesting.standing(one, vouchers[one.code]),
            decision=one.decision,
            decided_on=one.decided_on,
            tranche=one.tranche.number if one.tranche else None,
            quarter=str(Quarter(one.year, one.quarter)) if one.year else "",
            note=one.note,
            comment=one.comment,
            amounts=amounts[one.code],
            currency=currencies[one.code],
            version=versions.get(one.code, 0),
        )
        for one in some
    ]


@router.get(
    "/transfer-requests", response=Page[RequestLine], url_name="transfer_requests", summary="Requests for transfers"
)
@asks(READ)
def requests(request: HttpRequest, page: int = PageNumber) -> Any:
    """The last one first."""
    found = within_reach(request.rights).select_related("project__fund", "tranche").order_by("-changed_at")
    return paged(found, page, lambda rows: _told(request, list(rows)))


@router.get("/transfer-requests/{code}", response=RequestLine, url_name="transfer_request", summary="One request")
@asks(READ)
def one_request(request: HttpRequest, code: Code) -> Any:
    """With its amounts and how their vouchers stand."""
    found = _request(code)
    if not within_reach(request.rights).filter(pk=code).exists():
        raise Forbidden(READ, Decision(False, why=ELSEWHERE))
    return _told(request, [found])[0]


@router.put(
    "/plans/{project}/transfer-requests",
    response=RequestLine,
    url_name="write_transfer_request",
    summary="Write a request",
)
@asks(ASKER)
def write_request(request: HttpRequest, project: Code, said: RequestSent) -> Any:
    """A new one, or other words for a draft. A person signs it at the desk; no token does."""
    thing = sight.project_of(project)
    need(request, sight.scope_of(thing))
    currency = thing.fund.currency
    made = requesting.write(
        by=request.rights.person.pk,
        project=thing.code,
        code=said.code,
        seen=said.version,
        said=requesting.RequestSaid(
            {body: _units(amount, currency, requesting.place_of(body)) for body, amount in said.amounts.items()},
            said.decision,
            said.decided_on,
            said.tranche,
            said.note,
            _quarter(said.quarter) if said.quarter else None,
        ),
    )
    return _told(request, [_request(made.code)])[0]


@router.post(
    "/transfer-requests/{code}/receive", response=RequestLine, url_name="receive_request", summary="Receive a request"
)
@asks(AGENT)
def receive(request: HttpRequest, code: Code, said: Act) -> Any:
    """The agent confirms that a signed request arrived."""
    return _lead(request, code, "receive", "", said.version)


@router.post(
    "/transfer-requests/{code}/return", response=RequestLine, url_name="return_request", summary="Return a request"
)
@asks(AGENT)
def give_back(request: HttpRequest, code: Code, said: Reasoned) -> Any:
    """With a reason; its signature counts no more."""
    return _lead(request, code, "return", said.reason, said.version)


@router.post(
    "/transfer-requests/{code}/mend", response=RequestLine, url_name="mend_request", summary="Take a request up again"
)
@asks(ASKER)
def mend(request: HttpRequest, code: Code, said: Act) -> Any:
    """A returned one becomes a draft."""
    return _lead(request, code, "mend", "", said.version)


@router.post(
    "/transfer-requests/{code}/withdraw",
    response=RequestLine,
    url_name="withdraw_request",
    summary="Withdraw a request",
)
@asks(ASKER)
def withdraw(request: HttpRequest, code: Code, said: Reasoned) -> Any:
    """Nothing is asked for any more."""
    return _lead(request, code, "withdraw", said.reason, said.version)


def _lead(request: HttpRequest, code: str, act: str, reason: str, seen: int | None) -> RequestLine:
    found = _request(code)
    need(request, sight.scope_of(found.project), TRANSITIONS[act].verb)
    requesting.lead(by=request.rights.person.pk, code=code, act=act, reason=reason, seen=seen)
    return _told(request, [_request(code)])[0]


@router.post(
    "/transfer-requests/{code}/drafts/{organization}",
    response=Code,
    url_name="draft_request",
    summary="Draft the transfer of a request",
)
@asks("draft vouchers")
def draft(request: HttpRequest, code: Code, organization: Code) -> Any:
    """The key of the voucher's draft, filled in from the request; of the one that stands, if one does."""
    found = _request(code)
    need(request, sight.scope_of(found.project, organization))
    return requesting.draft(by=request.rights.person.pk, code=code, organization=organization).key
