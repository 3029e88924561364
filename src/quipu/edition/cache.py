"""The cache of an edition: one DuckDB file made from its parts by the running code; deletable, and made again at need."""

import csv
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from quipu.edition import overlay
from quipu.edition.engine import Connection, connect, quoted
from quipu.edition.home import Home
from quipu.edition.manifest import Manifest
from quipu.edition.overlay import Base
from quipu.edition.rates import Rates
from quipu.rules import kinds
from quipu.rules.figures import Figure, budget, expenditure, net_funded, spend
from quipu.rules.findings import severity
from quipu.rules.movements import BUDGET, POOLED, REPORTED_TYPES, every_iati_case
from quipu.rules.record import OF_CHAIN, TABLES, columns
from quipu.rules.shares import WHOLE, apportion, is_whole, total
from quipu.rules.statuses import STATUSES

# Memory stays the same whatever the size: parts are staged in runs, each sorted by key, and every later step that holds
# rows walks over ranges of keys.
MEMORY, THREADS = "180MB", 1  # a second thread would hold as much again, and saves little
RUN_ROWS, RUN_BYTES = 120_000, 6 << 20  # sorted in one go
WALK, PAGES = 300_000, 120_000  # rows in one range of keys: of most steps, and of page records
LONG = {"texts": "text", "readings": "text", "xml": "body"}  # 400 characters of these weigh as much as a row
SIZES = (budget, net_funded, expenditure, spend)
UNIT, RECORD = chr(31), chr(30)
NULL = "\\N"  # in the CSV of small tables
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
FILLED_WORDS = (
    *("publisher_name", "title", "language", "status", "aid_type", "finance_type", "flow_type", "tied_status"),
    *("collaboration_type", "scope"),
)
Progress = Callable[[str], None]


def build(home: Home, manifest: Manifest, progress: Progress = lambda _: None, *, whole: bool = False) -> Path:
    """Makes the database of an edition and puts it in its place. Answers its path.

    On top of the database of an earlier edition where that can be; otherwise, or where whole is wanted, by itself.
    """
    base = None if whole else overlay.base_of(home, manifest)
    if base:
        try:
            return _build(home, manifest, progress, base, home.overlay(manifest.number, base.manifest.number))
        except overlay.Whole:
            pass
    return _build(home, manifest, progress, None, home.database(manifest.number))


