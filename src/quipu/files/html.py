"""A table as a page of its own: no script, no address to fetch, fit for print; what an office sends or a pack holds."""

from decimal import Decimal
from pathlib import Path

from jinja2 import Environment

from quipu.files.plain import exact
from quipu.rules.money import printed
from quipu.rules.table import Cell, Column, Table

_PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    (Path(__file__).parent / "table.html").read_text("utf-8")
)


def draw(table: Table) -> bytes:
    """UTF-8 HTML; each cell is rounded by itself, its exact value stands in the cell's data."""
    about = {key.replace("_", " ").capitalize(): said for key, said in table.about.items() if key != "statement"}
    page: str = _PAGE.render(table=table, about=about, shown=_shown, exact=exact)
    return page.encode()


def _shown(column: Column, cell: Cell) -> str:
    if cell.value is None:
        return ("–" if cell.why else "") if column.figure else "Not stated"
    if column.kind == "money" and isinstance(cell.value, Decimal):
        return f"{printed(cell.value, 2):,f}".replace("-", "\N{MINUS SIGN}")
    return cell.label or exact(cell.value)
