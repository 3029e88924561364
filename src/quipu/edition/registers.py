"""Registers out of an edition: public rows with what is counted of them, sums, and resources outside the fund."""

import json
from dataclasses import dataclass, field
from typing import Any

from quipu.edition.open import Edition

_OF = "project IN (SELECT code FROM accounts WHERE kind = 'project' AND key = ?)"


@dataclass(slots=True)
class Register:
    """A public register. rows: by number, values by field; totals: as the record has them; counts: readings it stands behind.

    told: [field, titles by language, choices, type] of a register of the programme's own.
    """

    code: str
    kind: str
    titles: dict[str, str]
    own: dict[str, Any]
    by_consent: bool
    count: int
    shown: int
    unagreed: int
    rows: dict[int, dict[str, str]] = field(default_factory=dict)
    totals: list[dict[str, Any]] = field(default_factory=list)
    counts: list[dict[str, Any]] = field(default_factory=list)


def registers(edition: Edition, key: int) -> list[Register]:
    """The public registers of a project, each with all that is told of it: four questions, whatever their number."""
    found = {
        one["register"]: Register(
            one["register"],
            one["kind"],
            json.loads(one["titles"]),
            json.loads(one["fields"]) if one["fields"] else {},
            *(one["by_consent"], one["rows"], one["shown"], one["unagreed"]),
        )
        for one in edition.dicts(f"SELECT * FROM registers WHERE {_OF} ORDER BY ALL", [key])
    }
    if found:
        told = edition.rows(f"SELECT register, number, field, value FROM registered WHERE {_OF} ORDER BY ALL", [key])
        for register, number, name, value in told:
            found[register].rows.setdefault(number, {})[name] = value
        for one in edition.dicts(f"SELECT * FROM register_totals WHERE {_OF} ORDER BY field, currency", [key]):
            found[one["register"]].totals.append(one)
        for one in counts(edition, key):
            if one["register"] in found:
                found[one["register"]].counts.append(one)
    return list(found.values())


def counts(edition: Edition, key: int) -> list[dict[str, Any]]:
    """What stands behind each counted reading of a project; register "" where its rows are not public."""
    return edition.dicts(f"SELECT * FROM register_counts WHERE {_OF} ORDER BY indicator, until, since", [key])


def resources(edition: Edition, key: int) -> list[dict[str, Any]]:
    """Resources outside the fund, in the order in which they were entered."""
    return edition.dicts(f"SELECT * FROM resources WHERE {_OF} ORDER BY project, number", [key])
