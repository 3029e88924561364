"""Communities' revolving funds for programs: figures, loans and cashbooks, and everything that moves in a box."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from quipu.actions import history
from quipu.actions.revolving import keeping, moving
from quipu.actions.revolving.keeping import CommunitySaid
from quipu.actions.saying import Paper
from quipu.books import office, post, revolving
from quipu.books.post import Answer
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Code, Sent, Text
from quipu.desk.api.problems import Found, finding
from quipu.desk.programmes.views import of_project
from quipu.desk.revolving import words
from quipu.desk.revolving.views import of_community, of_loan, standing_of
from quipu.rules import boxes
from quipu.rules.findings import ERROR, Refused
from quipu.rules.money import exponent, of_minor_units
from quipu.rules.revolving import Loan, Terms, Totals

router = Router(tags=["revolving funds"])
READ, KEEP = "read revolving", "keep revolving"
Above = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,3})?$")]  # exact: no float comes here


class Figures(Schema):
    """Amounts in the box's currency; shares in per cent with one decimal, null where there is nothing to divide by."""

    capital: str
    lent: str
    outstanding: str
    cash: str
    at_risk: str | None
    repayment_rate: str | None
    times_revolved: str | None


class Community(Schema):
    """A community fund with its figures as they stand today. version: of its record."""

    code: str
    programme: str
    title: str
    district: str
    opened_on: date | None
    currency: str
    figures: Figures
    version: int


class Instalment(Schema):
    """What falls due, and what was paid of it. interest: as it is asked."""

    number: int
    day: date
    principal: str
    interest: str
    paid: str
    is_due: bool
    is_covered: bool


class OneLoan(Schema):
    """How a loan stands today. due: what should have been paid by now; owed: all that can be paid today."""

    number: int
    member: int
    purpose: str
    lent_on: date
    terms: str
    principal: str
    outstanding: str
    due: str
    owed: str
    overdue_days: int
    schedule: list[Instalment]


class BoxLine(Schema):
    """A line of the cashbook. left: what lies in the box after it."""

    on: date
    key: str
    what: str
    loan: int | None
    note: str
    came: str
    went: str
    left: str
    is_taken_back: bool


class ToKeep(Sent):
    """A community fund. Names of people stand nowhere in it."""

    title: Text
    district: Text = ""
    opened_on: date | None = None


class ToMake(ToKeep):
    """currency: of the box, the programme's fund's without it."""

    currency: Code = ""


class ToChange(ToKeep):
    """version: of the record as it was read."""

    version: int


class Moving(Sent):
    """key: of your own making; sent twice it is posted once. only_check: tells what the rules would say, and posts nothing."""

    key: str = Field(pattern=r"^[A-Za-z0-9._-]{1,60}$")
    on: date
    note: Text = ""
    only_check: bool = False


class ToMove(Moving):
    """amount: in the box's currency."""

    amount: Above


class ToLend(ToMove):
    """member: a number, never a name. rate: per cent per month or year; one instalment every so many months or weeks."""

    member: int
    purpose: Text = ""
    method: Code
    rate: Above
    per: Code
    instalments: int
    every: int = 1
    unit: Code = "month"
    first: date
    grace: int = 0


class Paid(Sent):
    """A payment of a loan. The rule splits it into interest and principal."""

    loan: int
    amount: Above


class ToPay(Moving):
    """Payments of a collection day: all of them are posted, or none; each under the key and its loan's number."""

    payments: list[Paid]


class ToTakeBack(Moving):
    """what: the key that is taken back. note: why."""

    what: Code


class PostedInBox(Schema):
    """What came of it: the links of the chain, none where it was only checked."""

    keys: list[str]
    positions: list[int]
    is_new: bool = False
    findings: list[Found]


def _money(units: int, currency: str) -> str:
    return f"{of_minor_units(units, currency):.{exponent(currency)}f}"


def _figures(of: Totals, currency: str) -> Figures:
    def share(value: Any, shown: Callable[[Any], Decimal]) -> str | None:
        return None if value is None else f"{shown(value):.1f}"

    return Figures(
        capital=_money(of.capital, currency),
        lent=_money(of.lent, currency),
        outstanding=_money(of.outstanding, currency),
        cash=_money(of.cash, currency),
        at_risk=share(of.at_risk, boxes.percent),
        repayment_rate=share(of.repayment_rate, boxes.percent),
        times_revolved=share(of.times_revolved, boxes.one_decimal),
    )


