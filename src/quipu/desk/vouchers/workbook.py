"""Many vouchers at once: a template to fill in, what its rows would do, and the same workbook back with remarks."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.core import signing

from quipu.actions import draft_many, keeping
from quipu.actions.draft_many import Planned, Row
from quipu.actions.drafted import Records
from quipu.books import models
from quipu.desk.drawing import said, sentence
from quipu.desk.reaching import within
from quipu.desk.vouchers import forms
from quipu.files import fillable
from quipu.files.fillable import Column, Filled
from quipu.rules import typed
from quipu.rules.findings import ERROR, Finding, Refused
from quipu.rules.journal.currencies import CURRENCIES
from quipu.rules.mandates import Scope
from quipu.rules.money import plain
from quipu.rules.voucher_kinds import ALLOCATIONS, KINDS, VOUCHERS, Kind

ROOM = 200  # rows of a template
MOST = 1_000  # rows that are taken at once
HOLDS = 24 * 3600  # seconds that a checked workbook may be applied
SALT = "quipu.workbook"
MONEY = ("amount", "original")
CODED = ("fund", "contributor", "agreement", "project", "organization", "other")


def kinds(rights: Any) -> list[Kind]:
    """The kinds that a row can be: one amount, and not about another voucher."""
    every = (one for one in KINDS.values() if not one.is_of_voucher and "amounts" not in one.fields)
    return [one for one in every if rights.may(one.mandate)]


def columns(rights: Any, fund: str = "") -> list[Column]:
    """The columns in the reader's language, with what can be chosen in them. fund: only what is its own."""
    bodies = models.Organization.objects.order_by("code")
    reach = [Scope(fund)] if fund else [*rights.reach(ALLOCATIONS), *rights.reach(VOUCHERS)]
    funds = forms.funds_within(reach)
    agreements = models.Agreement.objects.filter(within(reach, project="")).order_by("code")
    projects = models.Project.objects.filter(within(reach)).order_by("code")

    def listed(found: list[tuple[str, str]]) -> list[str]:
        return [label for _, label in found]

    return [
        Column("key", said("Key"), said("Leave it as it is: by it the row is found again.")),
        Column("kind", said("Kind"), said("Needed."), [said(one.label) for one in kinds(rights)], width=28),
        Column("fund", said("Fund"), said("Needed."), listed(funds), width=24),
        Column("on", said("Date"), said("Needed. As 2024-12-31."), kind="date"),
        Column("amount", said("Amount"), said("Needed. In the fund's currency."), kind="money"),
        Column("contributor", said("Contributor"), "", listed(forms.named(bodies.filter(contributes=True))), width=28),
        Column(
            "agreement",
            said("Agreement"),
            "",
            listed(forms.named(agreements)),
        ),
        Column(
            "project",
            said("Project"),
            "",
            listed(forms.named(projects)),
            width=28,
        ),
        Column(
            "organization", said("Organization"), "", listed(forms.named(bodies.filter(participates=True))), width=28
        ),
        Column("other", said("To the fund"), "", listed(forms.named(models.Fund.objects.order_by("code"))), width=24),
        Column("original", said("Amount as paid"), said("Where it was paid in another currency."), kind="money"),
        Column("currency", said("Currency as paid"), "", sorted(CURRENCIES), width=10),
        Column("rate", said("Rate"), said("As the document states it."), width=12),
        Column("title", said("Title"), said("Or the decision of an allocation."), width=36),
        Column("reason", said("Reason"), said("Of a change of a commitment."), width=36),
    ]


def template(rights: Any, fund: str = "") -> bytes:
    """A workbook to fill in: each row with a key of its own."""
    book = secrets.token_hex(4)
    rows = [{"key": f"{book}-{n:03d}"} for n in range(1, ROOM + 1)]
    return fillable.draw(columns(rights, fund), rows, said("Vouchers"), ROOM)


def rows_of(body: bytes, rights: Any) -> list[Row]:
    """The rows that somebody filled in. Raises Refused where the workbook cannot be read."""
    every = columns(rights)
    try:
        found, missing = fillable.read(body, every, MOST + ROOM)
    except fillable.Unreadable:
        raise Refused(Finding("workbook-unreadable", "file")) from None
    if missing:
        raise Refused(*(Finding("workbook-column", "file", label) for label in missing))
    filled = [one for one in found if set(one.cells) - {"key"}]
    if len(filled) > MOST:
        raise Refused(Finding("workbook-too-large", "file", str(MOST)))
    by_label = {said(one.label): one.name for one in kinds(rights)}
    records = Records()
    return [_row(one, by_label, records) for one in filled]


