"""Reading a letter from what was typed: both sides of each limit, and a finding beside each field that is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.letters.letter import FIELDS, KINDS, LONGEST, UNREADABLE, About, read, tidy
from quipu.rules.findings import LETTER_RULES, Refused

ABOUT = About("/projects", 3, "2026-11-24", "es")


def faults(kind: str = "mistake", *, choices=("office",), **typed: str) -> dict[str, str]:
    """The rule that each field breaks."""
    try:
        read(kind, ABOUT, {"text": "wrong", "to": "office", **typed}, choices)
    except Refused as refused:
        return {finding.place: finding.rule for finding in refused.findings}
    return {}


def test_a_letter_holds_what_its_kind_asks_for_and_nothing_else():
    letter = read("question", ABOUT, {"text": " why?\r\nreally? ", "expected": "12", "name": "Ana"})
    assert (letter.text, letter.expected, letter.name) == ("why?\nreally?", "", "Ana")
    assert letter.about == ABOUT


@pytest.mark.parametrize(("name", "most"), LONGEST.items())
def test_a_field_may_be_as_long_as_its_limit_and_no_longer(name, most):
    def of(length: int) -> str:
        return "a@b." + "c" * (length - 4) if name == "reply_to" else "ñ" * length

    kind = next(kind for kind in reversed(KINDS) if name in FIELDS[kind])
    longest, longer = of(most), of(most + 1)
    assert faults(kind, choices=(longest, "office"), **{name: longest}) == {}
    assert faults(kind, choices=(longer, "office"), **{name: longer}) == {name: "letter-too-long"}


def test_all_faults_are_told_at_once():
    assert faults("relay", text=" \n ", to="nobody", reply_to="ana") == {
        **{"text": "letter-empty", "to": "letter-choice", "reply_to": "letter-address"},
    }


@pytest.mark.parametrize("address", ["a@b.pe", "ana.maria+q@mail.example.org", "ñandú@correo.example"])
def test_an_address_of_mail_is_taken(address):
    assert faults(reply_to=address) == {}


@pytest.mark.parametrize(
    "address", ["ana", "a@b", "@b.pe", "a@@b.pe", "a b@c.pe", "a@b..pe", "a@.pe", "a@b.pe, c@d.pe"]
)
def test_what_is_no_address_of_mail_is_refused(address):
    assert faults(reply_to=address) == {"reply_to": "letter-address"}


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\x9b", "\ud800", UNREADABLE])
def test_a_character_that_cannot_be_printed_is_shown_and_refused(character):
    assert faults(text=f"a{character}b") == {"text": "letter-characters"}
    assert tidy(f"a{character}b") == "a�b"


def test_lines_and_tabs_belong_into_a_text_and_not_into_a_name():
    assert faults(text="one\n\ttwo") == {}
    assert faults(name="Ana\u00a0María, علی\u200cرضا") == {}  # spaces and joiners of other scripts are no faults
    assert faults(name="Ana\u2028María") == {"name": "letter-characters"}
    assert faults(name="Ana\nBcc: everybody") == {"name": "letter-characters"}


@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from([*LONGEST, "other"]), st.text()))
def test_whatever_is_typed_is_a_letter_or_refused_with_rules_of_letters(kind, typed):
    findings: tuple[object, ...] = ()
    try:
        letter = read(kind, ABOUT, typed, ("office",))
    except Refused as refused:
        findings = refused.findings
    else:
        assert letter.text == tidy(typed["text"]) != ""
    assert {finding.rule for finding in findings} <= set(LETTER_RULES)
    assert {finding.place for finding in findings} <= set(FIELDS[kind])
