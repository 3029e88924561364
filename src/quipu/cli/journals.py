"""Books as plain text: a journal is checked, written evenly, loaded, exported."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from quipu.cli.books import open_books, position
from quipu.cli.options import DEFAULT_HOME, HomeOption, Json, content
from quipu.cli.printing import fail
from quipu.rules import journal as journals
from quipu.rules.findings import Refused

app = typer.Typer()
journal = typer.Typer(no_args_is_help=True, help="Books as plain text: check a journal, load it, export the books.")
app.add_typer(journal, name="journal")


@journal.command("check")
def check_journal(file: Annotated[Path, typer.Argument(help="A journal.")], as_json: Json = False) -> None:
    """Name every fault of a journal at once: file, line, column, what was expected and what was found."""
    read = journals.read(content(file), file.name)
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
    read = journals.read(content(file), file.name)
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
    read = journals.read(content(file), file.name)
    books = open_books(home, make=True)
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
    books = open_books(home)
    if output not in ("journal", "beancount"):
        fail(f"There is no format “{output}”. There are: journal, beancount.")
    known = position(books, known_on)
    print(books.beancount(known) if output == "beancount" else journals.write(books.export(known)), end="")
