"""Registers at the desk: who reads what of people, rows by form and by workbook, own fields, counts, other resources."""

import io
from typing import Any

import lxml.html
import openpyxl
import pytest

from tests.desk.cast import NOBODY, PARTS, STRANGER
from tests.desk.registering import AGREED, CERTIFICATE, OWNER, SILENT, TRAINED, counting, entered, enterprise, kept

LIST = "/desk/registers/list/P1-r1"
PEOPLE = "/desk/registers/list/P1-r2"
KEEPERS = ("programme editor", "lead agency editor", "fund secretariat")
AUDITOR = "auditor of people"
WORDS = (OWNER, TRAINED, CERTIFICATE, "Leonoreta")


@pytest.fixture
def made(cast: Any) -> dict[str, Any]:
    """Three registers."""
    return kept()


def words(browser: Any, address: str, **options: Any) -> str:
    answer = browser.get(address, **options)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def form_of(browser: Any, address: str) -> dict[str, str]:
    """What stands in the last form of a page that is typed into."""
    form = lxml.html.fromstring(words(browser, address)).xpath("//form[contains(@class, 'letter')]")[-1]
    return {name: value for name, value in form.form_values() if value and name != "csrfmiddlewaretoken"}


def numbers(browser: Any, address: str) -> list[int]:
    """The rows that a list shows."""
    found = lxml.html.fromstring(words(browser, address)).xpath("//tbody//th/span/text()")
    return [int(text) for text in found]


def test_only_keepers_read_people_and_an_auditor_who_said_why(cast: Any, made: dict[str, Any]) -> None:
    for role in [*PARTS, NOBODY, STRANGER]:
        browser = cast.client(role)
        for address in (PEOPLE, f"{PEOPLE}/1"):
            answer = browser.get(address, follow=True)
            told = answer.content.decode(errors="replace")
            if role in KEEPERS:
                assert TRAINED in told, (role, address)
            else:
                assert not any(word in told for word in WORDS), (role, address)
    for address in (f"{PEOPLE}?q=Beltenebros", f"{PEOPLE}/workbook/template"):
        told = cast.client("auditor").get(address, follow=True).content.decode(errors="replace")
        assert not any(word in told for word in WORDS), address


def test_each_time_an_auditor_reads_people_is_on_record(cast: Any, made: dict[str, Any]) -> None:
    from quipu.books import models

    browser = cast.client(AUDITOR)
    assert browser.get(PEOPLE)["Location"].endswith("/P1-r2/read")
    assert browser.post(f"{PEOPLE}/read", {"reason": " "}).status_code == 422
    assert browser.post(f"{PEOPLE}/read", {"reason": "Sample of the year"})["Location"].endswith("/list/P1-r2")
    assert TRAINED in words(browser, PEOPLE)
    row = models.History.objects.get(verb="read")
    assert (row.by, row.code, row.reason) == (cast.people[AUDITOR].pk, "P1-r2", "Sample of the year")
    assert "Sample of the year" in words(cast.client("programme editor"), PEOPLE)
    session = browser.session
    session["registers of people"] = {"P1-r2": 1}
    session.save()
    assert browser.get(PEOPLE).status_code == 302
    assert browser.post(f"{PEOPLE}/new", {"v_name": "x"}).status_code == 403


def test_an_owner_is_masked_and_not_found_by_those_who_do_not_keep_the_register(
    cast: Any, made: dict[str, Any]
) -> None:
    for role in ("agent finance officer", "auditor", AUDITOR):
        browser = cast.client(role)
        told = words(browser, f"{LIST}/1")
        assert OWNER not in told
        assert "…" in told
        assert SILENT in words(browser, f"{LIST}?q=oriana")
        assert AGREED not in words(browser, f"{LIST}?q=quispe")
    keeper = cast.client("programme editor")
    assert OWNER in words(keeper, f"{LIST}/1")
    assert AGREED in words(keeper, f"{LIST}?q=quispe")


def test_a_keeper_of_another_programme_stays_outside(cast: Any, made: dict[str, Any]) -> None:
    other = cast.client(person=cast.person("programme editor", project_id="C1"))
    for address in (PEOPLE, LIST, f"{LIST}/1", f"{LIST}/new", "/desk/registers/of/P1"):
        assert other.get(address).status_code == 403, address


