"""DuckDB, opened our way: no network, no extensions from elsewhere, bounded memory, answers that can be repeated."""

from pathlib import Path
from typing import Any

import duckdb

Connection = Any  # duckdb ships no types that mypy could follow here
OutOfMemory = duckdb.OutOfMemoryException  # more was needed than the limit of a connection
SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "preserve_insertion_order": "true",
}


def connect(
    path: Path | None = None,
    *,
    memory: str = "160MB",
    threads: int = 1,
    read_only: bool = False,
    spill: Path | None = None,
) -> Connection:
    """A connection to a file, or to memory. spill: a folder for what does not fit."""
    config: dict[str, str] = {**SETTINGS, "memory_limit": memory, "threads": str(threads)}
    if spill is not None:
        config["temp_directory"] = str(spill)
    return duckdb.connect(str(path) if path else ":memory:", read_only=read_only, config=config)


def quoted(text: object) -> str:
    """A literal for the few statements that take no parameters (COPY, file lists)."""
    return "'" + str(text).replace("'", "''") + "'"
