"""Who changed what and when, within one's scope; never what was done about people."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from quipu.actions import history as kept
from quipu.desk.api.access import asks
from quipu.desk.api.paging import PageNumber, paged
from quipu.desk.news import changes

router = Router(tags=["history"])
KIND = Query("", description="Only of things of this kind, as fund or letter.")
CODE = Query("", description="Only of the thing of this code.")
SINCE = Query(None, description="Only from this moment on.")


class Change(Schema):
    """A row of history."""

    number: int
    at: datetime
    by: str
    name: str
    verb: str
    kind: str
    code: str
    fund: str
    project: str
    organization: str
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str


class Changes(Schema):
    """A page of changes, newest first."""

    items: list[Change]
    next: int | None


@router.get("/history", response=Changes, url_name="history", summary="What changed, newest first")
@asks("read history")
def history(
    request: HttpRequest,
    page: int = PageNumber,
    kind: str = KIND,
    code: str = CODE,
    since: datetime | None = SINCE,
) -> Any:
    """Rows within the funds and projects that the token reaches. Personal details are named, never told."""
    rows = changes.within(request.rights, since, ("read history",))
    rows = rows.filter(**{name: value for name, value in (("kind", kind), ("code", code)) if value})
    return paged(rows, page, _told)


def _told(rows: Any) -> list[Change]:
    names = kept.names_of(row.by for row in rows)
    same = ("at", "by", "verb", "kind", "code", "fund", "project", "organization", "before", "after", "reason")
    return [
        Change(number=row.pk, name=names.get(row.by, row.by), **{name: getattr(row, name) for name in same})
        for row in rows
    ]
