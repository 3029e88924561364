"""People come and go: an invitation is sent and accepted, somebody leaves and hands everything to a successor."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession

from quipu.actions import drafts, history, mandates
from quipu.actions.history import PERSONAL, Thing
from quipu.actions.mandates import Wanted
from quipu.books import models
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Role, Scope

VALID = timedelta(days=14)  # of an invitation
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look like others
LENGTH = 10  # of a person's code


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation and the word that its letter holds, which is kept nowhere."""

    invitation: Any
    word: str


def create(*, by: str, name: str, email: str, password: str | None, language: str = "") -> Any:
    """A person who may sign in. password None: they set one by a letter. Raises Refused; the password was judged before."""
    with history.whole():
        address = _free(email)
        person = models.Person(code=_code(), name=name.strip(), email=address, language=language)
        person.set_password(password)
        person.save()
        EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
        history.keep(by=by, verb="create", thing=_thing(person.code), after={"name": PERSONAL, "email": PERSONAL})
    return person


def make_administrator(*, name: str, email: str, password: str) -> Any:
    """An administrator, made by whoever runs the program. Raises Refused."""
    with history.whole():
        person = create(by="", name=name, email=email, password=password)
        wanted = Wanted(Role.ADMINISTRATOR)
        mandates.give(by="", person=person.code, wanted=wanted, reason="made from a terminal", as_house=True)
    return person


def invite(*, by: str, email: str, name: str, wanted: Sequence[Wanted], reason: str, language: str = "") -> Invited:
    """An invitation with the mandates that its acceptance hands out. Raises Refused."""
    found = [finding for one in wanted for finding in mandates.check(by, one)]
    if not wanted:
        found.append(Finding("field-missing", "role"))
    if not reason.strip():
        found.append(Finding("reason-missing", "reason"))
    with history.whole():
        try:
            address = _free(email)
        except Refused as refused:
            raise Refused(*refused.findings, *found) from None
        if found:
            raise Refused(*found)
        word, now = secrets.token_urlsafe(24), datetime.now(UTC)
        invitation = models.Invitation.objects.create(
            token=_hash(word),
            email=address,
            name=name.strip(),
            language=language,
            mandates=[_plain(one) for one in wanted],
            reason=reason.strip(),
            invited_by=by,
            invited_at=now,
            expires_at=now + VALID,
        )
        said = {"email": PERSONAL, "mandates": [f"{one.role}: {one.scope}" for one in wanted]}
        history.keep(by=by, verb="invite", thing=Thing("invitation", str(invitation.pk)), after=said, reason=reason)
    return Invited(invitation, word)


def invitation(word: str) -> Any:
    """The invitation that a letter's word belongs to. Raises Refused where it counts no more."""
    found = models.Invitation.objects.filter(token=_hash(word)).first()
    if found is None or found.person_id or found.withdrawn_at or found.expires_at < datetime.now(UTC):
        raise Refused(Finding("invitation-gone", ""))
    return found


def accept(*, word: str, name: str, password: str) -> Any:
    """Makes the person, with the mandates that were asked for, as far as their giver may still give them. Raises Refused."""
    with history.whole():
        history.alone(Thing("invitation", _hash(word)), None)
        found = invitation(word)
        if not name.strip():
            raise Refused(Finding("field-missing", "name"))
        person = create(by="", name=name, email=found.email, password=password, language=found.language)
        for plain in found.mandates:
            one = _wanted(plain)
            if not mandates.check(found.invited_by, one):
                mandates.give(by=found.invited_by, person=person.code, wanted=one, reason=found.reason)
        found.person = person
        found.save(update_fields=["person"])
    return person


def withdraw_invitation(*, by: str, invitation: Any, reason: str) -> None:
    """Its letter is worth nothing from now on. Raises Refused."""
    if not reason.strip():
        raise Refused(Finding("reason-missing", "reason"))
    with history.whole():
        invitation.refresh_from_db()
        if invitation.person_id or invitation.withdrawn_at:
            raise Refused(Finding("invitation-gone", ""))
        invitation.withdrawn_at = datetime.now(UTC)
        invitation.save(update_fields=["withdrawn_at"])
        history.keep(by=by, verb="withdraw", thing=Thing("invitation", str(invitation.pk)), reason=reason)


def leave(*, by: str, person: Any, successor: str, on: date, reason: str) -> None:
    """Somebody stops working here: to the successor go mandates they may have, and open vouchers. Raises Refused.

    successor: "" for none; the mandates then only end. Approving and certifying never go over by themselves.
    """
    with history.whole():
        history.alone(_thing(person.code), None)
        person.refresh_from_db()
        found = []
        if not reason.strip():
            found.append(Finding("reason-missing", "reason"))
        if person.left_on:
            found.append(Finding("person-left", "person", str(person)))
        heir = models.Person.objects.filter(code=successor).first() if successor else None
        if successor and (heir is None or not heir.is_active or heir.code == person.code):
            found.append(Finding("person-successor", "successor"))
        if mandates.administrators() == [person.code]:
            found.append(Finding("person-last-administrator", ""))
        if found:
            raise Refused(*found)
        for mandate in models.Mandate.objects.filter(person=person, withdrawn_at=None):
            if heir is not None and heir.code != by and mandate.role in set(Role) - set(_NOT_INHERITED):
                wanted = Wanted(mandate.role, mandates.scope_of(mandate), None, mandate.until)
                mandates.give(by=by, person=heir.code, wanted=wanted, reason=reason, as_house=True)
            mandates.end(by, mandate, reason)
        if heir is not None:
            drafts.pass_on(by=by, person=person.code, heir=heir.code, reason=reason)
        person.left_on = on
        person.save(update_fields=["left_on"])
        end_sessions(person)
        said = {"left_on": on, "successor": successor}
        history.keep(by=by, verb="end work", thing=_thing(person.code), after=said, reason=reason)


_NOT_INHERITED = (Role.APPROVER, Role.CERTIFIER, Role.ADMINISTRATOR)


def end_sessions(person: Any, but: str = "") -> int:
    """Signs a person out everywhere; but: the key of the session that stays. Answers how many ended."""
    others = UserSession.objects.filter(user=person).exclude(session_key=but)
    for session in others:
        session.end()
    return len(others)


def _free(email: str) -> str:
    """An address that nobody here has yet. Raises Refused."""
    address = email.strip().lower()
    if not address:
        raise Refused(Finding("field-missing", "email"))
    if models.Person.objects.filter(email__iexact=address).exists():
        raise Refused(Finding("person-address-taken", "email"))
    return address


def _code() -> str:
    """A code that says nothing of the person."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def _thing(code: str) -> Thing:
    return Thing("person", code)


def _plain(one: Wanted) -> dict[str, Any]:
    said: dict[str, Any] = {"role": one.role, "fund": one.scope.fund, "project": one.scope.project}
    said |= {"organization": one.scope.organization, "since": str(one.since or ""), "until": str(one.until or "")}
    return said


def _wanted(plain: dict[str, Any]) -> Wanted:
    scope = Scope(plain["fund"], plain["project"], plain["organization"])
    days = (date.fromisoformat(plain[name]) if plain[name] else None for name in ("since", "until"))
    return Wanted(plain["role"], scope, *days)
