"""An edition is made whole or not at all; the same sources make the same one; parts are called by what they hold."""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from quipu.edition import make, parts
from quipu.edition.ask import ask
from quipu.edition.home import Home, HomeError
from quipu.edition.manifest import load
from quipu.edition.open import Editions, NoEdition
from quipu.rules.asking import question
from quipu.rules.record import RowTooLong
from tests.documents import activity, budget, document, transaction

ROOT = Path(__file__).resolve().parents[2]
ONE = document(activity("XX-P-1", transaction("3", 100), budget(7)))
TWO = document(activity("XX-P-2", transaction("3", 20), transaction("4", 3)))


def sources(folder: Path, **named: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, body in named.items():
        (folder / f"{name}.xml").write_text(body)
    return folder


def spend(edition) -> object:
    return ask(edition, question(["spend"])).rows[0][0].value


def part_files(home: Path) -> dict[str, str]:
    """File name → SHA-256 of the bytes, judged here."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((home / "parts").iterdir())}


class Made:
    """An edition of three files that others are held against."""

    def __init__(self, folder: Path) -> None:
        many = document(*(activity(f"XX-P-{n}", transaction("3", n)) for n in range(10, 200)))
        self.folder, self.home = sources(folder / "in", one=ONE, two=TWO, many=many), folder / "home"
        self.manifest, _ = make.publish(Home(self.home), [self.folder])

    def parts(self, table: str) -> list[str]:
        return [
            part["sha256"] for source in self.manifest.sources for part in source["parts"] if part["table"] == table
        ]


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Made:
    return Made(tmp_path_factory.mktemp("made"))


# The same again


def test_the_same_files_elsewhere_named_in_another_order_have_the_same_content_and_equal_parts(made, tmp_path):
    there = tmp_path / "elsewhere" / "entirely"
    shutil.copytree(made.folder, there)
    again, _ = make.publish(Home(tmp_path / "home"), [there / f"{name}.xml" for name in ("two", "one", "many")])
    assert again.content == made.manifest.content
    assert part_files(tmp_path / "home") == part_files(made.home)


@pytest.mark.parametrize("changed", ["source", "name", "funds", "rates"])
def test_another_source_name_fund_or_rate_is_another_content(made, tmp_path, changed):
    folder, home = tmp_path / "in", tmp_path / "home"
    shutil.copytree(made.folder, folder)
    home.mkdir()
    if changed == "source":
        sources(folder, one=ONE + "\n")
    elif changed == "name":
        (folder / "one.xml").rename(folder / "other.xml")
    elif changed == "funds":
        (home / "funds.toml").write_text('funds = ["XX-P-1"]')
    else:
        (home / "rates.csv").write_text("date,currency,usd_per_unit,source\n2020-01-01,PEN,0.3,us\n")
    other, _ = make.publish(Home(home), [folder])
    assert other.content != made.manifest.content
    # The rows are the same all the same, and so are their parts.
    assert {name for name in part_files(home) if name.endswith(".parquet")} == set(part_files(made.home))


# Parts


def test_each_part_is_called_by_the_hash_of_its_bytes(made):
    files = part_files(made.home)
    assert {f"{sha}.parquet" for sha in files.values()} == set(files)
    named = {part["sha256"] for source in made.manifest.sources for part in source["parts"]}
    assert {f"{sha}.parquet" for sha in named} == set(files)


def test_a_part_says_how_many_rows_and_bytes_it_has(made):
    for source in made.manifest.sources:
        for part in source["parts"]:
            path = made.home / "parts" / f"{part['sha256']}.parquet"
            ((rows,),) = duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall()
            assert (part["rows"], part["bytes"]) == (rows, path.stat().st_size)


def test_rows_of_a_part_stand_in_their_total_order(made):
    for table in ("activities", "entries", "xml"):
        for sha in made.parts(table):
            rows = duckdb.sql(f"SELECT * FROM '{made.home}/parts/{sha}.parquet'").fetchall()
            assert rows == sorted(rows)


def test_a_file_that_was_read_before_is_read_again_only_when_a_part_of_it_was_lost(tmp_path, monkeypatch):
    folder, home = sources(tmp_path / "in", one=ONE), Home(tmp_path / "home")
    make.publish(home, [folder])
    before = part_files(home.root)
    with monkeypatch.context() as patch:
        patch.setattr(parts, "read", None)  # reading would fail now
        make.publish(home, [folder])
    next(home.parts.iterdir()).unlink()
    make.publish(home, [folder])
    assert part_files(home.root) == before


def test_the_same_file_twice_counts_once(tmp_path):
    one = sources(tmp_path / "in", one=ONE) / "one.xml"
    manifest, _ = make.publish(Home(tmp_path / "a"), [one, one])
    assert manifest.totals == {"activities": 1, "transactions": 1, "copies": 1}


def test_a_row_no_engine_would_read_back_is_refused_before_it_is_written(tmp_path):
    spool = parts.Spool(tmp_path)
    spool.add("unread", ("x" * 900_000, 1))
    with pytest.raises(RowTooLong):
        spool.add("unread", ("x" * 1_000_000, 1))
    spool.add("unread", ("y", 2))
    home = Home(tmp_path / "home")
    home.prepare()
    (part,) = spool.seal(home)
    assert part.rows == 2


def test_an_absurdly_long_attribute_is_shortened_and_the_rest_is_published(publish):
    link = f'<document-link url="{"u" * 5_000_000}"/>'
    edition = publish(document(activity("XX-P-1", link, transaction("3", 5))))
    assert [len(url) for (url,) in edition.rows("SELECT url FROM documents")] == [10_000]
    assert edition.rows("SELECT rule, line FROM findings") == [("text-shortened", 3)]
    assert spend(edition) == 5


def test_any_text_comes_back_as_it_was(publish):
    texts = ['a "b", c', "a\r\nb\rc", "'", "\\", "a,b\n\n", "NULL", "é — 联合", "\t", "", ","]
    escaped = [text.replace("&", "&amp;").replace('"', "&quot;").replace("\r", "&#13;") for text in texts]
    edition = publish(
        document(
            activity("XX-P-1", *(f"<description><narrative>[{text}]</narrative></description>" for text in escaped))
        )
    )
    (sha,) = [part["sha256"] for part in edition.manifest.sources[0]["parts"] if part["table"] == "texts"]
    rows = duckdb.sql(
        f"SELECT text FROM '{edition.home.part(sha)}' WHERE role = 'description' ORDER BY ordinal"
    ).fetchall()
    assert rows == [(f"[{text}]",) for text in texts]


# Again and again


def test_publishing_again_adds_an_edition_and_moves_the_pointer(tmp_path):
    home = Home(tmp_path / "a")
    with pytest.raises(NoEdition, match="Nothing has been published here yet"):
        Editions(home).current()
    make.publish(home, [sources(tmp_path / "in", one=ONE)])
    assert (home.numbers(), home.current()) == ([1], 1)
    old = Editions(home).current()
    make.publish(home, [sources(tmp_path / "in", one=TWO)])
    assert (home.numbers(), home.current()) == ([1, 2], 2)
    assert spend(Editions(home).current()) == 23
    assert spend(old) == spend(Editions(home).get(1)) == 100
    with pytest.raises(NoEdition, match="There is no edition 7"):
        Editions(home).get(7)
    shutil.rmtree(home.cache)  # it may be thrown away
    home.cache.mkdir()
    assert spend(Editions(home).get(1)) == 100


def test_two_publications_at_once_make_two_editions(tmp_path, quipu):
    one, two = sources(tmp_path / "one", one=ONE), sources(tmp_path / "two", two=TWO)
    with ThreadPoolExecutor() as both:
        done = list(both.map(lambda folder: quipu("publish", folder, "--home", tmp_path / "a", "--json"), (one, two)))
    assert sorted(json.loads(run.stdout)["edition"] for run in done) == [1, 2]
    assert sorted(spend(Editions(Home(tmp_path / "a")).get(number)) for number in (1, 2)) == [23, 100]


def test_a_manifest_says_what_the_edition_was_made_from(tmp_path):
    home = Home(tmp_path / "a")
    folder = sources(
        tmp_path / "in",
        one=ONE,
        bad=document(activity("", transaction("3", 5)), activity("XX-P-9", transaction("3", ""))),
    )
    make.publish(home, [folder])
    manifest = load(home, 1)
    bad, one = manifest.sources
    assert (one["name"], one["sha256"]) == ("one.xml", hashlib.sha256(ONE.encode()).hexdigest())
    assert (one["activities"], one["transactions"], one["version"], one["bytes"]) == (1, 1, "2.03", len(ONE.encode()))
    assert (bad["activities"], bad["refused_activities"]) == (1, 1)
    assert (bad["transactions"], bad["refused_transactions"]) == (0, 2)
    assert manifest.totals == {"activities": 2, "transactions": 1, "copies": 0}
    assert manifest.findings == {"critical": 0, "error": 2, "warning": 0, "note": 0}
    assert manifest.schema == 2
    assert str(tmp_path) not in json.dumps(json.loads(home.manifest(1).read_text()))


# Torn


def start(home: Path, folder: Path) -> subprocess.Popen:
    """A publication in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "quipu", "publish", str(folder), "--home", str(home), "--json"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def tear(home: Path, folder: Path, times: int, seed: int) -> None:
    """Kills publications at random moments and looks each time whether the old edition is whole."""
    dice = random.Random(seed)
    began = time.monotonic()
    start(home, folder).wait()
    long = time.monotonic() - began
    place = Home(home)
    current = place.current()
    content, answer = load(place, current).content, spend(Editions(place).current())
    for turn in range(times):
        (folder / "more.xml").write_text(document(activity("XX-P-9", transaction("3", 1000 + turn))))
        process = start(home, folder)
        time.sleep(dice.uniform(0.3 * long, long))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        now = place.current()
        if now == current:
            assert load(place, now).content == content
            assert spend(Editions(place).current()) == answer
        else:  # it was quicker than the hand that killed it
            current, content, answer = now, load(place, now).content, spend(Editions(place).current())
            assert answer == 123 + 1000 + turn
    for path in (home / "parts").glob("*.parquet"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
    assert start(home, folder).wait() == 0
    assert place.current() > current
    assert spend(Editions(place).current()) == 123 + 1000 + times - 1


def test_a_killed_publication_leaves_the_old_edition_whole(tmp_path):
    tear(tmp_path / "home", sources(tmp_path / "in", one=ONE, two=TWO), times=2, seed=1)


@pytest.mark.long
def test_twenty_killed_publications_leave_the_old_edition_whole(tmp_path):
    tear(tmp_path / "home", sources(tmp_path / "in", one=ONE, two=TWO), times=20, seed=2)


def running(group: int) -> list[str]:
    """The processes of a group that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(path.parent.name)
    return found


def test_workers_end_when_their_publication_is_killed(tmp_path):
    if not Path("/proc/self/stat").exists():
        pytest.skip("no /proc here")
    many = {f"d{n}": document(*(activity(f"XX-P-{n}-{m}", transaction("3", m)) for m in range(400))) for n in range(30)}
    process = start(tmp_path / "home", sources(tmp_path / "in", **many))
    spools = tmp_path / "home" / "cache"
    deadline = time.monotonic() + 20
    while not list(spools.glob("spool-*")):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    while running(process.pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


# Homes that cannot be used


@pytest.mark.parametrize("text", ["funds = 'XX'", "funds = [1]", "funds = [", "\xff"])
def test_a_list_of_funds_that_is_none_is_said(tmp_path, text):
    home = tmp_path / "a"
    home.mkdir()
    (home / "funds.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(HomeError, match=r"funds\.toml"):
        make.publish(Home(home), [sources(tmp_path / "in", one=ONE)])
    assert Home(home).current() is None


def test_a_home_below_a_file_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match="cannot be written"):
        make.publish(Home(tmp_path / "file" / "home"), [sources(tmp_path / "in", one=ONE)])


def test_an_edition_that_needs_more_memory_than_others_is_made_with_more(tmp_path, monkeypatch):
    from quipu.edition import cache
    from quipu.edition.engine import OutOfMemory

    built = []
    within = cache._build_within

    def counted(memory: int, *others: object) -> Path:
        built.append(memory)
        return within(memory, *others)

    monkeypatch.setattr(cache, "_build_within", counted)
    monkeypatch.setattr(cache, "LARGER", (5, 400))  # five megabytes are not enough for anything
    folder = sources(tmp_path / "in", one=ONE)
    home = Home(tmp_path / "home")
    make.publish(home, [folder])
    assert built == [5, 400]
    assert spend(Editions(home).current()) == 100
    monkeypatch.setattr(cache, "LARGER", (5,))
    with pytest.raises(OutOfMemory):
        make.publish(Home(tmp_path / "other"), [folder])
    assert Home(tmp_path / "other").current() is None
