"""A programme's framework as it is shown: outcomes, outputs and indicators in their order, each with where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.http import HttpRequest

from quipu.actions import subjects
from quipu.actions.results import rolled
from quipu.actions.results.rolled import Standing
from quipu.books import models
from quipu.desk.results import listing, sight
from quipu.rules.results.states import State


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator with where it stands. open_: readings that are not approved, by their states."""

    indicator: Any
    standing: Standing
    open_: dict[str, int]
    is_missing: bool


@dataclass(slots=True)
class Block:
    """An outcome or an output with its indicators; an outcome with its outputs too. record None: the programme itself."""

    record: Any
    lines: list[Line] = field(default_factory=list)
    outputs: list["Block"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Framework:
    """A programme's results as somebody sees them."""

    project: Any
    scope: Any
    own: Block
    outcomes: list[Block]
    ended: list[tuple[str, Any]]  # what it is and the record
    cycle: Any  # the period that ended last
    is_whole: bool  # the reader sees all of it


def of(request: HttpRequest, project: Any) -> Framework:
    """The framework, as far as its reader sees it."""
    scope = subjects.scope_of(project)
    reach = request.rights.reach(sight.READ)
    is_whole = request.rights.may(sight.READ, scope)
    indicators = list(
        sight.INDICATORS.filter(sight.indicators_within(reach), project=project)
        .select_related("organization", "output__organization")
        .order_by("number")
    )
    cycles = listing.last_ended([project.code])
    missing = {one.code for one in listing.without_reading(cycles, reach)}
    lines = _lines(indicators, missing)
    outcomes = {
        one.code: Block(one) for one in models.Outcome.objects.filter(project=project).order_by("number", "code")
    }
    outputs = {}
    every = models.Output.objects.filter(outcome__project=project).select_related("outcome", "organization")
    for one in every.order_by("outcome__number", "number", "code"):
        outputs[one.code] = Block(one)
        outcomes[one.outcome_id].outputs.append(outputs[one.code])
    own = Block(None)
    for line in lines:
        if line.indicator.ended_at is None:
            place = outputs.get(line.indicator.output_id) or outcomes.get(line.indicator.outcome_id) or own
            place.lines.append(line)
    return Framework(
        project,
        scope,
        own,
        _seen(outcomes.values(), is_whole),
        _ended(outcomes, outputs, indicators, is_whole),
        cycles.get(project.code),
        is_whole,
    )


def _lines(indicators: list[Any], missing: set[str]) -> list[Line]:
    stand = rolled.standings(indicators)
    waits: dict[str, dict[str, int]] = {}
    states = [State.DRAFT, State.SUBMITTED, State.RETURNED]
    found = models.Reading.objects.filter(indicator__in=indicators, state__in=states)
    for code, state, n in found.values_list("indicator", "state").annotate(n=Count("pk")):
        waits.setdefault(code, {})[state] = n
    return [Line(one, stand[one.code], waits.get(one.code, {}), one.code in missing) for one in indicators]


def _seen(blocks: Iterable[Block], is_whole: bool) -> list[Block]:
    """Those with something in them; for whoever sees all of it, everything that has not ended."""
    found = []
    for one in blocks:
        one.outputs = _seen(one.outputs, is_whole)
        if one.lines or one.outputs or (is_whole and one.record.ended_at is None):
            found.append(one)
    return found


def _ended(
    outcomes: dict[str, Block], outputs: dict[str, Block], indicators: list[Any], is_whole: bool
) -> list[tuple[str, Any]]:
    blocks = [*outcomes.values(), *outputs.values()] if is_whole else []
    found = [(one.record._meta.model_name, one.record) for one in blocks if one.record.ended_at is not None]
    return found + [("indicator", one) for one in indicators if one.ended_at is not None]
