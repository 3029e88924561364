"""Quality: what is wrong or missing in an edition, case by case, with whose it is and what mends it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quipu.edition import gaps
from quipu.edition.open import Edition
from quipu.rules.findings import RULES, SEVERITIES, WARNING
from quipu.rules.gaps import GAPS
from quipu.rules.money import plain
from quipu.rules.movements import POOLED

MOST = 2_000  # cases; whoever has more begins with these
MONEY, RETURNS, WORDS, PAPERS, RECORDS = (
    "draft vouchers",
    "read own lines",
    "edit narratives",
    "keep documents",
    "keep projects",
)
# Which verb mends a gap: whoever may it, where the case is, is asked to.
_MENDS = {
    **dict.fromkeys(("not_reported", "late", "after_closure", "left_over", "negative_balance"), RETURNS),
    **dict.fromkeys(("unidentified_contributor", "unnamed_receiver", "unnamed_spender", "negative_fund"), MONEY),
    "no_reference": "keep organizations",
    **dict.fromkeys(("no_country", "no_sector", "no_place"), RECORDS),
    "overdue": "change statuses",
}
MISSING = {
    "start-missing": ("Start date not stated", "State when the work begins.", RECORDS),
    "overview-missing": ("Nothing says what it does", "Write an overview of a few sentences.", WORDS),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to mend. fund, project, organization: codes of the books, "" for none; identifier: of its public page.

    verb: whoever may it here can mend it. detail: what it is about, and its figures; an answer counts as long as it stays.
    document: the code of a document of the desk, "" for what no document is about.
    """

    rule: str
    label: str
    remedy: str
    verb: str
    severity: str = WARNING
    fund: str = ""
    project: str = ""
    organization: str = ""
    identifier: str = ""
    title: str = ""
    detail: str = ""
    amount: Decimal | None = None  # in US$
    source: int | None = None  # of the file, where it stands in one
    line: int = 0
    document: str = ""

    @property
    def code(self) -> str:
        """The same case is the same code in every edition, as long as it says the same."""
        amount = "" if self.amount is None else plain(self.amount)
        said = "\n".join(
            (self.rule, self.fund, self.project, self.organization, self.identifier, self.detail, amount)
            + ((self.document,) if self.document else ())
        )
        return hashlib.sha256(said.encode()).hexdigest()[:20]


def cases(edition: Edition) -> list[Case]:
    """Everything to mend in what an edition shows of the books, the gravest first; asked once of an edition."""
    if "quality" not in edition.memo:
        found = [*_of_gaps(edition), *_of_records(edition), *_of_files(edition)]
        edition.memo["quality"] = in_order(found)
    told: list[Case] = edition.memo["quality"]
    return told


def in_order(found: list[Case]) -> list[Case]:
    """The gravest first, and not more than anybody could read."""
    found.sort(key=lambda case: (SEVERITIES.index(case.severity), case.fund, case.project, case.rule, case.detail))
    return found[:MOST]


def accounts(edition: Edition) -> dict[str, tuple[str, str, str]]:
    """(fund, project, title) by identifier of what the books know."""
    rows = edition.rows(
        "SELECT a.identifier, c.fund, CASE WHEN c.kind = 'project' THEN c.code ELSE '' END, a.title"
        " FROM accounts c JOIN activities a USING (key)"
    )
    return {identifier: (fund, project, title) for identifier, fund, project, title in rows}


def _of_gaps(edition: Edition) -> Iterator[Case]:
    """The gaps of pooled money, case by case."""
    asked, known = gaps.ask(edition), accounts(edition)
    names = dict(edition.rows("SELECT organization, name FROM organizations"))
    bodies = dict(edition.rows("SELECT identity, min(code) FROM bodies GROUP BY identity"))
    for gap in GAPS:
        amounts: dict[tuple[str, ...], Any] = {}
        for each in asked.cases.get((gap.name, POOLED), []):
            amounts[each.codes] = amounts.get(each.codes, 0) + (each.amount or 0)
        for codes, amount in amounts.items():
            named = dict(zip(gap.cut(POOLED), codes, strict=True))
            identifier = named.get("project") or named.get("fund", "")
            if identifier not in known:
                continue
            fund, project, title = known[identifier]
            body = named.get("participating_organization", "")
            told = [names.get(body, body), named.get("year", ""), named.get("until", "")]
            detail = " · ".join(filter(None, told))
            yield Case(
                gap.name, gap.label, gap.remedy, _MENDS[gap.name], WARNING, fund, project, bodies.get(body, ""), identifier,
                title, detail, amount or None,
            )  # fmt: skip


def _of_records(edition: Edition) -> Iterator[Case]:
    """What the records of funds and projects lack."""
    known = accounts(edition)
    missing = {
        "start-missing": "a.key NOT IN (SELECT key FROM spans)",
        "overview-missing": "NOT EXISTS (SELECT 1 FROM pages p WHERE p.key = a.key AND p.texts LIKE '%\"description\"%')",
    }
    for rule, condition in missing.items():
        label, remedy, verb = MISSING[rule]
        rows = edition.rows(
            "SELECT a.identifier FROM activities a WHERE a.key IN (SELECT key FROM accounts WHERE kind = 'project')"
            f" AND {condition} ORDER BY 1"
        )
        for (identifier,) in rows:
            fund, project, title = known[identifier]
            yield Case(rule, label, remedy, verb, WARNING, fund, project, "", identifier, title)


def _of_files(edition: Edition) -> Iterator[Case]:
    """What was wrong in the files behind what the books know."""
    known = accounts(edition)
    rows = edition.rows(
        "SELECT f.identifier, f.rule, f.severity, f.detail, f.source, f.line FROM findings f"
        " WHERE f.severity IN ('critical', 'error', 'warning') AND f.rule <> 'activity-duplicate'"  # books go before files
        " AND f.identifier IN (SELECT a.identifier FROM accounts c JOIN activities a USING (key))"
        " ORDER BY f.source, f.line, f.ordinal LIMIT ?",
        [MOST],
    )
    for identifier, rule, grade, detail, source, line in rows:
        fund, project, title = known[identifier]
        said = RULES[rule].sentence  # what happened, and what to do
        yield Case(rule, said, "", RECORDS, grade, fund, project, "", identifier, title, detail, None, source, line)
