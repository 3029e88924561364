"""Post an accepted return: its figures in one voucher, which takes the place of what stood for the year.

Interest and refunds in it are what the organization declares; the cash is posted when it arrives (decision 25).
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from quipu.actions.returns import standing
from quipu.actions.saying import Paper, participation, say
from quipu.books import office
from quipu.books import returns as ledger
from quipu.rules.journal import Line, Reference
from quipu.rules.kinds import CERTIFIED, INTERIM
from quipu.rules.money import of_minor_units
from quipu.rules.returns import rows, states
from quipu.rules.returns.checks import Part
from quipu.rules.returns.rows import AMOUNT, COMMENT, Row

PREFIX = "return-"  # of a posting's key, before the code of the return


def post(*, by: str, record: Any) -> None:
    """Posts it, and keeps at which position. by: the approver. A return that says nothing new posts nothing. Raises Refused."""
    parts = standing.parts_of(record)
    lines = list(_final(record, parts) if record.kind == states.FINAL else _of_year(record, parts))
    if not lines:
        return
    references = []
    if record.kind != states.FINAL:
        keys = ledger.standing_returns(record.organization_id, record.fund_id, record.year)
        references = [Reference("replaces", key) for key in keys]
    author = record.signed_by or record.author
    enclosed = [(record.attached, record.attached_name)] if record.attached else []
    if record.workbook:
        enclosed.append((record.workbook, f"{record.code}.xlsx"))
    paper = Paper(
        by=author,
        key=PREFIX + record.code,
        on=office.today(),
        title=record.reason or f"{record.kind} return {record.year}",
        documents=tuple(enclosed),
        approved_by=by,
    )
    kind = "correction" if record.kind == states.FINAL else "return"  # no later return takes its place
    answer = say(paper, kind, lines, references)
    record.position = answer.receipts[0].position


def _of_year(record: Any, parts: dict[str, Part]) -> Iterator[Line]:
    """A line for each amount; of a project that reports nothing, one of zero, so that its year is in and what stood goes."""
    standing_word = INTERIM if record.kind == states.INTERIM else CERTIFIED
    said: dict[str, list[tuple[Row, int]]] = defaultdict(list)
    for key, cell in record.cells.items():
        row, amount = rows.read(key), cell.get(AMOUNT)
        if row is not None and row.is_spending and isinstance(amount, int):
            said[row.project].append((row, amount))
    nothing = rows.categories(record.year)[-2]  # other direct costs, of either era
    for project in {**said, **dict.fromkeys(standing.owed(parts, record.year))}:
        part = parts[project]
        amounts = [(row, amount) for row, amount in said[project] if amount]
        if all(row.adjusts for row, _ in amounts):  # the year itself is in, whatever it corrects
            amounts.append((Row(project, nothing), 0))
        for row, amount in amounts:
            yield _line(record, part, row, amount, standing_word, record.year)


def _final(record: Any, parts: dict[str, Part]) -> Iterator[Line]:
    """What the final statement has beyond what stands, category by category: corrections of the year the work ended in."""
    year = office.today().year
    for key, cell in sorted(record.cells.items()):
        row, amount = rows.read(key), cell.get(AMOUNT)
        if row is None or not row.is_spending or not isinstance(amount, int):
            continue
        part = parts[row.project]
        more = amount - part.spending(category=row.category)
        if more:
            ended = part.ended.year if part.ended else record.year
            adjusts = ended if ended < year else None
            yield _line(record, part, row._replace(adjusts=adjusts), more, CERTIFIED, year)


def _line(record: Any, part: Part, row: Row, amount: int, standing_word: str, year: int) -> Line:
    comment = str(record.cells.get(row.key, {}).get(COMMENT, "")) if row.adjusts else ""
    return Line(
        "expenditure",
        participation(part.project, part.organization),
        of_minor_units(amount, part.currency),
        category=row.category,
        standing=standing_word,
        year=year,
        adjusts=row.adjusts,
        note=comment or (record.reason if row.adjusts else ""),
    )
