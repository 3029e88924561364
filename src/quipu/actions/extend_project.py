"""Extend a project: it ends later than it did."""

from datetime import date

from quipu.actions.saying import Paper, direct
from quipu.books.post import Answer
from quipu.rules.journal import Extend


def extend_project(*, paper: Paper, project: str, until: date) -> Answer:
    """Posts the new end. Raises Refused."""
    return direct(paper, Extend, project, until)
