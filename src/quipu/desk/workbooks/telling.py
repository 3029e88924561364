"""What is told of a file that was sent, whatever it is of: findings with their cells, and the file given back with remarks."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse

from quipu.actions import keeping, running
from quipu.actions.running import Told
from quipu.desk.drawing import said, sentence
from quipu.files import remarks, sheets
from quipu.files.fillable import Unreadable, open_book
from quipu.files.remarks import Remarks
from quipu.rules.cells import text_of
from quipu.rules.findings import ERROR, NOTE, WARNING, Finding, Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 300  # findings, and differences, on a page; the workbook with remarks has all


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
    every = {name: Remarks(row, places.get("remarks", width)) for name, (row, places, width) in heads.items()}
    for (sheet, row), what in done.items():
        if sheet in every:
            every[sheet].rows[row] = what
    for finding in findings:
        if finding.sheet in every and finding.row and not finding.is_answered and finding.severity != NOTE:
            _remark(every[finding.sheet], finding, heads[finding.sheet][1].get(finding.column))
    return remarks.remarked(body, every, said("Remarks"))


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
    return remarks.plain([(number, [text_of(cell) for cell in cells]) for number, cells in sheet.rows])


def as_file(body: bytes, name: str, kind: str = XLSX) -> HttpResponse:
    """A file to be kept by whoever asked for it."""
    answer = HttpResponse(body, content_type=kind)
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_").replace("\\", "_")
    answer["Content-Disposition"] = f'attachment; filename="{plain}"'
    return answer


def as_sent(one: Any) -> HttpResponse:
    """A run's file, byte for byte. Raises Http404 where it is gone."""
    return as_file(_bytes(one), one.name, "application/octet-stream")


def with_remarks(one: Any) -> HttpResponse:
    """A run's workbook with remarks in its cells. Raises Refused."""
    fine = said("written") if one.applied else said("fine")
    done = {(sheet, number): fine for _, _, _, _, _, sheet, number, is_wrong in one.told["changes"] if not is_wrong}
    try:
        body = remarked(_bytes(one), running.findings_of(one), one.told["heads"], done)
    except Unreadable:
        raise Refused(Finding("sheets-large", "file")) from None
    return as_file(body, f"{one.name.rsplit('.', 1)[0]}-{said('remarks')}.xlsx")


def _bytes(one: Any) -> bytes:
    path = keeping.path(one.sha256)
    if not path.is_file():
        raise Http404
    return path.read_bytes()


def drawable(
    kept: dict[str, Any],
    every: Sequence[Told],
    groups: Sequence[tuple[str, str, list[Any]]],
    column: Callable[[str], str],
    row_of: Callable[[Told], str],
) -> dict[str, Any]:
    """Findings by what they ask for, and differences, as a page draws them.

    groups: code, title and lines of differences. column: what one is called; row_of: what the row of a finding is.
    """
    errors = [one for one in every if one.severity == ERROR]
    asks = [one for one in every if one.severity == WARNING and not one.is_answered]
    return {
        "errors": errors[:MOST],
        "asks": asks[:MOST],
        "tells": [one for one in every if one.is_answered or one.severity not in (ERROR, WARNING)][:MOST],
        "left": max(0, len(errors) - MOST) + max(0, len(asks) - MOST),
        "more": max(0, len(kept["changes"]) - MOST),
        "groups": groups,
        "place": lambda one: place(one, kept["heads"]),
        "column": lambda name: column(name) if name else "",
        "told": told,
        "row_of": row_of,
        "many_sheets": len(kept["heads"]) > 1,
    }


OF_WHOLE = ("changed-meanwhile", "run-gone")  # rules of the file as such


def once(refused: Refused) -> list[Finding]:
    """What a refusal says, without what the page lists anyway."""
    whole = [one for one in refused.findings if isinstance(one, Finding) and one.rule in OF_WHOLE]
    return whole or [Finding("workbook-unmended", "")]
