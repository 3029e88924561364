"""Results of the desk in an edition: rows that tell a framework whole, and nothing that is not approved and public."""

import json
from datetime import date

import duckdb
import pytest

from quipu.edition import bulk, compare, make, pages, searchable, withholding
from quipu.edition import results as edition_results
from quipu.edition.home import Home
from quipu.edition.manifest import load
from quipu.edition.open import Editions
from quipu.edition.withheld import PERSON, TEXT
from quipu.rules.mandates import EVERYTHING
from tests.desk.cast import HOUSE
from tests.desk.resulting import approved, framed

# One activity of the books has a copy in a file, with results of its own.
BEHIND = """<iati-activities version="2.03"><iati-activity hierarchy="2" default-currency="USD">
<iati-identifier>P1</iati-identifier><reporting-org ref="" type="90"><narrative>Office</narrative></reporting-org>
<title><narrative>Terraces</narrative></title>
<result type="1"><title><narrative>Of the file</narrative></title><indicator measure="1">
<title><narrative>Walls mended, says the file</narrative></title><period><period-start iso-date="2025-01-01"/>
<period-end iso-date="2025-12-31"/><actual value="7"/></period></indicator></result></iati-activity></iati-activities>"""


@pytest.fixture
def home(sqlite_ledger):
    sqlite_ledger.post(HOUSE)
    found = Home(sqlite_ledger.home)
    found.prepare()
    return found


def published(home, folder=None, drafts=()):
    from quipu.books.public import Books

    make.publish(home, [folder] if folder else None, None, Books("mark", drafts=drafts))
    return Editions(home).current()


def record_of(edition, identifier="P1"):
    return pages.page(edition, pages.find(edition, identifier)[0][0])


def bytes_of(home):
    """Everything that lies in a home's public parts, its database and its bulk files, as readable text."""
    edition = Editions(home).current()
    connection = duckdb.connect()
    told = [path.read_bytes() for path in home.parts.iterdir()]
    for source in load(home, home.current()).sources:
        for part in source["parts"]:
            rows = connection.execute(f"SELECT * FROM read_parquet('{home.part(part['sha256'])}')").fetchall()
            told.append(repr(rows).encode())
    told += [bulk.file(edition, table, "csv").read_bytes() for table in bulk.TABLES]
    told += [path.read_bytes() for path in home.cache.rglob("*.duckdb")]
    return b"\n".join(told)


def test_a_framework_is_told_whole(home):
    from quipu.actions.results import framework

    made = framed("w")
    framework.set_target(by="w", indicator="P1-i1", until=date(2025, 12, 31), value="120", reason="Another valley")
    approved("w", "a", made["trained"], "80", cells={"sex": {"women": "45", "men": "35"}}, link="https://example.org/r")
    told = record_of(published(home))["results"]
    assert [(one["kind"], one["code"], one["parent"], one["organization"]) for one in told["aims"]] == [
        ("outcome", "P1-o1", "", ""),
        ("output", "P1-o1-1", "P1-o1", "ORG1"),
    ]
    assert [(one["number"], one["parent"], one["kind"], one["baseline"]) for one in told["indicators"]] == [
        (1, "P1-o1-1", "count", "0"),
        (2, "P1-o1", "percentage", ""),
        (3, "P1-o1", "milestone", ""),
    ]
    assert [(one["value"], one["state"], one["reason"]) for one in told["targets"]] == [
        ("100", "revised", ""),
        ("120", "in force", "Another valley"),
    ]
    (read,) = told["observations"]
    assert (read["value"], read["reported"], read["link"]) == ("80", True, "https://example.org/r")
    assert [(one["choice"], one["value"]) for one in told["cells"]] == [("women", "45"), ("men", "35")]
    titles = {(one["of"], one["role"], one["language"]): one["text"] for one in told["texts"]}
    assert titles["P1-i1", "title", "es"] == "Guardianes de manantiales certificados"


