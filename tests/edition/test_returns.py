"""Returns in an edition: what the books make public of them, what stands behind a figure, and who was on time."""

import json
from datetime import date

import pytest

from quipu.edition import calendar, make, reporting
from quipu.edition import gaps as edition_gaps
from quipu.edition import returns as told
from quipu.edition.ask import ask
from quipu.edition.home import Home
from quipu.edition.open import Editions
from quipu.rules import calendar as rules
from quipu.rules.asking import question
from quipu.rules.gaps import GAPS
from quipu.rules.reporting import standing
from tests import ledgers
from tests.edition.returned import BOOKS, given, noon, returned
from tests.edition.test_books import differences


@pytest.fixture
def home(sqlite_ledger):
    found = Home(sqlite_ledger.home)
    found.prepare()
    return found


def published(home):
    from quipu.books.public import Books

    make.publish(home, None, None, Books("mark"))
    return Editions(home).current()


@pytest.fixture(scope="module")
def edition(_books_template, tmp_path_factory):
    """The edition of all of them, for tests that only read it."""
    ledger = ledgers.sqlite(_books_template, tmp_path_factory.mktemp("returned") / "books")
    returned(ledger)
    found = Home(ledger.home)
    found.prepare()
    return published(found)


def stands(edition, body, year):
    found = standing(reporting.of_place(edition, "VALLEY", body, year))
    return (found.key, found.plain) if found else None


# The record


def test_versions_that_were_submitted_are_rows_with_their_days(edition):
    rows = [
        (one["code"], one["state"], one["by_rule"], one["due"], one["certified"], one["accepted"], one["reference"])
        for one in told.versions(edition, "VALLEY", "ORG1")
    ]
    d = date
    assert rows == [
        ("A18", "accepted", d(2019, 4, 30), d(2019, 4, 30), d(2019, 4, 30), d(2019, 5, 20), "return-A18"),
        ("A19", "accepted", d(2020, 4, 30), d(2020, 4, 30), d(2020, 5, 1), d(2020, 5, 20), "return-A19"),
        ("A20", "accepted", d(2021, 4, 30), d(2021, 6, 15), d(2021, 6, 15), d(2021, 6, 20), "return-A20"),
        ("A21", "accepted", d(2022, 4, 30), d(2022, 4, 30), d(2022, 4, 10), d(2022, 4, 20), "return-A21"),
        ("A23", "restated", d(2024, 4, 30), d(2024, 4, 30), d(2024, 4, 1), d(2024, 4, 10), "return-A23"),
        ("A23b", "accepted", d(2024, 4, 30), d(2024, 4, 30), d(2024, 7, 1), d(2024, 7, 5), "return-A23b"),
    ]
    (interim,) = told.versions(edition, "VALLEY", "ORG2", 2023)
    assert (interim["certified"], interim["until"], interim["by_rule"]) == (None, date(2023, 6, 30), date(2023, 7, 31))


def test_what_was_granted_is_there_and_what_was_refused_is_not(edition):
    assert [(one["organization"], one["year"], one["until"]) for one in told.granted(edition)] == [
        ("ORG1", 2020, date(2021, 6, 15)),
        ("ORG1", 2022, None),
    ]


@pytest.mark.parametrize("state", ["draft", "for certification", "sent back"])
def test_what_was_never_submitted_is_in_no_edition_and_in_no_preview(sqlite_ledger, home, state):
    from quipu.actions.publish import preview
    from quipu.rules.mandates import EVERYTHING

    sqlite_ledger.post(BOOKS)
    given("D22", "ORG1", 2022, "annual", 1, state, remark="not yet said")
    given("D22b", "ORG1", 2022, "annual", 2, state, reason="not yet given", restates_id="D22")
    assert told.versions(published(home)) == []
    name, _ = preview(home, by="p1", scopes=(EVERYTHING,))
    assert told.versions(Editions(Home(home.root / "previews" / name)).current()) == []


def test_what_came_back_stands_as_it_was_submitted_and_is_in_no_longer(sqlite_ledger, home):
    from quipu.books import models

    sqlite_ledger.post(BOOKS)
    given("R22", "ORG1", 2022, "annual", 1, "sent back", signed="2023-04-01", remark="as signed")
    models.Return.objects.filter(pk="R22").update(remark="written since", nil=True)
    edition = published(home)
    (row,) = told.versions(edition)
    assert (row["state"], row["remark"], row["nil"]) == ("back with the organization", "as signed", False)
    assert told.arrived([row]) == {}


