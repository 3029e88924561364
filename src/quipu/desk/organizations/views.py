"""Organizations: the list with its search, each with its names, pairs that may be one, mergers and their undoing."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from quipu.actions import history
from quipu.actions.keep_organization import OrganizationSaid, keep_organization, thing_of
from quipu.actions.merge_organizations import effect, likely, merge_organizations, put_aside, undo_merger
from quipu.books import models, records
from quipu.desk.drawing import said
from quipu.desk.forms import Form, choice, choose, text
from quipu.desk.funds.forms import CODE, seen
from quipu.desk.funds.views import LOCKED_CODE, kept
from quipu.desk.programmes.forms import REASON, Reason
from quipu.desk.rights import needs
from quipu.rules.mandates import Scope

PAGE = 50
DONE = "It is kept. The public pages show it with the next edition, in a moment."


class Organization(Form):
    """A body that gives, receives or spends."""

    code = text("Code", most=64, hint=CODE)
    title = text("Name", most=300)
    participates = forms.BooleanField(label="Participating organization", required=False)
    contributes = forms.BooleanField(label="Contributor", required=False)
    group = text("Group", needed=False, most=200, hint="The name under which several are listed together.")
    aliases = text("Other names", needed=False, lines=4, most=4000, hint="One a line.")
    identifiers = text(
        "Identifiers", needed=False, lines=3, most=4000, hint="One a line: iati, ledger or identifier, then its value."
    )
    seen = seen()

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["seen" if is_new else "code"]


class Merging(Form):
    """What an organization is shown as from now on."""

    into = choice("Shown as")
    reason = text("Reason", hint=REASON)
    seen = seen()

    def __init__(self, *args: Any, organization: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        merged = records.mergers()
        rows = models.Organization.objects.exclude(code__in=[organization.code, *merged]).order_by("title", "code")
        listed = ((code, f"{title or code} ({code})") for code, title in rows.values_list("code", "title"))
        choose(self, "into", listed, said("Choose one"))


def of_organization(code: str) -> tuple[Any, Scope]:
    """An organization; it is everybody's, so that keeping it needs a mandate for all or for it."""
    return get_object_or_404(models.Organization, code=code), Scope("", "", code)


def of_merger(number: int) -> tuple[Any, Scope]:
    """A merger, and whose it is."""
    one = get_object_or_404(models.Merger.objects.select_related("organization", "into"), pk=number)
    return one, Scope("", "", one.organization_id)


def of_pair(first: str, second: str) -> tuple[Any, Scope]:
    """Two organizations that look alike."""
    return (of_organization(first)[0], of_organization(second)[0]), Scope("", "", first)


@needs("keep organizations")
def show(request: HttpRequest) -> HttpResponse:
    """All organizations, found by any of their names, codes and identifiers."""
    sought = request.GET.get("q", "").strip()[:100]
    page = Paginator(found_by(sought), PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "sought": sought, "merged": records.mergers()}
    return render(request, "organizations/list.html", told)


def found_by(sought: str) -> Any:
    """Organizations with a word in any of their names, codes and identifiers; all of them for ""."""
    found = models.Organization.objects.order_by("title", "code")
    if sought:
        names = models.Alias.objects.filter(name__icontains=sought).values("organization")
        numbers = models.Identifier.objects.filter(value__icontains=sought).values("organization")
        found = found.filter(
            Q(code__icontains=sought) | Q(title__icontains=sought) | Q(code__in=names) | Q(code__in=numbers)
        )
    return found.prefetch_related("identifiers", "aliases")


@needs("keep organizations", of_organization)
def organization(request: HttpRequest, thing: Any) -> HttpResponse:
    """One organization: its names, what was merged into it, what it takes part in."""
    mergers = mergers_of(thing)
    told = {
        "organization": thing,
        "identifiers": thing.identifiers.order_by("id"),
        "aliases": thing.aliases.order_by("id"),
        "mergers": mergers,
        "shown_as": records.shown_as(thing.code),
        "effect": effect(thing.code),
        "names": history.names_of(code for one in mergers for code in (one.by, one.undone_by)),
        "scope": Scope("", "", thing.code),
    }
    return render(request, "organizations/organization.html", told)