def test_a_row_is_entered_amended_and_withdrawn_by_form(cast: Any, made: dict[str, Any]) -> None:
    from quipu.books import models

    browser = cast.client("programme editor")
    wrong = browser.post(f"{LIST}/new", {"v_name": "Mill", "v_financed": "2012-03-04", "v_grant": "1.234"})
    assert wrong.status_code == 422
    assert "It can be read two ways" in wrong.content.decode()
    answer = browser.post(f"{LIST}/new", {"v_name": "Mill", "v_financed": "2012-03-04", "v_grant": "1,234.50"})
    assert answer["Location"].endswith("/list/P1-r1/4")
    row = models.Row.objects.get(register="P1-r1", number=4)
    assert row.values == {"name": "Mill", "financed": "2012-03-04", "grant": [123450, "PEN"]}
    told = form_of(browser, f"{LIST}/4/amend")
    assert told["v_grant"] == "1234.50 PEN"
    assert browser.post(f"{LIST}/4/amend", {**told, "v_sector": "crafts"}).status_code == 302
    assert browser.post(f"{LIST}/4/amend", told).status_code == 422  # somebody changed it meanwhile
    assert browser.post(f"{LIST}/4/withdraw", {"reason": "Never paid"}).status_code == 302
    assert "Never paid" in words(browser, f"{LIST}/4")
    assert "Mill" not in words(browser, LIST)
    assert "Mill" in words(browser, f"{LIST}?held=withdrawn")


def test_rows_are_found_by_what_was_chosen_by_year_and_by_consent(cast_anywhere: Any) -> None:
    kept()
    browser = cast_anywhere.client("programme editor")
    assert SILENT in words(cast_anywhere.client("auditor"), f"{LIST}?q=oriana")
    for query, found in {
        "f_sector=crafts": [1],
        "f_sector=services": [],
        "year=2012": [3],
        "held=agreed": [1],
        "held=not+agreed": [3, 2],
        "q=2": [2],
        "q=pucara": [1],
    }.items():
        assert numbers(browser, f"{LIST}?{query}") == found, query


def test_a_list_asks_as_many_questions_for_twenty_rows_as_for_three(cast: Any, made: dict[str, Any]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = cast.client("programme editor")
    counted = []
    words(browser, LIST)  # the session is read
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            words(browser, LIST)
            words(browser, "/desk/registers/of/P1")
        counted.append(len(asked))
        entered("w", made["enterprises"], *(enterprise(f"N{n}") for n in range(20)))
    assert counted[0] == counted[1]


def test_consent_is_kept_and_withdrawn_by_form(cast: Any, made: dict[str, Any]) -> None:
    browser = cast.client("fund secretariat")
    said = {"given_on": "2024-03-01", "given_by": "The owner, by letter", "seen": "0"}
    from quipu.actions import history
    from quipu.actions.registers import row

    said["seen"] = str(history.version(row.thing(made["rows"][1])))
    assert browser.post(f"{LIST}/2/consent", said).status_code == 302
    assert "in force" in words(browser, f"{LIST}/2")
    assert browser.post(f"{LIST}/2/consent/withdraw", {"reason": "Asked so"}).status_code == 302
    assert browser.post(f"{PEOPLE}/1/consent", said).status_code == 422


# Workbooks


def book_of(browser: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(browser.get(f"{LIST}/workbook/template").content))


def sent(browser: Any, book: Any) -> Any:
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "rows.xlsx"
    return browser.post(f"{LIST}/workbook", {"file": out})


def heads(sheet: Any) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[2] if cell.value}


