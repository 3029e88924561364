"""Gaps and obligations out of an edition, from a journal whose every hole was put there on purpose."""

from decimal import Decimal

import pytest

from quipu.edition import calendar, gaps, make
from quipu.edition.ask import ask
from quipu.edition.gaps import Chosen
from quipu.edition.home import Home
from quipu.edition.open import Editions
from quipu.rules.asking import question
from quipu.rules.gaps import GAPS
from tests.documents import activity, document, related, transaction

D = Decimal
BOOKS = """
fund TF1 "Test Fund"
    currency: USD
    publisher: XX-P "XX-P office"
contributor SE "Government of Sweden"
organization UNDP "United Nations Development Programme"
organization FAO "Food and Agriculture Organization"
organization ILO "International Labour Organization"
project 0001 "First"
    fund: TF1
    country: PE 60%
    country: BO 40%
    sector: 15110
    ends: 2013-06-30
project 0002 "Second"
    fund: TF1
    ends: 2012-12-31
agreement SAA-1 TF1 SE
    amount: 2,000.00 SEK
    instalment: 2012-02-01 1,500.00
    instalment: 2013-02-01 500.00
2012-02-03 deposit ^D-1
    deposit     TF1 < SE  1,000.00  (1,500.00 SEK @ 1.5) under SAA-1
2012-02-04 deposit ^D-2
    deposit     TF1 < ?     300.00
2012-03-15 transfer ^V-1
    transfer    TF1 > 0001/UNDP  400.00
    transfer    TF1 > 0001/FAO   100.00
    transfer    TF1 > 0002/ILO   200.00
2013-04-20 return ^R-2012
    expenditure 0001/UNDP uncategorized interim  150.00  year 2012
    expenditure 0002/ILO uncategorized certified 250.00  year 2012
2013-07-01 status 0001 operationally-closed ^S-1
2015-04-20 return ^R-2014
    expenditure 0001/UNDP uncategorized certified 50.00  year 2014
2013-05-29 close-year TF1 2012 ^Y-2012
"""
FILE = document(
    activity(
        "XX-Q-1",
        '<participating-org role="4"><narrative>A body without a reference</narrative></participating-org>',
        transaction("3", 70),
    ),
    activity("XX-Q-2", transaction("4", 30), hierarchy=1),
    activity("XX-Q-3", related("1", "XX-Q-2"), hierarchy=2),
)


@pytest.fixture
def edition(sqlite_ledger, tmp_path):
    from quipu.books.public import Books

    home, folder = Home(tmp_path / "home"), tmp_path / "in"
    folder.mkdir()
    (folder / "file.xml").write_text(FILE)
    sqlite_ledger.post(BOOKS)
    make.publish(home, [folder], None, Books("mark"))
    return Editions(home).current()


def cases(edition, name, family="pooled", **chosen):
    gap = next(gap for gap in GAPS if gap.name == name)
    table = gaps.cases(edition, gap, family, Chosen(**chosen), lambda figure, scope: "/report")
    return [tuple(cell.value for cell in row) for row in table.rows]


def test_who_was_paid_and_reported_nothing_is_named_with_what_it_got(edition):
    assert cases(edition, "not_reported") == [("TF1", "FAO", "2012", D(100))]


def test_interim_money_of_a_year_long_past_is_late(edition):
    assert cases(edition, "late") == [("TF1", "UNDP", "2012", D(150))]


def test_cash_of_nobody_is_shown_by_year(edition):
    assert cases(edition, "unidentified_contributor") == [("TF1", "2012", D(300))]


def test_spending_more_than_was_received_leaves_less_than_nothing(edition):
    assert cases(edition, "negative_balance") == [("TF1", "0002", "ILO", D(-50))]


def test_a_balance_on_a_closed_project_and_spending_after_its_end(edition):
    assert cases(edition, "left_over") == [("TF1", "0001", "UNDP", D(200)), ("TF1", "0001", "FAO", D(100))]
    assert cases(edition, "after_closure") == [("TF1", "0001", "UNDP", "2014", D(50))]


