"""The facts that obligations follow from, out of an edition: who works where, what was reported, what agreements expect."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from quipu.edition import returns as tables
from quipu.edition.open import Edition
from quipu.rules import calendar
from quipu.rules.calendar import (
    CERTIFIED,
    INTERIM,
    NIL,
    UNMARKED,
    Arrived,
    Deadlines,
    Expected,
    Granted,
    Obligation,
    Participation,
    Place,
)
from quipu.rules.entries import MOST
from quipu.rules.statuses import OVER

_PARTS = f"""
WITH paid AS (
    SELECT c.key, c.organization, min(c.year) FILTER (c.movement = 'transfer') AS first, max(c.year) AS last
    FROM cubes c JOIN cuts k USING (key)
    WHERE k.counted AND k.pooled AND NOT c.of_parts AND c.family = 'pooled' AND c.organization <> '' AND {{keys}}
      AND c.movement IN ('transfer', 'expenditure', 'refund')
    GROUP BY ALL HAVING first IS NOT NULL
), ended AS (  -- a part that ended before its project
    SELECT p.key, b.identity AS organization, arg_max(e.status, e.position) AS status,
           arg_max(e."on", e.position) FILTER (e.status = 'operationally_closed') AS "on"
    FROM events e JOIN accounts p ON p.kind = 'project' AND p.code = e.project JOIN bodies b ON b.code = e.organization
    WHERE e.organization <> '' AND e.status <> '' GROUP BY ALL
)
SELECT a.fund, p.organization, CASE WHEN a.place = 'child' THEN a.identifier ELSE '' END AS project, p.first, p.last,
       coalesce(e.status, k.status) NOT IN ({", ".join(f"'{each}'" for each in OVER)}) AS open,
       coalesce(e."on", s.until) AS ended, coalesce(e.status, k.status) = 'financially_closed' AS settled
FROM paid p JOIN activities a USING (key) JOIN cuts k USING (key) LEFT JOIN spans s USING (key)
LEFT JOIN ended e ON e.key = p.key AND e.organization = p.organization
ORDER BY ALL"""
_STANDINGS = {"certified": CERTIFIED, "interim": INTERIM, "": UNMARKED}
_BEST = (CERTIFIED, UNMARKED, INTERIM, NIL)  # where a year holds several
_DEPOSITS = """
SELECT f.agreement, f."on", CASE f.movement WHEN 'deposit' THEN 1 ELSE -1 END
       * CASE WHEN m.original_currency = g.currency THEN m.original WHEN f.currency = g.currency THEN f.value END AS amount
FROM facts f JOIN agreements g ON g.code = f.agreement
LEFT JOIN remarks m ON m.position = f.entry // ? AND m.ordinal = f.entry % ?
WHERE f.movement IN ('deposit', 'contributor_refund') AND f.agreement <> ''"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a calendar of any year is made of."""

    parts: list[Participation]
    reported: dict[Place, str]
    agents: dict[str, str]
    closed: dict[tuple[str, int], date]
    ends: dict[str, date]
    expected: list[Expected]
    deadlines: dict[str, Deadlines]
    returns: dict[Place, Arrived]
    dispensations: dict[tuple[str, str, int, str], list[Granted]]


def moment(edition: Edition) -> date:
    """The day of the edition."""
    return date.fromisoformat(edition.manifest.made_at[:10])


def obligations(edition: Edition, year: int, fund: str = "", body: str = "") -> list[Obligation]:
    """What falls due in a year, by day; of one fund, or of one organization or contributor, where they are given."""
    known, now = facts(edition), moment(edition)

    def within(day: date) -> bool:
        return day.year == year

    found = [
        *_of_organizations(known, year - 1, now),
        *calendar.of_agents(year - 1, known.agents, known.parts, known.closed, now, known.deadlines),
        *calendar.of_projects(within, known.parts, known.ends, now, known.deadlines, known.dispensations),
        *calendar.of_contributors(within, known.expected, now),
    ]
    ours = {each.project for each in known.parts if each.organization == body}

    def concerns(each: Obligation) -> bool:
        return each.body == body or (not each.body and each.project in ours)

    return calendar.by_day(each for each in found if fund in ("", each.fund) and (not body or concerns(each)))


def _of_organizations(known: Facts, year: int, now: date) -> list[Obligation]:
    return calendar.of_organizations(
        year, known.parts, known.reported, now, known.deadlines, known.returns, known.dispensations
    )


