"""Compare: every sum of an edition against the books at the position it was made from."""

from decimal import Decimal

from quipu.books import records
from quipu.books.standing import rows
from quipu.edition.compare import CUT, RELATIONS, Sums, differing, sums
from quipu.edition.home import Home
from quipu.edition.open import Edition
from quipu.rules.money import EXPONENTS, LARGEST_KEPT, of_minor_units

MOST = 20  # differences that are told


def compare(home: Home, number: int) -> list[str]:
    """What an edition and the books do not agree on, in sentences; [] where every figure is equal, and without books.

    Raises NoEdition.
    """
    edition = Edition(home, number)
    if not edition.manifest.position:
        return []
    theirs = _of_books(edition.manifest.position)
    found = []
    for where in RELATIONS:
        differences = [
            f"edition {number}, its {where}: {_said(cut)}: {own} here, {other} in the books"
            for cut, own, other in differing(sums(edition, where), theirs)
        ]
        found += differences[:MOST]
        if len(differences) > MOST:
            found.append(f"and {len(differences) - MOST} more like these")
    return found


def _said(cut: tuple[str, ...]) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(CUT, cut, strict=True) if value)


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
