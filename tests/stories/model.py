"""The judge of the simulator: books as a dictionary of integers, which knows the field's rules and nothing of the program.

Written from domain.md and journal.md alone. It is told what happens as vouchers and directives, never as text.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

EXPONENTS = {"USD": 2, "EUR": 2, "SEK": 2, "JPY": 0, "KWD": 3}
DIRECT_COST_EXPENDITURE = "direct_cost_expenditure"
DIMENSIONS = (
    *("year", "movement", "participating_organization", "fund", "project", "currency"),
    *("contributor", "agreement", "category", "standing"),
)

# What is told


@dataclass(frozen=True)
class Line:
    """One line of a voucher, in minor units of its fund's currency. unstated: how the missing other end is written."""

    movement: str
    fund: str
    units: int
    project: str = ""
    organization: str = ""
    contributor: str = ""
    agreement: str = ""
    other: str = ""  # the other fund
    category: str = ""
    standing: str = ""
    year: int | None = None
    adjusts: int | None = None
    original: tuple[int, str, str] | None = None  # units, currency, rate
    unstated: str = ""
    note: str = ""


@dataclass(frozen=True)
class Reference:
    """What a voucher replaces or reverses; entry None: as a whole."""

    word: str
    key: str
    entry: int | None = None


@dataclass(frozen=True)
class Voucher:
    """A document with its lines."""

    on: date
    kind: str
    key: str
    lines: tuple[Line, ...] = ()
    references: tuple[Reference, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Directive:
    """A status, a closed or reopened year, an extension: it moves no money, and takes its place in the chain."""

    on: date
    words: tuple[str, ...]
    key: str
    note: str = ""


# What is kept


class Cell(NamedTuple):
    """Everything that an amount is summed by."""

    position: int
    on: date
    year: int
    movement: str
    fund: str
    currency: str
    project: str
    participating_organization: str
    contributor: str
    agreement: str
    category: str
    standing: str


Moved = list[tuple[Cell, int]]


class Under(NamedTuple):
    """What a voucher moved: by its lines, by the receipt that belongs to each of them, and by what it took back."""

    lines: Moved
    receipts: dict[int, tuple[Cell, int]]  # by the number of the line
    taken_back: Moved

    @property
    def all(self) -> Moved:
        """Everything, once."""
        return [*self.lines, *self.receipts.values(), *self.taken_back]


class Mark(NamedTuple):
    """A place to come back to."""

    position: int
    keys: int
    undone: frozenset[tuple[str, int]]


class Model:
    """The books: by fund, how much moved in each cell."""

    def __init__(self) -> None:
        self.currencies: dict[str, str] = {}  # by fund
        self.projects: dict[str, tuple[str, bool]] = {}  # its fund, and whether it is direct cost
        self.position = 0
        self.under: dict[str, Under | None] = {}  # by key; None for a directive
        self.undone: set[tuple[str, int]] = set()  # key and line; 0 for the whole
        self._moved: dict[str, dict[Cell, int]] = defaultdict(dict)

    # telling

    def post(self, action: Voucher | Directive) -> bool:
        """Takes an action in; a key that stands changes nothing. Answers whether it is new."""
        if action.key in self.under:
            return False
        self.position += 1
        if isinstance(action, Directive):
            self.under[action.key] = None
            return True
        lines = [self._cell(action, line) for line in action.lines]
        own = Under(lines, self._receipts(action, lines), [])
        for reference in action.references:
            own.taken_back.extend(self._take_back(action, reference, lines))
        self.under[action.key] = own
        for cell, units in own.all:
            self._moved[cell.fund][cell] = self._moved[cell.fund].get(cell, 0) + units
        return True

    def mark(self) -> Mark:
        return Mark(self.position, len(self.under), frozenset(self.undone))

    def back(self, mark: Mark) -> None:
        """Forgets all that was told after the mark."""
        self.position, self.undone = mark.position, set(mark.undone)
        for key in list(self.under)[mark.keys :]:
            del self.under[key]
        for moved in self._moved.values():
            for cell in [cell for cell in moved if cell.position > mark.position]:
                del moved[cell]

    def may_take_back(self, reference: Reference, lines: tuple[Line, ...], on: date) -> bool:
        """Whether none of what would be taken back was so before."""
        own = self.under.get(reference.key)
        if own is None or (reference.entry or 0) > len(own.lines):
            return False
        return not self.undone & {(reference.key, n) for n in self._chosen(reference, own, self._occurring(lines, on))}

    @staticmethod
    def _occurring(lines: tuple[Line, ...], on: date) -> set[tuple[str, str, int]]:
        return {(e.project, e.organization, e.year or on.year) for e in lines if e.project and e.organization}

    @staticmethod
    def _chosen(reference: Reference, own: Under, occurring: set[tuple[str, str, int]]) -> list[int]:
        """The numbers of the lines that a reference takes back; 0 for the whole."""
        if reference.entry is None:
            chosen = list(range(len(own.lines) + 1))
        else:
            chosen = [reference.entry]
        if reference.word == "replaces":
            cells = {n: cell for n, (cell, _) in enumerate(own.lines, 1)}
            chosen = [
                n
                for n in chosen
                if n and (cells[n].project, cells[n].participating_organization, cells[n].year) in occurring
            ]
        return chosen

    def _cell(self, voucher: Voucher, line: Line) -> tuple[Cell, int]:
        movement, year, on = line.movement, line.year or voucher.on.year, voucher.on
        if movement == "expenditure" or year != on.year:
            on = date(year, 12, 31)
        if movement == "expenditure" and line.project and self.projects[line.project][1]:
            movement = DIRECT_COST_EXPENDITURE
        places = (line.project, line.organization, line.contributor, line.agreement)
        where = (line.fund, self.currencies[line.fund], *places, line.category, line.standing)
        return Cell(self.position, on, year, movement, *where), line.units

    def _receipts(self, voucher: Voucher, lines: Moved) -> dict[int, tuple[Cell, int]]:
        """What arrives in the other fund, for each transfer whose receipt the voucher does not write down itself."""
        written = [line for line in voucher.lines if line.movement == "fund_receipt"]
        made = {}
        for n, line in enumerate(voucher.lines, 1):
            if line.movement != "fund_transfer":
                continue
            currency = self.currencies[line.other]
            units = line.units
            if currency != self.currencies[line.fund]:
                assert line.original is not None
                units = line.original[0]
            twin = next((r for r in written if (r.fund, r.other, r.units) == (line.other, line.fund, units)), None)
            if twin is not None:
                written.remove(twin)
                continue
            cell = lines[n - 1][0]
            made[n] = cell._replace(movement="fund_receipt", fund=line.other, currency=currency), units
        return made

    def _take_back(self, voucher: Voucher, reference: Reference, lines: Moved) -> Moved:
        own = self.under[reference.key]
        assert own is not None, "only vouchers are taken back"
        chosen = self._chosen(reference, own, self._occurring(voucher.lines, voucher.on))
        self.undone |= {(reference.key, n) for n in chosen}
        if reference.entry is None and reference.word == "reverses":
            taken = own.all
        else:
            taken = [own.lines[n - 1] for n in chosen if n] + [own.receipts[n] for n in chosen if n in own.receipts]
        day = None if reference.word == "replaces" else voucher.on
        return [
            (cell._replace(position=self.position, on=day or cell.on, year=(day or cell.on).year), -units)
            for cell, units in taken
        ]

    # asking

    def sums(
        self, by: tuple[str, ...], funds: tuple[str, ...], *, until: date | None = None, known: int | None = None
    ) -> dict[tuple[str, ...], dict[str, int]]:
        """Per cut, what moved by movement."""
        places = [Cell._fields.index(name) for name in by]
        found: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
        for fund in funds:
            for cell, units in self._moved[fund].items():
                if (until is None or cell.on <= until) and (known is None or cell.position <= known):
                    cut = found[tuple(str(cell[place]) for place in places)]
                    cut[cell.movement] = cut.get(cell.movement, 0) + units
        return dict(found)

    def of_fund(self, fund: str, *, until: date | None = None, known: int | None = None) -> dict[str, int]:
        """What moved on a fund."""
        return self.sums((), (fund,), until=until, known=known).get((), {})


# Figures, as domain.md has them: what is added, and what is taken off

IN = ("deposit", "fund_receipt", "fund_interest", "organization_interest", "other_income")
OUT = ("transfer", "fund_transfer", "agent_fee", "direct_cost", "bank_charge")
NET_FUNDED = (("transfer",), ("refund",))
NARROW_SPENT, WIDE_SPENT = ("expenditure", "write_off"), ("expenditure", DIRECT_COST_EXPENDITURE, "write_off")
BALANCE_AGENT = (
    (*IN, "refund", "direct_cost_refund"),
    ("contributor_refund", *OUT),
)
NARROW = (("transfer",), ("refund", *NARROW_SPENT))
WIDE = (("transfer", "fund_transfer", "direct_cost"), ("refund", "direct_cost_refund", *WIDE_SPENT))
FIGURES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "pledges": (("pledge",), ()),
    "commitments": (("commitment", "commitment_change"), ()),
    "deposits": (("deposit",), ()),
    "contributor_refunds": (("contributor_refund",), ()),
    "allocations": (("allocation",), ()),
    "transfers": (("transfer",), ()),
    "refunds": (("refund",), ()),
    "net_funded": NET_FUNDED,
    "fund_transfers": (("fund_transfer",), ()),
    "fund_receipts": (("fund_receipt",), ()),
    "fund_interest": (("fund_interest",), ()),
    "organization_interest": (("organization_interest",), ()),
    "other_income": (("other_income",), ()),
    "agent_fees": (("agent_fee",), ()),
    "direct_costs": (("direct_cost",), ("direct_cost_refund",)),
    "bank_charges": (("bank_charge",), ()),
    "expenditure": (("expenditure",), ()),
    "expenditure_wide": (("expenditure", DIRECT_COST_EXPENDITURE), ()),
    "write_offs": (("write_off",), ()),
    "budget": (("budget",), ()),
    "sources": (IN, ("contributor_refund",)),
    "uses": (OUT, ("refund", "direct_cost_refund")),
    "balance_agent": BALANCE_AGENT,
    "balance_organizations": NARROW,
    "balance_organizations_wide": WIDE,
    "total_balance": ((*BALANCE_AGENT[0], *NARROW[0]), (*BALANCE_AGENT[1], *NARROW[1])),
    "total_balance_wide": ((*BALANCE_AGENT[0], *WIDE[0]), (*BALANCE_AGENT[1], *WIDE[1])),
    "allocated_not_transferred": (("allocation",), ("transfer",)),
}
CASH = {*IN, *OUT, "refund", "direct_cost_refund", "contributor_refund", *WIDE_SPENT}


