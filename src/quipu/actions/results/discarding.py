"""Discard the draft of a reading: it counts nowhere and is changed no more; what it said stays in the history."""

from datetime import UTC, datetime
from typing import Any

from quipu.actions import history
from quipu.actions.results import reading
from quipu.books import models
from quipu.rules.findings import Finding, Refused
from quipu.rules.results.states import OPEN, State


def discard(*, by: str, code: str, seen: int | None = None) -> Any:
    """A draft, or one that was returned, is withdrawn. Raises Refused."""
    with history.whole():
        record = models.Reading.objects.filter(code=code).select_related("indicator__project").first()
        if record is None:
            raise Refused(Finding("record-unknown", "code", code))
        own = reading.thing(record)
        history.alone(own, seen)
        record.refresh_from_db()
        if record.state not in OPEN:
            raise Refused(Finding("reading-locked", "", record.state))
        if reading.locked(record.indicator.project_id, record.until):
            raise Refused(Finding("period-locked", "until"))
        before = {"state": record.state}
        record.state, record.changed_at = State.WITHDRAWN, datetime.now(UTC)
        record.save()
        history.keep(by=by, verb="discard", thing=own, before=before, after={"state": record.state})
    return record
