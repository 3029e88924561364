"""A factsheet as a document to file: head, prose, key figures and tables in one language, tagged, the same bytes each time.

Typst sets it from factsheet.typ. Whatever a person wrote is handed over as data and never becomes markup.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from quipu.files import pdf
from quipu.files.plain import EPOCH
from quipu.rules.table import Cell, Column, Table

TEMPLATE = Path(__file__).parent / "factsheet.typ"
CODE = 20  # characters: a text of no more is set in one line
Shown = Callable[[Column, Cell, str], tuple[str, str]]  # (column, cell, unit) → (what a reader sees, the mark below it)


@dataclass(frozen=True, slots=True)
class Block:
    """Prose under an optional heading; language: where it is not the document's own."""

    heading: str = ""
    paragraphs: Sequence[str] = ()
    items: Sequence[str] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number above the tables: its label, itself as printed, its mark, and what it means."""

    label: str
    value: str
    mark: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document: prose, then tables; empty: what stands there where it holds neither. wide: on pages of its own,
    which lie on their side."""

    title: str
    blocks: Sequence[Block] = ()
    tables: Sequence[Table] = ()
    note: str = ""
    empty: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Factsheet:
    """All that stands in the document. page: how a page is numbered, with {page} and {pages}; foot: lines on every page."""

    title: str
    kicker: str
    language: str
    page: str
    foot: Sequence[str]
    facts: Sequence[tuple[str, str]] = ()
    status: str = ""
    warnings: Sequence[str] = ()
    figures: Sequence[KeyFigure] = ()
    sections: Sequence[Section] = field(default_factory=tuple)


def draw(sheet: Factsheet, shown: Shown, made: datetime = EPOCH) -> bytes:
    """The bytes of a PDF file. shown: how a cell is written in the language; made: the moment the file names as its own."""
    told = {
        **{name: getattr(sheet, name) for name in ("title", "kicker", "language", "page", "status")},
        **{name: list(getattr(sheet, name)) for name in ("foot", "facts", "warnings")},
        "figures": [asdict(each) for each in sheet.figures],
        "sections": [_section(each, shown) for each in sheet.sections],
    }
    return pdf.compiled(TEMPLATE, told, made)


def _section(section: Section, shown: Shown) -> dict[str, Any]:
    tables = [_table(each, shown) for each in section.tables if each.rows]
    return {
        "title": section.title,
        "note": section.note,
        "wide": section.wide,
        "blocks": [asdict(each) for each in section.blocks],
        "tables": tables,
        "empty": "" if tables or section.blocks else section.empty,
    }


def _table(table: Table, shown: Shown) -> dict[str, Any]:
    read = table.read

    def row(cells: Sequence[Cell], strong: bool, total: bool = False) -> dict[str, Any]:
        pairs = [shown(table.columns[n], cells[n], table.unit) for n in read]
        texts, marks = ([pair[n] for pair in pairs] for n in (0, 1))
        return {"cells": texts, "marks": marks, "strong": strong, "total": total}

    rows: list[dict[str, Any]] = []
    for cells in table.rows:
        if head := table.heads.get(str(cells[0].value)):
            rows.append({"cells": [head, *[""] * (len(read) - 1)], "strong": True, "total": False})
        rows.append(row(cells, cells[0].value in table.strong))
    if table.total and len(table.rows) > 1:
        rows.append(row(table.total, True, True))
    columns = pdf.columns([table.columns[n] for n in read])
    longest = [max(len(each["cells"][n]) for each in rows) for n in range(len(read))]
    long = [not column["number"] and most > CODE for column, most in zip(columns, longest, strict=True)]
    if any(long):  # sentences share what room codes and figures leave; without one, the first column has it
        columns = [{**column, "name": is_long} for column, is_long in zip(columns, long, strict=True)]
    return {
        "title": table.title,
        "columns": columns,
        "rows": rows,
        "notes": table.notes,
    }
