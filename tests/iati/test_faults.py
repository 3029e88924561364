"""Bad input gets a finding with file and line, and the rest goes on: the faults of the published files, written by hand."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.findings import RULES, severity
from tests.documents import (
    activity,
    aid_type,
    budget,
    column,
    document,
    found,
    read,
    related,
    rules,
    transaction,
)

GOOD = transaction("3", "5")


def narrative(text: str, attributes: str = "") -> str:
    return f"<description><narrative{attributes}>{text}</narrative></description>"


def one(folder, *parts, **options):
    """One activity with these parts, read: (report, tables). Its parts begin on line 8 of the file."""
    return read(folder, document(activity("XX-P-1", *parts, **options)))


def test_a_clean_activity_has_no_findings(tmp_path):
    report, tables = one(tmp_path, GOOD, budget(5), narrative("Words."))
    assert (report.complete, report.activities, report.transactions) == (True, 1, 1)
    assert found(tables) == []


# The document


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("Health & nutrition", "file-broken"),
        ("a&nbsp;b", "file-broken"),
        ("a\x0bb", "file-broken"),
        ("a</b>", "file-broken"),
        ("&#0;", "file-broken"),
        ("<b c=1/>", "file-broken"),
    ],
)
@pytest.mark.parametrize("more", [0, 400])
def test_where_the_xml_breaks_whole_activities_before_it_count_and_keep_their_xml(tmp_path, fault, rule, more):
    before = [activity(f"XX-P-{n}", GOOD) for n in range(3)]
    after = [activity(f"XX-P-{n}", GOOD) for n in range(10, 10 + more)]
    report, tables = read(tmp_path, document(*before, activity("XX-P-9", narrative(fault)), *after))
    assert (report.complete, report.activities, report.transactions) == (False, 3, 3)
    # Three activities of seven lines from line 3 on; the description of the fourth is its sixth line.
    assert found(tables) == [(rule, 3 + 3 * 7 + 5)]
    assert column(tables, "xml", 3) == [3, 10, 17]


@pytest.mark.parametrize("padding", [0, 70_000, 140_000])
def test_a_cut_off_document_keeps_what_is_whole(tmp_path, padding):
    whole = document(
        activity("XX-P-1", GOOD), activity("XX-P-2", narrative("x" * padding), GOOD), activity("XX-P-3", GOOD)
    )
    cut = whole[: whole.index("XX-P-3")]
    report, tables = read(tmp_path, cut)
    assert (report.complete, report.activities, report.transactions) == (False, 2, 2)
    assert rules(tables) == ["file-broken"]
    assert column(tables, "activities", 4) == ["XX-P-1", "XX-P-2"]


def test_a_page_is_no_iati(tmp_path):
    report, tables = read(tmp_path, "<!DOCTYPE html>\n<html><body><p>Not found</p></body></html>")
    assert (report.complete, rules(tables)) == (False, ["file-not-iati"])


def test_another_case_is_not_silently_nothing(tmp_path):
    body = document(activity("XX-P-1", GOOD)).replace("iati-activity", "IATI-Activity")
    report, tables = read(tmp_path, body)
    assert (report.complete, report.activities) == (False, 0)
    assert found(tables) == [("element-unknown", 3)]


def test_an_empty_document_is_an_error(tmp_path):
    _, tables = read(tmp_path, document())
    assert found(tables) == [("file-no-activities", 2)]
    assert severity("file-no-activities") == "error"


def test_an_organisation_file_is_noted(tmp_path):
    report, tables = read(tmp_path, "<iati-organisations version='2.03'><iati-organisation/></iati-organisations>")
    assert (report.complete, rules(tables)) == (True, ["file-organisations"])


def test_a_wrapped_document_is_read_where_it_stands(tmp_path):
    inner = document(activity("XX-P-1", GOOD), head="")
    report, tables = read(tmp_path, f"<response>\n<result>{inner}</result></response>")
    assert (report.activities, report.transactions, report.version) == (1, 1, "2.03")
    assert rules(tables) == ["file-wrapped"]


def test_one_activity_alone_is_read(tmp_path):
    report, tables = read(tmp_path, activity("XX-P-1", GOOD))
    assert (report.activities, report.transactions) == (1, 1)
    assert sorted(rules(tables)) == ["file-version", "file-wrapped"]


def test_a_default_namespace_over_everything_is_read_by_local_names(tmp_path):
    body = document(activity("XX-P-1", GOOD, budget(7), narrative("Words.")))
    report, tables = read(
        tmp_path, body.replace("<iati-activities ", '<iati-activities xmlns="http://example.org/ns" ')
    )
    assert (report.activities, report.transactions) == (1, 1)
    assert found(tables) == [("file-namespace", 3)]
    assert column(tables, "activities", 2) == ["XX-P"]
    assert column(tables, "budgets", 9) == [7]
    assert [row[6] for row in tables["texts"]] == ["Title of XX-P-1", "Words."]


def test_a_prefix_over_everything_is_read_too(tmp_path):
    body = re.sub(r"<(/?)(?=[a-z])", r"<\1i:", document(activity("XX-P-1", GOOD)))
    report, tables = read(
        tmp_path, body.replace("<i:iati-activities", '<i:iati-activities xmlns:i="http://example.org/ns"')
    )
    assert (report.activities, report.transactions) == (1, 1)
    assert rules(tables) == ["file-namespace"]
    assert len(column(tables, "xml", 4)) == 1


def test_elements_of_a_foreign_namespace_are_counted_and_are_no_money(tmp_path):
    foreign = f'<x:extra xmlns:x="urn:x">1</x:extra>{GOOD.replace("<", "<x:").replace("<x:/", "</x:")}'.replace(
        "<x:transaction>", '<x:transaction xmlns:x="urn:x">'
    )
    report, tables = one(tmp_path, GOOD, foreign)
    assert (report.transactions, found(tables)) == (1, [])
    assert ("{urn:x}extra", 1) in tables["unread"]
    assert ("{urn:x}transaction", 1) in tables["unread"]


@pytest.mark.parametrize("fault", ["<x:extra>1</x:extra>", '<contact-info x:kind="1"/>'])
@pytest.mark.parametrize("more", [0, 400])
def test_a_prefix_that_nobody_declares_is_said_and_breaks_nothing(tmp_path, fault, more):
    activities = [activity("XX-P-1", fault, GOOD), *(activity(f"XX-P-{n}", GOOD) for n in range(2, 2 + more))]
    report, tables = read(tmp_path, document(*activities))
    assert (report.complete, report.activities, report.transactions) == (True, 1 + more, 1 + more)
    assert found(tables) == [("file-prefix", 8)]


@pytest.mark.parametrize("version", ["", "2", "2.04", "3.00", " 2.03 ", "v2.03", "1.3", "1.0"])
def test_an_odd_version_is_said_and_the_elements_are_read(tmp_path, version):
    report, tables = read(tmp_path, document(activity("XX-P-1", GOOD), version=version))
    assert (report.activities, report.transactions, rules(tables)) == (1, 1, ["file-version"])


@pytest.mark.parametrize("version", ["1.01", "1.02", "1.03", "1.04", "1.05", "2.01", "2.02", "2.03"])
def test_a_version_of_the_standard_is_none(tmp_path, version):
    report, tables = read(tmp_path, document(activity("XX-P-1", GOOD), version=version))
    assert (report.version, rules(tables)) == (version, [])


# Depth and size


def test_elements_nested_a_hundred_thousand_times_are_refused_quickly(tmp_path):
    deep = document(activity("XX-P-1", "<x>" * 100_000 + "</x>" * 100_000))
    report, tables = read(tmp_path, deep)
    assert (report.complete, report.activities, rules(tables)) == (False, 0, ["file-broken"])


def test_a_text_of_twelve_megabytes_is_shortened_for_pages(tmp_path):
    _, tables = one(tmp_path, narrative("é" * 12_000_000), GOOD)
    assert found(tables) == [("text-shortened", 8)]
    assert [len(row[6]) for row in tables["texts"] if row[3] == "description"] == [200_000]


def test_a_text_of_exactly_the_longest_length_is_whole(tmp_path):
    _, tables = one(tmp_path, narrative("e" * 200_000))
    assert found(tables) == []
    _, tables = one(tmp_path, narrative("e" * 200_001))
    assert rules(tables) == ["text-shortened"]


def test_an_amount_of_a_million_digits_is_too_large_and_nothing_worse(tmp_path):
    report, tables = one(tmp_path, transaction("3", "9" * 1_000_001), GOOD)
    assert report.transactions == 2
    assert rules(tables) == ["value-too-large"]
    assert column(tables, "entries", 9) == [None, 5]


# Who is who


@pytest.mark.parametrize("identifier", ["", " ", "\n"])
def test_without_identifier_an_activity_is_left_out_with_its_money_and_the_next_is_read(tmp_path, identifier):
    report, tables = read(tmp_path, document(activity(identifier, GOOD, GOOD), activity("XX-P-2", GOOD)))
    assert (report.activities, report.refused_activities) == (1, 1)
    assert (report.transactions, report.refused_transactions) == (1, 2)
    assert found(tables) == [("activity-no-identifier", 3)]
    assert column(tables, "activities", 4) == ["XX-P-2"]
    assert len(column(tables, "entries", 0)) == 1
    assert column(tables, "xml", 1) == [2]


def test_no_element_for_the_identifier_is_the_same(tmp_path):
    body = document(activity("XX-P-1", GOOD)).replace("<iati-identifier>XX-P-1</iati-identifier>", "")
    report, tables = read(tmp_path, body)
    assert (report.activities, report.transactions, found(tables)) == (0, 0, [("activity-no-identifier", 3)])


def test_blanks_around_an_identifier_are_removed_and_said(tmp_path):
    _, tables = read(tmp_path, document(activity("\n  XX-P-1 ")))
    assert column(tables, "activities", 4) == ["XX-P-1"]
    assert found(tables) == [("activity-identifier-spaces", 4)]


def test_an_identifier_that_does_not_begin_with_the_publisher_is_noted(tmp_path):
    _, tables = read(tmp_path, document(activity("YY-1")))
    assert found(tables) == [("activity-identifier-prefix", 4)]


def test_without_reference_the_publishers_name_stands_in(tmp_path):
    _, tables = one(tmp_path, publisher="")
    assert rules(tables) == ["activity-no-publisher"]
    assert column(tables, "activities", 2)[0].startswith("name/office-")


def test_an_identifier_behind_the_money_is_read_and_noted(tmp_path):
    body = (
        f'<iati-activity default-currency="USD">\n{GOOD}\n{budget(7)}\n<iati-identifier>XX-P-1</iati-identifier>'
        '<reporting-org ref="XX-P"/><activity-status code="2"/></iati-activity>'
    )
    report, tables = read(tmp_path, document(body))
    assert (report.activities, report.transactions) == (1, 1)
    assert found(tables) == [("activity-order", 4)]
    key = tables["activities"][0][0]
    assert {row[0] for table in ("entries", "budgets", "xml") for row in tables[table]} == {key}


def test_an_activity_inside_another_is_left_out_and_said(tmp_path):
    report, tables = read(
        tmp_path, document(activity("XX-P-1", activity("XX-P-2", GOOD), GOOD), activity("XX-P-3", GOOD))
    )
    assert (report.activities, report.refused_activities, report.transactions) == (2, 1, 2)
    assert column(tables, "activities", 4) == ["XX-P-1", "XX-P-3"]
    assert found(tables) == [("activity-nested", 8)]


@pytest.mark.parametrize(("written", "read_as"), [("1", "1"), ("2", "2"), ("999", "999")])
def test_a_hierarchy_is_a_number_from_1_up(tmp_path, written, read_as):
    _, tables = one(tmp_path, hierarchy=written)
    assert (column(tables, "activities", 7), rules(tables)) == ([read_as], [])


@pytest.mark.parametrize("written", ["0", "-1", "two", "1.5", "1000", "9" * 30, "１"])
def test_any_other_hierarchy_is_read_as_1_and_said(tmp_path, written):
    _, tables = one(tmp_path, hierarchy=written)
    assert (column(tables, "activities", 7), rules(tables)) == (["1"], ["activity-hierarchy"])


@pytest.mark.parametrize(
    ("code", "kept", "said"), [("6", "6", []), ("7", "", ["activity-status"]), ("", "", ["activity-status"])]
)
def test_a_status_outside_the_list_is_unknown_and_not_assumed(tmp_path, code, kept, said):
    _, tables = one(tmp_path, status=code)
    assert (column(tables, "activities", 8), rules(tables)) == ([kept], said)


# Transactions


@pytest.mark.parametrize(
    ("body", "rule", "detail"),
    [
        (transaction("3", "5", ""), "transaction-no-date", "transaction 2: "),
        (transaction("3", "5", "31/12/2014"), "transaction-bad-date", "transaction 2: 31/12/2014"),
        (transaction("3", ""), "transaction-no-value", "transaction 2: "),
        (transaction("3", "1,000"), "transaction-bad-value", "transaction 2: 1,000"),
        (transaction("3", "abc", "not-a-date"), "transaction-bad-date", "transaction 2: not-a-date"),
        ("<transaction/>", "transaction-no-date", "transaction 2: "),
        (
            '<transaction><transaction-date iso-date="2020-01-01"/></transaction>',
            "transaction-no-value",
            "transaction 2: ",
        ),
    ],
)
def test_a_transaction_without_date_or_value_is_left_out_and_says_why(tmp_path, body, rule, detail):
    report, tables = one(tmp_path, GOOD, body, GOOD)
    assert (report.activities, report.transactions, report.refused_transactions) == (1, 2, 1)
    errors = [row for row in tables["findings"] if row[4] == "error"]
    assert [(row[1], row[2], row[3], row[5]) for row in errors] == [(9, "XX-P-1", rule, detail)]
    assert column(tables, "entries", 2) == [1, 3]


@pytest.mark.parametrize("day", ["1944-12-31", "2101-01-01", "0001-01-01", "9999-12-31"])
def test_an_implausible_date_is_kept_and_said(tmp_path, day):
    _, tables = one(tmp_path, transaction("3", "5", day))
    assert (column(tables, "entries", 8), rules(tables)) == ([date.fromisoformat(day)], ["date-implausible"])


@pytest.mark.parametrize("day", ["1945-01-01", "2100-12-31"])
def test_a_plausible_date_is_just_kept(tmp_path, day):
    assert rules(one(tmp_path, transaction("3", "5", day))[1]) == []


@pytest.mark.parametrize(
    ("code", "kept", "said"), [("14", "", True), ("", "", True), ("X", "", True), ("13", "13", False)]
)
def test_a_type_outside_the_list_is_unknown_and_its_money_is_kept(tmp_path, code, kept, said):
    _, tables = one(tmp_path, transaction(code, "5"))
    assert [(row[6], row[7], row[9]) for row in tables["entries"]] == [(kept, code, 5)]
    assert rules(tables) == (["transaction-type"] if said else [])


@pytest.mark.parametrize("letter", ["D", "d", " D "])
def test_a_letter_is_read_in_any_version_and_noted_in_version_2(tmp_path, letter):
    for version, said in (("1.03", []), ("2.03", ["transaction-letter"]), ("", ["file-version"])):
        _, tables = read(tmp_path, document(activity("XX-P-1", transaction(letter, "5")), version=version))
        assert [row[6] for row in tables["entries"]] == ["3"]
        assert rules(tables) == said


@pytest.mark.parametrize(
    ("value", "kept", "literal"),
    [("999999999999.999999", "999999999999.999999", ""), ("1000000000000", None, "1000000000000")],
)
def test_a_value_too_large_to_add_is_kept_as_written(tmp_path, value, kept, literal):
    _, tables = one(tmp_path, transaction("3", value))
    assert [(row[9], row[10]) for row in tables["entries"]] == [(kept and Decimal(kept), literal)]
    assert rules(tables) == ([] if kept else ["value-too-large"])


def test_digits_behind_the_sixth_are_kept_beside_the_value(tmp_path):
    _, tables = one(tmp_path, transaction("3", "1.12345678"), transaction("3", "1.100000000"))
    assert [(row[9], row[10]) for row in tables["entries"]] == [
        (Decimal("1.123457"), "1.12345678"),
        (Decimal("1.1"), ""),
    ]


# Currency and dates of value


@pytest.mark.parametrize(
    ("own", "default", "currency", "said"),
    [
        ("EUR", "USD", "EUR", []),
        ("", "USD", "USD", []),
        ("", "", "", ["currency-unknown"]),
        ("EUR", "", "EUR", []),
        ("eur", "USD", "EUR", ["currency-odd"]),
        ("", "usd", "USD", ["currency-odd"]),
        ("EURO", "USD", "EURO", ["currency-odd"]),
    ],
)
def test_a_currency_is_the_transactions_else_the_activitys_else_unknown(tmp_path, own, default, currency, said):
    _, tables = one(tmp_path, transaction("3", "5", currency=own), currency=default)
    assert (column(tables, "entries", 11), rules(tables)) == ([currency], said)


@pytest.mark.parametrize(
    ("written", "day", "said"),
    [
        ("2020-06-01", date(2020, 6, 1), []),
        ("", None, ["value-date-missing"]),
        ("01.06.2020", None, ["date-unreadable"]),
    ],
)
def test_a_value_date_is_read_or_missing(tmp_path, written, day, said):
    _, tables = one(tmp_path, transaction("3", "5", value_date=written))
    assert (column(tables, "entries", 12), rules(tables)) == ([day], said)


def test_mild_findings_of_an_activity_are_said_once_with_their_number(tmp_path):
    _, tables = one(tmp_path, *[transaction("3", n, value_date="") for n in range(5)])
    assert [(row[1], row[3], row[5]) for row in tables["findings"]] == [
        (8, "value-date-missing", " (and 4 more in this activity)")
    ]


def test_errors_are_said_each(tmp_path):
    _, tables = one(tmp_path, *[transaction("3", "x") for _ in range(3)])
    assert found(tables) == [("transaction-bad-value", line) for line in (8, 9, 10)]


# Budgets, shares, codes, texts


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (budget(5), 1),
        (budget(""), 0),
        (budget("5,0"), 0),
        (budget(5, since="2020"), 0),
        ("<budget/>", 0),
    ],
)
def test_a_budget_without_readable_period_or_value_is_left_out(tmp_path, body, kept):
    _, tables = one(tmp_path, body, GOOD)
    assert len(tables.get("budgets", [])) == kept
    assert [row for row in found(tables) if row[0] == "budget-refused"] == ([] if kept else [("budget-refused", 8)])


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([("KE", "100")], []),
        ([("KE", "")], []),
        ([("KE", "49"), ("UG", "50")], []),
        ([("KE", "50"), ("UG", "51")], []),
        ([("KE", "48.99"), ("UG", "50")], ["shares-not-whole"]),
        ([("KE", "50"), ("UG", "51.01")], ["shares-not-whole"]),
        ([("KE", ""), ("UG", "")], ["shares-not-whole"]),
        ([("KE", "50%"), ("UG", "100")], ["share-unreadable"]),
        ([("KE", "-10"), ("UG", "110")], ["share-unreadable", "shares-not-whole"]),
    ],
)
def test_countries_that_do_not_sum_to_100_are_said(tmp_path, shares, said):
    countries = "".join(f'<recipient-country code="{code}" percentage="{share}"/>' for code, share in shares)
    _, tables = one(tmp_path, countries)
    assert rules(tables) == said
    assert [(row[6], row[8]) for row in tables["portions"]] == shares


def test_countries_and_regions_are_one_whole(tmp_path):
    both = '<recipient-country code="KE" percentage="60"/><recipient-region code="289" percentage="40"/>'
    assert rules(one(tmp_path, both)[1]) == []
    short = both.replace("40", "30")
    assert set(rules(one(tmp_path, short)[1])) == {"shares-not-whole"}


def test_sectors_sum_to_100_per_vocabulary(tmp_path):
    sectors = (
        '<sector code="11110" percentage="100"/><sector vocabulary="99" code="A1" percentage="60"/>'
        '<sector vocabulary="99" code="A2" percentage="{}"/>'
    )
    assert rules(one(tmp_path, sectors.format(40))[1]) == []
    _, tables = one(tmp_path, sectors.format(20))
    assert [(row[3], row[5]) for row in tables["findings"]] == [("shares-not-whole", "sector 99")]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ('<sector code="99999"/>', "sector 99999"),
        ('<recipient-region code="1"/>', "region 1"),
        (aid_type("Z99"), "aid_type Z99"),
        ('<default-finance-type code="5"/>', "finance_type 5"),
        (transaction("3", "5", "2020-05-01", '<aid-type code="Z98"/>'), "aid_type Z98"),
        (transaction("3", "5", "2020-05-01", '<sector code="1"/>'), "sector 1"),
    ],
)
def test_a_code_outside_its_list_is_kept_and_said(tmp_path, body, detail):
    _, tables = one(tmp_path, body)
    assert [(row[3], row[5]) for row in tables["findings"]] == [("code-unknown", detail)]


@pytest.mark.parametrize(
    "body",
    [
        '<sector vocabulary="99" code="99999"/>',
        '<sector code="11110"/>',
        '<sector vocabulary="DAC" code="11110"/>',
        aid_type("B031"),
    ],
)
def test_codes_of_a_list_and_of_other_vocabularies_are_not_questioned(tmp_path, body):
    assert rules(one(tmp_path, body)[1]) == []


def test_markup_in_a_text_keeps_its_words(tmp_path):
    _, tables = one(tmp_path, narrative("<p>Water <b>and</b> sanitation</p>"))
    assert found(tables) == [("text-markup", 8)]
    assert [row[6] for row in tables["texts"] if row[3] == "description"] == ["Water and sanitation"]


def test_a_language_in_a_strange_namespace_is_read_and_said(tmp_path):
    _, tables = one(tmp_path, narrative("Eau", ' xmlns:ns2="xml" ns2:lang="fr"'))
    assert found(tables) == [("text-language-attribute", 8)]
    assert [row[5] for row in tables["texts"] if row[3] == "description"] == ["fr"]


def test_a_date_of_the_activity_that_is_none_is_left_out_and_said(tmp_path):
    dates = '<activity-date type="1" iso-date="soon"/><activity-date type="2" iso-date="2020-01-01"/>'
    _, tables = one(tmp_path, dates)
    assert found(tables) == [("date-unreadable", 8)]
    assert [row[3:5] for row in tables["dates"]] == [("2", date(2020, 1, 1))]


def test_relations_in_circles_are_kept_as_they_are(tmp_path):
    _, tables = one(tmp_path, related("1", "XX-P-1"), related("1", "NOT-THERE"))
    assert [row[3:] for row in tables["relations"]] == [("1", "XX-P-1"), ("1", "NOT-THERE")]
    assert rules(tables) == []


# Whatever comes


pieces = st.lists(
    st.sampled_from(
        [
            *("<iati-activities>", "</iati-activities>", "<iati-activity>", "</iati-activity>", "<iati-activity/>"),
            *(
                "<iati-identifier>XX-P-1</iati-identifier>",
                '<reporting-org ref="XX-P"/>',
                GOOD,
                budget(5),
                narrative("x"),
            ),
            *(
                "<transaction>",
                "</transaction>",
                "<value>5</value>",
                "<!--",
                "-->",
                "<![CDATA[",
                "]]>",
                "<?x",
                "?>",
                "&amp;",
            ),
            *(
                "&",
                "<",
                ">",
                '"',
                "\n",
                "é",
                "\x00",
                "<x:y>",
                "</x:y>",
                "<result><indicator/></result>",
                "<sector/>",
                "<location/>",
            ),
            *("<recipient-country/>", '<document-link url="u"/>', "<activity-date/>", "<tag/>", "<policy-marker/>"),
            *('<recipient-country percentage="1e9" code="é"/>', "<contact-info/>", "<other-identifier/>", "<title/>"),
        ]
    ),
    max_size=30,
).map("".join)


@given(pieces, st.booleans())
def test_whatever_a_file_holds_the_reader_answers_and_never_fails(tmp_path_factory, body, rooted):
    folder = tmp_path_factory.getbasetemp()
    report, tables = read(folder, f"<iati-activities>{body}</iati-activities>" if rooted else body, "fuzz.xml")
    activities = tables.get("activities", [])
    assert report.activities == len(activities)
    assert report.transactions >= len(tables.get("entries", []))
    assert {row[3] for row in tables.get("findings", [])} <= set(RULES)
    if report.complete:
        assert report.transactions == len(tables.get("entries", []))
        assert len({row[:2] for row in tables.get("xml", [])}) == report.activities
