"""Programs give returns and lead them on: the organization's writes, the agent's review what was signed, nobody signs."""

import hashlib
import io

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quipu.rules.findings import Refused
from quipu.rules.mandates import Scope
from tests.desk.returning import APPROVER, CERTIFIER, FINANCE, FINE, MANAGER, REPORTER, answered, at_work, begun, led
from tests.desk.test_matrix import ask
from tests.desk.test_programs import findings, send
from tests.desk.test_programs_records import closed_to, raw, read
from tests.desk.test_tokens import get, make

WRITES = ("read returns", "draft returns", "discuss returns", "ask dispensations")
REVIEWS = ("read returns", "review returns", "discuss returns")
AGENT_WRITES = {FINANCE: REVIEWS, APPROVER: (*REVIEWS, "waive rules"), MANAGER: ("read returns", "waive rules")}
CELLS = {
    "P1/staff": {"amount": "20000.00"},
    "P1/travel": {"amount": "10000", "comment": "Roads."},
    "P1/indirect": {"amount": "2100.00"},
    "P1/interest": {"amount": "0"},
}
PLACE = {"fund": "VALLEY", "organization": "ORG1", "year": 2023, "kind": "annual"}


@pytest.fixture(autouse=True)
def second_factor(monkeypatch):
    """Everybody has set one up."""
    monkeypatch.setattr("quipu.desk.api.access.is_mfa_enabled", lambda person: True)


@pytest.fixture
def here(cast):
    return at_work(cast)


def writes(house, **words):
    return make(house.people[REPORTER], *WRITES, **words)


def reviews(house, role=FINANCE, **words):
    return make(house.people[role], *AGENT_WRITES[role], **words)


def certifies(house):
    return make(house.people[CERTIFIER], "read returns", "give back returns")


def stranger(house):
    """Another organization's reporter."""
    person = house.person(REPORTER, organization_id="ORG2")
    return make(person, *WRITES)


def patched(word, code, cells, **words):
    return send(word, f"/returns/{code}/cells", {"cells": cells, **words}, "patch")


def filled(house, word):
    """A return with figures and answers, ready for the certifier."""
    code = send(word, "/returns", PLACE).json()["code"]
    told = patched(word, code, CELLS).json()
    answers = {str(one["entry"]): {"answer": "confirmed"} for one in told["account"]}
    answer = send(word, f"/returns/{code}/account", {"answers": answers, "version": told["version"]})
    assert answer.status_code == 200, answer.content
    return answer.json()


def codes(told):
    return [one["code"] for one in told["items"]]


def certified(house, code):
    from quipu.books import models

    return led(house, models.Return.objects.get(pk=code), "certify")


# From words to the ledger


