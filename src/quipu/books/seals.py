"""Seals: what the database itself refuses, on both engines, whoever asks. A trigger may refuse; it never computes.

Raw SQL in a migration would be lost when SQLite rebuilds a table for a later field; a constraint of the model is made
again with the table.
"""

import re
from typing import Any

from django.db import connections, models
from django.db.backends.ddl_references import Statement, Table

UPDATE, DELETE, TRUNCATE, AGAIN = "update", "delete", "truncate", "again"


class Seal(models.BaseConstraint):  # type: ignore[misc]
    """Rows of the table are never changed and never removed. fields: only these columns are never changed.

    keys: columns of which a value may stand once; SQLite's "insert or replace" would remove the earlier row in silence.
    """

    def __init__(self, *, name: str, fields: tuple[str, ...] = (), keys: tuple[str, ...] = ()) -> None:
        super().__init__(name=name)
        self.fields, self.keys = tuple(fields), tuple(keys)

    def doors(self, vendor: str) -> list[str]:
        """The doors this seal closes on an engine."""
        return [UPDATE, DELETE, *([TRUNCATE] if vendor == "postgresql" else [AGAIN] if self.keys else [])]

    def trigger(self, door: str) -> str:
        """The trigger's name."""
        return f"{self.name}_{door}"

    def constraint_sql(self, model: Any, schema_editor: Any) -> None:
        """Django asks when it makes a table; the triggers follow as soon as the table stands."""
        schema_editor.deferred_sql.extend(self._statements(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Django asks when it adds the constraint to a table that stands."""
        *before, last = self._statements(model, schema_editor)
        for statement in before:
            schema_editor.execute(statement)
        return last

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Django asks when a later migration takes the seal away."""
        of = " ON %(table)s" if schema_editor.connection.vendor == "postgresql" else ""
        table = Table(model._meta.db_table, schema_editor.quote_name)
        *before, last = (
            Statement(f"DROP TRIGGER {self.trigger(door)}{of}", table=table)
            for door in self.doors(schema_editor.connection.vendor)
        )
        for statement in before:
            schema_editor.execute(statement)
        return last

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to look at in a single row: the database says no."""

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        """For migrations."""
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "fields": self.fields, "keys": self.keys}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Seal):
            return NotImplemented
        return self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]

    def _statements(self, model: Any, schema_editor: Any) -> list[Statement]:
        vendor = schema_editor.connection.vendor
        table = Table(model._meta.db_table, schema_editor.quote_name)
        columns = [model._meta.get_field(name).column for name in self.fields]
        keys = [model._meta.get_field(name).column for name in self.keys]
        made = [self._sqlite(door, columns, keys) for door in self.doors(vendor)]
        if vendor == "postgresql":
            made = [_REFUSE, *(sql for door in self.doors(vendor) for sql in self._postgresql(door, columns))]
        return [Statement(sql, table=table) for sql in made]

    def _sqlite(self, door: str, columns: list[str], keys: list[str]) -> str:
        sealed = f"sealed: {self.name} refuses {door}"
        event, when = door, ""
        if door == UPDATE and columns:
            # SQLite numbers rows by itself: "update or replace … set rowid" would remove another row in silence.
            when = " WHEN " + " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in ("rowid", *columns))
        if door == AGAIN:
            event = "INSERT"
            # A new row under a number that SQLite gave another one would take its place, too; -1 where none is given.
            unique = ("rowid", *keys)
            when = " WHEN " + " OR ".join(f"EXISTS (SELECT 1 FROM %(table)s WHERE {key} = NEW.{key})" for key in unique)
        return (
            f"CREATE TRIGGER {self.trigger(door)} BEFORE {event} ON %(table)s FOR EACH ROW{when}"
            f" BEGIN SELECT RAISE(ABORT, '{sealed}'); END"
        )

    def _postgresql(self, door: str, columns: list[str]) -> list[str]:
        each = "STATEMENT" if door == TRUNCATE else "ROW"
        if door == UPDATE and columns:
            each += f" WHEN ({' OR '.join(f'OLD.{column} IS DISTINCT FROM NEW.{column}' for column in columns)})"
        return [
            f"CREATE TRIGGER {self.trigger(door)} BEFORE {door} ON %(table)s FOR EACH {each}"
            f" EXECUTE FUNCTION quipu_refuse('{self.name}', '{door}')",
            # ALWAYS: a session that calls itself a replica is refused too.
            f"ALTER TABLE %(table)s ENABLE ALWAYS TRIGGER {self.trigger(door)}",
        ]


_REFUSE = (
    "CREATE OR REPLACE FUNCTION quipu_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION USING MESSAGE = 'sealed: ' || TG_ARGV[0] || ' refuses ' || TG_ARGV[1]; END $$"
)


def expected(vendor: str) -> set[str]:
    """The names of all triggers that must stand."""
    from django.apps import apps  # noqa: PLC0415 - models are known once Django stands

    seals = [seal for model in apps.get_models() for seal in model._meta.constraints if isinstance(seal, Seal)]
    return {seal.trigger(door) for seal in seals for door in seal.doors(vendor)}


def missing(alias: str) -> list[str]:
    """The seals that do not stand in the database, are switched off, or stand by name and refuse something else."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(_STANDING[connection.vendor])
        standing = {name: (table, _plain(said), *rest) for name, table, said, *rest in cursor.fetchall()}
    return sorted(name for name, said in _expected(connection).items() if standing.get(name) != said)


def _expected(connection: Any) -> dict[str, tuple[Any, ...]]:
    """What the database says of each trigger as long as nobody touched it."""
    from django.apps import apps  # noqa: PLC0415 - models are known once Django stands

    told: dict[str, tuple[Any, ...]] = {}
    for model in apps.get_models():
        table = model._meta.db_table
        for seal in (one for one in model._meta.constraints if isinstance(one, Seal)):
            columns = [model._meta.get_field(name).column for name in seal.fields]
            keys = [model._meta.get_field(name).column for name in seal.keys]
            for door in seal.doors(connection.vendor):
                if connection.vendor == "sqlite":
                    sql = seal._sqlite(door, columns, keys) % {"table": connection.ops.quote_name(table)}
                    told[seal.trigger(door)] = (table, _plain(sql))
                else:
                    when = " OR ".join(f"old.{one} IS DISTINCT FROM new.{one}" for one in columns)
                    said = when if door == UPDATE else ""
                    body = _REFUSE.split("$$")[1]
                    told[seal.trigger(door)] = (table, said, _TYPES[door], f"{seal.name} {door} ".encode(), body)
    return told


_TYPES = {UPDATE: 19, DELETE: 11, TRUNCATE: 34}  # pg_trigger.tgtype: before, for each row or (truncate) statement
_STANDING = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT t.tgname, c.relname, coalesce(substring(pg_get_triggerdef(t.oid) FROM 'WHEN (.*) EXECUTE'), ''),"
    " t.tgtype, replace(encode(t.tgargs, 'escape'), '\\000', ' ')::bytea, p.prosrc FROM pg_trigger t"
    " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_proc p ON p.oid = t.tgfoid"
    " WHERE t.tgenabled = 'A' AND n.nspname = ANY (current_schemas(false))",
}


def _plain(sql: str) -> str:
    """Without what an engine adds: quotes after a rebuild; brackets and casts around a condition."""
    return re.sub(r'["()]|::[a-z]+( varying)?', "", sql)
