"""What is done each night: the books are verified, and what nobody needs any more is swept up.

A schedule's row says for which period it was last queued; it is moved in the transaction that queues, so that one night
is one run, however many workers look.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks import TaskResultStatus as Status
from django_tasks import task
from django_tasks_db.models import DBTaskResult as Job

from quipu.actions import history, jobs, mandates
from quipu.actions.tell import tell
from quipu.actions.verify import verify
from quipu.books import models
from quipu.edition.home import Home

UNSAVED = timedelta(days=30)  # what was typed and never saved
INVITATIONS = timedelta(days=90)  # after they expired: the log still says that somebody was invited
JOBS = timedelta(days=30)  # that ran well
MARKS = timedelta(days=400)  # of effects; a digest's period is long over by then
VERIFICATIONS = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A job of settings.JOBS that is queued once a day, from that hour on where the office is."""

    job: str
    hour: int

    def period(self, now: datetime) -> str:
        """The day whose run is due, or was last due."""
        local = timezone.localtime(now)
        return str(local.date() if local.hour >= self.hour else local.date() - timedelta(days=1))


SCHEDULES = (Scheduled("sweep", 1), Scheduled("verify", 2), Scheduled("reminders", 6), Scheduled("digests", 7))


def look(now: datetime | None = None, schedules: Sequence[Scheduled] = SCHEDULES) -> list[str]:
    """Queues what is due and answers its names. What is seen for the first time begins with its next hour."""
    now = now or datetime.now(UTC)
    known = dict(models.Schedule.objects.values_list("name", "period"))
    due = [one for one in schedules if known.get(one.job) != one.period(now)]
    if not due:
        return []
    queued = []
    with history.whole():
        for one in due:
            period = one.period(now)
            row, is_new = models.Schedule.objects.get_or_create(name=one.job, defaults={"period": period, "at": now})
            # of several workers one moves the row, and the others find it moved
            if not is_new and models.Schedule.objects.filter(pk=row.pk, period__lt=period).update(
                period=period, at=now
            ):
                jobs.queue(one.job, key=f"{one.job} {period}", priority=jobs.LAST)
                queued.append(one.job)
    return queued


def verify_now(*, by: str) -> None:
    """An administrator wants to know now."""
    with history.whole():
        jobs.queue("verify", priority=jobs.LAST)
        history.keep(by=by, verb="verify", thing=history.Thing("house", "verify"))


@task()  # type: ignore[untyped-decorator]
def verify_books(*, key: str) -> None:
    """Verifies the books, keeps what came of it, and tells the administrators of faults."""
    if jobs.is_done(key):
        return
    began = time.monotonic()
    verdict = verify(Home(Path(settings.HOME)))

    def keep() -> None:
        models.Verification.objects.create(
            at=datetime.now(UTC),
            seconds=round(time.monotonic() - began, 3),
            links=verdict.links,
            entries=verdict.entries,
            head=verdict.head,
            edition=verdict.edition,
            faults=[str(fault) for fault in verdict.faults],
        )
        if verdict.faults:
            tell(people=mandates.administrators(), subject=NOT_WHOLE, text=LOOK_AT_IT, address="/desk/house")

    jobs.once(key, keep)


NOT_WHOLE = "The books are not whole"
LOOK_AT_IT = (
    "The nightly check found faults in the books, or in what was published of them. "
    "Look at them before anything else is posted."
)


@task()  # type: ignore[untyped-decorator]
def sweep_up(*, key: str) -> dict[str, int]:
    """Removes what nobody needs any more, and answers how much of each there was."""
    del key  # twice is as good as once
    now = datetime.now(UTC)
    found: dict[str, Callable[[], Any]] = {
        "sessions": lambda: Session.objects.filter(expire_date__lt=now).delete(),
        "unsaved": lambda: models.Unsaved.objects.filter(at__lt=now - UNSAVED).delete(),
        "invitations": lambda: models.Invitation.objects.filter(person=None, expires_at__lt=now - INVITATIONS).delete(),
        "jobs": lambda: Job.objects.filter(status=Status.SUCCESSFUL, finished_at__lt=now - JOBS).delete(),
        "mails": lambda: models.Mail.objects.filter(at__lt=now - JOBS).delete(),
        "marks": lambda: models.Done.objects.filter(at__lt=now - MARKS).delete(),
        "verifications": lambda: models.Verification.objects.filter(at__lt=now - VERIFICATIONS).delete(),
        "counts": lambda: models.Counted.objects.filter(expires__lt=now).delete(),
        "tokens": lambda: models.Token.objects.filter(expires_at__lt=now - MARKS).delete(),
        "users' sessions": _ended_sessions,
    }
    return {name: remove()[0] for name, remove in found.items()}


def _ended_sessions() -> Any:
    """Lines of "where I am signed in" whose session is gone."""
    return UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def last_night() -> date | None:
    """The day of the last night whose check was queued; None before the first."""
    found = models.Schedule.objects.filter(name="verify").values_list("period", flat=True).first()
    return date.fromisoformat(found) if found else None