def returns(edition: Edition, fund: str = "", body: str = "") -> list[Obligation]:
    """The annual returns of all years before the running one, of one fund or organization where they are given; by day."""
    if "annual returns" not in edition.memo:
        known, now = facts(edition), moment(edition)
        first = min((each.first for each in known.parts), default=now.year)
        years = (_of_organizations(known, year, now) for year in range(first, now.year))
        edition.memo["annual returns"] = calendar.by_day(
            each for found in years for each in found if each.duty == "annual_return"
        )
    return [each for each in edition.memo["annual returns"] if fund in ("", each.fund) and body in ("", each.body)]


def deadlines(edition: Edition) -> dict[Place, date]:
    """The deadlines in force of annual returns, where they are not the field's. What was waived keeps its day by rule."""
    known = facts(edition)
    if not (known.deadlines or known.dispensations):
        return {}
    return {
        (each.fund, each.body, each.year or 0): each.due
        for each in returns(edition)
        if each.rule or each.fund in known.deadlines
    }


def reports(edition: Edition, fund: str = "") -> list[Obligation]:
    """The agents' consolidated reports of all years, likewise."""
    known, now = facts(edition), moment(edition)
    first = min((each.first for each in known.parts), default=now.year)
    return [
        each
        for year in range(first, now.year)
        for each in calendar.of_agents(year, known.agents, known.parts, known.closed, now, known.deadlines)
        if fund in ("", each.fund)
    ]


def choices(edition: Edition) -> tuple[list[int], list[str], list[str]]:
    """The years that have obligations, and the funds and organizations that can be chosen."""
    known = facts(edition)
    first = min((each.first for each in known.parts), default=moment(edition).year)
    funds = sorted({each.fund for each in known.parts} | {each.fund for each in known.expected})
    bodies = sorted({each.organization for each in known.parts} | {each.contributor for each in known.expected})
    return list(range(moment(edition).year + 2, first, -1)), funds, bodies


def facts(edition: Edition) -> Facts:
    """What the edition's calendars are made of, read once."""
    if "calendar" not in edition.memo:
        edition.memo["calendar"] = _read(edition)
    found: Facts = edition.memo["calendar"]
    return found


def _read(edition: Edition) -> Facts:
    reported: dict[Place, str] = {}
    for each in tables.figures(edition):
        state = _STANDINGS[each.standing]
        state = NIL if each.zero and state == CERTIFIED else state
        place = (each.fund, each.organization, each.year)
        before = reported.get(place)
        reported[place] = state if before is None else min(state, before, key=_BEST.index)
    closed: dict[tuple[str, int], date] = {}
    for fund, kind, year, on in edition.rows(
        "SELECT a.identifier, e.kind, e.year, e.\"on\" FROM events e JOIN accounts p ON p.kind = 'fund' AND p.code = e.fund"
        " JOIN activities a USING (key) WHERE e.kind IN ('close-year', 'reopen-year') ORDER BY e.position"
    ):
        if kind == "close-year":
            closed[fund, year] = on
        else:
            closed.pop((fund, year), None)
    ends = edition.rows(
        "SELECT a.identifier, s.until FROM activities a JOIN spans s USING (key) WHERE a.place = 'child' AND s.until IS NOT NULL"
    )
    return Facts(
        parts(edition),
        reported,
        dict(edition.rows("SELECT identifier, max(publisher) FROM funds GROUP BY ALL")),
        closed,
        dict(ends),
        _expected(edition),
        tables.deadlines(edition),
        tables.arrived(tables.versions(edition)),
        tables.dispensations(edition),
    )


def parts(edition: Edition, keys: Sequence[int] | None = None) -> list[Participation]:
    """Who has work where, in some activities or in all."""
    named = "true" if keys is None else f"c.key IN ({', '.join(map(str, keys)) or 'NULL'})"
    return [Participation(*row) for row in edition.rows(_PARTS.format(keys=named))]


def _expected(edition: Edition) -> list[Expected]:
    received: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for agreement, on, amount in edition.rows(_DEPOSITS, [MOST, MOST]):
        if amount is not None:
            received[agreement].append((on, amount))
    before: dict[str, Decimal] = defaultdict(Decimal)
    found: list[Expected] = []
    rows: list[tuple[Any, ...]] = edition.rows(
        "SELECT a.identifier, coalesce(b.identity, g.contributor), g.code, g.currency, i.expected_on, i.amount"
        " FROM instalments i JOIN agreements g ON g.code = i.agreement JOIN accounts p ON p.kind = 'fund' AND p.code = g.fund"
        " JOIN activities a USING (key) LEFT JOIN bodies b ON b.code = g.contributor ORDER BY g.code, i.expected_on, i.amount"
    )
    for fund, contributor, agreement, currency, on, amount in rows:
        found.append(
            Expected(fund, contributor, agreement, currency, on, amount, before[agreement], received[agreement])
        )
        before[agreement] += amount
    return found
