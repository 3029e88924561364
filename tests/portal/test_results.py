"""Results on the gateway: a block of the factsheet, a page for each indicator, roll-ups; for those of files as for the desk's."""

import json
import re

import pytest

from quipu.edition import make
from quipu.edition.home import Home
from tests import ledgers
from tests.desk.cast import HOUSE
from tests.desk.registering import AGREED, SILENT, TRAINED, counting, kept
from tests.desk.resulting import approved, framed
from tests.portal.conftest import Reader

FILE = """<iati-activities version="2.03"><iati-activity hierarchy="2" default-currency="USD" xml:lang="en">
<iati-identifier>X-1</iati-identifier><reporting-org ref="X" type="90"><narrative>Office</narrative></reporting-org>
<title><narrative>Reefs</narrative></title>
<result type="1"><title><narrative>Reefs watched</narrative></title><indicator measure="1">
<title><narrative>Divers trained</narrative></title><baseline year="2019" value="4"/>
<period><period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/>
<target value="20"/><actual value="9"/></period>
<period><period-start iso-date="2021-01-01"/><period-end iso-date="2021-12-31"/>
<target value="50"/><actual value="49"><comment><narrative>Log book</narrative></comment></actual>
<actual value="30"><dimension name="sex" value="women"/></actual></period></indicator></result>
</iati-activity></iati-activities>"""


@pytest.fixture(scope="module")
def house(_books_template, tmp_path_factory):
    """A framework with two sources that differ, a measure over two programmes, and results of a file."""
    from datetime import date

    from quipu.actions.registers import counting as counts
    from quipu.actions.results import framework, reading
    from quipu.actions.results.framework import IndicatorSaid
    from quipu.books.public import Books

    folder = tmp_path_factory.mktemp("results")
    ledger = ledgers.sqlite(_books_template, folder / "books")
    ledger.post(HOUSE + "2024-03-01 transfer ^t1\n    transfer VALLEY > P1/ORG1 200,000.00\n")
    made = framed("w")
    cells = {"sex": {"women": "47", "men": "37"}, "place": {"Above": "3", "Below": "11", "Between": "70"}}
    approved("w", "a", made["trained"], "80")
    ministry = {"source": "The ministry", "link": "https://example.org/m"}
    other = approved("w", "a", made["trained"], "84", cells=cells, **ministry)
    reading.choose(by="a", code=other.code, reason="The ministry keeps the list")
    approved("w", "a", made["share"], "9/24", since=date(2025, 1, 1))
    framework.keep_measure(
        by="w", code="rules", titles={"en": "Rules made"}, kind="count", unit={"en": "rules"}, is_new=True
    )
    for project, value in (("P1", "4"), ("P2", "3")):
        said = IndicatorSaid({"en": f"Rules of {project}"}, "count", unit={"en": "rules"}, measure="rules")
        one = framework.keep_indicator(by="w", project=project, said=said)
        approved("w", "a", one, value)
    kept("w")
    counted = counting("w")
    taken = counts.take(by="w", indicator=counted.code, until=date(2012, 12, 31))
    reading.lead(by="a", code=taken.code, act="approve")
    (folder / "in").mkdir()
    (folder / "in" / "file.xml").write_text(FILE)
    home = Home(ledger.home)
    home.prepare()
    make.publish(home, [folder / "in"], None, Books("mark"))
    return home


@pytest.fixture
def reader(house):
    from django.test import Client, override_settings

    from quipu.portal.server import application

    application(house.root)
    with override_settings(HOME=house.root, DEMO=False):
        yield Reader(Client())


def test_the_value_stands_with_its_target_its_source_and_what_others_say(reader):
    words = reader.words("/project/P1")
    for said in (
        "Outcome 1 Water lasts",
        "Output 1.1 Keepers trained First organization",
        "84 of 100, 84% of the way.",
        "sources differ: 80",
        "Why 84 is reported: The ministry keeps the list",
        "37.5% (9 of 24)",
        "no reading is approved yet River plan adopted",
    ):
        assert said in words, said
    assert "/result/P1/i1" in reader.links("/project/P1")


def test_a_value_opens_to_all_that_stands_behind_it(reader):
    rows = reader.rows("/result/P1/i1.csv?table=readings")
    assert [(row["value"], row["counts"], row["source"]) for row in rows] == [
        ("80", "no", "Annual report"),
        ("84", "yes", "The ministry"),
    ]
    cells = {
        (row["told_by"], row["choice"]): row["value"] for row in reader.rows("/result/P1/i1.csv?table=disaggregation")
    }
    assert cells[("sex", "women")] == "47"
    assert cells[("place", "Between")] == "70"
    assert ("place", "Above") not in cells
    assert "Further parts are not shown: too few people." in reader.words("/project/P1")
    told = json.loads(reader.text("/result/P1/i1.json"))
    assert told["indicator"]["code"] == "P1-i1"
    assert [one["value"] for one in told["targets"]] == ["100"]
    assert reader.get("/result/P1/i99").status_code == 404
    assert reader.get("/result/nobody/i1").status_code == 404


def test_a_number_that_is_counted_opens_to_the_public_rows_behind_it(reader):
    assert "/result/P1/i5#behind" in reader.links("/project/P1")
    assert "3 Enterprises financed" in reader.words("/project/P1")
    words = reader.words("/result/P1/i5")
    assert AGREED in words
    assert SILENT not in words
    assert TRAINED not in words


def test_the_results_of_a_file_are_drawn_in_the_same_block(reader):
    words = reader.words("/project/X-1")
    assert "49 Divers trained" in words
    assert "49, from 4 towards 50: 98% of the way." in words
    assert "Output Reefs watched" in words
    rows = reader.rows("/result/X-1/1.1.csv?table=readings")
    assert [(row["value"], row["until"]) for row in rows] == [("9", "2020-12-31"), ("49", "2021-12-31")]
    assert "women" in reader.words("/result/X-1/1.1")


def test_programmes_come_together_by_measure_alone(reader):
    words = reader.words("/results")
    assert "7 rules The sum of its parts. From 2 programmes." in words
    assert "Other programmes with results 1 activity" in words
    assert "Reefs" in words
    assert [
        (row["measure"], row["value"], row["programmes"]) for row in reader.rows("/fund/VALLEY?format=csv&table=rolled")
    ] == [("rules", "7", "2")]
    assert reader.rows("/results.csv?fund=COAST") == []


def test_no_page_divides_money_by_results(reader):
    assert "No result here is divided by money" in reader.words("/project/P1")
    for table in ("results", "readings"):
        assert not re.search(
            r"budget|spend|expenditure|cost|usd", reader.text(f"/project/P1?format=csv&table={table}"), re.I
        )


def test_files_and_paper_hold_the_results(reader):
    told = json.loads(reader.text("/project/P1?format=json"))
    assert [one["code"] for one in told["results"]["indicators"]] == [f"P1-i{n}" for n in range(1, 6)]
    rows = {row["number"]: row for row in reader.rows("/project/P1?format=csv&table=results")}
    assert (rows["i1"]["value"], rows["i1"]["target"], rows["i1"]["progress"]) == ("84", "100", "84")
    assert (rows["i2"]["value"], rows["i2"]["others"]) == ("9/24", "")
    assert reader.get("/project/P1?format=pdf").content[:4] == b"%PDF"
    assert b"P1-i1" in b"".join(reader.get("/data/observations.csv").streaming_content)
