"""Write off: money at an organization is given up as lost, by a decision."""

from quipu.actions.saying import Money, Paper, line, participation, say
from quipu.books.post import Answer


def write_off(*, paper: Paper, project: str, organization: str, money: Money) -> Answer:
    """Posts a write-off. Raises Refused."""
    return say(
        paper, "write-off", [line("write_off", participation(project, organization), None, money, key=paper.key)]
    )
