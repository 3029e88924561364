"""Roll-ups: what values of several periods, or of several programmes, are together; and how that was found, from what.

Only counts and amounts are added. A quotient is that of its parts' sums, where every part is known; what is yes or no, and
milestones, are counted; words are listed. What cannot be taken in is left out by name, and never guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from quipu.rules.results.kinds import ADDED, BY_PARTS, DROPPED, REACHED, SUMS, YES, Kind
from quipu.rules.results.values import Value

SUM, LATEST, QUOTIENT, TALLY, LISTED = "sum", "latest", "quotient of sums", "tally", "listed"
WAYS = {
    SUM: "The sum of its parts.",
    LATEST: "The last reading, which counts from the beginning.",
    QUOTIENT: "The sum of the parts over the sum of the wholes.",
    TALLY: "How many of them are so.",
    LISTED: "These are not added; each stands by itself.",
}
NO_PARTS, OTHER_KIND, OTHER_UNIT, OVERLAPS = "no-parts", "other-kind", "other-unit", "overlaps"
REASONS = {
    NO_PARTS: "Its two parts are not known, so that it cannot be put together with others.",
    OTHER_KIND: "It is of another kind.",
    OTHER_UNIT: "It is in another unit.",
    OVERLAPS: "Its period overlaps with another one's, and the same thing would be counted twice.",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A value that goes into a roll-up. name: of the indicator, or of the period; unit: as it is compared."""

    name: str
    value: Value
    unit: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Rolled:
    """What values are together. value: None where they are only listed; how: of WAYS.

    parts: what went in; left_out: what did not, with a reason of REASONS. so, of: of a tally.
    """

    how: str
    value: Value | None = None
    parts: tuple[Part, ...] = ()
    left_out: tuple[tuple[Part, str], ...] = ()
    so: int = 0
    of: int = 0


def over_time(gathers: str, parts: Sequence[Part]) -> Rolled:
    """One indicator's readings up to now. Where each period counts what is new, they are added; else the last one stands.

    Periods that overlap would count twice: the longer one stays out, unless it alone is there.
    """
    ordered = sorted(parts, key=lambda one: (one.until or date.min, one.name))
    if not ordered:
        return Rolled(LATEST)
    kind = ordered[-1].value.kind
    if gathers != SUMS or kind not in (*ADDED, *BY_PARTS):
        return Rolled(LATEST, ordered[-1].value, (ordered[-1],))
    taken, left = _apart(ordered)
    found = across(taken)
    return Rolled(found.how, found.value, found.parts, (*left, *found.left_out), found.so, found.of)


def _apart(parts: Sequence[Part]) -> tuple[list[Part], list[tuple[Part, str]]]:
    """Periods that do not overlap, the shorter ones first taken."""
    taken: list[Part] = []
    left: list[tuple[Part, str]] = []
    for part in sorted(parts, key=_length):
        clash = any(_overlap(part, other) for other in taken)
        if clash:
            left.append((part, OVERLAPS))
        else:
            taken.append(part)
    return sorted(taken, key=lambda one: one.until or date.min), left


def _length(part: Part) -> tuple[int, date, str]:
    until = part.until or date.max
    return (until - (part.since or date.min)).days, until, part.name


def _overlap(one: Part, other: Part) -> bool:
    return (one.since or date.min) <= (other.until or date.max) and (other.since or date.min) <= (one.until or date.max)


@dataclass(slots=True)
class _Sorted:
    taken: list[Part] = field(default_factory=list)
    left: list[tuple[Part, str]] = field(default_factory=list)


def across(parts: Sequence[Part]) -> Rolled:
    """Values of different things of one kind and unit: of programmes, of places, of periods that do not overlap."""
    if not parts:
        return Rolled(LISTED)
    kind, unit = parts[0].value.kind, parts[0].unit
    said = _Sorted()
    for part in parts:
        if part.value.kind != kind:
            said.left.append((part, OTHER_KIND))
        elif part.unit != unit:
            said.left.append((part, OTHER_UNIT))
        elif kind in BY_PARTS and part.value.whole is None and len(parts) > 1:
            said.left.append((part, NO_PARTS))
        else:
            said.taken.append(part)
    taken, left = tuple(said.taken), tuple(said.left)
    if kind in ADDED:
        return Rolled(SUM, Value(kind, sum((one.value.number or Decimal(0) for one in taken), Decimal(0))), taken, left)
    if kind in BY_PARTS:
        return Rolled(QUOTIENT, _quotient(kind, taken), taken, left) if taken else Rolled(LISTED, left_out=left)
    if kind == Kind.TEXT:
        return Rolled(LISTED, parts=taken, left_out=left)
    alive = tuple(one for one in taken if one.value.text != DROPPED)
    so = sum(one.value.text in (YES, REACHED) for one in alive)
    return Rolled(TALLY, parts=alive, left_out=left, so=so, of=len(alive))


def _quotient(kind: Kind, taken: Sequence[Part]) -> Value:
    if len(taken) == 1:
        return taken[0].value
    part = sum((one.value.part or Decimal(0) for one in taken), Decimal(0))
    return Value(kind, part=part, whole=sum((one.value.whole or Decimal(0) for one in taken), Decimal(0)))


def differ(cells: dict[str, Decimal], total: Decimal | None) -> Decimal:
    """By how much the parts of a breakdown miss their whole: 0 where they add up, or there is nothing to add up to."""
    return Decimal(0) if total is None or not cells else sum(cells.values(), Decimal(0)) - total
