"""Communities' revolving funds out of an edition: the totals of a programme, a row for each currency of its boxes."""

from typing import Any

from quipu.edition.open import Edition

_OF = (
    "SELECT r.* EXCLUDE (project) FROM revolving r JOIN accounts a ON a.kind = 'project' AND a.code = r.project"
    " WHERE a.key = ? ORDER BY r.currency"
)


def of_project(edition: Edition, key: int) -> list[dict[str, Any]]:
    """The totals of one programme; nothing where it keeps no such funds."""
    return edition.dicts(_OF, [key])
