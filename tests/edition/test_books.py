"""Books in an edition: their money, what files say of the same activity, and editions that stand on earlier ones."""

from decimal import Decimal

import pytest

from quipu.edition import cache, make, texts
from quipu.edition.ask import ask, in_identities
from quipu.edition.books import ranges
from quipu.edition.engine import connect, quoted
from quipu.edition.home import Home
from quipu.edition.manifest import load
from quipu.edition.open import Edition, Editions
from quipu.edition.pages import find, page
from quipu.rules.asking import question
from tests.documents import activity, document, related, transaction

BOOKS = """
fund TF1 "Test Fund"
    currency: USD
    publisher: XX-P "XX-P office"
contributor SE "Government of Sweden"
organization UNDP "United Nations Development Programme"
    iati: XM-DAC-41114
organization FAO "Food and Agriculture Organization"
    iati: XM-DAC-41301
project 0001 "First"
    fund: TF1
    iati: XX-P-1
    country: PE 60%
    country: BO 40%
    theme: private-sector "Private Sector"
project 0002 "Second"
    fund: TF1
agreement SAA-1 TF1 SE
    amount: 5,000,000.00 USD
2012-01-15 agreement ^SAA-1
    commitment  TF1 < SE  5,000,000.00  under SAA-1
2012-02-01 deposit ^D-1
    deposit     TF1 < SE  2,500,000.00  (18,125,000.00 SEK @ 7.25) under SAA-1
    agent-fee   TF1          25,000.00
2012-02-20 budget ^B-1
    budget      0001/UNDP travel  90,000.00
2012-03-15 transfer ^V-000101 "First tranche"
    document: sha256-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 "request"
    transfer    TF1 > 0001/UNDP  1,200,000.00
    transfer    TF1 > 0002/UNDP    200,000.00
2012-12-31 return ^R-2012
    expenditure 0001/UNDP travel interim  90,000.00
"""
LATER = """
organization WFP "World Food Programme"
contributor NO "Government of Norway"
project 0003 "Third"
    fund: TF1
    country: CL
    sector: 15110
2013-03-01 deposit ^D-2
    deposit     TF1 < NO  10,000.00
2013-03-15 transfer ^V-000102
    transfer    TF1 > 0002/FAO  100,000.00
    transfer    TF1 > 0003/WFP   50,000.00
2013-03-15 status 0001 operationally-closed ^S-1 "notice"
2013-03-15 extend 0002 2014-12-31 ^E-1
2013-04-28 return ^R-2012-a replaces ^R-2012
    expenditure 0001/UNDP travel certified  88,500.00  year 2012
    expenditure 0001/UNDP staff interim      1,500.00  year 2013
2013-05-01 reversal ^REV reverses ^V-000102#1 "wrong project"
"""
FILE = document(
    activity(
        "XX-P-1",
        '<description type="1"><narrative xml:lang="es">Lo que dice el archivo</narrative></description>',
        related("1", "TF1"),
        transaction("4", 777),
        hierarchy=2,
    ),
    activity("XX-P-9", transaction("3", 5, receiver="FAO")),
)


def publishing(ledger, tmp_path):
    """Posts a text and publishes; answers the edition. The first call takes the file along."""
    from quipu.books.public import Books

    home, folder = Home(tmp_path / "home"), tmp_path / "in"
    folder.mkdir()
    (folder / "file.xml").write_text(FILE)

    def publish(text: str = "") -> Edition:
        ledger.post(text)
        make.publish(home, [folder] if home.current() is None else None, None, Books("mark"))
        return Editions(home).current()

    return publish


@pytest.fixture
def published(ledger, tmp_path):
    return publishing(ledger, tmp_path)


@pytest.fixture
def published_once(sqlite_ledger, tmp_path):
    """For what an edition does with rows, whichever engine they came from."""
    return publishing(sqlite_ledger, tmp_path)


def figures(edition, names, by=(), where=()):
    table = ask(edition, question(names, by, where))
    return {tuple(cell.value for cell in row[: len(by)]): [cell.value for cell in row[len(by) :]] for row in table.rows}


def told(edition, identifier):
    ((key, _),) = find(edition, identifier)
    return page(edition, key)


# Money


