"""Deadlines of the signed-in person: the calendar of the current edition, as far as their mandates make it theirs."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from quipu.actions.letters import subjects
from quipu.books.records import identities
from quipu.desk.drawing import said
from quipu.desk.inbox import Task
from quipu.edition.calendar import obligations
from quipu.edition.home import Home
from quipu.edition.open import BeingMade, Edition, Editions, NoEdition
from quipu.rules.calendar import DUTIES, Obligation
from quipu.rules.mandates import Scope
from quipu.rules.owing import OPEN, OWED_BY, is_near, owes


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
    found = []
    for year in (today.year - 1, today.year, today.year + 1):
        for each in obligations(edition, year):
            scope = Scope(
                known.get(each.fund, Scope()).fund, known.get(each.project, Scope()).project, bodies.get(each.body, "")
            )
            if scope.fund in funds and owes(rights.held, each.duty, scope, today):
                found.append(
                    (each, " ".join(filter(None, (scope.fund, scope.project, scope.organization or each.body))))
                )
    return found


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
    """The public calendar of the year in which it falls due: with whom it concerns."""
    return f"/calendar?year={each.due.year}"
