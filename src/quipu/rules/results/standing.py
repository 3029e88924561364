"""Where an indicator stands: its reported readings together, the target it is compared with, and several indicators' together.

Whoever shows results asks here, the desk of its records and the gateway of an edition's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from quipu.rules.languages import LANGUAGES
from quipu.rules.results import rolling, values
from quipu.rules.results.kinds import ADDED, BY_PARTS, SUMS
from quipu.rules.results.rolling import LISTED, OTHER_UNIT, Part, Rolled
from quipu.rules.results.values import HUNDRED, Progress, Value


def aim(kind: str, gathers: str, targets: Sequence[Part]) -> Value | None:
    """What an indicator is meant to reach in the end, from its targets in force; None without any.

    Where each period counts what is new: the target from the beginning that ends last, else the periods' together.
    """
    if not targets:
        return None
    last = max(targets, key=_order)
    if gathers != SUMS or kind not in (*ADDED, *BY_PARTS):
        return last.value
    whole = [one for one in targets if one.since is None]
    if whole and whole[-1].until == last.until:
        return max(whole, key=_order).value
    return rolling.over_time(gathers, [one for one in targets if one.since is not None] or targets).value


def _order(part: Part) -> tuple[str, str]:
    return str(part.until), str(part.since or "")


def way(
    direction: str, gathers: str, baseline: Value | None, target: Value | None, now: Value | None
) -> Progress | None:
    """How far it has come; what is new in each period begins at nothing. None where that is no number."""
    if target is None or now is None:
        return None
    return values.progress(direction, None if gathers == SUMS else baseline, target, now)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it is compared: words by language."""

    said: Mapping[str, str]

    def is_alike(self, other: "Unit") -> bool:
        """Alike in every language in which both are named, in one at least; or neither is named at all."""
        both = [each for each in LANGUAGES if self.said.get(each) and other.said.get(each)]
        if not both:
            return not any(self.said.values()) and not any(other.said.values())
        return all(self.said[each].casefold() == other.said[each].casefold() for each in both)


def across(unit: Unit, parts: Sequence[tuple[Part, Unit]]) -> Rolled:
    """What indicators of one measure are together. What is in another unit than the measure's stays out, by name."""
    fitting = [replace(part, unit="") for part, own in parts if own.is_alike(unit)]
    other = tuple((part, OTHER_UNIT) for part, own in parts if not own.is_alike(unit))
    if not fitting:
        return Rolled(LISTED, left_out=other)
    found = rolling.across(fitting)
    return replace(found, left_out=(*found.left_out, *other))


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """A part of a whole in per cent; None where there is nothing to be a part of."""
    return None if part is None or not whole else part / whole * HUNDRED
