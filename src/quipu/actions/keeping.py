"""Bytes that people hand in are kept in HOME/kept under their SHA-256: once, whole, and for nobody but this program."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from quipu.rules.findings import Finding, Refused

LARGEST = 50 << 20  # bytes of one file, unless QUIPU_DOCUMENT_MB says otherwise


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept: its hash and its size in bytes."""

    sha256: str
    bytes: int


def largest() -> int:
    """How many bytes a file may have."""
    return int(os.environ.get("QUIPU_DOCUMENT_MB", "") or LARGEST >> 20) << 20


def keep(pieces: Iterable[bytes]) -> Kept:
    """Keeps what comes in pieces, and stops reading where it becomes too large. Raises Refused, with nothing left behind."""
    folder = Path(settings.HOME) / "kept"
    folder.mkdir(0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as beside:
        try:
            for piece in pieces:
                size += len(piece)
                if size > largest():
                    raise Refused(Finding("document-too-large", "file"))
                digest.update(piece)
                beside.write(piece)
            beside.flush()
            os.fsync(beside.fileno())
            target = path(digest.hexdigest())
            target.parent.mkdir(exist_ok=True)
            os.replace(beside.name, target)
        except BaseException:
            Path(beside.name).unlink(missing_ok=True)
            raise
    holder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(holder)
    finally:
        os.close(holder)
    return Kept(digest.hexdigest(), size)


def path(sha256: str) -> Path:
    """Where a kept file lies."""
    return Path(settings.HOME) / "kept" / sha256[:2] / sha256
