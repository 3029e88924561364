"""Statements of a fund, and all funds as one."""

import json
from typing import Annotated

import typer

from quipu.cli.books import open_books, position
from quipu.cli.options import DEFAULT_HOME, Format, HomeOption, day
from quipu.cli.printing import fail, print_table
from quipu.rules.statements import annual, delivery, funding_status

app = typer.Typer()
STATEMENTS = ("funding-status", "account", "contributors", "available", "trial-balance")
GROUPED = "delivery-by-project"


@app.command()
def statement(
    fund: Annotated[str, typer.Argument(help="The code of a fund.")],
    name: Annotated[str, typer.Argument(help="Which statement.", metavar="NAME")] = STATEMENTS[0],
    as_of: Annotated[str, typer.Option(help="Only what happened up to this day.")] = "",
    known_on: Annotated[str, typer.Option(help="Only what was recorded up to this day, or #N of the chain.")] = "",
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
    """Print a statement from the books; with --year a table of its annual report.

    funding-status, account, contributors, available, trial-balance; sources-and-uses, deposits-by-contributor, interest,
    transfers-by-organization, delivery-by-organization, delivery-by-project, expenditure-by-category, direct-costs,
    cost-recovery.
    """
    books = open_books(home)
    currency = books.currency(fund)
    if currency is None:
        fail(f"There is no fund “{fund}” in the books.")
    _check(name, layout, by)
    moment = books.Moment(day(as_of), position(books, known_on))
    head = {"fund": fund, "as_of": moment.until and moment.until.isoformat()}
    match name:
        case "funding-status":
            sums = books.of_fund(fund, until=moment.until, known=moment.known)
            table = funding_status.table(sums, layout, currency)
            if output == "json":
                told = {**head, "layout": layout, "currency": currency, "rows": funding_status.drawn(sums, layout)}
                print(json.dumps({**told, "notes": table.notes} if table.notes else told, ensure_ascii=False, indent=1))
                return
        case "account":
            if not books.participates(organization):
                fail(f"There is no organization “{organization}” in the books. Name one with --organization.")
            table = books.statement_of_account(fund, organization, moment, year=year)
        case "contributors":
            table = books.contributor_statement(fund, moment)
        case "available":
            table = books.available_to_allocate(fund, moment)
        case "trial-balance":
            table = books.fund_trial_balance(fund, moment)
        case _ if year is None:
            fail(f"{name} is a table of an annual report. Say of which year: --year 2013.")
        case _:
            table = books.annual_table(fund, name, year, moment, group=by)
    told = {**head, "statement": name, "layout": layout if name == STATEMENTS[0] else "", "organization": organization}
    told |= {"fund_name": books.title(fund), "by": by, "year": str(year or ""), "known_on": known_on}
    table.about = {key: value for key, value in told.items() if value}
    print_table(table, output)


def _check(name: str, layout: str, by: str) -> None:
    """Ends the program where a word is none of those there are."""
    if name not in (*STATEMENTS, *annual.OUTLINES):
        fail(f"There is no statement “{name}”. There are: {', '.join((*STATEMENTS, *annual.OUTLINES))}.")
    if layout not in funding_status.LAYOUTS:
        fail(f"There is no layout “{layout}”. There are: {', '.join(funding_status.LAYOUTS)}.")
    if by and (by not in delivery.GROUPS or name != GROUPED):
        fail(f"--by {by} is no way to group {name}. {GROUPED} can be grouped: {', '.join(delivery.GROUPS)}.")


@app.command()
def portfolio(
    currency: Annotated[str, typer.Argument(help="Funds of which currency.")] = "USD",
    as_of: Annotated[str, typer.Option(help="Only what happened up to this day.")] = "",
    known_on: Annotated[str, typer.Option(help="Only what was recorded up to this day, or #N of the chain.")] = "",
    output: Format = "table",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Print all funds of a currency as one, with what they paid each other taken out and shown."""
    books = open_books(home)
    moment = books.Moment(day(as_of), position(books, known_on))
    table = books.consolidated_portfolio(currency.upper(), moment)
    table.about = {key: value for key, value in {"as_of": as_of, "known_on": known_on}.items() if value}
    print_table(table, output)
