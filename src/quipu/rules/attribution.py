"""What one contributor's money did: exactly where it is earmarked, else by its share of all deposits when money left.

Money in a pool loses its origin, so only an earmark says for certain where a contributor's money went. The rest is a
model, and the two are never added. A transfer is first paid out of what is earmarked for it and not yet used; the rest
belongs to contributors by their share of the unearmarked deposits up to that day. A refund goes back to those it came from.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext

from quipu.rules.asking import EXACT
from quipu.rules.shares import WHOLE

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Given:
    """Money that came from a contributor on a day; what it took back is negative. earmark: "" or the code of what it is for."""

    on: date
    contributor: str
    amount: Decimal
    earmark: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that left for a project on a day; a refund is negative. targets: the codes an earmark may name, narrowest first."""

    on: date
    project: str
    organization: str
    amount: Decimal
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What of one payment is a contributor's: exact by earmarks, modelled by share; share and deposits as of that day."""

    paid: Paid
    exact: Decimal
    modelled: Decimal
    own: Decimal  # the contributor's unearmarked deposits up to that day
    all: Decimal  # everybody's

    @property
    def rest(self) -> Decimal:
        """What of the payment no earmark of anybody covers: the amount the share is of."""
        return self.modelled * self.all / self.own if self.own else ZERO


@dataclass(slots=True)
class _Pot:
    """What is earmarked for one purpose and not used yet."""

    own: Decimal = ZERO
    all: Decimal = ZERO


@dataclass(slots=True)
class _Spent:
    """What has gone to one organization for one project, and whose it was."""

    all: Decimal = ZERO
    modelled: Decimal = ZERO
    exact: dict[str, _Pot] = field(default_factory=dict)


def parts(contributor: str, given: Iterable[Given], paid: Iterable[Paid]) -> list[Part]:
    """The contributor's part of every payment of one fund it has a part in, by date. Money of a day comes before it goes."""
    with localcontext(EXACT):
        return list(_parts(contributor, list(given), list(paid)))


def _parts(contributor: str, given: list[Given], paid: list[Paid]) -> Iterable[Part]:
    pots: dict[str, _Pot] = {}
    spent: dict[tuple[str, str], _Spent] = {}
    pool = _Pot()
    arrivals = sorted(given, key=lambda each: each.on)
    arrived = 0
    for payment in sorted(paid, key=lambda each: (each.on, each.project, each.organization)):
        while arrived < len(arrivals) and arrivals[arrived].on <= payment.on:
            each = arrivals[arrived]
            pot = pots.setdefault(each.earmark, _Pot()) if each.earmark else pool
            pot.all += each.amount
            pot.own += each.amount if each.contributor == contributor else ZERO
            arrived += 1
        gone = spent.setdefault((payment.project, payment.organization), _Spent())
        step = _pay if payment.amount >= 0 else _take_back
        exact, modelled = step(payment, gone, pots, pool)
        if exact or modelled:
            yield Part(payment, exact, modelled, pool.own, pool.all)


def _pay(payment: Paid, gone: _Spent, pots: dict[str, _Pot], pool: _Pot) -> tuple[Decimal, Decimal]:
    left, exact = payment.amount, ZERO
    gone.all += payment.amount
    for code in payment.targets:
        pot = pots.get(code)
        if pot and pot.all > 0 and left > 0:
            taken = min(left, pot.all)
            own = taken * pot.own / pot.all
            pot.all, pot.own = pot.all - taken, pot.own - own
            used = gone.exact.setdefault(code, _Pot())
            used.all, used.own = used.all + taken, used.own + own
            left, exact = left - taken, exact + own
    modelled = left * pool.own / pool.all if pool.all > 0 else ZERO
    gone.modelled += modelled
    return exact, modelled


def _take_back(payment: Paid, gone: _Spent, pots: dict[str, _Pot], _: _Pot) -> tuple[Decimal, Decimal]:
    """A refund, in the proportions of what was paid; what was earmarked waits for its purpose again."""
    if gone.all <= 0:
        return ZERO, ZERO
    part = min(-payment.amount / gone.all, Decimal(1))
    exact = ZERO
    for code, used in gone.exact.items():
        back, own = used.all * part, used.own * part
        used.all, used.own = used.all - back, used.own - own
        pots[code].all, pots[code].own = pots[code].all + back, pots[code].own + own
        exact -= own
    modelled = -gone.modelled * part
    gone.modelled += modelled
    gone.all -= gone.all * part
    return exact, modelled


def added(shares: Iterable[tuple[str, int, Part]]) -> dict[str, tuple[Decimal, Decimal]]:
    """(exact, modelled) by code, from (code, share in millionths, part); kept apart, because they are never added."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    with localcontext(EXACT):
        for code, share, part in shares:
            exact, modelled = sums.get(code, (ZERO, ZERO))
            sums[code] = (exact + part.exact * share / WHOLE, modelled + part.modelled * share / WHOLE)
    return sums
