"""Write readings and lead them on: what a source says an indicator shows, approved by another person, one of them reported."""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from quipu.actions import history, recording
from quipu.actions.history import Thing
from quipu.actions.results import cutting, framework
from quipu.books import models, office
from quipu.rules.findings import Finding, Refused
from quipu.rules.results import rolling, values
from quipu.rules.results.kinds import ADDED, BREAKS
from quipu.rules.results.states import OPEN, TRANSITIONS, State, broken

READING = "reading"
KEY = re.compile(r"[0-9a-f]{12,24}")  # of a form
Cells = Mapping[str, Mapping[str, str]]  # by list and choice, as typed
Offered = Mapping[str, tuple[list[str], bool]]  # by list: its choices, and whether others may be written


@dataclass(frozen=True, slots=True)
class ReadingSaid:
    """A reading as it is typed. since: None counts from the beginning; group: the sign between thousands of its numbers."""

    indicator: str
    until: date
    value: str
    source: str
    since: date | None = None
    cells: Cells = field(default_factory=dict)
    on: date | None = None
    link: str = ""
    documents: Sequence[str] = ()
    note: str = ""
    group: str = ","


def thing(record: Any) -> Thing:
    """What history calls a reading."""
    return framework.thing(READING, record)


def locked(project: str, until: date) -> Any:
    """The locked period that a day falls into, None where it is open."""
    return models.Cycle.objects.filter(
        project=project, since__lte=until, until__gte=until, locked_at__isnull=False
    ).first()


def write(
    *, by: str, said: ReadingSaid, code: str = "", seen: int | None = None, key: str = "", is_counted: bool = False
) -> Any:
    """Makes a reading, or changes the draft of that code. Raises Refused.

    key: of the form that a new one is typed into, and its code: however often it is sent, it makes one reading.
    is_counted: it was made from a register's rows.
    """
    with history.whole():
        if key and not code:
            sent = _sent(by, said, key)
            if sent is not None and _as_said(sent, said):
                return sent
            code = sent.code if sent is not None else ""
        indicator = models.Indicator.objects.filter(code=said.indicator).select_related("project", "output").first()
        if indicator is None:
            raise Refused(Finding("record-unknown", "indicator", said.indicator))
        record = models.Reading.objects.filter(code=code, indicator=indicator).first() if code else None
        found = _faults(indicator, said, record, code)
        if is_counted:
            found = [one for one in found if one.rule != "reading-counted"]
        value, cells = _read(indicator, said, found)
        refusing = [one for one in found if one.severity == "error"]
        if refusing or value is None:
            raise Refused(*refusing)
        now = datetime.now(UTC)
        before = _told(record)
        record = record or models.Reading(
            code=key or secrets.token_hex(6), indicator=indicator, state=State.DRAFT, author=by, made_at=now
        )
        record.since, record.until, record.value, record.cells = said.since, said.until, str(value), cells
        record.source, record.on, record.link = " ".join(said.source.split()), said.on, said.link.strip()
        record.documents, record.note, record.changed_at = list(said.documents), said.note.strip(), now
        record.writers = sorted({*record.writers, by})
        own = thing(record)
        history.alone(own, seen)
        record.save()
        history.keep(by=by, verb="write", thing=own, before=before, after=_told(record))
    return record


def _sent(by: str, said: ReadingSaid, key: str) -> Any:
    """The reading that a form made when it was sent before, None where it was not. Raises Refused."""
    if not KEY.fullmatch(key):
        raise Refused(Finding("record-code", "key", key[:24]))
    history.alone(Thing(READING, key), None)
    sent = models.Reading.objects.filter(code=key).select_related("indicator").first()
    if sent is not None and (sent.author != by or sent.indicator_id != said.indicator):
        raise Refused(Finding("record-taken", "", key))
    return sent


def _as_said(record: Any, said: ReadingSaid) -> bool:
    """Whether a reading says just that already."""
    found: list[Finding] = []
    value, cells = _read(record.indicator, said, found)
    told: tuple[Any, ...] = (
        said.since,
        said.until,
        str(value),
        cells,
        " ".join(said.source.split()),
        said.on,
        said.link.strip(),
    )
    told += (list(said.documents), said.note.strip())
    names = ("since", "until", "value", "cells", "source", "on", "link", "documents", "note")
    return told == tuple(getattr(record, name) for name in names)


