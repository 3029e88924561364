"""The books as a Beancount journal: entries and sums are asked here, and drawn by the rules."""

from collections import defaultdict
from collections.abc import Iterator

from quipu.books import models, words
from quipu.books.standing import entries, rows
from quipu.rules import beancount
from quipu.rules.beancount import Voucher
from quipu.rules.entries import Entry
from quipu.rules.journal import Voucher as Said

PROJECTS = ("direct_cost", "direct_cost_refund")  # told apart by whether a project or another fund stands behind it


def journal(*, until: int | None = None) -> str:
    """The whole ledger, or its beginning up to a position, with our balances asserted at its end."""
    return "\n".join(beancount.draw(_vouchers(until), _names(), _sums(until))) + "\n"


def _vouchers(until: int | None) -> Iterator[tuple[Voucher, list[Entry]]]:
    own: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries("posting_id <= %s", [until if until is not None else 2**62]):
        own[entry.position].append(entry)
    for link, item in words.chain(until=until):
        if isinstance(item, Said):
            yield Voucher(link.number, link.key, link.kind, item.title), own[link.position]


def _names() -> dict[str, str]:
    return dict(models.Fund.objects.values_list("code", "title"))


def _sums(until: int | None) -> dict[str, dict[str, int]]:
    """Per fund what moved, as the books add it up: a sum in the database, not of what is drawn."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for fund, movement, is_project, amount in rows(
        "SELECT fund_id, movement, project_id IS NOT NULL, CAST(sum(amount) AS BIGINT) FROM books_entry"
        " WHERE posting_id <= %s GROUP BY fund_id, movement, project_id IS NOT NULL",
        [until if until is not None else 2**62],
    ):
        sums[fund][movement] += amount
        if movement in PROJECTS and is_project:
            sums[fund][f"project_{movement}"] += amount
    return sums
