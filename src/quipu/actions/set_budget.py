"""Set a budget: what a participation may spend by category; a revision takes the place of what stood."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db.models import Q

from quipu.actions.saying import Paper, line, participation, say
from quipu.books import models
from quipu.books.post import Answer
from quipu.rules.journal import Reference


def set_budget(*, paper: Paper, project: str, organization: str, amounts: Mapping[str, Decimal]) -> Answer:
    """Posts amounts by category. Categories that stand already are reversed in the same voucher, so that the history of
    revisions is kept and the sum is the budget in force; other categories stay. Raises Refused.
    """
    place = participation(project, organization)
    lines = [
        line("budget", place, None, amount, key=paper.key, category=category) for category, amount in amounts.items()
    ]
    return say(paper, "budget", lines, _replaced(project, organization, amounts, paper.key))


def _replaced(project: str, organization: str, categories: Collection[str], key: str) -> list[Reference]:
    standing = models.Entry.objects.filter(
        project=project,
        organization=organization,
        movement="budget",
        category__in=list(categories),
        reverses=None,
    ).exclude(posting__key=key)
    standing = standing.filter(Q(reversed_by=None) | Q(reversed_by__posting__key=key))  # the same when sent again
    named = standing.order_by("id").values_list("posting__key", "ordinal")
    return [Reference("reverses", posted, ordinal) for posted, ordinal in named]