def test_a_rule_is_told_as_waived_only_beside_a_return_that_was_submitted(sqlite_ledger, home):
    from tests.edition.returned import waived

    returned(sqlite_ledger)
    waived("ORG1", 2022, "return-negative", "", "of a draft that nobody may read")
    assert [(one["year"], one["rule"], one["row"]) for one in told.waived(published(home))] == [
        (2023, "return-negative", "P1/travel")
    ]


def test_no_person_stands_in_the_record(edition):
    columns = edition.rows("SELECT * FROM returns") + edition.rows("SELECT * FROM waived_rules")
    assert not {"writer", "signer", "agent"} & {str(value) for row in columns for value in row}


def test_an_organization_that_was_merged_is_shown_as_the_other_one(sqlite_ledger, home):
    from quipu.books import models

    returned(sqlite_ledger)
    models.Merger.objects.create(organization_id="ORG2", into_id="ORG1", by="p1", at=noon("2024-01-01"), reason="same")
    edition = published(home)
    assert {one["organization"] for one in told.versions(edition)} == {"ORG1"}
    assert len(told.versions(edition)) == 10


def test_a_new_return_alone_makes_an_edition_on_the_last_one_that_is_as_if_made_whole(sqlite_ledger, home):
    returned(sqlite_ledger)
    published(home)
    given("Z23", "ORG2", 2023, "annual", 1, "submitted", signed="2024-04-20")
    edition = published(home)
    assert home.stands_on(2) == 1
    assert stands(edition, "ORG2", 2023) == ("submitted", "certified on 2024-04-20, not accepted and posted yet")
    assert differences(home, 2, 1) == []


def test_an_edition_without_the_tables_opens_and_knows_nothing_of_them(sqlite_ledger, home):
    sqlite_ledger.post(BOOKS)
    edition = published(home)
    path = home.manifest(edition.number)
    written = json.loads(path.read_text("utf-8"))
    tables = {part["table"] for source in written["sources"] for part in source["parts"]}
    assert not {"returns", "dispensations", "waived_rules", "deadlines"} & tables
    assert told.versions(edition) == told.granted(edition) == told.waived(edition) == []
    assert stands(edition, "ORG1", 2018) == ("certified", "certified; posted on 2019-05-20")


def test_figures_are_those_of_the_books_with_zeros_in_them(sqlite_ledger, home):
    from quipu.actions.compare import compare

    sqlite_ledger.post(BOOKS)
    assert compare(home, published(home).number) == []


# What stands behind a figure


def test_each_year_says_how_it_stands_and_since_when(edition):
    assert [stands(edition, "ORG1", year) for year in range(2018, 2024)] == [
        ("certified", "certified on 2019-04-30"),
        ("certified", "certified on 2020-05-01"),
        ("certified", "certified on 2021-06-15"),
        ("nothing_spent", "nothing was spent (certified on 2022-04-10)"),
        ("no_figures", "no figures of this year, later ones are in"),
        ("certified", "certified on 2024-07-01 (version 2, restated)"),
    ]
    assert stands(edition, "ORG2", 2023) == ("interim", "interim figures up to 2023-06-30")
    assert stands(edition, "ORG1", 2017) is stands(edition, "ORG1", 2024) is None


def test_a_year_without_figures_is_waived_or_not_reported_by_its_deadline(sqlite_ledger, home):
    sqlite_ledger.post(BOOKS.partition("2023-09-01")[0])
    edition = published(home)
    assert stands(edition, "ORG2", 2023) == ("not_reported", "not reported, was due 2024-04-30")
    from tests.edition.returned import granted

    granted("ORG2", 2023, until=date(2999, 1, 1), reason="x", decision="y")
    assert stands(published(home), "ORG2", 2023) == ("not_due", "not reported, due 2999-01-01: more time was granted")
    granted("ORG2", 2023, until=None, reason="x", decision="y")
    assert stands(published(home), "ORG2", 2023) == ("waived", "waived: no return is owed")


def test_what_was_taken_back_whole_does_not_stand(sqlite_ledger, home):
    sqlite_ledger.post(BOOKS)
    sqlite_ledger.post('2024-08-01 reversal ^back reverses ^return-A21 "wrong"\n')
    assert stands(published(home), "ORG1", 2021) == ("no_figures", "no figures of this year, later ones are in")


