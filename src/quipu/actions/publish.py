"""Publish: the one corridor from sources to an edition."""

from pathlib import Path
from typing import Any

from quipu.edition import make
from quipu.edition.home import Home
from quipu.edition.make import Progress


def publish(home: Home, paths: list[Path], progress: Progress | None = None) -> dict[str, Any]:
    """Makes a new edition from files and moves the pointer to it. Answers what `./quipu publish --json` prints.

    seconds: wall clock of the whole publication; bytes: of XML read, unpacked. Raises HomeError and FileNotFoundError.
    """
    manifest, seconds = make.publish(home, paths, progress)
    return {
        "edition": manifest.number,
        "path": str(home.manifest(manifest.number).parent),
        "seconds": round(seconds, 3),
        "files": len(manifest.sources),
        "activities": manifest.totals["activities"],
        "transactions": manifest.totals["transactions"],
        "copies": manifest.totals["copies"],
        "findings": manifest.findings,
        "bytes": sum(source["bytes"] for source in manifest.sources),
        "content": manifest.content,
    }
