"""A workbook that somebody sent, given back with remarks in its cells: what to mend where it stands, what became of each row."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from quipu.files.fillable import BROKEN, FINE, WRONG, Unreadable, bytes_of, open_book, write_text
from quipu.files.guided import ASKS, OPEN

AUTHOR = "Quipu remarks"
ASKED = PatternFill("solid", fgColor=ASKS[1:])
WIDTH = 60  # of the column beside the rows


@dataclass(slots=True)
class Remarks:
    """What is said of a sheet: of cells by row from 1 and column from 0, and of rows.

    head: its row of labels; column: where rows are told of; wrong: those to be mended.
    """

    head: int
    column: int
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    rows: dict[int, str] = field(default_factory=dict)
    wrong: set[int] = field(default_factory=set)
    warned: set[int] = field(default_factory=set)


def remarked(body: bytes, remarks: Mapping[str, Remarks], title: str) -> bytes:
    """The workbook with remarks in its cells; what an earlier check remarked is gone. Raises Unreadable."""
    book = open_book(body, values=False)
    try:
        for name, said in remarks.items():
            if name in book.sheetnames:
                _remark(book[name], said, title)
        return bytes_of(book)
    except BROKEN as error:
        raise Unreadable(str(error)) from error


def _remark(sheet: Any, said: Remarks, title: str) -> None:
    column = said.column + 1
    for line in sheet.iter_rows(min_row=said.head + 1):
        for cell in line:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                is_open = sheet.protection.sheet and not cell.protection.locked
                cell.comment, cell.fill = None, PatternFill("solid", fgColor=OPEN[1:]) if is_open else PatternFill()
        last = sheet.cell(line[0].row, column)
        if last.value is not None and type(last).__name__ != "MergedCell":
            last.value, last.fill = None, PatternFill()
    write_text(sheet.cell(said.head, column), title)
    sheet.cell(said.head, column).font = Font(bold=True)
    sheet.column_dimensions[get_column_letter(column)].width = WIDTH
    for (row, at), told in said.cells.items():
        cell = sheet.cell(row, at + 1)
        if type(cell).__name__ == "MergedCell":
            continue
        cell.comment, cell.fill = Comment(told, AUTHOR, width=320, height=140), WRONG
    for row, told in said.rows.items():
        cell = sheet.cell(row, column)
        if type(cell).__name__ == "MergedCell":
            continue
        write_text(cell, told)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.fill = WRONG if row in said.wrong else ASKED if row in said.warned else FINE


def plain(lines: Iterable[tuple[int, Sequence[str]]]) -> bytes:
    """Texts as a workbook, each row where it stood."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = made.add_worksheet()
    for number, cells in lines:
        for x, text in enumerate(cells):
            if text:
                sheet.write_string(number - 1, x, text)
    made.close()
    return out.getvalue()
