"""Keep a register: of a kind of the house, or with a schema of the programme's own. It ends; nothing of it is deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from quipu.actions import history, recording
from quipu.actions.history import Thing
from quipu.actions.results.framework import Titles, named
from quipu.actions.subjects import known, scope_of
from quipu.books import models
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.narrative import PROJECT
from quipu.rules.registers import fields
from quipu.rules.registers.fields import Schema
from quipu.rules.registers.kinds import KINDS, OWN

REGISTER = "register"


@dataclass(frozen=True, slots=True)
class RegisterSaid:
    """A register as it is typed. kind: of rules/registers/kinds, "" with a schema of its own. currency: of plain amounts."""

    titles: Titles
    kind: str = OWN
    schema: Schema | None = None
    currency: str = "USD"
    is_public: bool = False


def schema_of(record: Any) -> Schema:
    """The fields of a register."""
    return KINDS[record.kind].schema if record.kind else fields.of(record.schema)


def scope(record: Any) -> Scope:
    """Whose a register is: the programme's."""
    return scope_of(record.project)


def thing(record: Any) -> Thing:
    """What history calls it."""
    return Thing(REGISTER, record.code, scope(record))


def title_of(record: Any, language: str = "en") -> str:
    """What it is called in a language, or in the first that it has."""
    titles: Mapping[str, str] = record.titles
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), record.code)


def keep(*, by: str, project: str, said: RegisterSaid, code: str = "", seen: int | None = None) -> Any:
    """Makes a register, or changes the one of that code. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        record = alive(code) if code else None
        if record is not None and record.project_id != owner.code:
            raise Refused(Finding("register-elsewhere", "code", code))
        made = record or models.Register(project=owner, kind=said.kind, number=_next(owner))
        made.code = made.code or f"{owner.code}-r{made.number}"
        history.alone(thing(made), seen)
        found = _faults(made, record, said)
        if found:
            raise Refused(*found)
        before = told(record)
        made.titles, made.currency = named(said.titles), said.currency
        if said.schema is not None and not made.kind:
            made.schema = fields.kept(said.schema)
        made.is_public = said.is_public
        made.save()
        is_public = made.is_public or bool(before.get("is_public"))
        verb = "change" if before else "make"
        history.keep(by=by, verb=verb, thing=thing(made), before=before, after=told(made), is_public=is_public)
    return made


def end(*, by: str, code: str, reason: str, seen: int | None = None) -> Any:
    """Nothing is added to it any more; its rows stay. Raises Refused."""
    with history.whole():
        record = alive(code)
        if not reason.strip():
            raise Refused(Finding("reason-missing", "reason"))
        history.alone(thing(record), seen)
        record.ended_at = datetime.now(UTC)
        record.save(update_fields=["ended_at"])
        history.keep(
            by=by,
            verb="end",
            thing=thing(record),
            after={"ended_at": record.ended_at},
            reason=reason.strip(),
            is_public=record.is_public,
        )
    return record


def look(*, by: str, code: str, reason: str) -> None:
    """An auditor of people reads what a register says of people: with a reason, and on record. Raises Refused."""
    with history.whole():
        record = models.Register.objects.filter(code=code).select_related("project").first()
        if record is None:
            raise Refused(Finding("record-unknown", "code", code))
        if not reason.strip():
            raise Refused(Finding("reason-missing", "reason"))
        seen = Thing("register of people", record.code, scope(record))
        history.keep(by=by, verb="read", thing=seen, after={"day": datetime.now(UTC)}, reason=reason.strip())


def alive(code: str) -> Any:
    """The register of that code, which has not ended. Raises Refused."""
    record = models.Register.objects.filter(code=code).select_related("project").first()
    if record is None:
        raise Refused(Finding("record-unknown", "code", code))
    if record.ended_at is not None:
        raise Refused(Finding("register-ended", "code", code))
    return record


def told(record: Any) -> dict[str, Any]:
    """A register as history holds it; nothing in it is of people."""
    names = ("kind", "titles", "schema", "currency", "is_public")
    return {} if record is None else {name: getattr(record, name) for name in names}


def _next(owner: Any) -> int:
    last = models.Register.objects.filter(project=owner).order_by("-number").values_list("number", flat=True).first()
    return int(last or 0) + 1


def _faults(made: Any, record: Any, said: RegisterSaid) -> list[Finding]:
    found = recording.currency(said.currency)
    if made.kind != said.kind or (made.kind and made.kind not in KINDS):
        return [*found, Finding("register-kind", "kind", said.kind)]
    schema = said.schema if not made.kind and said.schema is not None else None
    if not made.kind and schema is None and record is None:
        found.append(Finding("register-fields", "fields", "0"))
    if schema is not None:
        found += fields.faults(schema)
        if record is not None and record.rows.exists():
            found += fields.narrowed(fields.of(record.schema), schema)
    now = schema or (schema_of(made) if made.kind or record is not None else None)
    if said.is_public and now is not None and now.is_of_people:
        found.append(Finding("register-people-public", "is_public"))
    return found
