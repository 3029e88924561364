"""Statements of the live ledger, on both engines, beside amounts added up by hand from the journal here."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from quipu.rules.statements import delivery
from quipu.rules.statements.annual import OUTLINES
from quipu.rules.statements.contributors import Line, contributors
from quipu.rules.statements.costs import cost_recovery
from quipu.rules.table import Cell

STORY = """fund F1 "The first"
    minimum-balance: 100.00
fund F2
contributor SE "Sweden"
contributor NO
organization FAO "Food and Agriculture"
organization WFP
mou F1 FAO
mou F1 WFP
project P1 "Wells"
    fund: F1
project P2
    fund: F1
agreement A1 F1 SE "Standard agreement"
    amount: 100,000.00 SEK
agreement A2 F1 NO
    amount: 3,000.00 USD
2012-01-05 agreement ^S1
    commitment F1 < SE 14,000.00 (100,000.00 SEK @ 7.142857) under A1
    commitment F1 < NO 3,000.00 under A2
2012-02-01 deposit ^D1
    deposit F1 < SE 13,500.00 (100,000.00 SEK @ 7.407407) under A1
    agent-fee F1 135.00
2012-02-03 deposit ^D2
    deposit F1 < NO 1,000.00 under A2
    agent-fee F1 10.00
2012-02-04 deposit ^D3
    deposit F1 < ? 77.00
2012-03-01 allocation ^AL "Decision"
    allocation F1 > P1/FAO 6,000.00
    allocation F1 > P2/WFP 2,000.00
2012-03-02 transfer ^T1
    transfer F1 > P1/FAO 5,000.00
    transfer F1 > P2/WFP 1,500.00
2012-12-31 return ^I
    expenditure P1/FAO travel certified 1,200.00
2013-05-01 refund ^R
    refund F1 < P1/FAO 20.00
2013-05-02 charges ^IN
    organization-interest F1 < FAO 3.00
    fund-interest F1 -2.00
2013-06-01 fund-transfer ^FT
    fund-transfer F1 > F2 300.00
2013-12-31 return ^I3
    expenditure P1/FAO staff certified 800.00
