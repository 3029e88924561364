"""What movements and categories are called at the desk: as the gateway calls them."""

from quipu.desk.drawing import said
from quipu.portal import labels
from quipu.rules.kinds import CATEGORIES


def movement(name: str) -> str:
    """A movement's label in the reader's language."""
    return said(labels.movement(name))


def category(name: str) -> str:
    """A category's label, "" for none."""
    found = CATEGORIES.get(name)
    return found.label if found else ""
