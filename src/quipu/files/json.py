"""A table as JSON: by what it is cut, and each figure as a decimal string."""

import json
from collections.abc import Sequence
from typing import Any

from quipu.files.plain import exact
from quipu.rules.table import Cell, Column, Table, for_files


def data(table: Table) -> dict[str, Any]:
    """The table as plain data. A code that is not stated is null; so is a figure that does not occur."""
    table = for_files(table)
    answer: dict[str, Any] = {**table.about, "unit": table.unit} if table.unit else {**table.about}
    if "edition" in answer:
        answer["edition"] = int(answer["edition"])
    answer["columns"] = [{"key": column.key, "label": column.label} for column in table.columns]
    answer["rows"] = [_row(table.columns, row) for row in table.rows]
    if table.total:
        answer["total"] = _row(table.columns, table.total)["cells"]
    answer["left_out"] = {"count": table.left_out.count, "currencies": list(table.left_out.currencies)}
    if table.notes:
        answer["notes"] = table.notes
    return answer


def _row(columns: list[Column], row: list[Cell]) -> dict[str, Any]:
    pairs = list(zip(columns, row, strict=True))
    return {
        "by": {column.key: _text(cell) for column, cell in pairs if not column.figure},
        "cells": {column.key: _text(cell) for column, cell in pairs if column.figure},
    }


def _text(cell: Cell) -> str | None:
    return None if cell.value is None else exact(cell.value)


def draw(table: Table) -> bytes:
    """UTF-8 JSON with a line feed at its end."""
    return (json.dumps(data(table), ensure_ascii=False, indent=1) + "\n").encode()


def document(tables: Sequence[Table], title: str) -> bytes:
    """All tables under one title."""
    return whole({"title": title, "tables": [{"title": table.title, **data(table)} for table in tables]})


def whole(record: Any) -> bytes:
    """Any plain data as JSON; decimals as strings."""
    return (json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n").encode()
