"""Record a refund: unspent money that an organization sent back."""

from quipu.actions.saying import Money, Paper, line, participation, say
from quipu.books.post import Answer
from quipu.rules.journal import Place


def record_refund(*, paper: Paper, fund: str, project: str, organization: str, money: Money) -> Answer:
    """Posts a refund; it may always arrive, after financial closure too. Raises Refused."""
    sender = participation(project, organization)
    return say(paper, "refund", [line("refund", Place(fund), sender, money, key=paper.key)])
