"""Issue a transfer: the agent pays a participating organization for a project."""

from quipu.actions.saying import Money, Paper, line, participation, say
from quipu.books.post import Answer
from quipu.rules.journal import Place


def issue_transfer(*, paper: Paper, fund: str, project: str, organization: str, money: Money) -> Answer:
    """Posts a transfer. Raises Refused: above the allocation or the cash held, without MOU or decision, once closed."""
    to = participation(project, organization)
    return say(paper, "transfer", [line("transfer", Place(fund), to, money, key=paper.key)])
