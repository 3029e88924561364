"""What stands behind the expenditure figures of a table: which returns each cell is made of, out of an edition.

Only books know; what files alone report of a fund says nothing of certificates, and its cells stay as they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from quipu.edition import calendar
from quipu.edition import returns as tables
from quipu.edition.open import Edition
from quipu.rules.calendar import annual_return, in_force
from quipu.rules.reporting import CERTIFIED, INTERIM, UNMARKED, Unit, standing
from quipu.rules.table import Cell, Table

FIGURE = "expenditure"
PLACES = ("fund", "project", "participating_organization", "year")  # what tells returns apart
ASIDE = ("family", "publisher", "category", "unit", "currency", "standing", "movement")  # and what does not
FEW = 8  # funds that are asked for one by one; more are looked up among all of them


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
    books = _Books(edition, scopes)
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


class _Books:
    """The returns of the funds that some cells are about."""

    def __init__(self, edition: Edition, scopes: Sequence[Mapping[str, list[str]]]) -> None:
        self.edition = edition
        self.fund_of = _of_books(edition)
        named = [self._funds(scope) for scope in scopes]
        funds = {fund for some in named if some is not None for fund in some}
        self.as_one = any(some is None for some in named) or len(funds) > FEW

    def _funds(self, scope: Mapping[str, list[str]]) -> set[str] | None:
        """The funds of the books that a cell is about; None where it names none."""
        named = scope.get("project") or scope.get("fund")
        return None if named is None else {self.fund_of[one] for one in named if one in self.fund_of}

    def of(self, scope: Mapping[str, list[str]]) -> list[Unit]:
        """The units of a cell."""
        if self.as_one:
            return _index(self.edition, "").of(scope)
        return [one for fund in sorted(self._funds(scope) or ()) for one in _index(self.edition, fund).of(scope)]


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
            self.known[names] = dict(by)
        if all(len(scope[name]) == 1 for name in names):
            return self.known[names].get(tuple(scope[name][0] for name in names), [])
        return [one for one in self.units if all(_value(one, name) in scope[name] for name in names)]


def _index(edition: Edition, fund: str) -> _Index:
    """The index of one fund's units, of all funds' for ""; made once."""
    key = ("index of returns", fund)
    if key not in edition.memo:
        edition.memo[key] = _Index(_units(edition, fund))
    found: _Index = edition.memo[key]
    return found


def _of_books(edition: Edition) -> dict[str, str]:
    """The funds and projects of the books, by identifier: the fund each belongs to."""
    if "funds of books" not in edition.memo:
        rows = edition.rows("SELECT a.identifier, a.fund FROM accounts JOIN activities a USING (key)")
        edition.memo["funds of books"] = dict(rows)
    found: dict[str, str] = edition.memo["funds of books"]
    return found


def _value(unit: Unit, name: str) -> str:
    return str(unit.organization if name == "participating_organization" else getattr(unit, name))


def units(edition: Edition, fund: str = "", project: str = "") -> list[Unit]:
    """The returns of a fund of the books, project by project: those that figures are in of, and those that are owed.

    fund: "" for all; project: of one alone.
    """
    found = _index(edition, fund)
    return found.of({"project": [project]}) if project else found.units


def _units(edition: Edition, fund: str) -> list[Unit]:
    of_books = _of_books(edition)
    keys = None
    if fund:
        rows = edition.rows("SELECT key FROM accounts JOIN activities a USING (key) WHERE a.fund = ?", [fund])
        keys = [key for (key,) in rows]
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
    for whose, project, body, year in stands:
        last_of[whose, project, body] = max(year, last_of.get((whose, project, body), 0))
    return [
        replace(
            _unit(whose, project, body, year, stands.get((whose, project, body, year), []), known, now),
            later=year < last_of.get((whose, project, body), 0),
        )
        for whose, project, body, year in sorted(places)
        if whose in of_books
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
    scope = {"fund": [fund], "participating_organization": [body], "year": [str(year)]}
    return list(_index(edition, fund).of(scope)) if fund in _of_books(edition) else []
