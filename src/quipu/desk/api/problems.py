"""What a program is told when something does not work: problem documents (RFC 9457), with the findings of refusals."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from quipu.actions import drafted
from quipu.desk.api.access import Forbidden, TooOften
from quipu.desk.api.given import Unfit
from quipu.desk.drawing import said, sentence
from quipu.rules.findings import ERROR, Finding, Refused
from quipu.rules.mandates import VERBS

KIND = "application/problem+json"


class Found(Schema):
    """A finding."""

    rule: str
    place: str
    severity: str
    sentence: str


def problem(status: int, title: str, detail: str = "", **further: Any) -> HttpResponse:
    """A problem document."""
    document = {
        "type": "about:blank",
        "title": title,
        "status": status,
        **({"detail": detail} if detail else {}),
        **further,
    }
    return JsonResponse(document, status=status, content_type=KIND)


def answer(api: NinjaAPI) -> None:
    """Every failure of the API becomes a problem document."""

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        findings = [told(drafted.told(one)) for one in error.findings]
        rules = {one["rule"] for one in findings}
        return problem(409 if rules == {"changed-meanwhile"} else 422, said("Nothing was changed."), findings=findings)

    @api.exception_handler(Unfit)
    def unfit(request: HttpRequest, error: Unfit) -> HttpResponse:
        findings = [
            {"rule": one.code or "", "place": "" if place == "__all__" else place, "severity": ERROR, "sentence": text}
            for place, errors in error.errors.as_data().items()
            for one in errors
            for text in one.messages
        ]
        return problem(422, said("Nothing was changed."), findings=findings)

    @api.exception_handler(ValidationError)
    def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
        findings = [
            {"rule": one["type"], "place": ".".join(map(str, one["loc"])), "sentence": one["msg"]}
            for one in error.errors
        ]
        return problem(422, said("What was sent is not what this takes."), findings=findings)

    @api.exception_handler(Forbidden)
    def forbidden(request: HttpRequest, error: Forbidden) -> HttpResponse:
        verb = VERBS[error.verb]
        return problem(
            403, said("You may not do this."), f"{said(verb.sentence)}: {said(error.decision.why)}", verb=error.verb
        )

    @api.exception_handler(TooOften)
    def too_often(request: HttpRequest, error: TooOften) -> HttpResponse:
        answered = problem(429, said("Too many requests. Wait a moment."))
        answered["Retry-After"] = str(error.wait)
        return answered

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        answered = problem(401, said("Sign in with a token that is valid."))
        answered["WWW-Authenticate"] = 'Bearer realm="desk"'
        return answered

    @api.exception_handler(Http404)
    @api.exception_handler(ObjectDoesNotExist)
    def missing(request: HttpRequest, error: Exception) -> HttpResponse:
        return problem(404, said("There is no such thing here."))

    @api.exception_handler(HttpError)
    def failed(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))


def told(one: Finding) -> dict[str, str]:
    """A finding as JSON."""
    return {"rule": one.rule, "place": one.place, "severity": one.severity, "sentence": sentence(one)}


def finding(one: Any) -> Found:
    """A finding in an answer. one: also what a journal calls one."""
    return Found(**told(drafted.told(one)))
