"""Mandates are handed out, confirmed by a second administrator, and withdrawn; each with a reason that is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Q

from quipu.actions import history, telling
from quipu.actions.history import Thing
from quipu.books import models, office
from quipu.rules import mandates as rules
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import BY_TWO, EVERYTHING, VERBS, Held, Role, Scope


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mandate as it is asked for."""

    role: str
    scope: Scope = EVERYTHING
    since: date | None = None  # None: today
    until: date | None = None


def counting() -> Any:
    """The mandates that count: not withdrawn, and confirmed where two have to hand them out."""
    by_two = Q(role__in=list(BY_TWO)) & ~Q(given_by="") & Q(confirmed_by="")
    return models.Mandate.objects.filter(withdrawn_at=None).exclude(by_two)


def held_by(person: str) -> list[Held]:
    """A person's mandates that count, those of other days included."""
    return held_by_each([person]).get(person, [])


def held_by_each(people: Iterable[str]) -> dict[str, list[Held]]:
    """The mandates of several people that count, by person, those of other days included."""
    columns = (
        "person_id",
        "id",
        "role",
        "fund_id",
        "project__fund_id",
        "project_id",
        "organization_id",
        "since",
        "until",
    )
    found: dict[str, list[Held]] = {}
    rows = counting().filter(person__in=list(people)).values_list(*columns)
    for person, number, role, fund, of_project, project, body, since, until in rows:
        if role in set(Role):
            scope = Scope(fund or of_project or "", project or "", body or "")
            found.setdefault(person, []).append(Held(Role(role), scope, since, until, number))
    return found


def in_force(role: Role, today: date) -> Any:
    """The mandates of a role that count on a day."""
    return counting().filter(Q(until=None) | Q(until__gte=today), role=role, since__lte=today)


def who_may(verb: str, scope: Scope | None = None) -> list[Any]:
    """The people who may do something today, within a scope or anywhere, by name."""
    today = office.today()
    found: dict[str, Any] = {}
    for role in VERBS[verb].roles:
        for mandate in in_force(role, today).select_related("person", "project"):
            if mandate.person.is_active and (scope is None or scope_of(mandate).covers(scope)):
                found[mandate.person_id] = mandate.person
    return sorted(found.values(), key=lambda person: (person.name, person.code))


def scope_of(mandate: Any) -> Scope:
    """What a mandate is for; a project's with its fund."""
    fund = mandate.fund_id or (mandate.project.fund_id if mandate.project_id else "")
    return Scope(fund or "", mandate.project_id or "", mandate.organization_id or "")


def give(*, by: str, person: str, wanted: Wanted, reason: str, as_house: bool = False) -> Any:
    """Hands out a mandate; one that needs two administrators counts once the second confirmed it.

    as_house: by whoever runs the program itself, who is above the rules of the desk. Raises Refused.
    """
    with history.whole():
        receiver = models.Person.objects.filter(code=person).first()
        found = check(by, wanted, as_house=as_house)
        if receiver is None:
            found.append(Finding("person-unknown", "person", person))
        elif not receiver.is_active:
            found.append(Finding("person-left", "person", str(receiver)))
        if person == by and not as_house:
            found.append(Finding("mandate-to-oneself", "person"))
        if not reason.strip():
            found.append(Finding("reason-missing", "reason"))
        if found:
            raise Refused(*found)
        scope = wanted.scope
        mandate = models.Mandate.objects.create(
            person=receiver,
            role=wanted.role,
            fund_id=None if scope.project else scope.fund or None,
            project_id=scope.project or None,
            organization_id=scope.organization or None,
            since=wanted.since or office.today(),
            until=wanted.until,
            given_by="" if as_house else by,
            given_at=datetime.now(UTC),
            reason=reason.strip(),
        )
        _keep(mandate, by, "hand out", reason)
    return mandate


