"""The sheet that a return is typed into: what was typed, what of it differs from what was shown, and what is wrong in it.

Only what its writer changed is sent, so that two who work on different rows do not undo each other.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from quipu.actions.returns import standing
from quipu.desk.returns import words
from quipu.rules.dates import read_date
from quipu.rules.difference import Cells, Value, apply, difference
from quipu.rules.findings import Finding
from quipu.rules.returns import rows
from quipu.rules.returns.checks import Part
from quipu.rules.returns.rows import AMOUNT, COMMENT, NOTE, Row
from quipu.rules.returns.states import INTERIM

A, C, N = "a:", "c:", "n:"  # names of fields: a row's amount, its comment, a new correction of a project
NEW = ("category", "year", AMOUNT, COMMENT)


@dataclass
class Sheet:
    """What is typed. typed: by the field's name; shown: the cells that the writer saw; faults: by the field's name."""

    record: Any
    parts: Mapping[str, Part]
    closed: frozenset[int]
    typed: dict[str, str] = field(default_factory=dict)
    shown: Cells = field(default_factory=dict)
    faults: dict[str, Finding] = field(default_factory=dict)
    sent: dict[str, dict[str, Value | None]] = field(default_factory=dict)
    seen: int | None = None
    remark: str = ""
    until: date | None = None

    @property
    def cells(self) -> dict[str, dict[str, Value]]:
        """What the return would say."""
        return apply(self.record.cells, difference(self.record.cells, self.sent))

    def value(self, name: str, cell: Value | None, currency: str) -> str:
        """What stands in a field: what was typed into it, or else what the return says."""
        if name in self.typed:
            return self.typed[name]
        return words.amount(cell, currency) if isinstance(cell, int) else str(cell or "")

    def of_new(self, project: str, name: str) -> str:
        """What was typed into a field of a project's new correction."""
        return self.typed.get(f"{N}{project}:{name}", "")

    @property
    def closed_before(self) -> list[int]:
        """The years that may be corrected, the latest first."""
        return sorted((year for year in self.closed if year < self.record.year), reverse=True)


def blank(record: Any, parts: Mapping[str, Part], closed: frozenset[int], seen: int | None) -> Sheet:
    """The sheet as the return stands."""
    return Sheet(record, parts, closed, shown=record.cells, seen=seen, remark=record.remark, until=record.until)


def read(record: Any, parts: Mapping[str, Part], closed: frozenset[int], posted: Mapping[str, str]) -> Sheet:
    """The sheet as it was sent."""
    sheet = Sheet(record, parts, closed, remark=record.remark, until=record.until)
    sheet.shown = _shown(posted.get("shown", ""))
    seen = posted.get("seen", "")
    sheet.seen = int(seen) if seen.isascii() and seen.isdigit() else None
    for name, text in posted.items():
        kind, key = name[:2], name[2:]
        row = rows.read(key)
        if kind in (A, C) and row is not None and row.project in parts:
            _read_cell(sheet, kind, name, row, text)
    for project in parts:
        _read_new(sheet, project, posted)
    _read_rest(sheet, posted)
    return sheet


def _shown(text: str) -> Cells:
    """The cells that stood in the form; what is no such text counts as nothing shown."""
    try:
        told = json.loads(text or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) and all(isinstance(one, dict) for one in told.values()) else {}


def _read_cell(sheet: Sheet, kind: str, name: str, row: Row, text: str) -> None:
    column = AMOUNT if kind == A else COMMENT
    was = sheet.shown.get(row.key, {}).get(column)
    currency = sheet.parts[row.project].currency
    if column == COMMENT:
        value: int | str | None = text.replace("\r\n", "\n").strip() or None
    else:
        value = words.read_amount(text, currency)
    if isinstance(value, str) and column == AMOUNT:
        sheet.typed[name] = text
        sheet.faults[name] = Finding(value, row.key)
    elif value != was:
        sheet.typed[name] = text
        sheet.sent.setdefault(row.key, {})[column] = value


def _read_new(sheet: Sheet, project: str, posted: Mapping[str, str]) -> None:
    """A correction of a closed year that has no row yet."""
    said = {name: posted.get(f"{N}{project}:{name}", "").strip() for name in NEW}
    if not (said[AMOUNT] or said[COMMENT]):
        return
    sheet.typed |= {f"{N}{project}:{name}": text for name, text in said.items()}
    year = said["year"]
    known = said["category"] in rows.categories(int(year)) if year.isascii() and year.isdigit() else False
    amount = words.read_amount(said[AMOUNT], sheet.parts[project].currency)
    name = f"{N}{project}:{AMOUNT}"
    if isinstance(amount, str):
        sheet.faults[name] = Finding(amount, name)
    elif amount is None or not known:
        sheet.faults[name] = Finding("return-correction", name)
    else:
        key = Row(project, said["category"], int(year)).key
        sheet.sent[key] = {AMOUNT: amount, **({COMMENT: said[COMMENT]} if said[COMMENT] else {})}


def _read_rest(sheet: Sheet, posted: Mapping[str, str]) -> None:
    if "remark" in posted:
        sheet.remark = posted["remark"].replace("\r\n", "\n").replace("\0", "").strip()[:2_000]
    if sheet.record.kind == INTERIM and (said := posted.get("until", "").strip()):
        sheet.until = read_date(said)
        if sheet.until is None or sheet.until.year != sheet.record.year:
            sheet.typed["until"] = said
            sheet.faults["until"] = Finding("date-typed", "until")


def take(sheet: Sheet, key: str, amount: int) -> None:
    """Takes an offered amount into a row."""
    row = rows.read(key)
    if row is not None and row.project in sheet.parts and row.category != NOTE:
        sheet.faults.pop(f"{A}{key}", None)
        sheet.sent.setdefault(key, {})[AMOUNT] = amount
        sheet.typed[f"{A}{key}"] = words.amount(amount, sheet.parts[row.project].currency)


def after_others(sheet: Sheet, seen: int) -> dict[str, str]:
    """What others wrote since the form was opened, into fields that its writer changed as well: by name, as it stands now.

    What only the others changed stands in the form from now on; what its writer typed stays.
    """
    met = {}
    for key, columns in sheet.sent.items():
        for column in columns:
            was, now = (cells.get(key, {}).get(column) for cells in (sheet.shown, sheet.record.cells))
            if was != now:
                currency = sheet.parts[getattr(rows.read(key), "project", "")].currency
                told = words.amount(now, currency) if isinstance(now, int) else str(now or "–")
                met[f"{A if column == AMOUNT else C}{key}"] = told
    sheet.shown, sheet.seen = sheet.record.cells, seen
    return met


def further(record: Any, parts: Mapping[str, Part], chosen: Sequence[str]) -> tuple[list[str], list[Part]]:
    """Projects that the year is not about: those that were asked for, and those that could be."""
    owed = set(standing.owed(parts, record.year)) | {
        row.project for key in record.cells if (row := rows.read(key)) is not None
    }
    beside = [part for code, part in parts.items() if code not in owed]
    return [part.project for part in beside if part.project in chosen], [
        part for part in beside if part.project not in chosen
    ]
