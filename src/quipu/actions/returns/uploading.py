"""Upload a file of returns: what is wrong in it, what it would change, and the drafts that are written (`actions/running`)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max

from quipu.actions import running
from quipu.actions.returns import standing, writing
from quipu.actions.running import CHANGED, GOOD, RETURNS, SAME, WRONG, Told
from quipu.books import models
from quipu.books import returns as ledger
from quipu.files.sheets import Sheet
from quipu.rules.difference import Cells, Change, Sent, Value, apply, difference
from quipu.rules.findings import ERROR, Finding, Refused
from quipu.rules.returns import checks, filled, rows
from quipu.rules.returns.checks import Part, Said
from quipu.rules.returns.filled import FilledRow, Read
from quipu.rules.returns.reading import Reader
from quipu.rules.returns.rows import NOTE
from quipu.rules.returns.states import ANNUAL, OPEN, State

WORKBOOK, MAPPED, UNKNOWN = "workbook", "mapped", "unknown"  # the shape of a file
May = Callable[[str], bool]  # whether whoever sends may write the returns of a fund


@dataclass(frozen=True, slots=True)
class Words:
    """What heads and categories are called in the languages of the site: folded words and what they stand for."""

    heads: Mapping[str, str]
    categories: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class Held:
    """What the books hold for an organization, a year and a kind of return; returns, versions and the rest by fund."""

    organization: str
    year: int
    kind: str
    parts: Mapping[str, Part]
    records: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    closed: Mapping[str, frozenset[int]] = field(default_factory=dict)
    waived: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    annual: Mapping[str, Any] = field(default_factory=dict)

    def cells(self, fund: str) -> Cells:
        """What stands."""
        record = self.records.get(fund)
        return {} if record is None else record.cells

    def said(self, fund: str, cells: Cells, stated: Mapping[str, int]) -> Said:
        """A return as the rules judge it, with other cells than stand."""
        record = self.records.get(fund)
        return Said(
            kind=self.kind,
            year=self.year,
            cells=cells,
            parts={code: part for code, part in self.parts.items() if part.fund == fund},
            closed=self.closed.get(fund, frozenset()),
            nil=bool(record and record.nil),
            stated=stated,
            before=record.restates.cells if record is not None and record.restates_id else None,
        )


def held_of(organization: str, year: int, kind: str, fund: str = "") -> Held:
    """From the books, in a few questions for any number of projects."""
    parts = {
        code: part
        for code, part in ledger.parts(organization, fund).items()
        if kind != "final" or (part.ended is not None and part.ended.year <= year)
    }
    funds = sorted({part.fund for part in parts.values()})
    every = standing.of_places((one, organization, year) for one in funds)
    records = {one: every[one, organization, year, kind] for one in funds if (one, organization, year, kind) in every}
    restated = {record.restates_id for record in records.values() if record.restates_id}
    before = models.Return.objects.in_bulk(restated)
    for record in records.values():
        if record.restates_id:
            record.restates = before[record.restates_id]
    seen = models.History.objects.filter(kind=standing.RETURN, code__in=[one.code for one in records.values()])
    last = dict(seen.values("code").annotate(last=Max("id")).values_list("code", "last"))
    waived: dict[str, set[tuple[str, str]]] = defaultdict(set)
    said = models.Waived.objects.filter(fund__in=funds, organization=organization, year=year, withdrawn_at=None)
    for where, rule, row in said.values_list("fund", "rule", "row"):
        waived[where].add((rule, row))
    return Held(
        organization,
        year,
        kind,
        parts,
        records,
        {one: last.get(record.code, 0) for one, record in records.items()},
        ledger.closed_years(funds),
        {one: frozenset(rules) for one, rules in waived.items()},
        {one: every.get((one, organization, year, ANNUAL)) for one in funds},
    )


# What a file would do


@dataclass(slots=True)
class Plan:
    """What a file would do: differences by fund, each row's fate, all that is to be said."""

    held: Held
    read: Read
    changes: dict[str, list[Change]] = field(default_factory=dict)
    findings: list[Told] = field(default_factory=list)
    wrong: set[int] = field(default_factory=set)  # of rows, by their place in `read.rows`
    sent: dict[str, dict[str, dict[str, Value | None]]] = field(default_factory=dict)  # the good rows, by fund
    good: dict[str, list[Change]] = field(default_factory=dict)

    @property
    def is_blocked(self) -> bool:
        """Whether something in the file has to be mended before all of it is applied; what stood wrong before does not."""
        return bool(self.wrong) or any(one.severity == ERROR and not (one.place or one.row) for one in self.findings)

    def counts(self) -> dict[str, int]:
        """Rows by what becomes of them."""
        changed = {(fund, change.row) for fund, changes in self.good.items() for change in changes}
        rows_ = [row for n, row in enumerate(self.read.rows) if n not in self.wrong]
        fresh = sum((self._fund(row), row.key) in changed for row in rows_)
        return {CHANGED: fresh, SAME: len(rows_) - fresh, WRONG: len(self.wrong)}

    def _fund(self, row: FilledRow) -> str:
        return self.held.parts[row.row.project].fund if row.row is not None else ""


