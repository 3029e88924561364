"""Pages of work plans: an organization fills in its lines, the lead agency closes, the committee signs, the agent drafts."""

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test.utils import CaptureQueriesContext

from quipu.rules.plans import Quarter
from tests.desk.planning import filled, planned

FIRST = Quarter(2025, 1)
LINES = "/desk/plans/P1/lines/ORG1/2025-Q1"


@pytest.fixture
def made(cast: Any) -> dict[str, Any]:
    return planned(cast.people["fund secretariat"].pk, cast.ledger)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def hidden(answer: Any, name: str = "seen") -> str:
    """What a page carries on."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found, name
    return found[1]


def test_an_organization_fills_in_its_lines_in_one_go_and_sees_nobody_elses(cast: Any, made: dict[str, Any]) -> None:
    browser = cast.client("organization contributor")
    page = text(browser.get("/desk/plans/P1?year=2025"))
    assert "Courses" in page
    assert "Visits" not in page
    assert "own organization" in page
    assert "1,800.00" in page
    assert "2,100.00" not in page
    assert browser.get("/desk/plans/P1/lines/ORG2/2025-Q1").status_code == 403
    sent = {"seen": "0", "P1-w1/committed": "20", "P1-w1/spent": "450.5", "P1-w1/state": "late", "P1-w1/remark": "Rain"}
    answer = browser.post(LINES, {**sent, "P1-w1/remark": ""})
    assert answer.status_code == 422
    assert "few words why" in text(answer)
    assert browser.post(LINES, sent)["Location"] == "/desk/plans/P1/quarter/2025-Q1"
    line = made["courses"].quarters.get(quarter=1)
    assert (line.committed, line.spent, line.state, line.remark) == (2000, 45050, "late", "Rain")
    answer = browser.post(LINES, {**sent, "P1-w1/spent": "1.234"})
    assert answer.status_code == 422
    assert "two ways" in text(answer)
    assert browser.post("/desk/plans/P1/lines/ORG2/2025-Q1", sent).status_code == 403


def test_two_windows_the_second_is_shown_what_stands_and_keeps_what_was_typed(cast: Any, made: dict[str, Any]) -> None:
    browser = cast.client("organization contributor")
    first = {"seen": "0", "P1-w1/spent": "100", "P1-w1/state": "on track"}
    browser.post(LINES, first)
    seen = hidden(browser.get(LINES))
    browser.post(LINES, {"seen": seen, "P1-w1/spent": "200"})
    answer = browser.post(LINES, {"seen": seen, "P1-w1/spent": "300"})
    assert answer.status_code == 422
    assert "It stands now as: 200.00" in text(answer)
    assert 'value="300"' in text(answer)
    again = hidden(answer)
    assert browser.post(LINES, {"seen": again, "P1-w1/spent": "300"}).status_code == 302


def test_a_page_that_only_reads_offers_nothing_to_type(cast: Any, made: dict[str, Any]) -> None:
    page = text(cast.client("auditor").get(LINES))
    assert "Courses" in page
    assert "<textarea" not in page
    assert cast.client("auditor").post(LINES, {"P1-w1/spent": "1"}).status_code == 200
    assert made["courses"].quarters.get(quarter=1).spent is None


def test_the_workbook_changes_what_is_filled_in_and_leaves_what_is_blank(cast: Any, made: dict[str, Any]) -> None:
    browser = cast.client("organization contributor")
    filled("o", made["courses"], 1, FIRST, remark="Before")
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{LINES}/workbook/template").content))
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[2]]
    at = {name: head.index(name) + 1 for name in ("Code", "Spent", "Committed", "How it stands", "Remark")}
    assert [sheet.cell(y, at["Code"]).value for y in (3, 4, 5)] == ["P1-w1", "P1-w2", None]
    sheet.cell(3, at["Spent"]).value = 480.25
    sheet.cell(3, at["Remark"]).value = None
    sheet.cell(4, at["How it stands"]).value = "stopped"
    answer = browser.post(f"{LINES}/workbook", {"file": sent(book)})
    page = text(answer)
    assert "1 changed, 0 as they were, 1 wrong." in page
    assert "few words why" in page
    told = {"token": hidden(answer, "token"), "act": "keep"}
    assert browser.post(f"{LINES}/workbook/apply", told).status_code == 422
    back = openpyxl.load_workbook(
        io.BytesIO(browser.post(f"{LINES}/workbook/apply", {**told, "act": "remarks"}).content)
    )
    assert "few words why" in back.worksheets[0].cell(4, at["Remark"]).comment.text
    assert browser.post(f"{LINES}/workbook/apply", {**told, "which": "good"}).status_code == 302
    line = made["courses"].quarters.get(quarter=1)
    assert (line.spent, line.remark, line.state) == (48025, "Before", "on track")
    assert browser.post(f"{LINES}/workbook/apply", {**told, "which": "good"}).status_code == 422


def sent(book: Any) -> Any:
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "lines.xlsx"
    return out


def test_from_a_closed_quarter_to_a_voucher_that_pays(cast: Any, made: dict[str, Any]) -> None:
    lead, signer = cast.client("lead agency editor"), cast.client("committee member")
    agent = cast.client("agent finance officer")
    filled("o", made["courses"], 450, FIRST)
    there = "/desk/plans/P1/quarter/2025-Q1"
    page = text(lead.get(there))
    assert "Visits" in page
    assert "nothing is said" in page
    assert "1 line missing" in page
    answer = lead.post(f"{there}/close", {"seen": "0", "reason": ""})
    assert answer.status_code == 422
    seen = hidden(lead.get(there))
    assert lead.post(f"{there}/close", {"seen": seen, "reason": "The office moved"}).status_code == 302
    page = text(lead.get("/desk/plans/P1/ask?quarter=2025-Q1"))
    assert "Planned in Q2 2025" in page
    assert "8,750.00" in page
    assert "1,300.00" in page
    told = {"decision": "Meeting 2", "decided_on": "2025-04-02", "amount-ORG1": "1,300.00", "seen": ""}
    where = lead.post("/desk/plans/P1/ask?quarter=2025-Q1", told)["Location"]
    assert "Sign a request" in text(signer.get("/desk"))
    assert lead.get(f"{where}/sign").status_code == 403
    stale = cast.client("committee member", fresh=False)
    seen = hidden(signer.get(f"{where}/sign"))
    assert "reauthenticate" in stale.post(f"{where}/sign", {"seen": seen})["Location"]
    assert signer.post(f"{where}/sign", {"seen": seen}).status_code == 302
    assert "Receive a request" in text(agent.get("/desk"))
    seen = hidden(agent.get(f"{where}/receive"))
    agent.post(f"{where}/receive", {"seen": seen})
    assert "Draft the transfers" in text(agent.get("/desk"))
    answer = agent.post(f"{where}/draft", {"organization": "ORG1"})
    assert answer["Location"].startswith("/desk/vouchers/draft/")
    assert "1,300.00" in text(agent.get(answer["Location"]))
    assert agent.post(f"{where}/draft", {"organization": "ORG1"})["Location"] == answer["Location"]


def test_the_matrix_adds_each_line_once_and_says_states_in_words(cast: Any, made: dict[str, Any]) -> None:
    from quipu.desk.plans import matrix

    filled("o", made["courses"], 450, FIRST, state="late", remark="Rain")
    browser = cast.client("lead agency editor")
    found = matrix.of(made["courses"].project, 2025, None)
    assert found.whole.planned == 210000
    assert sum(found.by_body["", body].planned for body in found.bodies) == found.whole.planned
    assert sum(group.sums[0].planned for group in found.groups) == found.whole.planned
    page = text(browser.get("/desk/plans/P1?year=2025"))
    assert '<span class="chip warn">late</span>' in page
    csv = browser.get("/desk/plans/P1?year=2025&format=csv").content.decode()
    assert csv.count("\r\n") == 5
    assert ",500,,450,late,Rain,no" in csv
    assert browser.get("/desk/plans/P1?year=2025&format=xlsx").content[:2] == b"PK"


def test_spending_by_output_stands_beside_the_ledger_and_says_what_does_not_fit(
    cast: Any, made: dict[str, Any]
) -> None:
    filled("o", made["courses"], 450, FIRST)
    filled("o", made["visits"], 120, FIRST)
    browser = cast.client("lead agency editor")
    page = text(browser.get("/desk/plans/P1/outputs"))
    assert "Not attributed to an output" in page
    assert "800.00" in page
    assert "(20.00)" in page
    assert "ORG2 2025" in page
    assert "Staff and other personnel costs" in page
    own = text(cast.client("organization contributor").get("/desk/plans/P1/outputs"))
    assert "ORG2" not in own
    assert "800.00" in own
    rows = browser.get("/desk/plans/P1/outputs?format=csv").content.decode().splitlines()
    assert any("not attributed" in row and ",-20," in row for row in rows)


def test_tasks_name_what_is_missing_to_whoever_can_do_it(
    cast: Any, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from quipu.books import office

    monkeypatch.setattr(office, "today", lambda: date(2025, 4, 3))
    assert "Fill in your lines" in text(cast.client("organization contributor").get("/desk"))
    page = text(cast.client("lead agency editor").get("/desk"))
    assert "Close a quarter" in page
    assert "2 lines are missing" in page
    assert "Close a quarter" not in text(cast.client("organization contributor").get("/desk"))


def test_a_tranche_that_is_due_and_free_of_conditions_is_asked_for_once(cast: Any, made: dict[str, Any]) -> None:
    from quipu.actions.plans import planning, requesting

    browser = cast.client("fund secretariat")
    said = {"planned_on": date(2025, 1, 1), "amount": 500_00, "condition": "The gauges stand"}
    planning.keep_tranche(by="w", project="P1", said=planning.TrancheSaid(**said))
    assert "Ask for a tranche" not in text(browser.get("/desk"))
    met = planning.TrancheSaid(**said, met_on=date(2025, 1, 2), evidence="Seen")
    planning.keep_tranche(by="w", project="P1", said=met, number=1)
    assert "Ask for a tranche" in text(browser.get("/desk"))
    assert '<option value="1" selected>' in text(browser.get("/desk/plans/P1/ask?tranche=1"))
    asked = requesting.RequestSaid({"ORG1": 500_00}, "Decision", date(2025, 1, 3), tranche=1)
    requesting.write(by="w", project="P1", said=asked)
    assert "Ask for a tranche" not in text(browser.get("/desk"))
    assert "The gauges stand" in text(browser.get("/desk/plans/P1/tranches"))


def test_a_voucher_of_another_amount_than_was_asked_for_is_seen(cast: Any, made: dict[str, Any]) -> None:
    from quipu.actions import drafts
    from quipu.actions.plans import requesting

    one = requesting.write(by="w", project="P1", said=requesting.RequestSaid({"ORG1": 300_00}, "x", date(2025, 1, 3)))
    requesting.lead(by="s", code=one.code, act="sign")
    requesting.lead(by="f", code=one.code, act="receive")
    made_ = requesting.draft(by="f", code=one.code, organization="ORG1")
    there = f"/desk/plans/requests/{one.code}"
    assert "the voucher says" not in text(cast.client("auditor").get(there))
    drafts.mend(by="f", draft=made_, words={**made_.words, "amount": "299.00"}, seen=None)
    assert "the voucher says 299.00" in text(cast.client("auditor").get(there))


PAGES = (
    ("lead agency editor", "/desk/plans"),
    ("lead agency editor", "/desk/plans/P1?year=2025"),
    ("lead agency editor", "/desk/plans/P1/quarter/2025-Q1"),
    ("lead agency editor", "/desk/plans/P1/outputs"),
    ("lead agency editor", "/desk/plans/requests"),
    ("organization contributor", LINES),
    ("organization contributor", "/desk"),
)


def test_no_page_asks_once_for_each_row(cast: Any, made: dict[str, Any]) -> None:
    from django.db import connection

    from quipu.actions.plans import planning, requesting

    def asked() -> list[int]:
        counts = []
        for role, address in PAGES:
            browser = cast.client(role)
            with CaptureQueriesContext(
                connection,
            ) as found:
                assert browser.get(address).status_code == 200
            counts.append(len(found))
        return counts

    def request() -> None:
        said = requesting.RequestSaid({"ORG1": 1, "ORG2": 2}, "Decision", date(2025, 1, 1))
        requesting.write(by="w", project="P1", said=said)

    request()
    filled("o", made["courses"], 1, FIRST)
    before = asked()
    for number in range(20):
        output = made["output" if number % 2 else "second"].code
        said = planning.WorkSaid(output, "ORG1", {"en": f"Work {number}"}, planned={FIRST: 100})
        work = planning.keep_work(by="w", project="P1", said=said)
        filled("o", work, 1, FIRST)
        request()
    assert asked() == before
