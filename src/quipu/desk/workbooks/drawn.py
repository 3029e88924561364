"""The workbook of an organization's returns, drawn from the books in the reader's language; and given back with remarks."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from quipu.actions.returns.uploading import Held, Told
from quipu.books import records
from quipu.desk.drawing import said, sentence, spoken
from quipu.desk.workbooks import words
from quipu.files import return_book, sheets
from quipu.files.fillable import Unreadable, open_book
from quipu.files.return_book import Book, Remarks
from quipu.rules import calendar
from quipu.rules.findings import ERROR, NOTE, Finding
from quipu.rules.returns.checks import Part
from quipu.rules.returns.reading import text_of
from quipu.rules.returns.states import ANNUAL, FINAL, INTERIM

DUTIES = {ANNUAL: "annual_return", INTERIM: "interim_return", FINAL: "final_statement"}
LABELS = {INTERIM: "Interim figures", ANNUAL: "Annual return", FINAL: "Certified final statement"}


def template(held: Held, name: str, address: str, may: Callable[[str], bool], fund: str = "") -> bytes:
    """The workbook of a year for all funds that somebody writes for, or for one of them."""
    own = [part for part in held.parts.values() if may(part.fund) and fund in ("", part.fund)]
    parts = [part for part in own if held.kind == FINAL or part.reports_on(held.year)]
    cells = {one: held.cells(one) for one in {part.fund for part in parts}}
    book = Book(held.organization, held.year, held.kind, spoken().language, parts, cells, held.closed, fund)
    return return_book.draw(book, words.texts(held.year, facts(held, name, parts), address))


def facts(held: Held, name: str, parts: Sequence[Part]) -> list[tuple[str, str]]:
    """What stands above the ten lines: whose it is, what for, and by when."""
    own = records.deadlines()
    days: dict[Any, list[str]] = {}
    for one in sorted({part.fund for part in parts}):
        days.setdefault(calendar.due(DUTIES[held.kind], held.year, own.get(one)), []).append(one)
    due = [words.day(day) + (f" ({', '.join(funds)})" if len(days) > 1 else "") for day, funds in sorted(days.items())]
    return [
        (said("Organization"), name),
        (said("What for"), f"{said(LABELS[held.kind])}, {held.year}"),
        (said("Due by"), "; ".join(due) or "–"),
    ]


def told(one: Told) -> str:
    """A finding in words."""
    return sentence(Finding(one.rule, one.place, one.detail))


def place(one: Told, heads: dict[str, Any]) -> str:
    """Where it stands, as its sender sees it: K14, or a row."""
    head = heads.get(one.sheet)
    if head is not None and one.row and one.column in head[1]:
        return f"{sheets.letter(head[1][one.column])}{one.row}"
    return said("row %(number)s", number=one.row) if one.row else ""


def remarked(body: bytes, findings: Sequence[Told], heads: dict[str, Any], done: dict[tuple[str, int], str]) -> bytes:
    """The file as a workbook with remarks in its cells. done: what became of rows without a fault. Raises Unreadable."""
    if not body.startswith(b"PK"):
        body = _as_workbook(body)
        only = open_book(body, values=False).sheetnames[0]
        heads = dict.fromkeys([only], next(iter(heads.values()), (1, {}, 1)))
        findings = [replace(one, sheet=only) for one in findings]
        done = {(only, row): what for (_, row), what in done.items()}
    remarks = {name: Remarks(row, places.get("remarks", width)) for name, (row, places, width) in heads.items()}
    for (sheet, row), what in done.items():
        if sheet in remarks:
            remarks[sheet].rows[row] = what
    for finding in findings:
        if finding.sheet in remarks and finding.row and not finding.is_answered and finding.severity != NOTE:
            _remark(remarks[finding.sheet], finding, heads[finding.sheet][1].get(finding.column))
    return return_book.remarked(body, remarks, said("Remarks"))


def _remark(sheet: Remarks, finding: Told, column: int | None) -> None:
    text = told(finding)
    if column is not None:
        at = (finding.row, column)
        sheet.cells[at] = "\n".join(filter(None, (sheet.cells.get(at, ""), text)))
    is_first = finding.row not in sheet.warned
    sheet.rows[finding.row] = text if is_first else f"{sheet.rows[finding.row]}\n{text}"
    sheet.warned.add(finding.row)
    if finding.severity == ERROR:
        sheet.wrong.add(finding.row)


def _as_workbook(body: bytes) -> bytes:
    """A text with its cells, as a workbook. Raises Unreadable."""
    try:
        (sheet,) = sheets.read_bytes(body)
    except (sheets.Unreadable, ValueError) as no:
        raise Unreadable(str(no)) from no
    return return_book.plain([(number, [text_of(cell) for cell in cells]) for number, cells in sheet.rows])
