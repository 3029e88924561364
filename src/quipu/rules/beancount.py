"""Beancount: the ledger as a plain-text journal of double entries, for auditors and as a judge that we did not write.

Accounts are derived from movements. Codes are escaped one-to-one; promises stand in accounts of their own under Equity,
so that they never meet cash.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from quipu.rules import figures
from quipu.rules.entries import Entry
from quipu.rules.figures import Figure
from quipu.rules.money import exponent

UNSTATED = "?"


class Voucher(NamedTuple):
    """What groups entries: its number, key, kind and title."""

    number: int
    key: str
    kind: str
    title: str


def escaped(code: str) -> str:
    """A code as one component of an account: letters and digits stand, anything else is -XX- in hexadecimal.

    A component begins with a capital or a digit. Where the code does not, "X-" and a dash stand before it: no code gives
    that, because behind a letter X the dash of an escape is followed by two hexadecimal digits.
    """
    plain = "".join(
        letter if letter.isascii() and letter.isalnum() else "".join(f"-{byte:02X}-" for byte in letter.encode())
        for letter in code
    )
    first = plain[:1]
    return plain if first.isdigit() or (first.isupper() and first.isascii()) else f"X--{plain.removeprefix('-')}"


def agent(fund: str) -> str:
    """The account of what a fund's agent holds."""
    return f"Assets:Agent:{escaped(fund)}"


def held(entry: Entry) -> str:
    """The account of what an organization holds of a project's money."""
    return f"Assets:Organizations:{escaped(entry.fund)}:{_project(entry)}:{escaped(entry.organization or UNSTATED)}"


def _project(entry: Entry) -> str:
    return escaped(entry.project or UNSTATED)


def accounts(entry: Entry) -> tuple[str, str]:
    """Where the money comes from, and where it goes."""
    fund, other = escaped(entry.fund), escaped(entry.other_fund or UNSTATED)
    giver, spender = escaped(entry.contributor or UNSTATED), escaped(entry.organization or UNSTATED)
    ours, theirs = agent(entry.fund), held(entry)
    spent = f"{fund}:{_project(entry)}:{spender}"
    deposits, funds = f"Income:Deposits:{fund}:{giver}", f"Equity:Funds:{fund}:{other}"
    direct = theirs if entry.project else f"Expenses:Direct-Cost:{fund}:{other}"
    programme = (theirs, f"Expenses:Programme:{spent}:{escaped(entry.category or UNSTATED)}")
    name = "".join(part.capitalize() for part in entry.movement.split("_"))
    whose = giver if entry.contributor else _project(entry)
    # promises and budgets: what was said, and against it that it was
    said = (f"Equity:Said:{fund}:{name}", f"Equity:Promises:{fund}:{name}:{whose}")
    return {
        "deposit": (deposits, ours),
        "contributor_refund": (ours, deposits),
        "fund_interest": (f"Income:Interest:{fund}", ours),
        "organization_interest": (f"Income:Organization-Interest:{fund}:{spender}", ours),
        "other_income": (f"Income:Other:{fund}", ours),
        "fund_transfer": (ours, funds),
        "fund_receipt": (funds, ours),
        "transfer": (ours, theirs),
        "refund": (theirs, ours),
        "direct_cost": (ours, direct),
        "direct_cost_refund": (direct, ours),
        "agent_fee": (ours, f"Expenses:Agent-Fee:{fund}"),
        "bank_charge": (ours, f"Expenses:Bank:{fund}"),
        "expenditure": programme,
        "direct_cost_expenditure": programme,
        "write_off": (theirs, f"Expenses:Written-Off:{spent}"),
    }.get(entry.movement, said)


def draw(
    vouchers: Iterable[tuple[Voucher, list[Entry]]], names: Mapping[str, str], sums: Mapping[str, Mapping[str, int]]
) -> Iterator[str]:
    """The lines of the journal. names: titles by fund code; sums: per fund, what the books say, asserted at the end."""
    opened: dict[tuple[str, str], date] = {}
    body: list[str] = []
    last = date.min
    currencies: dict[str, str] = {}
    for voucher, entries in vouchers:
        for entry in entries:
            last = max(last, entry.effective_on)
            currencies[entry.fund] = entry.currency
            came, went = accounts(entry)
            for account in (came, went):
                before = opened.get((account, entry.currency), entry.effective_on)
                opened[account, entry.currency] = min(before, entry.effective_on)
            body += _transaction(voucher, entry, came, went)
    yield 'option "title" "Quipu"'
    yield 'option "inferred_tolerance_default" "*:0"'
    yield ""
    first: dict[str, date] = {}
    for (account, _), day in opened.items():
        first[account] = min(first.get(account, day), day)
    for account, day in sorted(first.items()):
        yield f"{day} open {account}"
    for fund, title in sorted(names.items()):
        if title and fund in currencies:
            yield f"; {escaped(fund)}: {title}".replace("\n", " ")
    yield ""
    yield from body
    for fund, moved in sorted(sums.items()):
        if fund in currencies and last < date.max:
            yield from _asserted(fund, moved, currencies[fund], last + timedelta(days=1), first)


def _transaction(voucher: Voucher, entry: Entry, came: str, went: str) -> Iterator[str]:
    yield f'{entry.effective_on} * "{_text(voucher.title or voucher.kind)}"'
    yield f'  voucher: "{_text(voucher.key)}"'
    yield f"  number: {voucher.number}"
    yield f'  movement: "{entry.movement}"'
    if entry.standing:
        yield f'  standing: "{entry.standing}"'
    if entry.original_amount is not None:
        rate = f" @ {entry.rate}" if entry.rate else ""
        yield f'  original: "{_amount(entry.original_amount, entry.original_currency)} {entry.original_currency}{rate}"'
    amount = _amount(entry.amount, entry.currency)
    yield f"  {went}  {amount} {entry.currency}"
    yield f"  {came}  {_amount(-entry.amount, entry.currency)} {entry.currency}"
    yield ""


def _asserted(
    fund: str, moved: Mapping[str, int], currency: str, on: date, opened: Mapping[str, date]
) -> Iterator[str]:
    """The balances as our own figures say them; Beancount compares them with its own sums, sub-accounts included."""
    wanted: list[tuple[str, Figure, int]] = [
        (agent(fund), figures.balance_agent, 1),
        (f"Assets:Organizations:{escaped(fund)}", _ORGANIZATIONS, 1),
        (f"Income:Deposits:{escaped(fund)}", figures.contributions, -1),
        (f"Expenses:Programme:{escaped(fund)}", figures.expenditure_wide, 1),
    ]
    for account, figure, sign in wanted:
        if not any(name == account or name.startswith(f"{account}:") for name in opened):
            continue
        if account not in opened:
            yield f"{min(opened.values())} open {account}"
        units = sum(moved.get(n, 0) for n in figure.plus) - sum(moved.get(n, 0) for n in figure.minus)
        yield f"{on} balance {account}  {_amount(sign * units, currency)} ~ 0 {currency}"


# The wide balance without the money of other funds, which no organization of this one holds.
_ORGANIZATIONS = Figure(
    "",
    "",
    "",
    ("transfer", "project_direct_cost"),
    ("refund", "project_direct_cost_refund", "expenditure", "direct_cost_expenditure", "write_off"),
)


def _amount(units: int, currency: str) -> str:
    return f"{Decimal(units).scaleb(-exponent(currency)):f}"


def _text(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
