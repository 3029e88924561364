"""Reopen a year: the agent lets a closed year be restated, with a reason."""

from quipu.actions.saying import Paper, direct
from quipu.books.post import Answer
from quipu.rules.journal import ReopenYear


def reopen_year(*, paper: Paper, fund: str, year: int) -> Answer:
    """Reopens a fund's year; the paper's title is the reason. Raises Refused."""
    return direct(paper, ReopenYear, fund, year)