def test_a_return_is_begun_written_checked_answered_and_handed_over_by_a_program(house):
    at_work(house)
    word = writes(house)
    begun_, again = (send(word, "/returns", PLACE).json() for _ in range(2))
    assert begun_ == again
    assert (begun_["state"], begun_["cells"], begun_["acts"]) == ("draft", {}, ["hand over"])
    assert "P1/travel" in begun_["rows"]
    at = f"/returns/{begun_['code']}"
    tried = send(word, f"{at}/check", {"cells": CELLS}).json()
    assert tried["changes"][0] == {"row": "P1/staff", "column": "amount", "before": None, "after": "20000.00"}
    assert read(word, at) == begun_  # nothing is kept of it
    told = patched(word, begun_["code"], CELLS, version=begun_["version"]).json()
    assert told["cells"]["P1/travel"] == {"amount": "10000.00", "comment": "Roads."}
    assert told["total"] == "32100.00"
    (line,) = told["account"]
    assert {"project": "P1", "amount": "200000.00", "voucher": "m-t1", "answer": ""}.items() <= line.items()
    refused = send(word, f"{at}/hand-over")
    assert (refused.status_code, findings(refused)) == (422, [("return-unanswered", f"transfer {line['entry']}")])
    waits = [one["place"] for one in told["findings"] if one["rule"] == "return-unanswered" and one["blocks"]]
    assert waits == [f"transfer {line['entry']}"]
    answers = {str(line["entry"]): {"answer": "disputed", "comment": "It was 190,000."}}
    assert send(word, f"{at}/account", {"answers": answers}).json()["account"][0]["comment"] == "It was 190,000."
    unknown = send(word, f"{at}/account", {"answers": {"1": {"answer": "confirmed"}}})
    assert findings(unknown) == [("return-row-unknown", "transfer 1")]
    assert send(word, f"{at}/account", {"answers": {"1": {"answer": "perhaps"}}}).status_code == 422
    handed = send(word, f"{at}/hand-over").json()
    assert (handed["state"], handed["acts"]) == ("for certification", ["take back"])
    locked = patched(word, begun_["code"], {"P1/staff": {"amount": "1"}})
    assert findings(locked) == [("return-row-locked", "")]
    certified(house, begun_["code"])
    agent = reviews(house)
    assert send(agent, f"{at}/take-up").json()["acts"] == ["send back"]
    from quipu.books import models

    led(house, models.Return.objects.get(pk=begun_["code"]), "accept")
    posted = read(agent, at)
    assert (posted["state"], posted["accepted_by"]) == ("accepted", house.people[APPROVER].pk)
    anew = send(word, f"{at}/restate", {"reason": "A bill came late."}).json()
    assert (anew["number"], anew["state"], anew["restates"]) == (2, "draft", begun_["code"])
    assert [one["number"] for one in anew["versions"]] == [1, 2]
    assert [one["number"] for one in read(agent, at)["versions"]] == [1]
    rules = {one["rule"] for one in patched(word, anew["code"], {"P1/staff": {"amount": "20001"}}).json()["findings"]}
    assert "return-changed" in rules


def test_what_is_not_sent_stays_null_clears_and_the_same_twice_changes_nothing_more(here):
    word = writes(here)
    code = begun(here).code
    first = patched(word, code, {"P1/travel": {"comment": "Roads."}}).json()
    assert first["cells"]["P1/travel"] == {"amount": "10000.00", "comment": "Roads."}
    assert first["cells"]["P1/staff"]["amount"] == "20000.00"
    assert patched(word, code, {"P1/travel": {"comment": "Roads."}}).json()["version"] == first["version"]
    assert patched(word, code, {"P1/travel": {}}).json() == first
    cleared = patched(word, code, {"P1/travel": {"amount": None}, "P1/staff": {"amount": None}}, remark="So.").json()
    assert cleared["cells"]["P1/travel"] == {"amount": None, "comment": "Roads."}
    assert "P1/staff" not in cleared["cells"]
    assert cleared["remark"] == "So."
    tried = send(word, f"/returns/{code}/check", {"cells": {"P1/travel": {"comment": None}}}).json()
    assert [(one["row"], one["before"], one["after"]) for one in tried["changes"]] == [("P1/travel", "Roads.", None)]


def test_all_of_it_or_nothing_and_each_fault_by_its_row(here):
    word = writes(here)
    code = begun(here).code
    before = read(word, f"/returns/{code}")
    for cells, found in (
        ({"P1/staff": {"amount": "1.001"}, "P1/travel": {"amount": "5"}}, [("return-decimals", "P1/staff")]),
        ({"P1/staff": {"amount": "9" * 25}}, [("return-amount", "P1/staff")]),
        ({"P9/staff": {"amount": "1"}, "P1/travel": {"amount": "5"}}, [("return-project", "P9/staff")]),
        ({"P1/staff": {"comment": "x" * 20_000}}, [("text-unreadable", "P1/staff")]),
    ):
        answer = patched(word, code, cells)
        assert (answer.status_code, findings(answer)) == (422, found)
        tried = send(word, f"/returns/{code}/check", {"cells": cells})
        assert [(one["rule"], one["place"]) for one in tried.json()["findings"]] == found
        assert all(one["sentence"] and one["blocks"] for one in tried.json()["findings"])
    for amount in (1.5, "1,000", "1e3", "", "1.", "+1", " 1"):
        assert patched(word, code, {"P1/staff": {"amount": amount}}).status_code == 422, amount
    assert patched(word, code, {"P1/staff": {"amonut": "1"}}).status_code == 422
    assert read(word, f"/returns/{code}") == before


