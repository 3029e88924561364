"""What a document says is found again in rows: every field of 2.03, the same in words of 1.x, at the right line."""

import gzip
import random
import re
import socket
from datetime import date
from decimal import Decimal
from xml.parsers import expat

import pytest

from quipu.iati.read import all_rows
from quipu.iati.sources import find
from quipu.rules.identity import number
from tests.documents import activity, budget, column, document, found, read, transaction

FULL = """<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="2.03" generated-datetime="2024-01-02T03:04:05Z">
 <iati-activity default-currency="EUR" xml:lang="en" hierarchy="2" humanitarian="1" last-updated-datetime="2024-01-01">
  <iati-identifier>XX-P-1</iati-identifier>
  <reporting-org ref="XX-P" type="40"><narrative>Our office</narrative><narrative xml:lang="fr">Bureau</narrative></reporting-org>
  <title><narrative>Water
   works</narrative><narrative xml:lang="FR">Eaux</narrative><narrative xml:lang="es"> </narrative></title>
  <description type="2"><narrative xml:lang="en">First.

Second.</narrative></description>
  <participating-org role="1" ref="XX-D" type="10" activity-id="XX-D-7"><narrative>Donor</narrative></participating-org>
  <participating-org role="4"><narrative>Local  body</narrative></participating-org>
  <other-identifier ref="0067" type="A1"/>
  <activity-status code="3"/>
  <activity-date type="1" iso-date="2020-01-31"><narrative>Signed</narrative></activity-date>
  <contact-info type="1">
   <organisation><narrative>Our office</narrative></organisation>
   <person-name><narrative>Some Body</narrative></person-name>
   <telephone>+0 123</telephone><email>some@example.org</email><website>https://example.org/</website>
  </contact-info>
  <activity-scope code="4"/>
  <recipient-country code="ke" percentage="75"/>
  <recipient-region code="289" percentage="25"/>
  <location ref="KE-01"><name><narrative>Nairobi</narrative></name>
   <administrative vocabulary="A4" level="1" code="KE 30"/><point><pos>1 2</pos></point></location>
  <sector code="14030" percentage="60"/><sector code="12220" percentage="40"/>
  <sector vocabulary="7" code="6" percentage="100"/>
  <tag vocabulary="2" code="6"/><tag vocabulary="3" code="6.1"/>
  <tag vocabulary="99" vocabulary-uri="https://example.org/lists#window" code="W1"><narrative>Window one</narrative></tag>
  <tag vocabulary="99" code="T1"/>
  <policy-marker vocabulary="1" code="1" significance="2"/>
  <collaboration-type code="1"/><default-flow-type code="10"/><default-finance-type code="110"/>
  <default-aid-type code="C01"/><default-aid-type vocabulary="2" code="3"/><default-tied-status code="5"/>
  <budget type="2" status="2">
   <period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/>
   <value currency="USD" value-date="2020-01-01">1000.50</value>
  </budget>
  <planned-disbursement>
   <period-start iso-date="2021-01-01"/>
   <value value-date="2021-01-01">20</value><provider-org ref="XX-P"/><receiver-org ref="XX-R"/>
  </planned-disbursement>
  <transaction ref="V-1" humanitarian="true">
   <transaction-type code="3"/>
   <transaction-date iso-date="2020-05-01"/>
   <value currency="USD" value-date="2020-04-30"> -12.345 </value>
   <description><narrative>One  of two</narrative></description>
   <provider-org ref="XX-P" provider-activity-id="XX-P-1"><narrative>Our office</narrative></provider-org>
   <receiver-org receiver-activity-id="XX-R-9"><narrative>Receiver</narrative></receiver-org>
   <disbursement-channel code="1"/>
   <sector code="11110"/><recipient-country code="UG"/>
   <finance-type code="421"/><aid-type vocabulary="2" code="4"/><aid-type code="B01"/>
  </transaction>
  <document-link url="https://example.org/a.pdf" format="application/pdf">
   <title><narrative>Report</narrative><narrative xml:lang="fr">Rapport</narrative></title>
   <category code="A01"/><category code="A02"/><language code="en"/><language code="fr"/><document-date iso-date="2020-02-02"/>
  </document-link>
  <related-activity type="1" ref="XX-P-0"/>
  <result type="1">
   <title><narrative>Wells</narrative></title>
   <description><narrative>Wells dug</narrative></description>
   <indicator measure="1"><title><narrative>Number</narrative></title>
    <baseline year="2019" value="0"/>
    <period>
     <period-start iso-date="2020-01-01"/>
     <period-end iso-date="2020-12-31"/>
     <target value="10"/>
     <actual value="11"><dimension name="sex" value="f"/><comment><narrative>More</narrative></comment></actual>
    </period>
   </indicator>
  </result>
  <conditions attached="0"/>
 </iati-activity>
</iati-activities>
"""
KEY = number("XX-P", "XX-P-1")


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    return read(tmp_path_factory.mktemp("full"), FULL)


