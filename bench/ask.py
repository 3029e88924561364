"""Asking: pivots over ten million entries beside SQL typed by hand over the downloaded Parquet, equal rows asserted."""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import _bare_pivot
import _generate
from quipu.edition import bulk
from quipu.edition.ask import ask
from quipu.edition.open import Edition
from quipu.rules.asking import Question, question

RATIO = 1.3  # of the bare baseline's time, at most
THREADS = 2  # as many as an edition is opened with
PIVOTS: list[tuple[str, Question, str, int]] = [
    ("spend by year", question(["spend"], ["year"]), _bare_pivot.BY_YEAR, 1),
    ("spend by country and year", question(["spend"], ["country", "year"]), _bare_pivot.BY_COUNTRY_AND_YEAR, 1_000_000),
    ("spend by country", question(["spend"], ["country"]), _bare_pivot.BY_COUNTRY, 1_000_000),
    (
        "spend by country and sector",
        question(["spend"], ["country", "sector"]),
        _bare_pivot.BY_COUNTRY_AND_SECTOR,
        1_000_000_000_000,
    ),
]
LIMITS = {"spend by country": 0.25, "spend by country and sector": 1.0}  # seconds of a cold report, at most
Rows = dict[tuple[str, ...], Decimal]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="300,000 entries; speed is shown, not judged")
    options.add_argument("--rounds", type=int, default=9)
    asked = options.parse_args()
    home = _generate.edition(5_500, 300_000, of_demo=True) if asked.short else _generate.edition(500_000, 10_000_000)
    edition = Edition(home, 1)
    ((entries,),) = edition.rows("SELECT count(*) FROM entries")
    print(f"{entries:,} entries")
    downloaded = {table: bulk.file(edition, table, "parquet") for table in ("facts", "shares")}
    bare = _bare_pivot.connected(THREADS)
    passed = True
    for title, pivot, query, whole in PIVOTS:
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(asked.rounds):
            expected = timed(theirs, lambda query=query: _bare_pivot.answer(bare, query, downloaded))
            answered = timed(ours, lambda pivot=pivot: ask(edition, pivot))
        rows = {tuple(cell.value or "" for cell in row[:-1]): row[-1].value for row in answered.rows}
        equal = rows == added(expected, whole)
        ratio = statistics.median(ours) / statistics.median(theirs)
        print(
            f"  {title}: {len(rows):,} rows{'' if equal else ' DIFFER'}, {statistics.median(ours) * 1000:,.0f} ms, bare"
            f" {statistics.median(theirs) * 1000:,.0f} ms, ratio {ratio:.2f} (at most {RATIO})"
        )
        passed = passed and equal and bool(rows) and (asked.short or ratio <= RATIO)
        if title in LIMITS:
            print(f"    at most {LIMITS[title] * 1000:,.0f} ms")
            passed = passed and (asked.short or statistics.median(ours) <= LIMITS[title])
    if not passed:
        print("MISSED")
    return 0 if passed else 1


def timed(seconds: list[float], act: Callable[[], Any]) -> Any:
    """What the act answers; its seconds are added to the list."""
    began = time.perf_counter()
    answer = act()
    seconds.append(time.perf_counter() - began)
    return answer


def added(rows: list[tuple[Any, ...]], whole: int) -> Rows:
    """The bare rows with the movements of the figure added, which SQL by hand answers apart."""
    sums: Rows = {}
    for *cut, _, amount in rows:
        key = tuple(str(value) for value in cut)
        sums[key] = sums.get(key, Decimal(0)) + amount
    return {key: amount / whole for key, amount in sums.items()}


if __name__ == "__main__":
    sys.exit(main())
