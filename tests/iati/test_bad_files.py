"""Forty-eight broken files, real and authored: what each must come to, typed from their manifest and from the files."""

import csv
import json
import socket
import time
import tracemalloc
from datetime import date
from decimal import Decimal

import pytest

from quipu.iati.read import all_rows
from quipu.iati.sources import find
from tests.documents import column, found, rules

pytestmark = pytest.mark.real

# file → (complete, activities, transactions, refused activities, refused transactions, findings as (rule, line))
EXPECTED: dict[str, tuple[bool, int, int, int, int, list[tuple[str, int]]]] = {
    "html-404-page.xml": (False, 0, 0, 0, 0, [("file-broken", 2)]),
    "empty.xml": (False, 0, 0, 0, 0, [("file-empty", 0)]),
    "whitespace-only.xml": (False, 0, 0, 0, 0, [("file-empty", 0)]),
    "json-error-body.xml": (False, 0, 0, 0, 0, [("file-not-xml", 0)]),
    "cp1252-bytes-declared-utf8.xml": (False, 0, 0, 0, 0, [("file-encoding", 7)]),
    "latin1-declared-valid.xml": (True, 1, 0, 0, 0, []),
    "utf16-bom-valid.xml": (True, 1, 0, 0, 0, []),
    "utf8-bom-valid.xml": (True, 1, 0, 0, 0, []),
    "leading-blank-line.xml": (True, 1, 0, 0, 0, [("file-repaired", 1)]),
    "undefined-entity.xml": (False, 0, 0, 0, 0, [("file-broken", 7)]),
    "bare-ampersand.xml": (False, 0, 0, 0, 0, [("file-broken", 7)]),
    "control-character.xml": (False, 0, 0, 0, 0, [("file-broken", 7)]),
    "double-escaped-html.xml": (True, 1, 0, 0, 0, []),
    "html-elements-in-narrative.xml": (True, 1, 0, 0, 0, [("text-markup", 7)]),
    "xxe-external-entity.xml": (False, 0, 0, 0, 0, [("file-entities", 2)]),
    "billion-laughs.xml": (False, 0, 0, 0, 0, [("file-entities", 2)]),
    "external-dtd.xml": (True, 1, 0, 0, 0, []),
    "duplicate-identifiers.xml": (True, 3, 2, 0, 0, []),  # the edition says which copy counts
    "identifier-whitespace-and-case.xml": (
        *(True, 3, 0, 1, 0),
        [("activity-identifier-spaces", 4), ("activity-no-identifier", 23), ("activity-identifier-prefix", 33)],
    ),
    "wrong-root-single-activity.xml": (True, 1, 0, 0, 0, [("file-wrapped", 2), ("file-version", 2)]),
    "datastore-response-wrapper.xml": (True, 1, 0, 0, 0, [("file-wrapped", 2)]),
    "default-namespace.xml": (True, 1, 1, 0, 0, [("file-namespace", 3)]),
    "uppercase-elements.xml": (False, 0, 0, 0, 0, [("element-unknown", 3)]),
    "bad-dates.xml": (
        *(True, 12, 4, 0, 8),
        [
            *[("transaction-bad-date", line) for line in (11, 21, 31)],
            *[("date-implausible", 41), ("transaction-bad-date", 51), ("transaction-bad-date", 71)],
            *[("transaction-no-date", 81), ("transaction-bad-date", 91), ("date-implausible", 101)],
            ("transaction-bad-date", 111),
        ],
    ),
    "bad-numbers.xml": (
        *(True, 15, 5, 0, 10),
        [
            *[("transaction-bad-value", line) for line in (11, 21, 31, 41, 51, 61)],
            *[("transaction-no-value", 71), ("transaction-bad-value", 81), ("value-too-large", 111)],
            *[("transaction-bad-value", line) for line in (141, 151)],
        ],
    ),
    "percentages.xml": (
        *(True, 5, 0, 0, 0),
        [
            *[("shares-not-whole", 3), ("share-unreadable", 14), ("shares-not-whole", 14), ("shares-not-whole", 35)],
            *[("share-unreadable", 45), ("shares-not-whole", 45)],
        ],
    ),
    "version-mismatch-1x-content-in-2x.xml": (True, 1, 1, 0, 0, [("transaction-letter", 3), ("activity-status", 3)]),
    "version-missing.xml": (True, 1, 1, 0, 0, [("file-version", 2)]),
    "version-odd-0.xml": (True, 1, 0, 0, 0, [("file-version", 2)]),
    "version-odd-1.xml": (True, 1, 0, 0, 0, [("file-version", 2)]),
    "version-odd-2.xml": (True, 1, 0, 0, 0, [("file-version", 2)]),
    "version-odd-3.xml": (True, 1, 0, 0, 0, [("file-version", 2)]),
    "version-odd-4.xml": (True, 1, 0, 0, 0, [("file-version", 2)]),
    "version-odd-5.xml": (True, 1, 0, 0, 0, [("file-version", 2)]),
    "currency-odd.xml": (
        True,
        6,
        6,
        0,
        0,
        [("currency-unknown", 11), ("currency-odd", 21), ("value-date-missing", 51)],
    ),
    "hierarchy-cycles.xml": (True, 6, 0, 0, 0, [("activity-hierarchy", 43), ("activity-hierarchy", 52)]),
    "deep-nesting.xml.gz": (False, 0, 0, 0, 0, [("file-broken", 2)]),
    "huge-narrative.xml.gz": (True, 1, 0, 0, 0, [("text-shortened", 7)]),
    "many-narratives.xml": (True, 1, 0, 0, 0, []),
    "gzip-bytes-named.xml": (True, 1, 3, 0, 0, [("file-compressed", 0), ("value-date-missing", 9)]),
    "element-order.xml": (True, 1, 1, 0, 0, []),
    "unknown-codes.xml": (
        *(True, 1, 3, 0, 0),
        [("transaction-type", 14), ("transaction-letter", 15), ("shares-not-whole", 3), ("code-unknown", 3)],
    ),
    "empty-activities.xml": (True, 0, 0, 0, 0, [("file-no-activities", 2)]),
    "mixed-good-and-bad.xml": (True, 3, 2, 0, 1, [("transaction-bad-date", 21)]),
}
# Too many findings to type: the counts, and the rules that occur.
COUNTED: dict[str, tuple[bool, int, int, int, int, set[str]]] = {
    "truncated.xml.gz": (False, 39, 237, 0, 0, {"file-broken", "value-date-missing"}),
    "real-many-empty-elements.xml.gz": (True, 50, 122, 0, 0, set()),
    "real-ns2-lang-prefix.xml.gz": (True, 48, 0, 0, 0, {"shares-not-whole"}),
}
ARCHIVE = "archive-with-traversal.zip"


