"""Readings by workbook: downloaded, filled in, sent, mended, written as drafts, submitted; what stands is never written over."""

import datetime
import io
import random
import re
import time
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, set_script_prefix
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desk.cast import STRANGER
from tests.desk.resulting import approved, framed

EDITOR, CONTRIBUTOR, SECRETARIAT = "programme editor", "organization contributor", "fund secretariat"
SINCE, UNTIL = "2025-01-01", "2025-12-31"
FINE = {
    "P1-i1": {"value": 93, "source": "Register of courses", "on": date(2026, 1, 15)},
    "P1-i1/sex/women": {"value": 50},
    "P1-i1/sex/men": {"value": 43},
    "P1-i1/place/+1": {"value": 12, "part": "Upper valley"},
    "P1-i2": {"value": "91/200", "source": "Annual report", "note": "Counted in May."},
    "P1-i3": {"value": "begun", "source": "Visit"},
}


@pytest.fixture(autouse=True)
def _in_english():
    set_script_prefix("/")
    yield
    set_script_prefix("/")


@pytest.fixture
def sender(cast):
    return Sender(cast)


class Sender:
    """Somebody who writes readings of a programme with three indicators."""

    def __init__(self, cast, role=EDITOR, language="", *, is_new=True):
        self.cast, self.before = cast, language
        self.browser = cast.client(role)
        self.made = framed("w") if is_new else {}

    def address(self, name, *parts):
        set_script_prefix("/")  # an answer in another language leaves its own behind
        return self.before + reverse(name, args=parts)

    def template(self, since=SINCE, until=UNTIL):
        said = {"project": "P1", "since": since, "until": until}
        answer = self.browser.get(self.address("readings_template"), said)
        assert answer.status_code == 200
        return answer.content

    def filled(self, cells, body=None):
        """The workbook with cells by row key and column."""
        book = openpyxl.load_workbook(io.BytesIO(body or self.template()))
        fill(book, cells)
        return bytes_of(book)

    def send(self, body, name="readings.xlsx", **said):
        from django.core.files.uploadedfile import SimpleUploadedFile

        told = {"project": "P1", **said, "file": SimpleUploadedFile(name, body)}
        return self.browser.post(self.address("send_readings"), told)

    def run(self, body, **said):
        """The run that a file became."""
        from quipu.books import models

        answer = self.send(body, **said)
        assert answer.status_code == 302, re.findall(r'class="fault">(.*?)</', answer.content.decode())
        return models.Run.objects.get(code=re.search(r"run/([^/]+)", answer["Location"])[1])

    def page(self, run):
        return self.browser.get(self.address("readings_run", run.code)).content.decode()

    def apply(self, run, which="all"):
        answer = self.browser.post(self.address("apply_readings_run", run.code), {"which": which})
        run.refresh_from_db()
        return answer


def fill(book, cells):
    sheet = sheet_of(book)
    places = places_of(sheet)
    left = dict(cells)
    for row in range(3, sheet.max_row + 1):
        for column, value in left.pop(sheet.cell(row, places["key"]).value, {}).items():
            sheet.cell(row, places[column]).value = value
    assert not left


def sheet_of(book):
    return next(sheet for sheet in book.worksheets if sheet["A1"].value == "quipu:key")


def places_of(sheet):
    return {cell.value.removeprefix("quipu:"): cell.column for cell in sheet[1] if cell.value}


def keys_of(body):
    sheet = sheet_of(openpyxl.load_workbook(io.BytesIO(body)))
    return [sheet.cell(row, 1).value for row in range(3, sheet.max_row + 1) if sheet.cell(row, 1).value]


def row_of(sheet, key):
    return next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, 1).value == key)


