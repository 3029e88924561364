"""Programs decide, keep windows, memoranda and contacts, merge, send workbooks, release, answer findings, look ahead."""

import hashlib
import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quipu.rules.mandates import Scope
from tests.desk import papers
from tests.desk.test_editions import here, published
from tests.desk.test_matrix import FORM, ask
from tests.desk.test_programs import findings, send
from tests.desk.test_tokens import get, make
from tests.desk.test_voucher_workbook import GOOD, cells
from tests.desk.test_vouchers import posted

__all__ = ["here", "published"]
FINANCE, SECRETARIAT, MANAGER, EDITOR = (
    "agent finance officer",
    "fund secretariat",
    "portfolio manager",
    "programme editor",
)
GROUND = "Minutes of 31 January"
MONEY = """
2024-03-01 allocation ^a1 "decision"
    allocation VALLEY > P1/ORG1 60.00
2024-03-02 transfer ^t1
    transfer VALLEY > P1/ORG1 60.00
"""


@pytest.fixture
def ledger(sqlite_ledger):
    """Programs go through verbs and forms that are tried on both engines; what is asked here hangs on neither."""
    return sqlite_ledger


@pytest.fixture
def second_factor(monkeypatch):
    """Everybody has set one up."""
    monkeypatch.setattr("quipu.desk.api.access.is_mfa_enabled", lambda person: True)


def read(word, path):
    answer = get(word, f"/desk/api{path}")
    assert answer.status_code == 200, (path, answer.content)
    return answer.json()


def raw(word, path, body):
    """What is answered to bytes as they are."""
    options = {"content_type": "application/octet-stream", "headers": {"Authorization": f"Bearer {word}"}}
    return Client().post(f"/desk/api{path}", body, **options)


def closed_to(path, body, *words, method="post"):
    """That an operation is refused to those tokens, and to somebody without one."""
    assert [send(word, path, body, method).status_code for word in words] == [403] * len(words)
    assert ask(Client(), method, f"/desk/api{path}", "", body).status_code == 401


def elsewhere(house, *verbs, role=MANAGER):
    """A token for the same verbs and another fund."""
    return make(house.people[role], *verbs, scope=Scope("COAST"))


# Statuses, extensions, years


def decides(house):
    return make(house.people[MANAGER], "change statuses", "read drafts")


def history(**words):
    from quipu.books import models

    return models.History.objects.filter(**words)


def test_a_status_is_tried_out_then_posted_once_under_its_key_with_its_evidence(house):
    word, at = decides(house), "/projects/P1/status"
    said = {"key": "s-1", "status": "operationally-closed", "on": "2025-01-31", "evidence": GROUND}
    tried = send(word, at, {**said, "only_check": True}).json()
    assert (tried["position"], tried["is_new"], tried["key"]) == (None, False, "s-1")
    assert read(word, "/projects/P1/standing") == {"status": "", "happened": []}
    first, again = send(word, at, said).json(), send(word, at, said).json()
    assert (first["is_new"], again["is_new"], first["position"]) == (True, False, again["position"])
    stands = read(word, "/projects/P1/standing")
    assert stands["status"] == read(word, "/projects/P1")["status"] == "operationally_closed"
    (only,) = stands["happened"]
    assert (only["on"], only["evidence"], only["by"]) == ("2025-01-31", GROUND, house.people[MANAGER].pk)
    (row,) = history(verb="change status")
    assert (row.kind, row.code, row.fund, row.reason, row.is_public) == ("project", "P1", "VALLEY", GROUND, True)
    closed_to(at, said, elsewhere(house, "change statuses"), make(house.people[MANAGER], "read drafts"))
    closed_to(at, said, make(house.people[SECRETARIAT], "keep projects"))
    other = {**said, "status": "ongoing"}
    assert send(word, at, other).status_code == 422  # the key says something else already
    assert send(word, at, {**said, "status": stands["status"]}).json()["position"] == first["position"]


def test_a_decision_that_the_rules_refuse_is_refused_with_its_place_and_a_check_tells_the_same(house):
    word = decides(house)
    assert findings(send(word, "/projects/P1/status", {"status": "flying"})) == [("invalid_choice", "status")]
    bare = {"status": "ongoing", "on": "2025-01-31"}
    refused = findings(send(word, "/projects/P1/status", bare))
    assert refused
    told = send(word, "/projects/P1/status", {**bare, "only_check": True}).json()["findings"]
    assert [(one["rule"], one["place"]) for one in told] == refused
    until = {"until": "2027-12-31"}
    assert findings(send(word, "/projects/P1/extend", until)) == [("evidence-missing", "evidence")]
    assert send(word, "/projects/P1/extend", {**until, "evidence": GROUND}).json()["is_new"] is True
    earlier = send(word, "/projects/P1/extend", {"until": "2027-06-30", "evidence": GROUND})
    assert findings(earlier) == [("extension-earlier", "until")]
    assert read(word, "/projects/P1/standing")["happened"][0]["until"] == "2027-12-31"
    assert send(word, "/projects/P9/extend", until).status_code == 404
    assert send(word, "/projects/P1/extend", {**until, "evidnce": GROUND}).status_code == 422


