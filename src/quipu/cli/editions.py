"""Editions are made, listed and served."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from quipu.actions.follow import follow as follow_books
from quipu.actions.follow import keep_words
from quipu.actions.publish import publish as publish_edition
from quipu.books.database import NoBooks, may_exist
from quipu.cli.books import books_stand, open_books
from quipu.cli.options import DEFAULT_HOME, HomeOption, Json
from quipu.cli.printing import errors, fail
from quipu.edition import make
from quipu.edition.home import Home, HomeError
from quipu.edition.manifest import load
from quipu.letters import contacts
from quipu.rules import journal
from quipu.rules.findings import Refused

app = typer.Typer()
DEMO = Path(__file__).parents[3] / "demo"
REST = 2.0  # seconds between two looks at what runs beside the web processes
Files = Annotated[list[Path] | None, typer.Argument(help="IATI files: .xml, .xml.gz, .zip, or folders of them.")]
Port = Annotated[int, typer.Option(help="The port to serve on.")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]


@app.command()
def publish(
    files: Files = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: Json = False,
    follow: Annotated[bool, typer.Option("--follow", help="Go on, with an edition after each posting.")] = False,
    by: Annotated[str, typer.Option(hidden=True, help="The code of whoever publishes at the desk.")] = "",
    reason: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Make an edition from files and the books, without serving it. Without files, those of the current edition stay."""
    if by:
        _by_hand(Home(home), by, reason)
        return
    made = _publish(Home(home), files or None, quiet=as_json)
    if as_json:
        print(json.dumps(made))
        return
    found = ", ".join(f"{count} {severity}" for severity, count in made["findings"].items() if count) or "none"
    documents = f" and {made['documents']:,} documents" if made["documents"] else ""
    errors.print(
        f"Edition {made['edition']}: {made['activities']:,} activities and {made['transactions']:,} transactions"
        f" from {made['files']:,} files{documents} in {made['seconds']:.1f} s. Findings: {found}.",
        highlight=False,
        soft_wrap=True,
    )
    for said in made["document_findings"]:
        errors.print(said, highlight=False, markup=False, soft_wrap=True)
    if follow:
        _follow(Home(home))


def _by_hand(home: Home, by: str, reason: str) -> None:
    """What the desk starts beside itself."""
    open_books(home.root)
    from quipu.actions import publish_now  # noqa: PLC0415 - models need Django's settings

    try:
        publish_now.run(home, by=by, reason=reason)
    except (HomeError, NoBooks, Refused) as error:
        fail(str(error))


@app.command()
def serve(
    files: Files = None,
    home: HomeOption = DEFAULT_HOME,
    port: Port = 8000,
    host: Host = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="Web processes.")] = 2,
    follow: Annotated[bool, typer.Option(help="Publish the books whenever they have grown.")] = True,
    worker: Annotated[bool, typer.Option(help="Do background work as well; without it, run ./quipu worker.")] = True,
) -> None:
    """Publish the files, if any are named, and serve the current edition; what is posted meanwhile goes out by itself."""
    _free(host, port)
    place = Home(home)
    if files:
        _publish(place, files)
    elif place.current() is None and not may_exist(home):
        fail(f"Nothing has been published in {home} yet. Name the files to serve, or publish some first.")
    books_stand(home)
    if place.current() is None:
        _publish(place, None)
    _beside(place, follow=follow, worker=worker)
    _serve(place, host, port, workers)


@app.command()
def demo(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    home: Annotated[Path | None, typer.Option(envvar="QUIPU_DEMO_HOME")] = None,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it, or only make it.")] = True,
) -> None:
    """Serve the demonstration: a published programme, published funds, and an invented portfolio around them."""
    if serving:
        _free(host, port)
    place = Home(home or Path(tempfile.gettempdir()) / f"quipu-demo-{os.getuid()}")
    if home is None:
        shutil.rmtree(place.root, ignore_errors=True)
    os.environ["QUIPU_DEMO"] = "1"
    os.environ.pop("QUIPU_DATABASE_URL", None)  # examples never go into somebody's books
    if not serving:
        _furnish(place)
        return
    # Made by another process. The web's are forked from this one: had it set a document, they would inherit a setter
    # without its threads, and their own documents would wait for those for ever.
    if code := _start(["demo", "--no-serve", "--home", str(place.root)]).wait():
        raise typer.Exit(code)
    _beside(place)
    _serve(place, host, port, 2)


def _furnish(place: Home) -> None:
    """The demonstration's books and editions."""
    books = open_books(place.root, make=True)
    for file in sorted(DEMO.glob("*.journal")):
        books.load_journal(journal.read(file.read_bytes(), file.name), by="demo", approved=books.approvers())
    books.rehearse(DEMO / "people.toml")
    books.rehearse_results(DEMO / "results.toml")
    books.rehearse_returns(DEMO / "returns.toml")
    books.rehearse(DEMO / "plans.toml")
    books.rehearse_plans(DEMO / "plans.toml")
    books.rehearse_year_end(DEMO / "returns.toml")
    books.rehearse_monitoring(DEMO / "monitoring.toml")
    books.rehearse_revolving(DEMO / "revolving.toml")
    books.rehearse_registers(DEMO / "registers.toml")
    if not (place.root / contacts.NAME).exists():
        shutil.copyfile(DEMO / contacts.NAME, place.root / contacts.NAME)
    shutil.copytree(DEMO / "documents", place.documents, dirs_exist_ok=True)
    _publish(place, [DEMO])


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


def _publish(home: Home, files: list[Path] | None, *, quiet: bool = False) -> dict[str, Any]:
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
        except (HomeError, NoBooks) as error:
            fail(str(error))
        except FileNotFoundError as error:
            fail(f"There is no file or folder {error}.")


def _beside(home: Home, *, follow: bool = True, worker: bool = True) -> None:
    """Other processes follow the books, or make the index of searches, and do background work.

    Each is started anew when it is gone, and ends with this one, however this one ends. None is one of
    multiprocessing's: workers of the web server would wait for it when they end.
    """
    mine = ["--home", str(home.root), "--parent", str(os.getpid())]
    commands = [["beside", *mine, *([] if follow else ["--no-follow"])], *([["worker", *mine]] if worker else [])]
    running = [_start(words) for words in commands]

    def keep() -> None:
        while True:
            time.sleep(REST)
            for n, words in enumerate(commands):
                if running[n].poll() is not None:
                    running[n] = _start(words)

    threading.Thread(target=keep, daemon=True).start()


def _start(words: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "quipu", *words])  # noqa: S603 - our own command


@app.command(hidden=True)
def beside(
    home: HomeOption, parent: Annotated[int, typer.Option()], follow: Annotated[bool, typer.Option()] = True
) -> None:
    """What `serve` starts beside itself."""
    os.environ["QUIPU_HOME"] = str(home)
    if follow:
        _follow(Home(home), parent)
    else:
        keep_words(Home(home), lambda: parent == os.getppid())


def _follow(home: Home, parent: int = 0) -> None:
    try:
        follow_books(
            home,
            lambda: parent in (0, os.getppid()),
            lambda said: errors.print(said, highlight=False, markup=False, soft_wrap=True),
        )
    except KeyboardInterrupt:
        return


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
