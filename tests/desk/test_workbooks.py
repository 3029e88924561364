"""Returns by workbook: downloaded, filled in, sent, mended and written, by people, in several languages."""

import io
import re
import zipfile

import openpyxl
import pytest
from django.urls import reverse, set_script_prefix

from tests.desk.cast import STRANGER
from tests.desk.returning import CERTIFIER, FINANCE, REPORTER, WHOLE, answered, at_work, led

AMOUNT, COMMENT = "quipu:amount", "quipu:comment"


@pytest.fixture(autouse=True)
def _in_english():
    set_script_prefix("/")
    yield
    set_script_prefix("/")


@pytest.fixture
def sender(cast):
    return Sender(at_work(cast))


class Sender:
    """A reporter with the workbook of 2023."""

    def __init__(self, cast, language="", **choices):
        self.cast, self.before = cast, language
        self.browser = cast.client(REPORTER)
        self.choices = {"organization": "ORG1", "year": 2023, "kind": "annual", **choices}

    def address(self, name, *parts):
        set_script_prefix("/")  # an answer in another language leaves its own behind
        return self.before + reverse(name, args=parts)

    def template(self):
        answer = self.browser.get(self.address("return_template"), self.choices)
        assert answer.status_code == 200
        return answer.content

    def filled(self, cells, body=None):
        """The workbook with amounts, and comments, by row key."""
        book = openpyxl.load_workbook(io.BytesIO(body or self.template()))
        fill(book, cells)
        return bytes_of(book)

    def send(self, body, name="returns.xlsx", **choices):
        from django.core.files.uploadedfile import SimpleUploadedFile

        said = {"organization": "ORG1", "year": 2023, "kind": "annual", **choices}
        return self.browser.post(self.address("send_workbook"), {**said, "file": SimpleUploadedFile(name, body)})

    def run(self, body, **said):
        """The run that a file became."""
        from quipu.books import models

        answer = self.send(body, **said)
        assert answer.status_code == 302, re.findall(r'class="fault">(.*?)</', answer.content.decode())
        return models.Run.objects.get(code=re.search(r"run/([^/]+)", answer["Location"])[1])

    def page(self, run):
        return self.browser.get(self.address("run", run.code)).content.decode()

    def apply(self, run, which="all"):
        answer = self.browser.post(self.address("apply_run", run.code), {"which": which})
        run.refresh_from_db()
        return answer


def fill(book, cells):
    """Amounts, and comments, by row key, into whichever sheet has the workbook's columns."""
    sheet = sheet_of(book)
    places = places_of(sheet)
    for line in sheet.iter_rows(min_row=3):
        key = line[places["quipu:key"] - 1].value
        if key in cells:
            said = cells[key] if isinstance(cells[key], tuple) else (cells[key], None)
            for name, value in zip((AMOUNT, COMMENT), said, strict=False):
                if value is not None:
                    sheet.cell(line[0].row, places[name]).value = value


def sheet_of(book):
    return next(sheet for sheet in book.worksheets if sheet["A1"].value == "quipu:key")


def places_of(sheet):
    return {cell.value: cell.column for cell in sheet[1] if cell.value}


def row_of(sheet, key):
    column = places_of(sheet)["quipu:key"]
    return next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, column).value == key)


