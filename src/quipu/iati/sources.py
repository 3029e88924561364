"""Finding the files: XML, gzip, zip and folders, as streams of bytes, never written anywhere, never from the network."""

import csv
import hashlib
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO

CHUNK = 1 << 16
GZIP_MAGIC = b"\x1f\x8b"
NAMES = (".xml", ".xml.gz", ".zip")
LICENCE_COLUMNS = ("licence", "license", "data_licence_registry")


@dataclass(frozen=True, slots=True)
class Source:
    """One IATI document: a file, or a member of an archive. name is what findings call it; no path of a machine."""

    name: str
    path: Path
    member: str = ""
    place: int = 0  # among the members of the archive: a name may stand there twice
    licence: str = ""
    size: int = 0
    findings: tuple[tuple[str, str], ...] = field(default=())  # (rule, detail) known before opening


# What broken archives and files raise when they are opened or read.
BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError, NotImplementedError)


class Unreadable(Exception):
    """The bytes cannot be had: a broken archive, a folder that may not be read."""


def find(paths: list[Path]) -> list[Source]:
    """All sources below the paths in a stable order. Raises FileNotFoundError for a path that is not there."""
    found: list[Source] = []
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(str(path))
        base = path if path.is_dir() else path.parent
        files = sorted(p for p in path.rglob("*") if p.is_file() and _is_ours(p)) if path.is_dir() else [path]
        licences = _licences(base)
        for file in files:
            name = file.relative_to(base).as_posix()
            found.extend(_inside(Source(name, file, licence=licences.get(name, ""), size=file.stat().st_size)))
    return found


def _is_ours(path: Path) -> bool:
    return path.name.lower().endswith(NAMES)


def _licences(folder: Path) -> dict[str, str]:
    """Licences stated beside the files: any CSV called MANIFEST.csv or licences.csv with a file and a licence column."""
    stated: dict[str, str] = {}
    for name in ("MANIFEST.csv", "licences.csv"):
        if (folder / name).is_file():
            with (folder / name).open(newline="", encoding="utf-8-sig", errors="replace") as rows:
                for row in csv.DictReader(rows):
                    licence = next((row[c] for c in LICENCE_COLUMNS if row.get(c)), "")
                    if row.get("file") and licence:
                        stated[row["file"]] = licence
    return stated


def _inside(source: Source) -> Iterator[Source]:
    if not source.path.name.lower().endswith(".zip"):
        yield source
        return
    try:
        with zipfile.ZipFile(source.path) as archive:
            members = [(n, info) for n, info in enumerate(archive.infolist()) if info.filename.lower().endswith(NAMES)]
    except BROKEN as error:
        yield replace(source, findings=(("file-unreadable", _why(error)),))
        return
    if not members:
        yield replace(source, findings=(("file-unreadable", "no XML file is in the archive"),))
    for n, info in members:
        inner = PurePosixPath(info.filename.replace("\\", "/"))
        leads_out = inner.is_absolute() or ".." in inner.parts
        notes = (("file-archive-name", info.filename),) if leads_out else ()
        if inner.suffix.lower() == ".zip":
            notes = (*notes, ("file-unreadable", "an archive inside an archive"))
        shown = inner.name if leads_out else inner.as_posix()
        name = f"{source.name}/{shown}"
        yield Source(name, source.path, info.filename, n, source.licence, info.file_size, notes)


def _why(error: Exception) -> str:
    """The reason without the path of the machine that an operating system puts behind it."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


class Stream:
    """A source's bytes, unpacked where they are compressed; counts and hashes what is stored."""

    def __init__(self, source: Source) -> None:
        self.compressed_silently = False
        self._hash = hashlib.sha256()
        self.bytes_read = 0
        self._raw: IO[bytes] = io.BytesIO()
        self._archive: zipfile.ZipFile | None = None
        try:
            if source.member:
                self._archive = zipfile.ZipFile(source.path)
                self._raw = self._archive.open(self._archive.infolist()[source.place])
            else:
                self._raw = source.path.open("rb")
            head = self._stored(2)
        except BROKEN as error:
            self.close()
            raise Unreadable(_why(error)) from None
        self._head = head
        self._cut = b""  # the first byte of a gzip member whose second one is still to come
        self._inflate = zlib.decompressobj(31) if head == GZIP_MAGIC else None
        named = (source.member or source.path.name).lower().endswith(".gz")
        self.compressed_silently = self._inflate is not None and not named

    def _stored(self, size: int) -> bytes:
        data = self._raw.read(size)
        self._hash.update(data)
        return data

    def chunks(self) -> Iterator[bytes]:
        """Unpacked bytes in pieces of bounded size. Raises Unreadable where the stored bytes are broken."""
        data = self._head
        try:
            while data:
                yield from self._unpacked(data)
                data = self._stored(CHUNK)
        except BROKEN as error:
            raise Unreadable(_why(error)) from None
        if self._inflate is not None and not self._inflate.eof:
            raise Unreadable("the compressed data ends too early")

    def _unpacked(self, data: bytes) -> Iterator[bytes]:
        if self._inflate is None:
            self.bytes_read += len(data)
            yield data
            return
        while data:
            if self._inflate.eof:  # a second gzip member, or padding
                data = self._cut + data
                self._cut = data if data == GZIP_MAGIC[:1] else b""
                if not data.startswith(GZIP_MAGIC):
                    return
                self._inflate = zlib.decompressobj(31)
            piece = self._inflate.decompress(data, CHUNK * 4)
            self.bytes_read += len(piece)
            if piece:
                yield piece
            data = self._inflate.unconsumed_tail or self._inflate.unused_data

    def digest(self) -> str:
        """SHA-256 of the stored bytes, all of them, also those behind a fault (in an archive, up to it)."""
        with suppress(*BROKEN):
            while self._stored(CHUNK):
                pass
        return self._hash.hexdigest()

    def close(self) -> None:
        """Let the file go."""
        self._raw.close()
        if self._archive:
            self._archive.close()
