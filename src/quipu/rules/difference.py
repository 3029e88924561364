"""The difference between what stands and what is sent: found first, shown, then applied.

What stands, of a return or of readings, is cells by row and column. What is sent names the cells it speaks of: what it leaves
out stays as it is, None clears. So a blank cell of a workbook changes nothing, and sending the same twice changes nothing more.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

Value = int | str
Cells = Mapping[str, Mapping[str, Value]]  # by row, then by column; an empty cell is not there
Sent = Mapping[str, Mapping[str, Value | None]]


class Change(NamedTuple):
    """A cell before and after; None is empty."""

    row: str
    column: str
    before: Value | None
    after: Value | None


def difference(before: Cells, sent: Sent) -> list[Change]:
    """What sending this would change, in the order it is sent; a text without a word is an empty cell."""
    found = []
    for row, columns in sent.items():
        stands = before.get(row, {})
        for column, value in columns.items():
            after = None if value == "" else value
            if stands.get(column) != after:
                found.append(Change(row, column, stands.get(column), after))
    return found


def apply(before: Cells, changes: Iterable[Change]) -> dict[str, dict[str, Value]]:
    """The cells after the changes; every other cell stays as it was. A row without a cell is gone."""
    cells = {row: dict(columns) for row, columns in before.items()}
    for change in changes:
        own = cells.setdefault(change.row, {})
        if change.after is None:
            own.pop(change.column, None)
        else:
            own[change.column] = change.after
    return {row: columns for row, columns in cells.items() if columns}