def test_money_of_the_books_is_asked_by_all_that_books_know(published):
    edition = published(BOOKS)
    assert figures(edition, ["deposits", "agent_fees", "net_funded"], ["fund"], ["fund=TF1"]) == {
        ("TF1",): [2_500_000, 25_000, 1_400_000]
    }
    assert figures(edition, ["net_funded"], ["country"], ["project=XX-P-1"]) == {("BO",): [480_000], ("PE",): [720_000]}
    assert figures(edition, ["expenditure"], ["category"], ["fund=TF1"]) == {("travel",): [90_000]}
    assert figures(edition, ["commitments", "deposits"], ["contributor"], ["fund=TF1"]) == {
        ("SE",): [5_000_000, 2_500_000]
    }
    assert figures(edition, ["budget"], ["participating_organization"], ["fund=TF1"]) == {("XM-DAC-41114",): [90_000]}


def test_codes_of_the_books_are_understood_and_never_mistaken_for_an_identity(published_once):
    edition = published_once(BOOKS)

    def net(condition, figure="net_funded"):
        asked = in_identities(edition, question([figure], [], [condition]))
        return [row[0].value for row in ask(edition, asked).rows]

    assert net("project=0001") == net("project=XX-P-1") == [1_200_000]
    assert net("participating_organization=UNDP") == net("participating_organization=XM-DAC-41114") == [1_400_000]
    assert net("receiver=FAO", "disbursement") == [5]  # a file calls somebody so: that is who is meant


def test_interim_money_is_marked_in_every_cell_that_holds_some(published):
    edition = published(BOOKS + LATER)
    table = ask(edition, question(["net_funded", "expenditure", "delivery_rate"], ["year"], ["project=XX-P-1"]))
    marks = {row[0].value: [cell.interim for cell in row[1:]] for row in table.rows}
    assert marks == {"2012": [None, None, None], "2013": [None, Decimal(1500), Decimal(1500)]}
    assert table.total[2].value == 90_000
    assert table.total[2].interim == 1_500


def test_a_project_begins_with_the_first_transfer_that_stands(published):
    edition = published(BOOKS)
    assert {d["type"]: d["on"] for d in told(edition, "XX-P-1")["dates"]} == {"2": "2012-03-15"}
    assert told(edition, "XX-P-1")["status"] == "2"
    edition = published(
        "2012-06-01 reversal ^X reverses ^V-000101\n2012-06-02 transfer ^N\n    transfer TF1 > 0001/UNDP 5.00"
    )
    assert [d["on"] for d in told(edition, "XX-P-1")["dates"]] == ["2012-06-02"]
    assert told(edition, "0002")["dates"] == []


def test_events_say_status_and_end(published):
    edition = published(BOOKS + LATER)
    assert told(edition, "XX-P-1")["status"] == "3"
    assert {d["type"]: d["on"] for d in told(edition, "XX-P-1")["dates"]} == {"2": "2012-03-15", "4": "2013-03-15"}
    assert {"type": "3", "on": "2014-12-31", "text": "extension"} in told(edition, "0002")["dates"]


# Books and files of the same activity


def test_books_win_over_a_file_and_take_its_words_where_they_have_none(published):
    edition = published(BOOKS)
    first = told(edition, "XX-P-1")
    assert (first["books"], first["copies"], first["words_from"]) == (True, 1, "file.xml")
    assert [t["text"] for t in first["texts"] if t["role"] == "description"] == ["Lo que dice el archivo"]
    assert first["title"] == "First"
    assert figures(edition, ["expenditure"], ["project"], ["project=XX-P-1"]) == {("XX-P-1",): [90_000]}
    assert edition.rows("SELECT identifier, source FROM copies") == [("XX-P-1", 0)]


def test_an_identifier_is_enough_where_the_books_name_no_publisher(published):
    edition = published(BOOKS.replace('    publisher: XX-P "XX-P office"\n', ""))
    assert told(edition, "XX-P-1")["copies"] == 1
    assert told(edition, "XX-P-1")["words_from"] == "file.xml"
    assert figures(edition, ["expenditure"], ["project"], ["project=XX-P-1"]) == {("XX-P-1",): [90_000]}


