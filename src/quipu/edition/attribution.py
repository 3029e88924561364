"""What a contributor's money did, out of an edition: its parts of each fund's payments, added up by what people ask for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from quipu.edition.open import Edition
from quipu.rules.asking import DIMENSIONS, EXACT, USD
from quipu.rules.attribution import Given, Paid, Part, added, parts
from quipu.rules.shares import WHOLE
from quipu.rules.table import Cell, Column, LeftOut, Table

CUTS = ("fund", "participating_organization", "country", "theme", "year", "project")
_SPLIT = {"country": "geography", "theme": "themes"}
KINDS = (Column("exact", "Exact: earmarked", "money"), Column("modelled", "Modelled: share of the pool", "money"))
_GIVEN = {"deposit": 1, "contributor_refund": -1}
_PAID = {"transfer": 1, "refund": -1}


@dataclass(frozen=True, slots=True)
class OfFund:
    """The contributor's parts of one fund's payments."""

    publisher: str
    fund: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Contribution:
    """All of a contributor's parts; left_out: entries of its funds that could not be converted and so are in no part."""

    funds: list[OfFund]
    lists: Mapping[str, Mapping[str, int]]  # (project, dimension) → the list of shares its money is cut by
    left_out: LeftOut


def of(edition: Edition, contributor: str) -> Contribution:
    """The parts of one contributor in every fund it gave to, in US$."""
    key = ("contribution", contributor)
    if key not in edition.memo:
        edition.memo[key] = _of(edition, contributor)
    found: Contribution = edition.memo[key]
    return found


def behind(edition: Edition, publisher: str, fund: str, project: str, address: Callable[[str], str]) -> Table:
    """Whose money a project of a fund received: exact and modelled by contributor. address: where a contributor's parts are."""
    givers = edition.rows(
        "SELECT DISTINCT contributor FROM facts WHERE publisher = ? AND fund = ? AND movement = 'deposit' ORDER BY 1",
        [publisher, fund],
    )
    found = []
    left = LeftOut()
    for (giver,) in givers:
        contribution = of(edition, giver)
        left = contribution.left_out
        own = [part for f in contribution.funds if (f.publisher, f.fund) == (publisher, fund) for part in f.parts]
        sums = added((giver, WHOLE, part) for part in own if part.paid.project == project).get(giver)
        if sums:
            found.append((giver, sums))
    rows = []
    for giver, sums in sorted(found, key=lambda each: (-max(map(abs, each[1])), each[0])):
        link = f"{address(giver)}?{urlencode({'project': project})}" if giver else ""
        rows.append([Cell(giver or None, why="to be identified"), *(_cell(amount, link) for amount in sums)])
    return Table([Column("contributor", DIMENSIONS["contributor"].label), *KINDS], rows, unit=USD, left_out=left)


def _of(edition: Edition, contributor: str) -> Contribution:
    funds = edition.rows(
        "SELECT DISTINCT publisher, fund FROM facts WHERE contributor = ? AND movement = 'deposit' AND fund <> '' ORDER BY ALL",
        [contributor],
    )
    found: list[OfFund] = []
    lists: dict[str, dict[str, int]] = {}
    without = 0
    currencies: set[str] = set()
    for publisher, fund in funds:
        rows = edition.rows(
            "SELECT f.\"on\", f.movement, f.contributor, coalesce(g.earmark, ''), f.project, f.participating_organization,"
            " max(f.subject), max(f.geography), max(f.themes), sum(f.usd), count(*) FILTER (f.usd IS NULL),"
            " list(DISTINCT f.currency) FILTER (f.usd IS NULL) FROM facts f LEFT JOIN agreements g ON g.code = f.agreement"
            " WHERE f.publisher = ? AND f.fund = ? AND f.movement IN ('deposit', 'contributor_refund', 'transfer', 'refund')"
            " GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY ALL",
            [publisher, fund],
        )
        targets = _targets(edition, {row[6] for row in rows})
        given, paid = [], []
        for (
            on,
            movement,
            giver,
            earmark,
            project,
            organization,
            subject,
            geography,
            themes,
            usd,
            missing,
            which,
        ) in rows:
            without += missing
            currencies.update(code or "unknown" for code in which or ())
            if usd is None:
                continue
            if movement in _GIVEN:
                given.append(Given(on, giver, usd * _GIVEN[movement], earmark))
            else:
                lists[project] = {"country": geography, "theme": themes}
                paid.append(Paid(on, project, organization, usd * _PAID[movement], targets.get(subject, (project,))))
        found.append(OfFund(publisher, fund, parts(contributor, given, paid)))
    return Contribution(found, lists, LeftOut(without, tuple(sorted(currencies))))


