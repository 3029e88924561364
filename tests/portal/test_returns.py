"""Returns on the gateway: the page of a return, marks in every figure, what a project's year lacks, and takedowns."""

import json

import pytest

from quipu.edition import make
from quipu.edition.home import Home
from tests import ledgers
from tests.edition.returned import REMARK, WORKBOOK, given, granted, returned
from tests.portal.conftest import Reader


@pytest.fixture(scope="module")
def house(_books_template, tmp_path_factory):
    """Books with returns, published; a further year is owed, and one return is still a draft."""
    from quipu.books.public import Books

    ledger = ledgers.sqlite(_books_template, tmp_path_factory.mktemp("returns") / "books")
    returned(ledger)
    ledger.post(
        'organization ORG3 "Third organization"\nproject P3 "Bridges"\n    fund: VALLEY\n    participant: ORG3\n'
        "2022-02-01 transfer ^t3\n    transfer VALLEY > P3/ORG3 90,000.00\n"
        '2023-12-31 status P3 operationally-closed ^s3 "ended"\n'
    )
    given("D22", "ORG3", 2022, "annual", 1, "draft", remark="nobody may read this yet")
    granted("ORG3", 2023, until=None, reason="The work had ended", decision="Nothing was spent in January.")
    home = Home(ledger.home)
    home.prepare()
    make.publish(home, None, None, Books("mark"))
    return home


@pytest.fixture
def reader(house):
    from django.test import Client, override_settings

    from quipu.portal.server import application

    application(house.root)
    with override_settings(HOME=house.root, DEMO=False):
        yield Reader(Client())


def test_versions_stand_side_by_side_with_what_the_last_one_changed(reader):
    rows = reader.rows("/return/VALLEY/ORG1/2023.csv")
    named = [
        (row["category"], *(row[key] for key in row if key.startswith("posted_")), row["difference"]) for row in rows
    ]
    assert named == [
        ("staff", "7000", "", "-7000"),
        ("travel", "50000", "48000", "-2000"),
        ("indirect", "", "500", "500"),
    ]
    words = reader.words("/return/VALLEY/ORG1/2023")
    for said in (
        "certified on 1 Jul 2024 (version 2, restated)",
        "An invoice was booked twice.",
        "1 Apr 2024 on time",
        "10 Apr 2024 after 9 days",
        "A category's total cannot be below zero.".replace("'", "&#39;"),
        "A supplier paid back late.",
        WORKBOOK,
        "(2,000)",
    ):
        assert said in words, said
    links = reader.links("/return/VALLEY/ORG1/2023")
    vouchers = [link for link in links if link.startswith("/voucher/")]
    assert len(vouchers) == 2
    assert "/return/VALLEY/ORG1/2023" in reader.links(vouchers[1])


def test_its_files_hold_all_of_it(reader):
    told = json.loads(reader.text("/return/VALLEY/ORG1/2023.json"))
    assert [one["code"] for one in told["versions"]] == ["A23", "A23b"]
    assert told["waived_rules"][0]["row"] == "P1/travel"
    rows = reader.rows("/return/VALLEY/ORG1/2020?format=csv&table=granted")
    assert [(row["until"], row["decision"]) for row in rows] == [("2021-06-15", "Granted for the audit.")]
    assert reader.get("/return/VALLEY/ORG1/2023.xlsx").content[:2] == b"PK"


@pytest.mark.parametrize(
    "address",
    ["/return/VALLEY/ORG1/2017", "/return/VALLEY/NOBODY/2023", "/return/NONE/ORG1/2023", "/return/VALLEY/ORG1/x"],
)
def test_there_is_no_page_where_nothing_is_owed_and_nothing_came(reader, address):
    assert reader.get(address).status_code == 404


def test_a_draft_is_nowhere(reader):
    for address in ("/return/VALLEY/ORG3/2022", "/calendar?fund=VALLEY", "/return/VALLEY/ORG3/2022.json"):
        assert "nobody may read this yet" not in reader.text(address)
    assert "not reported, was due 30 Apr 2023" in reader.words("/return/VALLEY/ORG3/2022")


