"""What was taken down: HOME/withheld.jsonl, read by everything that makes, opens or shows an edition.

The list only grows, a line of JSON at a time. An order says what is withheld, since when and why; a line of parts says
which sealed part another one took the place of, and in which editions; a line "done" that nothing of it is left. It never
holds what was withheld: a name is kept as salted hashes.
"""

import fcntl
import hashlib
import json
import os
import re
import threading
import time
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

NAME = "withheld.jsonl"
LOOK = 1.0  # seconds between two looks at the file
HIDDEN = "▮▮▮"  # stands where a name stood, in every language
DOCUMENT, TEXT, ACTIVITY, VOUCHER, PERSON = "document", "text", "activity", "voucher", "name"
# What can be withheld, and the words that say what it is. A word in brackets may be left out.
KINDS: dict[str, tuple[str, ...]] = {
    DOCUMENT: ("sha256",),
    TEXT: ("identifier", "role", "[publisher]", "[type]", "[language]"),
    ACTIVITY: ("identifier", "[publisher]"),
    VOUCHER: ("reference",),
    PERSON: ("words",),
}
# Of a subject's texts: title, description and contact are its own; the others stand in rows of their own.
ROLES = ("title", "description", "contact", "result", "transaction", "place", "link")
_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Order:
    """One takedown. target: what is withheld, in the words of its kind. told: the reason that readers are given, "" for none."""

    number: int
    kind: str
    target: dict[str, Any]
    reason: str
    told: str
    on: str  # the day
    by: str  # who: a person's code, or how a terminal was used


@dataclass
class State:
    """The list as it stands. generation: how often parts were replaced."""

    orders: list[Order] = field(default_factory=list)
    done: dict[int, dict[str, Any]] = field(default_factory=dict)  # what finished an order
    replaced: dict[str, dict[str, Any]] = field(default_factory=dict)  # by the hash of the part that is gone
    marks: dict[int, int] = field(default_factory=dict)  # how often parts of an edition were replaced
    generation: int = 0

    @property
    def changes(self) -> int:
        """Another number whenever something was ordered, or replaced, or finished."""
        return len(self.orders) + self.generation + len(self.done)

    @property
    def unfinished(self) -> list[Order]:
        """Orders of which something may still stand somewhere."""
        return [order for order in self.orders if order.number not in self.done]

    def mark(self, number: int) -> str:
        """What the caches of an edition are marked by: "" where nothing of it was withheld."""
        return f"-w{self.marks[number]}" if number in self.marks else ""

    def now(self, sha256: str) -> dict[str, Any] | None:
        """What took the place of a part; None where it stands as it was sealed."""
        found = None
        while sha256 in self.replaced:
            found = self.replaced[sha256]
            sha256 = found["now"]
        return found

    @cached_property
    def documents(self) -> dict[str, Order]:
        """Documents that are withheld, by their hash."""
        return {order.target["sha256"]: order for order in self.orders if order.kind == DOCUMENT}

    def document(self, code: str) -> Order | None:
        """The order for a document by the beginning of its hash, as an address has it."""
        return next((order for sha, order in self.documents.items() if sha.startswith(code)), None)

    def activity(self, identifier: str) -> Order | None:
        """The order for a whole activity."""
        return next((o for o in self.orders if o.kind == ACTIVITY and o.target["identifier"] == identifier), None)

    def voucher(self, reference: str) -> Order | None:
        """The order for the texts of a voucher."""
        return next((o for o in self.orders if o.kind == VOUCHER and o.target["reference"] == reference), None)

    def texts(self, identifier: str) -> list[Order]:
        """The orders for texts of a subject."""
        return [o for o in self.orders if o.kind == TEXT and o.target["identifier"] == identifier]

    @cached_property
    def _names(self) -> dict[int, dict[str, set[str]]]:
        """Hashes of names by how many words they have and by their salt."""
        found: dict[int, dict[str, set[str]]] = {}
        for order in self.orders:
            if order.kind == PERSON:
                salts = found.setdefault(order.target["count"], {})
                salts.setdefault(order.target["salt"], set()).add(order.target["hash"])
        return found

    def redacted(self, text: str) -> str:
        """A text with every name that is withheld hidden; the same text where it holds none."""
        if not self._names or not text:
            return text
        tokens = [(found.start(), found.end(), _folded(found[0])) for found in _TOKEN.finditer(text)]
        hidden: list[tuple[int, int]] = []
        for count, salts in self._names.items():
            for first in range(len(tokens) - count + 1):
                words = [word for _, _, word in tokens[first : first + count]]
                if any(digest(salt, words) in hashes for salt, hashes in salts.items()):
                    hidden.append((tokens[first][0], tokens[first + count - 1][1]))
        for start, end in sorted(hidden, reverse=True):
            text = text[:start] + HIDDEN + text[end:]
        return text


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def words_of(name: str) -> list[str]:
    """The words of a name as they are compared: small letters, no accents, whatever stands between them."""
    return [_folded(found[0]) for found in _TOKEN.finditer(name)]


def digest(salt: str, words: Iterable[str]) -> str:
    """What is kept of a name."""
    return hashlib.sha256(f"{salt} {' '.join(words)}".encode()).hexdigest()


_read: dict[Path, tuple[float, tuple[int, ...], State]] = {}
_lock = threading.Lock()


def state(root: Path, *, fresh: bool = False) -> State:
    """The list of a home as it stands now. It is looked at once in a second at most, unless fresh is asked for."""
    now = time.monotonic()
    known = _read.get(root)
    if known and not fresh and now - known[0] < LOOK:
        return known[2]
    stamp = _stamp(root)
    with _lock:
        known = _read.get(root)
        if known is None or known[1] != stamp:
            known = (now, stamp, _of_lines(_lines(root)) if stamp else State())
        _read[root] = (now, known[1], known[2])
    return known[2]


def _stamp(root: Path) -> tuple[int, ...]:
    try:
        at = os.stat(root / NAME)
    except OSError:
        return ()
    return (at.st_ino, at.st_size, at.st_mtime_ns)


def _lines(root: Path) -> Iterator[dict[str, Any]]:
    """What was written to its end; a line that a killed process left in the middle is none."""
    whole, _, _ = (root / NAME).read_bytes().rpartition(b"\n")
    for line in whole.splitlines():
        yield json.loads(line)


def _of_lines(lines: Iterable[dict[str, Any]]) -> State:
    found = State()
    for line in lines:
        if "order" in line:
            number, *said = (line[name] for name in ("order", "kind", "target", "reason", "told", "on", "by"))
            found.orders.append(Order(number, *said))
        elif "replaced" in line:
            found.generation += 1
            found.replaced |= {part["sha256"]: part for part in line["replaced"]}
            for number in line["editions"]:
                found.marks[number] = found.marks.get(number, 0) + 1
        elif "done" in line:
            found.done |= dict.fromkeys(line["done"], line)
    return found


def add(root: Path, *lines: dict[str, Any]) -> None:
    """Writes lines at the end, all or none; when this returns they outlive a power cut."""
    with (root / NAME).open("ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        whole = file.read()
        file.truncate(whole.rfind(b"\n") + 1)  # of a process that was killed while it wrote
        file.write("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode())
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(root, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    state(root, fresh=True)
