"""Drafts of vouchers: written by one person, approved and posted by another, each step with a row of history.

A draft's key is made once, so that a double click, a resend and a second window post once.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from quipu.actions import drafted, history, mandates
from quipu.actions.drafted import Records
from quipu.actions.history import Thing
from quipu.actions.tell import tell
from quipu.books import models
from quipu.books.post import Answer
from quipu.rules.drafts import OPEN, TRANSITIONS, State, broken
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.voucher_kinds import KINDS

VOUCHER = "voucher"  # the kind of thing that history calls it
WAITS, CAME_BACK = "A voucher waits for you", "A voucher came back"
SUBMITTED, SENT_BACK = "%(name)s submitted the voucher %(key)s.", "%(name)s sent the voucher %(key)s back."
Enclosed = tuple[str, str, int]  # SHA-256, name, bytes


def thing(draft: Any) -> Thing:
    """A draft as history knows it."""
    return Thing(VOUCHER, draft.key, scope_of(draft))


def scope_of(draft: Any) -> Scope:
    """Whose it is."""
    return Scope(draft.fund_id or "", draft.project_id or "", draft.organization_id or "")


def new_key() -> str:
    """A key for a voucher: its day and a word that nobody has."""
    return f"{timezone.localdate():%Y%m%d}-{secrets.token_hex(5)}"


def write(
    *,
    by: str,
    kind: str,
    words: Mapping[str, Any],
    key: str = "",
    row: str | None = None,
    enclosed: tuple[Enclosed, ...] = (),
    records: Records | None = None,
) -> Any:
    """A new draft. key: of the form it was written in, so that sending that form twice makes one draft. Raises Refused."""
    with history.whole():
        key = key or new_key()
        history.alone(Thing(VOUCHER, key), None)
        if stands := models.Draft.objects.filter(pk=key).first():
            if stands.author == by and stands.kind == kind:
                return stands
            raise Refused(Finding("draft-of-others", "", key))
        if models.Posting.objects.filter(key=key).exists():
            raise Refused(Finding("draft-of-others", "", key))
        scope = _looked_at(kind, words, records)
        now = datetime.now(UTC)
        draft = models.Draft(key=key, kind=kind, state=State.DRAFT, author=by, writers=[by], row=row)
        draft.made_at = draft.changed_at = now
        _say(draft, words, scope)
        draft.save(force_insert=True)
        _enclose(draft, enclosed, by)
        after = {**words, **{"files": [name for _, name, _ in enclosed]}} if enclosed else words
        history.keep(by=by, verb="draft", thing=thing(draft), after={"kind": kind, **after})
    return draft


def mend(
    *,
    by: str,
    draft: Any,
    words: Mapping[str, Any],
    seen: int | None,
    enclosed: tuple[Enclosed, ...] = (),
    dropped: tuple[str, ...] = (),
    records: Records | None = None,
) -> Any:
    """Other words for a draft that is open. seen: its version when it was shown; dropped: files that go. Raises Refused."""
    with history.whole():
        history.alone(thing(draft), seen)
        draft = models.Draft.objects.get(pk=draft.pk)
        if draft.state not in OPEN:
            raise Refused(Finding("draft-not-there", "", draft.state))
        scope = _looked_at(draft.kind, words, records)
        before = {**draft.words, "files": sorted(draft.enclosures.values_list("name", flat=True))}
        _say(draft, words, scope)
        draft.writers = sorted({*draft.writers, by})
        draft.changed_at = datetime.now(UTC)
        draft.save()
        draft.enclosures.filter(sha256__in=dropped).delete()
        _enclose(draft, enclosed, by)
        after = {**words, "files": sorted(draft.enclosures.values_list("name", flat=True))}
        history.keep(by=by, verb="change", thing=thing(draft), before=before, after=after)
    return draft


def _looked_at(kind: str, words: Mapping[str, Any], records: Records | None) -> Scope:
    if kind not in KINDS:
        raise Refused(Finding("draft-kind", "kind", kind))
    found = drafted.faults(KINDS[kind], words, records or Records())
    if found:
        raise Refused(*found)
    return drafted.scope_of(KINDS[kind], words)


def _say(draft: Any, words: Mapping[str, Any], scope: Scope) -> None:
    draft.words = dict(words)
    draft.on = drafted.day_of(words)
    draft.fund_id, draft.project_id, draft.organization_id = (
        scope.fund or None,
        scope.project or None,
        scope.organization or None,
    )


def _enclose(draft: Any, enclosed: tuple[Enclosed, ...], by: str) -> None:
    now = datetime.now(UTC)
    for sha256, name, size in enclosed:
        kept = {"name": name, "bytes": size, "by": by, "at": now}
        models.Enclosure.objects.get_or_create(draft=draft, sha256=sha256, defaults=kept)


def lead(*, by: str, draft: Any, act: str, seen: int | None, reason: str = "") -> Any:
    """Any act but approving: submit, take back, send back, discard. Raises Refused."""
    assert act != "approve"
    with history.whole():
        history.alone(thing(draft), seen)
        draft = models.Draft.objects.get(pk=draft.pk)
        _may(draft, act, by, reason)
        before = draft.state
        draft.state = TRANSITIONS[act].after
        draft.comment = reason.strip() if TRANSITIONS[act].reasoned else draft.comment
        draft.changed_at = datetime.now(UTC)
        if act == "submit":
            draft.submitted_at, draft.comment = draft.changed_at, ""
        draft.save()
        old, new = {"state": before}, {"state": str(draft.state)}
        history.keep(by=by, verb=act, thing=thing(draft), before=old, after=new, reason=reason.strip())
        _tell(draft, act, by)
    return draft


def _tell(draft: Any, act: str, by: str) -> None:
    """Whoever has to do something about it now learns of it by mail."""
    address, values = f"/desk/vouchers/draft/{draft.key}", {"name": history.name_of(by), "key": draft.key}
    if act == "submit":
        others = [
            one.pk for one in mandates.who_may("approve vouchers", scope_of(draft)) if one.pk not in draft.writers
        ]
        tell(people=others, subject=WAITS, text=SUBMITTED, address=address, values=values)
    elif act == "send back":
        tell(people=[draft.author], subject=CAME_BACK, text=SENT_BACK, address=address, values=values)


def _may(draft: Any, act: str, by: str, reason: str = "") -> None:
    rules = broken(act, draft.state, by, draft.writers, reason)
    if rules:
        places = {"reason-missing": "reason"}
        raise Refused(*(Finding(rule, places.get(rule, ""), _shown(rule, draft)) for rule in rules))


def _shown(rule: str, draft: Any) -> str:
    return draft.state if rule == "draft-not-there" else ""


def approve(*, by: str, draft: Any, seen: int | None) -> Any:
    """Posts a draft by its kind's verb, once: whoever sends it again is answered with what stands. Raises Refused."""
    with history.whole():
        history.alone(thing(draft), None)
        draft = models.Draft.objects.get(pk=draft.pk)
        if draft.state == State.POSTED:
            return draft
        _may(draft, "approve", by)
        history.alone(thing(draft), seen)
        answer: Answer = drafted.say(KINDS[draft.kind], draft.words, drafted.paper_of(draft, by))
        (receipt,) = (one for one in answer.receipts if one.key == draft.key)
        draft.state, draft.approver, draft.position = State.POSTED, by, receipt.position
        draft.changed_at = datetime.now(UTC)
        draft.save()
        said = {"state": str(State.POSTED), "position": receipt.position, "hash": receipt.hash}
        before = {"state": str(State.SUBMITTED)}
        history.keep(by=by, verb="approve", thing=thing(draft), before=before, after=said, is_public=True)
    return draft


def findings(draft: Any) -> list[Finding]:
    """What the ledger's rules have to say of a draft today; nothing of what is settled."""
    if draft.state in (State.POSTED, State.DISCARDED):
        return []
    return drafted.rehearse(KINDS[draft.kind], draft.words, drafted.paper_of(draft))


def pass_on(*, by: str, person: str, heir: str, reason: str, may: Callable[[Any], bool] = lambda draft: True) -> int:
    """Gives the open drafts of somebody who leaves to another person, who then counts as one who wrote them."""
    count = 0
    with history.whole():
        for draft in models.Draft.objects.filter(author=person, state__in=[*OPEN, State.SUBMITTED]).order_by("pk"):
            if not may(draft):
                continue
            history.alone(thing(draft), None)
            draft.author, draft.writers = heir, sorted({*draft.writers, heir})
            draft.save(update_fields=["author", "writers"])
            old, new = {"author": person}, {"author": heir}
            history.keep(by=by, verb="pass on", thing=thing(draft), before=old, after=new, reason=reason)
            count += 1
    return count
