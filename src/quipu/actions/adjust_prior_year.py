"""Adjust a prior year: a line of the running year that corrects one whose report is out."""

from collections.abc import Mapping
from decimal import Decimal

from quipu.actions.saying import Paper, participation, say
from quipu.books.post import Answer
from quipu.rules.findings import Finding, Refused
from quipu.rules.journal import Line
from quipu.rules.kinds import CERTIFIED


def adjust_prior_year(
    *,
    paper: Paper,
    project: str,
    organization: str,
    year: int,
    adjusts: int,
    amounts: Mapping[str, Decimal],
    comment: str,
) -> Answer:
    """Posts a correction of either sign in the running year, shown apart. comment: required. Raises Refused."""
    if not comment:
        raise Refused(Finding("correction-without-reason", f"^{paper.key}"))
    place = participation(project, organization)
    lines = [
        Line("expenditure", place, amount, "", None, category, CERTIFIED, year=year, adjusts=adjusts, note=comment)
        for category, amount in amounts.items()
    ]
    return say(paper, "correction", lines)