def test_work_that_goes_on_after_its_planned_end_is_overdue(edition):
    assert cases(edition, "overdue") == [("TF1", "0002", "2012-12-31", D(200))]


def test_what_is_not_stated_has_its_share_of_the_whole(edition):
    assert cases(edition, "no_country") == [("TF1", D(200), D(700), D("28.57"))]
    assert cases(edition, "no_sector") == [("TF1", D(200), D(700), D("28.57"))]


def test_a_body_without_a_reference_is_told_by_its_publisher(edition):
    ((publisher, amount, whole, share),) = cases(edition, "no_reference", "reported")
    assert (publisher, amount, whole, share) == ("XX-P", D(70), D(100), D("70.00"))
    assert cases(edition, "no_reference", "pooled") == []  # codes of the books are references


def test_a_country_takes_its_share_of_each_case_and_a_fund_leaves_out_what_is_outside(edition):
    assert cases(edition, "not_reported", country="PE") == [("TF1", "FAO", "2012", D(60))]
    assert cases(edition, "left_over", country="BO") == [("TF1", "0001", "UNDP", D(80)), ("TF1", "0001", "FAO", D(40))]
    assert cases(edition, "not_reported", fund="OTHER") == []
    assert cases(edition, "unnamed_spender", "reported", fund="TF1") == []


def test_sums_by_fund_and_by_country_are_those_of_the_cases(edition):
    def rows(axis):
        table = gaps.by(edition, axis, "pooled", Chosen(), "/gaps")
        names = [column.key for column in table.columns]
        return {
            row[0].value: {n: c.value for n, c in zip(names[1:], row[1:], strict=True) if c.value is not None}
            for row in table.rows
        }

    (fund,) = rows("fund").values()
    assert fund["not_reported"] == 100
    assert fund["left_over"] == 300
    assert fund["negative_balance"] == -50
    by_country = rows("country")
    assert by_country["PE"]["not_reported"] == 60
    assert by_country["BO"]["not_reported"] == 40
    assert by_country["PE"]["left_over"] == 180
    assert by_country[None]["overdue"] == 200
    assert "no_country" not in by_country[None]  # it would say itself


def test_an_amount_leads_to_its_entries_or_where_no_one_question_selects_them_to_its_cases(edition):
    table = gaps.by(edition, "fund", "pooled", Chosen(), "/es/gaps")
    names = [column.key for column in table.columns]
    (row,) = table.rows
    question, condition = row[names.index("unidentified_contributor")], row[names.index("left_over")]
    assert question.scope == (("family", "pooled"), ("contributor", ""), ("fund", "TF1"))
    assert condition.scope is None
    assert condition.link == "/es/gaps?fund=TF1#left_over"


def test_activities_that_lack_words_are_counted(edition):
    table = gaps.undescribed(edition, Chosen(fund="TF1"))
    # the fund and its two projects: the fund has no dates and no status, none has results or documents
    assert [[cell.value for cell in row] for row in table.rows] == [["TF1", None, 3, 1, 1, 3, 3]]


def test_who_owes_what_follows_from_what_was_paid(edition):
    def told(year, **chosen):
        return [
            (one.due.isoformat(), one.duty, one.body, one.state)
            for one in calendar.obligations(edition, year, **chosen)
            if one.duty in ("annual_return", "consolidated_report", "instalment")
        ]

    assert told(2013) == [
        ("2013-02-01", "instalment", "SE", "nothing is in"),
        ("2013-04-30", "annual_return", "FAO", "nothing is in"),
        ("2013-04-30", "annual_return", "ILO", "certified figures are in"),
        ("2013-04-30", "annual_return", "UNDP", "only interim figures are in"),
        ("2013-05-31", "consolidated_report", "XX-P", "the year is closed in the books"),
    ]
    assert told(2013, body="FAO") == [("2013-04-30", "annual_return", "FAO", "nothing is in")]
    assert told(2012) == [("2012-02-01", "instalment", "SE", "received in full")]
    assert told(2013, fund="OTHER") == []
    # the first project ended in 2013, so its organizations owe nothing for 2014; the other goes on
    assert [one[2] for one in told(2015) if one[1] == "annual_return"] == ["ILO"]


