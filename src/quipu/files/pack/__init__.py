"""The page of a pack: what it is and how to check it without us; as a web page and as plain text, and the programs it names."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markdown_it import MarkdownIt

_HERE = Path(__file__).parent
PROGRAMS = ("check_chain.py", "check_journal.py")  # for an auditor: they import nothing of ours
_MARKS = r"\`*_{}[]()#+-.!|<>&~"
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_TITLE = "Audit pack"


def program(name: str) -> str:
    """The text of one of PROGRAMS."""
    return (_HERE / name).read_text("utf-8")


def text(facts: Mapping[str, Any]) -> bytes:
    """The page as plain text, in UTF-8. facts: what page.md names."""
    return _markdown(facts, lambda said: " ".join(said.split())).encode()


def page(facts: Mapping[str, Any]) -> bytes:
    """The page as HTML that fetches nothing and runs nothing."""
    body = _MARKDOWN.render(_markdown(facts, _escaped))
    shell = Environment(autoescape=True).from_string((_HERE / "page.html").read_text("utf-8"))
    title = f"{_TITLE}: {facts['title']} ({facts['fund']}), {facts['year']}"
    drawn: str = shell.render(title=title, body=_Safe(body))
    return drawn.encode()


class _Safe(str):
    """HTML of our own making."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def _markdown(facts: Mapping[str, Any], said: Any) -> str:
    environment = Environment(autoescape=False, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)  # noqa: S701 - Markdown, not HTML
    environment.filters |= {"said": said, "table": _table, "code": _code}
    programs = {name.removesuffix(".py"): program(name) for name in PROGRAMS}
    drawn: str = environment.from_string((_HERE / "page.md").read_text("utf-8")).render(**facts, **programs)
    return drawn


def _escaped(said: str) -> str:
    """Letters that mean something in Markdown mean themselves."""
    return "".join(f"\\{letter}" if letter in _MARKS else letter for letter in " ".join(said.split()))


def _code(lines: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in lines.rstrip().split("\n"))


def _table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, even to the eye. The first row is its head; what ends in a number stands on the right."""
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    right = [all(cell[-1:].isdigit() for cell in column[1:]) for column in zip(*cells, strict=True)]
    lines = [
        [
            f"{cell:>{width}}" if is_number else f"{cell:<{width}}"
            for cell, width, is_number in zip(row, widths, right, strict=True)
        ]
        for row in cells
    ]
    rule = ["-" * (width - 1) + (":" if is_number else "-") for width, is_number in zip(widths, right, strict=True)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (lines[0], rule, *lines[1:]))
