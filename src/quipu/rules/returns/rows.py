"""Rows of a return: a project and what the money went to. A row's key is the same in a form, a workbook and the API."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from quipu.rules.kinds import CATEGORIES

# Beside the categories: earned on a project's money, sent back of it; and a row for a comment on the whole project.
INTEREST, REFUND, NOTE = "interest", "refund", "note"
APART = (INTEREST, REFUND, NOTE)
AMOUNT, COMMENT = "amount", "comment"  # what a row has
COLUMNS = (AMOUNT, COMMENT)
NEW_CATEGORIES_FROM = 2012


class Row(NamedTuple):
    """A row: a project's spending in a category, its interest or its refund. adjusts: the closed year that it corrects."""

    project: str
    category: str
    adjusts: int | None = None

    @property
    def key(self) -> str:
        """By which it is found again: P1/travel, or P1/travel/2011 for a correction of that year."""
        return "/".join(filter(None, (self.project, self.category, str(self.adjusts or ""))))

    @property
    def is_spending(self) -> bool:
        """Whether its amount is expenditure."""
        return self.category not in APART


@lru_cache(maxsize=1 << 15)  # a return is read by many rules
def read(key: str) -> Row | None:
    """The row of a key; None where it is none. A project's code may hold slashes, so it is read from its end."""
    rest, _, last = key.strip().rpartition("/")
    adjusts = None
    if len(last) == 4 and last.isascii() and last.isdigit():
        adjusts = int(last)
        rest, _, last = rest.rpartition("/")
    return Row(rest, last, adjusts) if rest and last else None


def categories(year: int) -> list[str]:
    """The expense categories of a year's own set, in the order of a report; what a source does not break down is none."""
    return [
        name
        for name, one in CATEGORIES.items()
        if name != "uncategorized" and one.since_2012 == (year >= NEW_CATEGORIES_FROM)
    ]


def of_projects(projects: Iterable[str], year: int) -> list[Row]:
    """The rows of projects in a year's return, project by project."""
    return [Row(project, name) for project in projects for name in (*categories(year), *APART)]
