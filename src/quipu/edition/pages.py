"""Page records: all that a factsheet shows of one activity, in one look-up."""

import json
import zlib
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from quipu.edition.open import Edition
from quipu.rules import asking
from quipu.rules.asking import ORIGINAL, Question
from quipu.rules.identity import number
from quipu.rules.movements import POOLED
from quipu.rules.table import LeftOut, Table

Record = dict[str, Any]


def find(edition: Edition, identifier: str) -> list[tuple[int, str]]:
    """(key, identifier) of the activities an identifier leads to: its own before other identifiers that say the same."""
    # Only the number is asked for: a second condition, on text, makes the look-up five times slower.
    rows = edition.rows("SELECT key, identifier, rank FROM addresses WHERE hash = ?", [number(identifier)])
    rows = sorted((key, found, rank) for key, found, rank in rows if found == identifier)
    best = min((rank for *_, rank in rows), default=0)
    return [(key, found) for key, found, rank in rows if rank == best]


def keys(edition: Edition, identifiers: Iterable[str]) -> list[int]:
    """The keys of all activities that bear one of these identifiers themselves."""
    wanted = set(identifiers)
    hashes = [number(each) for each in sorted(wanted)]
    # Only the number is asked for, as above; a look-up by text would read every activity.
    slots = ", ".join("?" * len(hashes)) or "NULL"
    rows = edition.rows(f"SELECT key, identifier, rank FROM addresses WHERE hash IN ({slots})", hashes)
    return sorted({key for key, identifier, rank in rows if rank == 0 and identifier in wanted})


def page(edition: Edition, key: int) -> Record | None:
    """The page record of an activity; None where there is none."""
    rows = edition.dicts("SELECT * FROM pages WHERE key = ?", [key])
    return _record(rows[0]) if rows else None


def _record(row: Mapping[str, Any]) -> Record:
    record: Record = {**json.loads(row["head"]), "key": row["key"]}
    for name, body in row.items():
        if name not in ("key", "head"):
            record[name] = json.loads(body) if body else {} if name == "results" else []
    return record


# What a question is cut by, and the section of the record that is cut so.
SECTIONS = {
    (): "by_year",
    ("year",): "by_year",
    ("participating_organization",): "by_organization",
    ("category",): "by_category",
    ("contributor",): "by_contributor",
    ("participating_organization", "year"): "by_transfer",
}
_CALLED = {"participating_organization": "organization"}


def money(record: Record, asked: Question) -> Table:
    """A question about this page alone, answered from its cube; cut as SECTIONS has it."""
    cut = tuple(name for name in asked.by if name != "currency")
    items = [item for item in record[SECTIONS[cut]] if item["movement"] in asked.movements]
    unit, unsure = ("value", "interim") if asked.unit == ORIGINAL else ("usd", "interim_usd")
    left = LeftOut()
    if asked.unit != ORIGINAL:
        without = [item for item in items if item["left_out"]]
        currencies = sorted({item["currency"] or "unknown" for item in without})
        left = LeftOut(sum(item["left_out"] for item in without), tuple(currencies))
    answer = asking.table(asked, _rows(asked, items, unit), left, _rows(asked, items, unsure))
    names = {item["organization"]: item["name"] for item in record["names"]}
    for row in answer.rows if cut[:1] in (("participating_organization",), ("contributor",)) else ():
        if row[0].value:
            row[0] = replace(row[0], label=names.get(str(row[0].value), ""))
    if cut == ("contributor",):  # money whose payer nobody has found yet is told, and never left out
        answer.rows = [
            row if row[0].value else [replace(row[0], why="to be identified"), *row[1:]] for row in answer.rows
        ]
    return answer


def sums(record: Record) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """What a statement of a fund is made of, in its own currency: pooled sums per movement, and what of them is interim."""
    whole: dict[str, Decimal] = {}
    unsure: dict[str, Decimal] = {}
    for item in record["by_year"]:
        if item["family"] == POOLED and item["currency"] == record["currency"]:
            for kind, amount in ((whole, item["value"]), (unsure, item["interim"])):
                if amount is not None:
                    kind[item["movement"]] = kind.get(item["movement"], Decimal(0)) + Decimal(amount)
    return whole, unsure


def _rows(asked: Question, items: Iterable[Record], unit: str) -> Sequence[Sequence[Any]]:
    """Sums by what is asked, as an engine would answer them."""
    sums: dict[tuple[Any, ...], Decimal] = {}
    for item in items:
        if item[unit] is not None:
            keys = tuple(item[_CALLED.get(name, name)] for name in asked.by)
            at = (*keys, item["family"], item["movement"])
            sums[at] = sums.get(at, Decimal(0)) + Decimal(item[unit])
    return [(*at, amount) for at, amount in sums.items()]


def movements(record: Record) -> set[tuple[str, str]]:
    """The (family, movement) pairs that occur on a page."""
    return {(item["family"], item["movement"]) for item in record["by_year"]}


def xml(edition: Edition, key: int) -> tuple[bytes, int] | None:
    """The activity's own XML as published (in UTF-8), and the line of its file where it begins."""
    rows = edition.rows("SELECT body, line FROM xml WHERE key = ? ORDER BY piece", [key])
    if not rows:
        return None
    return zlib.decompress(b64decode("".join(body for body, _ in rows))), rows[0][1]
