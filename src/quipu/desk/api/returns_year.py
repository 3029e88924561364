"""The year's end for programs: what is owed by when, figures beside last year's, dispensations, consolidated reports."""

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import StringConstraints

from quipu.actions.returns import dispensing, owing, surveying
from quipu.actions.returns.dispensing import ASKING, DECIDING
from quipu.actions.returns.surveying import Line
from quipu.books import models, office
from quipu.desk.api import given
from quipu.desk.api.access import Forbidden, asks, need
from quipu.desk.api.given import Code, Sent, Text
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.returns import Year, amount
from quipu.desk.reaching import within
from quipu.desk.returns import sight
from quipu.desk.returns.sight import PREPARED, READ
from quipu.desk.years import console, dispensations, reports
from quipu.rules.mandates import ELSEWHERE, Decision, Scope
from quipu.rules.returns.obligations import KINDS, OF_YEARS, Owed
from quipu.rules.returns.states import State

router = Router(tags=["years"])
READ_REPORTS = "read reports"
AT = Path(ge=console.FIRST_YEAR, le=console.LAST_YEAR)
FUND, ORGANIZATION = (Query("", description=f"Only of this {name}.") for name in ("fund", "organization"))
DUTY = Query("", pattern=f"^({'|'.join(('', *OF_YEARS))})$", description=", ".join(OF_YEARS))
SHOWN = Query("", pattern=f"^({'|'.join(console.SHOWN)})$", description=", ".join(filter(None, console.SHOWN)))
MISSING = Query(False, description="Only what is still waited for.")


class Obligation(Schema):
    """Something that is owed for a year. usual: the fund's own deadline; until: the one in force; came: when it came in.

    kind, code, state: of the return that settles it; holder: whose turn it is, since a day. days_left below zero: late.
    """

    duty: str
    fund: str
    organization: str
    project: str
    year: int
    usual: date
    until: date
    mark: str
    kind: str
    code: str
    state: str
    came: date | None
    holder: str
    since: date | None
    is_closed: bool
    days_left: int | None
    days_late: int


class YearLine(Schema):
    """An organization's part of a fund in a year. before, now: spending; null where nothing is in.

    standing: certified, interim or submitted; unusual: why it is worth a second look.
    """

    organization: str
    name: str
    fund: str
    currency: str
    owed: list[Obligation]
    before: str | None
    before_interim: str
    now: str | None
    standing: str
    change: str | None
    unusual: list[str]


class YearTotal(Schema):
    """Sums of all lines of a currency; silent: of how many nothing is in."""

    currency: str
    before: str
    before_interim: str
    now: str
    interim: str
    submitted: str
    silent: int


class YearRead(Schema):
    """A year as far as the token reaches. marks: how many obligations of the chosen kind bear each."""

    year: int
    marks: dict[str, int]
    totals: list[YearTotal]
    items: list[YearLine]
    next: int | None


class Dispensation(Schema):
    """More time for something owed, or (until null) none of it. state: undecided, granted, refused or withdrawn."""

    number: int
    duty: str
    fund: str
    organization: str
    project: str
    year: int
    until: date | None
    reason: str
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision: str


class AskedFor(Sent):
    """wanted: time, with the day by which it will be in, or waiver. reason: public once it is granted."""

    duty: Code
    fund: Code
    organization: Code
    project: Code = ""
    year: Year
    wanted: Annotated[str, StringConstraints(pattern=f"^({dispensations.TIME}|{dispensations.WAIVER})$")]
    until: date | None = None
    reason: Text


class DecidedUpon(Sent):
    """decision: grant or refuse; until: another day than was asked for, null waives; words: a refusal needs them."""

    decision: Annotated[str, StringConstraints(pattern=f"^({dispensations.GRANT}|{dispensations.REFUSE})$")]
    until: date | None = None
    words: Text = ""


class ReportRead(Schema):
    """A version of a consolidated report; fund "": of all funds. lacks: what is missing in it; forms: files to fetch.

    head: the position of the chain that its figures were asked at; digest: of what was signed; document: as which it is public.
    """

    number: int
    fund: str
    year: int
    version: int
    reason: str
    narrative: dict[str, str]
    lacks: list[str]
    head: int | None
    statement: str
    digest: str
    signed_by: str
    signed_at: datetime | None
    pdf: str
    xlsx: str
    document: str
    forms: list[str]


# What is owed