def test_a_stale_version_is_a_conflict(here):
    word, agent = writes(here), reviews(here)
    told = filled(here, word)
    at, old = f"/returns/{told['code']}", told["version"]
    now = patched(word, told["code"], {"P1/travel": {"comment": "Bridges."}}, version=old).json()
    late = patched(word, told["code"], {"P1/travel": {"comment": "Rails."}}, version=old)
    assert (late.status_code, findings(late)) == (409, [("changed-meanwhile", "")])
    assert send(word, f"{at}/account", {"answers": {}, "version": old}).status_code == 409
    assert send(word, f"{at}/hand-over", {"version": old}).status_code == 409
    assert send(word, f"{at}/hand-over", {"version": now["version"]}).json()["state"] == "for certification"
    certified(here, told["code"])
    assert send(agent, f"{at}/take-up", {"version": now["version"]}).status_code == 409
    assert read(word, at)["cells"]["P1/travel"]["comment"] == "Bridges."


# Who sees what


def test_another_organization_and_another_fund_reach_nothing_and_nobody_without_a_token(here):
    word = writes(here)
    told = filled(here, word)
    at, other = f"/returns/{told['code']}", stranger(here)
    coast = make(here.people[REPORTER], *WRITES, scope=Scope("COAST"))
    asked = make(here.people[CERTIFIER], "read returns")
    assert read(other, "/returns")["items"] == read(coast, "/returns")["items"] == []
    assert codes(read(word, "/returns")) == codes(read(asked, "/returns")) == [told["code"]]
    for path, body, method in (
        ("/returns", PLACE, "post"),
        (f"{at}/check", {}, "post"),
        (f"{at}/cells", {"cells": CELLS}, "patch"),
        (f"{at}/account", {"answers": {}}, "post"),
        (f"{at}/hand-over", {}, "post"),
        (f"{at}/comments", {"text": "x"}, "post"),
        ("/returns/nothing-spent", {"returns": [told["code"]]}, "post"),
    ):
        closed_to(path, body, other, coast, asked, method=method)
    for word_ in (other, coast):
        assert get(word_, f"/desk/api{at}").status_code == 403
    assert ask(Client(), "get", f"/desk/api{at}", "", {}).status_code == 401
    assert get(word, "/desk/api/returns/R-none").status_code == 404
    assert read(word, at)["state"] == "draft"


def test_a_token_of_the_agents_never_sees_a_drafts_figures(here):
    word = writes(here)
    roles = (FINANCE, APPROVER, MANAGER, "auditor", "fund secretariat")
    agent, *others = agents = [make(here.people[role], "read returns") for role in roles]
    told = filled(here, word)
    code, at = told["code"], f"/desk/api/returns/{told['code']}"
    assert codes(read(agent, "/returns")) == codes(read(agent, "/returns?state=draft")) == []
    (line,) = read(agent, "/returns?state=being prepared")["items"]
    assert (line["state"], line["total"]) == ("being prepared", None)
    send(word, f"/returns/{code}/hand-over")
    for path in (at, "/desk/api/returns", "/desk/api/years/2023", "/desk/api/years/2023/owed"):
        text = get(agent, path).content.decode()
        assert "20000" not in text
        assert "for certification" not in text
    for reader in agents:
        alone = get(reader, at).json()
        assert (alone["state"], alone["cells"], alone["total"]) == ("being prepared", None, None)
        assert alone["rows"] == alone["findings"] == alone["account"] == alone["acts"] == []
    record = certified(here, code)
    for reader in agents:
        seen = get(reader, at).json()
        assert (seen["state"], seen["cells"]["P1/staff"]["amount"]) == ("submitted", "20000.00")
    assert codes(read(agent, "/returns")) == [code]
    assert read(agent, "/years/2023")["items"][0]["now"] == "32100.00"
    led(here, record, "send back", reason="Staff?")
    patched(word, code, {"P1/staff": {"amount": "12345.67"}, "P1/travel": {"comment": "Draft."}}, remark="Draft.")
    again = get(agent, at).json()
    assert (again["cells"]["P1/staff"]["amount"], again["comment"]) == ("20000.00", "Staff?")
    assert read(agent, "/returns")["items"][0]["total"] == "32100.00"
    for reader, path in [(agent, "/desk/api/returns"), (agent, "/desk/api/years/2023"), *((one, at) for one in agents)]:
        text = get(reader, path).content.decode()
        assert "12345" not in text
        assert "Draft." not in text
    assert get(others[0], at).json()["findings"] == again["findings"]
    digest = again["signatures"][0]["digest"]
    signed = get(agent, f"{at}/signatures/1")
    assert hashlib.sha256(signed.content).hexdigest() == digest
    assert get(agent, f"{at}/signatures/2").status_code == 404
    assert read(word, f"/returns/{code}")["cells"]["P1/staff"]["amount"] == "12345.67"


