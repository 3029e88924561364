"""The people of the desk's tests: one for each role, with a small house of records to work on."""

import itertools
import time
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

# One fund with two projects, two organizations and a contributor; a second fund that nobody of the first may touch.
HOUSE = """
fund VALLEY "Valley fund"
    currency: USD
fund COAST "Coast fund"
    currency: USD
contributor GIVER "Giver"
organization ORG1 "First organization"
organization ORG2 "Second organization"
project P1 "Terraces"
    fund: VALLEY
    participant: ORG1
project P2 "Springs"
    fund: VALLEY
project C1 "Harbours"
    fund: COAST
agreement SAA1 VALLEY GIVER "Agreement of 2024"
    amount: 1,000,000.00 USD
mou VALLEY ORG1 "Memorandum"
    signed: 2024-01-02

2024-02-01 deposit ^d1 "First instalment"
    deposit VALLEY < GIVER 500,000.00 under SAA1
"""

# Who plays: role, and what the mandate is for. The name is the role's.
PARTS: dict[str, dict[str, str]] = {
    "portfolio manager": {},
    "agent finance officer": {},
    "agent approver": {},
    "fund secretariat": {"fund_id": "VALLEY"},
    "committee member": {"fund_id": "VALLEY"},
    "organization administrator": {"organization_id": "ORG1"},
    "organization contributor": {"organization_id": "ORG1"},
    "organization reporter": {"organization_id": "ORG1"},
    "organization certifier": {"organization_id": "ORG1"},
    "lead agency editor": {"project_id": "P1"},
    "programme editor": {"project_id": "P1"},
    "resident coordinator's office": {},
    "contributor": {"organization_id": "GIVER"},
    "auditor": {},
    "auditor of people": {"until": date(2999, 1, 1)},
    "administrator": {},
}
STRANGER, NOBODY = "stranger", "without a mandate"


_numbers = itertools.count(1)
PASSWORD = "an owl reads the river"


@cache
def _password() -> str:
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


@dataclass
class Cast:
    """Everybody, by role; and who is signed in where."""

    ledger: Any
    people: dict[str, Any] = field(default_factory=dict)

    def person(self, role: str, **mandate: Any) -> Any:
        """Makes one more person. mandate: fields of theirs; role "" for none at all."""
        from allauth.account.models import EmailAddress

        from quipu.books import models

        code = f"p{next(_numbers)}x{role.replace(' ', '')[:8].replace(chr(39), '')}"
        person = models.Person.objects.create(
            code=code, name=role.title() or "Nobody", email=f"{code}@example.org", password=_password()
        )
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        if role:
            models.Mandate.objects.create(person=person, role=role, since=date(2020, 1, 1), **mandate)
        return person

    def client(self, role: str = "", *, person: Any = None, second: bool = True, fresh: bool = True) -> Any:
        """A browser in which somebody is signed in; the stranger's is empty. fresh: a moment ago, as grave acts want it."""
        from django.test import Client

        browser = Client()
        if role == STRANGER:
            return browser
        browser.force_login(person or self.people[role])
        session = browser.session
        at = time.time() - (0 if fresh else 3600)
        methods = [{"method": "password", "at": at, "email": "", "reauthenticated": fresh}]
        session["account_authentication_methods"] = ([{"method": "mfa", "at": at}] if second else []) + methods
        session["account_authentication_methods_user"] = (person or self.people[role]).pk
        session.save()
        return browser


def furnish(ledger: Any) -> None:
    """Puts the house with everybody into empty books."""
    ledger.post(HOUSE)
    cast = Cast(ledger)
    for role, mandate in PARTS.items():
        cast.person(role, **mandate)
    cast.person("")


def cast_of(ledger: Any) -> Cast:
    """Everybody in books that are furnished."""
    from quipu.books import models

    named = {person.name: person for person in models.Person.objects.all()}
    return Cast(ledger, {**{role: named[role.title()] for role in PARTS}, NOBODY: named["Nobody"]})
