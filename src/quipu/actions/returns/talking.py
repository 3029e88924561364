"""Talk about a return: conversations between the organization and the agent, on a row or on all of it, until one settles them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from quipu.actions import history, mandates
from quipu.actions.returns import standing, writing
from quipu.actions.returns.leading import name_of
from quipu.actions.tell import tell
from quipu.books import models
from quipu.rules.mandates import OF_ORGANIZATION
from quipu.rules.returns.states import REPORTER, REVIEWER

ORGANIZATION, AGENT = "organization", "agent"


@dataclass(slots=True)
class Conversation:
    """What was said about one thing, from its first word on. sides: of whoever spoke, in the same order."""

    root: Any
    replies: list[Any] = field(default_factory=list)
    sides: list[str] = field(default_factory=list)

    @property
    def remarks(self) -> list[Any]:
        """All of them, the first one first."""
        return [self.root, *self.replies]

    @property
    def waits_for(self) -> str:
        """The side whose turn it is, "" once it is settled."""
        if self.root.settled_at is not None:
            return ""
        return AGENT if self.sides[-1] == ORGANIZATION else ORGANIZATION


def conversations(records: Iterable[Any], *, is_open: bool = False) -> dict[str, list[Conversation]]:
    """All conversations about some returns, by the return's code, in a few questions. is_open: those not settled."""
    codes = {record.pk: record.organization_id for record in records}
    found: dict[int, Conversation] = {}
    said = models.Remark.objects.filter(of__in=list(codes)).order_by("pk")
    roots = said.filter(answers=None, **({"settled_at": None} if is_open else {}))
    for root in roots:
        found[root.pk] = Conversation(root)
    for reply in said.filter(answers__in=list(found)):
        found[reply.answers_id].replies.append(reply)
    people = {one.by for each in found.values() for one in each.remarks}
    theirs = _of_organizations(people, set(codes.values())) if found else set()
    by_code: dict[str, list[Conversation]] = defaultdict(list)
    for each in found.values():
        body = codes[each.root.of_id]
        each.sides = [ORGANIZATION if (one.by, body) in theirs else AGENT for one in each.remarks]
        by_code[each.root.of_id].append(each)
    return by_code


def _of_organizations(people: Iterable[str], bodies: Iterable[str]) -> set[tuple[str, str]]:
    """Who ever worked for which organization: that their mandate ended does not change whose words they said."""
    said = models.Mandate.objects.filter(
        person__in=list(people), organization__in=list(bodies), role__in=[str(role) for role in OF_ORGANIZATION]
    )
    return set(said.values_list("person", "organization"))


def say(*, by: str, record: Any, text: str, row: str = "", root: Any = None) -> Any:
    """Begins a conversation, or goes on with one (root), which opens it again. Raises Refused.

    The other side is told by mail once it waits for them, and not for each further word.
    """
    with history.whole():
        history.alone(standing.thing(record), None)
        before = _waits_for(record, root)
        if root is not None and root.settled_at is not None:
            root.settled_at, root.settled_by = None, ""
            root.save(update_fields=["settled_at", "settled_by"])
        made = writing.comment(by=by, record=record, text=text, row=root.row if root else row, answers=root)
        after = _waits_for(record, root or made)
        if after != before:
            _tell(record, by, after, made)
    return made


def _waits_for(record: Any, root: Any) -> str:
    if root is None:
        return ""
    return next((one.waits_for for one in conversations([record])[record.pk] if one.root.pk == root.pk), "")


def settle(*, by: str, record: Any, root: Any) -> None:
    """Nothing more is to be said about it; a further word opens it again."""
    with history.whole():
        history.alone(standing.thing(record), None)
        root.refresh_from_db()
        if root.settled_at is not None:
            return
        root.settled_at, root.settled_by = datetime.now(UTC), by
        root.save(update_fields=["settled_at", "settled_by"])
        history.keep(by=by, verb="settle", thing=standing.thing(record), after={"row": root.row, "comment": root.pk})


def _tell(record: Any, by: str, side: str, made: Any) -> None:
    scope = standing.scope_of(record)
    reporters = [*record.writers, *(one.pk for one in mandates.who_may(REPORTER, scope))]
    people = reporters if side == ORGANIZATION else [one.pk for one in mandates.who_may(REVIEWER, scope)]
    tell(
        people=[one for one in people if one != by],
        subject="A comment on a return waits for your answer",
        text="%(name)s on the return %(thing)s: %(text)s",
        address=f"/desk/returns/{record.code}#talk-{made.answers_id or made.pk}",
        values={"name": history.name_of(by), "thing": name_of(record), "text": made.text},
    )