def test_they_win_over_those_of_a_file_which_stays_listed(home, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "file.xml").write_text(BEHIND)
    edition = published(home, tmp_path / "in")
    assert record_of(edition)["readings"][0]["title"] == "Of the file"
    made = framed("w")
    approved("w", "a", made["trained"], "80")
    edition = published(home)
    assert edition.home.stands_on(2) == 1
    for _ in range(2):  # on top of the first, and made whole
        record = record_of(edition)
        assert record["readings"] == []
        assert record["results"]["observations"][0]["value"] == "80"
        assert len(edition.rows("SELECT * FROM copies")) == 1
        assert edition.rows("SELECT count(*) FROM resulted") == [(1,)]
        for path in home.cache.glob("000002/quipu-*"):
            path.unlink()
        from quipu.edition import cache

        cache.build(home, load(home, 2), whole=True)
        edition = Editions(home).current()


SECRETS = ("Zarzaparrilla", "Quillahuaman", "Beltenebros", "Mandragora", "Fosforito", "Garabato", "Maritornes")


def test_what_is_not_approved_and_public_is_in_no_byte(home):
    from quipu.actions.results import framework, reading
    from quipu.actions.results.framework import IndicatorSaid
    from quipu.actions.results.reading import ReadingSaid

    made = framed("Maritornes")  # who writes
    secret = framework.keep_indicator(
        by="Maritornes", project="P1", said=IndicatorSaid({"en": "Quarrels at Zarzaparrilla"}, "count", is_public=False)
    )
    approved("Maritornes", "a", secret, "4", source="Quillahuaman's notebook")
    framework.set_target(by="w", indicator=secret.code, until=date(2025, 12, 31), value="3")
    said = {"until": date(2024, 12, 31), "source": "the draft of Beltenebros"}
    draft = reading.write(by="w", said=ReadingSaid(made["trained"].code, value="66", **said))
    returned = reading.write(
        by="w", said=ReadingSaid(made["trained"].code, value="67", **{**said, "source": "Mandragora"})
    )
    reading.lead(by="w", code=returned.code, act="submit")
    reading.lead(by="a", code=returned.code, act="return", reason="Fosforito has other numbers")
    gone = approved("w", "a", made["trained"], "68", source="Garabato")
    reading.lead(by="a", code=gone.code, act="withdraw", reason="wrong")
    approved("Maritornes", "Fosforito", made["trained"], "80", note="Mandragora told us at night")
    edition = published(home)
    everything = bytes_of(home)
    for word in SECRETS:
        assert word.encode() not in everything, word
    values = [one["value"] for one in record_of(edition)["results"]["observations"]]
    assert values == ["80"]
    found = list(searchable.items(edition))
    assert next((item.title, item.also) for item in found if item.kind == "indicator") == (
        "Keepers of springs certified",
        ["Guardianes de manantiales certificados"],
    )
    assert not any(word in repr(found) for word in SECRETS)
    preview = published(home, drafts=(EVERYTHING,))
    seen = {one["value"]: one["state"] for one in record_of(preview)["results"]["observations"]}
    assert seen == {"66": "draft", "67": "draft", "80": "approved"}
    assert draft.state == "draft"


def test_a_document_behind_a_reading_is_named_only_while_it_is_public(home):
    from quipu.books import models

    made = framed("w")
    now = "2025-01-01T00:00:00Z"
    for code, visibility in (("open", "public"), ("Garabato", "internal")):
        paper = models.Document.objects.create(
            code=code, fund_id="VALLEY", visibility=visibility, made_by="w", made_at=now
        )
        models.Version.objects.create(
            **{
                "document": paper,
                "number": 1,
                "given": code * 8,
                "sha256": code * 8,
                "name": "x",
                "by": "w",
                "at": now,
            },
            **{"state": "checked", "cleared_by": "w", "cleared_at": now},
        )
    approved("w", "a", made["trained"], "80", documents=("open", "Garabato"))
    told = record_of(published(home))["results"]
    assert [one["sha256"] for one in told["papers"]] == ["open" * 8]
    assert b"Garabato" not in bytes_of(home)


