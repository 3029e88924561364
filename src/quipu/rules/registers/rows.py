"""A row as somebody types it, and as it is kept: exact, never guessed, each finding with the key of its field."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from quipu.rules import personal, typed
from quipu.rules.findings import Finding
from quipu.rules.journal.currencies import CURRENCIES
from quipu.rules.money import exponent, of_minor_units
from quipu.rules.registers.fields import NO, OF_MONEY, YES, Field, Schema, Type

T = Type
LONGEST = 500  # characters of a text
LARGEST = 10**15  # minor units
MOST = 10**9  # of a whole number
DETAIL = 7  # digits that a detail of a person has at least
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
_AMOUNT = re.compile(r"(?:([A-Za-z]{3})\s*)?([^A-Za-z]+?)\s*([A-Za-z]{3})?")
Values = dict[str, Any]


def read(schema: Schema, said: Mapping[str, str], currency: str, group: str = ",") -> tuple[Values, list[Finding]]:
    """What a row's fields hold, and what is wrong with them. said: by field, as typed; what is blank is not stated.

    currency: of amounts that name none; group: the sign between thousands in the reader's language. Kept are texts, codes,
    whole numbers, [minor units, currency], [[day, minor units, currency], …] and days as 2024-12-31.
    """
    found: list[Finding] = []
    values: Values = {}
    for one in schema.fields:
        text = said.get(one.key, "").strip()
        if not text:
            if one.is_needed:
                found.append(Finding("field-missing", one.key))
            continue
        told = _value(one, text, currency, group)
        if isinstance(told, Finding):
            found.append(told)
        else:
            values[one.key] = told
    found += [Finding("register-field-unknown", key) for key in said if schema.of(key) is None and said[key].strip()]
    return values, found + remarks(schema, values)


def remarks(schema: Schema, values: Mapping[str, Any]) -> list[Finding]:
    """What looks wrong across a row's fields, and refuses nothing."""
    found = []
    grant, paid = values.get("grant"), values.get("instalments")
    if grant and paid and schema.of("instalments"):
        same = sum(units for _, units, currency in paid if currency == grant[1])
        if same > grant[0]:
            found.append(Finding("register-paid-more", "instalments", _plain(same, grant[1])))
    days = [values[key] for key in ("began", "ended") if key in values]
    if len(days) == 2 and days[0] > days[1]:
        found.append(Finding("days-reversed", "ended"))
    shown = (one for one in schema.shown if one.key in values)
    found += [Finding("register-detail", one.key) for one in shown if tells_of_people(str(values[one.key]))]
    return found


def _value(one: Field, text: str, currency: str, group: str) -> Any:
    match one.type:
        case T.CHOICE | T.YES_NO:
            return _chosen(one, text)
        case T.NUMBER:
            return _whole(one.key, text, group)
        case T.MONEY:
            return money(one.key, text, currency, group)
        case T.PAYMENTS:
            return _payments(one.key, text, currency, group)
        case T.DAY:
            return text if _is_day(text) else Finding("date-typed", one.key, text[:40])
        case _:
            words = " ".join(text.split())
            if len(words) > LONGEST or "\0" in words:
                return Finding("register-text", one.key)
            return words


def _chosen(one: Field, text: str) -> Any:
    """A choice by its code, or by what it is called in any language."""
    if one.type == T.YES_NO:
        return text.lower() if text.lower() in (YES, NO) else Finding("register-choice", one.key, text[:40])
    for code, said in one.choices:
        if text == code or text.casefold() in {word.casefold() for word in said.values()}:
            return code
    return Finding("register-choice", one.key, text[:40])


def _is_day(text: str) -> bool:
    try:
        return EARLIEST <= date.fromisoformat(text) <= LATEST and len(text) == 10
    except ValueError:
        return False


def _whole(key: str, text: str, group: str) -> Any:
    found = typed.amount(text, group)
    if isinstance(found, str):
        return Finding(found if found == typed.AMBIGUOUS else "register-number", key, text[:40])
    if found != found.to_integral_value() or not 0 <= found <= MOST:
        return Finding("register-number", key, text[:40])
    return int(found)


