"""What waits for somebody in programmes: sections that another person marked public."""

from collections.abc import Iterator
from typing import Any

from quipu.books import models
from quipu.desk.drawing import address, said
from quipu.desk.inbox import Task
from quipu.rules import narrative
from quipu.rules.mandates import Scope


def tasks(rights: Any) -> Iterator[Task]:
    """Sections that this person may release."""
    reach = rights.reach("release")
    if not reach:
        return
    waits = list(models.Section.objects.filter(state=narrative.WAITING).exclude(by=rights.person.pk).order_by("id"))
    projects = models.Project.objects.filter(code__in={one.code for one in waits if one.kind == narrative.PROJECT})
    funds = dict(projects.values_list("code", "fund_id"))
    last = {(one.kind, one.code, one.section, one.language): one for one in waits}
    for one in last.values():
        is_project = one.kind == narrative.PROJECT
        scope = Scope(funds.get(one.code, ""), one.code) if is_project else Scope(one.code)
        if any(each.covers(scope) for each in reach):
            heading, number = narrative.heading(one.section)
            thing = f"{one.code}: {said(heading)} {number or ''} ({one.language})"
            yield Task(said("Release"), thing, address("release_section", one.pk), one.at.date())
