"""Whose files somebody may send and see: an organization's people all of their own, others what was submitted."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Max
from django.http import Http404

from quipu.actions import running
from quipu.books import models, office
from quipu.rules.mandates import OF_ORGANIZATION, Scope

READ, WRITE = "read returns", "draft returns"


def organizations(rights: Any) -> list[tuple[str, str]]:
    """For which organizations somebody may write returns: code and name."""
    codes = {scope.organization for scope in rights.reach(WRITE) if scope.organization}
    found = models.Organization.objects.filter(code__in=codes).order_by("title", "code")
    return [(one.code, one.title or one.code) for one in found]


def writes(rights: Any, organization: str) -> Callable[[str], bool]:
    """Whether somebody may write an organization's returns of a fund."""
    return lambda fund: bool(rights.may(WRITE, Scope(fund, "", organization)))


def is_writer(rights: Any, organization: str) -> bool:
    """Whether they write any returns of an organization."""
    return any(scope.organization == organization for scope in rights.reach(WRITE))


def run(code: str) -> Any:
    """A run by its code. Raises Http404."""
    found = models.Run.objects.filter(code=code, what=running.RETURNS).select_related("organization", "mapping").first()
    if found is None:
        raise Http404
    return found


def may_read(rights: Any, some: Iterable[Any]) -> list[Any]:
    """Those of some runs that somebody may read: of their own organization, or where all that was written was submitted."""
    every = list(some)
    codes = {code for one in every for code in one.told.get("wrote", {}).values()}
    signed = dict(
        models.Signed.objects.filter(of__in=codes).values("of").annotate(last=Max("at")).values_list("of", "last")
    )
    own = list(_own(rights))
    found = []
    for one in every:
        scopes = _scopes(one)
        is_own = all(any(mine.covers(scope) for mine in own) for scope in scopes)
        if is_own or (_is_submitted(one, signed) and all(rights.may(READ, scope) for scope in scopes)):
            found.append(one)
    return found


def _own(rights: Any) -> Iterable[Scope]:
    """The organizations whose people they are."""
    today = office.today()
    return (held.scope for held in rights.held if held.role in OF_ORGANIZATION and held.in_force(today))


def _scopes(one: Any) -> list[Scope]:
    """Of which funds a run is; of the organization alone where it touches none."""
    return [Scope(fund, "", one.organization_id) for fund in one.told.get("funds", [])] or [
        Scope("", "", one.organization_id)
    ]


def _is_submitted(one: Any, signed: dict[str, Any]) -> bool:
    wrote = one.told.get("wrote", {}).values()
    return bool(one.applied and wrote) and all(code in signed and signed[code] >= one.applied_at for code in wrote)


def is_theirs(rights: Any, one: Any) -> bool:
    """Whether somebody writes for all that a run is of, so that they may apply it."""
    return is_writer(rights, one.organization_id) and one in may_read(rights, [one])
