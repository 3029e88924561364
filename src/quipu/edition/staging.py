"""Staging: parts as views, narrowed down where an edition stands on another one, and the rows that count, sorted by key."""

from collections.abc import Iterable, Iterator
from typing import Any

from quipu.edition import overlay
from quipu.edition.engine import quoted
from quipu.edition.home import Home
from quipu.edition.manifest import Manifest, is_books
from quipu.edition.overlay import Base
from quipu.edition.workshop import Workshop
from quipu.rules.record import OF_CHAIN, TABLES, columns

FEW = 200  # files that are named in a statement; more stand in a table
RUN_ROWS, RUN_BYTES = 120_000, 6 << 20  # sorted in one go
LONG = {"texts": "text", "readings": "text", "xml": "body"}  # 400 characters of these weigh as much as a row
# Of the tables about activities, what is only looked up while an edition is made is not staged.
STAGED = tuple(table for table in TABLES if columns(table)[0].name == "key" and table != "accounts")
COUNTING = "SELECT p.* FROM ({}) p JOIN winners w ON w.source = p.source AND w.key = p.key AND w.copy = p.copy"
POSTED = (
    "SELECT a.key, p.* FROM ({}) p JOIN part_accounts a ON a.kind = CASE WHEN p.project <> '' THEN 'project' ELSE 'fund' END"
    " AND a.code = CASE WHEN p.project <> '' THEN p.project ELSE p.fund END"
)
# What a file may add to an activity of the books, each only where the books have nothing of the same kind.
FILLED = {
    "texts": "CASE WHEN {0}.role = 'title' THEN 'title ' || {0}.language ELSE {0}.role || {0}.type END",
    "dates": "{0}.type",
    "participants": "{0}.role",
    "portions": "{0}.dimension",
    "identifiers": "{0}.type",
    "relations": "{0}.type",
    "documents": "",
    "readings": "",
    "places": "",
    "xml": "",
}
# Where the books have anything in these tables, a file adds nothing to the first.
BEFORE = {"readings": ("aims", "indicators")}
FILLED_WORDS = (
    *("publisher_name", "title", "language", "status", "aid_type", "finance_type", "flow_type", "tied_status"),
    *("collaboration_type", "scope"),
)


