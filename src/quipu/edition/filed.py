"""The office's own documents as an edition holds them: one found by its hash, what it is about, its versions, its vouchers."""

from collections.abc import Iterable
from typing import Any

from quipu.edition.documents import SHORTEST_HASH
from quipu.edition.open import Edition
from quipu.rules.entries import MOST as ENTRIES

Record = dict[str, Any]
MOST_VERSIONS = 50
# In a list of documents (d) and their activities, a document of the office is one, however many it is about.
ONCE = "QUALIFY d.sha256 = '' OR row_number() OVER (PARTITION BY d.sha256 ORDER BY d.key) = 1"


def short(sha256: str) -> str:
    """The beginning of a hash that stands for a document in an address."""
    return sha256[:SHORTEST_HASH]


def find(edition: Edition, code: str) -> Record | None:
    """The document whose hash begins so; None where there is none, or more than one."""
    rows = edition.dicts("SELECT * FROM filed WHERE starts_with(sha256, ?) LIMIT 2", [code])
    return rows[0] if len(rows) == 1 and len(code) >= SHORTEST_HASH else None


def whole(edition: Edition, record: Record) -> Record:
    """The document with its words, what it is about, its versions and the vouchers that name it."""
    texts = edition.dicts(
        "SELECT role, language, text FROM filed_texts WHERE sha256 = ? ORDER BY role, language", [record["sha256"]]
    )
    about = edition.dicts(
        "SELECT f.kind, f.name, a.identifier, a.title, a.kind AS page FROM filed_about f LEFT JOIN activities a USING (key)"
        " WHERE sha256 = ? AND f.kind <> 'voucher' ORDER BY f.ordinal, a.identifier",
        [record["sha256"]],
    )
    return {
        **record,
        "titles": [text for text in texts if text["role"] == "title"],
        "descriptions": [text for text in texts if text["role"] == "description"],
        "about": about,
        "earlier": _earlier(edition, record["supersedes"]),
        "later": edition.dicts(f'{_VERSION} WHERE supersedes = ? ORDER BY "on", sha256', [record["sha256"]]),
        "vouchers": _vouchers(edition, record["sha256"]),
    }


_VERSION = 'SELECT sha256, name, version, "on", supersedes FROM filed'


def _earlier(edition: Edition, sha256: str) -> list[Record]:
    """What it took the place of, and what that took the place of; newest first."""
    found: list[Record] = []
    while sha256 and len(found) < MOST_VERSIONS and sha256 not in [one["sha256"] for one in found]:
        rows = edition.dicts(f"{_VERSION} WHERE sha256 = ?", [sha256])
        found += rows
        sha256 = rows[0]["supersedes"] if rows else ""
    return found


def _vouchers(edition: Edition, sha256: str) -> list[Record]:
    """Vouchers and events of the books that seal its hash, and vouchers that it says to be about."""
    return edition.dicts(
        "SELECT p.position, v.reference, coalesce(v.title, '') AS title, coalesce(v.kind, e.kind) AS kind,"
        ' CAST(coalesce(v."on", e."on") AS VARCHAR) AS "on", p.sealed,'
        f" (SELECT min(entry) FROM all_facts f WHERE f.entry BETWEEN p.position * {ENTRIES} AND (p.position + 1) * {ENTRIES} - 1)"
        " AS entry FROM ("
        "   SELECT position, bool_or(sealed) AS sealed FROM ("
        "     SELECT position, true AS sealed FROM papers WHERE sha256 = ?"
        "     UNION ALL SELECT v.position, false FROM filed_about a JOIN vouchers v ON v.reference = a.name"
        "     WHERE a.sha256 = ? AND a.kind = 'voucher') GROUP BY position) p"
        " LEFT JOIN vouchers v USING (position) LEFT JOIN events e USING (position) ORDER BY p.position",
        [sha256, sha256],
    )


def of_voucher(edition: Edition, position: int, reference: str) -> list[Record]:
    """(sha256, title, name, sealed): the papers a voucher seals, and documents that say to be about it.

    name is None for a paper that is not public here.
    """
    return edition.dicts(
        "SELECT p.sha256, p.title, f.name, true AS sealed FROM papers p LEFT JOIN filed f USING (sha256)"
        " WHERE p.position = ? UNION ALL"
        " SELECT f.sha256, t.text, f.name, false FROM filed_about a JOIN filed f USING (sha256)"
        " JOIN filed_titles t USING (sha256)"
        " WHERE a.kind = 'voucher' AND a.name = ? AND f.sha256 NOT IN (SELECT sha256 FROM papers WHERE position = ?)"
        " ORDER BY sealed DESC, title, sha256",
        [position, reference, position],
    )


def of_fund(edition: Edition, identifier: str) -> list[Record]:
    """(sha256, name, on, type) of documents about a fund that has no activity of its own, newest first."""
    return edition.dicts(
        'SELECT f.sha256, f.name, f."on", f.type FROM filed_about a JOIN filed f USING (sha256)'
        " WHERE a.kind = 'fund' AND a.key IS NULL AND a.name = ? ORDER BY f.\"on\" DESC, f.sha256",
        [identifier],
    )


def titles(edition: Edition, hashes: Iterable[str]) -> dict[str, list[Record]]:
    """The titles of documents in every language, by hash."""
    wanted = sorted(set(hashes))
    found: dict[str, list[Record]] = {sha256: [] for sha256 in wanted}
    if wanted:
        slots = ", ".join("?" * len(wanted))
        rows = edition.dicts(
            f"SELECT sha256, language, text FROM filed_texts WHERE role = 'title' AND sha256 IN ({slots}) ORDER BY ALL",
            wanted,
        )
        for row in rows:
            found[row["sha256"]].append(row)
    return found
