"""Pictures on pages: they say what their tables say, every mark leads somewhere, and a figure can be quoted and shared."""

import re
import struct
from decimal import Decimal
from html import unescape

import pytest

FUND = "/fund/XX-QUIPU-DEMO-MDG00"
RUNNING = "/fund/XX-QUIPU-DEMO-JVD00"
PROJECT = "/project/XX-QUIPU-DEMO-00067264"
MEASURED = "/project/XX-QUIPU-DEMO2-00088201"
PAGES = [
    "/",
    "/countries",
    FUND,
    RUNNING,
    "/fund/PB000",
    PROJECT,
    MEASURED,
    "/report?figure=net_funded&by=year",
    "/es" + FUND,
]


def pictures(page):
    """The figures of a page, each as its HTML."""
    return re.findall(r'<figure class="drawn.*?</figure>', page, re.S)


def picture(page, kind):
    (found,) = (each for each in pictures(page) if f'class="drawn {kind}"' in each)
    return found


def number(text):
    return Decimal(text.replace(",", ""))


@pytest.mark.parametrize("page", PAGES)
def test_every_mark_leads_to_a_page_that_is_there(gateway, page):
    text = gateway.text(page)
    anchors = set(re.findall(r'id="([^"]+)"', text))
    links = {unescape(link) for each in pictures(text) for link in re.findall(r'href="([^"]*)"', each)}
    assert links
    assert {link[1:] for link in links if link.startswith("#")} <= anchors
    for link in sorted(link for link in links if not link.startswith("#"))[::3]:  # a third: all would take minutes
        assert gateway.get(link).status_code == 200, link


@pytest.mark.parametrize("page", PAGES)
def test_every_picture_has_a_sentence_with_its_day_and_its_standing(gateway, page):
    for each in pictures(gateway.text(page)):
        (said,) = re.findall(r'<span class="quote">(.*?)</span>', each)
        assert re.search(
            r"20\d\d \((as published|certified|of which .* not certified yet|interim, not certified yet); edition 1",
            said,
        ) or page.startswith("/es")
        assert said.endswith(").")


def test_bars_over_the_years_are_the_amounts_of_the_table(gateway):
    shown = picture(gateway.text(FUND), "standing")
    marks = dict(re.findall(r"<title>(\d{4}): ([\d,()]+)</title>", shown))
    rows = {row["year"]: row["net_funded"] for row in gateway.rows(f"{FUND}?format=csv&table=years")}
    assert {year: number(text.strip("()")) * (-1 if "(" in text else 1) for year, text in marks.items()} == {
        year: Decimal(value) for year, value in rows.items() if value
    }
    assert "Without an amount: 2007." in shown
    heights = dict(zip(marks, map(float, re.findall(r'<rect class="bar[^>]* height="([\d.]+)"', shown)), strict=True))
    assert heights["2009"] / heights["2011"] == pytest.approx(4337000 / 4492000, abs=0.001)


def test_the_flow_of_a_fund_is_the_amounts_of_its_tables(gateway):
    shown = picture(gateway.text(FUND), "flow")
    bands = dict(re.findall(r'class="band [^>]*><title>([^<]+?): ([\d,]+)</title>', shown))
    assert bands["Government of Spain → MDG Achievement Fund"] == "16,000,000"
    assert bands["MDG Achievement Fund → FAO"] == "2,843,000"
    assert bands["FAO → Peru"] == "946,000"
    assert bands["MDG Achievement Fund → Costs of the fund"] == "439,081"
    into, out = (gateway.rows(f"{FUND}?format=csv&table={name}") for name in ("flow_in", "flow_out"))
    assert (
        sum(Decimal(row["amount"]) for row in into)
        == sum(Decimal(row["amount"]) for row in out)
        == Decimal("16343947.38")
    )


def test_what_an_unknown_payer_gave_is_in_the_flow(gateway):
    into = gateway.rows(f"{RUNNING}?format=csv&table=flow_in")
    assert {row["contributor"]: row["amount"] for row in into}[""] == "60000"


def test_delivery_draws_what_was_given_and_spent_and_says_the_rate(gateway):
    shown = next(each for each in pictures(gateway.text(PROJECT)) if "Delivery rate" in each)
    (row,) = (li for li in re.findall(r"<li>.*?</li>", shown, re.S) if "UNIDO" in li)
    assert "Net funded amount: 997,760" in row
    assert "Expenditure: 975,600" in row or re.search(r"Expenditure: \d{3},\d{3}", row)
    given, spent = (float(re.search(rf'class="{kind}"[^>]* width="([\d.]+)%', row)[1]) for kind in ("given", "spent"))
    rates = {
        r["participating_organization"]: r["delivery_rate"]
        for r in gateway.rows(f"{PROJECT}?format=csv&table=organizations")
    }
    assert round(spent / given * 100) == round(float(rates["XM-DAC-41123"]))
    assert f"{rates['XM-DAC-41123']}%" in row


def test_interim_money_is_hatched_as_well_as_worded(gateway):
    shown = [each for each in pictures(gateway.text(RUNNING)) if "hatched" in each]
    assert len(shown) == 2  # by organization and by category
    assert all("interim" in each for each in shown)
    assert "hatched" not in gateway.text(FUND)
    years = picture(gateway.text("/report?figure=expenditure&by=year&fund=XX-QUIPU-DEMO-JVD00"), "standing")
    assert "2026: 230,050 (interim 230,050)" in years
    assert "of which US$ 230,050 interim, not certified yet" in years


