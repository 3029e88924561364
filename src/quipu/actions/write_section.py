"""Write a section: a piece of a factsheet's narrative in one language; every version stays, and one of them is public."""

from datetime import UTC, datetime
from typing import Any

from quipu.actions import history, subjects
from quipu.actions.history import Thing
from quipu.books import models
from quipu.rules import narrative
from quipu.rules.findings import Finding, Refused
from quipu.rules.languages import LANGUAGES
from quipu.rules.narrative import DRAFT, PUBLIC, WAITING


def thing_of(record: Any, section: str, language: str) -> Thing:
    """What history calls a section."""
    name = f"{subjects.kind_of(record)} {record.code} {section} {language}"
    return Thing("section", name, subjects.scope_of(record))


def write_section(
    *,
    by: str,
    kind: str,
    code: str,
    section: str,
    language: str,
    title: str = "",
    text: str = "",
    is_public: bool = False,
    seen: int | None = None,
) -> Any:
    """Keeps a version, and answers it. is_public: the next edition shows it, unless the fund asks for second eyes.

    seen: the version of the thing that was shown (`history.version`). A public version without words takes the section
    off the page. Raises Refused.
    """
    with history.whole():
        record = subjects.known(kind, code)
        found = []
        if not narrative.is_section(kind, section):
            found.append(Finding("section-unknown", "section", section))
        if language not in LANGUAGES:
            found.append(Finding("section-language", "language", language))
        if len(text) > narrative.LONGEST:
            found.append(Finding("section-too-long", "text", f"{len(text)} > {narrative.LONGEST}"))
        if "\0" in text + title:
            found.append(Finding("text-unreadable", "text"))
        if found:
            raise Refused(*found)
        thing = thing_of(record, section, language)
        history.alone(thing, seen)
        before = versions(kind, code, section, language).first()
        state = DRAFT if not is_public else WAITING if subjects.fund_of(record).second_eyes else PUBLIC
        made = models.Section.objects.create(
            kind=kind,
            code=code,
            section=section,
            language=language,
            title=" ".join(title.split()) if narrative.outcome(section) else "",
            text=text.replace("\r\n", "\n").strip(),
            state=state,
            by=by,
            at=datetime.now(UTC),
        )
        history.keep(
            by=by,
            verb="write",
            thing=thing,
            before=_said(before),
            after=_said(made),
            is_public=state == PUBLIC,
        )
    return made


def release_section(*, by: str, number: int) -> Any:
    """Another person than its writer lets a section out. Raises Refused."""
    return _decide(by, number, PUBLIC, "release", "")


def send_back_section(*, by: str, number: int, reason: str) -> Any:
    """A section that waits is a draft again, with the reason. Raises Refused."""
    if not reason.strip():
        raise Refused(Finding("reason-missing", "reason"))
    return _decide(by, number, DRAFT, "send back", reason.strip())


def _decide(by: str, number: int, state: str, verb: str, reason: str) -> Any:
    with history.whole():
        one = models.Section.objects.filter(pk=number).first()
        if one is None:
            raise Refused(Finding("section-not-waiting", ""))
        record = subjects.known(one.kind, one.code)
        thing = thing_of(record, one.section, one.language)
        history.alone(thing, None)
        one.refresh_from_db()
        later = versions(one.kind, one.code, one.section, one.language).filter(pk__gt=one.pk).exclude(state=DRAFT)
        if one.state != WAITING or later.exists():
            raise Refused(Finding("section-not-waiting", ""))
        if one.by == by:
            raise Refused(Finding("section-own", ""))
        before = _said(one)
        one.state, one.released_by = state, by if state == PUBLIC else ""
        one.save(update_fields=["state", "released_by"])
        history.keep(
            by=by, verb=verb, thing=thing, before=before, after=_said(one), reason=reason, is_public=state == PUBLIC
        )
    return one


def versions(kind: str, code: str, section: str, language: str) -> Any:
    """All versions of a section in a language, the last one first."""
    found = models.Section.objects.filter(kind=kind, code=code, section=section, language=language)
    return found.order_by("-id")


def _said(one: Any) -> dict[str, Any]:
    return {} if one is None else {"title": one.title, "text": one.text, "state": one.state}
