"""The office's side of the letters: they are listed, found by their code, and closed with what became of them."""

import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quipu.letters import corrections
from quipu.letters.drop import alone, folder, path, put
from quipu.letters.letter import MISTAKE, About, Letter


class NoLetter(Exception):
    """There is no such letter, or not in the state for it; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter as it lies in the folder."""

    code: str
    arrived_at: str
    letter: Letter
    closed_at: str = ""  # "" while nobody has dealt with it
    outcome: str = ""


def listed(home: Path) -> tuple[list[Kept], list[Path]]:
    """(letters by arrival, files that are none)."""
    kept: list[Kept] = []
    torn: list[Path] = []
    for file in sorted(folder(home).glob("*.json")):
        try:
            kept.append(_read(file))
        except (OSError, ValueError, TypeError, KeyError):
            torn.append(file)
    return sorted(kept, key=lambda one: (one.arrived_at, one.code)), torn


def find(home: Path, code: str) -> Kept:
    """The letter of that code, however it is typed. Raises NoLetter."""
    signs = "".join(sign for sign in code.upper() if sign.isalnum()).translate(str.maketrans("OIL", "011"))
    file = path(home, f"{signs[:4]}-{signs[4:]}")
    try:
        return _read(file)
    except FileNotFoundError:
        raise NoLetter(f"There is no letter {code}.") from None
    except (OSError, ValueError, TypeError, KeyError):
        raise NoLetter(f"The file {file} cannot be read as a letter.") from None


def close(home: Path, code: str, outcome: str, *, publish: bool = False, now: datetime | None = None) -> Kept:
    """Marks a letter as dealt with. publish: the outcome of a correction is told on the gateway. Raises NoLetter."""
    kept = find(home, code)
    if not outcome.strip():
        raise NoLetter("Say in a sentence what became of it.")
    if publish and kept.letter.kind != MISTAKE:
        raise NoLetter(f"{kept.code} asks for no correction, so its outcome is not published.")
    closed_at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    with alone(home):
        file = path(home, kept.code)
        put(file, {**json.loads(file.read_text("utf-8")), "closed_at": closed_at, "outcome": outcome.strip()})
        if publish:
            corrections.publish(home, kept.code, kept.letter.about, outcome.strip(), closed_at[:10])
    return find(home, kept.code)


def _read(file: Path) -> Kept:
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    about = About(**found["about"])
    letter = Letter(**{f.name: found[f.name] for f in fields(Letter) if f.name != "about"}, about=about)
    return Kept(found["code"], found["arrived_at"], letter, found.get("closed_at", ""), found.get("outcome", ""))
