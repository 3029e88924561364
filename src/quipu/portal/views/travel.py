"""Travel in time: a page as it was on a day, and what is said where an edition or a page was not there yet."""

from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from quipu.edition.open import BeingMade
from quipu.portal import addresses
from quipu.portal.render import respond
from quipu.rules.dates import read_date

LISTED = 20  # editions to choose from
RETRY = 30  # seconds
LONGEST_NUMBER = 12  # digits of an edition's


def on(request: HttpRequest, day: str = "", rest: str = "") -> HttpResponse:
    """/on/<YYYY-MM-DD>/<page>: leads to the edition that was current when that day ended; /on?day=&page=&query= asks by form."""
    if day:
        page, query = f"/{rest}", request.META.get("QUERY_STRING", "")
    else:
        day, page, query = (request.GET.get(name, "") for name in ("day", "page", "query"))
    path = addresses.path("/" + page.lstrip("/"))
    whole = addresses.query(path, parse_qsl(query, keep_blank_values=True))
    wanted = read_date(day)
    if wanted is None:
        return _choose(request, whole, day, "no date" if day else "")
    number = request.editions.on(wanted)
    if number is None:
        return _choose(request, whole, wanted.isoformat(), "too early")
    return HttpResponseRedirect(f"{request.words.before}/e/{number}{whole}")


def _choose(request: HttpRequest, whole: str, day: str, trouble: str) -> HttpResponse:
    """Days to choose from, and why the one that was asked for leads nowhere."""
    page, _, query = whole.partition("?")
    numbers = request.editions.numbers()
    return respond(
        request,
        "another_date.html",
        status={"": 200, "no date": 422, "too early": 404}[trouble],
        trouble=trouble,
        day=day,
        whole=whole,
        page=page,
        query=query,
        first=(numbers[0], request.editions.made_at(numbers[0])),
        listed=[(number, request.editions.made_at(number)) for number in reversed(numbers[-LISTED:])],
    )


def no_edition(request: HttpRequest, error: Exception) -> HttpResponse:
    """An edition that is not there (404), or whose database is being made again (503)."""
    wait = isinstance(error, BeingMade)
    answer = respond(request, "no_edition.html", status=503 if wait else 404, wait=wait)
    if wait:
        answer["Retry-After"] = str(RETRY)
    return answer
