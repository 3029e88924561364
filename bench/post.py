"""Posting: batches through the verbs beside bare inserts of the same rows, single vouchers, four writers, totals."""

import argparse
import multiprocessing
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests import ledgers, postgres  # noqa: E402

import _bare_inserts  # noqa: E402

RATIO = 0.2  # of bare inserts, at least
SINGLE = 200  # vouchers a second, at least
TOTALS = 0.3  # seconds at a million entries, at most
PROJECTS = 40


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="few vouchers; speed is shown, not judged")
    options.add_argument("--engine", choices=ledgers.ENGINES, action="append")
    asked = options.parse_args()
    passed = True
    with tempfile.TemporaryDirectory(prefix="quipu-bench-") as folder:
        ledgers.start(Path(folder) / "django")
        server = postgres.Server() if postgres.binaries() else None
        try:
            for engine in asked.engine or ledgers.ENGINES:
                if engine == "postgresql" and server is None:
                    print(f"{engine}: {postgres.MISSING}")
                    continue
                print(engine)
                bench = Bench(engine, Path(folder), server)
                passed = bench.batch(500 if asked.short else 20_000) and passed
                passed = bench.single(100 if asked.short else 1_000) and passed
                passed = bench.writers(20 if asked.short else 200) and passed
                passed = bench.totals(5_000 if asked.short else 1_000_000) and passed
        finally:
            if server:
                server.stop()
    passed = passed or asked.short
    if not passed:
        print("MISSED")
    return 0 if passed else 1


