"""What programs send: words that every database takes, versions, and files as they arrive."""

from collections.abc import Iterable
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import ConfigDict, StringConstraints

from quipu.desk import uploads
from quipu.rules.findings import Finding, Refused

PIECE = 1 << 16
Code = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=200)]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=20_000)]
Amount = Annotated[str, StringConstraints(pattern=r"^(-?[0-9]{1,30}(\.[0-9]{1,10})?)?$")]  # exact: no float comes here

_FILE = {"type": "string", "format": "binary"}
_FORM = {"type": "object", "properties": {"files": {"type": "array", "items": _FILE}}}
OF_FILES = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}}
OF_BYTES = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": _FILE}, "multipart/form-data": {"schema": _FORM}},
    }
}


class Sent(Schema):
    """Something that is sent; a word that nobody asked for is refused, because it may be one that was mistyped."""

    model_config = ConfigDict(extra="forbid")


class Act(Sent):
    """version: of the thing as it was read; without it, whatever stands is taken."""

    version: int | None = None


class Seen(Sent):
    """version: of the thing as it was read."""

    version: int


class Reasoned(Act):
    """reason: stays beside the act, and the auditor reads it."""

    reason: Text


class Why(Sent):
    """reason: stays beside the act, and the auditor reads it."""

    reason: Text


class Unfit(Exception):
    """A form of the desk refused what was sent. errors: Django's, by field."""

    def __init__(self, errors: Any) -> None:
        super().__init__(str(errors))
        self.errors = errors


def checked(form: Any) -> dict[str, Any]:
    """What a form of the desk made of what was sent. Raises Unfit."""
    if not form.is_valid():
        raise Unfit(form.errors)
    told: dict[str, Any] = form.cleaned_data
    return told


def typed(said: Schema) -> dict[str, Any]:
    """What was sent, as somebody would type it into a form: nothing for what is not said; the version is what was seen."""
    told = {name: value for name, value in said.model_dump().items() if value is not None and value is not False}
    return told | ({"seen": told.pop("version")} if "version" in told else {})


def unseen(told: dict[str, Any]) -> dict[str, Any]:
    """The words of a form without the version."""
    return {name: value for name, value in told.items() if name != "seen"}


def files(request: HttpRequest) -> list[Any]:
    """The files of a form. Raises Refused where one was too large, or where there is none."""
    found = list(request.FILES.getlist("files")) if request.content_type == "multipart/form-data" else []
    if lost := uploads.cut(request):
        raise Refused(*(Finding("document-too-large", "files", name) for name in lost))
    if not found:
        raise Refused(Finding("field-missing", "files"))
    return found


def pieces(request: HttpRequest, name: str) -> list[tuple[str, Iterable[bytes]]]:
    """Files with their names, each in pieces: of a form, or the body as one file of that name."""
    if request.content_type == "multipart/form-data":
        return [(str(one.name), one.chunks(PIECE)) for one in files(request)]
    return [(name, iter(lambda: request.read(PIECE), b""))]
