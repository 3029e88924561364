"""What organizations owe without a return yet, and what they may give though nobody asks for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from quipu.actions.returns import owing
from quipu.actions.returns.deadlines import Deadline
from quipu.books import models, office
from quipu.rules.mandates import Scope
from quipu.rules.returns import obligations
from quipu.rules.returns.obligations import KINDS, Mark
from quipu.rules.returns.states import FINAL, INTERIM

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
    every = owing.owed(range(year - BACK, year + 1), organizations=organizations(scopes))
    ours = [one for one in owing.within(every, scopes) if one.duty in KINDS]
    has_annual = {
        (one.fund, one.organization, one.year)
        for one in ours
        if one.duty == obligations.ANNUAL and (one.code or not one.is_missing)
    }
    titles = dict(models.Fund.objects.filter(code__in={one.fund for one in ours}).values_list("code", "title"))
    found: dict[tuple[str, str, int, str], Owed] = {}
    for one in ours:
        place = one.fund, one.organization, one.year
        kind = KINDS[one.duty]
        is_early = kind != INTERIM and one.year == year and one.mark == Mark.NOT_DUE and kind != FINAL
        if one.code or one.closed or not one.is_missing or is_early or (kind == INTERIM and place in has_annual):
            continue
        deadline = Deadline(one.until, one.until > one.usual)
        found.setdefault((*place, kind), Owed(*place, kind, titles.get(one.fund, ""), deadline))
    return sorted(found.values(), key=lambda one: (one.deadline.on, one.fund, one.code))


def organizations(scopes: Iterable[Scope]) -> set[str]:
    """The organizations that scopes are for; none where one of them is for all."""
    named = {scope.organization for scope in scopes}
    return set() if "" in named else named
