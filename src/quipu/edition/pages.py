"""Page records: all that a factsheet shows of one activity, in one look-up."""

import json
import zlib
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from quipu.edition.open import Edition
from quipu.rules import asking
from quipu.rules.asking import ORIGINAL, Question
from quipu.rules.identity import number
from quipu.rules.table import LeftOut, Table

Record = dict[str, Any]


def find(edition: Edition, identifier: str) -> list[tuple[int, str]]:
    """(key, identifier) of the activities an identifier leads to: its own before other identifiers that say the same."""
    # Only the number is asked for: a second condition, on text, makes the look-up five times slower.
    rows = edition.rows("SELECT key, identifier, rank FROM addresses WHERE hash = ?", [number(identifier)])
    rows = sorted((key, found, rank) for key, found, rank in rows if found == identifier)
    best = min((rank for *_, rank in rows), default=0)
    return [(key, found) for key, found, rank in rows if rank == best]


def page(edition: Edition, key: int) -> Record | None:
    """The page record of an activity; None where there is none."""
    rows = edition.dicts("SELECT * FROM pages WHERE key = ?", [key])
    return _record(rows[0]) if rows else None


def _record(row: Mapping[str, Any]) -> Record:
    record: Record = {**json.loads(row["head"]), "key": row["key"]}
    for name, body in row.items():
        if name not in ("key", "head"):
            record[name] = json.loads(body) if body else []
    return record


def money(record: Record, asked: Question) -> Table:
    """A question about this activity alone, answered from its cube: by year, by organization, or whole."""
    cube = "by_organization" if asked.by[:1] == ("participating_organization",) else "by_year"
    unit = "value" if asked.unit == ORIGINAL else "usd"
    dimensions = {"participating_organization": "organization"}
    sums: dict[tuple[Any, ...], Decimal] = {}
    left, currencies = 0, set()
    for item in record[cube]:
        if item["movement"] not in asked.movements:
            continue
        left += item["left_out"]
        if item["left_out"]:
            currencies.add(item["currency"] or "unknown")
        if item[unit] is None:
            continue
        keys = tuple(item[dimensions.get(name, name)] for name in asked.by)
        at = (*keys, item["family"], item["movement"])
        sums[at] = sums.get(at, Decimal(0)) + Decimal(item[unit])
    rows: Sequence[Sequence[Any]] = [(*at, amount) for at, amount in sums.items()]
    out = LeftOut() if asked.unit == ORIGINAL else LeftOut(left, tuple(sorted(currencies)))
    answer = asking.table(asked, rows, out)
    if cube == "by_organization":  # the record knows their names
        names = {item["organization"]: item["name"] for item in record[cube]}
        for row in answer.rows:
            if row[0].value:
                row[0] = replace(row[0], label=names.get(str(row[0].value), ""))
    return answer


def movements(record: Record) -> set[tuple[str, str]]:
    """The (family, movement) pairs that occur on a page."""
    return {(item["family"], item["movement"]) for item in record["by_year"]}


def xml(edition: Edition, key: int) -> tuple[bytes, int] | None:
    """The activity's own XML as published (in UTF-8), and the line of its file where it begins."""
    rows = edition.rows("SELECT body, line FROM xml WHERE key = ? ORDER BY piece", [key])
    if not rows:
        return None
    return zlib.decompress(b64decode("".join(body for body, _ in rows))), rows[0][1]
