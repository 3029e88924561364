"""Runs of uploads, whatever they are of: a file is kept with what it would do, looked at again, applied once, compared.

Nothing is written before somebody says so, and then all of it or the good rows, in one transaction. A run keeps its file, what
was told, and the versions that were shown, so that nobody's change in between is written over.
"""

import secrets
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quipu.actions import history, keeping
from quipu.actions.history import Thing
from quipu.books import models
from quipu.files import sheets
from quipu.files.guided import META
from quipu.files.sheets import Sheet
from quipu.rules import filled
from quipu.rules.findings import ERROR, Finding, Refused
from quipu.rules.mandates import Scope

RETURNS, READINGS = "returns", "readings"  # what a file is of
UPLOAD = "upload"  # the kind of thing that history calls a run
ALL, GOOD = "all", "good"  # which rows are applied
CHANGED, SAME, WRONG = "changed", "as it was", "wrong"  # what becomes of a row
LARGEST = 20 << 20  # bytes of a file
LOOKED_BACK = 50  # runs in which the one before is looked for
Look = Callable[[Any, Sequence[Sheet]], object]  # fills in what is told of a run, and the versions that it shows
Write = Callable[[Any, Sequence[Sheet], datetime], tuple[dict[str, Any], dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as it is told: the sheet and row where it stands, the column by name, the value, the rule; place: a row's key.

    is_answered: a comment stands beside what is only warned of.
    """

    rule: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    detail: str = ""
    place: str = ""
    fund: str = ""
    is_answered: bool = False

    @property
    def severity(self) -> str:
        """How grave it is."""
        return Finding(self.rule, "").severity

    @property
    def kept(self) -> list[Any]:
        """As a run keeps it."""
        return [
            *(self.rule, self.sheet, self.row, self.column, self.value, self.detail, self.place, self.fund),
            self.is_answered,
        ]


def thing(run: Any) -> Thing:
    """A run as history knows it."""
    if run.project_id:
        return Thing(UPLOAD, run.code, Scope(run.project.fund_id, run.project_id))
    return Thing(UPLOAD, run.code, Scope("", "", run.organization_id))


def sheets_of(run: Any) -> list[Sheet]:
    """The sheets of its file. Raises Refused."""
    return _sheets(keeping.path(run.sha256))


def _sheets(path: Path) -> list[Sheet]:
    if not path.is_file():
        raise Refused(Finding("run-gone", "file"))
    return with_rows(lambda: sheets.read(path))


def with_rows(read: Callable[[], Iterable[Sheet]]) -> list[Sheet]:
    """The sheets that hold any row. Raises Refused where there is none, or they cannot be read."""
    try:
        found = [one for one in read() if one.rows]
    except sheets.Unreadable as no:
        raise Refused(Finding(no.rule, "file")) from None
    if not found:
        raise Refused(Finding("sheets-empty", "file"))
    return found


def meta_of(found: Iterable[Sheet]) -> dict[str, Any]:
    """What a workbook says that it is for; {} where it says nothing."""
    return filled.meta(found, META)


def take(
    *,
    by: str,
    what: str,
    owner: Mapping[str, Any],
    name: str,
    pieces: Iterable[bytes],
    look: Look,
    fits: Callable[[Sequence[Sheet]], object] = lambda found: None,
) -> Any:
    """Keeps a file and what it would do, as a run that can be looked at and applied. Raises Refused where it cannot be read.

    what: the file is of. owner: the run's further fields. fits: raises Refused where the file is not to be kept.
    """
    with tempfile.NamedTemporaryFile() as beside:  # what cannot be read leaves nothing behind
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > LARGEST:
                raise Refused(Finding("sheets-large", "file"))
            beside.write(piece)
        beside.flush()
        found = _sheets(Path(beside.name))
        fits(found)
        beside.seek(0)
        kept = keeping.keep(iter(lambda: beside.read(1 << 20), b""))
    now = datetime.now(UTC)
    run = models.Run(
        code=f"{now:%Y%m%d}-{secrets.token_hex(4)}",
        what=what,
        by=by,
        at=now,
        sha256=kept.sha256,
        name=name[:200],
        bytes=kept.bytes,
        **owner,
    )
    with history.whole():
        look(run, found)
        run.save(force_insert=True)
    return run


def look_again(*, run: Any, look: Look) -> Any:
    """Looks at a run's file anew: what it would do to what stands now. One that was applied stays as it is. Raises Refused."""
    found = sheets_of(run)
    with history.whole():
        history.alone(thing(run), None)
        run.refresh_from_db()
        if run.applied:
            return run
        look(run, found)
        run.save()
    return run


def apply(*, by: str, run: Any, which: str, write: Write) -> Any:
    """Writes what was shown, all of it or the good rows, and answers the run. Raises Refused.

    A run that was applied already is answered as it is. write: does it, and answers what is told of the run and its history.
    """
    found = sheets_of(run)
    with history.whole():
        history.alone(thing(run), None)
        run.refresh_from_db()
        if run.applied:
            return run
        now = datetime.now(UTC)
        run.told, after = write(run, found, now)
        run.applied, run.applied_at = GOOD if which == GOOD else ALL, now
        run.save()
        history.keep(by=by, verb="apply", thing=thing(run), after=after)
    return run


def unmended(findings: Iterable[Told]) -> Refused:
    """The refusal of a file as a whole, because of some of its rows."""
    return Refused(*(Finding(one.rule, one.place, one.detail) for one in findings if one.severity == ERROR))


def findings_of(run: Any) -> list[Told]:
    """What was found, as it is told."""
    return [Told(*one) for one in run.told.get("findings", [])]


def before(run: Any, same: Sequence[str]) -> Any:
    """The run before it of the same owner with the same told of these names; None for the first."""
    owner = {"what": run.what, "organization": run.organization_id, "project": run.project_id}
    earlier = models.Run.objects.filter(**owner, at__lt=run.at).order_by("-at")
    alike = (one for one in earlier[:LOOKED_BACK] if all(one.told.get(name) == run.told.get(name) for name in same))
    return next(alike, None)


def compared(run: Any, earlier: Any) -> tuple[list[Told], list[Told]]:
    """What is newly wrong in a run, and what of an earlier one was mended."""
    new, old = findings_of(run), findings_of(earlier)
    names, was = {_named(one) for one in new}, {_named(one) for one in old}
    fresh = [one for one in new if _named(one) not in was and not one.is_answered]
    return fresh, [one for one in old if _named(one) not in names and not one.is_answered]


def _named(one: Told) -> tuple[Any, ...]:
    """By what a finding is found again in another file: its rule and row, wherever that stands now."""
    return (one.rule, one.place or (one.sheet, one.row), one.column, one.is_answered)