def test_a_workbook_amends_its_rows_and_enters_new_ones_once(cast: Any, made: dict[str, Any]) -> None:
    from quipu.books import models

    browser = cast.client("programme editor")
    book = book_of(browser)
    sheet, at = book.worksheets[0], heads(book.worksheets[0])
    assert [sheet.cell(y, at["Row"]).value for y in (3, 4, 5)] == ["1", "2", "3"]
    sheet.cell(4, at["Sector"]).value = "Tourism"
    sheet.cell(6, at["Name of the enterprise"]).value = "Mill"
    sheet.cell(6, at["Financed on"]).value = "2012-03-04"
    sheet.cell(6, at["Grant"]).value = 1234.125
    sheet.cell(7, at["Name of the enterprise"]).value = "Without a day"
    answer = sent(browser, book)
    assert answer.status_code == 200
    assert "0 new, 1 changed, 2 as they were, 2 wrong." in answer.content.decode()
    assert "It has more decimals than its currency" in answer.content.decode()
    assert models.Row.objects.filter(register="P1-r1").count() == 3
    sheet.cell(6, at["Grant"]).value = 1234.5
    sent(browser, book)
    refused = browser.post(f"{LIST}/workbook/apply", {"act": "enter"})
    assert refused.status_code == 422
    remarked = browser.post(f"{LIST}/workbook/apply", {"act": "remarks"})
    told = openpyxl.load_workbook(io.BytesIO(remarked.content)).worksheets[0]
    assert "Something is needed here" in str(told.cell(7, heads(told)["Remarks"]).value)
    for _ in range(2):  # the second time changes nothing
        sent(browser, book)
        assert browser.post(f"{LIST}/workbook/apply", {"act": "enter", "which": "good"}).status_code == 302
    rows = {one.number: one.values for one in models.Row.objects.filter(register="P1-r1")}
    assert rows[2]["sector"] == "tourism"
    assert rows[4] == {"name": "Mill", "financed": "2012-03-04", "grant": [123450, "PEN"]}
    assert len(rows) == 4
    assert not models.Unsaved.objects.exists()


def test_a_workbook_of_another_register_is_not_taken(cast: Any, made: dict[str, Any]) -> None:
    browser = cast.client("programme editor")
    body = browser.get("/desk/registers/list/P1-r3/workbook/template").content
    file = io.BytesIO(body)
    file.name = "x.xlsx"
    answer = browser.post(f"{LIST}/workbook", {"file": file})
    assert answer.status_code == 422
    assert "A column is missing" in answer.content.decode()
    assert browser.post(f"{LIST}/workbook/apply", {"act": "enter"}).status_code == 422


# A programme's own fields


def test_a_register_of_its_own_is_made_by_forms_alone(cast: Any) -> None:
    from quipu.books import models

    browser = cast.client("programme editor")
    said = {"title_en": "Gates", "kind": "own", "currency": "USD"}
    assert browser.post("/desk/registers/of/P1/new", said)["Location"].endswith("/P1-r1/fields")
    seen = form_of(browser, f"{LIST}/fields")["seen"]
    field = {"title_en": "State of the gate", "type": "choice", "choices": "Open\nShut", "seen": seen}
    assert browser.post(f"{LIST}/fields", {**field, "type": "text"}).status_code == 302
    assert browser.post(f"{LIST}/fields", field).status_code == 422  # somebody changed it meanwhile
    seen = form_of(browser, f"{LIST}/fields")["seen"]
    assert browser.post(f"{LIST}/fields", {**field, "title_en": "Use", "seen": seen}).status_code == 302
    assert browser.post(f"{LIST}/fields/state_of_the_gate/remove").status_code == 302
    schema = models.Register.objects.get(pk="P1-r1").schema
    assert [one["key"] for one in schema["fields"]] == ["name", "use"]
    assert browser.post(f"{LIST}/new", {"v_name": "Upper", "v_use": "Shut"}).status_code == 302
    browser.post(f"{LIST}/fields/name/remove")
    assert len(models.Register.objects.get(pk="P1-r1").schema["fields"]) == 2
    assert browser.get("/desk/registers/list/P1-r1/fields/none").status_code == 404


# Counts


def test_an_indicator_is_defined_and_its_count_taken_by_form(cast: Any, made: dict[str, Any]) -> None:
    from quipu.actions.results import framework
    from quipu.actions.results.framework import IndicatorSaid
    from quipu.books import models

    indicator = framework.keep_indicator(by="w", project="P1", said=IndicatorSaid({"en": "Enterprises"}, "count"))
    browser = cast.client("programme editor")
    at = f"/desk/registers/indicator/{indicator.code}"
    assert "typed by hand" in words(browser, at)
    seen = form_of(browser, f"{at}/define?register=P1-r1")["seen"]
    said = {"what": "count", "on": "financed", "seen": seen, "where_0": "sector", "op_0": "is"}
    assert browser.post(f"{at}/define?register=P1-r1", {**said, "value_0": "mining"}).status_code == 422
    assert browser.post(f"{at}/define?register=P1-r1", {**said, "value_0": "crafts"}).status_code == 302
    told = words(browser, at)
    assert "Sector is Handicrafts" in told
    assert browser.post(f"{at}/take", {"until": "2012-12-31"}).status_code == 302
    assert models.Reading.objects.get(indicator=indicator).value == "1"
    assert "Register “Enterprises”" in words(browser, at)