def test_a_document_is_handed_in_and_named_as_evidence(house):
    from quipu.actions import keeping
    from quipu.books import models

    word = decides(house)
    kept = raw(word, "/evidence?name=minutes.pdf", b"%PDF-1.4 minutes").json()
    assert kept == {"sha256": hashlib.sha256(b"%PDF-1.4 minutes").hexdigest(), "name": "minutes.pdf", "bytes": 16}
    assert keeping.path(kept["sha256"]).read_bytes() == b"%PDF-1.4 minutes"
    paper = {FORM: {"files": SimpleUploadedFile("../minutes.pdf", b"%PDF-1.4 minutes")}}
    assert ask(Client(), "post", "/desk/api/evidence", word, paper).json() == kept
    document = {"sha256": kept["sha256"], "name": kept["name"]}
    said = {"status": "ongoing", "on": "2025-01-31", "document": document}
    assert send(word, "/projects/P1/participants/ORG1/status", said).json()["is_new"] is True
    assert models.Attachment.objects.get().sha256 == kept["sha256"]
    (only,) = read(word, "/projects/P1/standing")["happened"]
    assert (only["organization"], only["documents"]) == ("ORG1", 1)
    assert read(word, "/projects/P1")["participants"][0]["status"] == "ongoing"
    unknown = {**said, "document": {"sha256": "0" * 64}}
    assert findings(send(word, "/projects/P1/status", unknown)) == [("document-not-kept", "document")]
    assert findings(raw(word, "/evidence", b"")) == [("field-missing", "files")]
    assert send(make(house.people[SECRETARIAT], "keep funds"), "/evidence").status_code == 403


def test_a_year_is_closed_and_reopened_and_so_is_the_fund(house):
    word = decides(house)
    assert findings(send(word, "/funds/VALLEY/years/2024/close", {})) == [("evidence-missing", "evidence")]
    said = {"on": "2025-06-01", "evidence": "The report is out"}
    assert send(word, "/funds/VALLEY/years/2024/close", said).json()["is_new"] is True
    assert findings(send(word, "/funds/VALLEY/years/1066/close", said)) == [("min_value", "year")]
    assert send(word, "/funds/VALLEY/years/2024/reopen", {**said, "on": "2025-06-02"}).json()["is_new"] is True
    status = {"status": "financially-closed", "on": "2025-06-03", "evidence": GROUND}
    send(word, "/funds/VALLEY/status", status)
    stands = read(word, "/funds/VALLEY/standing")
    assert stands["status"] == "financially_closed"
    assert [one["year"] for one in stands["happened"]] == [None, 2024, 2024]
    coast = elsewhere(house, "change statuses", "read drafts")
    closed_to("/funds/VALLEY/years/2024/close", said, coast)
    closed_to("/funds/VALLEY/status", status, coast)
    assert get(coast, "/desk/api/funds/VALLEY/standing").status_code == 403


# Windows and memoranda


def test_a_window_is_made_and_called_otherwise_and_never_behind_somebodys_back(house):
    word = make(house.people[SECRETARIAT], "keep funds", "read drafts")
    at = "/funds/VALLEY/windows"
    made = send(word, at, {"code": "W1", "title": "Water"}).json()
    assert (made["code"], made["sealed"], made["said"]) == ("W1", {"fund": "VALLEY"}, {"title": "Water"})
    assert findings(send(word, at, {"code": "W1", "title": "Water"})) == [("record-taken", "code")]
    changed = send(word, f"{at}/W1", {"title": "Springs", "version": made["version"]}, "put").json()
    assert changed == read(word, f"{at}/W1")
    late = send(word, f"{at}/W1", {"title": "Late", "version": made["version"]}, "put")
    assert (late.status_code, findings(late)) == (409, [("changed-meanwhile", "")])
    assert [one["title"] for one in read(word, at)["items"]] == ["Springs"]
    coast = elsewhere(house, "keep funds", "read drafts")
    closed_to(at, {"code": "W2", "title": "x"}, coast, make(house.people[SECRETARIAT], "keep projects"))
    closed_to(f"{at}/W1", {"title": "x", "version": 0}, coast, method="put")
    assert get(coast, f"/desk/api{at}").status_code == get(coast, f"/desk/api{at}/W1").status_code == 403
    assert send(coast, "/funds/COAST/windows/W1", {"title": "x", "version": 0}, "put").status_code == 404


