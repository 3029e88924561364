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
    for one in waiting(rights):
        heading, number = narrative.heading(one.section)
        thing = f"{one.code}: {said(heading)} {number or ''} ({one.language})"
        yield Task(said("Release"), thing, address("release_section", one.pk), one.at.date())


def waiting(rights: Any) -> list[Any]:
    """The versions that wait for a second person within somebody's reach, and that another one wrote: the last of each."""
    reach = rights.reach("release")
    if not reach:
        return []
    waits = list(models.Section.objects.filter(state=narrative.WAITING).exclude(by=rights.person.pk).order_by("id"))
    projects = models.Project.objects.filter(code__in={one.code for one in waits if one.kind == narrative.PROJECT})
    funds = dict(projects.values_list("code", "fund_id"))
    last = {(one.kind, one.code, one.section, one.language): one for one in waits}

    def scope(one: Any) -> Scope:
        return Scope(funds.get(one.code, ""), one.code) if one.kind == narrative.PROJECT else Scope(one.code)

    return [one for one in last.values() if any(each.covers(scope(one)) for each in reach)]
