"""A statement: a table of figures, and the identities that must hold between them, each said where it fails."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from quipu.rules import figures
from quipu.rules.figures import Figure
from quipu.rules.table import Cell, Column, Table

Sums = Mapping[str, Decimal]  # per movement, in the fund's currency


@dataclass(frozen=True, slots=True)
class Identity:
    """Two ways to the same amount. sentence: what is equal to what, of which row."""

    sentence: str
    left: Decimal
    right: Decimal

    @property
    def holds(self) -> bool:
        return self.left == self.right


def checked(table: Table, identities: Iterable[Identity]) -> Table:
    """The table with a note for each identity that fails: nothing is forced to add."""
    failing = [each for each in identities if not each.holds]
    table.notes += [f"Does not add up: {each.sentence} ({each.left:,f} and {each.right:,f})." for each in failing]
    return table


def named(table: Table, names: Mapping[str, Mapping[str, str]]) -> Table:
    """The table with a column beside each column of codes that there are names for: column key → code → name.

    People ask for codes with names, in one file; a code without a name has an empty cell there.
    """
    for at, column in reversed(list(enumerate(table.columns))):
        if column.key in names:
            known = names[column.key]
            name = Column(f"{column.key}_name", f"Name of {column.label.lower()}", column.kind)
            table.columns.insert(at + 1, name)
            for row in (*table.rows, *([table.total] if table.total else [])):
                row.insert(at + 1, Cell(known.get(str(row[at].value), "")))
    return table


def amount(figure: Figure, sums: Sums) -> Decimal:
    """A figure over sums, 0 where nothing moved."""
    return figure.of(sums) or figures.ZERO
