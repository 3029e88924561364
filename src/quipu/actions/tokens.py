"""Tokens: what a program signs in with for a person. Made by that person, for some verbs, within a scope, until a day.

What is kept is the hash of the secret. A token never may more than its person may today: that is decided at each request.
"""

import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from quipu.actions import history, mandates
from quipu.actions.history import Thing
from quipu.actions.news import hash_of
from quipu.books import models
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import EVERYTHING, NEVER_BY_TOKEN, VERBS, Scope, decide, narrowed

LONGEST = timedelta(days=365)
PREFIX = "quipu_"  # so that a secret that lies about is known for what it is
NOTED = timedelta(hours=1)  # between two notes of when a token was used


def make(
    *, by: str, name: str, verbs: Sequence[str], until: date, scope: Scope = EVERYTHING, has_second: bool = False
) -> str:
    """A new token's secret, which is kept nowhere. until: its last day. has_second: whether the person's second factor stands.

    Raises Refused.
    """
    today = timezone.localdate()
    held = narrowed(mandates.held_by(by), scope)
    found = [] if name.strip() else [Finding("field-missing", "name")]
    if not verbs:
        found.append(Finding("token-verbs", "verbs"))
    if any(verb in NEVER_BY_TOKEN for verb in verbs):
        found.append(Finding("token-never", "verbs"))
    yours = [verb for verb in verbs if verb not in VERBS or not decide(verb, held, None, today).allowed]
    if yours:
        found.append(Finding("token-not-yours", "verbs", ", ".join(yours)))
    if any(VERBS[verb].grave for verb in verbs if verb in VERBS) and not has_second:
        found.append(Finding("token-second-factor", "verbs"))
    if not today < until <= today + LONGEST:
        found.append(Finding("token-too-long", "until"))
    if found:
        raise Refused(*found)
    word = PREFIX + secrets.token_urlsafe(32)
    end = datetime.combine(until + timedelta(days=1), time(), timezone.get_current_timezone())
    with history.whole():
        token = models.Token.objects.create(
            secret=hash_of(word),
            person_id=by,
            name=name.strip(),
            verbs=sorted(set(verbs)),
            fund=scope.fund,
            project=scope.project,
            organization=scope.organization,
            made_at=datetime.now(UTC),
            expires_at=end,
        )
        said = {"verbs": sorted(set(verbs)), "scope": str(scope), "until": until}
        history.keep(by=by, verb="make", thing=Thing("token", str(token.pk)), after=said)
    return word


def revoke(*, by: str, token: Any) -> None:
    """It opens nothing from this moment. Raises Refused."""
    with history.whole():
        now = datetime.now(UTC)
        if not models.Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            raise Refused(Finding("token-gone", ""))
        history.keep(by=by, verb="revoke", thing=Thing("token", str(token.pk)))


def find(word: str) -> Any:
    """The token of a secret; None where it opens nothing (any more), or its person no longer works here."""
    token = models.Token.objects.filter(secret=hash_of(word)).select_related("person").first()
    if token is None or token.revoked_at or token.expires_at <= datetime.now(UTC) or not token.person.is_active:
        return None
    return token


def note_use(token: Any) -> None:
    """Notes that it was used, at most once an hour, so that reading does not write."""
    now = datetime.now(UTC)
    if token.used_at is None or token.used_at < now - NOTED:
        models.Token.objects.filter(pk=token.pk).update(used_at=now)


def scope_of(token: Any) -> Scope:
    """What it was made for."""
    return Scope(token.fund, token.project, token.organization)
