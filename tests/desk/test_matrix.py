"""Every address of the desk, asked by everybody: who gets in is typed here by hand, and a new address needs a row."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from tests import ledgers
from tests.desk import registering
from tests.desk.cast import NOBODY, PARTS, STRANGER, cast_of, furnish
from tests.desk.conftest import at_home
from tests.desk.monitored import monitored
from tests.desk.resulting import approved, framed

EVERYBODY = {*PARTS, NOBODY}
KEEPERS = {"programme editor", "lead agency editor", "fund secretariat"}
OFFICE = {"portfolio manager", "agent finance officer", "agent approver", "fund secretariat"}
READERS = {*OFFICE, *KEEPERS, "committee member", "auditor"}  # of what is not public yet
RELEASERS = {"fund secretariat", "portfolio manager", "programme editor"}
ADMINISTRATOR, OF_ORGANIZATION = "administrator", "organization administrator"
MANAGER, FINANCE = "portfolio manager", "agent finance officer"
APPROVER, SECRETARIAT, EDITOR = "agent approver", "fund secretariat", "programme editor"
EDITORS = {EDITOR, "lead agency editor"}
READ_BOOKS = {*OFFICE, "auditor", "committee member", "resident coordinator's office"}
PUBLISHERS = {"portfolio manager", "fund secretariat"}
REPORTER, CERTIFIER = "organization reporter", "organization certifier"
REPORTING = {REPORTER, CERTIFIER}
CONTRIBUTOR = "organization contributor"  # of ORG1, which answers for the indicator asked for
ORGANIZATION = {*REPORTING, OF_ORGANIZATION, CONTRIBUTOR}
READ_RETURNS = {*OFFICE, *ORGANIZATION, "auditor"}
READ_REPORTS = {*OFFICE, "committee member", "resident coordinator's office", "contributor", "auditor"}
READ_RESULTS = {*OFFICE, *KEEPERS, CONTRIBUTOR, "resident coordinator's office", "committee member", "auditor"}
WRITE_READINGS = {*KEEPERS, CONTRIBUTOR}
APPROVE_READINGS = {"lead agency editor", SECRETARIAT}
AGENT = {"portfolio manager", "agent finance officer", "agent approver"}
READ_MONITORING = {*READERS, "resident coordinator's office"}
RESPONDERS = {"lead agency editor", SECRETARIAT, MANAGER}
APPROVERS = {"lead agency editor", SECRETARIAT}  # of lessons
DISCUSS_RETURNS = {*AGENT, *REPORTING, "organization contributor"}
PLANNERS = {"lead agency editor", SECRETARIAT}
READ_PLANS = {*OFFICE, *ORGANIZATION, *EDITORS, "resident coordinator's office", "committee member", "auditor"}
FILLERS, SIGNERS = {REPORTER, "organization contributor"}, {"committee member", "resident coordinator's office"}
RECEIVERS = {MANAGER, FINANCE}
# By the name of the address: its words, and who gets in. Nobody named: whoever is signed in.
PUBLIC = {
    "accept": (("no-such-word",), 410),
    "unsubscribe": (("no-such-word",), 404),
    "calendar_feed": (("none",), 404),
}
READ_REGISTERS = {*OFFICE, *EDITORS, "resident coordinator's office", "auditor", "auditor of people"}
KEEP_RESOURCES = {*KEEPERS, MANAGER}
ANSWER = {"portfolio manager", "fund secretariat"}
READ_REVOLVING = {*OFFICE, *EDITORS, "auditor"}  # arrears never leave the desk
ROWS: dict[str, tuple[tuple[object, ...], set[str]]] = {
    "desk": ((), EVERYBODY),
    "own": ((), EVERYBODY),
    "own_language": ((), EVERYBODY),
    "registers": ((), READ_REGISTERS),
    "registers_of": (("P1",), READ_REGISTERS),
    "new_register": (("P1",), KEEPERS),
    "register": (("P1-r1",), READ_REGISTERS),
    "edit_register": (("P1-r1",), KEEPERS),
    "end_register": (("P1-r1",), KEEPERS),
    "register_door": (("P1-r2",), {*KEEPERS, "auditor of people"}),
    "register_schema": (("P1-r4",), KEEPERS),
    "register_field": (("P1-r4", "name"), KEEPERS),
    "remove_register_field": (("P1-r4", "name"), KEEPERS),
    "register_workbook": (("P1-r1",), KEEPERS),
    "register_template": (("P1-r1",), KEEPERS),
    "apply_register_workbook": (("P1-r1",), KEEPERS),
    "new_row": (("P1-r1",), KEEPERS),
    "register_row": (("P1-r1", 1), READ_REGISTERS),
    "amend_row": (("P1-r1", 1), KEEPERS),
    "withdraw_row": (("P1-r1", 1), KEEPERS),
    "give_consent": (("P1-r1", 1), KEEPERS),
    "withdraw_consent": (("P1-r1", 1), KEEPERS),
    "register_indicator": (("P1-i1",), READ_REGISTERS),
    "define_count": (("P1-i1",), KEEPERS),
    "take_count": (("P1-i1",), WRITE_READINGS),
    "register_resources": (("P1",), READ_REGISTERS),
    "new_resource": (("P1",), KEEP_RESOURCES),
    "change_resource": (("resource",), KEEP_RESOURCES),
    "withdraw_resource": (("resource",), KEEP_RESOURCES),
    "own_unsaved": ((), EVERYBODY),
    "documents": ((), READERS),
    "hand_in_documents": ((), KEEPERS),
    "document": (("document",), READERS),
    "edit_document": (("document",), KEEPERS),
    "replace_document": (("document",), KEEPERS),
    "publish_document": (("document",), KEEPERS),
    "release_document": (("document",), RELEASERS),
    "withdraw_document": (("document",), KEEPERS),
    "throw_away_document": (("document",), KEEPERS),
    "scan_document": (("document",), KEEPERS),
    "document_file": (("document", 1), READERS),
    "own_news": ((), EVERYBODY),
    "own_calendar": ((), EVERYBODY),
    "own_tokens": ((), EVERYBODY),
    "make_token": ((), EVERYBODY),
    "recent": ((), EVERYBODY),
    "api": ((), EVERYBODY),
    "letters": ((), ANSWER),
    "revolving": ((), READ_REVOLVING),
    "revolving_programme": (("P1",), READ_REVOLVING),
    "revolving_new": (("P1",), EDITORS),
    "revolving_fund": (("P1-01",), READ_REVOLVING),
    "revolving_edit": (("P1-01",), EDITORS),
    "revolving_capital": (("P1-01",), EDITORS),
    "revolving_cost": (("P1-01",), EDITORS),
    "revolving_lend": (("P1-01",), EDITORS),
    "revolving_collect": (("P1-01",), EDITORS),
    "revolving_cashbook": (("P1-01",), READ_REVOLVING),
    "revolving_loan": (("P1-01", 1), READ_REVOLVING),
    "revolving_edit_loan": (("P1-01", 1), EDITORS),
    "revolving_pay": (("P1-01", 1), EDITORS),
    "revolving_split": (("P1-01", 1), EDITORS),
    "revolving_write_off": (("P1-01", 1), EDITORS),
    "revolving_take_back": (("P1-01", "box-1"), EDITORS),
    "letter": (("letter",), ANSWER),
    "take_letter": (("letter",), ANSWER),
    "hand_letter": (("letter",), ANSWER),
    "forward_letter": (("letter",), ANSWER),
    "answer_letter": (("letter",), ANSWER),
    "close_letter": (("letter",), ANSWER),
    "house": ((), {ADMINISTRATOR}),
    "verify_now": ((), {ADMINISTRATOR}),
    "settle_mails": ((), {ADMINISTRATOR}),
    "run_again": (("job",), {ADMINISTRATOR}),
    "editions": ((), READERS),
    "quality": ((), READERS),
    "previews": ((), READERS),
    "preview": (("0123456789ab",), READERS),
    "publish_now": ((), PUBLISHERS),
    "quality_asked": ((), PUBLISHERS),
    "quality_answer": (("no-such-finding",), PUBLISHERS),
    "takedowns": ((), {"portfolio manager"}),
    "people": ((), {ADMINISTRATOR, OF_ORGANIZATION}),
    "people_log": ((), {ADMINISTRATOR, "auditor of people"}),
    "invite": ((), {ADMINISTRATOR, OF_ORGANIZATION}),
    "withdraw_invitation": (("invitation",), {ADMINISTRATOR}),
    "confirm_mandate": (("mandate",), {ADMINISTRATOR}),
    "withdraw_mandate": (("mandate",), {ADMINISTRATOR}),
    "person": (("person",), {ADMINISTRATOR}),
    "leave": (("person",), {ADMINISTRATOR}),
    "vouchers": ((), READ_BOOKS),
    "unidentified": ((), READ_BOOKS),
    "draft_begin": ((), {FINANCE, SECRETARIAT}),
    "draft_new": (("transfer",), {FINANCE}),
    "draft_check": ((), {FINANCE, SECRETARIAT}),
    "draft_workbook": ((), {FINANCE, SECRETARIAT}),
    "draft_template": ((), {FINANCE, SECRETARIAT}),
    "draft_workbook_apply": ((), {FINANCE, SECRETARIAT}),
    "draft": (("draft",), {*OFFICE, "auditor"}),
    "draft_change": (("draft",), {FINANCE}),
    "draft_submit": (("draft",), {FINANCE}),
    "draft_take_back": (("draft",), {FINANCE}),
    "draft_discard": (("draft",), {FINANCE}),
    "draft_send_back": (("draft",), {APPROVER}),
    "draft_approve": (("draft",), {APPROVER}),
    "draft_file": (("draft",), {*OFFICE, "auditor"}),
    "posted": ((1,), READ_BOOKS),
    "posted_file": ((1,), READ_BOOKS),
    "posted_print": ((1,), READ_BOOKS),
    # funds
    "funds": ((), READERS),
    "new_fund": ((), {MANAGER}),
    "fund": (("VALLEY",), READERS - EDITORS),
    "edit_fund": (("VALLEY",), {MANAGER, SECRETARIAT}),
    "fund_status": (("VALLEY",), {MANAGER}),
    "reopen_year": (("VALLEY",), {MANAGER}),
    "new_window": (("VALLEY",), {MANAGER, SECRETARIAT}),
    "window": (("VALLEY", "W1"), {MANAGER, SECRETARIAT}),
    "new_agreement": (("VALLEY",), {MANAGER, FINANCE}),
    "agreement": (("VALLEY", "SAA1"), {MANAGER, FINANCE}),
    "new_memorandum": (("VALLEY",), {MANAGER, FINANCE}),
    "memorandum": (("VALLEY", "ORG1"), {MANAGER, FINANCE}),
    # programmes
    "programmes": ((), READERS),
    "new_project": ((), {MANAGER, SECRETARIAT}),
    "project": (("P1",), READERS),
    "edit_project": (("P1",), {MANAGER, SECRETARIAT}),
    "project_status": (("P1",), {MANAGER}),
    "extend_project": (("P1",), {MANAGER}),
    "new_participation": (("P1",), {MANAGER, SECRETARIAT}),
    "participation": (("P1", "ORG1"), {MANAGER, SECRETARIAT}),
    "participation_status": (("P1", "ORG1"), {MANAGER}),
    "end_participation": (("P1", "ORG1"), {MANAGER, SECRETARIAT}),
    "narrative": (("project", "P1"), {*EDITORS, SECRETARIAT}),
    "section": (("project", "P1", "overview", "en"), {*EDITORS, SECRETARIAT}),
    "section_preview": (("project", "P1", "overview", "en"), {*EDITORS, SECRETARIAT}),
    "release_section": (("section",), {MANAGER, SECRETARIAT, EDITOR}),
    "contacts": (("project", "P1"), {MANAGER, SECRETARIAT, EDITOR}),
    "new_contact": (("project", "P1"), {MANAGER, SECRETARIAT, EDITOR}),
    "contact": (("contact",), {MANAGER, SECRETARIAT, EDITOR}),
    "end_contact": (("contact",), {MANAGER, SECRETARIAT, EDITOR}),
    "shown": (("mandate",), EVERYBODY),
    # results
    "results": ((), READ_RESULTS),
    "approve_readings": ((), APPROVE_READINGS),
    "measures": ((), READ_RESULTS),
    "new_measure": ((), {MANAGER, SECRETARIAT}),
    "measure": (("measure",), READ_RESULTS),
    "edit_measure": (("measure",), {MANAGER, SECRETARIAT}),
    "end_measure": (("measure",), {MANAGER, SECRETARIAT}),
    "framework": (("P1",), READ_RESULTS),
    "framework_changes": (("P1",), READ_RESULTS),
    "new_outcome": (("P1",), KEEPERS),
    "new_indicator": (("P1",), KEEPERS),
    "cycles": (("P1",), READ_RESULTS),
    "new_cycle": (("P1",), KEEPERS),
    "lock_cycle": (("cycle",), APPROVE_READINGS),
    "open_cycle": (("cycle",), APPROVE_READINGS),
    "lists": (("P1",), READ_RESULTS - {CONTRIBUTOR}),
    "new_list": (("P1",), KEEPERS),
    "edit_list": (("P1", "trades"), KEEPERS),
    "beneficiaries": (("P1",), READ_RESULTS),
    "keep_beneficiaries": (("P1",), KEEPERS),
    "edit_outcome": (("P1-o1",), KEEPERS),
    "new_output": (("P1-o1",), KEEPERS),
    "edit_output": (("P1-o1-1",), KEEPERS),
    "end_result": (("indicator", "P1-i1"), KEEPERS),
    "indicator": (("P1-i1",), READ_RESULTS),
    "edit_indicator": (("P1-i1",), KEEPERS),
    "set_target": (("P1-i1",), KEEPERS),
    "new_reading": (("P1-i1",), WRITE_READINGS),
    "check_reading": (("P1-i1",), WRITE_READINGS),
    "read_by_phone": (("P1-i1",), WRITE_READINGS),
    "read_by_phone_done": (("P1-i1", "reading"), WRITE_READINGS),
    "reading": (("reading",), READ_RESULTS),
    "change_reading": (("reading",), WRITE_READINGS),
    "choose_reading": (("reading",), APPROVE_READINGS),
    "reading_submit": (("reading",), WRITE_READINGS),
    "reading_take_back": (("reading",), WRITE_READINGS),
    "reading_approve": (("reading",), APPROVE_READINGS),
    "reading_return": (("reading",), APPROVE_READINGS),
    "reading_withdraw": (("reading",), APPROVE_READINGS),
    # organizations
    "organizations": ((), {MANAGER, FINANCE}),
    "new_organization": ((), {MANAGER, FINANCE}),
    "organization_pairs": ((), {MANAGER, FINANCE}),
    "organization": (("ORG1",), {MANAGER, FINANCE}),
    "edit_organization": (("ORG1",), {MANAGER, FINANCE}),
    "merge_organization": (("ORG1",), {MANAGER}),
    "undo_merger": (("merger",), {MANAGER}),
    "put_aside": (("ORG1", "ORG2"), {MANAGER, FINANCE}),
    "history": ((), {*OFFICE, "auditor"}),
    # the year's end
    "years": ((), READ_RETURNS),
    "year": ((2023,), READ_RETURNS),
    "year_file": ((2023, "csv"), READ_RETURNS),
    "owed": ((2023,), READ_RETURNS),
    "remind_many": ((2023,), {MANAGER, FINANCE}),
    "close_with": ((2023, "VALLEY"), {MANAGER}),
    "dispensations": ((), READ_RETURNS),
    "ask_dispensation": ((2023, "VALLEY", "ORG1", "annual_return"), REPORTING),
    "dispensation": (("dispensation",), READ_RETURNS),
    "decide_dispensation": (("dispensation",), {MANAGER}),
    "withdraw_dispensation": (("dispensation",), REPORTING),
    "reports": ((2023,), READ_REPORTS),
    "begin_report": ((2023,), {MANAGER, SECRETARIAT}),
    "report": (("report",), READ_REPORTS - {"contributor"}),
    "report_narrative": (("report", "en"), {MANAGER, SECRETARIAT}),
    "sign_report": (("report",), {APPROVER}),
    "report_file": (("report", "pdf"), READ_REPORTS - {"contributor"}),
    "publish_report": (("report",), {MANAGER, SECRETARIAT}),
    "tell_contributors": (("report",), {MANAGER, SECRETARIAT}),
    "report_for": (("report", "GIVER"), READ_REPORTS),
    "report_for_file": (("report", "GIVER", "pdf"), READ_REPORTS),
    # workbooks of returns
    "workbooks": ((), {*OFFICE, *ORGANIZATION, "auditor"}),
    "return_template": ((), {REPORTER}),
    "send_workbook": ((), {REPORTER}),
    "practice": ((), {REPORTER}),
    "practice_workbook": ((), {REPORTER}),
    "run": (("run",), ORGANIZATION),
    "run_file": (("run",), ORGANIZATION),
    "run_remarks": (("run",), ORGANIZATION),
    "apply_run": (("run",), {REPORTER}),
    "check_run": (("run",), {REPORTER}),
    "run_columns": (("run",), {REPORTER}),
    "end_mapping": (("mapping",), {REPORTER}),
    # workbooks of readings
    "results_workbooks": ((), READ_RESULTS),
    "readings_template": ((), WRITE_READINGS),
    "send_readings": ((), WRITE_READINGS),
    "readings_run": (("readings_run",), READ_RESULTS),
    "readings_run_file": (("readings_run",), READ_RESULTS),
    "readings_run_remarks": (("readings_run",), READ_RESULTS),
    "apply_readings_run": (("readings_run",), WRITE_READINGS),
    "check_readings_run": (("readings_run",), WRITE_READINGS),
    "submit_readings_run": (("readings_run",), WRITE_READINGS),
    # returns
    "returns": ((), READ_RETURNS),
    "return_begin": ((), {REPORTER}),
    "return_nothing": ((), {REPORTER}),
    "return_rules": ((), READ_RETURNS),
    "return_certify": ((), {CERTIFIER}),
    "return_attach": ((), {REPORTER, CERTIFIER}),
    "return": (("return",), READ_RETURNS),
    "return_change": (("return",), {REPORTER}),
    "return_account": (("return",), {REPORTER}),
    "return_signed": (("return", 1), READ_RETURNS),
    "return_attached": (("return",), READ_RETURNS),
    "return_comment": (("return",), {*AGENT, REPORTER, CERTIFIER, "organization contributor"}),
    "return_settle": (("return", "remark"), {*AGENT, REPORTER, CERTIFIER, "organization contributor"}),
    "return_waive": (("return",), {MANAGER, APPROVER}),
    "return_unwaive": (("return", "waived"), {MANAGER, APPROVER}),
    "return_hand_over": (("return",), {REPORTER}),
    "return_submit": (("return",), {REPORTER}),
    "return_give_back": (("return",), {CERTIFIER}),
    "return_take_back": (("return",), {REPORTER}),
    "return_recall": (("return",), {CERTIFIER}),
    "return_withdraw": (("return",), {REPORTER}),
    "return_take_up": (("return",), {FINANCE, APPROVER}),
    "return_send_back": (("return",), {FINANCE, APPROVER}),
    "return_accept": (("return",), {APPROVER}),
    "return_reopen": (("return",), {FINANCE, APPROVER}),
    "return_restate": (("return",), {REPORTER}),
    # work plans
    "plans": ((), READ_PLANS),
    "plan": (("P1",), READ_PLANS),
    "new_work": (("P1",), PLANNERS),
    "work": (("P1-w1",), PLANNERS),
    "end_work": (("P1-w1",), PLANNERS),
    "approve_plan": (("P1",), PLANNERS),
    "plan_versions": (("P1",), READ_PLANS),
    "plan_outputs": (("P1",), READ_PLANS),
    "plan_quarter": (("P1", "2025-Q1"), READ_PLANS),
    "close_quarter": (("P1", "2025-Q1"), PLANNERS),
    "open_quarter": (("P1", "2025-Q1"), PLANNERS),
    "plan_lines": (("P1", "ORG1", "2025-Q1"), READ_PLANS),
    "plan_workbook": (("P1", "ORG1", "2025-Q1"), FILLERS),
    "plan_template": (("P1", "ORG1", "2025-Q1"), FILLERS),
    "apply_plan_workbook": (("P1", "ORG1", "2025-Q1"), FILLERS),
    "tranches": (("P1",), READ_PLANS - ORGANIZATION),
    "new_tranche": (("P1",), PLANNERS),
    "tranche": (("P1", 1), PLANNERS),
    "transfer_requests": ((), READ_PLANS),
    "new_transfer_request": (("P1",), PLANNERS),
    "transfer_request": (("R1",), READ_PLANS),
    "change_transfer_request": (("R1",), PLANNERS),
    "sign_transfer_request": (("R1",), SIGNERS),
    "receive_transfer_request": (("R1",), RECEIVERS),
    "return_transfer_request": (("R1",), RECEIVERS),
    "mend_transfer_request": (("R1",), PLANNERS),
    "withdraw_transfer_request": (("R1",), PLANNERS),
    "draft_transfer_request": (("R1",), {FINANCE}),
    # monitoring
    "monitoring": ((), READ_MONITORING),
    "monitored": (("P1",), READ_MONITORING),
    "begin_yearly": (("P1",), KEEPERS),
    "yearly": (("yearly",), READ_MONITORING),
    "yearly_pdf": (("yearly",), READ_MONITORING),
    "write_yearly": (("yearly", "hard", "en"), KEEPERS),
    "hand_yearly": (("yearly", "take-back"), KEEPERS),
    "decide_yearly": (("yearly", "accept"), {SECRETARIAT}),
    "new_review": (("P1",), KEEPERS),
    "review": (("reviewed",), READ_MONITORING),
    "edit_review": (("reviewed",), KEEPERS),
    "new_recommendation": (("reviewed",), KEEPERS),
    "edit_recommendation": (("recommended",), KEEPERS),
    "respond": (("recommended",), RESPONDERS),
    "new_action": (("recommended",), KEEPERS),
    "edit_action": (("action",), KEEPERS),
    "action": (("action",), {*KEEPERS, "organization contributor"}),
    "new_risk": (("P1",), KEEPERS),
    "risk": (("risk",), READ_MONITORING),
    "edit_risk": (("risk",), KEEPERS),
    "new_lesson": (("P1",), KEEPERS),
    "lesson": (("lesson",), READ_MONITORING),
    "edit_lesson": (("lesson",), KEEPERS),
    "submit_lesson": (("lesson", "take-back"), KEEPERS),
    "decide_lesson": (("lesson", "approve"), APPROVERS),
}
OWN = {"revoke_token": ("token",)}  # of one's own things: of somebody else's, nobody is told that they are there
READ_HISTORY = {"portfolio manager", "agent finance officer", "agent approver", "fund secretariat", "auditor"}
# Operations of programs, by token: who gets in, and what is sent. A token may what its person may, and no more.
FORM = "form"  # what is sent as a form, not as JSON
A_READING: dict[str, object] = {"until": "2025-12-31", "value": "", "source": ""}
MOVED: dict[str, object] = {"key": "k", "on": "2024-03-09", "only_check": True}
LENT: dict[str, object] = {"amount": "0", "member": 1, "method": "flat", "rate": "2", "per": "month", "instalments": 2}
LENT |= {"first": "2024-04-09"}
OPERATIONS: dict[tuple[str, str], tuple[set[str], dict[str, object]]] = {
    ("get", "/desk/api/me"): (EVERYBODY, {}),
    ("get", "/desk/api/tasks"): (EVERYBODY, {}),
    ("get", "/desk/api/people"): ({ADMINISTRATOR, "auditor of people"}, {}),
    ("get", "/desk/api/people/{code}"): ({ADMINISTRATOR, "auditor of people"}, {}),
    ("get", "/desk/api/history"): (READ_HISTORY, {}),
    ("get", "/desk/api/jobs"): ({ADMINISTRATOR}, {}),
    ("get", "/desk/api/check"): ({ADMINISTRATOR}, {}),
    ("get", "/desk/api/registers"): (READ_REGISTERS, {}),
    ("get", "/desk/api/registers/P1-r1"): (READ_REGISTERS, {}),
    ("get", "/desk/api/registers/P1-r2/rows"): (KEEPERS, {}),
    ("get", "/desk/api/registers/P1-r1/rows/1"): (READ_REGISTERS, {}),
    ("post", "/desk/api/registers/P1-r1/rows"): (KEEPERS, {"values": {}}),
    ("put", "/desk/api/registers/P1-r1/rows/1"): (KEEPERS, {"values": {"name": ""}}),
    ("post", "/desk/api/registers/P1-r1/rows/1/withdraw"): (KEEPERS, {"reason": ""}),
    ("post", "/desk/api/registers/P1-r2/rows/1/consent"): (KEEPERS, {"given_on": "2024-01-01", "given_by": "x"}),
    ("post", "/desk/api/registers/P1-r1/rows/1/consent/withdraw"): (KEEPERS, {"reason": ""}),
    ("get", "/desk/api/counts/P1-i1"): (READ_REGISTERS, {}),
    ("put", "/desk/api/counts/P1-i1"): (KEEPERS, {"counted": {"register": "none"}}),
    ("post", "/desk/api/counts/P1-i1"): (WRITE_READINGS, {"until": "2999-01-01"}),
    ("get", "/desk/api/resources/P1"): (READ_REGISTERS, {}),
    ("post", "/desk/api/resources/P1"): (KEEP_RESOURCES, {"source_kind": "x", "kind": "x"}),
    ("put", "/desk/api/resources/P1/1"): (KEEP_RESOURCES, {"source_kind": "x", "kind": "x", "version": 0}),
    ("post", "/desk/api/resources/P1/1/withdraw"): (KEEP_RESOURCES, {"reason": ""}),
    ("get", "/desk/api/letters"): (ANSWER, {}),
    ("get", "/desk/api/letters/{code}"): (ANSWER, {}),
    ("post", "/desk/api/letters/{code}/take"): (ANSWER, {}),
    ("post", "/desk/api/letters/{code}/hand-over"): (ANSWER, {"to": ""}),
    ("post", "/desk/api/letters/{code}/forward"): (ANSWER, {}),
    ("post", "/desk/api/jobs/{job}/again"): ({ADMINISTRATOR}, {}),
    ("post", "/desk/api/check"): ({ADMINISTRATOR}, {}),
    ("post", "/desk/api/mails/settle"): ({ADMINISTRATOR}, {}),
    ("post", "/desk/api/letters/{code}/answer"): (ANSWER, {"text": ""}),
    ("post", "/desk/api/letters/{code}/close"): (ANSWER, {"outcome": ""}),
    ("get", "/desk/api/revolving/programmes/P1"): (READ_REVOLVING, {}),
    ("post", "/desk/api/revolving/programmes/P1"): (EDITORS, {"title": ""}),
    ("get", "/desk/api/revolving/funds/P1-01"): (READ_REVOLVING, {}),
    ("put", "/desk/api/revolving/funds/P1-01"): (EDITORS, {"title": "", "version": 0}),
    ("get", "/desk/api/revolving/funds/P1-01/cashbook"): (READ_REVOLVING, {}),
    ("get", "/desk/api/revolving/funds/P1-01/loans"): (READ_REVOLVING, {}),
    ("post", "/desk/api/revolving/funds/P1-01/capital"): (EDITORS, MOVED | {"amount": "0"}),
    ("post", "/desk/api/revolving/funds/P1-01/cost"): (EDITORS, MOVED | {"amount": "0"}),
    ("post", "/desk/api/revolving/funds/P1-01/loans"): (EDITORS, MOVED | LENT),
    ("post", "/desk/api/revolving/funds/P1-01/payments"): (EDITORS, MOVED | {"payments": []}),
    ("post", "/desk/api/revolving/funds/P1-01/loans/1/write-off"): (EDITORS, MOVED),
    ("post", "/desk/api/revolving/funds/P1-01/take-back"): (EDITORS, MOVED | {"what": "none"}),
    ("get", "/desk/api/vouchers"): (READ_BOOKS, {}),
    ("get", "/desk/api/vouchers/posted/{key}"): (READ_BOOKS, {}),
    ("get", "/desk/api/vouchers/posted/{key}/print"): (READ_BOOKS, {}),
    ("get", "/desk/api/vouchers/unidentified"): (READ_BOOKS, {}),
    ("get", "/desk/api/vouchers/posted/{key}/files/{sha256}"): (READ_BOOKS, {}),
    ("get", "/desk/api/vouchers/drafts/{draft}"): ({*OFFICE, "auditor"}, {}),
    ("get", "/desk/api/vouchers/drafts/{draft}/files/{sha256}"): ({*OFFICE, "auditor"}, {}),
    ("post", "/desk/api/vouchers/drafts"): ({FINANCE}, {"kind": "deposit", "words": {"fund": "VALLEY"}}),
    ("put", "/desk/api/vouchers/drafts/{draft}"): ({FINANCE}, {"words": {"fund": "VALLEY"}}),
    ("post", "/desk/api/vouchers/drafts/{draft}/files"): ({FINANCE}, {}),
    ("post", "/desk/api/vouchers/check"): ({FINANCE}, {"kind": "deposit", "words": {"fund": "VALLEY"}}),
    ("post", "/desk/api/vouchers/drafts/{draft}/check"): ({*OFFICE, "auditor"}, {}),
    ("post", "/desk/api/vouchers/drafts/{draft}/submit"): ({FINANCE}, {}),
    ("post", "/desk/api/vouchers/drafts/{draft}/take-back"): ({FINANCE}, {}),
    ("post", "/desk/api/vouchers/drafts/{draft}/discard"): ({FINANCE}, {"reason": ""}),
    ("post", "/desk/api/vouchers/drafts/{draft}/send-back"): ({APPROVER}, {"reason": ""}),
    ("post", "/desk/api/vouchers/drafts/{draft}/approve"): (set(), {}),
    ("get", "/desk/api/documents"): (READERS, {}),
    ("get", "/desk/api/documents/{document}"): (READERS, {}),
    ("get", "/desk/api/documents/{document}/files/{one}"): (READERS, {}),
    ("post", "/desk/api/documents"): (KEEPERS, {FORM: {"place": "VALLEY/P1"}}),
    ("post", "/desk/api/documents/{document}/files"): (KEEPERS, {}),
    ("put", "/desk/api/documents/{document}"): (KEEPERS, {"titles": {}, "type": "", "place": ""}),
    ("post", "/desk/api/documents/{document}/publish"): (KEEPERS, {}),
    ("post", "/desk/api/documents/{document}/withdraw"): (KEEPERS, {"reason": ""}),
    ("post", "/desk/api/documents/{document}/release"): (RELEASERS, {}),
    ("post", "/desk/api/documents/{document}/throw-away"): (KEEPERS, {"reason": ""}),
    ("post", "/desk/api/documents/{document}/scan"): (KEEPERS, {}),
    ("get", "/desk/api/vouchers/workbook"): ({FINANCE, SECRETARIAT}, {}),
    ("post", "/desk/api/vouchers/workbook/check"): ({FINANCE, SECRETARIAT}, {}),
    ("post", "/desk/api/vouchers/workbook/apply"): ({FINANCE, SECRETARIAT}, {"token": "x"}),
    ("post", "/desk/api/vouchers/workbook/remarks"): ({FINANCE, SECRETARIAT}, {"token": "x"}),
    ("get", "/desk/api/funds"): (READERS, {}),
    ("get", "/desk/api/funds/VALLEY"): (READERS - EDITORS, {}),
    ("post", "/desk/api/funds"): ({MANAGER}, {"title": "", "code": "VALLEY", "currency": "USD"}),
    ("put", "/desk/api/funds/VALLEY"): ({MANAGER, SECRETARIAT}, {"title": "", "version": 0}),
    ("get", "/desk/api/funds/VALLEY/agreements"): (READERS - EDITORS, {}),
    ("get", "/desk/api/funds/VALLEY/agreements/SAA1"): (READERS - EDITORS, {}),
    ("post", "/desk/api/funds/VALLEY/agreements"): ({MANAGER, FINANCE}, {"code": "SAA1", "contributor": ""}),
    ("put", "/desk/api/funds/VALLEY/agreements/SAA1"): ({MANAGER, FINANCE}, {"amount": "x", "version": 0}),
    ("get", "/desk/api/funds/VALLEY/windows"): (READERS - EDITORS, {}),
    ("get", "/desk/api/funds/VALLEY/windows/W1"): (READERS - EDITORS, {}),
    ("post", "/desk/api/funds/VALLEY/windows"): ({MANAGER, SECRETARIAT}, {"title": "", "code": "W1"}),
    ("put", "/desk/api/funds/VALLEY/windows/W1"): ({MANAGER, SECRETARIAT}, {"title": "", "version": 0}),
    ("get", "/desk/api/funds/VALLEY/memoranda"): (READERS - EDITORS, {}),
    ("get", "/desk/api/funds/VALLEY/memoranda/ORG1"): (READERS - EDITORS, {}),
    ("post", "/desk/api/funds/VALLEY/memoranda"): ({MANAGER, FINANCE}, {"organization": ""}),
    ("put", "/desk/api/funds/VALLEY/memoranda/ORG1"): ({MANAGER, FINANCE}, {"indirect_cost": "x", "version": 0}),
    ("get", "/desk/api/funds/VALLEY/standing"): (READERS - EDITORS, {}),
    ("post", "/desk/api/funds/VALLEY/status"): ({MANAGER}, {"status": "x"}),
    ("post", "/desk/api/funds/VALLEY/years/2023/close"): ({MANAGER}, {}),
    ("post", "/desk/api/funds/VALLEY/years/2023/reopen"): ({MANAGER}, {}),
    ("post", "/desk/api/evidence"): ({MANAGER}, {}),
    ("get", "/desk/api/projects/P1/standing"): (READERS, {}),
    ("get", "/desk/api/projects/P1/budgets"): (READERS, {}),
    ("post", "/desk/api/projects/P1/status"): ({MANAGER}, {"status": "x"}),
    ("post", "/desk/api/projects/P1/extend"): ({MANAGER}, {"until": "2030-01-01"}),
    ("post", "/desk/api/projects/P1/participants/ORG1/status"): ({MANAGER}, {"status": "x"}),
    ("get", "/desk/api/projects"): (READERS, {}),
    ("get", "/desk/api/projects/P1"): (READERS, {}),
    ("post", "/desk/api/projects"): ({MANAGER, SECRETARIAT}, {"title": "", "code": "P1", "fund": "VALLEY"}),
    ("put", "/desk/api/projects/P1"): ({MANAGER, SECRETARIAT}, {"title": "", "version": 0}),
    ("put", "/desk/api/projects/P1/participants/NONE"): ({MANAGER, SECRETARIAT}, {"version": 0}),
    ("post", "/desk/api/projects/P1/participants/NONE/end"): ({MANAGER, SECRETARIAT}, {"version": 0}),
    ("get", "/desk/api/organizations"): ({MANAGER, FINANCE}, {}),
    ("get", "/desk/api/organizations/ORG1"): ({MANAGER, FINANCE}, {}),
    ("post", "/desk/api/organizations"): ({MANAGER, FINANCE}, {"title": "", "code": "ORG1"}),
    ("put", "/desk/api/organizations/ORG1"): ({MANAGER, FINANCE}, {"title": "", "version": 0}),
    ("get", "/desk/api/organizations/ORG1/names"): ({MANAGER, FINANCE}, {}),
    ("post", "/desk/api/organizations/ORG1/merge"): ({MANAGER}, {"into": "", "reason": "", "version": 0}),
    ("post", "/desk/api/mergers/{merger}/undo"): ({MANAGER}, {"reason": ""}),
    ("get", "/desk/api/organization-pairs"): ({MANAGER, FINANCE}, {}),
    ("post", "/desk/api/organization-pairs/different"): (
        {MANAGER, FINANCE},
        {"first": "ORG1", "second": "ORG2", "reason": ""},
    ),
    ("get", "/desk/api/contacts/project/P1"): (RELEASERS, {}),
    ("post", "/desk/api/contacts/project/P1"): (RELEASERS, {}),
    ("get", "/desk/api/contacts/{contact}"): (RELEASERS, {}),
    ("put", "/desk/api/contacts/{contact}"): (RELEASERS, {"version": 0}),
    ("post", "/desk/api/contacts/{contact}/end"): (RELEASERS, {"reason": ""}),
    ("get", "/desk/api/sections"): (RELEASERS, {}),
    ("get", "/desk/api/sections/{section}"): (RELEASERS, {}),
    ("post", "/desk/api/sections/{section}/release"): (RELEASERS, {}),
    ("post", "/desk/api/sections/{section}/send-back"): (RELEASERS, {"reason": ""}),
    ("get", "/desk/api/narratives/project/P1"): ({*EDITORS, SECRETARIAT}, {}),
    ("get", "/desk/api/narratives/project/P1/overview/en"): ({*EDITORS, SECRETARIAT}, {}),
    ("put", "/desk/api/narratives/project/P1/overview/en"): (
        {*EDITORS, SECRETARIAT},
        {"text": "x" * 60_001, "version": 0},
    ),
    ("get", "/desk/api/editions"): (READERS, {}),
    ("get", "/desk/api/editions/quality"): (READERS, {}),
    ("post", "/desk/api/editions/quality/no-such-finding"): (PUBLISHERS, {"verb": "review"}),
    ("get", "/desk/api/editions/quality-asked"): (PUBLISHERS, {}),
    ("put", "/desk/api/editions/quality-asked"): (PUBLISHERS, {"fund": "VALLEY", "wanted": False}),
    ("get", "/desk/api/previews"): (READERS, {}),
    ("post", "/desk/api/previews"): (READERS, {}),
    ("get", "/desk/api/previews/0123456789ab/funds"): (READERS, {}),
    ("get", "/desk/api/editions/publication"): (PUBLISHERS, {}),
    ("post", "/desk/api/editions/publication"): (PUBLISHERS, {"seen": 999}),
    ("get", "/desk/api/takedowns"): ({MANAGER}, {}),
    ("post", "/desk/api/takedowns/foresee"): ({MANAGER}, {"kind": "document", "target": {"sha256": "x"}}),
    ("post", "/desk/api/takedowns"): ({MANAGER}, {"kind": "document", "target": {"sha256": "x"}, "reason": ""}),
    # returns
    ("get", "/desk/api/returns"): (READ_RETURNS, {}),
    ("post", "/desk/api/returns"): (
        {REPORTER},
        {"fund": "VALLEY", "organization": "ORG1", "year": 2001, "kind": "annual"},
    ),
    ("post", "/desk/api/returns/nothing-spent"): ({REPORTER}, {}),
    ("get", "/desk/api/returns/{return}"): (READ_RETURNS, {}),
    ("get", "/desk/api/returns/{return}/signatures/{one}"): (READ_RETURNS, {}),
    ("get", "/desk/api/returns/{return}/statement"): (READ_RETURNS, {}),
    ("post", "/desk/api/returns/{return}/check"): ({REPORTER}, {}),
    ("patch", "/desk/api/returns/{return}/cells"): ({REPORTER}, {}),
    ("post", "/desk/api/returns/{return}/account"): ({REPORTER}, {"answers": {}}),
    ("post", "/desk/api/returns/{return}/hand-over"): ({REPORTER}, {}),
    ("post", "/desk/api/returns/{return}/submit"): ({REPORTER}, {}),
    ("post", "/desk/api/returns/{return}/take-back"): ({REPORTER}, {}),
    ("post", "/desk/api/returns/{return}/withdraw"): ({REPORTER}, {}),
    ("post", "/desk/api/returns/{return}/restate"): ({REPORTER}, {"reason": ""}),
    ("post", "/desk/api/returns/{return}/give-back"): ({CERTIFIER}, {"reason": ""}),
    ("post", "/desk/api/returns/{return}/recall"): ({CERTIFIER}, {"reason": ""}),
    ("post", "/desk/api/returns/{return}/certify"): (set(), {}),
    ("post", "/desk/api/returns/{return}/take-up"): ({FINANCE, APPROVER}, {}),
    ("post", "/desk/api/returns/{return}/send-back"): ({FINANCE, APPROVER}, {"reason": ""}),
    ("post", "/desk/api/returns/{return}/reopen"): ({FINANCE, APPROVER}, {"reason": ""}),
    ("post", "/desk/api/returns/{return}/accept"): (set(), {}),
    ("post", "/desk/api/returns/{return}/comments"): (DISCUSS_RETURNS, {"text": ""}),
    ("post", "/desk/api/returns/{return}/comments/{one}/settle"): (DISCUSS_RETURNS, {}),
    ("post", "/desk/api/returns/{return}/waivers"): ({MANAGER, APPROVER}, {"rule": "x", "reason": ""}),
    ("post", "/desk/api/returns/{return}/waivers/{one}/withdraw"): ({MANAGER, APPROVER}, {}),
    ("get", "/desk/api/results/workbook"): (WRITE_READINGS, {}),
    ("get", "/desk/api/results/runs"): (READ_RESULTS, {}),
    ("post", "/desk/api/results/runs"): (WRITE_READINGS, {}),
    ("get", "/desk/api/results/runs/{readings_run}"): (READ_RESULTS, {}),
    ("post", "/desk/api/results/runs/{readings_run}/check"): (WRITE_READINGS, {}),
    ("post", "/desk/api/results/runs/{readings_run}/apply"): (WRITE_READINGS, {}),
    ("post", "/desk/api/results/runs/{readings_run}/submit"): (WRITE_READINGS, {}),
    ("get", "/desk/api/results/runs/{readings_run}/remarks"): (READ_RESULTS, {}),
    ("get", "/desk/api/results/runs/{readings_run}/file"): (READ_RESULTS, {}),
    ("get", "/desk/api/results/readings"): (READ_RESULTS, {}),
    ("get", "/desk/api/results/readings/{reading}"): (READ_RESULTS, {}),
    ("put", "/desk/api/results/readings/{reading}"): (WRITE_READINGS, {**A_READING, "version": 0}),
    ("post", "/desk/api/results/readings/{reading}/discard"): (WRITE_READINGS, {}),
    ("post", "/desk/api/results/readings/{reading}/submit"): (WRITE_READINGS, {}),
    ("post", "/desk/api/results/readings/{reading}/take-back"): (WRITE_READINGS, {}),
    ("post", "/desk/api/results/readings/{reading}/approve"): (APPROVE_READINGS, {}),
    ("post", "/desk/api/results/readings/{reading}/return"): (APPROVE_READINGS, {"reason": ""}),
    ("post", "/desk/api/results/readings/{reading}/withdraw"): (APPROVE_READINGS, {"reason": ""}),
    ("post", "/desk/api/results/readings/{reading}/choose"): (APPROVE_READINGS, {"reason": ""}),
    ("post", "/desk/api/results/indicators/P1-i1/readings"): (WRITE_READINGS, A_READING),
    ("post", "/desk/api/results/indicators/P1-i1/readings/check"): (WRITE_READINGS, A_READING),
    ("get", "/desk/api/results/measures"): (READ_RESULTS, {}),
    ("get", "/desk/api/results/measures/{measure}"): (READ_RESULTS, {}),
    ("post", "/desk/api/results/measures"): (
        {SECRETARIAT, MANAGER},
        {"code": "", "kind": "count", "fund": "VALLEY", "titles": {}},
    ),
    ("put", "/desk/api/results/measures/{measure}"): ({SECRETARIAT, MANAGER}, {"titles": {}, "version": 0}),
    ("get", "/desk/api/results/projects"): (READ_RESULTS, {}),
    ("get", "/desk/api/results/projects/P1"): (READ_RESULTS, {}),
    ("post", "/desk/api/results/projects/P1/outcomes"): (KEEPERS, {"titles": {}}),
    ("put", "/desk/api/results/outcomes/P1-o1"): (KEEPERS, {"titles": {}, "version": 0}),
    ("post", "/desk/api/results/outcomes/P1-o1/outputs"): (KEEPERS, {"titles": {}}),
    ("put", "/desk/api/results/outputs/P1-o1-1"): (KEEPERS, {"titles": {}, "version": 0}),
    ("post", "/desk/api/results/projects/P1/indicators"): (KEEPERS, {"titles": {}, "kind": "count"}),
    ("get", "/desk/api/results/indicators/P1-i1"): (READ_RESULTS, {}),
    ("put", "/desk/api/results/indicators/P1-i1"): (KEEPERS, {"titles": {}, "kind": "count", "version": 0}),
    ("post", "/desk/api/results/indicators/P1-i1/targets"): (KEEPERS, {"until": "2025-12-31", "value": "100"}),
    ("post", "/desk/api/results/outcome/P1-o1/end"): (KEEPERS, {"reason": "", "version": 0}),
    ("get", "/desk/api/results/projects/P1/periods"): (READ_RESULTS, {}),
    ("post", "/desk/api/results/projects/P1/periods"): (
        KEEPERS,
        {"since": "2025-02-01", "until": "2025-01-01"},
    ),
    ("post", "/desk/api/results/periods/{cycle}/lock"): (APPROVE_READINGS, {}),
    ("post", "/desk/api/results/periods/{cycle}/open"): (APPROVE_READINGS, {"reason": ""}),
    ("get", "/desk/api/results/projects/P1/lists"): (READ_RESULTS, {}),
    ("put", "/desk/api/results/projects/P1/lists/sex"): (KEEPERS, {"titles": {}, "choices": []}),
    ("get", "/desk/api/results/projects/P1/beneficiaries"): (READ_RESULTS, {}),
    ("post", "/desk/api/results/projects/P1/beneficiaries"): (
        KEEPERS,
        {"until": "2025-12-31", "counts": {}, "source": ""},
    ),
    ("get", "/desk/api/returns/workbook"): ({REPORTER}, {}),
    ("get", "/desk/api/returns/runs"): (READ_RETURNS, {}),
    ("post", "/desk/api/returns/runs"): ({REPORTER}, {}),
    ("get", "/desk/api/returns/runs/{run}"): (ORGANIZATION, {}),
    ("post", "/desk/api/returns/runs/{run}/check"): ({REPORTER}, {}),
    ("post", "/desk/api/returns/runs/{run}/apply"): ({REPORTER}, {}),
    ("get", "/desk/api/returns/runs/{run}/remarks"): (ORGANIZATION, {}),
    ("get", "/desk/api/returns/runs/{run}/file"): (ORGANIZATION, {}),
    ("get", "/desk/api/years/2023"): (READ_RETURNS, {}),
    ("get", "/desk/api/years/2023/owed"): (READ_RETURNS, {}),
    ("get", "/desk/api/dispensations"): (READ_RETURNS, {}),
    ("post", "/desk/api/dispensations"): (
        REPORTING,
        {"duty": "x", "fund": "VALLEY", "organization": "ORG1", "year": 2023, "wanted": "waiver", "reason": "x"},
    ),
    ("get", "/desk/api/dispensations/{dispensation}"): (READ_RETURNS, {}),
    ("post", "/desk/api/dispensations/{dispensation}/decide"): ({MANAGER}, {"decision": "refuse"}),
    ("post", "/desk/api/dispensations/{dispensation}/withdraw"): (REPORTING, {}),
    ("get", "/desk/api/years/2023/reports"): (READ_REPORTS, {}),
    ("get", "/desk/api/reports/{report}"): (READ_REPORTS, {}),
    ("get", "/desk/api/reports/{report}/file.pdf"): (READ_REPORTS, {}),
    # work plans
    ("get", "/desk/api/plans/P1/lines"): (READ_PLANS, {}),
    ("put", "/desk/api/plans/P1/work"): (PLANNERS, {"output": "x", "organization": "ORG1", "titles": {}}),
    ("patch", "/desk/api/plans/P1/lines/ORG1/2025-Q1"): (FILLERS, {"lines": {"x": {"state": "done"}}}),
    ("get", "/desk/api/plans/P1/quarters/2025-Q1"): (READ_PLANS, {}),
    ("post", "/desk/api/plans/P1/quarters/2999-Q1/close"): (PLANNERS, {}),
    ("post", "/desk/api/plans/P1/quarters/2999-Q1/open"): (PLANNERS, {"reason": ""}),
    ("get", "/desk/api/plans/P1/outputs"): (READ_PLANS, {}),
    ("get", "/desk/api/transfer-requests"): (READ_PLANS, {}),
    ("get", "/desk/api/transfer-requests/R1"): (READ_PLANS, {}),
    ("put", "/desk/api/plans/P1/transfer-requests"): (
        PLANNERS,
        {"amounts": {}, "decision": "", "decided_on": "2025-01-01"},
    ),
    ("post", "/desk/api/transfer-requests/R1/receive"): (RECEIVERS, {"version": 999}),
    ("post", "/desk/api/transfer-requests/R1/return"): (RECEIVERS, {"reason": ""}),
    ("post", "/desk/api/transfer-requests/R1/mend"): (PLANNERS, {}),
    ("post", "/desk/api/transfer-requests/R1/withdraw"): (PLANNERS, {"reason": ""}),
    ("post", "/desk/api/transfer-requests/R1/drafts/ORG1"): ({FINANCE}, {}),
    # monitoring
    ("get", "/desk/api/monitoring/projects/P1"): (READ_MONITORING, {}),
    ("post", "/desk/api/monitoring/projects/P1/narratives"): (KEEPERS, {"year": 2100}),
    ("get", "/desk/api/monitoring/narratives/{yearly}"): (READ_MONITORING, {}),
    ("post", "/desk/api/monitoring/narratives/{yearly}/parts"): (KEEPERS, {"part": "x", "language": "en", "text": ""}),
    ("post", "/desk/api/monitoring/narratives/{yearly}/acts"): (KEEPERS, {"act": "take back"}),
    ("post", "/desk/api/monitoring/projects/P1/reviews"): (KEEPERS, {"kind": "x", "titles": {}}),
    ("get", "/desk/api/monitoring/reviews/{reviewed}"): (READ_MONITORING, {}),
    ("put", "/desk/api/monitoring/reviews/{reviewed}"): (KEEPERS, {"kind": "x", "titles": {}}),
    ("post", "/desk/api/monitoring/reviews/{reviewed}/recommendations"): (KEEPERS, {"texts": {}}),
    ("put", "/desk/api/monitoring/recommendations/{recommended}"): (KEEPERS, {"texts": {}}),
    ("post", "/desk/api/monitoring/recommendations/{recommended}/answer"): (
        RESPONDERS,
        {"answer": "x", "body": "x", "on": "2024-01-01"},
    ),
    ("post", "/desk/api/monitoring/recommendations/{recommended}/actions"): (KEEPERS, {"texts": {}}),
    ("put", "/desk/api/monitoring/actions/{action}"): (KEEPERS, {"texts": {}}),
    ("post", "/desk/api/monitoring/actions/{action}/state"): (
        {*KEEPERS, "organization contributor"},
        {"state": "x"},
    ),
    ("post", "/desk/api/monitoring/projects/P1/risks"): (KEEPERS, {"kind": "x", "texts": {}, "impact": 1}),
    ("put", "/desk/api/monitoring/risks/{risk}"): (KEEPERS, {"kind": "x", "texts": {}, "impact": 1}),
    ("get", "/desk/api/monitoring/lessons"): (READ_MONITORING, {}),
    ("post", "/desk/api/monitoring/projects/P1/lessons"): (KEEPERS, {"kind": "x", "titles": {}}),
    ("put", "/desk/api/monitoring/lessons/{lesson}"): (KEEPERS, {"kind": "x", "titles": {}}),
    ("post", "/desk/api/monitoring/lessons/{lesson}/acts"): (KEEPERS, {"act": "take back"}),
}
# What stands in an operation's address, where `words` has nothing of that name.
STANDS = {"key": "d1", "one": 1, "sha256": "0" * 64}


def filled(pattern: str, words: dict[str, object]) -> str:
    """The address of an operation about things that are there."""
    code = words["letter"] if "letters" in pattern else words["person"]
    return pattern.format_map({**STANDS, **words, "code": code})


def named() -> Iterator[str]:
    """The names of all addresses of the desk, but for those of the library that signs people in, and of programs."""
    from django.urls import URLPattern, URLResolver

    from quipu.desk.urls import urlpatterns

    def walk(patterns: list[object], prefix: str) -> Iterator[str]:
        for pattern in patterns:
            path = f"{prefix}{pattern.pattern}"
            if path.startswith(("/account/", "/api/")):
                continue
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, path)
            elif isinstance(pattern, URLPattern):
                assert pattern.name, f"{path} has no name"
                yield pattern.name

    yield from walk(urlpatterns, "")


@pytest.fixture(scope="module")
def cast(_books_template, tmp_path_factory):
    """The house, made once: nobody changes anything that others here see."""
    made = ledgers.sqlite(_books_template, tmp_path_factory.mktemp("matrix"), furnish)
    with at_home(made):
        yield cast_of(made)


@pytest.fixture(scope="module")
def words(cast):
    """What addresses of things are made of here."""
    from datetime import UTC, datetime

    from quipu.books import models

    other = cast.person("agent approver")
    now = datetime.now(UTC)
    invitation = models.Invitation.objects.create(
        token="x", email="new@example.org", invited_by="someone", invited_at=now, expires_at=now
    )
    models.Window.objects.create(code="W1", fund_id="VALLEY")
    cast.ledger.post(
        'community P1-01 P1 "Spinners"\nloan P1-01/1 "wool"\n2024-03-01 revolving P1-01 ^box-1\n    capital 900.00\n'
        "2024-03-02 revolving P1-01 ^box-2\n"
        "    lent 1 500.00 to 4 flat 2% month in 5 every 1 month from 2024-04-02 grace 0\n"
    )
    section = models.Section.objects.create(
        kind="project", code="P1", section="overview", language="en", state="draft", by="someone", at=now
    )
    contact = models.Contact.objects.create(kind="project", code="P1", roles={"en": "Secretariat"})
    models.Organization.objects.create(code="OLD")
    merger = models.Merger.objects.create(organization_id="OLD", into_id="ORG2", reason="x", by="someone", at=now)
    results = framed("someone")  # first, so that it has the first numbers
    resource = registering.furnished("someone")
    made = {"resource": resource.pk, "merger": merger.pk, "section": section.pk, "contact": contact.pk}
    draft = models.Draft.objects.create(
        key="20240301-matrix",
        kind="deposit",
        state="posted",
        fund_id="VALLEY",
        on=now.date(),
        words={"fund": "VALLEY", "on": "2024-03-01", "amount": "1.00"},
        author="someone",
        position=1,
        made_at=now,
        changed_at=now,
    )
    document = models.Document.objects.create(code="d1", fund_id="VALLEY", project_id="P1", made_by="x", made_at=now)
    models.Version.objects.create(
        document=document, number=1, given="0" * 64, name="a.pdf", by="x", at=now, state="refused"
    )
    dispensation = models.Dispensation.objects.create(
        fund_id="VALLEY",
        organization_id="ORG1",
        year=2023,
        duty="annual_return",
        reason="x",
        asked_by="x",
        asked_at=now,
    )
    report = models.Report.objects.create(fund_id="VALLEY", year=2023, pdf="0" * 64, by="x", at=now, signed_at=now)
    contributor = cast.people["contributor"].pk
    models.Told.objects.create(report=report, organization_id="GIVER", person=contributor, at=now)
    made |= {"dispensation": dispensation.pk, "report": report.pk}
    written = models.Return.objects.create(
        code="R-matrix",
        fund_id="VALLEY",
        organization_id="ORG1",
        year=2024,
        kind="annual",
        state="draft",
        author="someone",
        made_at=now,
        changed_at=now,
    )
    models.Signed.objects.create(
        of=written, number=1, content='{"cells":{},"answers":{},"nil":false,"remark":""}', at=now
    )
    remark = models.Remark.objects.create(of=written, text="x", by="someone", at=now)
    waived = models.Waived.objects.create(
        fund_id="VALLEY", organization_id="ORG1", year=2024, rule="return-negative", reason="x", by="someone", at=now
    )
    source = approved("someone", "another", results["trained"], "93")
    measure = models.Measure.objects.create(code="M1", fund_id="VALLEY", titles={"en": "x"}, kind="count")
    cycle = models.Cycle.objects.create(project_id="P1", since=date(2025, 1, 1), until=date(2025, 12, 31))
    models.Breakdown.objects.create(project_id="P1", code="trades", titles={"en": "x"}, choices=[["a", {"en": "A"}]])
    token = models.Token.objects.create(secret="x", person=other, name="x", made_at=now, expires_at=now)
    run = models.Run.objects.create(
        code="r1",
        organization_id="ORG1",
        by="someone",
        at=now,
        sha256="0" * 64,
        name="a.csv",
        bytes=1,
        told={
            "shape": "unknown",
            "year": 2023,
            "kind": "annual",
            "findings": [],
            "changes": [],
            "heads": {},
            "words": {},
        }
        | {"funds": [], "wrote": {}, "blocked": True, "counts": {"changed": 0, "as it was": 0, "wrong": 0}},
    )
    told = {"since": "", "until": "2024-12-31", "findings": [], "changes": [], "targets": {}, "heads": {}, "wrote": {}}
    told |= {"blocked": True, "counts": run.told["counts"], "scopes": [["VALLEY", "P1", "ORG1"]]}
    same = {"by": "someone", "at": now, "sha256": "0" * 64, "name": "a.xlsx", "bytes": 1}
    readings_run = models.Run.objects.create(code="r2", what="readings", project_id="P1", told=told, **same)
    asked_for(now)
    mapping = models.Mapping.objects.create(organization_id="ORG1", name="x", by="someone", at=now)
    things = {
        **made,
        **monitored(),
        "run": run.pk,
        "readings_run": readings_run.pk,
        "mapping": mapping.pk,
        "return": written.pk,
        "reading": source.pk,
        "measure": measure.pk,
        "cycle": cycle.pk,
        "remark": remark.pk,
        "waived": waived.pk,
        "draft": draft.pk,
        "document": document.pk,
        "person": other.pk,
        "mandate": other.mandates.get().pk,
        "invitation": invitation.pk,
        "token": token.pk,
    }
    with pytest.MonkeyPatch.context() as patch:
        from django.conf import settings

        patch.setattr(settings, "HOME", cast.ledger.home)
        yield {**things, "letter": letter(cast.ledger.home), "job": "00000000-0000-0000-0000-000000000000"}


def asked_for(now):
    """A piece of work with a tranche and a request that asks for something for its organization."""
    from quipu.books import models

    output = models.Output.objects.get(code="P1-o1-1")
    models.Work.objects.create(
        code="P1-w1", project_id="P1", number=1, output=output, organization_id="ORG1", titles={"en": "x"}
    )
    models.Tranche.objects.create(project_id="P1", number=1, planned_on=now.date(), amount=1)
    request = models.TransferRequest.objects.create(
        code="R1",
        project_id="P1",
        decision="x",
        decided_on=now.date(),
        state="draft",
        author="x",
        made_at=now,
        changed_at=now,
    )
    models.RequestedAmount.objects.create(request=request, organization_id="ORG1", amount=1)


def letter(home):
    """A letter about the first fund, from the public; answers its code."""
    from quipu.letters.drop import drop
    from quipu.letters.letter import About, Letter

    return drop(home, Letter("question", About("/fund/VALLEY", 1, "", "en", "VALLEY"), "Why?"), key="k", sender="s")


def test_every_address_has_a_row(cast):
    assert sorted(named()) == sorted([*ROWS, *PUBLIC, *OWN])


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", [*PARTS, NOBODY, STRANGER])
def test_who_gets_in(cast, words, role, method):
    from django.urls import reverse

    browser = cast.client(role)
    wrong = []
    for name, (parts, allowed) in ROWS.items():
        address = reverse(name, args=[words.get(part, part) for part in parts])
        answer = getattr(browser, method)(address)
        got_in = answer.status_code not in (403, 302) or (
            answer.status_code == 302 and "/account/login" not in answer["Location"]
        )
        if got_in != (role in allowed):
            wrong.append((name, answer.status_code, answer.get("Location")))
        if role == STRANGER:
            assert answer.status_code == 302, (name, answer.status_code)
            assert answer["Location"].startswith("/desk/account/login/"), name
    assert wrong == []


def test_an_address_for_strangers_tells_nothing(cast):
    from django.urls import reverse

    for name, (parts, status) in PUBLIC.items():
        assert cast.client(STRANGER).get(reverse(name, args=parts)).status_code == status, name


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_reaches_what_is_another_persons_own(cast, words, method):
    from django.urls import reverse

    for name, parts in OWN.items():
        address = reverse(name, args=[words[part] for part in parts])
        for role in [*PARTS, NOBODY]:
            assert getattr(cast.client(role), method)(address).status_code == 404, (name, role)
        assert cast.client(STRANGER).get(address).status_code == 302


# Programs


def test_every_operation_has_a_row(cast):
    from quipu.desk.api.views import operations

    described = [(one.method.lower(), re.sub(r"{\w+}", "[^/]+", one.path)) for one in operations()]
    for method, path in described:
        assert any(method == row[0] and re.fullmatch(path, row[1]) for row in OPERATIONS), (method, path)
    assert len(described) == len(OPERATIONS)


def token(person, verbs, **scope):
    """The secret of a token that was made for those verbs, whatever its person may."""
    import secrets
    from datetime import UTC, datetime, timedelta

    from quipu.actions.news import hash_of
    from quipu.books import models

    word, now = secrets.token_urlsafe(16), datetime.now(UTC)
    models.Token.objects.create(
        secret=hash_of(word),
        person=person,
        name="of a test",
        verbs=list(verbs),
        made_at=now,
        expires_at=now + timedelta(days=1),
        **scope,
    )
    return word


def ask(browser, method, path, word, body):
    """What a program is answered."""
    headers = {"Authorization": f"Bearer {word}"} if word else {}
    if method == "get":
        return browser.get(path, headers=headers)
    if FORM in body:
        return browser.post(path, body[FORM], headers=headers)
    return getattr(browser, method)(path, body, content_type="application/json", headers=headers)


@pytest.fixture
def second_factor(monkeypatch):
    """Everybody has set one up."""
    monkeypatch.setattr("quipu.desk.api.access.is_mfa_enabled", lambda person: True)


@pytest.fixture
def no_editions(monkeypatch):
    """Whoever may make one here is told no: who gets in is asked, and it is not made for each of them."""
    from quipu.rules.findings import Finding, Refused

    def refused(*_, **__):
        raise Refused(Finding("publication-runs", ""))

    monkeypatch.setattr("quipu.desk.api.previews.make", refused)


@pytest.mark.parametrize("role", [*PARTS, NOBODY, STRANGER])
def test_which_operations_a_token_opens(cast, words, role, second_factor, no_editions):
    from django.test import Client

    from quipu.rules.mandates import VERBS

    word = "" if role == STRANGER else token(cast.people[role], VERBS)
    wrong = []
    for (method, pattern), (allowed, body) in OPERATIONS.items():
        answer = ask(Client(), method, filled(pattern, words), word, body)
        if (answer.status_code not in (401, 403)) != (role in allowed):
            wrong.append((method, pattern, answer.status_code, answer.content))
        assert answer.status_code < 500
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json"
        assert (answer.status_code == 401) == (role == STRANGER)
    assert wrong == []


def test_a_token_that_was_made_for_nothing_opens_only_what_is_its_persons_own(cast, words, second_factor):
    from django.test import Client

    for role in [*PARTS, NOBODY]:
        word = token(cast.people[role], ())
        for (method, pattern), (allowed, body) in OPERATIONS.items():
            answer = ask(Client(), method, filled(pattern, words), word, body)
            assert (answer.status_code != 403) == (allowed == EVERYBODY), (role, pattern)
