"""What the house does by itself: jobs, mails, and the last check of the books."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django_tasks_db.models import DBTaskResult
from ninja import Query, Router, Schema, Status

from quipu.actions import jobs as queue
from quipu.actions import nightly, tell
from quipu.books import models
from quipu.desk.api.access import asks, whole
from quipu.desk.api.paging import PageNumber, paged
from quipu.desk.house.views import called, why

router = Router(tags=["the house"])
STATE = Query("", pattern="^(|ready|running|failed|successful)$", description="ready, running, failed, successful")


class Job(Schema):
    """A job, and the last line of what went wrong."""

    number: str
    name: str
    state: str
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: str


class Jobs(Schema):
    """A page of jobs, newest first."""

    items: list[Job]
    next: int | None


class Settled(Schema):
    """How many mails there were."""

    mails: int


class Check(Schema):
    """What came of verifying the books."""

    at: datetime
    links: int
    entries: int
    head: str
    edition: int | None
    faults: list[str]


@router.get("/jobs", response=Jobs, url_name="jobs", summary="Jobs that wait, run, failed or are done")
@asks("run the house")
def jobs(
    request: HttpRequest,
    page: int = PageNumber,
    state: str = STATE,
) -> Any:
    """Newest first."""
    rows = DBTaskResult.objects.order_by("-enqueued_at", "pk")
    return paged(rows.filter(status=state.upper()) if state else rows, page, _told)


def _told(rows: Any) -> list[Job]:
    return [
        Job(
            number=str(one.pk),
            name=called(one),
            state=one.status.lower(),
            queued_at=one.enqueued_at,
            started_at=one.started_at,
            finished_at=one.finished_at,
            error=why(one),
        )
        for one in rows
    ]


@router.get("/check", response={200: Check, 204: None}, url_name="check", summary="The last check of the books")
@asks("run the house")
def check(request: HttpRequest) -> Any:
    """Nothing (204) before the first one."""
    found = models.Verification.objects.order_by("-at").first()
    if found is None:
        return Status(204, None)
    return Status(200, {name: getattr(found, name) for name in ("at", "links", "entries", "head", "edition", "faults")})


@router.post("/jobs/{uuid:number}/again", response={202: None}, url_name="run_again", summary="Run a job again")
@asks("run the house")
def again(request: HttpRequest, number: UUID) -> Any:
    """One that failed waits anew."""
    whole(request)
    queue.run_again(by=request.rights.person.pk, job=str(number))
    return Status(202, None)


@router.post("/check", response={202: None}, url_name="verify_now", summary="Check the books now")
@asks("run the house")
def verify(request: HttpRequest) -> Any:
    """It is queued; what comes of it is told under the same address."""
    whole(request)
    nightly.verify_now(by=request.rights.person.pk)
    return Status(202, None)


@router.post("/mails/settle", response=Settled, url_name="settle_mails", summary="Leave doubtful mails at that")
@asks("run the house")
def settle(request: HttpRequest) -> Any:
    """Those that may not have gone out: somebody looked at them."""
    whole(request)
    return {"mails": tell.settle(by=request.rights.person.pk)}