def test_no_token_certifies_or_accepts_and_none_is_made_for_it(here):
    from tests.desk.test_matrix import token

    told = filled(here, writes(here))
    at = f"/returns/{told['code']}"
    send(writes(here), f"{at}/hand-over")
    for role, verb, act in (
        (CERTIFIER, "certify returns", "certify"),
        (APPROVER, "accept returns", "accept"),
        (APPROVER, "sign reports", ""),
    ):
        with pytest.raises(Refused) as refused:
            make(here.people[role], verb, "read returns", has_second=True)
        assert [one.rule for one in refused.value.findings] == ["token-never"]
        forged = token(here.people[role], [verb, "read returns"])  # put into the table by hand
        if act:
            answer = send(forged, f"{at}/{act}")
            assert answer.status_code == 403
            assert "no token does this" in answer.json()["detail"]
    assert read(writes(here), at)["state"] == "for certification"


# Steps of both sides


def test_each_side_takes_its_own_steps_and_none_of_the_others(here):
    word, agent, signer = writes(here), reviews(here), certifies(here)
    told = filled(here, word)
    at = f"/returns/{told['code']}"
    send(word, f"{at}/hand-over")
    closed_to(f"{at}/give-back", {"reason": "x"}, word, agent, stranger(here))
    assert findings(send(signer, f"{at}/give-back", {"reason": " "})) == [("reason-missing", "reason")]
    back = send(signer, f"{at}/give-back", {"reason": "Whose travel?"}).json()
    assert (back["state"], back["comment"]) == ("draft", "Whose travel?")
    assert read(agent, at)["comment"] == ""  # between the organization's own people
    send(word, f"{at}/hand-over")
    assert send(word, f"{at}/take-back").json()["state"] == "draft"
    send(word, f"{at}/hand-over")
    certified(here, told["code"])
    closed_to(f"{at}/recall", {"reason": "x"}, word, agent)
    assert send(signer, f"{at}/recall", {"reason": "A page is missing."}).json()["state"] == "draft"
    send(word, f"{at}/hand-over")
    certified(here, told["code"])
    closed_to(f"{at}/take-up", {}, word, signer, reviews(here, scope=Scope("COAST")))
    assert send(agent, f"{at}/take-up").json()["state"] == "in review"
    assert findings(send(signer, f"{at}/recall", {"reason": "x"})) == [("return-not-there", "")]
    sent = send(agent, f"{at}/send-back", {"reason": "Staff is twice in it."}).json()
    assert (sent["state"], sent["comment"]) == ("sent back", "Staff is twice in it.")
    from quipu.books import models

    led(here, models.Return.objects.get(pk=told["code"]), "hand over", "certify", "take up", "accept")
    anew = send(agent, f"{at}/reopen", {"reason": "The audit says otherwise."}).json()
    assert (anew["number"], anew["state"], anew["cells"]) == (2, "sent back", None)
    assert read(word, f"/returns/{anew['code']}")["cells"]["P1/staff"]["amount"] == "20000.00"
    assert findings(send(word, f"{at}/restate", {"reason": "x"})) == [("return-there-already", "")]


