"""A table is drawn as CSV, JSON and workbook: separators are added, numbers and commands never."""

import csv
import io
import json
import time
from decimal import Decimal

import lxml.html
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.files import csv as csv_file
from quipu.files import html as html_file
from quipu.files import json as json_file
from quipu.files import xlsx as xlsx_file
from quipu.files.plain import exact
from quipu.rules.table import Cell, Column, LeftOut, Table

D = Decimal
TABLE = Table(
    [Column("country", "Country"), Column("on", "Date", "date"), Column("spend", "Spend", "money", "spend")],
    [
        [Cell("KE", label="Kenya"), Cell("2020-05-01"), Cell(D("1234.500000"))],
        [Cell(None, why="not stated"), Cell("2021-05-01"), Cell(D("-0.25"))],
        [Cell("UG"), Cell(""), Cell(None, why="none")],
    ],
    [Cell("", label="Total"), Cell(""), Cell(D("1234.25"))],
    title="Spend by country",
    unit="USD",
    notes=["As reported by 2 publishers."],
    left_out=LeftOut(3, ("PEN", "unknown")),
    about={"edition": "7"},
)


def rows_of(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def workbook(table: Table):
    return openpyxl.load_workbook(io.BytesIO(xlsx_file.draw(table)))


def one_text(text: str) -> Table:
    return Table([Column("name", "Name")], [[Cell(text)]])


# Values


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (D("5.500000"), "5.5"), (D("1E+3"), "1000"), (7, "7"), ("", ""), ("a", "a")],
)
def test_a_value_is_written_exactly_and_nothing_as_nothing(value, text):
    assert exact(value) == text


# CSV


def test_csv_is_one_header_line_and_rows_of_exact_values_without_the_total():
    assert csv_file.draw(TABLE) == (
        b"\xef\xbb\xbfcountry,on,spend\r\nKE,2020-05-01,1234.5\r\n,2021-05-01,-0.25\r\nUG,,\r\n"
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_a_text_that_a_spreadsheet_would_run_is_disarmed(text):
    assert rows_of(csv_file.draw(one_text(text)))[1] == ["'" + text]


@pytest.mark.parametrize("text", ["a=1", "1+1", "Côte d'Ivoire", "'quoted'", " =1"])
def test_a_harmless_text_stays_as_it_is(text):
    assert rows_of(csv_file.draw(one_text(text)))[1] == [text]


def test_a_negative_amount_is_a_number_and_not_disarmed():
    assert rows_of(csv_file.draw(TABLE))[2][2] == "-0.25"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_text_is_read_back_from_csv(text):
    (read,) = rows_of(csv_file.draw(one_text(text)))[1]
    assert read.removeprefix("'") == text.removeprefix("'")
    assert not read.startswith(("=", "+", "-", "@", "\t", "\r"))


# JSON


def test_json_names_edition_unit_columns_rows_and_what_was_left_out():
    assert json.loads(json_file.draw(TABLE)) == {
        "edition": 7,
        "unit": "USD",
        "columns": [
            {"key": "country", "label": "Country"},
            {"key": "on", "label": "Date"},
            {"key": "spend", "label": "Spend"},
        ],
        "rows": [
            {"by": {"country": "KE", "on": "2020-05-01"}, "cells": {"spend": "1234.5"}},
            {"by": {"country": None, "on": "2021-05-01"}, "cells": {"spend": "-0.25"}},
            {"by": {"country": "UG", "on": ""}, "cells": {"spend": None}},
        ],
        "total": {"spend": "1234.25"},
        "left_out": {"count": 3, "currencies": ["PEN", "unknown"]},
        "notes": ["As reported by 2 publishers."],
    }


def test_json_keeps_letters_as_they_are_and_ends_its_line():
    body = json_file.draw(one_text("Perú"))
    assert "Perú".encode() in body
    assert body.endswith(b"}\n")


# The workbook


def test_a_workbook_has_typed_cells_labels_and_a_total():
    sheet = workbook(TABLE)["Table"]
    assert [[None if cell.value == "" else cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Country", "Date", "Spend"],
        ["Kenya", "2020-05-01", 1234.5],
        [None, "2021-05-01", -0.25],
        ["UG", None, None],
        ["Total", None, 1234.25],
    ]
    assert sheet["C2"].data_type == "n"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C4"  # the total is not filtered away


def test_a_workbook_says_what_it_is():
    about = {row[0].value: row[1].value for row in workbook(TABLE)["About"].iter_rows()}
    assert about == {
        "Title": "Spend by country",
        "Unit": "USD",
        "Edition": "7",
        "Left out": "3 entries that could not be converted (PEN, unknown)",
        "Note 1": "As reported by 2 publishers.",
    }


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "https://example.org/"])
def test_a_text_in_a_workbook_is_neither_formula_nor_link(text):
    cell = workbook(one_text(text))["Table"]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_number_beyond_fifteen_digits_stays_text():
    table = Table(
        [Column("spend", "Spend", "money", "spend")],
        [[Cell(D("123456789012.345"))], [Cell(D("1234567890123.456"))], [Cell(D("-0.3333333333333333"))]],
    )
    sheet = workbook(table)["Table"]
    assert [(cell.data_type, cell.value) for (cell,) in sheet.iter_rows(min_row=2)] == [
        ("n", 123456789012.345),
        ("s", "1234567890123.456"),
        ("s", "-0.3333333333333333"),
    ]


