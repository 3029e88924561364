"""The public record as the desk reads it: the same editions, opened once for each process."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from quipu.edition.home import Home
from quipu.edition.open import BeingMade, Edition, Editions, NoEdition

PATIENCE = 10  # seconds that a page waits for an edition that has to be laid out again
FEW = 4  # homes, of previews for the most part, that stay open


def home() -> Home:
    """This house's home."""
    return Home(Path(settings.HOME))


@lru_cache(FEW)
def _of(root: Path) -> Editions:
    return Editions(Home(root))


def of(place: Home) -> Editions:
    """The editions of a home."""
    return _of(place.root)


def current() -> Edition | None:
    """Today's edition; None before the first one, and while it is being made."""
    try:
        return of(home()).current(PATIENCE)
    except (NoEdition, BeingMade):
        return None