def rest(tables, name):
    """The rows of a table without key, copy and ordinal."""
    return [row[3:] for row in tables.get(name, [])]


def line(text: str) -> int:
    """The line of the full document on which something first stands."""
    return FULL[: FULL.index(text)].count("\n") + 1


def test_a_document_without_faults_has_no_findings(full):
    report, tables = full
    assert found(tables) == []
    assert (report.version, report.generated, report.root) == ("2.03", "2024-01-02T03:04:05Z", "iati-activities")
    assert (report.activities, report.transactions) == (1, 1)


def test_the_activity(full):
    assert full[1]["activities"] == [
        (
            *(KEY, 1, "XX-P", "Our office", "XX-P-1", 3, "2.03", "2", "3", "Water works", "en", "EUR", True, False),
            *("C01", "110", "10", "5", "1", "4", "2024-01-01"),
        )
    ]


def test_every_row_stands_under_the_key_and_counts_from_one(full):
    for name, rows in full[1].items():
        if name not in ("unread", "findings", "activities", "xml"):
            assert [row[:3] for row in rows] == [(KEY, 1, n) for n in range(1, len(rows) + 1)]


def test_titles_and_descriptions_in_all_languages(full):
    assert rest(full[1], "texts")[:3] == [
        ("title", "", "", "Water works"),
        ("title", "", "FR", "Eaux"),
        ("description", "2", "en", "First.\n\nSecond."),
    ]


def test_of_people_nothing_is_read(full):
    everything = repr({name: rows for name, rows in full[1].items() if name != "xml"})
    for personal in ("Some Body", "+0 123", "some@example.org"):
        assert personal in FULL
        assert personal not in everything
    assert ("contact", "1/organisation", "", "Our office") in rest(full[1], "texts")
    assert ("contact", "1/website", "", "https://example.org/") in rest(full[1], "texts")


def test_participants_dates_identifiers_and_relations(full):
    body = number("local body")
    assert rest(full[1], "participants") == [
        ("1", "XX-D", "Donor", "10", "XX-D-7"),
        ("4", f"name/local-body-{body:016x}", "Local body", "", ""),
    ]
    assert rest(full[1], "dates") == [("1", date(2020, 1, 31), "Signed")]
    assert rest(full[1], "identifiers") == [("A1", "0067")]
    assert rest(full[1], "relations") == [("1", "XX-P-0")]


def test_portions_of_the_activity_and_of_its_transaction(full):
    assert sorted(rest(full[1], "portions")) == sorted(
        [
            (0, "country", "", "KE", "", "75"),
            (0, "region", "1", "289", "", "25"),
            (0, "place", "", "Nairobi", "Nairobi", ""),
            (0, "sector", "1", "14030", "", "60"),
            (0, "sector", "1", "12220", "", "40"),
            (0, "sector", "7", "6", "", "100"),
            (0, "sdg", "2", "6", "", ""),
            (0, "sdg_target", "3", "6.1", "", ""),
            (0, "window", "99", "W1", "Window one", ""),
            (0, "theme", "99", "T1", "", ""),
            (0, "marker", "1", "1:2", "", ""),
            (1, "sector", "1", "11110", "", ""),
            (1, "country", "", "UG", "", ""),
        ]
    )


def test_a_place_is_kept_without_its_position(full):
    assert rest(full[1], "places") == [("Nairobi", "A4:1:KE_30", "")]


