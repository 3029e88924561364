"""Parts: a source's rows as sealed Parquet files in a total order, named by the hash of their bytes."""

import csv
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from quipu.edition import sealing, withholding
from quipu.edition.engine import connect, quoted
from quipu.edition.home import Home
from quipu.iati.read import Report, Row, read
from quipu.iati.sources import Source
from quipu.rules.record import LONGEST_ROW, TABLES, RowTooLong, columns

MEMORY = "96MB"


@dataclass(frozen=True, slots=True)
class Part:
    """One sealed file: the table it holds rows of, its hash, how many rows and bytes."""

    table: str
    sha256: str
    rows: int
    bytes: int


class _Lines:
    """What a CSV writer writes to: a line that no engine would read back is refused before it is written."""

    def __init__(self, file: IO[str]) -> None:
        self._write = file.write

    def write(self, line: str) -> int:
        if len(line) > LONGEST_ROW:
            raise RowTooLong
        return self._write(line)


class Spool:
    """Rows on their way to a part, as CSV on disk: memory does not grow with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: dict[str, int] = {}
        self._files: dict[str, IO[str]] = {}
        self._write: dict[str, Callable[[Row], Any]] = {}

    def add(self, table: str, row: Row) -> None:
        """One row of a table. Raises RowTooLong."""
        write = self._write.get(table)
        if write is None:
            file = (self.folder / f"{table}.csv").open("w", encoding="utf-8", newline="", buffering=1 << 16)
            self._files[table] = file
            write = self._write[table] = csv.writer(_Lines(file), lineterminator="\n").writerow
            self.rows[table] = 0
        write(row)
        self.rows[table] += 1

    def seal(self, home: Home) -> list[Part]:
        """Casts, sorts and writes each table as a part; the same rows give the same bytes. What is withheld is left out."""
        for file in self._files.values():
            file.close()
        connection = _engine(home.cache / "spill")
        written = {table: self._write_part(connection, table) for table in TABLES if self.rows.get(table)}
        counts = withholding.leave_out(connection, home, written)
        counts = {table: counts.get(table, self.rows[table]) for table in written}
        return [_kept(home, table, written[table], rows) for table, rows in counts.items() if rows]

    def _write_part(self, connection: Any, table: str) -> Path:
        spooled, sealed = self.folder / f"{table}.csv", self.folder / f"{table}.parquet"
        typed = columns(table)
        types = ", ".join(f"{quoted(c.name)}: {quoted(c.type)}" for c in typed)
        texts = ", ".join(quoted(c.name) for c in typed if c.type == "VARCHAR")
        rows = (
            f"SELECT * FROM read_csv({quoted(spooled)}, columns = {{{types}}}, auto_detect = false, header = false,"
            f" delim = ',', quote = '\"', escape = '\"', nullstr = '', force_not_null = [{texts}],"
            f" max_line_size = 4000000, buffer_size = 8000000, parallel = false)"
        )
        sealing.write(connection, rows, table, self.rows[table], sealed)
        spooled.unlink()
        return sealed


def _kept(home: Home, table: str, sealed: Path, rows: int) -> Part:
    size = sealed.stat().st_size
    return Part(table, sealing.keep(home, sealed), rows, size)


@cache
def _engine(spill: Path) -> Any:
    """One engine for a working process: opening one costs more than sealing a small file."""
    return connect(memory=MEMORY, spill=spill)


def make(home: Home, source: Source) -> dict[str, Any]:
    """Reads one source into parts; answers its report and its parts as plain data."""
    with home.working("spool") as folder:
        spool = Spool(Path(folder))
        report: Report = read(source, spool.add)
        parts = spool.seal(home)
    return {**asdict(report), "findings": dict(report.findings), "parts": [asdict(part) for part in parts]}