def test_a_file_beside_the_books_keeps_its_money(published):
    edition = published(BOOKS)
    assert figures(edition, ["disbursement"], ["project"]) == {("XX-P-9",): [5]}


# Editions on top of others


def tables(connection, catalog):
    return {
        name
        for (name,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'main'"
            " AND NOT starts_with(table_name, 'files_')"
            " UNION SELECT view_name FROM duckdb_views() WHERE database_name = ? AND schema_name = 'main' AND NOT internal",
            [catalog, catalog],
        ).fetchall()
    }


def differences(home, number, base):
    """(table, rows only above, rows only in the whole) of an edition on another one and the same made whole."""
    whole = cache.build(home, load(home, number), whole=True)
    connection = connect()
    for name, path in (("made", home.overlay(number, base)), ("base", home.database(base)), ("whole", whole)):
        connection.execute(f"ATTACH {quoted(path)} AS {name} (READ_ONLY)")
    found = []
    names = tables(connection, "whole")
    assert names - tables(connection, "made") == set()
    for name in sorted(names):
        asked = f"SELECT string_agg(concat('\"', name, '\"'), ', ') FROM pragma_table_info('whole.main.{name}')"
        ((columns,),) = connection.execute(asked).fetchall()
        above, alone = (f"SELECT {columns} FROM {place}.{name}" for place in ("made.main", "whole.main"))
        only = [
            connection.execute(f"SELECT count(*) FROM ({a} EXCEPT ALL {b})").fetchone()[0]
            for a, b in ((above, alone), (alone, above))
        ]
        if any(only):
            found.append((name, *only))
    return found


FEW = ("a status that money is cut by", "all at once, with new projects and organizations")  # unless --long
STEPS = (  # what happened, and how the books say so; one after the other
    ("a transfer", "2013-01-10 transfer ^A\n    transfer TF1 > 0002/UNDP 7.00"),
    ("money of the fund alone", "2013-01-10 charges ^B\n    bank-charge TF1 12.00"),
    ("an extension", "2013-03-15 extend 0002 2014-12-31 ^E-0"),
    ("a status that money is cut by", "2013-03-14 status 0002 suspended ^S-0"),
    ("a reversal of the first transfer", "2012-06-01 reversal ^X reverses ^V-000101#2"),
    ("a country for old money", 'project 0002 "Second"\n    fund: TF1\n    country: EC'),
    ("all at once, with new projects and organizations", LATER),
    ("old money becomes illustrative", 'fund TF1 "Test Fund"\n    illustrative: yes'),
)


def test_an_edition_on_another_one_holds_what_it_would_hold_if_it_were_made_whole(published_once, request):
    home = published_once(BOOKS).home
    assert home.stands_on(1) is None
    steps = [step for step in STEPS if step[0] in FEW or request.config.getoption("--long")]
    for number, (happened, text) in enumerate(steps, 2):
        published_once(text)
        assert home.stands_on(number) == 1, happened
        assert differences(home, number, 1) == [], happened
        home.database(number).unlink()  # the next one stands on the first again


def test_a_difference_would_be_seen(published_once):
    edition = published_once(BOOKS)
    published_once("2013-01-10 transfer ^A\n    transfer TF1 > 0002/UNDP 7.00")
    with connect() as connection:
        connection.execute(f"ATTACH {quoted(edition.home.overlay(2, 1))} AS made")
        connection.execute("USE made.fresh")
        connection.execute("UPDATE pages SET head = 'x' WHERE key = (SELECT min(key) FROM pages)")
    assert differences(edition.home, 2, 1) == [("pages", 1, 1)]


def test_each_later_edition_stands_on_the_last_whole_one_until_it_is_made_whole(published_once):
    home = published_once(BOOKS).home
    for n in range(1, 4):
        published_once(f"2013-01-10 transfer ^A-{n}\n    transfer TF1 > 0002/UNDP {n}.00")
    assert {home.stands_on(number) for number in range(2, 5)} == {1}
    assert make.consolidate(home)
    assert not make.consolidate(home)
    edition = published_once("2013-01-11 transfer ^B\n    transfer TF1 > 0002/UNDP 1000.00")
    assert home.stands_on(5) == 4
    assert figures(edition, ["net_funded"], ["project"], ["project=0002"]) == {("0002",): [200_000 + 6 + 1000]}
    assert differences(home, 5, 4) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('organization UNDP "Another name"', id="an organization has another name"),
        pytest.param(
            'project 0009 "Nine"\n    fund: TF1\n    iati: XX-P-9', id="a project of the books is a file's activity"
        ),
    ],
)
def test_what_changes_more_than_the_books_makes_the_edition_whole(published_once, text):
    home = published_once(BOOKS).home
    published_once(text)
    assert home.stands_on(2) is None
    assert home.database(2).is_file()


