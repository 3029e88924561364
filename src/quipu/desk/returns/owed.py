"""What organizations owe without a return yet, and what they may give though nobody asks for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quipu.actions.returns import standing
from quipu.books import models, office
from quipu.books import returns as ledger
from quipu.desk.returns import dates
from quipu.desk.returns.dates import Deadline, Place
from quipu.rules.kinds import CERTIFIED
from quipu.rules.mandates import Scope
from quipu.rules.returns.states import ANNUAL, FINAL, INTERIM

BACK = 5  # years that are looked at before the running one


@dataclass(frozen=True, slots=True)
class Owed:
    """A return that nobody has begun."""

    fund: str
    organization: str
    year: int
    kind: str
    title: str
    deadline: Deadline

    @property
    def code(self) -> str:
        """One text for a box to tick; codes hold no spaces."""
        return " ".join((self.place, str(self.year), self.kind))

    @property
    def place(self) -> str:
        """Its fund and organization, as a form sends them."""
        return f"{self.fund} {self.organization}"

    @property
    def scope(self) -> Scope:
        """Whose it is."""
        return Scope(self.fund, "", self.organization)

    @property
    def is_voluntary(self) -> bool:
        """Whether nobody is late without it."""
        return self.kind == INTERIM


def of(scopes: Iterable[Scope]) -> list[Owed]:
    """All that lies within scopes, what is due first; a few questions for any number."""
    scopes = list(scopes)
    if not scopes:
        return []
    year = office.today().year
    wanted: set[Place] = set()
    bodies = organizations(scopes)
    for part in ledger.participations(bodies):
        if not any(scope.covers(Scope(part.fund, "", part.organization)) for scope in scopes):
            continue
        place = (part.fund, part.organization)
        wanted |= {(*place, each, ANNUAL) for each in range(year - BACK, year) if part.reports_on(each)}
        if part.reports_on(year):
            wanted.add((*place, year, INTERIM))
        if part.ended is not None and not part.settled and part.ended.year >= year - BACK:
            wanted.add((*place, part.ended.year, FINAL))
    return _without_what_is_in(wanted, bodies)


def organizations(scopes: Iterable[Scope]) -> set[str]:
    """The organizations that scopes are for; none where one of them is for all."""
    named = {scope.organization for scope in scopes}
    return set() if "" in named else named


def _without_what_is_in(wanted: set[Place], bodies: set[str]) -> list[Owed]:
    if not wanted:
        return []
    closed = ledger.closed_years({fund for fund, *_ in wanted})
    reported = ledger.reported({year for _, _, year, _ in wanted}, bodies)
    there = standing.of_places((fund, body, year) for fund, body, year, _ in wanted)
    open_ = [one for one in wanted if one not in there and not _is_in(one, closed, reported, there)]
    deadlines = dates.in_force(open_)
    titles = dict(models.Fund.objects.filter(code__in={one[0] for one in open_}).values_list("code", "title"))
    found = [Owed(*one, titles.get(one[0], ""), deadlines[one]) for one in open_]
    return sorted(
        (one for one in found if one.deadline.on is not None), key=lambda one: (one.deadline.on, one.fund, one.code)
    )


def _is_in(place: Place, closed: Any, reported: Any, there: Any) -> bool:
    """Whether nothing is wanted any more: the year is closed, or certified figures of it stand or are on their way."""
    fund, body, year, kind = place
    if kind == FINAL:
        return False
    is_certified = reported.get((fund, body, year)) == CERTIFIED
    return year in closed[fund] or is_certified or (fund, body, year, ANNUAL) in there
