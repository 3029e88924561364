"""Upload a workbook of readings: what is wrong in it, what it would change, and the drafts that are written (`actions/running`).

A reading is one thing: its value, its parts and what stands beside them are written together, or left out together. What was
submitted or approved is never changed; another source stands beside it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from quipu.actions import history, running
from quipu.actions.history import Thing
from quipu.actions.results import discarding, framework, reading
from quipu.actions.results.reading import Offered, ReadingSaid
from quipu.actions.running import CHANGED, GOOD, READINGS, SAME, WRONG, Told
from quipu.actions.subjects import scope_of
from quipu.books import models
from quipu.files.sheets import Sheet
from quipu.rules.cells import folded
from quipu.rules.difference import Cells, Change, Value, apply, difference
from quipu.rules.findings import ERROR, Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.results import filled
from quipu.rules.results.filled import BESIDE, LINK, NOTE, ON, SOURCE, VALUE, Asked, FilledRow, Read
from quipu.rules.results.kinds import SUMS
from quipu.rules.results.states import OPEN, State

May = Callable[[Scope], bool]  # whether whoever sends may write readings there
Sent = dict[str, dict[str, Value | None]]


@dataclass(frozen=True, slots=True)
class Words:
    """What heads and values are called in the languages of the site: folded words and what they stand for."""

    heads: Mapping[str, str]
    values: Mapping[str, str]


@dataclass(slots=True)
class Held:
    """What the books hold of a programme for a period: its indicators by code, readings of it with their versions.

    since: of indicators whose periods count what is new; the others' readings count from the beginning. locked: periods.
    """

    project: Any
    since: date | None
    until: date
    indicators: Mapping[str, Any]
    offered: Mapping[str, Offered]
    readings: Mapping[str, list[Any]]
    versions: Mapping[str, int]
    locked: Sequence[tuple[date, date]]

    def is_locked(self, _: str, day: date) -> bool:
        """Whether a day lies in a locked period."""
        return any(since <= day <= until for since, until in self.locked)

    def asked(self) -> dict[str, Asked]:
        """The indicators as a workbook asks for them."""
        return {code: Asked(one.kind, self.offered[code]) for code, one in self.indicators.items()}

    def scope(self, code: str) -> Scope:
        """Whose an indicator is."""
        return framework.scope(self.indicators[code])

    def begins(self, code: str) -> date | None:
        """From when on an indicator's reading counts."""
        return self.since if self.indicators[code].gathers == SUMS else None


def held_of(project: Any, since: date | None, until: date) -> Held:
    """From the books, in a few questions for any number of indicators."""
    every = models.Indicator.objects.filter(project=project, ended_at=None)
    found = every.select_related("project__fund", "outcome", "output__outcome", "organization").order_by("number")
    indicators = {one.code: one for one in found}
    own = framework.lists_of(project.code)
    readings: dict[str, list[Any]] = {code: [] for code in indicators}
    rows = models.Reading.objects.filter(indicator__in=indicators, until=until).exclude(state=State.WITHDRAWN)
    for one in rows.order_by("made_at", "code"):
        indicator = indicators[one.indicator_id]
        if indicator.gathers != SUMS or one.since == since:
            one.indicator = indicator
            readings[one.indicator_id].append(one)
    codes = [one.code for some in readings.values() for one in some]
    locked = models.Cycle.objects.filter(project=project, locked_at__isnull=False).values_list("since", "until")
    return Held(
        project=project,
        since=since,
        until=until,
        indicators=indicators,
        offered={code: reading.choices(one, own) for code, one in indicators.items()},
        readings=readings,
        versions=history.versions(reading.READING, codes),
        locked=list(locked),
    )


# What a file would do


@dataclass(slots=True)
class Group:
    """The rows of one reading. target: the one that they change, None for a new one. is_gone: the draft is discarded."""

    indicator: str
    rows: list[int]
    target: Any = None
    changes: list[Change] = field(default_factory=list)
    said: ReadingSaid | None = None
    is_gone: bool = False
    is_wrong: bool = False


