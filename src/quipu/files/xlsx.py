"""A table as a workbook: typed cells, frozen heads, and a sheet that says what the file is."""

import io
from datetime import UTC, datetime
from decimal import Decimal

import xlsxwriter

from quipu.files.plain import exact
from quipu.rules.table import Table

WIDEST = 60
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def draw(table: Table) -> bytes:
    """The bytes of an .xlsx file; the same table gives the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": EPOCH})  # not the clock: the same table gives the same bytes
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = {
        "money": book.add_format({"num_format": "#,##0.00;[Red](#,##0.00)"}),
        "percent": book.add_format({"num_format": "0.00"}),
        "count": book.add_format({"num_format": "#,##0"}),
    }
    bold = book.add_format({"bold": True, "top": 1})
    bold_number = book.add_format({"bold": True, "top": 1, "num_format": "#,##0.00;[Red](#,##0.00)"})
    sheet = book.add_worksheet("Table")
    widths = [len(column.label) for column in table.columns]
    for n, column in enumerate(table.columns):
        sheet.write_string(0, n, column.label, head)
    lines = [(row, False) for row in table.rows] + ([(table.total, True)] if table.total else [])
    for y, (row, is_total) in enumerate(lines, 1):
        for x, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            if isinstance(cell.value, Decimal | int):
                # Excel keeps fifteen digits; longer numbers stay text rather than becoming other numbers.
                if len(exact(cell.value).replace(".", "").lstrip("-")) <= 15:
                    sheet.write_number(y, x, cell.value, bold_number if is_total else formats.get(column.kind))
                else:
                    sheet.write_string(y, x, exact(cell.value))
            else:
                text = cell.label or exact(cell.value)
                sheet.write_string(y, x, text[:32767], bold if is_total else None)
                widths[x] = max(widths[x], len(text))
            widths[x] = max(widths[x], 14 if column.is_number else 0)
    for n, width in enumerate(widths):
        sheet.set_column(n, n, min(WIDEST, width + 2))
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    about = book.add_worksheet("About")
    about.set_column(0, 0, 18)
    about.set_column(1, 1, 90)
    facts = {"Title": table.title, "Unit": table.unit, **{k.capitalize(): v for k, v in table.about.items()}}
    if table.left_out.count:
        currencies = ", ".join(table.left_out.currencies)
        facts["Left out"] = f"{table.left_out.count} entries that could not be converted ({currencies})"
    for n, note in enumerate(table.notes, 1):
        facts[f"Note {n}"] = note
    for y, (key, value) in enumerate((k, v) for k, v in facts.items() if v):
        about.write_string(y, 0, key, head)
        about.write_string(y, 1, value)
    book.close()
    return out.getvalue()
