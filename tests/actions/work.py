"""Jobs of the tests; imported only where Django stands."""

import os
import signal
import time
from datetime import UTC, datetime

from django_tasks import task


def effect(number, rest=0.0):
    """Two rows, with time between them in which somebody may be killed."""
    from quipu.books import models

    for part in ("a", "b"):
        models.Verification.objects.create(
            at=datetime.now(UTC), seconds=0, links=number, entries=os.getpid(), head=f"{number}{part}"
        )
        time.sleep(rest)


@task()
def add(*, key, number, rest=0.0):
    """Takes effect once, slowly."""
    from quipu.actions import jobs

    time.sleep(rest)
    jobs.once(key, lambda: effect(number, rest))
    time.sleep(rest)


@task()
def fail(*, key):
    """Never works."""
    raise ValueError("no luck")


@task()
def wait(*, key, seconds):
    """Takes its time and has no effect but to be run."""
    time.sleep(seconds)


@task()
def later(*, key):
    """Puts itself off."""
    from quipu.actions import jobs

    raise jobs.Later(3600, "not now")


@task()
def die(*, key):
    """Takes its worker with it."""
    os.kill(os.getpid(), signal.SIGKILL)
