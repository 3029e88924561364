"""Draft many: rows of a workbook become drafts, or change those they became before. First a plan, then the act."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from quipu.actions import drafted, drafts, history
from quipu.actions.drafted import Records
from quipu.actions.saying import Paper
from quipu.books import models, post
from quipu.books.post import Answer
from quipu.rules.drafts import OPEN
from quipu.rules.findings import ERROR, Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.voucher_kinds import KINDS

NEW, CHANGED, SAME, WRONG = "new", "changed", "as it was", "wrong"
May = Callable[[str, Scope], bool]  # whether whoever acts may a verb within a scope


@dataclass(slots=True)
class Row:
    """A row as it was read. key: its own, by which it is found again; findings: what could not be read, by field."""

    number: int
    key: str
    kind: str
    words: dict[str, Any]
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Planned:
    """What a row will do. version: of the draft that it would change; changes: before and after by field."""

    row: Row
    what: str
    draft: Any = None
    version: int = 0
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def plan(rows: Sequence[Row], *, by: str, may: May) -> list[Planned]:
    """What each row would do, and all that speaks against it. Nothing is changed; a few questions for any number of rows."""
    records = Records()
    keys = [row.key for row in rows if row.key]
    stand = {one.row: one for one in models.Draft.objects.filter(row__in=keys)}
    versions = history.versions(drafts.VOUCHER, [one.key for one in stand.values()])
    made = []
    for row in rows:
        before = stand.get(row.key)
        one = Planned(row, NEW if before is None else CHANGED, before, versions.get(before.key, 0) if before else 0)
        one.findings = [
            *row.findings,
            *_faults(row, before, records, may, twice=bool(row.key) and keys.count(row.key) > 1),
        ]
        if before is not None and not one.findings:
            one.changes = _changes(before, row)
            one.what = CHANGED if one.changes else SAME
        if one.findings:
            one.what = WRONG
        made.append(one)
    _rehearse([one for one in made if one.what in (NEW, CHANGED)], by)
    return made


def _faults(row: Row, before: Any, records: Records, may: May, *, twice: bool) -> Iterable[Finding]:
    if twice:
        yield Finding("workbook-row-twice", "key", row.key)
    kind = KINDS.get(row.kind)
    if kind is None:
        yield Finding("draft-kind", "kind", row.kind)
        return
    if before is not None and before.kind != row.kind:
        yield Finding("draft-of-others", "kind", f"{before.kind}, {row.kind}")
    unread = {one.place for one in row.findings}
    found = [one for one in drafted.faults(kind, row.words, records) if one.place not in unread]
    yield from found
    if found or row.findings:
        return
    scope = drafted.scope_of(kind, row.words)
    if not may(kind.mandate, scope) or (before is not None and not may(kind.mandate, drafts.scope_of(before))):
        yield Finding("draft-not-yours", "fund", str(scope))
    if before is not None and before.state not in OPEN and _changes(before, row):
        yield Finding("workbook-row-closed", "key", before.state)


def _changes(before: Any, row: Row) -> dict[str, tuple[str, str]]:
    names = [*row.words, *(name for name in before.words if name not in row.words)]
    told = {name: (str(before.words.get(name, "")), str(row.words.get(name, ""))) for name in names}
    return {name: (old, new) for name, (old, new) in told.items() if old != new}


def _rehearse(planned: Sequence[Planned], by: str) -> None:
    """What the ledger would say if all of them were posted now, one after another; warnings and errors stand beside rows.

    They refuse no draft: what is missing today may be posted before it.
    """
    by_key = {f"^{_key(one)}": one for one in planned}
    answer = Answer()
    try:
        with post.rehearsing(), post.together(by=by, answer=answer):
            for one in planned:
                try:
                    drafted.say(KINDS[one.row.kind], one.row.words, _paper(one, by))
                except Refused as refused:
                    one.findings += [drafted.told(each) for each in refused.findings]
    except Refused:  # the words of some row do not make a voucher: each is asked by itself
        for one in planned:
            one.findings = drafted.rehearse(KINDS[one.row.kind], one.row.words, _paper(one, by))
        return
    for finding in answer.findings:
        if finding.place in by_key:
            by_key[finding.place].findings.append(finding)


def _key(one: Planned) -> str:
    return str(one.draft.key) if one.draft else f"row-{one.row.number}"


def _paper(one: Planned, by: str) -> Paper:
    return Paper(by, _key(one), drafted.day_of(one.row.words), one.row.words.get("title", ""))


def apply(planned: Sequence[Planned], *, by: str, whole: bool) -> dict[int, Any]:
    """Makes and changes the drafts, and answers them by the number of their row. whole: all rows, or none.

    Raises Refused where a row is wrong and all were asked for, or where somebody changed a draft meanwhile.
    """
    wrong = [one for one in planned if one.what == WRONG]
    if whole and wrong:
        raise Refused(*(finding for one in wrong for finding in one.findings if finding.severity == ERROR))
    records, done = Records(), {}
    with history.whole():
        for one in planned:
            row = one.row
            if one.what == NEW:
                row.key = row.key or drafts.new_key()
                done[row.number] = drafts.write(by=by, kind=row.kind, words=row.words, row=row.key, records=records)
            elif one.what == CHANGED:
                done[row.number] = drafts.mend(
                    by=by, draft=one.draft, words=row.words, seen=one.version, records=records
                )
    return done
