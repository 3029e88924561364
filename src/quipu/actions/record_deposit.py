"""Record a deposit: cash from a contributor, and the agent's fee on it by rule."""

from decimal import Decimal

from quipu.actions.saying import Money, Paper, line, say
from quipu.books import models
from quipu.books.post import Answer
from quipu.rules.controls import DEFAULT_AGENT_FEE
from quipu.rules.journal import Place
from quipu.rules.money import exponent, printed

UNIDENTIFIED = Place("")  # a contributor that the agent does not know yet


def record_deposit(*, paper: Paper, fund: str, contributor: str, money: Money, agreement: str = "") -> Answer:
    """Posts a deposit and its fee: the agreement's rate, else the fund's, else 1% (domain.md, rule 2).

    contributor: "" where it is still to be identified. Raises Refused.
    """
    giver = Place(contributor) if contributor else UNIDENTIFIED
    lines = [line("deposit", Place(fund), giver, money, key=paper.key, under=agreement)]
    fee = agent_fee(fund, agreement, lines[0].amount)
    if fee:
        lines.append(line("agent_fee", Place(fund), None, fee, key=paper.key))
    return say(paper, "deposit", lines)


def agent_fee(fund: str, agreement: str, deposit: Decimal) -> Decimal:
    """The agent's fee on a deposit, in whole minor units; 0 where the agreement or the fund bears none."""
    own = models.Agreement.objects.filter(code=agreement).values_list("agent_fee", flat=True).first() or ""
    kept = models.Fund.objects.filter(code=fund).values_list("agent_fee", "currency").first()
    if kept is None:  # the posting says so
        return Decimal(0)
    rate, currency = kept
    percent = own or rate
    if percent == "none":
        return Decimal(0)
    return printed(deposit * (Decimal(percent) if percent else DEFAULT_AGENT_FEE) / 100, exponent(currency))
