"""Narrative: which pieces a factsheet tells, in which order, and what of its Markdown is left where only plain words go."""

import re

DRAFT, WAITING, PUBLIC = "draft", "waiting", "public"
STATES = (DRAFT, WAITING, PUBLIC)  # waiting: marked public, and a second person has to look at it
FUND, PROJECT = "fund", "project"
OVERVIEW = "overview"
MOST_OUTCOMES = 12
LONGEST = 60_000  # characters of one section
ROLE = "section"  # of its rows in an edition; the overview is the description as well
_OUTCOME = re.compile(r"outcome-([1-9][0-9]?)")
# In the order of the page; outcomes follow the overview.
SECTIONS = {
    PROJECT: {
        OVERVIEW: "Overview",
        "best-practices": "Best practices",
        "lessons-learned": "Lessons learned",
    },
    FUND: {
        OVERVIEW: "Overview",
        "how-to-contribute": "How to contribute",
        "governance": "Governance",
        "best-practices": "Best practices",
        "lessons-learned": "Lessons learned",
    },
}


def outcome(section: str) -> int:
    """Which outcome a section tells of, 0 for none."""
    found = _OUTCOME.fullmatch(section)
    number = int(found[1]) if found else 0
    return number if number <= MOST_OUTCOMES else 0


def is_section(kind: str, section: str) -> bool:
    """Whether a fund or a project has such a section."""
    return kind in SECTIONS and (section in SECTIONS[kind] or outcome(section) > 0)


def place(kind: str, section: str) -> tuple[int, int]:
    """Where a section stands among the others."""
    number = outcome(section)
    return (
        (1, number)
        if number
        else (2 if list(SECTIONS[kind]).index(section) else 0, list(SECTIONS[kind]).index(section))
    )


def heading(section: str) -> tuple[str, int]:
    """What a section is called, and the number of an outcome."""
    number = outcome(section)
    known = next((named[section] for named in SECTIONS.values() if section in named), section)
    return ("Outcome", number) if number else (known, 0)


def plain(markdown: str) -> str:
    """The words of a text without its marks: one paragraph or item on each line."""
    lines = []
    for block in re.split(r"\n\s*\n", markdown.strip()):
        items = re.split(r"\n(?=\s*(?:[-*+]|[0-9]+[.)])\s)", block)
        lines += [" ".join(_bare(line) for line in item.splitlines() if _bare(line)) for item in items]
    return "\n".join(line for line in lines if line)


def _bare(line: str) -> str:
    line = re.sub(r"^\s*(?:#{1,6}\s+|>\s?|[0-9]+[.)]\s+)", "", line)
    line = re.sub(r"^\s*[*+]\s+", "- ", line)
    line = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", line)
    line = re.sub(r"(\*\*|__)(.+?)\1", r"\2", line)
    line = re.sub(r"(?<!\w)[*_](\S(?:.*?\S)?)[*_](?!\w)", r"\1", line)
    return re.sub(r"`([^`]*)`", r"\1", line).strip()
