"""Keep a contact of a fund or a project, with consent that has a day and an end; and who agrees to be named on a factsheet.

What the public side may know of it is written to HOME/contacts.json, beside the office's own contacts.toml: at once, whole,
and with the last day of each consent, so that it ends by itself. Nothing of it is ever in an edition.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from quipu.actions import history, mandates, recording, subjects, telling
from quipu.actions.history import PERSONAL, Thing
from quipu.books import models, office
from quipu.letters.letter import ADDRESS, LONGEST
from quipu.rules.findings import Finding, Refused


@dataclass(frozen=True, slots=True)
class ContactSaid:
    """A contact as it is typed. roles: by language, "" for every other one."""

    roles: dict[str, str]
    name: str = ""
    email: str = ""
    telephone: str = ""
    shows_name: bool = False
    shows_telephone: bool = False
    consent_on: date | None = None
    consent_by: str = ""
    consent_until: date | None = None
    seen: int | None = field(default=None, compare=False)


def thing_of(record: Any, number: int) -> Thing:
    """What history calls a contact."""
    return Thing("contact", str(number), subjects.scope_of(record))


def keep_contact(*, by: str, kind: str, code: str, said: ContactSaid, number: int | None = None) -> Any:
    """Makes a contact or changes it. Raises Refused."""
    with history.whole():
        record = subjects.known(kind, code)
        contact = None
        if number is not None:
            contact = models.Contact.objects.filter(pk=number, kind=kind, code=code, ended_at=None).first()
            if contact is None:
                raise Refused(Finding("contact-ended", ""))
            history.alone(thing_of(record, number), said.seen)
        found = _wrong(said)
        if found:
            raise Refused(*found)
        before = _told(contact)
        values = {
            "roles": {language: " ".join(role.split()) for language, role in said.roles.items() if role.strip()},
            "name": " ".join(said.name.split()),
            "email": said.email.strip(),
            "telephone": " ".join(said.telephone.split()),
            "shows_name": said.shows_name,
            "shows_telephone": said.shows_telephone,
            "consent_on": said.consent_on,
            "consent_by": " ".join(said.consent_by.split()),
            "consent_until": said.consent_until,
        }
        if contact is None:
            contact = models.Contact.objects.create(kind=kind, code=code, **values)
        else:
            models.Contact.objects.filter(pk=contact.pk).update(**values)
            contact.refresh_from_db()
        verb = "change" if before else "make"
        history.keep(by=by, verb=verb, thing=thing_of(record, contact.pk), before=before, after=_told(contact, before))
        telling.tell()
    return contact


def end_contact(*, by: str, number: int, reason: str, seen: int | None = None) -> None:
    """A contact answers no more: gone from the public pages at once, and their details with it. Raises Refused."""
    with history.whole():
        contact = models.Contact.objects.filter(pk=number, ended_at=None).first()
        if contact is None:
            raise Refused(Finding("contact-ended", ""))
        if not reason.strip():
            raise Refused(Finding("reason-missing", "reason"))
        record = subjects.known(contact.kind, contact.code)
        history.alone(thing_of(record, number), seen)
        before = _told(contact)
        nothing = {"name": "", "email": "", "telephone": "", "shows_name": False, "shows_telephone": False}
        models.Contact.objects.filter(pk=number).update(ended_at=datetime.now(UTC), **nothing)
        history.keep(by=by, verb="end", thing=thing_of(record, number), before=before, reason=reason.strip())
        telling.tell()


def show_on_factsheet(*, by: str, mandate: int, is_shown: bool) -> None:
    """A person agrees to be named as somebody who maintains documents, or takes that back. Raises Refused."""
    with history.whole():
        held = models.Mandate.objects.filter(pk=mandate).select_related("project").first()
        if held is None or held.person_id != by:
            raise Refused(Finding("shown-not-yours", ""))
        day = office.today() if is_shown else None
        if bool(held.shown_since) == is_shown:
            return
        before = {"shown_since": held.shown_since}
        models.Mandate.objects.filter(pk=mandate).update(shown_since=day)
        thing = Thing("mandate", str(mandate), mandates.scope_of(held))
        history.keep(
            by=by, verb="agree" if is_shown else "disagree", thing=thing, before=before, after={"shown_since": day}
        )
        telling.tell()


def _wrong(said: ContactSaid) -> list[Finding]:
    found = []
    if not any(role.strip() for role in said.roles.values()):
        found.append(Finding("contact-role-missing", "role"))
    if any(len(role) > LONGEST["to"] for role in said.roles.values()):
        found.append(Finding("section-too-long", "role"))
    if said.email.strip() and not ADDRESS.fullmatch(said.email.strip()):
        found.append(Finding("contact-reply-to", "email"))
    if (said.shows_name or said.shows_telephone) and not (said.consent_on and said.consent_by.strip()):
        found.append(Finding("contact-consent-missing", "consent_on"))
    if said.consent_on and said.consent_on > office.today():
        found.append(Finding("contact-consent-later", "consent_on"))
    if said.consent_on and said.consent_until and said.consent_until < said.consent_on:
        found.append(Finding("contact-consent-ends", "consent_until"))
    return [*found, *recording.no_nul(said.name, said.telephone, said.consent_by, *said.roles.values())]


def _told(contact: Any, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """As history holds it: that details of a person changed, never what they are."""
    if contact is None:
        return {}
    told = {name: getattr(contact, name) for name in ("roles", "shows_name", "shows_telephone")}
    told |= {"consent_on": contact.consent_on, "consent_until": contact.consent_until}
    for name in ("name", "email", "telephone", "consent_by"):
        if getattr(contact, name):
            told[name] = PERSONAL
    return told
