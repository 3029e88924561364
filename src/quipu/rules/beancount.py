"""Beancount: the ledger as a plain-text journal of double entries, for auditors and as a judge that we did not write.

Accounts are derived from movements. Codes are escaped one-to-one; promises stand in accounts of their own under Equity,
so that they never meet cash.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from quipu.rules import figures
from quipu.rules.entries import MOST, Entry
from quipu.rules.figures import Figure
from quipu.rules.money import of_minor_units

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
    deposits = f"Income:Deposits:{fund}:{giver}"
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
        "fund_transfer": (ours, f"Equity:Funds-Paid:{fund}:{other}"),
        "fund_receipt": (f"Equity:Funds-Received:{fund}:{other}", ours),
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


Sums = Mapping[str, Mapping[str, int]]  # by fund and movement, in minor units


def draw(
    vouchers: Iterable[tuple[Voucher, list[Entry]]],
    names: Mapping[str, str],
    sums: Sums,
    as_of: tuple[date, Sums] | None = None,
) -> Iterator[str]:
    """The lines of the journal. names: titles by fund code; sums: what the books say, asserted at the end.

    as_of: a day, and what the books say of all up to it: asserted in the morning after.
    """
    opened: dict[tuple[str, str], date] = {}
    body: list[str] = []
    last = date.min
    currencies: dict[str, str] = {}
    keys: dict[int, str] = {}
    for voucher, entries in vouchers:
        for entry in entries:
            last = max(last, entry.effective_on)
            keys[entry.position] = voucher.key
            currencies[entry.fund] = entry.currency
            came, went = accounts(entry)
            for account in (came, went):
                before = opened.get((account, entry.currency), entry.effective_on)
                opened[account, entry.currency] = min(before, entry.effective_on)
            body += _transaction(voucher, entry, came, went, keys)
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
    for day, said in (*((as_of,) if as_of else ()), (last, sums)):
        for fund, moved in sorted(said.items()):
            if fund in currencies and day < date.max:
                yield from _asserted(fund, moved, currencies[fund], day + timedelta(days=1), first)


def _transaction(voucher: Voucher, entry: Entry, came: str, went: str, keys: Mapping[int, str]) -> Iterator[str]:
    yield f'{entry.effective_on} * "{_text(voucher.title or voucher.kind)}"'
    yield f'  voucher: "{_text(voucher.key)}"'
    yield f"  number: {voucher.number}"
    yield f"  entry: {entry.ordinal}"
    yield f'  movement: "{entry.movement}"'
    if entry.reverses:
        position, ordinal = divmod(entry.reverses, MOST)
        yield f'  reverses: "{_text(keys[position])}#{ordinal}"'
    if entry.standing:
        yield f'  standing: "{entry.standing}"'
    if entry.original_amount is not None:
        rate = f" @ {entry.rate}" if entry.rate else ""
        yield f'  original: "{_amount(entry.original_amount, entry.original_currency)} {entry.original_currency}{rate}"'
    amount = _amount(entry.amount, entry.currency)
    yield f"  {went}  {amount} {entry.currency}"
    yield f"  {came}  {_amount(-entry.amount, entry.currency)} {entry.currency}"
    yield ""


def _asserted(fund: str, moved: Mapping[str, int], currency: str, on: date, opened: dict[str, date]) -> Iterator[str]:
    """The balances as our own figures say them; Beancount compares them with its own sums, sub-accounts included."""
    for root, (figure, sign) in ASSERTED.items():
        account = f"{root}:{escaped(fund)}"
        days = [day for name, day in opened.items() if name == account or name.startswith(f"{account}:")]
        if not days or min(days) >= on:
            continue
        if account not in opened:
            opened[account] = min(opened.values())
            yield f"{opened[account]} open {account}"
        units = sum(moved.get(n, 0) for n in figure.plus) - sum(moved.get(n, 0) for n in figure.minus)
        yield f"{on} balance {account}  {_amount(sign * units, currency)} ~ 0 {currency}"


# Direct cost goes to a project's organization, or to another fund, which no organization of this one holds.
_BY_PROJECT = ("project_direct_cost", "project_direct_cost_refund")
_ORGANIZATIONS = Figure(
    "",
    "",
    "",
    ("transfer", _BY_PROJECT[0]),
    ("refund", _BY_PROJECT[1], "expenditure", "direct_cost_expenditure", "write_off"),
)
_ELSEWHERE = Figure("", "", "", ("direct_cost", _BY_PROJECT[1]), ("direct_cost_refund", _BY_PROJECT[0]))
# What a fund's accounts below a root add up to, and its sign there.
ASSERTED: dict[str, tuple[Figure, int]] = {
    "Assets:Agent": (figures.balance_agent, 1),
    "Assets:Organizations": (_ORGANIZATIONS, 1),
    "Equity:Funds-Paid": (figures.fund_transfers, 1),
    "Equity:Funds-Received": (figures.fund_receipts, -1),
    "Expenses:Agent-Fee": (figures.agent_fees, 1),
    "Expenses:Bank": (figures.bank_charges, 1),
    "Expenses:Direct-Cost": (_ELSEWHERE, 1),
    "Expenses:Programme": (figures.expenditure_wide, 1),
    "Expenses:Written-Off": (figures.write_offs, 1),
    "Income:Deposits": (figures.contributions, -1),
    "Income:Interest": (figures.fund_interest, -1),
    "Income:Organization-Interest": (figures.organization_interest, -1),
    "Income:Other": (figures.other_income, -1),
}


class Compared(NamedTuple):
    """Rows of the wide funding status, and the accounts that must add up to them. sign: of the accounts' sum."""

    plus: tuple[str, ...]
    minus: tuple[str, ...]
    roots: tuple[str, ...]
    sign: int = 1


COMPARED: tuple[Compared, ...] = (
    Compared(("contributions",), (), ("Income:Deposits",), -1),
    Compared(("fund_interest",), (), ("Income:Interest",), -1),
    Compared(("organization_interest",), (), ("Income:Organization-Interest",), -1),
    Compared(("other_income",), (), ("Income:Other", "Equity:Funds-Received"), -1),
    Compared(("fund_transfers",), (), ("Equity:Funds-Paid",)),
    Compared(
        ("transferred", "direct_cost"),
        ("refunds",),
        ("Assets:Organizations", "Expenses:Direct-Cost", "Expenses:Programme", "Expenses:Written-Off"),
    ),
    Compared(("agent_fee",), (), ("Expenses:Agent-Fee",)),
    Compared(("bank_charges",), (), ("Expenses:Bank",)),
    Compared(("balance_agent",), (), ("Assets:Agent",)),
    Compared(("organizations_expenditure",), (), ("Expenses:Programme",)),
    Compared(("organizations_write_offs",), (), ("Expenses:Written-Off",)),
    Compared(("balance_organizations",), (), ("Assets:Organizations", "Expenses:Direct-Cost", "Equity:Funds-Paid")),
    Compared(
        ("total_balance",), (), ("Assets:Agent", "Assets:Organizations", "Expenses:Direct-Cost", "Equity:Funds-Paid")
    ),
)


def _amount(units: int, currency: str) -> str:
    return f"{of_minor_units(units, currency):f}"


def _text(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
