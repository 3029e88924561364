"""Spending by output out of an edition: what closed quarters say, reconciled with the expenditure of the same edition."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quipu.edition.ask import ask
from quipu.edition.open import Edition
from quipu.edition.pages import Record
from quipu.rules import by_output
from quipu.rules.asking import ORIGINAL, question
from quipu.rules.by_output import Place, Reconciled
from quipu.rules.money import exponent
from quipu.rules.plans import Quarter, Sums

# An organization that was merged into another says its lines under that one's identity.
_LINES = """
SELECT s.output, b.identity, s.year, s.quarter, s.planned, s.spent, s.unsaid FROM outputs_spent s
JOIN accounts p ON p.kind = 'project' AND p.code = s.project JOIN bodies b ON b.code = s.organization
WHERE p.key = ? ORDER BY ALL"""
_OUTPUTS = """
SELECT o.code, p.number || '.' || o.number, t.language, t.text FROM aims o JOIN aims p ON p.key = o.key AND p.code = o.parent
JOIN result_texts t ON t.key = o.key AND t."of" = o.code AND t.role = 'title' WHERE o.key = ? ORDER BY ALL"""


@dataclass(frozen=True, slots=True)
class Output:
    """An output of a work plan. titles: by language."""

    code: str
    number: str
    titles: dict[str, str]


@dataclass(frozen=True, slots=True)
class Spending:
    """Of a project, in minor units of its fund's currency. quarters: the closed ones; unsaid: lines closed without being in.

    found: by organization and year, only years with a closed quarter. sums: by output.
    """

    outputs: list[Output]
    quarters: list[Quarter]
    found: dict[Place, Reconciled]
    sums: dict[str, Sums]
    unsaid: int
    currency: str


def of_project(edition: Edition, record: Record) -> Spending | None:
    """What closed quarters of a project of the books say; None where there are none."""
    if not record["books"] or record["place"] != "child":
        return None
    lines: list[tuple[Any, ...]] = edition.rows(_LINES, [record["key"]])
    if not lines:
        return None
    currency = str(record["currency"])
    spent = [
        (body, year, output, _units(amount, currency), True)
        for output, body, year, _, _, amount, _ in lines
        if amount is not None
    ]
    years = {year for _, _, year, *_ in lines}
    sums: dict[str, Sums] = {}
    for output, _, _, _, planned, amount, unsaid in lines:
        own = Sums(_units(planned, currency), 0, _units(amount, currency), 1, int(not unsaid))
        sums[output] = sums.get(output, Sums()) + own
    return Spending(
        [one for one in _outputs(edition, record["key"]) if one.code in sums],
        sorted({Quarter(year, number) for _, _, year, number, *_ in lines}),
        by_output.reconciled(spent, _ledger(edition, record, years, currency)),
        sums,
        sum(unsaid for *_, unsaid in lines),
        currency,
    )


def _units(amount: Decimal | None, currency: str) -> int:
    return int((amount or Decimal(0)).scaleb(exponent(currency)))


def _ledger(edition: Edition, record: Record, years: set[int], currency: str) -> list[tuple[str, int, str, str, int]]:
    """The figure of expenditure as every page of the edition answers it, by organization and year."""
    where = [f"project={record['identifier']}", f"publisher={record['publisher']}", f"currency={currency}"]
    where += [f"year={year}" for year in sorted(years)]
    asked = question(["expenditure"], ["participating_organization", "year"], where, unit=ORIGINAL)
    answer, found = ask(edition, asked), []
    at = next(n for n, column in enumerate(answer.columns) if column.figure)
    for row in answer.rows:
        body, year, amount = row[0], row[1], row[at]
        unsure = _units(amount.interim, currency)
        place = (str(body.value or ""), int(str(year.value)))
        if isinstance(amount.value, Decimal):
            found.append((*place, "", "certified", _units(amount.value, currency) - unsure))
        if unsure:
            found.append((*place, "", "interim", unsure))
    return found


def _outputs(edition: Edition, key: int) -> list[Output]:
    found: dict[str, Output] = {}
    rows: list[tuple[Any, ...]] = edition.rows(_OUTPUTS, [key])
    for code, number, language, title in rows:
        found.setdefault(code, Output(code, number, {})).titles[language] = title
    return sorted(found.values(), key=lambda one: [int(part) for part in one.number.split(".")])
