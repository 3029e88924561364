"""The folder where editions live, and the one pointer that says which is current."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from quipu.edition import withheld
from quipu.edition.code import maker


class HomeError(Exception):
    """The home cannot be used; the message is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Home:
    """HOME/parts, HOME/editions, HOME/cache and what an operator may put beside them."""

    root: Path

    @property
    def parts(self) -> Path:
        return self.root / "parts"

    @property
    def editions(self) -> Path:
        return self.root / "editions"

    @property
    def cache(self) -> Path:
        return self.root / "cache"

    @property
    def pointer(self) -> Path:
        return self.editions / "current"

    def prepare(self) -> None:
        """Makes the folders. Raises HomeError where they cannot be made or written."""
        try:
            for folder in (self.parts, self.editions, self.cache):
                folder.mkdir(parents=True, exist_ok=True)
                if not os.access(folder, os.W_OK):
                    raise PermissionError
        except OSError:
            raise HomeError(
                f"The folder {self.root} cannot be written. Choose another with --home or QUIPU_HOME."
            ) from None

    @contextmanager
    def working(self, what: str) -> Iterator[str]:
        """A folder to work in, gone afterwards; it bears the number of the process, for what is killed in the middle."""
        with tempfile.TemporaryDirectory(prefix=f"{what}-{os.getpid()}-", dir=self.cache) as folder:
            yield folder

    @contextmanager
    def building(self) -> Iterator[None]:
        """One database is made again at a time, whichever process was asked for it: each takes all the memory it may."""
        with (self.cache / ".building").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """One publication or takedown at a time; a second one waits."""
        with (self.editions / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def settling(self) -> Iterator[None]:
        """For a moment: what was made is put in its place, or caches are thrown away, and never both at once."""
        with (self.cache / ".settling").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @property
    def withheld(self) -> withheld.State:
        """What was taken down here."""
        return withheld.state(self.root)

    def sweep(self) -> None:
        """Removes what processes that ended were working in."""
        for folder in self.cache.glob("*-*-*"):
            number = folder.name.split("-")[1]
            if number.isdecimal() and not _lives(int(number)):
                shutil.rmtree(folder, ignore_errors=True)

    def newest(self) -> Iterator[int]:
        """The numbers of all editions, newest first; there may be one for each posting, so they are looked at one by one."""
        if self.editions.is_dir():
            names = (entry.name for entry in os.scandir(self.editions))
            for number in sorted((int(name) for name in names if name.isdecimal()), reverse=True):
                if self.manifest(number).is_file():
                    yield number

    def numbers(self) -> list[int]:
        """The numbers of all editions, oldest first."""
        return sorted(self.newest())

    def current(self) -> int | None:
        """The number the pointer names; None before the first publication."""
        try:
            return int(self.pointer.read_text("ascii"))
        except (OSError, ValueError):
            return None

    def point_to(self, number: int) -> None:
        """Moves the pointer in one atomic step that survives a power cut."""
        write_atomically(self.pointer, f"{number}\n")

    def manifest(self, number: int) -> Path:
        return self.editions / f"{number:06d}" / "manifest.json"

    def database(self, number: int) -> Path:
        """Of an edition made whole, by the running code; another version's file is another file."""
        return self.cache / f"{number:06d}" / f"quipu-{self._mark(number)}.duckdb"

    def overlay(self, number: int, base: int) -> Path:
        """Of an edition that stands on the database of another one."""
        return self.cache / f"{number:06d}" / f"quipu-{self._mark(number)}-on-{base:06d}.duckdb"

    def index(self, number: int) -> Path:
        """Where the index of an edition's searches is, or will be."""
        return self.cache / f"{number:06d}" / f"search-{self._mark(number)}"

    def bulk(self, number: int) -> Path:
        """Where the bulk files of an edition are."""
        return self.cache / f"{number:06d}" / f"bulk-{self._mark(number)}"

    def stale(self, number: int) -> Iterator[Path]:
        """Everything beside an edition that was made before something was taken out of it, by whichever program."""
        mark = self._mark(number)
        for path in (self.cache / f"{number:06d}").glob("*"):
            stem = path.name.removesuffix(".duckdb").partition("-on-")[0]
            if stem.partition("-")[2] != mark:
                yield path

    def _mark(self, number: int) -> str:
        """Of the running code, and of what was taken out of the edition: files made before that are other files."""
        return f"{maker()}{self.withheld.mark(number)}"

    def forget(self, number: int) -> None:
        """Deletes the overlay of an edition, and the index over it: whoever asks for that edition again makes it again."""
        for path in (self.cache / f"{number:06d}").glob("quipu-*-on-*.duckdb"):
            path.unlink(missing_ok=True)
        if not self.database(number).is_file():
            for path in (self.cache / f"{number:06d}").glob("search-*"):
                shutil.rmtree(path, ignore_errors=True)

    def stands_on(self, number: int) -> int | None:
        """The edition below, where the database is an overlay of one that is there."""
        for path in sorted((self.cache / f"{number:06d}").glob(f"quipu-{self._mark(number)}-on-*.duckdb")):
            base = int(path.stem[-6:])
            if self.database(base).is_file():
                return base
        return None

    def rates(self, sha256: str) -> Path:
        """The operator's rates that an edition was made with; nothing stands there for an edition without."""
        return self.parts / f"{sha256 or 'none'}.csv"

    def part(self, sha256: str) -> Path:
        return self.parts / f"{sha256}.parquet"

    @property
    def documents(self) -> Path:
        """Where the office puts its documents, each with a YAML beside it."""
        return self.root / "documents"

    def document(self, sha256: str, form: str) -> Path:
        """The bytes of a document that an edition took in, kept once and for good."""
        return self.parts / f"{sha256}.{form}"

    def words(self, sha256: str, version: int) -> Path:
        """The text that was read out of a document."""
        return self.cache / "texts" / f"{sha256}-{version}.txt"


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True


def write_atomically(path: Path, text: str | bytes) -> None:
    """The whole text under that name, or nothing new."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("wb") as file:
        file.write(text.encode() if isinstance(text, str) else text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
