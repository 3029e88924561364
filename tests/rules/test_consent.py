"""What is asked before a document becomes public, and what its answers allow."""

import pytest

from quipu.rules import consent
from quipu.rules.consent import QUESTIONS, asked, faults, kept
from quipu.rules.filing import TYPES
from quipu.rules.findings import DESK_RULES

NOBODY, PEOPLE = {"people": "no"}, {"people": "yes", "consent": "yes", "consent_since": "2024-01-01"}
UNKNOWN = {"knowledge": "no"}
AGREED = {
    "knowledge": "yes",
    "agreed": "yes",
    "agreed_by": "Assembly",
    "agreed_on": "2024-01-01",
    "agreed_in": "Minutes 3",
}


def rules(type_: str, form: str, answers: dict[str, str], **more: bool) -> list[tuple[str, str]]:
    return [(one.rule, one.place) for one in faults(type_, form, answers, **more)]


def test_people_are_asked_of_in_pictures_alone():
    assert [one.key for one in asked("picture", "jpg")][:3] == ["people", "consent", "consent_since"]
    assert "people" not in [one.key for one in asked("study", "pdf")]


def test_knowledge_is_asked_of_where_communities_speak():
    assert [one.key for one in asked("mou", "pdf")] == []
    assert [one.key for one in asked("study", "pdf")] == ["knowledge", "agreed", "agreed_by", "agreed_on", "agreed_in"]


@pytest.mark.parametrize("answers", [NOBODY | UNKNOWN, PEOPLE | UNKNOWN, NOBODY | AGREED, PEOPLE | AGREED])
def test_whole_answers_let_a_picture_be_public(answers):
    assert rules("picture", "jpg", answers) == []


@pytest.mark.parametrize("key", [*PEOPLE, *AGREED])
def test_each_answer_is_needed(key):
    answers = {name: value for name, value in (PEOPLE | AGREED).items() if name != key}
    assert ("document-question", key) in rules("picture", "jpg", answers)


def test_without_consent_no_picture():
    assert rules("picture", "jpg", {"people": "yes", "consent": "no", **UNKNOWN}) == [("document-consent", "consent")]


def test_without_the_community_no_file_but_a_line_in_the_list():
    answers = {"knowledge": "yes", "agreed": "no"}
    assert rules("study", "pdf", answers) == [("document-community", "agreed")]
    assert rules("study", "pdf", answers, without_file=True) == []


def test_answers_to_what_was_not_asked_are_not_kept():
    assert kept("mou", "pdf", PEOPLE | AGREED) == {}
    assert kept("picture", "png", {"people": "no", "consent": "yes", **AGREED}) == {"people": "no", **AGREED}


def test_every_question_names_types_and_answers_that_there_are():
    keys = {one.key for one in QUESTIONS}
    for one in QUESTIONS:
        assert set(one.types) <= set(TYPES)
        assert {key for key, _ in one.after} <= keys
    assert set(consent.OF_OFFICES) <= set(TYPES)
    assert {"document-question", "document-consent", "document-community"} <= set(DESK_RULES)
