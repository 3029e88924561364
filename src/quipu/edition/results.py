"""What indicators of several programmes come to together, measure by measure, as an edition has them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from quipu.edition.open import Edition
from quipu.rules.results import rolling, standing, values
from quipu.rules.results.rolling import Part, Rolled
from quipu.rules.results.standing import Unit
from quipu.rules.results.values import Value

# Every list here is one question, however many programmes there are.
_FROM = (
    " FROM indicators i JOIN activities a USING (key) LEFT JOIN spans l USING (key) LEFT JOIN sizes s USING (key)"
    " WHERE i.measure <> '' AND i.ended IS NULL AND ({where})"
)
_INDICATORS = (
    "SELECT i.key, i.code, i.number, i.kind, i.direction, i.gathers, i.measure, a.identifier, a.title AS project,"
    " a.kind AS page, a.language" + _FROM + " ORDER BY i.measure, a.identifier, i.number"
)
_READ = (
    "SELECT o.indicator, o.code, o.since, o.until, o.value, o.origin FROM observations o WHERE o.reported"
    " AND o.state = 'approved' AND o.value <> '' AND o.indicator IN (SELECT i.code"
    + _FROM
    + ") ORDER BY o.until, o.code"
)
_AIMED = (
    "SELECT t.indicator, t.since, t.until, t.value FROM targets t WHERE t.state = 'in force'"
    " AND t.indicator IN (SELECT i.code" + _FROM + ") ORDER BY t.until"
)
_TEXTS = (
    "SELECT t.\"of\", t.role, t.language, t.text FROM result_texts t WHERE t.choice = ''"
    ' AND t."of" IN (SELECT i.code' + _FROM + ") ORDER BY t.ordinal"
)


@dataclass(frozen=True, slots=True)
class Member:
    """An indicator of a measure, and where it stands. titles: by language."""

    code: str
    place: str
    activity: str
    project: str
    page: str
    titles: Mapping[str, str]
    unit: Unit
    now: Rolled
    target: Value | None
    until: date | None
    origin: str


@dataclass(frozen=True, slots=True)
class Together:
    """What a measure's indicators come to. Parts of `rolled` are named by the indicators' codes, as members are.

    target: of the same indicators together, None where one of them has none.
    """

    code: str
    kind: str
    titles: Mapping[str, str]
    unit: Mapping[str, str]
    fund: str
    theme: str
    rolled: Rolled
    target: Rolled | None
    members: Mapping[str, Member] = field(default_factory=dict)
    unread: Sequence[Member] = ()


def together(edition: Edition, where: str = "true", parameters: Sequence[Any] = ()) -> list[Together]:
    """Every measure that an indicator of the chosen activities has, with what they come to.

    where: a condition on activities as a, their spans as l and sizes as s.
    """
    asked = edition.dicts(_INDICATORS.format(where=where), parameters)
    if not asked:
        return []
    read, aimed = defaultdict(list), defaultdict(list)
    for indicator, code, since, until, value, origin in edition.rows(_READ.format(where=where), parameters):
        read[indicator].append((code, since, until, value, origin))
    for indicator, since, until, value in edition.rows(_AIMED.format(where=where), parameters):
        aimed[indicator].append((since, until, value))
    said: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for of, role, language, text in edition.rows(_TEXTS.format(where=where), parameters):
        said[of, role][language] = text
    by_measure: dict[str, list[Member]] = defaultdict(list)
    for one in asked:
        by_measure[one["measure"]].append(_member(one, read[one["code"]], aimed[one["code"]], said))
    measures: dict[str, dict[str, Any]] = {}
    for row in edition.dicts("SELECT * FROM measures ORDER BY code, language"):
        kept = measures.setdefault(row["code"], {**row, "titles": {}, "units": {}})
        kept["titles"][row["language"]] = row["title"]
        kept["units"] |= {row["language"]: row["unit"]} if row["unit"] else {}
    return [_together(measures[code], members) for code, members in sorted(by_measure.items()) if code in measures]


def _member(one: Mapping[str, Any], read: list[Any], aimed: list[Any], said: Mapping[tuple[str, str], Any]) -> Member:
    kind, code = one["kind"], one["code"]
    parts = [Part(name, values.kept(kind, value), "", since, until) for name, since, until, value, _ in read]
    now = rolling.over_time(one["gathers"], parts)
    targets = [Part("", values.kept(kind, value), "", since, until) for since, until, value in aimed if value]
    return Member(
        code=code,
        place=f"i{one['number']}",
        activity=one["identifier"],
        project=one["project"] or one["identifier"],
        page=one["page"],
        titles=said.get((code, "title"), {}),
        unit=Unit(said.get((code, "unit"), {})),
        now=now,
        target=standing.aim(kind, one["gathers"], targets),
        until=max((part.until for part in now.parts if part.until), default=None),
        origin=read[-1][-1] if read else "",
    )


def _together(measure: Mapping[str, Any], members: list[Member]) -> Together:
    unit = Unit(measure["units"])
    standing_ = [one for one in members if one.now.value is not None]
    rolled = standing.across(unit, [(Part(one.code, one.now.value), one.unit) for one in standing_ if one.now.value])
    named = {one.code: one for one in members}
    taken = [named[part.name] for part in rolled.parts]
    target = None
    if taken and all(one.target is not None for one in taken):
        target = standing.across(unit, [(Part(one.code, one.target), one.unit) for one in taken if one.target])
    return Together(
        **{name: measure[name] for name in ("code", "kind", "titles", "fund", "theme")},
        unit=measure["units"],
        rolled=rolled,
        target=target,
        members=named,
        unread=tuple(one for one in members if one.now.value is None),
    )


def without_measure(
    edition: Edition, where: str, parameters: Sequence[Any], most: int
) -> tuple[int, list[dict[str, Any]]]:
    """Activities with results of which none is measured alike elsewhere: how many there are, and the first of them."""
    others = (
        " FROM resulted r JOIN activities a USING (key) LEFT JOIN spans l USING (key) LEFT JOIN sizes s USING (key)"
        f" WHERE ({where}) AND a.key NOT IN (SELECT key FROM indicators WHERE measure <> '')"
    )
    ((count,),) = edition.rows(f"SELECT count(*){others}", parameters)
    rows = edition.dicts(
        f"SELECT a.identifier, a.title, a.kind, a.publisher{others} ORDER BY a.title, a.key LIMIT {most}", parameters
    )
    return count, rows
