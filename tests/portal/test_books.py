"""What the books say, on pages: funding status, categories, interim money, commitments, vouchers; each number with its trail."""

import re
from decimal import Decimal
from html import unescape

import pytest

FUND = "/fund/XX-QUIPU-DEMO-MDG00"
RUNNING = "/fund/XX-QUIPU-DEMO-JVD00"
PROJECT = "/project/XX-QUIPU-DEMO-00067264"


def status(gateway, fund, query=""):
    """The funding status as a reader of the JSON finds it: amounts by row."""
    table = gateway.get(f"{fund}?format=json&table=status{query}").json()
    return {row["by"]["row"]: row["by"]["amount"] for row in table["rows"]}


def test_a_fund_shows_its_funding_status(gateway):
    shown = status(gateway, FUND)
    assert shown["contributions"] == "16000000"
    assert shown["fund_interest"] == "335000"
    assert shown["organization_interest"] == "8947.38"
    assert shown["total_sources"] == "16343947.38"
    assert shown["refunds"] == "56690"
    assert shown["total_uses"] == "15982391"
    assert shown["balance_agent"] == "361556.38"
    assert shown["total_balance"] == "725162.38"


def test_the_funding_status_can_be_had_as_of_a_day_and_in_both_layouts(gateway):
    shown = status(gateway, FUND, "&until=2009-12-31")
    assert (shown["total_sources"], shown["balance_agent"]) == ("11296289.64", "5128779.39")
    wide, narrow = (status(gateway, "/fund/PB000", f"&layout={each}") for each in ("wide", "narrow"))
    assert wide["transferred"] == narrow["transferred"] == "832445065"
    assert wide["organizations_transfers"] != narrow["organizations_transfers"] == "832445065"


@pytest.mark.parametrize("query", ["", "?until=2011-06-30", "?layout=narrow"])
def test_the_trail_of_each_row_ends_at_its_number(gateway, query):
    page = gateway.text(f"{FUND}{query}")
    table = page[page.index('id="status"') : page.index('id="parts"')]
    trails = re.findall(r'<td><a href="([^"]+)"><span title="([^"]+)">', table)
    assert len(trails) >= 10
    for address, exact in trails:
        rows = gateway.rows(unescape(address) + "&format=csv")
        assert [row["running"] for row in rows][-1:] == [exact] or (rows, exact) == ([], "0")
        assert {row["source"] for row in rows} <= {"journal mdg-achievement-fund.journal"}


def test_interim_money_is_marked_in_its_cells_and_told_in_files(gateway):
    page = gateway.text(RUNNING)
    assert (
        '<small class="interim" title="interim: 230050.000000">interim 230,050</small>' in page
        or "interim 230,050" in page
    )
    assert "they can still change" in page
    years = gateway.rows(f"{RUNNING}?format=csv&table=years")
    assert {row["year"]: row["expenditure_interim"] for row in years} == {"2024": "", "2025": "", "2026": "230050"}
    assert "interim" not in gateway.text(FUND).split('id="financials"')[1].split("</section>")[0].replace(
        "interim figures", ""
    )


def test_expenditure_stands_by_category_with_its_budget(gateway):
    rows = gateway.rows(f"{PROJECT}?format=csv&table=categories")
    assert sum(float(row["budget"] or 0) for row in rows) == 5_000_000
    assert sum(float(row["expenditure"] or 0) for row in rows) == 4_871_204
    page = gateway.words(PROJECT)
    assert "Personnel (before 2012)" in page
    assert page.index("Indirect support costs") < page.index("Personnel (before 2012)")


def test_a_fund_shows_commitments_and_deposits_of_each_contributor(gateway):
    (row,) = gateway.rows(f"{FUND}?format=csv&table=contributors")
    assert (row["contributor"], row["deposits"]) == ("XM-DAC-50", "16000000")


