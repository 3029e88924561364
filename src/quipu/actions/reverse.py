"""Reverse: a voucher, or one entry of it, is taken back by mirrored entries."""

from quipu.actions.saying import Paper, say
from quipu.books.post import Answer
from quipu.rules.journal import Reference


def reverse(*, paper: Paper, key: str, entry: int | None = None) -> Answer:
    """Posts the mirrors on the paper's own day; its title is the reason. entry: counted from 1. Raises Refused."""
    return say(paper, "reversal", [], [Reference("reverses", key, entry)])
