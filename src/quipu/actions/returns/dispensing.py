"""Dispensations: an organization asks for more time, or for none of it to be owed; the portfolio manager decides.

Both are public. Whoever asked never decides; what was asked is withdrawn by its own side while nobody has decided.
"""

from datetime import UTC, date, datetime
from typing import Any

from quipu.actions import history, mandates
from quipu.actions.history import Thing
from quipu.actions.returns import owing
from quipu.actions.tell import tell
from quipu.books import models, office
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.returns.obligations import DISPENSABLE, Owed

LONGEST = 2_000  # characters of a reason
ASKING, DECIDING = "ask dispensations", "decide dispensations"
UNDECIDED, GRANTED, DECLINED, WITHDRAWN = "undecided", "granted", "refused", "withdrawn"


def scope_of(record: Any) -> Scope:
    """Whose it is."""
    return Scope(record.fund_id, "", record.organization_id)


def thing(record: Any) -> Thing:
    """A dispensation as history knows it."""
    return Thing("dispensation", str(record.pk), scope_of(record))


def state(record: Any) -> str:
    """Where it stands. What its own side took back is kept as refused by whoever asked."""
    if record.granted is None:
        return UNDECIDED
    if record.granted:
        return GRANTED
    return WITHDRAWN if record.decided_by == record.asked_by else DECLINED


def ask(*, by: str, owed: Owed | None, until: date | None, reason: str) -> Any:
    """Asks for another deadline, or with until None for a waiver. Raises Refused."""
    with history.whole():
        if owed is None:
            raise Refused(Finding("dispensation-not-owed", ""))
        place = Thing("obligation", "/".join(map(str, owed.key)), owed.scope)
        history.alone(place, None)
        asked = models.Dispensation.objects.filter(
            fund=owed.fund,
            organization=owed.organization,
            year=owed.year,
            duty=owed.duty,
            project=owed.project or None,
            granted=None,
        )
        found = _faults(owed, until, reason)
        if asked.exists():
            found.append(Finding("dispensation-asked", ""))
        if found:
            raise Refused(*found)
        record = models.Dispensation.objects.create(
            fund_id=owed.fund,
            organization_id=owed.organization,
            project_id=owed.project or None,
            year=owed.year,
            duty=owed.duty,
            until=until,
            reason=reason.strip(),
            asked_by=by,
            asked_at=datetime.now(UTC),
        )
        history.keep(
            by=by,
            verb="ask",
            thing=thing(record),
            after={"duty": owed.duty, "year": owed.year, "until": until},
            reason=reason.strip(),
        )
        _tell(record, mandates.who_may(DECIDING, scope_of(record)), by, *ASKED)
    return record


def _faults(owed: Owed, until: date | None, reason: str) -> list[Finding]:
    found = []
    if owed.duty not in DISPENSABLE or not owed.organization or not owed.is_missing or owed.closed:
        found.append(Finding("dispensation-not-owed", ""))
    if not reason.strip():
        found.append(Finding("reason-missing", "reason"))
    if "\0" in reason or len(reason) > LONGEST:
        found.append(Finding("text-unreadable", "reason"))
    if until is not None and until <= max(owed.until, office.today()):
        found.append(Finding("dispensation-earlier", "until", str(max(owed.until, office.today()))))
    return found


def decide(*, by: str, record: Any, granted: bool, until: date | None, words: str) -> None:
    """Grants it, until that day (None waives), or refuses it, with words. Raises Refused."""
    with history.whole():
        history.alone(thing(record), None)
        record.refresh_from_db()
        found = []
        if record.granted is not None:
            found.append(Finding("dispensation-decided", ""))
        if by == record.asked_by:
            found.append(Finding("dispensation-own", ""))
        if not granted and not words.strip():
            found.append(Finding("reason-missing", "words"))
        if "\0" in words or len(words) > LONGEST:
            found.append(Finding("text-unreadable", "words"))
        owed = of(record)
        if owed is None or (granted and owed.closed):
            found.append(Finding("dispensation-not-owed", ""))
        elif granted and until is not None and until <= owed.usual:
            found.append(Finding("dispensation-earlier", "until", str(owed.usual)))
        if found:
            raise Refused(*found)
        before = {"until": record.until, "state": UNDECIDED}
        record.granted, record.decided_by, record.decided_at = granted, by, datetime.now(UTC)
        record.decision = words.strip()
        if granted:
            record.until = until
        record.save()
        history.keep(
            by=by,
            verb="grant" if granted else "refuse",
            thing=thing(record),
            before=before,
            after={"until": record.until, "state": state(record)},
            reason=record.decision or record.reason,
            is_public=True,
        )
        _tell(record, _asking(record), by, *(_granted(record) if granted else REFUSED))


def withdraw(*, by: str, record: Any) -> None:
    """Its own side takes it back, while nobody has decided. Raises Refused."""
    with history.whole():
        history.alone(thing(record), None)
        record.refresh_from_db()
        if record.granted is not None:
            raise Refused(Finding("dispensation-decided", ""))
        record.granted, record.decided_by, record.decided_at = False, record.asked_by, datetime.now(UTC)
        record.save()
        history.keep(
            by=by, verb="withdraw", thing=thing(record), before={"state": UNDECIDED}, after={"state": WITHDRAWN}
        )


def of(record: Any) -> Owed | None:
    """The obligation that it is about."""
    return owing.one(record.duty, record.fund_id, record.organization_id, record.year, record.project_id or "")


# Mail

ASKED = (
    "Somebody asks for more time",
    "%(name)s asks for a dispensation for %(thing)s, because: %(reason)s Decide it at the desk.",
)
EXTENDED = ("More time was given", "For %(thing)s there is time until %(until)s. %(words)s")
WAIVED = ("An obligation was waived", "%(thing)s is not owed any more. %(words)s")
REFUSED = ("No more time is given", "The dispensation for %(thing)s was not given: %(words)s")


def _granted(record: Any) -> tuple[str, str]:
    return EXTENDED if record.until else WAIVED


def _asking(record: Any) -> list[Any]:
    """Whoever asked, and everybody who might have."""
    first = models.Person.objects.filter(code=record.asked_by)
    return [*first, *mandates.who_may(ASKING, scope_of(record))]


def _tell(record: Any, people: list[Any], by: str, subject: str, text: str) -> None:
    values = {
        "name": history.name_of(by),
        "thing": " ".join(filter(None, (record.fund_id, record.organization_id, record.project_id, str(record.year)))),
        "reason": record.reason,
        "until": str(record.until or ""),
        "words": record.decision,
    }
    others = [one.pk for one in people if one.pk != by]
    tell(people=others, subject=subject, text=text, address=f"/desk/years/dispensations/{record.pk}", values=values)
