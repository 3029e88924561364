"""What codes and keys stand for: those a journal declares, together with those the ledger already has."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from quipu.rules.journal.words import FUND, PARTICIPATION, PROJECT, Declaration, Journal, Line
from quipu.rules.money import exponent

DEFAULT_CURRENCY = "USD"
MOST_MINOR_UNITS = 2**63 - 1  # what a 64-bit integer column holds


@dataclass(frozen=True, slots=True)
class Posted:
    """What stands under a posting key."""

    content: str
    # participation and year of each line, in order; None for a directive, which has no entries to reverse
    entries: tuple[tuple[str, int], ...] | None = ()
    reversed: Collection[int] = frozenset()  # entries reversed by now, counted from 1; 0: what it reversed itself


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger has before the journal is posted. The mappings may be lazy: they are asked by code and key."""

    funds: Mapping[str, str] = field(default_factory=dict)  # its currency
    windows: Collection[str] = ()
    bodies: Collection[str] = ()  # contributors and organizations: one namespace
    projects: Mapping[str, str] = field(default_factory=dict)  # its fund
    agreements: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # its fund and contributor
    posted: Mapping[str, Posted] = field(default_factory=dict)


NOTHING = Known()


def minor_units(amount: Decimal, currency: str) -> int | None:
    """The amount in whole minor units; None where it has more decimals than the currency, or is more than is kept."""
    decimals = exponent(currency)
    if written_decimals(amount) > decimals or abs(amount) > MOST_MINOR_UNITS:
        return None
    units = int(amount.scaleb(decimals))  # at most 22 digits here: exact
    return units if abs(units) <= MOST_MINOR_UNITS else None


def written_decimals(amount: Decimal) -> int:
    """How many digits stand behind the point."""
    power = amount.as_tuple().exponent
    return max(-power, 0) if isinstance(power, int) else 0


class Books:
    """The declarations of a journal over those of the ledger; the first declaration of a code counts."""

    def __init__(self, journal: Journal, known: Known = NOTHING) -> None:
        self.known = known
        self.funds: dict[str, Declaration] = {}
        self.projects: dict[str, Declaration] = {}
        for item in journal.items:
            if isinstance(item, Declaration) and item.codes:
                {FUND: self.funds, PROJECT: self.projects}.get(item.word, {}).setdefault(item.codes[0], item)

    def currency(self, fund: str) -> str | None:
        """The fund's currency, None where the fund is unknown."""
        declaration = self.funds.get(fund)
        setting = declaration.setting("currency") if declaration else None
        if setting:
            return setting.first
        return self.known.funds.get(fund) or (DEFAULT_CURRENCY if declaration else None)

    def project_fund(self, project: str) -> str | None:
        """The fund that pays for the project; the first one where several do."""
        declaration = self.projects.get(project)
        setting = declaration.setting("fund") if declaration else None
        return setting.first if setting else self.known.projects.get(project)

    def fund(self, line: Line) -> str | None:
        """The fund whose currency the line's amount is in."""
        return self.project_fund(line.left.code) if line.left.shape == PARTICIPATION else line.left.code

    def line_currency(self, line: Line) -> str | None:
        """The currency the line's amount is in, None where a code of the line is unknown."""
        fund = self.fund(line)
        return self.currency(fund) if fund else None

    def minor_units(self, line: Line) -> int | None:
        """The line's amount in minor units of its currency; None where `check` found a fault."""
        currency = self.line_currency(line)
        return minor_units(line.amount, currency) if currency else None
