"""What the workbook of returns says, in each language: heads, rows, its first sheet, and how they are known again."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from quipu.actions.returns.uploading import Words
from quipu.desk.drawing import said, spoken
from quipu.desk.languages import words
from quipu.files import return_book
from quipu.files.return_book import Texts
from quipu.portal.languages import LANGUAGES
from quipu.portal.languages import Words as Tongue
from quipu.rules.cells import folded
from quipu.rules.findings import rule_of
from quipu.rules.kinds import CATEGORIES, OF_OLD
from quipu.rules.returns.reading import vocabulary

# Columns of the workbook
HEADINGS = {
    "key": "Key",
    "fund": "Fund",
    "project": "Project",
    "title": "Title",
    "number": "Your own number",
    "category": "Category",
    "adjusts": "Closed year it corrects",
    "budget": "Budget",
    "earlier": "Spent in earlier years",
    "last": "Of that, last year",
    "stands": "Stands now",
    "amount": "Amount of the year",
    "comment": "Comment",
    "computed": "By the agreed rate",
    "hint": "What to look at",
    "counts": "Counts",
    "remarks": "Remarks",
}
# Rows that are no category
KINDS = {
    "interest": "Interest earned",
    "refund": "Refund sent to the agent",
    "note": "Comment on the project",
    "total": "Total of the project",
}
# Columns of an organization's own file
OFTEN = {
    "project": "Project",
    "category": "Account or category",
    "amount": "Amount",
    "debit": "Debit",
    "credit": "Credit",
    "fund": "Fund",
    "year": "Year",
    "currency": "Currency",
    "comment": "Comment",
}


def category(code: str, tongue: Tongue | None = None) -> str:
    """What a row is called."""
    gettext = (tongue or spoken()).gettext
    if code in KINDS:
        return gettext(KINDS[code])
    known = CATEGORIES.get(code)
    if known is None:
        return code
    label = gettext(known.label)
    return label if known.since_2012 else gettext(OF_OLD) % {"category": label}


def column(name: str) -> str:
    """What a column is called, of the workbook or of another file."""
    return said(HEADINGS.get(name) or OFTEN.get(name) or name)


@cache
def known() -> Words:
    """Heads and categories of all languages of the site, and what they stand for."""
    tongues = [words(code) for code in LANGUAGES]
    heads = {folded(tongue.gettext(label)): name for tongue in tongues for name, label in HEADINGS.items()}
    labels = [(code, category(code, tongue)) for tongue in tongues for code in (*CATEGORIES, *list(KINDS)[:3])]
    plain = [(code, tongue.gettext(one.label)) for tongue in tongues for code, one in CATEGORIES.items()]
    return Words(heads, vocabulary([*labels, *plain]))


def texts(year: int, facts: Iterable[tuple[str, str]], address: str) -> Texts:
    """All that the workbook says in the reader's language."""
    return Texts(
        title=said("Expenditure of %(year)s", year=year),
        sheets=(said("How to"), said("Returns"), said("Choices")),
        labels={name: said(label) for name, label in HEADINGS.items()},
        categories={code: category(code) for code in (*CATEGORIES, *KINDS)},
        rules={name: said(rule_of(name).sentence) for name in return_book.rule_names()},
        how=how(year, address),
        facts=list(facts),
        total=said(KINDS["total"]),
        note=said(KINDS["note"]),
        adjustment=said("A correction of a closed year: choose its category and year."),
        stood=said("The comment that stands:"),
        amount_hint=said("Blank leaves it as it stands; x clears it."),
    )


def how(year: int, address: str) -> list[str]:
    """Ten lines about filling it in."""
    return [
        said("Fill in the yellow cells of the sheet Returns: amounts, comments, and corrections of closed years."),
        said("An amount is what was spent in %(year)s, in the fund's currency, with its decimals: 1234.56.", year=year),
        said("A cell that you leave blank stays as it stands; x clears it; nothing else is touched."),
        said("Write 0 where nothing was spent in a project's year, and say why in a comment."),
        said("What the agreed rate of indirect costs gives stands beside them. Nothing is forced: say why you differ."),
        said("Interest earned and refunds sent to the agent have rows of their own, under each project's total."),
        said("Correct a closed year in its own row: choose category and year, and comment on it. It may be negative."),
        said("While you type, a column says what to look at: red has to be mended, yellow wants a comment."),
        said(
            "Rows are found by their grey key. Filter and hide as you like; the language of the file does not matter."
        ),
        said(
            "Send it: %(address)s. You see what it would change, and nothing is written before you say so.",
            address=address,
        ),
    ]


def day(value: date) -> str:
    """A day in the reader's language."""
    return str(spoken().long_day(value))
