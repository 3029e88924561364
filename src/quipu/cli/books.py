"""The books themselves: opened for every command that needs them, verified, brought up to this program."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from quipu.books import database
from quipu.cli.options import DEFAULT_HOME, HomeOption, Json, day
from quipu.cli.printing import fail
from quipu.edition import verify as editions
from quipu.edition.home import Home, HomeError

app = typer.Typer()
HEAD = re.compile(r"#?([1-9][0-9]{0,17}):([0-9A-Fa-f]{16,64})")  # of a hash, its beginning is enough


@app.command()
def verify(
    home: HomeOption = DEFAULT_HOME,
    head: Annotated[
        list[str] | None,
        typer.Option(help="POSITION:HASH as an edition or a pack states it: the chain must go through it."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compute the ledger's chain again, look for its seals, play its journal into an empty ledger, compare the edition.

    Removed links at the end of a chain show only beside a head that was known before: an edition's, or one named by --head.
    """
    heads = [_head(text) for text in head or []]
    if not heads and not database.may_exist(home) and Home(home).current() is not None:
        _verify_editions(Home(home), as_json=as_json)
        return
    verdict = open_books(home, sealed=False).verify(Home(home), heads=heads)
    if as_json:
        print(json.dumps({**asdict(verdict), "whole": verdict.is_whole}, indent=1))
    else:
        for fault in verdict.faults:
            print(fault)
        found = "all is as it was sealed" if verdict.is_whole else f"{len(verdict.faults)} faults"
        print(f"{verdict.links:,} links, {verdict.entries:,} entries, head {verdict.head[:16]}: {found}.")
        if verdict.redacted:
            print(f"The texts of {verdict.redacted:,} links are gone; the hash of them stands.")
        if verdict.edition:
            print(f"Edition {verdict.edition} was compared with them, figure by figure.")
        _print_withdrawn(verdict.withdrawn)
    if not verdict.is_whole:
        raise typer.Exit(1)


def _verify_editions(home: Home, *, as_json: bool) -> None:
    """Of a home without books, the parts of its editions are read."""
    checked = editions.verify(home)
    if as_json:
        print(json.dumps({**asdict(checked), "whole": not checked.faults}, indent=1))
    else:
        for fault in checked.faults:
            print(fault)
        found = "all is as it was sealed" if not checked.faults else f"{len(checked.faults)} faults"
        print(f"{checked.editions:,} editions, {checked.parts:,} parts, {checked.documents:,} documents: {found}.")
        _print_withdrawn(checked.withdrawn)
    if checked.faults:
        raise typer.Exit(1)


def _print_withdrawn(withdrawn: list[str]) -> None:
    for said in withdrawn:
        print(f"withdrawn: {said}")


def _head(text: str) -> tuple[int, str]:
    stated = HEAD.fullmatch(text)
    if stated is None:
        fail(f"“{text}” is no head of a chain. Write POSITION:HASH, of the hash at least 16 characters.")
    return int(stated[1]), stated[2].lower()


@app.command()
def migrate(home: HomeOption = DEFAULT_HOME) -> None:
    """Bring the books' tables up to this program, with the ledger verified before and after."""
    books = open_books(home, make=True, older=True)
    try:
        books.migrate()
    except books.NotWhole as error:
        fail(str(error))


def open_books(home: Path, *, make: bool = False, sealed: bool = True, older: bool = False) -> Any:
    """What can be done with the books of a home; Django is loaded only here."""
    try:
        Home(home).prepare()
        database.start(home)
        from quipu.actions import books  # noqa: PLC0415 - models need Django's settings

        if not older:
            database.open_books(make=make, sealed=sealed)
    except (database.NoBooks, HomeError) as error:
        fail(str(error))
    return books


def books_stand(home: Path) -> None:
    """Refuses to serve beside books that are older than this program, or whose seals do not stand."""
    try:
        if database.found(home):
            database.open_books()
            database.close()  # web processes open their own
    except database.NoBooks as error:
        fail(str(error))


def position(books: Any, text: str) -> int | None:
    """A position of the chain, from "#12" or a day; None for now."""
    if text.removeprefix("#").isdigit() and text.startswith("#"):
        return int(text[1:])
    stated = day(text)
    return books.known_on(stated) if stated else None