def test_an_edition_that_one_engine_is_too_small_for_holds_the_same(edition, sqlite_ledger, tmp_path, monkeypatch):
    """Between its steps a large edition takes a new engine, which knows nothing but what was staged."""
    from quipu.books.public import Books
    from quipu.edition import cache

    monkeypatch.setattr(cache, "PAGES", 2)
    home = Home(tmp_path / "large")
    make.publish(home, [tmp_path / "in"], None, Books("mark"))
    large = Editions(home).current()
    for name in ("not_reported", "left_over", "overdue"):
        assert cases(large, name) == cases(edition, name)
    assert large.rows("SELECT * FROM filed_titles") == []


def test_every_amount_leads_to_entries_that_add_up_to_it(edition):
    checked = 0
    tables = [
        gaps.cases(edition, gap, family, chosen, lambda figure, scope: "/report")
        for chosen in (Chosen(), Chosen(country="PE"), Chosen(fund="TF1"))
        for gap in GAPS
        for family in gap.figures
    ]
    tables += [
        gaps.by(edition, axis, family, Chosen(), "/gaps")
        for axis, family in (
            ("fund", "pooled"),
            ("country", "pooled"),
            ("publisher", "reported"),
            ("country", "reported"),
        )
    ]
    for table in tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                if column.figure and cell.value is not None and cell.scope is not None:
                    told = ask(edition, question([column.figure], [], [f"{key}={code}" for key, code in cell.scope]))
                    assert [line[-1].value for line in told.rows] == [cell.value], (column, cell)
                    checked += 1
    assert checked > 30


def test_days_at_the_ends_of_time_are_told_and_break_nothing(tmp_path):
    """Real files hold ends like 9999-12-31: they are kept as they are, with a finding."""
    days, statuses = ("0001-01-31", "9999-12-31"), (("2", "3"), ("3", "4"), ("4", "4"))
    paid = [
        transaction("3", 10, day, receiver="XX-O", receiver_activity=f"XX-P-{status}{day}")
        for status, _ in statuses
        for day in days
    ]
    fund = activity("XX-P-F", '<default-aid-type code="B031"/>', *paid, hierarchy=1)
    parts = [
        activity(
            f"XX-P-{status}{day}",
            related("1", "XX-P-F"),
            '<participating-org role="4" ref="XX-O"/>',
            f'<activity-date type="{kind}" iso-date="{day}"/>',
            transaction("4", 4, day),
            hierarchy=2,
            status=status,
        )
        for status, kind in statuses
        for day in days
    ]
    home, folder = Home(tmp_path / "home"), tmp_path / "in"
    folder.mkdir()
    (folder / "file.xml").write_text(document(fund, *parts))
    make.publish(home, [folder])
    edition = Editions(home).current()
    assert len(calendar.facts(edition).parts) == 6
    for year in (1945, 2026, 2100):
        calendar.obligations(edition, year)
    assert gaps.summary(edition, Chosen()).rows


def test_a_page_takes_the_largest_cases_and_knows_how_many_there_are(edition):
    (gap,) = [each for each in GAPS if each.name == "left_over"]
    table = gaps.cases(edition, gap, "pooled", Chosen(), lambda figure, scope: "/report", 1)
    assert [[cell.value for cell in row] for row in table.rows] == [["TF1", "0001", "UNDP", D(200)]]
    assert gaps.count(edition, gap, "pooled", Chosen()) == 2
    assert gaps.count(edition, gap, "pooled", Chosen(fund="OTHER")) == 0