@dataclass(slots=True)
class Plan:
    """What a file would do: differences by reading, each row's fate, all that is to be said."""

    held: Held
    read: Read
    groups: dict[str, Group] = field(default_factory=dict)
    findings: list[Told] = field(default_factory=list)
    wrong: set[int] = field(default_factory=set)  # of rows, by their place in `read.rows`

    @property
    def is_blocked(self) -> bool:
        """Whether something has to be mended before all of it is applied."""
        return bool(self.wrong) or any(one.severity == ERROR for one in self.findings)

    def counts(self) -> dict[str, int]:
        """Rows by what becomes of them."""
        changed = {change.row for one in self.groups.values() if not one.is_wrong for change in one.changes}
        rows = [row for n, row in enumerate(self.read.rows) if n not in self.wrong]
        fresh = sum(row.key in changed for row in rows)
        return {CHANGED: fresh, SAME: len(rows) - fresh, WRONG: len(self.wrong)}


def plan(read: Read, held: Held, may: May) -> Plan:
    """What the rows would change, and all that speaks against them. Nothing is changed, and nothing asked per row."""
    made = Plan(held, read)
    made.findings += [Told(one.rule, one.place, detail=one.detail) for one in read.found]
    seen: set[str] = set()
    for n, row in enumerate(read.rows):
        is_twice = row.row is not None and row.key in seen
        if is_twice:
            made.findings.append(_told(row, Finding("row-twice", row.key), "key", row.key))
        for fault in row.faults:
            made.findings.append(_told(row, fault.finding, fault.column, fault.value))
        is_wrong = is_twice or any(fault.finding.severity == ERROR for fault in row.faults)
        if is_wrong:
            made.wrong.add(n)
        if row.row is None:
            continue
        seen.add(row.key)
        group = made.groups.setdefault(row.row.of, Group(row.row.indicator, []))
        group.rows.append(n)
        group.is_wrong |= is_wrong
    for of, group in made.groups.items():
        _judge(made, of, group, may)
        if group.is_wrong:  # a reading is written as a whole, or not at all
            made.wrong.update(group.rows)
    return made


def _judge(made: Plan, of: str, group: Group, may: May) -> None:
    """The reading that rows speak of, what they change of it, and what the rules say of what it would be."""
    held, rows = made.held, [made.read.rows[n] for n in group.rows]
    sent: Sent = {row.key: dict(row.sent) for row in rows if row.sent}
    whole = sent.get(of, {})
    target = _target(held, rows[0], whole.get(SOURCE))
    if isinstance(target, Finding):
        _refuse(made, group, rows[0], target, SOURCE)
        return
    group.target = target
    stands = filled.cells_of(target, of)
    if VALUE in whole and whole[VALUE] is None and (target is None or target.state in OPEN):
        if any(text is not None for columns in sent.values() for text in columns.values()):
            _refuse(made, group, rows[0], Finding("reading-cleared", ""), VALUE)
            return
        group.is_gone = target is not None
        sent = {key: dict.fromkeys(columns) for key, columns in stands.items()}
    group.changes = difference(stands, sent)
    if not group.changes:
        return
    first = _row_of(rows, group.changes[0].row)
    indicator = held.indicators[group.indicator]
    if not may(held.scope(group.indicator)):
        _refuse(made, group, first, Finding("reading-not-yours", "", group.indicator), "")
    elif target is not None and target.state not in OPEN:
        column = group.changes[0].column
        _refuse(made, group, first, Finding("reading-stands", "", f"{target.source} · {target.state}"), column)
    elif group.is_gone:
        if held.is_locked("", held.until):
            _refuse(made, group, first, Finding("period-locked", ""), VALUE)
    elif not group.is_wrong:  # of what cannot be read, nobody knows what it would be
        group.said = said_of(held, group.indicator, of, apply(stands, group.changes), target)
        found = reading.judged(indicator, group.said, target, held.is_locked, held.offered[group.indicator])
        for one in found:
            row, column = _place(rows, of, one.place)
            made.findings.append(_told(row, one, column, row.shown.get(column, "")))
            group.is_wrong |= one.severity == ERROR


def _refuse(made: Plan, group: Group, row: FilledRow, finding: Finding, column: str) -> None:
    made.findings.append(_told(row, finding, column, row.shown.get(column, "")))
    group.is_wrong = True


