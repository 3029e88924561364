"""History: who did what to a record, when and why; and whether somebody else did while one was writing.

Every verb that changes a record keeps a row here, in the transaction of the change. The last row of a thing is its
version.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connections, transaction
from django.db.models import Max

from quipu.books import database, models
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import EVERYTHING, Scope

PERSONAL = "…"  # stands for a personal detail: that it changed is kept, what it says is not


@dataclass(frozen=True, slots=True)
class Thing:
    """What is changed: its kind, its code, and whose it is."""

    kind: str
    code: str
    scope: Scope = EVERYTHING


def keep(
    *,
    by: str,
    verb: str,
    thing: Thing,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    is_public: bool = False,
) -> int:
    """Keeps what was done, and answers the thing's new version. Fields that stayed as they were are left out.

    by: the code of whoever acts, "" for the house itself. is_public: the next edition shows something of it.
    """
    if is_public:
        _in_turn()
    old, new = before or {}, after or {}
    changed = {name for name in {*old, *new} if _plain(old.get(name)) != _plain(new.get(name))}
    row = models.History.objects.create(
        at=datetime.now(UTC),
        by=by,
        verb=verb,
        kind=thing.kind,
        code=thing.code,
        fund=thing.scope.fund,
        project=thing.scope.project,
        organization=thing.scope.organization,
        before={name: _plain(value) for name, value in old.items() if name in changed},
        after={name: _plain(value) for name, value in new.items() if name in changed},
        reason=reason,
        is_public=is_public,
    )
    return int(row.pk)


def _in_turn() -> None:
    """Public rows are numbered in the order in which they are committed, so that an edition with one has all before it."""
    connection = connections[database.current()]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('history is public', 0))")


def _plain(value: Any) -> Any:
    """A value as JSON keeps it, without loss."""
    if isinstance(value, Decimal | date | datetime):
        return str(value)
    if isinstance(value, tuple | set | frozenset):
        return [_plain(one) for one in value]
    return value


def version(thing: Thing) -> int:
    """The version of a thing: of the last that was done to it; 0 where nothing was done at the desk yet."""
    last = models.History.objects.filter(kind=thing.kind, code=thing.code).order_by("-id").values_list("id", flat=True)
    return int(last.first() or 0)


def versions(kind: str, codes: Iterable[str]) -> dict[str, int]:
    """The versions of several things of a kind by their codes, asked at once; those that nothing was done to are left out."""
    found = models.History.objects.filter(kind=kind, code__in=list(codes)).values("code").annotate(last=Max("id"))
    return dict(found.values_list("code", "last"))


def alone(thing: Thing, seen: int | None) -> None:
    """Waits until nobody else changes the thing, and refuses where somebody did since the version that was seen.

    seen: None takes whatever stands. Only inside a transaction; SQLite's is alone from its beginning. Raises Refused.
    """
    connection = connections[database.current()]
    assert connection.in_atomic_block
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{thing.kind} {thing.code}"])
    if seen is None:
        return
    last = models.History.objects.filter(kind=thing.kind, code=thing.code).order_by("-id").first()
    if last is not None and last.pk != seen:
        raise Refused(Finding("changed-meanwhile", "", f"{name_of(last.by)}, {last.at:%Y-%m-%d %H:%M} UTC"))


def name_of(code: str) -> str:
    """How a person is called; the code where they have no name."""
    name = models.Person.objects.filter(code=code).values_list("name", flat=True).first()
    return str(name or code)


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """How people are called, by their codes."""
    found = models.Person.objects.filter(code__in={code for code in codes if code}).values_list("code", "name")
    return {code: name or code for code, name in found}


def whole() -> Any:
    """One transaction of a verb: all of it, or nothing."""
    return transaction.atomic(using=database.current())
