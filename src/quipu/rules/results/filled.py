"""What a workbook of readings says: which indicator, reading and part a row is of, and what its cells hold.

A row's key is indicator, or indicator@reading for one that stands already, and for a part of it /list/choice behind that.
A text that can be read two ways is a finding, never a guess; words of any language of the site are understood.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from quipu.rules import cells, filled
from quipu.rules.cells import CLEAR, CLEARING, LEAVE, Blank, Cell, Faulty, folded, text_of
from quipu.rules.difference import Cells
from quipu.rules.filled import Grid, Head
from quipu.rules.findings import Finding, Refused
from quipu.rules.results import values
from quipu.rules.results.kinds import COUNTED, Kind

VALUE, SOURCE, ON, LINK, NOTE = "value", "source", "on", "link", "note"
FILLED = (VALUE, SOURCE, ON, LINK, NOTE)
BESIDE = FILLED[1:]  # what stands beside a value
ROW = ("key", "code", "part")  # columns that say which row it is
OF, BEHIND, FREE = "@", "/", "+"  # in keys; FREE: before the number of a row whose choice is written in it
LONGEST = 2_000  # characters of a text beside a value
NOBODYS = " "  # a sign between thousands that no text has, so that what can be read two ways is
WORDS = {Kind.TEXT}  # kinds whose value is whatever is written


class Place(NamedTuple):
    """What a row is of: an indicator, one of its readings ("" for none in particular), a list and a choice for a part."""

    indicator: str
    reading: str = ""
    list: str = ""
    choice: str = ""

    @property
    def of(self) -> str:
        """The key of the row that it belongs to: its own, or that of the whole."""
        return self.indicator + (OF + self.reading if self.reading else "")

    @property
    def key(self) -> str:
        """By which it is found again."""
        return BEHIND.join((self.of, self.list, self.choice)) if self.list else self.of


@dataclass(frozen=True, slots=True)
class Asked:
    """An indicator as a workbook asks for it. lists: by code, their choices, and whether others may be written."""

    kind: str
    lists: Mapping[str, tuple[Sequence[str], bool]] = field(default_factory=dict)


FilledRow = filled.FilledRow[Place]
Read = filled.Read[Place]


def headings(sheets: Iterable[Grid], labels: Mapping[str, str]) -> list[Head]:
    """The heads of sheets that have the columns of the workbook. labels: folded words and the names of their columns."""
    return filled.headings(sheets, labels, lambda places: VALUE in places and ("key" in places or "code" in places))


def read(sheets: Iterable[Grid], heads: Sequence[Head], asked: Mapping[str, Asked], words: Mapping[str, str]) -> Read:
    """The rows in which something was filled in. asked: by indicator; words: folded, and what they stand for in our values."""
    made = Read(heads=list(heads))
    for row, told in filled.rows(sheets, heads, ROW, FILLED):
        place = place_of(told, asked)
        if isinstance(place, Faulty):
            row.faults.append(place)
        else:
            row.row = place
            _fill(row, told, asked[place.indicator].kind, words)
        made.rows.append(row)
    return made


def place_of(told: Mapping[str, Cell], asked: Mapping[str, Asked]) -> Place | Faulty:
    """What a row is of, by its key, or by its indicator's code where the key is gone."""
    key, code, part = (text_of(told.get(name)) for name in ROW)
    found = read_key(key or code, asked)
    if found is None:
        return Faulty(Finding("reading-row-unknown", ""), "key" if key else "code", key or code)
    if key and code and code != found.indicator:
        return Faulty(Finding("reading-row-contradicted", "", key), "code", code)
    if not found.list:
        return found
    choices, is_open = asked[found.indicator].lists.get(found.list, ((), False))
    choice = " ".join(part.split()) if found.choice.startswith(FREE) else found.choice
    if not choice:
        return Faulty(Finding("reading-part-unsaid", ""), "part", "")
    if choice not in choices and not is_open:
        return Faulty(Finding("result-cell", ""), "key", key)
    return found._replace(choice=choice)


