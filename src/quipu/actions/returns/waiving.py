"""Waive a rule for an organization's figures of a fund and a year: by name, with a reason and a day, published with them."""

from datetime import UTC, datetime
from typing import Any

from quipu.actions import history
from quipu.actions.returns import standing
from quipu.actions.returns.leading import name_of
from quipu.actions.tell import tell
from quipu.books import models
from quipu.rules.findings import Finding, Refused
from quipu.rules.returns import rows
from quipu.rules.returns.registry import CHECKS
from quipu.rules.returns.states import State

SETTLED = (State.ACCEPTED, State.RESTATED)
WAIVABLE = tuple(name for name, check in CHECKS.items() if check.waivable)


def waive(*, by: str, record: Any, rule: str, row: str = "", reason: str) -> Any:
    """A rule no longer stands in the way, in one row or ("") in all of them. Raises Refused."""
    with history.whole():
        history.alone(standing.thing(record), None)
        record.refresh_from_db()
        if found := list(_faults(record, rule, row, reason)):
            raise Refused(*found)
        for one in standing.waived_of(record):
            if (one.rule, one.row) == (rule, row):
                return one  # a second click
        now = datetime.now(UTC)
        made = models.Waived.objects.create(
            fund_id=record.fund_id,
            organization_id=record.organization_id,
            year=record.year,
            rule=rule,
            row=row,
            reason=reason.strip(),
            by=by,
            at=now,
        )
        after = {"rule": rule, "row": row, "waived": made.pk}
        history.keep(by=by, verb="waive", thing=standing.thing(record), after=after, reason=made.reason, is_public=True)
        _tell(record, by, made)
    return made


def _faults(record: Any, rule: str, row: str, reason: str) -> Any:
    if rule not in WAIVABLE:
        yield Finding("waiver-rule", "rule", rule)
    if row:
        said = rows.read(row)
        if said is None or said.project not in standing.parts_of(record):
            yield Finding("return-row-unknown", "row", row)
    if not reason.strip() or "\0" in reason:
        yield Finding("reason-missing", "reason")
    if record.state in SETTLED:
        yield Finding("waiver-stands", "")


def withdraw(*, by: str, record: Any, waived: Any) -> None:
    """The rule stands again. Possible until the return is accepted. Raises Refused."""
    with history.whole():
        history.alone(standing.thing(record), None)
        record.refresh_from_db()
        waived.refresh_from_db()
        if record.state in SETTLED:
            raise Refused(Finding("waiver-stands", ""))
        if waived.withdrawn_at is not None:
            raise Refused(Finding("waiver-withdrawn", ""))
        waived.withdrawn_at, waived.withdrawn_by = datetime.now(UTC), by
        waived.save(update_fields=["withdrawn_at", "withdrawn_by"])
        before = {"rule": waived.rule, "row": waived.row}
        history.keep(by=by, verb="withdraw waiver", thing=standing.thing(record), before=before, is_public=True)


def _tell(record: Any, by: str, made: Any) -> None:
    values = {"name": history.name_of(by), "thing": name_of(record), "reason": made.reason}
    tell(
        people=[one for one in record.writers if one != by],
        subject="A rule was waived for your return",
        text="%(name)s waived a rule for the return %(thing)s: %(reason)s",
        address=f"/desk/returns/{record.code}",
        values=values,
    )
