"""Seals: the database itself refuses to change the ledger, whoever asks and through whichever door; verify sees the rest."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from tests import ledgers, postgres
from tests.books.test_post import DECLARED, MONEY
from tests.conftest import ROOT
from tests.documents import activity, document

# Whose key is the number that SQLite gives a row, and the others
NUMBERED = (
    *("Reference", "Attachment", "History", "Signed", "Target", "Beneficiaries"),
    *("Count", "Total"),
    *("Response", "ApprovedPlan"),
)
SEALED = ("Chain", "Posting", "Entry", "Event", "RevolvingEntry", *NUMBERED)
NUMBERS = ("SmallIntegerField", "IntegerField", "BigIntegerField", "BigAutoField")
KEPT = ("Fund", "Window", "Organization", "Project", "Agreement", "Community", "Loan")
HASH = "0f" * 32
LATER = f"""
2012-04-01 fund-transfer ^FT "to the forests"
    document: sha256-{HASH}
    fund-transfer F1 > F2 300.00
2012-05-01 reversal ^R reverses ^FT
2012-05-02 status P1/FAO ongoing ^S
2012-12-31 return ^E
    expenditure P1/FAO travel interim 900.00
community RF P1 "Spinners"
loan RF/1 "wool"
2013-01-02 revolving RF ^C
    capital 900.00
2013-01-03 revolving RF ^L
    lent 1 500.00 to 4 flat 2% month in 5 every 1 month from 2013-02-03 grace 0
2013-01-04 revolving RF ^LB reverses ^L "not paid out"
"""
# links: D 1, A 2, T 3, FT 4, R 5, S 6, E 7, C 8, L 9, LB 10
WHOLE = DECLARED + 'window W1 F1 "Green banks"\n' + MONEY + LATER


# Doors: statements that would change or remove rows of a table


def seal_of(model):
    from quipu.books.seals import Seal

    return next(one for one in model._meta.constraints if isinstance(one, Seal))


def of_type(field):
    """What a column holds; a reference holds what it refers to."""
    while field.remote_field:
        field = field.target_field
    return field.get_internal_type()


def other(field):
    """SQL for another value than the column's."""
    kind = of_type(field)
    if kind in NUMBERS:
        return f'coalesce({field.model._meta.db_table}."{field.column}", 0) + 1'
    if kind == "BooleanField":
        return f'NOT {field.model._meta.db_table}."{field.column}"'
    return {
        "JSONField": """'{"other": 1}'""",
        "DateField": "'1999-01-01'",
        "DateTimeField": "'1999-01-01 00:00:00+00:00'",
    }.get(kind, "'xxx'")


def kept_fields(model):
    """The columns that never change."""
    seal = seal_of(model)
    return [f for f in model._meta.concrete_fields if not seal.fields or f.name in seal.fields]


def again(model, key=None):
    """SELECT of one row as another one: every value differs but the key's, every unique value is new."""
    table = model._meta.db_table
    made = []
    for field in model._meta.concrete_fields:
        column = f'{table}."{field.column}"'
        is_number = of_type(field) in NUMBERS
        if field.name == key:
            made.append(column)
        elif field.name in seal_of(model).keys:
            made.append(f"coalesce({column}, 0) + 9000" if is_number else f"{column} || 'x'")
        elif field in kept_fields(model):
            made.append(other(field))
        else:
            made.append(column)
    given = f'{table}."{model._meta.get_field(key).column}" IS NOT NULL' if key else "1 = 1"
    return f"SELECT {', '.join(made)} FROM {table} WHERE {given}"


def columns(model):
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)


def updates(model, word="UPDATE"):
    table = model._meta.db_table
    return [f'{word} {table} SET "{field.column}" = {other(field)}' for field in kept_fields(model)]


def deletes(model):
    table, key = model._meta.db_table, model._meta.pk.column
    return [f"DELETE FROM {table}", f'DELETE FROM {table} WHERE "{key}" = (SELECT max("{key}") FROM {table})']


