"""What waits for administrators: jobs that failed, mails nobody can be sure of, a check that found faults or did not run."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_tasks import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult as Job

from quipu.actions import nightly
from quipu.books import models
from quipu.desk.drawing import address, said, spoken
from quipu.desk.inbox import Task

LATE = timedelta(days=2)  # since the last check of a house that checks each night


def tasks(rights: Any) -> Iterator[Task]:
    """For whoever runs the house."""
    if not rights.may("run the house"):
        return
    house = address("house")
    failed = Job.objects.filter(status=Status.FAILED)
    if count := failed.count():
        thing = spoken().ngettext("%(num)s job failed", "%(num)s jobs failed", count) % {"num": count}
        first = failed.order_by("finished_at").values_list("finished_at", flat=True).first()
        yield Task(said("Look at what failed"), thing, house, timezone.localdate(first) if first else None)
    if count := models.Mail.objects.filter(state="unsure").count():
        thing = spoken().ngettext("%(num)s mail", "%(num)s mails", count) % {"num": count}
        yield Task(said("Mails that may not have gone out"), thing, house)
    checked = models.Verification.objects.order_by("-at").first()
    if checked is not None and checked.faults:
        count = len(checked.faults)
        thing = spoken().ngettext("%(num)s fault in the books", "%(num)s faults in the books", count) % {"num": count}
        yield Task(said("The books are not whole"), thing, house, timezone.localdate(checked.at))
    night = nightly.last_night()
    if night is not None and night < timezone.localdate() - LATE:
        yield Task(said("The nightly check does not run"), said("Start a worker: ./quipu worker"), house, night)
