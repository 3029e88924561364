"""How a terminal is told things: a table in a format, and one clear sentence for what cannot be done."""

import sys
from typing import NoReturn

import typer
from rich.console import Console
from rich.table import Table as RichTable

from quipu.files import csv as csv_file
from quipu.files import html as html_file
from quipu.files import json as json_file
from quipu.files import xlsx as xlsx_file
from quipu.files.plain import exact
from quipu.rules.money import printed
from quipu.rules.table import Cell, Column, Table

errors = Console(stderr=True)


def fail(sentence: str, code: int = 1) -> NoReturn:
    """One clear sentence, and out."""
    errors.print(sentence, style="red", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(code)


def print_table(table: Table, output: str) -> None:
    """The table in a format; an unknown one ends the program."""
    if output == "json":
        print(json_file.draw(table).decode(), end="")
    elif output == "csv":
        sys.stdout.buffer.write(csv_file.draw(table))
    elif output == "html":
        sys.stdout.buffer.write(html_file.draw(table))
    elif output == "xlsx":
        sys.stdout.buffer.write(xlsx_file.draw(table))
    elif output == "table":
        _on_terminal(table)
    else:
        fail(f"There is no format “{output}”. There are: table, csv, html, json, xlsx.")


def _on_terminal(table: Table) -> None:
    drawn = RichTable(show_footer=table.total is not None)
    for n in table.read:
        column = table.columns[n]
        footer = _shown(column, table.total[n]) if table.total else ""
        drawn.add_column(column.label, footer=footer, justify="right" if column.is_number else "left")
    for row in table.rows:
        style = "bold" if row[0].value in table.strong else None
        drawn.add_row(*(_shown(table.columns[n], row[n]) for n in table.read), style=style)
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
