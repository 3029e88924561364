"""The words of one line of a journal: bare words, quoted strings and marks; a comment ends the line."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_QUOTED = r'"(?P<quoted>(?:[^"\\]|\\.)*)"'
_REST = r'(?P<unclosed>".*)|(?P<comment>;.*)|(?P<space>[ \t]+)'
WORDS = re.compile(rf'{_QUOTED}|{_REST}|(?P<bare>[<>()@]|[^ \t";<>()@]+)', re.DOTALL)
VALUE = re.compile(rf'{_QUOTED}|{_REST}|(?P<bare>[^ \t";]+)', re.DOTALL)  # a setting's: marks are letters there
_ESCAPED = re.compile(r'\\([\\"nr])')  # a backslash before anything else is itself
_ESCAPES = {"n": "\n", "r": "\r"}


class Token(NamedTuple):
    """A word, the column it begins in (from 1) and the column behind it."""

    text: str
    column: int
    end: int
    is_quoted: bool = False
    is_closed: bool = True

    @property
    def as_written(self) -> str:
        return quoted(self.text) if self.is_quoted else self.text


def tokens(text: str, grammar: re.Pattern[str] = WORDS, start: int = 0) -> Iterator[Token]:
    """The words of a line from a position on. Every character belongs to one of them, or to space or comment."""
    for found in grammar.finditer(text, start):
        kind, first, end = found.lastgroup, found.start() + 1, found.end() + 1
        if kind == "bare":
            yield Token(found[kind], first, end)
        elif kind == "quoted":
            yield Token(unescaped(found[kind]), first, end, is_quoted=True)
        elif kind == "unclosed":
            yield Token(unescaped(found[kind][1:]), first, end, is_quoted=True, is_closed=False)


def unescaped(text: str) -> str:
    """The text a quoted string stands for."""
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), text)


def quoted(text: str) -> str:
    """A text as a quoted string of one line."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r") + '"'
