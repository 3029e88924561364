"""Controls: what a posting may not do, and what it should not, judged by what stands in the books before it.

Every rule of the field about a voucher, a status or a closed year is here and nowhere else (domain.md, Figures and
Statuses). What comes from a journal has happened already: it is posted, and the findings stay beside it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from quipu.rules import figures
from quipu.rules.entries import Entry
from quipu.rules.figures import Figure
from quipu.rules.findings import Finding
from quipu.rules.journal import Directive, Keyed, ReopenYear, StatusChange, Voucher, memo_hash, meta
from quipu.rules.kinds import CATEGORIES
from quipu.rules.money import of_minor_units
from quipu.rules.statements.available import parts
from quipu.rules.statuses import CLOSED

DEFAULT_INDIRECT = Decimal(7)  # per cent on top of the direct categories (domain.md, rule 3)
DEFAULT_AGENT_FEE = Decimal(1)  # per cent of a deposit (domain.md, rule 2)
PAYMENTS = ("transfer", "fund_transfer", "direct_cost", "contributor_refund")
NOT_AFTER_CLOSURE = ("transfer", "direct_cost", "expenditure", "direct_cost_expenditure", "allocation")
UNKNOWN = "?"
Sums = Mapping[str, int]  # minor units per movement
Participation = tuple[str, str]  # project and organization


class Situation(Protocol):
    """What stands in the books when a posting is judged, what the same batch posted before it included."""

    def of_fund(self, fund: str) -> Sums:
        """All that moved on the fund."""

    def of_participation(self, participation: Participation) -> Sums:
        """All that moved for the participation."""

    def is_closed(self, fund: str, year: int) -> bool:
        """Whether the year's report is out."""

    def status(self, participation: Participation) -> str:
        """The participation's status, or that of its project or fund where those are financially closed."""

    def closed_participations(self, fund: str) -> Iterable[Participation]:
        """Those of the fund that are financially closed."""

    def participations(self, project: str) -> Iterable[Participation]:
        """Those of a project on which anything ever moved."""

    def indirect_cost(self, fund: str, organization: str) -> str | None:
        """The agreed rate in per cent, "" for the default; None without a signed MOU."""

    def minimum_balance(self, fund: str) -> int:
        """What the fund always keeps, in minor units."""

    def may_overallocate(self, fund: str) -> bool:
        """Whether the fund allows allocations above what is available."""


def amount(figure: Figure, sums: Sums) -> int:
    """A figure over sums of minor units."""
    return sum(sums.get(name, 0) for name in figure.plus) - sum(sums.get(name, 0) for name in figure.minus)


def available(fund: str, situation: Situation) -> int:
    """What can still be allocated: cash, less what is promised to open participations, less the minimum balance."""
    closed = [_exact(situation.of_participation(each)) for each in situation.closed_participations(fund)]
    *_, left = parts(_exact(situation.of_fund(fund)), closed, Decimal(situation.minimum_balance(fund)))
    return int(left)


def _exact(sums: Sums) -> dict[str, Decimal]:
    return {movement: Decimal(units) for movement, units in sums.items()}


def of_voucher(voucher: Voucher, entries: Sequence[Entry], situation: Situation, words: str) -> list[Finding]:
    """What is to be said of a voucher. The situation already holds its entries; words: the voucher's texts."""
    place = f"^{voucher.key}"
    return [
        *of_texts(voucher, words),
        *_reasons(voucher, words, place),
        *_years(entries, situation, place),
        *_funds(entries, situation, place),
        *_participations(entries, situation, place),
        *_indirect(entries, situation, place),
    ]


def of_directive(directive: Directive, situation: Situation, words: str) -> list[Finding]:
    """What is to be said of a directive. The situation does not hold it yet."""
    place = f"^{directive.key}"
    found = list(of_texts(directive, words))
    if isinstance(directive, ReopenYear) and not _is_said(directive, words):
        found.append(Finding("correction-without-reason", place))
    if isinstance(directive, StatusChange):
        found += _status(directive, situation, words, place)
    return found


def of_texts(item: Keyed, words: str) -> Iterator[Finding]:
    """Whether its texts are those that its memo seals."""
    memo = meta(item, "memo")
    if memo and words and memo_hash(words, memo[1]) != memo[0]:
        yield Finding("memo-differs", f"^{item.key}")


def _is_said(item: Voucher | Directive, words: str) -> bool:
    """Whether a reason, a decision or evidence stands beside it: words, redacted ones too, or a document."""
    return bool(words or meta(item, "memo") or meta(item, "document"))


def _reasons(voucher: Voucher, words: str, place: str) -> Iterator[Finding]:
    corrects = any(reference.word == "reverses" for reference in voucher.references)
    adjusts = [line for line in voucher.lines if line.adjusts is not None]
    if not _is_said(voucher, words) and (corrects or adjusts):
        yield Finding("correction-without-reason", place)
    if voucher.kind == "allocation" and not _is_said(voucher, words):
        yield Finding("allocation-without-decision", place)


