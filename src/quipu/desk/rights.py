"""May they? What the signed-in person may do, asked of `rules/mandates` once for each page, and told in place."""

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from quipu.actions import mandates
from quipu.books import office
from quipu.desk import troubles
from quipu.rules.mandates import VERBS, Decision, Held, Scope, decide, reach

View = Callable[..., HttpResponse]
# The verb of every view that asks for one, by its module and name: the list of all doors.
ASKED: dict[str, str] = {}


class Rights:
    """What one person may do today. Nobody signed in: nothing."""

    def __init__(self, person: Any) -> None:
        self.person = person

    @cached_property
    def held(self) -> list[Held]:
        """Their mandates that count, from the books."""
        return mandates.held_by(self.person.pk) if self.person.is_authenticated else []

    def decide(self, verb: str, scope: Scope | None = None) -> Decision:
        """The decision with its ground. scope None: anywhere at all."""
        return decide(verb, self.held, scope, office.today())

    def may(self, verb: str, scope: Scope | None = None) -> bool:
        """Whether they may."""
        return self.decide(verb, scope).allowed

    def reach(self, verb: str) -> list[Scope]:
        """Where they may."""
        return reach(verb, self.held, office.today())


def needs(verb: str, of: Callable[..., tuple[Any, Scope]] | None = None) -> Callable[[View], View]:
    """A view that asks for a verb. of: finds the thing by the address' words and says its scope; the view gets the thing.

    Whoever is not signed in is led to do so; who may not is told why, and who could. A grave verb's POST needs
    somebody who signed in once more within the last ten minutes.
    """
    said = VERBS[verb]

    def asking(view: View) -> View:
        ASKED[f"{view.__module__}.{view.__name__}"] = verb

        @wraps(view)
        def asked(request: HttpRequest, **named: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            decision = request.rights.decide(verb)
            if not decision.allowed:  # without telling whether the thing exists
                return troubles.not_yours(request, verb, decision)
            if of is not None:
                thing, scope = of(**named)
                decision = request.rights.decide(verb, scope)
                if not decision.allowed:
                    return troubles.not_yours(request, verb, decision)
                named = {"thing": thing}
            if said.grave and request.method == "POST":
                raise_if_reauthentication_required(request, app="quipu")
            return view(request, **named)

        asked.verb = verb  # type: ignore[attr-defined]
        return asked

    return asking


def signed_in(view: View) -> View:
    """A view for everybody who works here, whatever their mandates: their own affairs."""
    ASKED[f"{view.__module__}.{view.__name__}"] = ""

    @wraps(view)
    def asked(request: HttpRequest, **named: Any) -> HttpResponse:
        return view(request, **named) if request.user.is_authenticated else redirect_to_login(request.get_full_path())

    asked.verb = ""  # type: ignore[attr-defined]
    return asked
