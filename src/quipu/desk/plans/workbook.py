"""Lines of a quarter by workbook: one row for each piece of work; what is left blank stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core import signing

from quipu.actions import history, keeping
from quipu.actions.plans import filling
from quipu.desk.drawing import said, sentence
from quipu.desk.plans.words import output_title, read_units, titled
from quipu.files import fillable
from quipu.files.fillable import Column, Filled
from quipu.rules.findings import Finding, Refused
from quipu.rules.money import of_minor_units, plain
from quipu.rules.plans import Quarter, State

MOST, ROOM = 1_000, 20  # rows that are taken at once; empty rows below those that are filled in
HOLDS = 24 * 3600  # seconds that a workbook which was looked at may be applied
SALT = "quipu.lines"
CHANGED, SAME, WRONG = "changed", "as it was", "wrong"


def columns() -> list[Column]:
    """The columns in the reader's language."""
    own = said("Leave it as it is: by it the row is found again.")
    blank = said("Empty: as it stands.")
    return [
        Column("key", said("Code"), own),
        Column("quarter", said("Quarter"), own, width=10),
        Column("output", said("Output"), said("Only to read."), width=34),
        Column("title", said("Work"), said("Only to read."), width=34),
        Column("planned", said("Planned"), said("Only to read."), kind="money"),
        Column("committed", said("Committed"), blank, kind="money"),
        Column("spent", said("Spent"), blank, kind="money"),
        Column("state", said("How it stands"), blank, [said(one) for one in State], width=16),
        Column("remark", said("Remark"), blank, width=44),
    ]


def labels() -> dict[str, str]:
    """What columns are called."""
    return {one.key: one.label for one in columns()}


def template(project: Any, organization: str, quarter: Quarter) -> bytes:
    """The workbook, with what stands in the lines."""
    currency, rows = project.fund.currency, []
    for work, line in filling.own_work(project.code, organization, quarter):
        money = {name: getattr(line, name) for name in ("planned", "committed", "spent")}
        shown = {name: "" if one is None else plain(of_minor_units(one, currency)) for name, one in money.items()}
        words = {"state": said(line.state) if line.state else "", "remark": line.remark}
        told = {"key": work.code, "quarter": str(quarter), "output": output_title(work.output)}
        rows.append({**told, "title": titled(work.titles), **shown, **words})
    return fillable.draw(columns(), rows, said("Work plan"), len(rows) + ROOM)


@dataclass(slots=True)
class Row:
    """A row as it was read: what it says, what that changes, and what speaks against it."""

    number: int
    work: str
    told: dict[str, Any]
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def what(self) -> str:
        """What it does."""
        return WRONG if self.findings else CHANGED if self.changes else SAME


@dataclass(slots=True)
class Looked:
    """A workbook that was looked at. seen: the version of the lines it was looked at beside."""

    project: Any
    organization: str
    quarter: Quarter
    rows: list[Row]
    seen: int

    def count(self, what: str) -> int:
        """How many rows do that."""
        return sum(row.what == what for row in self.rows)


def looked(body: bytes, project: Any, organization: str, quarter: Quarter) -> Looked:
    """What a workbook would change; nothing is kept. Raises Refused where it cannot be read."""
    every = columns()
    try:
        found, missing = fillable.read(body, every, MOST + ROOM)
    except fillable.Unreadable:
        raise Refused(Finding("workbook-unreadable", "file")) from None
    if missing:
        raise Refused(*(Finding("workbook-column", "file", label) for label in missing))
    if len(found) > MOST:
        raise Refused(Finding("workbook-too-large", "file", str(MOST)))
    seen = history.version(filling.thing(project, organization, quarter))
    rows = [_row(one, project.fund.currency, quarter) for one in found if set(one.cells) - {"quarter"}]
    keys = [row.work for row in rows]
    for row in rows:
        if keys.count(row.work) > 1:
            row.findings.append(Finding("workbook-row-twice", "key", row.work))
    changes, faults = filling.look(project, organization, quarter, {row.work: row.told for row in rows})
    of_all = [one for one in faults if "/" not in one.place]
    for row in rows:
        row.changes = changes.get(row.work, {})
        own = [one for one in faults if one.place.rpartition("/")[0] == row.work and "/" in one.place]
        row.findings += [replace(one, place=_column(one.place)) for one in own]
        row.findings += of_all if row.changes else []
    return Looked(project, organization, quarter, rows, seen)


def _column(place: str) -> str:
    name = place.rpartition("/")[2]
    return "key" if name == "work" else name


def _row(filled: Filled, currency: str, quarter: Quarter) -> Row:
    cells = {key: fillable.text_of(value) for key, value in filled.cells.items()}
    row = Row(filled.number, cells.get("key", ""), {})
    if cells.get("quarter", str(quarter)) != str(quarter):
        row.findings.append(Finding("workbook-quarter", "quarter", cells["quarter"]))
    for name in ("committed", "spent"):
        if name in cells:
            value = filled.cells[name]
            is_exact = isinstance(value, int | float) and not isinstance(value, bool)
            units = read_units(cells[name], currency, is_exact=is_exact)
            if isinstance(units, str):
                row.findings.append(Finding(units, name, cells[name]))
            else:
                row.told[name] = units
    by_label = {said(one): str(one) for one in State}
    if "state" in cells:
        row.told["state"] = by_label.get(cells["state"], cells["state"])
    if "remark" in cells:
        row.told["remark"] = cells["remark"]
    return row


def applied(found: Looked, *, by: str, whole: bool) -> filling.Changes:
    """Writes the rows: all, or the good ones. Raises Refused."""
    wrong = [row for row in found.rows if row.findings]
    if wrong and whole:
        raise Refused(*(one for row in wrong for one in row.findings))
    said_ = {row.work: row.told for row in found.rows if not row.findings}
    return filling.fill(
        by=by,
        project=found.project.code,
        organization=found.organization,
        quarter=found.quarter,
        said=said_,
        seen=found.seen,
    )


def remarked(body: bytes, found: Looked) -> bytes:
    """The same workbook, with what is to be said of each row in its cells."""
    remarks: dict[tuple[int, str], str] = {}
    told: dict[int, str] = {}
    for row in found.rows:
        for one in row.findings:
            at = (row.number, one.place or "key")
            remarks[at] = "\n".join(filter(None, (remarks.get(at, ""), sentence(one))))
        told[row.number] = "\n".join([said(row.what), *(sentence(one) for one in row.findings)])
    return fillable.remarked(body, columns(), remarks, told, {})


# Between looking and applying


def sealed(sha256: str, found: Looked, person: str) -> str:
    """What the page carries on: which workbook, of whom, and beside which version it was looked at."""
    return str(signing.dumps({"file": sha256, "by": person, "seen": found.seen}, salt=SALT, compress=True))


def opened(token: str, person: str) -> tuple[bytes, int]:
    """The workbook behind what `sealed` made. Raises Refused where it is another's, or too old."""
    try:
        told: Mapping[str, Any] = signing.loads(token, salt=SALT, max_age=HOLDS)
        if told["by"] != person:
            raise signing.BadSignature
        return keeping.path(told["file"]).read_bytes(), told["seen"]
    except (signing.BadSignature, OSError):
        raise Refused(Finding("workbook-unreadable", "file")) from None
