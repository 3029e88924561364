"""Registers in an edition and on the gateway: public rows and sums, and that nobody finds a person or a private row anywhere."""

import json
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from quipu.edition import make, registers
from quipu.edition.home import Home
from quipu.edition.open import Edition, Editions
from tests import ledgers
from tests.desk.cast import HOUSE
from tests.desk.registering import (
    AGREED,
    CERTIFICATE,
    OWNER,
    SILENT,
    TRAINED,
    WITHDRAWN,
    agreed,
    counting,
    entered,
    enterprise,
    kept,
)
from tests.edition.test_books import differences
from tests.portal.conftest import Reader
from tests.taken_down import _words, files, holding

SECRETS = (OWNER, TRAINED, CERTIFICATE, "Leonoreta", SILENT, WITHDRAWN, "7,111", "7111", "8222", "Road of Briolanja")
DONE = date(2012, 12, 31)
NAMED = "/project/P1"


def published(home: Home) -> Edition:
    from quipu.books.public import Books

    make.publish(home, None, None, Books("mark"))
    found = Editions(home).current()
    assert found is not None
    return found


def key_of(edition: Edition, code: str = "P1") -> int:
    return int(edition.rows("SELECT key FROM accounts WHERE kind = 'project' AND code = ?", [code])[0][0])


def filled(ledger: Any) -> Home:
    """Registers, readings counted from them and approved, resources; one of each that is not public."""
    from quipu.actions.registers import counting as counts
    from quipu.actions.registers import resource
    from quipu.actions.registers.resource import ResourceSaid
    from quipu.actions.results import reading

    ledger.post(HOUSE)
    kept()
    for indicator in (
        counting("w"),
        counting("w", "P1-r2", on="on", people=True, breaks={"sex": "sex"}),
        counting("w", "P1-r1", what="sum:jobs_women", people=True),
    ):
        taken = counts.take(by="w", indicator=indicator.code, until=DONE)
        reading.lead(by="a", code=taken.code, act="approve")
    said = {"source_kind": "national", "kind": "parallel"}
    resource.keep(by="w", project="P1", said=ResourceSaid(**said, source="Programme of terraces", is_public=True))
    counterpart = {
        "source_kind": "own",
        "kind": "counterpart",
        "organization": "ORG1",
        "amount": "1500.50",
        "currency": "USD",
    }
    resource.keep(by="w", project="P1", said=ResourceSaid(**counterpart, is_public=True))
    resource.keep(by="w", project="P1", said=ResourceSaid(**said, source="Road of Briolanja"))
    home = Home(ledger.home)
    home.prepare()
    return home


@pytest.fixture
def home(sqlite_ledger: Any) -> Home:
    """A home of one's own."""
    return filled(sqlite_ledger)


@pytest.fixture(scope="module")
def house(_books_template: Any, tmp_path_factory: Any) -> Home:
    """A home that is only read."""
    found = filled(ledgers.sqlite(_books_template, tmp_path_factory.mktemp("registers") / "books"))
    published(found)
    return found


@pytest.fixture
def reader(house: Home) -> Any:
    """Somebody without a name, before the gateway."""
    from django.test import Client, override_settings

    from quipu.portal.server import application

    application(house.root)
    with override_settings(HOME=house.root, DEMO=False):
        yield Reader(Client())


def test_a_register_shows_the_rows_whose_owners_agree_and_says_how_many_do_not(house: Home) -> None:
    edition = Editions(house).current()
    assert edition is not None
    enterprises, policies = registers.registers(edition, key_of(edition))
    assert (enterprises.count, enterprises.shown, enterprises.unagreed) == (3, 1, 2)
    assert enterprises.rows == {1: {"name": AGREED, "sector": "crafts", "district": "Pucara", "financed": "2011"}}
    assert enterprises.totals == []  # of three rows
    assert [(one["indicator"], one["rows"], one["numbers"]) for one in enterprises.counts] == [
        ("P1-i1", 3, "1"),
        ("P1-i3", 1, "1"),
    ]
    assert policies.rows[1]["number"] == "011-2011"


def test_of_people_the_record_says_only_that_their_list_is_never_public(house: Home) -> None:
    edition = Editions(house).current()
    assert edition is not None
    (told,) = [one for one in registers.counts(edition, key_of(edition)) if one["of_people"]]
    assert (told["register"], told["rows"], told["numbers"], told["what"]) == ("", None, "", "")


def test_no_person_no_private_row_and_no_amount_is_in_any_byte_of_parts_or_databases(house: Home) -> None:
    every = list(files(house))
    assert holding(AGREED, iter(every))  # the judge can read
    for word in SECRETS:
        assert holding(word, iter(every)) == [], word


