"""What is said when something does not work: not yours, not there, not now; always with what to do next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quipu.actions import mandates
from quipu.portal.addresses import is_desk
from quipu.portal.views import missing
from quipu.rules.mandates import VERBS, Decision


def not_yours(request: HttpRequest, verb: str, decision: Decision) -> HttpResponse:
    """Why they may not, and who may."""
    told = {"verb": VERBS[verb], "decision": decision, "who": mandates.who_may(verb)}
    return render(request, "trouble/not_yours.html", told, status=403)


def no_books(request: HttpRequest) -> HttpResponse:
    """There is nothing to work on yet."""
    return HttpResponse(
        f"{request.words.gettext('There are no books here yet. Make them: ./quipu admin create')}\n",
        status=503,
        content_type="text/plain; charset=utf-8",
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was not ours, or one from before its sender signed in anew."""
    return render(request, "trouble/forged.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, at the desk or at the gateway."""
    if not is_desk(request.path_info):
        return missing.not_found(request, exception)
    return render(request, "trouble/missing.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Our own fault."""
    if not is_desk(request.path_info):
        return missing.broken(request)
    return render(request, "trouble/broken.html", status=500)
