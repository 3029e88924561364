"""Where indicators stand, and what several programmes' are together: readings of many indicators in a few questions.

Two questions for any number of indicators (their approved readings, their targets); one more for measures.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from quipu.actions.results import framework, reading
from quipu.books import models
from quipu.rules.results import rolling, values
from quipu.rules.results import standing as rules
from quipu.rules.results.rolling import Part, Rolled
from quipu.rules.results.standing import Unit
from quipu.rules.results.states import State
from quipu.rules.results.values import Progress, Value

Period = tuple[date | None, date]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an indicator stands by what was approved. now: its reported readings together, each part named by its reading.

    target: what it is compared with; differing: periods whose sources differ and where nobody chose, with their readings.
    """

    indicator: Any
    readings: tuple[Any, ...] = ()  # approved, the earliest period first
    targets: tuple[Any, ...] = ()  # every row, as they were written
    now: Rolled = field(default_factory=lambda: Rolled(rolling.LATEST))
    target: Value | None = None
    progress: Progress | None = None
    differing: tuple[tuple[Any, ...], ...] = ()

    @property
    def reported(self) -> tuple[Any, ...]:
        """The readings that count."""
        return tuple(one for one in self.readings if one.is_reported)

    @property
    def last(self) -> Any:
        """The reported reading of the latest period, None before the first."""
        return next(reversed(self.reported), None)

    @property
    def in_force(self) -> list[Any]:
        """The targets that stand."""
        return framework.targets_in_force(self.targets)

    @property
    def used(self) -> frozenset[str]:
        """The codes of the readings that the value is made of."""
        return frozenset(part.name for part in self.now.parts)


def standings(indicators: Iterable[Any], until: date | None = None) -> dict[str, Standing]:
    """Where indicators stand, by their codes. until: as of a day, by readings of periods that had ended."""
    some = list(indicators)
    found = models.Reading.objects.filter(indicator__in=some, state=State.APPROVED)
    if until is not None:
        found = found.filter(until__lte=until)
    read: dict[str, list[Any]] = {}
    for one in found.order_by("until", "since", "made_at", "code"):
        read.setdefault(one.indicator_id, []).append(one)
    aimed: dict[str, list[Any]] = {}
    for one in models.Target.objects.filter(indicator__in=some).order_by("id"):
        aimed.setdefault(one.indicator_id, []).append(one)
    return {one.code: standing(one, read.get(one.code, ()), aimed.get(one.code, ())) for one in some}


def standing(indicator: Any, readings: Sequence[Any], targets: Sequence[Any]) -> Standing:
    """The same of one indicator, from rows that are there already."""
    now = over(indicator, [one for one in readings if one.is_reported])
    aimed = framework.targets_in_force(targets)
    target = rules.aim(indicator.kind, indicator.gathers, [_part(indicator, one, str(one.pk)) for one in aimed])
    baseline = values.kept(indicator.kind, indicator.baseline) if indicator.baseline else None
    progress = rules.way(indicator.direction, indicator.gathers, baseline, target, now.value)
    differing = tuple(map(tuple, reading.differing(readings)))
    return Standing(indicator, tuple(readings), tuple(targets), now, target, progress, differing)


def over(indicator: Any, readings: Sequence[Any]) -> Rolled:
    """Readings of one indicator together."""
    return rolling.over_time(indicator.gathers, [_part(indicator, one, one.code) for one in readings])


def _part(indicator: Any, row: Any, name: str) -> Part:
    """A reading or a target as it is put together with others."""
    return Part(name, values.kept(indicator.kind, row.value), "", row.since, row.until)


@dataclass(frozen=True, slots=True)
class Together:
    """What a measure's indicators are together. Parts of `rolled` are named by the indicators' codes.

    standings: of every indicator that measures it; unread: those without an approved reading yet.
    """

    measure: Any
    rolled: Rolled
    standings: Mapping[str, Standing]
    unread: tuple[Any, ...] = ()
    target: Rolled | None = None  # of those that have one


def indicators_of(measures: Iterable[Any]) -> Any:
    """The indicators that measure something of several programmes, those that ended left out."""
    found = models.Indicator.objects.filter(measure__in=list(measures), ended_at=None)
    return found.select_related("project__fund").order_by("project", "number")


def together(measures: Sequence[Any], indicators: Iterable[Any], until: date | None = None) -> dict[str, Together]:
    """What measures come to, by their codes, from indicators of which each names its measure."""
    some = list(indicators)
    stand = standings(some, until)
    by_measure: dict[str, list[Standing]] = {}
    for one in some:
        by_measure.setdefault(one.measure_id, []).append(stand[one.code])
    return {one.code: rolled_up(one, by_measure.get(one.code, [])) for one in measures}


def rolled_up(measure: Any, parts: Sequence[Standing]) -> Together:
    """One measure from where its indicators stand: of all funds, or of those of one."""
    read = [(one.indicator, one.now.value) for one in parts if one.now.value is not None]
    unread = tuple(one.indicator for one in parts if one.now.value is None)
    aimed = [(one.indicator, one.target) for one in parts if one.target is not None]
    stand = {one.indicator.code: one for one in parts}
    return Together(measure, _across(measure, read), stand, unread, _across(measure, aimed) if aimed else None)


def _across(measure: Any, some: Sequence[tuple[Any, Value]]) -> Rolled:
    """Values of indicators in the measure's unit together."""
    return rules.across(Unit(measure.unit), [(Part(one.code, value), Unit(one.unit)) for one, value in some])


def share_of(together_: Together) -> Decimal | None:
    """How far the sum has come to the sum of the targets, in per cent; None where not the same indicators have both."""
    now, aimed = together_.rolled, together_.target
    if aimed is None or now.how != rolling.SUM or _names(now) != _names(aimed) or now.value is None or not aimed.value:
        return None
    return rules.share(now.value.number, aimed.value.number)


def _names(rolled: Rolled) -> set[str]:
    return {one.name for one in rolled.parts}
