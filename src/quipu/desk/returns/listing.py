"""Lists of returns: each line with its state, deadline and total, in a few questions for any number of lines."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator

from quipu.actions import mandates
from quipu.actions.returns import deadlines
from quipu.actions.returns.deadlines import Deadline
from quipu.books import models
from quipu.books import returns as ledger
from quipu.desk.returns import sight
from quipu.desk.returns.sight import PREPARED, READ
from quipu.rules.difference import Cells
from quipu.rules.mandates import Scope
from quipu.rules.returns import rows
from quipu.rules.returns.rows import AMOUNT
from quipu.rules.returns.states import ANNUAL, INTERIM, KINDS, OWN, State

A_PAGE = 50
IN_FORCE = "in force"  # every version that no later one took the place of
NARROWED = ("year", "fund", "organization", "state", "kind")


@dataclass(frozen=True, slots=True)
class Line:
    """A return in a list, as its reader may see it. total None: nothing is said; last: the year before's."""

    record: Any
    state: str
    deadline: Deadline
    total: int | None
    last: int | None
    is_own: bool

    @property
    def waits(self) -> bool:
        """Whether the organization still has to give it; interim figures nobody has to."""
        return self.state in (*map(str, OWN), PREPARED) and self.record.kind != INTERIM


def total_of(cells: Cells) -> int:
    """The spending that cells say, corrections of other years included."""
    return sum(_spending(cells))


def _spending(cells: Cells) -> list[int]:
    said = ((rows.read(key), cell.get(AMOUNT)) for key, cell in cells.items())
    return [amount for row, amount in said if row is not None and row.is_spending and isinstance(amount, int)]


def asked(rights: Any, query: Mapping[str, str]) -> Any:
    """A page of lines under the choices of an address."""
    page = Paginator(sought(rights, query), A_PAGE).get_page(query.get("page"))
    page.object_list = lines(list(page), sight.own_reach(rights))
    return page


def sought(rights: Any, query: Mapping[str, str]) -> Any:
    """The returns within reach under these choices, in their order."""
    if not sight.own_reach(rights) and query.get("state") in (State.DRAFT, State.FOR_CERTIFICATION):
        query = {**query, "state": PREPARED}
    found = narrowed(sight.returns_within(rights.reach(READ)), query)
    return found.order_by("-year", "fund", "organization", "kind", "-version")


def narrowed(found: Any, query: Mapping[str, str]) -> Any:
    """Those that an address asks for."""
    for name in ("fund", "organization", "kind"):
        if query.get(name):
            found = found.filter(**{name: query[name]})
    if query.get("year", "").isdecimal() and len(query["year"]) == 4:
        found = found.filter(year=int(query["year"]))
    state = query.get("state") or IN_FORCE
    if state == IN_FORCE:
        return found.exclude(state=State.RESTATED)
    if state == PREPARED:
        return found.filter(state__in=[State.DRAFT, State.FOR_CERTIFICATION])
    return found.filter(state=state)


def lines(records: list[Any], own: Iterable[Scope]) -> list[Line]:
    """Lines of returns. own: where the reader is one of the organization's people."""
    own = list(own)
    theirs = {
        one.pk: any(scope.covers(Scope(one.fund_id, "", one.organization_id)) for scope in own) for one in records
    }
    due_on = deadlines.in_force(deadlines.place_of(one) for one in records)
    before = ledger.spent([(one.fund_id, one.organization_id, one.year - 1) for one in records])
    hidden = [one.pk for one in records if sight.is_hidden(one, theirs[one.pk])]
    signed: dict[str, Cells] = {}
    for code, content in models.Signed.objects.filter(of__in=hidden).order_by("number").values_list("of", "content"):
        signed[code] = json.loads(content)["cells"]
    found = []
    for one in records:
        cells = signed.get(one.pk) if one.pk in hidden else one.cells
        said = None if cells is None else _spending(cells)
        total = sum(said) if said else None
        last = before.get((one.fund_id, one.organization_id, one.year - 1)) if one.kind == ANNUAL else None
        state = sight.state_of(one, theirs[one.pk])
        found.append(Line(one, state, due_on[deadlines.place_of(one)], total, last, theirs[one.pk]))
    return found


def choices(rights: Any) -> dict[str, list[tuple[str, str]]]:
    """What the list can be narrowed to: what there is within reach."""
    every = sight.returns_within(rights.reach(READ)).order_by()
    own = bool(sight.own_reach(rights))
    years = sorted(set(every.values_list("year", flat=True)), reverse=True)
    states = [str(one) for one in State if own or one not in (State.DRAFT, State.FOR_CERTIFICATION)]
    return {
        "year": [(str(year), str(year)) for year in years],
        "fund": sorted({(code, f"{code} {title}".strip()) for code, title in every.values_list("fund", "fund__title")}),
        "organization": sorted(
            {(code, title or code) for code, title in every.values_list("organization", "organization__title")}
        ),
        "state": [(one, one) for one in (IN_FORCE, *([] if own else [PREPARED]), *states)],
        "kind": [(kind, kind) for kind in KINDS],
    }


def names_of(people: Iterable[Any]) -> list[str]:
    """How people are called."""
    return [str(one) for one in people]


def who(verb: str, record: Any) -> list[str]:
    """The names of those who may do something with a return."""
    scope = Scope(record.fund_id, "", record.organization_id)
    return names_of(mandates.who_may(verb, scope))
