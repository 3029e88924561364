"""Requests for transfers: the states they go through, who leads them on, and how an amount to ask for is proposed.

What the committee signed is what the agent pays. That it is paid is not written down: it is asked of the vouchers.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quipu.rules import drafts, transitions
from quipu.rules.transitions import Transition, named


class State(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SIGNED = "signed"
    RECEIVED = "received"
    PAID = "paid"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


S = State
OPEN = (S.DRAFT, S.RETURNED)  # it may be changed
ASKER, SIGNER, AGENT = "ask for transfers", "sign transfer requests", "receive transfer requests"  # verbs of mandates


TRANSITIONS = named(
    Transition(
        "sign",
        (S.DRAFT,),
        S.SIGNED,
        SIGNER,
        "It becomes the instruction to the administrative agent, under your name, and is not changed any more.",
        "It is signed. The agent finds it among the tasks.",
    ),
    Transition(
        "receive",
        (S.SIGNED,),
        S.RECEIVED,
        AGENT,
        "You confirm that it arrived. A voucher is drafted for each organization next.",
        "It is received. Draft a transfer for each organization.",
    ),
    Transition(
        "return",
        (S.SIGNED, S.RECEIVED),
        S.RETURNED,
        AGENT,
        "Whoever wrote it is told why. It is mended and signed once more, or withdrawn.",
        "It went back, with your reason. The signature counts no more.",
        reasoned=True,
    ),
    Transition(
        "mend",
        (S.RETURNED,),
        S.DRAFT,
        ASKER,
        "It is a draft again, and waits for a signature.",
        "It is a draft again. Whoever signs finds it among the tasks.",
    ),
    Transition(
        "withdraw",
        OPEN,
        S.WITHDRAWN,
        ASKER,
        "Nothing is asked for any more. It stays in the list with your reason.",
        "It is withdrawn.",
        reasoned=True,
    ),
)


def broken(
    act: str, state: str, person: str, writers: Collection[str], reason: str = "", *, is_drafted: bool = False
) -> list[str]:
    """The rules that an act would break: names of findings. is_drafted: a voucher of it is drafted or posted."""
    found = transitions.broken(TRANSITIONS[act], state, reason, not_there="request-not-there")
    if act == "sign" and person in writers:
        found.append("request-by-itself")
    if act == "return" and is_drafted:
        found.append("request-drafted")
    return found


def possible(state: str, verb: str) -> list[str]:
    """The acts that lead on from a state, for whoever may that verb."""
    return transitions.possible(TRANSITIONS, state, verb)


REVERSED = "reversed"  # of a voucher: it was posted, and another one took it back


def standing(state: str, vouchers: Sequence[str]) -> str:
    """How a request stands today. vouchers: the states of the drafts of its amounts, or REVERSED; "" where none was begun."""
    is_paid = state == S.RECEIVED and bool(vouchers) and all(one == drafts.State.POSTED for one in vouchers)
    return S.PAID if is_paid else state


def is_free(voucher: str) -> bool:
    """Whether a voucher may be drafted for an amount: none was, or what was drafted was discarded or taken back."""
    return voucher in ("", drafts.State.DISCARDED, REVERSED)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What could be asked for an organization: what it plans next, less what it still holds. Minor units.

    unposted: what its quarters say was spent and the ledger does not hold yet. It is shown, and is not in the arithmetic.
    """

    organization: str
    planned: int
    balance: int
    unposted: int = 0

    @property
    def amount(self) -> int:
        """Never below nothing: money that is too much is not asked back by a request."""
        return max(0, self.planned - self.balance)
