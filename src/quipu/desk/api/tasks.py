"""What waits for the person behind a token."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from quipu.desk import tasks as inbox
from quipu.desk.api.access import asks

router = Router(tags=["tasks"])


class Task(Schema):
    """One line of the inbox."""

    kind: str
    verb: str
    thing: str
    address: str
    since: date | None
    due: date | None


class Tasks(Schema):
    """Everything that waits, what is due first."""

    items: list[Task]


@router.get("/tasks", response=Tasks, url_name="tasks", summary="What waits for me")
@asks("")
def tasks(request: HttpRequest) -> Any:
    """As far as the token reaches: of letters, for one, only where it may answer them."""
    names = ("kind", "verb", "thing", "address", "since", "due")
    return {"items": [{name: getattr(one, name) for name in names} for one in inbox.of(request.rights)]}
