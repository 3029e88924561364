"""The same from a terminal: parse, call one verb or one question, print."""

import json
import os
import shutil
import socket
import sys
import tempfile
from dataclasses import asdict
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
from quipu.files import json as json_file
from quipu.files.plain import exact
from quipu.rules import asking
from quipu.rules import journal as journals
from quipu.rules.dates import read_date
from quipu.rules.figures import FIGURES
from quipu.rules.money import printed
from quipu.rules.table import Cell, Column, Table

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Quipu: an open gateway for pooled funds.")
errors = Console(stderr=True)
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
    output: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
    edition: Annotated[int | None, typer.Option(help="An older edition's number.")] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Ask the current edition for figures."""
    try:
        asked = asking.question(
            [name for name in figures.split(",") if name],
            [name for name in by.split(",") if name],
            where or [],
            since=_day(since),
            until=_day(as_of),
            unit=unit,
        )
        opened = Editions(Home(home))
        table = asker.ask(opened.get(edition) if edition else opened.current(), asked)
    except (asking.BadQuestion, NoEdition) as error:
        fail(str(error))
    _print(table, output)


journal = typer.Typer(no_args_is_help=True, help="Books as plain text: look a journal over before it is loaded.")
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
    elif output == "table":
        _draw(table)
    else:
        fail(f"There is no format “{output}”. There are: table, csv, json.")


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
    if column.kind in ("money", "percent") and not isinstance(cell.value, str):
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
