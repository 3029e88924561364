"""Pages seen from a country, a theme, a goal, a marker, a window, an organization or a contributor: one furniture for all."""

from decimal import Decimal

import pytest

FOUNDATION, MINISTRY = "/contributor/XX-QUIPU-ORG-FW", "/contributor/XX-QUIPU-ORG-MC"


def table(gateway, address, name):
    """A table of a page: its rows by their first cell."""
    return {next(iter(row.values())): row for row in gateway.rows(f"{address}?format=csv&table={name}")}


def test_a_country_shows_the_money_of_pooled_funds_and_what_others_report_apart(gateway):
    words = gateway.words("/country/PE")
    assert "Peru" in words
    assert words.index("Money of pooled funds") < words.index("As publishers report it")
    funds = table(gateway, "/country/PE", "pooled_fund")
    assert funds["XX-QUIPU-DEMO-MDG00"]["net_funded"] == "4986310"
    assert "pooled" not in {
        row["family"] for row in gateway.rows("/vouchers?format=csv&since=&country=PE") if "family" in row
    }


def test_a_country_lists_its_places(gateway):
    places = table(gateway, "/country/PE", "places")
    assert {"Cusco", "Puno", "Ayacucho", "Lambayeque"} <= set(places)


def test_small_letters_numbers_and_codes_of_the_books_lead_to_the_page(gateway):
    for typed, kept in (
        ("/country/pe", "/country/PE"),
        ("/marker/1/2", "/marker/gender-equality/2"),
        ("/window/MDG00/CD", "/window/XX-QUIPU-DEMO-MDG00/CD"),
        ("/country/pe.csv", "/country/PE?format=csv"),
    ):
        answer = gateway.get(typed)
        assert (answer.status_code, answer["Location"]) == (301, kept)


def test_a_country_of_the_world_without_activities_says_so_and_no_country_is_missing(gateway):
    assert "No published activity names it." in gateway.words("/country/NZ")
    for address in ("/country/QQ", "/theme/none", "/sdg/99", "/marker/gender-equality/9", "/window/MDG00/none"):
        assert gateway.get(address).status_code == 404


def test_lists_of_points_count_activities_and_show_both_kinds_of_money(gateway):
    countries = table(gateway, "/countries", "countries")
    assert countries["PE"]["projects"] == "6"
    assert countries["PE"]["net_funded"] == "5946310"
    for path in ("/themes", "/sdgs", "/sectors", "/markers", "/contributors"):
        assert gateway.rows(f"{path}?format=csv")


def test_a_contributor_sees_its_share_of_each_transfer_at_its_day(gateway):
    """1,150,000 while only the Ministry had paid; then 1,160,000 at 2,200,000 of 2,650,000; then 1,080,000 at 3 of 3.9 millions.

    The Foundation: 1,160,000 × 450 ÷ 2,650 + 1,080,000 × 900 ÷ 3,900 = 196,981.13 + 249,230.77.
    """
    fund = "XX-QUIPU-DEMO-JVD00"
    ministry = Decimal(table(gateway, MINISTRY, "by_fund")[fund]["modelled"])
    foundation = Decimal(table(gateway, FOUNDATION, "by_fund")[fund]["modelled"])
    assert round(foundation, 2) == Decimal("446211.90")
    assert round(ministry, 2) == Decimal("2943788.10")
    assert abs(ministry + foundation - 3_390_000) < Decimal("1e-20")


def test_earmarked_money_is_exact_and_never_added_to_the_model(gateway):
    rows = table(gateway, FOUNDATION, "by_project")
    gauges = rows["XX-QUIPU-DEMO-00099301"]
    assert Decimal(gauges["exact"]) > 0
    assert gauges["modelled"] in ("", "0")
    assert all(row["exact"] == "" for project, row in rows.items() if project != "XX-QUIPU-DEMO-00099301")


@pytest.mark.parametrize("cut", ["fund", "country", "year", "project", "participating_organization", "theme"])
def test_the_parts_behind_an_amount_end_at_it(gateway, cut):
    for code, row in table(gateway, FOUNDATION, f"by_{cut}").items():
        if code == "Total":
            continue
        parts = gateway.rows(f"{FOUNDATION}/parts?format=csv&{cut}={code}")
        assert parts
        for kind in ("exact", "modelled"):
            assert Decimal(parts[-1][f"running_{kind}"]) == Decimal(row[kind] or 0)


def test_who_gave_nothing_is_an_organization_and_no_contributor(gateway):
    assert gateway.get("/contributor/XM-DAC-41116").status_code == 404
    assert gateway.get("/organization/XM-DAC-41116").status_code == 200


def test_a_project_tells_whose_money_it_was_as_far_as_can_be_told(gateway):
    address = "/project/XX-QUIPU-DEMO-00099201/contributors"
    rows = {row["contributor"]: row for row in gateway.rows(f"{address}?format=csv")}
    assert round(Decimal(rows["XX-QUIPU-ORG-FW"]["modelled"]), 2) == Decimal("446211.90")
    assert "never added" in gateway.words(address)
    assert gateway.get("/project/none/contributors").status_code == 404


def test_a_factsheet_says_whether_its_expenditure_is_final(gateway):
    assert "Final. All expenditure here is certified" in gateway.words("/project/XX-QUIPU-DEMO-00067264")
    words = gateway.words("/project/XX-QUIPU-DEMO-00099201")
    assert "Not final. US$ 230,050 of the expenditure is interim" in words


def test_a_condition_of_a_report_is_taken_away_with_all_its_values_and_the_others_stay(gateway):
    address = (
        "/report?figure=net_funded&by=year&where=country%3DPE&where=country%3DBO&where=country%21%3DNP&theme=culture"
    )
    left = [
        link
        for link in gateway.links(address)
        if link.startswith("/report?figure=net_funded&by=year") and "sort" not in link
    ]
    assert "/report?figure=net_funded&by=year&where=country%21%3DNP&theme=culture" in left
    assert "/report?figure=net_funded&by=year&where=country%3DPE&where=country%3DBO&theme=culture" in left
    assert "Country: Peru, Bolivia" in gateway.words(address)
