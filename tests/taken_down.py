"""A house that published what it must not keep public, and a judge who reads everything that is left, with bare tools."""

import base64
import hashlib
import io
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pypdf

from quipu.actions.publish import publish
from quipu.edition.home import Home
from tests.documents import activity, document, transaction

PAPER = "The list of the families of Quillahuaman.\nPlanned since 2011.\n"
SHA = hashlib.sha256(PAPER.encode()).hexdigest()
OTHER_PAPER = "What the committee decided in March.\n"
OTHER_SHA = hashlib.sha256(OTHER_PAPER.encode()).hexdigest()
BOOKS = f"""
fund TF1 "Test Fund"
    currency: USD
    publisher: XX-P "XX-P office"
contributor SE "Government of Sweden"
organization UNDP "United Nations Development Programme"
project 0001 "First"
    fund: TF1
    iati: XX-P-1
    overview: "Terraces are mended above Mandragora."
project 0002 "Second"
    fund: TF1
2012-02-01 deposit ^D-1
    deposit     TF1 < SE  2,500,000.00
2012-03-15 transfer ^V-000101 "Paid by way of Beltenebros"
    document: sha256-{SHA} "the list of Quillahuaman"
    transfer    TF1 > 0001/UNDP  1,200,000.00 "Beltenebros kept it"
2012-03-16 transfer ^V-000102 "Thanks to Ana Nusta"
    transfer    TF1 > 0002/UNDP  10.00
"""
NAMED = "<contact-info><person-name><narrative>Ana Ñusta</narrative></person-name></contact-info>"
FILE = document(
    activity(
        "XX-P-9",
        '<description type="1"><narrative>A shelter at Zarzaparrilla.</narrative></description>',
        transaction("3", 5, "2012-05-01", "<description><narrative>Rent of Zarzaparrilla</narrative></description>"),
    ),
    activity(
        "XX-P-8", f'<description type="1"><narrative>Led by  ANA  ñusta, since 2010.</narrative></description>{NAMED}'
    ),
    activity("XX-P-1", '<description type="2"><narrative xml:lang="es">Encima de Mandragora</narrative></description>'),
)


def paper(title: str, about: str = "project: XX-P-1") -> str:
    return f"title: {title}\ntype: minutes\ndate: 2012-01-01\nlanguage: en\nabout:\n  {about}\nvisibility: public\n"


def house(ledger: Any, tmp_path: Path) -> Home:
    """Four editions: the second and the third stand on the first, the fourth, with a document more, is whole again."""
    home, folder = Home(ledger.home), tmp_path / "in"
    home.prepare()
    home.documents.mkdir()
    folder.mkdir()
    (folder / "file.xml").write_text(FILE)
    (home.documents / "list.txt").write_text(PAPER)
    (home.documents / "list.txt.yaml").write_text(paper("Families of Quillahuaman"))
    ledger.post(BOOKS)
    publish(home, [folder])
    for n in (1, 2):
        ledger.post(f"2012-04-0{n} transfer ^N-{n}\n    transfer TF1 > 0002/UNDP {n}.00\n")
        publish(home, None)
    assert [home.stands_on(n) for n in (1, 2, 3)] == [None, 1, 1]
    (home.documents / "decided.txt").write_text(OTHER_PAPER)
    (home.documents / "decided.txt.yaml").write_text(paper("Signed by Ana Ñusta", "fund: TF1"))
    publish(home, None)
    return home


ADDRESSES = (
    *("/", "/projects", "/projects.csv", "/organizations", "/documents", "/documents.csv", "/documents.xlsx"),
    *("/vouchers", "/vouchers.csv", "/gaps", "/calendar", "/data", "/data/findings", "/feed"),
    *("/data/manifest.json", "/data/source/0", "/changes", "/changes?from=1", "/figure/deposits.png", "/search?q=list"),
    *("/search/suggest?q=famil", "/search/suggest?q=sign", "/search?q=shelter", "/search?q=terraces", "/search?q=since"),
    *(f"/document/{SHA[:12]}", f"/document/{SHA[:12]}.json", f"/document/{SHA[:12]}/list.txt"),
    *(f"/document/{OTHER_SHA[:12]}", f"/document/{OTHER_SHA[:12]}.json", "/embed/project/XX-P-9", "/embed/fund/TF1"),
    *(f"/{name}{end}" for name in ("project/XX-P-9", "project/XX-P-8", "project/XX-P-1", "fund/TF1")
      for end in ("", ".json", ".pdf", ".atom", "?format=xml")),
    *(f"/data/{table}.{form}" for table in ("activities", "entries", "documents", "filed", "organizations", "facts", "findings")
      for form in ("csv", "parquet")),
)  # fmt: skip


def answers(client: Any, editions: list[int]) -> Iterator[tuple[str, int, str]]:
    """(address, status, all its words) of every kind of page, file and feed, today's and in every edition."""
    for before in ("", *(f"/e/{number}" for number in editions)):
        for address in ADDRESSES:
            yield _answer(client, before + address)
        for link in re.findall(r'href="([^"]*/voucher/[0-9a-f]+)"', client.get(f"{before}/vouchers").content.decode()):
            yield _answer(client, link)
            yield _answer(client, f"{link}.json")


def _answer(client: Any, address: str) -> tuple[str, int, str]:
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return address, answer.status_code, _words(address, body)


def _words(name: str, body: bytes) -> str:
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return "\n".join(packed.read(each).decode("utf-8", "replace") for each in packed.namelist())
    if body.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    if body.startswith(b"PAR1"):
        with tempfile.NamedTemporaryFile(suffix=".parquet") as file, duckdb.connect() as connection:
            file.write(body)
            file.flush()
            return _of_table(connection, f"read_parquet('{file.name}')")
    return body.decode("utf-8", "replace")


def _of_table(connection: Any, table: str) -> str:
    rows = connection.execute(f"SELECT * FROM {table}").fetchall()
    said = "\n".join(str(value) for row in rows for value in row)
    return said + "\n".join(_unpacked(rows))


def _unpacked(rows: list[tuple[Any, ...]]) -> Iterator[str]:
    """The XML of activities, which is kept packed."""
    for row in rows:
        if len(row) in (5, 6) and isinstance(row[-1], str) and row[-1].startswith("eJ"):
            yield zlib.decompress(base64.b64decode(row[-1])).decode("utf-8", "replace")


def files(home: Home) -> Iterator[tuple[str, str]]:
    """(path, all its words) of everything in parts and cache."""
    for folder in (home.parts, home.cache):
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            said = _words(path.name, path.read_bytes())
            if path.suffix == ".duckdb":
                said += _of_database(path)
            yield str(path.relative_to(home.root)), said


def _of_database(path: Path) -> str:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS judged (READ_ONLY)")
        named = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'judged'"
        ).fetchall()
        return "\n".join(_of_table(connection, f'judged."{schema}"."{table}"') for schema, table in named)


def holding(words: str, told: Iterator[tuple[Any, ...]]) -> list[str]:
    """Where any of some words stands, white space and case aside."""
    wanted = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
    return [str(name) for name, *_, said in told if wanted.search(said)]