def bytes_of(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def readings():
    """What stands, by indicator and source."""
    from quipu.books import models

    found = models.Reading.objects.exclude(state="withdrawn")
    return {(one.indicator_id, one.source): one for one in found}


def rules(run):
    return sorted({one[0] for one in run.told["findings"]})


# From the workbook to drafts


def test_the_workbook_holds_each_indicator_and_its_parts_with_what_stands(sender):
    approved("w", "a", sender.made["trained"], "80", until=date(2024, 12, 31), cells={"place": {"Lower valley": "30"}})
    approved("w", "a", sender.made["share"], "45")
    book = openpyxl.load_workbook(io.BytesIO(sender.template()))
    sheet = sheet_of(book)
    places = places_of(sheet)
    keys = [sheet.cell(row, 1).value for row in range(3, sheet.max_row + 1)]
    assert keys[:2] == [None, keys[1]]  # a heading stands first
    assert {"P1-i1", "P1-i1/sex/women", "P1-i1/place/Lower valley", "P1-i1/place/+1", "P1-i3"} <= set(keys)

    def shown(key, column):
        return sheet.cell(row_of(sheet, key), places[column]).value

    whole = [shown("P1-i1", name) for name in ("code", "title", "unit", "baseline", "target", "last", "stands")]
    assert whole == ["P1-i1", "Keepers of springs certified", "people", 0, 100, 80, None]
    assert shown("P1-i1/place/Lower valley", "last") == 30
    share = next(key for key in keys if key and key.startswith("P1-i2"))
    assert (shown(share, "stands"), shown(share, "origin")) == (45, "Annual report · approved")
    cell = sheet.cell(row_of(sheet, "P1-i1"), places["value"])
    assert (cell.protection.locked, sheet.protection.sheet, sheet.protection.password) == (False, True, None)
    assert sheet.cell(row_of(sheet, "P1-i1"), places["target"]).protection.locked
    assert sheet.row_dimensions[1].hidden
    offered = [one.formula1 for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert offered == ["offered_milestone"]
    assert "2025" in " ".join(str(cell.value) for line in book.worksheets[0].iter_rows() for cell in line)


def test_a_filled_workbook_becomes_drafts_once_somebody_says_so_and_all_of_them_are_submitted(sender):
    run = sender.run(sender.filled(FINE))
    assert readings() == {}
    assert run.told["counts"] == {"changed": 6, "as it was": 0, "wrong": 0}
    assert "Write the drafts" in sender.page(run)
    assert sender.apply(run).status_code == 302
    stand = readings()
    one = stand["P1-i1", "Register of courses"]
    assert (one.value, one.state, one.since, str(one.until), str(one.on)) == ("93", "draft", None, UNTIL, "2026-01-15")
    assert one.cells == {"sex": {"women": "50", "men": "43"}, "place": {"Upper valley": "12"}}
    assert stand["P1-i2", "Annual report"].note == "Counted in May."
    assert stand["P1-i3", "Visit"].value == "begun"
    assert "Submit all of them" in sender.page(run)
    sender.browser.post(sender.address("submit_readings_run", run.code))
    assert {one.state for one in readings().values()} == {"submitted"}
    assert "Submit all of them" not in sender.page(run)


def test_sending_and_applying_the_same_file_twice_changes_nothing(sender):
    from quipu.books import models

    body = sender.filled(FINE)
    run = sender.run(body)
    sender.apply(run)
    log = models.History.objects.filter(kind="reading").count()
    sender.apply(run)
    again = sender.run(body)
    assert again.told["counts"] == {"changed": 0, "as it was": 6, "wrong": 0}
    assert "Write the drafts" not in sender.page(again)
    sender.apply(again)
    assert models.History.objects.filter(kind="reading").count() == log
    sender.browser.post(sender.address("submit_readings_run", run.code))
    assert sender.run(body).told["counts"]["changed"] == 0


def test_downloading_writes_nothing(sender):
    from quipu.books import models

    log = models.History.objects.count()
    sender.template()
    assert (models.Reading.objects.count(), models.Run.objects.count(), models.History.objects.count()) == (0, 0, log)


def test_blank_leaves_x_clears_a_draft_and_nothing_else_is_touched(sender):
    sender.apply(sender.run(sender.filled(FINE)))
    before = readings()
    key = f"P1-i1@{before['P1-i1', 'Register of courses'].code}"
    assert key in keys_of(sender.template())
    sender.apply(
        sender.run(sender.filled({f"{key}/sex/men": {"value": "X"}, key: {"on": "x", "link": "https://a.org"}}))
    )
    after = readings()
    one = after["P1-i1", "Register of courses"]
    assert (one.value, one.on, one.link) == ("93", None, "https://a.org")
    assert one.cells == {"sex": {"women": "50"}, "place": {"Upper valley": "12"}}
    assert after["P1-i2", "Annual report"].changed_at == before["P1-i2", "Annual report"].changed_at
    run = sender.run(sender.filled({key: {"value": "x"}}))
    sender.apply(run)
    assert ("P1-i1", "Register of courses") not in readings()
    assert len(readings()) == 2


def test_an_x_beside_other_cells_of_the_same_draft_is_told(sender):
    sender.apply(sender.run(sender.filled(FINE)))
    key = f"P1-i1@{readings()['P1-i1', 'Register of courses'].code}"
    assert "reading-cleared" in rules(sender.run(sender.filled({key: {"value": "x"}, f"{key}/sex/men": {"value": 1}})))


def test_what_was_approved_stays_and_another_source_stands_beside_it(sender):
    one = approved("w", "a", sender.made["trained"], "93")
    key = f"P1-i1@{one.code}"
    wrong = sender.run(sender.filled({key: {"value": 98}}))
    assert rules(wrong) == ["reading-stands"]
    assert "Name another source, or take it back first" in sender.page(wrong)
    assert sender.apply(wrong).status_code == 422
    assert sender.run(sender.filled({key: {"value": 93}})).told["counts"]["as it was"] == 1
    run = sender.run(sender.filled({key: {"value": 98, "source": "A newspaper"}}))
    sender.apply(run)
    stand = readings()
    assert (stand["P1-i1", "Annual report"].value, stand["P1-i1", "A newspaper"].value) == ("93", "98")
    assert (stand["P1-i1", "A newspaper"].state, stand["P1-i1", "A newspaper"].is_reported) == ("draft", False)
    same = sender.run(sender.filled({key: {"value": 98, "source": "a  newspaper"}}, sender_body(sender, one)))
    assert same.told["counts"]["wrong"] == 0


def sender_body(sender, one):
    """A workbook from before the second source, whose row is the first one's."""
    from quipu.books import models

    models.Reading.objects.filter(state="draft").update(state="withdrawn")
    body = sender.template()
    models.Reading.objects.filter(state="withdrawn").update(state="draft")
    return body


def test_all_that_is_wrong_with_a_reading_is_told_at_once(sender):
    key = f"P1-i1@{approved('w', 'a', sender.made['trained'], '93').code}"
    run = sender.run(sender.filled({key: {"value": 98}, f"{key}/sex/men": {"value": "many"}}))
    assert rules(run) == ["amount-unreadable", "reading-stands"]
    assert run.told["counts"] == {"changed": 0, "as it was": 0, "wrong": 2}


def test_somebody_elses_change_in_between_is_never_written_over(sender):
    from quipu.actions.results import reading

    sender.apply(sender.run(sender.filled(FINE)))
    one = readings()["P1-i1", "Register of courses"]
    run = sender.run(sender.filled({f"P1-i1@{one.code}": {"value": 99}}))
    said = reading.ReadingSaid("P1-i1", one.until, "94", one.source)
    reading.write(by="other", said=said, code=one.code)
    answer = sender.apply(run)
    assert answer.status_code == 422
    assert "changed" in answer.content.decode()
    assert readings()["P1-i1", "Register of courses"].value == "94"
    sender.browser.post(sender.address("check_readings_run", run.code))
    assert sender.apply(run).status_code == 302
    assert readings()["P1-i1", "Register of courses"].value == "99"


def test_on_either_engine_a_file_is_checked_written_and_locked_against_others(cast_anywhere):
    sender = Sender(cast_anywhere)
    run, other = (
        sender.run(sender.filled(FINE)),
        sender.run(sender.filled({"P1-i3": {"value": "reached", "source": "Visit"}})),
    )
    assert sender.apply(run).status_code == 302
    assert sender.apply(other).status_code == 422
    assert readings()["P1-i3", "Visit"].value == "begun"


# What is wrong


def test_a_wrong_cell_is_told_with_row_column_value_rule_and_remedy_and_comes_back_in_the_file(sender):
    body = sender.filled(
        {**FINE, "P1-i1": {"value": "1.234", "source": "Register"}, "P1-i3": {"value": "soon", "source": "Visit"}}
    )
    run = sender.run(body)
    assert {"amount-two-ways", "result-milestone"} <= set(rules(run))
    sheet = sheet_of(openpyxl.load_workbook(io.BytesIO(body)))
    cell = sheet.cell(row_of(sheet, "P1-i1"), places_of(sheet)["value"]).coordinate
    page = sender.page(run)
    assert re.search(rf'<th scope="row" class="l">{cell} <span class="dim">Value', page)
    assert "It can be read two ways" in page
    back = sender.browser.get(sender.address("readings_run_remarks", run.code)).content
    sheet = sheet_of(openpyxl.load_workbook(io.BytesIO(back)))
    assert "two ways" in sheet[cell].comment.text
    assert "fine" in str(sheet.cell(row_of(sheet, "P1-i2"), places_of(sheet)["remarks"]).value)
    mended = sender.run(sender.filled({"P1-i1": {"value": 93}, "P1-i3": {"value": "begun"}}, back))
    assert mended.told["counts"] == {"changed": 6, "as it was": 0, "wrong": 0}
    assert "Since the file before it" in sender.page(mended)


def test_all_or_nothing_writes_none_and_the_good_readings_are_written_as_wholes(sender):
    run = sender.run(sender.filled({**FINE, "P1-i1/sex/men": {"value": "many"}}))
    assert sender.apply(run).status_code == 422
    assert readings() == {}
    assert sender.apply(run, "good").status_code == 302
    assert sorted(readings()) == [("P1-i2", "Annual report"), ("P1-i3", "Visit")]
    assert run.told["counts"] == {"changed": 2, "as it was": 0, "wrong": 4}


def planned(rows):
    """What rows would do, by key and column, without a file around them."""
    from quipu.actions.results import uploading
    from quipu.books import models
    from quipu.rules.results import filled

    held = uploading.held_of(models.Project.objects.get(pk="P1"), None, date(2025, 12, 31))
    read = filled.Read()
    for n, (key, sent) in enumerate(rows, 3):
        place = filled.read_key(key, held.asked())
        read.rows.append(
            filled.FilledRow("Readings", n, place, sent, [], {name: str(text) for name, text in sent.items()})
        )
    return uploading.plan(read, held, lambda scope: True)


@pytest.mark.parametrize(
    ("rows", "rule", "place"),
    [
        ([("P1-i1", {"value": "9"})], "reading-source-missing", "P1-i1 source"),
        ([("P1-i1/sex/women", {"value": "9"})], "result-value-missing", "P1-i1/sex/women value"),
        (
            [("P1-i1", {"value": "9", "source": "a"}), ("P1-i1/sex/men", {"value": "10"})],
            "result-cells-above",
            "P1-i1/sex/men value",
        ),
        ([("P1-i3", {"value": "begun", "source": "a", "link": "javascript:alert(1)"})], "reading-link", "P1-i3 link"),
        ([("P1-i3", {"source": "a"})], "result-value-missing", "P1-i3 value"),
        ([("P1-i1/sex/men", {"value": "1"}), ("P1-i1/sex/men", {"value": "1"})], "row-twice", "P1-i1/sex/men key"),
    ],
)
def test_what_no_reading_may_be_is_told_of_its_cell_and_keeps_the_reading_out(cast, rows, rule, place):
    framed("w")
    made = planned(rows)
    assert (rule, place) in [(one.rule, f"{one.place} {one.column}") for one in made.findings]
    assert made.counts() == {"changed": 0, "as it was": 0, "wrong": len(rows)}
    assert made.is_blocked


def test_a_locked_period_takes_no_file(sender):
    from quipu.actions.results import framework

    cycle = framework.keep_cycle(by="a", project="P1", since=date(2025, 1, 1), until=date(2025, 12, 31))
    framework.lock(by="a", cycle=cycle.pk, is_locked=True)
    run = sender.run(sender.filled({"P1-i3": {"value": "begun", "source": "a"}}))
    assert rules(run) == ["period-locked"]


# Languages, programmes, people


@pytest.mark.parametrize(("made", "sent", "word"), [("/es", "", "begun"), ("", "/fr", "Begun")])
def test_a_workbook_made_in_one_language_is_read_in_another(cast, made, sent, word):
    maker, reader = Sender(cast, language=made), Sender(cast, language=sent, is_new=False)
    run = reader.run(maker.filled({**FINE, "P1-i3": {"value": word, "source": "Visit"}}))
    assert run.told["counts"]["changed"] == 6


def test_titles_are_in_the_readers_language(cast):
    sender = Sender(cast, language="/es")
    sheet = sheet_of(openpyxl.load_workbook(io.BytesIO(sender.template())))
    assert (
        sheet.cell(row_of(sheet, "P1-i1"), places_of(sheet)["title"]).value == "Guardianes de manantiales certificados"
    )


def test_without_keys_an_indicator_is_found_by_its_code_and_without_its_mark_the_period_is_chosen(sender):
    book = openpyxl.load_workbook(io.BytesIO(sender.filled({"P1-i3": {"value": "begun", "source": "a"}})))
    sheet = sheet_of(book)
    for row in range(3, sheet.max_row + 1):
        sheet.cell(row, 1).value = None
    sheet.delete_rows(1)
    body = bytes_of(book)
    assert "of which period it is" in sender.send(body).content.decode()
    run = sender.run(body, since=SINCE, until=UNTIL)
    assert run.told["counts"] == {"changed": 1, "as it was": 0, "wrong": 0}


def test_a_workbook_of_another_programme_or_of_something_else_is_refused_and_not_kept(cast):
    from quipu.actions.results import framework
    from quipu.books import models

    framework.keep_indicator(by="w", project="P2", said=framework.IndicatorSaid({"en": "One"}, "count"))
    sender = Sender(cast, SECRETARIAT)
    body = sender.filled(FINE)
    assert "made for another programme" in sender.send(body, project="P2").content.decode()
    book = openpyxl.Workbook()
    book.active.append(["Name", "Sum"])
    assert "not the workbook of readings" in sender.send(bytes_of(book)).content.decode()
    assert sender.send(b"\x00\x01").status_code == 422
    assert models.Run.objects.count() == 0


def test_an_organizations_contributor_writes_its_own_indicators_alone(cast):
    editor, sender = Sender(cast), Sender(cast, CONTRIBUTOR, is_new=False)
    assert "P1-i1" in keys_of(sender.template())
    assert "P1-i2" not in keys_of(sender.template())
    run = sender.run(editor.filled(FINE))
    assert "reading-not-yours" in rules(run)
    sender.apply(run, "good")
    assert list(readings()) == [("P1-i1", "Register of courses")]
    sender.browser.post(sender.address("submit_readings_run", run.code))
    assert readings()["P1-i1", "Register of courses"].state == "submitted"


def test_nobody_reaches_a_run_of_a_programme_that_is_not_theirs(cast):
    sender = Sender(cast)
    run = sender.run(sender.filled(FINE))
    elsewhere = cast.client(person=cast.person(EDITOR, project_id="C1"))
    other = cast.client(person=cast.person(CONTRIBUTOR, organization_id="ORG2"))
    for browser in (elsewhere, other):
        for name in ("readings_run", "readings_run_file", "readings_run_remarks"):
            assert browser.get(reverse(name, args=[run.code])).status_code == 403
        for name in ("apply_readings_run", "check_readings_run", "submit_readings_run"):
            assert browser.post(reverse(name, args=[run.code])).status_code == 403
    assert elsewhere.get(reverse("readings_template"), {"project": "P1", "until": UNTIL}).status_code == 404
    assert run.code not in elsewhere.get(reverse("results_workbooks")).content.decode()
    assert cast.client(STRANGER).get(reverse("readings_run", args=[run.code])).status_code == 302
    auditor = cast.client("auditor")
    assert auditor.get(reverse("readings_run", args=[run.code])).status_code == 200
    assert auditor.post(reverse("apply_readings_run", args=[run.code])).status_code == 403
    assert readings() == {}


def test_the_number_of_questions_is_the_same_for_one_row_and_for_forty(cast):
    from quipu.actions.results import framework, uploading
    from quipu.books import models
    from quipu.desk.results_workbooks import words

    sender = Sender(cast)

    def asked():
        body = sender.filled({key: {"value": 1, "source": "a"} for key in keys_of(sender.template()) if key in counts})
        said = {
            "project": models.Project.objects.get(pk="P1"),
            "name": "a.xlsx",
            "pieces": [body],
            "words": words.known(),
        }
        with CaptureQueriesContext(connection) as few:
            uploading.take(by="w", may=lambda scope: True, **said)
        with CaptureQueriesContext(connection) as drawn:
            sender.template()
        return len(few), len(drawn)

    counts = {"P1-i1"}
    first = asked()
    for n in range(40):
        one = framework.keep_indicator(by="w", project="P1", said=framework.IndicatorSaid({"en": f"N{n}"}, "count"))
        counts.add(one.code)
    assert asked() == first


# Whatever is sent


def changed(sender, act, cells=FINE):
    book = openpyxl.load_workbook(io.BytesIO(sender.filled(cells)))
    sheet = sheet_of(book)
    act(book, sheet, lambda key, column: sheet.cell(row_of(sheet, key), places_of(sheet)[column]))
    return bytes_of(book)


def test_odd_sheets_end_in_findings(sender):
    def act(book, sheet, cell):
        """Merged cells, a formula that nobody reckoned, a hidden row; the sheet is renamed, and another stands before it."""
        at = cell("P1-i1/sex/women", "value")
        sheet.merge_cells(start_row=at.row, end_row=at.row + 1, start_column=at.column, end_column=at.column)
        cell("P1-i2", "value").value = "=1+1"
        sheet.row_dimensions[cell("P1-i3", "value").row].hidden = True
        sheet.title = "Mine"
        book.create_sheet("Other", 0).append(["Value", "Total"])

    run = sender.run(changed(sender, act))
    assert {"cell-merged", "cell-formula", "row-hidden"} <= set(rules(run))
    assert run.told["counts"]["changed"] == 1
    back = sender.browser.get(sender.address("readings_run_remarks", run.code))
    assert back.status_code == 200


def test_a_hundred_thousand_empty_rows_are_nobodys_business(sender):
    def act(book, sheet, cell):
        sheet.cell(100_000, 60).value = " "
        for row in range(200, 3_000):
            sheet.cell(row, 3).value = ""

    began = time.monotonic()
    run = sender.run(changed(sender, act))
    assert run.told["counts"]["changed"] == 6
    assert time.monotonic() - began < 20


def test_random_cells_end_in_findings_or_changes_and_never_in_an_error(sender):
    some = random.Random(8)
    offered = [
        None,
        "",
        "x",
        "X ",
        0,
        1,
        1.5,
        -3,
        1e300,
        True,
        "=A1",
        "1,234",
        "1/0",
        "3/4",
        "yes",
        "no",
        "begun",
        "\u00a0",
    ]
    offered += [date(1899, 12, 31), datetime.time(3), "2025-13-45", "<b>", "n" * 5000, "٣", "1e9", "P1-i1", "https://x"]
    for _ in range(1):
        body = sender.template()
        keys = keys_of(body)
        cells = {
            key: {column: some.choice(offered) for column in ("value", "source", "on", "link", "note", "part")}
            for key in keys
        }
        run = sender.run(sender.filled(cells, body))
        assert sender.browser.get(sender.address("readings_run", run.code)).status_code == 200
        assert sender.apply(run, "good").status_code == 302


# The algebra

TEXTS = st.text("abc ñ/@", min_size=1, max_size=6).filter(lambda one: one.strip() and one.strip().casefold() != "x")
PARTS = st.dictionaries(st.sampled_from(["women", "men", "not-stated"]), st.integers(0, 30), max_size=3)
STATE = st.dictionaries(
    st.sampled_from(["P1-i1", "P1-i4"]),
    st.fixed_dictionaries({"value": st.integers(100, 200), "note": st.just("") | TEXTS, "sex": PARTS}),
)


@pytest.mark.long
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STATE.filter(lambda one: "P1-i1" in one), STATE.filter(lambda one: "P1-i1" in one))
def test_the_books_hold_what_the_second_file_says_of_each_row_it_speaks_of(sender, a, b):
    from quipu.books import models

    models.Reading.objects.all().delete()
    for state in (a["P1-i1"], b["P1-i1"]):
        held = readings().get(("P1-i1", "Report"))
        key = f"P1-i1@{held.code}" if held else "P1-i1"
        cells = {key: {"value": state["value"], "source": "Report", "note": state["note"].strip() or "x"}}
        for choice in ("women", "men", "not-stated"):
            cells[f"{key}/sex/{choice}"] = {"value": state["sex"].get(choice, "x")}
        run = sender.run(sender.filled(cells))
        assert sender.apply(run).status_code == 302
        one = readings()["P1-i1", "Report"]
        assert (one.value, one.note) == (str(state["value"]), state["note"].strip())
        assert one.cells.get("sex", {}) == {choice: str(count) for choice, count in state["sex"].items()}
    assert len(readings()) == 1