def _told(community: Any, figures: Totals, version: int) -> Community:
    return Community(
        **{name: getattr(community, name) for name in ("code", "title", "district", "opened_on", "currency")},
        programme=community.project_id,
        figures=_figures(figures, community.currency),
        version=version,
    )


def _one(community: Any) -> Community:
    rows = revolving.written("community_id = %s", [community.code])
    version = history.version(keeping.thing_of_community(community))
    return _told(community, boxes.totals(rows, office.today()), version)


def _loan(one: dict[str, Any], currency: str) -> OneLoan:
    now: Loan = one["now"]
    rows = [
        Instalment(
            number=due.instalment.number,
            day=due.instalment.day,
            principal=_money(due.instalment.principal, currency),
            interest=_money(due.asked, currency),
            paid=_money(due.paid_principal + due.paid_interest, currency),
            is_due=due.is_due,
            is_covered=due.is_covered,
        )
        for due in now.dues
    ]
    amounts = {name: _money(getattr(now, name), currency) for name in ("principal", "outstanding", "due", "owed")}
    told = {"number": one["number"], "member": one["terms"].member, "purpose": one["title"], "lent_on": one["lent"].on}
    return OneLoan(**told, terms=str(one["terms"]), **amounts, overdue_days=now.overdue_days, schedule=rows)


@router.get(
    "/revolving/programmes/{code}",
    response=list[Community],
    url_name="revolving_funds",
    summary="Community funds of a programme",
)
@asks(READ)
def of_programme(request: HttpRequest, code: Code) -> Any:
    """With their figures as they stand today."""
    project, scope = of_project(code)
    need(request, scope)
    found = revolving.figures(project.code, office.today())
    versions = history.versions(keeping.COMMUNITY, [community.code for community, _ in found])
    return [_told(community, figures, versions.get(community.code, 0)) for community, figures in found]


@router.post(
    "/revolving/programmes/{code}",
    response=Community,
    url_name="make_community",
    summary="Make a community fund",
)
@asks(KEEP)
def make(request: HttpRequest, code: Code, said: ToMake) -> Any:
    """It is numbered by itself; its capital comes next."""
    project, scope = of_project(code)
    need(request, scope)
    told = CommunitySaid(said.title, said.district, said.opened_on)
    by = request.rights.person.pk
    return _one(keeping.make_community(by=by, project=project.code, said=told, currency=said.currency))


@router.get("/revolving/funds/{code}", response=Community, url_name="revolving_community", summary="A community fund")
@asks(READ)
def of_fund(request: HttpRequest, code: Code) -> Any:
    """With its figures as they stand today."""
    found, scope = of_community(code)
    need(request, scope)
    return _one(found)


@router.put("/revolving/funds/{code}", response=Community, url_name="keep_community", summary="Change a community fund")
@asks(KEEP)
def keep(request: HttpRequest, code: Code, said: ToChange) -> Any:
    """Its words; its programme and currency stay."""
    found, scope = of_community(code)
    need(request, scope)
    told = CommunitySaid(said.title, said.district, said.opened_on)
    by = request.rights.person.pk
    return _one(keeping.keep_community(by=by, community=found, said=told, seen=said.version))


@router.get(
    "/revolving/funds/{code}/cashbook", response=list[BoxLine], url_name="revolving_lines", summary="A cashbook"
)
@asks(READ)
def cashbook(request: HttpRequest, code: Code) -> Any:
    """Every line in its order, with what lies in the box after it."""
    found, scope = of_community(code)
    need(request, scope)
    rows = words.lines(revolving.written("community_id = %s", [found.code]))
    return [
        BoxLine(
            on=one.row.on,
            key=one.key,
            what=one.row.what,
            loan=int(one.row.loan.rpartition("/")[2]) if one.row.loan else None,
            note=one.note,
            **{name: _money(getattr(one, name), found.currency) for name in ("came", "went", "left")},
            is_taken_back=one.is_taken_back,
        )
        for one in rows
    ]


@router.get(
    "/revolving/funds/{code}/loans", response=list[OneLoan], url_name="revolving_loans", summary="Loans of a fund"
)
@asks(READ)
def loans(request: HttpRequest, code: Code) -> Any:
    """Each with its schedule beside what was paid, the open ones first."""
    found, scope = of_community(code)
    need(request, scope)
    return [_loan(one, found.currency) for one in standing_of(found, office.today())]


