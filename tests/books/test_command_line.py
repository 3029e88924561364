"""The books from a terminal: load, export, verify, state, ask; some of it as another process, most of it within this one."""

import json
from dataclasses import dataclass

import pytest

from quipu.rules.statements.annual import OUTLINES

from .test_post import DECLARED, MONEY


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def load(quipu, home, tmp_path):
    """Loads a journal by another process."""

    def load(text, *words):
        file = tmp_path / "a.journal"
        file.write_text(text, "utf-8")
        return quipu("journal", "load", file, "--home", home, *words)

    return load


@dataclass
class Done:
    """What a command printed, and how it ended."""

    stdout: str
    returncode: int


@pytest.fixture
def here(sqlite_ledger, monkeypatch, tmp_path):
    """Runs a command within this process, over empty books; a text in place of words is a journal to load."""
    from typer.testing import CliRunner

    from quipu.cli import app

    monkeypatch.setenv("QUIPU_HOME", str(sqlite_ledger.home))

    def run(*words):
        if "\n" in words[0]:
            file = tmp_path / "a.journal"
            file.write_text(words[0], "utf-8")
            words = ("journal", "load", str(file), *words[1:])
        done = CliRunner().invoke(app, list(words))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Done(done.stdout, done.exit_code)

    return run


ASSERTED = "2012-12-31 balance F1 balance_agent 4,900.00\n2012-01-31 balance F1 balance_agent 9,900.00\n"


def test_a_journal_is_loaded_exported_and_loaded_elsewhere_to_the_same_head(quipu, load, home, here):
    assert load(DECLARED + MONEY + ASSERTED).returncode == 0
    exported = quipu("journal", "export", "--home", home).stdout
    assert here(exported).returncode == 0
    assert here("journal", "export").stdout == exported
    there, verdict = quipu("verify", "--home", home).stdout, json.loads(here("verify", "--json").stdout)
    assert verdict["whole"] is True
    assert verdict["head"] == verdict["replayed_head"]
    assert f"head {verdict['head'][:16]}: all is as it was sealed" in there


def test_all_faults_are_named_at_once_and_nothing_is_posted(here):
    done = here(DECLARED + MONEY.replace("F1 > P1/FAO 6,000.00", "F1 < P1/FAO 6,000.00").replace("100.00", "100.001"))
    assert done.returncode == 1
    lines = (DECLARED + MONEY).splitlines()
    arrow = next(n for n, line in enumerate(lines, 1) if "allocation F1" in line)
    fee = next(n for n, line in enumerate(lines, 1) if "agent-fee" in line)
    assert f"a.journal:{arrow}:19: expected the arrow >, found <" in done.stdout
    assert f"a.journal:{fee}:18: expected an amount with at most 2 decimals (USD), found 100.001" in done.stdout
    assert "0 links" in here("verify").stdout


def test_an_assertion_that_does_not_hold_is_a_finding_with_both_amounts(here):
    done = here(DECLARED + MONEY + "2012-12-31 balance F1 balance_agent 4,900.01\n")
    assert done.returncode == 1
    assert "asserted 4,900.01, found 4,900.00" in done.stdout
    assert "3 posted" in done.stdout


def test_an_assertion_sees_what_stands_above_it_only(here):
    done = here(
        DECLARED + "2013-01-01 balance F1 contributions 0\n" + MONEY + "2013-01-01 balance F1 contributions 10,000\n"
    )
    assert done.returncode == 0, done.stdout


def test_an_assertion_names_a_row_that_exists(here):
    done = here(DECLARED + "2013-01-01 balance F1 profits 0\n")
    assert "expected a row of the statement, found profits" in done.stdout


def test_the_desks_rules_refuse_a_journal_where_that_is_asked(here):
    text = DECLARED + MONEY + "2012-04-01 transfer ^T2\n    transfer F1 > P1/FAO 2,000.00\n"
    assert here(text, "--strict").returncode == 1
    done = here(text)
    assert done.returncode == 0
    assert "[transfer-above-allocation]" in done.stdout


def test_the_statement_has_its_rows_as_strings_in_the_layout_asked_for(here):
    here(DECLARED + MONEY + "2012-06-01 charges ^C\n    direct-cost F1 > DC/FAO 200.00\n")
    words = ("statement", "F1", "--format", "json")
    wide, narrow = (json.loads(here(*words, "--layout", layout).stdout) for layout in ("wide", "narrow"))
    assert (wide["fund"], wide["layout"], wide["currency"], wide["as_of"]) == ("F1", "wide", "USD", None)
    rows = {row["key"]: row for row in wide["rows"]}
    assert rows["balance_agent"] == {
        "key": "balance_agent",
        "label": "Balance with administrative agent",
        "amount": "4700.00",
        "printed": "4,700",
    }
    assert rows["balance_agent_percent"]["amount"] == "47.0"
    assert rows["organizations_transfers"]["amount"] == "5200.00"
    assert {row["key"]: row for row in narrow["rows"]}["organizations_transfers"]["amount"] == "5000.00"
    as_of = json.loads(here(*words, "--as-of", "2012-02-15").stdout)
    assert next(row["amount"] for row in as_of["rows"] if row["key"] == "balance_agent") == "9900.00"
    known = json.loads(here(*words, "--known-on", "#1").stdout)
    assert next(row["amount"] for row in known["rows"] if row["key"] == "transferred") == "0"


