"""Record other income: cash that is neither a deposit nor interest."""

from quipu.actions.saying import Money, Paper, line, say
from quipu.books.post import Answer
from quipu.rules.journal import Place


def record_other_income(*, paper: Paper, fund: str, money: Money) -> Answer:
    """Posts income of either sign. Raises Refused."""
    return say(paper, "charges", [line("other_income", Place(fund), None, money, key=paper.key)])
