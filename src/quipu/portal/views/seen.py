"""The money and the work of funds seen from one place, theme, window, goal, sector or marker: one furniture for all."""

from dataclasses import dataclass
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict

from quipu.edition import ask as asker
from quipu.edition import reporting
from quipu.edition.open import Edition
from quipu.portal import addresses, paper
from quipu.portal.labels import Labels
from quipu.portal.render import resolved, respond
from quipu.portal.sheet import titled
from quipu.portal.views import drawn, lists, results, vouchers
from quipu.rules import codes
from quipu.rules.asking import question
from quipu.rules.identity import slug
from quipu.rules.movements import POOLED, REPORTED
from quipu.rules.table import Cell, Column, Table, largest_first, only_what_occurs

OF_FUNDS = ("allocations", "transfers", "refunds", "net_funded", "expenditure", "delivery_rate")
AS_REPORTED = ("budget", "incoming_funds", "outgoing_commitment", "disbursement", "expenditure", "spend")
KEY_OF_FUNDS = ("allocations", "net_funded", "expenditure", "delivery_rate")
KEY_AS_REPORTED = ("budget", "incoming_funds", "outgoing_commitment", "spend")
LARGEST, LATEST, DOCUMENTS = 25, 12, 8


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of point of view: what it is called, where its list is, and what its money is cut by."""

    label: str
    listed: str  # the path of its list; the list of projects where it has none
    cuts: tuple[str, ...]


KINDS = {
    "country": Kind("Country", "/countries", ("fund", "participating_organization", "theme", "sector")),
    "region": Kind("Region", "/countries", ("fund", "participating_organization", "theme", "sector")),
    "theme": Kind("Theme", "/themes", ("fund", "country", "participating_organization")),
    "window": Kind("Window", "/funds", ("country", "participating_organization", "theme")),
    "sdg": Kind("Sustainable Development Goal", "/sdgs", ("fund", "country", "participating_organization")),
    "marker": Kind("Marker", "/markers", ("fund", "country", "participating_organization")),
    "sector": Kind("Sector", "/sectors", ("fund", "country", "participating_organization")),
}


@dataclass(frozen=True, slots=True)
class Point:
    """Where one looks from: what narrows questions about money down, and the list of activities with it."""

    kind: str
    code: str
    name: str
    where: tuple[tuple[str, str], ...]
    address: str

    @property
    def conditions(self) -> list[str]:
        """The same as a question's conditions."""
        return [f"{key}={value}" for key, value in self.where]

    @property
    def of_report(self) -> list[tuple[str, str]]:
        """The same as a report's address has them."""
        return [("where", condition) for condition in self.conditions]


