"""A table as a PDF: one look for every statement, read by people and by screen readers, and the same bytes each time."""

import io
import time
from datetime import UTC, datetime
from decimal import Decimal

import pypdf
import pytest

from quipu.files import pdf
from quipu.rules.table import Cell, Column, Table

D = Decimal
COLUMNS = [
    Column("project", "Project"),
    Column("project_name", "Name of project"),
    Column("theme", "Theme", "group"),
    Column("net_prior", "Net funded, prior", "money", "net"),
    Column("net_total", "Net funded, total", "money", "net"),
    Column("rate", "Delivery rate", "percent", "rate"),
]


def row(code, name="", prior="0", total="0", rate=None):
    return [Cell(code), Cell(name), Cell("t"), Cell(D(prior)), Cell(D(total)), Cell(rate and D(rate), why="none")]


def table(*rows, **more):
    about = {"statement": "delivery", "fund": "F1", "fund_name": "Rivers Fund", "as_of": "2012-12-31"}
    return Table(list(COLUMNS), list(rows), title="Delivery", unit="USD", about=about, **more)


SMALL = table(row("P1", "Wells", "1234567.125", "-0.255", "11.00"), row("P2"))


def read(body):
    return pypdf.PdfReader(io.BytesIO(body))


def words(body):
    return " ".join(" ".join(page.extract_text() for page in read(body).pages).split())


def test_a_page_says_whose_it_is_of_when_and_in_which_unit():
    said = words(pdf.draw(SMALL))
    assert said.startswith("Delivery Fund: F1 Rivers Fund · As of: 2012-12-31 · Amounts in USD")
    assert said.endswith("F1 Rivers Fund · Delivery page 1 of 1")


def test_amounts_are_rounded_by_themselves_negative_ones_stand_in_brackets_and_a_rate_keeps_its_decimals():
    said = words(pdf.draw(SMALL))
    assert "P1 Wells 1,234,567.13 (0.26) 11.00" in said
    assert "P2 0.00 0.00 –" in said


def test_columns_that_begin_alike_share_a_head_and_a_group_is_no_column():
    said = words(pdf.draw(SMALL))
    assert said.count("Net funded") == 1
    assert "Prior Total" in said
    assert "Theme" not in said


def test_the_head_is_on_every_page_and_each_page_is_numbered():
    many = table(*(row(f"P{n}", "A project of a name that is rather long") for n in range(90)))
    pages = [" ".join(page.extract_text().split()) for page in read(pdf.draw(many)).pages]
    assert len(pages) > 1
    for n, said in enumerate(pages, 1):
        assert "Name of project" in said
        assert said.endswith(f"page {n} of {len(pages)}")


def test_totals_and_notes_stand_below_and_a_table_without_rows_says_so():
    noted = table(row("P1"), total=row("", prior="5"), notes=["Does not add up: a is b.", "A note."])
    noted.total[0] = Cell("", label="Total")
    assert "Total 5.00 0.00 – Does not add up: a is b. A note." in words(pdf.draw(noted))
    assert "Nothing moved." in words(pdf.draw(table()))


def test_a_heading_stands_above_the_row_it_belongs_to():
    said = words(pdf.draw(table(row("P1", "Wells"), row("P2", "Roads"), heads={"P2": "In the north"})))
    assert said.index("Wells") < said.index("In the north") < said.index("Roads")


@pytest.mark.parametrize("text", ['#read("pdf.py")', "#panic()", "*b* _i_ $x$ @a <b> = c", "\\ // /* `x`", "#{1+1}"])
def test_what_a_person_wrote_is_text_and_never_markup(text):
    assert " ".join(text.split()) in words(pdf.draw(table(row("P1", text), notes=[text])))


def test_it_is_tagged_titled_and_has_its_fonts_within():
    reader = read(pdf.draw(SMALL))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert reader.metadata.title == "Delivery"
    for font in reader.pages[0]["/Resources"]["/Font"].values():
        assert "Libertinus" in font["/BaseFont"]
        assert {"/FontFile2", "/FontFile3"} & set(font["/DescendantFonts"][0]["/FontDescriptor"])


def test_the_same_table_gives_the_same_bytes_whatever_the_clock_says():
    first = pdf.draw(SMALL)
    time.sleep(1.1)
    assert pdf.draw(SMALL) == first
    signed = pdf.draw(SMALL, datetime(2013, 5, 31, 12, 0, tzinfo=UTC))
    assert read(signed).metadata.creation_date == datetime(2013, 5, 31, 12, 0, tzinfo=UTC)


def test_letters_that_no_font_of_ours_has_do_not_stop_it():
    assert len(read(pdf.draw(table(row("P1", "صندوق الأنهار"), row("P2", "水")))).pages) == 1


def test_tables_stand_one_after_another_under_one_title():
    said = words(pdf.document([SMALL, Table([Column("a", "A")], [[Cell("x")]], title="Other")], "Annual report 2013"))
    assert said.startswith("Annual report 2013 Delivery Fund: F1 Rivers Fund")
    assert "Other A x" in said
