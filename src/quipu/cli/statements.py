"""Statements of a fund, and all funds as one."""

import json
from datetime import date
from typing import Annotated, Any

import typer

from quipu.cli.books import open_books, position
from quipu.cli.options import DEFAULT_HOME, AsOf, Format, HomeOption, KnownOn, day
from quipu.cli.printing import fail, print_table, print_tables
from quipu.rules.statements import annual, delivery, funding_status
from quipu.rules.table import Table

app = typer.Typer()
ACCOUNT = "account"
STATEMENTS = ("funding-status", ACCOUNT, "contributors", "available", "trial-balance")
REPORT = "annual-report"  # all tables of a year
GROUPED = "delivery-by-project"


@app.command(epilog=f"Statements: {', '.join(STATEMENTS)}. Of a year: {', '.join((REPORT, *annual.OUTLINES))}.")
def statement(
    fund: Annotated[str, typer.Argument(help="The code of a fund.")],
    name: Annotated[str, typer.Argument(help="Which statement.", metavar="NAME")] = STATEMENTS[0],
    as_of: AsOf = "",
    known_on: KnownOn = "",
    layout: Annotated[str, typer.Option(help="Of the funding status: wide or narrow.")] = funding_status.WIDE,
    year: Annotated[
        int | None,
        typer.Option(help="Of an account: only this year. Of an annual report: its year.", min=1900, max=9999),
    ] = None,
    organization: Annotated[str, typer.Option(help="Of an account: whose.")] = "",
    by: Annotated[str, typer.Option(help="Of delivery-by-project: theme or country, with sub-totals.")] = "",
    output: Format = "table",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Print a statement from the books; with --year its annual report, or a table of it."""
    books = open_books(home)
    currency = books.currency(fund)
    if currency is None:
        fail(f"There is no fund “{fund}” in the books.")
    _check(name, layout, by, year)
    known, known_on = _pinned(books, known_on)
    moment = books.Moment(day(as_of), known)
    if name == REPORT:
        tables = books.annual_report(fund, year, moment, group=by)
    elif name in annual.OUTLINES:
        tables = {name: books.annual_table(fund, name, year, moment, group=by)}
    else:
        tables = {name: _table(books, fund, name, moment, layout=layout, organization=organization, year=year)}
    of_year = "" if year is None or (name in STATEMENTS and name != ACCOUNT) else str(year)
    about = {**books.whose(fund), "as_of": moment.until.isoformat() if moment.until else ""}
    about |= {
        "layout": layout if name == STATEMENTS[0] else "",
        "organization": organization if name == ACCOUNT else "",
    }
    about |= {"year": of_year, "known_on": known_on}
    for each, table in tables.items():
        own = {**about, "statement": each, "by": by if each == GROUPED else ""}
        table.about = {key: value for key, value in own.items() if value}
    if name == REPORT:
        print_tables([*tables.values()], f"Annual report {year}", output)
    elif name == STATEMENTS[0] and output == "json":
        sums = books.of_fund(fund, until=moment.until, known=moment.known)
        told = {"fund": fund, "as_of": about["as_of"] or None, "layout": layout, "currency": currency}
        told |= {"rows": funding_status.drawn(sums, layout)}
        print(json.dumps({**told, "notes": table.notes} if table.notes else told, ensure_ascii=False, indent=1))
    else:
        print_table(table, output)


def _check(name: str, layout: str, by: str, year: int | None) -> None:
    """Ends the program where a word is none of those there are, or the year of a report is missing."""
    there = (*STATEMENTS, REPORT, *annual.OUTLINES)
    if name not in there:
        fail(f"There is no statement “{name}”. There are: {', '.join(there)}.")
    if layout not in funding_status.LAYOUTS:
        fail(f"There is no layout “{layout}”. There are: {', '.join(funding_status.LAYOUTS)}.")
    if by and (by not in delivery.GROUPS or name not in (REPORT, GROUPED)):
        fail(f"--by {by} is no way to group {name}. {GROUPED} can be grouped: {', '.join(delivery.GROUPS)}.")
    if year is None and name not in STATEMENTS:
        fail(f"{name} is of a year. Say of which: --year 2013.")


def _pinned(books: Any, known_on: str) -> tuple[int, str]:
    """The position up to which the chain is asked, and its words: where it stands now, unless said otherwise.

    So a statement that leaves the house says which books it is of, and can be drawn again.
    """
    known = position(books, known_on)
    if known is not None:
        return known, known_on
    last: int = books.known_on(date.max)
    return last, f"#{last}"


def _table(books: Any, fund: str, name: str, moment: Any, *, layout: str, organization: str, year: int | None) -> Table:
    table: Table
    match name:
        case "funding-status":
            sums = books.of_fund(fund, until=moment.until, known=moment.known)
            table = funding_status.table(sums, layout, books.currency(fund))
        case _ if name == ACCOUNT:
            if not books.participates(organization):
                fail(f"There is no organization “{organization}” in the books. Name one with --organization.")
            table = books.statement_of_account(fund, organization, moment, year=year)
        case "contributors":
            table = books.contributor_statement(fund, moment)
        case "available":
            table = books.available_to_allocate(fund, moment)
        case _:
            table = books.fund_trial_balance(fund, moment)
    return table


@app.command()
def portfolio(
    currency: Annotated[str, typer.Argument(help="Funds of which currency.")] = "USD",
    as_of: AsOf = "",
    known_on: KnownOn = "",
    output: Format = "table",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Print all funds of a currency as one, with what they paid each other taken out and shown."""
    books = open_books(home)
    known, known_on = _pinned(books, known_on)
    moment = books.Moment(day(as_of), known)
    table = books.consolidated_portfolio(currency.upper(), moment)
    table.about = {key: value for key, value in {"as_of": as_of, "known_on": known_on}.items() if value}
    print_table(table, output)