def _row(filled: Filled, by_label: Mapping[str, str], records: Records) -> Row:
    told = {key: fillable.text_of(value) for key, value in filled.cells.items()}
    kind = by_label.get(told.get("kind", ""), told.get("kind", ""))
    row = Row(filled.number, told.get("key", ""), kind, {})
    for name, text in told.items():
        if name in ("key", "kind"):
            continue
        value: str | None = text
        if name in CODED:
            value = _code(text, records.of(name))
        elif name in (*MONEY, "rate"):
            value = _amount(row, name, text, filled.cells[name])
        elif name == "on":
            value = _day(row, text)
        if value:
            row.words[name] = value
    return row


def _code(text: str, known: Any) -> str:
    """The code of what was chosen: the whole text, or its first word where a title follows."""
    first = text.split(" ", 1)[0]
    return first if text not in known and first in known else text


def _amount(row: Row, name: str, text: str, cell: Any) -> str | None:
    """A number of the sheet is exact; text is read as the reader's language writes it."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        read: Any = typed.exact(text)
    else:
        read = (typed.rate if name == "rate" else typed.amount)(text, forms.group_sign())
    if isinstance(read, str):
        row.findings.append(Finding(read, name, text))
        return None
    return plain(read)


def _day(row: Row, text: str) -> str | None:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        row.findings.append(Finding("date-typed", "on", text))
        return None


# Between checking and applying


def sealed(sha256: str, planned: Sequence[Planned], person: str) -> str:
    """What the page carries from the check to the act: which workbook, whose, and which versions of drafts were shown."""
    versions = {str(one.row.number): one.version for one in planned if one.draft is not None}
    return str(signing.dumps({"file": sha256, "by": person, "versions": versions}, salt=SALT, compress=True))


def opened(token: str, person: str) -> tuple[bytes, dict[str, int]]:
    """The workbook behind what `sealed` made, with the versions. Raises Refused where it is another's, or too old."""
    try:
        told = signing.loads(token, salt=SALT, max_age=HOLDS)
        if told["by"] != person:
            raise signing.BadSignature
        return keeping.path(told["file"]).read_bytes(), told["versions"]
    except (signing.BadSignature, OSError):
        raise Refused(Finding("workbook-unreadable", "file")) from None


def planned_of(body: bytes, rights: Any, versions: Mapping[str, int] | None = None) -> list[Planned]:
    """What a workbook would do. versions: those that its sender was shown. Raises Refused."""
    planned = draft_many.plan(rows_of(body, rights), by=rights.person.pk, may=rights.may)
    for one in planned:
        if versions is not None and one.draft is not None:
            one.version = versions.get(str(one.row.number), one.version)
    return planned


# Remarks


def labels(rights: Any) -> dict[str, str]:
    """What columns are called, by field."""
    return {column.key: column.label for column in columns(rights)}


def shown(one: Planned, name: str) -> str:
    """The value of a row's field as it was read, for a remark."""
    found = next((finding.detail for finding in one.row.findings if finding.place == name), "")
    return found or str(one.row.words.get(name, "")) or (one.row.key if name == "key" else "")


def without(finding: Finding, value: str) -> str:
    """A finding as it is told beside its value, which is not said twice."""
    return sentence(replace(finding, detail="") if finding.detail == value else finding)


def remarked(body: bytes, planned: Sequence[Planned], rights: Any, done: Mapping[int, Any] | None = None) -> bytes:
    """The same workbook, with what is to be said of each row in its cells. done: drafts by row, once they are made."""
    remarks: dict[tuple[int, str], str] = {}
    told: dict[int, str] = {}
    keys: dict[int, str] = {}
    for one in planned:
        number = one.row.number
        for finding in one.findings:
            place = finding.place if finding.severity == ERROR and not finding.place.startswith("^") else ""
            if place:
                at = (number, place)
                remarks[at] = "\n".join(filter(None, (remarks.get(at, ""), sentence(finding))))
        parts = [said(one.what), *(sentence(finding) for finding in one.findings)]
        if done and number in done:
            keys[number] = done[number].row or ""
            parts.append(said("The draft is %(key)s.", key=done[number].key))
        told[number] = "\n".join(parts)
    return fillable.remarked(body, columns(rights), remarks, told, keys)
