"""Indicators that count a register: how many rows, how much of a field, how many different values, under conditions.

A definition is data: {"register": code, "what": "count" | "sum:field" | "distinct:field", "where": [[field, op, value], …],
"on": the day by which a row is of a period, "currency": of a sum of money, "breaks": {list: field}}. It is judged here over
rows and nothing else: the same rows always give the same value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from quipu.rules.findings import Finding
from quipu.rules.journal.currencies import CURRENCIES
from quipu.rules.money import of_minor_units
from quipu.rules.registers import rows as kept
from quipu.rules.registers.fields import ADDED, OF_MONEY, Field, Schema, Type
from quipu.rules.results.kinds import BREAKS, NOT_STATED, Kind

T = Type
COUNT, SUM, DISTINCT = "count", "sum", "distinct"
WHATS = {COUNT: "How many rows", SUM: "The sum of a field", DISTINCT: "How many different values of a field"}
IS, IS_NOT, FROM, TO, HAS, STATED, MISSING = "is", "is not", "from", "to", "has", "stated", "missing"
OPS = {
    IS: "is",
    IS_NOT: "is stated, and not",
    FROM: "is at least, or on or after",
    TO: "is at most, or up to and on",
    HAS: "has the words",
    STATED: "is stated",
    MISSING: "is not stated",
}
ORDERED = (T.NUMBER, T.DAY, T.MONEY)
WITHOUT_VALUE = (STATED, MISSING)
MOST_CONDITIONS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is judged: its number, and its values as rules/registers/rows keeps them."""

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """What a register says. value: of the indicator; cells: by list and choice.

    items: (number of the row, what it adds in whole units; 1 for a count). undated: rows that would count, were it known when.
    other: rows whose amount is in another currency, which is never added.
    """

    value: Decimal
    cells: dict[str, dict[str, Decimal]]
    items: tuple[tuple[int, int], ...] = ()
    undated: tuple[int, ...] = ()
    other: tuple[int, ...] = ()

    @property
    def numbers(self) -> list[int]:
        """The rows behind it."""
        return [number for number, _ in self.items]


def split(what: str) -> tuple[str, str]:
    """What is counted, and of which field."""
    word, _, key = what.partition(":")
    return word, key


def faults(
    schema: Schema, said: Mapping[str, Any], kind: str, breaks: Iterable[str], *, is_of_people: bool
) -> list[Finding]:
    """What is wrong with a definition for an indicator of that kind, told apart by those lists. The place names its part."""
    word, key = split(str(said.get("what", "")))
    field = schema.of(key)
    found = []
    if word not in WHATS or (word != COUNT) != bool(key) or (key and field is None):
        return [Finding("register-what", "what", str(said.get("what", "")))]
    is_money = word == SUM and field is not None and field.type in OF_MONEY
    if word == SUM and (field is None or field.type not in ADDED):
        found.append(Finding("register-what", "what", key))
    if kind != (Kind.AMOUNT if is_money else Kind.COUNT):
        found.append(Finding("register-indicator-kind", "what", kind))
    if is_money != bool(said.get("currency")) or (is_money and said["currency"] not in CURRENCIES):
        found.append(Finding("register-indicator-currency", "currency", str(said.get("currency", ""))))
    counts_people = schema.is_of_people or (word == SUM and field is not None and field.counts_people)
    if counts_people and not is_of_people:
        found.append(Finding("register-indicator-people", "what"))
    on = schema.of(str(said.get("on", "")))
    if said.get("on") and (on is None or on.type != T.DAY):
        found.append(Finding("register-dated", "on", str(said["on"])))
    conditions = list(said.get("where", ()))
    if len(conditions) > MOST_CONDITIONS:
        found.append(Finding("register-where", "where", str(len(conditions))))
    for n, condition in enumerate(conditions):
        found += _of_condition(schema, condition, f"where_{n}")
    for code, name in dict(said.get("breaks", {})).items():
        if code not in breaks or schema.of(name) is None or word == DISTINCT:
            found.append(Finding("register-breaks", f"break_{code}", name))
    return found


def _of_condition(schema: Schema, condition: Sequence[Any], place: str) -> list[Finding]:
    if len(condition) != 3:
        return [Finding("register-where", place)]
    key, op, value = condition
    field = schema.of(str(key))
    if field is None or op not in OPS:
        return [Finding("register-where", place, str(key))]
    if op in WITHOUT_VALUE:
        return []
    if (op in (FROM, TO) and field.type not in ORDERED) or (op == HAS and field.type not in _WORDY):
        return [Finding("register-where", place, f"{key} {op}")]
    if field.type in (T.PAYMENTS, T.DOCUMENT, T.PERSON) or _compared(field, value) is None:
        return [Finding("register-where", place, str(value)[:40])]
    return []