class Bench:
    """One engine, measured."""

    def __init__(self, engine: str, folder: Path, server: postgres.Server | None) -> None:
        self.engine, self.folder, self.server = engine, folder, server
        self.count = 0

    def ledger(self) -> ledgers.Ledger:
        """Empty books with funds, projects and agreements declared."""
        self.count += 1
        home = self.folder / f"{self.engine}-{self.count}"
        if self.server:
            found = ledgers.postgresql(self.server.folder, home, "bench") if self.engine == "postgresql" else None
        if self.engine == "sqlite" or not self.server:
            found = ledgers.sqlite(self.folder / "template.sqlite3", home)
        assert found is not None
        text = "fund F1\ncontributor C1\norganization O1\nmou F1 O1\nagreement A1 F1 C1\n"
        text += "".join(f"project P{n}\n    fund: F1\n" for n in range(PROJECTS))
        found.post(text)
        deposit("D", Decimal("900000000"))
        for n in range(PROJECTS):
            allocate(f"A{n}", n, Decimal("10000000"))
        return found

    def batch(self, vouchers: int) -> bool:
        """Vouchers of three lines through the verbs, beside their rows inserted bare into an equal ledger."""
        from quipu.books import post
        from quipu.books.post import together

        ratios, shown = [], (0.0, 0.0)
        for _ in range(3):
            self.ledger()
            last = post.head().position
            began = time.perf_counter()
            with together(by="bench"):
                for n in range(vouchers):
                    spend(f"R{n}", n)
            ours = time.perf_counter() - began
            rows = {name: self.rows(name, last) for name in ("posting", "entry")}
            other = self.ledger()
            address = str(other.home / "books.sqlite3") if self.engine == "sqlite" else other.connect().info.dsn
            bare = _bare_inserts.insert(address, {f"books_{name}": found for name, found in rows.items()})
            ratios.append(bare / ours)
            shown = (ours, bare)
        ratio = statistics.median(ratios)
        entries = vouchers * 3
        print(
            f"  batch: {vouchers:,} vouchers, {entries:,} entries, {shown[0]:.2f} s ({entries / shown[0]:,.0f} entries/s),"
            f" bare {shown[1]:.2f} s, ratio {ratio:.2f} (at least {RATIO})"
        )
        return ratio >= RATIO

    def rows(self, name: str, last: int) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Columns and rows of a table behind a position, as the driver takes them."""
        key = "position" if name == "posting" else "posting_id"
        query = f"SELECT * FROM books_{name} WHERE {key} > {last} ORDER BY 1"
        with ledgers_connection().cursor() as cursor:
            raw = cursor.db.connection.execute(query) if self.engine == "postgresql" else self.plain(cursor.db, query)
            return [column[0] for column in raw.description], raw.fetchall()

    @staticmethod
    def plain(database: Any, query: str) -> Any:
        """Without Django's conversions of dates."""
        return sqlite3.connect(database.settings_dict["NAME"]).execute(query)

    def single(self, vouchers: int) -> bool:
        """One transfer after the other, each its own transaction."""
        self.ledger()
        began = time.perf_counter()
        for n in range(vouchers):
            transfer(f"T{n}", n)
        rate = vouchers / (time.perf_counter() - began)
        print(f"  single: {rate:,.0f} vouchers/s (at least {SINGLE})")
        return rate >= SINGLE

    def writers(self, vouchers: int) -> bool:
        """Four processes at once: all is posted, numbers have no gap, nobody fails."""
        from quipu.books import verify

        found = self.ledger()
        spawn = multiprocessing.get_context("spawn")
        began = time.perf_counter()
        writing = [spawn.Process(target=write, args=(found.environment, who, vouchers)) for who in range(4)]
        for one in writing:
            one.start()
        for one in writing:
            one.join()
        rate = 4 * vouchers / (time.perf_counter() - began)
        verdict = verify.verify(replay=False)
        whole = verdict.is_whole and all(one.exitcode == 0 for one in writing)
        print(
            f"  four writers: {rate:,.0f} vouchers/s, their start included; {'in order' if whole else verdict.faults}"
        )
        return whole and verdict.links == PROJECTS + 1 + 4 * vouchers

    def totals(self, entries: int) -> bool:
        """Questions over a large ledger, and one more voucher in it, beside bare SQL typed by hand."""
        from quipu.books import totals
        from quipu.books.post import together
        from quipu.rules.asking import BOOKS_DIMENSIONS, question

        self.ledger()
        step = 40_000
        for low in range(0, entries // 3, step):
            with together(by="bench"):
                for n in range(low, min(low + step, entries // 3)):
                    spend(f"R{n}", n)
        connection = ledgers_connection()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        passed = True
        asked = {
            "balances": question(["balance_agent", "total_balance"], ["fund"], dimensions=BOOKS_DIMENSIONS),
            "by fund and year": question(["net_funded", "expenditure"], ["fund", "year"], dimensions=BOOKS_DIMENSIONS),
            "by project": question(["net_funded", "expenditure"], ["project"], dimensions=BOOKS_DIMENSIONS),
            "by category": question(["expenditure"], ["category"], dimensions=BOOKS_DIMENSIONS),
        }
        asked["as of a day"] = replace(asked["balances"], until=date(2014, 6, 30))
        bare = "SELECT movement, sum(amount) FROM books_entry GROUP BY movement"
        for title, each in asked.items():
            ours = timed(lambda each=each: totals.ask(each))
            theirs = timed(lambda: execute(bare))
            told = f"{ours * 1000:,.0f} ms (at most {TOTALS * 1000:,.0f}), bare {theirs * 1000:,.0f} ms"
            print(f"  totals, {title}: {told} at {entries:,} entries")
            passed = passed and ours <= TOTALS
        transfer("first", 0)  # sums are asked once for a process
        one = timed(lambda: transfer(f"T{time.perf_counter_ns()}", 1))
        print(f"  one more voucher there: {one * 1000:,.1f} ms")
        return passed


def timed(act: Any) -> float:
    """The median of some runs, in seconds."""
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def execute(sql: str) -> list[Any]:
    with ledgers_connection().cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def ledgers_connection() -> Any:
    from django.db import connection

    return connection


def paper(key: str, on: date = date(2012, 3, 1)) -> Any:
    from quipu.actions.saying import Paper

    return Paper(by="bench", key=key, on=on, title="Decision")


def deposit(key: str, amount: Decimal) -> None:
    from quipu.actions.record_deposit import record_deposit
    from quipu.actions.saying import Money

    record_deposit(paper=paper(key), fund="F1", contributor="C1", agreement="A1", money=Money(amount))


def allocate(key: str, n: int, amount: Decimal) -> None:
    from quipu.actions.approve_allocation import approve_allocation
    from quipu.actions.saying import Money

    approve_allocation(paper=paper(key), fund="F1", project=f"P{n}", organization="O1", money=Money(amount))


def transfer(key: str, n: int) -> None:
    from quipu.actions.issue_transfer import issue_transfer
    from quipu.actions.saying import Money

    words = {"fund": "F1", "project": f"P{n % PROJECTS}", "organization": "O1"}
    issue_transfer(paper=paper(key), **words, money=Money(Decimal("1.25")))


def spend(key: str, n: int) -> None:
    from quipu.actions.record_expenditure import record_expenditure

    amounts = {"staff": Decimal("100.00"), "travel": Decimal("50.00"), "indirect": Decimal("10.50")}
    words = {"project": f"P{n % PROJECTS}", "organization": "O1", "year": 2010 + n % 8}
    record_expenditure(paper=paper(key), **words, standing="certified", amounts=amounts)


def write(environment: dict[str, str], who: int, vouchers: int) -> None:
    """One of four writers, in a process of its own."""
    os.environ.update(environment)
    from quipu.books import database

    database.start(Path(environment["QUIPU_HOME"]))
    database.open_books()
    for n in range(vouchers):
        transfer(f"W{who}-{n}", who * 10 + n)


if __name__ == "__main__":
    sys.exit(main())
