"""Making an edition: sources into parts, parts into a manifest, a cache beside it, and the pointer moved last."""

import hashlib
import json
import multiprocessing
import os
import threading
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quipu import VERSION
from quipu.edition import cache, documents, parts, texts, withholding
from quipu.edition.books import Ledger
from quipu.edition.books import make as of_books
from quipu.edition.code import reader
from quipu.edition.home import Home, HomeError, write_atomically
from quipu.edition.manifest import Manifest, is_books, load
from quipu.edition.open import attached
from quipu.edition.rates import Rates
from quipu.iati.sources import Source, find
from quipu.rules.findings import SEVERITIES

PROCESSES = 2
KEPT = 20  # overlays of so many editions stay; there may be one for each posting


@dataclass(slots=True)
class Progress:
    """What a person waiting is told; every field is a callback that may do nothing."""

    sources: Callable[[int, int], None] = lambda files, size: None  # how many files, how many bytes
    read: Callable[[str, int], None] = lambda name, size: None  # one is done
    step: Callable[[str], None] = lambda name: None


def publish(
    home: Home,
    paths: list[Path] | None,
    progress: Progress | None = None,
    books: Ledger | None = None,
    lying: list[documents.Lying] | None = None,
) -> tuple[Manifest, float]:
    """Makes a new edition from files, documents and books, and points to it. Answers its manifest and the seconds it took.

    paths: None for the files of the current edition, as they were read. lying: the office's documents, of which the public
    ones are taken in; whatever is wrong with one then is added to its findings. Raises HomeError where the home cannot be used,
    FileNotFoundError for a path that is not there.
    """
    began = time.monotonic()
    progress = progress or Progress()
    home.prepare()
    sources = find(paths or [])
    progress.sources(len(sources), sum(source.size for source in sources))
    with home.publishing():
        home.sweep()
        withholding.finish(home)  # what a killed takedown left
        rates = Rates(home.root / "rates.csv")
        made = _files_as_they_are(home) if paths is None else _read_all(home, sources, progress)
        made += documents.make(home, lying or [], progress.read)
        funds = listed_funds(home)
        posted = [of_books(home, books, progress.read)] if books else []
        said = texts.make(home, made + posted, funds)
        made += [*([said] if said else []), *posted]  # books are the last of the sources
        manifest = Manifest(
            number=next(home.newest(), 0) + 1,
            made_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            program=VERSION,
            sources=made,
            funds=funds,
            rates=rates.digest,
            position=books.head.position if books else 0,
        )
        manifest.seal()
        if rates.digest:  # an edition keeps the rates it was made with, however often they change
            write_atomically(home.rates(rates.digest), rates.body)
        cache.build(home, manifest, progress.step)
        _count(home, manifest)
        manifest.write(home)
        home.point_to(manifest.number)
        home.forget(manifest.number - KEPT)
    return manifest, time.monotonic() - began


def consolidate(home: Home) -> bool:
    """Makes the database of the current edition whole, where it stands on an earlier one. Answers whether it did.

    Readers go on meanwhile, and so may the next publications, until they find it.
    """
    number = home.current()
    if number is None or home.database(number).is_file():
        return False
    try:
        cache.build(home, load(home, number), whole=True)
    except cache.TakenDown:
        return False
    return True


def _files_as_they_are(home: Home) -> list[dict[str, Any]]:
    number = home.current()
    return load(home, number).files if number is not None else []


def listed_funds(home: Home) -> list[str]:
    """The identifiers in HOME/funds.toml (funds = ["…"]), sorted. Raises HomeError for a file that is not so."""
    path = home.root / "funds.toml"
    if not path.is_file():
        return []
    try:
        listed = tomllib.loads(path.read_text("utf-8")).get("funds", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HomeError(f"funds.toml cannot be read: {error}.") from None
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise HomeError('funds.toml must hold one list: funds = ["identifier", …].')
    return sorted(set(listed))


def _read_all(home: Home, sources: list[Source], progress: Progress) -> list[dict[str, Any]]:
    """Each source's report with its parts, in the order of the sources; the largest are read first."""
    made: dict[int, dict[str, Any]] = {}
    waiting = sorted(range(len(sources)), key=lambda n: -sources[n].size)
    if len(sources) == 1:
        made[0] = _make(home, sources[0])
        progress.read(sources[0].name, sources[0].size)
    elif sources:
        # Spawned, not forked: an engine or a thread of the parent must not come along.
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(PROCESSES, mp_context=spawn, initializer=_end_with_parent) as workers:
            jobs = {workers.submit(_make, home, sources[n]): n for n in waiting}
            for job in as_completed(jobs):
                made[jobs[job]] = job.result()
                progress.read(sources[jobs[job]].name, sources[jobs[job]].size)
    return [made[n] for n in sorted(made)]


def _end_with_parent() -> None:
    """A worker ends when its publication was killed; by itself it would wait for the next file for ever."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _make(home: Home, source: Source) -> dict[str, Any]:
    """Parts of a source; what was read before, by this program, is found again by the hash of its bytes."""
    try:
        remembered = home.cache / "sources" / f"{_digest(source)}.json"
    except OSError:  # the reader says why
        return parts.make(home, source)
    if remembered.is_file():
        known = json.loads(remembered.read_text("utf-8"))
        if all(home.part(part["sha256"]).is_file() for part in known["parts"]):
            return {**known, "name": source.name, "licence": source.licence, "stored": source.size}
    made = parts.make(home, source)
    remembered.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(remembered, json.dumps(made))
    return made


def _digest(source: Source) -> str:
    """A name for what reading this source gives: its bytes, its member, and the program that reads."""
    digest = hashlib.sha256(f"{reader()} {source.name} {source.place} {source.member}\n".encode())
    with source.path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def _count(home: Home, manifest: Manifest) -> None:
    """What the edition holds, counted where it will be asked."""
    connection = attached(home, manifest.number)
    try:
        counted = connection.execute(
            "SELECT (SELECT count(*) FROM activities), (SELECT count(*) FROM entries), (SELECT count(*) FROM copies)"
        ).fetchone()
        found = Counter(dict(connection.execute("SELECT severity, count(*) FROM findings GROUP BY ALL").fetchall()))
    finally:
        connection.close()
    manifest.totals = dict(zip(("activities", "transactions", "copies"), counted, strict=True))
    manifest.totals["transactions"] += sum(s["transactions"] for s in filter(is_books, manifest.sources))
    manifest.findings = {name: found[name] for name in SEVERITIES}
