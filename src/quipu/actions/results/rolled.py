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
from quipu.rules.languages import LANGUAGES
from quipu.rules.results import rolling, values
from quipu.rules.results.kinds import ADDED, BY_PARTS, SUMS
from quipu.rules.results.rolling import OTHER_UNIT, Part, Rolled
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
    target = aim(indicator, targets)
    progress = None
    if target is not None and now.value is not None:
        begins = indicator.baseline if indicator.gathers != SUMS else ""  # what is new in each period begins at nothing
        baseline = values.kept(indicator.kind, begins) if begins else None
        progress = values.progress(indicator.direction, baseline, target, now.value)
    differing = tuple(map(tuple, reading.differing(readings)))
    return Standing(indicator, tuple(readings), tuple(targets), now, target, progress, differing)


def over(indicator: Any, readings: Sequence[Any]) -> Rolled:
    """Readings of one indicator together."""
    return rolling.over_time(
        indicator.gathers,
        [Part(one.code, values.kept(indicator.kind, one.value), "", one.since, one.until) for one in readings],
    )


def aim(indicator: Any, targets: Sequence[Any]) -> Value | None:
    """What an indicator is meant to reach in the end, None without a target that stands.

    Where each period counts what is new: the target from the beginning that ends last, else the periods' together.
    """
    standing_ = framework.targets_in_force(targets)
    if not standing_:
        return None
    last = standing_[-1]
    whole = [one for one in standing_ if one.since is None]
    if indicator.gathers != SUMS or indicator.kind not in (*ADDED, *BY_PARTS):
        return values.kept(indicator.kind, last.value)
    if whole and whole[-1].until >= last.until:
        return values.kept(indicator.kind, whole[-1].value)
    return over_targets(indicator, standing_).value


def over_targets(indicator: Any, targets: Sequence[Any]) -> Rolled:
    """Targets of periods together, as readings are."""
    return rolling.over_time(
        indicator.gathers,
        [Part(str(one.pk), values.kept(indicator.kind, one.value), "", one.since, one.until) for one in targets],
    )


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
    read = [one for one in parts if one.now.value is not None]
    unread = tuple(one.indicator for one in parts if one.now.value is None)
    aimed = [(one, one.target) for one in parts if one.target is not None]
    return Together(
        measure,
        _across(measure, [_part(measure, one.indicator, one.now.value) for one in read if one.now.value]),
        {one.indicator.code: one for one in parts},
        unread,
        _across(measure, [_part(measure, one.indicator, value) for one, value in aimed]) if aimed else None,
    )


def _across(measure: Any, parts: Sequence[Part]) -> Rolled:
    """What is in another unit than the measure's stays out, whatever stands first."""
    fitting = [one for one in parts if one.unit == unit_of(measure)]
    if not fitting:
        return Rolled(rolling.LISTED, left_out=tuple((one, OTHER_UNIT) for one in parts))
    found = rolling.across(fitting)
    other = tuple((one, OTHER_UNIT) for one in parts if one.unit != unit_of(measure))
    return Rolled(found.how, found.value, found.parts, (*found.left_out, *other), found.so, found.of)


def _part(measure: Any, indicator: Any, value: Value) -> Part:
    return Part(
        indicator.code, value, unit_of(measure) if same_unit(indicator.unit, measure.unit) else _of_unit(indicator)
    )


def unit_of(measure: Any) -> str:
    """A measure's unit as it is compared."""
    return next((measure.unit[each].casefold() for each in LANGUAGES if measure.unit.get(each)), "")


def _of_unit(indicator: Any) -> str:
    """A unit that is another one's, as it is compared: "" would be the measure's without one."""
    return unit_of(indicator) or "\0"


def same_unit(unit: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two units are one: alike in every language in which both are named, in one at least, or none is named."""
    both = [each for each in LANGUAGES if unit.get(each) and other.get(each)]
    if not both:
        return not any(unit.values()) and not any(other.values())
    return all(unit[each].casefold() == other[each].casefold() for each in both)


def share_of(together_: Together) -> Decimal | None:
    """How far the sum has come to the sum of the targets, in per cent; None where not the same indicators have both."""
    now, aimed = together_.rolled, together_.target
    if aimed is None or now.how != rolling.SUM or _names(now) != _names(aimed) or now.value is None or not aimed.value:
        return None
    whole = aimed.value.number
    return (now.value.number or Decimal(0)) / whole * values.HUNDRED if whole else None


def _names(rolled: Rolled) -> set[str]:
    return {one.name for one in rolled.parts}