def test_interim_figures_are_submitted_and_withdrawn_without_a_certifier(here):
    word = writes(here)
    made = send(word, "/returns", {**PLACE, "kind": "interim", "until": "2023-06-30"}).json()
    at = f"/returns/{made['code']}"
    assert (made["until"], made["account"]) == ("2023-06-30", [])
    assert patched(word, made["code"], {**CELLS, "P1/travel": {"amount": "10000"}}, until="2023-09-30").json()[
        "until"
    ] == ("2023-09-30")
    assert send(word, f"{at}/submit").json()["state"] == "submitted"
    assert read(reviews(here), at)["until"] == "2023-09-30"
    assert send(word, f"{at}/withdraw").json()["state"] == "draft"
    assert findings(send(word, f"{at}/hand-over")) == [("return-needs-no-certifier", "")]


def test_nothing_spent_is_one_act_for_many_and_for_ones_own_alone(here):
    word = writes(here)
    open_ = begun(here, cells={})
    coast = {"fund": "COAST", "organization": "ORG1", "year": 2024, "kind": "annual"}
    assert findings(send(word, "/returns/nothing-spent")) == [("return-none-chosen", "returns")]
    closed_to("/returns/nothing-spent", {"returns": [open_.pk]}, stranger(here))
    closed_to("/returns/nothing-spent", {"returns": [open_.pk, "R-none"]}, word)
    assert read(word, f"/returns/{open_.pk}")["nil"] is False
    both = send(word, "/returns/nothing-spent", {"returns": [open_.pk], "due": [coast], "why": "The road was closed."})
    first, second = both.json()
    assert (first["nil"], second["nil"], first["total"]) == (True, True, "0.00")
    assert first["cells"]["P1/note"]["comment"] == "The road was closed."
    assert (second["fund"], second["cells"]["P3/staff"]["amount"]) == ("COAST", "0.00")


# What is said


def test_both_sides_talk_and_settle_and_the_agent_waives_a_rule(here):
    word, agent, boss = writes(here), reviews(here), reviews(here, APPROVER)
    told = filled(here, word)
    at = f"/returns/{told['code']}"
    (talk,) = send(agent, f"{at}/comments", {"text": "Why so many?", "row": "P1/travel"}).json()["talks"]
    assert (talk["row"], talk["waits_for"]) == ("P1/travel", "organization")
    (talk,) = send(word, f"{at}/comments", {"text": "Roads.", "answers": talk["number"]}).json()["talks"]
    assert ([one["side"] for one in talk["words"]], talk["waits_for"]) == (["agent", "organization"], "agent")
    assert send(agent, f"{at}/comments/{talk['number']}/settle").json()["talks"][0]["waits_for"] == ""
    assert findings(send(word, f"{at}/comments", {"text": "x", "row": "nowhere"})) == [("return-row-unknown", "row")]
    assert findings(send(word, f"{at}/comments", {"text": "  "})) == [("field-missing", "text")]
    assert send(word, f"{at}/comments", {"text": "x", "answers": 999_999}).status_code == 404
    rule = {"rule": "return-negative", "row": "P1/staff", "reason": "A refund of last year's."}
    negative = {"P1/staff": {"amount": "-5"}, "P1/indirect": {"amount": "699.65"}}
    blocks = [one for one in patched(word, told["code"], negative).json()["findings"] if one["blocks"]]
    assert ("return-negative", "P1/staff") in [(one["rule"], one["place"]) for one in blocks]
    closed_to(f"{at}/waivers", rule, word, agent)
    assert send(boss, f"{at}/waivers", {**rule, "rule": "return-sum"}).status_code == 422
    (waived,) = send(boss, f"{at}/waivers", rule).json()["waived"]
    found = {one["rule"]: one for one in read(word, at)["findings"]}
    assert (found["return-negative"]["answer"], found["return-negative"]["blocks"]) == ("waived", False)
    closed_to(f"{at}/waivers/{waived['number']}/withdraw", {}, word)
    assert send(boss, f"{at}/waivers/{waived['number']}/withdraw").json()["waived"] == []
    again = send(boss, f"{at}/waivers/{waived['number']}/withdraw")
    assert findings(again) == [("waiver-withdrawn", "")]


