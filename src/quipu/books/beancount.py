"""The books as a Beancount journal: entries and sums are asked here, and drawn by the rules."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from quipu.books import models, words
from quipu.books.standing import entries, rows
from quipu.rules import beancount
from quipu.rules.beancount import Voucher
from quipu.rules.entries import Entry
from quipu.rules.journal import Voucher as Said

FOREVER = 2**62
PROJECTS = ("direct_cost", "direct_cost_refund")  # told apart by whether a project or another fund stands behind it


def journal(*, until: int | None = None) -> str:
    """The whole ledger, or its beginning up to a position, with our balances asserted at its end."""
    known = FOREVER if until is None else until
    own: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries("posting_id <= %s", [known]):
        own[entry.position].append(entry)
    vouchers = (
        (Voucher(link.number, link.key, link.kind, item.title), own[link.position])
        for link, item in words.chain(until=until)
        if isinstance(item, Said)
    )
    return _drawn(vouchers, _sums(known))


def of_fund(fund: str, vouchers: Iterable[tuple[Voucher, list[Entry]]], *, until: int, as_of: date) -> str:
    """A fund's vouchers with its own entries; our balances are asserted behind a day as well.

    What is asserted is a sum in the database, not of the entries that are given.
    """
    behind = (as_of, _sums(until, fund=fund, on=as_of))
    return _drawn(vouchers, _sums(until, fund=fund), behind)


def _drawn(
    vouchers: Iterable[tuple[Voucher, list[Entry]]],
    sums: beancount.Sums,
    as_of: tuple[date, beancount.Sums] | None = None,
) -> str:
    return "\n".join(beancount.draw(vouchers, _names(), sums, as_of)) + "\n"


def _names() -> dict[str, str]:
    return dict(models.Fund.objects.values_list("code", "title"))


def _sums(until: int, *, fund: str | None = None, on: date = date.max) -> dict[str, dict[str, int]]:
    """Per fund what moved, as the books add it up: a sum in the database, not of what is drawn."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    of_one = " AND fund_id = %s" if fund is not None else ""
    for code, movement, is_project, amount in rows(
        "SELECT fund_id, movement, project_id IS NOT NULL, CAST(sum(amount) AS BIGINT) FROM books_entry"
        f" WHERE posting_id <= %s AND effective_on <= %s{of_one} GROUP BY fund_id, movement, project_id IS NOT NULL",
        [until, on, *([fund] if fund is not None else [])],
    ):
        sums[code][movement] += amount
        if movement in PROJECTS and is_project:
            sums[code][f"project_{movement}"] += amount
    return sums