def _target(held: Held, row: FilledRow, source: Value | None) -> Any:
    """The reading that rows speak of: the one of their key while it is open, else the one of their source.

    None: a new one. A finding where several could be meant.
    """
    assert row.row is not None
    every = held.readings[row.row.indicator]
    own = next((one for one in every if one.code == row.row.reading), None)
    if own is not None and own.state in OPEN:
        return own
    named = str(source) if source else own.source if own is not None else ""
    if not named:
        return Finding("reading-which", "") if len(every) > 1 else next(iter(every), None)
    alike = [one for one in every if folded(one.source) == folded(named)]
    return next((one for one in reversed(alike) if one.state in OPEN), alike[-1] if alike else None)


def said_of(held: Held, indicator: str, of: str, cells: Cells, target: Any) -> ReadingSaid:
    """Rows and columns as somebody would have typed them. What a workbook does not hold stays as it is."""
    whole = {column: str(text) for column, text in cells.get(of, {}).items()}
    parts: dict[str, dict[str, str]] = {}
    for key, columns in cells.items():
        if key != of and VALUE in columns:
            name, _, choice = key.removeprefix(f"{of}/").partition("/")
            parts.setdefault(name, {})[choice] = str(columns[VALUE])
    return ReadingSaid(
        indicator=indicator,
        since=target.since if target is not None else held.begins(indicator),
        until=held.until,
        value=whole.get(VALUE, ""),
        source=whole.get(SOURCE, ""),
        cells=parts,
        on=date.fromisoformat(whole[ON]) if whole.get(ON) else None,
        link=whole.get(LINK, ""),
        documents=tuple(target.documents) if target is not None else (),
        note=whole.get(NOTE, ""),
        group="",
    )


def _row_of(rows: Sequence[FilledRow], key: str) -> FilledRow:
    return next((row for row in rows if row.key == key), rows[0])


def _place(rows: Sequence[FilledRow], of: str, place: str) -> tuple[FilledRow, str]:
    """The row and column that a finding about a reading is of."""
    whole = next((row for row in rows if row.key == of), None)
    if place in BESIDE or place == VALUE or not place:
        return whole or rows[0], place or VALUE
    parts = [row for row in rows if row.key.startswith(f"{of}/{place}/") or row.key == f"{of}/{place}"]
    return (parts or [whole or rows[0]])[0], VALUE


def _told(row: FilledRow, finding: Finding, column: str, value: str) -> Told:
    detail = "" if finding.detail == value else finding.detail
    return Told(finding.rule, row.sheet, row.number, column, value, detail, row.key)


# A run


def take(
    *,
    by: str,
    project: Any,
    name: str,
    pieces: Iterable[bytes],
    words: Words,
    may: May,
    since: date | None = None,
    until: date | None = None,
) -> Any:
    """Keeps a file and what it would do, as a run that can be looked at and applied. Raises Refused where it cannot be read.

    since and until: where the workbook does not say them itself.
    """
    said: dict[str, date | None] = {}

    def fits(found: Sequence[Sheet]) -> None:
        told = meta_of(found)
        if told and told["project"] != project.code:
            raise Refused(Finding("readings-of-others", "file", told["project"]))
        if not filled.headings(found, words.heads):
            raise Refused(Finding("readings-heads", "file"))
        if not told and until is None:
            raise Refused(Finding("readings-unsaid", "file"))
        said.update({"since": told["since"], "until": told["until"]} if told else {"since": since, "until": until})

    def look(run: Any, found: Sequence[Sheet]) -> None:
        assert said["until"] is not None
        _look(run, found, said["since"], said["until"], words, may)

    owner = {"project": project}
    return running.take(by=by, what=READINGS, owner=owner, name=name, pieces=pieces, look=look, fits=fits)


def meta_of(found: Iterable[Sheet]) -> dict[str, Any]:
    """Which programme and period a workbook says it is for; {} where it says nothing that can be read."""
    said = running.meta_of(found)
    try:
        since = date.fromisoformat(said["since"]) if said.get("since") else None
        return {"project": str(said["project"]), "since": since, "until": date.fromisoformat(said["until"])}
    except (ValueError, KeyError, TypeError):
        return {}


def look_again(*, run: Any, words: Words, may: May) -> Any:
    """Looks at a run's file anew: what it would do to what stands now. Raises Refused where it is gone."""
    return running.look_again(run=run, look=lambda one, found: _look(one, found, *period_of(one), words, may))


