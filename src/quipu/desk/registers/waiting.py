"""What waits for somebody in registers: promises whose day has passed, and consents that end soon."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from quipu.actions.registers import register as registers
from quipu.actions.registers import resource
from quipu.books import models, office
from quipu.desk.drawing import address, said
from quipu.desk.inbox import Task
from quipu.desk.reaching import within
from quipu.rules.registers.rows import called
from quipu.rules.resources import OPEN

SOON = timedelta(days=30)


def tasks(rights: Any) -> Iterator[Task]:
    """Two questions, whatever the number of lines."""
    today = office.today()
    if reach := rights.reach("keep resources"):
        late = models.Resource.objects.filter(
            within(reach, "project__fund", "project"), state=OPEN, due_on__lt=today, withdrawn_at=None
        )
        for one in late.select_related("organization", "project").order_by("due_on", "pk"):
            thing = f"{one.project_id}: {resource.source_of(one)}"
            yield Task(said("Say what became of it"), thing, address("change_resource", one.pk), due=one.due_on)
    if reach := rights.reach("keep registers"):
        ends = models.Consent.objects.filter(
            within(reach, "row__register__project__fund", "row__register__project"),
            withdrawn_on=None,
            until__gte=today,
            until__lte=today + SOON,
            row__withdrawn_at=None,
        )
        for each in ends.select_related("row__register__project").order_by("until", "pk"):
            row = each.row
            thing = f"{row.register_id} {row.number}: {called(registers.schema_of(row.register), row.values)}"
            at = address("register_row", row.register_id, row.number)
            yield Task(said("Ask the owner again"), thing, at, due=each.until)
