"""Transitions: the acts that lead a record from one state to another, as one list that pages, programs and rules read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class Transition:
    """An act that leads from one of some states to another. will: what happens then and who is told, before it is done.

    told: the same afterwards. verb: of the mandate; reasoned: it needs words of why.
    """

    act: str
    before: tuple[str, ...]
    after: str
    verb: str
    will: str
    told: str
    reasoned: bool = False


T = TypeVar("T", bound=Transition)


def named(*several: T) -> dict[str, T]:
    """Transitions by their acts."""
    return {one.act: one for one in several}


def possible(transitions: Mapping[str, Transition], state: str, verb: str) -> list[str]:
    """The acts that lead on from a state, for whoever may that verb."""
    return [one.act for one in transitions.values() if one.verb == verb and state in one.before]


def broken(said: Transition, state: str, reason: str, *, not_there: str) -> list[str]:
    """The rules that every act asks: names of findings. not_there: of a record that stands elsewhere by now."""
    found = [] if state in said.before else [not_there]
    return found if reason.strip() or not said.reasoned else [*found, "reason-missing"]
