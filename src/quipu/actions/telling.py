"""Telling the public side whom to ask: HOME/contacts.json, beside the office's own contacts.toml, and never an edition.

It is written at once and whole whenever contacts, consents or mandates change, with the last day of each consent, so that
one ends by itself.
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from quipu.actions import subjects
from quipu.books import database, models
from quipu.books.records import further
from quipu.letters.contacts import DESK_NAME
from quipu.rules.mandates import VERBS


def tell() -> None:
    """Writes it as soon as the verb that calls this is committed."""
    transaction.on_commit(lambda: write(Path(settings.HOME)), using=database.current())


def write(home: Path) -> None:
    """Writes what the public side may know, as it stands in the books now. Whoever comes last writes what stands last."""
    with _alone(home):
        told, target = _public(), home / DESK_NAME
        body = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        if not any(told.values()) and not target.exists():
            return
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
    from quipu.actions import mandates  # noqa: PLC0415 - which tell of a mandate's end here

    agreed = mandates.counting().exclude(shown_since=None).filter(role__in=list(VERBS["keep documents"].roles))
    found = []
    for one in agreed.select_related("person", "project", "fund").order_by("person__name", "id"):
        subject = one.project or one.fund
        if subject is not None and one.person.is_active and one.person.name:
            since, until = max(one.since, one.shown_since), min(one.until or date.max, one.person.left_on or date.max)
            told = {"of": _names(subject), "name": one.person.name, "since": str(since)}
            found.append({**told, "until": "" if until == date.max else str(until)})
    return found
