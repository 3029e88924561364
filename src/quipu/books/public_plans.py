"""What the books make public of work plans: planned and spent by output, organization and quarter, of quarters that are closed.

Nothing of a quarter that is open, no remark, no state, and nobody by name.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from quipu.books import models
from quipu.rules import record
from quipu.rules.money import kept, of_minor_units


def rows() -> Iterator[tuple[str, tuple[Any, ...]]]:
    """All rows of the record. What outputs are called, the framework's own rows say."""
    closed = set(
        models.PlanQuarter.objects.filter(closed_at__isnull=False).values_list("project_id", "year", "quarter")
    )
    if not closed:
        return
    lines = models.WorkQuarter.objects.filter(work__project__in={project for project, *_ in closed})
    found: dict[tuple[str, str, str, int, int], list[tuple[int, int | None]]] = defaultdict(list)
    for project, output, body, year, quarter, planned, spent in lines.values_list(
        "work__project", "work__output", "work__organization", "year", "quarter", "planned", "spent"
    ):
        if (project, year, quarter) in closed and (planned or spent):
            found[project, output, body, year, quarter].append((planned, spent))
    currencies = dict(models.Project.objects.values_list("code", "fund__currency"))
    for (project, output, body, year, quarter), amounts in sorted(found.items()):
        said = [spent for _, spent in amounts if spent is not None]
        currency = currencies[project]
        yield (
            "outputs_spent",
            record.OutputSpent(
                project,
                output,
                body,
                year,
                quarter,
                kept(of_minor_units(sum(planned for planned, _ in amounts), currency)),
                kept(of_minor_units(sum(said), currency)) if said else None,
                len(amounts) - len(said),
            ),
        )
