"""The manifest of an edition: what it was made from, what it is made of, and the hash that stands for its content."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from quipu.edition.home import Home, write_atomically
from quipu.edition.withheld import State
from quipu.rules.record import SCHEMA


def is_books(source: dict[str, Any]) -> bool:
    """Whether a source is books: they alone stand at a position of a chain."""
    return "position" in source


def is_documents(source: dict[str, Any]) -> bool:
    """Whether a source is the office's own documents: they alone are counted so."""
    return "documents" in source


def is_texts(source: dict[str, Any]) -> bool:
    """Whether a source is the operator's texts."""
    return source.get("kind") == "texts"


@dataclass(slots=True)
class Manifest:
    """One edition. sources: the report of each source with its parts. content: equal for equal sources."""

    number: int
    made_at: str
    program: str
    sources: list[dict[str, Any]]
    funds: list[str]  # listed by the operator
    rates: str  # hash of the operator's rates, "" for none
    position: int = 0  # of the books' chain, 0 where there are none
    schema: int = SCHEMA
    totals: dict[str, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    content: str = ""

    @property
    def files(self) -> list[dict[str, Any]]:
        """The sources that are IATI files."""
        return [source for source in self.sources if not (is_books(source) or is_documents(source) or is_texts(source))]

    @property
    def beside_books(self) -> list[dict[str, Any]]:
        """All sources but the books: what has to stay the same for an edition to stand on another one."""
        return [source for source in self.sources if not is_books(source)]

    @property
    def books(self) -> dict[str, Any]:
        """The books among the sources. position is 0 where there are none."""
        return next(filter(is_books, self.sources))

    @property
    def history(self) -> int:
        """The last act at the desk of which the edition shows something; 0 where none is, as before there was a desk."""
        return int(self.books.get("history", 0)) if self.position else 0

    def seal(self) -> None:
        """Sets the content hash: over the sources, their parts, rates and funds; not over number, moment or program."""
        substance = {
            "schema": self.schema,
            "funds": self.funds,
            "rates": self.rates,
            "sources": sorted([s["name"], s["sha256"], [p["sha256"] for p in s["parts"]]] for s in self.sources),
        }
        self.content = hashlib.sha256(json.dumps(substance, sort_keys=True).encode()).hexdigest()

    def parts(self, table: str) -> list[tuple[int, dict[str, Any]]]:
        """(index of the source, part) for every part that holds rows of the table."""
        return [
            (n, part) for n, source in enumerate(self.sources) for part in source["parts"] if part["table"] == table
        ]

    def write(self, home: Home) -> None:
        """Puts the manifest in its place."""
        path = home.manifest(self.number)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(asdict(self), indent=1, sort_keys=True) + "\n")


def load(home: Home, number: int, *, sealed: bool = False) -> Manifest:
    """The manifest of an edition. Raises FileNotFoundError.

    Where something was taken down, a part is named that took the place of the sealed one; sealed: as it was written.
    """
    found = Manifest(**json.loads(home.manifest(number).read_text("utf-8")))
    state = home.withheld
    if not sealed and state.replaced:
        for source in found.sources:
            source["parts"] = [now for part in source["parts"] if (now := _standing(part, state))]
    return found


def _standing(part: dict[str, Any], state: State) -> dict[str, Any] | None:
    """What stands in the place of a part; None where nothing of it was left."""
    now = state.now(part["sha256"])
    if now is None:
        return part
    return {**part, **{name: now[name] for name in ("rows", "bytes")}, "sha256": now["now"]} if now["now"] else None
