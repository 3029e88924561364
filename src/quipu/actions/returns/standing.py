"""How a return stands: whose it is, what the books hold beside it, what the rules say of it, and what the agent may see."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from quipu.actions.history import Thing
from quipu.books import models
from quipu.books import returns as ledger
from quipu.rules.difference import Cells
from quipu.rules.findings import Finding
from quipu.rules.mandates import Scope
from quipu.rules.returns import checks, rows
from quipu.rules.returns.checks import Part, Said
from quipu.rules.returns.rows import Row, of_projects
from quipu.rules.returns.states import ANNUAL, FINAL, OWN, State

RETURN = "return"  # the kind of thing that history calls it
ANSWERED = (ANNUAL, FINAL)  # kinds in which each transfer is confirmed or disputed


def thing(record: Any) -> Thing:
    """A return as history knows it."""
    return Thing(RETURN, record.code, scope_of(record))


def scope_of(record: Any) -> Scope:
    """Whose it is."""
    return Scope(record.fund_id, "", record.organization_id)


def parts_of(record: Any, parts: Mapping[str, Part] | None = None) -> dict[str, Part]:
    """The projects that it may speak of: those of its fund, all of them; a final one's have ended by its year.

    parts: all of the organization's, where they are known already.
    """
    known = ledger.parts(record.organization_id, record.fund_id) if parts is None else parts
    own = {code: part for code, part in known.items() if part.fund == record.fund_id}
    if record.kind == FINAL:
        return {code: part for code, part in own.items() if part.ended is not None and part.ended.year <= record.year}
    return own


def owed(parts: Mapping[str, Part], year: int) -> list[str]:
    """The projects that a year's return is about: paid for by then, and at work in it."""
    return [code for code, part in parts.items() if part.reports_on(year)]


def rows_of(record: Any, parts: Mapping[str, Part]) -> list[Row]:
    """The rows that it has, in their order: those of each project it is about, then what it says beside them."""
    projects = list(parts) if record.kind == FINAL else owed(parts, record.year)
    found = of_projects(projects, record.year)
    keys = {row.key for row in found}
    further = (rows.read(key) for key in record.cells if key not in keys)
    return [*found, *(row for row in further if row is not None)]


def said_of(
    record: Any, parts: Mapping[str, Part] | None = None, closed: Mapping[str, frozenset[int]] | None = None
) -> Said:
    """The return as the rules judge it."""
    closed = ledger.closed_years([record.fund_id]) if closed is None else closed
    return Said(
        kind=record.kind,
        year=record.year,
        cells=record.cells,
        parts=parts_of(record, parts),
        closed=closed.get(record.fund_id, frozenset()),
        transfers=tuple(entry.id for entry in transfers_of(record)) if record.kind in ANSWERED else (),
        answers={number: (answer, comment) for number, (answer, comment) in record.answers.items()},
        nil=record.nil,
        stated=record.stated,
        before=record.restates.cells if record.restates_id else None,
    )


def transfers_of(record: Any) -> list[Any]:
    """The lines of its statement of account that want an answer: of its year; of a final one, of all years."""
    entries = ledger.transfers(record.organization_id, record.fund_id, record.year, record.year)
    if record.kind == FINAL:
        projects = set(parts_of(record))
        entries = ledger.transfers(record.organization_id, record.fund_id, 9999)
        entries = [entry for entry in entries if entry.project_id in projects]
    return entries


def waived_of(record: Any) -> list[Any]:
    """The rules that the agent waived for its figures."""
    return list(
        models.Waived.objects.filter(
            fund=record.fund_id, organization=record.organization_id, year=record.year, withdrawn_at=None
        ).order_by("pk")
    )


def standing_in_the_way(record: Any, said: Said | None = None) -> list[Finding]:
    """What keeps it from being handed over or submitted."""
    said = said or said_of(record)
    found = checks.standing_in_the_way(said, [(one.rule, one.row) for one in waived_of(record)])
    if not record.nil and not any(True for _ in said.rows()):
        found.append(Finding("return-empty", ""))
    return found


def in_force(fund: str, organization: str, year: int, kind: str) -> Any:
    """The version that is worked on, or else the last one that was accepted; None where there is none."""
    found = models.Return.objects.filter(fund=fund, organization=organization, year=year, kind=kind)
    return found.order_by("-version").first()


def content_of(record: Any) -> str:
    """What it says, as canonical text: that is what a signature is for."""
    said = {
        "fund": record.fund_id,
        "organization": record.organization_id,
        "year": record.year,
        "kind": record.kind,
        "version": record.version,
        "until": str(record.until or ""),
        "nil": record.nil,
        "cells": record.cells,
        "answers": record.answers,
        "remark": record.remark,
        "reason": record.reason,
        "attached": record.attached,
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def content_of_cells(cells: Cells) -> str:
    """Cells as canonical text."""
    return json.dumps(cells, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(content: str) -> str:
    """The hash of what was signed."""
    return hashlib.sha256(content.encode()).hexdigest()


def seen_by_agent(record: Any) -> Any:
    """The return as the agent may see it: as it stands once it is submitted, before that as it was signed last.

    None where the organization never submitted it.
    """
    if State(record.state) not in OWN:
        return record
    last = record.signatures.order_by("-number").first()
    if last is None:
        return None
    told = json.loads(last.content)
    for name in ("cells", "answers", "nil", "remark"):
        setattr(record, name, told[name])
    record.until = date.fromisoformat(told["until"]) if told.get("until") else None
    record.stated = {}  # totals of a file that came later
    return record


def of_places(places: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str, int, str], Any]:
    """The last version of each return of some funds, organizations and years, in one question; by those and its kind."""
    wanted = set(places)
    found: dict[tuple[str, str, int, str], Any] = {}
    some = models.Return.objects.filter(
        fund__in={fund for fund, _, _ in wanted},
        organization__in={body for _, body, _ in wanted},
        year__in={year for _, _, year in wanted},
    )
    for one in some.order_by("version"):
        if (one.fund_id, one.organization_id, one.year) in wanted:
            found[one.fund_id, one.organization_id, one.year, one.kind] = one
    return found