def findings(said: ReadingSaid) -> list[Finding]:
    """What speaks against a reading as it is typed, and what is only remarked; nothing is kept."""
    indicator = models.Indicator.objects.filter(code=said.indicator).first()
    if indicator is None:
        return [Finding("record-unknown", "indicator", said.indicator)]
    found = _faults(indicator, said, None, "")
    _read(indicator, said, found)
    return found


def judged(
    indicator: Any, said: ReadingSaid, record: Any, is_locked: Callable[[str, date], Any], offered: Offered
) -> list[Finding]:
    """The same of one among many: nothing is asked but what is handed over. offered: of `choices`."""
    found = _faults(indicator, said, record, record.code if record is not None else "", is_locked)
    _read(indicator, said, found, offered)
    return found


def _faults(
    indicator: Any, said: ReadingSaid, record: Any, code: str, is_locked: Callable[[str, date], Any] = locked
) -> list[Finding]:
    found = []
    if code and record is None:
        found.append(Finding("record-unknown", "code", code))
    if record is not None and record.state not in OPEN:
        found.append(Finding("reading-locked", "", record.state))
    if indicator.ended_at is not None:
        found.append(Finding("result-ended", "indicator", indicator.code))
    if indicator.counted:
        found.append(Finding("reading-counted", "value"))
    if said.since and said.since > said.until:
        found.append(Finding("period-backwards", "until"))
    if said.until > office.today():
        found.append(Finding("period-to-come", "until"))
    if any(is_locked(indicator.project_id, day) for day in {said.until, record.until if record else said.until}):
        found.append(Finding("period-locked", "until"))
    if not said.source.strip():
        found.append(Finding("reading-source-missing", "source"))
    if said.link.strip() and not said.link.strip().startswith(("https://", "http://")):
        found.append(Finding("reading-link", "link"))
    kept = models.Document.objects.filter(code__in=said.documents) if said.documents else models.Document.objects.none()
    known = set(kept.values_list("code", flat=True))
    found += [Finding("record-unknown", "documents", one) for one in said.documents if one not in known]
    return found + recording.no_nul(said.source, said.note, said.link)


def choices(indicator: Any, own: Mapping[str, Any] | None = None) -> Offered:
    """The choices of each list that an indicator is told apart by, and whether others may be written.

    own: the programme's own lists, where they are known already.
    """
    own = framework.lists_of(indicator.project_id) if own is None else own
    found = {}
    for code in indicator.breaks:
        if code in own:
            found[code] = ([said for said, _ in own[code].choices], False)
        elif code in BREAKS:
            found[code] = (list(BREAKS[code].choices), BREAKS[code].is_open)
    return found


def _findings(refused: Refused) -> list[Finding]:
    return [one for one in refused.findings if isinstance(one, Finding)]


def _read(
    indicator: Any, said: ReadingSaid, found: list[Finding], offered: Offered | None = None
) -> tuple[Any, dict[str, dict[str, str]]]:
    """The value and the cells, as they are kept; findings are added to what was found."""
    value = None
    try:
        value = values.read(indicator.kind, said.value, said.group)
    except Refused as refused:
        found += _findings(refused)
    cells: dict[str, dict[str, str]] = {}
    offered = choices(indicator) if offered is None else offered
    for code, told in said.cells.items():
        known, is_open = offered.get(code, ([], False))
        for choice, text in told.items():
            place = f"{code}/{choice}"
            if not text.strip():
                continue
            if code not in offered or not choice.strip() or (choice not in known and not is_open):
                found.append(Finding("result-cell", place, choice))
                continue
            try:
                cells.setdefault(code, {})[choice] = str(values.read(indicator.kind, text, said.group, place))
            except Refused as refused:
                found += _findings(refused)
        if indicator.kind in ADDED and value is not None and code in cells:
            parts = {choice: Decimal(text) for choice, text in cells[code].items()}
            rest = rolling.differ(parts, value.number)
            if rest:
                found.append(Finding("result-cells-above" if rest > 0 else "result-cells-below", code, str(rest)))
    return value, cells


