"""The same from a terminal: parse, call one verb or one question, print."""

import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable

from quipu.actions.publish import publish as publish_edition
from quipu.edition import ask as asker
from quipu.edition import make
from quipu.edition.home import Home, HomeError
from quipu.edition.manifest import load
from quipu.edition.open import Editions, NoEdition
from quipu.files import csv as csv_file
from quipu.files import html as html_file
from quipu.files import json as json_file
from quipu.files import xlsx as xlsx_file
from quipu.files.plain import exact
from quipu.rules import asking
from quipu.rules import journal as journals
from quipu.rules.dates import read_date
from quipu.rules.figures import FIGURES
from quipu.rules.findings import Refused
from quipu.rules.money import printed
from quipu.rules.statements import funding_status
from quipu.rules.table import Cell, Column, Table

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Quipu: an open gateway for pooled funds.")
errors = Console(stderr=True)
STATEMENTS = ("funding-status", "account", "contributors", "available", "trial-balance")
DEMO = Path(__file__).parents[2] / "demo"

HomeOption = Annotated[Path, typer.Option("--home", envvar="QUIPU_HOME", help="Where editions live.")]
Files = Annotated[list[Path] | None, typer.Argument(help="IATI files: .xml, .xml.gz, .zip, or folders of them.")]
Port = Annotated[int, typer.Option(help="The port to serve on.")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DEFAULT_HOME = Path("var")


def fail(sentence: str, code: int = 1) -> NoReturn:
    """One clear sentence, and out."""
    errors.print(sentence, style="red", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(code)


@app.command()
def publish(files: Files = None, home: HomeOption = DEFAULT_HOME, as_json: Json = False) -> None:
    """Make an edition from files, without serving it."""
    made = _publish(Home(home), files or [], quiet=as_json)
    if as_json:
        print(json.dumps(made))
        return
    found = ", ".join(f"{count} {severity}" for severity, count in made["findings"].items() if count) or "none"
    errors.print(
        f"Edition {made['edition']}: {made['activities']:,} activities and {made['transactions']:,} transactions"
        f" from {made['files']:,} files in {made['seconds']:.1f} s. Findings: {found}.",
        highlight=False,
        soft_wrap=True,
    )


@app.command()
def serve(
    files: Files = None,
    home: HomeOption = DEFAULT_HOME,
    port: Port = 8000,
    host: Host = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="Web processes.")] = 2,
) -> None:
    """Publish the files, if any are named, and serve the current edition."""
    _free(host, port)
    place = Home(home)
    if files:
        _publish(place, files)
    elif place.current() is None:
        fail(f"Nothing has been published in {home} yet. Name the files to serve, or publish some first.")
    _books_stand(home)
    _serve(place, host, port, workers)


@app.command()
def demo(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    home: Annotated[Path | None, typer.Option(envvar="QUIPU_DEMO_HOME")] = None,
) -> None:
    """Serve the demonstration: the seed's programme and an invented portfolio around it."""
    _free(host, port)
    place = Home(home or Path(tempfile.gettempdir()) / f"quipu-demo-{os.getuid()}")
    if home is None:
        shutil.rmtree(place.root, ignore_errors=True)
    _publish(place, [DEMO])
    os.environ["QUIPU_DEMO"] = "1"
    _serve(place, host, port, 2)


@app.command()
def editions(home: HomeOption = DEFAULT_HOME, as_json: Json = False) -> None:
    """List the editions of a home."""
    place = Home(home)
    rows = [load(place, number) for number in place.numbers()]
    if as_json:
        print(
            json.dumps(
                [
                    {
                        "edition": m.number,
                        "made_at": m.made_at,
                        "content": m.content,
                        "files": len(m.sources),
                        **m.totals,
                        "current": m.number == place.current(),
                    }
                    for m in rows
                ]
            )
        )
        return
    if not rows:
        fail(f"Nothing has been published in {home} yet.")
    for m in rows:
        mark = "*" if m.number == place.current() else " "
        print(
            f"{mark} {m.number:>6}  {m.made_at}  {len(m.sources):>6,} files  {m.totals['activities']:>9,} activities"
            f"  {m.totals['transactions']:>11,} transactions  {m.content[:12]}"
        )


