"""An edition on top of another one: where only the books moved on, what they changed is made anew, the rest looked up below.

A ledger only grows. An edition after a posting is then a small database beside the large one of an earlier edition (its
base): rows of the activities that were affected, and views that put them in the place of the old ones. It holds what an
edition made whole would hold; a test compares the two.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quipu.edition.engine import Connection, quoted
from quipu.edition.home import Home
from quipu.edition.manifest import Manifest, load
from quipu.rules.record import OF_CHAIN, TABLES

MOST_LINKS = 50_000  # of the chain above a base; with more, an edition is made whole
MOST_REDRESSED = 300_000  # facts written again because their activity is cut in another way

FRESH = "made.fresh"
_CALLED = {
    "accounts": "code",
    "activities": "identifier",
    "identifiers": "value",
}  # by what a document names an activity
# How the rows below and the new ones are one table. By key: those of affected activities are replaced.
_BY_KEY = (
    *(
        "activities",
        "cuts",
        "cubes",
        "latest",
        "sizes",
        "spans",
        "resulted",
        "documents",
        "xml",
        "memberships",
        "participations",
    ),
    *("aims", "indicators", "result_texts", "targets", "observations", "observation_cells"),
    *("observation_papers", "beneficiaries"),
    *("identifiers", "addresses", "pages", "named", "coined", "winners", "copies", "behind", "entries", "funds"),
)
_GROWING = ("vouchers", "papers", "events", "remarks")
# Records that cut nothing: they are read as they are.
TOLD = (
    *("agreements", "reserves", "instalments", "returns", "dispensations", "waived_rules", "deadlines", "measures"),
    *("registers", "registered", "register_totals", "register_counts", "resources"),
    *("lessons", "reviews", "recommendations", "improvements", "risks"),
    "outputs_spent",
    "revolving",
)
_ANEW = ("sources", "operator_texts", "accounts", "bodies", "aliases", *TOLD, "company")
_BELOW = (
    *("related", "findings", "unread", "filed", "filed_texts", "filed_titles", "filed_about"),
    *("iati_types", "iati_cases", "ledger_ends", "statuses", "listed_funds"),
)
_KEPT = {  # what of the base stays beside the new rows
    **dict.fromkeys(_BY_KEY, f"key IS NULL OR key NOT IN (SELECT key FROM {FRESH}.affected)"),
    "parents": f"child NOT IN (SELECT key FROM {FRESH}.affected)",
    "organizations": f"organization NOT IN (SELECT organization FROM {FRESH}.touched)",
    "stated_names": f"(dimension, vocabulary, code) NOT IN (SELECT (dimension, vocabulary, code) FROM {FRESH}.recoined)",
    **dict.fromkeys(_GROWING, "true"),
}
COMBINED = {
    **{
        table: f"SELECT * FROM base.main.{table} WHERE {kept} UNION ALL SELECT * FROM {FRESH}.{table}"
        for table, kept in _KEPT.items()
    },
    **{table: f"SELECT * FROM {FRESH}.{table}" for table in _ANEW},
    **{table: f"SELECT * FROM base.main.{table}" for table in _BELOW},
    "shares": f"SELECT * FROM base.main.shares UNION ALL SELECT * FROM {FRESH}.shares"
    " WHERE list NOT IN (SELECT list FROM base.main.shares)",
    "rates": f"SELECT * FROM base.main.rates UNION ALL SELECT * FROM {FRESH}.rates"
    " WHERE (currency, day) NOT IN (SELECT (currency, day) FROM base.main.rates)",
}


@dataclass(frozen=True, slots=True)
class Base:
    """The edition below: its manifest, its database, and the position of the books' chain that it holds."""

    manifest: Manifest
    path: Path

    @property
    def position(self) -> int:
        return self.manifest.position


def base_of(home: Home, manifest: Manifest) -> Base | None:
    """The newest edition that this one can stand on: all but the books the same, and these not far behind."""
    if manifest.position == 0:
        return None
    for number in home.newest():
        path = home.database(number)
        if number >= manifest.number or not path.is_file():  # an edition that itself stands on another is none
            continue
        below = load(home, number)
        far = manifest.position - below.position
        if far > MOST_LINKS:
            return None
        if _alike(below, manifest) and far >= 0 and _are_there(home, below):
            return Base(below, path)
    return None


def _alike(below: Manifest, above: Manifest) -> bool:
    files = [
        [(s["name"], s["sha256"], [part["sha256"] for part in s["parts"]]) for s in each.beside_books]
        for each in (below, above)
    ]
    return files[0] == files[1] and (below.rates, below.funds, below.schema) == (above.rates, above.funds, above.schema)


def _are_there(home: Home, below: Manifest) -> bool:
    """Whether the books' records below can still be compared."""
    return below.position > 0 and all(home.part(sha).is_file() for sha in _records(below).values())


