"""What codes and keys stand for: those a journal declares, together with those the ledger already has."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from quipu.rules.journal.words import (
    AGREEMENT,
    BODY,
    COMMUNITY,
    FORMS,
    FUND,
    LOAN,
    PARTICIPATION,
    PROJECT,
    WINDOW,
    Declaration,
    Journal,
    Line,
)
from quipu.rules.money import exponent

DEFAULT_CURRENCY = "USD"
MOST_MINOR_UNITS = 10**15  # so that nine thousand of the largest still add up in a 64-bit integer


@dataclass(frozen=True, slots=True)
class Posted:
    """What stands under a posting key. Its texts are known, or only the salted hash they were sealed by, or neither."""

    content: str  # the hash of it
    # participation and year of each line, in order; None for a directive, which has no entries to reverse
    entries: tuple[tuple[str, int], ...] | None = ()
    reversed: Collection[int] = frozenset()  # entries reversed by now, counted from 1; 0: what it reversed itself
    texts: str = ""
    memo: tuple[str, ...] = ()  # hash and salt
    community: str = ""  # of a posting of a community's revolving fund
    takes_back: bool = False  # whether that posting is itself a reversal


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger has before the journal is posted. The mappings may be lazy: they are asked by code and key."""

    funds: Mapping[str, str] = field(default_factory=dict)  # its currency
    windows: Collection[str] = ()
    bodies: Collection[str] = ()  # contributors and organizations: one namespace
    projects: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # its fund and its kind
    agreements: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # its fund and contributor
    posted: Mapping[str, Posted] = field(default_factory=dict)
    communities: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # its project and its currency
    loans: Collection[str] = ()


NOTHING = Known()


def minor_units(amount: Decimal, currency: str) -> int | None:
    """The amount in whole minor units; None where it has more decimals than the currency, or is more than is kept."""
    decimals = exponent(currency)
    if written_decimals(amount) > decimals or amount.copy_abs() > MOST_MINOR_UNITS:
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
        self._declared: dict[tuple[str, str], Declaration] = {}  # by namespace and code
        for item in journal.items:
            if isinstance(item, Declaration) and FORMS[item.word].own:
                self._declared.setdefault((FORMS[item.word].codes[0], item.codes[0]), item)
        self._known = known
        self._currencies: dict[str, str | None] = {}
        self._payers: dict[str, str | None] = {}  # the fund of each project
        self._posted: dict[str, Collection[str]] = {
            FUND: known.funds,
            WINDOW: known.windows,
            BODY: known.bodies,
            PROJECT: known.projects,
            AGREEMENT: known.agreements,
            COMMUNITY: known.communities,
            LOAN: known.loans,
        }

    def has(self, namespace: str, code: str) -> bool:
        """Whether the code is declared, here or in the ledger."""
        return (namespace, code) in self._declared or code in self._posted[namespace]

    def currency(self, fund: str) -> str | None:
        """The fund's currency, None where the fund is unknown."""
        if fund not in self._currencies:
            stated = self._stated(FUND, fund, "currency") or self._known.funds.get(fund)
            self._currencies[fund] = stated or (DEFAULT_CURRENCY if (FUND, fund) in self._declared else None)
        return self._currencies[fund]

    def project_fund(self, project: str) -> str | None:
        """The fund that pays for the project; the first one where several do."""
        if project not in self._payers:
            stated = self._stated(PROJECT, project, "fund") or self._known.projects.get(project, ("", ""))[0]
            self._payers[project] = stated or None
        return self._payers[project]

    def project_kind(self, project: str) -> str:
        """The project's kind, "" for one that pays for the fund's purpose."""
        return self._stated(PROJECT, project, "kind") or self._known.projects.get(project, ("", ""))[1]

    def community_currency(self, code: str) -> str | None:
        """The currency a community keeps its box in: its own, else that of its programme's fund. None where unknown."""
        declared = self._declared.get((COMMUNITY, code))
        stated = self._stated(COMMUNITY, code, "currency") or self._known.communities.get(code, ("", ""))[1]
        if stated or declared is None:
            return stated or None
        fund = self.project_fund(declared.codes[1])
        return self.currency(fund) if fund else None

    def agreement(self, code: str) -> tuple[str, ...] | None:
        """The agreement's fund and contributor, None where it is unknown."""
        declared = self._declared.get((AGREEMENT, code))
        return declared.codes[1:] if declared else self._known.agreements.get(code)

    def _stated(self, namespace: str, code: str, key: str) -> str:
        declaration = self._declared.get((namespace, code))
        setting = declaration.setting(key) if declaration else None
        return setting.first if setting else ""

    def fund(self, line: Line) -> str | None:
        """The fund whose currency the line's amount is in."""
        return self.project_fund(line.left.code) if line.left.shape == PARTICIPATION else line.left.code

    def line_currency(self, line: Line) -> str | None:
        """The currency the line's amount is in, None where a code of the line is unknown."""
        fund = self.fund(line)
        return self.currency(fund) if fund else None

    def minor_units(self, line: Line) -> int | None:
        """The line's amount in minor units of its currency; None where `check` finds a fault."""
        currency = self.line_currency(line)
        return minor_units(line.amount, currency) if currency else None
