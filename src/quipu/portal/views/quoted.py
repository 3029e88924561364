"""Who tells a page's numbers, and a figure under conditions in sentences to quote."""

from django.http import HttpRequest

from quipu.edition.ask import ask
from quipu.edition.pages import Record
from quipu.portal.labels import Labels
from quipu.portal.render import Furniture
from quipu.portal.sentences import FIGURE, FROM, NOT, Teller
from quipu.rules.asking import DIMENSIONS, ILLUSTRATIVE, USD, Question
from quipu.rules.table import Cell, Table

NARROWER = ("fund", "project")  # who names one of these need not say who published it


def quotes(request: HttpRequest, wanted: Question, whole: Table) -> list[str]:
    """A figure under conditions in sentences to quote: one for each row of its answer, most often one."""
    teller = of_question(request, wanted, whole)
    at = len(whole.columns) - 1
    return [teller.closed(FIGURE, row[at], whole.columns[at], _currency(whole, row)) for row in whole.rows]


def headline(request: HttpRequest, record: Record, table: Table) -> tuple[str, str, str]:
    """What a page says of itself elsewhere: its first key figure as (figure, address of its picture, sentence)."""
    furniture, teller = Furniture(request), of_record(request, record)
    for row in table.rows[:1]:
        for column, cell in zip(table.columns, row, strict=True):
            if column.figure and cell.value is not None and (trail := furniture.trail(cell, column)):
                path, _, query = trail.partition("?")
                return column.figure, f"{path}.png?{query}", teller.closed(FIGURE, cell, column, _currency(table, row))
    return "", "", ""


def scope(request: HttpRequest, wanted: Question) -> str:
    """What a question is narrowed down to, in the names of things."""
    labels = Labels(request.edition, request.words, request.prefix)
    gettext = request.words.gettext
    named = {each.dimension for each in wanted.where if not each.exclude}
    parts = []
    for each in wanted.where:
        if each.dimension in ("family", "publisher") and named & set(NARROWER):
            continue
        names = [labels.name(each.dimension, value) if value else gettext("not stated") for value in each.values]
        if not any(each.values):
            names = [f"{gettext(DIMENSIONS[each.dimension].label)}: {gettext('not stated')}"]
        said = ", ".join(names)
        parts.append(gettext(NOT) % {"name": said} if each.exclude else said)
    if wanted.since:
        parts.append(gettext(FROM) % {"day": request.words.long_day(wanted.since)})
    return ", ".join(parts)


def _currency(table: Table, row: list[Cell]) -> str:
    at = next((n for n, column in enumerate(table.columns) if column.key == "currency"), None)
    return USD if at is None else str(row[at].value or "")


def of_question(request: HttpRequest, wanted: Question, answer: Table) -> Teller:
    """An answer, by what its question is narrowed down to."""
    return Teller(
        request.words,
        scope(request, wanted),
        wanted.until or request.edition.manifest.made_at[:10],
        request.edition.number,
        certified=_is_certified(request, wanted),
        illustrative=ILLUSTRATIVE in answer.notes,
    )


def _is_certified(request: HttpRequest, wanted: Question) -> bool:
    """Whether all spending in an answer has a standing, which only books give; what is interim its cells say."""
    if not any("expenditure" in each.movements for each in wanted.asked):
        return False
    narrowed = (wanted.where, wanted.since, wanted.until, wanted.unit)
    by_standing = ask(request.edition, Question(("expenditure",), ("standing",), *narrowed))
    return bool(by_standing.rows) and all(row[0].value for row in by_standing.rows)


def of_record(request: HttpRequest, record: Record) -> Teller:
    """A page's own record, by its title in the reader's language."""
    titles = {t["language"][:2].lower(): t["text"] for t in reversed(record["texts"]) if t["role"] == "title"}
    return Teller(
        request.words,
        titles.get(request.words.language) or record["title"] or record["identifier"],
        request.edition.manifest.made_at[:10],
        request.edition.number,
        certified=bool(record["books"]),
        illustrative=bool(record["illustrative"]),
    )


def of_all(request: HttpRequest, table: Table, subject: str = "") -> Teller:
    """All that is published of a subject, in a table that was asked for."""
    illustrative = ILLUSTRATIVE in table.notes
    return Teller(
        request.words, subject, request.edition.manifest.made_at[:10], request.edition.number, illustrative=illustrative
    )