def test_a_page_of_the_books_says_where_its_words_are_from(gateway):
    said = gateway.words(PROJECT)
    assert "From the books , its words from mdg-achievement-fund.xml" in said
    assert "1 other copy is left out" in said


def test_a_voucher_of_the_books_shows_all_its_entries_its_documents_and_its_place_in_the_chain(gateway):
    lines = gateway.rows("/vouchers?format=csv&since=&where=fund%3DXX-QUIPU-DEMO-JVD00&where=movement%3Dexpenditure")
    line = next(row for row in lines if row["amount"] == "61000")
    shown = gateway.get(f"/voucher/{line['voucher']}?format=json").json()
    assert len(shown["entries"]) > 1
    page = gateway.words(f"/voucher/{line['voucher']}")
    assert "Loaded from journal valley-joint-programme.journal" in page
    assert shown["hash"] in page
    assert "interim" in page


def test_a_voucher_is_shown_to_the_cent_and_a_trail_in_whole_units(gateway):
    lines = gateway.rows("/vouchers?format=csv&since=&where=fund%3DXX-QUIPU-DEMO-MDG00")
    (charge,) = (row["voucher"] for row in lines if (row["movement"], row["amount"]) == ("bank_charge", "41.2"))
    assert "41.20" in gateway.words(f"/voucher/{charge}")
    trail = gateway.words("/figure/bank_charges?where=fund%3DXX-QUIPU-DEMO-MDG00&unit=original")
    assert " 41 " in trail
    assert "41.2" not in trail


def test_a_reversed_voucher_and_its_reversal_lead_to_each_other(gateway):
    lines = gateway.rows("/vouchers?format=csv&since=&where=fund%3DXX-QUIPU-DEMO-MDG00&where=movement%3Dexpenditure")
    mirrored = next(row for row in lines if row["amount"] == "-94500")  # replaced by what was certified
    page = gateway.text(f"/voucher/{mirrored['voucher']}")
    (back,) = re.findall(r"Takes back entries of</dt><dd><a href=\"([^\"]+)\"", page)
    assert "Taken back, in part or whole, by" in gateway.text(back)


def test_latest_vouchers_begin_on_the_configured_day(gateway, settings_of):
    with settings_of(VOUCHERS_SINCE="2013-01-01"):
        page = gateway.text(f"{PROJECT}?unit=original")  # nobody asked for this one yet
    section = page[page.index('id="vouchers"') :].split("</section>")[0]
    days = re.findall(r'datetime="(\d{4})', section)
    assert days
    assert min(days) >= "2013"
    assert "All vouchers since 1 January 2013" in section


def test_the_books_are_a_source_with_the_head_of_their_chain(gateway):
    page = gateway.words("/data/source/5")  # behind the files and the documents
    assert "The books" in page
    assert re.search(r"Hash of the last link [0-9a-f]{64} ", page)


def test_a_fund_shows_what_it_may_still_promise(gateway):
    """Two valleys, from its journal: the statement of the books says the same (tests/stories/test_demo_journals.py)."""
    rows = {row["row"]: row["amount"] for row in gateway.rows(f"{RUNNING}?format=csv&table=available")}
    assert list(rows) == ["balance_agent", "allocated_not_transferred", "minimum_balance", "available_to_allocate"]
    assert rows["minimum_balance"] == "25000"
    assert rows["allocated_not_transferred"] == "330000"
    left = [Decimal(rows[name]) for name in rows]
    assert left[0] - left[1] - left[2] == left[3]
    assert "Available to allocate" in gateway.words(RUNNING)


def test_a_deposit_whose_payer_is_not_known_stands_among_the_contributors(gateway):
    rows = {row["contributor"]: row["deposits"] for row in gateway.rows(f"{RUNNING}?format=csv&table=contributors")}
    assert rows[""] == "60000"
    assert sum(Decimal(amount) for amount in rows.values()) == 3_960_000
    assert 'title="to be identified"' in gateway.text(RUNNING)
