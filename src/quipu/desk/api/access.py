"""Who a program acts for: a token, the person behind it, and what both may do today."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from quipu.actions import mandates, tokens
from quipu.books import office
from quipu.desk.rights import ASKED, Rights
from quipu.portal.letterbox import sender
from quipu.rules.mandates import (
    ELSEWHERE,
    EVERYTHING,
    NEVER,
    NEVER_BY_TOKEN,
    NO_SECOND,
    NOT_MADE_FOR_IT,
    VERBS,
    Decision,
    Held,
    Scope,
    narrowed,
    needs_second_factor,
)

MINUTE = 60.0
OF_TOKEN, OF_STRANGER = 300, 30  # requests of a token within a minute, and secrets that open nothing from one address
COUNTED = 10_000  # whom a process counts at once


class Forbidden(Exception):
    """The token's person may not, or the token was not made for it."""

    def __init__(self, verb: str, decision: Decision) -> None:
        super().__init__(verb)
        self.verb, self.decision = verb, decision


class TooOften(Exception):
    """Too many requests; wait: how many seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class Limit:
    """So many within a minute, for each web process by itself: nothing is written for a request that reads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.seen: OrderedDict[str, deque[float]] = OrderedDict()
        self.lock = threading.Lock()

    def check(self, who: str) -> None:
        """Raises TooOften where there were as many as may be."""
        with self.lock:
            moments, now = self._moments(who)
            if len(moments) >= self.most:
                raise TooOften(max(1, round(moments[0] + MINUTE - now)))

    def count(self, who: str) -> None:
        """One more."""
        with self.lock:
            moments, now = self._moments(who)
            moments.append(now)

    def _moments(self, who: str) -> tuple[deque[float], float]:
        now = time.monotonic()
        moments = self.seen.setdefault(who, deque())
        self.seen.move_to_end(who)
        if len(self.seen) > COUNTED:
            self.seen.popitem(last=False)
        while moments and moments[0] <= now - MINUTE:
            moments.popleft()
        return moments, now


of_tokens, of_strangers = Limit(OF_TOKEN), Limit(OF_STRANGER)


class TokenRights(Rights):
    """What a token may do: what it was made for, as far as its person may do that today."""

    def __init__(self, token: Any) -> None:
        super().__init__(token.person)
        self.token = token

    @cached_property
    def held(self) -> list[Held]:
        """The person's mandates, within the token's scope."""
        return narrowed(mandates.held_by(self.person.pk), tokens.scope_of(self.token))

    @cached_property
    def has_second(self) -> bool:
        """Whether the person's second factor stands."""
        return bool(settings.DEMO or is_mfa_enabled(self.person))

    def decide(self, verb: str, scope: Scope | None = None) -> Decision:
        """The decision with its ground."""
        if verb in NEVER_BY_TOKEN:
            return Decision(False, why=NEVER)
        if verb not in self.token.verbs:
            return Decision(False, why=NOT_MADE_FOR_IT)
        if VERBS[verb].grave and not self.has_second:
            return Decision(False, why=NO_SECOND)
        return super().decide(verb, scope)

    def reach(self, verb: str) -> list[Scope]:
        """Where it may."""
        return super().reach(verb) if self.decide(verb).allowed else []


class Bearer(HttpBearer):
    """Authorization: Bearer quipu_… and nothing else; a browser's session opens nothing here."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The token; None where it opens nothing."""
        who = sender(request)
        of_strangers.check(who)
        found = tokens.find(token)
        if found is None:
            of_strangers.count(who)
            return None
        of_tokens.check(found.secret)
        of_tokens.count(found.secret)
        rights = TokenRights(found)
        today = office.today()
        everything = mandates.held_by(found.person_id)
        if needs_second_factor(everything, today, settings.SECOND_FACTOR_ROLES) and not rights.has_second:
            return None  # as at the desk: nothing before the second factor stands
        tokens.note_use(found)
        request.user, request.rights = found.person, rights
        return found


def asks(*verbs: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An operation that asks for a verb, or for any of several; "" for whatever a token may always do.

    What it is about, `need` asks.
    """

    def asking(operation: Callable[..., Any]) -> Callable[..., Any]:
        ASKED[f"{operation.__module__}.{operation.__name__}"] = " or ".join(verbs)

        @wraps(operation)
        def asked(request: HttpRequest, *args: Any, **named: Any) -> Any:
            request.verb = next((verb for verb in verbs if verb and request.rights.may(verb)), verbs[0])
            if request.verb:
                _allow(request.verb, request.rights.decide(request.verb))
            return operation(request, *args, **named)

        return asked

    return asking


def need(request: HttpRequest, scope: Scope, verb: str = "") -> None:
    """A verb, the operation's where none is named, within a scope. Raises Forbidden."""
    verb = verb or request.verb
    _allow(verb, request.rights.decide(verb, scope))


def whole(request: HttpRequest) -> None:
    """Only by a token for all of the house: what the operation is about may be anybody's. Raises Forbidden."""
    if tokens.scope_of(request.rights.token) != EVERYTHING:
        raise Forbidden(request.verb, Decision(False, why=ELSEWHERE))


def _allow(verb: str, decision: Decision) -> None:
    if not decision.allowed:
        raise Forbidden(verb, decision)
