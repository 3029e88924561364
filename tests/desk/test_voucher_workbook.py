"""Many vouchers by workbook: filled in, checked, kept as drafts, and sent back with remarks in its cells."""

import io
import zipfile

import openpyxl
import pytest
from django.urls import reverse

from tests.desk.test_vouchers import FINANCE, SECRETARIAT, _in_english, home

__all__ = ["_in_english", "home"]
GOOD = {
    "Kind": "Deposit",
    "Fund": "VALLEY Valley fund",
    "Date": "2024-03-01",
    "Amount": 1234.56,
    "Contributor": "GIVER Giver",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def office(cast, home):
    return Sender(cast)


class Sender:
    """Somebody who fills in the template and sends it."""

    def __init__(self, cast, role=FINANCE):
        self.browser = cast.client(role)
        self.template = self.browser.get(reverse("draft_template")).content

    def filled(self, *rows, first=3):
        """The template with rows filled in under its columns, one below the other."""
        book = openpyxl.load_workbook(io.BytesIO(self.template))
        sheet = book.worksheets[0]
        places = {cell.value: cell.column for cell in sheet[2]}
        for number, row in enumerate(rows, first):
            for label, value in row.items():
                sheet.cell(number, places[label], value)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def check(self, body):
        from django.core.files.uploadedfile import SimpleUploadedFile

        return self.browser.post(reverse("draft_workbook"), {"file": SimpleUploadedFile("v.xlsx", body)})

    def send(self, body, **choices):
        token = self.check(body).content.decode().split('name="token" value="')[1].split('"')[0]
        return self.browser.post(reverse("draft_workbook_apply"), {"token": token, "act": "keep", **choices})


def drafts():
    from quipu.books import models

    return {one.row: one for one in models.Draft.objects.all()}


def cells(body):
    sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
    places = {cell.value: cell.column for cell in sheet[2]}
    return lambda number, label: sheet.cell(number, places[label])


def test_the_template_offers_what_the_books_hold_and_keys_of_its_own(office):
    book = openpyxl.load_workbook(io.BytesIO(office.template))
    sheet, lists = book.worksheets
    keys = [sheet.cell(n, 1).value for n in range(3, 203)]
    assert len(set(keys)) == 200
    assert len(sheet.data_validations.dataValidation) == 8
    offered = {cell.value for row in lists.iter_rows() for cell in row}
    assert {
        "VALLEY Valley fund",
        "P1 Terraces",
        "ORG1 First organization",
        "GIVER Giver",
        "SAA1 Agreement of 2024",
        "Deposit",
    } <= offered
    assert lists.sheet_state == "hidden"


def test_rows_become_drafts_and_untouched_rows_nothing(office):
    answer = office.send(office.filled(GOOD, {**GOOD, "Amount": "2,000.10", "Title": "Second"}))
    assert answer.status_code == 302
    made = drafts()
    assert sorted(one.words["amount"] for one in made.values()) == ["1234.56", "2000.1"]
    assert {one.state for one in made.values()} == {"draft"}


def test_checking_keeps_no_draft(office):
    told = office.check(office.filled(GOOD)).content.decode()
    assert "1 new, 0 changed, 0 as they were, 0 wrong." in told
    assert drafts() == {}


def test_the_same_workbook_sent_again_changes_nothing_and_another_amount_changes_its_own_draft(office):
    from quipu.books import models

    office.send(office.filled(GOOD, GOOD))
    log = models.History.objects.count()
    assert "0 new, 0 changed, 2 as they were, 0 wrong." in office.check(office.filled(GOOD, GOOD)).content.decode()
    office.send(office.filled(GOOD, GOOD))
    assert (len(drafts()), models.History.objects.count()) == (2, log)
    changed = office.filled({**GOOD, "Amount": 7}, GOOD)
    told = office.check(changed).content.decode()
    assert "<del>1234.56</del> → <ins>7</ins>" in told
    office.send(changed)
    assert sorted(one.words["amount"] for one in drafts().values()) == ["1234.56", "7"]


def test_a_wrong_row_names_its_row_column_value_rule_and_remedy(office):
    wrong = {**GOOD, "Fund": "VALEY", "Amount": "1.234"}
    told = office.check(office.filled(GOOD, wrong)).content.decode()
    assert '<th scope="row">4</th>' in told
    assert "<strong>Fund</strong> “VALEY”: Nothing in the books has this code. Choose one of the list" in told
    assert "<strong>Amount</strong> “1.234”: It can be read two ways" in told


def test_all_or_nothing_keeps_none_and_the_good_rows_are_kept_where_they_are_asked_for(office):
    body = office.filled(GOOD, {**GOOD, "Date": "yesterday"})
    assert office.send(body, which="all").status_code == 422
    assert drafts() == {}
    assert office.send(body, which="good").status_code == 302
    assert len(drafts()) == 1


def test_the_workbook_comes_back_with_remarks_in_its_cells_and_can_be_sent_again(office):
    body = office.filled({**GOOD, "Key": None}, {**GOOD, "Agreement": "SAA7"})
    answer = office.send(body, which="good", act="back")
    assert answer["Content-Type"] == XLSX
    at = cells(answer.content)
    (made,) = drafts().values()
    assert at(3, "Key").value == made.row
    assert made.key in at(3, "Remarks").value
    assert at(3, "Agreement").comment is None
    assert "Nothing in the books has this code." in at(4, "Agreement").comment.text
    assert "wrong" in at(4, "Remarks").value
    mended = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = mended.worksheets[0]
    sheet.cell(4, [cell.value for cell in sheet[2]].index("Agreement") + 1).value = "SAA1"
    out = io.BytesIO()
    mended.save(out)
    again = office.send(out.getvalue(), act="back")
    assert len(drafts()) == 2
    assert cells(again.content)(4, "Agreement").comment is None


def test_what_the_ledger_would_refuse_today_is_said_and_may_be_drafted(office):
    paid = {
        "Kind": "Transfer",
        "Fund": "VALLEY",
        "Date": "2024-03-01",
        "Amount": 5,
        "Project": "P1",
        "Organization": "ORG1",
    }
    told = office.check(office.filled(paid)).content.decode()
    assert "No decision allocates money to this participation." in told
    assert "1 new, 0 changed, 0 as they were, 0 wrong." in told
    # In the order of its rows: what is allocated above is there for the transfer below.
    allocated = {**paid, "Kind": "Allocation", "Title": "Decision 1"}
    assert "No decision" not in office.check(office.filled(allocated, paid)).content.decode()


def test_a_row_whose_draft_was_submitted_is_not_written_over(office, cast):
    from quipu.actions import drafts as acts

    office.send(office.filled(GOOD))
    (made,) = drafts().values()
    acts.lead(by=cast.people[FINANCE].pk, draft=made, act="submit", seen=None)
    assert "0 new, 0 changed, 1 as they were, 0 wrong." in office.check(office.filled(GOOD)).content.decode()
    told = office.check(office.filled({**GOOD, "Amount": 1})).content.decode()
    assert "The draft of this row was submitted, posted or discarded." in told


def test_a_draft_that_somebody_changed_after_the_check_is_not_written_over(office, cast):
    from quipu.actions import drafts as acts

    office.send(office.filled(GOOD))
    (made,) = drafts().values()
    token = (
        office.check(office.filled({**GOOD, "Amount": 1}))
        .content.decode()
        .split('name="token" value="')[1]
        .split('"')[0]
    )
    acts.mend(by=cast.person(FINANCE).pk, draft=made, words={**made.words, "amount": "2"}, seen=None)
    assert office.browser.post(reverse("draft_workbook_apply"), {"token": token, "act": "keep"}).status_code == 422
    made.refresh_from_db()
    assert made.words["amount"] == "2"


def test_a_workbook_drafts_only_what_its_sender_may(cast, home):
    sender = Sender(cast, SECRETARIAT)
    told = sender.check(sender.filled({**GOOD, "Kind": "Deposit"})).content.decode()
    assert "0 new, 0 changed, 0 as they were, 1 wrong." in told
    coast = {
        "Kind": "Allocation",
        "Fund": "COAST",
        "Date": "2024-03-01",
        "Amount": 5,
        "Project": "C1",
        "Organization": "ORG1",
        "Title": "D",
    }
    assert "Your mandate does not reach this fund" in sender.check(sender.filled(coast)).content.decode()


def test_what_another_person_checked_is_not_applied(office, cast):
    token = office.check(office.filled(GOOD)).content.decode().split('name="token" value="')[1].split('"')[0]
    other = cast.client(person=cast.person(FINANCE))
    assert other.post(reverse("draft_workbook_apply"), {"token": token, "act": "keep"}).status_code == 422
    assert drafts() == {}


def test_a_thousand_rows_are_taken_and_one_more_is_not(office, monkeypatch):
    from quipu.desk.vouchers import workbook

    monkeypatch.setattr(workbook, "MOST", 3)
    assert office.check(office.filled(*[GOOD] * 3)).status_code == 200
    assert "more rows than are taken at once" in office.check(office.filled(*[GOOD] * 4)).content.decode()


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (61 << 20))
    return out.getvalue()


