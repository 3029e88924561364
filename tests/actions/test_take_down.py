"""What is taken down is nowhere any more: no page, file, feed, index or cache of any edition, and no later edition has it."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from quipu.actions.publish import publish
from quipu.actions.take_down import finish, foresee, take_down
from quipu.edition.home import Home
from quipu.edition.manifest import load
from quipu.rules.findings import Refused
from tests import ledgers
from tests.conftest import ROOT
from tests.taken_down import FILE, SHA, answers, files, holding, house

WHY = {"by": "terminal", "reason": "It names families.", "told": "Somebody's safety"}
# What is taken down, and the words that must be nowhere afterwards.
TAKEN = {
    "document": ({"sha256": SHA}, ["Quillahuaman"]),
    "activity": ({"identifier": "XX-P-9"}, ["Zarzaparrilla"]),
    "text": ({"identifier": "XX-P-1", "role": "description"}, ["Mandragora"]),
    "voucher": ({"reference": "V-000101"}, ["Beltenebros"]),
    "name": ({"words": "ana nusta"}, ["Ana Ñusta", "Ana Nusta"]),
}


def some(*quick):
    """All kinds; those that are not named only with --long, because each takes the whole house apart."""
    return [kind if kind in quick else pytest.param(kind, marks=pytest.mark.long) for kind in TAKEN]


def verify(home):
    from quipu.actions import verify as verifying

    return verifying.verify(home)


@pytest.fixture(scope="module")
def made(_books_template, tmp_path_factory):
    """Where the house was made once; nobody changes anything there."""
    from django.db import connection

    folder = tmp_path_factory.mktemp("made")
    house(ledgers.sqlite(_books_template, folder / "books"), folder)
    connection.close()
    return folder


@pytest.fixture
def home(made, sqlite_ledger, tmp_path):
    shutil.copytree(made / "in", tmp_path / "in")
    shutil.copytree(made / "books", sqlite_ledger.home, dirs_exist_ok=True)
    return Home(sqlite_ledger.home)


@pytest.fixture
def client(home):
    from django.test import Client, override_settings

    from quipu.portal.server import application

    application(home.root)
    with override_settings(HOME=home.root):
        yield Client()


@pytest.mark.parametrize("kind", some("name"))
def test_what_is_taken_down_is_nowhere_any_more(home, client, kind, request):
    target, words = TAKEN[kind]
    numbers = home.numbers()  # in short: a whole one and one on top of it, beside today's
    editions = numbers if request.config.getoption("--long") else numbers[:2]
    before = list(answers(client, editions[:1]))
    assert any(holding(each, iter(before)) for each in words)
    assert any(holding(each, files(home)) for each in words)
    foreseen = foresee(home, kind=kind, target=target)
    assert any(holding(each, files(home)) for each in words)  # a look changes nothing
    began = time.monotonic()
    _, effect = take_down(home, kind=kind, target=target, **WHY)
    assert time.monotonic() - began < 60
    assert (effect.rows, effect.parts, effect.editions) == (foreseen.rows, foreseen.parts, foreseen.editions)
    assert effect.editions
    after = list(answers(client, editions))
    for each in words:
        assert holding(each, iter(after)) == []
        assert holding(each, files(home)) == []
    assert [status for _, status, _ in after if status >= 500] == []
    verdict = verify(home)
    assert verdict.faults == []
    assert verdict.withdrawn


@pytest.mark.parametrize("kind", some("text"))
def test_it_does_not_come_back_with_the_next_edition(home, client, sqlite_ledger, tmp_path, kind):
    target, words = TAKEN[kind]
    take_down(home, kind=kind, target=target, **WHY)
    (tmp_path / "in" / "again.xml").write_text(FILE.replace("since 2010", "since 2009"))
    sqlite_ledger.post("2012-05-01 transfer ^N-9\n    transfer TF1 > 0002/UNDP 3.00\n")
    publish(home, [tmp_path / "in"])
    assert home.current() == 5
    after = list(answers(client, [5]))
    for each in words:
        assert holding(each, iter(after)) == []
        assert holding(each, files(home)) == []
    assert verify(home).faults == []


def test_its_page_says_since_when_and_why_and_the_voucher_says_it_beside_what_is_left(home, client):
    take_down(home, kind="document", target={"sha256": SHA}, **WHY)
    take_down(home, kind="activity", target={"identifier": "XX-P-9"}, by="terminal", reason="Kept to ourselves")
    day = home.withheld.orders[0].on[:4]
    for address in (f"/document/{SHA[:12]}", f"/e/1/document/{SHA[:12]}/list.txt", f"/es/document/{SHA}"):
        answer = client.get(address)
        assert answer.status_code == 410, address
        assert "Somebody&#39;s safety" in answer.content.decode()
        assert day in answer.content.decode()
    answer = client.get("/project/XX-P-9.json")
    assert answer.status_code == 410
    assert "Kept to ourselves" not in answer.content.decode()
    assert client.get("/document/ffffffffffff").status_code == 404
    assert client.get("/project/XX-P-8").status_code == 200
    voucher = next(link for link in _links(client, "/vouchers") if b"V-000101" in client.get(link).content)
    said = client.get(voucher).content.decode()
    assert "A document was withheld on" in said
    assert "Somebody&#39;s safety" in said


def _links(client, address):
    import re

    return re.findall(r'href="(/voucher/[0-9a-f]+)"', client.get(address).content.decode())


def test_texts_that_are_left_stand_as_they_were(home, client):
    take_down(home, kind="text", target={"identifier": "XX-P-1", "role": "description", "language": "es"}, **WHY)
    page = client.get("/project/XX-P-1").content.decode()
    assert "Terraces are mended above Mandragora." in page
    assert "Encima de" not in page
    assert "A text was withheld on" in page
    assert "A text was withheld on" not in client.get("/project/XX-P-8").content.decode()


def test_the_texts_of_a_voucher_go_from_the_books_as_well_on_either_engine(ledger, tmp_path, monkeypatch):
    monkeypatch.setenv("QUIPU_DATABASE_URL", ledger.url)
    home = house(ledger, tmp_path)
    from quipu.books import models

    assert models.Memo.objects.filter(posting__key="V-000101").exists()
    take_down(home, kind="voucher", target={"reference": "V-000101"}, **WHY)
    assert not models.Memo.objects.filter(posting__key="V-000101").exists()
    assert models.Memo.objects.filter(posting__key="V-000102").exists()
    verdict = verify(home)  # which plays the journal into an empty ledger
    assert (verdict.faults, verdict.redacted) == ([], 1)
    assert models.History.objects.get(verb="take down").reason == WHY["reason"]


def test_a_project_may_be_named_by_its_code_in_the_books(home, client):
    order, _ = take_down(home, kind="text", target={"identifier": "0001", "role": "description"}, **WHY)
    assert order.target["identifier"] == "XX-P-1"
    assert holding("Mandragora", files(home)) == []
    assert "A text was withheld on" in client.get("/project/XX-P-1").content.decode()


def test_of_an_activity_of_the_books_words_go_and_money_stays(home, client):
    before = client.get("/fund/TF1.json").json()
    take_down(home, kind="activity", target={"identifier": "XX-P-1"}, **WHY)
    assert client.get("/project/XX-P-1").status_code == 410
    assert client.get("/fund/TF1.json").json()["by_year"] == before["by_year"]
    assert holding("Mandragora", files(home)) == []
    assert verify(home).faults == []


@pytest.mark.long
def test_a_second_takedown_of_what_another_one_changed(home, client):
    for kind, (target, _) in TAKEN.items():
        take_down(home, kind=kind, target=target, **WHY)
    for _, words in TAKEN.values():
        for each in words:
            assert holding(each, files(home)) == []
            assert holding(each, answers(client, [1])) == []
    assert verify(home).faults == []
    assert home.withheld.unfinished == []


@pytest.mark.parametrize(
    ("kind", "target", "rule"),
    [
        ("page", {}, "takedown-kind"),
        ("document", {"sha256": ""}, "field-missing"),
        ("document", {"sha256": SHA[:63]}, "takedown-hash"),
        ("text", {"identifier": "XX-P-9", "role": "story"}, "takedown-role"),
        ("name", {"words": "A. Li"}, "takedown-name"),
    ],
)
def test_what_cannot_be_taken_down_is_refused_and_nothing_is_changed(tmp_path, kind, target, rule):
    with pytest.raises(Refused) as refused:
        take_down(Home(tmp_path), kind=kind, target=target, **WHY)
    assert [finding.rule for finding in refused.value.findings] == [rule]
    assert not (tmp_path / "withheld.jsonl").exists()


def test_the_list_itself_holds_no_name(home):
    take_down(home, kind="name", target={"words": "Ana Ñusta"}, **WHY)
    assert "usta" not in (home.root / "withheld.jsonl").read_text()


def test_a_part_that_is_missing_or_changed_without_a_takedown_is_a_fault(home):
    one, other = [part["sha256"] for part in load(home, 1).sources[0]["parts"]][:2]
    home.part(one).unlink()
    home.part(other).write_bytes(b"PAR1")
    faults = verify(home).faults
    assert any(one[:12] in fault and "is missing" in fault for fault in faults)
    assert any(other[:12] in fault and "is not what was sealed" in fault for fault in faults)


# Killed in the middle

KILLED = r"""
import os, signal, sys
from pathlib import Path
from quipu.actions.take_down import take_down
from quipu.edition.home import Home
left = int(sys.argv[2])
def step(name):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
for kind, target in (("name", {"words": "Ana Nusta"}), ("document", {"sha256": sys.argv[3]})):
    take_down(Home(Path(sys.argv[1])), kind=kind, target=target, reason="r", by="terminal", step=step)
print("done")
"""


def _killed(home, ledger, step):
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(home.root), str(step), SHA],
        env={**os.environ, **ledger.environment, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("stride", [6, pytest.param(1, marks=pytest.mark.long)])
def test_a_takedown_that_is_killed_anywhere_is_finished_by_whoever_comes_next(home, client, sqlite_ledger, stride):
    steps = 0
    list(answers(client, []))
    while True:
        steps += stride
        done = _killed(home, sqlite_ledger, steps)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        ordered = {order.kind for order in home.withheld.orders}
        if "document" in ordered:  # on the list: from this moment it is not served
            assert client.get(f"/document/{SHA[:12]}/list.txt").status_code == 410
        finish(home)
        for kind in ordered:
            words = {"name": "Ana Nusta", "document": "Quillahuaman"}[kind]
            assert holding(words, files(home)) == []
        assert verify(home).faults == []
    assert steps > 10
    assert [holding(each, files(home)) for each in ("Quillahuaman", "Ana Ñusta")] == [[], []]
