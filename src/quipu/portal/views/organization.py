"""The page of an organization: what it publishes, gives, receives and works on."""

from django.http import Http404, HttpRequest, HttpResponse

from quipu.edition.ask import ask
from quipu.portal import addresses
from quipu.portal.render import FILES, respond
from quipu.rules.asking import question
from quipu.rules.figures import FIGURES
from quipu.rules.statuses import status
from quipu.rules.table import Cell, Column, Table

MOST = 25
ROLE_CODES = {"1": "Funding", "2": "Accountable", "3": "Extending", "4": "Implementing"}
VIEWS = (
    (
        "worked",
        "As participating organization",
        "participating_organization",
        ("budget", "transfers", "refunds", "net_funded", "expenditure", "delivery_rate", "spend"),
    ),
    (
        "published",
        "As publisher",
        "publisher",
        ("deposits", "net_funded", "incoming_funds", "outgoing_commitment", "spend"),
    ),
    (
        "given",
        "As provider",
        "provider",
        ("commitments", "deposits", "incoming_commitment", "incoming_funds", "disbursement"),
    ),
    ("received", "As receiver", "receiver", ("transfers", "disbursement")),
)


def show(request: HttpRequest, name: str) -> HttpResponse:
    """/organization/<reference> and /organization/name/<slug>."""
    identity = name if name.startswith("name/") else addresses.identifier(name)
    found = _find(request, identity)
    if found is None:
        stem, _, suffix = identity.rpartition(".")
        found = _find(request, stem) if stem and suffix in FILES else None
        if found is None:
            raise Http404(identity)
        request.GET = request.GET.copy()
        request.GET["format"] = suffix
    identity, called, roles, published = found
    tables: dict[str, Table] = {}
    for key, _, dimension, names in VIEWS:
        answer = ask(request.edition, question(names, ["year"], [f"{dimension}={identity}"]))
        if answer.rows:
            tables[key] = _only_what_occurs(answer)
    tables["activities"] = _activities(request, identity)
    roles_by_code = dict(
        request.edition.rows(
            "SELECT role, count(*) FROM participations WHERE organization = ? GROUP BY role", [identity]
        )
    )
    return respond(
        request,
        "organization.html",
        tables=tables,
        identity=identity,
        called=called,
        roles=roles,
        published=published,
        roles_by_code=[(ROLE_CODES.get(code, code), n) for code, n in sorted(roles_by_code.items())],
        views=[(key, label) for key, label, *_ in VIEWS if key in tables],
    )


def _find(request: HttpRequest, identity: str) -> tuple[str, str, list[str], int] | None:
    rows = request.edition.rows(
        "SELECT organization, name, roles, published FROM organizations WHERE organization = ?", [identity]
    )
    return rows[0] if rows else None


def _only_what_occurs(table: Table) -> Table:
    """Without the columns in which no row says anything."""
    kept = [
        n
        for n, column in enumerate(table.columns)
        if not column.figure or any(row[n].value is not None for row in table.rows)
    ]
    table.columns = [table.columns[n] for n in kept]
    table.rows = [[row[n] for n in kept] for row in table.rows]
    table.total = [table.total[n] for n in kept] if table.total else None
    return table


def _activities(request: HttpRequest, identity: str) -> Table:
    rows = request.edition.rows(
        "SELECT a.identifier, a.title, a.kind, a.publisher, a.status, s.budget, s.net_funded, s.spend FROM activities a"
        " LEFT JOIN sizes s USING (key) WHERE a.publisher = ? OR a.key IN (SELECT key FROM participations WHERE organization = ?)"
        " ORDER BY coalesce(s.net_funded, s.spend, s.budget) DESC NULLS LAST, a.title LIMIT ?",
        [identity, identity, MOST + 1],
    )
    columns = [Column("project", "Project"), Column("publisher", "Publisher"), Column("status", "Status")]
    names = ("budget", "net_funded", "spend")
    columns += [Column(name, FIGURES[name].label, "money", name) for name in names]
    table = Table(columns, [], unit="USD")
    for identifier, title, kind, publisher, code, *amounts in rows[:MOST]:
        link = f"{request.prefix}/{kind}/{addresses.segment(identifier)}"
        table.rows.append(
            [
                Cell(identifier, label=title or identifier, link=link),
                Cell(publisher),
                Cell(status(code).name or None, why="not stated"),
                *(Cell(v, (("project", identifier),) if v is not None else None) for v in amounts),
            ]
        )
    if len(rows) > MOST:
        table.notes.append("The largest are shown; the list holds all of them.")
    return _only_what_occurs(table)
