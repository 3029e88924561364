"""An opened edition: its manifest and a read-only engine over its cache. Opened after fork; a few at a time."""

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from quipu.edition import cache, manifest
from quipu.edition.engine import Connection, connect, quoted
from quipu.edition.home import Home

MEMORY = "512MB"
OPEN_AT_ONCE = 3
STREAMED = 2_000


class NoEdition(Exception):
    """There is no such edition, or none yet."""


def attached(home: Home, number: int, **options: Any) -> Connection:
    """A read-only engine over the database of an edition, and the one it stands on; made first where it is not there."""
    base = home.stands_on(number)
    path = home.database(number)
    if not path.is_file() and base is None:
        path = cache.build(home, manifest.load(home, number))
        base = home.stands_on(number)
    elif not path.is_file() and base is not None:
        path = home.overlay(number, base)
    connection = connect(path, read_only=True, spill=home.cache / f"spill-{os.getpid()}", **options)
    if path != home.database(number) and base is not None:
        connection.execute(f"ATTACH {quoted(home.database(base))} AS base (READ_ONLY)")
    return connection


class Edition:
    """One edition to read from. Connections are never closed under a reader: the last one lets the holder die."""

    def __init__(self, home: Home, number: int) -> None:
        self.home = home
        self.number = number
        try:
            self.manifest = manifest.load(home, number)
        except FileNotFoundError:
            raise NoEdition(f"There is no edition {number}.") from None
        self._connection = attached(home, number, memory=MEMORY, threads=2)
        self.memo: dict[Any, Any] = {}  # answers that do not change, because editions do not

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
    """The editions of a home, opened at need, the least recently used let go."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._open: OrderedDict[int, Edition] = OrderedDict()
        self._lock = threading.Lock()

    def current(self) -> Edition:
        """The edition the pointer names now. Raises NoEdition before the first."""
        number = self.home.current()
        if number is None:
            raise NoEdition("Nothing has been published here yet.")
        return self.get(number)

    def get(self, number: int) -> Edition:
        """The edition of that number. Raises NoEdition."""
        with self._lock:
            if number not in self._open:
                self._open[number] = Edition(self.home, number)
            self._open.move_to_end(number)
            while len(self._open) > OPEN_AT_ONCE:
                self._open.popitem(last=False)
            return self._open[number]
