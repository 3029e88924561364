"""Rehearse: the people of a demonstration, who are invented and sign in with a word that everybody knows; and their returns."""

import tomllib
from decimal import Decimal
from pathlib import Path

from quipu.actions import mandates, people
from quipu.actions.mandates import Wanted
from quipu.actions.returns import leading, standing, talking, writing
from quipu.books import models
from quipu.rules.mandates import Scope
from quipu.rules.money import exponent
from quipu.rules.returns.checks import CONFIRMED
from quipu.rules.returns.difference import AMOUNT, COMMENT

WORD = "demonstration"  # everybody's password


def approvers() -> tuple[str, ...]:
    """Who may sign off a journal here, so that a demonstration can be loaded once more."""
    return tuple(person.pk for person in mandates.who_may("approve vouchers"))


def rehearse(file: Path) -> int:
    """Makes the people that a file names and that are not here yet, with their mandates. Answers how many were made."""
    told = tomllib.loads(file.read_text("utf-8"))
    made = 0
    for one in told["person"]:
        if models.Person.objects.filter(email=one["email"]).exists():
            continue
        person = people.create(by="", name=one["name"], email=one["email"], password=WORD)
        for mandate in one["mandates"]:
            role = mandate.pop("role")
            wanted = Wanted(role, Scope(**mandate))
            mandates.give(by="", person=person.code, wanted=wanted, reason="the demonstration", as_house=True)
        made += 1
    return made


def rehearse_returns(file: Path) -> int:
    """Makes the returns that a file tells of and that are not here yet, and leads them on. Answers how many were made."""
    told = tomllib.loads(file.read_text("utf-8"))
    codes = dict(models.Person.objects.values_list("email", "code"))
    made = 0
    for one in told["return"]:
        place = one["fund"], one["organization"], one["year"], one["kind"]
        if standing.in_force(*place) is not None:
            continue
        by = codes[one["by"]]
        fund, organization, year, kind = place
        record = writing.begin(
            by=by, fund=fund, organization=organization, year=year, kind=kind, until=one.get("until")
        )
        writing.write(by=by, record=record, sent=_cells(one["cells"], record.fund.currency))
        if one.get("confirm"):
            answers = {str(entry.id): (CONFIRMED, "") for entry in standing.transfers_of(record)}
            writing.answer(by=by, record=record, answers=answers)
        for act in one.get("acts", ()):
            leading.lead(by=codes[act["by"]], record=record, act=act["act"], seen=None, reason=act.get("reason", ""))
        for remark in one.get("remarks", ()):
            talking.say(by=codes[remark["by"]], record=record, text=remark["text"], row=remark.get("row", ""))
        made += 1
    return made


def _cells(told: dict[str, list[str]], currency: str) -> dict[str, dict[str, int | str | None]]:
    """By row, an amount and perhaps a comment."""
    found: dict[str, dict[str, int | str | None]] = {}
    for key, (amount, *comment) in told.items():
        found[key] = {COMMENT: comment[0]} if comment else {}
        if amount:
            found[key][AMOUNT] = int(Decimal(amount).scaleb(exponent(currency)))
    return found
