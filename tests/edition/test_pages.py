"""A page record holds what asking would answer: its small cube and `ask` agree, activity by activity."""

import random
import zlib
from base64 import b64decode
from dataclasses import replace

import pytest

from quipu.edition.ask import ask
from quipu.edition.home import Home
from quipu.edition.make import publish as make_edition
from quipu.edition.open import Editions
from quipu.edition.pages import find, money, movements, page, xml
from quipu.rules.asking import ORIGINAL, USD, Filter, question
from quipu.rules.figures import FIGURES
from tests.documents import HEAD, activity, aid_type, document, related, transaction

NOISE = random.Random(3).randbytes(500_000).hex()
CUTS = [[], ["year"], ["participating_organization"]]


def compared(table):
    """Everything of an answer that a reader sees."""
    rows = sorted([[str(cell.value) for cell in row] for row in table.rows])
    total = [str(cell.value) for cell in table.total] if table.total else None
    return [column.key for column in table.columns], rows, total


def keys(edition):
    return [key for (key,) in edition.rows("SELECT key FROM activities ORDER BY key")]


def about(record, asked):
    """The question narrowed down to what a page shows: of a fund, all that belongs to it."""
    if record["kind"] == "fund":
        whose = (Filter("fund", (record["fund"],)), Filter("publisher", (record["publisher"],)))
        return replace(asked, where=whose)
    return replace(asked, subject=record["key"])


@pytest.mark.parametrize("by", CUTS, ids=["whole", "by year", "by organization"])
@pytest.mark.parametrize("unit", [USD, ORIGINAL])
def test_cube_and_ask_are_equal_for_every_activity_of_the_demonstration(demo, by, unit):
    asked = question(FIGURES, by, unit=unit)
    seen = 0
    for key in keys(demo):
        record = page(demo, key)
        answer, cube = ask(demo, about(record, asked)), money(record, asked)
        assert compared(cube) == compared(answer)
        seen += len(answer.rows)
        if unit == USD:
            assert (cube.left_out.count, set(cube.left_out.currencies)) == (
                answer.left_out.count,
                set(answer.left_out.currencies),
            )
    assert seen >= 25


def test_a_page_knows_which_movements_occur_on_it(demo):
    for key in keys(demo):
        record = page(demo, key)
        of, value = ("fund", record["fund"]) if record["kind"] == "fund" else ("subject", key)
        rows = demo.rows(f"SELECT DISTINCT family, movement FROM facts WHERE {of} = ?", [value])
        assert movements(record) == {tuple(row) for row in rows}


def test_there_is_one_page_for_each_activity_and_none_for_nobody(demo):
    assert all(page(demo, key)["key"] == key for key in keys(demo))
    assert page(demo, 1) is None


# Addresses and the XML behind a page


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    other = '<other-identifier ref="0007" type="A1"/>'
    lone = '<other-identifier ref="0008" type="A1"/>'
    folder, home = tmp_path_factory.mktemp("in"), Home(tmp_path_factory.mktemp("home"))
    (folder / "a.xml").write_text(
        document(
            activity("XX-P-F", aid_type("B031"), transaction("3", 5, receiver_activity="XX-P-1"), hierarchy=1),
            activity("XX-P-1", related("1", "XX-P-F"), other, "<!-- kept -->", transaction("4", 2), hierarchy=2),
            activity("0007", publisher="XX-Q"),
            activity("XX-P-8", lone, f"<!--{NOISE}-->", transaction("3", 1)),
        )
    )
    make_edition(home, [folder])
    return Editions(home).current()


def test_an_identifier_leads_to_its_activity_and_before_others_that_say_the_same(edition):
    assert [identifier for _, identifier in find(edition, "XX-P-1")] == ["XX-P-1"]
    ((key, _),) = find(edition, "0007")
    assert page(edition, key)["publisher"] == "XX-Q"
    assert find(edition, "nothing") == []


def test_another_identifier_leads_there_where_no_activity_has_it_for_its_own(edition):
    ((key, _),) = find(edition, "0008")
    assert page(edition, key)["identifier"] == "XX-P-8"


def test_the_kept_xml_is_the_activity_as_it_was_published(edition):
    ((key, _),) = find(edition, "XX-P-1")
    body, line = xml(edition, key)
    assert body.decode() == activity(
        "XX-P-1",
        related("1", "XX-P-F"),
        '<other-identifier ref="0007" type="A1"/>',
        "<!-- kept -->",
        transaction("4", 2),
        hierarchy=2,
    )
    assert line == HEAD.count("\n") + 2 + activity("XX-P-F", "", "", hierarchy=1).count("\n") + 1
    assert xml(edition, 1) is None


def test_a_large_activity_is_put_together_from_its_pieces(edition):
    ((key, _),) = find(edition, "XX-P-8")
    body, _ = xml(edition, key)
    assert NOISE.encode() in body
    pieces = edition.rows("SELECT body FROM xml WHERE key = ? ORDER BY piece", [key])
    assert len(pieces) > 1
    assert zlib.decompress(b64decode("".join(piece for (piece,) in pieces))) == body


# Stable identity between editions


def test_an_entry_is_the_same_when_another_was_inserted_before_it(tmp_path, publish):
    a, b = transaction("3", 5, "2020-01-01", ref="A"), transaction("3", 6, "2020-01-02")
    home = tmp_path / "home"
    before = publish(document(activity("XX-P-1", a, b)), home=home)
    numbers = dict(before.rows("SELECT CAST(value AS INTEGER), entry FROM facts"))
    after = publish(
        document(activity("XX-P-0"), activity("XX-P-1", transaction("3", 7, "2019-01-01"), a, b)), home=home
    )
    assert (before.number, after.number) == (1, 2)
    again = dict(after.rows("SELECT CAST(value AS INTEGER), entry FROM facts"))
    assert {value: again[value] for value in numbers} == numbers
    assert len(set(again.values())) == 3