ADDRESSES = (
    *(f"{NAMED}{end}" for end in ("", ".json", ".csv", ".xlsx", ".pdf", ".atom")),
    *(f"{NAMED}?format={form}&table={table}" for form in ("csv", "xlsx", "json")
      for table in ("register_1", "register_3", "resources")),
    *(f"/data/{table}.{form}" for table in ("registered", "sums", "resources", "activities", "facts")
      for form in ("csv", "parquet")),
    *("/fund/VALLEY", "/fund/VALLEY.json", "/data", "/data/manifest.json", "/search?q=Mandragora", "/search?q=Oriana", "/gaps"),
    *("/changes", "/feed", "/es/project/P1", f"/e/1{NAMED}", "/documents", "/organizations"),
)  # fmt: skip


def test_a_stranger_finds_nobody_in_pages_files_and_feeds(reader: Reader) -> None:
    told = []
    for address in ADDRESSES:
        answer = reader.client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, (address, answer.status_code)
        told.append((address, 200, _words(address, body)))
    assert len(holding(AGREED, iter(told))) > 5
    for word in SECRETS:
        own = [one for one in told if not one[0].startswith("/search")]  # a search repeats what was typed
        assert holding(word, iter(own)) == [], word


def test_the_document_to_file_holds_the_rows_and_other_resources_and_nothing_private(reader: Reader) -> None:
    document = PdfReader(BytesIO(reader.get(f"{NAMED}?format=pdf").content))
    words = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    for said in ("What stands behind a count", AGREED, "Other resources", "Programme of terraces", "1,501"):
        assert said in words, said
    assert [word for word in SECRETS if word in words] == []


def test_the_factsheet_opens_a_count_to_its_rows_and_files(reader: Reader) -> None:
    words = reader.words(NAMED)
    for said in (
        "What stands behind a count",
        "3 rows count.",
        "1 of them is shown, because its owner agrees: as name, district, sector and year.",
        "2 are not public, because their owners have not agreed or agree no more.",
        "1 reading was counted from a list that is not public: lists of people never are.",
        "Other resources",
        "None of it is in the figures above",
        "Programme of terraces",
        "1,501",
    ):
        assert said in words, said
    rows = reader.rows(f"{NAMED}?format=csv&table=register_1")
    assert [(row["name"], row["financed"], row["counts_for"]) for row in rows] == [(AGREED, "2011", "P1-i1 P1-i3")]
    others = reader.rows(f"{NAMED}?format=csv&table=resources")
    assert [(row["giver"], row["amount"]) for row in others] == [
        ("Programme of terraces", ""),
        ("First organization", "1500.5"),
    ]
    told = json.loads(reader.text(f"{NAMED}.json"))
    assert [one["code"] for one in told["registers"]] == ["P1-r1", "P1-r3"]


def test_a_withdrawn_consent_and_a_withdrawn_row_are_gone_with_the_next_edition_as_if_made_whole(home: Home) -> None:
    from quipu.actions.registers import consent, row
    from quipu.books import models
    from quipu.books.public import last_public

    edition = published(home)
    before = last_public()
    consent.withdraw(by="w", record=models.Row.objects.get(register="P1-r1", number=1), reason="Asked so")
    row.withdraw(by="w", record=models.Row.objects.get(register="P1-r3", number=1), reason="Never approved")
    assert last_public() > before  # whoever follows the books publishes
    edition = published(home)
    assert home.stands_on(2) == 1
    enterprises, policies = registers.registers(edition, key_of(edition))
    assert (enterprises.rows, policies.rows) == ({}, {})
    assert differences(home, 2, 1) == []


def test_a_consent_that_runs_out_takes_its_row_out(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from quipu.actions import follow
    from quipu.actions.registers import consent
    from quipu.books import models, public_registers

    one = models.Row.objects.get(register="P1-r1", number=2)
    agreed("w", one, until=date(2030, 6, 30))
    for day, names in ((date(2030, 6, 30), {AGREED, SILENT}), (date(2030, 7, 1), {AGREED})):
        monkeypatch.setattr(public_registers, "today", lambda day=day: day)
        told = [row for table, row in public_registers.rows() if table == "registered" and row.field == "name"]  # type: ignore[attr-defined]
        assert {row.value for row in told} == names  # type: ignore[attr-defined]
    assert consent.next_end(date(2030, 6, 30)) == date(2030, 7, 1)
    assert not follow._is_released("2999-01-01T00:00:00Z")


def test_sums_are_told_over_five_rows(home: Home) -> None:
    from quipu.books import models, public_registers

    register = models.Register.objects.get(pk="P1-r1")
    entered("w", register, *(enterprise(f"N{n}", grant="100") for n in range(2)))
    (total,) = [row for table, row in public_registers.rows() if table == "register_totals"]
    assert [str(value) for value in total[:-1]] == ["P1", "P1-r1", "grant", "PEN", "20533.000000", "5"]


def test_what_is_withheld_takes_its_registers_along(home: Home) -> None:
    from quipu.edition import withholding
    from quipu.edition.withheld import ACTIVITY

    edition = published(home)
    identifier = edition.rows("SELECT identifier FROM activities WHERE key = ?", [key_of(edition)])[0][0]
    order = withholding.ask(home, ACTIVITY, {"identifier": identifier}, reason="x", by="w")
    withholding.put(home, order)
    withholding.finish(home)
    assert holding(AGREED, files(home)) == []
