"""All that the page about a return says, as far as its reader may see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from quipu.actions import history, mandates
from quipu.actions.returns import deadlines, standing, talking
from quipu.books import models
from quipu.books import returns as ledger
from quipu.desk.returns import shown, sight
from quipu.desk.returns.words import ACTS, KIND_LABELS, label
from quipu.desk.vouchers.words import movement
from quipu.rules.mandates import AUTHOR, Decision, Scope
from quipu.rules.returns import checks, rows
from quipu.rules.returns.checks import CONFIRMED, DISPUTED
from quipu.rules.returns.registry import CHECKS
from quipu.rules.returns.states import (
    CERTIFIER,
    FINAL,
    INTERIM,
    OPEN,
    TRANSITIONS,
    State,
    Transition,
)

LOG = 100
QUIET = ("certify",)  # acts with a page of their own


@dataclass(frozen=True, slots=True)
class Key:
    """An act that would unlock a return: what it is called, and who may do it."""

    act: str
    label: str
    names: list[str]


class People:
    """Who may do what with one return; each verb is asked once."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.known: dict[str, list[Any]] = {}

    def who(self, verb: str) -> list[Any]:
        """Those who may, by name."""
        if verb not in self.known:
            self.known[verb] = mandates.who_may(verb, self.scope)
        return self.known[verb]

    def names(self, verb: str) -> list[str]:
        """How they are called."""
        return [str(one) for one in self.who(verb)]


def of(request: HttpRequest, record: Any) -> dict[str, Any]:
    """What `return.html` is drawn from."""
    scope = standing.scope_of(record)
    own = sight.is_own(request.rights, scope)
    state = sight.state_of(record, own)
    real = State(record.state)
    seen = record if own else standing.seen_by_agent(record)
    people = People(scope)
    head = {
        "record": record,
        "state": state,
        "own": own,
        "kind_label": KIND_LABELS[record.kind],
        "deadline": deadlines.of(record),
        "talks": talks(record),
        "may_discuss": request.rights.may("discuss returns", scope),
        "may_waive": request.rights.may("waive rules", scope) and record.state not in (State.ACCEPTED, State.RESTATED),
        "waived": standing.waived_of(record),
        "rule_sentence": lambda name: CHECKS[name].sentence,
        "row_label": row_label,
        "is_open": real in OPEN,
        "acts": acts(request, record, people) if own or state != sight.PREPARED else [],
        "closed": _is_closed(record),
        "labels": ACTS,
    }
    names = history.names_of(_people_in(record, head))
    head |= {"names": names, "names_in": lambda codes: ", ".join(names.get(code, code) for code in codes)}
    if seen is None:
        return {**head, "hidden": True}
    return {**head, "hidden": False, **_figures(request, seen, people, own)}


def _people_in(record: Any, head: dict[str, Any]) -> Iterable[str]:
    """Everybody whose name stands on the page."""
    yield from (record.author, record.signed_by, record.review_by, record.accepted_by, *record.writers)
    yield from (one.by for one in head["waived"])
    for talk in head["talks"]:
        yield from (one.by for one in talk.remarks)
        yield talk.root.settled_by


def _figures(request: HttpRequest, record: Any, people: People, own: bool) -> dict[str, Any]:
    said = standing.said_of(record)
    waived = standing.waived_of(record)
    findings = shown.judged(said, waived)
    blocks = shown.blocks(record, said, record.cells, findings)
    places = {line.row.key for block in blocks for line in block.every}
    unanswered = [] if record.kind == INTERIM else checks.unanswered(said)
    log = list(models.History.objects.filter(kind=standing.RETURN, code=record.code).order_by("id")[:LOG])
    signatures = list(record.signatures.order_by("number"))
    before = record.restates
    versions = list(
        models.Return.objects.filter(
            fund=record.fund_id, organization=record.organization_id, year=record.year, kind=record.kind
        ).order_by("version")
    )
    scope = standing.scope_of(record)
    lines = shown.accounts(said)
    return {
        "lines": lines,
        "totals": shown.totals(lines),
        "answered": standing.transfers_of(record) if record.kind != INTERIM else [],
        "movement": movement,
        "total": lambda some, column: sum(one.sum_of(column) or 0 for one in some),
        "blocks": blocks,
        "elsewhere": [one for one in findings if one.finding.place not in places],
        "standing_in_the_way": sum(one.blocks for one in findings) + (0 if record.nil or _says(said) else 1),
        "is_empty": not record.nil and not _says(said),
        "unanswered": len(unanswered),
        "transfers": len(said.transfers),
        "disputed": sum(answer == DISPUTED for answer, _ in said.answers.values()),
        "confirmed": sum(answer == CONFIRMED for answer, _ in said.answers.values()),
        "interim_stands": {code for code, part in said.parts.items() if part.standing(record.year) == "interim"},
        "currency": record.fund.currency,
        "is_final": record.kind == FINAL,
        "locked": locked(record, people),
        "may_change": own and request.rights.may("draft returns", scope) and record.state in OPEN,
        "may_certify": _certifies(request, record, scope),
        "may_ask": own and request.rights.may("discuss returns", scope),
        "log": [row for row in log if own or row.verb not in ("write", "answer")],
        "log_names": history.names_of([row.by for row in log] + [one.by for one in signatures]),
        "signatures": signatures,
        "versions": [one for one in versions if own or one.state not in (State.DRAFT, State.FOR_CERTIFICATION)],
        "differences": shown.differences(before.cells, record.cells, said.parts) if before is not None else [],
        "before": before,
    }


def _says(said: checks.Said) -> bool:
    return any(True for _ in said.rows())


def _is_closed(record: Any) -> bool:
    return record.kind != FINAL and record.year in ledger.closed_years([record.fund_id])[record.fund_id]


def _certifies(request: HttpRequest, record: Any, scope: Scope) -> Decision:
    """Whether the reader may sign it now."""
    decision: Decision = request.rights.decide(CERTIFIER, scope)
    if decision.allowed and request.user.pk in record.writers:
        return Decision(False, why=AUTHOR)
    return decision


def acts(request: HttpRequest, record: Any, people: People) -> list[Transition]:
    """The steps that the reader may take from where it stands, those with a page of their own left out."""
    del people
    found = []
    for step in TRANSITIONS.values():
        fits = record.state in step.before and record.kind in step.kinds and step.act not in QUIET
        if not fits or not request.rights.may(step.verb, standing.scope_of(record)):
            continue
        if step.anew and (_is_closed(record) or _has_later(record)):
            continue
        if step.act == "accept" and request.user.pk in (*record.writers, record.signed_by):
            continue
        found.append(step)
    return found


def _has_later(record: Any) -> bool:
    last = standing.in_force(record.fund_id, record.organization_id, record.year, record.kind)
    return last is not None and last.pk != record.pk


def locked(record: Any, people: People) -> list[Key]:
    """What would unlock it, and who may do that; nothing where it is open or nobody can."""
    if record.state in OPEN or _is_closed(record):
        return []
    found = []
    for step in TRANSITIONS.values():
        leads = step.anew or step.after in OPEN
        if leads and record.state in step.before and record.kind in step.kinds:
            found.append(Key(step.act, ACTS[step.act], people.names(step.verb)))
    return found


def talks(record: Any) -> list[talking.Conversation]:
    """What was said about it, what still waits first."""
    every = talking.conversations([record])[record.pk]
    return sorted(every, key=lambda one: one.root.settled_at is not None)


def row_label(key: str) -> str:
    """How a row is called where only its key is known."""
    row = rows.read(key)
    return f"{row.project} · {label(row)}" if row else key
