"""A card of a fund, a programme or a project for other sites to frame: key figures, as of when, and the way here."""

from django.http import Http404, HttpRequest, HttpResponse

from quipu.portal.render import respond
from quipu.portal.sheet import Sheet
from quipu.portal.views import factsheet, money
from quipu.rules.asking import USD

FRAMED = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors *"


def show(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """/embed/project/<id>, /embed/programme/<id> and /embed/fund/<id>: the only addresses that may stand in a frame elsewhere."""
    record, _ = factsheet.of_address(request, name)
    if record is None or isinstance(record, list) or record["kind"] != kind:
        raise Http404(name)
    response = respond(
        request,
        "embed.html",
        tables={"headline": money.tables(record, USD)["headline"]},
        subject=record,
        sheet=Sheet(record, request.words.language),
    )
    response["Content-Security-Policy"] = FRAMED
    return response