def read(data, name):
    (source,) = find([data / "iati" / "bad" / name])
    return all_rows(source)


def summary(report):
    return (
        *(report.complete, report.activities, report.transactions),
        *(report.refused_activities, report.refused_transactions),
    )


def texts(tables, role):
    return [row[6] for row in tables["texts"] if row[3] == role]


def test_every_broken_file_of_the_manifest_is_tested_here(data):
    with (data / "iati" / "bad" / "MANIFEST.csv").open(newline="") as rows:
        listed = [row["file"].removeprefix("bad/") for row in csv.DictReader(rows)]
    assert len(listed) == 48
    assert set(listed) == {*EXPECTED, *COUNTED, ARCHIVE}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_file_is_read_as_far_as_it_can_be_and_says_what_is_wrong(data, name):
    report, tables = read(data, name)
    *counts, findings = EXPECTED[name]
    assert summary(report) == tuple(counts)
    assert sorted(found(tables)) == sorted(findings)


@pytest.mark.parametrize("name", COUNTED)
def test_a_real_file_with_many_faults_is_read_whole(data, name):
    report, tables = read(data, name)
    *counts, expected = COUNTED[name]
    assert summary(report) == tuple(counts)
    assert set(rules(tables)) == expected


@pytest.mark.parametrize("name", [*EXPECTED, *COUNTED])
def test_what_is_broken_is_broken_quickly(data, name):
    began = time.monotonic()
    read(data, name)
    assert time.monotonic() - began < 1


