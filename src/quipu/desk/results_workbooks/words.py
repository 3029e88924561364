"""What the workbook of readings says, in each language: heads, values, its first sheet, and how they are known again."""

from collections.abc import Mapping
from functools import cache

from quipu.actions.results import framework
from quipu.actions.results.uploading import Held, Words
from quipu.desk.drawing import said
from quipu.desk.languages import words
from quipu.desk.results.words import called, period
from quipu.files import results_book
from quipu.files.results_book import Texts
from quipu.portal.languages import LANGUAGES
from quipu.rules.cells import folded
from quipu.rules.findings import rule_of
from quipu.rules.results import filled, values
from quipu.rules.results.filled import Place
from quipu.rules.results.kinds import BREAKS, COUNTED, MILESTONES, NO, YES, Kind

# Columns of the workbook
HEADINGS = {
    "key": "Key",
    "code": "Code",
    "title": "What is measured",
    "part": "Part",
    "unit": "Unit",
    "kind": "Kind",
    "baseline": "Baseline",
    "target": "Target",
    "last": "Last reported",
    "stands": "Stands now",
    "origin": "By whom, and where it stands",
    "value": "Value",
    "source": "Source",
    "on": "Date",
    "link": "Link",
    "note": "Note",
    "progress": "Of the way",
    "hint": "What to look at",
    "counts": "Counts",
    "remarks": "Remarks",
}
# Kinds of indicators, in a cell
KIND_LABELS = {
    Kind.COUNT: "count",
    Kind.AMOUNT: "amount",
    Kind.PERCENTAGE: "percentage",
    Kind.RATIO: "ratio",
    Kind.YES_NO: "yes or no",
    Kind.MILESTONE: "milestone",
    Kind.TEXT: "words",
}
# Words that stand in a cell as its value
SHOWN = {YES: "yes", NO: "no", **dict(zip(MILESTONES, ("not begun", "begun", "reached", "dropped"), strict=True))}
STATES = {"draft": "draft", "returned": "returned", "submitted": "submitted", "approved": "approved"}
SHORT = 60  # characters of a value in words, where it stands beside others
CHOSEN = {Kind.YES_NO: (YES, NO), Kind.MILESTONE: MILESTONES}


def column(name: str) -> str:
    """What a column is called."""
    return said(HEADINGS[name]) if name in HEADINGS else name


@cache
def known() -> Words:
    """Heads and values of all languages of the site, and what they stand for."""
    tongues = [words(code) for code in LANGUAGES]
    heads = {folded(tongue.gettext(label)): name for tongue in tongues for name, label in HEADINGS.items()}
    said_ = {folded(tongue.gettext(label)): value for tongue in tongues for value, label in SHOWN.items()}
    plain = {folded(value): value for value in SHOWN}
    return Words(heads, {**said_, **plain, "True": YES, "False": NO, folded("true"): YES, folded("false"): NO})


def value(kind: str, text: str) -> str:
    """A value that is kept, as its reader knows it; numbers with a point, as they are typed."""
    return said(SHOWN[text]) if kind in COUNTED and text in SHOWN else text


def number(kind: str, text: str) -> float | str:
    """The same as a cell shows it: a number where it is one."""
    if not text:
        return ""
    read = values.kept(kind, text)
    exact = read.number if read.whole is None else None
    shown = value(kind, text)
    return float(exact) if exact is not None else shown if len(shown) <= SHORT else f"{shown[:SHORT]}…"


def lists_of(project: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Lists of a programme by code: what they are called, and their choices."""
    found = {
        code: (said(one.label), {name: said(text) for name, text in one.choices.items()})
        for code, one in BREAKS.items()
    }
    for code, one in framework.lists_of(project).items():
        found[code] = (called(one.titles), {choice: called(titles) for choice, titles in one.choices})
    return found


def part(place: Place, lists: Mapping[str, tuple[str, Mapping[str, str]]]) -> str:
    """What a part is called: Sex: Women."""
    label, choices = lists.get(place.list, (place.list, {}))
    return f"{label}: {choices.get(place.choice, place.choice)}"


def texts(held: Held, address: str) -> Texts:
    """All that the workbook says in the reader's language."""
    return Texts(
        title=said("Readings of %(project)s", project=held.project.title or held.project.code),
        sheets=(said("How to"), said("Readings"), said("Choices")),
        labels={name: said(label) for name, label in HEADINGS.items()},
        rules={name: said(rule_of(name).sentence) for name in results_book.RULES},
        how=how(address),
        facts=[
            (said("Programme"), f"{held.project.code} {held.project.title}".strip()),
            (said("Period"), period(held.since, held.until)),
        ],
        words={kind: [said(SHOWN[one]) for one in some] for kind, some in CHOSEN.items()},
        value_hint=said("Blank leaves it as it stands; x discards a draft."),
        fixed_hint=said("What stands was handed in, and stays. Another source puts a value beside it."),
        free_hint=said("Write here which part it is of."),
    )


def how(address: str) -> list[str]:
    """Lines about filling it in."""
    return [
        said(
            "Fill in the yellow cells of the sheet Readings: the value, and who says so. The rest is for you to look at."
        ),
        said("A cell that you leave blank stays as it stands; nothing else is touched. x clears a cell of a draft."),
        said("x as the value of an indicator discards its draft. What was handed in is never changed by a file."),
        said("A source is a report, a register, a visit, a publication. Another source stands beside the first."),
        said(
            "Percentages and ratios are texts: 45.5 or 91/200, and 3/4. A share with its two parts can be added to others."
        ),
        said("Parts stand in the rows below: women and men, places. They are never more than the whole."),
        said("Write a date as 2025-12-31. Yes, no and milestones are chosen from a list."),
        said("While you type, a column says what to look at: red has to be mended, yellow is still missing something."),
        said(
            "Rows are found by their grey key. Filter and hide as you like; the language of the file does not matter."
        ),
        said(
            "Send it: %(address)s. You see what it would change, and nothing is written before you say so.",
            address=address,
        ),
    ]


def row_of(key: str, titles: Mapping[str, str], lists: Mapping[str, tuple[str, Mapping[str, str]]]) -> str:
    """A row as its sender knows it: the indicator by code and title, and the part."""
    place = filled.read_key(key, {code: filled.Asked("") for code in titles})
    if place is None:
        return key
    named = f"{place.indicator} {titles[place.indicator]}"
    return f"{named} · {part(place, lists)}" if place.list else named
