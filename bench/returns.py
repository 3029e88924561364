"""Returns: a workbook of ten thousand rows read, checked and shown, and the same applied, beside a bare read of its cells."""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests import ledgers  # noqa: E402

import _bare_sheet  # noqa: E402

SECONDS = 2.0  # from the file's arrival to its page, at most
RATIO = (
    10  # times the bare read, at most: ours is a process of its own, finds rows, judges them, and keeps what it told
)
APPLIED = 6.0  # seconds until all of it is written, at most
ROWS = 10_000
OF_PROJECT = 10  # filled in for each


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="500 rows; speed is shown, not judged")
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    rows = 500 if asked.short else ROWS
    with tempfile.TemporaryDirectory(prefix="quipu-bench-") as folder:
        ledgers.start(Path(folder) / "django")
        ledger = ledgers.sqlite(Path(folder) / "template.sqlite3", Path(folder) / "books")
        from django.test import override_settings

        with override_settings(HOME=ledger.home):
            passed = measured(ledger, rows, asked.rounds)
    passed = passed or asked.short
    if not passed:
        print("MISSED")
    return 0 if passed else 1


def measured(ledger: ledgers.Ledger, rows: int, rounds: int) -> bool:
    """Prints how long each takes, and answers whether that is within the limits."""
    from quipu.actions.returns import uploading
    from quipu.desk.workbooks import words

    house(ledger, rows // OF_PROJECT)
    began = time.perf_counter()
    path = ledger.home / "returns.xlsx"
    path.write_bytes(workbook())
    drawn = time.perf_counter() - began
    known = words.known()
    runs: list[Any] = []

    def check() -> None:
        said = {"by": "bench", "organization": "O1", "name": path.name, "year": 2023, "kind": "annual"}
        runs.append(uploading.take(**said, pieces=[path.read_bytes()], words=known, may=lambda fund: True))

    ours, bare, reckoned = [], [], []
    for _ in range(rounds):
        bare.append(seconds(lambda: _bare_sheet.cells(path)))
        before = sum(os.times()[:4])
        ours.append(seconds(check))
        reckoned.append(sum(os.times()[:4]) - before)
    told = runs[0].told
    assert len(told["changes"]) == rows, len(told["changes"])
    ratio = statistics.median(ours) / statistics.median(bare)
    applied = seconds(
        lambda: uploading.apply_run(by="bench", run=runs[-1], which="good", words=known, may=lambda fund: True)
    )
    assert runs[-1].applied
    print(
        f"{rows:,} rows of {rows // OF_PROJECT:,} projects, drawn in {drawn:.2f} s, {path.stat().st_size / 1e6:.1f} MB"
    )
    print(f"  checked in {statistics.median(ours):.2f} s (at most {SECONDS}), {len(told['findings']):,} findings")
    print(f"  of which reckoning, all processes together: {statistics.median(reckoned):.2f} s")
    print(f"  bare read {statistics.median(bare):.2f} s, ratio {ratio:.1f} (at most {RATIO})")
    print(f"  applied in {applied:.2f} s (at most {APPLIED})")
    return statistics.median(ours) <= SECONDS and ratio <= RATIO and applied <= APPLIED


def house(ledger: ledgers.Ledger, projects: int) -> None:
    """An organization with that many projects, paid in 2022 and 2023."""
    text = "fund F1\ncontributor C1\norganization O1\nmou F1 O1\nagreement A1 F1 C1\n"
    text += "".join(f'project P{n}\n    fund: F1\n    participant: O1 "OWN-{n}"\n' for n in range(projects))
    text += "\n2022-01-01 deposit ^d\n    deposit F1 < C1 900,000,000.00 under A1\n"
    text += '\n2022-01-02 allocation ^a "minute"\n' + "".join(
        f"    allocation F1 > P{n}/O1 500,000.00\n" for n in range(projects)
    )
    text += "\n2022-01-03 transfer ^t\n" + "".join(f"    transfer F1 > P{n}/O1 400,000.00\n" for n in range(projects))
    ledger.post(text)


def workbook() -> bytes:
    """The year's workbook, filled in."""
    from quipu.actions.returns import uploading
    from quipu.desk.workbooks import words
    from quipu.files import return_book
    from quipu.files.return_book import Book
    from quipu.rules.returns.rows import INTEREST, REFUND, categories

    held = uploading.held_of("O1", 2023, "annual")
    parts = list(held.parts.values())
    names = (*categories(2023), INTEREST, REFUND)
    assert len(names) == OF_PROJECT
    typed = {
        f"{part.project}/{name}": (0.0 if name == REFUND else 100.25 * n, "")
        for part in parts
        for n, name in enumerate(names, 1)
    }
    book = Book("O1", 2023, "annual", "en", parts, {}, held.closed, "", typed)
    return return_book.draw(book, words.texts(2023, [], "here"))


def seconds(act: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
