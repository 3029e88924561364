"""Letters of the public, as at the desk: read within one's scope, taken in, answered, closed. No address is ever told."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema

from quipu.actions import history, letters
from quipu.books import models
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Act, Code
from quipu.desk.api.paging import PageNumber, paged
from quipu.desk.letters.views import Shown, within
from quipu.rules.findings import Refused

router = Router(tags=["letters"])


class Letter(Schema):
    """A letter; version: what to say back, so that nobody overwrites what somebody else did meanwhile."""

    code: str
    kind: str
    arrived_at: datetime
    page: str
    edition: int
    scope: str
    to: str
    name: str
    text: str
    expected: str
    evidence: str
    can_be_answered: bool
    taken_by: str
    closed_at: str
    outcome: str
    version: int | None = None


class Letters(Schema):
    """A page of letters, oldest first."""

    items: list[Letter]
    next: int | None


class Handed(Act):
    """to: the code of another person who may answer it."""

    to: Code


class Answer(Act):
    """What the writer gets by mail."""

    text: str = Field(max_length=8000)


class Outcome(Act):
    """What became of it; publish: told on the page of corrections."""

    outcome: str = Field(max_length=500)
    publish: bool = False


def _told(one: Shown, version: int | None = None) -> Letter:
    kept, letter = one.kept, one.kept.letter
    same = ("kind", "to", "name", "text", "expected", "evidence")
    return Letter(
        code=kept.code,
        arrived_at=datetime.fromisoformat(kept.arrived_at),
        page=letter.about.page,
        edition=letter.about.edition,
        scope=str(one.scope),
        can_be_answered=bool(letter.reply_to),
        taken_by=one.handling.taken_by if one.handling else "",
        closed_at=kept.closed_at,
        outcome=kept.outcome,
        version=version,
        **{name: getattr(letter, name) for name in same},
    )


def _load(request: HttpRequest, code: str) -> Shown:
    try:
        kept, scope = letters.find(code)
    except Refused:
        raise Http404 from None
    need(request, scope)
    return Shown(kept, scope, models.Handling.objects.filter(code=kept.code).first())


def _now(request: HttpRequest, code: str) -> Letter:
    one = _load(request, code)
    return _told(one, history.version(letters.thing(one.kept, one.scope)))


@router.get("/letters", response=Letters, url_name="letters", summary="Letters that wait, and those that are closed")
@asks("answer letters")
def every(request: HttpRequest, page: int = PageNumber) -> Any:
    """Within the funds and projects that the token reaches."""
    return paged(within(request.rights), page, lambda found: [_told(one) for one in found])


@router.get("/letters/{code}", response=Letter, url_name="letter", summary="One letter")
@asks("answer letters")
def one(request: HttpRequest, code: str) -> Any:
    """With its version."""
    return _now(request, code)


@router.post("/letters/{code}/take", response=Letter, url_name="take_letter", summary="Take a letter in")
@asks("answer letters")
def take(request: HttpRequest, code: str, said: Act) -> Any:
    """The token's person looks after it from now on."""
    shown = _load(request, code)
    letters.take(by=request.rights.person.pk, seen=said.version, **shown.said)
    return _now(request, code)


@router.post("/letters/{code}/hand-over", response=Letter, url_name="hand_letter", summary="Hand a letter over")
@asks("answer letters")
def hand_over(request: HttpRequest, code: str, said: Handed) -> Any:
    """Somebody else looks after it, and is told."""
    shown = _load(request, code)
    letters.hand_over(by=request.rights.person.pk, seen=said.version, to=said.to, **shown.said)
    return _now(request, code)


@router.post("/letters/{code}/forward", response=Letter, url_name="forward_letter", summary="Forward a letter again")
@asks("answer letters")
def forward(request: HttpRequest, code: str, said: Act) -> Any:
    """To the contact that it was written to, whose address nobody sees."""
    shown = _load(request, code)
    letters.forward(by=request.rights.person.pk, seen=said.version, **shown.said)
    return _now(request, code)


@router.post("/letters/{code}/answer", response=Letter, url_name="answer_letter", summary="Answer a letter by mail")
@asks("answer letters")
def answer(request: HttpRequest, code: str, said: Answer) -> Any:
    """It goes out in the name of the office."""
    shown = _load(request, code)
    letters.answer(by=request.rights.person.pk, seen=said.version, text=said.text, **shown.said)
    return _now(request, code)


@router.post("/letters/{code}/close", response=Letter, url_name="close_letter", summary="Close a letter")
@asks("answer letters")
def close(request: HttpRequest, code: str, said: Outcome) -> Any:
    """With what became of it."""
    shown = _load(request, code)
    letters.close(
        by=request.rights.person.pk, seen=said.version, outcome=said.outcome, publish=said.publish, **shown.said
    )
    return _now(request, code)
