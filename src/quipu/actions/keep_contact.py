"""Keep a contact of a fund or a project, with consent that has a day and an end; and who agrees to be named on a factsheet.

What the public side may know of it is written to HOME/contacts.json, beside the office's own contacts.toml: at once, whole,
and with the last day of each consent, so that it ends by itself. Nothing of it is ever in an edition.
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from quipu.actions import history, mandates, recording, subjects
from quipu.actions.history import PERSONAL, Thing
from quipu.books import database, models
from quipu.books.records import further
from quipu.letters.contacts import DESK_NAME
from quipu.letters.letter import ADDRESS, LONGEST
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import VERBS


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
        _tell()
    return contact


def end_contact(*, by: str, number: int, reason: str) -> None:
    """A contact answers no more: gone from the public pages at once, and their details with it. Raises Refused."""
    with history.whole():
        contact = models.Contact.objects.filter(pk=number, ended_at=None).first()
        if contact is None:
            raise Refused(Finding("contact-ended", ""))
        if not reason.strip():
            raise Refused(Finding("reason-missing", "reason"))
        record = subjects.known(contact.kind, contact.code)
        before = _told(contact)
        nothing = {"name": "", "email": "", "telephone": "", "shows_name": False, "shows_telephone": False}
        models.Contact.objects.filter(pk=number).update(ended_at=datetime.now(UTC), **nothing)
        history.keep(by=by, verb="end", thing=thing_of(record, number), before=before, reason=reason.strip())
        _tell()


def show_on_factsheet(*, by: str, mandate: int, is_shown: bool) -> None:
    """A person agrees to be named as somebody who maintains documents, or takes that back. Raises Refused."""
    with history.whole():
        held = models.Mandate.objects.filter(pk=mandate).select_related("project").first()
        if held is None or held.person_id != by:
            raise Refused(Finding("shown-not-yours", ""))
        day = date.today() if is_shown else None  # noqa: DTZ011 - the office's day
        if bool(held.shown_since) == is_shown:
            return
        before = {"shown_since": held.shown_since}
        models.Mandate.objects.filter(pk=mandate).update(shown_since=day)
        thing = Thing("mandate", str(mandate), mandates.scope_of(held))
        history.keep(
            by=by, verb="agree" if is_shown else "disagree", thing=thing, before=before, after={"shown_since": day}
        )
        _tell()


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
    if said.consent_on and said.consent_on > date.today():  # noqa: DTZ011 - the office's day
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


# What the public side may know


def _tell() -> None:
    transaction.on_commit(lambda: write(Path(settings.HOME)), using=database.current())


def write(home: Path) -> None:
    """Writes what the public side may know, as it stands in the books now. Whoever comes last writes what stands last."""
    with _alone(home):
        body = json.dumps(_public(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        target = home / DESK_NAME
        if target.is_file() and target.read_text("utf-8") == body:
            return
        with tempfile.NamedTemporaryFile("w", dir=home, prefix=".contacts", delete=False, encoding="utf-8") as beside:
            beside.write(body)
            beside.flush()
            os.fsync(beside.fileno())
        os.replace(beside.name, target)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    with (home / ".contacts.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _public() -> dict[str, Any]:
    listed = []
    for one in models.Contact.objects.filter(ended_at=None).order_by("id"):
        record = subjects.subject(one.kind, one.code)
        said: dict[str, Any] = {"of": _names(record), "role": one.roles, "reply_to": one.email}
        if one.consent_on and (one.shows_name or one.shows_telephone):
            said |= {"name": one.name if one.shows_name else "", "since": str(one.consent_on)}
            said |= {"telephone": one.telephone if one.shows_telephone else ""}
            said |= {"until": str(one.consent_until or "")}
        listed.append(said)
    return {"contact": listed, "maintainer": _maintainers()}


def _names(record: Any) -> list[str]:
    """What a fund or a project is called outside: by its code, and by its identifier where it has one."""
    return [record.code, *(words[0] for words in further(record, "iati") if words)]


def _maintainers() -> list[dict[str, Any]]:
    """Who may maintain documents and agreed to be named with it."""
    agreed = mandates.counting().exclude(shown_since=None).filter(role__in=list(VERBS["keep documents"].roles))
    found = []
    for one in agreed.select_related("person", "project", "fund").order_by("person__name", "id"):
        subject = one.project or one.fund
        if subject is not None and one.person.is_active and one.person.name:
            since, until = max(one.since, one.shown_since), min(one.until or date.max, one.person.left_on or date.max)
            told = {"of": _names(subject), "name": one.person.name, "since": str(since)}
            found.append({**told, "until": "" if until == date.max else str(until)})
    return found
