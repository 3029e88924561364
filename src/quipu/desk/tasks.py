"""The inbox: what waits for the signed-in person, each line a verb, a thing, a date."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quipu.desk.documents import waiting as documents
from quipu.desk.inbox import Task
from quipu.desk.people import waiting as people
from quipu.desk.programmes import waiting as programmes
from quipu.desk.rights import signed_in
from quipu.desk.vouchers import waiting as vouchers

# Each kind of work tells what waits for a person there: a few questions, whatever the number of lines.
SOURCES: tuple[Callable[[Any], Iterator[Task]], ...] = (people.tasks, vouchers.tasks, documents.tasks, programmes.tasks)


def of(rights: Any) -> list[Task]:
    """Everything that waits for a person, what is due first."""
    found = [task for source in SOURCES for task in source(rights)]
    return sorted(found, key=lambda task: (task.due or date.max, task.since or date.max, task.thing))


@signed_in
def show(request: HttpRequest) -> HttpResponse:
    """My tasks."""
    return render(request, "tasks.html", {"tasks": of(request.rights)})