def figure(name: str, sums: dict[str, int]) -> int | None:
    """The figure in minor units; None where none of its movements occurs."""
    plus, minus = FIGURES[name]
    if not any(movement in sums for movement in (*plus, *minus)):
        return None
    return sum(sums.get(movement, 0) for movement in plus) - sum(sums.get(movement, 0) for movement in minus)


# The funding status


class Row(NamedTuple):
    """A row in minor units, or in tenths of a per cent; and the cell as it is printed."""

    units: int | None
    printed: str | None


def statement(sums: dict[str, int], layout: str, exponent: int) -> dict[str, Row]:
    """Every row by its key, from the scheme in domain.md: a + b + c + o = S, S − U = A, P − E = B."""

    def of(movement: str) -> int:
        return sums.get(movement, 0)

    is_wide = layout == "wide"
    a, b, c = of("deposit") - of("contributor_refund"), of("fund_interest"), of("organization_interest")
    o = of("other_income") + of("fund_receipt")
    t, m, r, f = of("transfer"), of("fund_transfer"), of("refund"), of("agent_fee")
    d, back, k, w = of("direct_cost"), of("direct_cost_refund"), of("bank_charge"), of("write_off")
    s, u = a + b + c + o, t + m - r + f + (d - back) + k
    agent = s - u
    p = t + m + d if is_wide else t  # d: gross here
    e = of("expenditure") + (of(DIRECT_COST_EXPENDITURE) if is_wide else 0)
    r2 = r + back if is_wide else r
    organizations = p - (e + r2 + w)
    money = {
        **{"contributions": a, "fund_interest": b, "organization_interest": c, "other_income": o, "total_sources": s},
        **{"transferred": t, "fund_transfers": m, "subtotal_transfers": t + m, "refunds": r, "agent_fee": f},
        **{"direct_cost": d - back, "bank_charges": k, "total_uses": u, "balance_agent": agent},
        **{"organizations_transfers": p, "organizations_total_resources": p, "organizations_expenditure": e},
        **{"organizations_refunds": r2, "organizations_write_offs": w, "organizations_total_expenses": e + r2 + w},
        **{"balance_organizations": organizations, "total_balance": agent + organizations},
    }
    deposits = of("deposit")
    shares = {
        "balance_agent_percent": _half_up(agent * 1000, deposits),
        "balance_organizations_percent": _half_up(organizations * 1000, p),
        "total_balance_percent": _half_up((agent + organizations) * 1000, deposits),
    }
    rows = {key: Row(units, f"{_half_up(units, 10**exponent):,}") for key, units in money.items()}
    return rows | {key: Row(tenths, None if tenths is None else _tenths(tenths)) for key, tenths in shares.items()}


def _half_up(top: int, base: int) -> int | None:
    """The quotient rounded half up, away from zero at the half; None over nothing."""
    if not base:
        return None
    whole = (2 * abs(top) + abs(base)) // (2 * abs(base))
    return whole if (top < 0) == (base < 0) else -whole


def _tenths(tenths: int) -> str:
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"
