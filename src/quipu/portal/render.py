"""Drawing a page: one template engine for the house, a table as HTML or as a file, and the furniture of every page."""

import hashlib
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from markupsafe import Markup

from quipu.edition import reporting, texts
from quipu.edition.withheld import Order
from quipu.files import csv as csv_file
from quipu.files import factsheet as factsheet_file
from quipu.files import json as json_file
from quipu.files import xlsx as xlsx_file
from quipu.files.factsheet import Factsheet
from quipu.files.plain import exact
from quipu.portal import addresses, prose
from quipu.portal.citing import Citation
from quipu.portal.labels import Labels, movement
from quipu.portal.languages import LANGUAGES, MANNERS, Words
from quipu.portal.languages import words as speaking
from quipu.portal.pictures import shades
from quipu.rules import codes
from quipu.rules import reporting as reported
from quipu.rules.asking import DIMENSIONS
from quipu.rules.figures import FIGURES, Rate
from quipu.rules.filing import form_named
from quipu.rules.identity import slug
from quipu.rules.table import Cell, Column, Table
from quipu.rules.terms import TERMS, of_head

HERE = Path(__file__).parent
ONE_THING = ("/fund/", "/project/", "/programme/")  # pages about one activity
FILES: dict[str, tuple[str, Callable[[Table], bytes]]] = {
    "json": ("application/json; charset=utf-8", json_file.draw),
    "csv": ("text/csv; charset=utf-8", csv_file.draw),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_file.draw),
}
PDF = "pdf"
SUFFIXES = tuple(f".{name}" for name in (*FILES, PDF))


@cache
def environment(words: Words) -> jinja2.Environment:
    """The templates in one language."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    env.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)

    def counted(one: str, many: str, number: int, **others: str) -> str:
        return words.ngettext(one, many, number) % {"num": words.count(number), **others}

    env.globals["ngettext"] = counted  # numbers in sentences are written as numbers are
    env.globals.update(
        words=words, languages=LANGUAGES, asset=asset, segment=addresses.segment, FIGURES=FIGURES, dimensions=DIMENSIONS
    )
    env.globals.update(
        organization=addresses.organization,
        of_return=addresses.of_return,
        said_of=lambda said: reported.written(said, words.gettext, words.day),
        document=addresses.document,
        query=addresses.query,
        text=words.gettext,
        narrative=prose.narrative,
        step=shades.step,
    )
    env.filters.update(
        size=words.size,
        day=words.day,
        long_day=words.long_day,
        count=words.count,
        money=words.money,
        exact=exact,
        country=words.country,
    )
    env.filters.update(
        outside=addresses.outside,
        form=form_named,
        tongue=words.tongue,
        foreign=words.foreign,
        short=short,
        lines=lines,
        vocabulary=lambda code: codes.label("sector_vocabulary", code),
    )
    return env


@cache
def asset(name: str) -> str:
    """A static file's address, with the hash of its content so that it may be kept for ever."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def short(name: str, most: int = 12) -> str:
    """A name that fits into so many letters: its abbreviation in brackets, else its initials, else its first letters."""
    if len(name) <= most:
        return name
    if name.endswith(")") and len(name) - name.rfind("(") - 2 <= most:
        return name[name.rfind("(") + 1 : -1]
    initials = "".join(word[0] for word in name.replace("-", " ").split() if word[0].isupper())
    return initials if 3 <= len(initials) <= min(most, 8) else name[: most - 1].rstrip() + "…"


