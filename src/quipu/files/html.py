"""Tables as a page of their own: no script, no address to fetch, fit for print; what an office sends or a pack holds."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment

from quipu.files.plain import FAILED, exact, facts_of_all, facts_of_one, sentence, shown
from quipu.rules.table import Table

NEGATIVE = "\N{MINUS SIGN}{}"
_PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    (Path(__file__).parent / "table.html").read_text("utf-8")
)


def draw(table: Table) -> bytes:
    """UTF-8 HTML; each cell is rounded by itself, its exact value stands in the cell's data."""
    return document([table], table.title)


def document(tables: Sequence[Table], title: str) -> bytes:
    """All tables one after another under one title."""
    told = facts_of_all(tables)
    page: str = _PAGE.render(
        title=title,
        told=sentence(told),
        tables=[(table, sentence(facts_of_one(table, told))) for table in tables],
        failed=FAILED,
        shown=lambda column, cell, unit: shown(column, cell, NEGATIVE, unit),
        exact=exact,
    )
    return page.encode()
