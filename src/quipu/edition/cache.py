"""The cache of an edition: one DuckDB file made from its parts by the running code; deletable, and made again at need."""

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from quipu.edition.engine import Connection, connect, quoted
from quipu.edition.home import Home
from quipu.edition.manifest import Manifest
from quipu.edition.rates import Rates
from quipu.rules.figures import Figure, budget, expenditure, net_funded, spend
from quipu.rules.findings import severity
from quipu.rules.movements import POOLED, REPORTED_TYPES, every_iati_case
from quipu.rules.record import TABLES, columns
from quipu.rules.shares import WHOLE, apportion, is_whole, total
from quipu.rules.statuses import STATUSES

MEMORY = "180MB"
PAGES_AT_ONCE = 2_000  # page records made in one go: bounds the memory
SECTIONS = (
    *("texts", "dates", "participants", "portions", "places", "documents", "readings", "relations", "identifiers"),
    *("by_year", "by_organization", "latest"),
)
SIZES = (budget, net_funded, expenditure, spend)
UNIT, RECORD = chr(31), chr(30)
Progress = Callable[[str], None]


def build(home: Home, manifest: Manifest, progress: Progress = lambda _: None) -> Path:
    """Makes the database of an edition and puts it in its place. Answers its path."""
    target = home.database(manifest.number)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="build-", dir=home.cache) as folder:
        making = Path(folder) / "quipu.duckdb"
        connection = connect(making, memory=MEMORY, threads=os.cpu_count() or 2, spill=Path(folder) / "spill")
        try:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(f"ATTACH {quoted(Path(folder) / 'staging.duckdb')} AS staging_file")
            connection.execute("CREATE SCHEMA staging_file.staging")
            _Build(connection, home, manifest, progress).run()
            connection.execute("CHECKPOINT")
        finally:
            connection.close()
        shutil.move(making, target)
    return target


