"""Who was on time over the years: annual returns counted by organization and by fund, and the agent's own days apart.

Nobody is ranked: rows stand by name. Under five returns a share says nothing, and the counts stand alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from django.http import HttpRequest

from quipu.edition import calendar
from quipu.portal import addresses
from quipu.portal.labels import Labels
from quipu.rules.calendar import IN, Kept, Obligation, days_late, kept
from quipu.rules.money import printed
from quipu.rules.table import Cell, Column, Table

COUNTS = (
    Column("due", "Returns", "count"),
    Column("on_time", "On time", "count"),
    Column("late", "Late", "count"),
    Column("days", "Days late, by year"),
    Column("missing", "Not certified", "count"),
    Column("missing_years", "Of which years"),
    Column("unknown", "Day not recorded", "count"),
    Column("extended", "More time", "count"),
    Column("waived", "Waived", "count"),
    Column("nil", "Nothing spent", "count"),
    Column("percent", "On time, per cent", "percent"),
)
RETURNS = (
    Column("year", "Year"),
    Column("fund", "Fund"),
    Column("organization", "Organization"),
    Column("state", "What is known"),
    Column("rule", "Due by rule", "date"),
    Column("due", "Deadline in force", "date"),
    Column("certified", "Certified", "date"),
    Column("late", "Days late", "count"),
    Column("reason", "Why more time, or none"),
    Column("remark", "Remark by the organization"),
)
AGENT = (
    Column("year", "Year"),
    Column("fund", "Fund"),
    Column("returns", "Returns accepted", "count"),
    Column("middle", "Days to accept, the middle one", "count"),
    Column("longest", "Days to accept, the longest", "count"),
    Column("waiting", "Waiting for the agent", "count"),
    Column("due", "Report due", "date"),
    Column("closed", "Year closed", "date"),
    Column("late", "Days late", "count"),
)


def of_return(each: Obligation) -> str:
    """The page of a return."""
    return addresses.of_return(each.fund, each.body, each.year or 0)


def without(table: Table, names: set[str]) -> Table:
    """A table without the columns that say what a reader chose, the same in every row; its first one stays."""
    at = [n for n, column in enumerate(table.columns) if not n or column.key not in names]
    return replace(table, columns=[table.columns[n] for n in at], rows=[[row[n] for n in at] for row in table.rows])


def tables(request: HttpRequest, returns: list[Obligation], reports: list[Obligation]) -> dict[str, Table]:
    """Kept by organization and by fund, return by return with the newest year first, and the agent's own."""
    if not returns:
        return {}
    return {
        "punctuality": _counted(request, returns, "organization", lambda each: each.body),
        "funds": _counted(request, returns, "fund", lambda each: each.fund),
        "returns": _returns(request, returns),
        "acceptance": _agent(returns, reports),
    }


def _counted(
    request: HttpRequest, returns: Iterable[Obligation], key: str, whose: Callable[[Obligation], str]
) -> Table:
    by: dict[str, list[Obligation]] = defaultdict(list)
    for each in returns:
        by[whose(each)].append(each)
    named = Labels(request.edition, request.words, request.prefix).namer(key, by)
    now = calendar.moment(request.edition)
    rows = []
    for code in sorted(by, key=lambda one: (named(one).casefold(), one)):
        told = kept(by[code], now)
        if told.due or told.waived:
            rows.append([Cell(code, label=named(code)), *_cells(request, told)])
    label = "Organization" if key == "organization" else "Fund"
    columns = [Column(key, label), *COUNTS]
    spare = {"missing_years", "extended", "waived", "nil", "unknown", "days"}
    names = [n for n, one in enumerate(columns) if one.key not in spare or any(row[n].value for row in rows)]
    return Table([columns[n] for n in names], [[row[n] for n in names] for row in rows])


def _cells(request: HttpRequest, told: Kept) -> list[Cell]:
    gettext = request.words.gettext
    days = "; ".join(f"{year}: {gettext('%(n)s d') % {'n': late}}" for year, late in told.late)
    percent = told.percent
    few = "fewer than five returns with a known day: the counts say it"
    return [
        Cell(told.due),
        Cell(told.on_time),
        Cell(len(told.late)),
        Cell(days or None, why="none"),
        Cell(len(told.missing)),
        Cell(", ".join(map(str, sorted(set(told.missing)))) or None, why="none"),
        Cell(told.unknown),
        Cell(told.extended),
        Cell(told.waived),
        Cell(told.nil),
        Cell(None if percent is None else printed(percent, 0), why=few),
    ]


def _returns(request: HttpRequest, returns: Iterable[Obligation]) -> Table:
    gettext = request.words.gettext
    named = Labels(request.edition, request.words, request.prefix).namer("organization", {one.body for one in returns})
    rows = []
    for each in sorted(returns, key=lambda one: (-(one.year or 0), one.fund, named(one.body).casefold(), one.body)):
        rows.append(
            [
                Cell(str(each.year)),
                Cell(each.fund),
                Cell(each.body),
                Cell(each.state, label=gettext(each.state), link=request.prefix + of_return(each)),
                Cell((each.rule or each.due).isoformat()),
                Cell(None if each.state == "waived" else each.due.isoformat(), why="waived"),
                Cell(
                    each.arrived.isoformat() if each.arrived else None,
                    why="not recorded" if each.state in IN else "none",
                ),
                Cell(each.late or None, why="on time" if each.late == 0 else "none"),
                Cell(each.reason or None, why="none"),
                Cell(each.remark or None, why="none"),
            ]
        )
    names = [
        n for n, one in enumerate(RETURNS) if one.key not in ("reason", "remark") or any(row[n].value for row in rows)
    ]
    return Table([RETURNS[n] for n in names], [[row[n] for n in names] for row in rows])


def _agent(returns: Iterable[Obligation], reports: Iterable[Obligation]) -> Table:
    """How long the agent took: from each signature to its acceptance, and for the year's report."""
    took: dict[tuple[str, int], list[int]] = defaultdict(list)
    waiting: dict[tuple[str, int], int] = defaultdict(int)
    for each in returns:
        place = (each.fund, each.year or 0)
        if each.arrived and each.accepted:
            took[place].append(days_late(each.arrived, each.accepted))
        elif each.arrived:
            waiting[place] += 1
    rows = []
    for each in sorted(reports, key=lambda one: (-(one.year or 0), one.fund)):
        days = sorted(took[each.fund, each.year or 0])
        late = days_late(each.due, each.arrived) if each.arrived else None
        rows.append(
            [
                Cell(str(each.year)),
                Cell(each.fund),
                Cell(len(days)),
                Cell(days[(len(days) - 1) // 2] if days else None, why="none"),
                Cell(days[-1] if days else None, why="none"),
                Cell(waiting[each.fund, each.year or 0]),
                Cell(each.due.isoformat()),
                Cell(each.arrived.isoformat() if each.arrived else None, why="not closed in the books"),
                Cell(late or None, why="on time" if late == 0 else "none"),
            ]
        )
    return Table(list(AGENT), [row for row in rows if row[2].value or row[5].value or row[7].value])