_WORDY = (T.TEXT, T.PLACE, T.ORGANIZATION, T.PERSON)


def _compared(field: Field, value: Any) -> Any:
    """A condition's value as it is compared with what rows hold; None where it is none of the field's."""
    text = str(value).strip()
    if field.type in _WORDY:
        return text.casefold() or None
    told, found = kept.read(Schema((field,)), {field.key: text}, "USD")
    return None if found else told.get(field.key)


def holds(schema: Schema, condition: Sequence[Any], values: Mapping[str, Any]) -> bool:
    """Whether a row fulfils a condition. What is not stated fulfils no condition but that it is missing."""
    key, op, wanted = condition
    value, field = values.get(key), schema.of(key)
    if field is None:
        return False
    if op in WITHOUT_VALUE:
        return bool((value is not None) == (op == STATED))
    if value is None:
        return False
    aim = _compared(field, wanted)
    if field.type in _WORDY:
        value = str(value).casefold()
    if field.type == T.MONEY:
        if value[1] != aim[1]:
            return bool(op == IS_NOT)
        value, aim = value[0], aim[0]
    return bool(_TRIED[op](value, aim))


_TRIED: dict[str, Any] = {
    IS: lambda value, aim: value == aim,
    IS_NOT: lambda value, aim: value != aim,
    FROM: lambda value, aim: value >= aim,
    TO: lambda value, aim: value <= aim,
    HAS: lambda value, aim: aim in value,
}


def judge(
    schema: Schema, said: Mapping[str, Any], rows: Iterable[Row], since: date | None = None, until: date | None = None
) -> Counted:
    """What a definition says of rows within a period; both days are included, None is open.

    Without a day of its own ("on") every row counts in every period.
    """
    word, key = split(said["what"])
    field, on = schema.of(key), said.get("on", "")
    where = list(said.get("where", ()))
    items, undated, other, different = [], [], [], set()
    parts: dict[str, dict[str, int]] = {code: {} for code in said.get("breaks", {})}
    for row in rows:
        if not all(holds(schema, condition, row.values) for condition in where):
            continue
        adds, is_other = _adds(word, field, row.values, said.get("currency", ""))
        if is_other:
            other.append(row.number)
        if adds is None:
            continue
        if on and (since or until) and on not in row.values:
            undated.append(row.number)
            continue
        if on and not _within(row.values.get(on), since, until):
            continue
        items.append((row.number, adds))
        if field is not None and word == DISTINCT:
            different.add(_told(field, row.values[key]))
        for code, name in said.get("breaks", {}).items():
            choice = choice_of(code, schema.of(name), row.values.get(name))
            parts[code][choice] = parts[code].get(choice, 0) + adds
    total = len(different) if word == DISTINCT else sum(adds for _, adds in items)
    scaled = said.get("currency", "")
    cells = {code: {choice: _scaled(n, scaled) for choice, n in sorted(told.items())} for code, told in parts.items()}
    return Counted(_scaled(total, scaled), cells, tuple(items), tuple(undated), tuple(other))


def _scaled(units: int, currency: str) -> Decimal:
    return of_minor_units(units, currency) if currency else Decimal(units)


def _told(field: Field, value: Any) -> Any:
    """A value as it differs from others: words without regard to large letters."""
    return str(value).casefold() if field.type in _WORDY else kept.written(field, value)


def _adds(word: str, field: Field | None, values: Mapping[str, Any], currency: str) -> tuple[int | None, bool]:
    """What a row adds, None for nothing; and whether some of it is in another currency."""
    if field is None:
        return 1, False
    value = values.get(field.key)
    if value is None:
        return None, False
    if word == DISTINCT:
        return 1, False
    if field.type in OF_MONEY:
        told = kept.amounts(value, field.type)
        same = [units for units, named in told if named == currency]
        return (sum(same) if same else None), len(same) < len(told)
    return int(value), False


def _within(day: str | None, since: date | None, until: date | None) -> bool:
    if day is None:
        return since is None and until is None
    return (since is None or day >= since.isoformat()) and (until is None or day <= until.isoformat())


def choice_of(code: str, field: Field | None, value: Any) -> str:
    """The choice of a list that a value is; "not stated" where it is none."""
    if field is None or value is None:
        return NOT_STATED
    known = BREAKS.get(code)
    text = str(value)
    if known is not None and not known.is_open and text not in known.choices:
        return NOT_STATED
    return text
