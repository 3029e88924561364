"""The command line: what it prints for programs, and one sentence and exit code 1 for what goes wrong."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from quipu.cli import app
from tests.documents import activity, document, transaction

ROOT = Path(__file__).resolve().parents[2]


def sentence(run: Result) -> str:
    """The one line of a command that failed: on stderr, exit code 1, no traceback."""
    assert run.exit_code == 1, run.output
    assert isinstance(run.exception, SystemExit)
    assert run.stdout == ""
    (line,) = run.stderr.strip().splitlines()
    assert line.endswith(".")
    return line


def said(*words: object) -> str:
    """What a command that succeeds prints, run in this process."""
    run = CliRunner().invoke(app, [str(word) for word in words])
    assert run.exit_code == 0, run.output
    return run.stdout


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("in") / "one.xml"
    path.write_text(
        document(
            activity("XX-P-1", transaction("3", "100.50", currency="USD"), transaction("3", 7, currency="PEN")),
            activity("", transaction("3", 5)),
        )
    )
    return path


@pytest.fixture(scope="module")
def home(quipu, file, tmp_path_factory):
    """A home with two editions of one file, the second current; made.json is what the first publication printed."""
    home = tmp_path_factory.mktemp("home")
    first = quipu("publish", file, "--home", home, "--json")
    assert first.returncode == 0, first.stderr
    (home / "made.json").write_text(first.stdout)
    assert quipu("publish", file, "--home", home).returncode == 0
    return home


# publish


def test_publish_prints_one_json_object_for_programs(home, file):
    made = json.loads((home / "made.json").read_text())
    assert set(made) >= {"edition", "path", "seconds", "files", "activities", "transactions", "findings", "bytes"}
    assert (made["edition"], made["files"], made["activities"], made["transactions"]) == (1, 1, 1, 2)
    assert made["findings"] == {"critical": 0, "error": 1, "warning": 0, "note": 0}
    assert made["bytes"] == file.stat().st_size
    assert made["seconds"] > 0
    assert (Path(made["path"]) / "manifest.json").is_file()


def test_publish_prints_one_sentence_for_people_and_takes_its_home_from_the_environment(quipu, file, tmp_path):
    run = quipu("publish", file, QUIPU_HOME=str(tmp_path / "home"))
    assert (run.returncode, run.stdout) == (0, "")
    assert "Edition 1: 1 activities and 2 transactions from 1 files" in run.stderr
    assert "Findings: 1 error." in run.stderr
    assert (tmp_path / "home" / "editions" / "000001" / "manifest.json").is_file()


# editions


def test_editions_are_listed_with_the_current_one_marked(home):
    listed = json.loads(said("editions", "--home", home, "--json"))
    assert [(each["edition"], each["current"], each["activities"], each["files"]) for each in listed] == [
        (1, False, 1, 1),
        (2, True, 1, 1),
    ]
    assert listed[0]["content"] == listed[1]["content"]
    lines = said("editions", "--home", home).splitlines()
    assert [line.startswith("*") for line in lines] == [False, True]


# ask


def test_ask_answers_json_as_it_was_promised(quipu, home):
    run = quipu("ask", "disbursement", "--by", "country,year", "--home", home, "--format", "json")
    answer = json.loads(run.stdout)
    assert set(answer) >= {"edition", "unit", "columns", "rows", "left_out"}
    assert set(answer) <= {"edition", "unit", "columns", "rows", "left_out", "total", "notes"}
    assert (answer["edition"], answer["unit"]) == (2, "USD")
    assert answer["columns"] == [
        {"key": "country", "label": "Country"},
        {"key": "year", "label": "Year"},
        {"key": "disbursement", "label": "Disbursements"},
    ]
    assert answer["rows"] == [{"by": {"country": None, "year": "2020"}, "cells": {"disbursement": "100.5"}}]
    assert answer["left_out"] == {"count": 1, "currencies": ["PEN"]}


def test_ask_answers_csv_and_tables(home):
    words = ("ask", "disbursement", "--unit", "original", "--home", home, "--format")
    assert said(*words, "csv").lstrip("\ufeff").splitlines() == ["currency,disbursement", "PEN,7", "USD,100.5"]
    table = said(*words, "table")
    assert "100.50" in table
    assert "Unit: original" in table


def test_ask_knows_older_editions_and_earlier_days(home):
    words = ("ask", "disbursement", "--home", home, "--format", "json")
    assert json.loads(said(*words, "--edition", "1"))["edition"] == 1
    assert json.loads(said(*words, "--as-of", "2020-04-30"))["rows"] == []
    assert len(json.loads(said(*words, "--as-of", "2020-05-01"))["rows"]) == 1
    assert json.loads(said(*words, "--since", "2020-05-02"))["rows"] == []


# What goes wrong


WRONG = {
    "a missing file": (("publish", "no-such-file.xml", "--home", "{home}"), "no file or folder no-such-file.xml"),
    "a home below a file": (("publish", "{file}", "--home", "{file}/home"), "cannot be written"),
    "an unknown figure": (("ask", "money", "--home", "{home}"), "There is no figure “money”. There are: "),
    "an unknown dimension": (("ask", "spend", "--by", "colour", "--home", "{home}"), "There is no dimension “colour”"),
    "a condition that is none": (("ask", "spend", "--where", "KE", "--home", "{home}"), "Write KEY=VALUE"),
    "an unknown status": (("ask", "spend", "--where", "status=running", "--home", "{home}"), "There is no status"),
    "an unknown unit": (("ask", "spend", "--unit", "EUR", "--home", "{home}"), "There are: USD, original"),
    "an unknown format": (
        ("ask", "spend", "--format", "docx", "--home", "{home}"),
        "There are: table, csv, html, json, pdf, xlsx",
    ),
    "a day that is none": (("ask", "spend", "--as-of", "31.12.2020", "--home", "{home}"), "Write YYYY-MM-DD"),
    "no figure": (("ask", ",", "--home", "{home}"), "Name at least one figure"),
    "an edition that is not there": (("ask", "spend", "--edition", "7", "--home", "{home}"), "There is no edition 7"),
    "a home without editions, asked": (("ask", "spend", "--home", "{empty}"), "Nothing has been published here yet"),
    "a home without editions, listed": (("editions", "--home", "{empty}"), "Nothing has been published in"),
    "a home without editions, served": (
        ("serve", "--home", "{empty}", "--port", "{free}"),
        "Nothing has been published in",
    ),
    "a taken port": (("serve", "--home", "{home}", "--port", "{taken}"), "is taken"),
    "no port": (("serve", "--home", "{home}", "--port", "70000"), "70000 is no port"),
}


@pytest.fixture(scope="module")
def places(home, file, tmp_path_factory):
    """What the words in braces stand for; the taken port is listened on, the free one is not."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            free = other.getsockname()[1]
        empty = tmp_path_factory.mktemp("empty")
        yield {"home": home, "file": file, "empty": empty, "taken": listening.getsockname()[1], "free": free}


