"""Keys of rows: written and read back, also for projects whose codes hold slashes; the categories of each era."""

from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.returns.rows import Row, categories, of_projects, read

CODE = st.from_regex(r"[A-Za-z0-9._-]{1,8}(/[A-Za-z._-]{1,8})?", fullmatch=True)


@given(CODE, st.sampled_from(["travel", "old-other", "interest", "note"]), st.none() | st.integers(1990, 2099))
def test_a_key_is_read_as_it_was_written(project, category, adjusts):
    row = Row(project, category, adjusts)
    assert read(row.key) == row


def test_what_is_no_key_is_no_row():
    assert [read(text) for text in ("", "travel", "/travel", "P1/", "2011", "/2011")] == [None] * 6


def test_the_categories_change_with_the_year_2012():
    assert categories(2011) == [
        "old-supplies",
        "old-personnel",
        "old-training",
        "old-contracts",
        "old-other",
        "old-indirect",
    ]
    assert categories(2012) == [
        *("staff", "supplies", "equipment", "contractual", "travel", "grants", "operating", "indirect")
    ]


def test_a_project_has_a_row_for_each_category_then_interest_refund_and_note():
    assert [row.category for row in of_projects(["P1"], 2011)][6:] == ["interest", "refund", "note"]
    assert len(of_projects(["P1", "P2"], 2024)) == 2 * 11