def test_overlays_of_editions_long_gone_are_deleted_and_made_again_when_they_are_read(published_once, monkeypatch):
    monkeypatch.setattr(make, "KEPT", 2)
    home = published_once(BOOKS).home
    for n in range(1, 5):
        published_once(f"2013-01-10 transfer ^A-{n}\n    transfer TF1 > 0002/UNDP {n}.00")
    assert [home.stands_on(number) for number in (2, 3, 4, 5)] == [None, None, 1, 1]
    assert home.database(1).is_file()
    old = Edition(home, 3)
    assert figures(old, ["net_funded"], ["project"], ["project=0002"]) == {("0002",): [200_003]}
    assert home.stands_on(3) == 1


def test_an_edition_whose_base_was_deleted_is_made_again(published_once):
    home = published_once(BOOKS).home
    published_once("2013-01-10 transfer ^A\n    transfer TF1 > 0002/UNDP 7.00")
    home.database(1).unlink()
    assert figures(Editions(home).current(), ["net_funded"], ["project"], ["project=0002"]) == {("0002",): [200_007]}


# Parts


def test_the_same_books_are_the_same_content_whatever_was_published_before(published_once, tmp_path):
    from quipu.books.public import Books

    def posted(first, last):  # BOOKS are five links
        return "".join(
            f"2013-01-10 transfer ^A-{n}\n    transfer TF1 > 0002/UNDP {n}.00\n" for n in range(first, last + 1)
        )

    home = published_once(BOOKS + posted(6, 14)).home
    for n in (15, 16, 17):  # sixteen ranges of one link become one of sixteen
        published_once(posted(n, n))
    at_once, _ = make.publish(Home(tmp_path / "other"), [tmp_path / "in"], None, Books("mark"))
    assert at_once.position == 17
    assert at_once.content == load(home, home.current()).content
    for number in home.numbers():
        for source in load(home, number).sources:
            assert all(home.part(part["sha256"]).is_file() for part in source["parts"])


def test_a_chain_is_cut_into_few_ranges_that_meet():
    for last in (0, 1, 15, 16, 17, 255, 256, 70_000, 1_000_000):
        found = ranges(last)
        assert [low for low, _ in found] == [1, *(high + 1 for _, high in found)][: len(found)]
        assert (found[-1][1] if found else 0) == last
        assert len(found) <= 4 * 15 + last // 65_536


def test_an_edition_stands_on_another_of_the_same_texts_and_other_texts_make_it_whole(published_once, tmp_path):
    folder = tmp_path / "home" / "texts"
    folder.mkdir(parents=True)
    (folder / "labels.toml").write_text('[TF1.en]\ncontributor = "Donor"\n[TF2.en]\ncontributor = "Giver"\n')
    home = published_once(BOOKS).home
    edition = published_once("2013-01-10 transfer ^A\n    transfer TF1 > 0002/UNDP 1.00")
    assert home.stands_on(2) == 1
    assert differences(home, 2, 1) == []
    assert texts.labels_of(edition, "TF1", "en") == {"contributor": "Donor"}
    assert edition.rows("SELECT rule, detail FROM findings WHERE rule = 'label-fund'") == [
        ("label-fund", "labels.toml: [TF2]")
    ]
    (folder / "labels.toml").write_text('[TF1.en]\ncontributor = "Payer"\n')
    edition = published_once("2013-01-11 transfer ^B\n    transfer TF1 > 0002/UNDP 1.00")
    assert home.stands_on(3) is None
    assert texts.labels_of(edition, "TF1", "en") == {"contributor": "Payer"}
    assert texts.labels_of(Editions(home).get(2), "TF1", "en") == {"contributor": "Donor"}