def plan(read: Read, held: Held, may: May) -> Plan:
    """What the rows would change, and all that speaks against them. Nothing is changed, and nothing asked per row."""
    made = Plan(held, read)
    made.findings += [Told(one.rule, one.place, detail=one.detail) for one in read.found]
    by_key: dict[str, int] = {}
    sent: dict[str, dict[str, dict[str, Value | None]]] = defaultdict(dict)
    for n, row in enumerate(read.rows):
        for fault in row.faults:
            made.findings.append(_told(row, fault.finding, fault.column, fault.value, held))
            if fault.finding.severity == ERROR:
                made.wrong.add(n)
        if row.row is None or not row.sent:
            continue
        if row.key in by_key:
            made.findings.append(_told(row, Finding("row-twice", row.key), "key", row.key, held))
            made.wrong.add(n)
            continue
        by_key[row.key] = n
        if n not in made.wrong:
            sent[held.parts[row.row.project].fund][row.key] = row.sent
    for fund in sorted(sent):
        _judge(made, fund, sent[fund], by_key, may)
    return made


def _judge(
    made: Plan, fund: str, sent: dict[str, dict[str, Value | None]], by_key: Mapping[str, int], may: May
) -> None:
    """The difference in a return, whether it may be written at all, and what the rules say of what it would be."""
    held, read = made.held, made.read
    stands = held.cells(fund)
    changes = difference(stands, sent)
    made.changes[fund] = changes
    touched = {change.row for change in changes}
    if changes and (fault := _locked(held, fund, may)) is not None:
        first = read.rows[by_key[changes[0].row]]
        made.findings.append(_told(first, fault, "", "", held))
        made.wrong |= {by_key[key] for key in touched}
    stated = {project: total for project, total in read.stated.items() if held.parts[project].fund == fund}
    unread = {row.row.project for row in read.rows if row.row is not None and _is_wrong(row)}
    of_project: dict[str, int] = {}
    for key in sent:
        of_project.setdefault(_project(key), by_key[key])
    said = held.said(fund, apply(stands, changes), stated)
    waived = held.waived.get(fund, frozenset())
    for one in checks.judge(said):
        if (one.rule, one.place) in waived or (one.rule, "") in waived:
            continue
        row = rows.read(one.place)
        n = by_key.get(one.place)
        if n is None and row is not None:
            n = of_project.get(row.project)
        at = read.rows[n] if n is not None else None
        if one.severity != ERROR and (at is None or (row is not None and row.project in unread)):
            continue  # of projects that the file does not speak of, or whose sums nobody knows before they are mended
        column = "comment" if row is not None and row.category == NOTE else "amount"
        is_answered = one.severity != ERROR and checks.is_commented(one, said)
        value = at.shown.get("amount", "") if at is not None and at.key == one.place else ""
        told = _told(at, one, column if at is not None and at.key == one.place else "", value, held)
        made.findings.append(_answered(told) if is_answered else told)
        if one.severity == ERROR and row is not None:
            keys = [one.place] if row.category != NOTE else [key for key in touched if _project(key) == row.project]
            made.wrong |= {by_key[key] for key in keys if key in touched}
    wrong = {read.rows[n].key for n in made.wrong}
    made.sent[fund] = {key: columns for key, columns in sent.items() if key not in wrong}
    made.good[fund] = [change for change in changes if change.row not in wrong]


def _is_wrong(row: FilledRow) -> bool:
    return any(fault.finding.severity == ERROR for fault in row.faults)