def test_a_text_longer_than_a_cell_may_be_is_cut():
    assert len(workbook(one_text("a" * 40_000))["Table"]["A2"].value) == 32_767


def test_the_same_table_gives_the_same_bytes_whatever_the_clock_says():
    first = xlsx_file.draw(TABLE)
    time.sleep(1.1)
    assert xlsx_file.draw(TABLE) == first


def test_an_empty_table_is_still_a_file():
    empty = Table([Column("country", "Country")], [])
    assert rows_of(csv_file.draw(empty)) == [["country"]]
    assert json.loads(json_file.draw(empty))["rows"] == []
    assert workbook(empty)["Table"].max_row == 1


# A page


def cells_of(table: Table) -> list[list[str]]:
    page = lxml.html.fromstring(html_file.draw(table).decode())
    return [[cell.text_content() for cell in row] for row in page.iter("tr")]


def test_a_page_rounds_each_cell_for_print_and_keeps_the_exact_amount():
    table = Table(
        [Column("row", "Row"), Column("amount", "Amount", "money", "amount")],
        [[Cell("a", label="First"), Cell(D("1234567.125"))], [Cell("b"), Cell(D("-0.25"))], [Cell("c"), Cell(None)]],
        [Cell("", label="Total"), Cell(None, why="none")],
        strong=("b",),
    )
    rows = [["Row", "Amount"], ["First", "1,234,567.13"], ["b", "−0.25"], ["c", ""], ["Total", "–"]]
    assert cells_of(table) == rows
    page = html_file.draw(table).decode()
    assert 'data-exact="1234567.125"' in page
    assert page.count('class="sum"') == 1


def test_a_page_runs_nothing_and_says_what_does_not_add_up():
    table = one_text("<script>alert(1)</script>")
    table.notes = ["Does not add up: a & b."]
    page = html_file.draw(table).decode()
    assert "<script" not in page
    assert '<p class="failed">Does not add up: a &amp; b.</p>' in page
    assert cells_of(one_text("x")) == [["Name"], ["x"]]
    assert cells_of(Table([Column("name", "Name")], [])) == [["Name"], ["Nothing moved."]]


@pytest.mark.parametrize(
    ("unit", "shown", "form"),
    [
        ("USD", "−1,234.57", "#,##0.00;[Red](#,##0.00)"),
        ("JPY", "−1,235", "#,##0;[Red](#,##0)"),
        ("KWD", "−1,234.568", "#,##0.000;[Red](#,##0.000)"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(unit, shown, form):
    table = Table([Column("amount", "Amount", "money", "amount")], [[Cell(D("-1234.5678"))]], unit=unit)
    assert cells_of(table)[1] == [shown]
    assert workbook(table)["Table"]["A2"].number_format == form


# Several tables in one file


def told(name: str, title: str, **about: str) -> Table:
    table = one_text(title)
    table.title, table.unit = title, "USD"
    table.about = {"fund": "F1", "fund_name": "Rivers & Lakes", "year": "2013", "statement": name, **about}
    return table


TOLD = [told("interest", "Interest by source"), told("delivery-by-project", "Delivery by project", by="theme")]
TOLD[1].notes, TOLD[1].strong = ["A note."], ("Delivery by project",)


def test_a_workbook_has_a_sheet_for_each_table_and_says_once_what_all_of_them_are():
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file.document(TOLD, "Annual report 2013")))
    assert book.sheetnames == ["Interest", "Delivery by project", "About"]
    assert [row[0] for row in book["Interest"].values] == ["Name", "Interest by source"]
    assert (book["Interest"]["A2"].font.b, book["Delivery by project"]["A2"].font.b) == (False, True)
    assert list(book["About"].values) == [
        ("Title", "Annual report 2013"),
        ("Unit", "USD"),
        ("Fund", "F1 Rivers & Lakes"),
        ("Year", "2013"),
        ("Interest", "Interest by source"),
        ("Delivery by project", "Delivery by project"),
        ("By", "theme"),
        ("Note 1", "A note."),
    ]
    assert book.properties.title == "Annual report 2013"


def test_a_sheet_is_printed_under_the_title_of_its_table_with_its_head_on_each_page():
    table = told("costs", "Costs & charges")
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file.document([table, TABLE], "All")))["Costs"]
    assert sheet.oddHeader.left.text == "Costs && charges"
    assert sheet.print_title_rows == "$1:$1"


def test_a_page_of_several_tables_has_one_title_and_a_heading_for_each():
    page = lxml.html.fromstring(html_file.document(TOLD, "Annual report 2013").decode())
    assert [heading.text for heading in page.iter("h1", "h2")] == [
        "Annual report 2013",
        "Interest by source",
        "Delivery by project",
    ]
    assert [" ".join(said.text.split()) for said in page.iter("p")] == [
        "Fund: F1 Rivers & Lakes · Year: 2013 · Amounts in USD",
        "By: theme",
        "A note.",
    ]


def test_json_of_several_tables_holds_each_with_its_title():
    read = json.loads(json_file.document(TOLD, "Annual report 2013"))
    assert read["title"] == "Annual report 2013"
    assert [table["title"] for table in read["tables"]] == ["Interest by source", "Delivery by project"]
    assert read["tables"][1]["rows"][0]["by"] == {"name": "Delivery by project"}
    assert read["tables"][1]["notes"] == ["A note."]
