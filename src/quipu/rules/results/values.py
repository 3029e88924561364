"""Values of indicators: read from what people type, written in one way, compared with a target. Exact, never guessed."""

from dataclasses import dataclass
from decimal import Decimal

from quipu.rules import typed
from quipu.rules.findings import Finding, Refused
from quipu.rules.results.kinds import ADDED, BY_PARTS, MILESTONES, NO, REACHED, UP, YES, Kind

LONGEST = 2_000  # characters of a value in words
HUNDRED = Decimal(100)
PER_HUNDRED = "%"


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it counts. number: of a count, an amount, or a share that is given without its parts.

    part, whole: of a ratio, or of a percentage whose parts are known. text: a word of the kind's own, or free words.
    """

    kind: Kind
    number: Decimal | None = None
    part: Decimal | None = None
    whole: Decimal | None = None
    text: str = ""

    def __str__(self) -> str:
        """As it is kept: digits with a point; two parts with "/" between; the word or the words."""
        if self.whole is not None:
            return f"{_plain(self.part)}/{_plain(self.whole)}"
        return self.text if self.number is None else _plain(self.number)

    @property
    def measured(self) -> Decimal | None:
        """What it is as one number, to be compared and drawn; None where it is none."""
        if self.whole:
            assert self.part is not None
            return self.part / self.whole * (HUNDRED if self.kind == Kind.PERCENTAGE else 1)
        if self.kind == Kind.YES_NO:
            return Decimal(self.text == YES)
        if self.kind == Kind.MILESTONE:
            return Decimal(self.text == REACHED)
        return self.number


def _plain(number: Decimal | None) -> str:
    return f"{number.normalize():f}" if number else "0"


def read(kind: str, said: str, group: str = ",", place: str = "value") -> Value:
    """The value that a text is. group: the sign between thousands in the reader's language. Raises Refused.

    What can be read two ways is refused. A percentage and a ratio may be typed with their parts: 91/200.
    """
    text = " ".join(said.split())
    if not text:
        raise Refused(Finding("result-value-missing", place))
    if kind in ADDED:
        number = _number(text, group, place)
        if kind == Kind.COUNT and (number != number.to_integral_value() or number < 0):
            raise Refused(Finding("result-count", place, text))
        return Value(Kind(kind), number)
    if kind in BY_PARTS:
        return _of_parts(Kind(kind), text, group, place)
    if kind == Kind.YES_NO:
        if text.lower() not in (YES, NO):
            raise Refused(Finding("result-yes-no", place, text))
        return Value(Kind.YES_NO, text=text.lower())
    if kind == Kind.MILESTONE:
        if text.lower() not in MILESTONES:
            raise Refused(Finding("result-milestone", place, text))
        return Value(Kind.MILESTONE, text=text.lower())
    if len(said) > LONGEST or "\0" in said:
        raise Refused(Finding("result-text", place))
    return Value(Kind.TEXT, text=said.strip())


def kept(kind: str, text: str) -> Value:
    """A value as it was kept. The texts of an earlier kind of the indicator are words."""
    try:
        return read(kind, text, group="")
    except Refused:
        return Value(Kind.TEXT, text=text)


def _of_parts(kind: Kind, text: str, group: str, place: str) -> Value:
    first, slash, second = text.partition("/")
    if slash:
        part, whole = _number(first, group, place), _number(second, group, place)
        if whole <= 0 or part < 0 or (kind == Kind.PERCENTAGE and part > whole):
            raise Refused(Finding("result-parts", place, text))
        return Value(kind, part=part, whole=whole)
    number = _number(text.removesuffix(PER_HUNDRED) if kind == Kind.PERCENTAGE else text, group, place)
    if kind == Kind.RATIO or number < 0:
        raise Refused(Finding("result-parts", place, text))
    return Value(kind, number)


def _number(text: str, group: str, place: str) -> Decimal:
    found = typed.amount(text, group) if group else typed.exact(text)
    if isinstance(found, str):
        raise Refused(Finding(found, place, text))
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a value has come from the baseline to the target: share in per cent, may be below 0 and above 100."""

    share: Decimal
    is_reached: bool


def progress(direction: str, baseline: Value | None, target: Value, value: Value) -> Progress | None:
    """None where one of them is no number, or the target stands where the baseline stood."""
    begin = Decimal(0) if baseline is None else baseline.measured
    aim, now = target.measured, value.measured
    if begin is None or aim is None or now is None or begin == aim:
        return None
    is_up = direction == UP or (not direction and aim > begin)
    return Progress((now - begin) / (aim - begin) * HUNDRED, now >= aim if is_up else now <= aim)
