"""The factsheet of the seed: every label and figure of the old page has its place, and every number its way back."""

import random
import re
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest

SEED = "/project/XX-QUIPU-DEMO-00067264"


@pytest.mark.parametrize(
    "label",
    [
        "Inclusive creative industries: an innovative tool for alleviating poverty in Peru",
        "00067264",
        "MDGF-2081-D-PER Private Sector",
        "MDG Achievement Fund",
        "31 Mar 2009",
        "MDGF Private Sector Devt",
        "Operationally closed",
        "Peru",
        "Participating organizations",
        "About",
        "Outcome 1",
        "Outcome 2",
        "Outcome 3",
        "Best practices",
        "Lessons learned",
        "Recent documents",
        "Report by",
        "Financials",
        "by 30 April of the following year",
        "All amounts in US$",
        "Excel",
        "Latest vouchers",
        "since 1 January 2009",
        "Contacts",
        "Contact",
        "Glossary",
        "Scam alert",
        "Information disclosure",
        "Feedback",
    ],
)
def test_every_label_of_the_old_page_is_on_the_new_one(gateway, label):
    assert label in gateway.words(SEED)


# Every number of the old page, typed by hand from it, and the words that stand beside it here.
SEEDS_NUMBERS = (
    ("8", "Studies prepared"),
    ("11", "Regional and municipal bylaws approved"),
    ("400", "Civil servants trained"),
    ("200", "Other people active in economic development trained"),
    ("yes", "A Mi Tierra Un Producto"),
    ("yes", "Graduate programme in creative industries"),
    ("58", "Enterprises financed"),
    ("55", "Micro-projects"),
    ("3", "Small enterprises"),
    ("45", "Market initiatives"),
    ("39", "Revolving funds"),
    ("2", "Regions where lenders opened savings and credit products"),
    ("93", "Professionals certified as trainers"),
    ("160", "Artisans and entrepreneurs certified in ICT"),
    ("400", "Smallholders trained in managing creative businesses, or referred"),
    ("60", "diploma"),
    ("49", "cooks"),
    ("3", "Craft consortia"),
    ("3", "Group brands"),
    ("1", "Collective brands"),
    ("4", "Public programmes whose money was leveraged"),
    ("2", "Regional governments that paid towards investment proposals"),
    ("3", "Municipalities that signed agreements"),
    ("yes", "2014 budget of the region of Puno"),
    ("14", "Lambayeque agreed to follow up"),
    ("19", "modules"),
    ("yes", "popular versions"),
    ("2,500", "Families"),
    ("12", "Districts"),
)


def test_every_number_of_the_old_page_stands_there(gateway):
    tallies = re.findall(
        r'<a class="trail" href="([^"]+)"><strong>([^<]+)</strong>\s*<span[^>]*>([^<]*)</span>', gateway.text(SEED)
    )
    for count, what in SEEDS_NUMBERS:
        assert any(value == count and what.lower() in title.lower() for _, value, title in tallies), (count, what)
    assert len(tallies) == len(SEEDS_NUMBERS)
    address = next(link for link, _, title in tallies if "bylaws" in title)
    rows = [(row["value"], row["counts"], row["link"]) for row in gateway.rows(f"{address}.csv?table=readings")]
    assert rows == [
        ("11", "yes", "http://mptf.undp.org/factsheet/project/00067264"),
        ("15", "no", "http://www.mdgfund.org/es/node/776"),
        ("11", "no", ""),  # counted from the register of bylaws, which the demonstration keeps
    ]


def test_where_sources_disagree_both_values_stay_visible_with_the_reason_of_the_choice(gateway):
    words = gateway.words(SEED)
    for others in ("15", "98", "152", "55", "4"):
        assert f"sources differ: {others}" in words, others
    assert "Why 93 is reported: The factsheet counts certificates" in words
    assert "No targets were published" in words


