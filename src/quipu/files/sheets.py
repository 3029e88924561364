"""Tables that somebody sends, read in a process of its own with limits: what a file does to its reader, it does to no page.

Workbooks (.xlsx) by calamine, text (.csv) by its own signs between cells. Nothing of it is reckoned or run; what is said of a
cell beside its value (hidden rows, merged cells, formulas without a value) comes along, so that a rule can speak of it.
"""

import csv
import gc
import io
import json
import math
import os
import re
import resource
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

MEMORY = 1 << 30  # of the process
SECONDS = 10  # of computing; by the clock, half as many again
UNPACKED = 600 << 20  # bytes of all that is packed in a workbook
LOOKED_THROUGH = 100 << 20  # bytes of a sheet, at most, in which hidden rows and formulas are looked for
PARTS = 2_000  # files in a workbook
SHEETS = 60
MOST_ROWS = 20_000  # with anything in them, of all sheets together
MOST_COLUMNS = 120
LONGEST = 10_000  # characters of a cell
SEPARATORS = ";,\t|"
FAULTS = ("sheets-kind", "sheets-old", "sheets-macros", "sheets-large", "sheets-broken", "sheets-rows")
Value = str | int | float | bool | date | datetime | None


class Unreadable(Exception):
    """It is not read here. rule: why."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(slots=True)
class Sheet:
    """A sheet: its rows with anything in them, by number from 1; cells by column from 0.

    hidden: rows that nobody sees; merged: first and last row and column of cells that are one; unreckoned: cells (row,
    column) with a formula and no value, or with an error. is_text: it came as text, so nothing in it is a number.
    """

    name: str
    rows: list[tuple[int, list[Value]]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    unreckoned: set[tuple[int, int]] = field(default_factory=set)
    is_text: bool = False


def letter(column: int) -> str:
    """The name of a column, from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def number(name: str) -> int:
    """The column of that name, from 0."""
    found = 0
    for one in name:
        found = found * 26 + ord(one) - 64
    return found - 1