@needs("keep organizations")
def new(request: HttpRequest) -> HttpResponse:
    """A new organization."""
    form = Organization(request.POST or None, is_new=True, initial={"participates": True})
    return kept(
        request,
        form,
        lambda told: keep_organization(by=request.user.pk, organization=OrganizationSaid(**told), is_new=True),
        done=DONE,
        lead=lambda made: ("organization", made.code),
        title="Make an organization",
        back=("organizations",),
        locked=[],
    )


def mergers_of(thing: Any) -> list[Any]:
    """All mergers that an organization was ever part of, the last one first."""
    found = models.Merger.objects.filter(Q(organization=thing) | Q(into=thing)).select_related("organization", "into")
    return list(found.order_by("-id"))


def typed_organization(thing: Any) -> dict[str, Any]:
    """What may be changed of an organization, as somebody types it, with its version."""
    initial = {name: getattr(thing, name) for name in ("title", "group", "contributes", "participates")}
    initial["aliases"] = "\n".join(one.name for one in thing.aliases.order_by("id"))
    initial["identifiers"] = "\n".join(f"{one.scheme} {one.value}" for one in thing.identifiers.order_by("id"))
    initial["seen"] = history.version(thing_of(thing.code))
    return initial


@needs("keep organizations", of_organization)
def edit(request: HttpRequest, thing: Any) -> HttpResponse:
    """What an organization is called."""
    form = Organization(request.POST or None, is_new=False, initial=typed_organization(thing))
    return kept(
        request,
        form,
        lambda told: keep_organization(
            by=request.user.pk,
            organization=OrganizationSaid(
                code=thing.code, **{name: value for name, value in told.items() if name != "seen"}
            ),
            seen=told["seen"],
        ),
        done=DONE,
        lead=lambda made: ("organization", made.code),
        title="Change an organization",
        back=("organization", thing.code),
        locked=[("Code", thing.code, LOCKED_CODE)],
    )


@needs("keep organizations")
def pairs(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one organization."""
    found = likely()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    codes = {code for pair in page for code in (pair.first, pair.second)}
    names = dict(models.Organization.objects.filter(code__in=codes).values_list("code", "title"))
    return render(request, "organizations/pairs.html", {"page": page, "names": names})


@needs("merge organizations", of_organization)
def merge(request: HttpRequest, thing: Any) -> HttpResponse:
    """One organization is shown as another one; what will change is told before."""
    initial = {"into": request.GET.get("into", ""), "seen": history.version(thing_of(thing.code))}
    form = Merging(request.POST or None, organization=thing, initial=initial)
    return kept(
        request,
        form,
        lambda told: merge_organizations(by=request.user.pk, organization=thing.code, **told),
        done="They are one from now on. The public pages follow with the next edition.",
        lead=lambda made: ("organization", made.into_id),
        template="organizations/merge.html",
        organization=thing,
        effect=effect(thing.code),
    )


@needs("merge organizations", of_merger)
def undo(request: HttpRequest, thing: Any) -> HttpResponse:
    """A merger is taken back."""
    form = Reason(request.POST or None)
    return kept(
        request,
        form,
        lambda told: undo_merger(by=request.user.pk, number=thing.pk, reason=told["reason"]),
        done="They are two again. The public pages follow with the next edition.",
        lead=lambda made: ("organization", thing.organization_id),
        template="organizations/undo.html",
        merger=thing,
        effect=effect(thing.organization_id),
    )


@needs("keep organizations", of_pair)
def different(request: HttpRequest, thing: Any) -> HttpResponse:
    """Two that look alike are two."""
    first, second = thing
    form = Reason(request.POST or None)
    return kept(
        request,
        form,
        lambda told: put_aside(by=request.user.pk, first=first.code, second=second.code, reason=told["reason"]),
        done="They are not proposed again.",
        lead=lambda made: ("organization_pairs",),
        title="These two are different?",
        does="They are different",
        back=("organization_pairs",),
        locked=[
            ("Organization", f"{first.title or first.code} ({first.code})", ""),
            ("Organization", f"{second.title or second.code} ({second.code})", ""),
        ],
    )
