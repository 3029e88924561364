"""Totals: the questions an edition answers, asked of the live ledger by the same SELECT. Drafts are not in it at all."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from quipu.books import models
from quipu.books.standing import rows
from quipu.rules import asking
from quipu.rules.asking import ORIGINAL, Question
from quipu.rules.figures import total_balance_wide
from quipu.rules.money import exponent
from quipu.rules.table import Table

# The ledger as the relation that questions are asked of. value: minor units of the fund's currency.
FACTS = """
WITH facts AS (
    SELECT posting_id AS position, ordinal, effective_on AS "on", year, 'pooled' AS family, movement, amount AS value,
           currency, fund_id AS fund, coalesce(project_id, '') AS project,
           coalesce(organization_id, '') AS participating_organization, coalesce(contributor_id, '') AS contributor,
           coalesce(agreement_id, '') AS agreement, category, standing
    FROM books_entry
) """


def ask(asked: Question) -> Table:
    """The answer of the books, by currency of the fund: amounts of different currencies are never added."""
    asked = by_currency(asked)
    select = asking.select(asked)
    return asking.table(asked, whole_units(asked, rows(FACTS + select.sql.replace("?", "%s"), select.parameters)))


def by_currency(asked: Question) -> Question:
    """The question cut by currency as well."""
    by = asked.by if "currency" in asked.by else (*asked.by, "currency")
    return replace(asked, by=by, unit=ORIGINAL)


def whole_units(asked: Question, sums: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Rows of the SELECT with amounts in the currency itself instead of its minor units."""
    currency, amount = asked.by.index("currency"), len(asked.by) + 2
    return [
        (*row[:amount], Decimal(row[amount]).scaleb(-exponent(row[currency])), *row[amount + 1 :])
        for row in map(tuple, sums)
    ]


def of_fund(fund: str, *, until: date | None = None, known: int | None = None) -> dict[str, Decimal]:
    """What a statement is made of: the fund's sums per movement, in its currency, as of a day and as known at a position."""
    where = asking.Filter("fund", (fund,))
    # The figure in which every movement of a statement has its place.
    asked = Question((total_balance_wide.name,), ("currency",), (where,), until=until, unit=ORIGINAL, known=known)
    select = asking.select(asked)
    answered = whole_units(asked, rows(FACTS + select.sql.replace("?", "%s"), select.parameters))
    return {movement: amount for _, _, movement, amount, _ in answered}


def known_on(day: date) -> int:
    """The last position of the chain that was recorded on that day or before."""
    last = models.Posting.objects.filter(recorded_at__date__lte=day).order_by("-position").first()
    return int(last.position) if last else 0
