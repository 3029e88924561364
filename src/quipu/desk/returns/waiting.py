"""What waits among returns: to begin, to go on with, to mend, to sign, to take up, to accept; and comments to answer."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from quipu.actions.returns import deadlines, leading, standing, talking
from quipu.books import models, office
from quipu.desk.drawing import address, said
from quipu.desk.inbox import Task
from quipu.desk.returns import owed, page, sight
from quipu.desk.returns.words import KIND_LABELS
from quipu.rules.owing import AHEAD, BEHIND
from quipu.rules.returns.states import APPROVER, CERTIFIER, INTERIM, OPEN, REPORTER, REVIEWER, State


def tasks(rights: Any) -> Iterator[Task]:
    """All that this person can do something about; a few questions for each of their roles."""
    if reach := rights.reach(REPORTER):
        yield from _to_begin(reach)
        yield from _to_write(reach)
    mine = rights.person.pk
    if reach := rights.reach(CERTIFIER):
        waits = [one for one in _in(reach, State.FOR_CERTIFICATION) if mine not in one.writers]
        yield from _each(said("Sign a return"), waits, to=lambda one: address("return_certify", chosen=one.pk))
    if reach := rights.reach(REVIEWER):
        yield from _each(said("Take up a return"), _in(reach, State.SUBMITTED), is_due=False)
    if reach := rights.reach(APPROVER):
        waits = [one for one in _in(reach, State.IN_REVIEW) if mine not in (*one.writers, one.signed_by)]
        yield from _each(said("Accept a return"), waits, is_due=False)
    if reach := rights.reach("discuss returns"):
        yield from _to_answer(rights, reach)


def _in(reach: Any, *states: State) -> list[Any]:
    return list(sight.returns_within(reach).filter(state__in=states).order_by("changed_at"))


def _to_begin(reach: Any) -> Iterator[Task]:
    today = office.today()
    for one in owed.of(reach):
        day = one.deadline.on
        if day is None or one.is_voluntary or not today - BEHIND <= day <= today + AHEAD:
            continue
        thing = f"{said(KIND_LABELS[one.kind])} {one.year}, {one.place}"
        yield Task(said("Begin a return"), thing, f"{address('returns')}#owed", None, day)


def _to_write(reach: Any) -> Iterator[Task]:
    some = _in(reach, *OPEN)
    yield from _each(said("Go on with a return"), [one for one in some if one.state == State.DRAFT])
    yield from _each(said("Mend a return"), [one for one in some if one.state == State.SENT_BACK], is_reasoned=True)


def _each(
    verb: str, some: list[Any], *, is_due: bool = True, is_reasoned: bool = False, to: Any = None
) -> Iterator[Task]:
    """A line for each. is_due: whether its deadline is theirs to keep."""
    due_on = deadlines.in_force(deadlines.place_of(one) for one in some) if is_due else {}
    for one in some:
        thing = named(one) + (f" – {one.comment}" if is_reasoned and one.comment else "")
        due = due_on[deadlines.place_of(one)].on if is_due and one.kind != INTERIM else None
        where = to(one) if to else address("return", one.pk)
        yield Task(verb, thing, where, timezone.localtime(one.changed_at).date(), due)


def named(one: Any) -> str:
    """What a return is called in a line."""
    return f"{said(KIND_LABELS[one.kind])}, {leading.name_of(one)}"


def _to_answer(rights: Any, reach: Any) -> Iterator[Task]:
    open_ = models.Remark.objects.filter(answers=None, settled_at=None).values("of")
    records = list(sight.returns_within(reach).filter(pk__in=open_))
    if not records:
        return
    by_code = talking.conversations(records, is_open=True)
    for record in records:
        own = sight.is_own(rights, standing.scope_of(record))
        for talk in by_code[record.pk]:
            if (talk.waits_for == talking.ORGANIZATION) == own:
                last = talk.remarks[-1]
                about = page.row_label(talk.root.row) if talk.root.row else named(record)
                where = f"{address('return', record.pk)}#talk-{talk.root.pk}"
                thing = f"{about}: {last.text[:120]}"
                yield Task(said("Answer a comment"), thing, where, timezone.localtime(last.at).date())
