"""States of a return: where each act leads, what refuses it, and that none leads past the certifier."""

import pytest

from quipu.rules.returns.states import (
    ANNUAL,
    APPROVER,
    CERTIFIER,
    FINAL,
    INTERIM,
    REPORTER,
    RETURNER,
    REVIEWER,
    TRANSITIONS,
    State,
    broken,
    possible,
)

# Typed from the issue: draft → for certification → certified and submitted → in review → sent back, or accepted.
LEADS = {
    ("hand over", "draft"): "for certification",
    ("hand over", "sent back"): "for certification",
    ("submit", "draft"): "submitted",
    ("submit", "sent back"): "submitted",
    ("give back", "for certification"): "draft",
    ("take back", "for certification"): "draft",
    ("certify", "for certification"): "submitted",
    ("recall", "submitted"): "draft",
    ("withdraw", "submitted"): "draft",
    ("take up", "submitted"): "in review",
    ("send back", "submitted"): "sent back",
    ("send back", "in review"): "sent back",
    ("accept", "in review"): "accepted",
    ("reopen", "accepted"): "sent back",
    ("restate", "accepted"): "draft",
}


def test_each_act_leads_where_it_should_and_from_nowhere_else():
    found = {(one.act, str(state)): str(one.after) for one in TRANSITIONS.values() for state in one.before}
    assert found == LEADS


@pytest.mark.parametrize("kind", [ANNUAL, FINAL])
def test_certified_figures_reach_the_agent_by_a_signature_alone(kind):
    to_agent = [one.act for one in TRANSITIONS.values() if one.after == State.SUBMITTED and kind in one.kinds]
    assert to_agent == ["certify"]
    assert broken("submit", "draft", kind, "ana", ["ana"]) == ["return-needs-certifier"]


def test_interim_figures_need_no_certifier():
    assert broken("submit", "draft", INTERIM, "ana", ["ana"]) == []
    assert broken("hand over", "draft", INTERIM, "ana", ["ana"]) == ["return-needs-no-certifier"]
    assert broken("certify", "for certification", INTERIM, "bo", ["ana"]) == ["return-needs-no-certifier"]


def test_four_eyes_twice():
    assert broken("certify", "for certification", ANNUAL, "ana", ["ana"]) == ["return-by-itself"]
    assert broken("certify", "for certification", ANNUAL, "bo", ["ana"]) == []
    assert broken("accept", "in review", ANNUAL, "bo", ["ana"], "bo") == ["return-accepted-by-own"]
    assert broken("accept", "in review", ANNUAL, "ana", ["ana"], "bo") == ["return-accepted-by-own"]
    assert broken("accept", "in review", ANNUAL, "cy", ["ana"], "bo") == []


def test_an_act_from_another_state_and_one_without_its_reason_are_refused():
    assert broken("accept", "submitted", ANNUAL, "cy", []) == ["return-not-there"]
    assert broken("send back", "in review", ANNUAL, "cy", [], reason="  ") == ["reason-missing"]
    assert broken("send back", "in review", ANNUAL, "cy", [], reason="Travel is missing.") == []


def test_what_each_side_may_do_next():
    assert possible("draft", ANNUAL, REPORTER) == ["hand over"]
    assert possible("draft", INTERIM, REPORTER) == ["submit"]
    assert possible("for certification", ANNUAL, CERTIFIER) == ["certify"]
    assert possible("for certification", ANNUAL, RETURNER) == ["give back"]
    assert possible("submitted", ANNUAL, REVIEWER) == ["take up", "send back"]
    assert possible("submitted", ANNUAL, RETURNER) == ["recall"]
    assert possible("in review", ANNUAL, APPROVER) == ["accept"]
    assert possible("restated", ANNUAL, REPORTER) == []
