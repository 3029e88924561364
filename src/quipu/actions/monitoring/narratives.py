"""The annual narrative: assembled from what is there, written on by the programme, accepted by the secretariat, printed.

What was handed over is what is accepted: the facts of that moment are kept with it. A later word is a new version.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quipu.actions import documents, history
from quipu.actions.documents import Told
from quipu.actions.history import Thing
from quipu.actions.monitoring import facts, saying
from quipu.actions.subjects import known
from quipu.actions.tell import tell
from quipu.books import models, office
from quipu.files import narrative as paper
from quipu.rules import monitoring
from quipu.rules.findings import Finding, Refused
from quipu.rules.languages import LANGUAGES
from quipu.rules.mandates import Scope
from quipu.rules.monitoring import LONGEST, OF_NARRATIVES, OPEN, PARTS, State
from quipu.rules.narrative import PROJECT
from quipu.rules.returns.obligations import DOCUMENT

TITLES = {
    "en": "Annual narrative report %(year)s: %(title)s",
    "es": "Informe narrativo anual %(year)s: %(title)s",
    "fr": "Rapport narratif annuel %(year)s : %(title)s",
}


def scope(record: Any) -> Scope:
    """Whose it is: the programme's."""
    return saying.scope_of(record.project)


def thing(record: Any) -> Thing:
    """What history calls it."""
    return Thing("yearly narrative", record.code, scope(record))


def latest(project: str, year: int) -> Any:
    """The last version; None before the first."""
    return models.Narrative.objects.filter(project=project, year=year).order_by("-version").first()


def versions(record: Any) -> list[Any]:
    """All versions of the same year, the last one first."""
    found = models.Narrative.objects.filter(project=record.project_id, year=record.year)
    return list(found.defer("facts", "parts").order_by("-version"))


def begin(*, by: str, project: str, year: int, reason: str = "") -> Any:
    """The version that is open, or a new one: the first of a year, or with a reason one after an accepted one."""
    with history.whole():
        owner = known(PROJECT, project)
        history.alone(Thing("yearly narratives", f"{project} {year}"), None)
        last = latest(project, year)
        if last is not None and last.state != State.ACCEPTED:
            return last
        found = []
        if last is not None and not reason.strip():
            found.append(Finding("reason-missing", "reason"))
        if year >= office.today().year or year < 1945:
            found.append(Finding("narrative-early", "year"))
        reason = saying.words(reason, "reason", found)
        if found:
            raise Refused(*found)
        now = datetime.now(UTC)
        number = last.version + 1 if last else 1
        record = models.Narrative.objects.create(
            code=f"N-{owner.code}-{year}-{number}",
            project=owner,
            year=year,
            version=number,
            state=State.DRAFT,
            parts=dict(last.parts) if last else {},
            writers=list(last.writers) if last else [],
            reason=reason,
            author=by,
            made_at=now,
            changed_at=now,
        )
        history.keep(
            by=by, verb="begin", thing=thing(record), after={"year": year, "version": number}, reason=record.reason
        )
    return record


def write(*, by: str, code: str, part: str, language: str, text: str, seen: int | None = None) -> Any:
    """One part in one language, while the narrative is open. Raises Refused."""
    with history.whole():
        record = _known(code)
        own = thing(record)
        history.alone(own, seen)
        record.refresh_from_db()
        found = []
        if record.state not in OPEN:
            found.append(Finding("monitoring-locked", ""))
        if part not in PARTS:
            found.append(Finding("monitoring-choice", "part", part))
        if language not in LANGUAGES:
            found.append(Finding("section-language", "language", language))
        if "\0" in text or len(text) > LONGEST:
            found.append(Finding("monitoring-text", "text"))
        if found:
            raise Refused(*found)
        told = text.replace("\r\n", "\n").strip()
        before = record.parts.get(part, {}).get(language, "")
        words = {**record.parts.get(part, {}), language: told}
        record.parts = {**record.parts, part: {name: said for name, said in words.items() if said}}
        record.writers, record.changed_at = sorted({*record.writers, by}), datetime.now(UTC)
        record.save()
        name = f"{part} {language}"
        history.keep(by=by, verb="write", thing=own, before={name: before}, after={name: told})
    return record


def assembled(record: Any) -> tuple[facts.Facts, list[str]]:
    """What the books and records say of its year, and what is missing: as kept when handed over, else as of now."""
    if record.state not in OPEN:
        return record.facts, record.lacks
    found = facts.of_year(record.project, record.year, facts.position(), office.today())
    return found, facts.lacks(record.parts, found)


