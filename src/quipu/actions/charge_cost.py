"""Charge a cost: a bank charge, the agent's fee, or direct cost and what is paid back of it."""

from quipu.actions.saying import Money, Paper, line, participation, say
from quipu.books.post import Answer
from quipu.rules.journal import Place

BANK, FEE, DIRECT, DIRECT_REFUND = "bank_charge", "agent_fee", "direct_cost", "direct_cost_refund"


def charge_cost(
    *, paper: Paper, fund: str, cost: str, money: Money, project: str = "", organization: str = ""
) -> Answer:
    """Posts a cost of the fund. Direct cost goes to a participation of a direct-cost project. Raises Refused."""
    spender = participation(project, organization) if cost in (DIRECT, DIRECT_REFUND) else None
    return say(paper, "charges", [line(cost, Place(fund), spender, money, key=paper.key)])
