"""Organizations for programs: found, called rightly, told apart or put together."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from quipu.actions.keep_organization import OrganizationSaid, keep_organization
from quipu.actions.merge_organizations import effect, likely, merge_organizations, put_aside, undo_merger
from quipu.books import records
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Code, Seen, Sent, Text, Why, checked, typed, unseen
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.records import SOUGHT, Kept, Line, kept
from quipu.desk.funds.views import plain_amount
from quipu.desk.organizations.views import Merging, mergers_of, of_merger, of_organization, of_pair, typed_organization
from quipu.desk.organizations.views import Organization as OrganizationForm
from quipu.desk.organizations.views import found_by as organizations_by
from quipu.desk.programmes.forms import Reason
from quipu.rules.likeness import NEAR_NAME, SAME_IDENTIFIER, SAME_NAME
from quipu.rules.mandates import Scope

router = Router(tags=["organizations"])
ORGANIZATIONS, MERGE = "keep organizations", "merge organizations"
LIKE_BY = {SAME_IDENTIFIER: "identifier", SAME_NAME: "name", NEAR_NAME: "nearly the name"}


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


class Sum(Schema):
    """What was moved under a name; the amount is exact, as text."""

    side: str
    movement: str
    currency: str
    amount: str


class Merger(Schema):
    """A merger. undone_at: null while it stands."""

    number: int
    organization: str
    into: str
    reason: str
    by: str
    at: datetime
    undone_by: str
    undone_at: datetime | None
    undone_reason: str


class Named(Schema):
    """What bears an organization's name, and so would be shown as another's; and its mergers, the last one first."""

    shown_as: str
    entries: int
    agreements: int
    participations: int
    memoranda: int
    sums: list[Sum]
    mergers: list[Merger]
    version: int


class Merge(Seen):
    """into: what it is shown as from now on; version: of the organization that is merged."""

    into: Code
    reason: Text


class Likeness(Schema):
    """Two that may be one. by: identifier, name or nearly the name; shared: what shows it."""

    first: str
    second: str
    by: str
    shared: str


class Different(Why):
    """Two that look alike and are two."""

    first: Code
    second: Code


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
    return kept(found.code, typed_organization(found))


@router.post("/organizations", response=Kept, url_name="make_organization", summary="Make an organization")
@asks(ORGANIZATIONS)
def make_organization(request: HttpRequest, said: NewOrganization) -> Any:
    """A new one."""
    need(request, Scope("", "", said.code))
    told = checked(OrganizationForm(typed(said), is_new=True))
    made = keep_organization(by=request.rights.person.pk, organization=OrganizationSaid(**told), is_new=True)
    return kept(made.code, typed_organization(made))


@router.put("/organizations/{code}", response=Kept, url_name="change_organization", summary="Change an organization")
@asks(ORGANIZATIONS)
def change_organization(request: HttpRequest, code: Code, said: ChangedOrganization) -> Any:
    """Everything that may be changed."""
    found, scope = of_organization(code)
    need(request, scope)
    told = checked(OrganizationForm(typed(said), is_new=False))
    words = OrganizationSaid(code=found.code, **unseen(told))
    made = keep_organization(by=request.rights.person.pk, organization=words, seen=told["seen"])
    return kept(made.code, typed_organization(made))


# Two that may be one


PATH = "/organizations/{code}"


@router.get(f"{PATH}/names", response=Named, url_name="named", summary="What bears an organization's name")
@asks(ORGANIZATIONS)
def named(request: HttpRequest, code: Code) -> Any:
    """What a merger of it would show under another name."""
    found, scope = of_organization(code)
    need(request, scope)
    return _named(found)


def _named(record: Any) -> dict[str, Any]:
    told = effect(record.code)
    counts = {name: getattr(told, name) for name in ("entries", "agreements", "participations", "memoranda")}
    sides = (("contributor", told.as_contributor), ("organization", told.as_organization))
    same = ("reason", "by", "at", "undone_by", "undone_at", "undone_reason")
    return {
        **counts,
        "shown_as": records.shown_as(record.code),
        "sums": [
            {"side": side, "movement": movement, "currency": currency, "amount": plain_amount(units, currency)}
            for side, sums in sides
            for movement, currency, units in sums
        ],
        "mergers": [
            {"number": one.pk, "organization": one.organization_id, "into": one.into_id}
            | {name: getattr(one, name) for name in same}
            for one in mergers_of(record)
        ],
        "version": typed_organization(record)["seen"],
    }


@router.post(f"{PATH}/merge", response=Named, url_name="merge", summary="Merge an organization into another one")
@asks(MERGE)
def merge(request: HttpRequest, code: Code, said: Merge) -> Any:
    """Grave: only by a token that was made for it. The ledger is not touched, and it can be undone."""
    found, scope = of_organization(code)
    need(request, scope)
    told = checked(Merging(typed(said), organization=found))
    merge_organizations(by=request.rights.person.pk, organization=found.code, **told)
    return _named(found)


@router.post("/mergers/{int:number}/undo", response=Named, url_name="undo_merger", summary="Undo a merger")
@asks(MERGE)
def undo(request: HttpRequest, number: int, said: Why) -> Any:
    """Grave: only by a token that was made for it. They are two again."""
    found, scope = of_merger(number)
    need(request, scope)
    undo_merger(by=request.rights.person.pk, number=found.pk, **checked(Reason(typed(said))))
    return _named(found.organization)


@router.get("/organization-pairs", response=Page[Likeness], url_name="pairs", summary="Pairs that may be one")
@asks(ORGANIZATIONS)
def pairs(request: HttpRequest, page: int = PageNumber) -> Any:
    """By an identifier, by a name, or by nearly the same name; not those that are merged or were told apart."""
    same = ("first", "second", "shared")
    return paged(
        likely(),
        page,
        lambda found: [Likeness(by=LIKE_BY[one.rank], **{name: getattr(one, name) for name in same}) for one in found],
    )


@router.post(
    "/organization-pairs/different", response={204: None}, url_name="tell_apart", summary="These two are different"
)
@asks(ORGANIZATIONS)
def different(request: HttpRequest, said: Different) -> Any:
    """They are not proposed again."""
    (first, second), scope = of_pair(said.first, said.second)
    need(request, scope)
    why = checked(Reason({"reason": said.reason}))
    put_aside(by=request.rights.person.pk, first=first.code, second=second.code, **why)
    return Status(204, None)
