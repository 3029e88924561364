"""What a cell of a workbook of readings says: exact, in any language, and never guessed."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.cells import CLEAR, LEAVE, Faulty
from quipu.rules.difference import apply, difference
from quipu.rules.findings import Finding
from quipu.rules.results import filled
from quipu.rules.results.filled import Asked, Place

WORDS = {"si": "yes", "yes": "yes", "no": "no", "comenzado": "begun", "begun": "begun", "True": "yes", "False": "no"}
ASKED = {
    "P1-i1": Asked("count", {"sex": (["women", "men"], False), "place": ([], True)}),
    "P/1-i1": Asked("count"),
    "P@1-i1": Asked("count"),
}


def read(cell, kind):
    found = filled.value(cell, kind, WORDS)
    return found.rule if isinstance(found, Finding) else found


@pytest.mark.parametrize(
    ("kind", "cell", "said"),
    [
        ("count", 93, "93"),
        ("count", 93.0, "93"),
        ("count", "1 234", "1234"),
        ("count", "1.234", "amount-two-ways"),
        ("count", "1,234", "amount-two-ways"),
        ("count", 9.5, "result-count"),
        ("count", -1, "result-count"),
        ("count", True, "amount-unreadable"),
        ("count", date(2025, 3, 4), "reading-value-day"),
        ("count", None, LEAVE),
        ("count", " \u00a0", LEAVE),
        ("count", "X", CLEAR),
        ("amount", 0.1 + 0.2, "0.3"),
        ("amount", 1e300, "1" + "0" * 300),
        ("percentage", "45%", "45"),
        ("percentage", "0.45 %", "0.45"),
        ("percentage", 45, "45"),
        ("percentage", 0, "0"),
        ("percentage", 0.45, "reading-percent"),
        ("percentage", 1, "reading-percent"),
        ("percentage", "91 / 200", "91/200"),
        ("percentage", "300/200", "result-parts"),
        ("percentage", datetime(2025, 4, 3, tzinfo=UTC), "reading-value-day"),
        ("ratio", "3/4", "3/4"),
        ("ratio", 0.75, "result-parts"),
        ("yes or no", "Sí", "yes"),
        ("yes or no", False, "no"),
        ("yes or no", 1, "result-yes-no"),
        ("milestone", "Comenzado ", "begun"),
        ("milestone", "soon", "result-milestone"),
        ("text", "1.234", "1.234"),
        ("text", date(2025, 3, 4), "2025-03-04"),
        ("text", "n" * 2001, "result-text"),
    ],
)
def test_a_cell_says_one_value_or_what_is_wrong_with_it(kind, cell, said):
    assert read(cell, kind) == said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (date(2025, 12, 31), "2025-12-31"),
        (datetime(2025, 12, 31, 12, tzinfo=UTC), "2025-12-31"),
        ("2025-12-31", "2025-12-31"),
        ("2025-12-32", "reading-day"),
        ("03/04/2025", "reading-day"),
        (45000, "reading-day"),
        ("x", CLEAR),
        ("", LEAVE),
    ],
)
def test_a_day_is_read_in_one_way(cell, said):
    found = filled.day(cell)
    assert (found.rule if isinstance(found, Finding) else found) == said


def test_words_beside_a_value_may_be_as_long_as_they_are_kept():
    assert filled.text("n" * 2000) == "n" * 2000
    assert filled.text("n" * 2001).rule == "reading-words-long"


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("P1-i1", Place("P1-i1")),
        ("P1-i1@abc", Place("P1-i1", "abc")),
        ("P1-i1/sex/women", Place("P1-i1", "", "sex", "women")),
        ("P1-i1@abc/place/A/B", Place("P1-i1", "abc", "place", "A/B")),
        ("P/1-i1/sex/men", Place("P/1-i1", "", "sex", "men")),
        ("P@1-i1", Place("P@1-i1")),
        ("P@1-i1@abc", Place("P@1-i1", "abc")),
        ("P2-i1", None),
        ("", None),
    ],
)
def test_a_key_names_one_place_and_a_place_one_key(key, place):
    assert filled.read_key(key, ASKED) == place
    assert place is None or place.key == key


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ({"key": "P1-i9"}, "reading-row-unknown"),
        ({}, "reading-row-unknown"),
        ({"key": "P1-i1", "code": "P/1-i1"}, "reading-row-contradicted"),
        ({"key": "P1-i1/sex/cats"}, "result-cell"),
        ({"key": "P1-i1/age/0-14"}, "result-cell"),
        ({"key": "P1-i1/place/+1"}, "reading-part-unsaid"),
    ],
)
def test_a_row_that_is_nowhere_is_told(told, rule):
    found = filled.place_of(told, ASKED)
    assert isinstance(found, Faulty)
    assert found.finding.rule == rule


def test_a_row_is_found_by_its_code_alone_and_a_free_part_by_what_is_written():
    assert filled.place_of({"code": "P1-i1"}, ASKED) == Place("P1-i1")
    told = {"key": "P1-i1/place/+2", "part": " Upper  valley "}
    assert filled.place_of(told, ASKED) == Place("P1-i1", "", "place", "Upper valley")


TEXTS = st.text("abc ñ/@", min_size=1, max_size=6).filter(str.strip)
PARTS = st.dictionaries(st.sampled_from(["women", "men", "not-stated"]), st.integers(0, 30), max_size=3)
STATE = st.dictionaries(
    st.sampled_from(["P1-i1", "P1-i4"]),
    st.fixed_dictionaries({"value": st.integers(100, 200), "note": st.just("") | TEXTS, "sex": PARTS}),
)


@given(STATE, STATE)
def test_applying_the_difference_of_two_states_gives_the_second_and_nothing_else_is_touched(a, b):
    """The rows that lead from one state of drafts to another, as a sheet would hold them."""

    def record(state):
        return SimpleNamespace(
            value=str(state["value"]),
            source="Report",
            on=None,
            link="",
            note=state["note"].strip(),
            cells={"sex": {choice: str(count) for choice, count in state["sex"].items()}} if state["sex"] else {},
        )

    for code in sorted({*a, *b}):
        before = filled.cells_of(record(a[code]), code) if code in a else {}
        after = filled.cells_of(record(b[code]), code) if code in b else {}
        sent = {
            key: {name: after.get(key, {}).get(name) for name in {*before.get(key, {}), *after.get(key, {})}}
            for key in dict.fromkeys([*before, *after])
        }
        changes = difference(before, sent)
        assert apply(before, changes) == after
        assert difference(after, sent) == []
        assert {(one.row, one.column) for one in changes} == {
            (key, name)
            for key in sent
            for name in sent[key]
            if before.get(key, {}).get(name) != after.get(key, {}).get(name)
        }
