"""The desk's entrance: its language, its headers, and who has to show a second factor before anything else."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, set_script_prefix
from django.utils import translation

from quipu.books import database, office
from quipu.desk import troubles
from quipu.desk.drawing import speaking
from quipu.desk.languages import words
from quipu.desk.rights import Rights
from quipu.portal.addresses import is_desk
from quipu.portal.languages import DEFAULT, MANNERS
from quipu.rules.mandates import needs_second_factor

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
    " img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
# What somebody may do before they have set up the second factor that they need.
BEFORE_SECOND_FACTOR = ("/account/", "/own/language", "/api/")  # programs show a token, and no session counts there


class Entrance:
    """Takes the language off a desk's address, and lets everything else pass untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.books_stand = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_desk(request.path_info):
            return self.get_response(request)
        first = request.path_info.split("/", 2)[1]
        manner = first if first in MANNERS and first != DEFAULT else DEFAULT
        request.words = words(manner)
        request.path_info = request.path_info[len(request.words.before) :]
        set_script_prefix(f"{request.words.before}/")
        with translation.override(request.words.language), speaking(request.words):
            if not self._are_books_here():
                response = troubles.no_books(request)
            else:
                response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def _are_books_here(self) -> bool:
        """Asked until they are."""
        self.books_stand = self.books_stand or database.exist()
        return self.books_stand


class Desk:
    """Inside of the session: what the signed-in person may do, and whether their second factor is missing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """For Django, once the address is known and before its view is called."""
        if not is_desk(request.path_info):
            return None
        request.rights = Rights(request.user)
        if not request.user.is_authenticated or settings.DEMO:
            return None
        path = request.path_info.removeprefix("/desk")
        if path.startswith(BEFORE_SECOND_FACTOR):
            return None
        today = office.today()
        if needs_second_factor(request.rights.held, today, settings.SECOND_FACTOR_ROLES) and not _has_second(request):
            return HttpResponseRedirect(f"{reverse('mfa_index')}?needed=1")
        return None


def _has_second(request: HttpRequest) -> bool:
    """Whether this session began with two factors; a passkey is both."""
    from allauth.account.internal.flows.login import get_authentication_records  # noqa: PLC0415 - needs Django's apps

    methods = {record["method"] for record in get_authentication_records(request, request.user)}
    return "mfa" in methods or "socialaccount" in methods
