"""A table as a page of its own: no script, no address to fetch, fit for print; what an office sends or a pack holds."""

from pathlib import Path

from jinja2 import Environment

from quipu.files.plain import FAILED, exact, facts, shown
from quipu.rules.table import Table

NEGATIVE = "\N{MINUS SIGN}{}"
_PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    (Path(__file__).parent / "table.html").read_text("utf-8")
)


def draw(table: Table) -> bytes:
    """UTF-8 HTML; each cell is rounded by itself, its exact value stands in the cell's data."""
    page: str = _PAGE.render(
        table=table,
        facts=facts(table),
        failed=FAILED,
        shown=lambda column, cell: shown(column, cell, NEGATIVE),
        exact=exact,
    )
    return page.encode()
