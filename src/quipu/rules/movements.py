"""Movements: the kinds of money moving, and how an entry read from IATI becomes one of them.

Two families are never added. *Pooled* movements exist where an activity is a fund or a child of one; *reported*
movements are the IATI type under its own name, everywhere else. (domain.md, Movements; From IATI, and to it.)
"""

from dataclasses import dataclass
from itertools import product

POOLED, REPORTED = "pooled", "reported"
PROMISE, CASH = "promise", "cash"
FUND, CHILD, ELSEWHERE = "fund", "child", "elsewhere"

UNKNOWN_TYPE = ""
# IATI transaction type → the movement's own name, its book, and whether the money leaves the publisher.
REPORTED_TYPES: dict[str, tuple[str, str, bool]] = {
    "1": ("incoming_funds", CASH, False),
    "2": ("outgoing_commitment", PROMISE, True),
    "3": ("disbursement", CASH, True),
    "4": ("expenditure", CASH, True),
    "5": ("interest_payment", CASH, True),
    "6": ("loan_repayment", CASH, True),
    "7": ("reimbursement", CASH, True),
    "8": ("equity_purchase", CASH, True),
    "9": ("equity_sale", CASH, True),
    "10": ("guarantee", PROMISE, True),
    "11": ("incoming_commitment", PROMISE, False),
    "12": ("outgoing_pledge", PROMISE, True),
    "13": ("incoming_pledge", PROMISE, False),
    UNKNOWN_TYPE: ("unknown", CASH, True),
}
# The letters of IATI 1.x, readable in any version.
LETTERS = {
    **{"IF": "1", "C": "2", "D": "3", "E": "4", "IR": "5", "LR": "6", "R": "7", "QP": "8", "QS": "9", "CG": "10"},
}
OUTGOING = tuple(code for code, (_, _, leaves) in REPORTED_TYPES.items() if leaves and code)

POOLED_BOOKS = {
    "pledge": PROMISE,
    "commitment": PROMISE,
    "deposit": CASH,
    "contributor_refund": CASH,
    "allocation": PROMISE,
    "transfer": CASH,
    "refund": CASH,
    "fund_cost": CASH,
    "expenditure": CASH,
    "transfer_seen_from_below": CASH,
    "allocation_seen_from_below": PROMISE,
}
BUDGET, PLANNED = "budget", "planned_disbursement"


@dataclass(frozen=True, slots=True)
class Circumstance:
    """All that decides which movement an IATI entry is."""

    where: str  # FUND, CHILD or ELSEWHERE
    type: str  # the IATI code, "" when unknown
    negative: bool
    from_fund: bool  # the provider is the fund that the activity belongs to
    gives_back: bool  # the receiver is the publisher or the fund, and the provider is somebody else
    fund_publishes: bool  # the fund itself publishes this kind of entry, so a child's copy is the same money


@dataclass(frozen=True, slots=True)
class Movement:
    """What an entry counts as: its family, its name, and the sign that turns the source's value into the movement's."""

    family: str
    name: str
    sign: int


def of_iati(entry: Circumstance) -> Movement:
    """The movement an entry is. Refunds, and money given back to contributors, are positive amounts of their own name."""
    if entry.where == FUND:
        return _on_fund(entry)
    if entry.where == CHILD:
        return _on_child(entry)
    return _reported(entry)


def _reported(entry: Circumstance) -> Movement:
    return Movement(REPORTED, REPORTED_TYPES[entry.type][0], 1)


def _on_fund(entry: Circumstance) -> Movement:
    if entry.type == "1" and entry.negative:
        return Movement(POOLED, "contributor_refund", -1)
    if entry.type == "3" and entry.negative:
        return Movement(POOLED, "refund", -1)
    if entry.type == "7":
        return Movement(POOLED, "refund", 1) if entry.gives_back else _reported(entry)
    names = {"13": "pledge", "11": "commitment", "1": "deposit", "2": "allocation", "3": "transfer", "4": "fund_cost"}
    return Movement(POOLED, names[entry.type], 1) if entry.type in names else _reported(entry)


def _on_child(entry: Circumstance) -> Movement:
    """Some funds (OCHA's country funds, the UN pooled funds) publish their payments on the child alone: those count,
    unless the fund publishes them too; then the child's are the same money seen from below, kept and never added."""
    if entry.type == "4":
        return Movement(POOLED, "expenditure", 1)
    if entry.type == "1" and entry.from_fund:
        return Movement(POOLED, "transfer_seen_from_below", 1)
    if entry.type == "7" and entry.gives_back:
        return Movement(POOLED, "refund", 1)
    if entry.from_fund and entry.type in ("2", "3"):
        name = "allocation" if entry.type == "2" else "transfer"
        if entry.fund_publishes:
            return Movement(POOLED, f"{name}_seen_from_below", 1)
        return Movement(POOLED, "refund", -1) if name == "transfer" and entry.negative else Movement(POOLED, name, 1)
    return _reported(entry)


def every_iati_case() -> list[tuple[Circumstance, Movement]]:
    """All circumstances with their movement, so that an engine can look the rule up instead of knowing it."""
    flags = (False, True)
    cases = product((FUND, CHILD, ELSEWHERE), REPORTED_TYPES, flags, flags, flags, flags)
    return [(case, of_iati(case)) for case in (Circumstance(*values) for values in cases)]