def test_budgets_and_planned_disbursements(full):
    assert rest(full[1], "budgets") == [
        (
            *("budget", line("<budget"), "2", "2", date(2020, 1, 1), date(2020, 12, 31), Decimal("1000.50"), "", "USD"),
            *(date(2020, 1, 1), "", "", "", ""),
        ),
        (
            *("planned_disbursement", line("<planned"), "1", "1", date(2021, 1, 1), None, Decimal(20), "", "EUR"),
            *(date(2021, 1, 1), "XX-P", "", "XX-R", ""),
        ),
    ]


def test_the_transaction(full):
    (entry,) = full[1]["entries"]
    receiver = f"name/receiver-{number('receiver'):016x}"
    assert entry[4:] == (
        *(line("<transaction "), "V-1", "3", "3", date(2020, 5, 1), Decimal("-12.345"), "", "USD", date(2020, 4, 30)),
        *("XX-P", "Our office", "XX-P-1", receiver, "Receiver", "XX-R-9", "One of two", True, "B01", "421"),
    )


def test_documents(full):
    assert rest(full[1], "documents") == [
        (
            line("<document-link"),
            "https://example.org/a.pdf",
            "application/pdf",
            "A01 A02",
            "en fr",
            "2020-02-02",
            "Report",
            "",
        )
    ]
    assert ("document", "1", "fr", "Rapport") in rest(full[1], "texts")


def test_results_with_their_periods(full):
    assert rest(full[1], "readings") == [
        (line("<result"), 1, 0, "result", "1", "", "Wells", "Wells dug", "", "", "", "", ""),
        (line("<indicator"), 1, 1, "indicator", "1", "", "Number", "", "", "", "", "", ""),
        (line("<baseline"), 1, 1, "baseline", "", "", "", "", "0", "2019", "2019", "", ""),
        (line("<target"), 1, 1, "target", "", "", "", "", "10", "2020-01-01", "2020-12-31", "", ""),
        (line("<actual"), 1, 1, "actual", "", "", "", "More", "11", "2020-01-01", "2020-12-31", "sex=f", ""),
    ]


def test_what_is_not_read_is_counted_by_name(full):
    unread = dict(full[1]["unread"])
    assert unread["conditions"] == 1
    assert unread["transaction/disbursement-channel"] == 1
    assert unread["location/point"] == 1
    assert unread["contact-info/email"] == 1
    assert not any(name.startswith(("title", "sector", "budget", "transaction/value")) for name in unread)


def test_the_whole_xml_is_kept(full):
    ((_, _, piece, begins, _),) = full[1]["xml"]
    assert (piece, begins) == (1, 3)


# The words of IATI 1.x


FIRST = """<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="1.03">
<iati-activity xml:lang="en" default-currency="EUR">
<reporting-org ref="XX-P" type="40">Our office</reporting-org>
<iati-identifier>XX-P-1</iati-identifier>
<title xml:lang="en">Water</title><title xml:lang="fr">Eau</title>
<description type="1">Plain words</description>
<activity-status code="2">Implementation</activity-status>
<activity-date type="start-planned" iso-date="2010-01-31">January</activity-date>
<activity-date type="End-Actual">2011-12-31</activity-date>
<participating-org role="Funding" ref="XX-D">Donor</participating-org>
<participating-org role="implementing">Local body</participating-org>
<other-identifier owner-ref="XX-O" owner-name="Other">77</other-identifier>
<activity-website>https://example.org/</activity-website>
<recipient-country code="KE">Kenya</recipient-country>
<sector vocabulary="DAC" code="14030" percentage="100">Water</sector><sector vocabulary="RO" code="W">Ours</sector>
<policy-marker vocabulary="DAC" code="1" significance="1"/>
<location percentage="100"><name>Nairobi</name></location>
<transaction>
<transaction-type code="D">Disbursement</transaction-type>
<provider-org ref="XX-P">Our office</provider-org>
<value value-date="2010-06-01">100</value>
<transaction-date iso-date="2010-06-02"/>
</transaction>
<transaction><transaction-type>IF</transaction-type><value value-date="2010-06-01">7</value>
<transaction-date>2010-06-03</transaction-date></transaction>
<document-link url="https://example.org/a"><title>Report</title><language>en</language></document-link>
</iati-activity>
</iati-activities>
"""


