"""A finding's rule has a severity and a sentence that says what to do; none is dead, none is unknown."""

import re
from pathlib import Path

import pytest

from quipu.rules.findings import (
    CONTACT_RULES,
    CRITICAL,
    DOCUMENT_RULES,
    ERROR,
    LEDGER_RULES,
    LETTER_RULES,
    RULES,
    SEVERITIES,
    severity,
)

SOURCE = Path(__file__).resolve().parents[2] / "src" / "quipu"


def test_severities_stand_from_grave_to_mild():
    assert SEVERITIES == ("critical", "error", "warning", "note")


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_what_happened_in_whole_sentences(rule):
    assert RULES[rule].severity in SEVERITIES
    assert severity(rule) == RULES[rule].severity
    assert RULES[rule].sentence[0].isupper()
    assert RULES[rule].sentence.endswith((".", ")."))


def test_a_rule_nobody_wrote_is_a_mistake():
    with pytest.raises(KeyError):
        severity("no-such-rule")


def test_every_rule_is_raised_somewhere():
    code = "".join(
        path.read_text("utf-8")
        for folder in ("iati", "edition", "books", "actions", "rules", "letters", "portal")
        for path in (SOURCE / folder).rglob("*")
        if path.is_file() and path.suffix in (".py", ".sql") and path.name != "findings.py"
    )
    assert [
        rule
        for rule in RULES | LEDGER_RULES | LETTER_RULES | CONTACT_RULES | DOCUMENT_RULES
        if not re.search(rf"[\"']{rule}[\"']", code)
    ] == []


def test_what_leaves_a_whole_file_unread_is_critical_and_what_leaves_a_part_out_is_an_error():
    assert {rule for rule, how in RULES.items() if how.severity == CRITICAL} == {
        *("file-empty", "file-unreadable", "file-not-xml", "file-not-iati", "file-broken", "file-entities"),
        "file-encoding",
    }
    for rule in (
        "activity-no-identifier",
        "activity-nested",
        "activity-duplicate",
        "budget-refused",
        "element-refused",
    ):
        assert severity(rule) == ERROR
    for fault in ("no-date", "bad-date", "no-value", "bad-value"):
        assert severity(f"transaction-{fault}") == ERROR