def test_a_disputed_value_leads_to_the_page_that_reports_it(gateway):
    page = gateway.text(SEED)
    assert re.search(r'15: <a href="http://www\.mdgfund\.org/[^"]*" rel="noopener">', page)


def test_financials_by_organization_are_the_ones_in_the_file(gateway):
    rows = {r["participating_organization"]: r for r in gateway.rows(f"{SEED}?format=csv&table=organizations")}
    undp, unido = rows["XM-DAC-41114"], rows["XM-DAC-41123"]
    assert (undp["transfers"], undp["expenditure"], undp["delivery_rate"]) == ("1642000", "1609412", "98.02")
    assert (unido["transfers"], unido["refunds"], unido["net_funded"]) == ("1004000", "6240", "997760")


def test_key_figures_are_printed_whole(gateway):
    words = gateway.words(SEED)
    for printed in ("5,000,000", "4,986,310", "4,871,204", "97.69"):
        assert printed in words


def test_illustrative_money_is_marked_wherever_it_shows(gateway):
    assert "Amounts are illustrative" in gateway.words(SEED)
    assert "illustrative: examples" in gateway.words("/report?figure=net_funded&by=year")
    assert "illustrative" in gateway.text("/report?figure=net_funded&by=year&format=json")


def test_the_start_date_has_its_footnote(gateway):
    assert "date of the first transfer by the administrative agent" in gateway.words(SEED)


def test_old_addresses_lead_to_the_programme(gateway):
    first = gateway.get("/factsheet/project/00067264")
    assert first.status_code == 301
    second = gateway.get(first["Location"])
    assert second["Location"] == SEED
    assert gateway.get("/factsheet/fund/mdg00")["Location"] == "/fund/MDG00"


def test_a_random_cell_is_the_sum_of_its_trail(gateway):
    """Twenty numbers of the demonstration's pages, each followed to its entries and added up from their CSV."""
    pages = [
        SEED,
        "/fund/XX-QUIPU-DEMO-MDG00",
        "/fund/XX-QUIPU-DEMO2-HWF00",
        "/report?figure=spend,incoming_funds&by=country",
        "/report?figure=expenditure&by=sector",
    ]
    cells = []
    for page in pages:
        for link, exact in re.findall(r'<a href="(/figure/[^"]+)" title="([0-9.-]+)(?: · [^"]+)?"', gateway.text(page)):
            if "delivery_rate" not in link:
                cells.append((unescape(link), Decimal(exact)))
    assert len(cells) > 60
    for link, value in random.Random(20090331).sample(cells, 20):
        rows = gateway.rows(f"{link}&format=csv")
        assert sum(Decimal(row["amount"]) for row in rows) == value, link
        assert Decimal(rows[-1]["running"]) == value, link


def test_an_entry_shows_the_lines_it_was_read_from(gateway):
    row = next(
        r
        for r in gateway.rows("/vouchers?format=csv&since=")
        if r["project"] == "XX-QUIPU-DEMO2-00088201" and r["movement"] == "transfer"
    )
    page = gateway.text(f"/voucher/{row['voucher']}")
    assert "highlands-water-fund.xml" in page
    assert "&lt;value" in page
    assert row["amount"] in page
    source = (Path(__file__).parents[2] / "demo" / "highlands-water-fund.xml").read_text().split("\n")
    number, line = re.search(r'<span class="ln">(\d+)</span>(.*)', page).groups()
    assert source[int(number) - 1].strip() == unescape(line).strip()
    assert source[int(number) - 1].strip().startswith("<transaction")


def test_the_activity_can_be_had_as_it_was_published(gateway):
    demo = (Path(__file__).parents[2] / "demo" / "mdg-achievement-fund.xml").read_bytes()
    assert gateway.get(f"{SEED}?format=xml").content in demo


def test_spanish_readers_get_the_spanish_words(gateway):
    words = gateway.words(f"/es{SEED}")
    assert "Industrias Creativas Inclusivas" in words
    assert "Perú" in words
    assert '<html lang="es">' in gateway.text(f"/es{SEED}")
