"""What records have in common for programs: a line of a list, and a record in the words that a change of it takes."""

from typing import Any

from ninja import Query, Schema

from quipu.desk.api.given import unseen

READ = "read drafts"
SOUGHT = Query("", max_length=100, description="In a code or a name.")


class Line(Schema):
    """A line of a list."""

    code: str
    title: str
    fund: str = ""


class Kept(Schema):
    """A record. said: what may be changed, in the words that a change takes; version: what to say back with it."""

    code: str
    sealed: dict[str, str]
    said: dict[str, Any]
    version: int


def kept(code: str, said: dict[str, Any], **sealed: str) -> dict[str, Any]:
    """A record as it stands. said: as the desk's form shows it, with the version."""
    return {"code": code, "sealed": sealed, "said": unseen(said), "version": said["seen"]}
