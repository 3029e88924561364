"""Registers of programmes for programs: rows with their consents, what indicators count of them, resources outside the fund."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from quipu.actions import history
from quipu.actions.registers import consent, counting
from quipu.actions.registers import register as registers
from quipu.actions.registers import resource as resources
from quipu.actions.registers import row as rows
from quipu.actions.registers.consent import ConsentSaid
from quipu.actions.registers.resource import ResourceSaid
from quipu.actions.results import framework
from quipu.books import models, office
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Act, Amount, Code, Reasoned, Sent, Text
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.problems import Found
from quipu.desk.api.problems import told as told_finding
from quipu.desk.programmes.views import of_project
from quipu.desk.reaching import within
from quipu.desk.registers import sight, views
from quipu.desk.registers.resources import amount
from quipu.desk.registers.sight import KEEP, MASKED, READ, READ_PEOPLE, of_indicator, of_register, of_resource, of_row
from quipu.rules.money import plain
from quipu.rules.registers.rows import written

router = Router(tags=["registers"])
KEEP_RESOURCES = "keep resources"
LIST, ONE, ROWS = "/registers", "/registers/{code}", "/registers/{code}/rows"
ROW = "/registers/{code}/rows/{int:number}"
RESOURCES, RESOURCE = "/resources/{project}", "/resources/{project}/{int:number}"
PROJECT = Query("", description="Only of this project.")


class FieldRead(Schema):
    """A field of a register. shown: a public row shows it; choices: what may be said."""

    key: str
    type: str
    needed: bool
    personal: bool
    counts_people: bool
    shown: bool
    choices: list[str]


class RegisterRead(Schema):
    """A register. kind: "" for one of the programme's own; rows: null where they are of people and not to be read."""

    code: str
    project: str
    kind: str
    titles: dict[str, str]
    currency: str
    of_people: bool
    by_consent: bool
    public: bool
    ended: bool
    rows: int | None
    fields: list[FieldRead]
    version: int


class ConsentRead(Schema):
    """The consent of a row's owner that is in force."""

    given_on: date
    until: date | None


class RowRead(Schema):
    """A row. values: by field as they are typed; what is of a person is "…" for whoever does not keep the register."""

    number: int
    values: dict[str, str]
    consent: ConsentRead | None
    withdrawn_at: datetime | None
    findings: list[Found]
    version: int


class RowSent(Act):
    """A row's values by field: texts, codes of choices, days as 2024-12-31, amounts as 5000.00 or 5000.00 USD.

    A field that is left out stays as it is; "" clears it.
    """

    values: dict[Code, Text] = Field(default_factory=dict)


class ConsentSent(Act):
    """What an owner agreed to. given_by: whose word it was; it is never public."""

    given_on: date
    given_by: Text
    until: date | None = None
    evidence: Text = ""
    document: Code = ""


class PeriodRead(Schema):
    """What a register says of a period. rows: the numbers of those behind it; left_out: without a day, in another currency."""

    since: date | None
    until: date | None
    title: str
    value: str
    cells: dict[str, dict[str, str]]
    rows: list[int]
    undated: list[int]
    other_currency: list[int]


class CountRead(Schema):
    """How an indicator counts a register, and what that says of each period, all of it last."""

    indicator: str
    counted: dict[str, Any]
    periods: list[PeriodRead]
    version: int


class CountTaken(Sent):
    """The period whose count is taken. since: null counts from the beginning."""

    until: date
    since: date | None = None
    note: Text = ""


class CountSaid(Act):
    """What is counted: register, what ("count", "sum:field", "distinct:field"), where, on, currency, breaks; {} for by hand."""

    counted: dict[str, Any] = Field(default_factory=dict)
    reason: Text = ""


class Taken(Schema):
    """The reading that was made."""

    reading: str
    value: str
    state: str


class ResourceWords(Sent):
    """A resource outside the fund. amount, paid: exact, "" for "not stated"."""

    source_kind: Code
    kind: Code
    organization: Code = ""
    source: Text = ""
    what: Text = ""
    amount: Amount = ""
    currency: Code = ""
    promised_on: date | None = None
    due_on: date | None = None
    paid: Amount = ""
    paid_on: date | None = None
    state: Code = "open"
    document: Code = ""
    said_by: Text = ""
    is_public: bool = False


