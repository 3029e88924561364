"""Write a return: begin it, change its cells, answer its statement of account, say that nothing was spent.

Form, workbook and API go through `write`: what they send is a difference from what stands, and only that is changed.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from quipu.actions import history
from quipu.actions.history import Thing
from quipu.actions.returns import standing
from quipu.books import database, models
from quipu.books import returns as ledger
from quipu.rules.difference import Change, Sent, apply, difference
from quipu.rules.findings import Finding, Refused
from quipu.rules.returns import rows
from quipu.rules.returns.checks import CONFIRMED, DISPUTED
from quipu.rules.returns.reading import LARGEST, LONGEST
from quipu.rules.returns.rows import AMOUNT, COLUMNS
from quipu.rules.returns.states import ANNUAL, FINAL, INTERIM, KINDS, OPEN, State


def begin(*, by: str, fund: str, organization: str, year: int, kind: str, until: date | None = None) -> Any:
    """A new return, or the one that is there already and still open. Raises Refused."""
    with history.whole():
        history.alone(Thing("returns", f"{fund} {organization} {year} {kind}"), None)
        stands = standing.in_force(fund, organization, year, kind)
        if stands is not None and stands.state in OPEN:
            return stands
        if found := list(cannot_begin(fund, organization, year, kind, stands)):
            raise Refused(*found)
        return make(by=by, fund=fund, organization=organization, year=year, kind=kind, until=until)


def cannot_begin(
    fund: str,
    organization: str,
    year: int,
    kind: str,
    stands: Any,
    parts: Mapping[str, Any] | None = None,
    closed: Collection[int] | None = None,
    annual: Any = None,
) -> Iterable[Finding]:
    """Why no return is begun there. stands: the version in force.

    parts, closed and annual: of the fund, where they are known.
    """
    if kind not in KINDS:
        yield Finding("return-not-owed", "kind", kind)
        return
    if stands is not None:
        yield Finding("return-there-already", "", stands.code)
    parts = ledger.parts(organization, fund) if parts is None else parts
    closed = ledger.closed_years([fund])[fund] if closed is None else closed
    if kind == FINAL:
        is_owed = any(part.ended is not None and part.ended.year <= year for part in parts.values())
    else:
        is_owed = bool(standing.owed(parts, year))
    if not is_owed:
        yield Finding("return-not-owed", "year", f"{fund} {organization} {year}")
    if kind != FINAL and year in closed:
        yield Finding("return-year-closed", "year", f"{fund} {year}")
    if kind == INTERIM and annual is None:
        annual = standing.in_force(fund, organization, year, ANNUAL)
    if kind == INTERIM and annual is not None and annual.state == State.ACCEPTED:
        yield Finding("return-there-already", "kind", annual.code)


def make(*, by: str, fund: str, organization: str, year: int, kind: str, version: int = 1, **words: Any) -> Any:
    """The record of a version, inside a verb's transaction."""
    now = datetime.now(UTC)
    code = re.sub(r"[^A-Za-z0-9._-]", "_", f"R-{year}-{fund}-{organization}-{kind}-{version}")
    if models.Return.objects.filter(code=code).exists():  # codes that differ in a sign that no address holds
        code = f"{code}-{models.Return.objects.count() + 1}"
    record = models.Return.objects.create(
        code=code,
        fund_id=fund,
        organization_id=organization,
        year=year,
        kind=kind,
        version=version,
        author=by,
        writers=[by],
        made_at=now,
        changed_at=now,
        **{"state": str(State.DRAFT), **words},
    )
    history.keep(by=by, verb="begin", thing=standing.thing(record), after={"state": record.state})
    return record


def write(
    *,
    by: str,
    record: Any,
    sent: Sent,
    seen: int | None = None,
    nil: bool | None = None,
    remark: str | None = None,
    until: date | None = None,
    stated: Mapping[str, int] | None = None,
    parts: Mapping[str, Any] | None = None,
) -> list[Change]:
    """Changes the cells that are named and no others, and answers what was changed. Raises Refused.

    sent: by row; None clears. nil, remark, until: None leaves them. Saying that something was spent takes nil back.
    """
    with history.whole():
        history.alone(standing.thing(record), seen)
        record.refresh_from_db()
        if record.state not in OPEN:
            raise Refused(Finding("return-row-locked", "", record.state))
        if found := list(faults(record, sent, parts)):
            raise Refused(*found)
        changes = difference(record.cells, sent)
        record.cells = apply(record.cells, changes)
        if any(change.column == AMOUNT and change.after for change in changes):
            nil = False
        before, after = _told(changes)
        for name, value in (("nil", nil), ("remark", remark), ("until", until)):
            if value is not None and getattr(record, name) != value:
                before[name], after[name] = str(getattr(record, name) or ""), str(value)
                setattr(record, name, value)
        record.stated = dict(stated or {}) if changes or stated is not None else record.stated
        if not after and stated is None:
            return []
        _save(record, by)
        history.keep(by=by, verb="write", thing=standing.thing(record), before=before, after=after)
    return changes


