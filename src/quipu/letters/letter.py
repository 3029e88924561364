"""What a letter is: its kinds, the fields of each, how long they may be; and reading one from what somebody typed."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from quipu.rules.findings import Finding, Refused

MISTAKE, QUESTION, RELAY = "mistake", "question", "relay"
KINDS = (MISTAKE, QUESTION, RELAY)
# Characters of a field. Together, in the widest script, they fit into the largest body that is taken.
LONGEST = {"text": 8_000, "expected": 500, "evidence": 500, "to": 200, "name": 200, "reply_to": 254}
SEVERAL_LINES = ("text", "expected", "evidence")
FIELDS = {
    MISTAKE: ("text", "expected", "evidence", "name", "reply_to"),
    QUESTION: ("text", "name", "reply_to"),
    RELAY: ("to", "text", "name", "reply_to"),
}
NEEDED = ("text", "to")
ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
UNREADABLE = "�"


@dataclass(frozen=True, slots=True)
class About:
    """What a letter is about, and how it was written: the page with its choices, its edition and moment, the language."""

    page: str = ""  # within the gateway, without language and edition; "" for no page
    edition: int = 0
    as_of: str = ""
    language: str = "en"
    of: str = ""  # the fund or project whose contacts are written to; "" for the office


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody wrote. Fields that its kind does not have are empty."""

    kind: str
    about: About
    text: str
    expected: str = ""  # of a mistake: what should stand there
    evidence: str = ""
    to: str = ""  # of a relay: the role written to
    name: str = ""
    reply_to: str = ""


def read(kind: str, about: About, typed: Mapping[str, str], choices: Collection[str] = ()) -> Letter:
    """The letter in what was typed. choices: the roles that may be written to. Raises Refused, places are fields' names."""
    fields = {name: tidy(typed.get(name, "")) for name in FIELDS[kind]}
    found = [finding for name, value in fields.items() if (finding := _fault(name, value, choices))]
    if found:
        raise Refused(*found)
    return Letter(kind, about, **fields)


def tidy(typed: str) -> str:
    """Lines end in one way, nothing stands around, and what cannot be printed shows as a sign of it."""
    text = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join(UNREADABLE if _is_unreadable(character) else character for character in text)


def is_one_line(text: str) -> bool:
    """Whether it is one line without tabs, as a name or a role is."""
    return len(text.splitlines()) <= 1 and "\t" not in text


def _is_unreadable(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs")


def _fault(name: str, value: str, choices: Collection[str]) -> Finding | None:
    rule = detail = ""
    if not value:
        rule = "letter-empty" if name in NEEDED else ""
    elif UNREADABLE in value or (name not in SEVERAL_LINES and not is_one_line(value)):
        rule = "letter-characters"
    elif len(value) > LONGEST[name]:
        rule, detail = "letter-too-long", f"({len(value)} / {LONGEST[name]})"
    elif name == "to" and value not in choices:
        rule = "letter-choice"
    elif name == "reply_to" and not ADDRESS.fullmatch(value):
        rule = "letter-address"
    return Finding(rule, name, detail) if rule else None
