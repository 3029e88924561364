"""Lead a return on: hand over, certify, review, send back, accept and post, restate. Each step is one row of history.

The organization's certifier signs; only then the agent sees it. What is accepted is posted in one voucher, which takes the
place of what stood for the year (domain.md, Standing).
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from quipu.actions import history, mandates
from quipu.actions.returns import posting, standing
from quipu.actions.returns.uploading import frozen
from quipu.actions.returns.writing import make
from quipu.actions.tell import tell
from quipu.books import models
from quipu.books import returns as ledger
from quipu.rules.findings import Finding, Refused
from quipu.rules.returns import checks
from quipu.rules.returns.states import ANNUAL, CERTIFIER, FINAL, INTERIM, REVIEWER, TRANSITIONS, State, broken

HANDED_ON = ("hand over", "submit", "certify")  # acts that the rules have to be content with


def lead(*, by: str, record: Any, act: str, seen: int | None, reason: str = "") -> Any:
    """Any act but certifying. Answers the return that it led to: a new version, where one is made. Raises Refused."""
    assert act != "certify"
    with history.whole():
        history.alone(standing.thing(record), seen)
        record.refresh_from_db()
        if act == "accept" and record.state == State.ACCEPTED:
            return record  # a second click: it is posted already
        _may(record, act, by, reason)
        if act in HANDED_ON:
            _ready(record)
        if TRANSITIONS[act].anew:
            return _anew(record, act, by, reason)
        before = {"state": record.state}
        _step(record, act, by, reason)
        if act == "submit":
            sign(record, by, secrets.token_hex(8))
        if act == "accept":
            record.workbook = frozen(record)
            posting.post(by=by, record=record)
            _replaced(record, by)
        record.save()
        after = {"state": record.state, "position": record.position}
        history.keep(
            by=by,
            verb=act,
            thing=standing.thing(record),
            before=before,
            after=after,
            reason=reason.strip(),
            is_public=act in ("accept", "submit", "take up", "send back", "recall", "withdraw"),
        )
        _tell(record, act, by, reason)
    return record


def certify(
    *,
    by: str,
    records: Sequence[tuple[Any, int | None]],
    statement: str,
    language: str,
    attached: tuple[str, str] = ("", ""),
) -> str:
    """One signature for those that are listed, all of them or none. Answers the code of the act. Raises Refused.

    records: each with the version that was seen; attached: hash and name of the signed statement as a file.
    """
    if len({record.organization_id for record, _ in records}) > 1:
        raise Refused(Finding("return-several-organizations", ""))
    act = secrets.token_hex(8)
    with history.whole():
        for record, seen in records:
            history.alone(standing.thing(record), seen)
            record.refresh_from_db()
            _may(record, "certify", by)
            _ready(record)
            if attached[0]:
                record.attached, record.attached_name = attached
            before = {"state": record.state}
            _step(record, "certify", by)
            record.signed_by, record.signed_at = by, record.submitted_at
            record.save()
            made = sign(record, by, act, statement, language)
            after = {"state": record.state, "digest": made.digest, "act": act}
            history.keep(
                by=by, verb="certify", thing=standing.thing(record), before=before, after=after, is_public=True
            )
            _tell(record, "certify", by)
    return act


def sign(record: Any, by: str, act: str, statement: str = "", language: str = "") -> Any:
    """What is submitted, sealed as it stands."""
    content = standing.content_of(record)
    return models.Signed.objects.create(
        of=record,
        number=record.signatures.count() + 1,
        content=content,
        digest=standing.digest(content),
        act=act,
        statement=statement,
        language=language,
        by=by,
        at=record.submitted_at,
    )


def _may(record: Any, act: str, by: str, reason: str = "") -> None:
    rules = broken(act, record.state, record.kind, by, record.writers, record.signed_by, reason)
    found = [Finding(rule, "reason" if rule == "reason-missing" else "", _detail(rule, record)) for rule in rules]
    if act in ("submit", "accept") and record.kind == INTERIM:
        annual = standing.in_force(record.fund_id, record.organization_id, record.year, ANNUAL)
        if annual is not None and (annual.version > 1 or annual.state == State.ACCEPTED):
            found.append(Finding("return-there-already", "", annual.code))  # interim never takes the place of certified
    if TRANSITIONS[act].anew and _is_closed(record):
        found.append(Finding("return-year-closed", "", f"{record.fund_id} {record.year}"))
    if found:
        raise Refused(*found)


def _detail(rule: str, record: Any) -> str:
    return record.state if rule == "return-not-there" else ""


def _is_closed(record: Any) -> bool:
    return record.kind != FINAL and record.year in ledger.closed_years([record.fund_id])[record.fund_id]


def in_the_way(record: Any, said: checks.Said) -> list[Finding]:
    """All that keeps it from being handed over, each transfer that lacks its answer by its number."""
    found = standing.standing_in_the_way(record, said)
    if record.kind != INTERIM:
        found += [Finding("return-unanswered", f"transfer {number}", number) for number in checks.unanswered(said)]
    return found


def _ready(record: Any) -> None:
    """Raises Refused with all that the rules hold against it; each transfer has its answer."""
    found = in_the_way(record, standing.said_of(record))
    if _is_closed(record):
        found.append(Finding("return-year-closed", "", f"{record.fund_id} {record.year}"))
    if found:
        raise Refused(*found)


def _step(record: Any, act: str, by: str, reason: str = "") -> None:
    """The marks that an act leaves on the record."""
    step, now = TRANSITIONS[act], datetime.now(UTC)
    record.state, record.changed_at = str(step.after), now
    record.comment = reason.strip() if step.reasoned else ""
    if step.after == State.SUBMITTED:
        record.submitted_at = now
    elif act == "take up":
        record.review_by, record.review_at = by, now
    elif act == "accept":
        record.accepted_by, record.accepted_at = by, now
    elif step.after in (State.DRAFT, State.SENT_BACK):
        record.signed_by, record.signed_at, record.submitted_at = "", None, None
        record.review_by, record.review_at = "", None


def _anew(record: Any, act: str, by: str, reason: str) -> Any:
    """A new version of an accepted return, with its figures and the reason; the one before stays until that is accepted."""
    last = standing.in_force(record.fund_id, record.organization_id, record.year, record.kind)
    if last.pk != record.pk:
        raise Refused(Finding("return-there-already", "", last.code))
    made = make(
        by=by if act == "restate" else record.author,
        fund=record.fund_id,
        organization=record.organization_id,
        year=record.year,
        kind=record.kind,
        version=record.version + 1,
        state=str(TRANSITIONS[act].after),
        cells=record.cells,
        answers=record.answers,
        nil=record.nil,
        until=record.until,
        remark=record.remark,
        restates=record,
        reason=reason.strip(),
        comment=reason.strip() if act == "reopen" else "",
    )
    history.keep(by=by, verb=act, thing=standing.thing(made), after={"version": made.version}, reason=reason.strip())
    _tell(made, act, by, reason)
    return made


def _replaced(record: Any, by: str) -> None:
    """The version it restates, and the interim figures that a certified return takes the place of, are marked so."""
    before = models.Return.objects.filter(
        fund=record.fund_id, organization=record.organization_id, year=record.year, state=State.ACCEPTED
    ).exclude(pk=record.pk)
    kinds = [record.kind] + ([INTERIM] if record.kind == ANNUAL else [])
    for old in before.filter(kind__in=kinds):
        old.state = str(State.RESTATED)
        old.save(update_fields=["state"])
        history.keep(
            by=by,
            verb="restated",
            thing=standing.thing(old),
            before={"state": str(State.ACCEPTED)},
            after={"state": old.state, "by": record.code},
            is_public=True,
        )


# Mail

SUBJECTS = {
    "hand over": "A return waits for your signature",
    "certify": "A certified return came in",
    "submit": "Interim figures came in",
    "give back": "A return came back from the certifier",
    "send back": "A return came back from the agent",
    "reopen": "A return came back from the agent",
    "take up": "The review of a return has begun",
    "accept": "A return was accepted",
}
TEXTS = {
    "hand over": "%(name)s hands over the return %(thing)s. Look at it and sign it, or give it back.",
    "certify": "%(name)s certified the return %(thing)s. It waits for the agent's review.",
    "submit": "%(name)s submitted interim figures: %(thing)s.",
    "give back": "%(name)s gives back the return %(thing)s: %(reason)s",
    "send back": "%(name)s sends back the return %(thing)s: %(reason)s",
    "reopen": "%(name)s sends back the return %(thing)s: %(reason)s",
    "take up": "The review of the return %(thing)s has begun.",
    "accept": "The return %(thing)s was accepted and posted.",
}


def told_by(record: Any, act: str, by: str = "") -> list[str]:
    """Who learns of an act by mail, by their codes: those who have to do something about it now, or waited for it."""
    scope = standing.scope_of(record)
    people: Iterable[str] = ()
    if act == "hand over":
        people = [one.pk for one in mandates.who_may(CERTIFIER, scope) if one.pk not in record.writers]
    elif act in ("certify", "submit"):
        people = [one.pk for one in mandates.who_may(REVIEWER, scope)]
    elif act in SUBJECTS:
        people = [*record.writers, record.signed_by] if act == "accept" else record.writers
    return [one for one in dict.fromkeys(people) if one and one != by]


def _tell(record: Any, act: str, by: str, reason: str = "") -> None:
    if act in SUBJECTS:
        values = {"name": history.name_of(by), "thing": name_of(record), "reason": reason.strip()}
        others = told_by(record, act, by)
        tell(
            people=others, subject=SUBJECTS[act], text=TEXTS[act], address=f"/desk/returns/{record.code}", values=values
        )


def name_of(record: Any) -> str:
    """What a return is called in a sentence."""
    version = f" ({record.version})" if record.version > 1 else ""
    return f"{record.fund_id} {record.organization_id} {record.year}{version}"