def upserts(model):
    table = model._meta.db_table
    return [
        f"INSERT INTO {table} ({columns(model)}) SELECT {columns(model)} FROM {table}"
        f' WHERE "{(name := model._meta.get_field(key).column)}" IS NOT NULL ON CONFLICT ("{name}") DO UPDATE'
        f' SET "{field.column}" = {other(field)}'
        for key in seal_of(model).keys
        for field in kept_fields(model)
    ]


def replaces(model):
    table = model._meta.db_table
    return [f"INSERT OR REPLACE INTO {table} ({columns(model)}) {again(model, key)}" for key in seal_of(model).keys]


def replaces_by_row(model):
    """SQLite numbers rows by itself; a new row under the number of another one takes its place."""
    table, select = model._meta.db_table, again(model).removeprefix("SELECT ")
    made = [f"INSERT OR REPLACE INTO {table} (rowid, {columns(model)}) SELECT {table}.rowid, {select} LIMIT 1"]
    return [*made, f"UPDATE OR REPLACE {table} SET rowid = rowid + 1"]


def truncates(model):
    return [f"TRUNCATE {model._meta.db_table} CASCADE"]


def as_replica(statements):
    return [f"SET session_replication_role = replica; {one}" for one in statements]


DOORS = {
    "sqlite": {
        "update": updates,
        "update or replace": lambda model: updates(model, "UPDATE OR REPLACE"),
        "delete": deletes,
        "upsert": upserts,
        "insert or replace": replaces,
    },
    "postgresql": {
        "update": updates,
        "delete": deletes,
        "upsert": upserts,
        "truncate": truncates,
        "update as a replica": lambda model: as_replica(updates(model)),
        "delete as a replica": lambda model: as_replica(deletes(model)),
        "truncate as a replica": lambda model: as_replica(truncates(model)),
    },
}


# Who knocks: each answers what became of the statements, in their order


def through_django(ledger, statements):
    from django.db import DatabaseError, connection

    answers = []
    for statement in statements:
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
            answers.append("done")
        except DatabaseError as error:
            answers.append(str(error))
    return answers


DRIVER = """
import sys
engine, where = sys.argv[1:]
if engine == "sqlite":
    import sqlite3
    books = sqlite3.connect(where, isolation_level=None)
else:
    import psycopg
    books = psycopg.connect(where, autocommit=True)
for line in sys.stdin:
    try:
        books.execute(line)
        print("done")
    except Exception as error:
        print(str(error).splitlines()[0])
"""


def where(ledger):
    return ledger.url or str(ledger.home / "books.sqlite3")


def through_driver(ledger, statements):
    """Another process with nothing but the driver."""
    command = [sys.executable, "-P", "-c", DRIVER, ledger.engine, where(ledger)]
    return knock(command, statements).stdout.splitlines()


def through_shell(ledger, statements):
    """The engine's own shell; without one, the driver. Where a shell says nothing, it was done."""
    if ledger.engine == "postgresql":
        command = [str(postgres.binaries() / "psql"), "-X", "-q", where(ledger)]
    elif shutil.which("sqlite3"):
        command = ["sqlite3", "-batch", where(ledger)]
    else:
        return through_driver(ledger, statements)
    said = [line for line in knock(command, statements).stderr.splitlines() if "rror" in line or "ERROR" in line]
    return [*said, *["done"] * (len(statements) - len(said))]


def knock(command, statements):
    text = "".join(f"{one};\n" for one in statements)
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)


def rows(ledger, tables):
    """All rows as they stand in the file, the row numbers that SQLite gives included."""
    books = ledger.connect()
    every = "rowid, *" if ledger.engine == "sqlite" else "*"
    try:
        return {table: sorted(map(repr, books.execute(f"SELECT {every} FROM {table}"))) for table in tables}
    finally:
        books.close()