def money(key: str, text: str, currency: str, group: str) -> Any:
    """[minor units, currency], or what is wrong. Decimals that the currency does not have are refused, never rounded."""
    hit = _AMOUNT.fullmatch(text)
    if hit is None or (hit[1] and hit[3]):
        return Finding("amount-unreadable", key, text[:40])
    named = (hit[1] or hit[3] or currency).upper()
    if named not in CURRENCIES:
        return Finding("currency-unknown-code", key, named)
    amount = typed.amount(hit[2], group)
    if isinstance(amount, str):
        return Finding(amount, key, text[:40])
    units = amount.scaleb(exponent(named))
    if units != units.to_integral_value():
        return Finding("register-decimals", key, text[:40])
    if not 0 <= units <= LARGEST:
        return Finding("register-amount", key, text[:40])
    return [int(units), named]


def _payments(key: str, text: str, currency: str, group: str) -> Any:
    found = []
    for line in filter(None, (part.strip() for part in re.split(r"[\n;]", text))):
        day, _, rest = line.partition(" ")
        if not _is_day(day) or not rest.strip():
            return Finding("register-payments", key, line[:40])
        told = money(key, rest.strip(), currency, group)
        if isinstance(told, Finding):
            return told
        found.append([day, *told])
    return sorted(found)


def amounts(value: Any, type_: Type) -> list[tuple[int, str]]:
    """The amounts of a money field's value: (minor units, currency)."""
    if value is None or type_ not in OF_MONEY:
        return []
    return [(value[0], value[1])] if type_ == T.MONEY else [(units, currency) for _, units, currency in value]


def written(one: Field, value: Any) -> str:
    """A value as somebody could type it, in every language alike."""
    if value is None:
        return ""
    if one.type == T.MONEY:
        return f"{_plain(*value)} {value[1]}"
    if one.type == T.PAYMENTS:
        return "\n".join(f"{day} {_plain(units, currency)} {currency}" for day, units, currency in value)
    return str(value)


def _plain(units: int, currency: str) -> str:
    """An amount with a point before its decimals; three of them could be read as thousands, so a fourth is added."""
    text = f"{of_minor_units(units, currency):f}"
    return f"{text}0" if exponent(currency) == 3 else text


def searched(schema: Schema, values: Mapping[str, Any]) -> str:
    """The words by which a row is found, in small letters."""
    wordy = (T.TEXT, T.PLACE, T.ORGANIZATION, T.PERSON)
    return " ".join(str(values[one.key]) for one in schema.fields if one.type in wordy and one.key in values).casefold()


def called(schema: Schema, values: Mapping[str, Any]) -> str:
    """What a row is called among others: its first field that is needed, else the first that is stated."""
    first = next((one for one in schema.fields if one.is_needed and one.key in values), None)
    named = first or next((one for one in schema.fields if one.key in values), None)
    return "" if named is None else written(named, values[named.key])


def sum_of(values: Iterable[tuple[int, str]]) -> dict[str, int]:
    """Amounts added up, each currency by itself."""
    found: dict[str, int] = {}
    for units, currency in values:
        found[currency] = found.get(currency, 0) + units
    return found


def public(schema: Schema, values: Mapping[str, Any]) -> list[tuple[Field, str]]:
    """What a public row says, in the order of its fields: nothing of people, no amounts, of what needs consent only the year."""
    found = []
    for one in schema.shown:
        if one.key in values and not tells_of_people(str(values[one.key])):
            told = str(values[one.key])
            found.append((one, told[:4] if schema.by_consent and one.type == T.DAY else told))
    return found


def tells_of_people(text: str) -> bool:
    """Whether an address, a telephone or a number of identity stands in it. Few texts are looked at closely: it costs time."""
    may = "@" in text or sum(letter.isdigit() for letter in text) >= DETAIL
    return may and bool(personal.look([text]))
