"""Publish: the one corridor from sources, files and books, to an edition."""

from pathlib import Path
from typing import Any

from quipu.books import database
from quipu.edition import make
from quipu.edition.code import mark
from quipu.edition.home import Home
from quipu.edition.make import Progress


def publish(home: Home, paths: list[Path] | None, progress: Progress | None = None) -> dict[str, Any]:
    """Makes a new edition from files and the home's books, and moves the pointer to it. Answers what `--json` prints.

    paths: None keeps the files of the current edition. seconds: wall clock of the whole publication; bytes: of XML read,
    unpacked. Raises HomeError, FileNotFoundError, and NoBooks where there are books that cannot be read.
    """
    manifest, seconds = make.publish(home, paths, progress, _books(home))
    return {
        "edition": manifest.number,
        "path": str(home.manifest(manifest.number).parent),
        "seconds": round(seconds, 3),
        "files": len(manifest.files),
        "position": manifest.position,
        "activities": manifest.totals["activities"],
        "transactions": manifest.totals["transactions"],
        "copies": manifest.totals["copies"],
        "findings": manifest.findings,
        "bytes": sum(source["bytes"] for source in manifest.sources),
        "content": manifest.content,
    }


def _books(home: Home) -> Any:
    """The home's books as a source; None where there are none, or nothing has been posted."""
    if not database.found(home.root):
        return None
    database.open_books()
    from quipu.books.public import Books  # noqa: PLC0415 - models need Django's settings

    books = Books(mark("quipu.books", "quipu.rules"))
    return books if books.head.position else None
