"""Readings: every act from every state, as written down here by hand."""

import pytest

from quipu.rules.results.states import TRANSITIONS, State, broken

LEADS = {
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "take back"): "draft",
    ("submitted", "approve"): "approved",
    ("submitted", "return"): "returned",
    ("approved", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", list(TRANSITIONS))
def test_an_act_leads_on_from_its_states_alone(act: str, state: str) -> None:
    found = broken(act, state, "reader", ["writer"], "because")
    if (state, act) in LEADS:
        assert found == []
        assert TRANSITIONS[act].after == LEADS[state, act]
    else:
        assert found == ["reading-not-there"]


def test_nobody_approves_what_they_wrote() -> None:
    assert broken("approve", "submitted", "writer", ["other", "writer"]) == ["reading-by-itself"]
    assert broken("approve", "submitted", "reader", ["other", "writer"]) == []


def test_a_reason_is_needed_to_return_and_to_withdraw() -> None:
    assert broken("return", "submitted", "reader", ["writer"], " ") == ["reason-missing"]
    assert broken("withdraw", "approved", "reader", ["writer"]) == ["reason-missing"]


@pytest.mark.parametrize("act", list(TRANSITIONS))
def test_nothing_is_led_on_in_a_locked_period(act: str) -> None:
    state = TRANSITIONS[act].before[0]
    assert broken(act, state, "reader", ["writer"], "because", is_locked=True) == ["period-locked"]
