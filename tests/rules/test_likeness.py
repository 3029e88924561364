"""Words that are meant by others: accents, letter size and slips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.likeness import alike, excerpt, folded, forgiven, marked, slips, words


def test_accents_and_letter_size_do_not_count():
    assert folded("Perú") == folded("PERU") == "peru"
    assert words("L’École, Cañón 2!") == ["l", "ecole", "canon", "2"]


@pytest.mark.parametrize(
    ("one", "other", "many"),
    [("cusco", "cusco", 0), ("cusco", "cuzco", 1), ("cusco", "cucso", 1), ("cusco", "cuzsco", 1), ("cusco", "puno", 3)],
)
def test_slips_are_letters_put_in_left_out_changed_or_swapped(one, other, many):
    assert slips(one, other, 2) == many
    assert slips(other, one, 2) == many


@pytest.mark.parametrize(("word", "many"), [("pez", 0), ("peru", 1), ("lambaye", 1), ("lambayeq", 2), ("2009abcd", 0)])
def test_longer_words_are_forgiven_more_and_numbers_nothing(word, many):
    assert forgiven(word) == many


def test_a_word_is_alike_one_that_begins_so():
    assert alike("creat", "creative")
    assert not alike("cat", "cot")


def test_a_text_comes_in_pieces_that_make_it_up_again():
    pieces = list(marked("Weavers of Cuzco and Puno", ["cusco", "puno"]))
    assert pieces == [("Weavers of ", False), ("Cuzco", True), (" and ", False), ("Puno", True)]


def test_an_excerpt_is_where_most_words_stand_together():
    text = "cotton " + "x " * 300 + "cotton and honey of the valley " + "y " * 300
    cut = excerpt(text, ["cotton", "honey"], 80)
    assert "cotton and honey" in cut
    assert cut.startswith("… ")
    assert cut.endswith(" …")
    assert excerpt(text, ["wool"]) == ""


@given(st.text(max_size=60), st.lists(st.text(alphabet="abcdé", min_size=1, max_size=9), max_size=3))
def test_pieces_lose_nothing(text, sought):
    assert "".join(piece for piece, _ in marked(text, [folded(word) for word in sought])) == text


@given(st.text(alphabet="abc", max_size=7), st.text(alphabet="abc", max_size=7))
def test_slips_are_the_same_both_ways_and_none_only_between_equals(one, other):
    assert slips(one, other, 3) == slips(other, one, 3)
    assert (slips(one, other, 3) == 0) == (one == other)