def read(path: Path) -> list[Sheet]:
    """The sheets of a file. Never takes longer or more than the limits. Raises Unreadable."""
    source = str(Path(__file__).parents[2])
    command = [sys.executable, "-P", "-m", "quipu.files.sheets", str(path.absolute())]
    with tempfile.TemporaryFile() as out:
        try:
            done = subprocess.run(  # noqa: S603 - our own module; the environment holds no settings, so no passwords
                command,
                env={"PYTHONPATH": source, "PYTHONUTF8": "1", "PATH": os.environ.get("PATH", "")},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS * 1.5,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Unreadable("sheets-large") from None
        if done.returncode:
            raise Unreadable("sheets-large")
        out.seek(0)
        told = json.load(out)
    if "fault" in told:
        raise Unreadable(told["fault"] if told["fault"] in FAULTS else "sheets-broken")
    return [_given(one) for one in told["sheets"]]


def read_bytes(body: bytes) -> list[Sheet]:
    """The same of bytes, which lie in a file for that long alone. Raises Unreadable."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        return read(Path(file.name))


def _given(told: dict[str, Any]) -> Sheet:
    return Sheet(
        told["name"],
        [(row, [_value(cell) for cell in cells]) for row, cells in told["rows"]],
        set(told["hidden"]),
        [(a, b, c, d) for a, b, c, d in told["merged"]],
        {(row, column) for row, column in told["unreckoned"]},
        told["is_text"],
    )


def _value(told: Any) -> Value:
    if told == "":
        return None
    if isinstance(told, dict):
        return datetime.fromisoformat(told["at"]) if "at" in told else date.fromisoformat(told["on"])
    return told  # type: ignore[no-any-return]


# What the process does


def sheets_of(path: Path) -> list[dict[str, Any]]:
    """The sheets of a file, in this very process. Raises Unreadable."""
    with path.open("rb") as file:
        first = file.read(8)
    if first.startswith(b"PK"):
        return _workbook(path)
    if first.startswith(b"\xd0\xcf\x11\xe0"):  # of before 2007, or locked with a password
        raise Unreadable("sheets-old")
    return [_text(path)]


def _workbook(path: Path) -> list[dict[str, Any]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only here, inside the limits

    try:
        with zipfile.ZipFile(path) as packed:
            parts = {one.filename: one for one in packed.infolist()}
            if len(parts) > PARTS or sum(one.file_size for one in parts.values()) > UNPACKED:
                raise Unreadable("sheets-large")
            if any(name.lower().endswith("vbaproject.bin") for name in parts):
                raise Unreadable("sheets-macros")
            if not any(name.startswith("xl/workbook") and name.endswith(".xml") for name in parts):
                raise Unreadable("sheets-kind")
            where = _sheet_files(packed)
            book = CalamineWorkbook.from_path(str(path))
            found: list[dict[str, Any]] = []
            rows = 0
            for name in book.sheet_names[:SHEETS]:
                sheet = _sheet(book, name)
                rows += len(sheet["rows"])
                if rows > MOST_ROWS:
                    raise Unreadable("sheets-rows")
                file = where.get(name, "")
                if sheet["rows"] and file in parts and parts[file].file_size <= LOOKED_THROUGH:
                    _look_through(packed, file, sheet)
                found.append(sheet)
    except Unreadable:
        raise
    except MemoryError:
        raise Unreadable("sheets-large") from None
    except (
        CalamineError,
        zipfile.BadZipFile,
        OSError,
        ValueError,
        KeyError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as no:
        raise Unreadable("sheets-broken") from no
    return found


def _sheet(book: Any, name: str) -> dict[str, Any]:
    from python_calamine import CalamineError  # noqa: PLC0415

    told: dict[str, Any] = {"name": name, "rows": [], "hidden": [], "merged": [], "unreckoned": [], "is_text": False}
    try:
        sheet = book.get_sheet_by_name(name)
    except CalamineError:  # a chart stands alone on it
        return told
    for at, cells in enumerate(sheet.iter_rows(), 1):
        if any(cells) or any(cell != "" for cell in cells):
            told["rows"].append((at, [_plain(cell) for cell in cells[:MOST_COLUMNS]]))
            if len(told["rows"]) > MOST_ROWS:
                raise Unreadable("sheets-rows")
    told["merged"] = [(a + 1, b, c + 1, d) for (a, b), (c, d) in (sheet.merged_cell_ranges or ())[:10_000]]
    return told


def _plain(cell: Any) -> Any:
    if type(cell) is str:
        return cell if len(cell) <= LONGEST else cell[:LONGEST]
    if isinstance(cell, datetime):
        return {"at": cell.isoformat()} if cell.time() != time() else {"on": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"on": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return str(cell)
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return str(cell)
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    return cell


_ATTRIBUTE = r'\b{}\s*=\s*["\']([^"\']*)'
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
SMALL = 4 << 20


def _sheet_files(packed: zipfile.ZipFile) -> dict[str, str]:
    """Where in the packed file each sheet lies, by its name; {} where that is said in another way than usual."""
    import html  # noqa: PLC0415

    def told(name: str) -> str:
        with packed.open(name) as file:
            return file.read(SMALL).decode("utf-8", "replace")

    def attribute(tag: str, name: str) -> str:
        found = re.search(_ATTRIBUTE.format(name), tag)
        return html.unescape(found[1]) if found else ""

    try:
        relations = {
            attribute(tag, "Id"): attribute(tag, "Target")
            for tag in _RELATION.findall(told("xl/_rels/workbook.xml.rels"))
        }
        sheets = {attribute(tag, "name"): attribute(tag, r"\w+:id") for tag in _SHEET.findall(told("xl/workbook.xml"))}
    except KeyError:
        return {}
    files = {name: relations.get(relation, "") for name, relation in sheets.items()}
    return {name: target.lstrip("/") if target.startswith("/") else f"xl/{target}" for name, target in files.items()}


_HIDDEN = re.compile(rb'<row\s(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="([0-9]+)"')
_ENDS = (  # of cells with a formula and nothing behind it, or with an error; each begins with what is seldom elsewhere
    re.compile(rb"</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"),
    re.compile(rb"<f\s[^>]*/>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"),
    re.compile(rb't="e"'),
)
_PLACE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')


def _look_through(packed: zipfile.ZipFile, name: str, sheet: dict[str, Any]) -> None:
    """Which rows are hidden, and which cells hold a formula that nobody reckoned, or that ended in an error."""
    with packed.open(name) as file:
        xml = file.read(LOOKED_THROUGH + 1)
    if b"hidden=" in xml:
        sheet["hidden"] = [int(row) for row in _HIDDEN.findall(xml)]
    cells = {place for end in _ENDS for found in end.finditer(xml) if (place := _cell_at(xml, found.start()))}
    if cells:
        sheet["unreckoned"] = sorted(cells)[:MOST_ROWS]
        missing = {row for row, _ in sheet["unreckoned"]} - {row for row, _ in sheet["rows"]}
        sheet["rows"] = sorted([*sheet["rows"], *((row, []) for row in missing)], key=lambda one: one[0])


def _cell_at(xml: bytes, at: int) -> tuple[int, int] | None:
    """The cell that holds that place; None for a formula whose value is an empty text."""
    start = xml.rfind(b"<c ", 0, at + 1)
    tag = xml[start : xml.find(b">", start)]
    found = _PLACE.search(tag)
    return None if found is None or b't="str"' in tag else (int(found[2]), number(found[1].decode()))


def _text(path: Path) -> dict[str, Any]:
    body = path.read_bytes()
    said = _decoded(body)
    lines = said.splitlines()[:20]
    if not lines:
        raise Unreadable("sheets-kind")
    counts = {sign: [line.count(sign) for line in lines] for sign in SEPARATORS}
    sign = max(SEPARATORS, key=lambda one: (sum(count > 0 for count in counts[one]), min(counts[one])))
    if not any(counts[sign]):
        raise Unreadable("sheets-kind")
    csv.field_size_limit(1 << 20)
    found: list[tuple[int, list[str]]] = []
    try:
        for at, cells in enumerate(csv.reader(io.StringIO(said, newline=""), delimiter=sign), 1):
            if any(cell.strip() for cell in cells):
                found.append((at, [cell[:LONGEST].strip() for cell in cells[:MOST_COLUMNS]]))
            if len(found) > MOST_ROWS:
                raise Unreadable("sheets-rows")
    except csv.Error:
        raise Unreadable("sheets-broken") from None
    told: dict[str, Any] = {"name": "", "rows": found, "hidden": [], "merged": [], "unreckoned": [], "is_text": True}
    return told


_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def _decoded(body: bytes) -> str:
    """Text by its mark, as UTF-8, or else as Windows writes the languages of the west."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            names: tuple[str, ...] = (name,)
            break
    else:
        names = ("utf-8", "cp1252")
    for name in names:
        try:
            said = body.decode(name)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(said[:100_000]) and not said.lstrip()[:20].startswith(("%PDF", "<", "{\\rtf")):
            return said
    raise Unreadable("sheets-kind")


def _main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # it ends with its answer
    try:
        told: dict[str, Any] = {"sheets": sheets_of(Path(path))}
    except Unreadable as no:
        told = {"fault": no.rule}
    except MemoryError:
        told = {"fault": "sheets-large"}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    _main(sys.argv[1])