2014-01-31 status P2/WFP financially-closed ^SC "final statement"
"""


@pytest.fixture
def books(ledger):
    ledger.post(STORY)
    from quipu.actions import books

    return books


def cells(row):
    return [None if cell.value is None else str(cell.value) for cell in row]


def test_the_statement_of_account_opens_where_the_year_before_closed(books):
    table = books.statement_of_account("F1", "FAO", books.Moment(), year=2013)
    # 5,000 less 1,200 in 2012; 20 back and 800 spent in 2013; 3 of interest belong to no project
    unstated, project = map(cells, table.rows)
    assert project == ["P1", "Wells", "3800.00", "0", "20.00", "800.00", "0", "2980.00", "0"]
    assert unstated[-1] == "3.00"
    assert [column.label for column in table.columns[:2]] == ["Project", "Name of project"]
    assert table.notes == []
    table = books.statement_of_account("F1", "FAO", books.Moment(), year=2012)
    assert cells(table.rows[0]) == ["P1", "Wells", "0", "5000.00", "0", "1200.00", "0", "3800.00", "0"]
    assert books.statement_of_account("F1", "FAO", books.Moment(), year=2011).rows == []
    whole = books.statement_of_account("F1", "FAO", books.Moment())
    assert cells(whole.total)[2:] == ["0", "5000.00", "20.00", "2000.00", "0", "2980.00", "3.00"]


def test_the_account_as_of_a_day_stops_there(books):
    table = books.statement_of_account("F1", "FAO", books.Moment(date(2013, 5, 1)), year=2013)
    assert cells(table.rows[0]) == ["P1", "Wells", "3800.00", "0", "20.00", "0", "0", "3780.00", "0"]
    early = books.statement_of_account("F1", "FAO", books.Moment(date(2012, 6, 1)), year=2013)
    assert cells(early.rows[0]) == ["P1", "Wells", "5000.00", "0", "0", "0", "0", "5000.00", "0"]
    assert early.notes == []


def test_the_trial_balance_has_both_sides(books):
    table = books.fund_trial_balance("F1", books.Moment())
    assert {row[0].value: cells(row)[1:] for row in table.rows} == {
        "balance_agent": ["7653.00", None],  # 14,578 of sources less 6,480 net, 300 and 145
        "balance_organizations": ["4480.00", None],
        "fund_transfers": ["300.00", None],
        "agent_fees": ["145.00", None],
        "expenditure": ["2000.00", None],
        "deposits": [None, "14577.00"],
        "fund_interest": ["2.00", None],  # negative: on the other side
        "organization_interest": [None, "3.00"],
    }
    assert cells(table.total) == ["", "14580.00", "14580.00"]
    assert table.notes == []


def test_a_promise_to_a_closed_participation_is_free_again_from_the_day_of_closure(books):
    def available(moment):
        return [cells(row)[1] for row in books.available_to_allocate("F1", moment).rows]

    assert available(books.Moment()) == ["7653.00", "1000.00", "100.00", "6553.00"]
    notes = books.available_to_allocate("F1", books.Moment(date(2012, 1, 31))).notes
    assert notes == [
        "Signed and not yet received, in no row above: 100,000.00 SEK.",
        "Signed and not yet received, in no row above: 3,000.00 USD.",
    ]
    assert available(books.Moment(date(2014, 1, 30))) == ["7653.00", "1500.00", "100.00", "6053.00"]
    # Eleven vouchers were posted before the closure, which is the twelfth link.
    assert available(books.Moment(known=11)) == ["7653.00", "1500.00", "100.00", "6053.00"]
    assert available(books.Moment(date(2012, 2, 1)))[-1] == "13265.00"  # 13,500 less its fee and the minimum


def test_an_agreement_that_is_paid_up_owes_nothing_and_shows_its_exchange_difference(books):
    table = books.contributor_statement("F1", books.Moment())
    assert [cells(row) for row in table.rows] == [
        ["", "", "", "", "USD", None, None, None, "0", "77.00", None],
        ["NO", "", "A2", "", "USD", "3000.00", "1000.00", "2000.00", "3000.00", "1000.00", None],
        [
            "SE",
            "Sweden",
            "A1",
            "Standard agreement",
            "SEK",
            "100000.00",
            "100000.00",
            "0.00",
            "14000.00",
            "13500.00",
            "-500.00",
        ],
    ]
    assert cells(table.total)[8:] == ["17000.00", "14577.00", "-500.00"]
    assert table.notes == []
    owed = books.contributor_statement("F1", books.Moment(date(2012, 1, 31)))
    assert [cells(row)[7] for row in owed.rows] == ["3000.00", "100000.00"]


def test_what_is_not_stated_in_the_agreements_currency_is_left_empty():
    line = Line("SE", "A1", "SEK", "deposit", "USD", Decimal(5), Decimal(5))
    table = contributors([line], {"deposit": Decimal(5)}, "USD")
    assert cells(table.rows[0])[3:] == [None, None, None, "0", "5", None]
    assert table.rows[0][3].why == "not stated in the agreement's currency"
    assert table.notes == []


def test_an_identity_that_fails_is_printed():
    line = Line("SE", "A1", "USD", "deposit", "USD", Decimal(5), Decimal(5))
    table = contributors([line], {"deposit": Decimal(7)}, "USD")
    assert table.notes == ["Does not add up: deposits of all agreements are the fund's contributions (5 and 7)."]


def test_a_fund_without_money_has_empty_statements(books):
    moment = books.Moment(date(2011, 12, 31))
    assert books.fund_trial_balance("F1", moment).rows == []
    assert books.contributor_statement("F1", moment).rows == []
    assert [cells(row)[1] for row in books.available_to_allocate("F1", moment).rows] == ["0", "0", "100.00", "-100.00"]


def annual(books, name, year=2013, moment=None):
    table = books.annual_table("F1", name, year, moment or books.Moment())
    assert table.notes == []
    return [cells(row) for row in table.rows], table.total and cells(table.total)


def test_the_year_opens_where_the_year_before_closed(books):
    rows, _ = annual(books, "sources-and-uses")
    drawn = {key: values for key, *values in rows}
    assert drawn["change"] == ["7932.00", "-279.00", "7653.00"]  # 14,577 less 6,500 and 145; 1 less 300, and 20 back
    assert drawn["opening"] == ["0", "7932.00", "0"]
    assert drawn["closing"] == ["7932.00", "7653.00", "7653.00"]
    assert drawn["fund_transfers"] == ["0", "300.00", "300.00"]
    assert "direct_cost" not in drawn  # nothing moved
    rows, _ = annual(books, "sources-and-uses", 2012)
    assert {key: values for key, *values in rows}["closing"] == ["0", "7932.00", "7932.00"]


def test_who_promised_and_paid_and_who_got_and_gave_back(books):
    rows, total = annual(books, "deposits-by-contributor")
    assert rows[1] == ["NO", "", "3000.00", "0", "3000.00", "1000.00", "0", "1000.00"]
    assert total == ["", "", "17000.00", "0", "17000.00", "14577.00", "0", "14577.00"]
    rows, _ = annual(books, "interest")
    assert rows == [["", "", "0", "-2.00", "-2.00"], ["FAO", "Food and Agriculture", "0", "3.00", "3.00"]]
    rows, total = annual(books, "transfers-by-organization")
    assert [row[0] for row in rows] == ["FAO", "WFP"]
    assert rows[0][2:] == ["5000.00", "0", "5000.00", "0", "20.00", "20.00", "5000.00", "-20.00", "4980.00"]
    assert total[-3:] == ["6500.00", "-20.00", "6480.00"]


@pytest.mark.parametrize(
    ("name", "code", "title"), [("delivery-by-project", "P1", "Wells"), ("interest", "FAO", "Food")]
)
def test_every_file_holds_codes_with_their_names(books, name, code, title):
    from quipu.files import csv, html, json, xlsx

    table = books.annual_table("F1", name, 2013, books.Moment())
    assert f"{code},{title}" in csv.draw(table).decode()
    (row,) = [row["by"] for row in json.data(table)["rows"] if code in row["by"].values()]
    assert [str(said).startswith(start) for said, start in zip(row.values(), (code, title), strict=True)] == [
        True,
        True,
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.draw(table))).worksheets[0]
    assert any(row[0] == code and str(row[1]).startswith(title) for row in sheet.values)
    assert f"<td>{title}" in html.draw(table).decode()


def test_delivery_is_spending_over_net_funding(books):
    # 2,000 of 4,980; 2,000 of 6,480
    rows, total = annual(books, "delivery-by-organization")
    assert rows == [
        ["FAO", "Food and Agriculture", "6000.00", "4980.00", "2000.00", "40.16"],
        ["WFP", "", "2000.00", "1500.00", "0", "0.00"],
    ]
    assert total == ["", "", "8000.00", "6480.00", "2000.00", "30.86"]
    rows, _ = annual(books, "delivery-by-project", 2012)
    assert rows[0] == ["P1", "Wells", "6000.00", "5000.00", "1200.00", "24.00"]


GROUPED = """project P3 "Schools"
    fund: F1
    theme: private-sector "Development and the Private Sector"
    country: PE 60% "Peru"
    country: EC 40%
