"""Rehearse registers: those of a demonstration, with consents, counts taken from them, and resources outside the fund; once."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quipu.actions.registers import consent, counting, register, resource, row, totals
from quipu.actions.registers.consent import ConsentSaid
from quipu.actions.registers.register import RegisterSaid
from quipu.actions.registers.resource import ResourceSaid
from quipu.actions.results import framework, reading
from quipu.actions.results.framework import IndicatorSaid
from quipu.books import models
from quipu.rules.registers.fields import Field, Schema, Type

APPROVE = "approve"


def rehearse_registers(file: Path) -> int:
    """Makes what a file tells of where its programme has no register and no resource yet. Answers how many were made.

    A row that stands for many alike is written once, with `times`; {n} in its words is its number among them.
    """
    told = tomllib.loads(file.read_text("utf-8"))
    codes = dict(models.Person.objects.values_list("email", "code"))
    known = set(models.Project.objects.values_list("code", flat=True))
    done = set(models.Register.objects.values_list("project", flat=True))
    made = 0
    for one in told.get("register", ()):
        if one["project"] in known - done:
            _register(one, codes[one["by"]])
            made += 1
    have = set(models.Resource.objects.values_list("project", flat=True))
    for one in told.get("resource", ()):
        if one["project"] in known - have:
            words = {name: value for name, value in one.items() if name not in ("project", "by")}
            resource.keep(by=codes[one["by"]], project=one["project"], said=ResourceSaid(**words))
            made += 1
    for one in told.get("count", ()):
        if one["project"] in known - done:
            _count(one, codes)
    return made


def _register(one: dict[str, Any], by: str) -> None:
    schema = _schema(one["fields"]) if "fields" in one else None
    said = RegisterSaid(one["titles"], one.get("kind", ""), schema, one["currency"], one.get("public", False))
    kept = register.keep(by=by, project=one["project"], said=said)
    for values, agreed in _rows(one["rows"]):
        made = row.enter(by=by, register=kept.code, said=values, told=False)
        if agreed:
            consent.give(by=by, record=made, said=ConsentSaid(**agreed))
    totals.follow(kept)


def _rows(told: list[dict[str, Any]]) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """Each row with its owner's consent, {} without one; of those that stand for many, only the first `agreed` have one."""
    for one in told:
        words = {key: str(value) for key, value in one.items() if key not in ("times", "consent", "agreed")}
        times = one.get("times", 1)
        for n in range(1, times + 1):
            agrees = n <= one.get("agreed", times)
            yield (
                {key: text.replace("{n}", str(n)) for key, text in words.items()},
                one.get("consent", {}) if agrees else {},
            )


def _schema(told: list[dict[str, Any]]) -> Schema:
    return Schema(
        tuple(
            Field(
                one["key"],
                type=Type(one.get("type", "text")),
                titles=one["titles"],
                choices=tuple((code, words) for code, words in one.get("choices", {}).items()),
                is_needed=one.get("needed", False),
                is_shown=one.get("shown", False),
            )
            for one in told
        )
    )


def _count(one: dict[str, Any], codes: dict[str, str]) -> None:
    """Lets an indicator count a register and takes the count: the one whose title has the words, or a new one."""
    by = codes[one["by"]]
    found = models.Indicator.objects.filter(project=one["project"], ended_at=None, kind="count").order_by("number")
    words = one.get("find", "").casefold()
    indicator = next((each for each in found if words and words in each.titles.get("en", "").casefold()), None)
    breaks = one.get("breaks", {})
    if indicator is None or indicator.is_of_people != one.get("people", False) or set(breaks) - set(indicator.breaks):
        said = IndicatorSaid(
            one["titles"],
            "count",
            unit=one.get("unit", {}),
            direction="up",
            is_of_people=one.get("people", False),
            breaks=tuple(breaks),
        )
        indicator = framework.keep_indicator(by=by, project=one["project"], said=said)
    definition = {
        "register": one["register"],
        "what": one["what"],
        "where": one.get("where", []),
        "on": one.get("on", ""),
    }
    counting.define(
        by=by, indicator=indicator.code, said={**definition, "breaks": breaks}, reason="Counted from the register"
    )
    taken = counting.take(by=by, indicator=indicator.code, until=one["until"], note=one.get("note", ""))
    reading.lead(by=codes[one["approved_by"]], code=taken.code, act=APPROVE)
