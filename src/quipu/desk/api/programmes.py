"""Funds, agreements, projects, organizations and narrative for programs: read, made, changed, as the desk's forms take them."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from quipu.actions import history, subjects, write_section
from quipu.actions.keep_agreement import AgreementSaid, keep_agreement
from quipu.actions.keep_fund import FundSaid, keep_fund
from quipu.actions.keep_organization import OrganizationSaid, keep_organization
from quipu.actions.keep_project import ProjectSaid, end_participation, keep_participation, keep_project
from quipu.books import models
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Code, Seen, Sent, Text, checked, typed, unseen
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.funds import forms
from quipu.desk.funds.views import of_agreement, of_fund, typed_agreement, typed_fund
from quipu.desk.organizations.views import Organization as OrganizationForm
from quipu.desk.organizations.views import found_by as organizations_by
from quipu.desk.organizations.views import of_organization, typed_organization
from quipu.desk.programmes import forms as programme_forms
from quipu.desk.programmes import standing
from quipu.desk.programmes.narratives import lines_of, of_part, of_subject
from quipu.desk.programmes.records import Project as ProjectForm
from quipu.desk.programmes.records import of_participation, typed_project
from quipu.desk.programmes.views import found_by as projects_by
from quipu.desk.programmes.views import of_project
from quipu.desk.reaching import within
from quipu.rules import narrative
from quipu.rules.mandates import Scope

router = Router(tags=["programmes"])
READ, AGREEMENTS, ORGANIZATIONS = "read drafts", "keep agreements", "keep organizations"
FUNDS, PROJECTS, NARRATIVES = "keep funds", "keep projects", "edit narratives"
SOUGHT = Query("", max_length=100, description="In a code or a name.")


class Line(Schema):
    """A line of a list."""

    code: str
    title: str
    fund: str = ""


class Kept(Schema):
    """A record. said: what may be changed, in the words that a change takes; version: what to say back with it."""

    code: str
    sealed: dict[str, str]
    said: dict[str, Any]
    version: int


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


class FundWords(Sent):
    """What is said of a fund. countries, regions, themes: one a line, as PE Peru 60%; deadlines: as annual-return 04-15."""

    title: Text
    category: Code = ""
    starts: date | None = None
    ends: date | None = None
    countries: Text = ""
    regions: Text = ""
    themes: Text = ""
    overview: Text = ""
    agent_fee: Code = ""
    minimum_balance: Code | None = None
    small_balance: Code | None = None
    over_allocation: Code = ""
    second_eyes: bool = False
    illustrative: bool = False
    iati: Code = ""
    publisher: Code = ""
    deadlines: Text = ""
    category_shift: Code = ""


class NewFund(FundWords):
    """Code and currency never change."""

    code: Code
    currency: Code


class ChangedFund(FundWords, Seen):
    """All of it anew."""


class AgreementWords(Sent):
    """What is said of an agreement. instalments, amendments: one a line, a day first."""

    title: Text = ""
    amount: Code | None = None
    currency: Code = ""
    instalments: Text = ""
    amendments: Text = ""
    earmark: Code = ""
    agent_fee: Code = ""
    iati_activity: Code = ""


class NewAgreement(AgreementWords):
    """Code and contributor never change."""

    code: Code
    contributor: Code


class ChangedAgreement(AgreementWords, Seen):
    """All of it anew."""


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


class OrganizationWords(Sent):
    """What an organization is called. aliases, identifiers: one a line."""

    title: Text
    participates: bool = False
    contributes: bool = False
    group: Code = ""
    aliases: Text = ""
    identifiers: Text = ""


class NewOrganization(OrganizationWords):
    """The code never changes."""

    code: Code


class ChangedOrganization(OrganizationWords, Seen):
    """All of it anew."""


class Section(Schema):
    """The last version of a section in a language. is_public: whether a version of it is public."""

    section: str
    language: str
    title: str
    text: str
    state: str
    by: str
    at: datetime | None
    is_public: bool
    version: int | None = None


class Written(Seen):
    """Markdown. public: the next edition shows it, or a second person looks first, as the fund asks."""

    title: Code = ""
    text: str
    public: bool = False


def _kept(record: Any, said: dict[str, Any], **sealed: str) -> dict[str, Any]:
    return {"code": record.code, "sealed": sealed, "said": unseen(said), "version": said["seen"]}


# Funds


@router.get("/funds", response=Page[Line], url_name="funds", summary="Funds")
@asks(READ)
def funds(request: HttpRequest, page: int = PageNumber) -> Any:
    """Those that the token reaches as a whole."""
    rows = models.Fund.objects.filter(within(request.rights.reach(READ), "code", "")).order_by("title", "code")
    return paged(rows, page, lambda found: [Line(code=one.code, title=one.title) for one in found])


@router.get("/funds/{code}", response=Kept, url_name="fund", summary="One fund")
@asks(READ)
def fund(request: HttpRequest, code: Code) -> Any:
    """What is kept of it."""
    found, scope = of_fund(code)
    need(request, scope)
    return _fund(found)


def _fund(record: Any) -> dict[str, Any]:
    return _kept(record, typed_fund(record), currency=record.currency)


@router.post("/funds", response=Kept, url_name="make_fund", summary="Make a fund")
@asks("make funds")
def make_fund(request: HttpRequest, said: NewFund) -> Any:
    """A new one."""
    need(request, Scope(said.code))
    told = checked(forms.Fund(typed(said), is_new=True))
    return _fund(keep_fund(by=request.rights.person.pk, fund=FundSaid(**told), is_new=True))


@router.put("/funds/{code}", response=Kept, url_name="change_fund", summary="Change a fund")
@asks(FUNDS)
def change_fund(request: HttpRequest, code: Code, said: ChangedFund) -> Any:
    """Everything that may be changed."""
    found, scope = of_fund(code)
    need(request, scope)
    told = checked(forms.Fund(typed(said), is_new=False, further=(found.category,)))
    words = FundSaid(code=found.code, currency=found.currency, **unseen(told))
    return _fund(keep_fund(by=request.rights.person.pk, fund=words, seen=told["seen"]))


# Agreements


@router.get("/funds/{code}/agreements", response=Page[Line], url_name="agreements", summary="Agreements of a fund")
@asks(READ)
def agreements(request: HttpRequest, code: Code, page: int = PageNumber) -> Any:
    """Of all contributors."""
    found, scope = of_fund(code)
    need(request, scope)
    rows = models.Agreement.objects.filter(fund=found).order_by("code")
    return paged(rows, page, lambda every: [Line(code=one.code, title=one.title, fund=one.fund_id) for one in every])


@router.get("/funds/{code}/agreements/{agreement}", response=Kept, url_name="agreement", summary="One agreement")
@asks(READ)
def agreement(request: HttpRequest, code: Code, agreement: Code) -> Any:
    """What is kept of it."""
    found, scope = of_agreement(code, agreement)
    need(request, scope)
    return _agreement(found)


def _agreement(record: Any) -> dict[str, Any]:
    return _kept(record, typed_agreement(record), fund=record.fund_id, contributor=record.contributor_id)


@router.post("/funds/{code}/agreements", response=Kept, url_name="make_agreement", summary="Make an agreement")
@asks(AGREEMENTS)
def make_agreement(request: HttpRequest, code: Code, said: NewAgreement) -> Any:
    """A new one."""
    found, scope = of_fund(code)
    need(request, scope)
    told = checked(forms.Agreement(typed(said), is_new=True))
    words = AgreementSaid(fund=found.code, **told)
    return _agreement(keep_agreement(by=request.rights.person.pk, agreement=words, is_new=True))


@router.put(
    "/funds/{code}/agreements/{agreement}", response=Kept, url_name="change_agreement", summary="Change an agreement"
)
@asks(AGREEMENTS)
def change_agreement(request: HttpRequest, code: Code, agreement: Code, said: ChangedAgreement) -> Any:
    """Everything that may be changed."""
    found, scope = of_agreement(code, agreement)
    need(request, scope)
    told = checked(forms.Agreement(typed(said), is_new=False))
    sealed = {"code": found.code, "fund": found.fund_id, "contributor": found.contributor_id}
    words = AgreementSaid(**sealed, **unseen(told))
    return _agreement(keep_agreement(by=request.rights.person.pk, agreement=words, seen=told["seen"]))


# Projects and who works on them


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
        **_kept(record, typed_project(record), fund=record.fund_id, kind=record.kind),
        "status": standing.current_status(standing.events(project=record.code)),
        "participants": [
            {"organization": one.code, **{name: getattr(one, name) for name in same}}
            for one in standing.participations(record)
        ],
    }


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


# Organizations


@router.get("/organizations", response=Page[Line], url_name="organizations", summary="Organizations")
@asks(ORGANIZATIONS)
def organizations(request: HttpRequest, page: int = PageNumber, words: Code = SOUGHT) -> Any:
    """Contributors and participating organizations in one list."""
    return paged(organizations_by(words), page, lambda found: [Line(code=one.code, title=one.title) for one in found])


@router.get("/organizations/{code}", response=Kept, url_name="organization", summary="One organization")
@asks(ORGANIZATIONS)
def organization(request: HttpRequest, code: Code) -> Any:
    """What it is called."""
    found, scope = of_organization(code)
    need(request, scope)
    return _kept(found, typed_organization(found))


@router.post("/organizations", response=Kept, url_name="make_organization", summary="Make an organization")
@asks(ORGANIZATIONS)
def make_organization(request: HttpRequest, said: NewOrganization) -> Any:
    """A new one."""
    need(request, Scope("", "", said.code))
    told = checked(OrganizationForm(typed(said), is_new=True))
    made = keep_organization(by=request.rights.person.pk, organization=OrganizationSaid(**told), is_new=True)
    return _kept(made, typed_organization(made))


@router.put("/organizations/{code}", response=Kept, url_name="change_organization", summary="Change an organization")
@asks(ORGANIZATIONS)
def change_organization(request: HttpRequest, code: Code, said: ChangedOrganization) -> Any:
    """Everything that may be changed."""
    found, scope = of_organization(code)
    need(request, scope)
    told = checked(OrganizationForm(typed(said), is_new=False))
    words = OrganizationSaid(code=found.code, **unseen(told))
    made = keep_organization(by=request.rights.person.pk, organization=words, seen=told["seen"])
    return _kept(made, typed_organization(made))


# Narrative


@router.get("/narratives/{kind}/{code}", response=list[Section], url_name="narrative", summary="What a factsheet tells")
@asks(NARRATIVES)
def sections(request: HttpRequest, kind: Code, code: Code) -> Any:
    """Every section of a fund or a project (kind: fund or project) in every language, as far as it is written."""
    found, scope = of_subject(kind, code)
    need(request, scope)
    lines = lines_of(subjects.kind_of(found), found.code)
    return [
        _section(line.section, language, last, is_public)
        for line in lines
        for language, last, is_public in line.told
        if last is not None
    ]


def _section(section: str, language: str, last: Any, is_public: bool, version: int | None = None) -> Section:
    return Section(
        section=section,
        language=language,
        title=last.title if last else "",
        text=last.text if last else "",
        state=last.state if last else "",
        by=last.by if last else "",
        at=last.at if last else None,
        is_public=is_public,
        version=version,
    )


SECTION = "/narratives/{kind}/{code}/{section}/{language}"


@router.get(SECTION, response=Section, url_name="section", summary="One section in one language")
@asks(NARRATIVES)
def section(request: HttpRequest, kind: Code, code: Code, section: Code, language: Code) -> Any:
    """With its version, also before it is written."""
    part, scope = of_part(kind, code, section, language)
    need(request, scope)
    return _now(part)


def _now(part: Any) -> Section:
    versions = list(write_section.versions(*part.key))
    public = next((one for one in versions if one.state == narrative.PUBLIC), None)
    version = history.version(write_section.thing_of(part.record, part.section, part.language))
    is_public = bool(public and (public.text or public.title))
    return _section(part.section, part.language, versions[0] if versions else None, is_public, version)


@router.put(SECTION, response=Section, url_name="write_section", summary="Write a section")
@asks(NARRATIVES)
def write(request: HttpRequest, kind: Code, code: Code, section: Code, language: Code, said: Written) -> Any:
    """A new version; every earlier one stays. Public without words takes the section off the page."""
    part, scope = of_part(kind, code, section, language)
    need(request, scope)
    told = checked(programme_forms.Section(typed(said), outcome=narrative.outcome(section)))
    write_section.write_section(
        by=request.rights.person.pk,
        kind=part.kind,
        code=part.record.code,
        section=part.section,
        language=part.language,
        is_public=said.public,
        **told,
    )
    return _now(part)