def test_a_factsheet_says_of_each_figure_how_it_stands_and_why_there_is_a_dash(reader):
    page = reader.text("/project/P1")
    assert 'title="48500 · certified on 1 Jul 2024 (version 2, restated)"' in page
    assert (
        '<a href="/return/VALLEY/ORG1/2023" title="certified on 1 Jul 2024 (version 2, restated)">restated</a>' in page
    )
    assert 'title="0 · nothing was spent (certified on 10 Apr 2022)"' in page
    assert 'class="none" title="not reported, was due 30 Apr 2023">–</span>' in reader.text("/project/P3")
    rows = {row["year"]: row for row in reader.rows("/fund/VALLEY?format=csv&table=years")}
    assert rows["2018"]["expenditure_standing"] == "certified on 2019-04-30"
    assert rows["2022"]["expenditure_standing"] == (
        "1 certified, 1 not reported, 1 without figures, the last on 2023-05-03"
    )


def test_a_figures_own_page_says_it_in_words_and_leads_to_the_return(reader):
    address = "/figure/expenditure?where=project%3DP1&where=year%3D2023"
    assert "How it stands: certified on 1 Jul 2024 (version 2, restated)" in reader.words(address)
    assert "/return/VALLEY/ORG1/2023" in reader.links(address)
    assert "How it stands" not in reader.words("/figure/expenditure?where=quarter%3D2023-Q4")


def test_a_document_to_file_says_it_below_the_dash(reader):
    from tests.portal.test_tools import paper, read

    assert "not reported" in read(paper(reader, "/project/P3.pdf"))


def test_a_projects_page_says_what_is_missing_and_why(reader):
    words = reader.words("/project/P3")
    assert "2022 Third organization : not reported, was due 30 Apr 2023" in words
    rows = reader.rows("/project/P3?format=csv&table=returns")
    assert [(row["year"], row["stands"], row["due"]) for row in rows] == [
        ("2023", "waived: no return is owed", ""),
        ("2022", "not reported, was due 2023-04-30", "2023-04-30"),
    ]
    assert "All certified figures that were due are in." in reader.words("/project/P1")


def test_the_calendar_counts_over_the_years_and_ranks_nobody(reader):
    rows = reader.rows("/calendar?fund=VALLEY&format=csv&table=punctuality")
    keys = ("organization", "due", "on_time", "late", "missing", "percent")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("ORG1", "5", "4", "1", "0", "80"),
        ("ORG2", "4", "2", "1", "1", ""),
        ("ORG3", "1", "0", "0", "1", ""),
    ]
    words = reader.words("/calendar?fund=VALLEY")
    assert "Of 10 returns that were due or are in, 6 came on time and 2 late; 2 are not certified" in words
    assert REMARK in words
    agent = {row["year"]: row for row in reader.rows("/calendar?fund=VALLEY&format=csv&table=acceptance")}
    assert (agent["2021"]["returns"], agent["2021"]["middle"], agent["2021"]["longest"]) == ("2", "10", "21")
    due = reader.rows("/calendar?year=2021&format=csv&table=organization")
    assert [(row["due"], row["rule"], row["late"]) for row in due if row["organization"] == "ORG1"][-1] == (
        ("2021-06-15", "2021-04-30", "")
    )


def test_pages_of_returns_speak_the_language_of_the_reader(reader):
    assert "/es/return/VALLEY/ORG1/2023" in reader.text("/es/project/P1")
    assert reader.get("/es/return/VALLEY/ORG1/2023").status_code == 200


def test_the_texts_of_a_voucher_go_with_the_words_of_its_return_and_a_fund_with_all_of_them(sqlite_ledger, tmp_path):
    from django.test import Client, override_settings

    from quipu.actions.take_down import take_down
    from quipu.books.public import Books
    from quipu.portal.server import application

    returned(sqlite_ledger)
    home = Home(sqlite_ledger.home)
    home.prepare()
    make.publish(home, None, None, Books("mark"))
    application(home.root)
    with override_settings(HOME=home.root, DEMO=False):
        reader = Reader(Client())
        assert REMARK in reader.text("/return/VALLEY/ORG1/2019")
        take_down(home, by="p1", kind="voucher", target={"reference": "return-A19"}, reason="a name stands in it")
        assert REMARK not in reader.text("/return/VALLEY/ORG1/2019")
        assert "certified on 1 May 2020" in reader.text("/return/VALLEY/ORG1/2019")
        take_down(home, by="p1", kind="activity", target={"identifier": "VALLEY"}, reason="it must not be here")
        assert reader.get("/return/VALLEY/ORG1/2023").status_code == 410
        make.publish(home, None, None, Books("mark"))
        edition = Home(home.root).current()
        from quipu.edition.open import Edition

        for table in ("returns", "dispensations", "waived_rules"):
            assert Edition(home, edition).rows(f"SELECT count(*) FROM {table}") == [(0,)]