def bytes_of(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(fund="VALLEY", year=2023, kind="annual"):
    from quipu.actions.returns import standing

    record = standing.in_force(fund, "ORG1", year, kind)
    return None if record is None else record.cells


def rules(run):
    return sorted({one[0] for one in run.told["findings"]})


FINE = {
    "P1/staff": 20000,
    "P1/travel": 10000,
    "P1/indirect": 2100,
    "P1/interest": 0,
    "P1/note": (None, "The road was open all year."),
}


def test_the_workbook_holds_the_projects_of_the_year_and_what_stands(sender):
    book = openpyxl.load_workbook(io.BytesIO(sender.template()))
    sheet = sheet_of(book)
    places = places_of(sheet)
    keys = [sheet.cell(row, 1).value for row in range(3, sheet.max_row + 1)]
    assert keys[0] == "P1/staff"
    assert "P1/total" in keys
    assert not any(key.startswith("P4/") for key in keys)  # its work had ended
    assert "P1/adjustment-1" in keys
    row = row_of(sheet, "P1/travel")
    assert sheet.cell(row, places["quipu:earlier"]).value == 10_000
    assert sheet.cell(row, places[AMOUNT]).protection.locked is False
    assert sheet.cell(row, places["quipu:budget"]).protection.locked is True
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert sheet.row_dimensions[1].hidden
    assert str(sheet.cell(row_of(sheet, "P1/total"), places[AMOUNT]).value).startswith("=SUM(")
    assert "30 April 2024" in " ".join(str(cell.value) for line in book.worksheets[0].iter_rows() for cell in line)
    assert (
        len([line for line in book.worksheets[0].iter_rows(min_col=1, max_col=1) if isinstance(line[0].value, int)])
        == 10
    )


def test_downloading_writes_nothing(sender):
    from quipu.books import models

    sender.template()
    assert (models.Return.objects.count(), models.Run.objects.count(), models.History.objects.count()) == (0, 0, 0)


def test_a_filled_workbook_becomes_a_draft_once_somebody_says_so(sender):
    run = sender.run(sender.filled(FINE))
    assert cells() is None
    assert run.told["counts"] == {"changed": 5, "as it was": 0, "wrong": 0}
    assert sender.apply(run).status_code == 302
    assert cells()["P1/staff"] == {"amount": 2_000_000}
    assert cells()["P1/note"] == {"comment": "The road was open all year."}
    assert run.applied == "all"


def test_what_stood_wrong_before_does_not_keep_another_row_out(sender):
    from quipu.actions.returns import standing, writing

    sender.apply(sender.run(sender.filled(FINE)))
    record = standing.in_force("VALLEY", "ORG1", 2023, "annual")
    writing.write(by=sender.cast.people[REPORTER].pk, record=record, sent={"P1/grants": {"amount": -1}})
    run = sender.run(sender.filled({"P1/travel": 9}))
    assert "return-negative" in rules(run)
    assert sender.apply(run).status_code == 302
    assert cells()["P1/travel"] == {"amount": 900}
    assert not run.told["blocked"]
    assert sender.run(sender.filled({"P1/grants": -2})).told["blocked"]


def test_a_rule_that_the_agent_waived_keeps_no_row_out(sender):
    from datetime import UTC, datetime

    from quipu.books import models

    body = sender.filled({**FINE, "P1/grants": -1})
    assert sender.run(body).told["counts"]["wrong"] == 1
    said = {"fund_id": "VALLEY", "organization_id": "ORG1", "year": 2023, "rule": "return-negative", "row": "P1/grants"}
    models.Waived.objects.create(**said, reason="Agreed.", by="x", at=datetime.now(UTC))
    assert sender.run(body).told["counts"]["wrong"] == 0


def test_on_either_engine_a_file_is_checked_written_and_locked_against_others(cast_anywhere):
    sender = Sender(at_work(cast_anywhere))
    run, other = sender.run(sender.filled(FINE)), sender.run(sender.filled({"P1/staff": 1}))
    assert sender.apply(run).status_code == 302
    assert sender.apply(other).status_code == 422
    assert cells()["P1/staff"] == {"amount": 2_000_000}


def test_sending_and_applying_the_same_file_twice_changes_nothing(sender):
    from quipu.books import models

    body = sender.filled(FINE)
    run = sender.run(body)
    sender.apply(run)
    before, log = cells(), models.History.objects.count()
    sender.apply(run)
    again = sender.run(body)
    assert again.told["counts"]["changed"] == 0
    assert "Write it into the returns" not in sender.page(again)
    sender.apply(again)
    assert cells() == before
    assert models.History.objects.filter(kind="return").count() == log - 1


def test_blank_leaves_x_clears_and_nothing_else_is_touched(sender):
    sender.apply(sender.run(sender.filled(FINE)))
    before = cells()
    run = sender.run(sender.filled({"P1/travel": "X", "P1/staff": 5}))
    sender.apply(run)
    after = dict(cells())
    assert "P1/travel" not in after
    assert after.pop("P1/staff") == {"amount": 500}
    assert after == {key: cell for key, cell in before.items() if key not in ("P1/travel", "P1/staff")}


def test_a_wrong_cell_is_told_with_row_column_value_rule_and_remedy(sender):
    run = sender.run(sender.filled({**FINE, "P1/travel": "1.234", "P1/equipment": 1.005, "P1/grants": -5}))
    assert {"amount-two-ways", "return-decimals", "return-negative"} <= set(rules(run))
    page = sender.page(run)
    sheet = sheet_of(openpyxl.load_workbook(io.BytesIO(sender.template())))
    cell = sheet.cell(row_of(sheet, "P1/travel"), places_of(sheet)[AMOUNT]).coordinate
    assert re.search(rf'<th scope="row" class="l">{cell} <span class="dim">Amount of the year', page)
    assert "It can be read two ways" in page
    assert "1.234" in page
    assert "P1 · Travel" in page


def test_all_or_nothing_writes_none_and_good_rows_are_written_where_they_are_asked_for(sender):
    run = sender.run(sender.filled({**FINE, "P1/travel": "1.234"}))
    assert sender.apply(run).status_code == 422
    assert cells() is None
    assert sender.apply(run, "good").status_code == 302
    assert sorted(cells()) == ["P1/indirect", "P1/interest", "P1/note", "P1/staff"]
    assert run.applied == "good"


def test_in_spanish_ten_lines_are_filled_in_sent_with_three_mistakes_mended_and_written(cast):
    sender = Sender(at_work(cast), "/es")
    ten = {
        **FINE,
        "P1/supplies": 100,
        "P1/equipment": 200,
        "P1/contractual": 300,
        "P1/operating": 0,
        "P1/indirect": 2142,
        "P1/refund": 0,
    }
    assert len(ten) == 10
    wrong = {**ten, "P1/supplies": "1.234", "P1/equipment": 200.001, "P1/contractual": -300}
    first = sender.run(sender.filled(wrong))
    assert (
        len(
            [
                one
                for one in first.told["findings"]
                if one[0] in ("amount-two-ways", "return-decimals", "return-negative")
            ]
        )
        == 3
    )
    back = sender.browser.get(sender.address("run_remarks", first.code)).content
    mended = sender.filled({"P1/supplies": 100, "P1/equipment": 200, "P1/contractual": 300}, back)
    second = sender.run(mended)
    assert second.told["counts"] == {"changed": 10, "as it was": 0, "wrong": 0}
    sender.apply(second)
    assert cells()["P1/supplies"] == {"amount": 10_000}
    from quipu.actions import running

    fresh, gone = running.compared(second, first)
    assert {"amount-two-ways", "return-decimals", "return-negative"} <= {one.rule for one in gone}
    assert not [one for one in fresh if one.severity == "error"]


@pytest.mark.parametrize(("made", "sent"), [("/es", ""), ("/fr", "/es"), ("", "/fr")])
def test_a_workbook_made_in_one_language_is_read_in_another(cast, made, sent):
    maker, reader = Sender(at_work(cast), made), Sender(cast, sent)
    run = reader.run(maker.filled(FINE))
    assert run.told["counts"]["changed"] == 5


def test_a_workbook_without_its_keys_is_read_by_its_labels_and_the_own_number(cast):
    from quipu.books import models

    at_work(cast)
    models.Participation.objects.filter(project="P1").update(number="OWN 1")
    sender = Sender(cast, "/fr")
    book = openpyxl.load_workbook(io.BytesIO(sender.filled(FINE)))
    sheet = sheet_of(book)
    places = places_of(sheet)
    for row in range(3, sheet.max_row + 1):
        sheet.cell(row, places["quipu:key"]).value = None
        sheet.cell(row, places["quipu:project"]).value = None
    sheet.delete_rows(1)
    run = Sender(cast).run(bytes_of(book))
    assert run.told["counts"]["changed"] == 5
    assert {change[1] for change in run.told["changes"]} == set(FINE)


def test_a_correction_of_a_closed_year_is_chosen_in_its_own_row(sender):
    book = openpyxl.load_workbook(io.BytesIO(sender.filled({**FINE, "P1/adjustment-1": (-100, "A bill stood twice.")})))
    sheet = sheet_of(book)
    row, places = row_of(sheet, "P1/adjustment-1"), places_of(sheet)
    sheet.cell(row, places["quipu:category"]).value = "Travel"
    sheet.cell(row, places["quipu:adjusts"]).value = 2022
    run = sender.run(bytes_of(book))
    sender.apply(run)
    assert cells()["P1/travel/2022"] == {"amount": -10_000, "comment": "A bill stood twice."}
    sheet.cell(row, places["quipu:adjusts"]).value = None
    assert "return-adjusts" in rules(sender.run(bytes_of(book)))


def test_one_workbook_holds_all_funds_of_the_organization(cast):
    sender = Sender(at_work(cast), year=2024)
    run = sender.run(sender.filled({"P1/staff": (1, "a"), "P3/staff": (2, "b")}))
    sender.apply(run)
    assert cells("VALLEY", 2024)["P1/staff"] == {"amount": 100, "comment": "a"}
    assert cells("COAST", 2024)["P3/staff"] == {"amount": 200, "comment": "b"}
    one = Sender(cast, year=2024, fund="COAST")
    assert "P1/staff" not in str(
        [cell.value for cell in sheet_of(openpyxl.load_workbook(io.BytesIO(one.template())))["A"]]
    )


def test_what_somebody_else_changed_meanwhile_is_not_written_over(sender):
    from quipu.actions.returns import standing, writing

    sender.apply(sender.run(sender.filled(FINE)))
    run = sender.run(sender.filled({"P1/staff": 7}))
    record = standing.in_force("VALLEY", "ORG1", 2023, "annual")
    writing.write(by=sender.cast.people[REPORTER].pk, record=record, sent={"P1/travel": {"amount": 1}})
    answer = sender.apply(run)
    assert answer.status_code == 422
    assert "Somebody else changed it" in answer.content.decode()
    assert cells()["P1/staff"] == {"amount": 2_000_000}
    sender.browser.post(sender.address("check_run", run.code))
    assert sender.apply(run).status_code == 302
    assert (cells()["P1/staff"], cells()["P1/travel"]) == ({"amount": 700}, {"amount": 1})


def test_a_draft_that_somebody_began_meanwhile_is_not_written_over(sender):
    from quipu.actions.returns import writing

    run = sender.run(sender.filled(FINE))
    writing.begin(by=sender.cast.people[REPORTER].pk, fund="VALLEY", organization="ORG1", year=2023, kind="annual")
    assert sender.apply(run).status_code == 422
    assert cells() == {}


@pytest.mark.parametrize("at", range(5))
def test_a_run_that_is_interrupted_anywhere_writes_nothing_and_loses_nothing(sender, monkeypatch, at):
    from quipu.books import models

    run = sender.run(sender.filled(FINE))
    seen = []
    for model in (models.Return, models.History, models.Run):
        kept = model.save

        def stops(self, *args, kept=kept, **named):
            seen.append(self)
            if len(seen) > at:
                raise KeyboardInterrupt
            return kept(self, *args, **named)

        monkeypatch.setattr(model, "save", stops)
    with pytest.raises(KeyboardInterrupt):
        sender.apply(run)
    monkeypatch.undo()
    assert cells() is None
    assert models.History.objects.count() == 0
    assert models.Run.objects.get(pk=run.pk).applied == ""
    assert sender.apply(run).status_code == 302
    assert cells()["P1/staff"] == {"amount": 2_000_000}


def test_a_return_that_was_handed_over_is_locked_and_one_that_was_accepted_is_restated_first(sender):
    from quipu.actions.returns import standing

    sender.apply(sender.run(sender.filled(FINE)))
    record = answered(sender.cast, standing.in_force("VALLEY", "ORG1", 2023, "annual"))
    led(sender.cast, record, "hand over")
    body = sender.filled({"P1/staff": 1})
    assert "return-row-locked" in rules(sender.run(body))
    led(sender.cast, record, "certify", "take up", "accept")
    run = sender.run(body)
    assert "return-accepted" in rules(run)
    assert sender.apply(run, "good").status_code == 302
    assert cells()["P1/staff"] == {"amount": 2_000_000}


def test_the_workbook_of_an_accepted_return_is_frozen_where_all_its_figures_came_from_it(sender):
    from quipu.actions import keeping
    from quipu.actions.returns import standing
    from quipu.books import models

    run = sender.run(sender.filled(FINE))
    sender.apply(run)
    record = led(sender.cast, answered(sender.cast, standing.in_force("VALLEY", "ORG1", 2023, "annual")), *WHOLE)
    record.refresh_from_db()
    assert record.workbook == run.sha256
    assert keeping.path(run.sha256).is_file()
    assert models.Posting.objects.get(position=record.position).key.startswith("return-")


def test_figures_that_were_typed_beside_it_freeze_no_workbook(sender):
    from quipu.actions.returns import standing, writing

    sender.apply(sender.run(sender.filled(FINE)))
    record = standing.in_force("VALLEY", "ORG1", 2023, "annual")
    by = sender.cast.people[REPORTER].pk
    writing.write(by=by, record=record, sent={"P1/operating": {"amount": 0}})
    record = led(sender.cast, answered(sender.cast, record), *WHOLE)
    record.refresh_from_db()
    assert (record.state, record.workbook) == ("accepted", "")


def test_the_same_workbook_comes_back_with_remarks_that_are_gone_once_they_are_mended(sender):
    run = sender.run(sender.filled({**FINE, "P1/travel": "1.234"}))
    body = sender.browser.get(sender.address("run_remarks", run.code)).content
    sheet = sheet_of(openpyxl.load_workbook(io.BytesIO(body)))
    row, places = row_of(sheet, "P1/travel"), places_of(sheet)
    assert "two ways" in sheet.cell(row, places[AMOUNT]).comment.text
    assert "two ways" in sheet.cell(row, places["quipu:remarks"]).value
    assert sheet.cell(row_of(sheet, "P1/staff"), places["quipu:remarks"]).value == "fine"
    again = sender.run(sender.filled({"P1/travel": 10000}, body))
    body = sender.browser.get(sender.address("run_remarks", again.code)).content
    sheet = sheet_of(openpyxl.load_workbook(io.BytesIO(body)))
    assert sheet.cell(row, places[AMOUNT]).comment is None
    assert sheet.protection.sheet


def test_a_page_says_what_was_mended_since_the_file_before(sender):
    sender.run(sender.filled({**FINE, "P1/travel": "1.234"}))
    page = sender.page(sender.run(sender.filled(FINE)))
    assert re.search(r"Mended: [1-9][0-9]*\. New: 0\.", page)


# Who sees it


def test_an_organization_s_people_see_only_their_own_runs_and_the_agent_what_was_submitted(sender):
    from quipu.actions.returns import standing

    cast = sender.cast
    run = sender.run(sender.filled(FINE))
    sender.apply(run)
    other = cast.client(person=cast.person(REPORTER, organization_id="ORG2"))
    agent, auditor = cast.client(FINANCE), cast.client("auditor")
    names = ("run", "run_file", "run_remarks")

    def seen(browser):
        return [browser.get(reverse(name, args=[run.code])).status_code for name in names]

    assert seen(other) == [403] * 3
    assert run.name not in other.get(reverse("workbooks")).content.decode()
    assert seen(agent) == seen(auditor) == [403] * 3
    assert seen(cast.client(CERTIFIER)) == [200] * 3
    led(cast, answered(cast, standing.in_force("VALLEY", "ORG1", 2023, "annual")), "hand over", "certify")
    assert seen(agent) == seen(auditor) == [200] * 3
    assert run.name in agent.get(reverse("workbooks")).content.decode()
    assert seen(other) == [403] * 3
    assert other.post(reverse("apply_run", args=[run.code])).status_code == 403
    assert agent.post(reverse("apply_run", args=[run.code])).status_code == 403


def test_a_reporter_of_one_fund_writes_no_other(cast):
    at_work(cast)
    person = cast.person(REPORTER, organization_id="ORG1", fund_id="VALLEY")
    sender = Sender(cast, year=2024)
    body = sender.filled({"P1/staff": (1, "a"), "P3/staff": (2, "b")})
    sender.browser = cast.client(person=person)
    run = sender.run(body)
    assert "return-not-yours" in rules(run)
    assert "P3/staff" not in str(
        [c.value for c in sheet_of(openpyxl.load_workbook(io.BytesIO(sender.template())))["A"]]
    )


def test_a_workbook_of_another_organization_is_refused(sender):
    cast = sender.cast
    body = sender.filled(FINE)
    other = Sender(cast)
    other.browser = cast.client(person=cast.person(REPORTER, organization_id="ORG2"))
    answer = other.send(body, organization="ORG2")
    assert answer.status_code == 422
    assert "made for another organization" in answer.content.decode()


# Files of another shape

LEDGER = (
    "Proyecto;Cuenta;Debe;Haber;Moneda;Periodo\n"
    "OWN 1;6100 Sueldos;1.000,50;0,00;USD;2023\n"
    "OWN 1;6100 Sueldos;2.000,25;0,75;USD;31.12.2023\n"
    "OWN 1;6400 Viajes;500,00;;USD;2023\n"
    "OWN 1;9000 Nada;7,00;;USD;2023\n"
    "OWN 1;6100 Sueldos;99,00;;USD;2022\n"
    "OWN 1;TOTAL;3.500,00;;USD;2023\n"
)
HEADS = {
    **{"head-project": "Proyecto", "head-category": "Cuenta", "head-debit": "Debe", "head-credit": "Haber"},
    **{"head-currency": "Moneda", "head-year": "Periodo", "head-decimal": ",", "name": "SAP", "sheet": ""},
}
MEANT = {"word": ["6100 Sueldos", "6400 Viajes", "9000 Nada", "TOTAL"], "stands": ["staff", "travel", "out", "total"]}


@pytest.fixture
def numbered(sender):
    from quipu.books import models

    models.Participation.objects.filter(project="P1").update(number="OWN 1")
    return sender


def test_a_file_of_another_shape_is_read_by_columns_and_words_that_are_said_once(numbered):
    run = numbered.run(LEDGER.encode("cp1252"), name="sap.csv")
    assert run.told["shape"] == "unknown"
    page = numbered.browser.get(reverse("run_columns", args=[run.code])).content.decode()
    assert "6100 Sueldos" in page
    answer = numbered.browser.post(reverse("run_columns", args=[run.code]), HEADS)
    assert answer["Location"] == reverse("run_columns", args=[run.code])
    run.refresh_from_db()
    assert set(run.told["words"]) == set(MEANT["word"])
    assert "return-word-unknown" in rules(run)
    answer = numbered.browser.post(reverse("run_columns", args=[run.code]), {**HEADS, **MEANT})
    assert answer["Location"] == reverse("run", args=[run.code])
    run.refresh_from_db()
    assert [change[1:5] for change in run.told["changes"]] == [
        ["P1/staff", "amount", None, 300_000],
        ["P1/travel", "amount", None, 50_000],
    ]
    assert "return-sum" not in rules(run)
    assert "return-other-year" in rules(run)
    numbered.apply(run)
    assert cells()["P1/staff"] == {"amount": 300_000}


def test_the_next_file_with_those_columns_is_read_by_itself_and_a_wrong_total_is_told(numbered):
    run = numbered.run(LEDGER.encode(), name="sap.csv")
    numbered.browser.post(reverse("run_columns", args=[run.code]), {**HEADS, **MEANT})
    later = numbered.run(LEDGER.replace("3.500,00", "3.400,00").encode("utf-8-sig"), name="later.csv")
    assert later.told["shape"] == "mapped"
    assert rules(later).count("return-sum") == 1
    assert numbered.apply(later).status_code == 422
    other = numbered.run(LEDGER.replace("USD", "EUR").encode(), name="eur.csv")
    assert "return-currency" in rules(other)


def test_a_run_stays_as_it_was_shown_when_the_mapping_is_said_anew(numbered):
    run = numbered.run(LEDGER.encode(), name="sap.csv")
    numbered.browser.post(reverse("run_columns", args=[run.code]), {**HEADS, **MEANT})
    later = numbered.run(LEDGER.encode(), name="later.csv")
    other = {**MEANT, "stands": ["travel", "staff", "out", "total"]}
    numbered.browser.post(reverse("run_columns", args=[later.code]), {**HEADS, **other})
    numbered.apply(run)
    assert cells()["P1/staff"] == {"amount": 300_000}


def test_a_mapping_that_says_too_little_is_refused_beside_its_form(numbered):
    from quipu.books import models

    run = numbered.run(LEDGER.encode(), name="sap.csv")
    for said in ({**HEADS, "head-project": ""}, {**HEADS, "head-credit": "Debe"}, {**HEADS, "name": " "}):
        assert numbered.browser.post(reverse("run_columns", args=[run.code]), said).status_code == 422
    assert models.Mapping.objects.count() == 0


def test_a_mapping_that_is_given_up_is_used_no_more(numbered):
    from quipu.books import models

    run = numbered.run(LEDGER.encode(), name="sap.csv")
    numbered.browser.post(reverse("run_columns", args=[run.code]), {**HEADS, **MEANT})
    kept = models.Mapping.objects.get(ended_at=None)
    stranger = numbered.cast.client(person=numbered.cast.person(REPORTER, organization_id="ORG2"))
    assert stranger.post(reverse("end_mapping", args=[kept.pk])).status_code == 403
    numbered.browser.post(reverse("end_mapping", args=[kept.pk]))
    assert numbered.run(LEDGER.encode(), name="later.csv").told["shape"] == "unknown"


# Practice


def left_behind(home):
    from quipu.books import models

    files = sorted(
        str(path) for path in home.rglob("*") if path.is_file() and not path.name.startswith("books.sqlite3")
    )
    return files, models.Run.objects.count(), models.History.objects.count(), models.Return.objects.count()


def practised(browser, body, **said):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return browser.post(reverse("practice"), {"file": SimpleUploadedFile("p.xlsx", body), **said})


@pytest.mark.parametrize("role", [REPORTER, STRANGER])
def test_practice_finds_the_three_mistakes_gives_the_workbook_back_and_keeps_nothing(cast, role, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "DEMO", role == STRANGER)
    browser = cast.client(role)
    before = left_behind(cast.ledger.home)
    body = browser.get(reverse("practice_workbook")).content
    page = practised(browser, body).content.decode()
    assert 'To be mended <span class="dim">(3)' in page
    for sentence in ("It can be read two ways", "fewer decimals", "cannot be below zero"):
        assert sentence in page
    back = practised(browser, body, act="remarks").content
    sheet = sheet_of(openpyxl.load_workbook(io.BytesIO(back)))
    assert "two ways" in sheet.cell(row_of(sheet, "PR-1/supplies"), places_of(sheet)[AMOUNT]).comment.text
    book = openpyxl.load_workbook(io.BytesIO(back))
    fill(book, {"PR-1/supplies": 12500, "PR-1/travel": 4200.12, "PR-2/equipment": 1500})
    page = practised(browser, bytes_of(book)).content.decode()
    assert "<h2>To be mended" not in page
    assert "Wants a comment" not in page
    assert "In earnest, you could write it into the returns now." in page
    assert left_behind(cast.ledger.home) == before


def test_a_stranger_practises_only_in_a_demonstration(cast, monkeypatch):
    browser = cast.client(STRANGER)
    for name in ("practice", "practice_workbook"):
        assert browser.get(reverse(name)).status_code == 302
    assert cast.client(FINANCE).get(reverse("practice")).status_code == 403
    assert practised(browser, b"x").status_code != 200


# What comes


def plain(**cells_):
    book = openpyxl.Workbook()
    for name, value in cells_.items():
        book.active[name] = value
    return bytes_of(book)


def packed(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in files.items():
            made.writestr(name.replace("__", "/").replace("_x", ".x").replace("_b", ".b"), body)
    return out.getvalue()


def test_files_that_are_none_of_ours_end_in_a_sentence(sender):
    told = {
        b"%PDF-1.7 something": "sheets-kind",
        b"PK\x03\x04 broken": "sheets-broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 100: "sheets-old",
        b"GIF89a\x00\x00;": "sheets-kind",
        b"": "",
        plain(): "sheets-empty",
        packed(xl__workbook_xml="<workbook/>", xl__vbaProject_bin="x"): "sheets-macros",
        packed(word__document_xml="<document/>"): "sheets-kind",
    }
    from quipu.rules.findings import rule_of

    for body, rule in told.items():
        answer = sender.send(body)
        assert answer.status_code == 422, rule
        if rule:
            assert rule_of(rule).sentence in answer.content.decode().replace("&#39;", "'"), rule
    from quipu.books import models

    assert models.Run.objects.count() == 0


def test_checking_asks_no_question_per_row(cast):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    at_work(cast)
    sender = Sender(cast)

    def asked(cells_):
        body = sender.filled(cells_)
        with CaptureQueriesContext(connection) as questions:
            sender.run(body)
        return len(questions)

    asked({"P1/staff": 1})
    assert asked({"P1/staff": 1}) == asked(FINE)