def _project(key: str) -> str:
    row = rows.read(key)
    return row.project if row is not None else ""


def _answered(one: Told) -> Told:
    return Told(one.rule, one.sheet, one.row, one.column, one.value, one.detail, one.place, one.fund, True)


def _told(row: FilledRow | None, finding: Finding, column: str, value: str, held: Held) -> Told:
    if row is None:
        return Told(finding.rule, detail=finding.detail, place=finding.place)
    fund = held.parts[row.row.project].fund if row.row is not None else ""
    detail = "" if finding.detail == value else finding.detail
    return Told(finding.rule, row.sheet, row.number, column, value, detail, finding.place or row.key, fund)


def _locked(held: Held, fund: str, may: May) -> Finding | None:
    """Why nothing of a return can be written now."""
    if not may(fund):
        return Finding("return-not-yours", "", fund)
    record = held.records.get(fund)
    if record is not None and record.state in OPEN:
        return None
    if record is not None:
        rule = "return-accepted" if record.state in (State.ACCEPTED, State.RESTATED) else "return-row-locked"
        return Finding(rule, "", record.code)
    own = {code: part for code, part in held.parts.items() if part.fund == fund}
    found = writing.cannot_begin(
        fund, held.organization, held.year, held.kind, None, own, held.closed.get(fund, ()), held.annual.get(fund)
    )
    return next(iter(found), None)


# A run


def take(
    *,
    by: str,
    organization: str,
    name: str,
    pieces: Iterable[bytes],
    year: int,
    kind: str,
    words: Words,
    may: May,
    mapping: Any = None,
) -> Any:
    """Keeps a file and what it would do, as a run that can be looked at and applied. Raises Refused where it cannot be read.

    year and kind: where the workbook does not say them itself. mapping: how a file of another shape is read; without one, the
    organization's own that fits is taken.
    """
    said: dict[str, Any] = {}

    def fits(found: Sequence[Sheet]) -> None:
        said.update(meta_of(found))
        if said.get("organization", organization) != organization:
            raise Refused(Finding("return-of-others", "file", str(said["organization"])))

    def look(run: Any, found: Sequence[Sheet]) -> None:
        _look(run, found, said.get("year", year), str(said.get("kind", kind)), words, may)

    owner = {"organization_id": organization, "mapping": mapping}
    return running.take(by=by, what=RETURNS, owner=owner, name=name, pieces=pieces, look=look, fits=fits)


def meta_of(found: Iterable[Sheet]) -> dict[str, Any]:
    """Which returns a workbook says it is for; {} where it says nothing that can be read."""
    said = running.meta_of(found)
    try:
        return {**said, "year": int(said["year"])}
    except (ValueError, KeyError, TypeError):
        return {}


def look_again(*, run: Any, words: Words, may: May, mapping: Any = None) -> Any:
    """Looks at a run's file anew: what it would do to what stands now. Raises Refused where it is gone."""

    def look(run: Any, found: Sequence[Sheet]) -> None:
        if mapping is not None:
            run.mapping = mapping
        _look(run, found, run.told["year"], run.told["kind"], words, may)

    return running.look_again(run=run, look=look)


def _look(run: Any, found: Sequence[Sheet], year: int, kind: str, words: Words, may: May) -> Plan:
    """Fills in what is told of a run, and answers the plan."""
    held = held_of(run.organization_id, year, kind)
    shape, read = _read(run, found, held, words)
    made = plan(read, held, may)
    run.versions = {fund: held.versions.get(fund, 0) for fund in made.changes}
    run.told = told_of(made, shape)
    return made


def _read(run: Any, found: Sequence[Sheet], held: Held, words: Words) -> tuple[str, Read]:
    reader = Reader(held.parts, held.year, words.categories)
    heads = filled.headings(found, words.heads)
    if heads and run.mapping is None:
        return WORKBOOK, filled.read(found, heads, reader)
    chosen = run.mapping or fitting(run.organization_id, found)
    if chosen is None:
        return UNKNOWN, Read(found=[Finding("return-heads", "")])
    run.mapping = chosen
    return MAPPED, filled.read_mapped(found, chosen.sheet, chosen.heads, chosen.words, reader)


