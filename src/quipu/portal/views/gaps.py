"""What we do not know, per fund and country: each kind of gap with its sentence, its amounts, and what would mend it."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse

from quipu.edition import ask as asker
from quipu.edition import gaps
from quipu.edition.gaps import FAMILIES, Chosen
from quipu.portal import addresses
from quipu.portal.render import FILES, respond
from quipu.rules.asking import question
from quipu.rules.gaps import GAPS
from quipu.rules.movements import POOLED, REPORTED
from quipu.rules.table import Scope, Table

SHOWN = 25  # rows of each table on the page; its files hold all of them
MATRICES = (  # key, axis, family of books
    ("by_fund", "fund", POOLED),
    ("by_country", "country", POOLED),
    ("by_publisher", "publisher", REPORTED),
    ("by_country_reported", "country", REPORTED),
)


def show(request: HttpRequest) -> HttpResponse:
    """/gaps, of everything or of one ?fund=, ?publisher= or ?country=."""
    edition, address = request.edition, f"{request.prefix}/gaps"
    chosen = _chosen(request)
    if chosen is None:
        trouble = request.words.gettext("There is no such fund, publisher or country here.")
        return respond(request, "trouble.html", status=404, trouble=trouble, names=[])
    tables = {"summary": gaps.summary(edition, chosen)}
    for row in tables["summary"].rows:
        row[0] = replace(row[0], label=request.words.gettext(row[0].label))
    for key, axis, family in MATRICES:
        table = gaps.by(edition, axis, family, chosen, address)
        if table.rows:
            tables[key] = table

    def report(figure: str, scope: Scope) -> str:
        where = [("where", f"{key}={code}") for key, code in scope]
        by = "participating_organization"
        return addresses.query(f"{request.prefix}/report", [("figure", figure), ("by", by), *where])

    is_page, counted = request.GET.get("format") not in FILES, {}
    for gap in GAPS:
        for family in gap.figures:
            table = gaps.cases(edition, gap, family, chosen, report, SHOWN if is_page else None)
            if table.rows:
                tables[f"{gap.name}_{family}"] = table
                counted[f"{gap.name}_{family}"] = gaps.count(edition, gap, family, chosen)
    tables["not_converted"] = _linked(request, gaps.not_converted(edition, chosen))
    tables["undescribed"] = gaps.undescribed(edition, chosen)
    hidden = {}
    if is_page:
        for key, table in tables.items():  # only what is read gets its names
            hidden[key] = max(0, counted.get(key, len(table.rows)) - SHOWN)
            table.rows = table.rows[:SHOWN]
    return respond(
        request,
        "gaps.html",
        hidden=hidden,
        tables=tables,
        gaps=GAPS,
        families=FAMILIES,
        matrices=MATRICES,
        chosen=chosen,
        funds=sorted({code for (code,) in edition.rows("SELECT identifier FROM funds")}),
        countries=[
            code
            for (code,) in edition.rows("SELECT DISTINCT code FROM memberships WHERE dimension = 'country' ORDER BY 1")
        ],
    )


def _chosen(request: HttpRequest) -> Chosen | None:
    """What the address narrows down to; None where it names what is not here. A fund may be said by its code in the books."""
    wanted = {name: request.GET.get(name, "").strip() for name in ("fund", "publisher", "country")}
    wanted["country"] = wanted["country"].upper()
    edition = request.edition
    if wanted["fund"]:
        typed = question((), (), [f"fund={wanted['fund']}"])
        (wanted["fund"],) = asker.in_identities(edition, typed).where[0].values
    there = {
        "fund": "SELECT 1 FROM funds WHERE identifier = ?",
        "publisher": "SELECT 1 FROM organizations WHERE organization = ?",
        "country": "SELECT 1 FROM memberships WHERE dimension = 'country' AND code = ? LIMIT 1",
    }
    if any(value and not edition.rows(there[name], [value]) for name, value in wanted.items()):
        return None
    return Chosen(**wanted)


def _linked(request: HttpRequest, table: Table) -> Table:
    """Each row of what was not converted leads to its entries."""
    names = [column.key for column in table.columns]
    for row in table.rows:
        said = {name: str(cell.value or "") for name, cell in zip(names, row, strict=True)}
        where = [("where", f"{name}={said[name]}") for name in ("fund", "publisher", "currency")]
        where += [("movement", said["movement"]), ("since", said["since"]), ("until", said["until"])]
        at = names.index("entries")
        if said["movement"] != "budget":
            row[at] = replace(row[at], link=addresses.query(f"{request.prefix}/vouchers", where))
    return table
