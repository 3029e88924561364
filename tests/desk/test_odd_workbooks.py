"""Whatever somebody sends ends in findings that a finance officer understands, in bounded time and memory, and loses nothing."""

import contextlib
import datetime
import io
import json
import random
import re
import time
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from tests.desk.test_workbooks import bytes_of, fill, places_of, row_of, sheet_of

SECONDS = 20  # of one file, at most, on a machine where others work too


@pytest.fixture(scope="module")
def desk(_books_template):
    """Django is loaded; the practice needs no books."""
    from quipu.desk.workbooks import practice

    return practice


@pytest.fixture(scope="module")
def blank(desk):
    """The practice workbook, with nothing filled in."""
    from quipu.desk.workbooks import words
    from quipu.files import return_book
    from quipu.files.return_book import Book

    held = desk.held()
    book = Book("PRACTICE", held.year, "annual", "en", list(held.parts.values()), {}, held.closed)
    return return_book.draw(book, words.texts(held.year, [], "here"))


def checked(desk, body):
    """What is told of a file, and its workbook with remarks; a refusal is its rule."""
    from quipu.desk.workbooks import telling
    from quipu.files.fillable import Unreadable
    from quipu.rules.findings import Refused, rule_of

    began = time.monotonic()
    try:
        told, findings = desk._checked(body)
    except Refused as refused:
        return [one.rule for one in refused.findings if rule_of(one.rule).sentence], None
    assert time.monotonic() - began < SECONDS
    assert all(telling.told(one) and telling.place(one, told["heads"]) is not None for one in findings)
    with contextlib.suppress(Unreadable):  # what openpyxl cannot open again is told of on the page alone
        assert telling.remarked(body, findings, told["heads"], {}).startswith(b"PK")
    return [one.rule for one in findings], told


def changed(blank, act):
    book = openpyxl.load_workbook(io.BytesIO(blank))
    act(book, sheet_of(book))
    return bytes_of(book)


def amount(sheet, key):
    return sheet.cell(row_of(sheet, key), places_of(sheet)["quipu:amount"])


def test_a_formula_with_a_value_counts_and_one_without_is_told(desk, blank):
    def act(book, sheet):
        amount(sheet, "PR-1/staff").value = "=100+23.5"

    body = changed(blank, act)
    rules, told = checked(desk, body)
    assert "cell-formula" in rules
    assert told["changes"] == []
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = next(name for name in parts if b"100+23.5" in parts[name])
    parts[name] = re.sub(rb"<f>100\+23\.5</f>\s*<v\s*/?>(</v>)?", b"<f>100+23.5</f><v>123.5</v>", parts[name])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for each, content in parts.items():
            packed.writestr(each, content)
    rules, told = checked(desk, out.getvalue())
    assert "cell-formula" not in rules
    assert [change[4] for change in told["changes"]] == [12_350]


def test_merged_cells_are_told_and_not_guessed(desk, blank):
    def act(book, sheet):
        amount(sheet, "PR-1/staff").value = 100
        at = amount(sheet, "PR-1/staff")
        sheet.merge_cells(start_row=at.row, end_row=at.row + 1, start_column=at.column, end_column=at.column)

    rules, told = checked(desk, changed(blank, act))
    assert "cell-merged" in rules
    assert told["counts"]["wrong"] == 1


def test_a_hidden_row_is_read_and_told_of(desk, blank):
    def act(book, sheet):
        amount(sheet, "PR-1/staff").value = 100
        sheet.row_dimensions[amount(sheet, "PR-1/staff").row].hidden = True

    rules, told = checked(desk, changed(blank, act))
    assert "row-hidden" in rules
    assert len(told["changes"]) == 1


@pytest.mark.parametrize("epoch", [openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH])
def test_a_date_is_no_amount_in_either_calendar(desk, blank, epoch):
    def act(book, sheet):
        book.epoch = epoch
        cell = amount(sheet, "PR-1/staff")
        cell.value, cell.number_format = datetime.date(2024, 1, 31), "yyyy-mm-dd"

    rules, told = checked(desk, changed(blank, act))
    assert "return-amount" in rules
    assert told["changes"] == []


