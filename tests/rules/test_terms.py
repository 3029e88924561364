"""The table of terms: one entry for each word that the head of a column uses, said in every language."""

from pathlib import Path

import pytest
from babel.messages.extract import extract

from quipu.portal.languages import words
from quipu.rules.asking import DIMENSIONS
from quipu.rules.figures import FIGURES
from quipu.rules.languages import LANGUAGES
from quipu.rules.statuses import STATUSES
from quipu.rules.terms import SOURCES, TERMS, of_head

VIEWS = Path(__file__).resolve().parents[2] / "src" / "quipu" / "portal" / "views"
# What anybody understands without a glossary, or what the words beside it say.
EVERYDAY = {
    *("After", "Amount", "Before", "Belongs to", "By", "Change", "Code", "Date", "Difference", "Element", "File"),
    *("Files", "For the year", "Format", "Found", "From", "Fund or project", "Key", "Kind", "Language", "Letter"),
    *("Line", "Links of the chain", "Note", "On", "Page", "Place", "Quarter", "Read", "Section", "Signed", "Source"),
    *("Takes back", "Times", "Title", "To", "Url", "Version", "What", "What became of it"),
    *("What happened, and what to do", "What is known", "Who", "Year"),
    # of results and what is beside them; the figures of community funds are explained beneath their table
    *("Capital", "Output", "Outstanding", "Part", "Published first in", "Said on", "Spent", "Targeted or reached"),
    *(
        "What stands behind it",
        "At risk over 30 days",
        "By when",
        "Came",
        "Community funds",
        "Counts",
        "Counts for",
        "Date of the source",
    ),
    *("Evidence", "Expenditure by the ledger", "From whom", "How", "Left out", "Lent since the beginning", "Lesson"),
    *("Link", "Measured as", "Not attributed to an output", "Number", "Other sources say", "Outcome", "Planned"),
    *("Promised", "Promised on", "Register", "Repayment rate", "Rows", "Spent of what was planned", "Sum"),
    *(
        "Times revolved",
        "Unit",
        "Value",
        "Way",
        "What for",
        "Who says so",
        "Who that is",
        "Whose it is",
        "Why this value",
    ),
    *(
        "By rule",
        "Days late",
        "Day not recorded",
        "Days late, by year",
        "Decision",
        "Due",
        "Late",
        "Of which years",
        "On time",
    ),
    *(
        "On time, per cent",
        "Reason",
        "Row",
        "Rule",
        "Since or due",
        "State",
        "Submitted",
        "Takes the place of",
        "Until",
        "Up to",
    ),
    "What the last one changed",
    *(
        "Why",
        "Why more time, or none",
        "Days to accept, the longest",
        "Days to accept, the middle one",
        "Corrects the year",
    ),
    *("Due by rule", "How it stands", "Nothing spent", "Reason of the restatement", "Remark by the organization"),
    *(
        "Report due",
        "Review began",
        "SHA-256 of the workbook",
        "Waiting for the agent",
        "Waived",
        "Year closed",
        "Accepted",
    ),
}


def heads() -> set[str]:
    """The heads of columns that views write, and those of dimensions."""
    found = {dimension.label for dimension in DIMENSIONS.values()}
    for path in VIEWS.glob("*.py"):
        with path.open("rb") as file:
            found |= {str(text) for _, text, _, _ in extract("python", file, {"Column": (2,)}) if isinstance(text, str)}
    return {head for head in found if head}


def test_every_head_of_a_column_is_a_term_or_an_everyday_word():
    assert {"Voucher", "Movement", "Participating organization", "Status"} <= heads()
    figures = {figure.label for figure in FIGURES.values()}
    unknown = {head for head in heads() - EVERYDAY - figures if of_head(head) is None}
    assert unknown == set()


def test_a_head_leads_to_what_it_means():
    assert of_head("Voucher").key == of_head("Vouchers").key == "voucher"
    assert of_head("In US$").key == "conversion"
    assert of_head("Date") is None


def test_figures_dimensions_and_statuses_keep_the_words_of_their_own_rules():
    for figure in FIGURES.values():
        assert (TERMS[figure.name].label, TERMS[figure.name].sentences[0]) == (figure.label, figure.sentence)
    for status in STATUSES:
        assert TERMS[status.name or "status_not_stated"].label == status.label
    assert TERMS["contributor"].label == DIMENSIONS["contributor"].label


def test_a_label_stands_once_so_that_a_reader_finds_one_meaning():
    labels = [term.label for term in TERMS.values()]
    assert sorted(labels) == sorted(set(labels))
    assert {term.source for term in TERMS.values()} - {"", "https://iatistandard.org"} == set(SOURCES)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_term_is_said_in_every_language(language):
    said = words(language).texts
    assert [t for term in TERMS.values() for t in (term.label, *term.sentences) if not said.get(t)] == []