def show(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """/country/<code>, /region/<code>, /theme/<code>, /sdg/<n> and /sector/<code>."""
    code = resolved(request, addresses.identifier(name), lambda each: _known(request, kind, each))
    labels = Labels(request.edition, request.words, request.prefix)
    return _page(request, code and Point(kind, code, labels.name(kind, code), ((kind, code),), labels.link(kind, code)))


def window(request: HttpRequest, fund: str, name: str) -> HttpResponse:
    """/window/<fund>/<code>: a window is one of a fund."""
    typed = question((), (), [f"fund={addresses.identifier(fund)}"])
    (of,) = asker.in_identities(request.edition, typed).where[0].values
    code = resolved(request, addresses.identifier(name), lambda each: _window(request.edition, of, each))
    labels = Labels(request.edition, request.words, request.prefix)
    address = f"{request.prefix}/window/{addresses.segment(of)}/{addresses.segment(code or '')}"
    where = (("fund", of), ("window", code))
    return _page(request, code and Point("window", code, labels.name("window", code), where, address))


def marker(request: HttpRequest, name: str, score: str) -> HttpResponse:
    """/marker/<name>/<score>: the name as words or as the standard's number."""
    number = next((n for n, label in codes.table()["policy_marker"].items() if slug(label) == name), name)
    return show(request, "marker", f"{number}:{score}")


def _known(request: HttpRequest, kind: str, code: str) -> str | None:
    """The code as it is kept; a country may be written in small letters, and is known where no project names it, too."""
    for each in (code.upper(),) if kind == "country" else (code,):
        if request.edition.rows("SELECT 1 FROM memberships WHERE dimension = ? AND code = ? LIMIT 1", [kind, each]):
            return each
        if kind == "country" and request.words.country(each) != each:
            return each
    return None


def _window(edition: Edition, fund: str, code: str) -> str | None:
    rows = edition.rows(
        "SELECT 1 FROM memberships m JOIN activities a USING (key) WHERE m.dimension = 'window' AND m.code = ?"
        " AND a.fund = ? LIMIT 1",
        [code, fund],
    )
    return code if rows else None


def _page(request: HttpRequest, point: Point | None) -> HttpResponse:
    """The page of a point of view; an address that says it otherwise leads to it."""
    if not point:
        raise Http404(request.path_info)
    if request.path_info.removesuffix("." + request.GET.get("format", "")) != unquote(
        point.address[len(request.prefix) :]
    ):
        return HttpResponsePermanentRedirect(addresses.query(point.address, request.GET.items()))
    edition, kind = request.edition, KINDS[point.kind]
    tables, headlines = money(edition, point.conditions, kind.cuts)
    if point.kind == "country":
        tables["places"] = _places(edition, point.code)
    if (rolled := results.rolled_up(request, *point.where)) is not None:
        tables["rolled"] = rolled
    selection = lists.Selection(QueryDict(addresses.query("", point.where).removeprefix("?")))
    count, sizes = lists.counted(edition, selection)
    tables["projects"] = lists.listed(request, selection, sizes, LARGEST)
    tables["vouchers"] = vouchers.latest(request, point.conditions, LATEST)
    return respond(
        request,
        "seen.html",
        tables=tables,
        point=point,
        drawn=drawn.of_cuts(request, tables, point.name),
        kind=kind,
        headlines=headlines,
        count=count,
        largest=LARGEST,
        documents=titled(edition, lists.documents(edition, selection, DOCUMENTS), request.words.language),
        as_paper=lambda here: paper.of_view(
            here,
            point.name,
            here.words.gettext(kind.label),
            [(here.words.gettext("Code"), point.code)],
            headlines,
            tables,
            kind.cuts,
        ),
    )


def _places(edition: Edition, country: str) -> Table:
    """The places below a country that its activities name. Few say what part of their money goes where, so none is shown."""
    rows = edition.rows(
        "SELECT p.code, count(*) FROM memberships p JOIN memberships c USING (key)"
        " WHERE p.dimension = 'place' AND c.dimension = 'country' AND c.code = ? GROUP BY 1 ORDER BY 1",
        [country],
    )
    return Table(
        [Column("place", "Place"), Column("activities", "Activities", "count")],
        [[Cell(code), Cell(count)] for code, count in rows],
    )


def money(edition: Edition, conditions: list[str], cuts: tuple[str, ...]) -> tuple[dict[str, Table], dict[str, Table]]:
    """Tables under each cut, by family of books, and the key figures of each family. The families are never added."""
    tables, headlines = {}, {}
    for family, names, keys in ((POOLED, OF_FUNDS, KEY_OF_FUNDS), (REPORTED, AS_REPORTED, KEY_AS_REPORTED)):
        where = [*conditions, f"family={family}"]
        years = only_what_occurs(asker.ask(edition, question(names, ["year"], where)))
        present = [column.figure for column in years.columns if column.figure]
        if not years.rows:
            continue
        tables[f"{family}_year"] = years
        headlines[family] = asker.ask(edition, question([name for name in keys if name in present], (), where))
        for cut, table in asker.under(edition, question(present, (), where), cuts).items():
            if any(row[0].value for row in table.rows):
                tables[f"{family}_{cut}"] = largest_first(table)
    reporting.mark(edition, headlines.values())
    return tables, headlines
