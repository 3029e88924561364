"""Rehearse: the people of a demonstration, who are invented and sign in with a word that everybody knows."""

import tomllib
from pathlib import Path

from quipu.actions import mandates, people
from quipu.actions.mandates import Wanted
from quipu.books import models
from quipu.rules.mandates import Scope

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