class ChangedResource(ResourceWords):
    """All of it anew."""

    version: int


class ResourceRead(Schema):
    """A resource outside the fund; it is in no figure of it."""

    project: str
    number: int
    giver: str
    organization: str
    source_kind: str
    kind: str
    what: str
    amount: str
    currency: str
    promised_on: date | None
    due_on: date | None
    paid: str
    paid_on: date | None
    state: str
    document: str
    said_by: str
    is_public: bool
    version: int


# Registers


@router.get(LIST, response=Page[RegisterRead], url_name="api_registers", summary="Registers of programmes")
@asks(READ)
def every(request: HttpRequest, project: str = PROJECT, page: int = PageNumber) -> Any:
    """Those within one's mandates, by programme and number."""
    reach = request.rights.reach(READ)
    found = models.Register.objects.filter(within(reach, "project__fund", "project")).select_related("project")
    if project:
        found = found.filter(project=project.replace("\0", ""))
    return paged(found.order_by("project", "number"), page, lambda some: _registers(request, some))


@router.get(ONE, response=RegisterRead, url_name="api_register", summary="One register with its fields")
@asks(READ)
def one(request: HttpRequest, code: Code) -> Any:
    """What it lists, and what a public row of it would show."""
    return _registers(request, [_load(request, code)])[0]


@router.get(ROWS, response=Page[RowRead], url_name="api_rows", summary="The rows of a register")
@asks(READ)
def rows_of(request: HttpRequest, code: Code, q: str = "", held: str = "", page: int = PageNumber) -> Any:
    """Those that stand, the last one first. A register of people is read by its keepers alone: auditors read it at the desk."""
    register = _load(request, code)
    _people(request, register)
    schema = registers.schema_of(register)
    personal = sight.sees_personal(request.rights, register)
    asked = {"q": q.replace("\0", "")[:100], "held": held}
    found = views.rows_of(register, schema, {key: word for key, word in asked.items() if word}, personal=personal)
    return paged(found, page, lambda some: _rows(request, register, some))


@router.get(ROW, response=RowRead, url_name="api_row", summary="One row")
@asks(READ)
def row(request: HttpRequest, code: Code, number: int) -> Any:
    """With the consent in force, and what looks wrong in it."""
    return _row(request, *_load_row(request, code, number))


@router.post(ROWS, response=RowRead, url_name="api_enter_row", summary="Enter a row")
@asks(KEEP)
def enter(request: HttpRequest, code: Code, said: RowSent) -> Any:
    """What is wrong in it stands beside its fields, and nothing is kept then."""
    register = _load(request, code)
    made = rows.enter(by=request.rights.person.pk, register=register.code, said=said.values)
    return _row(request, made, register)


@router.put(ROW, response=RowRead, url_name="api_amend_row", summary="Amend a row")
@asks(KEEP)
def amend(request: HttpRequest, code: Code, number: int, said: RowSent) -> Any:
    """Fields that are left out stay as they are."""
    found, register = _load_row(request, code, number)
    by = request.rights.person.pk
    return _row(request, rows.amend(by=by, record=found, said=said.values, seen=said.version, part=True), register)


@router.post(f"{ROW}/withdraw", response=RowRead, url_name="api_withdraw_row", summary="Withdraw a row")
@asks(KEEP)
def withdraw(request: HttpRequest, code: Code, number: int, said: Reasoned) -> Any:
    """It counts no more, and stays with the reason."""
    found, register = _load_row(request, code, number)
    by = request.rights.person.pk
    return _row(request, rows.withdraw(by=by, record=found, reason=said.reason, seen=said.version), register)


@router.post(f"{ROW}/consent", response=RowRead, url_name="api_give_consent", summary="Keep an owner's consent")
@asks(KEEP)
def agree(request: HttpRequest, code: Code, number: int, said: ConsentSent) -> Any:
    """The next edition shows the row, where its register is public."""
    found, register = _load_row(request, code, number)
    words = {name: value for name, value in said.model_dump().items() if name != "version"}
    consent.give(by=request.rights.person.pk, record=found, said=ConsentSaid(**words), seen=said.version)
    return _row(request, found, register)