def test_a_memorandum_is_made_once_and_changed(house):
    from quipu.books import models

    word = make(house.people[FINANCE], "keep agreements")
    reads = make(house.people[FINANCE], "read drafts")
    at = "/funds/VALLEY/memoranda"
    assert [one["code"] for one in read(reads, at)["items"]] == ["ORG1"]
    twice = send(word, at, {"organization": "ORG1", "title": "Another"})
    assert findings(twice) == [("memorandum-there", "organization")]
    assert models.Mou.objects.get(organization="ORG1").title == "Memorandum"
    made = send(word, at, {"organization": "ORG2", "signed_on": "2024-05-01", "indirect_cost": "6.5"}).json()
    assert made["said"] == {"title": "", "signed_on": "2024-05-01", "indirect_cost": "6.5"}
    said = {**made["said"], "title": "With the second", "version": made["version"]}
    changed = send(word, f"{at}/ORG2", said, "put").json()
    assert changed == read(reads, f"{at}/ORG2")
    assert send(word, f"{at}/ORG2", said, "put").status_code == 409
    wrong = {**said, "indirect_cost": "much", "version": changed["version"]}
    assert findings(send(word, f"{at}/ORG2", wrong, "put"))[0][1] == "indirect_cost"
    coast = elsewhere(house, "keep agreements", "read drafts", role=FINANCE)
    closed_to(at, {"organization": "ORG2"}, coast, reads)
    closed_to(f"{at}/ORG1", {"version": 0}, coast, method="put")
    assert get(coast, f"/desk/api{at}/ORG1").status_code == 403


def test_the_page_makes_no_second_memorandum_either(cast):
    from quipu.books import models

    told = {"organization": "ORG1", "title": "Another", "indirect_cost": "", "signed_on": ""}
    answer = cast.client(FINANCE).post("/desk/funds/VALLEY/memoranda/new", told)
    assert answer.status_code == 422
    assert "has a memorandum with this fund already" in answer.content.decode()
    assert models.Mou.objects.get(organization="ORG1").title == "Memorandum"


# Contacts


def test_a_contact_is_kept_with_consent_shown_at_once_and_ended(house):
    def public():
        return json.loads((house.ledger.home / "contacts.json").read_text())

    word = make(house.people[EDITOR], "keep contacts")
    at = "/contacts/project/P1"
    assert findings(send(word, at, {"name": "Rosa Example"})) == [("contact-role-missing", "role")]
    assert findings(send(word, at, {"roles": {"qu": "x"}})) == [("section-language", "roles")]
    said = {"roles": {"en": "Secretariat", "es": "Secretaría"}, "name": "Rosa Example", "email": "rosa@example.org"}
    bold = {**said, "shows_name": True}
    assert findings(send(word, at, bold)) == [("contact-consent-missing", "consent_on")]
    made = send(word, at, said).json()
    one = f"/contacts/{made['number']}"
    assert "Rosa Example" not in str(public())
    agreed = {**bold, "consent_on": "2024-01-01", "consent_by": "herself, by letter", "version": made["version"]}
    changed = send(word, one, agreed, "put").json()
    assert "Rosa Example" in str(public())
    assert read(word, at) == [changed] == [read(word, one)]
    assert changed["version"] > made["version"]
    assert send(word, one, agreed, "put").status_code == 409
    coast = elsewhere(house, "keep contacts")
    closed_to(at, said, coast, make(house.people["lead agency editor"], "edit narratives"))
    closed_to(one, agreed, coast, method="put")
    closed_to(f"{one}/end", {"reason": "x"}, coast)
    assert get(coast, f"/desk/api{at}").status_code == get(coast, f"/desk/api{one}").status_code == 403
    assert send(word, f"{one}/end", {"reason": "Left", "version": made["version"]}).status_code == 409
    assert findings(send(word, f"{one}/end", {"reason": " "})) == [("required", "reason")]
    assert send(word, f"{one}/end", {"reason": "Left", "version": changed["version"]}).status_code == 204
    assert (read(word, at), get(word, f"/desk/api{one}").status_code) == ([], 404)
    assert "Rosa Example" not in str(public())
    assert "Rosa" not in str(list(history(kind="contact").values()))


# Organizations that may be one


