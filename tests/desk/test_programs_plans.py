"""Work plans by programs: lines filled in with exact amounts, quarters closed, requests written and received; signing never."""

from typing import Any

import pytest

from tests.desk.planning import planned
from tests.desk.test_matrix import ask, second_factor, token

assert second_factor


@pytest.fixture
def made(cast: Any) -> dict[str, Any]:
    return planned("w", cast.ledger)


@pytest.fixture
def call(cast: Any, second_factor: None) -> Any:
    """Asks an operation as somebody in a role."""
    from django.test import Client

    from quipu.rules.mandates import VERBS

    words = {
        role: token(cast.people[role], VERBS) for role in ("organization contributor", "fund secretariat", "auditor")
    }
    words["agent finance officer"] = token(cast.people["agent finance officer"], VERBS)
    words["committee member"] = token(cast.people["committee member"], VERBS)

    def called(role: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return ask(Client(), method, f"/desk/api/{path}", words[role], body or {})

    return called


def test_a_program_fills_in_lines_and_takes_an_amount_back(call: Any, made: dict[str, Any]) -> None:
    there = "plans/P1/lines/ORG1/2025-Q1"
    said = {"lines": {"P1-w1": {"spent": "450.50", "committed": "20", "state": "on track"}}}
    answer = call("organization contributor", "patch", there, said).json()
    assert answer["changed"] == ["P1-w1"]
    (line,) = [
        one
        for one in call("organization contributor", "get", "plans/P1/lines?year=2025").json()["items"]
        if (one["work"], one["quarter"]) == ("P1-w1", "2025-Q1")
    ]
    assert (line["spent"], line["committed"], line["planned"], line["closed"]) == ("450.5", "20", "500", False)
    call("organization contributor", "patch", there, {"lines": {"P1-w1": {"committed": None}}})
    assert made["courses"].quarters.get(quarter=1).committed is None
    stale = call("organization contributor", "patch", there, {"version": 1, "lines": {"P1-w1": {"spent": "1"}}})
    assert stale.status_code == 409
    wrong = call("organization contributor", "patch", there, {"lines": {"P1-w1": {"spent": "1.005"}}})
    assert [one["rule"] for one in wrong.json()["findings"]] == ["amount-decimals"]


def test_a_token_of_an_organization_reads_its_own_lines_alone(call: Any, made: dict[str, Any]) -> None:
    own = call("organization contributor", "get", "plans/P1/lines").json()["items"]
    assert {one["organization"] for one in own} == {"ORG1"}
    assert {one["organization"] for one in call("auditor", "get", "plans/P1/lines").json()["items"]} == {"ORG1", "ORG2"}
    found = call("organization contributor", "get", "plans/P1/outputs").json()
    assert [(one["organization"], one["not_attributed"], one["ledger"]) for one in found] == [("ORG1", "1250", "1250")]


def test_a_request_is_written_and_received_by_programs_and_signed_by_a_person(call: Any, made: dict[str, Any]) -> None:
    from quipu.actions.plans import requesting

    said = {"amounts": {"ORG1": "300.00"}, "decision": "Meeting 2", "decided_on": "2025-04-02"}
    one = call("fund secretariat", "put", "plans/P1/transfer-requests", said).json()
    assert (one["state"], one["amounts"]) == ("draft", [{"organization": "ORG1", "amount": "300", "voucher": ""}])
    there = f"transfer-requests/{one['code']}"
    assert call("committee member", "post", f"{there}/sign").status_code == 404
    assert call("agent finance officer", "post", f"{there}/receive").status_code == 422
    requesting.lead(by="signer", code=one["code"], act="sign")
    assert call("agent finance officer", "post", f"{there}/receive").json()["state"] == "received"
    key = call("agent finance officer", "post", f"{there}/drafts/ORG1").json()
    assert call("auditor", "get", f"vouchers/drafts/{key}").json()["words"]["amount"] == "300"
    assert call("auditor", "get", there).json()["amounts"][0]["voucher"] == "draft"


def test_a_quarter_is_planned_closed_and_opened_again(call: Any, made: dict[str, Any]) -> None:
    work = {
        "output": made["output"].code,
        "organization": "ORG2",
        "titles": {"en": "More"},
        "planned": {"2025-Q1": "10.00"},
    }
    assert call("fund secretariat", "put", "plans/P1/work", work).json()["code"] == "P1-w4"
    there = "plans/P1/quarters/2025-Q1"
    stands = call("auditor", "get", there).json()
    assert (stands["closed"], stands["missing"], stands["planned"]) == (False, ["P1-w1", "P1-w3", "P1-w4"], "810")
    refused = call("fund secretariat", "post", f"{there}/close").json()
    assert [one["rule"] for one in refused["findings"]] == ["quarter-lines-missing"]
    assert call("fund secretariat", "post", f"{there}/close", {"reason": "Late"}).json()["closed"] is True
    assert call("fund secretariat", "post", f"{there}/open", {"reason": "Found"}).json()["closed"] is False
