"""What stands behind a figure, in a word and a sentence: of one return, and of several."""

from dataclasses import replace
from datetime import date

import pytest

from quipu.rules.reporting import COUNTED, SENTENCES, SHORT, Unit, standing

UNIT = Unit("F", "UNDP", 2024, date(2025, 4, 30), date(2025, 4, 30), rule=date(2025, 4, 30))
IN = replace(UNIT, figures="certified", signed=date(2025, 4, 2), posted=date(2025, 4, 9))
CASES = {
    "certified on 2025-04-02": IN,
    "certified on 2025-04-02 (version 3, restated)": replace(IN, version=3),
    "certified; posted on 2025-04-09": replace(IN, signed=None),
    "certified; the day is not recorded": replace(IN, signed=None, posted=None),
    "nothing was spent (certified on 2025-04-02)": replace(IN, zero=True),
    "nothing was spent (certified)": replace(IN, zero=True, signed=None, posted=None),
    "interim figures up to 2024-06-30": replace(UNIT, figures="interim", until=date(2024, 6, 30)),
    "interim figures, posted on 2024-08-01": replace(UNIT, figures="interim", posted=date(2024, 8, 1)),
    "interim figures, not certified yet": replace(UNIT, figures="interim"),
    "reported; whether certified is not said": replace(UNIT, figures="reported"),
    "certified on 2025-04-28, not accepted and posted yet": replace(UNIT, submitted=date(2025, 4, 28)),
    "waived: no return is owed": replace(UNIT, due=None),
    "not reported, due 2025-04-30": UNIT,
    "not reported, due 2025-06-30: more time was granted": replace(UNIT, due=date(2025, 6, 30)),
    "not reported, was due 2025-04-30": replace(UNIT, moment=date(2025, 5, 1)),
    "no figures of this year, later ones are in": replace(UNIT, later=True),
}


@pytest.mark.parametrize("said", CASES)
def test_one_return_is_said_in_one_sentence(said):
    assert standing([CASES[said]]).plain == said


def test_every_sentence_is_said_of_some_return_but_the_one_beside_counts():
    assert {unit.said[0] for unit in CASES.values()} == {*SENTENCES} - {"the last on %(day)s"}
    assert {unit.key for unit in CASES.values()} == {*COUNTED}
    assert {*SHORT} < {*COUNTED}


def test_interim_figures_beside_a_submitted_return_wait_for_the_agent():
    assert replace(UNIT, figures="interim", submitted=date(2025, 4, 28)).key == "submitted"


def test_several_returns_are_counted_once_each_and_the_latest_day_is_told():
    other = replace(IN, project="P2")
    third = replace(IN, organization="FAO", signed=date(2025, 4, 29))
    assert standing([IN, other]).plain == "certified on 2025-04-02"
    assert standing([IN, other, third]).plain == "2 certified, the last on 2025-04-29"
    assert standing([IN, third, replace(UNIT, organization="ILO")]).plain == (
        "2 certified, 1 not due yet, the last on 2025-04-29"
    )
    assert standing([IN, third]).key == "certified"
    assert standing([IN, UNIT]).key == "mixed"
    assert standing([]) is None


def test_only_a_figure_of_one_return_leads_to_its_page():
    assert standing([IN, replace(IN, project="P2")]).place == ("F", "UNDP", 2024)
    assert standing([IN, replace(IN, year=2023)]).place is None


def test_a_restated_figure_is_called_so_below_it_and_a_certified_one_needs_no_word():
    assert standing([IN]).short == ""
    assert standing([replace(IN, version=2)]).short == "restated"
    assert standing([replace(UNIT, moment=date(2025, 5, 1))]).short == "not reported"
