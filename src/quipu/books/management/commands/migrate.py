"""Django's migrate with the ledger verified before and after: a rebuilt table copies its rows past the triggers.

Empty books are made at once, as the models say, and every migration counts as applied: they come to the same
(tests/books/test_records), and step by step the history of all tables takes ten times as long.
"""

from typing import Any

from django.apps import apps
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.core.management.sql import emit_post_migrate_signal
from django.db import connections, router
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from quipu.books import database, verify


class Command(migrate.Command):  # type: ignore[misc]
    """As Django's; it stops before anything changes where the ledger is not whole, and says so where it is not after."""

    def add_arguments(self, parser: Any) -> None:
        """checked: the caller verifies by itself."""
        super().add_arguments(parser)
        parser.add_argument("--checked", action="store_true", help="The caller verifies the ledger itself.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, migrate, verify."""
        alias = options["database"]
        is_whole = not (options.get("app_label") or options.get("plan") or options.get("check_unapplied"))
        if is_whole and not connections[alias].introspection.table_names():
            _make(alias, options)
            return
        with database.working_in(alias):
            if self._holds(alias, options):
                # The tables may be older than the models: before, the chain is checked by itself.
                self._say("before", list(verify.broken_links(verify.Verdict())))
            super().handle(*args, **options)
            if self._holds(alias, options):
                self._say("after", verify.verify().faults)

    @staticmethod
    def _holds(alias: str, options: dict[str, Any]) -> bool:
        return not options["checked"] and "books_posting" in connections[alias].introspection.table_names()

    @staticmethod
    def _say(when: str, faults: list[str]) -> None:
        if faults:
            raise CommandError(f"The ledger is not whole {when} the migration: {'; '.join(faults)}.")


def _make(alias: str, options: dict[str, Any]) -> None:
    """All tables of empty books. What the migrations of others do with rows has none to do it with."""
    connection = connections[alias]
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy and router.allow_migrate_model(alias, model):
                editor.create_model(model)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(connection).graph.nodes:
        recorder.record_applied(app, name)
    emit_post_migrate_signal(options["verbosity"], options["interactive"], alias)
