"""Who a program acts for, and what it may do."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from quipu.actions import tokens
from quipu.desk.api.access import asks
from quipu.rules.mandates import VERBS

router = Router(tags=["me"])


class Mandate(Schema):
    """A mandate, within the token's scope."""

    role: str
    fund: str
    project: str
    organization: str
    since: date
    until: date | None


class May(Schema):
    """A verb, and where it may be done: scopes, "everything" for all."""

    verb: str
    what: str
    grave: bool
    where: list[str]


class Me(Schema):
    """The person, the token and what both may do today."""

    person: str
    name: str
    token: str
    scope: str
    expires_at: datetime
    mandates: list[Mandate]
    may: list[May]


def told(held: Any) -> Mandate:
    """A mandate as JSON."""
    scope = held.scope
    return Mandate(
        role=held.role,
        fund=scope.fund,
        project=scope.project,
        organization=scope.organization,
        since=held.since,
        until=held.until,
    )


@router.get("/me", response=Me, url_name="me", summary="Who am I, and what may I do?")
@asks("")
def me(request: HttpRequest) -> Me:
    """The person behind the token, their mandates within its scope, and the verbs that are left of both."""
    rights = request.rights
    reach = {verb: rights.reach(verb) for verb in VERBS}
    return Me(
        person=rights.person.pk,
        name=str(rights.person),
        token=rights.token.name,
        scope=str(tokens.scope_of(rights.token)),
        expires_at=rights.token.expires_at,
        mandates=[told(one) for one in rights.held],
        may=[
            May(
                verb=verb, what=VERBS[verb].sentence, grave=VERBS[verb].grave, where=sorted({str(one) for one in where})
            )
            for verb, where in reach.items()
            if where
        ],
    )