def _move(request: HttpRequest, said: Moving, act: Callable[[Paper], Answer]) -> PostedInBox:
    """Posts, or only tries it out. Raises Refused."""
    paper = Paper(by=request.rights.person.pk, key=said.key, on=said.on, title=" ".join(said.note.split()))
    if said.only_check:
        with post.rehearsing():
            answer = act(paper)
        if wrong := [one for one in answer.findings if one.severity == ERROR]:
            raise Refused(*wrong)
        return PostedInBox(keys=[one.key for one in answer.receipts], positions=[], findings=[])
    answer = act(paper)
    return PostedInBox(
        keys=[one.key for one in answer.receipts],
        positions=[one.position for one in answer.receipts],
        is_new=all(one.is_new for one in answer.receipts),
        findings=[finding(one) for one in answer.findings],
    )


@router.post(
    "/revolving/funds/{code}/capital", response=PostedInBox, url_name="put_in_capital", summary="Capital comes in"
)
@asks(KEEP)
def capital(request: HttpRequest, code: Code, said: ToMove) -> Any:
    """Into the box."""
    found, scope = of_community(code)
    need(request, scope)
    amount = Decimal(said.amount)
    return _move(request, said, lambda paper: moving.put_in(paper=paper, community=found, amount=amount))


@router.post("/revolving/funds/{code}/cost", response=PostedInBox, url_name="spend_cost", summary="A cost is paid")
@asks(KEEP)
def cost(request: HttpRequest, code: Code, said: ToMove) -> Any:
    """Out of the box."""
    found, scope = of_community(code)
    need(request, scope)
    amount = Decimal(said.amount)
    return _move(request, said, lambda paper: moving.spend(paper=paper, community=found, amount=amount))


@router.post("/revolving/funds/{code}/loans", response=PostedInBox, url_name="lend_loan", summary="A loan is paid out")
@asks(KEEP)
def lend(request: HttpRequest, code: Code, said: ToLend) -> Any:
    """Under the next number. method: declining or flat; per: month or year; unit: month or week."""
    found, scope = of_community(code)
    need(request, scope)
    terms = Terms(
        *(said.member, said.method, Decimal(said.rate), said.per, said.instalments, said.every, said.unit, said.first),
        said.grace,
    )
    amount = Decimal(said.amount)
    return _move(
        request,
        said,
        lambda paper: moving.lend(paper=paper, community=found, amount=amount, terms=terms, purpose=said.purpose),
    )


@router.post(
    "/revolving/funds/{code}/payments", response=PostedInBox, url_name="pay_loans", summary="Payments of loans"
)
@asks(KEEP)
def pay(request: HttpRequest, code: Code, said: ToPay) -> Any:
    """Of one loan or a whole collection day. The rule splits each into interest and principal."""
    found, scope = of_community(code)
    need(request, scope)
    amounts: dict[int, Decimal] = {}
    for one in said.payments:
        amounts[one.loan] = amounts.get(one.loan, Decimal(0)) + Decimal(one.amount)
    return _move(request, said, lambda paper: moving.pay(paper=paper, community=found, amounts=amounts))


@router.post(
    "/revolving/funds/{code}/loans/{int:number}/write-off",
    response=PostedInBox,
    url_name="write_off_loan",
    summary="A loan is written off",
)
@asks(KEEP)
def write_off(request: HttpRequest, code: Code, number: int, said: Moving) -> Any:
    """All that is outstanding of it; it needs a reason in note."""
    found, scope = of_loan(code, number)
    need(request, scope)
    return _move(
        request, said, lambda paper: moving.write_off(paper=paper, community=found.community, number=found.number)
    )


@router.post("/revolving/funds/{code}/take-back", response=PostedInBox, url_name="take_back_line", summary="Take back")
@asks(KEEP)
def take_back(request: HttpRequest, code: Code, said: ToTakeBack) -> Any:
    """What was posted under a key, as a whole; it needs a reason in note. Both lines stay in the cashbook."""
    found, scope = of_community(code)
    need(request, scope)
    return _move(request, said, lambda paper: moving.take_back(paper=paper, community=found, key=said.what))
