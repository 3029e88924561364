"""What a register's rows are made of: fields with their types, and what may be asked, shown and counted of each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from quipu.rules.findings import Finding
from quipu.rules.languages import LANGUAGES


class Type(StrEnum):
    """What a field holds."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "whole number"
    MONEY = "money"
    PAYMENTS = "dated amounts"
    DAY = "day"
    YES_NO = "yes or no"
    PLACE = "place"
    ORGANIZATION = "organization"
    DOCUMENT = "document"
    PERSON = "person"


T = Type
SENTENCES = {
    T.TEXT: "Words.",
    T.CHOICE: "One of a list.",
    T.NUMBER: "Digits alone: 1200.",
    T.MONEY: "An amount, and its currency where it is another one: 5000.00 or 5000.00 USD.",
    T.PAYMENTS: "One a line: a day, then an amount: 2011-05-31 5000.00.",
    T.DAY: "As 2024-12-31.",
    T.YES_NO: "Yes or no.",
    T.PLACE: "A district or another place below the country.",
    T.ORGANIZATION: "The name or the code of an organization; one that is not in the books by its name.",
    T.DOCUMENT: "A document of this programme that is kept here.",
    T.PERSON: "A person's name. It is never public.",
}
OF_MONEY = (T.MONEY, T.PAYMENTS)
ADDED = (T.NUMBER, *OF_MONEY)  # values that an indicator may add up
# What a public row may show. Amounts are told in totals only, and a number may count people.
SHOWN = (T.TEXT, T.CHOICE, T.DAY, T.YES_NO, T.PLACE, T.ORGANIZATION)
YES, NO = "yes", "no"
KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
MOST_FIELDS, MOST_CHOICES = 40, 100


@dataclass(frozen=True, slots=True)
class Field:
    """A field. label: ours, in English; titles: by language, of a register of a programme's own.

    choices: [code, what it is called by language; "" for ours]. counts_people: its numbers are people, so that what is added
    up of it is cut like every count of people. is_personal: says something about a person: shown to keepers alone.
    """

    key: str
    label: str = ""
    type: Type = T.TEXT
    choices: tuple[tuple[str, Mapping[str, str]], ...] = ()
    hint: str = ""
    is_needed: bool = False
    is_personal: bool = False
    counts_people: bool = False
    is_shown: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def codes(self) -> list[str]:
        """What may be chosen."""
        return [code for code, _ in self.choices]


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of a register in their order. dated: the day by which its rows are of a period, "" for none.

    is_of_people: each row is a person; nothing of it is ever public. by_consent: a row is public only while its owner
    agrees, and shows years instead of days.
    """

    fields: tuple[Field, ...]
    is_of_people: bool = False
    by_consent: bool = False
    dated: str = ""

    def of(self, key: str) -> Field | None:
        """The field of that key."""
        return next((one for one in self.fields if one.key == key), None)

    @property
    def shown(self) -> list[Field]:
        """The fields that a public row shows."""
        return [] if self.is_of_people else [one for one in self.fields if may_be_shown(one)]

    @property
    def personal(self) -> set[str]:
        """The fields that only keepers read: all of them where each row is a person."""
        every = self.is_of_people
        return {one.key for one in self.fields if every or one.is_personal or one.type == T.PERSON}


def may_be_shown(one: Field) -> bool:
    """Whether a public row shows a field."""
    return one.is_shown and one.type in SHOWN and not one.is_personal and not one.counts_people


# A schema of a programme's own, as it is kept


def kept(schema: Schema) -> dict[str, Any]:
    """A schema as data."""
    return {
        "fields": [
            {
                "key": one.key,
                "titles": dict(one.titles),
                "type": str(one.type),
                "choices": [[code, dict(said)] for code, said in one.choices],
                "hint": one.hint,
                "needed": one.is_needed,
                "personal": one.is_personal,
                "people": one.counts_people,
                "shown": one.is_shown,
            }
            for one in schema.fields
        ],
        "people": schema.is_of_people,
        "consent": schema.by_consent,
        "dated": schema.dated,
    }


def of(told: Mapping[str, Any]) -> Schema:
    """The schema that data says. It was checked when it was kept."""
    return Schema(
        tuple(
            Field(
                key=one["key"],
                type=Type(one["type"]),
                choices=tuple((code, said) for code, said in one["choices"]),
                hint=one["hint"],
                is_needed=one["needed"],
                is_personal=one["personal"],
                counts_people=one["people"],
                is_shown=one["shown"],
                titles=one["titles"],
            )
            for one in told["fields"]
        ),
        is_of_people=told["people"],
        by_consent=told["consent"],
        dated=told["dated"],
    )


def of_words(told: Mapping[str, Any]) -> list[Field]:
    """The fields that an edition tells of a programme's own register: titles, choices and types by key."""
    return [
        Field(
            key,
            type=Type(told["types"].get(key, T.TEXT)),
            choices=tuple((code, said) for code, said in told["choices"].get(key, {}).items()),
            titles=titles,
        )
        for key, titles in told.get("titles", {}).items()
    ]


def faults(schema: Schema) -> list[Finding]:
    """What is wrong with a schema of a programme's own; the place is the field's key."""
    keys = [one.key for one in schema.fields]
    found = [Finding("register-field-twice", key) for key in sorted({key for key in keys if keys.count(key) > 1})]
    if not 1 <= len(keys) <= MOST_FIELDS:
        found.append(Finding("register-fields", "fields", str(len(keys))))
    for one in schema.fields:
        found += _faults(one, schema)
    dated = schema.of(schema.dated)
    if schema.dated and (dated is None or dated.type != T.DAY):
        found.append(Finding("register-dated", "dated", schema.dated))
    return found


def _faults(one: Field, schema: Schema) -> list[Finding]:
    found = []
    if not KEY.fullmatch(one.key) or not any(text.strip() for text in one.titles.values()):
        found.append(Finding("register-field-name", one.key))
    if set(one.titles) - set(LANGUAGES):
        found.append(Finding("section-language", one.key))
    if (one.type == T.CHOICE) != bool(one.choices) or len(one.choices) > MOST_CHOICES:
        found.append(Finding("register-field-choices", one.key))
    if len(set(one.codes)) < len(one.codes):
        found.append(Finding("register-field-choices", one.key))
    if one.is_shown and (schema.is_of_people or not may_be_shown(one)):
        found.append(Finding("register-field-shown", one.key))
    if one.counts_people and one.type != T.NUMBER:
        found.append(Finding("register-field-people", one.key))
    return found


def narrowed(before: Schema, after: Schema) -> list[Finding]:
    """What may not be changed once there are rows: a field or a choice that goes, another type, more that is shown of what was
    entered as private, people who are people no more.
    """
    found = []
    for old in before.fields:
        new = after.of(old.key)
        if new is None or new.type != old.type or set(old.codes) - set(new.codes):
            found.append(Finding("register-schema-sealed", old.key))
        elif new.is_shown > old.is_shown or new.is_personal < old.is_personal or new.counts_people < old.counts_people:
            found.append(Finding("register-schema-opened", old.key))
    if (before.is_of_people and not after.is_of_people) or (before.by_consent and not after.by_consent):
        found.append(Finding("register-schema-opened", "fields"))
    return found


def slug(title: str, taken: Sequence[str] = ()) -> str:
    """A key for a field that is called so."""
    bare = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:24]
    first = bare if KEY.fullmatch(bare) else f"f_{bare}".rstrip("_")
    n, key = 1, first
    while key in taken:
        n, key = n + 1, f"{first}_{n + 1}"
    return key
