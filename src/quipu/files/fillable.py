"""Workbooks to be filled in: a sheet with a row for each thing and drop-downs, read back cell by cell, returned with remarks."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

LARGEST = 5 << 20  # bytes of a workbook
UNPACKED = 60 << 20  # bytes of what is packed in it
HEAD = 2  # the row of the columns' names; their hints stand above it
LISTS = "Lists"
REMARKS = "Remarks"
WRONG, FINE = PatternFill("solid", fgColor="F6D5D5"), PatternFill("solid", fgColor="E3EFE0")
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, OSError, EOFError, IndexError, SyntaxError),
    *(AttributeError, NotImplementedError, RuntimeError),
)


class Unreadable(Exception):
    """It is no workbook that can be read here."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: key for us, label for people. choices: its drop-down; kind: text, date or money."""

    key: str
    label: str
    hint: str = ""
    choices: Sequence[str] = ()
    kind: str = "text"
    width: int = 18


@dataclass(slots=True)
class Filled:
    """A row that somebody filled in: its number in the sheet and its cells by column."""

    number: int
    cells: dict[str, Any] = field(default_factory=dict)


def draw(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], title: str, room: int) -> bytes:
    """The bytes of a workbook with these rows filled in. room: for how many rows drop-downs are offered."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title[:31]
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for n, column in enumerate(columns, 1):
        letter = get_column_letter(n)
        sheet.cell(1, n, column.hint).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(1, n).font = Font(italic=True, color="555555", size=9)
        sheet.cell(HEAD, n, column.label).font = Font(bold=True)
        sheet.column_dimensions[letter].width = column.width
        if column.choices:
            for y, choice in enumerate(column.choices, 1):
                write_text(lists.cell(y, n), choice)
            offered = DataValidation("list", f"={LISTS}!${letter}$1:${letter}${len(column.choices)}", allow_blank=True)
            sheet.add_data_validation(offered)
            offered.add(f"{letter}{HEAD + 1}:{letter}{HEAD + room}")
        form = {"date": "yyyy-mm-dd", "money": "#,##0.00"}.get(column.kind, "@")
        for y in range(HEAD + 1, HEAD + 1 + room):
            sheet.cell(y, n).number_format = form
    for y, row in enumerate(rows, HEAD + 1):
        for n, column in enumerate(columns, 1):
            if (value := row.get(column.key)) not in (None, ""):
                write_text(sheet.cell(y, n), str(value))
    sheet.freeze_panes = sheet.cell(HEAD + 1, 3)
    return bytes_of(book)


def write_text(cell: Any, text: str) -> None:
    """Text that no program takes for a formula."""
    cell.value, cell.data_type = text, "s"


def read(body: bytes, columns: Sequence[Column], most: int) -> tuple[list[Filled], list[str]]:
    """The rows of a workbook with anything in them, and the labels of columns that are missing. Raises Unreadable.

    Columns are found by their names, wherever they stand. More than `most` rows: one more than that is answered.
    """
    book = open_book(body, values=True)
    try:
        sheet = book.worksheets[0]
        lines = sheet.iter_rows(min_row=HEAD, max_col=len(columns) * 3, values_only=True)
        head = [str(label or "").strip() for label in next(lines, ())]
        places = {column.key: head.index(column.label) for column in columns if column.label in head}
        missing = [column.label for column in columns if column.key not in places]
        found: list[Filled] = []
        for number, line in enumerate(lines, HEAD + 1):
            cells = {key: line[at] for key, at in places.items() if at < len(line) and _is_said(line[at])}
            if cells:
                found.append(Filled(number, cells))
            if len(found) > most:
                break
    except BROKEN as error:
        raise Unreadable(str(error)) from error
    finally:
        book.close()
    return found, missing


def _is_said(value: Any) -> bool:
    return value is not None and str(value).strip() != ""


def text_of(value: Any) -> str:
    """A cell's value as a person would have typed it, numbers as exactly as the file holds them."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip()


def remarked(
    body: bytes,
    columns: Sequence[Column],
    remarks: Mapping[tuple[int, str], str],
    told: Mapping[int, str],
    keys: Mapping[int, str],
) -> bytes:
    """The same workbook with remarks in its cells, by row and column; told: what became of a row; keys: of rows without one.

    Raises Unreadable.
    """
    book = open_book(body, values=False)
    sheet = book.worksheets[0]
    head = [str(cell.value or "").strip() for cell in sheet[HEAD]]
    places = {column.key: head.index(column.label) + 1 for column in columns if column.label in head}
    last = len(head) + 1 if REMARKS not in head else head.index(REMARKS) + 1
    for line in sheet.iter_rows(min_row=HEAD + 1, max_row=sheet.max_row):
        for cell in line:  # what an earlier check remarked is gone
            if cell.comment is not None:
                cell.comment, cell.fill = None, PatternFill()
            if cell.column == last:
                cell.value = None
    sheet.cell(HEAD, last, REMARKS).font = Font(bold=True)
    sheet.column_dimensions[get_column_letter(last)].width = 60
    for (number, key), said in remarks.items():
        if key in places:
            cell = sheet.cell(number, places[key])
            cell.comment, cell.fill = Comment(said, "Quipu", width=320, height=120), WRONG
    for number, said in told.items():
        cell = sheet.cell(number, last)
        write_text(cell, said)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.fill = WRONG if any(row == number for row, _ in remarks) else FINE
    for number, key in keys.items():
        if "key" in places:
            write_text(sheet.cell(number, places["key"]), key)
    return bytes_of(book)


def open_book(body: bytes, *, values: bool) -> Any:
    """The workbook, as it stands or by its values. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if len(body) > LARGEST or sum(one.file_size for one in packed.infolist()) > UNPACKED:
                raise Unreadable("too large")
        return openpyxl.load_workbook(io.BytesIO(body), data_only=values, read_only=values, keep_links=False)
    except BROKEN as error:
        raise Unreadable(str(error)) from error


def bytes_of(book: Any) -> bytes:
    """The workbook as a file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