def _records(manifest: Manifest) -> dict[str, str]:
    return {part["table"]: part["sha256"] for part in manifest.books["parts"] if not part["until"]}


class Whole(Exception):
    """The edition has to be made whole after all."""


def changed(connection: Connection, home: Home, base: Base, manifest: Manifest) -> list[int]:
    """The keys of activities whose records changed. Raises Whole where more than they depends on the change."""
    before, now = _records(base.manifest), _records(manifest)
    found: set[int] = set()
    for table in TABLES:
        if table in OF_CHAIN or before.get(table) == now.get(table) or table in TOLD:
            continue
        if table == "aliases":
            raise Whole  # searches find an organization by them
        old, new = (_side(home, side, table, "*") for side in (before, now))
        if table == "bodies":
            if old and (not new or _rows(connection, f"{old} EXCEPT {new} LIMIT 1")):
                raise Whole  # an organization is known otherwise now, wherever it is named
            continue
        differing = _differing(home, before, now, table, "*")
        found |= {key for (key,) in _rows(connection, f"SELECT DISTINCT key FROM ({differing})")}
    gone = _rows(connection, "SELECT key FROM base.main.accounts EXCEPT SELECT key FROM part_accounts")
    named = _rows(
        connection,
        f"SELECT 1 FROM read_parquet({quoted(home.part(now['activities']))}) a"
        " WHERE a.key NOT IN (SELECT key FROM base.main.accounts)"
        " AND (a.identifier IN (SELECT identifier FROM base.main.activities)"
        " OR a.identifier IN (SELECT identifier FROM base.main.related)) LIMIT 1",
    )
    if gone or named:
        raise Whole  # an activity of the books takes the place of one of a file, or gives one back
    for table, column in _CALLED.items():
        differing = _differing(home, before, now, table, f"key, {column} AS name")
        if differing and _rows(
            connection, f"SELECT 1 FROM ({differing}) WHERE name IN (SELECT name FROM base.main.filed_about) LIMIT 1"
        ):
            raise Whole  # a document is about what is called otherwise now, or was not there
    return sorted(found)


def _side(home: Home, records: dict[str, str], table: str, columns: str) -> str:
    """A SELECT of the books' records in a table, "" where they have none."""
    return f"SELECT {columns} FROM read_parquet({quoted(home.part(records[table]))})" if table in records else ""


def _differing(home: Home, before: dict[str, str], now: dict[str, str], table: str, columns: str) -> str:
    """A SELECT of what stands in one of two sets of records and not in the other, "" where neither has any."""
    old, new = (_side(home, side, table, columns) for side in (before, now))
    return f"({old} EXCEPT {new}) UNION ALL ({new} EXCEPT {old})" if old and new else old or new


def _rows(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
    return rows


def touched(connection: Connection) -> None:
    """The organizations and codes that affected activities name, or named below: they are counted again."""
    for table, columns in (("touched", "organization"), ("recoined", "dimension, vocabulary, code")):
        of = "named" if table == "touched" else "coined"
        connection.execute(
            f"CREATE TABLE {table} AS SELECT DISTINCT {columns} FROM (SELECT * FROM {of} UNION ALL"
            f" SELECT * FROM base.main.{of} WHERE key IN (SELECT key FROM affected))"
        )


def combine(connection: Connection) -> None:
    """Writes the views that are asked, and what they stand on. Raises Whole where too much was written again."""
    ((redressed,),) = _rows(connection, "SELECT count(*) FROM redressed")
    if redressed > MOST_REDRESSED:
        raise Whole
    for name, sql in views("base.main", FRESH, is_redressed=bool(redressed)).items():
        connection.execute(f"CREATE VIEW made.main.{name} AS {sql}")
    connection.execute(
        "CREATE VIEW made.main.facts AS SELECT * EXCLUDE (counted) FROM made.main.all_facts WHERE counted"
    )


def views(base: str, fresh: str, *, is_redressed: bool) -> dict[str, str]:
    """Every table of an edition on top of another one, as SELECTs over two schemas, wherever they are attached.

    is_redressed: whether facts below were written again.
    """
    kept = f" WHERE key NOT IN (SELECT key FROM {FRESH}.redressed)" if is_redressed else ""
    facts = [f"base.main.all_facts{kept}", f"{FRESH}.all_facts", *([f"{FRESH}.redressed"] if is_redressed else [])]
    all_of_them = {**COMBINED, "all_facts": " UNION ALL ".join(f"SELECT * FROM {each}" for each in facts)}
    return {
        name: sql.replace("base.main.", f"{base}.").replace(f"{FRESH}.", f"{fresh}.")
        for name, sql in all_of_them.items()
    }
