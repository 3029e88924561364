"""More data than there is: documents and editions of any size, multiplied from the real ones, kept for the next run.

An edition is multiplied in its parts, by SQL: every activity again and again under new identifiers, with the keys that
reading them would give; the program then makes its cache from those parts, which is the step that must bear the size.
"""

import gzip
import hashlib
import math
import os
import re
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from quipu import VERSION
from quipu.edition import cache, make
from quipu.edition.code import maker
from quipu.edition.engine import connect, quoted
from quipu.edition.home import Home
from quipu.edition.manifest import Manifest, load
from quipu.rules.record import SCHEMA, TABLES, columns

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "demo"
PUBLISHED = ROOT.parent / "shared" / "data" / "iati"
KEPT = Path(tempfile.gettempdir()) / f"quipu-bench-{os.getuid()}"
IN_A_PART = 15_000  # activities of one generated source
FAR = 1_000_000  # ordinals of repeated entries begin behind any real one
IDENTIFIER = re.compile(r"<iati-identifier>\s*([^<]*?)\s*</iati-identifier>")


def published() -> list[Path]:
    """The folders of published files beside the project, without the broken ones; none where they are absent."""
    if not PUBLISHED.is_dir():
        return []
    return sorted(folder for folder in PUBLISHED.iterdir() if folder.is_dir() and folder.name != "bad")


def documents(times: int) -> list[Path]:
    """The demo's files several times over, each time under other identifiers."""
    texts = {file.stem: file.read_text("utf-8") for file in sorted(DEMO.glob("*.xml"))}
    folder = KEPT / f"documents-{_digest(*texts.values())}-{times}"
    if not folder.is_dir():
        ours = {found for text in texts.values() for found in IDENTIFIER.findall(text)}
        named = re.compile(rf'(?<=[">])({"|".join(map(re.escape, sorted(ours, key=len, reverse=True)))})(?=["<])')
        KEPT.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as making:
            (whole := Path(making) / "whole").mkdir()
            for n in range(times):
                for stem, text in texts.items():
                    renamed = named.sub(rf"\1-{n}", text)
                    (whole / f"{stem}-{n}.xml.gz").write_bytes(gzip.compress(renamed.encode(), 6))
            whole.rename(folder)
    return [folder]


def edition(activities: int, entries: int, *, of_demo: bool = False) -> Home:
    """A home whose current edition holds about as many activities and entries; whatever is there already is kept."""
    base = _base([DEMO] if of_demo else (published() or [DEMO]))
    origin = load(base, 1)
    name = f"edition-{origin.content[:12]}-{activities}-{entries}"
    home = Home(KEPT / name)
    if home.current() is None:
        shutil.rmtree(home.root, ignore_errors=True)
        home.prepare()
        _multiply(base, home, origin, activities, entries)
    fresh(home)
    return home


def fresh(home: Home) -> None:
    """Makes the cache where it was not made by the running code, and removes what other code made."""
    database = home.database(1)
    if not database.is_file():
        shutil.rmtree(database.parent, ignore_errors=True)
        cache.build(home, load(home, 1))


def _base(paths: list[Path]) -> Home:
    """What is multiplied, published once."""
    listed = [str(file) + str(file.stat().st_size) for path in paths for file in sorted(path.rglob("*"))]
    home = Home(KEPT / f"base-{_digest(*listed, maker())}")
    if home.current() is None:
        shutil.rmtree(home.root, ignore_errors=True)
        make.publish(home, paths)
    return home