def _build(home: Home, manifest: Manifest, progress: Progress, base: Base | None, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    with home.working("build") as folder:
        shutil.move(_Build(home, manifest, Path(folder), progress, base).run(), target)
    return target


class _Build:
    def __init__(self, home: Home, manifest: Manifest, folder: Path, progress: Progress, base: Base | None) -> None:
        self.home = home
        self.manifest = manifest
        self.base = base
        self.folder = folder
        self.progress = progress
        self.made = folder / "quipu.duckdb"
        self.staging = folder / "staging.duckdb"
        self.connection: Connection = None

    @property
    def is_small(self) -> bool:
        """Whether all rows together are as few as any step holds at once."""
        rows: int = sum(part["rows"] for source in self.manifest.sources for part in source["parts"])
        return rows < PAGES

    def run(self) -> Path:
        """The steps in their order; each reads only what stands before it. Answers the path of what was made."""
        try:
            self._engine("sources")
            self.connection.execute("CREATE SCHEMA staging_file.staging")
            self._rules()
            self._sources()
            self._parts()
            if self.base:
                self._affected(self.base)
            self._sql("10_winners")
            self._sql("15_books")
            self._findings()
            self._stage()
            if self.manifest.position:
                self._sql("16_told")
                self._fill_in()
                self._sql("17_ongoing")
            self.progress("activities")
            self._sql("20_families")
            self._walk("21_activities")
            self.progress("shares")
            self._walk("30_lists")
            self._sql("31_bodies")
            self._walk("32_list_of")
            self._shares()
            self._engine("money")
            self._sql("40_paying")
            self._walk("41_cuts")
            self._walk("41_entries")
            self._rates()
            self.progress("figures")
            self._walk("42_facts")
            self._sql("43_asked")
            self._walk("44_cubes")
            self._sql("45_whole")
            self.progress("organizations")
            self._walk("50_some_subjects")
            if self.base:
                overlay.touched(self.connection)
            self._sql("51_subjects")
            self._sizes()
            self._engine("pages")
            self._walk("60_pages", PAGES)
            self.progress("indexes")
            self._sql("70_indexes")
            if self.base:
                overlay.combine(self.connection)
        finally:
            self._close()
        return self.made

    def _engine(self, step: str) -> None:
        """A new engine for the next step: what an old one remembers of the files grows with them, outside its limit.

        Where everything is small, as on top of a base, one engine does.
        """
        self.progress(step)
        if self.connection is not None and (self.base or self.is_small):
            return
        self._close()
        self.connection = connect(memory=MEMORY, threads=THREADS, spill=self.folder / "spill")
        self.connection.execute("SET TimeZone = 'UTC'")
        # Every join is written with its smaller side last. The engine misjudges how little a range holds and would
        # turn some round, and then keep whole wide tables in memory.
        self.connection.execute("SET disabled_optimizers = 'build_side_probe_side'")
        # No log of writes and few checkpoints: what is not finished is thrown away as a whole.
        self.connection.execute("SET checkpoint_threshold = '64MB'")
        for name, path in (("made", self.made), ("staging_file", self.staging)):
            self.connection.execute(f"ATTACH {quoted(path)} AS {name} (RECOVERY_MODE no_wal_writes)")
        if self.base:
            self.connection.execute(f"ATTACH {quoted(self.base.path)} AS base (READ_ONLY)")
            self.connection.execute(f"CREATE SCHEMA {overlay.FRESH}")
        self.connection.execute(f"USE {overlay.FRESH if self.base else 'made'}")

    def _close(self) -> None:
        if self.connection is not None:
            for name in ("made", "staging_file"):
                self.connection.execute(f"CHECKPOINT {name}")
            self.connection.close()
            self.connection = None

    def _sql(self, name: str) -> None:
        self.connection.execute(self._text(name))

    def _text(self, name: str) -> str:
        """A file of statements. Some lines are for a whole edition alone, some for one on top of another.

        `every.` before a table means its rows of the whole edition, what stands below included.
        """
        text = files("quipu.edition").joinpath("sql", f"{name}.sql").read_text("utf-8")
        unwanted = "full" if self.base else "over"
        text = re.sub(rf"--\[{unwanted}\n.*?--{unwanted}\]\n", "", text, flags=re.DOTALL)
        text = text.replace("staging.", "staging_file.staging.")
        return re.sub(r"\bevery\.(\w+)", lambda found: self._every(found[1]), text)

    def _every(self, table: str) -> str:
        return f"({overlay.COMBINED[table]})" if self.base else table

    def _walk(self, name: str, rows: int = WALK) -> None:
        """The same statements for one range of keys after the other: the first makes the tables, the others add to them.

        `here.` before a table means its rows in the range, $low to $high.
        """
        text = self._text(name)
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

    def _fill(self, table: str, types: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """A small table of ours, by way of CSV: binding value by value is slow."""
        self.connection.execute(f"CREATE TABLE {table} ({types})")
        spooled = self.folder / f"{table}.csv"
        with spooled.open("w", encoding="utf-8", newline="") as file:
            plain = ([NULL if value is None else value for value in row] for row in rows)
            csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(plain)
        options = f"FORMAT csv, HEADER false, AUTO_DETECT false, NULLSTR {quoted(NULL)}, PARALLEL false"
        self.connection.execute(f"COPY {table} FROM {quoted(spooled)} ({options})")
        spooled.unlink()

    def _rules(self) -> None:
        self._fill(
            "iati_types",
            "type VARCHAR, leaves BOOLEAN",
            [(code, leaves if code else None) for code, (_, _, leaves) in REPORTED_TYPES.items()],
        )
        self._fill(
            "iati_cases",
            "place VARCHAR, type VARCHAR, negative BOOLEAN, from_fund BOOLEAN, gives_back BOOLEAN, fund_publishes BOOLEAN,"
            " family VARCHAR, movement VARCHAR, sign INTEGER",
            [
                (c.where, c.type, c.negative, c.from_fund, c.gives_back, c.fund_publishes, m.family, m.name, m.sign)
                for c, m in every_iati_case()
            ],
        )
        named = (*kinds.KINDS, kinds.DIRECT_COST_EXPENDITURE, BUDGET)
        self._fill(
            "ledger_ends",
            "movement VARCHAR, payer VARCHAR, payee VARCHAR",
            [(movement, *kinds.ends(movement)) for movement in named],
        )
        self._fill("statuses", "code VARCHAR, word VARCHAR", [(s.code, s.name) for s in STATUSES])
        self._fill("listed_funds", "identifier VARCHAR", [(identifier,) for identifier in self.manifest.funds])

    def _sources(self) -> None:
        names = ("name", "sha256", "bytes", "version", "generated", "licence", "complete", "activities", "transactions")
        self._fill(
            "sources",
            "source INTEGER, books BOOLEAN, name VARCHAR, sha256 VARCHAR, bytes BIGINT, version VARCHAR, generated VARCHAR,"
            " licence VARCHAR, complete BOOLEAN, activities BIGINT, transactions BIGINT",
            [
                (n, "position" in source, *(source[name] for name in names))
                for n, source in enumerate(self.manifest.sources)
            ],
        )

    def _parts(self) -> None:
        """One view per table over its parts, each row with the number of its source. Of a chain, only what is new."""
        for table in TABLES:
            parts = [(n, part) for n, part in self.manifest.parts(table) if self._is_above(part)]
            if not parts:
                types = ", ".join(f"NULL::{c.type} AS {quoted_name(c.name)}" for c in columns(table))
                self.connection.execute(f"CREATE TEMP VIEW part_{table} AS SELECT 0 AS source, {types} WHERE false")
                continue
            paths = sorted({str(self.home.part(part["sha256"])) for _, part in parts})
            self._fill(
                f"files_{table}",
                "filename VARCHAR, source INTEGER",
                [(str(self.home.part(part["sha256"])), source) for source, part in parts],
            )
            above = f" WHERE position > {self.base.position}" if self.base and table in OF_CHAIN else ""
            self.connection.execute(f"CREATE TEMP VIEW part_{table} AS {_rows_of(table, paths)}{above}")

    def _is_above(self, part: dict[str, Any]) -> bool:
        """Whether a part may hold something that the base does not: of the books' chain, what came later."""
        return not self.base or not part.get("until") or part["until"] > self.base.position

    def _affected(self, base: Base) -> None:
        """What the books changed since the base, and the views of the parts narrowed down to it."""
        keys = overlay.changed(self.connection, self.home, base, self.manifest)
        text = self._text("05_affected").replace("$changed", ", ".join(map(str, keys)) or "NULL")
        self.connection.execute(text)
        copies = self.connection.execute(
            "SELECT DISTINCT own, source FROM base.main.copies WHERE key IN (SELECT key FROM affected)"
        ).fetchall()
        wanted = {source for _, source in copies} | {len(self.manifest.sources) - 1}
        own = " ".join(f", ({key})" for key, _ in copies)
        self.connection.execute(
            f"CREATE TEMP TABLE wanted AS SELECT key FROM affected UNION SELECT * FROM (VALUES (NULL::BIGINT){own})"
        )
        for table in TABLES:
            if columns(table)[0].name != "key":
                continue
            parts = [(n, part) for n, part in self.manifest.parts(table) if n in wanted]
            paths = sorted({str(self.home.part(part["sha256"])) for _, part in parts})
            if paths and table != "accounts":
                narrowed = f"{_rows_of(table, paths)} WHERE p.key IN (SELECT key FROM wanted)"
                self.connection.execute(f"CREATE OR REPLACE TEMP VIEW part_{table} AS {narrowed}")

    def _stage(self) -> None:
        """The rows that count, in runs sorted by key, and how many there are under each key."""
        staged = [table for table in TABLES if columns(table)[0].name == "key" and table != "accounts"]
        for table in staged:
            order = ", ".join(quoted_name(c.name) for c in columns(table)[:3])
            rows = "SELECT p.* FROM ({}) p JOIN winners w ON w.source = p.source AND w.key = p.key AND w.copy = p.copy"
            self._stage_table(table, rows, order)
        self._stage_table("posted", POSTED, "key, position, ordinal")
        counted = " UNION ALL ".join(
            f"SELECT key, count(*) {f'+ sum(strlen({LONG[table]})) // 400' if table in LONG else ''} AS rows"
            f" FROM staging_file.staging.{table} GROUP BY key"
            for table in (*staged, "posted")
        )
        self.connection.execute(
            f"CREATE TABLE staging_file.staging.weights AS SELECT key, sum(rows) AS rows FROM ({counted}) GROUP BY key"
        )

    def _stage_table(self, table: str, rows: str, order: str) -> None:
        """rows: a SELECT of what counts, out of the rows of some parts."""
        name = f"staging_file.staging.{table}"
        view = f"SELECT * FROM part_{table}"
        self.connection.execute(f"CREATE TABLE {name} AS SELECT * FROM ({rows.format(view)}) LIMIT 0")
        runs = [None] if self.base else self._runs(table)
        for paths in runs:
            # a part alone is in order, but for the chain's: theirs is that of the chain
            by = f" ORDER BY {order}" if paths is None or len(paths) > 1 or table in OF_CHAIN else ""
            some = rows.format(view if paths is None else _rows_of(table, paths))
            self.connection.execute(f"INSERT INTO {name} {some}{by}")

    def _fill_in(self) -> None:
        """What the books do not say of an activity is taken from the best copy in a file: words, never money."""
        for table, told in FILLED.items():
            same = f"AND ({told.format('o')}) = ({told.format('p')})" if told else ""
            names = [quoted_name(c.name) for c in columns(table)]
            moved = [{'"key"': "b.key", '"copy"': "0", '"ordinal"': "p.ordinal + 1000"}.get(n, f"p.{n}") for n in names]
            self.connection.execute(
                f"INSERT INTO staging_file.staging.{table} SELECT (SELECT source FROM winners w WHERE w.key = b.key),"
                f" {', '.join(moved)} FROM part_{table} p"
                " JOIN behind b ON b.source = p.source AND b.own = p.key AND b.copy = p.copy"
                f" WHERE NOT EXISTS (SELECT 1 FROM staging_file.staging.{table} o WHERE o.key = b.key {same})"
                + (" AND p.entry = 0" if table == "portions" else "")
            )
        words = ", ".join(f"{name} = CASE WHEN a.{name} = '' THEN f.{name} ELSE a.{name} END" for name in FILLED_WORDS)
        self.connection.execute(
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

    def _shares(self) -> None:
        """Millionths for each list that occurs; list 0 is the one that states nothing."""

        def rows() -> Iterator[tuple[Any, ...]]:
            yield from ((0, dimension, "", WHOLE) for dimension in (*_LISTS, "country", "region"))
            bodies = self.connection.execute(
                "SELECT list, dimension, body FROM staging_file.staging.bodies ORDER BY list"
            )
            while some := bodies.fetchmany(10_000):
                for number, dimension, body in some:
                    yield from ((number, *share) for share in _split(dimension, body))

        self._fill("shares", "list BIGINT, dimension VARCHAR, code VARCHAR, share DECIMAL(20, 0)", rows())

    def _rates(self) -> None:
        wanted = self.connection.execute(self._text("41_wanted_rates")).fetchall()
        found = Rates(self.home.rates(self.manifest.rates)).table(wanted)
        self._fill("rates", "currency VARCHAR, day DATE, rate DECIMAL(20, 14), published DATE, origin VARCHAR", found)

    def _sizes(self) -> None:
        """The figures that lists show and sort by, per page: the figures' own definitions, written as SQL."""
        sums = ", ".join(f"{_summed(each)} AS {each.name}" for each in SIZES)
        self.connection.execute(
            f"CREATE TABLE sizes AS SELECT key, {sums} FROM cubes WHERE NOT of_parts GROUP BY key ORDER BY key"
        )

    def _findings(self) -> None:
        self.connection.execute(
            "CREATE TABLE findings AS SELECT * FROM part_findings UNION ALL"
            " SELECT source, 0, line, identifier, 'activity-duplicate', ?, 'copy ' || copy || ' in the file'"
            " FROM copies ORDER BY source, line, ordinal",
            [severity("activity-duplicate")],
        )
        self.connection.execute(
            "CREATE TABLE unread AS SELECT name, CAST(sum(count) AS BIGINT) AS count FROM part_unread GROUP BY name"
            " ORDER BY name"
        )


def _rows_of(table: str, paths: Iterable[str]) -> str:
    """A SELECT of the rows of parts, each with the number of its source."""
    return (
        f"SELECT f.source, p.* EXCLUDE (filename) FROM read_parquet([{', '.join(map(quoted, paths))}], filename = true) p"
        f" JOIN files_{table} f USING (filename)"
    )


_LISTS = ("sector", "place", "sdg", "theme", "window", "marker")


def _split(dimension: str, body: str) -> list[tuple[str, str, int]]:
    """(dimension, code, millionths) of one list as it was written."""
    items = [item.split(UNIT) for item in body.split(RECORD)]
    if dimension == "geography":
        return _geography(items)
    portions = [(code, percentage) for _, code, percentage in items]
    if dimension == "marker":  # marks are not parts of a whole: each holds all of the money
        return [(dimension, code, WHOLE) for code in sorted({code for code, _ in portions})]
    dimension = "sdg" if dimension == "sdg_sector" else dimension
    return [(dimension, code, share) for code, share in apportion(portions)]


def _geography(items: list[list[str]]) -> list[tuple[str, str, int]]:
    """Countries and regions are parts of one whole, unless each list alone is meant as the whole."""
    kinds = {"c": "country", "r": "region"}
    alone = {
        name: [(code, percentage) for kind, code, percentage in items if kind == letter]
        for letter, name in kinds.items()
    }
    together = [(kind + code, percentage) for kind, code, percentage in items]
    unstated = not any(percentage.strip() for _, percentage in together)
    if unstated or not (is_whole(together) or total(together) < 100):
        return [(name, code, share) for name, portions in alone.items() for code, share in apportion(portions)]
    shares = apportion(together)
    rows = []
    for letter, name in kinds.items():
        mine = [(code[1:], share) for code, share in shares if code.startswith(letter)]
        rest = WHOLE - sum(share for _, share in mine)
        rows += [(name, code, share) for code, share in [*mine, *([("", rest)] if rest else [])]]
    return rows


def _summed(figure: Figure) -> str:
    """A figure as one aggregate over facts in US dollars."""
    signs = [(name, "") for name in figure.plus] + [(name, "-") for name in figure.minus]
    whens = " ".join(f"WHEN {quoted(name)} THEN {sign}usd" for name, sign in signs)
    # Expenditure of a fund's projects and of everybody else are two families; a list shows the first, and spend.
    kept = POOLED if figure is expenditure else figure.family
    family = f"FILTER (family = {quoted(kept)})" if kept else ""
    return f"sum(CASE movement {whens} END) {family}"


def quoted_name(name: str) -> str:
    """A column name that may be a word of SQL."""
    return f'"{name}"'
