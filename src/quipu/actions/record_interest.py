"""Record interest: the bank's on the fund's account, or what an organization earned and paid in."""

from quipu.actions.saying import Money, Paper, line, participation, say
from quipu.books.post import Answer
from quipu.rules.journal import Place


def record_interest(*, paper: Paper, fund: str, money: Money, organization: str = "", project: str = "") -> Answer:
    """Posts interest of either sign: the fund's own, or an organization's, with its project where that is stated.

    Raises Refused.
    """
    if not organization:
        said = line("fund_interest", Place(fund), None, money, key=paper.key)
    else:
        earner = participation(project, organization) if project else Place(organization)
        said = line("organization_interest", Place(fund), earner, money, key=paper.key)
    return say(paper, "charges", [said])
