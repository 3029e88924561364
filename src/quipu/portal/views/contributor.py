"""The page of a contributor: what it promised and gave, and what became of it, exactly and by a model, never added."""

from django.http import Http404, HttpRequest, HttpResponse

from quipu.edition import ask as asker
from quipu.edition import attribution
from quipu.portal import addresses
from quipu.portal.render import resolved, respond
from quipu.rules.asking import question
from quipu.rules.table import Cell, Column, Table, only_what_occurs

GAVE = ("pledges", "commitments", "deposits", "contributor_refunds")


def show(request: HttpRequest, name: str) -> HttpResponse:
    """/contributor/<reference> and /contributor/name/<slug>; somebody who gave to no fund is an organization only."""
    identity = resolved(request, _identity(request, name), lambda each: _known(request, each))
    if not identity:
        raise Http404(name)
    edition = request.edition
    wanted = question(GAVE, (), [f"contributor={identity}"])
    tables = {key: only_what_occurs(table) for key, table in asker.under(edition, wanted, ("fund", "year")).items()}
    contribution = attribution.of(edition, identity)
    address = request.prefix + addresses.contributor(identity) + "/parts"
    did = {f"by_{cut}": attribution.table(edition, contribution, cut, address) for cut in attribution.CUTS}
    headline = asker.ask(edition, wanted)
    if agreements := _agreements(request, identity):
        tables["agreements"] = agreements
    return respond(
        request,
        "contributor.html",
        tables={**tables, **{key: table for key, table in did.items() if table.rows}},
        identity=identity,
        headline=only_what_occurs(headline),
        whole=did["by_fund"].total,
        kinds=attribution.KINDS,
        cuts=attribution.CUTS,
    )


def parts(request: HttpRequest, name: str) -> HttpResponse:
    """/contributor/<reference>/parts?<cut>=<code>: the payments behind an amount of its page, one by one."""
    identity = _known(request, _identity(request, name))
    if not identity:
        raise Http404(name)
    cut = next((each for each in attribution.CUTS if each in request.GET), "")
    code = request.GET.get(cut, "") if cut else ""
    table = attribution.steps(request.edition, attribution.of(request.edition, identity), cut, code)
    return respond(request, "parts.html", tables={"parts": table}, identity=identity, cut=cut, code=code)


def of_project(request: HttpRequest, name: str) -> HttpResponse:
    """/project/<id>/contributors: whose money a project of a fund received, by the same two columns."""
    rows = request.edition.rows(
        "SELECT identifier, title, publisher, fund FROM activities WHERE identifier = ? AND place = 'child' ORDER BY key",
        [addresses.identifier(name)],
    )
    if not rows:
        raise Http404(name)
    identifier, title, publisher, fund = rows[0]
    table = attribution.behind(
        request.edition,
        publisher,
        fund,
        identifier,
        lambda giver: request.prefix + addresses.contributor(giver) + "/parts",
    )
    return respond(
        request,
        "contributors.html",
        tables={"contributors": table},
        fund=fund,
        identifier=identifier,
        title=title,
        whose=fund,
    )


def _identity(request: HttpRequest, name: str) -> str:
    """The identity an address names: a reference, a name, or a body's code in the books."""
    typed = name if name.startswith("name/") else addresses.identifier(name)
    return asker.in_identities(request.edition, question((), (), [f"contributor={typed}"])).where[0].values[0]


def _known(request: HttpRequest, identity: str) -> str:
    rows = request.edition.rows("SELECT 1 FROM facts WHERE contributor = ? LIMIT 1", [identity])
    return identity if rows else ""


def _agreements(request: HttpRequest, identity: str) -> Table | None:
    rows = request.edition.rows(
        "SELECT g.fund, a.identifier, g.title, g.code, g.currency, g.amount, g.earmark FROM agreements g"
        " JOIN bodies b ON b.code = g.contributor"
        " LEFT JOIN accounts c ON c.code = g.fund AND c.kind = 'fund' LEFT JOIN activities a USING (key)"
        " WHERE b.identity = ? ORDER BY g.code",
        [identity],
    )
    columns = [
        Column("agreement", "Agreement"),
        Column("fund", "Fund"),
        Column("earmark", "Earmarked for"),
        Column("currency", "Currency"),
        Column("amount", "Signed", "money"),
    ]
    table = Table(columns, [])
    for fund, identifier, title, code, currency, amount, earmark in rows:
        link = addresses.query(
            request.prefix + "/report",
            [("figure", "commitments"), ("figure", "deposits"), ("by", "year"), ("where", f"agreement={code}")],
        )
        table.rows.append(
            [
                Cell(code, label=title or code, link=link),
                Cell(identifier or fund),
                Cell(earmark or None, why="not earmarked"),
                Cell(currency),
                Cell(amount, why="not stated"),
            ]
        )
    return table if table.rows else None
