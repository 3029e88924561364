"""Books on either engine for each test: made once by the migrations, furnished once where many want the same, then copied."""

import itertools
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ENGINES = ("sqlite", "postgresql")
_numbers = itertools.count(1)
Furnish = Callable[["Ledger"], object]  # puts into books what many tests find there; its module names the copy


@dataclass
class Ledger:
    """Books of a test. url: what another process finds them by ("" for HOME/books.sqlite3)."""

    engine: str
    home: Path
    url: str
    connect: Callable[[], Any]  # by the bare driver

    @property
    def environment(self) -> dict[str, str]:
        """For another process."""
        return {"QUIPU_HOME": str(self.home), "QUIPU_DATABASE_URL": self.url}

    def post(self, text: str, **options: Any) -> Any:
        """Loads a journal's text."""
        from quipu.books import post
        from quipu.rules import journal

        return post.post(journal.read(text, "test"), **{"by": "tester", "strict": False, **options})

    def refusals(self, text: str) -> list[str]:
        """The rules that refuse a journal at the desk; [] where it is posted."""
        from quipu.rules.findings import Refused

        try:
            self.post(text, strict=True)
        except Refused as refused:
            return sorted(getattr(finding, "rule", str(finding)) for finding in refused.findings)
        return []


def start(folder: Path) -> None:
    """Loads Django once for a process of tests."""
    from quipu.books import database

    folder.mkdir(parents=True, exist_ok=True)
    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        database.start(folder)


def _point(settings: dict[str, Any]) -> None:
    """Django's books become another database."""
    from django.conf import settings as all_settings
    from django.db import connections

    connections["default"].close()
    del connections["default"]
    changed = connections.configure_settings({"default": settings, "replay": all_settings.DATABASES["replay"]})
    connections.settings["default"] = changed["default"]
    all_settings.DATABASES["default"] = settings


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    _let_go()


def _let_go() -> None:
    from django.db import connections

    connections["default"].close()


def sqlite(template: Path, home: Path, furnish: Furnish | None = None) -> Ledger:
    """Books in a file, empty or furnished."""
    import sqlite3

    from quipu.settings import books_in

    file = home / "books.sqlite3"

    def ledger() -> Ledger:
        return Ledger("sqlite", home, "", lambda: sqlite3.connect(file, isolation_level=None, timeout=30))

    if not template.exists():
        making = template.with_name(f"{template.name}.{os.getpid()}")
        _point(books_in("", making))
        _migrate()
        making.rename(template)
    home.mkdir(parents=True, exist_ok=True)
    furnished = template.with_name(f"{furnish.__module__}.sqlite3") if furnish else template
    if furnish and not furnished.exists():
        shutil.copy(template, file)
        _point(books_in("", file))
        furnish(ledger())
        _let_go()
        file.rename(furnished)
    shutil.copy(furnished, file)
    _point(books_in("", file))
    return ledger()


def postgresql(folder: Path, home: Path, worker: str, furnish: Furnish | None = None) -> Ledger:
    """Books in a database of the run's server, which listens in the folder; empty or furnished."""
    import psycopg

    from quipu.settings import books_in

    def url(name: str) -> str:
        return f"postgresql://quipu@{str(folder).replace('/', '%2F')}/{name}"

    def conninfo(name: str) -> str:
        return f"host={folder} user=quipu dbname={name}"

    def ledger(name: str) -> Ledger:
        return Ledger("postgresql", home, url(name), lambda: psycopg.connect(conninfo(name), autocommit=True))

    home.mkdir(parents=True, exist_ok=True)
    template, name = f"template_{worker}", f"books_{worker}_{next(_numbers)}"
    furnished = f"{template}_{furnish.__module__.replace('.', '_')}" if furnish else template
    with psycopg.connect(conninfo("postgres"), autocommit=True) as server:
        there = {found for (found,) in server.execute("SELECT datname FROM pg_database")}
        if template not in there:
            server.execute(f"CREATE DATABASE {template}")
            _point(books_in(url(template), home))
            _migrate()
        if furnish and furnished not in there:
            server.execute(f"CREATE DATABASE {furnished} TEMPLATE {template}")
            _point(books_in(url(furnished), home))
            furnish(ledger(furnished))
            _let_go()
        server.execute(f"CREATE DATABASE {name} TEMPLATE {furnished} STRATEGY file_copy")
    _point(books_in(url(name), home))
    return ledger(name)
