"""Take down: what must not stay public is withheld from every edition, page and file, with a reason that stays."""

import re
from collections.abc import Callable, Mapping

from quipu.books import database
from quipu.edition import withheld, withholding
from quipu.edition.home import Home
from quipu.edition.open import Edition
from quipu.edition.withheld import DOCUMENT, KINDS, PERSON, ROLES, TEXT, VOUCHER, Order, words_of
from quipu.edition.withholding import Effect
from quipu.rules.findings import Finding, Refused

SHORTEST = 4  # letters of a name: a shorter one stands in too many other words
TERMINAL = "terminal"  # who takes down where nobody is signed in


def take_down(
    home: Home,
    *,
    by: str,
    kind: str,
    target: Mapping[str, str],
    reason: str,
    told: str = "",
    step: Callable[[str], None] = lambda _: None,
) -> tuple[Order, Effect]:
    """Withholds something, and answers when nothing of it is left. told: the reason that readers are given.

    step: told before each step, of which any may be the last of a process that is killed; `finish` does the rest then.
    Raises Refused.
    """
    if found := [*faults(home, kind, target), *([] if reason.strip() else [Finding("reason-missing", "reason")])]:
        raise Refused(*found)
    order = withholding.ask(
        home, kind, target, reason=reason.strip(), told=told.strip(), by=by, positions=_positions(home, kind, target)
    )
    step("putting it on the list")
    with home.publishing():
        order = _with_number(home, order)
        withholding.put(home, order)
    return order, finish(home, step=step)


def finish(home: Home, *, step: Callable[[str], None] = lambda _: None) -> Effect:
    """Does what takedowns still wait for, the ones of killed processes too, and makes the current edition again."""
    home.prepare()
    with home.publishing():
        for order in withheld.state(home.root, fresh=True).unfinished:
            step("redacting the books")
            _redact(home, order)
        effect = withholding.finish(home, step)
    number = home.current()
    if number is not None and not effect.is_nothing:
        step("making the current edition again")
        Edition(home, number)
    return effect


def foresee(home: Home, *, kind: str, target: Mapping[str, str]) -> Effect:
    """What a takedown would do. Nothing is changed. Raises Refused."""
    if found := faults(home, kind, target):
        raise Refused(*found)
    order = withholding.ask(home, kind, target, reason="", by="", positions=_positions(home, kind, target))
    return withholding.foresee(home, order)


def faults(home: Home, kind: str, target: Mapping[str, str]) -> list[Finding]:
    """What is wrong with the words that say what is withheld."""
    if kind not in KINDS:
        return [Finding("takedown-kind", "kind", kind)]
    found = [
        Finding("field-missing", name)
        for name in KINDS[kind]
        if not name.startswith("[") and not target.get(name, "").strip()
    ]
    if found:
        return found
    if kind == DOCUMENT and not re.fullmatch(r"[0-9a-f]{64}", target["sha256"]):
        return [Finding("takedown-hash", "sha256", target["sha256"][:80])]
    if kind == TEXT and target["role"] not in ROLES:
        return [Finding("takedown-role", "role", target["role"])]
    if kind == PERSON and len("".join(words_of(target["words"]))) < SHORTEST:
        return [Finding("takedown-name", "words")]
    return []


def _with_number(home: Home, order: Order) -> Order:
    """The order under the next number: another one may have come in between."""
    last = max((each.number for each in withheld.state(home.root, fresh=True).orders), default=0)
    return Order(last + 1, order.kind, order.target, order.reason, order.told, order.on, order.by)


def _positions(home: Home, kind: str, target: Mapping[str, str]) -> tuple[int, ...]:
    """Where a voucher, or an event that is no voucher, stands in the books."""
    if kind != VOUCHER or not database.found(home.root):
        return ()
    from quipu.books import models  # noqa: PLC0415 - models need Django's settings

    found = models.Posting.objects.filter(key=target["reference"]).values_list("position", flat=True)
    return tuple(found)


def _redact(home: Home, order: Order) -> None:
    """The books, too, forget the texts of a voucher; their hash stays sealed. What was done is kept in their history."""
    if not database.found(home.root):
        return
    from quipu.actions import history  # noqa: PLC0415 - models need Django's settings
    from quipu.books import models  # noqa: PLC0415

    thing = history.Thing("takedown", str(order.number))
    with history.whole():
        history.alone(thing, None)
        if order.kind == VOUCHER:
            models.Memo.objects.filter(posting__key=order.target["reference"]).delete()
        if history.version(thing):
            return
        shown = {
            name: value for name, value in order.target.items() if name not in ("salt", "hash", "keys", "positions")
        }
        history.keep(
            by="" if order.by.startswith(TERMINAL) else order.by,
            verb="take down",
            thing=thing,
            after={"kind": order.kind, **shown, "told": order.told},
            reason=order.reason,
            is_public=True,
        )
