"""Sign a commitment: a contributor promises an amount under an agreement."""

from quipu.actions.saying import Money, Paper, line, say
from quipu.books.post import Answer
from quipu.rules.journal import Place


def sign_commitment(*, paper: Paper, fund: str, contributor: str, agreement: str, money: Money) -> Answer:
    """Posts the amount of a signed agreement, in the fund's currency. Raises Refused."""
    said = line("commitment", Place(fund), Place(contributor), money, key=paper.key, under=agreement)
    return say(paper, "agreement", [said])