def lead(*, by: str, code: str, act: str, reason: str = "", seen: int | None = None) -> Any:
    """Takes a narrative from one state to the next; accepting prints it and keeps it as a document. Raises Refused."""
    with history.whole():
        record = _known(code)
        own = thing(record)
        history.alone(own, seen)
        record.refresh_from_db()
        found = [
            Finding(rule, "reason" if rule == "reason-missing" else "")
            for rule in monitoring.broken(OF_NARRATIVES, act, record.state, by, record.writers, reason)
        ]
        if act == "hand over" and not any(any(words.values()) for words in record.parts.values()):
            found.append(Finding("narrative-empty", ""))
        if found:
            raise Refused(*found)
        before, now = {"state": record.state}, datetime.now(UTC)
        if act == "hand over":
            record.facts, record.lacks = assembled(record)
            record.head, record.handed_by, record.handed_at = record.facts["head"], by, now
        record.state, record.changed_at = OF_NARRATIVES[act].after, now
        after = {"state": str(record.state), "lacks": record.lacks}
        if OF_NARRATIVES[act].verb == monitoring.ACCEPTER:
            record.decided_by, record.decided_at, record.comment = by, now, reason.strip()
        if act == "accept":
            record.document_id = after["document"] = _filed(by, record)
        record.save()
        history.keep(by=by, verb=act, thing=own, before=before, after=after, reason=reason.strip())
        if act == "send back":
            _tell_back(record, by)
    return record


def _known(code: str) -> Any:
    record = models.Narrative.objects.filter(code=code).select_related("project__fund").first()
    if record is None:
        raise Refused(Finding("record-unknown", "code", code))
    return record


def _filed(by: str, record: Any) -> str:
    """The printed narrative as a document of the programme, internal as any that was handed in; a later one follows it."""
    name = f"narrative-{record.project_id}-{record.year}-{record.version}.pdf"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(printed(record))
        version = documents.hand_in(
            by=by, file=file, name=name, fund=record.project.fund_id, project=record.project_id, type_=DOCUMENT
        )
    if version.state == documents.REFUSED:
        raise Refused(*(Finding(rule, "", detail) for rule, detail in version.findings))
    made = version.document
    said = sorted({language for words in record.parts.values() for language, text in words.items() if text})
    before = models.Narrative.objects.filter(project=record.project_id, year=record.year, document__isnull=False)
    last = before.exclude(pk=record.pk).order_by("-version").values_list("document", flat=True).first()
    told = Told(
        titles={language: title_of(record, language) for language in said},
        type=DOCUMENT,
        on=str(record.year),
        languages=said,
        fund=record.project.fund_id,
        project=record.project_id,
        supersedes=last or "",
    )
    documents.amend(by=by, document=made, told=told)
    return str(made.code)


def title_of(record: Any, language: str = "en") -> str:
    """What it is called."""
    title = record.project.title or record.project_id
    return TITLES.get(language, TITLES["en"]) % {"year": record.year, "title": title}


def printed(record: Any) -> bytes:
    """The narrative as a PDF file, marked as a draft before it is accepted."""
    told, missing = assembled(record)
    is_accepted = record.state == State.ACCEPTED
    page = paper.Page(
        title=title_of(record),
        fund=record.project.fund.title or record.project.fund_id,
        year=record.year,
        version=record.version,
        reason=record.reason,
        parts=record.parts,
        facts=told,
        lacks=[sentence % {"what": what} for sentence, what in (facts.lacking(one, told) for one in missing)],
        handed=_day(record.handed_at),
        accepted=_day(record.decided_at) if is_accepted else "",
    )
    made = record.decided_at if is_accepted else None
    return paper.draw(page, made.replace(microsecond=0) if made else datetime(2000, 1, 1, tzinfo=UTC))


def _day(at: datetime | None) -> str:
    """The day of an act; whose it was is a matter of the house, and stays in its history."""
    return f"{at:%Y-%m-%d}" if at else ""


# Mail

SUBJECT = "A narrative was sent back"
TEXT = "%(name)s sent back the narrative of %(thing)s, because: %(reason)s Change it and hand it over again."


def _tell_back(record: Any, by: str) -> None:
    people = [code for code in {record.handed_by, *record.writers} if code != by]
    values = {"name": history.name_of(by), "thing": f"{record.project_id} {record.year}", "reason": record.comment}
    address = f"/desk/monitoring/narrative/{record.code}"
    tell(people=people, subject=SUBJECT, text=TEXT, address=address, values=values)
