"""Spending by output beside expenditure by category: what quarters say, reconciled with what the ledger says.

Both speak of one organization and one year. What the ledger holds and no output has is shown as not attributed; it may be below
nothing, which a finding says. A project's total is the sum over its organizations, each of which says only what it spent itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from quipu.rules.findings import Finding

Place = tuple[str, int]  # organization, year


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One organization's year, or several put together. Minor units of one currency.

    outputs: spent by output; categories: expenditure of the ledger by category; interim: what of it is not certified;
    still_open: what of the outputs' comes from quarters that are not closed.
    """

    outputs: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    interim: int = 0
    still_open: int = 0

    @property
    def attributed(self) -> int:
        """What quarters say of all outputs."""
        return sum(self.outputs.values())

    @property
    def ledger(self) -> int:
        """The expenditure of the ledger."""
        return sum(self.categories.values())

    @property
    def not_attributed(self) -> int:
        """What the ledger holds and no output has."""
        return self.ledger - self.attributed

    def __add__(self, other: "Reconciled") -> "Reconciled":
        return Reconciled(
            _added(self.outputs, other.outputs),
            _added(self.categories, other.categories),
            self.interim + other.interim,
            self.still_open + other.still_open,
        )


def _added(mine: Mapping[str, int], theirs: Mapping[str, int]) -> dict[str, int]:
    return {
        name: mine.get(name, 0) + theirs.get(name, 0)
        for name in (*mine, *(name for name in theirs if name not in mine))
    }


def reconciled(
    spent: Iterable[tuple[str, int, str, int, bool]], ledger: Iterable[tuple[str, int, str, str, int]]
) -> dict[Place, Reconciled]:
    """By organization and year. spent: organization, year, output, amount, whether its quarter is closed; ledger:
    organization, year, category, standing, amount. Whatever only one of the two knows is there as well."""
    found: dict[Place, Reconciled] = {}
    for organization, year, output, amount, is_closed in spent:
        one = Reconciled({output: amount}, still_open=0 if is_closed else amount)
        found[organization, year] = found.get((organization, year), Reconciled()) + one
    for organization, year, category, standing, amount in ledger:
        one = Reconciled(categories={category: amount}, interim=amount if standing == "interim" else 0)
        found[organization, year] = found.get((organization, year), Reconciled()) + one
    return dict(sorted(found.items(), key=lambda each: (-each[0][1], each[0][0])))


def whole(found: Mapping[Place, Reconciled], year: int | None = None) -> Reconciled:
    """All organizations together, of one year or of all."""
    return sum((one for (_, on), one in found.items() if year in (None, on)), Reconciled())


def findings(found: Mapping[Place, Reconciled]) -> list[Finding]:
    """What does not fit, by organization and year: more spent by output than the ledger holds, or nothing there at all."""
    told = []
    for (organization, year), one in found.items():
        place = f"{organization} {year}"
        if not one.categories and one.attributed:
            told.append(Finding("output-not-in-ledger", place))
        elif one.not_attributed < 0:
            told.append(Finding("output-above-ledger", place))
    return told
