"""What was taken down: its page says so, since when, and why as far as that is told (410)."""

from django.http import HttpRequest, HttpResponse

from quipu.edition.documents import SHORTEST_HASH
from quipu.edition.withheld import Order
from quipu.portal.addresses import identifier
from quipu.portal.render import SUFFIXES, respond

SHEETS = ("project", "programme", "fund")
ATOM = ".atom"
RETURN = "return"  # of whose address the fund is the first


def order_of(request: HttpRequest) -> Order | None:
    """The order by which the page that is asked for is withheld; None for every other page."""
    state = request.edition.home.withheld
    if not state.orders:
        return None
    parts = request.path_info.split("/")[1:]
    if parts[0] == "document" and len(parts) > 1:
        code = parts[1].removesuffix(".json")
        return state.document(code) if len(code) >= SHORTEST_HASH else None
    name = (
        parts[2]
        if parts[0] == "embed" and len(parts) > 2
        else parts[1]
        if parts[0] in (*SHEETS, RETURN) and len(parts) > 1
        else ""
    )
    wanted = identifier(name)
    found = state.activity(wanted) if wanted else None
    stem, dot, suffix = wanted.rpartition(".")
    if found is None and f"{dot}{suffix}" in (*SUFFIXES, ATOM):
        found = state.activity(stem)
    return found


def gone(request: HttpRequest, order: Order) -> HttpResponse:
    """410, with the day and the reason."""
    request.GET = request.GET.copy()
    request.GET.pop("format", None)
    return respond(request, "gone.html", status=410, order=order)