@pytest.mark.parametrize("body", [b"no workbook", b"PK\x03\x04 broken", bomb()], ids=["text", "broken", "bomb"])
def test_what_is_no_workbook_ends_in_a_finding(office, body):
    answer = office.check(body)
    assert answer.status_code == 422
    assert "This is no workbook of ours." in answer.content.decode()


def test_a_column_that_was_taken_out_is_named(office):
    book = openpyxl.load_workbook(io.BytesIO(office.filled(GOOD)))
    book.worksheets[0].delete_cols(5)
    out = io.BytesIO()
    book.save(out)
    told = office.check(out.getvalue()).content.decode()
    assert "A column is missing." in told
    assert "(Amount)" in told


def test_a_formula_is_not_reckoned_and_text_like_one_goes_into_no_cell_as_a_formula(office):
    office.send(office.filled({**GOOD, "Title": '=HYPERLINK("http://example.org")'}))
    (made,) = drafts().values()
    assert "title" not in made.words  # a formula that nobody reckoned is an empty cell
    answer = office.send(office.filled({**GOOD, "Kind": "\u200b=1+1"}), which="good", act="back")
    assert cells(answer.content)(3, "Remarks").data_type == "s"


def test_a_check_asks_no_question_per_row_of_records(office, monkeypatch):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from quipu.actions import draft_many

    rehearsed = []
    monkeypatch.setattr(draft_many, "_rehearse", lambda planned, by: rehearsed.append(len(planned)))

    def asked(rows):
        body = office.filled(*[GOOD] * rows)
        with CaptureQueriesContext(connection) as questions:
            office.check(body)
        return len(questions)

    asked(1)  # what a process asks once
    assert asked(1) == asked(20)
    assert rehearsed == [1, 1, 20]


def test_a_workbook_that_is_too_large_to_arrive_is_told_so(office, monkeypatch):
    monkeypatch.setenv("QUIPU_DOCUMENT_MB", "1")
    answer = office.check(b"x" * ((1 << 20) + 1))
    assert answer.status_code == 422
    assert "The file is larger than this site allows." in answer.content.decode()
