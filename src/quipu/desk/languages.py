"""The desk's words: the gateway's catalogues with its own beside them."""

from functools import cache
from pathlib import Path

from quipu.portal.languages import LOCALE, Words

OWN = Path(__file__).parent / "locale"


@cache
def words(code: str) -> Words:
    """The words of a manner, read once."""
    return Words(code, (LOCALE, OWN))