def period_of(run: Any) -> tuple[date | None, date]:
    """The period that a run's file is of."""
    since = run.told["since"]
    return date.fromisoformat(since) if since else None, date.fromisoformat(run.told["until"])


def _look(run: Any, found: Sequence[Sheet], since: date | None, until: date, words: Words, may: May) -> Plan:
    """Fills in what is told of a run, and answers the plan."""
    held = held_of(run.project, since, until)
    made = plan(_read(found, held, words), held, may)
    targets = [one.target for one in made.groups.values() if one.target is not None]
    run.versions = {one.code: held.versions.get(one.code, 0) for one in targets}
    run.told = told_of(made)
    return made


def _read(found: Sequence[Sheet], held: Held, words: Words) -> Read:
    return filled.read(found, filled.headings(found, words.heads), held.asked(), words.values)


def told_of(made: Plan) -> dict[str, Any]:
    """What is shown of a plan, as it is kept."""
    by_key = {row.key: row for row in made.read.rows}
    changes = []
    for of, group in made.groups.items():
        for change in group.changes:
            row = by_key.get(change.row) or by_key.get(of) or made.read.rows[group.rows[0]]
            changes.append(["", *change, row.sheet, row.number, group.is_wrong])
    scopes = {(one.fund, one.project, one.organization) for one in _scopes(made)}
    return {
        "shape": "workbook",
        "since": made.held.since.isoformat() if made.held.since else "",
        "until": made.held.until.isoformat(),
        "counts": made.counts(),
        "blocked": made.is_blocked,
        "findings": [one.kept for one in made.findings],
        "changes": changes,
        "heads": {head.sheet: [head.row, head.places, head.width] for head in made.read.heads},
        "targets": {of: one.target.code if one.target else "" for of, one in made.groups.items() if one.changes},
        "scopes": sorted(scopes),
        "wrote": {},
    }


def _scopes(made: Plan) -> Iterable[Scope]:
    return (made.held.scope(one.indicator) for one in made.groups.values())


def apply_run(*, by: str, run: Any, which: str, words: Words, may: May) -> Any:
    """Writes what was shown, all of it or the good readings, as drafts, and answers the run. Raises Refused.

    A run that was applied already is answered as it is.
    """

    def write(run: Any, found: Sequence[Sheet], _: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
        history.alone(Thing("readings", run.project_id, scope_of(run.project)), None)
        held = held_of(run.project, *period_of(run))
        made = plan(_read(found, held, words), held, may)
        now = told_of(made)
        if now["changes"] != run.told["changes"] or now["targets"] != run.told["targets"]:
            raise Refused(Finding("changed-meanwhile", "", ""))
        if which != GOOD and made.is_blocked:
            raise running.unmended(made.findings)
        wrote = {
            of: _written(by, group, run.versions)
            for of, group in made.groups.items()
            if group.changes and not group.is_wrong
        }
        return {**run.told, "wrote": wrote, "counts": made.counts()}, {
            "rows": made.counts()[CHANGED],
            "readings": sorted(wrote.values()),
        }

    return running.apply(by=by, run=run, which=which, write=write)


def _written(by: str, group: Group, versions: Mapping[str, int]) -> str:
    code = group.target.code if group.target is not None else ""
    seen = versions[code] if code else None
    if group.is_gone:
        return str(discarding.discard(by=by, code=code, seen=seen).code)
    assert group.said is not None
    return str(reading.write(by=by, said=group.said, code=code, seen=seen).code)


def drafts_of(run: Any) -> list[Any]:
    """The readings that a run wrote and that wait to be submitted."""
    codes = list(run.told.get("wrote", {}).values())
    return list(models.Reading.objects.filter(code__in=codes, state__in=OPEN).order_by("indicator__number", "code"))


def submit(*, by: str, run: Any) -> list[Any]:
    """Submits all drafts that a run wrote, or none of them. Raises Refused."""
    with history.whole():
        return [reading.lead(by=by, code=one.code, act="submit") for one in drafts_of(run)]


def before(run: Any) -> Any:
    """The programme's run before it for the same period; None for the first."""
    return running.before(run, ("since", "until"))
