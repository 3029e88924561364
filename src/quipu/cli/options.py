"""Words that several commands take, each with its help written once, and how a day or a file is read."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from quipu.cli.printing import fail
from quipu.rules.dates import read_date

DEFAULT_HOME = Path("var")
HomeOption = Annotated[Path, typer.Option("--home", envvar="QUIPU_HOME", help="Where editions live.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsOf = Annotated[str, typer.Option(help="Only what happened up to this day.")]
KnownOn = Annotated[str, typer.Option(help="Only what was recorded up to this day, or #N of the chain.")]
Format = Annotated[str, typer.Option("--format", help="table, csv, html, json, pdf or xlsx.")]


def day(text: str) -> date | None:
    """The day, None for none; no day ends the program."""
    if not text:
        return None
    read = read_date(text)
    if read is None:
        fail(f"“{text}” is no date. Write YYYY-MM-DD.")
    return read


def content(file: Path) -> bytes:
    """The bytes of a file that was named."""
    try:
        return file.read_bytes()
    except OSError:
        fail(f"The file {file} cannot be read.")