def test_cells_of_any_table_are_marked_by_what_they_are_cut_by(edition):
    def marked(by, where=()):
        table = ask(edition, question(["expenditure"], by, where))
        reporting.mark(edition, [table])
        return {tuple(cell.value for cell in row[:-1]): row[-1].standing for row in table.rows}

    of_years = marked(["year"], ["fund=VALLEY"])
    assert of_years["2018",].plain == "certified on 2019-04-30"
    assert of_years["2021",].plain == "1 certified, 1 with nothing spent, the last on 2022-04-29"
    assert of_years["2023",].key == "mixed"
    assert of_years["2018",].place == ("VALLEY", "ORG1", 2018)
    assert of_years["2023",].place is None
    assert marked(["participating_organization", "year"])["ORG2", "2022"].plain == "certified on 2023-05-03"
    assert marked(["category", "year"])["indirect", "2023"].key == "mixed"
    assert set(marked(["quarter"]).values()) == {None}


def test_a_file_says_it_in_columns_behind_the_amount(edition):
    from quipu.files import csv

    table = ask(edition, question(["expenditure"], ["year"], ["participating_organization=ORG1"]))
    reporting.mark(edition, [table])
    lines = csv.draw(table).decode("utf-8-sig").split("\r\n")
    assert lines[0] == "year,expenditure,expenditure_standing,expenditure_on"
    assert lines[4] == "2021,0,nothing was spent (certified on 2022-04-10),2022-04-10"
    assert lines[5] == '2023,48500,"certified on 2024-07-01 (version 2, restated)",2024-07-01'


# Who was on time


def kept(edition, body):
    return rules.kept(calendar.returns(edition, "VALLEY", body), calendar.moment(edition))


def test_lateness_is_counted_from_the_deadline_in_force_to_the_signature(edition):
    one = kept(edition, "ORG1")
    assert (one.due, one.on_time, one.late, one.missing) == (5, 4, ((2019, 1),), ())
    assert (one.extended, one.waived, one.nil, one.unknown) == (1, 1, 1, 0)
    assert one.percent == 80
    other = kept(edition, "ORG2")
    assert (other.due, other.on_time, other.late, other.missing) == (4, 2, ((2022, 3),), (2023,))
    assert other.percent is None


def test_a_correction_makes_nobody_late_and_the_agents_days_are_apart(edition):
    (one,) = [each for each in calendar.returns(edition, "VALLEY", "ORG1") if each.year == 2023]
    assert (one.arrived, one.late, one.accepted) == (date(2024, 4, 1), 0, date(2024, 4, 10))
    assert one.state == "certified figures are in"


def test_figures_without_a_signature_count_as_in_on_an_unknown_day(sqlite_ledger, home):
    sqlite_ledger.post(BOOKS)
    one = kept(published(home), "ORG1")
    assert (one.due, one.on_time, one.unknown, one.percent) == (6, 0, 5, None)
    assert one.missing == (2022,)


def test_the_funds_own_deadline_counts(sqlite_ledger, home):
    returned(sqlite_ledger)
    sqlite_ledger.post('fund VALLEY "Valley fund"\n    deadline: annual-return 05-01\n')
    edition = published(home)
    assert told.deadlines(edition) == {"VALLEY": {"annual_return": (5, 1)}}
    assert kept(edition, "ORG1").late == ()
    assert kept(edition, "ORG2").late == ((2022, 2),)


# What we do not know


def cases(edition, name):
    (gap,) = [one for one in GAPS if one.name == name]
    chosen = edition_gaps.Chosen()
    table = edition_gaps.cases(edition, gap, "pooled", chosen, lambda figure, scope: "")
    return [tuple(cell.value for cell in row[:3]) for row in table.rows]


def test_a_year_in_which_nothing_was_spent_is_no_gap(sqlite_ledger, home):
    text = BOOKS.partition("2021-06-20")[0] + "2021-02-01 transfer ^t9\n    transfer VALLEY > P1/ORG1 5.00\n"
    sqlite_ledger.post(text)
    assert cases(published(home), "not_reported") == [("VALLEY", "ORG2", "2020"), ("VALLEY", "ORG1", "2021")]
    sqlite_ledger.post("2022-04-20 return ^nil\n    expenditure P1/ORG1 operating certified 0.00 year 2021\n")
    assert cases(published(home), "not_reported") == [("VALLEY", "ORG2", "2020")]


def test_interim_money_is_late_only_after_the_deadline_in_force(sqlite_ledger, home):
    from tests.edition.returned import granted

    returned(sqlite_ledger)
    assert cases(published(home), "late") == [("VALLEY", "ORG2", "2023")]
    granted("ORG2", 2023, until=date(2999, 1, 1), reason="x", decision="y")
    assert cases(published(home), "late") == []