def test_organizations_are_merged_by_a_token_for_that_and_a_second_factor_and_told_apart_again(house, monkeypatch):
    from quipu.books import records

    house.ledger.post(MONEY)
    keeps = make(house.people[MANAGER], "keep organizations")
    word = make(house.people[MANAGER], "merge organizations", has_second=True)
    named = read(keeps, "/organizations/ORG1/names")
    assert (named["shown_as"], named["participations"], named["memoranda"], named["mergers"]) == ("ORG1", 1, 1, [])
    assert {"side": "organization", "movement": "transfer", "currency": "USD", "amount": "60.00"} in named["sums"]
    said = {"into": "ORG2", "reason": "They are one.", "version": named["version"]}
    at = "/organizations/ORG1/merge"
    closed_to(at, said, word)  # its person has no second factor now
    monkeypatch.setattr("quipu.desk.api.access.is_mfa_enabled", lambda person: True)
    closed_to(at, said, keeps)
    closed_to(at, said, elsewhere_merging(house, Scope("VALLEY")), elsewhere_merging(house, Scope("", "", "ORG2")))
    assert findings(send(word, at, {**said, "into": "ORG1"})) == [("invalid_choice", "into")]
    assert findings(send(word, at, {**said, "reason": ""})) == [("required", "reason")]
    assert records.shown_as("ORG1") == "ORG1"
    merged = send(word, at, said).json()
    assert (merged["shown_as"], records.shown_as("ORG1")) == ("ORG2", "ORG2")
    number = merged["mergers"][0]["number"]
    undo = f"/mergers/{number}/undo"
    closed_to(undo, {"reason": "x"}, keeps, elsewhere_merging(house, Scope("", "", "ORG2")))
    apart = send(word, undo, {"reason": "They are two."}).json()
    assert (apart["shown_as"], apart["mergers"][0]["undone_reason"]) == ("ORG1", "They are two.")
    assert findings(send(word, undo, {"reason": "Again."})) == [("merger-undone", "")]
    assert send(word, at, said).status_code == 409


def elsewhere_merging(house, scope):
    return make(house.people[MANAGER], "merge organizations", has_second=True, scope=scope)


def test_pairs_are_proposed_and_two_that_are_different_are_not_proposed_again(house):
    from quipu.books import models

    models.Organization.objects.create(code="ORG3", title="First Organization")
    word = make(house.people[FINANCE], "keep organizations")
    (pair,) = read(word, "/organization-pairs")["items"]
    assert (pair["first"], pair["second"], pair["by"]) == ("ORG1", "ORG3", "name")
    said = {"first": "ORG3", "second": "ORG1", "reason": "Two countries."}
    at = "/organization-pairs/different"
    assert findings(send(word, at, {**said, "reason": ""})) == [("required", "reason")]
    closed_to(at, said, elsewhere(house, "keep organizations", role=FINANCE))
    assert send(word, at, {**said, "second": "NONE"}).status_code == 404
    assert send(word, at, said).status_code == 204
    assert read(word, "/organization-pairs")["items"] == []
    assert history(verb="put aside").get().reason == "Two countries."


# Workbooks


def filled(word, *rows, fund=""):
    """The template of a token, with rows filled in."""
    answer = get(word, f"/desk/api/vouchers/workbook?fund={fund}")
    assert "attachment" in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[2]}
    for number, row in enumerate(rows, 3):
        for label, value in row.items():
            sheet.cell(number, places[label], value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def offered(word, fund=""):
    book = openpyxl.load_workbook(io.BytesIO(get(word, f"/desk/api/vouchers/workbook?fund={fund}").content))
    return {cell.value for row in book.worksheets[1].iter_rows() for cell in row}


def drafts():
    from quipu.books import models

    return {one.key: one for one in models.Draft.objects.all()}


WRITE = ("draft vouchers", "draft allocations", "read voucher drafts", "read books")


def test_a_workbook_is_filled_in_checked_and_its_rows_become_drafts(house):
    word = make(house.people[FINANCE], *WRITE)
    body = filled(word, GOOD, {**GOOD, "Fund": "VALEY"})
    told = raw(word, "/vouchers/workbook/check", body).json()
    assert [(one["number"], one["what"]) for one in told["rows"]] == [(3, "new"), (4, "wrong")]
    assert [(one["rule"], one["place"]) for one in told["rows"][1]["findings"]] == [("code-not-there", "fund")]
    assert drafts() == {}
    at, token = "/vouchers/workbook/apply", {"token": told["token"]}
    assert findings(send(word, at, token)) == [("code-not-there", "fund")]
    marked = cells(send(word, "/vouchers/workbook/remarks", token).content)
    assert marked(4, "Fund").comment.text
    assert drafts() == {}
    (only,) = send(word, at, {**token, "only_good": True}).json()
    assert (only["number"], drafts()[only["key"]].words["amount"]) == (3, "1234.56")
    assert drafts()[only["key"]].author == house.people[FINANCE].pk
    sheet = {FORM: {"files": SimpleUploadedFile("v.xlsx", body)}}
    again = ask(Client(), "post", "/desk/api/vouchers/workbook/check", word, sheet).json()
    assert (again["rows"][0]["what"], again["rows"][0]["draft"]) == ("as it was", only["key"])
    closed_to("/vouchers/workbook/check", {}, make(house.people[FINANCE], "read books"))
    assert findings(send(make(house.person(FINANCE), *WRITE), at, token)) == [("workbook-unreadable", "file")]
    assert findings(raw(word, "/vouchers/workbook/check", b"no workbook")) == [("workbook-unreadable", "file")]
    assert findings(raw(word, "/vouchers/workbook/check", b"x" * (5 << 20) + b"x"))[0][0] == "workbook-unreadable"


def test_a_row_changes_its_draft_unless_somebody_did_meanwhile(house):
    word = make(house.people[FINANCE], *WRITE)
    body = filled(word, GOOD)
    (only,) = send(word, "/vouchers/workbook/apply", {"token": check(word, body)["token"]}).json()
    book = openpyxl.load_workbook(io.BytesIO(body))
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[2]}
    sheet.cell(3, places["Amount"], 7)
    out = io.BytesIO()
    book.save(out)
    first, second = check(word, out.getvalue()), check(word, out.getvalue())
    assert first["rows"][0]["changes"] == {"amount": ["1234.56", "7"]}
    back = send(word, "/vouchers/workbook/apply", {"token": first["token"], "back": True})
    assert only["key"] in cells(back.content)(3, "Remarks").value
    assert drafts()[only["key"]].words["amount"] == "7"
    at = f"/vouchers/drafts/{only['key']}"
    words = {**read(word, at)["words"], "amount": "8"}
    assert send(word, at, {"words": words}, "put").status_code == 200
    late = send(word, "/vouchers/workbook/apply", {"token": second["token"]})
    assert (late.status_code, findings(late)) == (409, [("changed-meanwhile", "")])
    assert drafts()[only["key"]].words["amount"] == "8"


