"""What the books make public of returns: versions that were submitted, more time that was granted, rules that were waived.

People never, and nothing that was not submitted: neither to readers nor in a preview.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from quipu.books import models, records
from quipu.rules import calendar, record
from quipu.rules.returns import states
from quipu.rules.returns.states import OWN, State

PREFIX = "return-"  # of the key of a return's voucher (actions/returns/posting)
DUTIES = {states.INTERIM: "interim_return", states.ANNUAL: "annual_return", states.FINAL: "final_statement"}
BACK = "back with the organization"  # submitted once, and changed, or about to be, since
Place = tuple[str, str, int]  # fund, organization as it is shown, year


def rows() -> Iterator[tuple[str, tuple[Any, ...]]]:
    """All rows of the record, table by table."""
    deadlines = records.deadlines()
    for fund, own in sorted(deadlines.items()):
        for duty, (month, day) in sorted(own.items()):
            yield "deadlines", record.Deadline(fund, duty, month, day)
    merged = records.mergers()
    granted: dict[tuple[Place, str], list[date | None]] = defaultdict(list)
    for one in models.Dispensation.objects.filter(granted=True).order_by("pk"):
        if not one.project_id:
            place = (one.fund_id, records.shown_as(one.organization_id, merged), one.year)
            granted[place, one.duty].append(one.until)
        yield (
            "dispensations",
            record.Dispensation(
                one.fund_id,
                one.organization_id,
                one.project_id or "",
                one.year,
                one.duty,
                one.until,
                _short(one.reason),
                _short(one.decision),
                _day(one.decided_at) or timezone.localdate(one.asked_at),
            ),
        )
    told = set()
    for place, row in _returns(deadlines, merged, granted):
        told.add(place)
        yield "returns", row
    for one in models.Waived.objects.filter(withdrawn_at=None).order_by("pk"):
        if (one.fund_id, records.shown_as(one.organization_id, merged), one.year) in told:
            yield (
                "waived_rules",
                record.WaivedRule(
                    one.fund_id,
                    one.organization_id,
                    one.year,
                    one.rule,
                    one.row,
                    _short(one.reason),
                    timezone.localdate(one.at),
                ),
            )


def _returns(
    deadlines: dict[str, calendar.Deadlines],
    merged: dict[str, str],
    granted: dict[tuple[Place, str], list[date | None]],
) -> Iterator[tuple[Place, record.Return]]:
    """Each version that was ever submitted, as it was submitted last."""
    signed = dict(models.Signed.objects.order_by("number").values_list("of_id", "at"))  # the last one counts
    before = _submitted()
    keys = dict(models.Posting.objects.filter(key__startswith=PREFIX).values_list("position", "key"))
    for one in models.Return.objects.filter(pk__in=set(signed)).order_by("pk"):
        is_back = State(one.state) in OWN
        at = signed[one.pk]
        said = before[one.pk] if is_back else {"nil": one.nil, "remark": one.remark, "until": one.until}
        place = (one.fund_id, records.shown_as(one.organization_id, merged), one.year)
        duty = DUTIES[one.kind]
        rule = calendar.due(duty, one.year, deadlines.get(one.fund_id))
        yield (
            place,
            record.Return(
                code=one.code,
                fund=one.fund_id,
                organization=one.organization_id,
                year=one.year,
                kind=one.kind,
                version=one.version,
                state=BACK if is_back else one.state,
                by_rule=rule,
                due=calendar.in_force(rule, granted.get((place, duty), [])),
                certified=None if one.kind == states.INTERIM else _day(one.signed_at or at),
                submitted=_day(one.submitted_at or at),
                reviewed=_day(one.review_at),
                accepted=_day(one.accepted_at),
                reference=keys.get(one.position, ""),
                position=one.position,
                reason=_short(one.reason),
                restates=one.restates_id or "",
                workbook=one.workbook,
                nil=bool(said["nil"]),
                until=said["until"],
                remark=_short(said["remark"]),
            ),
        )


def _submitted() -> dict[str, dict[str, Any]]:
    """What of returns may have been changed since they were submitted, as it stood then."""
    found = {}
    contents = models.Signed.objects.filter(of__state__in=[str(state) for state in OWN]).order_by("number")
    for code, content in contents.values_list("of_id", "content"):
        told = json.loads(content)
        until = date.fromisoformat(told["until"]) if told.get("until") else None
        found[code] = {"nil": told["nil"], "remark": told["remark"], "until": until}
    return found


def _day(moment: datetime | None) -> date | None:
    """The day it was where the office is."""
    return None if moment is None else timezone.localdate(moment)


def _short(text: str) -> str:
    return text[: record.LONGEST_TEXT]
