"""A journal looked over from the terminal: every fault with its place, and a clean one said to be clean."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
GOOD = """fund F1 "A fund"
    currency: USD
contributor C1 "A contributor"

2020-01-31 deposit ^D-1
    deposit F1 < C1 1,000.00
"""


def journal(*words: str) -> subprocess.CompletedProcess:
    run = [sys.executable, "-m", "quipu", "journal", *words]
    return subprocess.run(run, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT / "src")}, check=False)


def test_a_clean_journal_is_said_to_be_clean(tmp_path):
    (tmp_path / "a.journal").write_text(GOOD)
    done = journal("check", str(tmp_path / "a.journal"))
    assert done.returncode == 0
    assert "no fault" in done.stdout


def test_every_fault_is_named_with_line_and_column_at_once(tmp_path):
    (tmp_path / "a.journal").write_text(GOOD.replace("2020-01-31", "2020-02-31").replace("1,000.00", "1,000.005"))
    done = journal("check", str(tmp_path / "a.journal"), "--json")
    assert done.returncode == 1
    assert [(fault["line"], fault["column"]) for fault in json.loads(done.stdout)] == [(5, 1), (6, 21)]


def test_the_canonical_form_says_the_same(tmp_path):
    (tmp_path / "a.journal").write_text(GOOD)
    once = journal("write", str(tmp_path / "a.journal"))
    (tmp_path / "b.journal").write_text(once.stdout)
    assert once.returncode == 0
    assert journal("write", str(tmp_path / "b.journal")).stdout == once.stdout
    assert "1,000.00" in once.stdout


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    done = journal("check", str(tmp_path / "none"))
    assert done.returncode == 1
    assert "cannot be read" in done.stderr