@router.post(f"{ROW}/consent/withdraw", response=RowRead, url_name="api_withdraw_consent", summary="Withdraw a consent")
@asks(KEEP)
def disagree(request: HttpRequest, code: Code, number: int, said: Reasoned) -> Any:
    """The next edition is without the row."""
    found, register = _load_row(request, code, number)
    consent.withdraw(by=request.rights.person.pk, record=found, reason=said.reason, seen=said.version)
    return _row(request, found, register)


# Counts


@router.get("/counts/{code}", response=CountRead, url_name="api_count", summary="What a register says of an indicator")
@asks(READ)
def count(request: HttpRequest, code: Code) -> Any:
    """As its rows stand now, with their numbers."""
    indicator, scope = of_indicator(code)
    need(request, scope)
    return _count(indicator)


@router.put("/counts/{code}", response=CountRead, url_name="api_define_count", summary="Say what an indicator counts")
@asks("keep frameworks")
def define(request: HttpRequest, code: Code, said: CountSaid) -> Any:
    """Once readings were approved, a reason is needed."""
    indicator, scope = of_indicator(code)
    need(request, scope)
    made = counting.define(
        by=request.rights.person.pk,
        indicator=indicator.code,
        said=said.counted,
        reason=said.reason,
        seen=said.version,
    )
    return _count(made)


@router.post("/counts/{code}", response=Taken, url_name="api_take_count", summary="Take the count of a period")
@asks("write readings")
def take(request: HttpRequest, code: Code, said: CountTaken) -> Any:
    """Makes the reading and submits it; another person approves it."""
    indicator, scope = of_indicator(code)
    need(request, scope)
    made = counting.take(by=request.rights.person.pk, indicator=indicator.code, **said.model_dump())
    return Taken(reading=made.code, value=made.value, state=str(made.state))


# Resources outside the fund


@router.get(RESOURCES, response=list[ResourceRead], url_name="api_resources", summary="Resources outside the fund")
@asks(READ)
def resources_of(request: HttpRequest, project: Code) -> Any:
    """Beside the fund's money, and never added to it."""
    thing, scope = of_project(project)
    need(request, scope)
    found = models.Resource.objects.filter(project=thing, withdrawn_at=None).select_related("project", "organization")
    return _resources(list(found.order_by("number")))


@router.post(RESOURCES, response=ResourceRead, url_name="api_make_resource", summary="Add a resource outside the fund")
@asks(KEEP_RESOURCES)
def make_resource(request: HttpRequest, project: Code, said: ResourceWords) -> Any:
    """An amount that nobody stated is left out, never guessed."""
    thing, scope = of_project(project)
    need(request, scope)
    made = resources.keep(by=request.rights.person.pk, project=thing.code, said=ResourceSaid(**said.model_dump()))
    return _resources([made])[0]


@router.put(
    RESOURCE, response=ResourceRead, url_name="api_change_resource", summary="Change a resource outside the fund"
)
@asks(KEEP_RESOURCES)
def change_resource(request: HttpRequest, project: Code, number: int, said: ChangedResource) -> Any:
    """All that is said of it anew: what became of it, above all."""
    found = _resource(request, project, number)
    words = said.model_dump()
    seen = words.pop("version")
    by = request.rights.person.pk
    made = resources.keep(by=by, project=found.project_id, said=ResourceSaid(**words), record=found, seen=seen)
    return _resources([made])[0]


@router.post(
    f"{RESOURCE}/withdraw", response={204: None}, url_name="api_withdraw_resource", summary="Withdraw a resource"
)
@asks(KEEP_RESOURCES)
def withdraw_resource(request: HttpRequest, project: Code, number: int, said: Reasoned) -> Any:
    """It was kept by mistake."""
    found = _resource(request, project, number)
    resources.withdraw(by=request.rights.person.pk, record=found, reason=said.reason, seen=said.version)
    return Status(204, None)


# What they share


def _load(request: HttpRequest, code: str) -> Any:
    found, scope = of_register(code)
    need(request, scope)
    return found


def _load_row(request: HttpRequest, code: str, number: int) -> tuple[Any, Any]:
    found, scope = of_row(code, number)
    need(request, scope)
    _people(request, found.register)
    return found, found.register


def _people(request: HttpRequest, register: Any) -> None:
    """A register of people is open to its keepers; an auditor says why at the desk, where each reading is on record."""
    if registers.schema_of(register).is_of_people:
        need(request, registers.scope(register), READ_PEOPLE)
        need(request, registers.scope(register), KEEP)


