"""Faceted lists of projects, and the lists of funds, organizations and countries."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from quipu.edition import filed
from quipu.edition.ask import ask
from quipu.edition.open import Edition
from quipu.portal.addresses import query, segment
from quipu.portal.render import FILES, Furniture, respond
from quipu.portal.views import drawn
from quipu.rules.asking import DIMENSIONS, question
from quipu.rules.figures import FIGURES
from quipu.rules.statuses import status
from quipu.rules.table import Cell, Column, Table, largest_first, only_what_occurs

A_PAGE = 50
MOST_CHOICES = 12
MOST_EXPORTED = 100_000
COLUMNS = {
    "kind": "a.kind",
    "status": "a.status",
    "publisher": "a.publisher",
    "fund": "a.fund",
    "humanitarian": "a.humanitarian",
    "aid_type": "a.aid_type",
}
MEMBERS = ("country", "region", "place", "sector", "theme", "window", "sdg", "marker")
ROLES = ("organization",)
FACETS = {
    "kind": "Kind",
    "status": "Status",
    "fund": "Fund",
    "publisher": "Publisher",
    "country": "Country",
    "region": "Region",
    "place": "Place",
    "sector": "Sector",
    "theme": "Theme",
    "window": "Window",
    "sdg": "Sustainable Development Goal",
    "marker": "Marker",
    "aid_type": "Aid type",
    "humanitarian": "Humanitarian",
}
SORTS = {
    "amount": ("Largest first", "coalesce(s.net_funded, s.spend, s.expenditure, s.budget) DESC NULLS LAST, a.title"),
    "title": ("Title", "a.title, a.identifier"),
    "start": ("Latest start", "start DESC NULLS LAST, a.title"),
    "updated": ("Latest update", "a.updated DESC, a.title"),
}
SIZES = ("budget", "net_funded", "expenditure", "spend")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet with how many it would leave, and the addresses that take it in, out, or shut it out."""

    code: str
    label: str
    count: int
    chosen: bool
    excluded: bool
    include: str
    exclude: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow the list."""

    key: str
    label: str
    choices: list[Choice]
    more: int


class Selection:
    """What the address selects, as SQL over activities."""

    def __init__(self, get: QueryDict) -> None:
        self.words = " ".join(get.get("q", "").split())[:200]
        self.chosen = {key: get.getlist(key) for key in (*FACETS, *ROLES) if get.getlist(key)}
        self.excluded = {key: get.getlist(f"not-{key}") for key in FACETS if get.getlist(f"not-{key}")}
        self.since, self.until = (_year(get.get(name, "")) for name in ("since", "until"))

    def sql(self, without: str = "") -> tuple[str, list[Any]]:
        """(condition, parameters); without: the facet whose own counts are wanted."""
        conditions: list[str] = ["true"]
        parameters: list[Any] = []
        for word in self.words.split():
            conditions.append(
                "(strip_accents(lower(a.title)) LIKE strip_accents(lower(?)) OR lower(a.identifier) LIKE lower(?))"
            )
            parameters += [f"%{word}%", f"%{word}%"]
        for sign, chosen in (("", self.chosen), ("NOT ", self.excluded)):
            for key, values in chosen.items():
                if key == without and not sign:
                    continue
                condition, more = _condition(key, values)
                conditions.append(f"{sign}({condition})")
                parameters += more
        for sign, year, column in ((">=", self.since, "l.until"), ("<=", self.until, "l.start")):
            if year:
                conditions.append(f"year({column}) {sign} ?")
                parameters.append(year)
        return " AND ".join(conditions), parameters

    @property
    def is_everything(self) -> bool:
        return not (self.words or self.chosen or self.excluded or self.since or self.until)


def _year(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) == 4 else None


def _condition(key: str, values: list[str]) -> tuple[str, list[Any]]:
    slots = ", ".join("?" * len(values))
    if key == "status":
        return f"a.status IN ({slots})", [status(value).code for value in values]
    if key == "humanitarian":
        return f"CAST(a.humanitarian AS VARCHAR) IN ({slots})", values
    if key in COLUMNS:
        return f"{COLUMNS[key]} IN ({slots})", values
    if key == "organization":
        return f"a.key IN (SELECT key FROM participations WHERE organization IN ({slots}))", values
    return f"a.key IN (SELECT key FROM memberships WHERE dimension = ? AND code IN ({slots}))", [key, *values]


FROM = " FROM activities a LEFT JOIN spans l USING (key) LEFT JOIN sizes s USING (key)"


def counted(edition: Edition, selection: Selection) -> tuple[int, dict[str, Decimal]]:
    """How many activities are selected, and their sizes together: those of which something is known."""
    condition, parameters = selection.sql()
    sums = ", ".join(f"sum(s.{name})" for name in SIZES)
    ((count, *totals),) = edition.rows(f"SELECT count(*), {sums}{FROM} WHERE {condition}", parameters)
    return count, {name: total for name, total in zip(SIZES, totals, strict=True) if total is not None}


def listed(request: HttpRequest, selection: Selection, sizes: Iterable[str], limit: int, offset: int = 0) -> Table:
    """The activities selected, as a table; sizes: which amounts stand beside each."""
    condition, parameters = selection.sql()
    shown = list(sizes)
    rows = request.edition.rows(
        f"SELECT a.identifier, a.title, a.kind, a.publisher, a.status, l.start{''.join(f', s.{n}' for n in shown)}"
        f"{FROM} WHERE {condition} ORDER BY {SORTS[_sort(request)][1]}, a.key LIMIT ? OFFSET ?",
        [*parameters, limit, offset],
    )
    columns = [
        Column("project", "Project"),
        Column("publisher", "Publisher"),
        Column("status", "Status"),
        Column("start", "Start", "date"),
    ]
    columns += [Column(name, FIGURES[name].label, "money", name) for name in shown]
    table = Table(columns, [], unit="USD")
    for identifier, title, kind, publisher, code, start, *amounts in rows:
        link = f"{request.prefix}/{kind}/{segment(identifier)}"
        scope = (("fund" if kind == "fund" else "project", identifier),)
        table.rows.append(
            [
                Cell(identifier, label=title or identifier, link=link),
                Cell(publisher),
                Cell(status(code).name or None, why="not stated"),
                Cell(start.isoformat() if start else None, why="not stated"),
                *(Cell(amount, scope if amount is not None else None) for amount in amounts),
            ]
        )
    if len({row[1].value for row in table.rows}) > 1:
        table.notes.append(
            "Different publishers may report the same money; amounts of different kinds are never added."
        )
    return table


def documents(edition: Edition, selection: Selection, most: int) -> list[dict[str, Any]]:
    """The newest documents of the activities selected."""
    condition, parameters = selection.sql()
    return edition.dicts(
        'SELECT d.title, d.url, d.sha256, d."on", d.languages, a.title AS activity, a.identifier, a.kind FROM documents d'
        " JOIN activities a USING (key) LEFT JOIN spans l USING (key)"
        f" WHERE {condition} AND length(d.title) > 0 {filed.ONCE}"
        ' ORDER BY d."on" DESC, d.url, d.sha256, a.key LIMIT ?',
        [*parameters, most],
    )


def _sort(request: HttpRequest) -> str:
    sort = request.GET.get("sort", "amount")
    return sort if sort in SORTS else "amount"


def projects(request: HttpRequest) -> HttpResponse:
    """/projects"""
    selection = Selection(request.GET)
    count, totals = counted(request.edition, selection)
    exported = request.GET.get("format") in FILES
    page = max(1, int(request.GET.get("page", "1")) if request.GET.get("page", "1").isdecimal() else 1)
    limit, offset = (MOST_EXPORTED, 0) if exported else (A_PAGE, (page - 1) * A_PAGE)
    table = listed(request, selection, totals, limit, offset)
    return respond(
        request,
        "projects.html",
        tables={"projects": table},
        selection=selection,
        facets=[] if exported else _facets(request, selection),
        chips=_chips(request, selection),
        count=count,
        # Budgets of funds and of others are two families, and a list may hold both: they have no common total.
        totals=[(name, total) for name, total in totals.items() if name != "budget"],
        sort=_sort(request),
        sorts=SORTS,
        page=page,
        pages=-(-count // A_PAGE),
        labels=FACETS,
    )


def _facets(request: HttpRequest, selection: Selection) -> list[Facet]:
    furniture = Furniture(request)
    facets = []
    for key, label in FACETS.items():
        condition, parameters = selection.sql(without=key)
        if key in COLUMNS:
            sql = (
                f"SELECT CAST({COLUMNS[key]} AS VARCHAR) AS code, count(*) AS n{FROM}"
                f" WHERE {condition} GROUP BY 1 ORDER BY n DESC, code"
            )
        else:
            sql = (
                f"SELECT m.code, count(DISTINCT a.key) AS n{FROM} JOIN memberships m ON m.key = a.key AND m.dimension = '{key}'"
                f" WHERE {condition} GROUP BY 1 ORDER BY n DESC, code"
            )
        counts = [(code, n) for code, n in request.edition.rows(sql, parameters) if code != ""]
        if key == "status":
            counts = [(status(code).name, n) for code, n in counts]
        chosen, excluded = selection.chosen.get(key, []), selection.excluded.get(key, [])
        first = [c for c in counts if c[0] in (*chosen, *excluded)]
        rest = [c for c in counts if c[0] not in (*chosen, *excluded)]
        shown = first + rest[: max(0, MOST_CHOICES - len(first))]
        if len(counts) < 2 and not first:
            continue
        name = furniture.labels.namer(key, [code for code, _ in shown])
        choices = [
            Choice(
                code,
                name(code),
                n,
                code in chosen,
                code in excluded,
                _toggled(request, key, code),
                _toggled(request, f"not-{key}", code),
            )
            for code, n in shown
        ]
        facets.append(Facet(key, label, choices, len(counts) - len(shown)))
    return facets


def _toggled(request: HttpRequest, key: str, value: str) -> str:
    """This address with one choice put in or taken out; back to the first page."""
    pairs = [(k, v) for k, values in request.GET.lists() for v in values if k not in ("page", "format", "table")]
    opposite = key.removeprefix("not-") if key.startswith("not-") else f"not-{key}"
    pairs = [pair for pair in pairs if pair != (opposite, value)]
    if (key, value) in pairs:
        pairs.remove((key, value))
    else:
        pairs.append((key, value))
    return query(request.prefix + request.path_info, pairs)


def _chips(request: HttpRequest, selection: Selection) -> list[dict[str, Any]]:
    labels = Furniture(request).labels
    chips = []
    for sign, chosen in (("", selection.chosen), ("not-", selection.excluded)):
        for key, values in chosen.items():
            for value in values:
                chips.append(
                    {
                        "key": FACETS.get(key, key.capitalize()),
                        "label": labels.name(key, value),
                        "excluded": bool(sign),
                        "remove": _toggled(request, sign + key, value),
                    }
                )
    return chips


def funds(request: HttpRequest) -> HttpResponse:
    """/funds"""
    table = ask(
        request.edition,
        question(
            ["deposits", "net_funded", "expenditure", "delivery_rate", "balance_agent"], ["fund"], ["family=pooled"]
        ),
    )
    programmes = request.edition.rows(
        "SELECT a.identifier, a.title, a.publisher, count(*) FROM parents p JOIN activities a ON a.key = p.parent"
        " WHERE a.kind = 'programme' GROUP BY ALL ORDER BY count(*) DESC, a.title LIMIT 200"
    )
    listed = Table(
        [Column("project", "Programme"), Column("publisher", "Publisher"), Column("parts", "Parts", "count")], []
    )
    for identifier, title, publisher, n in programmes:
        listed.rows.append(
            [
                Cell(identifier, label=title or identifier, link=f"{request.prefix}/programme/{segment(identifier)}"),
                Cell(publisher),
                Cell(n),
            ]
        )
    return respond(request, "funds.html", tables={"funds": table, "programmes": listed})


def organizations(request: HttpRequest) -> HttpResponse:
    """/organizations"""
    words = " ".join(request.GET.get("q", "").split())[:200]
    role = request.GET.get("role", "")
    condition, parameters = "true", []
    for word in words.split():
        condition += " AND strip_accents(lower(name)) LIKE strip_accents(lower(?))"
        parameters.append(f"%{word}%")
    if role:
        condition += " AND list_contains(roles, ?)"
        parameters.append(role)
    exported = request.GET.get("format") in FILES
    page = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    ((count,),) = request.edition.rows(f"SELECT count(*) FROM organizations WHERE {condition}", parameters)
    rows = request.edition.rows(
        f"SELECT organization, name, roles, published, activities FROM organizations WHERE {condition}"
        " ORDER BY mentions DESC, organization LIMIT ? OFFSET ?",
        [*parameters, MOST_EXPORTED if exported else A_PAGE, 0 if exported else (max(page, 1) - 1) * A_PAGE],
    )
    columns = [
        Column("organization", "Organization"),
        Column("reference", "Reference"),
        Column("roles", "Roles"),
        Column("published", "Published activities", "count"),
        Column("activities", "Named in activities", "count"),
    ]
    table = Table(columns, [])
    for identity, name, roles, published, activities in rows:
        table.rows.append(
            [
                Cell(identity, label=name),
                Cell(None if identity.startswith("name/") else identity, why="no reference"),
                Cell(", ".join(roles), label=", ".join(request.words.gettext(r.capitalize()).lower() for r in roles)),
                Cell(published),
                Cell(activities),
            ]
        )
    return respond(
        request,
        "organizations.html",
        tables={"organizations": table},
        words_sought=words,
        role=role,
        count=count,
        page=max(page, 1),
        pages=-(-count // A_PAGE),
    )


def contributors(request: HttpRequest) -> HttpResponse:
    """/contributors: who gave to funds, by name; nobody is ranked."""
    table = ask(
        request.edition,
        question(["commitments", "deposits", "contributor_refunds"], ["contributor"], ["family=pooled"]),
    )
    table.rows = [row for row in table.rows if row[0].value]
    Furniture(request).labels.fill(table)
    return respond(
        request,
        "simple_list.html",
        tables={"contributors": largest_first(only_what_occurs(table), "contributor")},
        heading="Contributors",
        lead="Who promised and gave money to the funds here. Each page tells what became of it.",
    )


def by_country(request: HttpRequest) -> Table:
    """How many activities name each country as their own, or as that of one of their entries."""
    rows = request.edition.rows(
        "SELECT code, count(*) FROM memberships WHERE dimension = 'country' GROUP BY code ORDER BY count(*) DESC, code"
    )
    columns = [Column("country", "Country"), Column("projects", "Activities", "count")]
    return Table(columns, [[Cell(code), Cell(n)] for code, n in rows])


LISTS = {
    "countries": ("country", "Countries", "Every country that a project names as its own, or one of its entries."),
    "themes": ("theme", "Themes", "Each fund has its own list of themes; projects say which they belong to."),
    "sdgs": (
        "sdg",
        "Sustainable Development Goals",
        "The goals that projects name, with what of their money goes there.",
    ),
    "sectors": ("sector", "Sectors", "What projects work on, by the codes of the Development Assistance Committee."),
    "markers": (
        "marker",
        "Markers",
        "Policy aims that projects are marked with. Markers overlap, so they have no total.",
    ),
}


def points(request: HttpRequest, name: str) -> HttpResponse:
    """/countries, /themes, /sdgs, /sectors and /markers: how many activities, and the money of funds and of others."""
    dimension, heading, lead = LISTS[name]
    counts = dict(
        request.edition.rows("SELECT code, count(*) FROM memberships WHERE dimension = ? GROUP BY code", [dimension])
    )
    columns = [Column(dimension, DIMENSIONS[dimension].label), Column("projects", "Activities", "count")]
    of_funds = ask(request.edition, question(("net_funded", "expenditure"), [dimension], ["family=pooled"]))
    reported = ask(request.edition, question(("spend",), [dimension]))
    amounts = {str(row[0].value): row[1:] for row in of_funds.rows}
    others = {str(row[0].value): row[1:] for row in reported.rows}
    nothing = Cell(None, why="none")
    table = Table([*columns, *of_funds.columns[1:], *reported.columns[1:]], [], unit="USD", notes=list(of_funds.notes))
    for code in sorted(counts, key=lambda code: (-counts[code], code)):
        given = [*amounts.get(code, [nothing] * 2), *others.get(code, [nothing])]
        table.rows.append([Cell(code), Cell(counts[code]), *given])
    table.left_out = of_funds.left_out
    pictures = drawn.of_countries(request, table) if dimension == "country" else drawn.Pictures()
    return respond(
        request,
        "simple_list.html",
        tables={name: only_what_occurs(table)},
        heading=heading,
        lead=lead,
        drawn=pictures,
    )