# What in particular is expected


def test_before_a_cut_whole_activities_are_taken_in_and_no_partial_one(data):
    _, tables = read(data, "truncated.xml.gz")
    # Line 1024 begins the fortieth activity; the file ends on line 1026.
    assert max(column(tables, "activities", 5)) == 1007
    assert max(column(tables, "entries", 4)) < 1024
    assert len(column(tables, "xml", 4)) == 39
    assert found(tables)[-1] == ("file-broken", 1026)


@pytest.mark.parametrize("name", ["latin1-declared-valid.xml", "utf16-bom-valid.xml", "utf8-bom-valid.xml"])
def test_other_encodings_keep_their_letters(data, name):
    _, tables = read(data, name)
    if name.startswith("latin1"):
        assert texts(tables, "description") == ["Réhabilitation à Bamako £"]
    assert not any("\ufffd" in text or "Ã" in text for text in texts(tables, "description"))
    assert column(tables, "activities", 5) == [3]


def test_escaped_html_is_text_and_stays_text(data):
    _, tables = read(data, "double-escaped-html.xml")
    assert texts(tables, "description") == ["<p>Water &amp; sanitation</p><script>alert(1)</script>"]


def test_words_inside_markup_are_kept_whole(data):
    _, tables = read(data, "html-elements-in-narrative.xml")
    assert texts(tables, "description") == ["Water and sanitation"]


def test_an_external_entity_never_brings_a_files_content_in(data):
    _, tables = read(data, "xxe-external-entity.xml")
    assert set(tables) == {"findings"}