def test_the_same_in_words_of_version_1(tmp_path):
    report, tables = read(tmp_path, FIRST)
    assert found(tables) == []
    assert report.transactions == 2
    assert [row[2:] for row in rest(tables, "texts") if row[0] == "title"] == [("en", "Water"), ("fr", "Eau")]
    assert rest(tables, "dates") == [("1", date(2010, 1, 31), "January"), ("4", date(2011, 12, 31), "")]
    assert [row[0:3] for row in rest(tables, "participants")] == [
        ("1", "XX-D", "Donor"),
        ("4", f"name/local-body-{number('local body'):016x}", "Local body"),
    ]
    assert rest(tables, "identifiers") == [("XX-O", "77")]
    assert [row[1:4] for row in rest(tables, "portions") if row[1] == "sector"] == [
        ("sector", "1", "14030"),
        ("sector", "99", "W"),
    ]
    assert ("country", "", "KE", "Kenya", "") in [row[1:] for row in rest(tables, "portions")]
    assert ("marker", "1", "1:1", "", "") in [row[1:] for row in rest(tables, "portions")]
    assert ("place", "", "Nairobi", "Nairobi", "100") in [row[1:] for row in rest(tables, "portions")]
    assert [(row[6], row[7], row[8], row[9], row[11]) for row in tables["entries"]] == [
        ("3", "D", date(2010, 6, 2), 100, "EUR"),
        ("1", "IF", date(2010, 6, 3), 7, "EUR"),
    ]
    assert [(row[1], row[4], row[6]) for row in rest(tables, "documents")] == [
        ("https://example.org/", "", ""),
        ("https://example.org/a", "en", "Report"),
    ]


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        ("IF", "1"),
        ("C", "2"),
        ("D", "3"),
        ("E", "4"),
        ("IR", "5"),
        ("LR", "6"),
        ("R", "7"),
        ("QP", "8"),
        ("QS", "9"),
        ("CG", "10"),
    ],
)
def test_all_letters_are_read_in_all_versions(tmp_path, letter, code):
    for version in ("1.01", "1.05", "2.01", "2.03"):
        _, tables = read(
            tmp_path, document(activity("XX-P-1", transaction(letter, 5), transaction(code, 5)), version=version)
        )
        assert column(tables, "entries", 6) == [code, code]


@pytest.mark.parametrize("secondary", ["1", "true"])
def test_a_secondary_reporter_is_known(tmp_path, secondary):
    body = document(activity("XX-P-1", secondary=True)).replace(
        'secondary-reporter="1"', f'secondary-reporter="{secondary}"'
    )
    assert column(read(tmp_path, body)[1], "activities", 13) == [True]
    assert column(read(tmp_path, document(activity("XX-P-1")))[1], "activities", 13) == [False]


# Identity of an entry


def entry_numbers(folder, *parts):
    _, tables = read(folder, document(activity("XX-P-1", *parts)))
    return column(tables, "entries", 3)


def test_an_entry_keeps_its_number_when_others_come_and_go_before_it(tmp_path):
    a, b = transaction("3", 5, ref="A"), transaction("3", 5, ref="B")
    (alone,) = entry_numbers(tmp_path, a)
    assert entry_numbers(tmp_path, b, budget(7), a)[1] == alone
    assert entry_numbers(tmp_path, transaction("3", ""), a) == [alone]


def test_equal_entries_are_told_apart_by_their_place_among_equals(tmp_path):
    a, b = transaction("3", 5), transaction("3", 6)
    first, second, third = entry_numbers(tmp_path, a, a, a)
    assert len({first, second, third}) == 3
    assert entry_numbers(tmp_path, a, b, a) == [first, entry_numbers(tmp_path, b)[0], second]


def test_how_a_number_is_written_does_not_make_it_another_entry(tmp_path):
    assert (
        len({*entry_numbers(tmp_path, transaction("3", "5")), *entry_numbers(tmp_path, transaction("D", " 5.00 "))})
        == 1
    )


