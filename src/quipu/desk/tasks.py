"""The inbox: what waits for the signed-in person, each line a verb, a thing, a date; and what changed where they work."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quipu.actions import history
from quipu.desk import drawing
from quipu.desk.documents import waiting as documents
from quipu.desk.editions import waiting as editions
from quipu.desk.house import waiting as house
from quipu.desk.inbox import Task
from quipu.desk.letters import waiting as letters
from quipu.desk.monitoring import waiting as monitoring
from quipu.desk.news import changes, deadlines
from quipu.desk.people import waiting as people
from quipu.desk.plans import waiting as plans
from quipu.desk.programmes import waiting as programmes
from quipu.desk.registers import waiting as registers
from quipu.desk.results import waiting as results
from quipu.desk.returns import waiting as returns
from quipu.desk.rights import signed_in
from quipu.desk.vouchers import waiting as vouchers
from quipu.desk.years import waiting as years

# Each kind of work tells what waits for a person there: a few questions, whatever the number of lines.
SOURCES: tuple[Callable[[Any], Iterator[Task]], ...] = (
    vouchers.tasks,
    returns.tasks,
    plans.tasks,
    documents.tasks,
    programmes.tasks,
    results.tasks,
    monitoring.tasks,
    registers.tasks,
    years.tasks,
    editions.tasks,
    letters.tasks,
    people.tasks,
    deadlines.tasks,
    house.tasks,
)
HEADINGS = {"news": "Deadlines", "house": "The house"}  # where the bar has no place of the folder's name
LATEST, PAGE = 10, 50  # changes on the page of tasks, and on a page of their own


def of(rights: Any) -> list[Task]:
    """Everything that waits for a person, what is due first."""
    found = [
        task if task.kind else replace(task, kind=_heading(source)) for source in SOURCES for task in source(rights)
    ]
    return sorted(found, key=lambda task: (task.due or date.max, task.since or date.max, task.thing))


def _heading(source: Callable[..., Any]) -> str:
    """What the folder of a source is called: as in the bar."""
    folder = source.__module__.split(".")[-2]
    label = next((place.label for place in drawing.PLACES if place.name == folder), folder.capitalize())
    return drawing.said(HEADINGS.get(folder, label))


def grouped(tasks: list[Task]) -> dict[str, list[Task]]:
    """By kind of work, in the order of what is due first."""
    found: dict[str, list[Task]] = {}
    for task in tasks:
        found.setdefault(task.kind, []).append(task)
    return found


@signed_in
def show(request: HttpRequest) -> HttpResponse:
    """My tasks."""
    rows = list(changes.within(request.rights)[: LATEST + 1])
    told = {"groups": grouped(of(request.rights)), "rows": rows[:LATEST], "more": len(rows) > LATEST}
    told["names"] = history.names_of(row.by for row in rows)
    return render(request, "tasks.html", told)


@signed_in
def recent(request: HttpRequest) -> HttpResponse:
    """All that changed where I work, newest first."""
    page = Paginator(changes.within(request.rights), PAGE).get_page(request.GET.get("page"))
    return render(request, "recent.html", {"page": page, "names": history.names_of(row.by for row in page)})
