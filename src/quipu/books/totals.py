"""Totals: the questions an edition answers, asked of the live ledger by the same SELECT. Drafts are not in it at all."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from quipu.books import models, records
from quipu.books.standing import rows
from quipu.rules import asking
from quipu.rules.asking import ORIGINAL, Question
from quipu.rules.figures import allocated_not_transferred, commitments, total_balance_wide
from quipu.rules.money import of_minor_units
from quipu.rules.movements import POOLED
from quipu.rules.table import Table

# What the index of participations has the order of: asked as finely as this, all its entries are added in one walk.
WALK = ("project", "participating_organization", "fund", "category")
# The figure in which every movement of cash has its place; and with what is promised beside it.
CASH = (total_balance_wide.name,)
STATED = (*CASH, allocated_not_transferred.name, commitments.name)
BODIES = {"participating_organization", "contributor"}
# The ledger as the relation that questions are asked of. value: minor units of the fund's currency.
FACTS = """
WITH facts AS (
    SELECT posting_id AS position, ordinal, effective_on AS "on", year, 'pooled' AS family, movement, amount AS value,
           currency, fund_id AS fund, project_id AS project, organization_id AS participating_organization,
           contributor_id AS contributor, agreement_id AS agreement, category, standing
    FROM books_entry
) """


def ask(asked: Question) -> Table:
    """The answer of the books, by currency of the fund: amounts of different currencies are never added."""
    return asking.table(by_currency(asked), folded(asked))


def by_currency(asked: Question) -> Question:
    """The question cut by currency as well."""
    by = asked.by if "currency" in asked.by else (*asked.by, "currency")
    return replace(asked, by=by, unit=ORIGINAL)


def of_fund(
    fund: str, *, until: date | None = None, known: int | None = None, figures: tuple[str, ...] = CASH
) -> dict[str, Decimal]:
    """What a statement is made of: the fund's sums per movement, in its currency, as of a day and as known at a position."""
    asked = Question(figures, (), (asking.Filter("fund", (fund,)),), until=until, known=known)
    return {movement: amount for _, _, movement, amount, _ in folded(asked)}


def folded(asked: Question) -> list[tuple[Any, ...]]:
    """Rows of the SELECT by currency, asked by fund and added up again: a fund has one currency, and an index its order."""
    by = by_currency(asked).by
    plain = [name for name in by if name != "currency"]
    finer = tuple(dict.fromkeys((*plain, "fund")))
    if set(plain) & set(WALK) - {"fund"} and set(plain) <= set(WALK):
        finer = WALK
    merged = records.mergers()
    asked = replace(asked, by=finer, unit=ORIGINAL, where=tuple(_of_all(each, merged) for each in asked.where))
    select = asking.select(asked, family=POOLED)
    currencies = dict(models.Fund.objects.values_list("code", "currency"))
    sums: dict[tuple[Any, ...], int] = {}
    for *cut, _, movement, amount, _ in rows(FACTS + select.sql.replace("?", "%s"), select.parameters):
        named = dict(zip(finer, cut, strict=True))
        named["currency"] = currencies[named["fund"]]
        for name in BODIES & named.keys() if merged else ():
            named[name] = named[name] and records.shown_as(named[name], merged)
        key = (*(named[name] for name in by), movement)
        sums[key] = sums.get(key, 0) + int(amount)
    at = by.index("currency")
    return [(*cut, POOLED, movement, of_minor_units(amount, cut[at]), 0) for (*cut, movement), amount in sums.items()]


def _of_all(each: asking.Filter, merged: dict[str, str]) -> asking.Filter:
    """A filter by an organization means all that are shown as it, however it is called."""
    if not merged or each.dimension not in BODIES:
        return each
    wanted = {records.shown_as(code, merged) for code in each.values}
    return replace(each, values=(*wanted, *(code for code in merged if records.shown_as(code, merged) in wanted)))


def known_on(day: date) -> int:
    """The last position of the chain that was recorded on that day or before."""
    last = models.Posting.objects.filter(recorded_at__date__lte=day).order_by("-position").first()
    return int(last.position) if last else 0