@pytest.mark.parametrize("case", WRONG)
def test_what_goes_wrong_is_one_sentence_and_exit_code_1(places, case):
    words, said = WRONG[case]
    assert said in sentence(CliRunner().invoke(app, [word.format(**places) for word in words]))


def test_the_sentence_is_all_that_a_process_says(quipu):
    run = quipu("ask", "money")
    assert (run.returncode, run.stdout) == (1, "")
    assert len(run.stderr.splitlines()) == 1
    assert "Traceback" not in run.stderr


def test_a_word_that_is_no_command_is_a_mistake_of_its_own():
    assert CliRunner().invoke(app, ["publsh"]).exit_code == 2


def test_the_process_whose_children_serve_the_demonstration_has_set_no_document(tmp_path):
    # A fork inherits the setter of documents without its threads: the first long document would wait for ever.
    script = """
import sys, types, typst, quipu.cli.editions as editions
asked, drawn = [], []
typst.compile = lambda *words, **how: drawn.append(words)
editions._start = lambda words: asked.append(words) or types.SimpleNamespace(wait=lambda: 0)
editions._beside = lambda *words, **how: None
editions._serve = lambda *words, **how: print(len(drawn), *asked[0][:2])
editions.demo(port=0, host="127.0.0.1", home=__import__("pathlib").Path(sys.argv[1]), serving=True)
"""
    run = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["0", "demo", "--no-serve"]


def test_help_names_every_command():
    said = CliRunner().invoke(app, ["--help"]).stdout
    assert all(command in said for command in ("publish", "serve", "demo", "editions", "ask"))