def filled(ledger):
    """Rows in every sealed table."""
    from quipu.actions import history

    ledger.post(WHOLE)
    history.keep(by="somebody", verb="create", thing=history.Thing("fund", "F1"), after={"title": "Forests"})
    at = datetime(2013, 4, 1, tzinfo=UTC)
    whose = {"fund_id": "F1", "organization_id": "FAO", "year": 2012, "kind": "annual", "author": "somebody"}
    made = model_named("Return").objects.create(code="R-1", state="submitted", made_at=at, changed_at=at, **whose)
    model_named("Signed").objects.create(of=made, number=1, content="{}", digest=HASH, act="a", by="somebody", at=at)
    counted = {"kind": "count", "gathers": "stands"}
    indicator = model_named("Indicator").objects.create(code="P1-i1", project_id="P1", number=1, **counted)
    target = {"since": at.date(), "until": at.date(), "value": "1", "by": "somebody", "at": at}
    model_named("Target").objects.create(indicator=indicator, **target)
    model_named("Beneficiaries").objects.create(project_id="P1", until=at.date(), by="somebody", at=at)
    register = model_named("Register").objects.create(
        code="P1-r1", project_id="P1", number=1, kind="tools", currency="USD"
    )
    model_named("Total").objects.create(register=register, field="lent", currency="USD", units=1, at=at)
    now = {"state": "draft", "author": "somebody", "made_at": at, "changed_at": at}
    reading = model_named("Reading").objects.create(code="g", indicator=indicator, until=at.date(), **now)
    model_named("Count").objects.create(reading=reading, register=register, by="somebody", at=at)
    plan = {
        "year": 2012,
        "number": 1,
        "on": at.date(),
        "decision": "Minute 3",
        "content": [],
        "by": "somebody",
        "at": at,
    }
    model_named("ApprovedPlan").objects.create(project_id="P1", **plan)
    review = model_named("Review").objects.create(code="P1-r1", project_id="P1", number=1, kind="audit")
    said = model_named("Recommendation").objects.create(code="P1-r1-1", review=review, number=1)
    answer = {"answer": "accepted", "on": at.date(), "by": "somebody", "at": at}
    model_named("Response").objects.create(recommendation=said, **answer)


def all_tables():
    from quipu.books import models

    return [getattr(models, name)._meta.db_table for name in (*SEALED, *KEPT)]


def model_named(name):
    from quipu.books import models

    return getattr(models, name)


@contextmanager
def unchanged(ledger):
    before = rows(ledger, all_tables())
    assert all(before.values()), "a table without rows refuses nothing"
    yield
    assert rows(ledger, all_tables()) == before


def is_refusal(answer):
    return re.search(r"sealed: (sealed|kept)_\w+ refuses", answer)


@pytest.fixture(scope="module")
def _made():
    """Books by engine, written once for this file."""
    return {}


@pytest.fixture(params=ledgers.ENGINES)
def written(request, _made, _books_template, tmp_path_factory, worker_id):
    """Books with rows in every sealed table. The doors do not open, so all of them are tried at the same books."""
    from quipu.settings import books_in

    engine = request.param
    if engine in _made:
        ledgers._point(books_in(_made[engine].url, _made[engine].home / "books.sqlite3"))
        return _made[engine]
    home = tmp_path_factory.mktemp("sealed") / "books"
    if engine == "sqlite":
        made = ledgers.sqlite(_books_template, home)
    else:
        made = ledgers.postgresql(request.getfixturevalue("postgres_folder"), home, worker_id)
    filled(made)
    _made[engine] = made
    return made


def test_every_table_of_the_ledger_and_its_records_is_tried_here(written):
    from django.apps import apps

    from quipu.books.seals import Seal

    bearing = {m.__name__ for m in apps.get_models() if any(isinstance(c, Seal) for c in m._meta.constraints)}
    assert bearing == {*SEALED, *KEPT}


EVERY_DOOR = pytest.mark.parametrize(
    ("written", "door"), [(engine, door) for engine, doors in DOORS.items() for door in doors], indirect=["written"]
)


def statements_at(door, engine, tables=(*SEALED, *KEPT)):
    return [one for table in tables for one in DOORS[engine][door](model_named(table))]


def not_refused(statements, answers):
    assert len(answers) == len(statements) > 0
    return [pair for pair in zip(statements, answers, strict=True) if not is_refusal(pair[1])]


@EVERY_DOOR
@pytest.mark.parametrize("table", [*SEALED, *KEPT])
def test_no_statement_through_django_changes_or_removes_a_row(written, table, door):
    statements = statements_at(door, written.engine, [table])
    with unchanged(written):
        answers = through_django(written, statements)
    assert not_refused(statements, answers) == []


