"""Rehearse: the people of a demonstration, who are invented and sign in with a word that everybody knows; and their work."""

import tomllib
from datetime import timedelta
from pathlib import Path

from quipu.actions import mandates, people
from quipu.actions.mandates import Wanted
from quipu.actions.returns import dispensing, owing, reporting
from quipu.books import models, office
from quipu.rules.mandates import Scope
from quipu.rules.returns.obligations import FINAL

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


# What the year's end of the demonstration shows: who asks for it, and of which organization
ASKED, WROTE = "hugo@example.org", "felix@example.org"
FUND, BODY = "JVD00", "DEMO-HI"
WHY = "Our auditors come in the new year, and the last bill of the gauges is still disputed. Invented."
WORDS = "## All in all\n\nThe gauges of both valleys stand, and farmers read them each morning. Invented."


def rehearse_year_end() -> None:
    """More time is asked for, and a report is begun, once: where the demonstration's books have what they are about."""
    asking = models.Person.objects.filter(email=ASKED).first()
    writing = models.Person.objects.filter(email=WROTE).first()
    if asking is None or writing is None or models.Dispensation.objects.exists():
        return
    today = office.today()
    for owed in owing.owed([today.year - 1], today):
        if (owed.fund, owed.organization, owed.duty) == (FUND, BODY, FINAL) and owed.is_missing:
            dispensing.ask(by=asking.pk, owed=owed, until=today + timedelta(days=60), reason=WHY)
    if any(owed.fund == FUND for owed in owing.owed([today.year - 1], today)):
        record = reporting.begin(by=writing.pk, fund=FUND, year=today.year - 1)
        text = "\n\n".join(filter(None, (record.narrative.get("en", ""), WORDS)))
        reporting.tell_narrative(by=writing.pk, record=record, language="en", text=text)
