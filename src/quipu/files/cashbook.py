"""The cashbook of a community on A4, in large letters, black on white, to be read and signed without a screen."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from quipu.files.pdf import compiled
from quipu.files.plain import EPOCH

TEMPLATE = Path(__file__).parent / "cashbook.typ"


@dataclass(frozen=True, slots=True)
class Cashbook:
    """What stands on the paper, all of it in words. heads: of day, what, in, out, what lies in the box."""

    title: str
    owner: str
    facts: Sequence[tuple[str, str]]
    heads: Sequence[str]
    rows: Sequence[dict[str, str]]  # day, what, came, went, left
    sums: Sequence[str]
    empty: str
    signs: Sequence[str]
    language: str
    page: str  # with {page} and {pages}


def draw(sheet: Cashbook) -> bytes:
    """The bytes of a PDF file: the same for the same cashbook."""
    return compiled(TEMPLATE, asdict(sheet), EPOCH)