@pytest.mark.parametrize(
    ("text", "rule", "units"),
    [
        ("1.234,56", "", 123_456),
        ("1 234,5", "", 123_450),
        ("1.234", "amount-two-ways", None),
        ("31/12/2023", "return-amount", None),
        ("12,5 USD", "return-amount", None),
        ("#REF!", "cell-formula", None),
    ],
)
def test_decimals_of_any_place_are_read_or_told(desk, blank, text, rule, units):
    rules, told = checked(desk, changed(blank, lambda book, sheet: setattr(amount(sheet, "PR-1/staff"), "value", text)))
    assert [change[4] for change in told["changes"]] == ([] if units is None else [units])
    assert not rule or rule in rules


def test_other_sheets_and_other_names_of_the_sheet_do_no_harm(desk, blank):
    def act(book, sheet):
        amount(sheet, "PR-1/staff").value = 100
        sheet.title = "Hoja 7"
        other = book.create_sheet("Mine", 0)
        for n in range(50):
            other.append([n, "note", None, n * 2])

    _, told = checked(desk, changed(blank, act))
    assert [change[4] for change in told["changes"]] == [10_000]


def test_a_workbook_without_our_sheet_says_so(desk, blank):
    def act(book, sheet):
        book.remove(sheet)

    assert checked(desk, changed(blank, act))[0] == ["return-heads"]


def test_rows_that_were_moved_and_columns_that_were_put_between_are_found(desk, blank):
    def act(book, sheet):
        amount(sheet, "PR-2/staff").value = 100
        sheet.insert_cols(5, 2)
        sheet.insert_rows(2, 3)

    _, told = checked(desk, changed(blank, act))
    assert [change[1] for change in told["changes"]] == ["PR-2/staff"]


def test_the_same_row_twice_is_told(desk, blank):
    def act(book, sheet):
        amount(sheet, "PR-2/staff").value = 100
        amount(sheet, "PR-2/travel").value = 100
        sheet.cell(row_of(sheet, "PR-2/travel"), 1).value = "PR-2/staff"
        sheet.cell(row_of(sheet, "PR-2/staff") + 4, places_of(sheet)["quipu:category"]).value = None

    assert "row-twice" in checked(desk, changed(blank, act))[0]


