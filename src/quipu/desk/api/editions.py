"""Editions for programs: the list, publishing now, and what is taken down."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from quipu.actions import publish_now, take_down
from quipu.desk.api.access import asks, whole
from quipu.desk.api.given import Code, Sent, Text, checked
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.editions import forms, opened, quality
from quipu.desk.editions.publishing import rows_of
from quipu.rules.findings import Finding, Refused

router = Router(tags=["editions"])
READ, PUBLISH, TAKE_DOWN = "read drafts", "publish", "take down"
PUBLICATION = "/editions/publication"


class Edition(Schema):
    """An edition. by: whoever published it by hand; position: how much of the books it holds."""

    number: int
    made_at: datetime
    content: str
    position: int
    by: str
    is_current: bool


class Publication(Schema):
    """How far the last publication by hand is. edition: 0 until it is there; look: where to ask again."""

    by: str
    began: str
    step: str
    edition: int
    trouble: str
    runs: bool
    look: str


class Publish(Sent):
    """seen: the edition that was current when it was decided, 0 for none; so sent twice, it publishes once."""

    seen: int
    reason: Text = ""


class Takedown(Schema):
    """What is withheld. A name that is hidden is kept nowhere, so it is not told."""

    number: int
    kind: str
    target: dict[str, Any]
    reason: str
    told: str
    on: str
    by: str


class Asked(Sent):
    """kind: document, text, activity, voucher or name; target: the words of that kind."""

    kind: Code
    target: dict[Code, Code]


class Wanted(Asked):
    """reason: kept on the list; told: what readers are told, nothing but the day without it."""

    reason: Text
    told: Text = ""


class Effect(Schema):
    """What a takedown does, or would do. remain: documents whose own words still hold a name."""

    rows: dict[str, int] = Field(default_factory=dict)
    parts: int
    documents: list[str]
    editions: list[int]
    remain: list[str]


class Done(Schema):
    """A takedown that is done, with its effect."""

    takedown: Takedown
    effect: Effect


@router.get("/editions", response=Page[Edition], url_name="editions", summary="Editions, the newest first")
@asks(READ)
def every(request: HttpRequest, page: int = PageNumber) -> Any:
    """With their content and who published them by hand."""
    return paged(opened.home().numbers()[::-1], page, lambda numbers: [_edition(one) for one in rows_of(list(numbers))])


def _edition(row: Any) -> Edition:
    same = ("number", "made_at", "content", "position")
    return Edition(by=row.by, is_current=row.is_current, **{name: getattr(row.manifest, name) for name in same})


@router.get(PUBLICATION, response=Publication | None, url_name="publication", summary="How far is it?")
@asks(PUBLISH)
def publication(request: HttpRequest) -> Any:
    """The last publication by hand; null where there was none."""
    return _state(request)


def _state(request: HttpRequest) -> dict[str, Any] | None:
    state = publish_now.state(opened.home())
    return None if state is None else {**asdict(state), "look": f"/desk/api{PUBLICATION}"}


@router.post(PUBLICATION, response={202: Publication}, url_name="publish_now", summary="Publish an edition now")
@asks(PUBLISH)
def publish(request: HttpRequest, said: Publish) -> Any:
    """It is made beside; ask again where the answer says. Refused while asked-for answers of the quality list are missing."""
    home, person = opened.home(), request.rights.person.pk
    publish_now.publish_now(home, by=person, cases=quality.found(request), seen=said.seen, reason=said.reason)
    return Status(202, _state(request))


@router.get("/takedowns", response=Page[Takedown], url_name="takedowns", summary="What is withheld, the newest first")
@asks(TAKE_DOWN)
def takedowns(request: HttpRequest, page: int = PageNumber) -> Any:
    """From all editions, pages and files."""
    return paged(opened.home().withheld.orders[::-1], page, lambda orders: [_takedown(one) for one in orders])


def _takedown(order: Any) -> dict[str, Any]:
    secret = ("salt", "hash", "keys", "positions")
    return {**asdict(order), "target": {name: value for name, value in order.target.items() if name not in secret}}


@router.post("/takedowns/foresee", response=Effect, url_name="foresee", summary="What would taking it down do?")
@asks(TAKE_DOWN)
def foresee(request: HttpRequest, said: Asked) -> Any:
    """Nothing is changed."""
    whole(request)
    target = _target(said, reason="-")
    return asdict(take_down.foresee(opened.home(), kind=said.kind, target=target))


@router.post("/takedowns", response=Done, url_name="take_down", summary="Take something down")
@asks(TAKE_DOWN)
def take(request: HttpRequest, said: Wanted) -> Any:
    """Grave: only by a token that was made for it. It is withheld from every edition, page and file at once."""
    whole(request)
    target = _target(said, reason=said.reason, told=said.told)
    order, effect = take_down.take_down(
        opened.home(),
        by=request.rights.person.pk,
        kind=said.kind,
        target=target,
        reason=said.reason,
        told=said.told,
        lay_out=False,
    )
    return {"takedown": _takedown(order), "effect": asdict(effect)}


def _target(said: Asked, **why: str) -> dict[str, str]:
    """What is withheld, in the words of its kind, as the desk's form takes them."""
    if said.kind not in forms.NAMED:
        raise Refused(Finding("takedown-kind", "kind", said.kind))
    form = forms.Takedown({**said.target, **why}, kind=said.kind)
    if unknown := set(said.target) - set(form.names):
        raise Refused(*(Finding("draft-words", name) for name in sorted(unknown)))
    checked(form)
    return form.target
