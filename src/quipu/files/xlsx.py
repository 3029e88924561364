"""Tables as a workbook: typed cells, frozen heads, a sheet for each table, and one that says what the file is."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from quipu.files.plain import EPOCH, UNIT, exact, facts_of_all, facts_of_one
from quipu.rules.money import exponent
from quipu.rules.table import Cell, Column, Table, for_files

WIDEST = 60
LONGEST_NAME = 31  # of a sheet
NEVER_IN_A_NAME = "[]:*?/\\"  # of a sheet
ABOUT = "About"
KINDS = {"percent": "0.00", "count": "#,##0"}


def draw(table: Table) -> bytes:
    """The bytes of an .xlsx file; the same table gives the same bytes."""
    return _book({"Table": table}, table.title)


def document(tables: Sequence[Table], title: str) -> bytes:
    """A workbook with a sheet for each table, called by the name its statement is asked for with."""
    names = (table.about.get("statement", table.title).replace("-", " ").capitalize() for table in tables)
    return workbook(dict(zip(names, tables, strict=True)), title)


def workbook(tables: Mapping[str, Table], title: str) -> bytes:
    """A workbook with a sheet for each table under its name, as far as a sheet can bear it."""
    named: dict[str, Table] = {}
    for name, table in tables.items():
        short = "".join(" " if letter in NEVER_IN_A_NAME else letter for letter in name)[:LONGEST_NAME].strip(" '")
        taken = {each.casefold() for each in (*named, ABOUT)}
        n = 2
        while not short or short.casefold() in taken:
            short, n = f"{short[: LONGEST_NAME - 4]} {n}".strip(), n + 1
        named[short] = table
    return _book(named, title)


def _book(tables: Mapping[str, Table], title: str) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "created": EPOCH})
    looks = _Looks(book, {table.unit for table in tables.values()})
    for name, table in tables.items():
        _sheet(book.add_worksheet(name), table, looks)
    about = book.add_worksheet(ABOUT)
    about.set_column(0, 0, 18 if len(tables) == 1 else LONGEST_NAME)
    about.set_column(1, 1, 90)
    for y, (key, value) in enumerate((key, value) for key, value in _about(tables, title) if value):
        about.write_string(y, 0, key, looks.head)
        about.write_string(y, 1, value)
    book.close()
    return out.getvalue()


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any, units: Iterable[str]) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        forms = KINDS | {unit: _money(unit) for unit in sorted(units)} | {"text": "General"}
        self._looks = {
            (kind, weight): book.add_format({"num_format": form, **more})
            for kind, form in forms.items()
            for weight, more in (("plain", {}), ("strong", {"bold": True}), ("total", {"bold": True, "top": 1}))
        }

    def of(self, column: Column, unit: str, weight: str) -> Any:
        kind = unit if column.kind == "money" else column.kind if column.kind in KINDS else "text"
        return self._looks[kind, weight]


def _money(unit: str) -> str:
    amount = "#,##0" + f".{'0' * exponent(unit)}" * bool(exponent(unit))
    return f"{amount};[Red]({amount})"


def _sheet(sheet: Any, table: Table, looks: _Looks) -> None:
    table = for_files(table)
    widths = [len(column.label) for column in table.columns]
    for n, column in enumerate(table.columns):
        sheet.write_string(0, n, column.label, looks.head)
    lines = [(row, "strong" if row[0].value in table.strong else "plain") for row in table.rows]
    lines += [(table.total, "total")] if table.total else []
    for y, (row, weight) in enumerate(lines, 1):
        for x, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            widths[x] = max(
                widths[x], _write(sheet, y, x, cell, looks.of(column, table.unit, weight)), 14 * column.is_number
            )
    for n, width in enumerate(widths):
        sheet.set_column(n, n, min(WIDEST, width + 2))
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(f"&L{_printed(table.title)}&R&P / &N")


def _write(sheet: Any, y: int, x: int, cell: Cell, look: Any) -> int:
    """Writes a cell; answers the width its text wants."""
    if isinstance(cell.value, Decimal | int):
        # Excel keeps fifteen digits; longer numbers stay text rather than becoming other numbers.
        if len(exact(cell.value).replace(".", "").lstrip("-")) <= 15:
            sheet.write_number(y, x, cell.value, look)
        else:
            sheet.write_string(y, x, exact(cell.value), look)
        return 0
    text = cell.label or exact(cell.value)
    sheet.write_string(y, x, text[:32767], look)
    return len(text)


def _printed(title: str) -> str:
    """A title in the head of a printed page, where an ampersand is a command and 255 letters are the most."""
    return title.replace("&", "&&")[:200]


def _about(tables: Mapping[str, Table], title: str) -> Iterator[tuple[str, str]]:
    told = facts_of_all([*tables.values()])
    yield "Title", title
    yield "Unit", told.get(UNIT, "")
    yield from ((key, said) for key, said in told.items() if key != UNIT)
    for name, table in tables.items():
        if len(tables) > 1:
            yield name, table.title
        yield from facts_of_one(table, told).items()
        if table.left_out.count:
            currencies = ", ".join(table.left_out.currencies)
            yield "Left out", f"{table.left_out.count} entries that could not be converted ({currencies})"
        yield from ((f"Note {n}", note) for n, note in enumerate(table.notes, 1))