def million(wide=1):
    """Two cells with something in them, and a million rows below that somebody coloured once."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["quipu:key", "quipu:amount"])
    sheet.write_row(2, 0, ["PR-1/staff", 100])
    book.close()
    empty = [f'<row r="%d">{"".join(f"""<c r="{chr(65 + n)}%d" s="0"/>""" for n in range(wide))}</row>']
    rows = "".join(empty[0] % ((n,) * (wide + 1)) for n in range(4, 1_000_000))
    made = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, body.replace(b"</sheetData>", rows.encode() + b"</sheetData>"))
    return made.getvalue()


def test_a_million_empty_rows_take_a_few_seconds(desk):
    from quipu.files import sheets

    body = million()
    began = time.monotonic()
    (sheet,) = sheets.read_bytes(body)
    assert time.monotonic() - began < SECONDS
    assert len(sheet.rows) == 2


def test_a_sheet_that_reaches_to_its_last_corner_is_refused_in_time(desk):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(1_048_575, 16_383, "z")
    book.close()
    assert checked(desk, out.getvalue())[0] == ["sheets-large"]


def test_a_very_wide_sheet_is_read_as_far_as_its_columns_count(desk, blank):
    def act(book, sheet):
        amount(sheet, "PR-1/staff").value = 100
        sheet.cell(3, 5_000).value = "far away"

    _, told = checked(desk, changed(blank, act))
    assert [change[4] for change in told["changes"]] == [10_000]


def test_a_bomb_is_refused_before_it_is_unpacked(desk, monkeypatch, tmp_path):
    from quipu.files import sheets

    monkeypatch.setattr(sheets, "UNPACKED", 3 << 20)
    bomb = tmp_path / "bomb.xlsx"

    def refused(size):
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/workbook.xml", b"<workbook/>")
            packed.writestr("xl/worksheets/sheet1.xml", b"0" * size)
        with pytest.raises(sheets.Unreadable) as caught:
            sheets.sheets_of(bomb)
        return caught.value.rule

    assert refused(3 << 20) == "sheets-large"
    assert refused(1 << 20) == "sheets-broken"


def test_more_rows_than_are_read_are_told(desk):
    from quipu.files import sheets

    def lines(count):
        return ("a;b\n" * count).encode()

    assert len(sheets.read_bytes(lines(sheets.MOST_ROWS))[0].rows) == sheets.MOST_ROWS
    with pytest.raises(sheets.Unreadable) as caught:
        sheets.read_bytes(lines(sheets.MOST_ROWS + 1))
    assert caught.value.rule == "sheets-rows"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_text_is_read_in_the_encodings_and_with_the_signs_that_programs_write(encoding, sign):
    from quipu.files import sheets

    body = sign.join(("Año", "Partida", "Importe")) + "\r\n" + sign.join(("2023", '"Viáticos\ny más"', '"1.234,56"'))
    (sheet,) = sheets.read_bytes(body.encode(encoding))
    assert sheet.rows[0][1] == ["Año", "Partida", "Importe"]
    assert sheet.rows[1][1] == ["2023", "Viáticos\ny más", "1.234,56"]


CELLS = (
    *(None, "", " ", "x", "X", 0, -1, 1.005, 1e16, -(10**20), True, "1.234", "1,234.56", "=1/0", "=SUM(A1:A9)", "#N/A"),
    *("'=cmd|x", "\u202e123", "😀", "a" * 5_000, "NaN", "2024-01-31", datetime.date(2024, 1, 31), datetime.time(1, 2)),
    *("PR-1/travel", "PR-9/travel", "quipu:amount", "quipu:key", "quipu:meta {", "P/x/2011", "/", "total"),
)


def spoiled(blank, seed):
    """The workbook as somebody with that seed would leave it."""
    chance = random.Random(seed)
    book = openpyxl.load_workbook(io.BytesIO(blank))
    sheet = sheet_of(book)
    fill(book, {"PR-1/staff": 100, "PR-2/staff": 200})
    for _ in range(chance.randint(1, 12)):
        row, column = chance.randint(1, sheet.max_row + 2), chance.randint(1, sheet.max_column + 2)
        cell = sheet.cell(row, column)
        if type(cell).__name__ == "MergedCell":
            continue
        match chance.randint(0, 9):
            case 0:
                sheet.insert_rows(row)
            case 1:
                sheet.delete_rows(row, chance.randint(1, 3))
            case 2:
                sheet.insert_cols(column)
            case 3:
                sheet.delete_cols(column)
            case 4:
                sheet.merge_cells(
                    start_row=row, end_row=row + chance.randint(0, 2), start_column=column, end_column=column + 1
                )
            case 5:
                sheet.row_dimensions[row].hidden = True
            case 6:
                cell.comment = Comment("mine", "me")
            case _:
                cell.value = chance.choice(CELLS)
    return bytes_of(book)


def torn(blank, seed):
    """The file with some of its bytes lost or changed on the way."""
    chance = random.Random(seed)
    body = bytearray(blank)
    for _ in range(chance.randint(1, 20)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body[: chance.choice((len(body), len(body), chance.randrange(1, len(body))))])


def any_of(seeds, desk, blank):
    for seed in seeds:
        for make in (spoiled, torn):
            _, told = checked(desk, make(blank, seed))
            assert told is None or json.dumps(told)  # what is told can be kept as it is told


def test_spoiled_and_torn_workbooks_end_in_findings(desk, blank):
    any_of(range(12), desk, blank)


@pytest.mark.long
def test_many_spoiled_and_torn_workbooks_end_in_findings(desk, blank):
    any_of(range(1_000, 1_400), desk, blank)


@pytest.mark.long
def test_a_million_wide_empty_rows_end_in_time(desk):
    began = time.monotonic()
    checked(desk, million(12))
    assert time.monotonic() - began < 2 * SECONDS
