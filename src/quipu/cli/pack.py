"""The pack for a fund's auditors."""

from pathlib import Path
from typing import Annotated

import typer

from quipu.cli.books import open_books, position
from quipu.cli.options import DEFAULT_HOME, HomeOption, day
from quipu.cli.printing import fail

app = typer.Typer()


@app.command()
def pack(
    fund: Annotated[str, typer.Argument(help="The code of a fund.")],
    year: Annotated[int, typer.Option(help="Of which year.", min=1900, max=9999)],
    out: Annotated[
        Path | None, typer.Argument(help="A new folder, or a file that ends in .zip. Default: FUND-YEAR-pack.zip here.")
    ] = None,
    as_of: Annotated[str, typer.Option(help="A day of the year; by default its last one.")] = "",
    known_on: Annotated[str, typer.Option(help="As recorded up to this day, or #N of the chain.")] = "",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Write what the auditors of a fund need for a year, with a page that says how to check it without us."""
    books = open_books(home)
    from quipu.actions import pack as packing  # noqa: PLC0415 - models need Django's settings

    known = position(books, known_on)
    try:
        packed = packing.pack(
            fund=fund, year=year, as_of=day(as_of), known=known, documents=home / "documents", out=out
        )
    except packing.NoPack as error:
        fail(str(error))
    print(f"{packed.out}: {packed.files:,} files. Head of the chain: {packed.position}:{packed.hash}")
