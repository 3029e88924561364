"""Record a pledge: what a contributor announced and has not signed."""

from quipu.actions.saying import Money, Paper, line, say
from quipu.books.post import Answer
from quipu.rules.journal import Place


def record_pledge(*, paper: Paper, fund: str, contributor: str, money: Money) -> Answer:
    """Posts a pledge, which is in no total. Raises Refused."""
    return say(paper, "agreement", [line("pledge", Place(fund), Place(contributor), money, key=paper.key)])
