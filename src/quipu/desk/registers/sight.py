"""Who sees what of a register: things with what is of people masked, people only for keepers and for an auditor on record."""

import time
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from quipu.actions.registers import register as registers
from quipu.actions.registers import resource
from quipu.actions.results import framework
from quipu.books import models
from quipu.desk import troubles
from quipu.desk.drawing import said, spoken
from quipu.rules.mandates import Scope
from quipu.rules.registers.fields import NO, YES, Field, Schema, Type
from quipu.rules.registers.rows import amounts, written

KEEP, READ, READ_PEOPLE = "keep registers", "read registers", "read registers of people"
OPEN = 30 * 60  # seconds that an auditor reads a register of people after having said why
DOORS = "registers of people"  # of the session
MASKED = "…"
YES_NO = {YES: "Yes", NO: "No"}


def of_register(code: str) -> tuple[Any, Scope]:
    """A register, and whose it is."""
    found = get_object_or_404(models.Register.objects.select_related("project__fund"), code=code.replace("\0", ""))
    return found, registers.scope(found)


def of_row(code: str, number: int) -> tuple[Any, Scope]:
    """A row of a register."""
    rows = models.Row.objects.select_related("register__project__fund")
    found = get_object_or_404(rows, register=code.replace("\0", ""), number=min(number, 2**31 - 1))
    return found, registers.scope(found.register)


def of_indicator(code: str) -> tuple[Any, Scope]:
    """An indicator."""
    found = models.Indicator.objects.select_related("project", "output")
    one = get_object_or_404(found, code=code.replace("\0", ""))
    return one, framework.scope(one)


def of_resource(number: int) -> tuple[Any, Scope]:
    """A resource outside the fund."""
    found = models.Resource.objects.select_related("project__fund", "organization").filter(withdrawn_at=None)
    one = get_object_or_404(found, pk=min(number, 2**63 - 1))
    return one, resource.scope(one)


def sees_personal(rights: Any, register: Any) -> bool:
    """Whether what is of a person in a register of things is shown: to its keepers."""
    return bool(rights.may(KEEP, registers.scope(register)))


def refusal(request: HttpRequest, register: Any) -> HttpResponse | None:
    """What stands before a register of people: nothing for its keepers, a door for an auditor, and a wall for all others."""
    if not registers.schema_of(register).is_of_people or sees_personal(request.rights, register):
        return None
    decision = request.rights.decide(READ_PEOPLE, registers.scope(register))
    if not decision.allowed:
        return troubles.not_yours(request, READ_PEOPLE, decision)
    return None if is_open(request, register) else redirect("register_door", register.code)


def open_door(request: HttpRequest, register: Any) -> None:
    """From now on the auditor who said why reads this register, for a while."""
    request.session[DOORS] = {**request.session.get(DOORS, {}), register.code: int(time.time()) + OPEN}


def is_open(request: HttpRequest, register: Any) -> bool:
    """Whether an auditor said why a moment ago."""
    return bool(request.session.get(DOORS, {}).get(register.code, 0) > time.time())


# How fields are called and shown


def title_of(register: Any) -> str:
    """What a register is called in the reader's language."""
    return registers.title_of(register, spoken().language)


def label(one: Field) -> str:
    """What a field is called."""
    return _said(one.titles) if one.titles else said(one.label)


def _said(titles: Any) -> str:
    return str(titles.get(spoken().language) or titles.get("en") or next(iter(titles.values()), ""))


def choices(one: Field) -> list[tuple[str, str]]:
    """What may be chosen, as the reader calls it."""
    if one.type == Type.YES_NO:
        return [(code, said(text)) for code, text in YES_NO.items()]
    return [(code, said(told[""]) if "" in told else _said(told)) for code, told in one.choices]


def shown(one: Field, value: Any, bodies: dict[str, str] | None = None) -> str:
    """A value as the reader reads it."""
    if value is None:
        return ""
    if one.type in (Type.CHOICE, Type.YES_NO):
        return dict(choices(one)).get(str(value), str(value))
    if one.type == Type.DAY:
        return str(spoken().day(value))
    if one.type == Type.NUMBER:
        return str(spoken().count(value))
    if one.type == Type.MONEY:
        ((units, currency),) = amounts(value, one.type)
        return f"{_units(units, currency)} {currency}"
    if one.type == Type.PAYMENTS:
        return "\n".join(f"{spoken().day(day)}: {_units(units, currency)} {currency}" for day, units, currency in value)
    if one.type in (Type.ORGANIZATION, Type.DOCUMENT):
        return (bodies or {}).get(str(value), str(value))
    return written(one, value)


def _units(units: int, currency: str) -> str:
    from quipu.desk.drawing import units as drawn  # noqa: PLC0415 - a name of this file's as well

    return drawn(units, currency)


def cells(schema: Schema, values: Any, names: dict[str, str], *, personal: bool) -> list[tuple[Field, str]]:
    """What a row holds, field by field; what is of a person masked where it is not the reader's to see."""
    hidden = set() if personal else schema.personal
    return [
        (
            one,
            (MASKED if values.get(one.key) is not None else "")
            if one.key in hidden
            else shown(one, values.get(one.key), names),
        )
        for one in schema.fields
    ]


def names_of(schema: Schema, rows: Any) -> dict[str, str]:
    """What organizations and documents in rows are called, by their codes: two questions at most."""
    coded: dict[Type, set[str]] = {Type.ORGANIZATION: set(), Type.DOCUMENT: set()}
    for one in schema.fields:
        if one.type in coded:
            coded[one.type] |= {row.values[one.key] for row in rows if one.key in row.values}
    found: dict[str, str] = {}
    if coded[Type.ORGANIZATION]:
        bodies = models.Organization.objects.filter(code__in=coded[Type.ORGANIZATION])
        found |= {code: title or code for code, title in bodies.values_list("code", "title")}
    if coded[Type.DOCUMENT]:
        papers = models.Document.objects.filter(code__in=coded[Type.DOCUMENT])
        found |= {code: _said(titles) if titles else code for code, titles in papers.values_list("code", "titles")}
    return found


def sought(schema: Schema, words: str, *, personal: bool) -> Q:
    """The condition for rows with these words. Whoever does not see what is of people does not find rows by it either."""
    if personal:
        return Q(words__contains=words.casefold())
    found = Q(pk__in=())
    for one in schema.fields:
        if one.type in (Type.TEXT, Type.PLACE, Type.ORGANIZATION) and one.key not in schema.personal:
            found |= Q(**{f"values__{one.key}__icontains": words})
    return found


def field_of(schema: Schema, key: str) -> Field:
    """A field by its key; 404 without one."""
    found = schema.of(key)
    if found is None:
        raise Http404(key)
    return found
