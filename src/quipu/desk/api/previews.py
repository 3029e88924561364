"""Previews for programs: the edition that would go out now, read as the public would read it, before it does."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from quipu.actions.publish import preview as make
from quipu.desk.api.access import asks, whole
from quipu.desk.drawing import address
from quipu.desk.editions import opened, preview
from quipu.edition import preview as previews

router = Router(tags=["editions"])
READ = "read drafts"


class Preview(Schema):
    """A preview of the last day. edition: the number it would have; look: before the address of any public page."""

    name: str
    edition: int
    at: datetime
    look: str


@router.get("/previews", response=list[Preview], url_name="previews", summary="My previews of the last day")
@asks(READ)
def every(request: HttpRequest) -> Any:
    """The newest first. A preview holds drafts of all that its person may read, so the token has to be for all of it."""
    whole(request)
    return _mine(request)


def _mine(request: HttpRequest) -> list[Preview]:
    found = previews.listed(opened.home(), request.rights.person.pk)
    return [Preview(name=name, edition=number, at=at, look=_at(name)) for name, at, number in found]


def _at(name: str) -> str:
    return f"{address('desk')}/api/previews/{name}"


@router.post("/previews", response=Preview, url_name="make_preview", summary="Make the edition that would go out now")
@asks(READ)
def begin(request: HttpRequest) -> Any:
    """Nobody else can read it, and it is gone after a day. The answer comes when it is made."""
    whole(request)
    by, scopes = request.rights.person.pk, request.rights.reach(READ)
    name, _ = make(opened.home(), by=by, scopes=scopes)
    return next(one for one in _mine(request) if one.name == name)


@router.get("/previews/{name}/{path:rest}", url_name="preview", summary="A public page as it would be")
@asks(READ)
def look(request: HttpRequest, name: str, rest: str) -> Any:
    """Any address of the public side after the preview's own, also its data as JSON and CSV; links lead on inside."""
    whole(request)
    return preview.shown(request, name, f"/{rest}", _at(name))
