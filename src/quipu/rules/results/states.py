"""Readings: the states they go through, and who leads them from one to the next. Nobody approves what they wrote."""

from collections.abc import Collection
from enum import StrEnum

from quipu.rules import transitions
from quipu.rules.transitions import Transition, named


class State(StrEnum):
    """Where a reading stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


S = State
OPEN = (S.DRAFT, S.RETURNED)  # it may be changed
WRITER, APPROVER = "write readings", "approve readings"  # verbs of mandates


TRANSITIONS = named(
    Transition(
        "submit",
        OPEN,
        S.SUBMITTED,
        WRITER,
        "Whoever approves readings of the programme finds it among the tasks.",
        "It waits for another person to approve it.",
    ),
    Transition(
        "take back",
        (S.SUBMITTED,),
        S.DRAFT,
        WRITER,
        "It is a draft again, and may be changed.",
        "It is a draft again.",
    ),
    Transition(
        "approve",
        (S.SUBMITTED,),
        S.APPROVED,
        APPROVER,
        "It counts from then on. The public pages show it where the indicator is public.",
        "It is approved, and counts.",
    ),
    Transition(
        "return",
        (S.SUBMITTED,),
        S.RETURNED,
        APPROVER,
        "Whoever wrote it is told why, and may change it.",
        "It went back to whoever wrote it, with your reason.",
        reasoned=True,
    ),
    Transition(
        "withdraw",
        (S.APPROVED,),
        S.WITHDRAWN,
        APPROVER,
        "It counts no more, and stays in the history with your reason.",
        "It is withdrawn, and counts no more.",
        reasoned=True,
    ),
)


def broken(
    act: str, state: str, person: str, writers: Collection[str], reason: str = "", *, is_locked: bool = False
) -> list[str]:
    """The rules that an act would break: names of findings, none where it may be done. is_locked: its period is."""
    found = transitions.broken(TRANSITIONS[act], state, reason, not_there="reading-not-there")
    if is_locked:
        found.append("period-locked")
    if act == "approve" and person in writers:
        found.append("reading-by-itself")
    return found


def possible(state: str, verb: str) -> list[str]:
    """The acts that lead on from a state, for whoever may that verb."""
    return transitions.possible(TRANSITIONS, state, verb)
