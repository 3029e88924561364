"""What stands behind the expenditure figures of a table: which returns each cell is made of, out of an edition.

Only books know; what files alone report of a fund says nothing of certificates, and its cells stay as they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from quipu.edition import calendar, pages
from quipu.edition import returns as tables
from quipu.edition.open import Edition
from quipu.rules.calendar import annual_return, in_force
from quipu.rules.reporting import CERTIFIED, INTERIM, UNMARKED, Unit, standing
from quipu.rules.table import Cell, Table

FIGURE = "expenditure"
PLACES = ("fund", "project", "participating_organization", "year")  # what tells returns apart
ASIDE = ("family", "publisher", "category", "unit", "currency", "standing", "movement")  # and what does not
MOST_KEYS = 200  # activities that are asked for by themselves; more are looked up among all of them


def mark(edition: Edition, found: Iterable[Table]) -> None:
    """Gives the cells of expenditure in tables what stands behind them."""
    if not edition.manifest.position:
        return
    marked = [(table, _columns(table)) for table in found]
    marked = [(table, at) for table, at in marked if at]
    cells = [row[n] for table, at in marked for row in _rows(table) for n in at]
    scopes = [scope for cell in cells if (scope := _scope(cell)) is not None]
    if not scopes:
        return
    books = _Index(units(edition, _keys(edition, scopes)))
    for table, at in marked:
        for row in _rows(table):
            for n in at:
                scope = _scope(row[n])
                told = standing(books.of(scope)) if scope is not None else None
                if told:
                    row[n] = replace(row[n], standing=told)


def _columns(table: Table) -> list[int]:
    return [n for n, column in enumerate(table.columns) if column.figure == FIGURE and column.kind == "money"]


def _rows(table: Table) -> list[list[Cell]]:
    return [*table.rows, *([table.total] if table.total else [])]


def _scope(cell: Cell) -> dict[str, list[str]] | None:
    """What narrows a cell down, as far as returns can be told apart by it; None where something else does."""
    if cell.scope is None:
        return None
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in cell.scope:
        if name in PLACES:
            found[name].append(value)
        elif name not in ASIDE or (name == "family" and value != "pooled"):
            return None
    return found


def _keys(edition: Edition, scopes: Sequence[Mapping[str, list[str]]]) -> list[int] | None:
    """The activities that cells are about, where they name few; None for all."""
    named = {value for scope in scopes for value in scope.get("project") or scope.get("fund") or [""]}
    if "" in named or len(named) > MOST_KEYS:
        return None
    if all(scope.get("project") for scope in scopes):
        return pages.keys(edition, named)
    slots = ", ".join("?" * len(named))
    rows = edition.rows(f"SELECT key FROM activities WHERE fund IN ({slots})", sorted(named))
    return sorted({*pages.keys(edition, named), *(key for (key,) in rows)})


class _Index:
    """Units by what cells are narrowed down to: those of a place are found without looking at all."""

    def __init__(self, found: list[Unit]) -> None:
        self.units = found
        self.known: dict[tuple[str, ...], dict[tuple[str, ...], list[Unit]]] = {}

    def of(self, scope: Mapping[str, list[str]]) -> list[Unit]:
        """The units of a cell."""
        names = tuple(sorted(scope))
        if names not in self.known:
            by: dict[tuple[str, ...], list[Unit]] = defaultdict(list)
            for unit in self.units:
                by[tuple(_value(unit, name) for name in names)].append(unit)
            self.known[names] = by
        if all(len(scope[name]) == 1 for name in names):
            return self.known[names].get(tuple(scope[name][0] for name in names), [])
        return [one for one in self.units if all(_value(one, name) in scope[name] for name in names)]


def _value(unit: Unit, name: str) -> str:
    return str(unit.organization if name == "participating_organization" else getattr(unit, name))


def units(edition: Edition, keys: Sequence[int] | None = None) -> list[Unit]:
    """The returns of activities of the books, project by project: those that figures are in of, and those that are owed."""
    if keys is None:
        if "units" not in edition.memo:
            edition.memo["units"] = _units(edition, None)
        found: list[Unit] = edition.memo["units"]
        return found
    return _units(edition, keys)


def _units(edition: Edition, keys: Sequence[int] | None) -> list[Unit]:
    of_books = {
        identifier for (identifier,) in edition.rows("SELECT a.identifier FROM accounts JOIN activities a USING (key)")
    }
    known, now = _told(edition), calendar.moment(edition)
    stands: dict[tuple[str, str, str, int], list[tables.Figures]] = defaultdict(list)
    for one in tables.figures(edition, keys):
        stands[one.fund, one.project, one.organization, one.year].append(one)
    places = set(stands)
    for part in calendar.parts(edition, keys):
        last = now.year if part.open else min(now.year, part.ended.year if part.ended else part.last)
        places |= {
            (part.fund, part.project, part.organization, year)
            for year in range(max(part.first, 1), last + 1)
            if part.reports_on(year)
        }
    last_of: dict[tuple[str, str, str], int] = {}
    for fund, project, body, year in stands:
        last_of[fund, project, body] = max(year, last_of.get((fund, project, body), 0))
    return [
        replace(
            _unit(fund, project, body, year, stands.get((fund, project, body, year), []), known, now),
            later=year < last_of.get((fund, project, body), 0),
        )
        for fund, project, body, year in sorted(places)
        if fund in of_books
    ]


def _told(edition: Edition) -> dict[str, Any]:
    """The tables of returns, read once."""
    if "told returns" not in edition.memo:
        versions = tables.versions(edition)
        by_place: dict[tuple[str, str, int], list[dict[str, Any]]] = defaultdict(list)
        for one in versions:
            by_place[one["fund"], one["organization"], one["year"]].append(one)
        edition.memo["told returns"] = {
            "versions": by_place,
            "deadlines": tables.deadlines(edition),
            "dispensations": tables.dispensations(edition),
        }
    found: dict[str, Any] = edition.memo["told returns"]
    return found


def _unit(
    fund: str, project: str, body: str, year: int, stands: list[tables.Figures], known: dict[str, Any], now: date
) -> Unit:
    versions = known["versions"].get((fund, body, year), [])
    rule = annual_return(year, known["deadlines"].get(fund))
    granted = known["dispensations"].get((fund, body, year, "annual_return"), ())
    granted = [one for one in granted if one.project in ("", project)]
    figures = _worst(stands)
    accepted = [one for one in versions if one["kind"] == tables.ANNUAL and one["state"] == "accepted"]
    interim = [one for one in versions if one["kind"] == tables.INTERIM and one["state"] == "accepted"]
    waiting = [one for one in versions if one["kind"] == tables.ANNUAL and one["state"] in tables.WITH_AGENT]
    return Unit(
        fund,
        body,
        year,
        in_force(rule, (one.until for one in granted)),
        now,
        project,
        figures,
        bool(stands) and all(one.zero for one in stands),
        accepted[-1]["certified"] if accepted and figures == CERTIFIED else None,
        max((one.posted for one in stands if one.posted), default=None),
        interim[-1]["until"] if interim else None,
        waiting[-1]["certified"] if waiting else None,
        accepted[-1]["version"] if accepted else 1,
        rule,
        bool(versions),
        granted[-1].reason if granted else "",
    )


def _worst(stands: list[tables.Figures]) -> str:
    """How figures of several standings stand together: certified only where all are."""
    found = {one.standing or UNMARKED for one in stands}
    return next((word for word in (INTERIM, UNMARKED, CERTIFIED) if word in found), "")


def of_place(edition: Edition, fund: str, body: str, year: int) -> list[Unit]:
    """The returns of one organization, fund and year, project by project."""
    return [one for one in of_fund(edition, fund) if one.organization == body and one.year == year]


def of_fund(edition: Edition, fund: str) -> list[Unit]:
    """All of one fund."""
    return units(edition, _keys(edition, [{"fund": [fund]}]))
