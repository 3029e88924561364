"""Returns out of an edition: the versions that were submitted, what was granted and waived, and what figures stand.

Funds, projects and organizations are named as pages name them, by identifier and identity; the books' codes stay inside.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from quipu.edition.open import Edition
from quipu.rules.calendar import Arrived, Deadlines, Granted
from quipu.rules.entries import MOST

IN_FORCE = ("accepted", "restated")  # states of versions whose figures were posted
WITH_AGENT = ("submitted", "in review")
INTERIM, ANNUAL = "interim", "annual"
_NAMED = (
    "SELECT * FROM (SELECT t.* REPLACE (a.identifier AS fund, b.identity AS organization) FROM {table} t"
    " JOIN accounts p ON p.kind = 'fund' AND p.code = t.fund JOIN activities a ON a.key = p.key"
    " JOIN bodies b ON b.code = t.organization) WHERE {where} ORDER BY fund, organization, year, {order}"
)
_STAND = """
SELECT a.fund, CASE WHEN a.place = 'child' THEN a.identifier ELSE '' END AS project, c.key, c.organization, c.year, c.standing,
       sum(c.value) AS value, v."on" AS posted
FROM (SELECT key, organization, year, standing, currency, sum(value) AS value, max(newest) AS newest FROM cubes
      WHERE NOT of_parts AND family = 'pooled' AND movement = 'expenditure' AND organization <> '' AND {keys} GROUP BY ALL) c
JOIN cuts k USING (key) JOIN activities a USING (key)
LEFT JOIN accounts p ON p.key = c.key LEFT JOIN vouchers v ON p.key IS NOT NULL AND v.position = c.newest // {most}
WHERE k.counted AND k.pooled GROUP BY ALL ORDER BY ALL"""
# Of what adds up to nothing: whether an entry of it stands, or whether all of it was taken back.
_ZERO = """
SELECT DISTINCT f.subject, f.participating_organization, f.year, f.standing FROM all_facts f
WHERE f.subject IN ({keys}) AND f.family = 'pooled' AND f.movement = 'expenditure' AND f.reverses IS NULL
  AND f.entry NOT IN (SELECT reverses FROM all_facts WHERE subject IN ({keys}) AND reverses IS NOT NULL)"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands as spent by an organization on a project (or a fund itself, "") in a year, in one standing."""

    fund: str
    project: str
    organization: str
    year: int
    standing: str
    zero: bool
    posted: date | None


def figures(edition: Edition, keys: Sequence[int] | None = None) -> list[Figures]:
    """All that stands, of some activities or of everything. What was taken back whole does not; a zero that stands does."""
    named = "true" if keys is None else f"key IN ({', '.join(map(str, keys)) or 'NULL'})"
    rows: list[tuple[Any, ...]] = edition.rows(_STAND.format(keys=named, most=MOST))
    spent = {(row[2], row[3], row[4]) for row in rows if row[6]}
    empty = [row for row in rows if (row[2], row[3], row[4]) not in spent]
    stands: set[tuple[Any, ...]] = set()
    if empty and edition.manifest.position:  # only books certify that nothing was spent
        stands = set(edition.rows(_ZERO.format(keys=", ".join(sorted({str(row[2]) for row in empty})))))
    found = []
    for fund, project, key, body, year, standing, value, posted in rows:
        if value or ((key, body, year) not in spent and (key, body, year, standing) in stands):
            found.append(Figures(fund, project, body, year, standing, not value, posted))
    return found


def versions(edition: Edition, fund: str = "", organization: str = "", year: int | None = None) -> list[dict[str, Any]]:
    """The versions that were submitted, of all or of one fund, organization, year; in the order they follow each other."""
    order = "kind = 'final', kind = 'annual', version, code"
    return _rows(edition, "returns", order, fund, organization, year)


def of_voucher(edition: Edition, position: int) -> list[dict[str, Any]]:
    """The versions that a voucher posted, by its position: one at most."""
    return edition.dicts(_NAMED.format(table="returns", where="position = ?", order="version"), [position])


def waived(edition: Edition, fund: str = "", organization: str = "", year: int | None = None) -> list[dict[str, Any]]:
    """The rules that were waived."""
    return _rows(edition, "waived_rules", '"on", rule, row', fund, organization, year)


def granted(edition: Edition, fund: str = "", organization: str = "", year: int | None = None) -> list[dict[str, Any]]:
    """More time that was granted, and obligations that were waived; projects by identifier."""
    found = _rows(edition, "dispensations", '"on", duty, project', fund, organization, year)
    codes = {one["project"] for one in found if one["project"]}
    slots = ", ".join("?" * len(codes)) or "NULL"
    named = dict(
        edition.rows(
            "SELECT p.code, a.identifier FROM accounts p JOIN activities a USING (key)"
            f" WHERE p.kind = 'project' AND p.code IN ({slots})",
            sorted(codes),
        )
    )
    return [{**one, "project": named.get(one["project"], one["project"])} for one in found]


def _rows(
    edition: Edition, table: str, order: str, fund: str, organization: str, year: int | None
) -> list[dict[str, Any]]:
    where, values = ["true"], []
    for column, value in (("fund", fund), ("organization", organization), ("year", year)):
        if value:
            where.append(f"{column} = ?")
            values.append(value)
    return edition.dicts(_NAMED.format(table=table, where=" AND ".join(where), order=order), values)


def deadlines(edition: Edition) -> dict[str, Deadlines]:
    """The deadlines of funds that have their own."""
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    rows: list[tuple[Any, ...]] = edition.rows(
        "SELECT a.identifier, d.duty, d.month, d.day FROM deadlines d JOIN accounts p ON p.kind = 'fund' AND p.code = d.fund"
        " JOIN activities a USING (key)"
    )
    for fund, duty, month, day in rows:
        found[fund][duty] = (month, day)
    return dict(found)


def dispensations(edition: Edition) -> dict[tuple[str, str, int, str], list[Granted]]:
    """The same as `granted`, as obligations want it."""
    found: dict[tuple[str, str, int, str], list[Granted]] = defaultdict(list)
    for one in granted(edition):
        place = (one["fund"], one["organization"], one["year"], one["duty"])
        found[place].append(Granted(one["until"], one["decision"] or one["reason"], one["project"]))
    return dict(found)


def arrived(told: Sequence[dict[str, Any]]) -> dict[tuple[str, str, int], Arrived]:
    """On which day each annual return came in: the first version that was accepted, or else what the agent still looks at.

    A later version corrects what came in and makes nobody late; what it says counts.
    """
    found: dict[tuple[str, str, int], Arrived] = {}
    for one in told:
        place = (one["fund"], one["organization"], one["year"])
        is_posted = one["state"] in IN_FORCE
        if one["kind"] != ANNUAL or one["certified"] is None or not (is_posted or one["state"] in WITH_AGENT):
            continue
        before = found.get(place)
        if before is None or before.accepted is None:
            accepted = one["accepted"] if is_posted else None
            found[place] = Arrived(one["certified"], accepted, one["nil"], one["remark"])
        elif is_posted:
            found[place] = Arrived(before.certified, before.accepted, one["nil"], one["remark"])
    return found