def test_what_is_taken_down_of_results_is_in_no_byte_either(home):
    made = framed("w")
    approved("w", "a", made["trained"], "80", source="Told by Ana Nusta of Zarzaparrilla")
    published(home)
    for kind, target in ((PERSON, {"words": "Ana Nusta"}), (TEXT, {"identifier": "P1", "role": "result"})):
        withholding.put(home, withholding.ask(home, kind, target, reason="asked for", by="a"))
        withholding.finish(home)
        everything = bytes_of(home)
        assert b"Ana Nusta" not in everything
        assert (b"Zarzaparrilla" in everything) == (kind == PERSON)
    told = record_of(Editions(home).current())["results"]
    assert (told["observations"][0]["value"], told["observations"][0]["source"]) == ("80", "")
    assert {one["text"] for one in told["texts"]} == {""}


def test_few_people_are_left_out_with_the_next_smallest(home):
    from quipu.actions.results import framework

    made = framed("w")
    approved("w", "a", made["trained"], "60", cells={"place": {"Above": "3", "Below": "20", "Between": "37"}})
    counts = {"direct/reached/women": 3, "direct/reached/men": 40, "direct/reached/people": 43}
    framework.keep_beneficiaries(by="w", project="P1", until=date(2025, 12, 31), counts=counts, source="report")
    told = record_of(published(home))["results"]
    assert [(one["choice"], one["value"], one["why"]) for one in told["cells"]] == [
        ("Between", "37", ""),
        ("", "", "too few people"),
    ]
    assert [(one["who"], one["number"]) for one in told["beneficiaries"]] == [
        ("women", None),
        ("men", None),
        ("people", 43),
    ]


def test_programmes_of_one_measure_are_put_together_and_what_stays_out_is_named(home):
    from quipu.actions.results import framework
    from quipu.actions.results.framework import IndicatorSaid

    framework.keep_measure(
        by="w", code="trained", titles={"en": "People trained"}, kind="count", unit={"en": "people"}, is_new=True
    )
    people = {"kind": "count", "measure": "trained", "unit": {"en": "People"}, "is_of_people": True}
    several = [
        framework.keep_indicator(by="w", project=project, said=IndicatorSaid({"en": "Trained"}, **said))
        for project, said in (
            ("P1", {**people, "gathers": "sums"}),
            ("P2", people),
            ("C1", {**people, "unit": {"en": "days"}}),
        )
    ]
    for since, until, value in (("2024-01-01", "2024-12-31", "30"), ("2025-01-01", "2025-12-31", "20")):
        approved("w", "a", several[0], value, since=date.fromisoformat(since), until=date.fromisoformat(until))
    approved("w", "a", several[1], "7")
    approved("w", "a", several[2], "900")
    edition = published(home)
    (one,) = edition_results.together(edition)
    assert str(one.rolled.value) == "57"
    assert [part.name for part in one.rolled.parts] == ["P1-i1", "P2-i1"]
    assert [(part.name, why) for part, why in one.rolled.left_out] == [("C1-i1", "other-unit")]
    (of_fund,) = edition_results.together(edition, "a.fund = ?", ["COAST"])
    assert of_fund.rolled.value is None


def test_what_changed_is_said_in_values(home):
    made = framed("w")
    approved("w", "a", made["trained"], "80")
    before = published(home)
    from quipu.actions.results import reading

    other = approved("w", "a", made["trained"], "84", source="The ministry")
    reading.choose(by="a", code=other.code, reason="It counted twice")
    approved("w", "a", made["share"], "9/24")
    found = compare.changes(before, published(home))
    assert [(one.place, one.before, one.after, one.origin) for one in found.readings] == [
        ("i1", "80", "84", "The ministry"),
        ("i2", None, "9/24", "Annual report"),
    ]
    assert found.readings[0].titles["es"] == "Guardianes de manantiales certificados"
    assert json.dumps(found.counts)
    assert [altered.aspect for altered in found.words] == ["results"]
