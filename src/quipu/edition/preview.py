"""Previews: an edition that nobody but its maker sees, in a home of its own below HOME/previews; swept after a day.

Its parts are those of the current edition, linked and not copied, and what would go out now beside them. Nothing of it
ever lies where editions do, so no page, file or feed of the public can hold it.
"""

import json
import os
import secrets
import shutil
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quipu.edition import documents, make
from quipu.edition.books import Ledger
from quipu.edition.home import Home, write_atomically
from quipu.edition.manifest import Manifest, load
from quipu.edition.withholding import PREVIEWS

ABOUT = "preview.json"
KEPT = 24 * 3600  # seconds
LENGTH = 6  # bytes of a preview's name
SHARED = ("rates.csv", "funds.toml", "texts", "documents", "contacts.toml", "withheld.jsonl")


def make_preview(
    home: Home, *, by: str, books: Ledger | None, lying: Sequence[documents.Lying] = ()
) -> tuple[str, Manifest]:
    """Makes the edition that would go out now. Answers its name in addresses, and its manifest. Raises HomeError."""
    sweep(home)
    name = secrets.token_hex(LENGTH)
    place = Home(home.root / PREVIEWS / name)
    place.prepare()
    about = {"by": by, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    for each in SHARED:
        if (home.root / each).exists():
            (place.root / each).symlink_to((home.root / each).resolve())
    number = home.current()
    if number is not None:
        _take_over(home, place, number)
    manifest, _ = make.publish(place, None, None, books, list(lying))
    write_atomically(place.root / ABOUT, json.dumps(about))  # last: what is not whole is no preview
    return name, manifest


def _take_over(home: Home, place: Home, number: int) -> None:
    """The current edition, as the one that the preview comes after: its parts and its database, linked."""
    for part in (part for source in load(home, number).sources for part in source["parts"]):
        os.link(home.part(part["sha256"]), place.part(part["sha256"]))
    base = home.stands_on(number)
    for each in filter(None, (number, base)):
        place.manifest(each).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(home.manifest(each), place.manifest(each))
        for part in (part for source in load(home, each).sources for part in source["parts"]):
            if not place.part(part["sha256"]).exists():
                os.link(home.part(part["sha256"]), place.part(part["sha256"]))
        for database in (home.cache / f"{each:06d}").glob("quipu-*.duckdb"):
            (place.cache / f"{each:06d}").mkdir(parents=True, exist_ok=True)
            os.link(database, place.cache / f"{each:06d}" / database.name)
    for path in home.parts.iterdir():
        if path.suffix != ".parquet" and not path.name.startswith(".") and not (place.parts / path.name).exists():
            os.link(path, place.parts / path.name)
    if (home.cache / "texts").is_dir():
        shutil.copytree(home.cache / "texts", place.cache / "texts", copy_function=os.link, dirs_exist_ok=True)
    place.point_to(number)


def opened(home: Home, name: str) -> tuple[Home, dict[str, Any]] | None:
    """A preview and what is known of it; None where there is none, or none any more."""
    place = Home(home.root / PREVIEWS / name)
    if not (name.isalnum() and place.root.is_dir()):
        return None
    try:
        about: dict[str, Any] = json.loads((place.root / ABOUT).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return (place, about) if _is_fresh(place.root) else None


def listed(home: Home, by: str) -> list[tuple[str, str, int]]:
    """(name, moment, number of the edition it would be) of somebody's previews, the newest first."""
    found = []
    for folder in (home.root / PREVIEWS).glob("*"):
        known = opened(home, folder.name)
        number = known[0].current() if known else None
        if known and number is not None and known[1]["by"] == by:
            found.append((folder.name, known[1]["at"], number))
    return sorted(found, key=lambda each: each[1], reverse=True)


def sweep(home: Home) -> None:
    """Removes previews that are older than a day; a takedown removes all."""
    for folder in (home.root / PREVIEWS).glob("*"):
        if not _is_fresh(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_fresh(folder: Path) -> bool:
    try:
        return time.time() - folder.stat().st_ctime < KEPT
    except OSError:
        return False