@pytest.mark.parametrize(
    "other",
    [
        transaction("4", 5),
        transaction("3", "5.01"),
        transaction("3", 5, "2020-05-02"),
        transaction("3", 5, currency="EUR"),
        transaction("3", 5, provider="XX-A"),
        transaction("3", 5, receiver="XX-A"),
        transaction("3", 5, ref="A"),
    ],
)
def test_each_thing_that_tells_entries_apart_does(tmp_path, other):
    assert entry_numbers(tmp_path, transaction("3", 5)) != entry_numbers(tmp_path, other)


# Lines


def judged(body: bytes) -> dict[str, list[int]]:
    """The lines where elements begin, as expat knows them: transactions and budgets that will be rows, and the rest."""
    lines: dict[str, list[int]] = {}
    parser = expat.ParserCreate()

    def start(tag, _):
        lines.setdefault(tag, []).append(parser.CurrentLineNumber)

    parser.StartElementHandler = start
    parser.Parse(body, True)
    return lines


def read_lines(tables):
    return {
        "iati-activity": column(tables, "activities", 5),
        "transaction": column(tables, "entries", 4),
        "budget": column(tables, "budgets", 4),
        "document-link": column(tables, "documents", 3),
        "result": [row[3] for row in tables.get("readings", []) if row[6] == "result"],
    }


def test_lines_are_where_elements_begin_also_when_their_tags_span_lines_and_behind_line_65_535(tmp_path):
    dice = random.Random(7)
    activities = []
    for n in range(3_000):
        gap = "\n" * dice.randint(0, 12)
        money = "".join(
            gap[: dice.randint(0, 12)] + transaction("3", k).replace("<transaction>", f"<transaction{gap}>")
            for k in range(dice.randint(0, 4))
        )
        activities.append(
            activity(
                f"XX-P-{n}", gap + budget(5), money, f'<document-link{gap} url="u"/>{gap}<result>{gap}</result>'
            ).replace("<iati-activity ", f"<iati-activity{gap} ")
        )
    body = document(*activities)
    assert body.count("\n") > 2 * 65_536
    report, tables = read(tmp_path, body)
    judge = judged(body.encode())
    assert report.activities == 3_000
    assert read_lines(tables) == {tag: judge[tag] for tag in read_lines(tables)}
    assert column(tables, "xml", 3) == judge["iati-activity"]


def test_findings_behind_line_65_535_have_their_line_too(tmp_path):
    body = document(activity("XX-P-1", "\n" * 70_000, transaction("3", "x"), '<activity-date\n iso-date="soon"/>'))
    _, tables = read(tmp_path, body)
    assert found(tables) == [("transaction-bad-value", 70_009), ("date-unreadable", 70_010)]


@pytest.mark.real
def test_lines_of_a_long_published_file_are_those_a_judge_finds(data):
    path = data / "iati" / "dportal-2021" / "XM-DAC-928-2.03.xml.gz"
    body = gzip.decompress(path.read_bytes())
    assert body.count(b"\n") > 65_535
    (source,) = find([path])
    report, tables = all_rows(source)
    judge = judged(body)
    assert column(tables, "activities", 5) == judge["iati-activity"]
    assert report.refused_transactions == 0
    assert column(tables, "entries", 4) == judge["transaction"]
    assert column(tables, "xml", 3) == judge["iati-activity"]


# Nothing but the file


def test_nothing_is_fetched_and_no_socket_is_opened(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the network was used")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    head = (
        '<?xml version="1.0"?>\n<!DOCTYPE iati-activities SYSTEM "http://127.0.0.1:9/x.dtd">\n'
        '<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>\n'
    )
    body = document(activity("XX-P-1"), head=head).replace(
        "<iati-activities ",
        '<iati-activities xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:noNamespaceSchemaLocation="http://127.0.0.1:9/x.xsd" xmlns:xi="http://www.w3.org/2001/XInclude" ',
    )
    body = body.replace("</iati-activity>", '<xi:include href="http://127.0.0.1:9/x.xml"/></iati-activity>')
    report, _ = read(tmp_path, body)
    assert (report.complete, report.activities) == (True, 1)


def test_an_include_of_a_local_file_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("do not read")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{tmp_path}/secret.txt"/>'
    _, tables = read(
        tmp_path, document(activity("XX-P-1", f"<description><narrative>{include}</narrative></description>"))
    )
    assert not re.search("do not read", repr(tables))
