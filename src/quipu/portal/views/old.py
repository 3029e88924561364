"""Old Gateway addresses, upper and lower case, lead to the pages that took their place."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

GENERAL = {
    "glossary": "/glossary",
    "scam": "/about/scam-alert",
    "scamalert": "/about/scam-alert",
    "idp": "/about/disclosure",
    "contact": "/contact",
    "feedback": "/feedback",
}
PORTFOLIO = {
    "agency": "/organizations",
    "donor": "/organizations",
    "fund": "/funds",
    "project": "/projects",
    "country": "/countries",
    "theme": "/projects",
}


def factsheet(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """/factsheet/project/<id>, /factsheet/fund/<code>, /factsheet/country/<code> …"""
    kind = kind.lower()
    if kind in ("project", "fund"):
        return _to(request, f"/{kind}/{code if kind == 'project' else code.upper()}")
    if kind == "country":
        return _to(request, f"/projects?country={code.upper()}")
    return _to(request, "/organizations")


def portfolio(request: HttpRequest, rest: str = "") -> HttpResponse:
    """/portfolio/…"""
    return _to(request, PORTFOLIO.get(rest.strip("/").lower().split("/")[0], "/projects"))


def general(request: HttpRequest, rest: str = "") -> HttpResponse:
    """/general/…"""
    return _to(request, GENERAL.get(rest.strip("/").lower().split("/")[0], "/about"))


def document(request: HttpRequest, rest: str = "") -> HttpResponse:
    """/document/…: files of the old site are not ours; the list of documents is."""
    return _to(request, "/documents")


def _to(request: HttpRequest, path: str) -> HttpResponse:
    return HttpResponsePermanentRedirect(request.prefix + path)
