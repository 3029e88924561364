"""A signed report goes out: as a public document of its fund, and to every contributor by mail, once each."""

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db.models import Q

from quipu.actions import documents, history, keeping, mandates
from quipu.actions.returns import reporting
from quipu.actions.tell import write
from quipu.books import models, office
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Role


def make_document(*, by: str, record: Any, reason: str = "") -> Any:
    """The signed file as a public document of the fund, in one act. Raises Refused.

    reason: why it goes out though details of people may be in its words. Answers the document, which may wait for a
    second person where its fund asks for that.
    """
    if record.signed_at is None:
        raise Refused(Finding("report-unsigned", ""))
    if record.document_id:
        raise Refused(Finding("report-public", ""))
    if not keeping.path(record.pdf).exists():
        raise Refused(Finding("document-no-file", ""))
    fund = record.fund_id or reporting.funds_of("", record.year)[0]
    with tempfile.TemporaryDirectory() as folder, history.whole():
        history.alone(reporting.thing(record), None)
        record.refresh_from_db()
        if record.document_id:
            raise Refused(Finding("report-public", ""))
        file = Path(folder) / f"consolidated-report-{record.year}.pdf"
        file.write_bytes(keeping.path(record.pdf).read_bytes())
        version = documents.hand_in(by=by, file=file, name=file.name, fund=fund, type_="financial-report")
        document = version.document
        earlier = [one for one in reporting.versions(record) if one.document_id and one.version < record.version]
        told = documents.Told(
            titles={"en": reporting.title_of(record)},
            type="financial-report",
            on=str(record.signed_at.date()),
            languages=[*record.narrative] or ["en"],
            fund=fund,
            supersedes=earlier[0].document_id if earlier else "",
        )
        documents.amend(by=by, document=document, told=told)
        wish = documents.Wish({}, reason=reason)
        documents.publish(by=by, version=version, wish=wish, today=office.today())
        record.document = document
        record.save(update_fields=["document"])
        history.keep(
            by=by, verb="publish", thing=reporting.thing(record), after={"document": document.code}, is_public=True
        )
    return document


# Telling contributors


@dataclass(frozen=True, slots=True)
class Reader:
    """A contributor of the report's fund, and the people here who speak for it. told: whom already, when."""

    organization: str
    title: str
    people: tuple[Any, ...]
    told: tuple[Any, ...] = ()

    @property
    def waiting(self) -> list[Any]:
        """Who was not told yet."""
        known = {one.person for one in self.told}
        return [person for person in self.people if person.pk not in known]


def contributors(record: Any) -> list[Reader]:
    """Every contributor of its fund, or of all funds, by name; also those for whom nobody works here."""
    agreed = models.Agreement.objects.all()
    paid = models.Entry.objects.filter(contributor__isnull=False, year__lte=record.year)
    if record.fund_id:
        agreed, paid = agreed.filter(fund=record.fund_id), paid.filter(fund=record.fund_id)
    codes = {*agreed.values_list("contributor", flat=True), *paid.values_list("contributor", flat=True).distinct()}
    bodies = models.Organization.objects.filter(code__in=codes).order_by("title", "code")
    told: dict[str, list[Any]] = defaultdict(list)
    for one in models.Told.objects.filter(report=record).order_by("at", "pk"):
        told[one.organization_id].append(one)
    held = mandates.in_force(Role.CONTRIBUTOR, office.today()).filter(organization__in=codes)
    if record.fund_id:
        held = held.filter(Q(fund=None) | Q(fund=record.fund_id))
    held = held.select_related("person").order_by("person__name", "pk")
    people: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in held:
        if one.person.is_active:
            people[one.organization_id][one.person_id] = one.person
    return [
        Reader(body.code, body.title or body.code, tuple(people[body.code].values()), tuple(told[body.code]))
        for body in bodies
    ]


SUBJECT = "The consolidated annual report is out"
TEXT = "The consolidated annual report %(thing)s was signed on %(day)s. Its words and figures are at the address below."


def tell_contributors(*, by: str, record: Any) -> int:
    """Tells every contributor who was not told yet; how many people. Raises Refused."""
    with history.whole():
        history.alone(reporting.thing(record), None)
        record.refresh_from_db()
        if record.signed_at is None:
            raise Refused(Finding("report-unsigned", ""))
        waiting = [(reader, person) for reader in contributors(record) for person in reader.waiting]
        if not waiting:
            raise Refused(Finding("report-told", ""))
        for reader, person in waiting:
            key = f"report {record.pk} {reader.organization} {person.pk}"
            write(
                to=f"person {person.pk}",
                subject=SUBJECT,
                text=TEXT,
                address=f"/desk/years/reports/{record.pk}/for/{reader.organization}",
                values={"thing": reporting.name_of(record), "day": str(record.signed_at.date())},
                key=key,
            )
            mail = models.Mail.objects.filter(key=key).values_list("pk", flat=True).first()
            models.Told.objects.create(
                report=record, organization_id=reader.organization, person=person.pk, mail=mail, at=datetime.now(UTC)
            )
        history.keep(
            by=by,
            verb="tell",
            thing=reporting.thing(record),
            after={"people": len(waiting), "organizations": sorted({reader.organization for reader, _ in waiting})},
        )
    return len(waiting)
