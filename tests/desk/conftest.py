"""The desk over books of a test."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.desk.cast import Cast, cast_of


@pytest.fixture
def cast(sqlite_ledger: Any) -> Iterator[Cast]:
    """The house with everybody in it, on SQLite."""
    with at_home(sqlite_ledger):
        yield cast_of(sqlite_ledger)


@pytest.fixture
def cast_anywhere(ledger: Any) -> Iterator[Cast]:
    """The house with everybody in it, on either engine in turn."""
    with at_home(ledger):
        yield cast_of(ledger)


def at_home(ledger: Any) -> Any:
    """Settings of a house of its own: another test may have loaded Django over a demonstration."""
    from django.test import override_settings

    return override_settings(HOME=ledger.home, DEMO=False)


CONTACT = "contact@example.net"
CONTACTS = f"""
office = "office@example.net"
[[contact]]
role = "Secretariat"
of = "VALLEY"
reply_to = "{CONTACT}"
"""


@pytest.fixture
def house(cast_anywhere: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The house with everybody in it on either engine, where letters arrive and mails stay in memory."""
    from django.conf import settings
    from django.core import mail

    monkeypatch.setattr(settings, "HOME", cast_anywhere.ledger.home)
    monkeypatch.setattr(settings, "ADDRESS", "https://desk.example.org")
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    (cast_anywhere.ledger.home / "contacts.toml").write_text(CONTACTS)
    mail.outbox = []
    return cast_anywhere