# Workbooks


def workbook(word, **amounts):
    """The template with these amounts in the rows of P1."""
    answer = get(word, "/desk/api/returns/workbook?year=2023&fund=VALLEY")
    assert answer.status_code == 200, answer.content
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = next(one for one in book.worksheets if any(cell.value == "Key" for row in one.iter_rows() for cell in row))
    head = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Key")
    heads = {cell.value: cell.column for cell in sheet[head.row]}
    for row in range(head.row + 1, sheet.max_row + 1):
        key = str(sheet.cell(row, head.column).value or "")
        name = key.removeprefix("P1/")
        if key.startswith("P1/") and name in amounts:
            sheet.cell(row, heads["Amount of the year"]).value = amounts[name]
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


GOOD = {"staff": 20000, "travel": 10000, "indirect": 2100, "interest": 0}


def test_a_workbook_is_sent_looked_at_applied_and_comes_back_with_remarks(here):
    word = writes(here)
    sent = raw(word, "/returns/runs?name=../ours.xlsx", workbook(word, **{**GOOD, "travel": "ten"})).json()
    assert (sent["name"], sent["year"], sent["kind"], sent["shape"]) == ("ours.xlsx", 2023, "annual", "workbook")
    assert (sent["counts"]["wrong"], sent["is_blocked"], sent["applied"]) == (1, True, "")
    (wrong,) = [one for one in sent["findings"] if one["severity"] == "error"]
    assert (wrong["rule"], wrong["place"], wrong["value"]) == ("return-amount", "P1/travel", "ten")
    assert wrong["cell"]
    assert sent["changes"][0]["after"] == "20000.00"
    at = f"/returns/runs/{sent['code']}"
    assert read(word, "/returns")["items"] == []  # nothing is written yet
    refused = send(word, f"{at}/apply")
    assert (refused.status_code, findings(refused)) == (422, [("return-amount", "P1/travel")])
    done = send(word, f"{at}/apply", {"which": "good"}).json()
    assert (done["applied"], list(done["returns"])) == ("good", ["VALLEY"])
    assert send(word, f"{at}/apply", {"which": "good"}).json() == done
    cells = read(word, f"/returns/{done['returns']['VALLEY']}")["cells"]
    assert cells["P1/staff"]["amount"] == "20000.00"
    assert "P1/travel" not in cells
    back = openpyxl.load_workbook(io.BytesIO(get(word, f"/desk/api{at}/remarks").content))
    assert any("Remarks" in [cell.value for cell in row] for sheet in back for row in sheet.iter_rows())
    file = get(word, f"/desk/api{at}/file")
    assert hashlib.sha256(file.content).hexdigest() == sent["sha256"]
    second = raw(word, "/returns/runs", workbook(word, travel=10000)).json()
    patched(word, done["returns"]["VALLEY"], {"P1/travel": {"amount": "1"}})
    late = send(word, f"/returns/runs/{second['code']}/apply")
    assert (late.status_code, findings(late)) == (409, [("changed-meanwhile", "")])
    assert send(word, f"/returns/runs/{second['code']}/check").json()["changes"][0]["before"] == "1.00"
    assert send(word, f"/returns/runs/{second['code']}/apply").json()["applied"] == "all"
    assert codes(read(word, "/returns/runs")) == [second["code"], sent["code"]]


