"""Consent of a row's owner to its being public: given on a day, by whom, until when, on what evidence; withdrawn at any time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Q

from quipu.actions import history, recording
from quipu.actions.history import PERSONAL
from quipu.actions.registers import register as registers
from quipu.actions.registers.row import standing, thing
from quipu.books import models, office
from quipu.rules.findings import Finding, Refused


@dataclass(frozen=True, slots=True)
class ConsentSaid:
    """A consent as it is typed. given_by: whose word it was; until: its last day; document: where it is written."""

    given_on: date
    given_by: str
    until: date | None = None
    evidence: str = ""
    document: str = ""


def in_force(today: date) -> Q:
    """The consents that count on a day; both days are included."""
    return Q(given_on__lte=today, withdrawn_on=None) & (Q(until=None) | Q(until__gte=today))


def of_row(record: Any, today: date) -> Any:
    """The consent of a row that is in force, None without one."""
    return record.consents.filter(in_force(today)).first()


def give(*, by: str, record: Any, said: ConsentSaid, seen: int | None = None) -> Any:
    """Keeps a consent: the row is public from the next edition on, where its register is. Raises Refused.

    One that ran out makes place for the next; one that is in force is withdrawn first.
    """
    with history.whole():
        record = standing(record)
        history.alone(thing(record), seen)
        today = office.today()
        found = _faults(record, said, today)
        open_ = record.consents.filter(withdrawn_on=None).first()
        if open_ is not None and (open_.until is None or open_.until >= today):
            found.append(Finding("consent-there", "given_on"))
        if found:
            raise Refused(*found)
        if open_ is not None:
            open_.withdrawn_on, open_.withdrawn_reason = open_.until, ""
            open_.save(update_fields=["withdrawn_on", "withdrawn_reason"])
        made = models.Consent.objects.create(
            row=record,
            given_on=said.given_on,
            given_by=" ".join(said.given_by.split()),
            until=said.until,
            evidence=" ".join(said.evidence.split()),
            document=said.document,
            kept_by=by,
            kept_at=datetime.now(UTC),
        )
        after = {"consent": said.given_on, "consent_until": said.until, "consent_by": PERSONAL}
        is_public = record.register.is_public
        history.keep(by=by, verb="give consent", thing=thing(record), after=after, is_public=is_public)
    return made


def withdraw(*, by: str, record: Any, reason: str, on: date | None = None, seen: int | None = None) -> Any:
    """The owner agrees no more: the next edition is without the row. Raises Refused."""
    with history.whole():
        record = models.Row.objects.select_related("register__project").get(pk=record.pk)
        history.alone(thing(record), seen)
        kept = record.consents.filter(withdrawn_on=None).first()
        found = []
        if kept is None:
            found.append(Finding("consent-gone", ""))
        if not reason.strip():
            found.append(Finding("reason-missing", "reason"))
        day = on or office.today()
        if day > office.today():
            found.append(Finding("contact-consent-later", "on"))
        if found:
            raise Refused(*found)
        kept.withdrawn_on, kept.withdrawn_reason = day, reason.strip()
        kept.save(update_fields=["withdrawn_on", "withdrawn_reason"])
        history.keep(
            by=by,
            verb="withdraw consent",
            thing=thing(record),
            before={"consent": kept.given_on},
            after={"consent_withdrawn": day},
            reason=PERSONAL,
            is_public=record.register.is_public,
        )
    return kept


def _faults(record: Any, said: ConsentSaid, today: date) -> list[Finding]:
    schema = registers.schema_of(record.register)
    found = []
    if schema.is_of_people or not schema.by_consent:
        found.append(Finding("register-no-consent", ""))
    if not said.given_by.strip():
        found.append(Finding("consent-by-missing", "given_by"))
    if said.given_on > today:
        found.append(Finding("contact-consent-later", "given_on"))
    if said.until and said.until < said.given_on:
        found.append(Finding("contact-consent-ends", "until"))
    if (
        said.document
        and not models.Document.objects.filter(code=said.document, fund=record.register.project.fund_id).exists()
    ):
        found.append(Finding("register-document", "document", said.document))
    return [*found, *recording.no_nul(said.given_by, said.evidence)]


def next_end(after: date) -> date | None:
    """The first day after that one on which a consent has run out, so that the next edition is without its row."""
    day: date | None = (
        models.Consent.objects.filter(until__gte=after, withdrawn_on=None)
        .order_by("until")
        .values_list("until", flat=True)
        .first()
    )
    return None if day is None else date.fromordinal(day.toordinal() + 1)
