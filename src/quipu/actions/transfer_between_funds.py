"""Transfer between funds: both sides are posted at once."""

from quipu.actions.saying import Money, Paper, line, say
from quipu.books.post import Answer
from quipu.rules.journal import Place


def transfer_between_funds(*, paper: Paper, fund: str, other: str, money: Money) -> Answer:
    """Posts the transfer here and the receipt there. Raises Refused; two currencies need both amounts."""
    return say(paper, "fund-transfer", [line("fund_transfer", Place(fund), Place(other), money, key=paper.key)])