def test_files_are_ones_own_and_unreadable_ones_leave_nothing(here):
    word, other, agent = writes(here), stranger(here), reviews(here)
    sent = raw(word, "/returns/runs", workbook(word, **GOOD)).json()
    at = f"/returns/runs/{sent['code']}"
    for reader in (other, agent):
        assert [get(reader, f"/desk/api{at}{end}").status_code for end in ("", "/file", "/remarks")] == [403] * 3
        assert read(reader, "/returns/runs")["items"] == []
    closed_to(f"{at}/apply", {}, other, agent)
    closed_to(f"{at}/check", {}, other, agent)
    assert raw(other, "/returns/runs?organization=ORG1", b"x").status_code == 403
    assert get(other, "/desk/api/returns/workbook?organization=ORG1").status_code == 403
    assert findings(raw(word, "/returns/runs", b"no workbook"))[0][1] == "file"
    assert raw(word, "/returns/runs?kind=monthly", b"x").status_code == 422
    assert send(word, f"{at}/apply", {"which": "some"}).status_code == 422
    assert codes(read(word, "/returns/runs")) == [sent["code"]]
    assert read(word, "/returns/runs?organization=ORG2")["items"] == []
    assert get(word, "/desk/api/returns/runs/none").status_code == 404


# The year's end


def test_what_is_owed_and_by_when_and_more_time_is_asked_for_decided_and_withdrawn(here):
    word, boss = writes(here), make(here.people[MANAGER], "read returns", "decide dispensations")
    every = read(word, "/years/2024/owed?duty=annual_return&missing=true")["items"]
    assert [(one["fund"], one["mark"], one["kind"]) for one in every] == [
        ("COAST", "overdue", "annual"),
        ("VALLEY", "overdue", "annual"),
    ]
    assert all(one["days_late"] == -one["days_left"] > 0 for one in every)
    assert read(stranger(here), "/years/2024/owed")["items"] == []
    asks = {"duty": "annual_return", "fund": "VALLEY", "organization": "ORG1", "year": 2024, "reason": "Floods."}
    closed_to("/dispensations", {**asks, "wanted": "waiver"}, stranger(here), boss)
    assert findings(send(word, "/dispensations", {**asks, "wanted": "time"})) == [("", "until")]
    early = send(word, "/dispensations", {**asks, "wanted": "time", "until": "2020-01-01"})
    assert findings(early) == [("dispensation-earlier", "until")]
    none = send(word, "/dispensations", {**asks, "year": 2001, "wanted": "waiver"})
    assert findings(none) == [("dispensation-not-owed", "")]
    made = send(word, "/dispensations", {**asks, "wanted": "time", "until": "2999-05-06"}).json()
    at = f"/dispensations/{made['number']}"
    assert (made["state"], made["until"]) == ("undecided", "2999-05-06")
    closed_to(f"{at}/decide", {"decision": "grant"}, word, stranger(here))
    assert findings(send(boss, f"{at}/decide", {"decision": "refuse"})) == [("reason-missing", "words")]
    given = send(boss, f"{at}/decide", {"decision": "grant", "until": "2999-04-01", "words": "Granted."}).json()
    assert (given["state"], given["until"], given["decision"]) == ("granted", "2999-04-01", "Granted.")
    (now,) = read(word, "/years/2024/owed?fund=VALLEY&duty=annual_return")["items"]
    assert (now["mark"], now["until"]) == ("extended", "2999-04-01")
    assert findings(send(word, f"{at}/withdraw")) == [("dispensation-decided", "")]
    other = send(word, "/dispensations", {**asks, "fund": "COAST", "wanted": "waiver"}).json()
    closed_to(f"/dispensations/{other['number']}/withdraw", {}, boss)
    assert send(word, f"/dispensations/{other['number']}/withdraw").json()["state"] == "withdrawn"
    assert [one["number"] for one in read(boss, "/dispensations")["items"]] == [other["number"], made["number"]]
    assert get(stranger(here), f"/desk/api{at}").status_code == 403


