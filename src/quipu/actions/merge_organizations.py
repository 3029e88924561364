"""Merge organizations: one code is shown as another from here on, and that can be undone. The ledger is not touched.

Everything that names organizations follows: sums and statements, editions, what new postings are judged by.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, Sum

from quipu.actions import history
from quipu.actions.keep_organization import thing_of
from quipu.books import models, records
from quipu.rules.findings import Finding, Refused
from quipu.rules.likeness import Called, Pair, duplicates


@dataclass(slots=True)
class Effect:
    """What names an organization and will be shown as the other's. amounts: (movement, currency, minor units) by side."""

    entries: int = 0
    agreements: int = 0
    participations: int = 0
    memoranda: int = 0
    as_contributor: list[tuple[str, str, int]] = field(default_factory=list)
    as_organization: list[tuple[str, str, int]] = field(default_factory=list)


def effect(code: str) -> Effect:
    """What a merger of that code would change the name of, what was merged into it before included."""
    codes = [code, *(one for one in records.mergers() if code in _way(one))]
    entries = models.Entry.objects.filter(Q(organization__in=codes) | Q(contributor__in=codes))
    made = Effect(
        entries=entries.count(),
        agreements=models.Agreement.objects.filter(contributor__in=codes).count(),
        participations=models.Participation.objects.filter(organization__in=codes).count(),
        memoranda=models.Mou.objects.filter(organization__in=codes).count(),
    )
    for side, sums in (("contributor", made.as_contributor), ("organization", made.as_organization)):
        found = models.Entry.objects.filter(**{f"{side}__in": codes}).order_by("movement", "currency")
        sums += [
            (movement, currency, int(amount))
            for movement, currency, amount in found.values_list("movement", "currency").annotate(sum=Sum("amount"))
        ]
    return made


def _way(code: str) -> list[str]:
    """The codes that a merged one is shown as, step by step."""
    merged, way = records.mergers(), []
    while code in merged and merged[code] not in way:
        code = merged[code]
        way.append(code)
    return way


def merge_organizations(*, by: str, organization: str, into: str, reason: str, seen: int | None = None) -> Any:
    """organization is shown as the other one from now on. Raises Refused."""
    with history.whole():
        # Two mergers at once could close a circle, so that there is one at a time, whichever organizations they are of.
        history.alone(history.Thing("mergers", "all"), None)
        history.alone(thing_of(organization), seen)
        merged = records.mergers()
        codes = {code for code in (organization, into) if models.Organization.objects.filter(code=code).exists()}
        found = [
            Finding("record-unknown", "into", code) for code in dict.fromkeys((organization, into)) if code not in codes
        ]
        if organization == into:
            found.append(Finding("organization-alone", "into"))
        elif organization in merged:
            found.append(Finding("organization-merged", "into", merged[organization]))
        elif records.shown_as(into, merged) == organization:
            found.append(Finding("organization-circle", "into", into))
        if not reason.strip():
            found.append(Finding("reason-missing", "reason"))
        if found:
            raise Refused(*found)
        made = models.Merger.objects.create(
            organization_id=organization, into_id=into, reason=reason.strip(), by=by, at=datetime.now(UTC)
        )
        history.keep(
            by=by,
            verb="merge",
            thing=thing_of(organization),
            after={"into": into},
            reason=reason.strip(),
            is_public=True,
        )
    return made


def undo_merger(*, by: str, number: int, reason: str) -> None:
    """The organization is shown as itself again, and what was merged into it with it. Raises Refused."""
    with history.whole():
        history.alone(history.Thing("mergers", "all"), None)
        merger = models.Merger.objects.filter(pk=number, undone_at=None).first()
        found = [] if merger else [Finding("merger-undone", "")]
        if not reason.strip():
            found.append(Finding("reason-missing", "reason"))
        if found:
            raise Refused(*found)
        changed = {"undone_by": by, "undone_at": datetime.now(UTC), "undone_reason": reason.strip()}
        models.Merger.objects.filter(pk=number).update(**changed)
        thing, before = thing_of(merger.organization_id), {"into": merger.into_id}
        history.keep(by=by, verb="undo merger", thing=thing, before=before, reason=reason.strip(), is_public=True)


# Duplicates


def likely() -> list[Pair]:
    """Pairs that may be one organization, but for those that are merged or were put aside."""
    merged = records.mergers()
    identifiers: dict[str, set[tuple[str, str]]] = {}
    for code, scheme, value in models.Identifier.objects.values_list("organization_id", "scheme", "value"):
        identifiers.setdefault(code, set()).add((scheme, value))
    names: dict[str, list[str]] = {}
    for code, name in models.Alias.objects.values_list("organization_id", "name"):
        names.setdefault(code, []).append(name)
    known = [
        Called(code, (*filter(None, (title,)), *names.get(code, ())), frozenset(identifiers.get(code, ())))
        for code, title in models.Organization.objects.values_list("code", "title")
        if code not in merged
    ]
    aside = set(models.Different.objects.values_list("first_id", "second_id"))
    return [pair for pair in duplicates(known) if (pair.first, pair.second) not in aside]


def put_aside(*, by: str, first: str, second: str, reason: str) -> Any:
    """Two that look alike are different: they are not proposed again. Raises Refused."""
    with history.whole():
        one, other = sorted((first, second))
        found = [
            Finding("record-unknown", "", code)
            for code in (one, other)
            if not models.Organization.objects.filter(code=code).exists()
        ]
        if one == other:
            found.append(Finding("organization-alone", ""))
        if not reason.strip():
            found.append(Finding("reason-missing", "reason"))
        if found:
            raise Refused(*found)
        said = {"reason": reason.strip(), "by": by, "at": datetime.now(UTC)}
        made, is_new = models.Different.objects.get_or_create(first_id=one, second_id=other, defaults=said)
        if is_new:
            history.keep(
                by=by, verb="put aside", thing=thing_of(one), after={"different": other}, reason=reason.strip()
            )
    return made
