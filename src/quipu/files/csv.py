"""A table as CSV: one header line, exact decimals, nothing a spreadsheet would run."""

import csv
import io

from quipu.files.plain import texts
from quipu.rules.table import Table, for_files

RISKY = ("=", "+", "-", "@", "\t", "\r")


def draw(table: Table) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets read accents rightly. The total is not a row of data."""
    table, out = for_files(table), io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.key for column in table.columns])
    for row in table.rows:
        writer.writerow(
            [
                _safe(cell) if column.kind == "text" else cell
                for column, cell in zip(table.columns, texts(row), strict=True)
            ]
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text
