"""Many files as one folder or one .zip: the same files give the same bytes, whenever and wherever they are written."""

import hashlib
import io
import os
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

Files = Mapping[str, bytes | Path]  # by name, in their order; a Path is copied from there
FIRST = datetime(1980, 1, 1, tzinfo=UTC)  # no moment before it: a .zip knows none
PLAIN = 0o100644 << 16  # a file that all may read


def sums(files: Files) -> bytes:
    """The files' SHA-256 as `sha256sum -c` reads them."""
    return "".join(f"{digest(content)}  {name}\n" for name, content in files.items()).encode()


def zipped(files: Files, within: str, moment: datetime) -> bytes:
    """The bytes of a .zip whose files stand in one folder, all written at a moment."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{within}/{name}", moment.astimezone(UTC).timetuple()[:6])
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, PLAIN
            archive.writestr(entry, _bytes(content), compresslevel=6)
    return out.getvalue()


def unpacked(files: Files, folder: Path, moment: datetime) -> None:
    """Writes the files into a new folder. Raises OSError."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_bytes(content))
        os.utime(file, (moment.timestamp(),) * 2)


def _bytes(content: bytes | Path) -> bytes:
    return content.read_bytes() if isinstance(content, Path) else content


def digest(content: bytes | Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
