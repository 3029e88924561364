"""The difference engine: what is found and applied is exactly what was sent, nothing else is touched, twice is once."""

from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.difference import apply, difference

ROWS = st.sampled_from(["P1/travel", "P1/staff", "P2/travel", "P2/travel/2011", "P1/interest", "P1/note"])
VALUES = st.dictionaries(
    st.sampled_from(["amount", "comment"]), st.integers(-(10**12), 10**12) | st.text(min_size=1, max_size=5), min_size=1
)
CELLS = st.dictionaries(ROWS, VALUES)
SENT = st.dictionaries(
    ROWS, st.dictionaries(st.sampled_from(["amount", "comment"]), st.none() | st.integers() | st.text(max_size=5))
)


def whole(cells, before):
    """All of a state as somebody would send it: what stood before and is not in it any more is cleared."""
    return {
        row: {column: cells.get(row, {}).get(column) for column in ("amount", "comment")}
        for row in dict.fromkeys([*before, *cells])
    }


@given(CELLS, CELLS)
def test_applying_the_difference_of_two_states_gives_the_second(a, b):
    assert apply(a, difference(a, whole(b, a))) == b


@given(CELLS, SENT)
def test_what_is_not_sent_stays_and_what_is_sent_stands(a, sent):
    after = apply(a, difference(a, sent))
    for row in {*a, *sent, *after}:
        for column in ("amount", "comment"):
            value = after.get(row, {}).get(column)
            if column in sent.get(row, {}):
                assert value == (sent[row][column] if sent[row][column] != "" else None)
            else:
                assert value == a.get(row, {}).get(column)


@given(CELLS, SENT)
def test_sending_twice_changes_nothing_more(a, sent):
    after = apply(a, difference(a, sent))
    assert difference(after, sent) == []


@given(CELLS)
def test_a_blank_file_changes_nothing(a):
    assert difference(a, {}) == []
    assert difference(a, {row: {} for row in a}) == []


def test_a_mark_clears_and_leaves_no_empty_row():
    before = {"P1/travel": {"amount": 5, "comment": "late"}, "P1/staff": {"amount": 1}}
    changes = difference(before, {"P1/travel": {"amount": None, "comment": None}})
    assert apply(before, changes) == {"P1/staff": {"amount": 1}}
    assert [(one.row, one.column, one.before, one.after) for one in changes] == [
        ("P1/travel", "amount", 5, None),
        ("P1/travel", "comment", "late", None),
    ]


def test_zero_is_an_amount_and_not_an_empty_cell():
    assert apply({}, difference({}, {"P1/travel": {"amount": 0}})) == {"P1/travel": {"amount": 0}}