def lines(name: str, most: int) -> list[str]:
    """A name on one line of so many letters, as its abbreviation, or on two."""
    if len(name) <= most or name.endswith(")") or not name.strip():
        return [short(name, most)]
    first, *others = textwrap.wrap(name, most)
    second = " ".join(others)
    if len(second) > most:
        second = second[: most - 1].rstrip() + "…"
    return [first, second] if second else [first]


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the head of a column, and where a reader finds what it means; link "" for an everyday word."""

    label: str
    link: str = ""
    meaning: str = ""


class Furniture:
    """What every template is handed: the request's language, edition and addresses.

    called: how the fund whose page this is calls things, by the key of a term.
    """

    def __init__(self, request: HttpRequest, fund: str = "") -> None:
        self.request = request
        self.words: Words = request.words
        self.edition = request.edition
        self.prefix: str = request.prefix
        self.labels = Labels(request.edition, request.words, request.prefix)
        self.texts = texts.of(request.edition)
        self.called = texts.labels_of(request.edition, fund, request.words.language) if fund else {}
        self.pinned: bool = request.pinned
        self.is_preview: bool = getattr(request, "preview", False)  # nobody but its maker sees it
        self.demo: bool = settings.DEMO
        self.site: str = self.texts.setting("name", request.words.language) or settings.SITE_NAME
        self.path: str = request.path_info
        self.query: str = request.META.get("QUERY_STRING", "")

    def at(self, path: str, *pairs: tuple[str, str]) -> str:
        """An address in this language and edition."""
        return addresses.query(self.prefix + path, pairs)

    def here(self, **changes: str) -> str:
        """This page with choices changed; "" takes a choice away."""
        kept = [(key, value) for key, values in self.request.GET.lists() for value in values if key not in changes]
        return addresses.query(self.prefix + self.path, [*kept, *((k, v) for k, v in changes.items() if v)])

    def in_language(self, code: str) -> str:
        """This page in another language, or written in another manner of this one."""
        edition = f"/e/{self.edition.number}" if self.pinned else ""
        return self._whole(speaking(code).before + edition)

    def outside(self, address: str) -> str:
        """An address of ours as others must write it: whole, where the operator says where this site stands."""
        return f"{settings.ADDRESS}{address}"

    @property
    def canonical(self) -> str:
        """This page pinned to its edition: what a citation names."""
        return self._whole(f"{self.words.before}/e/{self.edition.number}")

    @property
    def today(self) -> str:
        """This page as it is in whichever edition is current: what search engines are told to keep."""
        return self._whole(self.words.before)

    @property
    def page(self) -> str:
        """The path of this page, without language, edition and choices."""
        return addresses.path(self.path)

    @property
    def manners(self) -> list[tuple[str, str]]:
        """Every prefix that speaks, and the tag of its language."""
        return [(code, manner.tag) for code, manner in MANNERS.items()]

    @property
    def changes_since(self) -> str:
        """What changed from this edition to today's; of a fund or a project, on it alone."""
        return addresses.query(f"{self.words.before}/changes", [("from", str(self.edition.number)), *self._about])

    @property
    def changes_before(self) -> str:
        """What changed from the edition before this one to this one; of a fund or a project, on it alone."""
        return self.at("/changes", *self._about)

    @property
    def _about(self) -> list[tuple[str, str]]:
        return [("about", addresses.identifier(self.path.split("/")[2]))] if self.path.startswith(ONE_THING) else []

    def _whole(self, before: str) -> str:
        return f"{before}{self.page}" + (f"?{self.query}" if self.query else "")

    @property
    def withheld(self) -> list[Order]:
        """Orders by which texts of the fund or project are withheld whose page this is."""
        if not self.path.startswith(ONE_THING) or not self.edition.home.withheld.orders:
            return []
        found: list[Order] = self.edition.home.withheld.texts(addresses.identifier(self.path.split("/")[2]))
        return found

    def withheld_voucher(self, reference: str, *hashes: str) -> list[Order]:
        """Orders by which the texts of a voucher are withheld, or documents behind it."""
        state = self.edition.home.withheld
        found = [state.voucher(reference), *(state.documents.get(sha256) for sha256 in hashes)]
        return [order for order in found if order is not None]

    def citation(self, title: str) -> Citation:
        """How this page is cited."""
        made = self.edition.manifest
        return Citation(title, self.site, self.edition.number, made.made_at, made.content, self.whole(self.canonical))

    def whole(self, address: str) -> str:
        """An address of ours with its host: the one the operator says, else the one the reader asked at."""
        return (
            self.outside(address) if settings.ADDRESS else f"{self.request.scheme}://{self.request.get_host()}{address}"
        )

    def feedback(self) -> str:
        """Where to write to the office about this page, with its choices and its edition."""
        page = addresses.inside(quote(self.path, safe=addresses.PLAIN.replace("%", "")))
        if self.query:
            page = addresses.inside(f"{page}?{self.query}") or page
        if page.startswith("/feedback"):  # it is about another page, or about none
            return self.at("/feedback")
        return self.at("/feedback", ("page", page), ("edition", str(self.edition.number)))

    def term(self, key: str) -> str:
        """What a term is called here: by the fund whose page this is, else in the table of terms."""
        return self.called.get(key) or self.words.gettext(TERMS[key].label)

    def head(self, column: Column) -> Head:
        """The head of a column with the way to its meaning; a fund's own word is explained by the usual one."""
        term = TERMS.get(column.figure) if column.figure else of_head(column.label)
        usual = self.words.gettext(column.label)
        if term is None:
            return Head(usual)
        link = self.at(f"/figure/{term.key}") if term.is_figure else f"{self.at('/glossary')}#{term.key}"
        meaning = " ".join(map(self.words.gettext, term.sentences))
        own = self.called.get(term.key) if term.label == column.label else None
        return Head(own, link, f"{usual}: {meaning}") if own else Head(usual, link, meaning)

    @property
    def pages(self) -> list[tuple[str, str]]:
        """(address, title) of the pages that the operator adds to ours, for the foot of every page."""
        return prose.added(self.texts, self.words.language)

    def trail(self, cell: Cell, column: Column) -> str:
        """The way back from a number; "" where it has none (a rate leads to its definition)."""
        if cell.value is None or cell.scope is None or not column.figure:
            return ""
        return self.at(f"/figure/{column.figure}", *conditions(cell))

    def figure(self, name: str, *pairs: tuple[str, str]) -> str:
        """The trail of a figure under conditions."""
        return self.at(f"/figure/{name}", *(("where", f"{key}={value}") for key, value in pairs))

    def amount(self, cell: Cell, column: Column, marked: bool = True) -> Markup:
        """A number as printed, its exact value in the title, its trail behind it; a dash says why it is one.

        marked: with what of it is interim below it. A label of its own, to the cent for example, goes before the usual print.
        """
        if cell.value is None:
            why = self.standing(cell) or self.words.gettext(cell.why or "none")
            return Markup('<span class="none" title="{}">–</span>').format(why) + self.stands(cell)
        if not isinstance(cell.value, Decimal):
            return Markup("{}").format(self.words.count(cell.value) if isinstance(cell.value, int) else cell.value)
        percent = column.kind == "percent"
        shown = cell.label or self.words.money(cell.value, _decimals(column, cell.value))
        warn = percent and (cell.value > 100 or cell.value < 0)
        link = self.trail(cell, column)
        text = (
            Markup('<span class="odd" title="{}">{}</span>').format(self.words.gettext(cell.why or ODD), shown)
            if warn
            else shown
        )
        number = Markup('<a href="{}" title="{}">{}</a>') if link else Markup('<span title="{1}">{2}</span>')
        title = " · ".join(filter(None, (exact(cell.value), self.standing(cell))))
        marks = self.interim(cell, column) + self.stands(cell) if marked else Markup("")
        return number.format(link, title, text) + marks

    def standing(self, cell: Cell) -> str:
        """What stands behind an amount of expenditure, as a sentence; "" where nobody knows."""
        return self.stands_as(cell.standing) if cell.standing else ""

    def stands_as(self, standing: reported.Standing) -> str:
        """How returns stand, as a sentence."""
        return standing.said(self.words.gettext, self.words.day)

    def stands(self, cell: Cell) -> Markup:
        """The same in a word below it, where it is not plainly certified; with the way to the return where it is one."""
        if cell.standing is None or not cell.standing.short:
            return Markup("")
        said, place = self.words.gettext(cell.standing.short), cell.standing.place
        if place is None:
            return Markup('<small class="standing" title="{}">{}</small>').format(self.standing(cell), said)
        at = self.at(addresses.of_return(*place))
        return Markup('<small class="standing"><a href="{}" title="{}">{}</a></small>').format(
            at, self.standing(cell), said
        )

    def interim(self, cell: Cell, column: Column) -> Markup:
        """What of a number is not certified yet: said in words, below it."""
        if not cell.interim:
            return Markup("")
        word, said = self.words.gettext("interim"), self._unsure(column, cell)
        return Markup('<small class="interim" title="{}: {}">{}</small>').format(word, exact(cell.interim), said)

    def _unsure(self, column: Column, cell: Cell) -> str:
        """What of a number is interim, in words; "" for nothing."""
        if not cell.interim:
            return ""
        word = self.words.gettext("interim")
        whole = column.kind == "percent" or cell.interim == cell.value
        return word if whole else f"{word} {self.words.money(cell.interim, 0)}"

    def plainly(self, column: Column, cell: Cell, unit: str) -> tuple[str, str]:
        """A cell as a document shows it: what a reader sees, and below it what of a number is interim, or how it stands."""
        words = self.words
        stands = words.gettext(cell.standing.short) if cell.standing and cell.standing.short else ""
        if cell.value is None:
            return ("–" if column.is_number or column.figure else words.gettext(cell.why or "not stated")), stands
        if isinstance(cell.value, Decimal):
            shown = cell.label or words.money(cell.value, _decimals(column, cell.value))
            return shown, self._unsure(column, cell) or stands
        if isinstance(cell.value, int):
            return words.count(cell.value), ""
        return (words.day(cell.value) if column.kind == "date" else cell.label or cell.value), ""


