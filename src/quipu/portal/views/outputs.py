"""Spending by output on a factsheet: outputs of each organization and year, what has none, and the ledger's expenditure."""

from django.http import HttpRequest

from quipu.edition import plans
from quipu.edition.pages import Record
from quipu.edition.plans import Output, Spending
from quipu.rules.asking import ORIGINAL
from quipu.rules.by_output import Reconciled, whole
from quipu.rules.money import of_minor_units
from quipu.rules.plans import Sums, delivery
from quipu.rules.table import Cell, Column, Table

TO_THE_LEDGER = (
    "Outputs, and what is not attributed to one, add up to the expenditure of the ledger, for each organization and year. "
    "Every organization states only what it spent itself."
)
BELOW_NOTHING = "Below zero: more is stated by output than the ledger holds for that year, or its return is not in yet."
WHOLE = 100  # per cent


def of_record(request: HttpRequest, record: Record) -> tuple[dict[str, Table], Spending] | None:
    """The tables of a project of the books with closed quarters, None for everything else."""
    found = plans.of_project(request.edition, record)
    if found is None:
        return None
    return {"outputs": _outputs(request, found), "output_years": _years(request, record, found)}, found


def _title(output: Output, language: str) -> tuple[str, str]:
    """What an output is called, and its language where it is not the reader's."""
    for code in (language, "en", *output.titles):
        if code in output.titles:
            return output.titles[code], "" if code == language else code
    return output.code, ""


def _outputs(request: HttpRequest, found: Spending) -> Table:
    """Outputs of all closed quarters: planned, spent, and one in per cent of the other."""
    columns = [Column("output", "Output"), Column("planned", "Planned", "money"), Column("spent", "Spent", "money")]
    columns.append(Column("spent_of_plan", "Spent of what was planned", "percent"))
    rows = []
    for output in found.outputs:
        title, lang = _title(output, request.words.language)
        own = found.sums.get(output.code, Sums())
        rows.append([Cell(output.code, label=f"{output.number} {title}", lang=lang), *_amounts(own, found.currency)])
    together = sum(found.sums.values(), Sums())
    total = [Cell("", label="Total"), *_amounts(together, found.currency)]
    return Table(columns, rows, total, unit=found.currency)


def _amounts(own: Sums, currency: str) -> list[Cell]:
    planned, spent = of_minor_units(own.planned, currency), of_minor_units(own.spent, currency)
    rate = delivery(own.spent, own.planned)
    if rate is not None and not 0 <= rate <= WHOLE:
        odd = (
            Cell(rate, why="more was spent than was planned")
            if rate > 0
            else Cell(rate, why="an earlier quarter was corrected")
        )
        return [Cell(planned), Cell(spent), odd]
    return [Cell(planned), Cell(spent), Cell(rate, why="nothing was planned")]


def _years(request: HttpRequest, record: Record, found: Spending) -> Table:
    """Each organization's years: outputs by their numbers, what has none, and the ledger's expenditure with its standing."""
    columns = [Column("year", "Year"), Column("organization", "Organization")]
    columns += [Column(f"output_{one.number}", one.number, "money") for one in found.outputs]
    columns += [
        Column("not_attributed", "Not attributed to an output", "money"),
        Column("expenditure", "Expenditure by the ledger", "money", "expenditure"),
    ]
    rows = []
    for (body, year), one in found.found.items():
        scope = (("project", record["identifier"]), ("participating_organization", body), ("year", str(year)))
        link = (*scope, ("currency", found.currency), ("unit", ORIGINAL))
        rows.append([Cell(str(year)), Cell(body or None), *_reconciled(one, found, link)])
    table = Table(columns, rows, unit=found.currency, notes=[TO_THE_LEDGER])
    if len(rows) > 1:
        years = tuple(("year", str(year)) for year in sorted({year for _, year in found.found}))
        every = (("project", record["identifier"]), *years, ("currency", found.currency), ("unit", ORIGINAL))
        table.total = [Cell("", label="Total"), Cell(""), *_reconciled(whole(found.found), found, every)]
    if any(one.not_attributed < 0 for one in found.found.values()):
        table.notes.append(BELOW_NOTHING)
    return table


def _reconciled(one: Reconciled, found: Spending, scope: tuple[tuple[str, str], ...]) -> list[Cell]:
    def amount(units: int) -> Cell:
        return Cell(of_minor_units(units, found.currency))

    cells = [
        amount(one.outputs[output.code]) if output.code in one.outputs else Cell(None, why="in no closed quarter")
        for output in found.outputs
    ]
    interim = of_minor_units(one.interim, found.currency) if one.interim else None
    ledger = of_minor_units(one.ledger, found.currency) if one.categories else None
    return [*cells, amount(one.not_attributed), Cell(ledger, scope, interim=interim)]