def check(word, body):
    return raw(word, "/vouchers/workbook/check", body).json()


def test_a_token_for_another_fund_offers_only_that_and_drafts_only_there(house):
    word, coast = make(house.people[FINANCE], *WRITE), elsewhere(house, *WRITE, role=FINANCE)
    assert {"VALLEY Valley fund", "P1 Terraces", "SAA1 Agreement of 2024"} <= offered(word)
    assert not {"P1 Terraces", "SAA1 Agreement of 2024"} & offered(coast)
    assert "C1 Harbours" in offered(coast)
    assert get(coast, "/desk/api/vouchers/workbook?fund=VALLEY").status_code == 403
    assert "C1 Harbours" not in offered(word, "VALLEY")
    (row,) = check(coast, filled(coast, GOOD))["rows"]
    assert (row["what"], row["findings"][0]["rule"]) == ("wrong", "draft-not-yours")
    only_deposits = make(house.people[FINANCE], "draft vouchers")
    assert "VALLEY Valley fund" in offered(only_deposits)
    allocation = {"Kind": "Allocation", "Fund": "VALLEY", "Date": "2024-03-01", "Amount": 5, "Project": "P1"}
    (row,) = check(only_deposits, filled(only_deposits, allocation))["rows"]
    assert row["what"] == "wrong"


# A second person


def second_eyes():
    from quipu.books import models

    models.Fund.objects.update(second_eyes=True)


def test_a_document_waits_for_a_second_person_who_is_not_the_first(house, monkeypatch):
    monkeypatch.delenv("QUIPU_CLAMAV", raising=False)
    second_eyes()
    editor = make(house.people[EDITOR], "keep documents", "release", "read drafts")
    sent = {"files": SimpleUploadedFile("terraces.pdf", papers.pdf()), "place": "VALLEY/P1"}
    (made,) = ask(Client(), "post", "/desk/api/documents", editor, {FORM: sent}).json()
    at = f"/documents/{made['code']}"
    said = {"titles": {"en": "How terraces hold water"}, "type": "study", "on": "2024-03", "place": "VALLEY/P1"}
    send(editor, at, said, "put")
    waits = send(editor, f"{at}/publish", {"answers": {"knowledge": "no"}}).json()
    assert waits["standing"] == "waits"
    assert findings(send(editor, f"{at}/release")) == [("document-released-by-author", "")]
    word = make(house.people[SECRETARIAT], "release", "read drafts")
    assert [one["code"] for one in read(word, "/documents?state=waits")["items"]] == [made["code"]]
    closed_to(f"{at}/release", {}, elsewhere(house, "release"), make(house.people[SECRETARIAT], "keep documents"))
    assert send(word, f"{at}/release", {"version": made["version"]}).status_code == 409
    out = send(word, f"{at}/release", {"version": waits["version"]}).json()
    assert out["standing"] == "public"
    assert findings(send(word, f"{at}/release")) == [("document-not-waiting", "")]
    assert findings(send(editor, f"{at}/throw-away", {"reason": "x"})) == [("document-was-public", "")]


