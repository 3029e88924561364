"""Bulk files: an edition's tables as Parquet and CSV, made at the first wish and kept beside its cache."""

import fcntl
import os
from pathlib import Path

from quipu.edition.engine import quoted
from quipu.edition.open import BeingMade, Edition

FORMATS = {"parquet": "FORMAT parquet, COMPRESSION zstd", "csv": "FORMAT csv, HEADER"}
# Table → what a row is, and the query that gives its rows in a total order.
TABLES = {
    "facts": ("one amount with its movement, parties and dimensions", "SELECT * FROM facts ORDER BY key, ordinal"),
    "shares": (
        "one part of a list of countries, sectors or places, in millionths",
        "SELECT * FROM shares ORDER BY ALL",
    ),
    "activities": ("one activity", "SELECT * FROM activities ORDER BY key"),
    "entries": ("one transaction as it was read", "SELECT * FROM entries ORDER BY key, ordinal"),
    "organizations": ("one organization anybody names", "SELECT * FROM organizations ORDER BY organization"),
    "documents": ("one document that an activity links to", "SELECT * FROM documents ORDER BY key, ordinal, sha256"),
    "filed": ("one document that this office publishes itself", "SELECT * FROM filed ORDER BY sha256"),
    "registered": (
        "one field of a public row of a register of things, never of people",
        "SELECT * FROM registered ORDER BY ALL",
    ),
    "sums": ("one sum of amounts over five rows or more", "SELECT * FROM register_totals ORDER BY ALL"),
    "resources": ("one resource outside the fund, in no figure of it", "SELECT * FROM resources ORDER BY ALL"),
    "aims": ("one outcome or output of a programme", "SELECT * FROM aims ORDER BY key, ordinal"),
    "indicators": ("one indicator of a programme", "SELECT * FROM indicators ORDER BY key, ordinal"),
    "targets": ("one target of an indicator, revised ones among them", "SELECT * FROM targets ORDER BY key, ordinal"),
    "observations": (
        "one value that a source gives of an indicator for a period",
        "SELECT * FROM observations ORDER BY key, ordinal",
    ),
    "observation_cells": (
        "one part of such a value, told apart by a list",
        "SELECT * FROM observation_cells ORDER BY key, ordinal",
    ),
    "result_texts": (
        "one title or unit of results in one language",
        "SELECT * FROM result_texts ORDER BY key, ordinal",
    ),
    "beneficiaries": (
        "one number of a programme's table of beneficiaries",
        "SELECT * FROM beneficiaries ORDER BY key, ordinal",
    ),
    "measures": (
        "what indicators of several programmes measure alike, in one language",
        "SELECT * FROM measures ORDER BY code, language",
    ),
    "lessons": ("one lesson or best practice", "SELECT * FROM lessons ORDER BY project, code"),
    "reviews": ("one evaluation or audit", "SELECT * FROM reviews ORDER BY project, code"),
    "recommendations": (
        "one recommendation of a review, with the answer that stands",
        "SELECT * FROM recommendations ORDER BY review, number",
    ),
    "improvements": (
        "one step that was promised for a recommendation",
        "SELECT * FROM improvements ORDER BY recommendation, number",
    ),
    "rates": ("one rate that money was converted with", "SELECT * FROM rates ORDER BY currency, day"),
    "findings": ("one thing that was wrong in a file", "SELECT * FROM findings ORDER BY source, line, ordinal"),
    "copies": ("one activity that another copy stands before", "SELECT * FROM copies ORDER BY key, source, copy"),
    "sources": ("one file", "SELECT * FROM sources ORDER BY source"),
}


def file(edition: Edition, table: str, suffix: str) -> Path:
    """The path of a table as a file, made if it is not there yet. Raises KeyError for a table or format there is not.

    BeingMade where something of the edition was taken down meanwhile.
    """
    _, query = TABLES[table]
    options = FORMATS[suffix]
    folder = edition.home.bulk(edition.number)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"quipu-{edition.number}-{table}.{suffix}"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.is_file():
            arriving = path.with_name(f".{path.name}.{os.getpid()}")
            edition.rows(f"COPY ({query}) TO {quoted(arriving)} ({options})")
            with edition.home.settling():
                if not edition.stands:  # something of it was taken down while it was written
                    arriving.unlink()
                    raise BeingMade(f"Edition {edition.number} is being laid out again.")
                arriving.replace(path)
    return path
