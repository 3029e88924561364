"""Figures asked of the current edition, of an older one, or of the live books."""

from dataclasses import replace
from typing import Annotated

import typer

from quipu.cli.books import open_books, position
from quipu.cli.options import DEFAULT_HOME, AsOf, Format, HomeOption, day
from quipu.cli.printing import fail, print_table
from quipu.edition import ask as asker
from quipu.edition.home import Home
from quipu.edition.open import Editions, NoEdition
from quipu.rules import asking
from quipu.rules.figures import FIGURES

app = typer.Typer()


@app.command(epilog=f"Figures: {', '.join(FIGURES)}. Dimensions: {', '.join(asking.DIMENSIONS)}.")
def ask(
    figures: Annotated[str, typer.Argument(help="One or more figures, comma between.")],
    by: Annotated[str, typer.Option(help="Up to two dimensions, comma between.")] = "",
    where: Annotated[
        list[str] | None, typer.Option(help="KEY=VALUE or KEY!=VALUE; the same key twice means either.")
    ] = None,
    as_of: AsOf = "",
    since: Annotated[str, typer.Option(help="Only what happened from this day on.")] = "",
    unit: Annotated[str, typer.Option(help="USD, or original for the currencies as reported.")] = asking.USD,
    output: Format = "table",
    edition: Annotated[int | None, typer.Option(help="An older edition's number.")] = None,
    of_books: Annotated[bool, typer.Option("--books", help="Ask the live books instead of an edition.")] = False,
    known_on: Annotated[str, typer.Option(help="Of books: as known on a day, or at #N of the chain.")] = "",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Ask the current edition, or the live books, for figures."""
    if known_on and not of_books:
        fail("--known-on is a question for the books: add --books. An edition is chosen by --edition.")
    books = open_books(home) if of_books else None
    try:
        asked = asking.question(
            [name for name in figures.split(",") if name],
            [name for name in by.split(",") if name],
            where or [],
            since=day(since),
            until=day(as_of),
            unit=unit,
            dimensions=asking.BOOKS_DIMENSIONS if books else asking.DIMENSIONS,
        )
        if books:
            table = books.ask(replace(asked, known=position(books, known_on)))
        else:
            editions = Editions(Home(home))
            opened = editions.get(edition) if edition else editions.current()
            table = asker.ask(opened, asker.in_identities(opened, asked))
    except (asking.BadQuestion, NoEdition) as error:
        fail(str(error))
    print_table(table, output)