ODD = "A window of years can cut spending from the transfers it belongs to; so this can lie outside 0 to 100."


def _decimals(column: Column, value: Decimal) -> int:
    """None of an amount; of a percentage as many as its statement prints: two, or one."""
    return min(2, max(0, -int(value.as_tuple().exponent))) if column.kind == "percent" else 0


def conditions(cell: Cell) -> list[tuple[str, str]]:
    """What narrows a trail down to one cell, as an address says it."""
    plain = ("since", "until", "unit")
    return [(key, value) if key in plain else ("where", f"{key}={value}") for key, value in cell.scope or ()]


def respond(
    request: HttpRequest,
    template: str,
    *,
    tables: Mapping[str, Table] | None = None,
    record: Mapping[str, Any] | None = None,
    status: int = 200,
    fund: str = "",
    as_paper: Callable[["Furniture"], Factsheet] | None = None,
    **context: Any,
) -> HttpResponse:
    """The page as HTML; or, with ?format=, as a file: a table of several (?table=), a workbook of all, its record, its paper.

    fund: the one fund that the page is about, whose own labels stand on it.
    """
    furniture = Furniture(request, fund)
    tables = tables or {}
    for table in tables.values():
        furniture.labels.fill(table)
    reporting.mark(request.edition, tables.values())
    wanted = request.GET.get("format", "")
    if wanted in FILES and (tables or record is not None):
        return _file(furniture, wanted, tables, record)
    if wanted == PDF and as_paper is not None:
        made = datetime.fromisoformat(furniture.edition.manifest.made_at)
        body = factsheet_file.draw(as_paper(furniture), furniture.plainly, made)
        return _attached(HttpResponse(body, content_type="application/pdf"), furniture, PDF, "inline")
    page = environment(request.words).get_template(template)
    return HttpResponse(page.render(here=furniture, tables=tables, **context), status=status)