def test_the_world_shows_each_country_with_its_projects_and_leads_to_it(gateway):
    shown = picture(gateway.text("/"), "world")
    tiles = dict(re.findall(r'<a href="([^"]+)" class="w\d"><title>([^<]+)</title>', shown))
    assert tiles["/country/PE"] == "Peru: 6"
    assert len(tiles) == 23
    assert shown.count(">PE<") == 1


def test_sources_that_disagree_about_a_result_are_both_drawn(gateway):
    page = gateway.text(MEASURED)
    (shown,) = (
        each for each in re.findall(r'<svg class="drawn progress".*?</svg></svg>', page, re.S) if "2400" in each
    )
    assert re.findall(r"<title>(\d+): ", shown) == ["2085", "1960"]
    assert "target 2400" in shown
    assert "baseline 310" in shown


def test_one_row_is_told_and_not_drawn(gateway):
    shown = picture(gateway.text("/fund/PB000"), "standing")
    assert "<svg" not in shown
    assert "US$ 779,134,292" in shown


def test_amounts_of_several_currencies_are_not_drawn(gateway):
    page = gateway.text(f"{FUND}?unit=original")
    assert not pictures(page)
    assert "Pictures are drawn in US$ only" in page


def test_a_report_that_is_not_drawn_says_why(gateway):
    page = gateway.text("/report?figure=expenditure&by=year")  # of funds and of others
    assert not pictures(page)
    assert "two kinds of books have no scale in common" in page


def test_pages_of_countries_and_organizations_are_drawn(gateway):
    page = gateway.text("/country/PE")
    assert "Delivery rate, Peru:" in page
    assert len(pictures(page)) > 4
    assert "Peru: 1,642,000" in picture(gateway.text("/organization/XM-DAC-41114"), "world")


def test_a_figure_is_quoted_with_its_scope_day_and_standing(gateway):
    page = gateway.text("/figure/net_funded?where=fund%3DXX-QUIPU-DEMO-MDG00&where=country%3DPE&until=2012-12-31")
    said = re.search(r'<p class="quote">(.*?)</p>', page)[1]
    assert said == (
        "Net funded amount, MDG Achievement Fund, Peru: US$ 5,000,000 as of 31 December 2012"
        " (as published; edition 1; illustrative)."
    )
    rate = gateway.text("/figure/delivery_rate?where=fund%3DXX-QUIPU-DEMO-MDG00")
    assert "Delivery rate, MDG Achievement Fund: 97.66 per cent as of" in rate
    assert "(certified; edition 1; illustrative)." in rate


def test_what_is_shut_out_is_said_so(gateway):
    page = gateway.text("/figure/net_funded?where=fund%3DXX-QUIPU-DEMO-MDG00&where=country%21%3DPE&since=2010")
    assert "Net funded amount, MDG Achievement Fund, not Peru, from 1 January 2010: US$ " in page


SHARED = [
    "/figure/net_funded.png?where=fund%3DXX-QUIPU-DEMO-MDG00",
    "/figure/delivery_rate.png?where=fund%3DXX-QUIPU-DEMO-JVD00",
    "/es/figure/spend.png",
    "/figure/deposits.png?unit=original",
    "/figure/expenditure.png",  # of two kinds of books
    "/figure/spend.png?where=country%3DAQ",  # of nothing
]


@pytest.mark.parametrize("address", SHARED)
def test_a_figure_has_a_picture_to_share_always_the_same(gateway, address):
    first = gateway.get(address)
    assert (first.status_code, first["Content-Type"]) == (200, "image/png")
    assert first.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", first.content[16:24]) == (1200, 630)
    assert (
        gateway.get(f"{address}{'&' if '?' in address else '?'}again=1").content == first.content
    )  # drawn a second time


def test_pictures_of_different_scopes_differ(gateway):
    bodies = {gateway.get(f"/figure/net_funded.png?where=country%3D{code}").content for code in ("PE", "BO", "EC")}
    assert len(bodies) == 3


def test_a_picture_of_no_figure_is_not_found(gateway):
    assert gateway.get("/figure/happiness.png").status_code == 404
    assert gateway.get("/figure/spend.png?where=colour%3Dred").status_code == 404


@pytest.mark.parametrize(
    ("page", "image"),
    [
        (FUND, "/figure/deposits.png?"),
        (PROJECT, "/figure/budget.png?"),
        ("/figure/net_funded?where=country%3DPE", "/figure/net_funded.png?where=country%3DPE"),
    ],
)
def test_a_page_names_its_picture_for_who_mentions_it(gateway, settings_of, page, image):
    meta = dict(re.findall(r'<meta property="(og:[^"]+)" content="([^"]*)"', gateway.text(page)))
    assert unescape(meta["og:image"]).startswith(image)
    assert gateway.get(unescape(meta["og:image"])).status_code == 200
    assert "edition 1" in meta["og:description"]
    assert meta["og:title"]
    with settings_of(ADDRESS="https://funds.example"):
        again = gateway.text(page + ("&" if "?" in page else "?") + "again=1")
    assert 'property="og:image" content="https://funds.example/figure/' in again


def test_a_page_is_packed_for_who_can_unpack_it(gateway):
    import gzip

    plain = gateway.get(PROJECT)
    packed = gateway.get(PROJECT, **{"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < 25_000
    assert gateway.get(PROJECT, **{"If-None-Match": packed["ETag"]}).status_code == 304
    assert "Content-Encoding" not in gateway.get(SHARED[0], **{"Accept-Encoding": "gzip"})