@EVERY_DOOR
def test_no_statement_from_the_shell_changes_or_removes_a_row_of_any_table(written, door):
    statements = statements_at(door, written.engine)
    with unchanged(written):
        answers = through_shell(written, statements)
    assert not_refused(statements, answers) == []


def test_the_bare_driver_of_another_process_is_refused_at_every_door(written):
    statements = [one for door in DOORS[written.engine] for one in statements_at(door, written.engine)]
    with unchanged(written):
        answers = through_driver(written, statements)
    assert not_refused(statements, answers) == []


@pytest.mark.parametrize("table", [name for name in (*SEALED, *KEPT) if name not in NUMBERED])
def test_no_row_takes_the_place_of_another_by_the_number_that_sqlite_gives_it(sqlite_ledger, table):
    filled(sqlite_ledger)
    statements = replaces_by_row(model_named(table))
    with unchanged(sqlite_ledger):
        for knocking in (through_django, through_shell):
            assert not_refused(statements, knocking(sqlite_ledger, statements)) == []


# The ORM


def changed(row, field):
    """Another value of the field for a loaded row."""
    from datetime import UTC, date, datetime

    value, kind = getattr(row, field.attname), of_type(field)
    if kind in NUMBERS:
        return (value or 0) + 1
    kinds = {"DateField": date(1999, 1, 1), "DateTimeField": datetime(1999, 1, 1, tzinfo=UTC), "BooleanField": True}
    return kinds.get(kind, "xxx")


def plain_fields(model):
    return [field for field in kept_fields(model) if not field.primary_key]


WITH_FIELDS = [name for name in (*SEALED, *KEPT) if name not in ("Chain", "Window", "Organization")]  # others: key only


@pytest.mark.parametrize("table", WITH_FIELDS)
def test_a_loaded_row_is_not_saved_with_a_changed_field(written, table):
    from django.db import DatabaseError

    model = model_named(table)
    with unchanged(written):
        for field in plain_fields(model):
            row = model.objects.first()
            setattr(row, field.attname, changed(row, field))
            with pytest.raises(DatabaseError, match="sealed:"):
                row.save()
            with pytest.raises(DatabaseError, match="sealed:"):
                model.objects.bulk_update([row], [field.name])


@pytest.mark.parametrize("table", [*SEALED, *KEPT])
def test_a_queryset_neither_updates_nor_deletes_nor_replaces(written, table):
    from django.db import DatabaseError
    from django.db.models import ProtectedError

    model = model_named(table)
    with unchanged(written):
        row = model.objects.first()
        for field in kept_fields(model):
            with pytest.raises(DatabaseError, match="sealed:"):
                model.objects.filter(pk=row.pk).update(**{field.attname: changed(row, field)})
        for delete in (row.delete, model.objects.all().delete):
            with pytest.raises((DatabaseError, ProtectedError), match=r"sealed:|referenced through protected"):
                delete()
        with pytest.raises(DatabaseError, match="sealed:"):
            model.objects.all()._raw_delete("default")
        for field in plain_fields(model):
            row = model.objects.first()
            setattr(row, field.attname, changed(row, field))
            with pytest.raises(DatabaseError, match="sealed:"):
                model.objects.bulk_create(
                    [row], update_conflicts=True, unique_fields=[model._meta.pk.name], update_fields=[field.name]
                )


def test_titles_of_records_change_and_what_entries_rest_on_does_not(ledger):
    from django.db import DatabaseError

    from quipu.books import models

    filled(ledger)
    for table in KEPT:
        row = model_named(table).objects.first()
        row.title = f"A new title of a {table}"
        row.save()
        assert model_named(table).objects.get(pk=row.pk).title == row.title
    (answer,) = through_driver(ledger, ["UPDATE books_fund SET title = 'From elsewhere'"])
    assert answer == "done"
    assert set(models.Fund.objects.values_list("title", flat=True)) == {"From elsewhere"}
    unused = models.Fund.objects.create(code="F9", currency="USD")
    with pytest.raises(DatabaseError, match="sealed: kept_fund refuses delete"):
        unused.delete()
    with pytest.raises(DatabaseError, match="sealed: kept_fund refuses update"):
        models.Fund.objects.filter(code="F9").update(currency="EUR")


