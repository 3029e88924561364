"""Corrections that the office chose to tell: the page, what became of it, the day; never who wrote, nor what."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from quipu.letters.drop import put
from quipu.letters.letter import About


@dataclass(frozen=True, slots=True)
class Correction:
    """What became of a mistake that somebody reported."""

    code: str
    page: str
    edition: int  # the one in which the mistake was seen
    outcome: str
    closed_on: str


def told(home: Path) -> list[Correction]:
    """All of them, newest first; none where the file is none."""
    try:
        return [Correction(**one) for one in json.loads(_file(home).read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def publish(home: Path, code: str, about: About, outcome: str, closed_on: str) -> None:
    """Tells one more, or the same one anew; only inside `drop.alone`."""
    others = [one for one in told(home) if one.code != code]
    newest = Correction(code, about.page, about.edition, outcome, closed_on)
    put(_file(home), [asdict(one) for one in (newest, *others)])


def _file(home: Path) -> Path:
    return home / "corrections.json"
