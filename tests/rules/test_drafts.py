"""Where drafts go from where, and who may lead them."""

import pytest

from quipu.rules.drafts import APPROVER, TRANSITIONS, WRITER, State, broken, possible

# By hand: from each state, what its writer and what an approver may do.
ACTS = {
    "draft": ({"submit", "discard"}, set()),
    "sent back": ({"submit", "discard"}, set()),
    "submitted": ({"take back"}, {"send back", "approve"}),
    "posted": (set(), set()),
    "discarded": (set(), set()),
}


@pytest.mark.parametrize("state", State)
def test_each_state_has_its_acts_and_no_other(state):
    assert (set(possible(state, WRITER)), set(possible(state, APPROVER))) == ACTS[state]
    for act in TRANSITIONS:
        allowed = act in {*ACTS[state][0], *ACTS[state][1]}
        assert ("draft-not-there" not in broken(act, state, "ana", ["ben"], "why")) == allowed


def test_whoever_wrote_a_word_does_not_approve_and_everybody_else_may():
    assert broken("approve", "submitted", "ana", ["ben", "ana"]) == ["approved-by-author"]
    assert broken("approve", "submitted", "cyd", ["ben", "ana"]) == []


@pytest.mark.parametrize("act", ["discard", "send back"])
def test_leading_back_or_away_needs_a_reason(act):
    (state, *_) = TRANSITIONS[act].before
    assert broken(act, state, "ana", ["ben"], "  ") == ["reason-missing"]
    assert broken(act, state, "ana", ["ben"], "wrong fund") == []
