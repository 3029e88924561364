"""Compare: every sum of an edition against the books at the position it was made from."""

from collections.abc import Iterator
from decimal import Decimal

from quipu.books import records
from quipu.books.standing import rows
from quipu.edition.home import Home
from quipu.edition.open import Edition
from quipu.rules.money import EXPONENTS, LARGEST_KEPT, of_minor_units

# All that money of the books is cut by, as finely as it can be: figures are sums of these, so none can differ alone.
CUT = ("fund", "project", "organization", "contributor", "category", "standing", "year", "movement", "currency")
MOST = 20  # differences that are told
Sums = dict[tuple[str, ...], Decimal]
# Where an edition keeps them: what questions are asked of, and what pages show.
_RELATIONS = {
    "facts": "all_facts f JOIN sources s ON s.source = f.source AND s.books",
    "pages": "(SELECT * EXCLUDE (organization), organization AS participating_organization FROM cubes WHERE NOT of_parts) f",
}


def compare(home: Home, number: int) -> list[str]:
    """What an edition and the books do not agree on, in sentences; [] where every figure is equal, and without books.

    Raises NoEdition.
    """
    edition = Edition(home, number)
    if not edition.manifest.position:
        return []
    theirs = _of_books(edition.manifest.position)
    found = []
    for where in _RELATIONS:
        differences = list(_differences(number, where, _of_edition(edition, where), theirs))
        found += differences[:MOST]
        if len(differences) > MOST:
            found.append(f"and {len(differences) - MOST} more like these")
    return found


def _differences(number: int, where: str, ours: Sums, theirs: Sums) -> Iterator[str]:
    for cut in sorted({*ours, *theirs}):
        if ours.get(cut, 0) != theirs.get(cut, 0):
            said = ", ".join(f"{name} {value}" for name, value in zip(CUT, cut, strict=True) if value)
            yield f"edition {number}, its {where}: {said}: {ours.get(cut, 0)} here, {theirs.get(cut, 0)} in the books"


def _of_edition(edition: Edition, where: str) -> Sums:
    return {
        (*map(str, cut),): amount
        for *cut, amount in edition.rows(
            "SELECT a.fund, CASE WHEN a.kind = 'project' THEN a.code ELSE '' END, f.participating_organization,"
            " f.contributor, f.category, f.standing, f.year, f.movement, f.currency, sum(f.value)"
            f" FROM {_RELATIONS[where]} JOIN accounts a ON a.key = f.key"
            " WHERE f.value IS NOT NULL GROUP BY ALL"
        )
    }


def _of_books(position: int) -> Sums:
    """The same sums, added up by the database that keeps them. What an edition cannot keep as a number is left out."""
    identities = {"": "", **records.identities()}
    sums: Sums = {}
    for fund, project, *bodies, category, standing, year, movement, currency, is_kept, amount in rows(
        "SELECT fund_id, coalesce(project_id, ''), coalesce(organization_id, ''), coalesce(contributor_id, ''), category,"
        f" standing, year, movement, currency, {_IS_KEPT} AS is_kept, CAST(sum(amount) AS BIGINT) FROM books_entry"
        " WHERE posting_id <= %s GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
        [position],
    ):
        if is_kept:
            known = (identities[body] for body in bodies)
            cut = (fund, project, *known, category, standing, str(year), movement, currency)
            sums[cut] = sums.get(cut, Decimal(0)) + of_minor_units(amount, currency)
    return sums


def _most(decimals: int) -> int:
    return int(LARGEST_KEPT.scaleb(decimals))


_IS_KEPT = (
    "abs(amount) <= CASE "
    + " ".join(f"WHEN currency = '{currency}' THEN {_most(decimals)}" for currency, decimals in EXPONENTS.items())
    + f" ELSE {_most(2)} END"
)
