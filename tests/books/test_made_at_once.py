"""Empty books are made at once and come to what the migrations come to, step by step, on both engines."""


def tables(connection):
    """Every table with its columns and constraints, in no order; and the triggers that seal."""
    found = {}
    with connection.cursor() as cursor:
        asked = connection.introspection
        for table in asked.table_names(cursor):
            columns = {(one.name, one.type_code, one.null_ok) for one in asked.get_table_description(cursor, table)}
            constraints = sorted(
                repr((one["columns"], one["unique"], one["primary_key"], one["foreign_key"], one["check"]))
                for one in asked.get_constraints(cursor, table).values()
            )
            found[table] = (columns, constraints)
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        return found, sorted(name for (name,) in cursor.fetchall())


def test_books_that_are_made_at_once_are_those_of_the_migrations(ledger):
    from django.core.management import call_command
    from django.core.management.commands import migrate
    from django.db import connection

    at_once = tables(connection)
    assert len(at_once[0]) > 80
    assert len(at_once[1]) > 60
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'DROP TABLE "{table}"')
        else:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command(migrate.Command(), verbosity=0, interactive=False)
    step_by_step = tables(connection)
    assert at_once[0].keys() == step_by_step[0].keys()
    for table, said in at_once[0].items():
        there = step_by_step[0][table]
        if table.startswith("books_"):
            assert said == there, table
        else:  # some of Django's own tables number their rows in a smaller type
            assert {name for name, _, _ in said[0]} == {name for name, _, _ in there[0]}, table
            assert said[1] == there[1], table
    assert at_once[1] == step_by_step[1]
