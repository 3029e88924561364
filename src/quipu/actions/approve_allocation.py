"""Approve an allocation: a governing body sets money aside for a participation."""

from quipu.actions.saying import Money, Paper, line, participation, say
from quipu.books.post import Answer
from quipu.rules.journal import Place


def approve_allocation(*, paper: Paper, fund: str, project: str, organization: str, money: Money) -> Answer:
    """Posts an allocation, of either sign. The paper's title or document is the decision. Raises Refused."""
    to = participation(project, organization)
    return say(paper, "allocation", [line("allocation", Place(fund), to, money, key=paper.key)])