def _file(
    furniture: Furniture, wanted: str, tables: Mapping[str, Table], record: Mapping[str, Any] | None
) -> HttpResponse:
    key = furniture.request.GET.get("table", "")
    if wanted == "json" and record is not None and key not in tables:
        body = json_file.whole({"edition": furniture.edition.number, **record})
        return HttpResponse(body, content_type=FILES["json"][0])
    if key and key not in tables:
        raise Http404(key)
    kind, draw = FILES[wanted]
    for table in tables.values():
        furniture_about(furniture, table)
        if furniture.called:
            table.columns = [replace(c, label=furniture.head(c).label) for c in table.columns]
    if wanted == "xlsx" and not key and len(tables) > 1:
        sheets = {name.replace("_", " ").capitalize(): table for name, table in tables.items() if table.rows}
        body = xlsx_file.workbook(sheets or {"Table": next(iter(tables.values()))}, _stem(furniture))
    else:
        body = draw(tables[key] if key else next(iter(tables.values())))
    response = HttpResponse(body, content_type=kind)
    return response if wanted == "json" else _attached(response, furniture, wanted, "attachment", key)


def _attached(response: HttpResponse, furniture: Furniture, suffix: str, how: str, key: str = "") -> HttpResponse:
    """The file under a name that says which page, table and edition it is."""
    name = "-".join(filter(None, (_stem(furniture), key, f"e{furniture.edition.number}")))
    response["Content-Disposition"] = f'{how}; filename="{name}.{suffix}"'
    return response


def _stem(furniture: Furniture) -> str:
    """What a page's files are called: quipu and its path."""
    path = furniture.path.rpartition(".")[0] if furniture.path.endswith(SUFFIXES) else furniture.path
    return "quipu-" + (slug(path.strip("/").replace("/", "-"), 60) or "home")


def resolved(request: HttpRequest, name: str, find: Callable[[str], Any]) -> Any:
    """What a name in an address leads to: whole first, then without a file suffix, which then is the page's format.

    find answers what is not true for a name that leads nowhere.
    """
    found = find(name)
    stem, _, suffix = name.rpartition(".")
    if not found and stem and f".{suffix}" in SUFFIXES:
        found = find(stem)
        request.GET = request.GET.copy()
        request.GET["format"] = suffix
    return found


def furniture_about(furniture: Furniture, table: Table) -> None:
    """An export says what it is: edition, moment, content, address."""
    manifest = furniture.edition.manifest
    table.about = {
        **table.about,
        "edition": str(furniture.edition.number),
        "made_at": manifest.made_at,
        "content": manifest.content,
        "address": furniture.canonical,
    }


def missing_edition(request: HttpRequest, sentence: str) -> HttpResponse:
    """A plain page for a home without that edition."""
    return HttpResponse(f"{sentence}\n", status=404, content_type="text/plain; charset=utf-8")


def formula(name: str, gettext: Callable[[str], str]) -> str:
    """A figure's arithmetic in words."""
    figure = FIGURES[name]
    if isinstance(figure, Rate):
        return f"{gettext(figure.top.label)} ÷ {gettext(figure.base.label)} × 100"
    plus = " + ".join(gettext(movement(m)).lower() for m in figure.plus)
    minus = "".join(f" − {gettext(movement(m)).lower()}" for m in figure.minus)
    return plus + minus
