"""Rehearse: the people of a demonstration, who are invented and sign in with a word that everybody knows; and their work."""

import tomllib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from quipu.actions import mandates, people
from quipu.actions.mandates import Wanted
from quipu.actions.returns import dispensing, leading, owing, reporting, standing, talking, writing
from quipu.books import models, office
from quipu.rules.mandates import Scope
from quipu.rules.money import exponent
from quipu.rules.returns.checks import CONFIRMED
from quipu.rules.returns.rows import AMOUNT, COMMENT

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


def rehearse_year_end(file: Path) -> None:
    """More time is asked for, and reports are begun, as a file tells; once, and where the books have what they are about.

    No mail of a rehearsal goes out: nobody lives at the addresses of its people.
    """
    told = tomllib.loads(file.read_text("utf-8"))
    codes = dict(models.Person.objects.values_list("email", "code"))
    today = office.today()
    owed = owing.owed([today.year - 1], today)
    for one in told["dispensation"] if not models.Dispensation.objects.exists() else ():
        for each in owed:
            if (each.fund, each.organization, each.duty) == (one["fund"], one["organization"], one["duty"]):
                until = today + timedelta(days=one["days"])
                if each.is_missing:
                    dispensing.ask(by=codes[one["by"]], owed=each, until=until, reason=one["reason"])
    for one in told["report"] if not models.Report.objects.exists() else ():
        if any(each.fund == one["fund"] for each in owed):
            record = reporting.begin(by=codes[one["by"]], fund=one["fund"], year=today.year - 1)
            text = "\n\n".join(filter(None, (record.narrative.get("en", ""), one["text"])))
            reporting.tell_narrative(by=codes[one["by"]], record=record, language="en", text=text)
    models.Mail.objects.filter(state="waiting").update(state="dropped", text="", values={})