class Staging:
    """What an edition is made of, on its way into the workshop."""

    def __init__(self, shop: Workshop, home: Home, manifest: Manifest) -> None:
        self.shop, self.home, self.manifest, self.base = shop, home, manifest, shop.base

    def views(self) -> None:
        """The sources, and one view per table over its parts: part_TABLE, each row with the number of its source."""
        self._sources()
        for table in TABLES if not self.base else set(TABLES) - set(STAGED):
            parts = [(n, part) for n, part in self.manifest.parts(table) if self._is_above(part)]
            above = f"position > {self.base.position}" if self.base and table in OF_CHAIN else ""
            self._view(table, parts, above)
        if self.base:
            self._narrow(self.base)

    def _sources(self) -> None:
        names = ("name", "sha256", "bytes", "version", "generated", "licence", "complete", "activities", "transactions")
        self.shop.fill(
            "sources",
            "source INTEGER, books BOOLEAN, name VARCHAR, sha256 VARCHAR, bytes BIGINT, version VARCHAR, generated VARCHAR,"
            " licence VARCHAR, complete BOOLEAN, activities BIGINT, transactions BIGINT",
            [
                (n, is_books(source), *(source[name] for name in names))
                for n, source in enumerate(self.manifest.sources)
            ],
        )

    def _view(self, table: str, parts: list[tuple[int, dict[str, Any]]], where: str = "") -> None:
        types = ", ".join(f"NULL::{c.type} AS {quoted_name(c.name)}" for c in columns(table))
        rows = f"SELECT 0 AS source, {types} WHERE false"
        if parts:
            files = [(str(self.home.part(part["sha256"])), source) for source, part in parts]
            if len(files) > FEW:
                self.shop.fill(f"files_{table}", "filename VARCHAR, source INTEGER", files)
            else:
                named = ", ".join(f"({quoted(name)}, {source})" for name, source in files)
                self.shop.connection.execute(
                    f"CREATE TEMP VIEW files_{table} AS SELECT * FROM (VALUES {named}) v(filename, source)"
                )
            rows = rows_of(table, sorted({name for name, _ in files})) + (f" WHERE {where}" if where else "")
        self.shop.connection.execute(f"CREATE TEMP VIEW part_{table} AS {rows}")

    def _is_above(self, part: dict[str, Any]) -> bool:
        """Whether a part may hold something that the base does not: of the books' chain, what came later."""
        return not self.base or not part.get("until") or part["until"] > self.base.position

    def _narrow(self, base: Base) -> None:
        """What the books changed since the base: only these activities, and their copies in files, are looked at."""
        keys = overlay.changed(self.shop.connection, self.home, base, self.manifest)
        self.shop.sql("05_affected", changed=", ".join(map(str, keys)) or "NULL")
        copies = self.shop.connection.execute(
            "SELECT DISTINCT own, source FROM base.main.copies WHERE key IN (SELECT key FROM affected)"
        ).fetchall()
        wanted = {source for _, source in copies} | {len(self.manifest.sources) - 1}
        own = " ".join(f", ({key})" for key, _ in copies)
        self.shop.connection.execute(
            f"CREATE TEMP TABLE wanted AS SELECT key FROM affected UNION SELECT * FROM (VALUES (NULL::BIGINT){own})"
        )
        for table in STAGED:
            parts = [(n, part) for n, part in self.manifest.parts(table) if n in wanted]
            self._view(table, parts, "p.key IN (SELECT key FROM wanted)")

    def rows(self) -> None:
        """The rows that count, in runs sorted by key, and how many there are under each key."""
        for table in STAGED:
            self._stage(table, COUNTING, ", ".join(quoted_name(c.name) for c in columns(table)[:3]))
        self._stage("posted", POSTED, "key, position, ordinal")
        counted = " UNION ALL ".join(
            f"SELECT key, count(*) {f'+ sum(strlen({LONG[table]})) // 400' if table in LONG else ''} AS rows"
            f" FROM staging_file.staging.{table} GROUP BY key"
            for table in (*STAGED, "posted")
        )
        self.shop.connection.execute(
            f"CREATE TABLE staging_file.staging.weights AS SELECT key, sum(rows) AS rows FROM ({counted}) GROUP BY key"
        )

    def _stage(self, table: str, rows: str, order: str) -> None:
        """rows: a SELECT of what counts, out of the rows of some parts."""
        name = f"staging_file.staging.{table}"
        view = f"SELECT * FROM part_{table}"
        self.shop.connection.execute(f"CREATE TABLE {name} AS SELECT * FROM ({rows.format(view)}) LIMIT 0")
        runs = [None] if self.base and self.manifest.parts(table) else self._runs(table)
        for paths in runs:
            # a part alone is in order, but for the chain's: theirs is that of the chain
            by = f" ORDER BY {order}" if paths is None or len(paths) > 1 or table in OF_CHAIN else ""
            some = rows.format(view if paths is None else rows_of(table, paths))
            self.shop.connection.execute(f"INSERT INTO {name} {some}{by}")

    def words(self) -> None:
        """What the books do not say of an activity is taken from the best copy in a file: words, never money."""
        for table, told in FILLED.items():
            same = f"AND ({told.format('o')}) = ({told.format('p')})" if told else ""
            names = [quoted_name(c.name) for c in columns(table)]
            others = "".join(
                f" AND NOT EXISTS (SELECT 1 FROM staging_file.staging.{other} o WHERE o.key = b.key)"
                for other in BEFORE.get(table, ())
            )
            moved = [{'"key"': "b.key", '"copy"': "0", '"ordinal"': "p.ordinal + 1000"}.get(n, f"p.{n}") for n in names]
            self.shop.connection.execute(
                f"INSERT INTO staging_file.staging.{table} SELECT (SELECT source FROM winners w WHERE w.key = b.key),"
                f" {', '.join(moved)} FROM part_{table} p"
                " JOIN behind b ON b.source = p.source AND b.own = p.key AND b.copy = p.copy"
                f" WHERE NOT EXISTS (SELECT 1 FROM staging_file.staging.{table} o WHERE o.key = b.key {same})"
                + others
                + (" AND p.entry = 0" if table == "portions" else "")
            )
        words = ", ".join(f"{name} = CASE WHEN a.{name} = '' THEN f.{name} ELSE a.{name} END" for name in FILLED_WORDS)
        self.shop.connection.execute(
            f"UPDATE staging_file.staging.activities AS a SET {words}, humanitarian = a.humanitarian OR f.humanitarian"
            " FROM part_activities f JOIN behind b ON b.source = f.source AND b.own = f.key AND b.copy = f.copy"
            " WHERE a.key = b.key"
        )

    def _runs(self, table: str) -> Iterator[list[str]]:
        """The parts of a table in groups that may be sorted in one go; a large part is a group alone."""
        sizes = {part["sha256"]: part for _, part in self.manifest.parts(table)}
        run: list[str] = []
        rows = size = 0
        for sha256, part in sizes.items():
            if run and (rows + part["rows"] > RUN_ROWS or size + part["bytes"] > RUN_BYTES):
                yield run
                run, rows, size = [], 0, 0
            run.append(str(self.home.part(sha256)))
            rows += part["rows"]
            size += part["bytes"]
        if run:
            yield run


def rows_of(table: str, paths: Iterable[str]) -> str:
    """A SELECT of the rows of parts, each with the number of its source."""
    return (
        f"SELECT f.source, p.* EXCLUDE (filename) FROM read_parquet([{', '.join(map(quoted, paths))}], filename = true) p"
        f" JOIN files_{table} f USING (filename)"
    )


def quoted_name(name: str) -> str:
    """A column name that may be a word of SQL."""
    return f'"{name}"'