def test_a_draft_of_a_document_is_thrown_away_and_what_is_in_quarantine_is_looked_at_again(house, monkeypatch):
    from quipu.actions import scanning
    from quipu.books import models

    monkeypatch.delenv("QUIPU_CLAMAV", raising=False)
    editor = make(house.people[EDITOR], "keep documents", "read drafts")
    sent = {"files": SimpleUploadedFile("terraces.pdf", papers.pdf()), "place": "VALLEY/P1"}
    (made,) = ask(Client(), "post", "/desk/api/documents", editor, {FORM: sent}).json()
    at = f"/documents/{made['code']}"
    models.Version.objects.update(state="quarantined", findings=[["document-waits", ""]])
    answers = iter([scanning.Scanned(scanning.SILENT), scanning.Scanned(scanning.CLEAN)])
    monkeypatch.setattr("quipu.actions.scanning.scan", lambda path: next(answers))
    coast = elsewhere(house, "read drafts")
    closed_to(f"{at}/scan", {}, coast)
    assert findings(send(editor, f"{at}/scan")) == [("document-waits", "")]
    assert send(editor, f"{at}/scan").json()["versions"][0]["state"] == "checked"
    closed_to(f"{at}/throw-away", {"reason": "x"}, coast)
    assert send(editor, f"{at}/throw-away", {"reason": "x", "version": made["version"]}).status_code == 409
    assert findings(send(editor, f"{at}/throw-away", {"reason": ""})) == [("reason-missing", "reason")]
    assert send(editor, f"{at}/throw-away", {"reason": "Handed in twice."}).status_code == 204
    assert get(editor, f"/desk/api{at}").status_code == 404


def test_a_section_waits_for_a_second_person_who_releases_it_or_sends_it_back(house):
    second_eyes()
    editor = make(house.people[EDITOR], "edit narratives", "release")
    at = "/narratives/project/P1/overview/en"
    first = send(editor, at, {"text": "Water stays.", "version": 0, "public": True}, "put").json()
    assert first["state"] == "waiting"
    assert read(editor, "/sections")["items"] == []  # another person's word is waited for
    word = make(house.people[SECRETARIAT], "release")
    (waits,) = read(word, "/sections")["items"]
    assert (waits["code"], waits["section"], waits["text"]) == ("P1", "overview", "Water stays.")
    one = f"/sections/{waits['number']}"
    assert findings(send(editor, f"{one}/release")) == [("section-own", "")]
    coast = elsewhere(house, "release")
    closed_to(f"{one}/release", {}, coast, make(house.people[SECRETARIAT], "edit narratives"))
    closed_to(f"{one}/send-back", {"reason": "x"}, coast)
    assert get(coast, f"/desk/api{one}").status_code == 403
    assert read(coast, "/sections")["items"] == []
    assert findings(send(word, f"{one}/send-back", {"reason": ""})) == [("required", "reason")]
    assert send(word, f"{one}/send-back", {"reason": "Which water?"}).json()["state"] == "draft"
    assert findings(send(word, f"{one}/release")) == [("section-not-waiting", "")]
    again = {"text": "Rain stays.", "version": read(editor, at)["version"], "public": True}
    send(editor, at, again, "put")
    (waits,) = read(word, "/sections")["items"]
    assert read(word, f"/sections/{waits['number']}")["public"] is None
    out = send(word, f"/sections/{waits['number']}/release").json()
    assert (out["state"], out["released_by"]) == ("public", house.people[SECRETARIAT].pk)
    assert read(word, f"/sections/{waits['number']}")["public"] == "Rain stays."
    assert read(editor, at)["is_public"] is True


# The quality list and previews