def lead(*, by: str, code: str, act: str, reason: str = "", seen: int | None = None) -> Any:
    """Takes a reading from one state to the next. Raises Refused.

    The first that is approved for a period is the one reported; a later one that differs waits to be chosen.
    """
    with history.whole():
        record = models.Reading.objects.filter(code=code).select_related("indicator__project").first()
        if record is None:
            raise Refused(Finding("record-unknown", "code", code))
        own = thing(record)
        history.alone(own, seen)
        record.refresh_from_db()
        is_locked = locked(record.indicator.project_id, record.until) is not None
        if rules := broken(act, record.state, by, record.writers, reason, is_locked=is_locked):
            raise Refused(*(Finding(rule, "reason" if rule == "reason-missing" else "") for rule in rules))
        before, was_public = _told(record), is_public(record)
        record.state, record.changed_at = TRANSITIONS[act].after, datetime.now(UTC)
        if TRANSITIONS[act].verb == "approve readings":
            record.decided_by, record.decided_at = by, record.changed_at
            record.comment = reason.strip()
        if act == "approve":
            record.is_reported = _reported(record) is None
        if act == "withdraw":
            record.is_reported = False
        record.save()
        history.keep(
            by=by,
            verb=act,
            thing=own,
            before=before,
            after=_told(record),
            reason=reason.strip(),
            is_public=was_public or is_public(record),
        )
        if is_public(record):
            cutting.decide(record.indicator)
    return record


def choose(*, by: str, code: str, reason: str) -> Any:
    """The reading that is reported for its period, of several sources' that are approved. Raises Refused."""
    if not reason.strip():
        raise Refused(Finding("reason-missing", "reason"))
    with history.whole():
        record = models.Reading.objects.filter(code=code).select_related("indicator__project").first()
        if record is None or record.state != State.APPROVED:
            raise Refused(Finding("reading-not-approved", ""))
        if locked(record.indicator.project_id, record.until):
            raise Refused(Finding("period-locked", ""))
        own = thing(record)
        history.alone(framework.thing(framework.INDICATOR, record.indicator), None)
        before = _told(record)
        other = _reported(record)
        if other is not None and other.pk != record.pk:
            other.is_reported = False
            other.save(update_fields=["is_reported"])
        record.is_reported, record.choice, record.chosen_by = True, reason.strip(), by
        record.save()
        history.keep(
            by=by,
            verb="choose",
            thing=own,
            before={**before, "instead of": other.code if other else ""},
            after=_told(record),
            reason=reason.strip(),
            is_public=record.indicator.is_public,
        )
    return record


def is_public(record: Any) -> bool:
    """Whether the public sees a reading."""
    return bool(record.state == State.APPROVED and record.indicator.is_public)


def disagreeing(indicators: Sequence[Any]) -> list[tuple[Any, list[Any]]]:
    """Indicators with approved readings of one period that differ and of which none was chosen with a reason."""
    found = models.Reading.objects.filter(indicator__in=indicators, state=State.APPROVED).order_by("until", "made_at")
    named = {one.code: one for one in indicators}
    return [(named[several[0].indicator_id], several) for several in differing(found)]


def differing(readings: Iterable[Any]) -> list[list[Any]]:
    """Of approved readings: those of one indicator and period that differ, of which none was chosen with a reason."""
    by_period: dict[tuple[str, date | None, date], list[Any]] = {}
    for one in readings:
        by_period.setdefault((one.indicator_id, one.since, one.until), []).append(one)
    return [
        several
        for several in by_period.values()
        if len({one.value for one in several}) > 1 and not any(one.is_reported and one.choice for one in several)
    ]


def _reported(record: Any) -> Any:
    return models.Reading.objects.filter(
        indicator=record.indicator_id, since=record.since, until=record.until, is_reported=True
    ).first()


def _told(record: Any) -> dict[str, Any]:
    names = ("since", "until", "value", "cells", "source", "on", "link", "documents", "note", "state")
    return {} if record is None else {name: getattr(record, name) for name in (*names, "is_reported", "choice")}