def test_the_texts_of_a_posting_can_be_redacted(ledger):
    from quipu.books import models, verify

    filled(ledger)
    assert models.Memo.objects.filter(posting__key="FT").delete()[0] == 1
    assert verify.verify(replay=False).faults == []


# Later migrations


def later_migrations():
    """Field changes as a later version would make them; on SQLite they rebuild both tables."""
    from django.db import migrations, models

    return [
        migrations.AlterField("posting", "source", models.CharField(max_length=700, blank=True)),
        migrations.AddField("posting", "desk", models.CharField(max_length=32, default="north")),
        migrations.RenameField("posting", "source", "origin"),
        migrations.AlterField("entry", "rate", models.CharField(max_length=70, blank=True)),
        migrations.AddField("entry", "weight", models.IntegerField(default=7)),
        migrations.RenameField("entry", "rate", "stated_rate"),
    ]


def migrate(state, *operations):
    from django.db import connection

    for operation in operations:
        after = state.clone()
        operation.state_forwards("books", after)
        with connection.schema_editor() as editor:
            operation.database_forwards("books", editor, state, after)
        state = after
    return state


def present_state():
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    return MigrationExecutor(connection).loader.project_state()


def test_seals_stand_and_refuse_after_later_migrations(ledger):
    from quipu.books import seals

    filled(ledger)
    before = rows(ledger, ["books_posting", "books_entry"])
    state = migrate(present_state(), *later_migrations())
    after = rows(ledger, ["books_posting", "books_entry"])
    assert "north" in after["books_posting"][0]
    assert [len(rows) for rows in after.values()] == [len(rows) for rows in before.values()]
    assert seals.missing("default") == []
    for name in ("Posting", "Entry"):
        model = state.apps.get_model("books", name)
        statements = [one for make in DOORS[ledger.engine].values() for one in make(model)]
        for knocking in (through_django, through_shell):
            assert not_refused(statements, knocking(ledger, statements)) == []
    assert rows(ledger, ["books_posting", "books_entry"]) == after


def test_a_column_that_a_seal_names_can_be_renamed_and_is_sealed_under_its_new_name(ledger):
    from django.db import migrations

    filled(ledger)
    operations = [migrations.RenameField("posting", "key", "word"), migrations.RenameField("fund", "currency", "money")]
    migrate(present_state(), *operations)
    statements = ["UPDATE books_posting SET word = word", "UPDATE books_fund SET money = 'xxx'"]
    if ledger.engine == "sqlite":
        select = "SELECT position + 90, number + 90, word" + ', kind, lines, "on", recorded_at, "by"'
        into = 'position, number, word, kind, lines, "on", recorded_at, "by"'
        more = "approved, memo_hash, memo_salt, source, content_hash, hash"
        statements.append(f"INSERT OR REPLACE INTO books_posting ({into}, {more}) {select}, {more} FROM books_posting")
    assert not_refused(statements, through_django(ledger, statements)) == []


def test_a_migration_that_takes_a_seal_away_takes_all_of_its_triggers(ledger):
    from django.db import migrations

    from quipu.books import seals

    migrate(present_state(), migrations.RemoveConstraint("entry", "sealed_entry"))
    last = "truncate" if ledger.engine == "postgresql" else "again"
    assert seals.missing("default") == sorted(f"sealed_entry_{door}" for door in ("update", "delete", last))


# Seals taken away by hand


def table_of(trigger):
    from django.apps import apps

    from quipu.books.seals import Seal

    return next(
        model._meta.db_table
        for model in apps.get_models()
        for seal in model._meta.constraints
        if isinstance(seal, Seal) and trigger.startswith(f"{seal.name}_")
    )


def drop(ledger, trigger):
    on = f" ON {table_of(trigger)}" if ledger.engine == "postgresql" else ""
    books = ledger.connect()
    books.execute(f"DROP TRIGGER {trigger}{on}")
    books.close()


