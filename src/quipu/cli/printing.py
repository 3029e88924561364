"""How a terminal is told things: a table in a format, and one clear sentence for what cannot be done."""

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer
from rich.console import Console
from rich.table import Table as RichTable

from quipu.files import csv as csv_file
from quipu.files import html as html_file
from quipu.files import json as json_file
from quipu.files import pdf as pdf_file
from quipu.files import xlsx as xlsx_file
from quipu.files.plain import shown
from quipu.rules.table import Table

errors = Console(stderr=True)
FILES = {
    "csv": csv_file.draw,
    "html": html_file.draw,
    "json": json_file.draw,
    "pdf": pdf_file.draw,
    "xlsx": xlsx_file.draw,
}
# What can hold several tables.
DOCUMENTS = {
    "html": html_file.document,
    "json": json_file.document,
    "pdf": pdf_file.document,
    "xlsx": xlsx_file.document,
}


def fail(sentence: str, code: int = 1) -> NoReturn:
    """One clear sentence, and out."""
    errors.print(sentence, style="red", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(code)


def print_table(table: Table, output: str) -> None:
    """The table in a format; an unknown one ends the program."""
    if output == "table":
        _on_terminal(table)
    elif output in FILES:
        sys.stdout.buffer.write(FILES[output](table))
    else:
        fail(f"There is no format “{output}”. There are: {', '.join(('table', *FILES))}.")


def print_tables(tables: Sequence[Table], title: str, output: str) -> None:
    """All tables in a format that can hold several."""
    if output == "table":
        for table in tables:
            print(f"\n{table.title}")
            _on_terminal(table)
    elif output in DOCUMENTS:
        sys.stdout.buffer.write(DOCUMENTS[output](tables, title))
    else:
        fail(f"{title} cannot be written as {output}. It can as: {', '.join(('table', *DOCUMENTS))}.")


def _on_terminal(table: Table) -> None:
    drawn = RichTable(show_footer=table.total is not None)
    for n in table.read:
        column = table.columns[n]
        footer = shown(column, table.total[n], "-{}", table.unit) if table.total else ""
        drawn.add_column(column.label, footer=footer, justify="right" if column.is_number else "left")
    for row in table.rows:
        style = "bold" if row[0].value in table.strong else None
        drawn.add_row(*(shown(table.columns[n], row[n], "-{}", table.unit) for n in table.read), style=style)
    Console(width=None if sys.stdout.isatty() else 200).print(drawn, highlight=False)
    print(f"Unit: {table.unit}")
    for note in table.notes:
        print(note)
    if table.left_out.count:
        print(f"Left out: {table.left_out.count} entries not converted ({', '.join(table.left_out.currencies)}).")