def read_key(text: str, asked: Mapping[str, Asked]) -> Place | None:
    """The place that a key names; None for none of these indicators'. Codes may hold slashes: the first that is known counts."""
    ends = [at for at, sign in enumerate(text) if sign == BEHIND]
    for end in (*ends, len(text)):
        whole, rest = text[:end], text[end + 1 :]
        code, _, reading = (whole, "", "") if whole in asked else whole.rpartition(OF)
        if code not in asked:
            continue
        if not rest:
            return Place(code, reading)
        name, _, choice = rest.partition(BEHIND)
        return Place(code, reading, name, choice)
    return None


def _fill(row: FilledRow, told: Mapping[str, Cell], kind: str, words: Mapping[str, str]) -> None:
    """What a row says of its cells."""
    assert row.row is not None
    is_part = bool(row.row.list)
    read = {
        VALUE: value(told.get(VALUE), kind, words),
        ON: day(told.get(ON)),
        **{name: text(told.get(name)) for name in (SOURCE, LINK, NOTE)},
    }
    for column, found in read.items():
        shown = text_of(told.get(column))[:80]
        if is_part and column != VALUE and found is not LEAVE:
            row.faults.append(Faulty(Finding("reading-part-alone", ""), column, shown))
        elif isinstance(found, Finding):
            row.faults.append(Faulty(found, column, shown))
        elif found is CLEAR:
            row.sent[column] = None
        elif not isinstance(found, Blank):
            row.sent[column] = found


def value(cell: Cell, kind: str, words: Mapping[str, str]) -> str | Blank | Finding:
    """A value as it is kept, or what else the cell says, or what is wrong with it."""
    said = text_of(cell)
    if not said:
        return LEAVE
    if said.casefold() == CLEARING:
        return CLEAR
    group = NOBODYS
    if kind in COUNTED:
        said = words.get(folded(said), said)
        if isinstance(cell, bool):
            said = words.get(str(cell), said)
    elif kind not in WORDS:
        if isinstance(cell, date):
            return Finding("reading-value-day", "")
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            number = cells.exact(cell)
            if kind == Kind.PERCENTAGE and 0 < abs(number) <= 1:
                return Finding("reading-percent", "")
            said, group = f"{number:f}", ""
    try:
        return str(values.read(kind, said, group))
    except (Refused, ArithmeticError) as no:
        rules = [one.rule for one in no.findings] if isinstance(no, Refused) else ["amount-unreadable"]  # type: ignore[attr-defined]
        return Finding(rules[0], "")


def text(cell: Cell) -> str | Blank | Finding:
    """Words beside a value."""
    said = text_of(cell)
    if not said:
        return LEAVE
    if said.casefold() == CLEARING:
        return CLEAR
    if len(said) > LONGEST:
        return Finding("reading-words-long", "", f"{len(said):,}")
    return Finding("text-unreadable", "") if "\0" in said else said


def day(cell: Cell) -> str | Blank | Finding:
    """A day, as the sheet keeps days or written as 2025-12-31."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    said = text_of(cell)
    if not said:
        return LEAVE
    if said.casefold() == CLEARING:
        return CLEAR
    try:
        return (
            date.fromisoformat(said).isoformat()
            if isinstance(cell, str) and len(said) == 10
            else Finding("reading-day", "")
        )
    except ValueError:
        return Finding("reading-day", "")


def cells_of(record: Any, of: str) -> Cells:
    """A reading as rows and columns of a workbook; of: the key of its first row."""
    if record is None:
        return {}
    told = {
        VALUE: record.value,
        SOURCE: record.source,
        ON: record.on.isoformat() if record.on else "",
        LINK: record.link,
        NOTE: record.note,
    }
    parts = {
        f"{of}/{name}/{choice}": {VALUE: text}
        for name, choices in record.cells.items()
        for choice, text in choices.items()
    }
    return {of: {column: text for column, text in told.items() if text}, **parts}