def test_a_finding_is_answered_and_lets_out_what_a_fund_asked_to_be_answered(cast, here, monkeypatch):
    from quipu.actions import publish_now

    monkeypatch.setattr(publish_now, "_start", lambda home, by, reason: None)
    word = make(cast.people[SECRETARIAT], "publish", "read drafts")
    asked = "/editions/quality-asked"
    assert read(word, asked) == {"house": False, "funds": []}
    assert send(word, asked, {"fund": "VALLEY", "wanted": True}, "put").json() == {"house": False, "funds": ["VALLEY"]}
    closed_to(asked, {"fund": "", "wanted": True}, word, method="put")
    closed_to(asked, {"fund": "COAST", "wanted": True}, word, method="put")
    publication = "/editions/publication"
    assert send(word, publication, {"seen": 1}).status_code == 422
    cases = read(word, "/editions/quality")["items"]
    assert {(one["answer"], one["version"]) for one in cases} == {("", 0)}
    at = f"/editions/quality/{cases[0]['code']}"
    coast = elsewhere(cast, "publish", "read drafts")
    closed_to(at, {"verb": "review"}, coast, make(cast.people[SECRETARIAT], "read drafts"))
    assert send(word, "/editions/quality/none", {"verb": "review"}).status_code == 404
    assert findings(send(word, at, {"verb": "forget"})) == [("invalid_choice", "verb")]
    assert findings(send(word, at, {"verb": "publish anyway"})) == [("reason-missing", "reason")]
    seen = send(word, at, {"verb": "review", "version": 0}).json()
    assert (seen["answer"], seen["answered_by"]) == ("review", cast.people[SECRETARIAT].pk)
    anyway = {"verb": "publish anyway", "reason": "It comes in May."}
    assert send(word, at, {**anyway, "version": 0}).status_code == 409
    told = send(word, at, {**anyway, "version": seen["version"]}).json()
    assert (told["answer"], told["reason"]) == ("publish anyway", "It comes in May.")
    for case in cases[1:]:
        assert send(word, f"/editions/quality/{case['code']}", anyway).status_code == 200
    assert read(word, "/editions/quality")["items"][0] == told
    assert send(word, publication, {"seen": 1}).status_code == 202
    whole = make(cast.people[MANAGER], "publish")
    assert send(whole, asked, {"wanted": True}, "put").json()["house"] is True
    assert send(whole, asked, {"wanted": False}, "put").json() == {"house": False, "funds": ["VALLEY"]}


def test_a_preview_is_made_and_read_as_data_by_whoever_made_it_and_by_no_narrower_token(cast, here):
    cast.ledger.post("2024-04-01 transfer ^x1\n    transfer VALLEY > P1/ORG1 25.00\n")
    word = make(cast.people[MANAGER], "read drafts")
    assert read(word, "/previews") == []
    made = send(word, "/previews").json()
    assert (made["edition"], read(word, "/previews")) == (2, [made])
    page = get(word, f"{made['look']}/project/P1")
    assert page.status_code == 200
    assert f'href="{made["look"]}/' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    data = get(word, f"{made['look']}/project/P1.json")
    assert data.status_code == 200, data.content
    assert json.loads(data.content)
    narrow = elsewhere(cast, "read drafts")
    closed_to("/previews", {}, narrow)
    assert get(narrow, f"{made['look']}/project/P1").status_code == 403
    assert get(narrow, "/desk/api/previews").status_code == 403
    other = make(cast.people[SECRETARIAT], "read drafts")
    assert get(other, f"{made['look']}/project/P1").status_code == 404
    assert read(other, "/previews") == []
    assert get(word, f"{made['look']}/project/NONE").status_code == 404


# What else the pages tell and do


def test_money_to_be_identified_budgets_and_the_print_of_a_voucher_are_read_within_reach(house):
    key = posted(house, contributor="", agreement="", amount="30.00").key
    house.ledger.post(
        '2024-04-02 allocation ^a1 "d"\n    allocation VALLEY > P1/ORG1 100.00\n'
        "2024-04-03 budget ^b1\n    budget P1/ORG1 staff 70.00\n"
    )
    word = make(house.people[FINANCE], *WRITE, "read drafts")
    (only,) = read(word, "/vouchers/unidentified")["items"]
    assert {"key": key, "fund": "VALLEY", "amount": "30.00", "currency": "USD", "draft": ""}.items() <= only.items()
    words = {"voucher": key, "entry": only["ordinal"], "on": "2024-04-05", "contributor": "GIVER", "title": "x"}
    named = send(word, "/vouchers/drafts", {"kind": "identification", "words": words})
    assert named.status_code == 200, named.content
    assert read(word, "/vouchers/unidentified")["items"][0]["draft"] == named.json()["key"]
    printed = get(word, f"/desk/api/vouchers/posted/{key}/print")
    assert (printed["Content-Type"], printed.content[:4]) == ("application/pdf", b"%PDF")
    told = read(word, "/projects/P1/budgets")
    staff = {"organization": "ORG1", "category": "Staff and other personnel costs", "amount": "70.00"}
    assert (told["currency"], told["budgets"]) == ("USD", [staff])
    assert [(one["key"], [each["amount"] for each in one["changes"]]) for one in told["revisions"]] == [
        ("b1", ["70.00"]),
        ("a1", ["100.00"]),
    ]
    coast = elsewhere(house, *WRITE, "read drafts", role=FINANCE)
    assert read(coast, "/vouchers/unidentified")["items"] == []
    assert get(coast, "/desk/api/vouchers/posted/d1/print").status_code == 403
    assert get(coast, "/desk/api/projects/P1/budgets").status_code == 403


