"""What waits for somebody at the year's end: dispensations to decide, reports to sign, years to close."""

from collections.abc import Iterator
from typing import Any

from quipu.actions.returns import dispensing, owing, reporting, surveying
from quipu.books import models, office
from quipu.desk.drawing import address, said
from quipu.desk.inbox import Task
from quipu.desk.years import words
from quipu.rules.mandates import Scope
from quipu.rules.returns.obligations import REPORT

BACK = 2  # years that are looked at for what is to be closed


def tasks(rights: Any) -> Iterator[Task]:
    """All of them."""
    yield from _dispensations(rights)
    yield from _reports(rights)
    yield from _years(rights)


def _dispensations(rights: Any) -> Iterator[Task]:
    reach = rights.reach("decide dispensations")
    if not reach:
        return
    for one in models.Dispensation.objects.filter(granted=None).exclude(asked_by=rights.person.pk).order_by("pk"):
        if any(scope.covers(dispensing.scope_of(one)) for scope in reach):
            wanted = said("Decide on more time") if one.until else said("Decide on a waiver")
            thing = f"{words.duty(one.duty)}: {one.fund_id} {one.organization_id}, {one.year}"
            yield Task(wanted, thing, address("dispensation", one.pk), one.asked_at.date())


def _reports(rights: Any) -> Iterator[Task]:
    reach = rights.reach("sign reports")
    if not reach:
        return
    for one in reporting.unsigned():
        if any(scope.covers(reporting.scope_of(one)) for scope in reach):
            whose = one.fund_id or said("All funds")
            thing = said("Consolidated report %(what)s", what=f"{whose} {one.year}")
            yield Task(said("Sign"), thing, address("sign_report", one.pk), one.at.date())


def _years(rights: Any) -> Iterator[Task]:
    """Years of which nothing is missing any more, or whose report is signed, and that are not closed."""
    reach = rights.reach("change statuses")
    if not reach:
        return
    today = office.today()
    owed = owing.owed(range(today.year - BACK, today.year), today)
    for one in owed:
        if one.duty != REPORT or one.closed or not any(scope.covers(Scope(one.fund)) for scope in reach):
            continue
        of_year = [each for each in owed if each.year == one.year]
        if not one.is_missing or not surveying.lacking(of_year, one.fund):
            yield Task(
                said("Close the year"),
                f"{one.fund} {one.year}",
                address("close_with", one.year, one.fund),
                None,
                one.until,
            )