class _Build:
    def __init__(self, connection: Connection, home: Home, manifest: Manifest, progress: Progress) -> None:
        self.connection = connection
        self.home = home
        self.manifest = manifest
        self.progress = progress

    def run(self) -> None:
        """The steps in their order; each reads only what stands before it."""
        self.progress("sources")
        self._rules()
        self._sources()
        self._parts()
        self.progress("activities")
        self._sql("10_winners")
        self._stage()
        self._sql("20_families")
        self.progress("shares")
        self._sql("30_lists")
        self._shares()
        self.progress("money")
        self._sql("40_facts")
        self._rates()
        self._sql("42_facts")
        self.progress("organizations")
        self._sql("50_subjects")
        self._sizes()
        self._findings()
        self.progress("pages")
        self._pages()

    def _sql(self, name: str) -> None:
        text = files("quipu.edition").joinpath("sql", f"{name}.sql").read_text("utf-8")
        self.connection.execute(text.replace("staging.", "staging_file.staging."))

    def _fill(self, table: str, types: str, rows: list[tuple[Any, ...]]) -> None:
        """A small table of ours, by value."""
        self.connection.execute(f"CREATE TABLE {table} ({types})")
        for start in range(0, len(rows), 2000):
            some = rows[start : start + 2000]
            slots = ", ".join("(" + ", ".join("?" * len(rows[0])) + ")" for _ in some)
            self.connection.execute(f"INSERT INTO {table} VALUES {slots}", [value for row in some for value in row])

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
        self._fill("statuses", "code VARCHAR, word VARCHAR", [(s.code, s.name) for s in STATUSES])
        self._fill("listed_funds", "identifier VARCHAR", [(identifier,) for identifier in self.manifest.funds])

    def _sources(self) -> None:
        self._fill(
            "sources",
            "source INTEGER, name VARCHAR, sha256 VARCHAR, bytes BIGINT, version VARCHAR, generated VARCHAR,"
            " licence VARCHAR, complete BOOLEAN, activities BIGINT, transactions BIGINT",
            [
                (n, *(s[c] for c in ("name", "sha256", "bytes", "version", "generated", "licence", "complete")))
                + (s["activities"], s["transactions"])
                for n, s in enumerate(self.manifest.sources)
            ],
        )

    def _parts(self) -> None:
        """One view per table over its parts, each row with the number of its source."""
        for table in TABLES:
            parts = self.manifest.parts(table)
            if not parts:
                types = ", ".join(f"NULL::{c.type} AS {quoted_name(c.name)}" for c in columns(table))
                self.connection.execute(f"CREATE TEMP VIEW part_{table} AS SELECT 0 AS source, {types} WHERE false")
                continue
            paths = sorted({str(self.home.part(sha)) for _, sha in parts})
            self._fill(
                f"files_{table}",
                "filename VARCHAR, source INTEGER",
                [(str(self.home.part(sha)), source) for source, sha in parts],
            )
            listed = ", ".join(quoted(path) for path in paths)
            self.connection.execute(
                f"CREATE TEMP VIEW part_{table} AS SELECT f.source, p.* EXCLUDE (filename)"
                f" FROM read_parquet([{listed}], filename = true) p JOIN files_{table} f USING (filename)"
            )

    def _stage(self) -> None:
        """The rows that count, sorted by key: zone maps make every later step a walk, not a search."""
        for table in TABLES:
            if table not in ("findings", "unread"):
                order = ", ".join(quoted_name(c.name) for c in columns(table)[:3])
                self.connection.execute(
                    f"CREATE TABLE staging_file.staging.{table} AS SELECT p.* FROM part_{table} p"
                    f" JOIN winners w ON w.source = p.source AND w.copy = p.copy ORDER BY {order}"
                )

    def _shares(self) -> None:
        """Millionths for each list that occurs; list 0 is the one that states nothing."""
        rows: list[tuple[int, str, str, int]] = [(0, d, "", WHOLE) for d in (*_LISTS, "country", "region")]
        for number, dimension, body in self.connection.execute(
            "SELECT list, dimension, body FROM staging_file.staging.bodies"
        ).fetchall():
            rows.extend((number, *share) for share in _split(dimension, body))
        self._fill("shares", "list INTEGER, dimension VARCHAR, code VARCHAR, share DECIMAL(20, 0)", rows)

    def _rates(self) -> None:
        wanted = self.connection.execute(
            files("quipu.edition")
            .joinpath("sql", "41_wanted_rates.sql")
            .read_text("utf-8")
            .replace("staging.", "staging_file.staging.")
        ).fetchall()
        found: list[tuple[str, date, str, date, str]] = list(Rates(self.home.rates(self.manifest.rates)).table(wanted))
        self._fill(
            "rates", "currency VARCHAR, day DATE, rate DECIMAL(20, 14), published DATE, origin VARCHAR", found
        )

    def _sizes(self) -> None:
        """The figures that lists show and sort by, per page: the figures' own definitions, written as SQL."""
        sums = ", ".join(f"{_summed(each)} AS {each.name}" for each in SIZES)
        self.connection.execute(
            f"CREATE TABLE sizes AS SELECT subject AS key, {sums} FROM all_facts GROUP BY subject ORDER BY subject"
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

    def _pages(self) -> None:
        sections = ", ".join(f"{name} VARCHAR" for name in SECTIONS)
        self.connection.execute(f"CREATE TABLE pages (key BIGINT, head VARCHAR, {sections})")
        self.connection.execute("CHECKPOINT")
        self.connection.execute("CHECKPOINT staging_file")
        keys = self.connection.execute(
            "SELECT key FROM (SELECT key, row_number() OVER (ORDER BY key) AS n FROM activities) WHERE n % ? = 1 ORDER BY key",
            [PAGES_AT_ONCE],
        ).fetchall()
        lows = [key for (key,) in keys]
        text = files("quipu.edition").joinpath("sql", "60_pages.sql").read_text("utf-8")
        highs = [*(key - 1 for key in lows[1:]), (1 << 63) - 1]
        for low, high in zip(lows, highs, strict=False):  # an edition may hold nothing
            self.connection.execute(text.replace("staging.", "staging_file.staging."), {"low": low, "high": high})


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
        name: [(code, percentage) for kind, code, percentage in items if kind == letter] for letter, name in kinds.items()
    }
    together = [(kind + code, percentage) for kind, code, percentage in items]
    unstated = not any(percentage.strip() for _, percentage in together)
    if unstated or not (is_whole(together) or total(together) < 100):
        return [
            (name, code, share) for name, portions in alone.items() for code, share in apportion(portions)
        ]
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
