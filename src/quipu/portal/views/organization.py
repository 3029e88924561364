"""The page of an organization: what it does with funds' money, what it publishes, gives and receives, and where it works."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from quipu.edition import ask as asker
from quipu.portal import addresses, paper
from quipu.portal.render import resolved, respond
from quipu.portal.views import drawn, lists, seen, vouchers
from quipu.rules.asking import question
from quipu.rules.identity import NAMED
from quipu.rules.movements import POOLED
from quipu.rules.table import only_what_occurs

MOST = 25
ROLE_CODES = {"1": "Funding", "2": "Accountable", "3": "Extending", "4": "Implementing"}
CUTS = ("fund", "country", "theme", "category")
VIEWS = (
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
    found = resolved(request, identity, lambda each: _find(request, each))
    if not found:
        raise Http404(identity)
    identity, called, roles, published = found
    edition = request.edition
    conditions = [f"participating_organization={identity}"]
    tables, headlines = seen.money(edition, conditions, CUTS)
    for key, _, dimension, names in VIEWS:
        answer = asker.ask(edition, question(names, ["year"], [f"{dimension}={identity}"]))
        if answer.rows:
            tables[key] = only_what_occurs(answer)
    selection = lists.Selection(QueryDict(addresses.query("", [("organization", identity)]).removeprefix("?")))
    count, sizes = lists.counted(edition, selection)
    tables["projects"] = lists.listed(request, selection, sizes, MOST)
    tables["vouchers"] = vouchers.latest(request, conditions, seen.LATEST)
    roles_by_code = dict(
        edition.rows("SELECT role, count(*) FROM participations WHERE organization = ? GROUP BY role", [identity])
    )
    gave = edition.rows("SELECT 1 FROM facts WHERE contributor = ? LIMIT 1", [identity])
    return respond(
        request,
        "organization.html",
        tables=tables,
        headlines=headlines,
        identity=identity,
        drawn=drawn.of_cuts(request, tables, called),
        called=called,
        also=_also(request, identity, called),
        roles=roles,
        published=published,
        roles_by_code=[(ROLE_CODES.get(code, code), n) for code, n in sorted(roles_by_code.items())],
        views=[(key, label) for key, label, *_ in VIEWS if key in tables],
        cuts=CUTS,
        pooled=POOLED,
        count=count,
        largest=MOST,
        gave=bool(gave),
        as_paper=lambda here: paper.of_view(
            here,
            called,
            here.words.gettext("Organization"),
            [(here.words.gettext("Reference"), "" if identity.startswith(NAMED) else identity)],
            headlines,
            tables,
            CUTS,
        ),
    )


def _find(request: HttpRequest, identity: str) -> tuple[str, str, list[str], int] | None:
    """The organization of an identity, or of a body's code in the books."""
    typed = question((), (), [f"provider={identity}"])
    (known,) = asker.in_identities(request.edition, typed).where[0].values
    rows = request.edition.rows(
        "SELECT organization, name, roles, published FROM organizations WHERE organization = ?", [known]
    )
    return rows[0] if rows else None


def _also(request: HttpRequest, identity: str, called: str) -> dict[str, list[str]]:
    """Its other names and codes: the books' code, the group it is shown in, and names publishers use."""
    bodies = request.edition.rows('SELECT code, name, "group" FROM bodies WHERE identity = ? ORDER BY code', [identity])
    used = request.edition.rows(
        "SELECT name FROM named WHERE organization = ? AND name <> '' GROUP BY name ORDER BY sum(mentions) DESC, name LIMIT 8",
        [identity],
    )
    aliases = request.edition.rows("SELECT name FROM aliases WHERE identity = ? ORDER BY ordinal", [identity])
    names = dict.fromkeys(
        [*(name for _, name, _ in bodies), *(name for (name,) in aliases), *(name for (name,) in used)]
    )
    return {
        "codes": [code for code, *_ in bodies],
        "groups": list(dict.fromkeys(group for *_, group in bodies if group)),
        "names": [name for name in names if name and name != called],
    }
