"""Reporting periods, own lists and beneficiaries of programmes, for programs."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from quipu.actions import history
from quipu.actions.history import Thing
from quipu.actions.results import framework
from quipu.books import models
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Code, Sent, Text
from quipu.desk.api.results import Words, readable
from quipu.desk.results import sight
from quipu.desk.results.sight import KEEP, LOCK, READ
from quipu.rules.results.kinds import SMALLEST

router = Router(tags=["results"])


class PeriodWords(Sent):
    """A period that the programme reports by."""

    since: date
    until: date
    title: Text = ""


class Period(Schema):
    """A reporting period. number: by which it is locked and opened."""

    number: int
    since: date
    until: date
    title: str
    locked_at: datetime | None
    locked_by: str


class Opened(Sent):
    """reason: stays beside the act, and the auditor reads it."""

    reason: Text


class ListChoice(Schema):
    """A choice of a list: its code, and what it is called by language."""

    code: Code
    titles: Words


class ListWords(Sent):
    """A list of the programme's own. Choices are added and renamed, never taken away; smallest: people in a public cell."""

    titles: Words
    choices: list[ListChoice]
    smallest: Annotated[int, Field(ge=SMALLEST, le=1000)] = SMALLEST
    version: int | None = None


class ListRead(Schema):
    """A list of the programme's own, as it stands."""

    code: str
    titles: dict[str, str]
    choices: list[ListChoice]
    smallest: int
    version: int


class BeneficiariesWords(Sent):
    """The table as of a day. counts: by direct/targeted/women and the like."""

    until: date
    counts: dict[Code, int]
    source: Text
    note: Text = ""


class BeneficiariesRead(BeneficiariesWords):
    """A table that was kept; the last one of a day stands."""

    by: str
    at: datetime


@router.get("/results/projects/{code}/periods", response=list[Period], url_name="cycles", summary="Reporting periods")
@asks(READ)
def periods(request: HttpRequest, code: Code) -> Any:
    """The latest first."""
    project, _ = readable(request, code)
    return [_period(one) for one in models.Cycle.objects.filter(project=project).order_by("-until")]


def _period(one: Any) -> dict[str, Any]:
    same = ("since", "until", "title", "locked_at", "locked_by")
    return {"number": one.pk, **{name: getattr(one, name) for name in same}}


@router.post(
    "/results/projects/{code}/periods", response=Period, url_name="new_cycle", summary="Make a reporting period"
)
@asks(KEEP)
def make_period(request: HttpRequest, code: Code, said: PeriodWords) -> Any:
    """Refused where it overlaps with another one."""
    project, scope = sight.of_project(code)
    need(request, scope)
    return _period(framework.keep_cycle(by=request.rights.person.pk, project=project.code, **said.model_dump()))


@router.post("/results/periods/{number}/lock", response=Period, url_name="lock_cycle", summary="Lock a period")
@asks(LOCK)
def lock(request: HttpRequest, number: int) -> Any:
    """Nothing that ends in it is written any more."""
    return _locked(request, number, is_locked=True)


@router.post("/results/periods/{number}/open", response=Period, url_name="open_cycle", summary="Open it again")
@asks(LOCK)
def open_again(request: HttpRequest, number: int, said: Opened) -> Any:
    """With a reason."""
    return _locked(request, number, is_locked=False, reason=said.reason)


def _locked(request: HttpRequest, number: int, *, is_locked: bool, reason: str = "") -> Any:
    found, scope = sight.of_cycle(number)
    need(request, scope)
    by = request.rights.person.pk
    return _period(framework.lock(by=by, cycle=found.pk, is_locked=is_locked, reason=reason))


@router.get("/results/projects/{code}/lists", response=list[ListRead], url_name="lists", summary="Own lists")
@asks(READ)
def lists(request: HttpRequest, code: Code) -> Any:
    """By which its results are told apart, beside those that every programme has."""
    project, _ = readable(request, code)
    found = framework.lists_of(project.code)
    versions = history.versions("list", [f"{project.code} {name}" for name in found])
    return [_list(one, versions.get(f"{project.code} {name}", 0)) for name, one in sorted(found.items())]


def _list(one: Any, version: int) -> dict[str, Any]:
    choices = [{"code": code, "titles": titles} for code, titles in one.choices]
    return {
        "code": one.code,
        "titles": one.titles,
        "choices": choices,
        "smallest": one.smallest,
        "version": version,
    }


@router.put(
    "/results/projects/{code}/lists/{name}", response=ListRead, url_name="keep_list", summary="Make or change a list"
)
@asks(KEEP)
def keep_list(request: HttpRequest, code: Code, name: Code, said: ListWords) -> Any:
    """A choice that was used stays; version: of a list that is there already."""
    project, scope = sight.of_project(code)
    need(request, scope)
    kept = framework.keep_list(
        by=request.rights.person.pk,
        project=project.code,
        code=name,
        titles=said.titles,
        choices=[(one.code, one.titles) for one in said.choices],
        smallest=said.smallest,
        seen=said.version,
    )
    return _list(kept, history.version(Thing("list", f"{project.code} {name}")))


@router.get(
    "/results/projects/{code}/beneficiaries",
    response=list[BeneficiariesRead],
    url_name="beneficiaries",
    summary="Tables of beneficiaries",
)
@asks(READ)
def beneficiaries(request: HttpRequest, code: Code) -> Any:
    """All that were kept, the latest day first; of a day, the first of them stands."""
    project, _ = readable(request, code)
    return [_table(one) for one in models.Beneficiaries.objects.filter(project=project).order_by("-until", "-id")]


def _table(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("until", "counts", "source", "note", "by", "at")}


@router.post(
    "/results/projects/{code}/beneficiaries",
    response=BeneficiariesRead,
    url_name="keep_beneficiaries",
    summary="Keep a table of beneficiaries",
)
@asks(KEEP)
def keep_beneficiaries(request: HttpRequest, code: Code, said: BeneficiariesWords) -> Any:
    """As of a day; what stood before stays readable. It is public at once."""
    project, scope = sight.of_project(code)
    need(request, scope)
    words = said.model_dump()
    return _table(framework.keep_beneficiaries(by=request.rights.person.pk, project=project.code, **words))