def test_a_bomb_takes_neither_time_nor_memory(data):
    tracemalloc.start()
    began = time.monotonic()
    read(data, "billion-laughs.xml")
    assert time.monotonic() - began < 0.5
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("name", ["external-dtd.xml", "xxe-external-entity.xml", "html-404-page.xml"])
def test_nothing_is_fetched_while_reading(data, name, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    read(data, name)


def test_the_same_identifier_twice_gives_two_copies_of_one_activity(data):
    _, tables = read(data, "duplicate-identifiers.xml")
    first, second, other = tables["activities"]
    assert first[0] == second[0] != other[0]
    assert (first[1], second[1]) == (1, 2)
    assert column(tables, "entries", 9) == [100, 200]


def test_an_identifier_is_trimmed_and_its_case_kept(data):
    _, tables = read(data, "identifier-whitespace-and-case.xml")
    assert column(tables, "activities", 4) == ["XI-TEST-DEV-16", "XI-TEST-DEV-16", "xi-test-dev-18"]


def test_of_twelve_dates_four_are_dates(data):
    _, tables = read(data, "bad-dates.xml")
    assert column(tables, "entries", 8) == [date(1, 1, 1), date(2014, 12, 31), date(9999, 12, 31), date(2014, 6, 1)]
    assert column(tables, "entries", 4) == [41, 61, 101, 121]


def test_of_fifteen_numbers_five_are_numbers(data):
    _, tables = read(data, "bad-numbers.xml")
    assert [(row[4], row[9], row[10]) for row in tables["entries"]] == [
        (91, Decimal(-5), ""),
        (101, Decimal("7.5"), ""),
        (111, None, "99999999999999999999.99"),
        (121, Decimal(0), ""),
        (131, Decimal(42), ""),
    ]


def test_percentages_are_kept_as_they_are_written(data):
    _, tables = read(data, "percentages.xml")
    assert column(tables, "portions", 8) == [
        *("60", "60", "33.33", "33.33", "33.33"),
        *("50", "50", "50%", "50,0"),
        *("100", "60", "40"),
        *("", ""),
        *("-10", "110"),
    ]


def test_letters_and_plain_text_are_read_under_a_2_version_too(data):
    _, tables = read(data, "version-mismatch-1x-content-in-2x.xml")
    (entry,) = tables["entries"]
    assert (entry[6], entry[7], entry[9], entry[8]) == ("3", "D", 100, date(2012, 2, 1))
    assert texts(tables, "title") == ["Plain title"]
    assert [row[3:5] for row in tables["participants"]] == [("1", "GB-1")]
    assert [row[3:6] for row in tables["dates"]] == [("2", date(2012, 1, 1), "Start")]


def test_odd_currencies_are_never_silently_dollars(data):
    _, tables = read(data, "currency-odd.xml")
    assert column(tables, "entries", 11) == ["", "USD", "XXX", "ZWD", "EUR", "EUR"]
    assert column(tables, "entries", 12) == [
        *(date(2020, 6, 1), date(2020, 6, 1), date(2020, 6, 1), date(2020, 6, 1)),
        *(None, date(2099, 1, 1)),
    ]


def test_eight_languages_are_kept_with_their_tags(data):
    _, tables = read(data, "many-narratives.xml")
    titles = [(row[5], row[6]) for row in tables["texts"] if row[3] == "title"]
    assert titles == [
        *(("en", "Titre en"), ("fr", "Titre fr"), ("es", "Titre es"), ("ar", "Titre ar")),
        *(("zh-Hans", "Titre zh-Hans"), ("pt-BR", "Titre pt-BR"), ("xx", "Titre xx"), ("", "Titre")),
    ]


def test_unknown_codes_are_kept(data):
    _, tables = read(data, "unknown-codes.xml")
    assert [(row[6], row[7]) for row in tables["entries"]] == [("", "99"), ("3", "D"), ("3", "3")]
    assert [row[6] for row in tables["portions"]] == ["UK", "KE", "99999"]
    assert column(tables, "activities", 14) == ["Z99"]


def test_twelve_megabytes_of_text_are_shortened_and_kept_whole_in_the_xml(data):
    _, tables = read(data, "huge-narrative.xml.gz")
    assert [len(text) for text in texts(tables, "description")] == [200_000]
    assert len(column(tables, "xml", 4)) >= 1


def test_an_archive_is_read_without_writing_and_a_name_that_leads_out_is_said(data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sources = find([data / "iati" / "bad" / ARCHIVE])
    reports = [all_rows(source) for source in sources]
    assert [source.name for source in sources] == [f"{ARCHIVE}/a/activities.xml", f"{ARCHIVE}/evil.xml"]
    assert [summary(report) for report, _ in reports] == [(True, 1, 0, 0, 0)] * 2
    assert [found(tables) for _, tables in reports] == [[], [("file-archive-name", 0)]]
    assert not list(tmp_path.iterdir())
    assert not (tmp_path.parent / "evil.xml").exists()


def test_all_broken_files_make_one_edition_and_only_what_is_whole_counts(data, tmp_path, quipu):
    done = quipu("publish", data / "iati" / "bad", "--home", tmp_path, "--json")
    made = json.loads(done.stdout)
    # 49 documents (the archive holds two). Activities read: those typed above, and two of the archive.
    read_in = sum(counts[1] for counts in [*EXPECTED.values(), *COUNTED.values()]) + 2
    transactions = sum(counts[2] for counts in [*EXPECTED.values(), *COUNTED.values()])
    # Three are copies: XI-TEST-DEV-14 and -16 twice in their files, and 44000-P002753 in two files, with three transactions.
    assert (made["files"], made["activities"], made["copies"]) == (49, read_in - made["copies"], made["copies"])
    assert made["copies"] == 3
    assert made["transactions"] == transactions - 1 - 3
