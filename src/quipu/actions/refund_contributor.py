"""Refund a contributor: cash goes back where it came from."""

from quipu.actions.saying import Money, Paper, line, say
from quipu.books.post import Answer
from quipu.rules.journal import Place


def refund_contributor(*, paper: Paper, fund: str, contributor: str, money: Money) -> Answer:
    """Posts a refund to a contributor. Raises Refused."""
    said = line("contributor_refund", Place(fund), Place(contributor), money, key=paper.key)
    return say(paper, "contributor-refund", [said])
