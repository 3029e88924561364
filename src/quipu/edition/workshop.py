"""Where the database of an edition is made: an engine over two files, statements from files of SQL, walks over ranges of keys."""

import csv
import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from quipu.edition import overlay
from quipu.edition.engine import Connection, connect, quoted
from quipu.edition.overlay import Base
from quipu.rules.entries import MOST as ENTRIES

# Memory stays the same whatever the size: parts are staged in runs, each sorted by key, and every later step that holds
# rows walks over ranges of keys.
MEMORY, THREADS = 180, 1  # megabytes; a second thread would hold as much again, and saves little
WALK, PAGES = 300_000, 120_000  # rows in one range of keys: of most steps, and of page records
NULL = "\\N"  # in the CSV of small tables


class Workshop:
    """The engine and its two files, the one that stays (made) and the one that does not (staging_file).

    base: the edition below, for one that stands on another. is_small: all rows are as few as any step holds at once.
    memory: megabytes that the engine may hold.
    """

    def __init__(self, folder: Path, base: Base | None, *, is_small: bool, memory: int = MEMORY) -> None:
        self.folder, self.base, self.is_small, self.memory = folder, base, is_small, memory
        self.made = folder / "quipu.duckdb"
        # What is small is staged in memory, where one engine does.
        self._files = {"made": self.made, **({} if base or is_small else {"staging_file": folder / "staging.duckdb"})}
        self.connection: Connection = None

    def engine(self) -> None:
        """A new engine for the next steps: what an old one remembers of the files grows with them, outside its limit.

        Where everything is small, as on top of a base, one engine does.
        """
        if self.connection is not None and (self.base or self.is_small):
            return
        is_first = self.connection is None
        self.close()
        self.connection = connect(memory=f"{self.memory}MB", threads=THREADS, spill=self.folder / "spill")
        self.connection.execute("SET TimeZone = 'UTC'")
        # Every join is written with its smaller side last. The engine misjudges how little a range holds and would
        # turn some round, and then keep whole wide tables in memory.
        self.connection.execute("SET disabled_optimizers = 'build_side_probe_side'")
        # No log of writes and few checkpoints: what is not finished is thrown away as a whole.
        self.connection.execute("SET checkpoint_threshold = '64MB'")
        for name, path in self._files.items():
            self.connection.execute(f"ATTACH {quoted(path)} AS {name} (RECOVERY_MODE no_wal_writes)")
        if len(self._files) == 1:
            self.connection.execute("ATTACH ':memory:' AS staging_file")
        if self.base:
            self.connection.execute(f"ATTACH {quoted(self.base.path)} AS base (READ_ONLY)")
            self.connection.execute(f"CREATE SCHEMA {overlay.FRESH}")
        if is_first:
            self.connection.execute("CREATE SCHEMA staging_file.staging")
        self.connection.execute(f"USE {overlay.FRESH if self.base else 'made'}")

    def close(self) -> None:
        """Everything made so far is in its file."""
        if self.connection is not None:
            for name in self._files:
                self.connection.execute(f"CHECKPOINT {name}")
            self.connection.close()
            self.connection = None

    def sql(self, name: str, **words: str) -> None:
        """Runs a file of statements; $WORD in it stands for each of the words."""
        text = self.text(name)
        for word, value in words.items():
            text = text.replace(f"${word}", value)
        self.connection.execute(text)

    def text(self, name: str) -> str:
        """A file of statements. Some lines are for a whole edition alone, some for one on top of another.

        `every.` before a table means its rows of the whole edition, what stands below included. $entries: of a voucher at
        most, so that its position times as many and an ordinal are the identity of an entry.
        """
        text = files("quipu.edition").joinpath("sql", f"{name}.sql").read_text("utf-8")
        unwanted = "full" if self.base else "over"
        text = re.sub(rf"--\[{unwanted}\n.*?--{unwanted}\]\n", "", text, flags=re.DOTALL)
        text = text.replace("staging.", "staging_file.staging.").replace("$entries", str(ENTRIES))
        return re.sub(
            r"\bevery\.(\w+)", lambda found: f"({overlay.COMBINED[found[1]]})" if self.base else found[1], text
        )

    def walk(self, name: str, rows: int = WALK) -> None:
        """The same statements for one range of keys after the other: the first makes the tables, the others add to them.

        `here.` before a table means its rows in the range, $low to $high.
        """
        text = self.text(name)
        for low, high in self._ranges(rows):
            here = rf"(SELECT * FROM \1 WHERE key BETWEEN {low} AND {high})"
            sql = re.sub(r"\bhere\.([\w.]+)", here, text).replace("$low", str(low)).replace("$high", str(high))
            self.connection.execute(sql)
            text = re.sub(r"CREATE TABLE (\S+) AS", r"INSERT INTO \1", text)

    def _ranges(self, rows: int) -> list[tuple[int, int]]:
        """Ranges of keys, in their order, that hold about as many rows each; at least one, and one key is never split."""
        lows = self.connection.execute(
            "SELECT min(key) FROM (SELECT key, CAST(sum(rows) OVER (ORDER BY key) AS BIGINT) // ? AS range"
            " FROM staging_file.staging.weights) GROUP BY range ORDER BY 1",
            [rows],
        ).fetchall()
        first = [0, *(low for (low,) in lows[1:])]
        return list(zip(first, [*(low - 1 for low in first[1:]), (1 << 63) - 1], strict=True))

    def fill(self, table: str, types: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """A small table of ours, by way of CSV: binding value by value is slow."""
        self.connection.execute(f"CREATE TABLE {table} ({types})")
        spooled = self.folder / f"{table}.csv"
        with spooled.open("w", encoding="utf-8", newline="") as file:
            plain = ([NULL if value is None else value for value in row] for row in rows)
            csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(plain)
        options = f"FORMAT csv, HEADER false, AUTO_DETECT false, NULLSTR {quoted(NULL)}, PARALLEL false"
        self.connection.execute(f"COPY {table} FROM {quoted(spooled)} ({options})")
        spooled.unlink()
