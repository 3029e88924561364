"""What lies within somebody's reach, as a condition of a question."""

from typing import Any

from django.db.models import Q

from quipu.rules.mandates import Scope


def within(reach: list[Scope], fund: str = "fund", project: str = "code", organization: str = "") -> Any:
    """The condition for rows within the reach.

    fund, project, organization: columns; "" where rows have none, so that a mandate for one reaches nothing.
    """
    found = Q(pk__in=())
    for scope in reach:
        one = Q()
        for column, code in ((fund, scope.fund), (project, scope.project), (organization, scope.organization)):
            if code:
                one &= Q(**{column: code}) if column else Q(pk__in=())
        if not one:
            return one  # everything
        found |= one
    return found
