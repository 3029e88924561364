"""Which database holds the books: HOME/books.sqlite3, or PostgreSQL by QUIPU_DATABASE_URL; and an empty one for replays."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

BOOKS, REPLAY = "default", "replay"
_current: ContextVar[str] = ContextVar("books", default=BOOKS)


class NoBooks(Exception):
    """There are no books to work with, or not in a state to be worked with; the message says what to do."""


def current() -> str:
    """The alias of the database that is worked in."""
    return _current.get()


@contextmanager
def working_in(alias: str) -> Iterator[None]:
    """Everything inside reads and writes another database."""
    token = _current.set(alias)
    try:
        yield
    finally:
        _current.reset(token)


class Router:
    """Sends every model to the database that is worked in."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """For Django."""
        return current()

    db_for_write = db_for_read

    def allow_migrate(self, alias: str, app_label: str, **hints: Any) -> bool | None:
        """For Django: a ledger is replayed beside nothing but its records."""
        return app_label == "books" if alias == REPLAY else None

    def allow_relation(self, *objects: Any, **hints: Any) -> bool:
        """For Django."""
        return True


def cursor() -> Any:
    """A cursor of the bare driver, in the database that is worked in."""
    from django.db import connections  # noqa: PLC0415 - Django is loaded where books are opened

    return connections[current()].cursor()


def start(home: Path) -> None:
    """Loads Django over a home; the first one counts."""
    os.environ["QUIPU_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quipu.settings")
    import django  # noqa: PLC0415 - settings are read when Django starts

    django.setup()


def may_exist(home: Path) -> bool:
    """Whether it is worth loading Django to look for books: a file of them is there, or a database is named."""
    return (home / "books.sqlite3").is_file() or bool(os.environ.get("QUIPU_DATABASE_URL"))


def found(home: Path) -> bool:
    """Whether a home has books; Django is loaded over it where that has to be asked. Raises NoBooks."""
    if not may_exist(home):
        return False
    start(home)
    return exist()


def exist() -> bool:
    """Whether books were ever opened here. Raises NoBooks where the database cannot be reached."""
    from django.conf import settings  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415
    from django.db.utils import DatabaseError  # noqa: PLC0415

    if connections[BOOKS].vendor == "sqlite" and not Path(settings.DATABASES[BOOKS]["NAME"]).is_file():
        return False
    try:
        return "books_posting" in connections[BOOKS].introspection.table_names()
    except DatabaseError as error:
        raise NoBooks(f"The books cannot be opened: {str(error).strip()}.") from None


def open_books(*, make: bool = False, sealed: bool = True) -> None:
    """Makes sure that the books can be worked with. make: new ones are made where there are none. sealed: the seals must stand.

    Raises NoBooks: none are here, their tables are older than this program, or their seals do not stand.
    """
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415
    from django.db.utils import DatabaseError  # noqa: PLC0415

    from quipu.books import seals  # noqa: PLC0415

    try:
        if not exist():
            if not make:
                raise NoBooks("There are no books here yet. Load a journal first: ./quipu journal load FILE.")
            call_command("migrate", verbosity=0, interactive=False)
        executor = MigrationExecutor(connections[BOOKS])
    except DatabaseError as error:
        raise NoBooks(f"The books cannot be opened: {str(error).strip()}.") from None
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NoBooks("The books are older than this program. Run ./quipu migrate.")
    if sealed and (gone := seals.missing(BOOKS)):
        raise NoBooks(
            f"The ledger's seals do not stand ({', '.join(gone)}). Nothing is served or posted until they do."
        )


def close() -> None:
    """Lets go of all connections of this process."""
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
