"""The cache of an edition: one DuckDB file made from its parts by the running code; deletable, and made again at need."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from quipu.edition import lists, overlay
from quipu.edition.engine import OutOfMemory, quoted
from quipu.edition.home import Home
from quipu.edition.manifest import Manifest
from quipu.edition.overlay import Base
from quipu.edition.rates import Rates
from quipu.edition.staging import Staging
from quipu.edition.workshop import MEMORY, PAGES, Workshop
from quipu.rules import kinds
from quipu.rules.figures import Figure, budget, expenditure, net_funded, spend
from quipu.rules.findings import severity
from quipu.rules.movements import BUDGET, POOLED, REPORTED_TYPES, every_iati_case
from quipu.rules.shares import WHOLE
from quipu.rules.statuses import STATUSES

LARGER = (MEMORY, 2 * MEMORY, 4 * MEMORY, 8 * MEMORY)
SIZES = (budget, net_funded, expenditure, spend)
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
    """Some rare edition has one thing that needs more memory than all others: it is made with more rather than not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for memory in LARGER:
        try:
            return _build_within(memory, home, manifest, progress, base, target)
        except OutOfMemory:
            if memory == LARGER[-1]:
                raise
    raise AssertionError


def _build_within(
    memory: int, home: Home, manifest: Manifest, progress: Progress, base: Base | None, target: Path
) -> Path:
    rows = sum(part["rows"] for source in manifest.sources for part in source["parts"])
    with home.working("build") as folder:
        shop = Workshop(Path(folder), base, is_small=rows < PAGES and memory == LARGER[0], memory=memory)
        try:
            _Build(home, manifest, shop, progress).run()
        finally:
            shop.close()
        shutil.move(shop.made, target)
    return target


class _Build:
    def __init__(self, home: Home, manifest: Manifest, shop: Workshop, progress: Progress) -> None:
        self.home, self.manifest, self.shop, self.progress = home, manifest, shop, progress

    def run(self) -> None:
        """The steps in their order; each reads only what stands before it."""
        shop = self.shop
        self._engine("sources")
        self._rules()
        staging = Staging(shop, self.home, self.manifest)
        staging.views()
        shop.sql("10_winners")
        shop.sql("15_books")
        self._findings()
        self._texts()
        staging.rows()
        if self.manifest.position:
            shop.sql("16_told")
            staging.words()
            shop.sql("17_ongoing")
        if not shop.base:
            shop.sql("18_filed")
        self._engine("activities")
        shop.sql("20_families")
        shop.walk("21_activities")
        if not shop.base:
            shop.sql("25_filed")
        self.progress("shares")
        shop.walk("30_lists")
        shop.sql("31_bodies")
        shop.walk("32_list_of")
        self._shares()
        self._engine("money")
        shop.sql("40_paying")
        shop.walk("41_cuts")
        shop.walk("41_entries")
        self._rates()
        self.progress("figures")
        shop.walk("42_facts")
        shop.sql("43_asked")
        shop.walk("44_cubes")
        shop.sql("45_whole")
        self._engine("organizations")
        shop.walk("50_some_subjects")
        if shop.base:
            overlay.touched(shop.connection)
        shop.sql("51_subjects")
        self._sizes()
        self._engine("pages")
        shop.walk("60_pages", PAGES)
        self.progress("indexes")
        shop.sql("70_indexes")
        if shop.base:
            overlay.combine(shop.connection)

    def _engine(self, step: str) -> None:
        self.progress(step)
        self.shop.engine()

    def _rules(self) -> None:
        self.shop.fill(
            "iati_types",
            "type VARCHAR, leaves BOOLEAN",
            [(code, leaves if code else None) for code, (_, _, leaves) in REPORTED_TYPES.items()],
        )
        self.shop.fill(
            "iati_cases",
            "place VARCHAR, type VARCHAR, negative BOOLEAN, from_fund BOOLEAN, gives_back BOOLEAN, fund_publishes BOOLEAN,"
            " family VARCHAR, movement VARCHAR, sign INTEGER",
            [
                (c.where, c.type, c.negative, c.from_fund, c.gives_back, c.fund_publishes, m.family, m.name, m.sign)
                for c, m in every_iati_case()
            ],
        )
        named = (*kinds.KINDS, kinds.DIRECT_COST_EXPENDITURE, BUDGET)
        self.shop.fill(
            "ledger_ends",
            "movement VARCHAR, payer VARCHAR, payee VARCHAR",
            [(movement, *kinds.ends(movement)) for movement in named],
        )
        self.shop.fill("statuses", "code VARCHAR, word VARCHAR", [(s.code, s.name) for s in STATUSES])
        self.shop.fill("listed_funds", "identifier VARCHAR", [(identifier,) for identifier in self.manifest.funds])

    def _shares(self) -> None:
        """Millionths for each list that occurs; list 0 is the one that states nothing."""

        def rows() -> Iterator[tuple[Any, ...]]:
            yield from ((0, dimension, "", WHOLE) for dimension in lists.DIMENSIONS)
            bodies = self.shop.connection.execute(
                "SELECT list, dimension, body FROM staging_file.staging.bodies ORDER BY list"
            )
            while some := bodies.fetchmany(10_000):
                for number, dimension, body in some:
                    yield from ((number, *share) for share in lists.split(dimension, body))

        self.shop.fill("shares", "list BIGINT, dimension VARCHAR, code VARCHAR, share DECIMAL(20, 0)", rows())

    def _rates(self) -> None:
        wanted = self.shop.connection.execute(self.shop.text("41_wanted_rates")).fetchall()
        found = Rates(self.home.rates(self.manifest.rates)).table(wanted)
        self.shop.fill(
            "rates", "currency VARCHAR, day DATE, rate DECIMAL(20, 14), published DATE, origin VARCHAR", found
        )

    def _sizes(self) -> None:
        """The figures that lists show and sort by, per page: the figures' own definitions, written as SQL."""
        sums = ", ".join(f"{_summed(each)} AS {each.name}" for each in SIZES)
        self.shop.connection.execute(
            f"CREATE TABLE sizes AS SELECT key, {sums} FROM cubes WHERE NOT of_parts GROUP BY key ORDER BY key"
        )

    def _findings(self) -> None:
        self.shop.connection.execute(
            "CREATE TABLE findings AS SELECT * FROM part_findings UNION ALL"
            " SELECT source, 0, line, identifier, 'activity-duplicate', ?, 'copy ' || copy || ' in the file'"
            " FROM copies ORDER BY source, line, ordinal",
            [severity("activity-duplicate")],
        )
        self.shop.connection.execute(
            "CREATE TABLE unread AS SELECT name, CAST(sum(count) AS BIGINT) AS count FROM part_unread GROUP BY name"
            " ORDER BY name"
        )

    def _texts(self) -> None:
        self.shop.connection.execute(
            "CREATE TABLE operator_texts AS SELECT path, body FROM part_operator_texts ORDER BY path"
        )


def _summed(figure: Figure) -> str:
    """A figure as one aggregate over facts in US dollars."""
    times = {name: figure.times(name) for name in figure.movements}
    whens = " ".join(f"WHEN {quoted(name)} THEN {many} * usd" for name, many in times.items())
    # Expenditure of a fund's projects and of everybody else are two families; a list shows the first, and spend.
    kept = POOLED if figure is expenditure else figure.family
    family = f"FILTER (family = {quoted(kept)})" if kept else ""
    return f"sum(CASE movement {whens} END) {family}"
