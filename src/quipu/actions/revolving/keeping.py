"""Keep a community's revolving fund as a record, and what its loans are for. Nobody who borrows is named."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from quipu.actions import history, recording
from quipu.actions.history import Thing
from quipu.actions.subjects import known
from quipu.books import models
from quipu.rules.findings import Finding, Refused
from quipu.rules.journal.currencies import CURRENCIES
from quipu.rules.mandates import Scope
from quipu.rules.narrative import PROJECT

COMMUNITY, LOAN = "community fund", "loan"


@dataclass(frozen=True, slots=True)
class CommunitySaid:
    """A community's fund as it is typed. title: what the group calls itself; never a person's name."""

    title: str
    district: str = ""
    opened_on: date | None = None


def scope_of(community: Any) -> Scope:
    """Whose it is: its programme's."""
    return Scope(community.project.fund_id, community.project_id)


def thing_of_community(community: Any) -> Thing:
    """What history calls it."""
    return Thing(COMMUNITY, community.code, scope_of(community))


def thing_of_loan(loan: Any) -> Thing:
    """What history calls it."""
    return Thing(LOAN, loan.code, scope_of(loan.community))


def make_community(*, by: str, project: str, said: CommunitySaid, currency: str = "") -> Any:
    """A new community fund of a programme; numbered by itself. currency: of its box, the fund's without it. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        history.alone(Thing("community funds", owner.code), None)
        _right(said)
        if currency and currency not in CURRENCIES:
            raise Refused(Finding("box-currency", "currency", currency))
        number = models.Community.objects.filter(project=owner).count() + 1
        while models.Community.objects.filter(code=f"{owner.code}-{number:02}").exists():
            number += 1
        made = models.Community.objects.create(
            code=f"{owner.code}-{number:02}", project=owner, currency=currency or owner.fund.currency, **asdict(said)
        )
        history.keep(by=by, verb="create", thing=thing_of_community(made), after=asdict(said), is_public=True)
        return made


def keep_community(*, by: str, community: Any, said: CommunitySaid, seen: int | None) -> Any:
    """Other words of a community fund; its programme and currency stay. Raises Refused."""
    with history.whole():
        thing = thing_of_community(community)
        history.alone(thing, seen)
        _right(said)
        before = {name: getattr(community, name) for name in asdict(said)}
        models.Community.objects.filter(pk=community.pk).update(**asdict(said))
        history.keep(by=by, verb="change", thing=thing, before=before, after=asdict(said))
        community.refresh_from_db()
        return community


def keep_loan(*, by: str, loan: Any, title: str, seen: int | None) -> Any:
    """What a loan is for, said otherwise. Raises Refused."""
    with history.whole():
        thing = thing_of_loan(loan)
        history.alone(thing, seen)
        if wrong := recording.no_nul(title):
            raise Refused(*wrong)
        before = {"title": loan.title}
        models.Loan.objects.filter(pk=loan.pk).update(title=title)
        history.keep(by=by, verb="change", thing=thing, before=before, after={"title": title})
        loan.refresh_from_db()
        return loan


def _right(said: CommunitySaid) -> None:
    if not said.title.strip():
        raise Refused(Finding("field-missing", "title"))
    if wrong := recording.no_nul(said.title, said.district):
        raise Refused(*wrong)
