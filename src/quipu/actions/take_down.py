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
Step = Callable[[str], None]


def _silent(name: str) -> None:
    """Tells nobody."""


def take_down(
    home: Home,
    *,
    by: str,
    kind: str,
    target: Mapping[str, str],
    reason: str,
    told: str = "",
    lay_out: bool = True,
    step: Step = _silent,
) -> tuple[Order, Effect]:
    """Withholds something, and answers when nothing of it is left. told: the reason that readers are given.

    It is on the list at once, also while an edition is being made. lay_out: makes the current edition's database again
    before it answers; otherwise the first reader does. step: told before each step, of which any may be the last of a
    process that is killed; `finish` does the rest then. Raises Refused.
    """
    if found := [*faults(kind, target), *([] if reason.strip() else [Finding("reason-missing", "reason")])]:
        raise Refused(*found)
    home.prepare()
    why = {"reason": reason.strip(), "told": told.strip(), "by": by}
    order = withholding.ask(home, kind, target, **why, positions=_positions(home, kind, target))
    step("putting it on the list")
    order = withholding.put(home, order)
    finish(home, lay_out=lay_out, step=step)
    return order, withholding.effect_of(home, order)


def finish(home: Home, *, lay_out: bool = True, step: Step = _silent) -> None:
    """Does what takedowns still wait for, the ones of killed processes too."""
    home.prepare()
    with home.publishing():
        for order in withheld.state(home.root, fresh=True).unfinished:
            step("redacting the books")
            _redact(home, order)
        has_changed = not withholding.finish(home, step).is_nothing
    number = home.current()
    if lay_out and has_changed and number is not None:
        step("laying the current edition out again")
        Edition(home, number)


def foresee(home: Home, *, kind: str, target: Mapping[str, str]) -> Effect:
    """What a takedown would do. Nothing is changed. Raises Refused."""
    if found := faults(kind, target):
        raise Refused(*found)
    order = withholding.ask(home, kind, target, reason="", by="", positions=_positions(home, kind, target))
    return withholding.foresee(home, order)


def faults(kind: str, target: Mapping[str, str]) -> list[Finding]:
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
