"""Indicators that count a register: how that is defined, what it says of each period, and taking the count as a reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from quipu.actions import history
from quipu.actions.registers import register as registers
from quipu.actions.registers import totals
from quipu.actions.results import framework, reading
from quipu.actions.results.reading import ReadingSaid
from quipu.books import models, office
from quipu.rules.findings import Finding, Refused
from quipu.rules.money import plain
from quipu.rules.registers import counting as rules
from quipu.rules.registers.counting import Counted, Row, judge
from quipu.rules.registers.fields import Schema
from quipu.rules.registers.telling import items, may_be_told
from quipu.rules.results.kinds import NOT_STATED, STANDS
from quipu.rules.results.states import State

Definition = Mapping[str, Any]
HELD = (State.SUBMITTED, State.APPROVED)


@dataclass(frozen=True, slots=True)
class Period:
    """What a register says of a period. since: None from the beginning; title: of a reporting period of the programme."""

    since: date | None
    until: date | None
    title: str
    counted: Counted


def register_of(indicator: Any) -> Any:
    """The register that an indicator counts, None where it is typed by hand."""
    code = indicator.counted.get("register", "") if indicator.counted else ""
    return models.Register.objects.filter(code=code).select_related("project").first() if code else None


def faults(indicator: Any, said: Definition) -> list[Finding]:
    """What is wrong with a definition for an indicator."""
    register = models.Register.objects.filter(code=said.get("register", "")).first()
    if register is None or register.project_id != indicator.project_id:
        return [Finding("register-elsewhere", "register", str(said.get("register", "")))]
    schema = registers.schema_of(register)
    return rules.faults(schema, said, indicator.kind, indicator.breaks, is_of_people=indicator.is_of_people)


def define(*, by: str, indicator: str, said: Definition, reason: str = "", seen: int | None = None) -> Any:
    """Says what an indicator counts; {} has it typed by hand again. With approved readings a reason is needed. Raises Refused."""
    with history.whole():
        record = models.Indicator.objects.filter(code=indicator).select_related("project", "output").first()
        if record is None:
            raise Refused(Finding("record-unknown", "indicator", indicator))
        found = faults(record, said) if said else []
        if record.ended_at is not None:
            found.append(Finding("result-ended", "indicator", indicator))
        if record.readings.filter(state=State.APPROVED).exists() and not reason.strip():
            found.append(Finding("reason-missing", "reason"))
        if found:
            raise Refused(*found)
        own = framework.thing(framework.INDICATOR, record)
        history.alone(own, seen)
        before, record.counted = {"counted": record.counted}, dict(said)
        record.save(update_fields=["counted"])
        history.keep(
            by=by,
            verb="define count",
            thing=own,
            before=before,
            after={"counted": record.counted},
            reason=reason.strip(),
            is_public=record.is_public,
        )
    return record


def rows_of(register: Any) -> list[Row]:
    """The rows that count: those that were not withdrawn."""
    found = register.rows.filter(withdrawn_at=None).order_by("number").values_list("number", "values")
    return [Row(number, values) for number, values in found]


def values(indicator: Any, said: Definition | None = None) -> list[Period]:
    """What the register says of each reporting period of the programme, and in all, last. said: instead of what stands.

    Nothing where the definition does not fit. A few questions, whatever the number of rows and periods.
    """
    said = indicator.counted if said is None else said
    register = models.Register.objects.filter(code=said.get("register", "")).first()
    if register is None or faults(indicator, said):
        return []
    schema, rows = registers.schema_of(register), rows_of(register)
    found = []
    for cycle in models.Cycle.objects.filter(project=indicator.project_id).order_by("until"):
        since = None if indicator.gathers == STANDS else cycle.since
        title = cycle.title or f"{cycle.since.isoformat()} – {cycle.until.isoformat()}"
        found.append(Period(since, cycle.until, title, judge(schema, said, rows, since, cycle.until)))
    found.append(Period(None, None, "", judge(schema, said, rows)))
    return found


def take(*, by: str, indicator: str, until: date, since: date | None = None, note: str = "") -> Any:
    """Makes the reading of a period from the rows as they stand, and submits it: another person approves it. Raises Refused.

    Kept are the rows that it stands on.
    """
    with history.whole():
        record = models.Indicator.objects.filter(code=indicator).select_related("project", "output").first()
        if record is None:
            raise Refused(Finding("record-unknown", "indicator", indicator))
        register = register_of(record)
        if register is None:
            raise Refused(Finding("register-not-counted", "indicator", indicator))
        if found := faults(record, record.counted):
            raise Refused(*found)
        since = None if record.gathers == STANDS else since
        schema = registers.schema_of(register)
        counted = judge(schema, record.counted, rows_of(register), since, until)
        _may(record, register, counted, since, until)
        said = ReadingSaid(
            record.code,
            until,
            plain(counted.value),
            f"Register “{registers.title_of(register)}”",
            since=since,
            cells=_cells(record, counted),
            on=min(office.today(), max(until, date.min)),
            note=note,
            group="",
        )
        made = reading.write(by=by, said=said, is_counted=True)
        models.Count.objects.create(
            reading=made,
            register=register,
            said=dict(record.counted),
            items=[list(one) for one in counted.items],
            by=by,
            at=datetime.now(UTC),
        )
        return reading.lead(by=by, code=made.code, act="submit")


def _may(record: Any, register: Any, counted: Counted, since: date | None, until: date) -> None:
    """Raises Refused where the same was read already, or where a public sum would tell of too few."""
    now = items(counted.items)
    same = models.Count.objects.filter(
        reading__indicator=record, reading__since=since, reading__until=until, reading__state__in=HELD
    ).select_related("reading")
    last = same.order_by("-pk").first()
    if last is not None and items(last.items) == now and last.said == record.counted:
        raise Refused(Finding("register-count-same", "until"))
    word, key = rules.split(record.counted["what"])
    if currency := record.counted.get("currency", ""):
        assert word == rules.SUM
        earlier = totals.told_before(register, key, currency)
        if record.is_public and now not in earlier and not may_be_told(earlier, now):
            raise Refused(Finding("register-few", "until", str(len(now))))


def _cells(indicator: Any, counted: Counted) -> dict[str, dict[str, str]]:
    """The cells as a reading takes them. What is no choice of a closed list is not stated."""
    offered = reading.choices(indicator)
    found: dict[str, dict[str, str]] = {}
    for code, told in counted.cells.items():
        known, is_open = offered.get(code, ([], False))
        sums: dict[str, Decimal] = {}
        for choice, value in told.items():
            at = choice if is_open or choice in known else NOT_STATED
            if at in known or is_open:
                sums[at] = sums.get(at, Decimal(0)) + value
        found[code] = {choice: plain(value) for choice, value in sums.items()}
    return found


def of_register(register: Any) -> list[Any]:
    """The indicators of the programme that count a register, by number."""
    found = models.Indicator.objects.filter(project=register.project_id, ended_at=None).order_by("number")
    return [one for one in found if one.counted and one.counted.get("register") == register.code]


def stood_on(readings: Sequence[Any]) -> dict[str, Any]:
    """What readings were counted from, by their codes."""
    return {one.reading_id: one for one in models.Count.objects.filter(reading__in=readings).select_related("register")}


def schema_of(register: Any) -> Schema:
    """The fields of a register."""
    return registers.schema_of(register)
