"""Which cells of tables about people are public, as decided when they became so. What was not decided is not public."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from quipu.books import models
from quipu.rules.results.cutting import Period

BENEFICIARIES = "beneficiaries"
TOTAL = "all"  # the choice that stands for the whole


@dataclass(slots=True)
class Cuts:
    """The cuts of some tables. of: absent choices by table, list and period."""

    of: dict[tuple[str, str, Period], frozenset[str]] = field(default_factory=dict)

    def is_shown(self, table: str, list_: str, period: Period, choice: str) -> bool:
        """Whether a cell is public; list_ "": the value of the period itself."""
        found = self.of.get((table, list_, period))
        return found is not None and (choice or TOTAL) not in found


def of(tables: Iterable[str]) -> Cuts:
    """The cuts of tables, asked at once."""
    found = Cuts()
    for one in models.Cut.objects.filter(table__in=list(tables)):
        found.of[one.table, one.breakdown, (one.since, one.until)] = frozenset(one.absent)
    return found


def beneficiaries(project: str) -> str:
    """What a programme's table of beneficiaries is called."""
    return f"{project}/{BENEFICIARIES}"
