"""Close a year: its consolidated report is out, and nothing more is posted into it."""

from quipu.actions.saying import Paper, direct
from quipu.books.post import Answer
from quipu.rules.journal import CloseYear


def close_year(*, paper: Paper, fund: str, year: int) -> Answer:
    """Closes a fund's year. Raises Refused."""
    return direct(paper, CloseYear, fund, year)
