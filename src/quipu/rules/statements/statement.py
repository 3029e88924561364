"""A statement: a table of figures, and the identities that must hold between them, each said where it fails."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from quipu.rules import figures
from quipu.rules.figures import Figure
from quipu.rules.table import Table

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


def amount(figure: Figure, sums: Sums) -> Decimal:
    """A figure over sums, 0 where nothing moved."""
    return figure.of(sums) or figures.ZERO
