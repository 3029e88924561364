"""Monitoring out of an edition: lessons with where they come from, reviews with what came of them, and projects like another.

Projects and organizations are named as pages name them; the books' codes stay inside, but for those of lessons and reviews.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from quipu.edition.open import Edition
from quipu.rules import monitoring
from quipu.rules.monitoring import Likeness

Texts = Mapping[str, str]  # by language
CANDIDATES = 300  # projects that share something, of which the words are compared as well
MOST_ALIKE = 6
_LESSONS = """
SELECT l.code, l.kind, l.year, l.titles, l.texts, l.published, l.link, l.document, l."on", a.key, a.identifier AS project,
       a.title AS project_title, a.kind AS project_kind, coalesce(a.fund, '') AS fund, coalesce(b.identity, '') AS organization,
       coalesce(b.name, '') AS organization_name, f.sha256 IS NOT NULL AS has_paper
FROM lessons l JOIN accounts p ON p.kind = 'project' AND p.code = l.project JOIN activities a ON a.key = p.key
LEFT JOIN bodies b ON b.code = l.organization LEFT JOIN (SELECT DISTINCT sha256 FROM filed) f ON f.sha256 = l.document
ORDER BY a.identifier, l.kind, length(l.code), l.code"""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson or a best practice. points: its programme's themes, sectors, countries; paper: its document's hash, or ""."""

    code: str
    kind: str
    year: int | None
    titles: Texts
    texts: Texts
    published: str
    link: str
    on: date | None
    paper: str
    key: int
    project: str
    project_title: str
    project_kind: str
    fund: str
    organization: str
    organization_name: str
    points: Mapping[str, tuple[str, ...]]

    def plain(self) -> dict[str, Any]:
        """As a file of data says it."""
        return {
            **{"code": self.code, "kind": self.kind, "year": self.year, "titles": self.titles, "texts": self.texts},
            **{"project": self.project, "project_title": self.project_title, "fund": self.fund},
            **{"organization": self.organization, "organization_name": self.organization_name},
            **{
                "published": self.published,
                "link": self.link,
                "document": self.paper,
                "approved": self.on,
                **self.points,
            },
        }


def lessons(edition: Edition) -> list[Lesson]:
    """All of an edition, by programme; read once."""
    found: list[Lesson] | None = edition.memo.get("lessons")
    if found is None:
        rows = edition.dicts(_LESSONS)
        points = _points(edition, {row["key"] for row in rows})
        found = edition.memo["lessons"] = [_lesson(row, points[row["key"]]) for row in rows]
    return found


def _lesson(row: dict[str, Any], points: Mapping[str, tuple[str, ...]]) -> Lesson:
    document, has_paper = row.pop("document"), row.pop("has_paper")
    texts = {name: json.loads(row.pop(name) or "{}") for name in ("titles", "texts")}
    return Lesson(**row, **texts, paper=document if has_paper else "", points=points)


def _points(edition: Edition, keys: Collection[int]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Themes, sectors and countries of some activities."""
    found: dict[int, dict[str, tuple[str, ...]]] = defaultdict(dict)
    slots = ", ".join("?" * len(keys)) or "NULL"
    rows = edition.rows(
        "SELECT key, dimension, list(code ORDER BY code) FROM memberships"
        f" WHERE dimension IN ('theme', 'sector', 'country') AND key IN ({slots}) GROUP BY ALL ORDER BY ALL",
        sorted(keys),
    )
    for key, dimension, codes in rows:
        found[key][dimension] = tuple(codes)
    return found


@dataclass(slots=True)
class Recommended:
    """A recommendation with the answer that stands and its improvement plan."""

    row: dict[str, Any]
    plan: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Review:
    """A review with what it recommends."""

    row: dict[str, Any]
    recommended: list[Recommended] = field(default_factory=list)


def reviews(edition: Edition, project: str) -> list[Review]:
    """The public reviews of a project, by its code in the books, the latest first."""
    found = {
        row["code"]: Review(_told(row, "titles", "texts"))
        for row in edition.dicts(
            "SELECT r.*, f.sha256 IS NOT NULL AS has_paper FROM reviews r LEFT JOIN (SELECT DISTINCT sha256 FROM filed) f"
            ' ON f.sha256 = r.document WHERE r.project = ? ORDER BY r."on" DESC, r.code',
            [project],
        )
    }
    recommended: dict[str, Recommended] = {}
    for row in edition.dicts(
        "SELECT r.*, coalesce(b.name, r.organization) AS whom FROM recommendations r LEFT JOIN bodies b"
        " ON b.code = r.organization WHERE r.project = ? ORDER BY r.review, r.number",
        [project],
    ):
        one = recommended[row["code"]] = Recommended(_told(row, "texts", "words"))
        if row["review"] in found:
            found[row["review"]].recommended.append(one)
    for row in edition.dicts(
        "SELECT i.*, coalesce(b.name, i.organization) AS whom FROM improvements i LEFT JOIN bodies b"
        " ON b.code = i.organization WHERE i.project = ? ORDER BY i.recommendation, i.number",
        [project],
    ):
        if row["recommendation"] in recommended:
            recommended[row["recommendation"]].plan.append(_told(row, "texts"))
    return list(found.values())


def risks(edition: Edition, project: str) -> list[dict[str, Any]]:
    """Risks and issues of a project that are public, the gravest first."""
    rows = edition.dicts("SELECT * FROM risks WHERE project = ? ORDER BY code", [project])
    return sorted(
        (_told(row, "texts", "answers") for row in rows),
        key=lambda row: (row["state"] == monitoring.CLOSED, -monitoring.weight(row["likelihood"], row["impact"])),
    )


def _told(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {**row, **{name: json.loads(row[name] or "{}") for name in names}}


@dataclass(frozen=True, slots=True)
class Alike:
    """A project that is like another one, what they share, and how many lessons it has here."""

    key: int
    identifier: str
    title: str
    kind: str
    likeness: Likeness
    lessons: int


def alike(edition: Edition, key: int) -> list[Alike]:
    """The projects most like one: by shared theme, sector, country and words of the title, each side counting the same."""
    rows = edition.rows(
        "SELECT m.key, count(*) AS n FROM memberships m JOIN memberships o ON o.dimension = m.dimension AND o.code = m.code"
        " JOIN activities a ON a.key = m.key WHERE o.key = ? AND m.key <> ? AND a.kind <> 'fund'"
        " AND m.dimension IN ('theme', 'sector', 'country') GROUP BY ALL ORDER BY n DESC, m.key LIMIT ?",
        [key, key, CANDIDATES],
    )
    keys = [found for found, _ in rows]
    points = _points(edition, [key, *keys])
    named = _named(edition, [key, *keys])
    if key not in named:
        return []
    counts: dict[int, int] = defaultdict(int)
    for one in lessons(edition):
        counts[one.key] += 1

    def sides(of: int) -> dict[str, Collection[str]]:
        return {**points[of], "words": monitoring.words_of(named[of][1])}

    mine = sides(key)
    found = [Alike(each, *named[each], monitoring.alike(mine, sides(each)), counts[each]) for each in keys]
    found.sort(key=lambda one: (-one.likeness.percent, one.identifier))
    return [one for one in found if one.likeness.percent][:MOST_ALIKE]


def _named(edition: Edition, keys: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    some = sorted(keys)
    slots = ", ".join("?" * len(some)) or "NULL"
    rows = edition.rows(f"SELECT key, identifier, title, kind FROM activities WHERE key IN ({slots})", some)
    return {key: (identifier, title or identifier, kind) for key, identifier, title, kind in rows}
