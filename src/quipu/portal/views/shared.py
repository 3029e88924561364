"""The picture of a figure to share: its number, whose it is, its sentence and its years, as a PNG."""

from dataclasses import replace
from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest

from quipu.edition.ask import ask
from quipu.files import share
from quipu.files.share import Number, Share, Year
from quipu.portal import addresses
from quipu.portal.labels import Labels
from quipu.portal.pictures.scale import amount, is_known
from quipu.portal.render import Furniture
from quipu.portal.views import quoted
from quipu.rules.asking import ILLUSTRATIVE, ORIGINAL, Question
from quipu.rules.table import Cell, Column, Table

MOST = 3  # numbers there is room for


def address(request: HttpRequest, figure: str) -> str:
    """Where the picture is: the figure's own address with all its choices."""
    choices = [
        (key, value) for key, values in request.GET.lists() for value in values if key not in ("format", "table")
    ]
    return addresses.query(f"{request.prefix}/figure/{figure}.png", choices)


def picture(request: HttpRequest, wanted: Question, whole: Table) -> bytes:
    """The PNG of a figure under conditions. whole: its answer, not cut by anything a reader chose."""
    words, column = request.words, whole.columns[-1]
    Labels(request.edition, words, request.prefix).fill(whole)
    furniture = Furniture(request)
    numbers = [
        Number(_printed(row[-1], column, furniture), _beside(row, column, wanted, furniture)) for row in whole.rows
    ]
    edition = request.edition
    made = words.gettext("Edition %(number)s") % {"number": str(edition.number)}
    foot = [made, words.long_day(wanted.until or edition.manifest.made_at[:10])]
    foot += [settings.ADDRESS.partition("://")[2]] if settings.ADDRESS else []
    marks = [words.gettext("Demonstration.").rstrip(".")] if settings.DEMO else []
    marks += [words.gettext("Amounts are illustrative")] if ILLUSTRATIVE in whole.notes else []
    quotes = quoted.quotes(request, wanted, whole)
    return share.draw(
        Share(
            words.language,
            settings.SITE_NAME,
            words.gettext(column.label),
            quoted.scope(request, wanted) or words.gettext("Over everything published here."),
            numbers[:MOST] or [Number("–", words.gettext("No entry falls under these conditions."))],
            quotes[0] if quotes else words.gettext(wanted.asked[0].sentence),
            " · ".join(foot),
            " · ".join(marks),
            _years(request, wanted) if len(whole.rows) == 1 else (),
        )
    )


def _printed(cell: Cell, column: Column, furniture: Furniture) -> str:
    if not isinstance(cell.value, Decimal):
        return "–"
    return furniture.words.money(cell.value, 2 if column.kind == "percent" else 0) + (
        "%" if column.kind == "percent" else ""
    )


def _beside(row: list[Cell], column: Column, wanted: Question, furniture: Furniture) -> str:
    """The unit, and which of several amounts it is: of which currency, of which books."""
    units = [] if column.kind == "percent" or wanted.unit == ORIGINAL else ["US$"]
    told = [cell.label or str(cell.value or furniture.words.gettext("not stated")) for cell in row[:-1]]
    cell = row[-1]
    if cell.interim and column.kind != "percent":
        told.append(f"{furniture.words.gettext('interim')} {furniture.words.money(cell.interim)}")
    return " · ".join([*units, *told])


def _years(request: HttpRequest, wanted: Question) -> list[Year]:
    """The figure year by year, as parts of the largest; years between without an amount are empty."""
    cuts = ("year", "currency") if wanted.unit == ORIGINAL else ("year",)
    table = ask(request.edition, replace(wanted, by=cuts))
    known = {str(row[0].value): amount(row[-1]) for row in table.rows if row[0].value and is_known(row[-1])}
    if len(table.columns) != len(cuts) + 1 or len(known) < 2 or not any(known.values()):
        return []
    most = max(abs(value) for value in known.values())
    first, last = int(min(known)), int(max(known))
    return [Year(str(year), float(known.get(str(year), Decimal(0)) / most)) for year in range(first, last + 1)]
