"""Django's migrate with the ledger verified before and after: a rebuilt table copies its rows past the triggers."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

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
