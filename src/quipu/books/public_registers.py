"""What the books make public of registers: rows of things, as far as their owners agree, sums of five or more, other resources.

Of people nothing: no row, no number of rows, no name of their register.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Q

from quipu.books import models, office
from quipu.rules import record
from quipu.rules.money import kept, of_minor_units
from quipu.rules.registers import fields
from quipu.rules.registers.fields import Schema
from quipu.rules.registers.kinds import KINDS
from quipu.rules.registers.rows import public as public_values

APPROVED = "approved"  # of readings


def rows() -> Iterator[tuple[str, tuple[Any, ...]]]:
    """All rows of the record, table by table."""
    public = list(models.Register.objects.filter(is_public=True).order_by("project", "number"))
    public = [one for one in public if not schema_of(one).is_of_people]
    shown = _agreed()
    numbers: dict[str, set[int]] = {}
    titles = dict(models.Organization.objects.values_list("code", "title"))
    for one in public:
        schema = schema_of(one)
        found = list(one.rows.filter(withdrawn_at=None).order_by("number").values_list("pk", "number", "values"))
        told = [(number, values) for pk, number, values in found if not schema.by_consent or pk in shown]
        numbers[one.code] = {number for number, _ in told}
        yield "registers", _register(one, schema, len(found), len(told))
        for number, values in told:
            for n, (field, text) in enumerate(public_values(schema, values), 1):
                said = titles.get(text) or text if field.type == fields.Type.ORGANIZATION else text
                yield "registered", record.Registered(one.project_id, one.code, number, n, field.key, said)
    for total in _totals(public):
        amount = kept(of_minor_units(total.units, total.currency))
        told_on = total.at.date()
        yield (
            "register_totals",
            record.RegisterTotal(
                *(total.register.project_id, total.register_id, total.field, total.currency),
                *(amount, len(total.items), told_on),
            ),
        )
    yield from (("register_counts", one) for one in _counts(numbers))
    yield from (("resources", one) for one in _resources(titles))


def schema_of(register: Any) -> Schema:
    """The fields of a register."""
    return KINDS[register.kind].schema if register.kind else fields.of(register.schema)


def today() -> date:
    """The later of the office's day and the world's: what ended in either is not shown."""
    return max(office.today(), datetime.now(UTC).date())


def _agreed() -> set[int]:
    """The rows whose owners agree today."""
    day = today()
    in_force = models.Consent.objects.filter(Q(until=None) | Q(until__gte=day), given_on__lte=day, withdrawn_on=None)
    return set(in_force.values_list("row_id", flat=True))


def _register(one: Any, schema: Schema, count: int, shown: int) -> record.Register:
    told: dict[str, Any] = {}
    if not one.kind:
        told = {
            "titles": {each.key: dict(each.titles) for each in schema.shown},
            "choices": {each.key: {code: dict(said) for code, said in each.choices} for each in schema.shown},
            "types": {each.key: str(each.type) for each in schema.shown},
            "sums": {each.key: dict(each.titles) for each in schema.fields if each.type in fields.OF_MONEY},
        }
    return record.Register(
        project=one.project_id,
        register=one.code,
        kind=one.kind,
        titles=json.dumps(one.titles, ensure_ascii=False, sort_keys=True),
        fields=json.dumps(told, ensure_ascii=False, sort_keys=True) if told else "",
        by_consent=schema.by_consent,
        rows=count,
        shown=shown,
        unagreed=count - shown,
    )


def _totals(public: Iterable[Any]) -> Iterable[Any]:
    stands: dict[tuple[str, str, str], Any] = {}
    for one in models.Total.objects.filter(register__in=public).select_related("register").order_by("pk"):
        stands[one.register_id, one.field, one.currency] = one
    return stands.values()


def _counts(shown: dict[str, set[int]]) -> Iterator[record.RegisterCount]:
    """What stands behind each public reading that was counted: the last count of an indicator and a period."""
    found = models.Count.objects.filter(
        reading__state=APPROVED, reading__indicator__is_public=True, reading__indicator__ended_at=None
    ).select_related("reading__indicator", "register")
    last = {(one.reading.indicator_id, one.reading.since, one.reading.until): one for one in found.order_by("pk")}
    for (indicator, since, until), one in last.items():
        schema = schema_of(one.register)
        public = shown.get(one.register_id)
        counted = [number for number, _ in one.items]
        is_people = schema.is_of_people
        yield record.RegisterCount(
            project=one.register.project_id,
            indicator=indicator,
            since=since,
            until=until,
            register="" if public is None else one.register_id,
            of_people=is_people,
            what="" if is_people or public is None else str(one.said.get("what", "")),
            rows=None if is_people else len(counted),
            numbers=" ".join(str(number) for number in counted if public and number in public),
        )


def _resources(titles: dict[str, str]) -> Iterator[record.Resource]:
    found = models.Resource.objects.filter(is_public=True, withdrawn_at=None).order_by("project", "number")
    papers = _papers({one.document for one in found if one.document})
    for one in found:
        amounts = (
            None if units is None else kept(of_minor_units(units, one.currency)) for units in (one.amount, one.paid)
        )
        amount, paid = amounts
        yield record.Resource(
            project=one.project_id,
            number=one.number,
            giver=titles.get(one.organization_id or "") or one.organization_id or one.source,
            giver_kind=one.source_kind,
            kind=one.kind,
            what=one.what,
            amount=amount,
            currency=one.currency,
            promised=one.promised_on,
            due=one.due_on,
            paid=paid,
            paid_on=one.paid_on,
            state=one.state,
            evidence=papers.get(one.document, ""),
            said_by=one.said_by,
        )


def _papers(codes: set[str]) -> dict[str, str]:
    """The hashes of documents that are public; of others not even that."""
    found = models.Version.objects.filter(
        document__in=codes, document__visibility="public", cleared_at__isnull=False, waits=False
    ).order_by("document", "number")
    return {one.document_id: one.sheet or one.sha256 for one in found if one.sheet or one.sha256}
