"""Sealing: rows of a table as Parquet in a total order, named by the hash of the bytes."""

import hashlib
import os
import shutil
from pathlib import Path

from quipu.edition.engine import Connection, quoted
from quipu.edition.home import Home
from quipu.rules.record import columns

FEW = 200  # rows that are stored sooner than they are squeezed


def write(connection: Connection, rows: str, table: str, count: int, target: Path) -> None:
    """Writes what a SELECT gives of a table; the same rows give the same bytes. count: about how many they are."""
    typed = columns(table)
    keys = [f'"{c.name}"' for c in typed[:3]]  # rows under an activity's key differ in these
    order = ", ".join(keys) if typed[0].name == "key" else "ALL"
    compression = "zstd" if count > FEW else "snappy"
    connection.execute(
        f"COPY ({rows} ORDER BY {order}) TO {quoted(target)}"
        f" (FORMAT parquet, COMPRESSION {compression}, ROW_GROUP_SIZE 65536)"
    )


def digest(path: Path, *, settle: bool = False) -> str:
    """The SHA-256 of a file. settle: it is on the disk afterwards."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            found.update(piece)
        if settle:
            os.fsync(file.fileno())
    return found.hexdigest()


def keep(home: Home, sealed: Path) -> str:
    """Puts a part in its place, under the hash of its bytes, which is answered."""
    sha256 = digest(sealed, settle=True)
    place = home.part(sha256)
    if not place.exists():
        arriving = place.with_name(f".{place.name}.{os.getpid()}")
        shutil.move(sealed, arriving)
        arriving.replace(place)
    return sha256