def check(by: str, wanted: Wanted, *, as_house: bool = False) -> list[Finding]:
    """What stands against handing out a mandate, whoever receives it."""
    try:
        role = Role(wanted.role)
    except ValueError:
        return [Finding("mandate-unknown-role", "role", wanted.role)]
    since = wanted.since or office.today()
    places = {"mandate-ends-before": "until", "mandate-needs-end": "until", "mandate-without-scope": "role"}
    found = [Finding(rule, places.get(rule, "fund")) for rule in rules.faults(role, wanted.scope, since, wanted.until)]
    found += [Finding("mandate-scope-unknown", name, code) for name, code in _unknown(wanted.scope)]
    if not found and not as_house and not rules.may_hand_out(held_by(by), role, wanted.scope, office.today()):
        found.append(Finding("mandate-not-yours-to-give", "role", str(role)))
    return found


def _unknown(scope: Scope) -> Iterable[tuple[str, str]]:
    for name, model in (("fund", models.Fund), ("project", models.Project), ("organization", models.Organization)):
        code = getattr(scope, name)
        if code and not model.objects.filter(code=code).exists():
            yield name, code


def confirm(*, by: str, mandate: Any) -> None:
    """The second administrator agrees. Raises Refused."""
    with history.whole():
        history.alone(_thing(mandate), None)
        mandate.refresh_from_db()
        if mandate.withdrawn_at or mandate.confirmed_by or mandate.role not in set(BY_TWO):
            raise Refused(Finding("mandate-not-waiting", ""))
        if by == mandate.given_by:
            raise Refused(Finding("mandate-confirmed-by-giver", ""))
        if by == mandate.person_id:
            raise Refused(Finding("mandate-to-oneself", ""))
        if not rules.may_hand_out(held_by(by), Role(mandate.role), scope_of(mandate), office.today()):
            raise Refused(Finding("mandate-not-yours-to-give", "", mandate.role))
        mandate.confirmed_by = by
        mandate.save(update_fields=["confirmed_by"])
        _keep(mandate, by, "confirm", "")


def withdraw(*, by: str, mandate: Any, reason: str) -> None:
    """Takes a mandate back; it counts no more from this moment. Raises Refused."""
    with history.whole():
        history.alone(_thing(mandate), None)
        mandate.refresh_from_db()
        found = []
        if mandate.withdrawn_at:
            found.append(Finding("mandate-withdrawn", ""))
        if not reason.strip():
            found.append(Finding("reason-missing", "reason"))
        if not rules.may_hand_out(held_by(by), Role(mandate.role), scope_of(mandate), office.today()):
            found.append(Finding("mandate-not-yours-to-give", "", mandate.role))
        if mandate.role == Role.ADMINISTRATOR and administrators() == [mandate.person_id]:
            found.append(Finding("person-last-administrator", ""))
        if found:
            raise Refused(*found)
        end(by, mandate, reason)


def end(by: str, mandate: Any, reason: str) -> None:
    """Takes a mandate back without asking whether one may; only inside a verb's transaction."""
    mandate.withdrawn_by, mandate.withdrawn_at, mandate.withdrawn_reason = by, datetime.now(UTC), reason.strip()
    mandate.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    _keep(mandate, by, "withdraw", reason)


def administrators() -> list[str]:
    """The codes of all who are administrators today and may sign in."""
    found = in_force(Role.ADMINISTRATOR, office.today()).select_related("person")
    return sorted({mandate.person_id for mandate in found if mandate.person.is_active})


def _thing(mandate: Any) -> Thing:
    return Thing("mandate", str(mandate.pk), scope_of(mandate))


def _keep(mandate: Any, by: str, verb: str, reason: str) -> None:
    telling.tell()
    said = {"person": mandate.person_id, "role": str(mandate.role), "since": mandate.since, "until": mandate.until}
    said["scope"] = str(scope_of(mandate))
    if verb == "withdraw":
        history.keep(by=by, verb=verb, thing=_thing(mandate), before=said, reason=reason)
    else:
        history.keep(by=by, verb=verb, thing=_thing(mandate), after=said, reason=reason)