def test_a_percentage_of_nothing_is_null(here):
    here("fund F1\n")
    rows = json.loads(here("statement", "F1", "--format", "json").stdout)["rows"]
    assert [row["amount"] for row in rows if row["key"].endswith("_percent")] == [None, None, None]


def test_the_live_books_are_asked_like_an_edition(here):
    here(DECLARED + MONEY)
    words = ("ask", "net_funded", "--books", "--by", "participating_organization", "--format", "json")
    answer = json.loads(here(*words).stdout)
    assert answer["rows"][0]["cells"] == {"net_funded": "5000"}


@pytest.mark.parametrize("words", [["verify"], ["ask", "spend", "--books"]])
def test_where_there_are_no_books_one_sentence_says_so(quipu, home, words):
    done = quipu(*words, "--home", home)
    assert done.returncode == 1
    assert "There are no books here yet." in done.stderr


def test_known_on_is_a_question_for_the_books_alone(here):
    assert here("ask", "spend", "--known-on", "#1").returncode == 1


def test_a_database_that_is_not_there_is_one_sentence(quipu, home):
    done = quipu("verify", "--home", home, QUIPU_DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert done.returncode == 1
    assert "The books cannot be opened" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_served_beside_books_whose_seals_are_broken(quipu, load, home, demo_home):
    import shutil
    import sqlite3

    shutil.copytree(demo_home, home)
    load(DECLARED + MONEY)
    with sqlite3.connect(home / "books.sqlite3") as books:
        books.execute("DROP TRIGGER sealed_entry_update")
    done = quipu("serve", "--home", home, "--port", "18517")
    assert done.returncode == 1
    assert "sealed_entry_update" in done.stderr


def test_tables_are_brought_up_with_the_ledger_verified(here, sqlite_ledger):
    here(DECLARED + MONEY)
    assert here("migrate").returncode == 0
    with sqlite_ledger.connect() as books:
        books.execute("DROP TRIGGER sealed_posting_update")
        books.execute("UPDATE books_posting SET recorded_at = '2001-01-01 00:00:00' WHERE position = 2")
    assert here("migrate").returncode == 1


def test_a_journal_on_a_house_with_people_needs_an_approver(sqlite_ledger):
    from datetime import date

    from quipu.actions.load_journal import load_journal
    from quipu.books import models
    from quipu.rules.findings import Refused
    from quipu.rules.journal import read

    for code in ("ana", "ben"):
        models.Person.objects.create(code=code)
    models.Mandate.objects.create(person_id="ben", role="agent approver", since=date(2020, 1, 1))
    journal = read(DECLARED + MONEY, "a.journal")
    with pytest.raises(Refused, match="journal-without-approver"):
        load_journal(journal, by="ana")
    with pytest.raises(Refused, match="journal-without-approver"):
        load_journal(journal, by="ben", approved=("ben",))
    assert load_journal(journal, by="ana", approved=("ben",)).posted == 3


def test_each_statement_is_drawn_in_each_format_and_a_wrong_name_is_told_which_there_are(here):
    import csv
    import io

    here(DECLARED + MONEY)
    annual = ("sources-and-uses", "deposits-by-contributor", "interest", "transfers-by-organization")
    annual += (
        "delivery-by-organization",
        "delivery-by-project",
        "expenditure-by-category",
        "direct-costs",
        "cost-recovery",
    )
    for name in ("funding-status", "contributors", "available", "trial-balance", *annual):
        words = ("statement", "F1", name, "--year", "2012")
        assert here(*words).returncode == 0, name
        header, *rows = csv.reader(io.StringIO(here(*words, "--format", "csv").stdout.lstrip("\ufeff")))
        assert all(len(row) == len(header) for row in rows), name
    told = json.loads(here("statement", "F1", "account", "--organization", "FAO", "--format", "json").stdout)
    assert told["rows"][0]["by"]["project"] == "P1"
    assert here("statement", "F1", "account").returncode == 1
    assert here("statement", "F1", "interest").returncode == 1  # of which year
    assert here("statement", "F1", "nonsense").returncode == 1
    words = ("statement", "F1", "delivery-by-project", "--year", "2012", "--format", "csv", "--by")
    assert here(*words, "theme").stdout.splitlines()[1].startswith("subtotal,,,,")
    assert here(*words, "donor").returncode == 1
    assert here("statement", "F1", "interest", "--year", "2012", "--by", "theme").returncode == 1
    assert json.loads(here("portfolio", "--format", "json").stdout)["unit"] == "USD"
    assert here("portfolio", "--format", "pdf").stdout.startswith("%PDF")
    assert here("statement", "F1", "--format", "pdf").stdout.startswith("%PDF")
    assert here("portfolio", "--format", "docx").returncode == 1


def test_the_annual_report_of_a_year_is_one_document_in_each_format_that_can_hold_it(here):
    here(DECLARED + MONEY)
    words = ("statement", "F1", "annual-report", "--year", "2012", "--format")
    told = json.loads(here(*words, "json").stdout)
    assert told["title"] == "Annual report 2012"
    assert [table["statement"] for table in told["tables"]] == [*OUTLINES]
    assert {table["fund"] for table in told["tables"]} == {"F1"}
    assert here(*words, "pdf").stdout.startswith("%PDF")
    assert here(*words, "xlsx").stdout.startswith("PK")
    assert here(*words, "html").stdout.count("<h2>") == len(OUTLINES)
    assert here(*words, "table").stdout.count("Unit: USD") == len(OUTLINES)
    assert here(*words, "csv").returncode == 1
    assert here("statement", "F1", "annual-report").returncode == 1  # of which year
    assert json.loads(here(*words, "json", "--by", "theme").stdout)["tables"][5]["by"] == "theme"


def test_a_statement_says_which_books_it_is_of_and_can_be_drawn_again(here):
    here(DECLARED + MONEY)
    before = here("statement", "F1", "trial-balance", "--format", "json").stdout
    position = json.loads(before)["known_on"]
    assert position.startswith("#")
    here("2012-07-01 deposit ^LATER\n    deposit F1 < ? 5.00\n")
    assert here("statement", "F1", "trial-balance", "--format", "json").stdout != before
    assert here("statement", "F1", "trial-balance", "--known-on", position, "--format", "json").stdout == before
    total = json.loads(here("portfolio", "--format", "json").stdout)
    assert total["known_on"] == f"#{int(position[1:]) + 1}"


def test_every_statement_of_an_illustrative_fund_says_so(here):
    here('fund F8 "Invented"\n    illustrative: yes\nfund F9\n2012-01-01 deposit ^D\n    deposit F8 < ? 5.00\n')
    told = json.loads(here("statement", "F8", "trial-balance", "--format", "json").stdout)
    assert (told["fund_name"], told["illustrative"]) == ("Invented", "its amounts are examples")
    words = ("statement", "F8", "annual-report", "--year", "2012", "--format", "html")
    assert here(*words).stdout.count("Illustrative: its amounts are examples") == 1
    assert "examples" in here("portfolio").stdout
    assert "examples" not in here("portfolio", "EUR").stdout
    assert "illustrative" not in json.loads(here("statement", "F9", "trial-balance", "--format", "json").stdout)


def test_a_statement_says_only_what_it_was_cut_by(here):
    here(DECLARED + MONEY)
    words = ("--format", "json", "--year", "2012", "--organization", "FAO")
    account = json.loads(here("statement", "F1", "account", *words).stdout)
    assert (account["year"], account["organization"]) == ("2012", "FAO")
    assert not {"year", "organization"} & set(json.loads(here("statement", "F1", "available", *words).stdout))


def test_a_head_known_from_outside_shows_what_the_chain_alone_cannot(here, sqlite_ledger):
    here(DECLARED + MONEY)
    head = json.loads(here("verify", "--json").stdout)["head"]
    for known in (f"3:{head}", f"#3:{head[:16]}", f"3:{head.upper()}"):
        assert here("verify", "--head", known).returncode == 0, known
    done = here("verify", "--head", f"3:{'0' * 64}")
    assert done.returncode == 1
    assert (
        f"link 3, known from outside as {'0' * 12}: it is {head[:12]} here, so the chain was made anew" in done.stdout
    )
    with sqlite_ledger.connect() as books:
        triggers = books.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            books.execute(f"DROP TRIGGER {name}")
        for table, column in (("entry", "posting_id"), ("posting", "position")):
            books.execute(f"DELETE FROM books_{table} WHERE {column} = 3")
        for _, sql in triggers:
            books.execute(sql)
    assert here("verify").returncode == 0  # the seals stand again and the rest of the chain holds
    done = here("verify", "--head", f"3:{head}", "--head", f"2:{'1' * 64}")
    assert done.returncode == 1
    assert "link 3, known from outside: the chain ends at link 2, so links at its end were removed" in done.stdout
    assert "link 2, known from outside as 111111111111" in done.stdout


@pytest.mark.parametrize("head", ["3", "0:" + "a" * 64, "3:" + "a" * 15, "3:" + "g" * 64, "last:" + "a" * 64])
def test_what_is_no_head_of_a_chain_is_told_how_to_write_one(here, head):
    here(DECLARED + MONEY)
    assert here("verify", "--head", head).returncode == 1
