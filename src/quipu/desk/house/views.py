"""What the house does by itself: jobs that wait, run and failed, the last check, and the settings in force."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_tasks import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult as Job

from quipu.actions import jobs, nightly, tell
from quipu.books import models
from quipu.desk.drawing import said, sentences
from quipu.desk.rights import needs
from quipu.rules.findings import Refused

MOST = 50  # lines of each kind
STALE = timedelta(seconds=60)  # since a lease expired and nobody took the job over


def called(job: Any) -> str:
    """The name that a job is queued under."""
    return next((name for name, path in settings.JOBS.items() if path == job.task_path), str(job.task_path))


def why(job: Any) -> str:
    """The last line of what went wrong."""
    lines = job.traceback.strip().splitlines()
    return str(lines[-1]) if lines else ""


@needs("run the house")
def show(request: HttpRequest) -> HttpResponse:
    """Jobs, checks, settings."""
    count = dict(Job.objects.order_by().values_list("status").annotate(Count("pk")))
    leases = {lease.job: lease for lease in models.Lease.objects.all()}
    running = Job.objects.filter(status=Status.RUNNING).order_by("started_at")[:MOST]
    now = datetime.now(UTC)
    told = {
        "count": {name: count.get(name, 0) for name in ("READY", "RUNNING", "FAILED")},
        "waiting": Job.objects.filter(status=Status.READY).order_by("enqueued_at")[:MOST],
        "running": [(job, leases.get(str(job.pk))) for job in running],
        "failed": Job.objects.filter(status=Status.FAILED).order_by("-finished_at")[:MOST],
        "unsure": models.Mail.objects.filter(state="unsure").order_by("-at")[:MOST],
        "mails": dict(models.Mail.objects.values_list("state").annotate(Count("pk")).order_by()),
        "checked": models.Verification.objects.order_by("-at").first(),
        "settings": in_force(),
        "is_idle": count.get("READY", 0) > 0 and not leases and _waits_long(now),
        "called": called,
        "why": why,
        "is_later": lambda job: job.run_after.year < 9000 and job.run_after > now,
    }
    return render(request, "house/show.html", told)


def _waits_long(now: datetime) -> bool:
    """Whether something is ready for longer than any worker would let it wait."""
    return bool(Job.objects.ready().filter(enqueued_at__lt=now - STALE).exists())


def in_force() -> list[tuple[str, str]]:
    """Settings as they are, none of them a secret: (what it is, what it says)."""
    return [
        (said("Books are kept in"), {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]),
        (said("Address in mails"), settings.ADDRESS or said("none: links in mails lead nowhere. Set QUIPU_ADDRESS.")),
        (
            said("Mail goes out by"),
            said("a mail server")
            if hasattr(settings, "EMAIL_HOST_USER") and settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
            else said("the terminal: nobody gets any. Set QUIPU_SMTP."),
        ),
        (said("Mail is from"), settings.DEFAULT_FROM_EMAIL),
        (said("Time zone"), settings.TIME_ZONE),
        (said("Signing in elsewhere"), said("yes") if settings.SOCIALACCOUNT_PROVIDERS else said("no")),
        (said("Further roles that need a second factor"), ", ".join(settings.SECOND_FACTOR_ROLES) or said("none")),
        (said("Web servers in front"), str(settings.PROXIES)),
    ]


@needs("run the house")
def run_again(request: HttpRequest, job: Any) -> HttpResponse:
    """A job that failed waits anew."""
    if request.method == "POST":
        try:
            jobs.run_again(by=request.user.pk, job=str(job))
        except Refused as refused:
            messages.error(request, sentences(refused))
        else:
            messages.success(request, said("The job waits again and runs in a moment."))
    return redirect("house")


@needs("run the house")
def verify(request: HttpRequest) -> HttpResponse:
    """The check of the night, now."""
    if request.method == "POST":
        nightly.verify_now(by=request.user.pk)
        messages.success(request, said("The check is queued. What comes of it will stand here."))
    return redirect("house")


@needs("run the house")
def settle(request: HttpRequest) -> HttpResponse:
    """Mails that may not have gone out are left at that."""
    if request.method == "POST":
        tell.settle(by=request.user.pk)
        messages.success(request, said("It is kept."))
    return redirect("house")