def test_numbers_behind_a_count_of_people_lead_no_stranger_to_people(cast: Any, made: dict[str, Any]) -> None:
    indicator = counting("w", "P1-r2", on="on", people=True)
    told = words(cast.client("auditor"), f"/desk/registers/indicator/{indicator.code}")
    assert not any(word in told for word in WORDS)


# Resources


def test_a_resource_is_kept_by_form_and_waits_for_what_became_of_it(cast: Any) -> None:
    from quipu.books import models

    browser = cast.client("portfolio manager")
    said = {
        "source_kind": "regional",
        "source": "The region",
        "kind": "cost share",
        "state": "open",
        "due_on": "2014-12-31",
    }
    assert (
        browser.post("/desk/registers/resources/P1/new", {**said, "amount": "1.234", "currency": "USD"}).status_code
        == 422
    )
    assert browser.post("/desk/registers/resources/P1/new", said).status_code == 302
    one = models.Resource.objects.get()
    assert (one.amount, one.currency) == (None, "")
    assert "not stated" in words(browser, "/desk/registers/resources/P1")
    assert "Say what became of it" in words(browser, "/desk")
    told = form_of(browser, f"/desk/registers/resource/{one.pk}") | {"state": "lapsed"}
    assert browser.post(f"/desk/registers/resource/{one.pk}", told).status_code == 302
    assert "Say what became of it" not in words(browser, "/desk")
    assert browser.post(f"/desk/registers/resource/{one.pk}/withdraw", {"reason": "Twice"}).status_code == 302
    assert browser.get(f"/desk/registers/resource/{one.pk}").status_code == 404


# Programs


def asked(cast: Any, role: str, method: str, path: str, **body: Any) -> Any:
    from django.test import Client

    from quipu.rules.mandates import VERBS
    from tests.desk.test_matrix import ask, token

    return ask(Client(), method, f"/desk/api{path}", token(cast.people[role], VERBS), body)


def test_a_program_reads_as_its_person_does_and_people_only_for_their_keepers(cast: Any, made: dict[str, Any]) -> None:
    rows = asked(cast, "auditor", "get", "/registers/P1-r1/rows").json()["items"]
    assert [(one["number"], one["values"].get("owner")) for one in rows] == [(3, None), (2, None), (1, "…")]
    assert asked(cast, "auditor", "get", "/registers/P1-r1/rows?q=quispe").json()["items"] == []
    for role in ("auditor", AUDITOR, "portfolio manager"):
        assert asked(cast, role, "get", "/registers/P1-r2/rows").status_code == 403
        assert asked(cast, role, "get", "/registers/P1-r2/rows/1").status_code == 403
    (people,) = [one for one in asked(cast, "auditor", "get", "/registers").json()["items"] if one["of_people"]]
    assert people["rows"] is None
    told = asked(cast, "programme editor", "get", "/registers/P1-r2/rows").json()["items"]
    assert told[-1]["values"]["name"] == TRAINED


def test_a_program_enters_amends_and_withdraws(cast: Any, made: dict[str, Any]) -> None:
    keeper = "programme editor"
    wrong = asked(cast, keeper, "post", "/registers/P1-r1/rows", values={"name": "Mill", "grant": "1.234"})
    assert wrong.status_code == 422
    said = {"name": "Mill", "financed": "2012-01-02", "grant": "1234.5"}
    row = asked(cast, keeper, "post", "/registers/P1-r1/rows", values=said).json()
    assert (row["number"], row["values"]["grant"]) == (4, "1234.50 PEN")
    part = asked(
        cast, keeper, "put", "/registers/P1-r1/rows/4", values={"sector": "crafts"}, version=row["version"]
    ).json()
    assert (part["values"]["name"], part["values"]["sector"]) == ("Mill", "crafts")
    late = asked(cast, keeper, "put", "/registers/P1-r1/rows/4", values={}, version=row["version"])
    assert late.status_code in (409, 422)
    gone = asked(cast, keeper, "post", "/registers/P1-r1/rows/4/withdraw", reason="Never paid")
    assert gone.json()["withdrawn_at"]
    one = asked(cast, keeper, "post", "/resources/P1", source_kind="own", kind="in kind", source="The town").json()
    assert (one["number"], one["amount"], one["giver"]) == (1, "", "The town")
