"""The workbook of returns: its cells refuse and remark what the registry of rules says they do."""

import io
from datetime import date

import openpyxl
import pytest

from quipu.files import return_book
from quipu.files.return_book import Book, Texts, draw
from quipu.rules.findings import rule_of
from quipu.rules.kinds import CATEGORIES
from quipu.rules.returns.checks import Part, Spent
from quipu.rules.returns.registry import CHECKS
from quipu.rules.returns.rows import categories


def texts(said=lambda rule: rule_of(rule).sentence):
    names = {code: one.label for code, one in CATEGORIES.items()}
    return Texts(
        title="Expenditure",
        sheets=("How to", "Returns", "Choices"),
        labels={name: name.title() for name in return_book.COLUMNS},
        categories={**names, "interest": "Interest", "refund": "Refund"},
        rules={rule: said(rule) for rule in return_book.rule_names()},
        how=["One", "Two"],
        facts=[("Due by", "30 April")],
        total="Total",
        note="Note",
        adjustment="Year",
        stood="Stood:",
        amount_hint="Blank leaves.",
    )


def part(**said):
    spent = [Spent(2022, "staff", "certified", None, 100_000)]
    moved = {("transfer", 2022): 500_000, ("transfer", 2023): 1}
    budgets = {(name, year): 100_000 for name in categories(2023) for year in (2022, 2023)}
    return Part(
        "F",
        "USD",
        "P1",
        "Terraces",
        "O",
        "4711",
        began=date(2022, 1, 1),
        spent=spent,
        moved=moved,
        budgets=budgets,
        **said,
    )


def drawn(kind="annual", **said):
    book = Book("O", 2023, kind, "en", [part(**said)], {}, {"F": [2022]})
    return openpyxl.load_workbook(io.BytesIO(draw(book, texts())))


def everything():
    """All workbooks in which some rule has a place: a year's own, one after the end of the work, a final statement."""
    return [drawn(), drawn(ended=date(2022, 6, 1)), drawn("final", ended=date(2023, 6, 1))]


@pytest.mark.parametrize("rule", [name for name, check in CHECKS.items() if check.cell])
def test_every_rule_with_a_cell_stands_in_the_workbook_in_the_registry_s_words(rule):
    sentence = CHECKS[rule].sentence
    found = []
    for book in everything():
        sheet = book["Returns"]
        refused = [one for one in sheet.data_validations.dataValidation if one.errorTitle == rule]
        assert all(one.error == sentence and one.showErrorMessage for one in refused)
        name = f"rule_{rule.replace('-', '_')}"
        told = [
            cell
            for line in sheet.iter_rows()
            for cell in line
            if isinstance(cell.value, str) and f"{name}," in cell.value
        ]
        if told:
            place = book.defined_names[name].attr_text.replace("$", "").split("!")[1]
            assert book["Choices"][place].value == sentence
        found += refused + told
    assert found


def test_the_sentences_are_those_of_the_reader_s_language():
    book = Book("O", 2023, "annual", "es", [part()], {}, {"F": [2022]})
    made = openpyxl.load_workbook(io.BytesIO(draw(book, texts(lambda rule: f"¡{rule}!"))))
    errors = {one.errorTitle: one.error for one in made["Returns"].data_validations.dataValidation}
    assert errors["return-amount"] == "¡return-amount!"


def test_a_long_sentence_is_cut_where_a_sheet_takes_no_more():
    book = Book("O", 2023, "annual", "es", [part()], {}, {"F": [2022]})
    made = openpyxl.load_workbook(io.BytesIO(draw(book, texts(lambda rule: "a" * 400))))
    assert {len(one.error) for one in made["Returns"].data_validations.dataValidation} == {255}


def test_only_what_is_to_be_filled_in_is_unlocked_and_no_password_stands_before_it():
    sheet = drawn()["Returns"]
    names = {
        cell.column: cell.value.removeprefix("quipu:") for cell in sheet[1] if str(cell.value).startswith("quipu:")
    }
    keys = {line[0].row: line[0].value for line in sheet.iter_rows(min_row=3)}
    open_ = {
        (names[cell.column], keys[cell.row].split("/")[1])
        for line in sheet.iter_rows(min_row=3)
        for cell in line
        if not cell.protection.locked
    }
    assert {name for name, _ in open_} == {"amount", "comment", "category", "adjusts"}
    assert {row for name, row in open_ if name == "category"} == {"adjustment-1", "adjustment-2"}
    assert ("amount", "total") not in open_
    assert ("amount", "note") not in open_
    assert sheet.protection.sheet
    assert not sheet.protection.password


def test_a_drop_down_offers_the_closed_years_and_the_categories_of_their_era():
    book = Book("O", 2023, "annual", "en", [part()], {}, {"F": [2011, 2022, 2023, 2024]})
    made = openpyxl.load_workbook(io.BytesIO(draw(book, texts())))
    lists = list(made["Choices"].iter_cols(values_only=True))
    assert [one for one in lists[4] if one] == [2022, 2011]
    assert "Training of counterparts" in lists[2]
    assert "Training of counterparts" not in lists[1]


def test_without_a_closed_year_no_row_for_corrections_is_offered():
    book = Book("O", 2023, "annual", "en", [part()], {}, {"F": [2023]})
    made = openpyxl.load_workbook(io.BytesIO(draw(book, texts())))
    assert not any("adjustment" in str(cell.value) for cell in made["Returns"]["A"])
    assert made["Returns"].column_dimensions["G"].hidden


def test_totals_are_formulas_and_indirect_cost_is_shown_beside_and_never_filled_in():
    sheet = drawn()["Returns"]
    places = {str(cell.value).removeprefix("quipu:"): cell.column for cell in sheet[1]}
    rows = {line[0].value: line[0].row for line in sheet.iter_rows(min_row=3)}
    total, indirect = rows["P1/total"], rows["P1/indirect"]
    for name in ("budget", "earlier", "last", "stands", "amount"):
        assert sheet.cell(total, places[name]).value.startswith("=SUM(")
    assert "*7/100" in sheet.cell(indirect, places["computed"]).value
    assert sheet.cell(indirect, places["amount"]).value is None


def test_the_same_workbook_is_drawn_byte_by_byte():
    book = Book("O", 2023, "annual", "en", [part()], {}, {"F": [2022]})
    assert draw(book, texts()) == draw(book, texts())
