"""Write lessons and best practices and lead them on: public once another person approved them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from quipu.actions import history
from quipu.actions.history import Thing
from quipu.actions.monitoring import saying
from quipu.actions.monitoring.saying import Texts
from quipu.actions.subjects import known
from quipu.books import models, office
from quipu.rules import monitoring
from quipu.rules.dates import EARLIEST
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.monitoring import OF_LESSONS, OPEN, State
from quipu.rules.narrative import PROJECT


@dataclass(frozen=True, slots=True)
class LessonSaid:
    """A lesson or a best practice as it is typed. organization: whose it is, "" for the programme's."""

    kind: str
    titles: Texts
    texts: Texts = field(default_factory=dict)
    organization: str = ""
    year: int | None = None
    document: str = ""
    source: str = ""
    link: str = ""


def scope(record: Any) -> Scope:
    """Whose it is: the programme's."""
    return saying.scope_of(record.project)


def thing(record: Any) -> Thing:
    """What history calls it."""
    return Thing("lesson", record.code, scope(record))


def write(*, by: str, project: str, said: LessonSaid, code: str = "", seen: int | None = None) -> Any:
    """Makes a lesson of a programme, or changes the draft of that code. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        record = saying.there(models.Lesson, code, project=owner.code)
        found: list[Finding] = []
        if record is not None and record.state not in OPEN:
            found.append(Finding("monitoring-locked", ""))
        saying.chosen(said.kind, monitoring.LESSON_KINDS, "kind", found)
        if said.year is not None and not EARLIEST.year <= said.year <= office.today().year:
            found.append(Finding("monitoring-day", "year"))
        before = saying.told(record)
        number = saying.numbered(models.Lesson, None, record, found, project=owner)
        now = datetime.now(UTC)
        record = record or models.Lesson(
            code=f"{owner.code}-l{number}", project=owner, number=number, state=State.DRAFT, author=by, made_at=now
        )
        record.kind, record.year, record.changed_at = said.kind, said.year, now
        record.titles = saying.texts(said.titles, "titles", found, needed=True, lines=False)
        record.texts = saying.texts(said.texts, "texts", found)
        record.organization_id = saying.organization(said.organization, found)
        record.document_id = saying.document(said.document, owner, found)
        record.source, record.link = saying.words(said.source, "source", found), saying.link(said.link, found)
        record.writers = sorted({*record.writers, by})
        if found:
            raise Refused(*found)
        return saying.kept(by=by, record=record, thing=thing(record), before=before, seen=seen, is_public=False)


def lead(*, by: str, code: str, act: str, reason: str = "", seen: int | None = None) -> Any:
    """Takes a lesson from one state to the next. Raises Refused."""
    with history.whole():
        record = models.Lesson.objects.filter(code=code).select_related("project").first()
        if record is None:
            raise Refused(Finding("record-unknown", "code", code))
        own = thing(record)
        history.alone(own, seen)
        record.refresh_from_db()
        rules = monitoring.broken(OF_LESSONS, act, record.state, by, record.writers, reason)
        if rules:
            raise Refused(*(Finding(rule, "reason" if rule == "reason-missing" else "") for rule in rules))
        was_public, before = record.state == State.APPROVED, {"state": record.state}
        said = OF_LESSONS[act]
        record.state, record.changed_at = said.after, datetime.now(UTC)
        if said.verb == monitoring.APPROVER:
            record.decided_by, record.decided_at, record.comment = by, record.changed_at, reason.strip()
        record.save()
        history.keep(
            by=by,
            verb=act,
            thing=own,
            before=before,
            after={"state": str(record.state)},
            reason=reason.strip(),
            is_public=was_public or record.state == State.APPROVED,
        )
    return record
