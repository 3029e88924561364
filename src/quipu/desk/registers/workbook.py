"""Many rows at once: a workbook with the register's columns, what its rows would do, the same workbook back with remarks.

What was sent waits among what its sender typed and did not save, and goes with the act: no row of people lies elsewhere.
"""

import base64
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from quipu.actions.registers import register as registers
from quipu.actions.registers import row
from quipu.actions.registers.row import Planned
from quipu.books import models
from quipu.desk.drawing import said, sentence
from quipu.desk.registers import sight
from quipu.desk.vouchers.forms import group_sign
from quipu.files import fillable
from quipu.files.fillable import Column, Filled
from quipu.rules import typed
from quipu.rules.findings import ERROR, Finding, Refused
from quipu.rules.money import plain
from quipu.rules.registers.fields import Field, Schema, Type
from quipu.rules.registers.rows import written

ROOM = 200  # empty rows of a template
MOST = 2_000  # rows that are taken at once
HELD = 2_000  # rows that stand and are put into a workbook


def labels(schema: Schema) -> dict[str, str]:
    """What columns are called, by field; two that are called alike are told apart by their keys."""
    told = {"key": said("Row"), **{one.key: sight.label(one) for one in schema.fields}}
    twice = {name for name in told.values() if list(told.values()).count(name) > 1}
    return {key: f"{name} ({key})" if name in twice else name for key, name in told.items()}


def columns(register: Any) -> list[Column]:
    """The columns in the reader's language, with what can be chosen in them."""
    schema = registers.schema_of(register)
    names = labels(schema)
    first = Column("key", names["key"], said("Leave it as it is: by it the row is found again."), width=12)
    return [first, *(_column(one, names[one.key], register) for one in schema.fields)]


def _column(one: Field, name: str, register: Any) -> Column:
    hints = {
        Type.DAY: said("As 2024-12-31."),
        Type.MONEY: said("In %(currency)s, or with its own currency behind it.", currency=register.currency),
        Type.PAYMENTS: said("A day and an amount, several with ; between them."),
        Type.DOCUMENT: said("The code of a document of this programme."),
    }
    hint = " ".join(filter(None, (said("Needed.") if one.is_needed else "", hints.get(one.type, ""))))
    chosen = [text for _, text in sight.choices(one)] if one.type in (Type.CHOICE, Type.YES_NO) else []
    return Column(one.key, name, hint, chosen, kind="date" if one.type == Type.DAY else "text", width=22)


def template(register: Any) -> bytes:
    """A workbook with the rows that stand, to be amended, and empty ones behind them, each with a key of its own."""
    schema = registers.schema_of(register)
    stand = list(register.rows.filter(withdrawn_at=None).order_by("number")[:HELD])
    rows = [{"key": str(one.number), **_told(schema, one.values)} for one in stand]
    book = secrets.token_hex(4)
    rows += [{"key": f"{book}-{n:03d}"} for n in range(1, ROOM + 1)]
    title = re.sub(r"[][:*?/\\]", " ", sight.title_of(register))
    return fillable.draw(columns(register), rows, title or register.code, len(rows))


def _told(schema: Schema, values: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for one in schema.fields:
        text = written(one, values.get(one.key)).replace("\n", "; ")
        found[one.key] = dict(sight.choices(one)).get(text, text) if one.type in (Type.CHOICE, Type.YES_NO) else text
    return found


def lines_of(body: bytes, register: Any) -> list[Planned]:
    """The rows that somebody filled in. Raises Refused where the workbook cannot be read."""
    every = columns(register)
    try:
        found, missing = fillable.read(body, every, MOST + ROOM)
    except fillable.Unreadable:
        raise Refused(Finding("workbook-unreadable", "file")) from None
    if missing:
        raise Refused(*(Finding("workbook-column", "file", name) for name in missing))
    filled = [one for one in found if set(one.cells) - {"key"}]
    if len(filled) > MOST:
        raise Refused(Finding("workbook-too-large", "file", str(MOST)))
    schema = registers.schema_of(register)
    return [_line(one, schema) for one in filled]


def _line(filled: Filled, schema: Schema) -> Planned:
    told: dict[str, str] = {}
    for one in schema.fields:
        if one.key in filled.cells:
            text = fillable.text_of(filled.cells[one.key])
            told[one.key] = _typed(one, text, filled.cells[one.key])
    return Planned(filled.number, fillable.text_of(filled.cells.get("key")), told)


def _typed(one: Field, text: str, cell: Any) -> str:
    """A cell as somebody would type it: choices by their codes, a number of the sheet so that it is read one way only."""
    if one.type in (Type.CHOICE, Type.YES_NO):
        codes = {name.casefold(): code for code, name in sight.choices(one)}
        return codes.get(text.casefold(), text)
    if one.type == Type.DAY:
        return text[:10]
    if one.type in (Type.NUMBER, Type.MONEY) and isinstance(cell, int | float) and not isinstance(cell, bool):
        read = typed.exact(text)
        exact = plain(read) if isinstance(read, Decimal) else text
        return f"{exact}0" if "." in exact else exact
    return text


# Between checking and applying


def _address(register: Any) -> str:
    return f"workbook of {register.code}"


def hold(register: Any, person: str, body: bytes, planned: Sequence[Planned]) -> None:
    """Keeps what was checked until its sender says what to do with it, with the versions of rows that were shown."""
    told = {
        "file": base64.b64encode(body).decode(),
        "versions": {str(one.line): one.version for one in planned if one.record is not None},
    }
    models.Unsaved.objects.update_or_create(
        person_id=person, address=_address(register), defaults={"fields": told, "at": datetime.now(UTC)}
    )


def held(register: Any, person: str) -> tuple[bytes, dict[str, int]]:
    """What was checked, with the versions that were shown. Raises Refused where nothing waits."""
    found = models.Unsaved.objects.filter(person=person, address=_address(register)).first()
    if found is None:
        raise Refused(Finding("workbook-unreadable", "file"))
    return base64.b64decode(found.fields["file"]), found.fields["versions"]


def drop(register: Any, person: str) -> None:
    """Throws it away."""
    models.Unsaved.objects.filter(person=person, address=_address(register)).delete()


def planned_of(body: bytes, register: Any, versions: Mapping[str, int] | None = None) -> list[Planned]:
    """What a workbook would do. versions: those that its sender was shown. Raises Refused."""
    found = row.plan(register, lines_of(body, register), group_sign())
    for one in found:
        if versions is not None and one.record is not None:
            one.version = versions.get(str(one.line), one.version)
    return found


def remarked(body: bytes, register: Any, planned: Sequence[Planned]) -> bytes:
    """The same workbook, with what is to be said of each row in its cells."""
    remarks: dict[tuple[int, str], str] = {}
    told: dict[int, str] = {}
    for one in planned:
        for finding in one.findings or []:
            if finding.severity == ERROR:
                at = (one.line, finding.place)
                remarks[at] = "\n".join(filter(None, (remarks.get(at, ""), sentence(finding))))
        told[one.line] = "\n".join([said(one.what), *(sentence(finding) for finding in one.findings or [])])
    return fillable.remarked(body, columns(register), remarks, told, {})
