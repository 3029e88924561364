"""Balances beside a voucher that is being written: what its fund holds and may promise, and where its participation stands."""

from dataclasses import dataclass
from decimal import Decimal

from quipu.books import models
from quipu.books.standing import rows
from quipu.books.statements import Moment, available_to_allocate
from quipu.rules import figures
from quipu.rules.controls import amount
from quipu.rules.figures import Figure
from quipu.rules.money import exponent

OF_FUND = ("balance_agent", "available_to_allocate")
OF_PARTICIPATION: tuple[Figure, ...] = (figures.allocations, figures.net_funded, figures.balance_organizations)


@dataclass(frozen=True, slots=True)
class Balance:
    """A figure's label and its amount in minor units of the currency."""

    label: str
    amount: int
    currency: str


def of_fund(fund: str) -> list[Balance]:
    """Cash with the agent, and what can still be allocated; nothing for a fund that is not there."""
    currency = models.Fund.objects.filter(code=fund).values_list("currency", flat=True).first()
    if currency is None:
        return []
    table = available_to_allocate(fund, Moment())
    said = {row[0].value: (row[0].label, row[1].value) for row in table.rows}
    return [
        Balance(said[key][0], int(Decimal(str(said[key][1])).scaleb(exponent(currency))), currency) for key in OF_FUND
    ]


def of_participation(project: str, organization: str) -> list[Balance]:
    """Allocated, transferred less refunds, and what the organization still holds."""
    currency = models.Project.objects.filter(code=project).values_list("fund__currency", flat=True).first()
    if currency is None or not organization:
        return []
    sums = dict(
        rows(
            "SELECT movement, CAST(sum(amount) AS BIGINT) FROM books_entry"
            " WHERE project_id = %s AND organization_id = %s GROUP BY movement",
            [project, organization],
        )
    )
    return [Balance(figure.label, amount(figure, sums), currency) for figure in OF_PARTICIPATION]


def of_project(project: str) -> dict[str, int]:
    """What each organization of a project still holds, by its code, in minor units of the fund's currency."""
    sums: dict[str, dict[str, int]] = {}
    for body, movement, total in rows(
        "SELECT organization_id, movement, CAST(sum(amount) AS BIGINT) FROM books_entry"
        " WHERE project_id = %s AND organization_id IS NOT NULL GROUP BY organization_id, movement",
        [project],
    ):
        sums.setdefault(body, {})[movement] = total
    return {body: amount(figures.balance_organizations, own) for body, own in sums.items()}