def _multiply(base: Home, home: Home, origin: Manifest, activities: int, entries: int) -> None:
    """The base's parts with new keys, as the parts of a few large sources, and a manifest over them."""
    times = math.ceil(activities / origin.totals["activities"])
    repeat = max(1, round(entries / times / origin.totals["transactions"]))
    engine = connect(base.database(1), memory="2GB", threads=2, read_only=True, spill=home.cache / "spill")
    for table in TABLES:
        _view(engine, base, origin, table)
    step = max(1, IN_A_PART // origin.totals["activities"])
    sources = [_source(engine, home, low, min(low + step, times), repeat) for low in range(0, times, step)]
    made_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    manifest = Manifest(1, made_at, VERSION, sources, [], "", SCHEMA)
    manifest.seal()
    manifest.write(home)
    home.point_to(1)


def _view(engine, base: Home, origin: Manifest, table: str) -> None:
    """A table of the base: the rows of those copies that count."""
    if columns(table)[0].name != "key":
        return
    parts = origin.parts(table)
    if not parts:
        types = ", ".join(f'NULL::{c.type} AS "{c.name}"' for c in columns(table))
        engine.execute(f"CREATE TEMP VIEW base_{table} AS SELECT {types} WHERE false")
        return
    named = ", ".join(f"({quoted(base.part(part['sha256']))}, {source})" for source, part in parts)
    files = ", ".join(sorted({quoted(base.part(part["sha256"])) for _, part in parts}))
    engine.execute(
        f"CREATE TEMP VIEW base_{table} AS SELECT p.* EXCLUDE (filename) FROM read_parquet([{files}], filename = true) p"
        f" JOIN (VALUES {named}) f(filename, source) USING (filename)"
        " JOIN winners w ON w.source = f.source AND w.copy = p.copy AND w.key = p.key"
    )


def _source(engine, home: Home, low: int, high: int, repeat: int) -> dict:
    """One source: the base's activities once for each number from low to below high."""
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE renamed AS SELECT a.key AS old, n,"
        " CAST(CAST('0x' || substr(sha256(publisher || chr(10) || identifier || '-' || n), 1, 16) AS UBIGINT) >> 1 AS BIGINT)"
        " AS key, row_number() OVER (ORDER BY n, a.key) AS copy"
        f" FROM base_activities a CROSS JOIN range({low}, {high}) numbers(n)"
    )
    made = [part for table in TABLES if (part := _part(engine, home, table, repeat))]
    rows = {part["table"]: part["rows"] for part in made}
    return {
        **{"name": f"generated-{low:05}.xml", "sha256": _digest(str(low)), "bytes": 0, "stored": 0, "version": "2.03"},
        **{"generated": "", "licence": "", "complete": True},
        **{"activities": rows["activities"], "transactions": rows["entries"], "parts": made},
    }


def _part(engine, home: Home, table: str, repeat: int) -> dict | None:
    """A table of a source, sealed under the hash of its bytes; None where there are no rows."""
    if columns(table)[0].name != "key":
        return None
    arriving = home.parts / "arriving"
    repeated = repeat if table in ("entries", "portions") else 1
    chosen = ", ".join(f'{_value(table, c.name)} AS "{c.name}"' for c in columns(table))
    once = "WHERE r = 0 OR b.entry > 0" if table == "portions" else ""
    engine.execute(
        f"COPY (SELECT {chosen} FROM base_{table} b JOIN renamed k ON k.old = b.key"
        f" CROSS JOIN range(0, {repeated}) again(r) {once} ORDER BY 1, 2, 3)"
        f" TO {quoted(arriving)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {4096 if table == 'xml' else 65536})"
    )
    ((rows,),) = engine.execute(f"SELECT count(*) FROM read_parquet({quoted(arriving)})").fetchall()
    if not rows:
        return None
    with arriving.open("rb") as file:
        sha = hashlib.file_digest(file, "sha256").hexdigest()
    arriving.rename(home.part(sha))
    return {"table": table, "sha256": sha, "rows": rows, "bytes": home.part(sha).stat().st_size}


def _value(table: str, column: str) -> str:
    """Where a generated row differs from the one it was made of."""
    renamed = f"CASE WHEN b.{column} = '' THEN '' ELSE b.{column} || '-' || n END"
    again = f"b.{column} + r * {FAR}"
    return {
        **{(each, "key"): "k.key" for each in TABLES},
        **{(each, "copy"): "k.copy" for each in TABLES},
        **{
            ("activities", "identifier"): renamed,
            ("relations", "identifier"): renamed,
            ("identifiers", "value"): renamed,
        },
        **{("participants", "activity"): renamed, ("entries", "provider_activity"): renamed},
        ("entries", "receiver_activity"): renamed,
        ("entries", "ordinal"): again,
        ("entries", "entry"): "CAST(hash(b.entry, n, r) >> 1 AS BIGINT)",
        ("portions", "ordinal"): again,
        ("portions", "entry"): f"CASE WHEN b.entry > 0 THEN {again} ELSE 0 END",
    }.get((table, column), f'b."{column}"')


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]
