"""How somebody hears of their work: how often a digest comes, and the secret address of their calendar."""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Any

from quipu.actions import history
from quipu.books import models
from quipu.rules.findings import Finding, Refused

CHOICES = ("off", "daily", "weekly")


def choose(*, by: str, digest: str) -> None:
    """How often a digest comes. Raises Refused."""
    if digest not in CHOICES:
        raise Refused(Finding("field-missing", "digest"))
    with history.whole():
        models.News.objects.update_or_create(person_id=by, defaults={"digest": digest})


def renew_calendar(*, by: str) -> str:
    """A new secret for the calendar's address, which is kept nowhere; the one before leads nowhere from now on."""
    word = secrets.token_urlsafe(32)
    with history.whole():
        kept = {"calendar": hash_of(word), "calendar_since": datetime.now(UTC)}
        models.News.objects.update_or_create(person_id=by, defaults=kept)
    return word


def of_calendar(word: str) -> Any:
    """Whose calendar a secret opens; None for nobody's, or for somebody who no longer works here."""
    found = models.News.objects.filter(calendar=hash_of(word)).select_related("person").first()
    return found.person if found and found.person.is_active else None


def hash_of(word: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(word.encode()).hexdigest()
