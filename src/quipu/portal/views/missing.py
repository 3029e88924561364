"""What is not there: suggestions for a missing page, a sentence for a broken one, and addresses with a file's suffix."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from quipu.edition import pages
from quipu.edition.compare import first_with
from quipu.portal.addresses import identifier
from quipu.portal.render import ONE_THING, respond
from quipu.portal.views import search

PROBABLE = 5


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, with what was probably meant."""
    wanted = identifier(request.path_info.rstrip("/").rpartition("/")[2])
    found = request.edition.rows(
        "SELECT identifier, title, kind FROM activities WHERE identifier ILIKE ?"
        " ORDER BY length(identifier), identifier LIMIT 8",
        [f"%{wanted}%"],
    )
    named = [] if found else search.probable(request, wanted, PROBABLE)
    if not found and not named and len(wanted) > 3:  # a number with a slip, which a search does not forgive
        found = request.edition.rows(
            "SELECT identifier, title, kind FROM activities"
            " ORDER BY jaro_winkler_similarity(lower(identifier), lower(?)) DESC, identifier LIMIT ?",
            [wanted[:100], PROBABLE],
        )
    return respond(request, "missing.html", status=404, wanted=wanted, found=found, named=named, later=_later(request))


def _later(request: HttpRequest) -> dict[str, Any] | None:
    """Of a page of a fund or project that an old edition does not have: whether today's has it, and which had it first."""
    if not request.pinned or not request.path_info.startswith(ONE_THING):
        return None
    wanted = identifier(request.path_info.split("/")[2])
    today = request.editions.current()
    if not pages.find(today, wanted):
        return None
    first = first_with(request.editions, wanted, request.edition.number, today.number)
    return {"first": first, "made_at": request.editions.made_at(first)}


def broken(request: HttpRequest) -> HttpResponse:
    """500, without detail: that is in the log."""
    return HttpResponse(
        "Something broke on our side. It has been logged; please try again.\n", status=500, content_type="text/plain"
    )


def suffixed(request: HttpRequest, path: str, suffix: str) -> HttpResponse:
    """/projects.csv and the like: the page as a file."""
    request.GET = request.GET.copy()
    request.GET["format"] = suffix
    request.path_info = f"/{path}"
    match = resolve(request.path_info)
    answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return answer


def robots(request: HttpRequest) -> HttpResponse:
    """A demonstration is not indexed; nor are older editions, and a form for each page that there is."""
    closed = ("/e/", "/*/e/", "/on/", "/*/on/", "/on?", "/*/on?", "/feedback?page=")
    rule = "Disallow: /" if settings.DEMO else "\n".join(f"Disallow: {path}" for path in closed)
    return HttpResponse(f"User-agent: *\n{rule}\n", content_type="text/plain")