def test_a_year_is_read_with_its_figures_beside_last_years(here):
    agent = reviews(here)
    certified_ = led(here, answered(here, begun(here)), "hand over", "certify")
    told = read(agent, "/years/2023")
    (line,) = told["items"]
    assert (line["organization"], line["fund"], line["before"], line["now"], line["standing"]) == (
        "ORG1",
        "VALLEY",
        "40700.00",
        "32100.00",
        "submitted",
    )
    assert (line["change"], line["unusual"]) == ("-8600.00", [])
    (annual,) = [one for one in line["owed"] if one["duty"] == "annual_return"]
    assert (annual["code"], annual["state"], annual["holder"]) == (certified_.pk, "submitted", "with the agent")
    assert told["marks"] == {"in": 1}
    assert told["totals"][0]["submitted"] == "32100.00"
    assert read(agent, "/years/2023?shown=overdue")["items"] == []
    assert len(read(agent, "/years/2023?shown=with-agent&fund=VALLEY&organization=ORG1")["items"]) == 1
    assert read(stranger(here), "/years/2023")["items"] == []
    assert get(agent, "/desk/api/years/1700").status_code == 422
    assert get(agent, "/desk/api/years/2023?shown=all").status_code == 422


def test_reports_are_read_with_their_files_and_by_contributors_that_were_told(here):
    from datetime import UTC, datetime

    from quipu.actions import keeping
    from quipu.actions.returns import reporting
    from quipu.books import models

    record = reporting.begin(by=here.people[MANAGER].pk, fund="VALLEY", year=2023)
    agent = make(here.people[FINANCE], "read reports")
    giver = make(here.people["contributor"], "read reports")
    at = f"/reports/{record.pk}"
    draft = read(agent, at)
    assert (draft["fund"], draft["signed_at"], draft["forms"]) == ("VALLEY", None, ["pdf"])
    assert any("annual_return" in one for one in draft["lacks"])
    assert get(agent, f"/desk/api{at}/file.xlsx").status_code == 404
    assert get(giver, f"/desk/api{at}").status_code == 403
    assert read(giver, "/years/2023/reports")["items"] == []
    kept = keeping.keep([b"%PDF the report"]).sha256
    models.Report.objects.update(signed_at=datetime.now(UTC), signed_by="x", pdf=kept, digest="d")
    assert get(giver, f"/desk/api{at}").status_code == 403  # signed, and nobody was told
    models.Told.objects.create(report=record, organization_id="GIVER", person="x", at=datetime.now(UTC))
    for word in (agent, giver):
        assert [one["number"] for one in read(word, "/years/2023/reports")["items"]] == [record.pk]
        assert read(word, at)["digest"] == "d"
        assert get(word, f"/desk/api{at}/file.pdf").content == b"%PDF the report"
    assert read(agent, "/years/2022/reports")["items"] == []
    coast = make(here.people[FINANCE], "read reports", scope=Scope("COAST"))
    assert get(coast, f"/desk/api{at}").status_code == 403
    assert read(coast, "/years/2023/reports")["items"] == []


# Lists


def test_lists_ask_the_same_of_one_row_and_of_twenty(here):
    from quipu.actions.returns import writing
    from quipu.books import models

    word, agent = writes(here), reviews(here)
    kept = raw(word, "/returns/runs", b"Project,Account,Amount\nP1,travel,5\n").json()
    run = models.Run.objects.get(pk=kept["code"])
    paths = {word: ("returns", "returns/runs"), agent: ("returns", "returns?state=being prepared", "years/2023/owed")}
    read(agent, "/returns")  # notes that it was used
    counts = []
    for n in (1, 20):
        for i in range(n):
            words = {"by": "x", "organization": "ORG1", "cells": FINE}
            state = {"version": n + i, "state": "submitted"}
            writing.make(fund="COAST", year=2024, kind="annual", **state, **words)
            writing.make(fund="VALLEY", year=1990 + i, kind="interim", version=n, **words)
            run.code = f"run-{n}-{i}"
            run.save(force_insert=True)
        asked = []
        for reader, several in paths.items():
            for path in several:
                with CaptureQueriesContext(connection) as queries:
                    found = len(read(reader, f"/{path}")["items"])
                assert found >= n or "owed" in path
                asked.append((path, len(queries)))
        counts.append(asked)
    assert counts[0] == counts[1]
