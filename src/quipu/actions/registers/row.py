"""Rows of a register: entered, amended, withdrawn with a reason. What is of a person is masked in the history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from quipu.actions import history
from quipu.actions.history import PERSONAL, Thing
from quipu.actions.registers import register as registers
from quipu.actions.registers import totals
from quipu.books import models
from quipu.rules.findings import ERROR, Finding, Refused
from quipu.rules.registers import rows as rules
from quipu.rules.registers.fields import Schema, Type

ROW = "row"
Said = Mapping[str, str]  # by field, as typed


def thing(record: Any) -> Thing:
    """What history calls a row."""
    return Thing(ROW, f"{record.register_id} {record.number}", registers.scope(record.register))


def read(register: Any, schema: Schema, said: Said, group: str) -> tuple[rules.Values, list[Finding]]:
    """What a row's fields would hold, and all that is to be said of them; organizations by their codes where they are known."""
    values, found = rules.read(schema, said, register.currency, group)
    bodies = {one.key for one in schema.fields if one.type == Type.ORGANIZATION and one.key in values}
    if bodies:
        codes = codes_of({values[key] for key in bodies})
        values |= {key: codes.get(values[key].casefold(), values[key]) for key in bodies}
    papers = {one.key: values[one.key] for one in schema.fields if one.type == Type.DOCUMENT and one.key in values}
    if papers:
        own = models.Document.objects.filter(code__in=papers.values(), fund=register.project.fund_id)
        known = set(own.filter(project=register.project_id).values_list("code", flat=True))
        known |= set(own.filter(project=None).values_list("code", flat=True))
        found += [Finding("register-document", key, code) for key, code in papers.items() if code not in known]
    return values, found


def codes_of(names: Iterable[str]) -> dict[str, str]:
    """The codes of organizations of the books that are called so, by name in small letters."""
    found: dict[str, str] = {}
    wanted = {name.casefold() for name in names}
    for code, title in models.Organization.objects.values_list("code", "title"):
        for name in (title.casefold(), code.casefold()):
            if name in wanted:
                found[name] = code
    return found


def enter(*, by: str, register: str, said: Said, group: str = ",", key: str = "", told: bool = True) -> Any:
    """A new row. key: of a workbook's row; told: totals follow at once. Raises Refused."""
    with history.whole():
        owner = registers.alive(register)
        history.alone(Thing("rows", owner.code, registers.scope(owner)), None)  # numbers without gaps
        schema = registers.schema_of(owner)
        values = _right(read(owner, schema, said, group))
        last = owner.rows.order_by("-number").values_list("number", flat=True).first()
        now = datetime.now(UTC)
        record = models.Row.objects.create(
            register=owner,
            number=int(last or 0) + 1,
            values=values,
            words=rules.searched(schema, values),
            key=key,
            author=by,
            made_at=now,
            changed_at=now,
        )
        _keep(by, "enter", record, schema, {}, values)
        if told:
            totals.follow(owner)
    return record


def amend(
    *,
    by: str,
    record: Any,
    said: Said,
    group: str = ",",
    seen: int | None = None,
    told: bool = True,
    part: bool = False,
) -> Any:
    """Changes a row. part: fields that are not named stay as they are. Raises Refused."""
    with history.whole():
        record = standing(record)
        schema = registers.schema_of(record.register)
        if part:
            before = {one.key: rules.written(one, record.values.get(one.key)) for one in schema.fields}
            said = {**before, **said}
        values = _right(read(record.register, schema, said, group))
        history.alone(thing(record), seen)
        before_values = dict(record.values)
        record.values, record.words, record.changed_at = values, rules.searched(schema, values), datetime.now(UTC)
        record.save(update_fields=["values", "words", "changed_at"])
        _keep(by, "amend", record, schema, before_values, values)
        if told:
            totals.follow(record.register)
    return record


def withdraw(*, by: str, record: Any, reason: str, seen: int | None = None) -> Any:
    """A row counts no more, and stays with the reason. Raises Refused."""
    with history.whole():
        record = standing(record)
        if not reason.strip():
            raise Refused(Finding("reason-missing", "reason"))
        history.alone(thing(record), seen)
        schema = registers.schema_of(record.register)
        record.withdrawn_at, record.withdrawn_by, record.withdrawn_reason = datetime.now(UTC), by, reason.strip()
        record.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        history.keep(
            by=by,
            verb="withdraw",
            thing=thing(record),
            after={"withdrawn_at": record.withdrawn_at},
            reason=PERSONAL if schema.is_of_people else reason.strip(),
            is_public=record.register.is_public,
        )
        totals.follow(record.register)
    return record


def standing(record: Any) -> Any:
    """The row as it stands now, which may be changed. Raises Refused."""
    found = models.Row.objects.select_related("register__project").get(pk=record.pk)
    if found.register.ended_at is not None:
        raise Refused(Finding("register-ended", "", found.register_id))
    if found.withdrawn_at is not None:
        raise Refused(Finding("register-row-withdrawn", "", str(found.number)))
    return found


