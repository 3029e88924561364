"""The same from a terminal: parse, call one verb or one question, print. One file for each kind of work."""

import typer

from quipu.cli import admin, ask, books, documents, editions, jobs, journals, letters, pack, statements, takedowns

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Quipu: an open gateway for pooled funds.")
for part in (editions, documents, ask, journals, books, statements, pack, letters, takedowns, jobs, admin):
    app.add_typer(part.app)

__all__ = ["app"]