project P4
    fund: F1
    theme: private-sector "Development and the Private Sector"
    country: PE 100%
project P2
    fund: F1
    theme: "clean water"
2013-02-01 allocation ^AG
    allocation F1 > P3/FAO 700.00
    allocation F1 > P4/FAO 300.00
2013-02-02 transfer ^TG
    transfer F1 > P3/FAO 600.00
    transfer F1 > P4/FAO 100.00
2013-12-31 return ^XG
    expenditure P3/FAO staff certified 7.00
    expenditure P4/FAO staff certified 70.00
"""


def grouped(books, key):
    table = books.annual_table("F1", "delivery-by-project", 2013, books.Moment(), group=key)
    assert table.notes == []
    assert {len(row) for row in (table.columns, table.total, *table.rows)} == {8}
    return table


def test_projects_stand_under_their_theme_with_a_subtotal_of_figures(books, ledger):
    ledger.post(GROUPED)
    table = grouped(books, "theme")
    theme = ["private-sector", "Development and the Private Sector"]
    assert [cells(row) for row in table.rows] == [
        ["subtotal", "", "clean water", "clean water", "2000.00", "1500.00", "0", "0.00"],
        ["P2", "", "clean water", "clean water", "2000.00", "1500.00", "0", "0.00"],
        ["subtotal", "", *theme, "1000.00", "700.00", "77.00", "11.00"],  # 77 of 700, not the sum of two rates
        ["P3", "Schools", *theme, "700.00", "600.00", "7.00", "1.17"],
        ["P4", "", *theme, "300.00", "100.00", "70.00", "70.00"],
        ["subtotal", "", "", "", "6000.00", "4980.00", "2000.00", "40.16"],
        ["P1", "Wells", "", "", "6000.00", "4980.00", "2000.00", "40.16"],
    ]
    assert [row[0].label for row in table.rows if row[0].value == "subtotal"] == ["clean water", theme[1], "Not stated"]
    assert cells(table.total) == ["", "", "", "", "9000.00", "7180.00", "2077.00", "28.93"]  # 2,077 of 7,180


def test_a_project_of_two_countries_stands_under_both_and_is_never_split(books, ledger):
    ledger.post(GROUPED)
    table = grouped(books, "country")
    drawn = [(row[0].label, str(row[5].value)) for row in table.rows if row[0].value == "subtotal"]
    assert drawn == [("EC, Peru", "600.00"), ("PE", "100.00"), ("Not stated", "6480.00")]
    assert [cells(row)[0] for row in table.rows if cells(row)[2] == "EC, PE"] == ["subtotal", "P3"]


def test_a_reader_is_told_the_group_above_its_rows_and_a_file_of_data_in_each(books, ledger):
    from quipu.files import csv, html

    ledger.post(GROUPED)
    table = grouped(books, "theme")
    assert "P4,,private-sector,Development and the Private Sector,300" in csv.draw(table).decode()
    page = html.draw(table).decode()
    assert page.count("Development and the Private Sector") == 1
    assert page.count('<tr class="sum">') == 3


def test_subtotals_that_are_not_the_whole_are_said():
    sums = {"P": {"allocation": Decimal(4), "transfer": Decimal(3)}}
    whole = {"allocation": Decimal(5), "transfer": Decimal(3)}
    plain = delivery.delivery(OUTLINES["delivery-by-project"], sums, whole, "USD")
    plain.rows[0][2] = Cell(Decimal(2))
    assert delivery.grouped(plain, "theme", {}, sums, whole).notes == [
        "Does not add up: Allocations: the rows are the whole (4 and 5).",
        "Does not add up: Net funded amount, Not stated: the sub-total is its rows (3 and 2).",
        "Does not add up: Allocations: the sub-totals are the whole (4 and 5).",
    ]


def test_categories_stand_over_indirect_cost_with_its_rate(books, ledger):
    ledger.post("2013-12-31 return ^X\n    expenditure P1/FAO indirect certified 140.00\n")
    rows, total = annual(books, "expenditure-by-category")
    assert rows == [
        ["staff", "0", "800.00", "800.00", "40.00"],
        ["travel", "1200.00", "0", "1200.00", "60.00"],
        ["programme_cost", "1200.00", "800.00", "2000.00", "100.00"],
        ["indirect_cost", "0", "140.00", "140.00", "7.00"],
    ]
    assert total == ["", "1200.00", "940.00", "2140.00", None]


def test_direct_cost_stands_in_a_table_of_its_own(books, ledger):
    ledger.post(
        "project DC\n    fund: F1\n    kind: direct-cost\n"
        "2013-02-01 allocation ^DA\n    allocation F1 > DC/FAO 50.00\n"
        "2013-02-02 charges ^DC\n    direct-cost F1 > DC/FAO 50.00\n"
        "2013-12-31 return ^DX\n    expenditure DC/FAO travel certified 30.00\n"
    )
    assert annual(books, "direct-costs")[0] == [["DC", "", "0", "50.00", "50.00", "0", "0", "0", "0", "30.00", "30.00"]]
    account = books.statement_of_account("F1", "FAO", books.Moment(), year=2013)
    assert [cells(row) for row in account.rows][1] == ["DC", "", "0", "50.00", "0", "30.00", "0", "20.00", "0"]


def test_cost_recovery_shows_what_it_costs_to_run_the_fund_with_rates_of_the_total(books, ledger):
    ledger.post(
        "project DC\n    fund: F1\n    kind: direct-cost\n"
        "2012-12-31 return ^X2\n    expenditure P1/FAO indirect certified 84.00\n"
        "2013-02-01 allocation ^DA\n    allocation F1 > DC/FAO 50.00\n"
        "2013-02-02 charges ^DC\n    direct-cost F1 > DC/FAO 50.00\n"
        "2013-02-03 charges ^DR\n    direct-cost-refund F1 < DC/FAO 8.00\n"
        "2013-12-31 return ^X\n    expenditure P1/FAO indirect certified 60.00\n"
    )
    assert annual(books, "cost-recovery") == (
        [
            ["agent_fee", "145.00", "0", "145.00", "0.99"],  # of 14,577
            ["direct_cost", "0", "42.00", "42.00", None],
            ["indirect_cost", "84.00", "60.00", "144.00", "7.20"],  # of 2,000
        ],
        None,
    )


def test_cost_recovery_of_a_fund_without_money_has_no_rates(books):
    rows, _ = annual(books, "cost-recovery", 2011)
    assert [row[1:] for row in rows] == [["0", "0", "0", None]] * 3


def test_cost_recovery_says_where_its_periods_do_not_add_up():
    wholes = {"prior": {"agent_fee": Decimal(2)}, "current": {}, "total": {"agent_fee": Decimal(3)}}
    notes = cost_recovery({"prior": {}, "current": {}, "total": {}}, wholes, "USD").notes
    what = "Administrative agent fee, in per cent of deposits: prior years and the year are the total"
    assert notes == [f"Does not add up: {what} (2 and 3)."]


@pytest.mark.parametrize("group", ["", "theme"])
def test_the_annual_report_is_each_of_its_tables(books, ledger, group):
    ledger.post(GROUPED)
    report = books.annual_report("F1", 2013, books.Moment(), group=group)
    assert list(report) == list(OUTLINES)
    for name, table in report.items():
        alone = books.annual_table("F1", name, 2013, books.Moment(), group=group)
        assert (table.columns, table.rows, table.total, table.notes) == (alone.columns, alone.rows, alone.total, [])
        assert table.title == OUTLINES[name].title
    assert cells(report["delivery-by-project"].total)[-4:] == ["9000.00", "7180.00", "2077.00", "28.93"]


def test_the_portfolio_shows_what_funds_paid_each_other_and_takes_it_out(books, ledger):
    ledger.post(
        "fund IN\n    category: internal\nfund KE\n    currency: KES\n2013-06-02 deposit ^DI\n    deposit IN < ? 9.00\n"
        "2013-06-03 fund-transfer ^TI\n    fund-transfer F1 > IN 40.00\n"
        "2013-06-04 deposit ^DK\n    deposit KE < ? 5,000.00\n"
    )
    table = books.consolidated_portfolio("USD", books.Moment())
    drawn = {row[0].value: cells(row)[1:] for row in table.rows}
    # 300 went from F1 to F2 and are neither source nor use; 40 left the portfolio for an internal fund.
    assert drawn["total_sources"] == ["14878.00", "300.00", "14578.00", None]
    assert drawn["fund_transfers"] == ["340.00", "300.00", "40.00", None]
    assert drawn["balance_agent"] == ["7913.00", "0", "7913.00", None]
    assert drawn["balance_agent_percent"] == [None, None, None, "54.3"]  # 7,913 of 14,577
    assert table.notes == ["Funds: F1 The first, F2."]
    before = books.consolidated_portfolio("USD", books.Moment(date(2013, 5, 31)))
    assert {row[0].value: cells(row)[2] for row in before.rows}["total_sources"] == "0"
    shillings = books.consolidated_portfolio("KES", books.Moment())
    assert {row[0].value: cells(row)[3] for row in shillings.rows}["contributions"] == "5000.00"
