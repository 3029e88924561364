"""An opened edition: its manifest and a read-only engine over its cache. Opened after fork; a few at a time."""

import os
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import date
from pathlib import Path
from typing import Any

from quipu.edition import cache, manifest, withheld
from quipu.edition.engine import Connection, connect, quoted
from quipu.edition.home import Home

MEMORY = "512MB"
OPEN_AT_ONCE = 3  # the current one among them
STREAMED = 2_000


class NoEdition(Exception):
    """There is no such edition, or none yet."""


class BeingMade(Exception):
    """The edition is there, and its database is being made again: ask in a while."""


def attached(home: Home, number: int, **options: Any) -> Connection:
    """A read-only engine over the database of an edition, and the one it stands on; made first where it is not there."""
    path, base = there(home, number)
    while path is None:
        with home.building():  # one at a time in all processes; whoever waited finds it made
            generation = withheld.state(home.root, fresh=True).generation
            if there(home, number)[0] is None:
                try:
                    cache.build(home, manifest.load(home, number))
                except Exception:
                    # Parts may go while they are read: then from what took their place.
                    if withheld.state(home.root, fresh=True).generation == generation:
                        raise
        path, base = there(home, number)
    connection = connect(path, read_only=True, spill=home.cache / f"spill-{os.getpid()}", **options)
    if path != home.database(number) and base is not None:
        # A file opened twice in a process is one engine: its base is there while somebody reads an edition that was let go.
        connection.execute(f"ATTACH IF NOT EXISTS {quoted(home.database(base))} AS base (READ_ONLY)")
    return connection


def there(home: Home, number: int) -> tuple[Path | None, int | None]:
    """The database of an edition and the edition it stands on, where they are made."""
    base, path = home.stands_on(number), home.database(number)
    if path.is_file():
        return path, base
    return (home.overlay(number, base), base) if base is not None else (None, None)


class Edition:
    """One edition to read from. Connections are never closed under a reader: the last one lets the holder die."""

    def __init__(self, home: Home, number: int) -> None:
        self.home = home
        self.number = number
        try:
            self.manifest = manifest.load(home, number)
        except FileNotFoundError:
            raise NoEdition(f"There is no edition {number}.") from None
        self.mark = home.withheld.mark(number)
        self._connection = attached(home, number, memory=MEMORY, threads=2)
        self.memo: dict[Any, Any] = {}  # answers that do not change, because editions do not

    @property
    def stands(self) -> bool:
        """Whether nothing was taken out of it since it was opened."""
        return self.mark == self.home.withheld.mark(self.number)

    def rows(self, sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, on a cursor of its own."""
        cursor = self._connection.cursor()
        rows: list[tuple[Any, ...]] = cursor.execute(sql, parameters).fetchall()
        return rows

    def stream(self, sql: str, parameters: Any = ()) -> Iterator[tuple[Any, ...]]:
        """The same rows, some thousands at a time: for those that do not fit into memory together."""
        cursor = self._connection.cursor().execute(sql, parameters)
        while some := cursor.fetchmany(STREAMED):
            yield from some

    def dicts(self, sql: str, parameters: Any = ()) -> list[dict[str, Any]]:
        """The same rows by column name."""
        cursor = self._connection.cursor()
        cursor.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def name(self, organization: str) -> str:
        """The name most often used for an organization."""
        return self.names([organization]).get(organization, organization)

    def names(self, organizations: list[str]) -> dict[str, str]:
        """The names of several organizations at once."""
        if not organizations:
            return {}
        slots = ", ".join("?" * len(organizations))
        return dict(
            self.rows(f"SELECT organization, name FROM organizations WHERE organization IN ({slots})", organizations)
        )


class Editions:
    """The editions of a home, opened at need, the least recently used let go; the current one is never let go.

    Opening one holds nobody up who reads another: its database may have to be made again, which takes minutes for a large one.
    """

    def __init__(self, home: Home) -> None:
        self.home = home
        self._open: OrderedDict[int, Edition] = OrderedDict()
        self._opening: dict[int, Future[Edition]] = {}
        self._made_at: dict[int, str] = {}
        self._lock = threading.Lock()

    def current(self, patience: float | None = None) -> Edition:
        """The edition the pointer names now. Raises NoEdition before the first; BeingMade as `get` does."""
        number = self.home.current()
        if number is None:
            raise NoEdition("Nothing has been published here yet.")
        return self.get(number, patience)

    def get(self, number: int, patience: float | None = None) -> Edition:
        """The edition of that number. Raises NoEdition; BeingMade where its database is not made again within the patience,

        which is in seconds; None waits.
        """
        with self._lock:
            if number in self._open and not self._open[number].stands:
                del self._open[number]
            if number in self._open:
                self._open.move_to_end(number)
                return self._open[number]
            opening = self._opening.get(number)
            if opening is None:
                opening = self._opening[number] = Future()
                threading.Thread(target=self._fetch, args=(number, opening), daemon=True).start()
        try:
            return opening.result(patience)
        except TimeoutError:
            raise BeingMade(f"Edition {number} is being laid out again.") from None

    def _fetch(self, number: int, opening: Future[Edition]) -> None:
        try:
            edition = Edition(self.home, number)
        except BaseException as error:
            with self._lock:
                del self._opening[number]
            opening.set_exception(error)
            return
        with self._lock:
            del self._opening[number]
            self._open[number] = edition
            current = self.home.current()
            for each in [each for each in self._open if each != current][: 1 - OPEN_AT_ONCE]:
                del self._open[each]
        opening.set_result(edition)

    # — in time —

    def numbers(self) -> list[int]:
        """The editions that are, or were, the current one, oldest first."""
        last = self.home.current() or 0
        return [number for number in self.home.numbers() if number <= last]

    def manifest(self, number: int) -> manifest.Manifest:
        """What an edition was made from, without opening it. Raises NoEdition."""
        try:
            return manifest.load(self.home, number)
        except FileNotFoundError:
            raise NoEdition(f"There is no edition {number}.") from None

    def made_at(self, number: int) -> str:
        """The moment an edition was made, in UTC. Raises NoEdition."""
        if number not in self._made_at:
            self._made_at[number] = self.manifest(number).made_at
        return self._made_at[number]

    def on(self, day: date) -> int | None:
        """The edition that was current when that day ended, in UTC; None before the first."""
        numbers = self.numbers()
        at = bisect_right(numbers, f"{day.isoformat()}T23:59:59Z", key=self.made_at)
        return numbers[at - 1] if at else None

    def before(self, number: int) -> int | None:
        """The edition before another one; None for the first."""
        return max((each for each in self.numbers() if each < number), default=None)