def _registers(request: HttpRequest, some: Any) -> list[RegisterRead]:
    some = list(some)
    standing = models.Row.objects.filter(register__in=some, withdrawn_at=None).values_list("register")
    counts = dict(standing.annotate(n=Count("pk")))
    versions = history.versions("register", [each.code for each in some])
    found = []
    for each in some:
        schema = registers.schema_of(each)
        may = not schema.is_of_people or request.rights.may(READ_PEOPLE, registers.scope(each))
        found.append(
            RegisterRead(
                code=each.code,
                project=each.project_id,
                kind=each.kind,
                titles=each.titles,
                currency=each.currency,
                of_people=schema.is_of_people,
                by_consent=schema.by_consent,
                public=each.is_public,
                ended=each.ended_at is not None,
                rows=counts.get(each.code, 0) if may else None,
                fields=[_field(one_, schema) for one_ in schema.fields],
                version=versions.get(each.code, 0),
            )
        )
    return found


def _field(each: Any, schema: Any) -> FieldRead:
    return FieldRead(
        key=each.key,
        type=str(each.type),
        needed=each.is_needed,
        personal=each.key in schema.personal,
        counts_people=each.counts_people,
        shown=each in schema.shown,
        choices=each.codes,
    )


def _row(request: HttpRequest, found: Any, register: Any) -> RowRead:
    found.refresh_from_db()
    return _rows(request, register, [found])[0]


def _rows(request: HttpRequest, register: Any, some: Any) -> list[RowRead]:
    schema, some = registers.schema_of(register), list(some)
    hidden = set() if sight.sees_personal(request.rights, register) else schema.personal
    in_force = models.Consent.objects.filter(consent.in_force(office.today()), row__in=some)
    agreed = {each.row_id: each for each in in_force}
    versions = history.versions("row", [rows.thing_of(register, each) for each in some])
    found = []
    for each in some:
        values = {
            one_.key: MASKED if one_.key in hidden else written(one_, each.values[one_.key])
            for one_ in schema.fields
            if one_.key in each.values
        }
        given = agreed.get(each.pk)
        found.append(
            RowRead(
                number=each.number,
                values=values,
                consent=ConsentRead(given_on=given.given_on, until=given.until) if given else None,
                withdrawn_at=each.withdrawn_at,
                findings=[told_finding(one_) for one_ in rows.remarks(each)] if len(some) == 1 else [],
                version=versions.get(rows.thing_of(register, each), 0),
            )
        )
    return found


def _count(indicator: Any) -> CountRead:
    periods = [
        PeriodRead(
            since=each.since,
            until=each.until,
            title=each.title,
            value=plain(each.counted.value),
            cells={
                list_: {choice: plain(n) for choice, n in told.items()} for list_, told in each.counted.cells.items()
            },
            rows=each.counted.numbers,
            undated=list(each.counted.undated),
            other_currency=list(each.counted.other),
        )
        for each in (counting.values(indicator) if indicator.counted else [])
    ]
    version = history.version(framework.thing(framework.INDICATOR, indicator))
    return CountRead(indicator=indicator.code, counted=indicator.counted, periods=periods, version=version)


def _resource(request: HttpRequest, project: str, number: int) -> Any:
    of_project(project)
    numbered = models.Resource.objects.filter(project=project, number=min(number, 2**15 - 1)).values_list(
        "pk", flat=True
    )
    found, scope = of_resource(numbered.first() or 0)
    need(request, scope)
    return found


def _resources(some: list[Any]) -> list[ResourceRead]:
    versions = history.versions("resource", [f"{each.project_id} {each.number}" for each in some])
    same = (
        "source_kind",
        "kind",
        "what",
        "currency",
        "promised_on",
        "due_on",
        "paid_on",
        "state",
        "document",
        "said_by",
    )
    return [
        ResourceRead(
            project=each.project_id,
            number=each.number,
            giver=resources.source_of(each),
            organization=each.organization_id or "",
            amount=amount(each.amount, each.currency),
            paid=amount(each.paid, each.currency),
            is_public=each.is_public,
            version=versions.get(f"{each.project_id} {each.number}", 0),
            **{name: getattr(each, name) for name in same},
        )
        for each in some
    ]
