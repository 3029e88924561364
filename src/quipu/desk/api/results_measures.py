"""What several programmes measure alike, for programs: measures, and what they come to, with how and from what."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from quipu.actions import history
from quipu.actions.history import Thing
from quipu.actions.results import framework
from quipu.actions.results.rolled import Together
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Code, Seen, Sent, Text
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.results import KindOfIndicator, Words
from quipu.desk.results import measures, sight
from quipu.desk.results.sight import MEASURE, READ
from quipu.rules.mandates import Scope
from quipu.rules.results.rolling import Part

router = Router(tags=["results"])
UNTIL = Query(None, description="As of this day: only periods that had ended then.")


class MeasureWords(Sent):
    """What is measured alike. titles, unit: by language; theme: a code of the fund's own list."""

    titles: Words
    unit: Words = Field(default_factory=dict)
    theme: Text = ""


class NewMeasure(MeasureWords):
    """Code, kind and whose it is never change. fund: "" for all funds."""

    code: Code
    kind: KindOfIndicator
    fund: Code = ""


class ChangedMeasure(MeasureWords, Seen):
    """All of it anew."""


class MeasurePart(Schema):
    """An indicator's part in it. reason: why it was left out, "" where it went in."""

    indicator: str
    value: str
    reason: str = ""


class Rollup(Schema):
    """What it comes to. how: sum, quotient of sums, tally, or listed, which is never added; so, of: of a tally.

    fund: "" for all within reach. value: exact, as text. target: of those that have one, where it can be put together.
    """

    fund: str
    how: str
    value: str
    so: int
    of: int
    target: str
    parts: list[MeasurePart]
    left_out: list[MeasurePart]
    unread: list[str]


class MeasureRead(MeasureWords):
    """A measure, with what it comes to for whoever asks."""

    code: str
    kind: str
    fund: str
    rollups: list[Rollup]
    version: int


@router.get(
    "/results/measures", response=Page[MeasureRead], url_name="measures", summary="What is measured alike, rolled up"
)
@asks(READ)
def every(request: HttpRequest, page: int = PageNumber, until: date | None = UNTIL) -> Any:
    """From the indicators that the token reaches, together and by fund."""
    found = measures.within_reach(request.rights)
    return paged(found, page, lambda some: _told(request, list(some), until))


@router.get("/results/measures/{code}", response=MeasureRead, url_name="measure", summary="One measure, rolled up")
@asks(READ)
def one(request: HttpRequest, code: Code, until: date | None = UNTIL) -> Any:
    """With each indicator that went in, and each that did not, with the reason."""
    found, _ = sight.of_measure(code)
    return _told(request, [found], until)[0]


def _told(request: HttpRequest, some: list[Any], until: date | None = None) -> list[dict[str, Any]]:
    versions = history.versions(framework.MEASURE, [one.code for one in some])
    return [
        {
            "code": each.measure.code,
            "titles": each.measure.titles,
            "unit": each.measure.unit,
            "theme": each.measure.theme,
            "kind": each.measure.kind,
            "fund": each.measure.fund_id or "",
            "rollups": [_rollup("", each.together), *(_rollup(fund.code, part) for fund, part in each.by_fund)],
            "version": versions.get(each.measure.code, 0),
        }
        for each in measures.shown(request.rights, some, until)
    ]


def _rollup(fund: str, found: Together) -> dict[str, Any]:
    rolled = found.rolled
    return {
        "fund": fund,
        "how": rolled.how,
        "value": "" if rolled.value is None else str(rolled.value),
        "so": rolled.so,
        "of": rolled.of,
        "target": str(found.target.value) if found.target is not None and found.target.value is not None else "",
        "parts": [_part(one) for one in rolled.parts],
        "left_out": [_part(one, reason) for one, reason in rolled.left_out],
        "unread": [one.code for one in found.unread],
    }


def _part(one: Part, reason: str = "") -> dict[str, str]:
    return {"indicator": one.name, "value": str(one.value), "reason": reason}


@router.post("/results/measures", response=MeasureRead, url_name="new_measure", summary="Make a measure")
@asks(MEASURE)
def make(request: HttpRequest, said: NewMeasure) -> Any:
    """Of a fund, or of all of them."""
    need(request, Scope(said.fund))
    made = framework.keep_measure(by=request.rights.person.pk, **said.model_dump(), is_new=True)
    return _kept(made)


@router.put("/results/measures/{code}", response=MeasureRead, url_name="edit_measure", summary="Change its words")
@asks(MEASURE)
def change(request: HttpRequest, code: Code, said: ChangedMeasure) -> Any:
    """Its titles, unit and theme."""
    found, scope = sight.of_measure(code)
    need(request, scope)
    words = said.model_dump(exclude={"version"})
    by = request.rights.person.pk
    return _kept(framework.keep_measure(by=by, code=found.code, kind=found.kind, seen=said.version, **words))


def _kept(record: Any) -> dict[str, Any]:
    """A measure as it was kept: what it comes to is asked for by itself."""
    same = ("code", "titles", "unit", "theme", "kind")
    version = history.version(Thing(framework.MEASURE, record.code))
    told = {name: getattr(record, name) for name in same}
    return {**told, "fund": record.fund_id or "", "rollups": [], "version": version}
