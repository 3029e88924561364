"""Text to words: the whole grammar of the journal. It never stops at the first fault, and never raises one."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from quipu.rules.journal.cursor import END, NO_DATE, Cursor, Faults, either, in_order
from quipu.rules.journal.lines import read_line, read_place
from quipu.rules.journal.moving import read_moved
from quipu.rules.journal.tokens import VALUE
from quipu.rules.journal.words import (
    ALONE,
    COMMUNITY,
    FORMS,
    FUND,
    LAYOUTS,
    PARTICIPATION,
    PROJECT,
    REPLACES,
    REVERSES,
    STATUS_WORDS,
    VOUCHER_KINDS,
    Assertion,
    CloseYear,
    Declaration,
    Directive,
    Extend,
    Item,
    Journal,
    Line,
    Meta,
    Place,
    Reference,
    ReopenYear,
    Revolving,
    Setting,
    StatusChange,
    Voucher,
)

SETTING = re.compile(r"[ \t]+([A-Za-z0-9._-]+):")
REVOLVING = "revolving"
DIRECTIVES = ("status", "close-year", "reopen-year", "extend", REVOLVING)
BALANCE = "balance"
STATEMENT_KEY = re.compile(r"[a-z]+(?:_[a-z]+)*")  # which of them exist, the statement knows
LONGEST_HASH = 128
ENTRY = re.compile(r"\^([A-Za-z0-9._/-]+)#([1-9][0-9]{0,5})")
HASH = re.compile(r"[A-Za-z0-9+/=._-]+")  # of a memo, and its salt
SHA256 = re.compile(r"sha256-[0-9A-Fa-f]{64}")
INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
ABOVE = "a declaration or a voucher above what is indented"
Said = TypeVar("Said")
METAS = ("recorded", "by", "approved", "memo", "document")
AT_MOST_ONCE = ("recorded", "by", "memo")


class _Written(NamedTuple):
    """A line of the file that says something."""

    number: int
    text: str

    @property
    def is_indented(self) -> bool:
        return self.text[:1] in (" ", "\t")


def read(text: str | bytes, name: str) -> Journal:
    """The journal a file holds. Whatever is wrong in it stands in `faults`, by line and column."""
    faults = Faults(name)
    items: list[Item] = []
    decoded = _decoded(text, faults)
    for number, line in enumerate(decoded.split("\n"), 1) if "\0" in decoded else ():
        if "\0" in line:  # no database keeps it in a text
            faults.note(number, line.index("\0") + 1, "text without the character NUL", "NUL")
    for head, body in _groups(_lines(decoded)):
        cursor = Cursor(faults, head.number, head.text)
        if head.is_indented:
            cursor.fault(ABOVE)
            continue
        items += filter(None, [_item(cursor, body, faults)])
    return Journal(name, tuple(items), in_order(faults.noted))


def _decoded(text: str | bytes, faults: Faults) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as wrong:
        before = text[: wrong.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode()) + 1
        faults.note(before.count(b"\n") + 1, column, "text in UTF-8", f"the byte {text[wrong.start]:02x}")
        return text.decode(errors="replace").removeprefix("\ufeff")


def _lines(text: str) -> Iterator[_Written]:
    """The lines that are neither blank nor a comment."""
    for number, line in enumerate(text.split("\n"), 1):
        text_of_line = line.removesuffix("\r")
        said = text_of_line.lstrip(" \t")
        if said and not said.startswith(";"):
            yield _Written(number, text_of_line)


def _groups(lines: Iterator[_Written]) -> Iterator[tuple[_Written, list[_Written]]]:
    """Each line with the indented ones under it. An indented line at the very beginning stands alone."""
    head, body = None, list[_Written]()
    for line in lines:
        if line.is_indented and head and not head.is_indented:
            body.append(line)
            continue
        if head:
            yield head, body
        head, body = line, []
    if head:
        yield head, body


def _item(cursor: Cursor, body: list[_Written], faults: Faults) -> Item | None:
    word = cursor.word
    if word in FORMS:
        return _declaration(cursor, body, faults)
    if word[:1].isdigit():
        return _dated(cursor, body, faults)
    cursor.fault(f"a date, {either(tuple(FORMS))}")
    return None


def _declaration(cursor: Cursor, body: list[_Written], faults: Faults) -> Declaration:
    columns = {"": cursor.column}
    token = cursor.take()
    word = token.text if token else ""
    form = FORMS[word]
    codes: list[str] = []
    for place, namespace in enumerate(form.codes):
        if place >= form.needed and not cursor.word:
            break
        columns[f"code {place}"] = cursor.column
        expected = f"the code of a {namespace}"
        codes.append(cursor.plain_code(expected) if namespace in (FUND, PROJECT, COMMUNITY) else cursor.code(expected))
    title = cursor.string()
    cursor.end("a title in quotation marks" if not title else END)
    settings = tuple(filter(None, (_setting(word, line, faults) for line in body)))
    return Declaration(word, tuple(codes), title, settings, line=cursor.number, columns=columns)


def _setting(word: str, line: _Written, faults: Faults) -> Setting | None:
    named = SETTING.match(line.text)
    if not named:
        Cursor(faults, line.number, line.text).fault("a setting as key: value")
        return None
    cursor = Cursor(faults, line.number, line.text, grammar=VALUE, start=named.end())
    if not cursor.next:
        faults.note(line.number, named.end() + 1, "a value", END)
        return None
    words = cursor.rest()
    columns = {"": named.start(1) + 1} | {f"value {number}": token.column for number, token in enumerate(words)}
    value = " ".join(token.as_written for token in words)
    if read_value := VALUES.get((word, named[1])):
        cursor = Cursor(faults, line.number, line.text, start=named.end())
        read_value(cursor)
        cursor.end()
    return Setting(named[1], value, line=line.number, columns=columns)


def _read_instalment(cursor: Cursor) -> None:
    cursor.day()
    cursor.amount()


VALUES: dict[tuple[str, str], Callable[[Cursor], object]] = {  # settings that must hold more than words
    ("fund", "currency"): Cursor.currency,
    ("agreement", "amount"): Cursor.money,
    ("agreement", "instalment"): _read_instalment,
    ("agreement", "agent-fee"): Cursor.percentage,
    ("fund", "agent-fee"): Cursor.percentage,
    ("mou", "indirect-cost"): Cursor.percentage,
    ("project", "participant"): Cursor.participant,
    ("community", "currency"): Cursor.currency,
    ("community", "opened"): Cursor.day,
}


def _dated(cursor: Cursor, body: list[_Written], faults: Faults) -> Item:
    columns = {"": cursor.column}
    day = cursor.day()
    if cursor.word in DIRECTIVES or cursor.word == BALANCE:
        if cursor.word == REVOLVING:
            return _revolving(cursor, day, columns, body, faults)
        if cursor.word != BALANCE:
            return _directive(cursor, day, columns, body, faults)
        for line in body:
            Cursor(faults, line.number, line.text).fault(ABOVE)
        return _assertion(cursor, day, columns)
    columns["kind"] = cursor.column
    expected = either((*VOUCHER_KINDS, *DIRECTIVES, BALANCE))
    if cursor.word.startswith("^"):
        cursor.fault(expected)
        kind = ""
    else:
        kind = cursor.one_of(VOUCHER_KINDS, expected)
    columns["key"] = cursor.column
    key = cursor.key()
    references = tuple(_references(cursor))
    title = cursor.string()
    cursor.end("replaces, reverses or a title in quotation marks" if not title else END)
    metas, lines = _voucher_body(body, faults)
    return Voucher(day, kind, key, references, title, metas, lines, line=cursor.number, columns=columns)


def _references(cursor: Cursor) -> Iterator[Reference]:
    while cursor.word in (REPLACES, REVERSES):
        word = cursor.one_of((REPLACES, REVERSES))
        columns = {"": cursor.column}
        key, entry = "", None
        if numbered := ENTRY.fullmatch(cursor.word):
            cursor.take()
            key, entry = numbered[1], int(numbered[2])
        else:
            key = cursor.key("a key as ^KEY or ^KEY#2")
        yield Reference(word, key, entry, line=cursor.number, columns=columns)


def _voucher_body(body: list[_Written], faults: Faults) -> tuple[tuple[Meta, ...], tuple[Line, ...]]:
    return _body(body, faults, read_line)


def _body(
    body: list[_Written], faults: Faults, read_one: Callable[[Cursor], Said]
) -> tuple[tuple[Meta, ...], tuple[Said, ...]]:
    metas: list[Meta] = []
    lines: list[Said] = []
    for line in body:
        named = SETTING.match(line.text)
        if not named:
            lines.append(read_one(Cursor(faults, line.number, line.text)))
            continue
        meta, column = named[1], named.start(1) + 1
        if meta not in METAS:
            faults.note(line.number, column, f"a movement, {either(tuple(f'{meta}:' for meta in METAS))}", f"{meta}:")
        elif lines:
            faults.note(line.number, column, "what is said of the whole voucher above its first line", f"{meta}:")
        elif meta in AT_MOST_ONCE and any(other.key == meta for other in metas):
            faults.note(line.number, column, f"{meta}: once", f"another {meta}:")
        else:
            cursor = Cursor(faults, line.number, line.text, start=named.end())
            metas.append(Meta(meta, _meta_parts(meta, cursor), line=line.number, columns={"": column}))
    return tuple(metas), tuple(lines)


def _meta_parts(meta: str, cursor: Cursor) -> tuple[str, ...]:
    parts: tuple[str, ...]
    match meta:
        case "recorded":
            parts = (_instant(cursor),)
        case "memo":
            parts = (
                cursor.expect(HASH, "the memo's hash", LONGEST_HASH),
                cursor.expect(HASH, "the hash's salt", LONGEST_HASH),
            )
        case "document":
            parts = (cursor.expect(SHA256, "sha256- and 64 hexadecimal digits", LONGEST_HASH).lower(),)
            parts += tuple(filter(None, [cursor.string()]))
        case _:
            parts = (cursor.code(),)
    cursor.end()
    return parts


def _instant(cursor: Cursor) -> str:
    token = cursor.next
    literal = cursor.expect(INSTANT, "an instant as 2012-01-15T09:30:00Z")
    try:
        datetime.fromisoformat(literal or "2012-01-15T09:30:00Z")
    except ValueError:
        cursor.fault("a day of the calendar and a time of the clock", token)
    return literal


def _directive(cursor: Cursor, day: date, columns: dict[str, int], body: list[_Written], faults: Faults) -> Directive:
    word = cursor.one_of(DIRECTIVES)
    columns["place"] = cursor.column
    place, year, until, status = Place(""), 0, NO_DATE, ""
    match word:
        case "status":
            place = read_place(cursor, {ALONE: "a fund, a project", PARTICIPATION: "project/organization"})
            status = cursor.one_of(STATUS_WORDS)
        case "extend":
            place = Place(cursor.plain_code("the code of a project"))
            until = cursor.day()
        case _:
            place = Place(cursor.plain_code("the code of a fund"))
            year = cursor.year()
    columns["key"] = cursor.column
    key, note = cursor.key(), cursor.string()
    cursor.end("a note in quotation marks" if not note else END)
    metas, lines = _voucher_body(body, faults)
    for line in lines:
        faults.note(line.line, line.columns.get("", 1), ABOVE, line.movement.replace("_", "-"))
    match word:
        case "status":
            return StatusChange(day, place, status, key, note, metas, line=cursor.number, columns=columns)
        case "extend":
            return Extend(day, place.code, until, key, note, metas, line=cursor.number, columns=columns)
        case "close-year":
            return CloseYear(day, place.code, year, key, note, metas, line=cursor.number, columns=columns)
    return ReopenYear(day, place.code, year, key, note, metas, line=cursor.number, columns=columns)


def _revolving(cursor: Cursor, day: date, columns: dict[str, int], body: list[_Written], faults: Faults) -> Revolving:
    cursor.take()
    columns["place"] = cursor.column
    community = cursor.plain_code("the code of a community fund")
    columns["key"] = cursor.column
    key, reverses = cursor.key(), ""
    if cursor.skip(REVERSES):
        columns["reverses"] = cursor.column
        reverses = cursor.key("the key that is reversed as ^KEY")
    note = cursor.string()
    cursor.end("reverses or a note in quotation marks" if not note else END)
    metas, lines = _body(body, faults, read_moved)
    return Revolving(day, community, key, reverses, note, metas, lines, line=cursor.number, columns=columns)


def _assertion(cursor: Cursor, day: date, columns: dict[str, int]) -> Assertion:
    cursor.take()
    columns["place"] = cursor.column
    fund = cursor.plain_code("the code of a fund")
    columns["statement key"] = cursor.column
    statement_key = cursor.expect(STATEMENT_KEY, "the key of a row of the statement")
    layout = cursor.one_of(LAYOUTS) if cursor.skip("layout") else ""
    columns["amount"] = cursor.column
    amount = cursor.amount()
    cursor.end()
    return Assertion(day, fund, statement_key, amount, layout, line=cursor.number, columns=columns)