@contextmanager
def undone():
    """What is done inside is taken back at the end."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ways_to_remove(engine, trigger):
    if engine == "sqlite":
        return [f"DROP TRIGGER {trigger}"]
    table = f"ALTER TABLE {table_of(trigger)}"
    return [
        f"DROP TRIGGER {trigger} ON {table_of(trigger)}",
        f"{table} DISABLE TRIGGER {trigger}",
        f"{table} ENABLE TRIGGER {trigger}",  # a session that calls itself a replica would pass
        f"{table} ENABLE REPLICA TRIGGER {trigger}",
    ]


def test_each_seal_that_is_dropped_or_switched_off_is_missed_by_its_name(written):
    from django.db import connection

    from quipu.books import seals

    names = seals.expected(written.engine)
    assert len(names) == 66  # twenty-two tables with three doors each
    assert len(names) == 66  # twenty-two tables with three doors each
    for name in sorted(names):
        for statement in ways_to_remove(written.engine, name):
            with undone(), connection.cursor() as cursor:
                cursor.execute(statement)
                assert seals.missing("default") == [name], statement
    assert seals.missing("default") == []


def hollow(engine, trigger):
    """The seal's name stands, and refuses nothing."""
    if engine == "sqlite":
        table = table_of(trigger)
        return [
            [f"DROP TRIGGER {trigger}", f"CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} BEGIN SELECT 1; END"],
            [
                f"DROP TRIGGER {trigger}",
                f"CREATE TRIGGER {trigger} BEFORE UPDATE ON books_memo BEGIN SELECT RAISE(ABORT, 'sealed'); END",
            ],
        ]
    empty = "CREATE OR REPLACE FUNCTION quipu_refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$"
    again = "CREATE TRIGGER {0} BEFORE UPDATE ON {1} FOR EACH ROW {2} EXECUTE FUNCTION quipu_refuse('x', 'update')"
    always = "ALTER TABLE {1} ENABLE ALWAYS TRIGGER {0}"
    first = f"DROP TRIGGER {trigger} ON {table_of(trigger)}"
    made = [[empty]]
    for table, when in ((table_of(trigger), "WHEN (false)"), ("books_memo", "")):
        made.append([first, *(one.format(trigger, table, when) for one in (again, always))])
    return made


