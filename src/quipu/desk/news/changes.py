"""What changed lately where somebody works: the rows of history that lie within their mandates, never those about people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from quipu.books import models
from quipu.rules.mandates import EVERYTHING, Scope

ABOUT_PEOPLE = ("person", "mandate", "invitation", "token")
OF_THE_HOUSE = ("job", "house")
VERBS = ("read history", "read drafts")  # whoever may one of them within a scope may know what was done there


def within(rights: Any, since: datetime | None = None, verbs: Sequence[str] = VERBS) -> Any:
    """The rows, newest first."""
    reach = {scope for verb in verbs for scope in rights.reach(verb)}
    rows = models.History.objects.exclude(kind__in=ABOUT_PEOPLE + OF_THE_HOUSE).order_by("-id")
    if since is not None:
        rows = rows.filter(at__gte=since)
    if EVERYTHING in reach:
        return rows
    where = Q(pk=None)
    for scope in reach:
        where |= _of(scope)
    return rows.filter(where)


def _of(scope: Scope) -> Q:
    named = {"fund": scope.fund, "project": scope.project, "organization": scope.organization}
    return Q(**{name: code for name, code in named.items() if code})
