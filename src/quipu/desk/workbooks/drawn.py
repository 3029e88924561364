"""The workbook of an organization's returns, drawn from the books in the reader's language."""

from collections.abc import Callable, Sequence
from typing import Any

from quipu.actions.returns.uploading import Held
from quipu.books import records
from quipu.desk.drawing import said, spoken
from quipu.desk.workbooks import words
from quipu.files import return_book
from quipu.files.return_book import Book
from quipu.rules import calendar
from quipu.rules.returns.checks import Part
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