def fitting(organization: str, found: Sequence[Sheet]) -> Any:
    """The organization's mapping whose columns are all in the file, the latest; None for none."""
    kept = models.Mapping.objects.filter(organization=organization, ended_at=None).order_by("-at")
    return next((one for one in kept if filled.place_of(found, one.sheet, one.heads) is not None), None)


def told_of(made: Plan, shape: str = WORKBOOK) -> dict[str, Any]:
    """What is shown of a plan, as it is kept."""
    by_key = {row.key: row for row in made.read.rows}
    wrong = {(made.read.rows[n].sheet, made.read.rows[n].number) for n in made.wrong}
    changes = []
    for fund, every in made.changes.items():
        for change in every:
            row = by_key[change.row]
            is_wrong = (row.sheet, row.number) in wrong
            changes.append([fund, *change, row.sheet, row.number, is_wrong])
    return {
        "shape": shape,
        "year": made.held.year,
        "kind": made.held.kind,
        "counts": made.counts(),
        "blocked": made.is_blocked,
        "findings": [one.kept for one in made.findings],
        "changes": changes,
        "heads": {head.sheet: [head.row, head.places, head.width] for head in made.read.heads},
        "words": made.read.unknown,
        "funds": sorted(made.changes),
        "wrote": {},
        "stems": {},
    }


def apply_run(*, by: str, run: Any, which: str, words: Words, may: May) -> Any:
    """Writes what was shown, all of it or the good rows, begins a draft where none is, and answers the run. Raises Refused.

    A run that was applied already is answered as it is.
    """

    def write(run: Any, found: Sequence[Sheet], now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
        held = held_of(run.organization_id, run.told["year"], run.told["kind"])
        _, read = _read(run, found, held, words)
        made = plan(read, held, may)
        if told_of(made)["changes"] != run.told["changes"]:
            raise Refused(Finding("changed-meanwhile", "", ""))
        if which != GOOD and made.is_blocked:
            raise running.unmended(made.findings)
        wrote, stems = {}, {}
        for fund, sent in made.sent.items():
            if not made.good[fund]:
                continue
            if held.versions.get(fund, 0) != run.versions.get(fund, 0):
                raise Refused(Finding("changed-meanwhile", "", fund))
            record = _written(by, run, held, fund, sent, read, now)
            wrote[fund] = record.code
            if _stems(record.cells, sent):
                stems[record.code] = standing.digest(standing.content_of_cells(record.cells))
        told = {**run.told, "wrote": wrote, "stems": stems, "counts": made.counts()}
        return told, {"rows": made.counts()[CHANGED], "returns": sorted(wrote.values())}

    return running.apply(by=by, run=run, which=which, write=write)


def _written(by: str, run: Any, held: Held, fund: str, sent: Sent, read: Read, now: datetime) -> Any:
    """A return with what was sent to it; a draft is begun where none is."""
    record, seen = held.records.get(fund), run.versions.get(fund)
    if record is None:
        record = writing.begin(by=by, fund=fund, organization=run.organization_id, year=held.year, kind=held.kind)
        if record.made_at < now:
            raise Refused(Finding("changed-meanwhile", "", fund))
        seen = None
    stated = {project: total for project, total in read.stated.items() if held.parts[project].fund == fund}
    writing.write(by=by, record=record, sent=sent, seen=seen, stated=stated or None, parts=held.parts)
    return record


def _stems(cells: Cells, sent: Mapping[str, Mapping[str, Value | None]]) -> bool:
    """Whether every cell is one that was sent."""
    return all(sent.get(key, {}).get(column) == value for key, row in cells.items() for column, value in row.items())


def frozen(record: Any) -> str:
    """The hash of the workbook that all cells of a return stem from: of the last run that wrote to it, unchanged since.

    "" where its figures came in another way, or partly.
    """
    runs = models.Run.objects.filter(organization=record.organization_id).exclude(applied="").order_by("-applied_at")
    for run in runs.iterator(chunk_size=20):
        if record.code in run.told.get("wrote", {}).values():
            stems = run.told.get("stems", {}).get(record.code)
            is_same = stems == standing.digest(standing.content_of_cells(record.cells))
            return str(run.sha256) if is_same and run.name.lower().endswith(".xlsx") else ""
    return ""


def before(run: Any) -> Any:
    """The organization's run before it for the same year and kind; None for the first."""
    return running.before(run, ("year", "kind"))