def test_a_letter_is_handed_to_another_who_may_answer_it_and_forwarded_to_its_contact(house):
    from tests.desk.test_letters import drop

    word = make(house.people[SECRETARIAT], "answer letters")
    at = f"/letters/{drop(house)}"
    stands = read(word, at)
    assert findings(send(word, f"{at}/hand-over", {"to": house.people["auditor"].pk})) == [("person-unknown", "to")]
    manager = house.people[MANAGER].pk
    handed = send(word, f"{at}/hand-over", {"to": manager, "version": stands["version"]}).json()
    assert handed["taken_by"] == manager
    assert send(word, f"{at}/hand-over", {"to": manager, "version": stands["version"]}).status_code == 409
    assert send(word, f"{at}/forward", {"version": stands["version"]}).status_code == 409
    assert send(word, f"{at}/forward", {"version": handed["version"]}).status_code == 200
    assert history(kind="letter", verb="forward").get().by == house.people[SECRETARIAT].pk
    closed_to(f"{at}/hand-over", {"to": manager}, elsewhere(house, "answer letters"))
    closed_to(f"{at}/forward", {}, elsewhere(house, "answer letters"))


def test_whoever_runs_the_house_runs_a_job_again_and_checks_the_books(house, second_factor):
    from django_tasks_db.models import DBTaskResult

    word = make(house.people["administrator"], "run the house")
    assert send(word, "/check").status_code == 202
    (job,) = read(word, "/jobs")["items"]
    assert job["state"] == "ready"
    at = f"/jobs/{job['number']}/again"
    assert findings(send(word, at)) == [("job-not-failed", "")]
    DBTaskResult.objects.update(status="FAILED")
    assert send(word, at).status_code == 202
    assert read(word, "/jobs")["items"][0]["state"] == "ready"
    assert send(word, "/mails/settle").json() == {"mails": 0}
    for act in ("/check", "/mails/settle", at):
        closed_to(
            act, {}, make(house.people[MANAGER], "publish"), elsewhere(house, "run the house", role="administrator")
        )


# Lists, and the description


def test_lists_of_records_ask_the_same_number_of_questions_for_one_row_and_for_twenty(house, monkeypatch):
    from django.utils import timezone

    from quipu.actions import draft_many
    from quipu.actions.keep_contact import ContactSaid, keep_contact
    from quipu.books import models

    monkeypatch.setattr(draft_many, "_rehearse", lambda planned, by: None)  # which asks of each row, as a posting does
    second_eyes()
    word = make(house.people[MANAGER], "read drafts", "keep organizations", "keep contacts", "release")
    writes = make(house.people[FINANCE], *WRITE)
    paths = ("funds/VALLEY/windows", "funds/VALLEY/memoranda", "contacts/fund/VALLEY", "sections", "organization-pairs")
    counts = []
    for n in (1, 20):
        for i in range(n):
            models.Window.objects.create(code=f"W{n}-{i}", fund_id="VALLEY")
            models.Organization.objects.create(code=f"A{n}-{i}", title=f"Same {n} {i}")
            models.Organization.objects.create(code=f"B{n}-{i}", title=f"Same {n} {i}")
            models.Mou.objects.create(fund_id="VALLEY", organization_id=f"A{n}-{i}")
            models.Project.objects.create(code=f"X{n}-{i}", fund_id="VALLEY")
            keep_contact(by="x", kind="fund", code="VALLEY", said=ContactSaid(roles={"en": f"Desk {i}"}))
            models.Section.objects.create(
                kind="project",
                code=f"X{n}-{i}",
                section="overview",
                language="en",
                state="waiting",
                by="x",
                at=timezone.now(),
            )
        asked = []
        for path in paths:
            read(word, f"/{path}")
            with CaptureQueriesContext(connection) as queries:
                found = read(word, f"/{path}")
            assert len(found if isinstance(found, list) else found["items"]) >= n, path
            asked.append((path, len(queries)))
        body = filled(writes, *[GOOD] * n)
        check(writes, body)
        with CaptureQueriesContext(connection) as queries:
            assert len(check(writes, body)["rows"]) == n
        counts.append([*asked, ("workbook", len(queries))])
    assert counts[0] == counts[1]


def test_no_two_things_that_programs_send_or_read_bear_one_name_in_the_description():
    from ninja import Schema

    from quipu.desk.api import api

    def every(of):
        for one in of.__subclasses__():
            yield one
            yield from every(one)

    assert api
    named: dict[str, set[str]] = {}
    for one in every(Schema):
        if one.__module__.startswith("quipu.desk.api."):
            named.setdefault(one.__name__, set()).add(one.__module__)
    assert [name for name, modules in named.items() if len(modules) > 1] == []
