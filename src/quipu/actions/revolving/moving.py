"""What moves in a community's box: capital, loans, payments, write-offs, cost, and taking any of them back by its key.

Everything is posted to the one chain, once under its key. A payment is split by the rule, never by hand.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from quipu.actions import history
from quipu.actions.history import Thing
from quipu.actions.revolving.keeping import COMMUNITY
from quipu.actions.saying import Paper
from quipu.books import models, office, post, revolving
from quipu.books.post import Answer
from quipu.books.records import of_loan
from quipu.rules import boxes
from quipu.rules import revolving as rules
from quipu.rules.boxes import Row
from quipu.rules.findings import Finding, Refused
from quipu.rules.journal import Declaration, Journal, Meta, Revolving, RevolvingLine, minor_units
from quipu.rules.journal.words import Item
from quipu.rules.money import of_minor_units
from quipu.rules.revolving import CAPITAL, COST, INTEREST, LENT, PRINCIPAL, WRITE_OFF, Split, Terms, loan_code


def put_in(*, paper: Paper, community: Any, amount: Decimal) -> Answer:
    """Capital comes into the box. Raises Refused."""
    with _alone(community, paper):
        return _post(paper, _moved(paper, community, _line(community, CAPITAL, amount)))


def spend(*, paper: Paper, community: Any, amount: Decimal) -> Answer:
    """A cost is paid out of the box. Raises Refused."""
    with _alone(community, paper):
        return _post(paper, _moved(paper, community, _line(community, COST, amount)))


def next_number(community: Any) -> int:
    """The number of the next loan."""
    last = models.Loan.objects.filter(community=community).order_by("-number").values_list("number", flat=True).first()
    return int(last or 0) + 1


def lend(*, paper: Paper, community: Any, amount: Decimal, terms: Terms, purpose: str = "") -> Answer:
    """A loan is paid out of the box, under the next number. Raises Refused."""
    with _alone(community, paper):
        if wrong := rules.faults(terms):
            raise Refused(*(Finding("loan-terms", name) for name in wrong))
        stood = revolving.of_key(paper.key)
        number = int((stood[0].loan or "/0").rpartition("/")[2]) if stood else next_number(community)
        line = replace(_line(community, LENT, amount), loan=number, terms=terms)
        code = loan_code(community.code, number)
        known = models.Loan.objects.filter(pk=code).first()
        declared = of_loan(known) if known else Declaration("loan", (code,), " ".join(purpose.split()))
        return _post(paper, declared, _moved(paper, community, line))


def splits(*, community: Any, amounts: Mapping[int, Decimal], on: date) -> dict[int, Split]:
    """How payments of loans would be split on a day, by their numbers. Raises Refused for a loan that is not there."""
    accounts = boxes.accounts(revolving.written("community_id = %s", [community.code]))
    found = {}
    for number, amount in amounts.items():
        account = accounts.get(loan_code(community.code, number))
        standing = account.on(on) if account else None
        if standing is None:
            raise Refused(Finding("loan-not-lent", f"loan-{number}", loan_code(community.code, number)))
        units = minor_units(amount, community.currency)
        if units is None or units <= 0:
            raise Refused(Finding("amount-not-positive", f"loan-{number}", f"{amount}"))
        parts = rules.split(units, standing)
        if parts.above:
            owed = f"{of_minor_units(standing.owed, community.currency):,f} {community.currency}"
            raise Refused(Finding("payment-above-owed", f"loan-{number}", owed))
        found[number] = parts
    return found


def pay(*, paper: Paper, community: Any, amounts: Mapping[int, Decimal]) -> Answer:
    """Payments of loans by their numbers, all of them or none; each is posted under the key and its loan's number.

    A payment is split into interest and principal as it stands on the day. Sent again, what was posted stands. Raises Refused.
    """
    with _alone(community, paper):
        items: list[Item] = []
        later: dict[int, Decimal] = {}
        for number, amount in amounts.items():
            key = f"{paper.key}-{number}"
            stood = [row for row in revolving.of_key(key) if row.loan == loan_code(community.code, number)]
            if stood and sum(row.amount for row in stood) == minor_units(amount, community.currency):
                items.append(_moved(replace(paper, key=key), community, *(_again(community, row) for row in stood)))
            else:
                later[number] = amount
        for number, parts in splits(community=community, amounts=later, on=paper.on).items():
            lines = [
                RevolvingLine(what, of_minor_units(units, community.currency), number)
                for what, units in ((PRINCIPAL, parts.principal), (INTEREST, parts.interest))
                if units
            ]
            items.append(_moved(replace(paper, key=f"{paper.key}-{number}"), community, *lines))
        if not items:
            raise Refused(Finding("field-missing", ""))
        return _post(paper, *items)


def write_off(*, paper: Paper, community: Any, number: int) -> Answer:
    """All that is outstanding of a loan is given up. Raises Refused."""
    with _alone(community, paper):
        stood = revolving.of_key(paper.key)
        if stood:
            return _post(paper, _moved(paper, community, *(_again(community, row) for row in stood)))
        code = loan_code(community.code, number)
        account = boxes.accounts(revolving.written("community_id = %s", [community.code])).get(code)
        standing = account.on(paper.on) if account else None
        if standing is None or standing.outstanding <= 0:
            raise Refused(Finding("loan-not-lent" if standing is None else "write-off-not-whole", "on", code))
        amount = of_minor_units(standing.outstanding, community.currency)
        return _post(paper, _moved(paper, community, RevolvingLine(WRITE_OFF, amount, number)))


def take_back(*, paper: Paper, community: Any, key: str) -> Answer:
    """What was posted under a key is taken back as a whole, with a reason. Raises Refused."""
    with _alone(community, paper):
        return _post(paper, replace(_moved(paper, community), reverses=key))


@contextmanager
def _alone(community: Any, paper: Paper) -> Iterator[None]:
    """Nobody else moves the same box meanwhile, so that a split is of what stands."""
    if paper.on > office.today():
        raise Refused(Finding("box-later", "on"))
    with history.whole():
        history.alone(Thing(COMMUNITY, community.code), None)
        yield


def _line(community: Any, what: str, amount: Decimal) -> RevolvingLine:
    if amount <= 0 or minor_units(amount, community.currency) is None:
        raise Refused(Finding("amount-not-positive", "amount", f"{amount} {community.currency}"))
    return RevolvingLine(what, amount)


def _again(community: Any, row: Row) -> RevolvingLine:
    number = int((row.loan or "/0").rpartition("/")[2]) or None
    return RevolvingLine(row.what, of_minor_units(row.amount, community.currency), number)


def _moved(paper: Paper, community: Any, *lines: RevolvingLine) -> Revolving:
    metas = tuple(
        Meta("document", (f"sha256-{digest}", title) if title else (f"sha256-{digest}",))
        for digest, title in paper.documents
    )
    return Revolving(paper.on, community.code, paper.key, "", paper.title, metas, lines)


def _post(paper: Paper, *items: Item) -> Answer:
    return post.post(Journal("", items), by=paper.by)
