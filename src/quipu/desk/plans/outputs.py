"""Spending by output beside the ledger's categories, drawn for a page and for a file from the one reconciliation."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from quipu.books import models
from quipu.desk.drawing import said
from quipu.desk.plans.words import body_name, output_title, titled
from quipu.rules.by_output import Place, Reconciled, whole
from quipu.rules.kinds import CATEGORIES, OF_OLD
from quipu.rules.money import of_minor_units
from quipu.rules.plans import Sums, added
from quipu.rules.table import Cell, Column, Table

OUTPUT, NOT_ATTRIBUTED, LEDGER, CATEGORY = "output", "not attributed", "ledger", "category"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page: columns are organizations and all of them together, by code; outputs and categories with their titles."""

    bodies: dict[str, str]
    by_body: dict[str, Reconciled]
    whole: Reconciled
    outputs: dict[str, str]
    categories: dict[str, str]
    planned: dict[str, Sums]


def drawn(
    project: Any, found: Mapping[Place, Reconciled], year: int | None, seen: Collection[str] | None = None
) -> Drawn:
    """One year, or all of them together. seen: organizations whose lines are shown, None for all."""
    own = {place: one for place, one in found.items() if year in (None, place[1])}
    by_body: dict[str, Reconciled] = {}
    for (body, _), one in own.items():
        by_body[body] = by_body.get(body, Reconciled()) + one
    together = whole(own)
    lines = models.WorkQuarter.objects.filter(work__project=project).select_related("work")
    lines = lines.filter(year=year) if year else lines.filter(year__in={on for _, on in own})
    lines = lines if seen is None else lines.filter(work__organization__in=seen)
    names = {one.code: body_name(one) for one in models.Organization.objects.filter(code__in=by_body)}
    planned = added(lines, lambda line: line.work.output_id)
    return Drawn(
        {code: names.get(code, code) for code in sorted(by_body)},
        by_body,
        together,
        {code: title for code, title in _titles(project).items() if code in together.outputs},
        {code: category_label(code) for code in CATEGORIES if code in together.categories},
        planned,
    )


def _titles(project: Any) -> dict[str, str]:
    every = models.Output.objects.filter(outcome__project=project).select_related("outcome")
    return {one.code: output_title(one) for one in every.order_by("outcome__number", "number")}


def category_label(code: str) -> str:
    """A category, marked where it is one of the earlier set."""
    one = CATEGORIES[code]
    label = said(one.label)
    return label if one.since_2012 else said(OF_OLD, category=label)


def table(project: Any, found: Mapping[Place, Reconciled]) -> Table:
    """All of it as a file: for each organization and year its outputs, what has none, the ledger and its categories.

    Rows of outputs with the one that has none add up to the ledger's; so do its categories.
    """
    currency = project.fund.currency
    outputs = models.Output.objects.filter(outcome__project=project).select_related("outcome")
    titles = {one.code: titled(one.titles) for one in outputs}
    columns = [
        *(Column("organization", said("Organization")), Column("year", said("Year"))),
        *(Column("kind", said("Kind")), Column("code", said("Code")), Column("title", said("Title"))),
        *(Column("amount", said("Amount"), "money"), Column("interim", said("of which interim"), "money")),
    ]
    rows = []

    def row(place: Place, kind: str, code: str, title: str, amount: int, interim: int | None = None) -> None:
        unsure = None if interim is None else of_minor_units(interim, currency)
        cells = [Cell(place[0]), Cell(str(place[1])), Cell(kind), Cell(code or None), Cell(title)]
        rows.append([*cells, Cell(of_minor_units(amount, currency)), Cell(unsure)])

    for place, one in found.items():
        for code, amount in sorted(one.outputs.items()):
            row(place, OUTPUT, code, titles.get(code, code), amount)
        row(place, NOT_ATTRIBUTED, "", said("Not attributed to an output"), one.not_attributed)
        for code in CATEGORIES:
            if code in one.categories:
                row(place, CATEGORY, code, category_label(code), one.categories[code])
        row(place, LEDGER, "", said("Expenditure by the ledger"), one.ledger, one.interim)
    title = said("Spending by output, %(project)s", project=project.code)
    return Table(columns, rows, title=title, unit=currency, about={"project": project.code})
