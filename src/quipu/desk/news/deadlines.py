"""Deadlines of the signed-in person, as far as their mandates make them theirs: the calendar of the current edition.

What is owed for a year stands in it as the books have it now: with more time where it was given, and gone where it was
waived or came in.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from quipu.actions.letters import subjects
from quipu.actions.returns import owing
from quipu.books.records import identities
from quipu.desk.drawing import said
from quipu.desk.inbox import Task
from quipu.edition.calendar import obligations
from quipu.edition.home import Home
from quipu.edition.open import BeingMade, Edition, Editions, NoEdition
from quipu.rules.calendar import CERTIFIED, DUTIES, NOT_DUE, NOTHING, Obligation
from quipu.rules.mandates import Scope
from quipu.rules.owing import OPEN, OWED_BY, is_near, owes
from quipu.rules.returns.obligations import DISPENSABLE, FINAL, INTERIM, REPORT, Mark, Owed


@cache
def _editions(home: Path) -> Editions:
    return Editions(Home(home))


def _edition() -> Edition | None:
    with suppress(NoEdition, BeingMade, OSError):
        return _editions(Path(settings.HOME)).current()
    return None


def of(rights: Any) -> list[tuple[Obligation, str]]:
    """What somebody owes from a year ago to the end of next year, with what it is about; none where nothing is published."""
    roles = {role for several in OWED_BY.values() for role in several}
    edition = _edition() if any(one.role in roles for one in rights.held) else None
    if edition is None:
        return []
    today = timezone.localdate()
    known, bodies = subjects(), {identity: code for code, identity in identities().items()}
    funds = {scope.fund for scope in known.values()}
    stands = {one.key: one for one in owing.owed(range(today.year - 3, today.year + 1))}
    shown: set[tuple[str, str, str, str, int]] = set()
    found = []
    for year in (today.year - 2, today.year - 1, today.year, today.year + 1):
        for each in obligations(edition, year):
            scope = Scope(
                known.get(each.fund, Scope()).fund, known.get(each.project, Scope()).project, bodies.get(each.body, "")
            )
            key = _key(each, scope)
            told = _as_it_stands(each, stands.get(key))
            is_here = scope.fund in funds and told is not None and today.year - 1 <= told.due.year <= today.year + 1
            if told is not None and is_here and key not in shown and owes(rights.held, each.duty, scope, today):
                shown |= {key} if key in stands else set()
                about = " ".join(filter(None, (scope.fund, scope.project, scope.organization or each.body)))
                found.append((told, about))
    asked = (one for one in stands.values() if one.duty == INTERIM and one.is_missing and one.mark != Mark.NOT_DUE)
    for one in asked:  # voluntary, so that no edition holds them; nobody is told once their day has passed
        if one.until >= today and owes(rights.held, one.duty, one.scope, today):
            each = Obligation(one.duty, one.until, NOT_DUE, one.fund, one.organization, year=one.year)
            found.append((each, f"{one.fund} {one.organization}"))
    return found


def _key(each: Obligation, scope: Scope) -> tuple[str, str, str, str, int]:
    """Which obligation of the books that is. What the agent owes has no organization, a final statement the year work ended."""
    body = "" if each.duty == REPORT else scope.organization
    year = each.due.year - 1 if each.duty == FINAL else each.year or 0
    return (each.duty, scope.fund, body, scope.project, year)


def _as_it_stands(each: Obligation, stands: Owed | None) -> Obligation | None:
    """With the deadline in force and what is known by now; None where it is waived."""
    if stands is None:
        return each
    if stands.mark == Mark.WAIVED:
        return None
    if not stands.is_missing:
        return replace(each, due=stands.until, state=CERTIFIED)
    late = each.state if each.state in OPEN else NOTHING
    return replace(each, due=stands.until, state=NOT_DUE if stands.until >= timezone.localdate() else late)


def tasks(rights: Any) -> Iterator[Task]:
    """Deadlines that are near, or were missed."""
    today = timezone.localdate()
    for each, about in of(rights):
        if is_near(each, today):
            yield Task(said(DUTIES[each.duty].label), f"{about}{_year(each)}", address_of(each), None, each.due)


def feed(rights: Any, today: date) -> Iterator[tuple[Obligation, str]]:
    """What a calendar shows: everything that is still to be done, however far ahead."""
    yield from ((each, about) for each, about in of(rights) if each.state in OPEN or each.due >= today)


def _year(each: Obligation) -> str:
    return f", {each.year}" if each.year is not None else ""


def address_of(each: Obligation) -> str:
    """Where something can be done about it; else the public calendar of the year in which it falls due."""
    if each.duty in (*DISPENSABLE, INTERIM):
        return f"/desk/years/{each.year or each.due.year - 1}/owed?shown=missing"
    return f"/calendar?year={each.due.year}"