def tried(**said: Any) -> list[Change]:
    """What `write` would change, by the same rules: the record is left with it, the books are not. Raises Refused."""
    with history.whole():
        changes = write(**said)
        transaction.set_rollback(True, using=database.current())
    return changes


def faults(record: Any, sent: Sent, parts: Mapping[str, Any] | None = None) -> Iterable[Finding]:
    """What cannot be written down at all: rows of nowhere, amounts that no ledger holds, endless comments."""
    projects = standing.parts_of(record, parts)
    for key, columns in sent.items():
        row = rows.read(key)
        if row is None or row.project not in projects:
            yield Finding("return-project", key, key)
        for column, value in columns.items():
            is_amount = column == AMOUNT and isinstance(value, int) and abs(value) < LARGEST
            is_comment = column != AMOUNT and isinstance(value, str) and len(value) <= LONGEST and "\0" not in value
            if column not in COLUMNS or not (value is None or is_amount or is_comment):
                yield Finding("return-amount" if column == AMOUNT else "text-unreadable", key)


def _told(changes: Iterable[Change]) -> tuple[dict[str, str], dict[str, str]]:
    before, after = {}, {}
    for change in changes:
        name = f"{change.row} {change.column}"
        before[name], after[name] = ("" if value is None else str(value) for value in (change.before, change.after))
    return before, after


def _save(record: Any, by: str) -> None:
    record.writers = sorted({*record.writers, by})
    record.changed_at = datetime.now(UTC)
    record.save()


def nothing_spent(*, by: str, records: Iterable[Any]) -> int:
    """One act for many: each is said to be nil, and every amount in it is zero. Answers how many. Raises Refused."""
    count = 0
    with history.whole():
        for record in records:
            parts = standing.parts_of(record)
            zero = {row.key: {AMOUNT: 0} for row in standing.rows_of(record, parts) if row.category not in (rows.NOTE,)}
            write(by=by, record=record, sent=zero, nil=True)
            count += 1
    return count


def answer(*, by: str, record: Any, answers: Mapping[str, tuple[str, str]], seen: int | None = None) -> None:
    """Confirms or disputes lines of the statement of account, by the number of their entry. Raises Refused."""
    with history.whole():
        history.alone(standing.thing(record), seen)
        record.refresh_from_db()
        if record.state not in OPEN:
            raise Refused(Finding("return-row-locked", "", record.state))
        known = {str(entry.id) for entry in standing.transfers_of(record)}
        wrong = [
            number
            for number, (said, comment) in answers.items()
            if number not in known or said not in (CONFIRMED, DISPUTED, "") or len(comment) > LONGEST
        ]
        if wrong:
            raise Refused(*(Finding("return-row-unknown", f"transfer {number}") for number in wrong))
        old = dict(record.answers)
        new = {**old, **{number: [said, comment.strip()] for number, (said, comment) in answers.items()}}
        record.answers = {number: told for number, told in new.items() if told[0]}
        if record.answers == old:
            return
        _save(record, by)
        history.keep(
            by=by,
            verb="answer",
            thing=standing.thing(record),
            before={number: str(old.get(number, "")) for number in new},
            after={number: str(told) for number, told in record.answers.items()},
        )


def comment(*, by: str, record: Any, text: str, row: str = "", answers: Any = None) -> Any:
    """Says something in the conversation about a return; whoever may read it may. Raises Refused."""
    if not text.strip():
        raise Refused(Finding("field-missing", "text"))
    if "\0" in text or len(text) > LONGEST:
        raise Refused(Finding("text-unreadable", "text"))
    with history.whole():
        made = models.Remark.objects.create(
            of=record, row=row, text=text.strip(), by=by, at=datetime.now(UTC), answers=answers
        )
        history.keep(by=by, verb="comment", thing=standing.thing(record), after={"row": row, "comment": made.pk})
    return made