def _years(entries: Sequence[Entry], situation: Situation, place: str) -> Iterator[Finding]:
    for fund, year in sorted({(entry.fund, entry.year) for entry in entries}):
        if situation.is_closed(fund, year):
            yield Finding("year-closed", place, f"{fund} {year}")


def _funds(entries: Sequence[Entry], situation: Situation, place: str) -> Iterator[Finding]:
    currencies = {entry.fund: entry.currency for entry in entries}
    for fund in sorted(currencies):
        moved = {entry.movement for entry in entries if entry.fund == fund and entry.amount > 0}
        if moved & set(PAYMENTS):
            left = amount(figures.balance_agent, situation.of_fund(fund))
            if left < 0:
                yield Finding("transfer-above-cash", place, f"{fund}: short of {_said(-left, currencies[fund])}")
        if "allocation" in moved and not situation.may_overallocate(fund):
            left = available(fund, situation)
            if left < 0:
                yield Finding("allocation-above-available", place, f"{fund}: short of {_said(-left, currencies[fund])}")


def _participations(entries: Sequence[Entry], situation: Situation, place: str) -> Iterator[Finding]:
    touched: dict[Participation, list[Entry]] = {}
    for entry in entries:
        if entry.participation:
            touched.setdefault(entry.participation, []).append(entry)
    for participation, own in touched.items():
        what = "/".join(participation)
        moved = {entry.movement for entry in own if entry.amount > 0}
        spends = any(e.movement in NOT_AFTER_CLOSURE and not e.reverses for e in own)
        if spends and situation.status(participation) == CLOSED:
            yield Finding("participation-closed", place, what)
        without_mou = situation.indirect_cost(own[0].fund, participation[1]) is None
        if moved & {"transfer", "direct_cost"} and participation[1] != UNKNOWN and without_mou:
            yield Finding("transfer-without-mou", place, f"{participation[1]} with {own[0].fund}")
        sums = situation.of_participation(participation)
        if "transfer" in moved:
            yield from _transferred(sums, place, what, own[0].currency)
        if moved & {"expenditure", "direct_cost_expenditure"}:
            spent = amount(figures.expenditure_wide, sums)
            funded = amount(figures.net_funded, sums) + amount(figures.direct_costs, sums)
            if spent > funded:
                yield Finding("delivery-above-whole", place, f"{what}: by {_said(spent - funded, own[0].currency)}")


def _transferred(sums: Sums, place: str, what: str, currency: str) -> Iterator[Finding]:
    """What was paid to a participation against what was allocated and budgeted for it."""
    above = -amount(figures.allocated_not_transferred, sums)
    if "allocation" not in sums:
        yield Finding("transfer-without-decision", place, what)
    elif above > 0:
        yield Finding("transfer-above-allocation", place, f"{what}: by {_said(above, currency)}")
    above = sums.get("transfer", 0) - sums.get("budget", 0)
    if "budget" in sums and above > 0:
        yield Finding("transfer-above-budget", place, f"{what}: by {_said(above, currency)}")


def _indirect(entries: Sequence[Entry], situation: Situation, place: str) -> Iterator[Finding]:
    """Indirect cost of a return against the agreed rate, for each participation and year; a minor unit is rounding."""
    spent: dict[tuple[Participation, int], list[Entry]] = {}
    for entry in entries:
        if entry.movement == "expenditure" and entry.participation and not entry.reverses:
            spent.setdefault((entry.participation, entry.year), []).append(entry)
    for (participation, year), lines in spent.items():
        indirect = sum(line.amount for line in lines if CATEGORIES[line.category].indirect)
        direct = sum(line.amount for line in lines if not CATEGORIES[line.category].indirect)
        whole = any(line.category == "uncategorized" for line in lines)
        agreed = situation.indirect_cost(lines[0].fund, participation[1])
        rate = Decimal(agreed) if agreed else DEFAULT_INDIRECT
        if indirect and not whole and abs(direct * rate / 100 - indirect) > 1:
            detail = f"{'/'.join(participation)} {year}: {_said(indirect, lines[0].currency)} on"
            yield Finding("indirect-cost-rate", place, f"{detail} {_said(direct, lines[0].currency)}, agreed {rate}%")


def _status(change: StatusChange, situation: Situation, words: str, place: str) -> Iterator[Finding]:
    if not _is_said(change, words):
        yield Finding("status-without-evidence", place)
    whose = change.place
    concerned: list[Participation] = []
    if whose.organization:
        concerned = [(whose.code, whose.organization)]
    else:
        concerned = list(situation.participations(whose.code))
    for participation in concerned:
        sums = situation.of_participation(participation)
        if change.status == "cancelled" and sums.get("transfer", 0) > 0:
            yield Finding("cancelled-after-payment", place, "/".join(participation))
        left = amount(figures.balance_organizations_wide, sums)
        if change.status in (CLOSED, "operationally-closed") and left:
            yield Finding("balance-left", place, f"{'/'.join(participation)}: {left:,} minor units")


def _said(units: int, currency: str) -> str:
    return f"{of_minor_units(units, currency):,f} {currency}"
