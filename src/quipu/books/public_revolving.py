"""What the books make public of communities' revolving funds: totals of a programme, and no row of any community.

A share that tells of arrears is public only where enough funds have lent that it is nobody's.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from quipu.books import models, revolving
from quipu.rules import boxes, record
from quipu.rules.boxes import Row
from quipu.rules.money import kept, of_minor_units
from quipu.rules.revolving import FEW, Totals


def rows(position: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """A row for each programme and currency of its boxes, as the chain stood at a position.

    The day is that of the last line in any cashbook of them, so that the same chain always gives the same figures.
    """
    own: dict[str, list[Row]] = defaultdict(list)
    for row in revolving.written("posting_id <= %s", [position]):
        own[row.community].append(row)
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, project, currency in models.Community.objects.order_by("code").values_list("code", "project", "currency"):
        groups[project, currency].append(code)
    for (project, currency), codes in sorted(groups.items()):
        days = [row.on for code in codes for row in own[code]]
        if days:
            yield "revolving", _row(project, currency, max(days), [own[code] for code in codes])


def _row(project: str, currency: str, on: date, cashbooks: list[list[Row]]) -> record.Revolving:
    each = [boxes.totals(rows, on) for rows in cashbooks]
    sums = sum(each, Totals())
    is_nobodys = sum(one.loans > 0 for one in each) >= FEW

    def money(units: int) -> Any:
        return kept(of_minor_units(units, currency))

    def percent(share: Fraction | None) -> Any:
        return None if share is None or not is_nobodys else kept(boxes.percent(share))

    times = None if sums.times_revolved is None else kept(boxes.one_decimal(sums.times_revolved))
    return record.Revolving(
        *(project, currency, on, len(cashbooks), money(sums.capital), money(sums.lent), times),
        *(money(sums.outstanding), percent(sums.repayment_rate), percent(sums.at_risk)),
    )
