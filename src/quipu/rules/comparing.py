"""Comparing two answers to one question: each figure before, after, and the difference between them."""

from decimal import Decimal

from quipu.rules.asking import EXACT
from quipu.rules.table import Cell, Column, LeftOut, Table

FIGURE = "figure"
ABSENT = Cell(None, why="none")


def difference(before: Decimal | None, after: Decimal | None) -> Decimal:
    """What came to it: exact, negative where it became less; what does not occur counts as nothing."""
    return EXACT.subtract(after or Decimal(0), before or Decimal(0))


def differences(before: Table, after: Table) -> Table:
    """What two answers to the same question say differently, a row for each cut and figure.

    A question that may meet both families is cut by family as well, or the sides could not be told apart; where all that
    differs is of one family, the column goes again.
    Columns: what the answers are cut by, then figure, before, after, difference (amounts in their unit). A cell keeps the
    scope it has in its own answer, so that each side can be walked back in its own edition. Rates are left out: their
    difference is none of money, and both of their figures are here.
    """
    cuts = list(
        {column.key: column for table in (before, after) for column in table.columns if not column.figure}.values()
    )
    figures = [column for column in after.columns if column.kind == "money"]
    sides = _cells(before, cuts), _cells(after, cuts)
    rows = []
    for cut in dict.fromkeys([*sides[1], *sides[0]]):
        for column in figures:
            was, now = (side.get(cut, {}).get(column.key, ABSENT) for side in sides)
            changed = difference(_amount(was), _amount(now))
            if changed:
                rows.append(
                    [
                        *(Cell(code or None, why="not stated") for code in cut),
                        Cell(column.figure, label=column.label),
                        was,
                        now,
                        Cell(changed),
                    ]
                )
    columns = [
        *cuts,
        Column(FIGURE, "Figure"),
        Column("before", "Before", "money"),
        Column("after", "After", "money"),
        Column("difference", "Difference", "money"),
    ]
    families = next((n for n, column in enumerate(cuts) if column.key == "family"), None)
    if families is not None and len({row[families].value for row in rows}) <= 1:
        for line in (columns, *rows):
            del line[families]  # type: ignore[attr-defined]
    notes = list(dict.fromkeys([*before.notes, *after.notes]))
    return Table(columns, rows, unit=after.unit, notes=notes, left_out=_left_out(before.left_out, after.left_out))


def _cells(table: Table, cuts: list[Column]) -> dict[tuple[str, ...], dict[str, Cell]]:
    """The cells of each row by figure, under the row's codes; "" for one that is not stated, or not cut so."""
    at = {column.key: n for n, column in enumerate(table.columns)}
    found = {}
    for row in table.rows:
        codes = tuple(str(row[at[cut.key]].value or "") if cut.key in at else "" for cut in cuts)
        found[codes] = {column.key: row[at[column.key]] for column in table.columns if column.figure}
    return found


def _left_out(before: LeftOut, after: LeftOut) -> LeftOut:
    """What one of the answers had to leave out and the other had not; the same entries on both sides change nothing."""
    currencies = tuple(sorted({*before.currencies, *after.currencies}))
    return LeftOut(abs(after.count - before.count), currencies) if after.count != before.count else LeftOut()


def _amount(cell: Cell) -> Decimal | None:
    return cell.value if isinstance(cell.value, Decimal) else None
