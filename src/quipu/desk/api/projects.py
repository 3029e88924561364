"""Projects and who works on them for programs, as the desk's forms take them."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from quipu.actions.keep_project import ProjectSaid, end_participation, keep_participation, keep_project
from quipu.books import models
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Code, Seen, Sent, Text, checked, typed, unseen
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.records import READ, SOUGHT, Kept, Line, kept
from quipu.desk.funds.views import plain_amount
from quipu.desk.programmes import standing
from quipu.desk.programmes.records import Project as ProjectForm
from quipu.desk.programmes.records import of_participation, typed_project
from quipu.desk.programmes.views import found_by as projects_by
from quipu.desk.programmes.views import of_project
from quipu.desk.reaching import within
from quipu.rules.mandates import Scope

router = Router(tags=["projects"])
PROJECTS = "keep projects"


class Participant(Schema):
    """An organization in a project; sums: in minor units of the fund's currency, by movement."""

    organization: str
    name: str
    number: str
    status: str
    sums: dict[str, int]


class Project(Kept):
    """A project with where it stands."""

    status: str
    participants: list[Participant]


class Budget(Schema):
    """A budget in force; the amount is exact, as text."""

    organization: str
    category: str
    amount: str


class Revised(Schema):
    """By how much a voucher changed a budget, or an allocation, which has no category."""

    movement: str
    organization: str
    category: str
    amount: str


class Revision(Schema):
    """A voucher that set or changed budgets or allocations."""

    key: str
    on: date
    kind: str
    by: str
    recorded_at: datetime
    documents: int
    changes: list[Revised]


class Budgets(Schema):
    """What stands after all revisions, in the fund's currency, and all of them, the last one first."""

    currency: str
    budgets: list[Budget]
    revisions: list[Revision]


class ProjectWords(Sent):
    """What is said of a project. Lists: one a line, as PE Peru 60%; places by name."""

    title: Text
    window: Code = ""
    description_code: Code = ""
    starts: date | None = None
    ends: date | None = None
    countries: Text = ""
    regions: Text = ""
    places: Text = ""
    themes: Text = ""
    sectors: Text = ""
    goals: Text = ""
    markers: Text = ""
    iati: Code = ""


class NewProject(ProjectWords):
    """Code, fund and kind never change."""

    code: Code
    fund: Code
    kind: Code = ""


class ChangedProject(ProjectWords, Seen):
    """All of it anew."""


class Participation(Seen):
    """number: the organization's own of the project; version: of the project."""

    number: Code = ""


@router.get("/projects", response=Page[Line], url_name="projects", summary="Projects")
@asks(READ)
def projects(request: HttpRequest, page: int = PageNumber, words: Code = SOUGHT) -> Any:
    """Those that the token reaches."""
    rows = projects_by(words, request.rights.reach(READ))
    return paged(rows, page, lambda found: [Line(code=one.code, title=one.title, fund=one.fund_id) for one in found])


@router.get("/projects/{code}", response=Project, url_name="project", summary="One project")
@asks(READ)
def project(request: HttpRequest, code: Code) -> Any:
    """What is kept of it, its status, and who works on it with which sums."""
    return _project(_load_project(request, code))


def _load_project(request: HttpRequest, code: str) -> Any:
    found, scope = of_project(code)
    need(request, scope)
    return found


def _project(record: Any) -> dict[str, Any]:
    same = ("name", "number", "status", "sums")
    return {
        **kept(record.code, typed_project(record), fund=record.fund_id, kind=record.kind),
        "status": standing.current_status(standing.events(project=record.code)),
        "participants": [
            {"organization": one.code, **{name: getattr(one, name) for name in same}}
            for one in standing.participations(record)
        ],
    }


@router.get("/projects/{code}/budgets", response=Budgets, url_name="budgets", summary="Budgets and their revisions")
@asks(READ)
def budgets(request: HttpRequest, code: Code) -> Any:
    """Allocations are revised beside them."""
    found = _load_project(request, code)
    currency = found.fund.currency
    same = ("key", "on", "kind", "by", "recorded_at")
    return {
        "currency": currency,
        "budgets": [
            {"organization": one.organization, "category": one.category, "amount": plain_amount(one.amount, currency)}
            for one in standing.budgets(found)
        ],
        "revisions": [
            {"documents": one.papers, "changes": [_change(each, currency) for each in one.changes]}
            | {name: getattr(one, name) for name in same}
            for one in standing.revisions(found)
        ],
    }


def _change(change: tuple[str, str, str, int], currency: str) -> dict[str, str]:
    movement, organization, category, amount = change
    told = {"movement": movement, "organization": organization, "category": category}
    return {**told, "amount": plain_amount(amount, currency)}


@router.post("/projects", response=Project, url_name="make_project", summary="Make a project")
@asks(PROJECTS)
def make_project(request: HttpRequest, said: NewProject) -> Any:
    """A new one, in a fund whose projects one keeps."""
    need(request, Scope(said.fund))
    reach = request.rights.reach(PROJECTS)
    told = checked(ProjectForm(typed(said), funds=models.Fund.objects.filter(within(reach, "code", ""))))
    return _project(keep_project(by=request.rights.person.pk, project=ProjectSaid(**told), is_new=True))


@router.put("/projects/{code}", response=Project, url_name="change_project", summary="Change a project")
@asks(PROJECTS)
def change_project(request: HttpRequest, code: Code, said: ChangedProject) -> Any:
    """Everything that may be changed."""
    found = _load_project(request, code)
    told = checked(ProjectForm(typed(said), record=found))
    words = ProjectSaid(code=found.code, fund=found.fund_id, kind=found.kind, **unseen(told))
    return _project(keep_project(by=request.rights.person.pk, project=words, seen=told["seen"]))


@router.put(
    "/projects/{code}/participants/{organization}",
    response=Project,
    url_name="keep_participant",
    summary="An organization participates",
)
@asks(PROJECTS)
def participate(request: HttpRequest, code: Code, organization: Code, said: Participation) -> Any:
    """With its own number of the project; a new one, or the number of one that does already."""
    found = _load_project(request, code)
    by = request.rights.person.pk
    keep_participation(by=by, project=found.code, organization=organization, number=said.number, seen=said.version)
    return _project(found)


@router.post(
    "/projects/{code}/participants/{organization}/end",
    response=Project,
    url_name="end_participant",
    summary="It was named by mistake",
)
@asks(PROJECTS)
def end(request: HttpRequest, code: Code, organization: Code, said: Seen) -> Any:
    """Refused where money moved."""
    (found, body, _), scope = of_participation(code, organization)
    need(request, scope)
    end_participation(by=request.rights.person.pk, project=found.code, organization=body.code, seen=said.version)
    return _project(found)
