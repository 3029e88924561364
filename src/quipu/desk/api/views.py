"""The page that describes the API to people, drawn from the same description that programs read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quipu.desk.api import api
from quipu.desk.rights import signed_in


@dataclass(frozen=True, slots=True)
class Operation:
    """One of them, as people read of it. parameters: (name, whether it is needed, what it says)."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[tuple[str, bool, str]]
    body: str  # the name of what is sent


@signed_in
def show(request: HttpRequest) -> HttpResponse:
    """Every operation with its words, by what its address begins with."""
    kinds: dict[str, list[Operation]] = {}
    for one in operations():
        kinds.setdefault(one.path.split("/")[3], []).append(one)
    return render(request, "api/show.html", {"kinds": kinds})


def operations() -> Iterator[Operation]:
    """Each operation, in the order of the kinds of work."""
    schema = api.get_openapi_schema(path_prefix="/desk/api/")
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            bodies = told.get("requestBody", {}).get("content", {}).values()
            yield Operation(
                method.upper(),
                path,
                told.get("summary", ""),
                told.get("description", ""),
                [_parameter(one) for one in told.get("parameters", [])],
                next((one["schema"].get("$ref", "").rpartition("/")[2] for one in bodies), ""),
            )


def _parameter(told: dict[str, Any]) -> tuple[str, bool, str]:
    said = told.get("description", "") or told.get("schema", {}).get("description", "")
    return told["name"], bool(told.get("required")), said
