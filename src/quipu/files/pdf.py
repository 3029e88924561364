"""Tables as a PDF to send or to sign: tagged for screen readers, pages numbered, the same bytes for the same tables.

Typst sets it from table.typ. Whatever a person wrote is handed over as data and never becomes markup.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from quipu.files.plain import EPOCH, FAILED, facts_of_all, facts_of_one, sentence, shown
from quipu.rules.table import Cell, Column, Table

TEMPLATE = Path(__file__).parent / "table.typ"
MANY = 4  # with more columns of figures a page lies on its side
ACCESSIBLE = "ua-1"


def draw(table: Table, made: datetime = EPOCH) -> bytes:
    """The bytes of a PDF file. made: the moment that the file names as its own."""
    return document([table], table.title, made)


def document(tables: Sequence[Table], title: str, made: datetime = EPOCH) -> bytes:
    """All tables one after another under one title; each page numbered."""
    return compiled(TEMPLATE, _told(tables, title), made)


def compiled(template: Path, told: Mapping[str, Any], made: datetime) -> bytes:
    """What a template sets of plain data."""
    said = json.dumps(told, ensure_ascii=False)
    try:
        return _set(template, said, made, ignore_system_fonts=True, pdf_standards=[ACCESSIBLE])
    except typst.TypstError:
        # The fonts that Typst brings have no letters of some scripts, which the standard does not allow: whatever this
        # machine has may help out.
        return _set(template, said, made)


def _set(template: Path, told: str, made: datetime, **how: Any) -> bytes:
    made_of: bytes = typst.compile(
        str(template), root=str(template.parent), format="pdf", sys_inputs={"told": told}, timestamp=made, **how
    )
    return made_of


def _told(tables: Sequence[Table], title: str) -> dict[str, Any]:
    told = facts_of_all(tables)
    most = max(sum(column.is_number for column in table.columns) for table in tables)
    return {
        "title": title,
        "told": sentence(told),
        "foot": " · ".join(part for part in (told.get("Fund", ""), title) if part),
        "wide": most > MANY,
        "tables": [_table(table, told) for table in tables],
    }


def _table(table: Table, told: dict[str, str]) -> dict[str, Any]:
    read = [table.columns[n] for n in table.read]
    rows = []
    for row in table.rows:
        if head := table.heads.get(str(row[0].value)):
            rows.append({"cells": [head, *[""] * (len(read) - 1)], "strong": True, "total": False})
        rows.append(_row(table, row, row[0].value in table.strong))
    if table.total:
        rows.append(_row(table, table.total, strong=True, total=True))
    return {
        "title": table.title,
        "told": sentence(facts_of_one(table, told)),
        "columns": columns(read),
        "rows": rows,
        "notes": [{"text": note, "failed": note.startswith(FAILED)} for note in table.notes],
    }


def columns(of: Sequence[Column]) -> list[dict[str, Any]]:
    """Labels, those of neighbours that begin alike ("Deposits, prior", "Deposits, total") under what they share."""
    labels = [column.label.rpartition(", ") for column in of]
    overs = [over for over, _, _ in labels]
    shared = {n for n in range(len(of) - 1) if overs[n] and overs[n] == overs[n + 1]}
    grouped = shared | {n + 1 for n in shared}
    names = [n for n, column in enumerate(of) if column.key.endswith("_name")]
    return [
        {
            "label": labels[n][2].capitalize() if n in grouped else column.label,
            "over": overs[n] if n in grouped else "",
            "number": column.is_number,
            "name": n in (names or [0]),
        }
        for n, column in enumerate(of)
    ]


def _row(table: Table, row: Sequence[Cell], strong: bool, total: bool = False) -> dict[str, Any]:
    texts = [shown(table.columns[n], row[n], "({})", table.unit) for n in table.read]
    return {"cells": texts, "strong": strong, "total": total}
