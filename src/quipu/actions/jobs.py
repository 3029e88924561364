"""Background work: jobs are queued in the transaction of the act, run under a lease, and take effect once.

A worker that is killed renews its lease no more; when that has expired another one runs the job again. So a job may run
twice and has to take effect once: `once` puts the effect and a mark of it into one transaction.
"""

import fcntl
import os
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError, InterfaceError
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult as Job
from django_tasks_db.models import get_date_max

from quipu.actions import history
from quipu.actions.history import Thing
from quipu.books import database, models
from quipu.edition.home import Home
from quipu.rules.findings import Finding, Refused

LEASE = 30.0  # seconds that a worker holds a job without renewing; three times within them it does
REST = 1.0  # seconds between two looks at an empty queue
LAST = -50  # the priority of what takes long and nobody waits for
PRESENT = ".working"  # in the cache: a lock that every worker holds as long as it lives
DEATHS = 5  # workers that may die of one job before it counts as failed


class Later(Exception):
    """A job cannot be done now and wants to be tried again after so many seconds; the message says why."""

    def __init__(self, seconds: float, why: str) -> None:
        super().__init__(why)
        self.seconds = seconds


class WorkerDied(Exception):
    """Every worker that took the job ended while it ran."""


def queue(name: str, *, key: str = "", after: datetime | None = None, priority: int = 0, **words: Any) -> str:
    """Queues a job of settings.JOBS and answers its number. In a transaction, it is there once that is committed.

    key: what its effect is marked with; the same one queued twice takes effect once. after: not before. priority: the
    higher one first. words: what JSON can hold.
    """
    task = import_string(settings.JOBS[name]).using(run_after=after, priority=priority)
    return str(task.enqueue(**words, key=key or uuid4().hex).id)


def once(key: str, effect: Callable[[], Any]) -> Any:
    """The effect and its mark in one transaction; None, and nothing done, where the mark is there already."""
    with history.whole():
        try:
            with transaction.atomic(using=database.current()):
                models.Done.objects.create(key=key, at=datetime.now(UTC))
        except IntegrityError:
            return None
        return effect()


def is_done(key: str) -> bool:
    """Whether the effect of that key has taken place."""
    return bool(models.Done.objects.filter(key=key).exists())


def run_again(*, by: str, job: str) -> None:
    """A job that failed waits anew. Raises Refused."""
    with history.whole():
        found = Job.objects.filter(pk=job, status=Status.FAILED).update(
            status=Status.READY, run_after=get_date_max(), finished_at=None, worker_ids=[]
        )
        if not found:
            raise Refused(Finding("job-not-failed", ""))
        history.keep(by=by, verb="run again", thing=Thing("job", job))


@contextmanager
def present(home: Home) -> Iterator[None]:
    """As long as this lasts, it is known that a worker lives; also of one that is killed, that it does no more."""
    home.cache.mkdir(parents=True, exist_ok=True)
    with (home.cache / PRESENT).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def is_present(home: Home) -> bool:
    """Whether any worker lives that would take a job of this home."""
    try:
        with (home.cache / PRESENT).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


class Worker:
    """Takes jobs and runs them one by one. lease: seconds. look: called between jobs, where schedules are kept."""

    def __init__(self, *, lease: float = LEASE, look: Callable[[], object] = lambda: None) -> None:
        self.name = f"{socket.gethostname()[:30]}-{os.getpid()}-{uuid4().hex[:8]}"
        self.lease, self.look = timedelta(seconds=lease), look
        self.job = ""
        self.ended = threading.Event()

    def run(self, go_on: Callable[[], bool], tell: Callable[[str], None]) -> None:
        """Works as long as go_on says so. A database that cannot be reached is told and asked again."""
        renewing = threading.Thread(target=self._renew, daemon=True)
        renewing.start()
        try:
            while go_on():
                try:
                    self.look()
                    idle = not self.step(tell)
                except OSError as error:  # of letters, whose folder may be away
                    tell(str(error))
                    idle = True
                except (DatabaseError, InterfaceError) as error:
                    tell(f"The books cannot be worked with: {str(error).strip()}.")
                    connection.close()
                    idle = True
                if idle:
                    self.ended.wait(REST)
        finally:
            self.ended.set()
            renewing.join(5)

    def step(self, tell: Callable[[str], None] = lambda said: None) -> bool:
        """Takes one job and runs it; whether there was one."""
        job = self._take()
        if job is None:
            return False
        self.job = str(job.pk)
        try:
            answer = job.task.call(*job.args_kwargs["args"], **job.args_kwargs["kwargs"])
        except Later as later:
            seconds, why = later.seconds, str(later)
            self._end(job, lambda: _put_off(job, seconds, why))
        except Exception as error:
            tell(f"{job.task_path} failed: {traceback.format_exception_only(error)[-1].strip()}")
            failed = error
            self._end(job, lambda: job.set_failed(failed))
        else:
            self._end(job, lambda: job.set_successful(answer))
        finally:
            self.job = ""
        return True

    def give_back(self) -> None:
        """Lets go of the running job at once, for a worker that ends while it runs."""
        models.Lease.objects.filter(job=self.job, worker=self.name).update(until=datetime.now(UTC) - self.lease)

    def _take(self) -> Any:
        """The next job, with a lease on it; first those whose lease has expired."""
        now = datetime.now(UTC)
        expired, ready = models.Lease.objects.filter(until__lt=now), Job.objects.ready()
        if not expired.exists() and not ready.exists():  # without a lock, as nearly always
            return None
        with history.whole():
            lease = expired.select_for_update(skip_locked=True).first()
            if lease is None:
                job = ready.select_for_update(skip_locked=True).first()
                if job is None:
                    return None
            else:
                job = Job.objects.filter(pk=lease.job, status=Status.RUNNING).first()
                if job is None or len(job.worker_ids) >= DEATHS:
                    lease.delete()
                    if job is not None:
                        job.set_failed(WorkerDied(f"{len(job.worker_ids)} workers ended while it ran."))
                    return None
            models.Lease.objects.update_or_create(
                job=str(job.pk), defaults={"worker": self.name, "until": datetime.now(UTC) + self.lease}
            )
            job.claim(self.name)
        return job

    def _end(self, job: Any, say: Callable[[], None]) -> None:
        """Says what came of a job, unless another worker has taken it over meanwhile."""
        with history.whole():
            if models.Lease.objects.filter(job=str(job.pk), worker=self.name).delete()[0]:
                say()

    def _renew(self) -> None:
        while not self.ended.wait(self.lease.total_seconds() / 3):
            if job := self.job:
                with suppress(DatabaseError, InterfaceError):
                    models.Lease.objects.filter(job=job, worker=self.name).update(until=datetime.now(UTC) + self.lease)
        connection.close()


def _put_off(job: Any, seconds: float, why: str) -> None:
    job.status, job.worker_ids = Status.READY, []
    job.run_after = datetime.now(UTC) + timedelta(seconds=seconds)
    job.traceback = why
    job.save(update_fields=["status", "worker_ids", "run_after", "traceback"])