@app.command(epilog=f"Figures: {', '.join(FIGURES)}. Dimensions: {', '.join(asking.DIMENSIONS)}.")
def ask(
    figures: Annotated[str, typer.Argument(help="One or more figures, comma between.")],
    by: Annotated[str, typer.Option(help="Up to two dimensions, comma between.")] = "",
    where: Annotated[
        list[str] | None, typer.Option(help="KEY=VALUE or KEY!=VALUE; the same key twice means either.")
    ] = None,
    as_of: Annotated[str, typer.Option(help="Only what happened up to this day.")] = "",
    since: Annotated[str, typer.Option(help="Only what happened from this day on.")] = "",
    unit: Annotated[str, typer.Option(help="USD, or original for the currencies as reported.")] = asking.USD,
    output: Annotated[str, typer.Option("--format", help="table, csv, html, json or xlsx.")] = "table",
    edition: Annotated[int | None, typer.Option(help="An older edition's number.")] = None,
    of_books: Annotated[bool, typer.Option("--books", help="Ask the live books instead of an edition.")] = False,
    known_on: Annotated[str, typer.Option(help="Of books: as known on a day, or at #N of the chain.")] = "",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Ask the current edition, or the live books, for figures."""
    if known_on and not of_books:
        fail("--known-on is a question for the books: add --books. An edition is chosen by --edition.")
    books = _books(home) if of_books else None
    try:
        asked = asking.question(
            [name for name in figures.split(",") if name],
            [name for name in by.split(",") if name],
            where or [],
            since=_day(since),
            until=_day(as_of),
            unit=unit,
            dimensions=asking.BOOKS_DIMENSIONS if books else asking.DIMENSIONS,
        )
        if books:
            table = books.ask(replace(asked, known=_position(books, known_on)))
        else:
            opened = Editions(Home(home))
            table = asker.ask(opened.get(edition) if edition else opened.current(), asked)
    except (asking.BadQuestion, NoEdition) as error:
        fail(str(error))
    _print(table, output)


journal = typer.Typer(no_args_is_help=True, help="Books as plain text: check a journal, load it, export the books.")
app.add_typer(journal, name="journal")


@journal.command("check")
def check_journal(file: Annotated[Path, typer.Argument(help="A journal.")], as_json: Json = False) -> None:
    """Name every fault of a journal at once: file, line, column, what was expected and what was found."""
    read = journals.read(_bytes(file), file.name)
    faults = journals.check(read)
    if as_json:
        print(json.dumps([asdict(fault) for fault in faults], ensure_ascii=False, indent=1))
    else:
        for fault in faults:
            print(fault)
        if not faults:
            print(f"{file.name}: {len(read.items):,} declarations, vouchers, directives and assertions, no fault.")
    if faults:
        raise typer.Exit(1)


@journal.command("write")
def write_journal(file: Annotated[Path, typer.Argument(help="A journal.")]) -> None:
    """Print a journal in its canonical form: the same words, evenly spaced."""
    read = journals.read(_bytes(file), file.name)
    if read.faults:
        fail("\n".join(str(fault) for fault in read.faults))
    print(journals.write(read), end="")


@journal.command("load")
def load_journal(
    file: Annotated[Path, typer.Argument(help="A journal.")],
    home: HomeOption = DEFAULT_HOME,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse what the rules of the desk refuse, too.")] = False,
    by: Annotated[str, typer.Option(help="The code of who loads it.")] = "journal",
    approved_by: Annotated[str, typer.Option(help="The code of the agent approver who signs it off.")] = "",
    as_json: Json = False,
) -> None:
    """Post a journal: all of it, or nothing. What the ledger has already is left as it is."""
    read = journals.read(_bytes(file), file.name)
    books = _books(home, make=True)
    try:
        loaded = books.load_journal(read, by=by, approved=(approved_by,) if approved_by else (), strict=strict)
    except Refused as refused:
        _print_findings(refused.findings, as_json, posted=0, stood=0)
        raise typer.Exit(1) from None
    _print_findings(loaded.findings, as_json, posted=loaded.posted, stood=loaded.stood)
    if any(finding.rule == "balance-differs" for finding in loaded.findings):
        raise typer.Exit(1)


def _print_findings(findings: Iterable[object], as_json: bool, *, posted: int, stood: int) -> None:
    told = list(findings)
    if as_json:
        plain = [{**asdict(one), "said": str(one)} for one in told]  # type: ignore[call-overload]
        print(json.dumps({"posted": posted, "stood": stood, "findings": plain}, ensure_ascii=False, indent=1))
        return
    for one in told:
        print(one)
    print(f"{posted:,} posted, {stood:,} stood already, {len(told):,} to look at.")


@journal.command("export")
def export_journal(
    home: HomeOption = DEFAULT_HOME,
    output: Annotated[str, typer.Option("--format", help="journal or beancount.")] = "journal",
    known_on: Annotated[str, typer.Option(help="As it stood at a position of the chain (#N), or on a day.")] = "",
) -> None:
    """Print the books as a journal that can be loaded into an empty home, or as a Beancount journal."""
    books = _books(home)
    if output not in ("journal", "beancount"):
        fail(f"There is no format “{output}”. There are: journal, beancount.")
    known = _position(books, known_on)
    print(books.beancount(known) if output == "beancount" else journals.write(books.export(known)), end="")


@app.command()
def verify(home: HomeOption = DEFAULT_HOME, as_json: Json = False) -> None:
    """Compute the ledger's chain again, look for its seals, and play its journal into an empty ledger."""
    verdict = _books(home, sealed=False).verify()
    if as_json:
        print(json.dumps({**asdict(verdict), "whole": verdict.is_whole}, indent=1))
    else:
        for fault in verdict.faults:
            print(fault)
        found = "all is as it was sealed" if verdict.is_whole else f"{len(verdict.faults)} faults"
        print(f"{verdict.links:,} links, {verdict.entries:,} entries, head {verdict.head[:16]}: {found}.")
    if not verdict.is_whole:
        raise typer.Exit(1)


@app.command()
def migrate(home: HomeOption = DEFAULT_HOME) -> None:
    """Bring the books' tables up to this program, with the ledger verified before and after."""
    books = _books(home, make=True, older=True)
    try:
        books.migrate()
    except books.NotWhole as error:
        fail(str(error))


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
    output: Annotated[str, typer.Option("--format", help="table, csv, html, json or xlsx.")] = "table",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Print a statement from the books; with --year a table of its annual report.

    funding-status, account, contributors, available, trial-balance; sources-and-uses, deposits-by-contributor, interest,
    transfers-by-organization, delivery-by-organization, delivery-by-project, expenditure-by-category, direct-costs.
    """
    books = _books(home)
    currency = books.currency(fund)
    if currency is None:
        fail(f"There is no fund “{fund}” in the books.")
    if name not in (*STATEMENTS, *books.ANNUAL):
        fail(f"There is no statement “{name}”. There are: {', '.join((*STATEMENTS, *books.ANNUAL))}.")
    if layout not in funding_status.LAYOUTS:
        fail(f"There is no layout “{layout}”. There are: {', '.join(funding_status.LAYOUTS)}.")
    moment = books.Moment(_day(as_of), _position(books, known_on))
    head = {"fund": fund, "as_of": moment.until and moment.until.isoformat()}
    match name:
        case "funding-status":
            sums = books.of_fund(fund, until=moment.until, known=moment.known)
            if output == "json":
                rows = funding_status.drawn(sums, layout)
                print(json.dumps({**head, "layout": layout, "currency": currency, "rows": rows}, indent=1))
                return
            table = funding_status.table(sums, layout, currency)
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
            table = books.annual_table(fund, name, year, moment)
    told = {**head, "statement": name, "layout": layout if name == STATEMENTS[0] else "", "organization": organization}
    told |= {"year": str(year or ""), "known_on": known_on}
    table.about = {key: value for key, value in told.items() if value}
    _print(table, output)


@app.command()
def portfolio(
    currency: Annotated[str, typer.Argument(help="Funds of which currency.")] = "USD",
    as_of: Annotated[str, typer.Option(help="Only what happened up to this day.")] = "",
    known_on: Annotated[str, typer.Option(help="Only what was recorded up to this day, or #N of the chain.")] = "",
    output: Annotated[str, typer.Option("--format", help="table, csv, html, json or xlsx.")] = "table",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Print all funds of a currency as one, with what they paid each other taken out and shown."""
    books = _books(home)
    moment = books.Moment(_day(as_of), _position(books, known_on))
    table = books.consolidated_portfolio(currency.upper(), moment)
    table.about = {key: value for key, value in {"as_of": as_of, "known_on": known_on}.items() if value}
    _print(table, output)


def _position(books: Any, text: str) -> int | None:
    """A position of the chain, from "#12" or a day; None for now."""
    if text.removeprefix("#").isdigit() and text.startswith("#"):
        return int(text[1:])
    day = _day(text)
    return books.known_on(day) if day else None


def _books(home: Path, *, make: bool = False, sealed: bool = True, older: bool = False) -> Any:
    """What can be done with the books of a home; Django is loaded only here."""
    from quipu.books import database  # noqa: PLC0415

    try:
        Home(home).prepare()
        database.start(home)
        from quipu.actions import books  # noqa: PLC0415 - models need Django's settings

        if not older:
            database.open_books(make=make, sealed=sealed)
    except (database.NoBooks, HomeError) as error:
        fail(str(error))
    return books


def _books_stand(home: Path) -> None:
    """Refuses to serve beside books that are older than this program, or whose seals do not stand."""
    if not (home / "books.sqlite3").is_file() and not os.environ.get("QUIPU_DATABASE_URL"):
        return
    from quipu.books import database  # noqa: PLC0415

    database.start(home)
    try:
        if database.exist():
            database.open_books()
    except database.NoBooks as error:
        fail(str(error))
    finally:
        database.close()  # web processes open their own


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        fail(f"The file {file} cannot be read.")


def _day(text: str) -> date | None:
    if not text:
        return None
    day = read_date(text)
    if day is None:
        fail(f"“{text}” is no date. Write YYYY-MM-DD.")
    return day


def _print(table: Table, output: str) -> None:
    if output == "json":
        print(json_file.draw(table).decode(), end="")
    elif output == "csv":
        sys.stdout.buffer.write(csv_file.draw(table))
    elif output == "html":
        sys.stdout.buffer.write(html_file.draw(table))
    elif output == "xlsx":
        sys.stdout.buffer.write(xlsx_file.draw(table))
    elif output == "table":
        _draw(table)
    else:
        fail(f"There is no format “{output}”. There are: table, csv, html, json, xlsx.")


def _draw(table: Table) -> None:
    drawn = RichTable(show_footer=table.total is not None)
    for n, column in enumerate(table.columns):
        footer = _shown(column, table.total[n]) if table.total else ""
        drawn.add_column(column.label, footer=footer, justify="right" if column.is_number else "left")
    for row in table.rows:
        drawn.add_row(*(_shown(column, cell) for column, cell in zip(table.columns, row, strict=True)))
    Console(width=None if sys.stdout.isatty() else 200).print(drawn, highlight=False)
    print(f"Unit: {table.unit}")
    for note in table.notes:
        print(note)
    if table.left_out.count:
        print(f"Left out: {table.left_out.count} entries not converted ({', '.join(table.left_out.currencies)}).")


def _shown(column: Column, cell: Cell) -> str:
    if cell.value is None:
        return "not stated" if not column.figure else "–"
    if column.kind == "money" and not isinstance(cell.value, str):
        return f"{printed(cell.value, 2):,}"  # type: ignore[arg-type]
    return cell.label or exact(cell.value)


def _publish(home: Home, files: list[Path], *, quiet: bool = False) -> dict[str, Any]:
    bar = Progress(
        *(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn()),
        console=errors,
        transient=True,
        disable=quiet,
    )
    with bar:
        task = bar.add_task("reading", total=None)
        progress = make.Progress(
            sources=lambda files, size: bar.update(task, total=size, description=f"reading {files:,} files"),
            read=lambda name, size: bar.update(task, advance=size),
            step=lambda name: bar.update(task, description=f"making {name}"),
        )
        try:
            return publish_edition(home, files, progress)
        except HomeError as error:
            fail(str(error))
        except FileNotFoundError as error:
            fail(f"There is no file or folder {error}.")


def _free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError:
            fail(f"{port} is no port. Choose one from 1 to 65535.")
        except OSError:
            fail(f"Port {port} on {host} is taken or not allowed. Choose another with --port.")


def _serve(home: Home, host: str, port: int, workers: int) -> None:
    from quipu.portal.server import serve as run  # noqa: PLC0415 - Django is loaded only where pages are served

    shown = f"[{host}]" if ":" in host else host
    errors.print(f"Quipu is at http://{shown}:{port}/ (Ctrl+C stops it).", highlight=False)
    run(home.root.resolve(), host, port, workers)
