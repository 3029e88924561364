"""Drafts of vouchers: the states they go through, and who may lead them from one to the next.

Whoever wrote a word of a draft never approves it (domain.md, Roles); what is posted or discarded stays as it is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SENT_BACK = "sent back"
    POSTED = "posted"
    DISCARDED = "discarded"


OPEN = (State.DRAFT, State.SENT_BACK)  # its words may be changed
WAITING = (*OPEN, State.SUBMITTED)  # something is still to be done with it
WRITER, APPROVER = "writer", "approver"


@dataclass(frozen=True, slots=True)
class Transition:
    """An act that leads from one of some states to another. told: what happened then, and what is next.

    who: of the two sides; reasoned: it needs words of why.
    """

    act: str
    before: tuple[State, ...]
    after: State
    told: str
    who: str = WRITER
    reasoned: bool = False


TRANSITIONS: dict[str, Transition] = {
    one.act: one
    for one in (
        Transition(
            "submit",
            OPEN,
            State.SUBMITTED,
            "It is submitted. Whoever may approve it finds it among their tasks.",
        ),
        Transition("take back", (State.SUBMITTED,), State.DRAFT, "It is a draft again, and may be changed."),
        Transition(
            "discard",
            OPEN,
            State.DISCARDED,
            "It is discarded. It stays in the list with its reason, and is never posted.",
            reasoned=True,
        ),
        Transition(
            "send back",
            (State.SUBMITTED,),
            State.SENT_BACK,
            "It is sent back. Its author finds it among their tasks.",
            APPROVER,
            reasoned=True,
        ),
        Transition(
            "approve",
            (State.SUBMITTED,),
            State.POSTED,
            "It is posted. The public pages show it in a moment.",
            APPROVER,
        ),
    )
}


def broken(act: str, state: str, person: str, writers: Collection[str], reason: str = "") -> list[str]:
    """The rules that an act would break: names of findings, none where it may be done.

    writers: everybody who wrote a word of the draft.
    """
    said = TRANSITIONS[act]
    found = []
    if state not in said.before:
        found.append("draft-not-there")
    if act == "approve" and person in writers:
        found.append("approved-by-author")
    if said.reasoned and not reason.strip():
        found.append("reason-missing")
    return found


def possible(state: str, who: str) -> list[str]:
    """The acts that lead on from a state, for one of the two sides."""
    return [one.act for one in TRANSITIONS.values() if one.who == who and state in one.before]
