"""Decisions with evidence about a fund, a project or a participation: statuses, extensions, years closed and reopened.

Each is said to the ledger by its own verb and kept in history in the same transaction. `try_out` tells what the rules will
say of one, and leaves nothing behind. Years are closed by `actions/returns/closing`, which names what they lack.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from quipu.actions import history
from quipu.actions.change_status import change_status
from quipu.actions.close_year import close_year
from quipu.actions.extend_project import extend_project
from quipu.actions.history import Thing
from quipu.actions.reopen_year import reopen_year
from quipu.actions.saying import Paper
from quipu.books import database, models
from quipu.books.post import Answer
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope

STATUS, EXTENSION, CLOSING, REOPENING = "status", "extension", "closing", "reopening"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided. kind: one of the four; code: of the fund or project; organization: of a participation."""

    kind: str
    code: str
    organization: str = ""
    status: str = ""
    until: date | None = None
    year: int | None = None


def decide(*, paper: Paper, decision: Decision) -> Answer:
    """Posts it, and keeps who did it and on what evidence. Sent twice under one key it is posted once. Raises Refused."""
    with history.whole():
        found = _lacking(decision, paper)
        if found:
            raise Refused(*found)
        answer: Answer = _SAY[decision.kind](paper, decision)
        if all(receipt.is_new for receipt in answer.receipts):
            said = {"on": paper.on, "status": decision.status, "until": decision.until, "year": decision.year}
            said["evidence"] = [digest for digest, _ in paper.documents]
            history.keep(
                by=paper.by,
                verb=_VERBS[decision.kind],
                thing=_thing(decision),
                after={name: value for name, value in said.items() if value},
                reason=paper.title,
                is_public=True,
            )
    return answer


def try_out(act: Callable[[], Answer]) -> list[Finding]:
    """All that the rules would say of an act. Nothing is posted."""
    with transaction.atomic(using=database.current()):
        try:
            with transaction.atomic(using=database.current()):
                findings = act().findings
        except Refused as refused:
            findings = [one for one in refused.findings if isinstance(one, Finding)] or [
                Finding("record-unsayable", "", str(refused))
            ]
        transaction.set_rollback(True, using=database.current())
    return findings


def _lacking(decision: Decision, paper: Paper) -> list[Finding]:
    found = []
    if decision.kind == EXTENSION:
        ends = _ends(decision.code)
        if decision.until is None:
            found.append(Finding("field-missing", "until"))
        elif ends and decision.until <= ends:
            found.append(Finding("extension-earlier", "until", str(ends)))
    if decision.kind in (EXTENSION, CLOSING) and not (paper.title or paper.documents):
        found.append(Finding("evidence-missing", "evidence"))
    return found


def _ends(project: str) -> date | None:
    """Where the last extension of a project ends."""
    told = models.Event.objects.filter(project=project).exclude(until=None)
    found: date | None = told.order_by("-posting__on", "-posting_id").values_list("until", flat=True).first()
    return found


def _thing(decision: Decision) -> Thing:
    project = models.Project.objects.filter(code=decision.code).values_list("fund_id", flat=True).first()
    if decision.kind in (CLOSING, REOPENING) or project is None:
        return Thing("fund", decision.code, Scope(decision.code))
    if decision.organization:
        scope = Scope(project, decision.code, decision.organization)
        return Thing("participation", f"{decision.code}/{decision.organization}", scope)
    return Thing("project", decision.code, Scope(project, decision.code))


_SAY: dict[str, Callable[[Paper, Decision], Any]] = {
    STATUS: lambda paper, said: change_status(
        paper=paper, code=said.code, status=said.status, organization=said.organization
    ),
    EXTENSION: lambda paper, said: extend_project(paper=paper, project=said.code, until=said.until or date.min),
    CLOSING: lambda paper, said: close_year(paper=paper, fund=said.code, year=said.year or 0),
    REOPENING: lambda paper, said: reopen_year(paper=paper, fund=said.code, year=said.year or 0),
}
_VERBS = {STATUS: "change status", EXTENSION: "extend", CLOSING: "close year", REOPENING: "reopen year"}
