"""Record expenditure: what an organization spent in a year, by category, interim or certified."""

from collections.abc import Mapping
from decimal import Decimal

from quipu.actions.saying import Paper, participation, say
from quipu.books.post import Answer
from quipu.rules.journal import Line, Reference

Amounts = Mapping[str, Decimal]  # by category, either sign


def record_expenditure(
    *, paper: Paper, project: str, organization: str, year: int, standing: str, amounts: Amounts
) -> Answer:
    """Posts a year's spending, which counts on its last day. standing: "interim" or "certified". Raises Refused."""
    return say(paper, "return", spent(project, organization, year, standing, amounts))


def spent(project: str, organization: str, year: int, standing: str, amounts: Amounts) -> list[Line]:
    """The lines of a return."""
    place = participation(project, organization)
    return [
        Line("expenditure", place, amount, category=category, standing=standing, year=year)
        for category, amount in amounts.items()
    ]


def replacing(key: str) -> list[Reference]:
    """What a return takes the place of."""
    return [Reference("replaces", key)]
