"""Spending by output as quarters say it, beside the expenditure of the live ledger, which has the one definition of it."""

from collections.abc import Iterable
from typing import Any

from quipu.books import models, records, totals
from quipu.rules import by_output, figures
from quipu.rules.asking import Filter, Question
from quipu.rules.by_output import Place, Reconciled
from quipu.rules.kinds import DIRECT_COST
from quipu.rules.money import exponent
from quipu.rules.plans import Quarter


def closed_quarters(project: str) -> set[Quarter]:
    """The quarters of a programme that are closed."""
    found = models.PlanQuarter.objects.filter(project=project, closed_at__isnull=False)
    return {Quarter(*one) for one in found.values_list("year", "quarter")}


def shown_codes(codes: Iterable[str]) -> dict[str, str]:
    """The code that each organization is shown under."""
    merged = records.mergers()
    return {code: records.shown_as(code, merged) for code in codes}


def reconciled(project: Any, *, closed_only: bool = False) -> dict[Place, Reconciled]:
    """By organization, as it is shown, and year. closed_only: without quarters that are still open."""
    closed, merged = closed_quarters(project.code), records.mergers()
    lines = models.WorkQuarter.objects.filter(work__project=project, spent__isnull=False)
    spent = [
        (records.shown_as(body, merged), year, output, amount, Quarter(year, number) in closed)
        for body, year, number, output, amount in lines.values_list(
            "work__organization_id", "year", "quarter", "work__output_id", "spent"
        )
        if not closed_only or Quarter(year, number) in closed
    ]
    return by_output.reconciled(spent, _expenditure(project))


def _expenditure(project: Any) -> list[tuple[str, int, str, str, int]]:
    """Organization, year, category, standing and amount, of the figure that every statement prints."""
    figure = figures.expenditure_wide if project.kind == DIRECT_COST else figures.expenditure
    asked = Question(
        (figure.name,),
        ("participating_organization", "year", "category", "standing"),
        (Filter("project", (project.code,)),),
    )
    currency = models.Fund.objects.values_list("currency", flat=True).get(code=project.fund_id)
    named = [*asked.by, "currency"]
    found = []
    for *cut, _, movement, amount, _ in totals.folded(asked):
        one = dict(zip(named, cut, strict=True))
        units = int(amount.scaleb(exponent(currency))) * figure.times(movement)
        found.append((one["participating_organization"], int(one["year"]), one["category"], one["standing"], units))
    return found