def remarks(record: Any) -> list[Finding]:
    """What looks wrong in a row and refuses nothing: across its fields, and beside other rows."""
    schema = registers.schema_of(record.register)
    found = rules.remarks(schema, record.values)
    first = next((one.key for one in schema.fields if one.is_needed), "")
    if first in record.values and record.withdrawn_at is None:
        others = record.register.rows.filter(withdrawn_at=None, words=record.words).exclude(pk=record.pk)
        same = [
            one.number
            for one in others[:20]
            if one.values.get(first) == record.values[first] and one.number < record.number
        ]
        if same:
            found.append(Finding("register-row-same", first, f"{same[0]}"))
    return found


def _right(told: tuple[rules.Values, list[Finding]]) -> rules.Values:
    values, found = told
    if wrong := [one for one in found if one.severity == ERROR]:
        raise Refused(*wrong)
    return values


def _keep(by: str, verb: str, record: Any, schema: Schema, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    told = masked(schema, before, after)
    is_public = record.register.is_public
    history.keep(by=by, verb=verb, thing=thing(record), before=told[0], after=told[1], is_public=is_public)


def masked(
    schema: Schema, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A row's values before and after as history holds them: of what is personal only that it changed."""
    personal = schema.personal
    told: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for one in schema.fields:
        old, new = (rules.written(one, values.get(one.key)) for values in (before, after))
        if old == new:
            continue
        if one.key in personal:
            old, new = "", PERSONAL if new else f"{PERSONAL} –"
        told[0][one.key], told[1][one.key] = old, new
    return told


# Many at once

NEW, CHANGED, SAME, WRONG = "new", "changed", "as it was", "wrong"


@dataclass(slots=True)
class Planned:
    """What a row of a workbook will do. line: of the sheet; changes: before and after by field."""

    line: int
    key: str
    said: dict[str, str]
    what: str = NEW
    record: Any = None
    version: int = 0
    changes: dict[str, tuple[str, str]] | None = None
    findings: list[Finding] | None = None


def plan(register: Any, lines: Sequence[Planned], group: str) -> list[Planned]:
    """What each line would do, and all that speaks against it. Nothing is changed; a few questions for any number of lines.

    A line without a key is a new row; with that of a row that stands, it changes that one.
    """
    schema = registers.schema_of(register)
    keys = [one.key for one in lines if one.key]
    stand = {one.key: one for one in register.rows.filter(key__in=keys)}
    stand |= {
        str(one.number): one for one in register.rows.filter(number__in=[int(key) for key in keys if _is_number(key)])
    }
    codes = [thing_of(register, one) for one in stand.values()]
    versions = history.versions(ROW, codes)
    bodies = _bodies(schema, lines)
    papers = _papers(register, schema)
    for one in lines:
        values, found = rules.read(schema, one.said, register.currency, group)
        for each in schema.fields:
            if each.type == Type.ORGANIZATION and each.key in values:
                values[each.key] = bodies.get(values[each.key].casefold(), values[each.key])
            if each.type == Type.DOCUMENT and each.key in values and values[each.key] not in papers:
                found.append(Finding("register-document", each.key, values[each.key]))
        if one.key and keys.count(one.key) > 1:
            found.append(Finding("workbook-row-twice", "key", one.key))
        one.record = stand.get(one.key)
        if one.record is not None:
            one.version = versions.get(thing_of(register, one.record), 0)
            if one.record.withdrawn_at is not None:
                found.append(Finding("register-row-withdrawn", "key", str(one.record.number)))
            one.changes = _changes(schema, one.record.values, values)
            one.what = CHANGED if one.changes else SAME
        one.findings = [*(one.findings or []), *found]
        if any(each.severity == ERROR for each in one.findings):
            one.what = WRONG
    return list(lines)


def thing_of(register: Any, record: Any) -> str:
    """The code under which history knows a row."""
    return f"{register.code} {record.number}"


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 9


def _bodies(schema: Schema, lines: Sequence[Planned]) -> dict[str, str]:
    keys = [one.key for one in schema.fields if one.type == Type.ORGANIZATION]
    return codes_of({" ".join(one.said.get(key, "").split()) for one in lines for key in keys}) if keys else {}


def _papers(register: Any, schema: Schema) -> set[str]:
    if not any(one.type == Type.DOCUMENT for one in schema.fields):
        return set()
    found = models.Document.objects.filter(fund=register.project.fund_id)
    rows = found.values_list("code", "project")
    return {code for code, project in rows if project in (None, register.project_id)}


def _changes(schema: Schema, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    told = {
        one.key: (rules.written(one, before.get(one.key)), rules.written(one, after.get(one.key)))
        for one in schema.fields
    }
    return {key: pair for key, pair in told.items() if pair[0] != pair[1]}


def apply(register: Any, planned: Sequence[Planned], *, by: str, group: str, whole: bool) -> dict[int, Any]:
    """Enters and amends the rows, and answers them by their line. whole: all of them, or none.

    Raises Refused where a line is wrong and all were asked for, or where somebody changed a row meanwhile.
    """
    if whole and any(one.what == WRONG for one in planned):
        raise Refused(Finding("workbook-unmended", ""))
    done: dict[int, Any] = {}
    with history.whole():
        for one in planned:
            if one.what == NEW:
                done[one.line] = enter(
                    by=by, register=register.code, said=one.said, group=group, key=one.key, told=False
                )
            elif one.what == CHANGED:
                done[one.line] = amend(
                    by=by, record=one.record, said=one.said, group=group, seen=one.version, told=False
                )
        totals.follow(register)
    return done