def _targets(edition: Edition, subjects: set[int]) -> dict[int, tuple[str, ...]]:
    """What an earmark may name of each project, narrowest first: itself, its windows, and its country where it has one only."""
    if not subjects:
        return {}
    slots = ", ".join("?" * len(subjects))
    rows = edition.rows(
        "SELECT a.key, list_concat(list_value(a.identifier), list_concat("
        f" (SELECT coalesce(list(code ORDER BY code), []) FROM accounts c WHERE c.key = a.key AND c.kind = 'project'),"
        " list_concat((SELECT coalesce(list(m.code ORDER BY m.code), []) FROM memberships m"
        "   WHERE m.key = a.key AND m.dimension = 'window'),"
        " (SELECT CASE WHEN count(*) = 1 THEN list(m.code) ELSE [] END FROM memberships m"
        f"   WHERE m.key = a.key AND m.dimension = 'country')))) FROM activities a WHERE a.key IN ({slots})",
        list(subjects),
    )
    return {key: tuple(codes) for key, codes in rows}


Cut = Callable[[OfFund, Part], Iterable[tuple[str, int]]]


def table(edition: Edition, contribution: Contribution, cut: str, address: str = "") -> Table:
    """Exact and modelled amounts by one of CUTS, largest first. address: where a contributor's parts are listed one by one."""
    codes = _cut(edition, contribution, cut)
    sums = added((code, share, part) for f in contribution.funds for part in f.parts for code, share in codes(f, part))
    order = sorted(sums, key=lambda code: code if cut == "year" else (-max(map(abs, sums[code])), code))
    rows = []
    for code in order:
        link = f"{address}?{urlencode({cut: code})}"
        rows.append([Cell(code or None, why="not stated"), *(_cell(amount, link) for amount in sums[code])])
    whole = added(("", WHOLE, part) for f in contribution.funds for part in f.parts).get("", ())
    total = [Cell("", label="Total"), *(_cell(amount, address) for amount in whole)] if whole else None
    return Table([Column(cut, DIMENSIONS[cut].label), *KINDS], rows, total, unit=USD, left_out=contribution.left_out)


def steps(edition: Edition, contribution: Contribution, cut: str = "", code: str = "") -> Table:
    """The parts behind a cell of a table, by date, with running totals; cut "" is all of them."""
    codes = _cut(edition, contribution, cut) if cut else None
    columns = [
        Column("on", "Date", "date"),
        Column("fund", "Fund"),
        Column("project", "Project"),
        Column("participating_organization", "Participating organization"),
        Column("paid", "Transfer, or refund", "money"),
        Column("own", "Its deposits until then", "money"),
        Column("all", "All deposits until then", "money"),
        *KINDS,
        Column("running_exact", "Running total, exact", "money"),
        Column("running_modelled", "Running total, modelled", "money"),
    ]
    chosen = [
        (f, part, share)
        for f in contribution.funds
        for part in f.parts
        for each, share in (codes(f, part) if codes else [(code, WHOLE)])
        if each == code
    ]
    chosen.sort(key=lambda item: (item[1].paid.on, item[0].fund, item[1].paid.project, item[1].paid.organization))
    rows, exact, modelled = [], Decimal(0), Decimal(0)
    for f, part, share in chosen:
        ((own_exact, own_modelled),) = added([("", share, part)]).values()
        exact, modelled = EXACT.add(exact, own_exact), EXACT.add(modelled, own_modelled)
        named = (f.fund, part.paid.project, part.paid.organization)
        amounts = (part.paid.amount, part.own, part.all, own_exact, own_modelled, exact, modelled)
        rows.append(
            [Cell(part.paid.on.isoformat()), *(Cell(n or None, why="not stated") for n in named), *map(Cell, amounts)]
        )
    return Table(columns, rows, unit=USD, left_out=contribution.left_out)


def _cut(edition: Edition, contribution: Contribution, cut: str) -> Cut:
    """What a part is added to under a cut: codes with their shares in millionths."""
    shares = _shares(edition, contribution, cut) if cut in _SPLIT else {}
    plain: dict[str, Callable[[OfFund, Part], str]] = {
        "fund": lambda of_fund, part: of_fund.fund,
        "year": lambda of_fund, part: str(part.paid.on.year),
        "project": lambda of_fund, part: part.paid.project,
        "participating_organization": lambda of_fund, part: part.paid.organization,
    }
    if cut in plain:
        return lambda of_fund, part: [(plain[cut](of_fund, part), WHOLE)]
    return lambda of_fund, part: shares.get(part.paid.project) or [("", WHOLE)]


def _cell(amount: Decimal, link: str) -> Cell:
    return Cell(amount, link=link) if amount else Cell(None, why="none")


def _shares(edition: Edition, contribution: Contribution, cut: str) -> dict[str, list[tuple[str, int]]]:
    wanted = {lists[cut] for lists in contribution.lists.values() if lists[cut] is not None}
    if not wanted:
        return {}
    slots = ", ".join("?" * len(wanted))
    of_list: dict[Any, list[tuple[str, int]]] = {}
    for number, code, share in edition.rows(
        f"SELECT list, code, share FROM shares WHERE dimension = ? AND list IN ({slots}) ORDER BY ALL", [cut, *wanted]
    ):
        of_list.setdefault(number, []).append((code, share))
    return {project: of_list.get(lists[cut], []) for project, lists in contribution.lists.items()}
