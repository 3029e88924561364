"""Keep risks and issues: how likely and how grave they are, who deals with them and how, and when somebody looked last."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from quipu.actions import history
from quipu.actions.history import Thing
from quipu.actions.monitoring import saying
from quipu.actions.monitoring.saying import Texts
from quipu.actions.subjects import known
from quipu.books import models, office
from quipu.rules import monitoring
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.monitoring import ISSUE, RISK
from quipu.rules.narrative import PROJECT


@dataclass(frozen=True, slots=True)
class RiskSaid:
    """A risk or an issue as it is typed. reviewed_on: when somebody looked at it, None for today."""

    kind: str
    texts: Texts
    impact: int
    likelihood: int | None = None
    organization: str = ""
    role: str = ""
    answers: Texts = field(default_factory=dict)
    state: str = "open"
    reviewed_on: date | None = None
    is_public: bool = False


def scope(record: Any) -> Scope:
    """Whose it is: the programme's."""
    return saying.scope_of(record.project)


def thing(record: Any) -> Thing:
    """What history calls it."""
    return Thing(RISK, record.code, scope(record))


def keep(*, by: str, project: str, said: RiskSaid, code: str = "", seen: int | None = None) -> Any:
    """Makes a risk or an issue of a programme, or changes the one of that code. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        record = saying.there(models.Risk, code, project=owner.code)
        found: list[Finding] = []
        saying.chosen(said.kind, monitoring.RISK_KINDS, "kind", found)
        saying.chosen(said.impact, monitoring.DEGREES, "impact", found)
        saying.chosen(said.state, monitoring.RISK_STATES, "state", found)
        if said.kind == RISK:
            saying.chosen(said.likelihood, monitoring.DEGREES, "likelihood", found)
        reviewed = said.reviewed_on or office.today()
        if reviewed > office.today():
            found.append(Finding("monitoring-day", "reviewed_on"))
        before = saying.told(record)
        number = saying.numbered(models.Risk, None, record, found, project=owner)
        record = record or models.Risk(code=f"{owner.code}-k{number}", project=owner, number=number)
        record.kind, record.impact, record.state = said.kind, said.impact, said.state
        record.likelihood = None if said.kind == ISSUE else said.likelihood
        record.texts = saying.texts(said.texts, "texts", found, needed=True)
        record.answers = saying.texts(said.answers, "answers", found)
        record.organization_id = saying.organization(said.organization, found)
        record.role, record.reviewed_on = saying.words(said.role, "role", found), reviewed
        record.is_public = said.is_public
        if found:
            raise Refused(*found)
        shown = said.is_public or bool(before.get("is_public"))
        return saying.kept(by=by, record=record, thing=thing(record), before=before, seen=seen, is_public=shown)
