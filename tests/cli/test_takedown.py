"""Taking down from a terminal, in a house without books; and web processes that serve it meanwhile."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.documents import activity, document

SECRET = "Zarzaparrilla"
FILE = document(
    activity("XX-P-9", f'<description type="1"><narrative>A shelter at {SECRET}.</narrative></description>'),
    activity("XX-P-8"),
)


@pytest.fixture(scope="module")
def published(quipu, tmp_path_factory):
    """Published once; nobody changes anything there."""
    folder = tmp_path_factory.mktemp("published")
    (folder / "file.xml").write_text(FILE)
    assert quipu("publish", folder / "file.xml", "--home", folder / "home").returncode == 0
    return folder / "home"


@pytest.fixture
def home(published, tmp_path):
    return Path(shutil.copytree(published, tmp_path / "home"))


def test_a_dry_run_shows_what_would_go_and_changes_nothing(quipu, home):
    done = quipu("takedown", "text", "XX-P-9", "description", "--home", home, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Would go: rows 1 of texts, 1 of xml; 2 parts; 0 files; editions 1.")
    assert not (home / "withheld.jsonl").exists()
    assert quipu("verify", "--home", home).stdout.endswith("all is as it was sealed.\n")


def test_what_went_is_listed_and_verify_says_withdrawn(quipu, home):
    words = ("takedown", "text", "XX-P-9", "description", "--home", home, "--reason", "People are in danger")
    done = quipu(*words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Takedown 1: rows 1 of texts, 1 of xml;")
    listed = quipu("takedown", "--home", home).stdout
    assert "text      XX-P-9 description  People are in danger" in listed
    told = quipu("verify", "--home", home)
    assert told.returncode == 0
    assert "all is as it was sealed" in told.stdout
    assert "of texts: 1 rows were withdrawn" in told.stdout
    assert json.loads(quipu("verify", "--home", home, "--json").stdout)["whole"] is True
    part = next((home / "parts").glob("*.parquet"))
    part.unlink()
    broken = quipu("verify", "--home", home)
    assert broken.returncode == 1
    assert "is missing" in broken.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("document", "abc", "--reason", "r"), "64 signs of 0-9 and a-f"),
        (("page", "x", "--reason", "r"), "Say what is taken down: document, text, activity, voucher, name"),
        (("text", "XX-P-9", "--reason", "r"), "After text comes: IDENTIFIER ROLE."),
        (
            ("activity", "XX-P-9", "--language", "es", "--reason", "r"),
            "--language narrows down no takedown of this kind: activity.",
        ),
        (("activity", "XX-P-9"), "Say why"),
    ],
)
def test_what_is_unclear_is_refused_in_one_sentence(quipu, home, words, said):
    done = quipu("takedown", *words, "--home", home)
    assert done.returncode == 1
    assert said in done.stderr
    assert not (home / "withheld.jsonl").exists()


def test_every_web_process_obeys_within_seconds(quipu, home):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    served = subprocess.Popen(
        [sys.executable, "-m", "quipu", "serve", "--home", str(home), "--port", str(port), "--workers", "2"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def read(path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            return f"{error.code} {error.read().decode()}"

    try:
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            try:
                if SECRET in read("/project/XX-P-9"):
                    break
            except OSError:
                time.sleep(0.2)
        pages = ("/project/XX-P-9", "/e/1/project/XX-P-9", "/project/XX-P-9.json", "/data/activities.csv")
        for _ in range(10):  # both processes have drawn them
            assert any(SECRET in read(page) for page in pages)
        assert quipu("takedown", "activity", "XX-P-9", "--home", home, "--reason", "r").returncode == 0
        time.sleep(2)
        for _ in range(20):
            assert [page for page in pages if SECRET in read(page)] == []
            assert read("/project/XX-P-9").startswith("410 ")
            assert not read("/project/XX-P-8").startswith(("4", "5"))
    finally:
        os.killpg(served.pid, signal.SIGKILL)
        served.wait()