def test_a_seal_that_stands_by_name_only_is_missed(written):
    from django.db import connection

    from quipu.books import seals

    for statements in hollow(written.engine, "sealed_entry_update"):
        with undone(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            assert "sealed_entry_update" in seals.missing("default"), statements


def test_books_without_a_seal_are_neither_opened_nor_called_whole(ledger):
    from quipu.books import database, verify

    filled(ledger)
    database.open_books()
    assert verify.verify(replay=False).faults == []
    drop(ledger, "sealed_entry_update")
    for make in (False, True):
        with pytest.raises(database.NoBooks, match="sealed_entry_update"):
            database.open_books(make=make)
    database.open_books(sealed=False)
    assert verify.verify().faults == ["the seal sealed_entry_update does not stand"]


def test_nothing_is_served_from_a_home_whose_seals_do_not_stand(sqlite_ledger, publish):
    ledger = sqlite_ledger
    publish(document(activity()), home=ledger.home)
    filled(ledger)
    drop(ledger, "sealed_posting_delete")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["serve", "--home", str(ledger.home), "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "quipu", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **ledger.environment},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        _, said = process.communicate(timeout=6)
    except subprocess.TimeoutExpired:
        pytest.fail("it serves")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    assert process.returncode == 1
    assert "sealed_posting_delete" in said


# What verify sees


@contextmanager
def unsealed(ledger):
    """Inside, the seals and all references between tables are off; afterwards they stand as if nothing had been."""
    from django.db import connection

    from quipu.books import seals

    names = sorted(seals.expected(ledger.engine))
    with connection.cursor() as cursor:
        if ledger.engine == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            standing = dict(cursor.fetchall())
            for name in names:
                cursor.execute(f"DROP TRIGGER {name}")
            yield cursor
            for name in names:
                cursor.execute(standing[name])
        else:
            for table in all_tables():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            yield cursor
            for table in all_tables():
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
            for name in names:
                cursor.execute(f"ALTER TABLE {table_of(name)} ENABLE ALWAYS TRIGGER {name}")
    assert seals.missing("default") == []


SAYS, FOLLOWS, TEXTS = "it does not say what was sealed", "its hash does not follow", "its texts are not those"
TAMPERINGS = {
    "an amount": ("UPDATE books_entry SET amount = amount + 1 WHERE posting_id = 3", f"link 3 ^T: {SAYS}"),
    "an amount of nothing": ("UPDATE books_entry SET amount = 0 WHERE posting_id = 3", f"link 3 ^T: {SAYS}"),
    "a place": ("UPDATE books_entry SET place = 'F2' WHERE posting_id = 3", f"link 3 ^T: {SAYS}"),
    "a category": ("UPDATE books_entry SET category = 'staff' WHERE posting_id = 7", f"link 7 ^E: {SAYS}"),
    "a standing": ("UPDATE books_entry SET standing = 'certified' WHERE posting_id = 7", f"link 7 ^E: {SAYS}"),
    "an agreement": ("UPDATE books_entry SET agreement_id = NULL WHERE posting_id = 1", f"link 1 ^D: {SAYS}"),
    "a currency": ("UPDATE books_entry SET currency = 'JPY' WHERE posting_id = 3", f"link 3 ^T: {SAYS}"),
    "no number as a rate": (
        "UPDATE books_entry SET rate = 'x', original_amount = 5, original_currency = 'EUR' WHERE posting_id = 3",
        "link 3 ^T: ",
    ),
    "a date": ("UPDATE books_posting SET \"on\" = '2012-03-02' WHERE position = 3", f"link 3 ^T: {SAYS}"),
    "a key": ("UPDATE books_posting SET key = 'X' WHERE position = 3", f"link 3 ^X: {SAYS}"),
    "a kind": ("UPDATE books_posting SET kind = 'refund' WHERE position = 3", f"link 3 ^T: {SAYS}"),
    "a hash": (f"UPDATE books_posting SET hash = '{HASH}' WHERE position = 3", f"link 3 ^T: {FOLLOWS}"),
    "the last hash": (f"UPDATE books_posting SET hash = '{HASH}' WHERE position = 7", f"link 7 ^E: {FOLLOWS}"),
    "a hash of content": (f"UPDATE books_posting SET content_hash = '{HASH}' WHERE position = 3", f"link 3 ^T: {SAYS}"),
    "who recorded it": ("UPDATE books_posting SET \"by\" = 'eve' WHERE position = 3", f"link 3 ^T: {FOLLOWS}"),
    "who approved it": ("UPDATE books_posting SET approved = 'eve' WHERE position = 3", f"link 3 ^T: {FOLLOWS}"),
    "when it was recorded": (
        "UPDATE books_posting SET recorded_at = '2001-01-01 00:00:00+00:00' WHERE position = 3",
        "link 3 ^T: recorded before the link it follows",
    ),
    "a deleted entry": ("DELETE FROM books_entry WHERE posting_id = 3", f"link 3 ^T: {SAYS}"),
    "a deleted entry of two": ("DELETE FROM books_entry WHERE posting_id = 1 AND ordinal = 2", f"link 1 ^D: {SAYS}"),
    "the last voucher's entry": ("DELETE FROM books_entry WHERE posting_id = 7", f"link 7 ^E: {SAYS}"),
    "a deleted link": ("DELETE FROM books_posting WHERE position = 3", "link 4 ^FT: link 3 is missing before it"),
    "a renumbered link": (
        "UPDATE books_posting SET position = 99 WHERE position = 10",
        "link 99 ^LB: link 10 is missing",
    ),
    "a renumbered voucher": (
        "UPDATE books_posting SET number = 9 WHERE position = 7",
        "link 7 ^E: voucher number 6 is missing",
    ),
    "a voucher without a number": ("UPDATE books_posting SET number = NULL WHERE position = 3", "link 3 ^T: "),
    "an event with a number": ("UPDATE books_posting SET number = 99 WHERE position = 6", f"link 6 ^S: {SAYS}"),
    "a deleted reference": ("DELETE FROM books_reference WHERE posting_id = 5", f"link 5 ^R: {SAYS}"),
    "another reference": ("UPDATE books_reference SET key = 'T' WHERE posting_id = 5", f"link 5 ^R: {SAYS}"),
    "a deleted document": ("DELETE FROM books_attachment WHERE posting_id = 4", f"link 4 ^FT: {SAYS}"),
    "a status": ("UPDATE books_event SET status = 'terminated-early' WHERE posting_id = 6", f"link 6 ^S: {SAYS}"),
    "a deleted event": ("DELETE FROM books_event WHERE posting_id = 6", "link 6 ^S: "),
    "a text": ('UPDATE books_memo SET texts = \'{"title": "x"}\' WHERE posting_id = 4', f"link 4 ^FT: {TEXTS}"),
    "a text that is none": ("UPDATE books_memo SET texts = '{' WHERE posting_id = 4", "link 4 ^FT: "),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_verify_names_the_link_that_was_tampered_with_though_the_seals_stand_again(written, what):
    from quipu.books import verify

    statement, expected = TAMPERINGS[what]
    with undone():
        with unsealed(written) as cursor:
            cursor.execute(statement)
            assert cursor.rowcount > 0
        faults = verify.verify().faults
    assert [fault for fault in faults if fault.startswith(expected)], faults


UNSAID = {  # what the words of a voucher do not hold: the replay finds it
    "entry 3/1": "UPDATE books_entry SET fund_id = 'F2' WHERE posting_id = 3",
    "entry 1/1": "UPDATE books_entry SET effective_on = '2012-01-11' WHERE posting_id = 1 AND ordinal = 1",
    "entry 1/2": "UPDATE books_entry SET contributor_id = 'CL' WHERE posting_id = 1 AND ordinal = 2",
    "entry 4/2": "UPDATE books_entry SET amount = amount + 1 WHERE posting_id = 4 AND ordinal = 2",
    "entry 5/1": "UPDATE books_entry SET amount = 0 WHERE posting_id = 5 AND ordinal = 1",
    "entry 5/2": "DELETE FROM books_entry WHERE posting_id = 5 AND ordinal = 2",
    "entry 7/1": "UPDATE books_entry SET id = 7000009 WHERE posting_id = 7",
    "entry 2/1": "UPDATE books_entry SET currency = 'EUR' WHERE posting_id = 2 AND ordinal = 1",
    "entry 2/9": "INSERT INTO books_entry (id, posting_id, ordinal, movement, place, other, fund_id, category, standing,"
    " year, effective_on, amount, currency, original_currency, rate) VALUES (2000009, 2, 9, 'transfer', 'F1', '', 'F1',"
    " '', '', 2012, '2012-02-01', 1, 'USD', '', '')",
}


def test_a_replay_names_every_entry_that_is_not_what_its_voucher_says(written):
    from quipu.books import verify

    with undone():
        with unsealed(written) as cursor:
            for statement in UNSAID.values():
                cursor.execute(statement)
                assert cursor.rowcount == 1
        faults = verify.verify().faults
    assert {fault.partition(":")[0] for fault in faults} == set(UNSAID)


def test_what_was_only_written_is_whole(written):
    from quipu.books import verify

    verdict = verify.verify()
    assert (verdict.faults, verdict.links) == ([], 10)


def test_migrate_stops_before_it_touches_a_broken_chain(ledger):
    from django.core.management import CommandError, call_command

    filled(ledger)
    call_command("migrate", verbosity=0)
    with unsealed(ledger) as cursor:
        cursor.execute("UPDATE books_posting SET \"by\" = 'eve' WHERE position = 3")
    with pytest.raises(CommandError, match=r"not whole before .*link 3 \^T"):
        call_command("migrate", verbosity=0)


def test_migrate_says_so_where_an_entry_was_changed_past_the_chain(ledger):
    from django.core.management import CommandError, call_command

    filled(ledger)
    with unsealed(ledger) as cursor:
        cursor.execute("UPDATE books_entry SET amount = 1 WHERE posting_id = 3")
    with pytest.raises(CommandError, match=r"not whole after .*link 3 \^T"):
        call_command("migrate", verbosity=0)