def _obligation(request: HttpRequest, one: Owed, today: date) -> Obligation:
    own = sight.is_own(request.rights, one.scope)
    state = PREPARED if not own and one.state in (State.DRAFT, State.FOR_CERTIFICATION) else one.state
    same = ("duty", "fund", "organization", "project", "year", "usual", "until", "code", "came", "holder", "since")
    return Obligation(
        mark=str(one.mark),
        kind=KINDS.get(one.duty, ""),
        state=state,
        is_closed=one.closed,
        days_left=one.days_left(today),
        days_late=one.days_late(today),
        **{name: getattr(one, name) for name in same},
    )


@router.get("/years/{year}/owed", response=Page[Obligation], url_name="owed", summary="What is owed for a year")
@asks(READ)
def owed(
    request: HttpRequest,
    year: int = AT,
    page: int = PageNumber,
    fund: Code = FUND,
    organization: Code = ORGANIZATION,
    duty: str = DUTY,
    missing: bool = MISSING,
) -> Any:
    """By when, and how it stands: what is waited for first."""
    today = office.today()
    found = owing.within(owing.owed([year], today), request.rights.reach(READ))
    shown = console.MISSING if missing else ""
    asked = console.Asked({"fund": fund, "organization": organization, "shown": shown})
    chosen = console.narrowed(found, asked, duty)
    return paged(chosen, page, lambda some: [_obligation(request, one, today) for one in some])


@router.get("/years/{year}", response=YearRead, url_name="year", summary="A year with its figures beside last year's")
@asks(READ)
def year_(
    request: HttpRequest,
    year: int = AT,
    page: int = PageNumber,
    fund: Code = FUND,
    organization: Code = ORGANIZATION,
    duty: str = DUTY,
    shown: str = SHOWN,
) -> Any:
    """Organizations by funds: what each owes, its spending, and what is unusual. Never a figure that was not submitted.

    shown asks for lines whose obligation of the chosen kind stands so, the annual return where none is chosen.
    """
    whole = surveying.survey(year, request.rights.reach(READ))
    asked = console.Asked({"fund": fund, "organization": organization, "duty": duty, "shown": shown})
    lines = [line for line in whole.lines if asked.fits(line)]
    of_page = paged(lines, page, lambda some: [_line(request, one, whole) for one in some])
    totals = [_total(one) for one in surveying.totals(lines)]
    return YearRead(year=year, marks=console.counts(lines, asked.duty), totals=totals, **of_page)


def _line(request: HttpRequest, one: Line, whole: surveying.Survey) -> YearLine:
    currency = one.currency
    return YearLine(
        organization=one.organization,
        name=whole.organizations.get(one.organization, ""),
        fund=one.fund,
        currency=currency,
        owed=[_obligation(request, each, whole.today) for several in one.owed.values() for each in several],
        before=amount(one.before, currency),
        before_interim=amount(one.before_interim, currency),
        now=amount(one.now, currency),
        standing=one.standing,
        change=amount(one.change, currency),
        unusual=one.unusual,
    )


def _total(one: surveying.Total) -> YearTotal:
    sums = ("before", "before_interim", "now", "interim", "submitted")
    told = {name: amount(getattr(one, name), one.currency) for name in sums}
    return YearTotal(currency=one.currency, silent=one.silent, **told)


# Dispensations


def _dispensation(one: Any) -> Dispensation:
    same = ("duty", "year", "until", "reason", "asked_by", "asked_at", "decided_by", "decided_at", "decision")
    return Dispensation(
        number=one.pk,
        fund=one.fund_id,
        organization=one.organization_id,
        project=one.project_id or "",
        state=dispensing.state(one),
        **{name: getattr(one, name) for name in same},
    )


def _dispensed(request: HttpRequest, number: int) -> Any:
    found, scope = dispensations.of_number(number)
    need(request, scope)
    return found


@router.get("/dispensations", response=Page[Dispensation], url_name="dispensations", summary="Dispensations")
@asks(READ)
def every_dispensation(request: HttpRequest, page: int = PageNumber) -> Any:
    """What was asked for within the token's reach: undecided first, then the latest."""
    return paged(dispensations.reached(request.rights), page, lambda some: [_dispensation(one) for one in some])


@router.get("/dispensations/{number}", response=Dispensation, url_name="dispensation", summary="One of them")
@asks(READ)
def dispensation(request: HttpRequest, number: int) -> Any:
    """And what became of it."""
    return _dispensation(_dispensed(request, number))


