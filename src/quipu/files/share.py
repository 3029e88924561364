"""A figure as a picture to share: a PNG of 1200 by 630 pixels, the same bytes for the same words and numbers.

Typst sets it from share.typ. Whatever a person wrote is handed over as data and never becomes markup.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

TEMPLATE = Path(__file__).parent / "share.typ"
PIXELS_TO_A_POINT = 72.0  # dots to the inch
LAST_OF_ITS_OWN = "\u052f"  # Typst's fonts know Latin, Greek and Cyrillic letters; others need what this machine has
LONGEST = {"title": 55, "scope": 95, "sentence": 330, "foot": 100}


@dataclass(frozen=True, slots=True)
class Number:
    """An amount as printed, and what stands beside it: its unit, or which of several it is."""

    number: str
    beside: str


@dataclass(frozen=True, slots=True)
class Year:
    """A pendant: size is a part of the largest, between -1 and 1."""

    year: str
    size: float


@dataclass(frozen=True, slots=True)
class Share:
    """All that stands in the picture, in one language."""

    language: str
    site: str
    title: str
    scope: str
    numbers: Sequence[Number]
    sentence: str
    foot: str
    mark: str = ""
    years: Sequence[Year] = ()


def draw(share: Share) -> bytes:
    """The bytes of a PNG file. Texts that are too long for it are cut, and show that they are."""
    told = asdict(share)
    for key, longest in LONGEST.items():
        if len(told[key]) > longest:
            told[key] = told[key][: longest - 1].rstrip() + "…"
    text = json.dumps(told, ensure_ascii=False)
    known = all(letter <= LAST_OF_ITS_OWN or not letter.isalpha() for letter in text)
    picture: bytes = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        format="png",
        ppi=PIXELS_TO_A_POINT,
        sys_inputs={"told": text},
        ignore_system_fonts=known,
    )
    return picture
