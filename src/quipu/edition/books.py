"""The books as a source of an edition: one set of parts per range of the chain, and one for what may be amended."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from quipu.edition.code import reader
from quipu.edition.home import Home, write_atomically
from quipu.edition.parts import Part, Spool
from quipu.iati.read import Report

# Links in one range. A ledger only grows: an edition after a posting is the old ranges and a small one; sixteen small
# ones become one larger. Which ranges there are follows from the length of the chain alone, so the same books are
# the same parts, whatever was published before.
RANGES = (65_536, 4_096, 256, 16, 1)

Add = Callable[[str, tuple[Any, ...]], None]


class Head(Protocol):
    """Where a chain stands."""

    position: int
    hash: str


class Ledger(Protocol):
    """What an edition needs of the books. mark: of the code that makes the rows."""

    name: str
    mark: str

    @property
    def head(self) -> Head: ...

    @property
    def recorded(self) -> str: ...

    @property
    def history(self) -> int: ...

    def hashes(self, positions: list[int]) -> dict[int, str]: ...

    def records(self, add: Add) -> None: ...

    def chain(self, low: int, high: int, add: Add) -> None: ...


def ranges(last: int) -> list[tuple[int, int]]:
    """The ranges (from position, to position) of a chain of that length, in their order."""
    found, low = [], 1
    for size in RANGES:
        while low + size - 1 <= last:
            found.append((low, low + size - 1))
            low += size
    return found


def make(home: Home, books: Ledger, read: Callable[[str, int], None]) -> dict[str, Any]:
    """The parts of the books as plain data, as `parts.make` answers for a file. read: told of each range that was made."""
    parts = [{**part, "until": 0} for part in _spooled(home, books.records)]
    activities = sum(part["rows"] for part in parts if part["table"] == "activities")
    entries = 0
    found = ranges(books.head.position)
    hashes = books.hashes([high for _, high in found])
    for low, high in found:
        made = _range(home, books, low, high, hashes[high])
        read(f"{books.name} {low}–{high}", 0)
        parts += made
        entries += sum(part["rows"] for part in made if part["table"] == "posted")
    report = Report(books.name, books.head.hash, generated=books.recorded, activities=activities, transactions=entries)
    report.findings = Counter()
    return {**asdict(report), "findings": {}, "parts": parts, "position": books.head.position, "history": books.history}


def _range(home: Home, books: Ledger, low: int, high: int, link: str) -> list[dict[str, Any]]:
    """The parts of a range, found again by the hash of its last link, which stands for all links before it."""
    name = hashlib.sha256(f"{reader()} {books.mark} {low} {high} {link}".encode()).hexdigest()
    remembered = home.cache / "books" / f"{name}.json"
    if remembered.is_file():
        known: list[dict[str, Any]] = json.loads(remembered.read_text("utf-8"))
        if all(home.part(part["sha256"]).is_file() for part in known):
            return known
    made = [{**part, "until": high} for part in _spooled(home, lambda add: books.chain(low, high, add))]
    remembered.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(remembered, json.dumps(made))
    return made


def _spooled(home: Home, rows: Callable[[Add], None]) -> Iterator[dict[str, Any]]:
    with home.working("spool") as folder:
        spool = Spool(Path(folder))
        rows(spool.add)
        made: list[Part] = spool.seal(home)
    return iter([asdict(part) for part in made])