@router.post("/dispensations", response=Dispensation, url_name="ask_dispensation", summary="Ask for more time")
@asks(ASKING)
def ask(request: HttpRequest, said: AskedFor) -> Any:
    """Or for none of it to be owed. Whoever decides is told by mail."""
    need(request, Scope(said.fund, "", said.organization))
    words = given.typed(said)
    form = given.checked(dispensations.Asking({name: words.get(name, "") for name in ("wanted", "until", "reason")}))
    of = owing.one(said.duty, said.fund, said.organization, said.year, said.project)
    until = form["until"] if form["wanted"] == dispensations.TIME else None
    return _dispensation(dispensing.ask(by=request.rights.person.pk, owed=of, until=until, reason=form["reason"]))


@router.post(
    "/dispensations/{number}/decide",
    response=Dispensation,
    url_name="decide_dispensation",
    summary="Grant or refuse it",
)
@asks(DECIDING)
def decide(request: HttpRequest, number: int, said: DecidedUpon) -> Any:
    """Public with its words. Whoever asked does not decide, and is told by mail."""
    record = _dispensed(request, number)
    form = given.checked(dispensations.Deciding(given.typed(said)))
    granted = form["decision"] == dispensations.GRANT
    by = request.rights.person.pk
    dispensing.decide(by=by, record=record, granted=granted, until=form["until"], words=form["words"])
    return _dispensation(record)


@router.post(
    "/dispensations/{number}/withdraw", response=Dispensation, url_name="withdraw_dispensation", summary="Withdraw it"
)
@asks(ASKING)
def withdraw(request: HttpRequest, number: int) -> Any:
    """Its own side takes it back, while nobody has decided."""
    record = _dispensed(request, number)
    dispensing.withdraw(by=request.rights.person.pk, record=record)
    return _dispensation(record)


# Consolidated reports


def _bodies(request: HttpRequest) -> list[str]:
    """The contributors for whom reports are read."""
    return [scope.organization for scope in request.rights.reach(READ_REPORTS) if scope.organization]


def _signed_for(request: HttpRequest) -> Q:
    """Reports of which a contributor was told."""
    return Q(signed_at__isnull=False, told__organization__in=_bodies(request))


def _report(request: HttpRequest, number: int) -> Any:
    """A report within reach, or one of which its reader's organization was told. Raises Http404 and Forbidden."""
    found, scope = reports.of_number(number)
    own = models.Report.objects.filter(_signed_for(request), pk=number)
    if not request.rights.may(READ_REPORTS, scope) and not own.exists():
        raise Forbidden(READ_REPORTS, Decision(False, why=ELSEWHERE))
    return found


def _read(one: Any) -> ReportRead:
    same = ("year", "version", "reason", "narrative", "lacks", "head", "statement", "digest", "signed_by", "signed_at")
    return ReportRead(
        number=one.pk,
        fund=one.fund_id or "",
        document=one.document_id or "",
        forms=[*reports.MEDIA] if one.signed_at else [reports.PDF],
        **{name: getattr(one, name) for name in (*same, "pdf", "xlsx")},
    )


@router.get("/years/{year}/reports", response=Page[ReportRead], url_name="reports", summary="Reports of a year")
@asks(READ_REPORTS)
def every_report(request: HttpRequest, year: int = AT, page: int = PageNumber) -> Any:
    """Of the funds within reach, the last version first; a contributor's those it was told of."""
    reached = within(request.rights.reach(READ_REPORTS), "fund", "")
    if reached:  # not everything
        reached |= _signed_for(request)
    found = models.Report.objects.filter(reached, year=year).order_by("fund", "-version").distinct()
    return paged(found, page, lambda some: [_read(one) for one in some])


@router.get("/reports/{number}", response=ReportRead, url_name="report", summary="One report")
@asks(READ_REPORTS)
def report(request: HttpRequest, number: int) -> Any:
    """Its narrative, what is missing in it, and what was signed."""
    return _read(_report(request, number))


@router.get("/reports/{number}/file.{form}", url_name="report_file", summary="A report as a file: pdf or xlsx")
@asks(READ_REPORTS)
def report_file(request: HttpRequest, number: int, form: Code) -> Any:
    """The signed files; before that the PDF, marked as a draft."""
    return reports.as_file(_report(request, number), form)
