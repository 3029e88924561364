"""The consolidated annual report: the secretariat's narrative, and the agent's signed financial part.

What is signed is one version: its figures asked at one position of the chain, its files kept under their hashes. A later
one is a new version, with a reason.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Sum

from quipu.actions import documents, history, keeping
from quipu.actions.history import Thing
from quipu.actions.monitoring.facts import lacking
from quipu.actions.returns import owing, surveying
from quipu.books import models, office, statements
from quipu.books import returns as ledger
from quipu.books.statements import Moment
from quipu.files import csv, report, xlsx
from quipu.rules import monitoring, narrative
from quipu.rules.findings import Finding, Refused
from quipu.rules.kinds import INTERIM
from quipu.rules.mandates import Scope
from quipu.rules.money import of_minor_units
from quipu.rules.returns import obligations as rules
from quipu.rules.table import Table

LANGUAGES = ("en", "es", "fr")
LONGEST = 200_000  # characters of a narrative
WRITING, SIGNING = "write reports", "sign reports"
PORTFOLIO, FIRST = "portfolio", "sources-and-uses"


def scope_of(record: Any) -> Scope:
    """Whose it is; a report of all funds is everybody's."""
    return Scope(record.fund_id or "")


def thing(record: Any) -> Thing:
    """A report as history knows it."""
    return Thing("report", str(record.pk), scope_of(record))


def name_of(record: Any) -> str:
    """What it is called in a sentence."""
    version = f" ({record.version})" if record.version > 1 else ""
    return f"{record.fund_id or ''} {record.year}{version}".strip()


def latest(fund: str, year: int) -> Any:
    """The last version; None before the first."""
    return models.Report.objects.filter(fund=fund or None, year=year).order_by("-version").first()


def versions(record: Any) -> list[Any]:
    """All versions of the same report, the last one first."""
    return list(models.Report.objects.filter(fund=record.fund_id, year=record.year).order_by("-version"))


# Beginning and writing


def begin(*, by: str, fund: str, year: int, reason: str = "", language: str = "en") -> Any:
    """A report with the narrative as the programmes tell it, or the version that is open already. Raises Refused.

    fund: "" for all funds. reason: why there is a further version after a signed one.
    """
    with history.whole():
        history.alone(Thing("reports", f"{fund} {year}"), None)
        last = latest(fund, year)
        if last is not None and last.signed_at is None:
            return last
        found = []
        if last is not None and not reason.strip():
            found.append(Finding("reason-missing", "reason"))
        if year >= office.today().year:
            found.append(Finding("report-early", "year"))
        if not funds_of(fund, year):
            found.append(Finding("report-no-fund", "fund"))
        if "\0" in reason:
            found.append(Finding("text-unreadable", "reason"))
        if found:
            raise Refused(*found)
        text = assemble(fund, year, language)
        record = models.Report.objects.create(
            fund_id=fund or None,
            year=year,
            version=last.version + 1 if last else 1,
            narrative=dict(last.narrative) if last else {language: text} if text else {},
            reason=reason.strip(),
            by=by,
            at=datetime.now(UTC),
        )
        record.lacks = lacks(record)
        record.save(update_fields=["lacks"])
        history.keep(
            by=by, verb="begin", thing=thing(record), after={"year": year, "version": record.version}, reason=reason
        )
    return record


def tell_narrative(*, by: str, record: Any, language: str, text: str, seen: int | None = None) -> None:
    """The narrative in a language, before the report is signed. Raises Refused."""
    with history.whole():
        history.alone(thing(record), seen)
        record.refresh_from_db()
        found = []
        if record.signed_at is not None:
            found.append(Finding("report-signed", ""))
        if language not in LANGUAGES:
            found.append(Finding("section-language", "language"))
        if "\0" in text or len(text) > LONGEST:
            found.append(Finding("text-unreadable", "text"))
        if found:
            raise Refused(*found)
        before, text = dict(record.narrative), text.replace("\r\n", "\n").strip()
        record.narrative = {**before, language: text} if text else {k: v for k, v in before.items() if k != language}
        record.save(update_fields=["narrative"])
        history.keep(
            by=by,
            verb="write",
            thing=thing(record),
            before={language: before.get(language, "")},
            after={language: text},
        )


def funds_of(fund: str, year: int) -> list[str]:
    """The funds that a report speaks of: those in which somebody had work."""
    found = {part.fund for part in ledger.participations() if part.reports_on(year)}
    return sorted(one for one in found if fund in ("", one))


@dataclass(frozen=True, slots=True)
class Told:
    """What a project's people told of it: its sections in a language, and the narrative reports of the year.

    narrative: the last version of the one that was written here, in whatever state; None where none was begun.
    """

    project: Any
    sections: tuple[Any, ...]
    papers: tuple[Any, ...]
    narrative: Any = None

    @property
    def is_accepted(self) -> bool:
        """Whether the secretariat accepted a narrative that was written here."""
        return self.narrative is not None and self.narrative.state == monitoring.State.ACCEPTED

    @property
    def told(self) -> bool:
        """Whether anything was told of it."""
        return bool(self.sections or self.papers or self.is_accepted)


def of_programmes(fund: str, year: int, language: str) -> list[Told]:
    """Each project at work in the year with what was told of it; nothing where it is missing."""
    at_work = {
        part.project
        for part in ledger.participations()
        if fund in ("", part.fund) and part.reports_on(year) and part.project
    }
    projects = models.Project.objects.filter(code__in=at_work).order_by("fund", "code")
    last: dict[str, dict[str, Any]] = defaultdict(dict)
    sections = models.Section.objects.filter(
        kind=narrative.PROJECT, code__in=at_work, language=language, state=narrative.PUBLIC
    )
    for one in sections.order_by("id"):
        last[one.code][one.section] = one
    papers: dict[str, list[Any]] = defaultdict(list)
    for paper in models.Document.objects.filter(type=rules.DOCUMENT, project__in=at_work).order_by("on", "code"):
        if rules.year_told(paper.on) == year:
            papers[paper.project_id].append(paper)
    written: dict[str, Any] = {}
    for one in models.Narrative.objects.filter(project__in=at_work, year=year).order_by("version"):
        before = written.get(one.project_id)
        if before is None or one.state == monitoring.State.ACCEPTED or before.state != monitoring.State.ACCEPTED:
            written[one.project_id] = one  # an accepted one stands until its next version is
    found = []
    for project in projects:
        told = [one for one in last[project.code].values() if one.text.strip()]
        told.sort(key=lambda one: narrative.place(narrative.PROJECT, one.section))
        found.append(Told(project, tuple(told), tuple(papers[project.code]), written.get(project.code)))
    return found


def assemble(fund: str, year: int, language: str) -> str:
    """The narrative as the programmes tell it, in Markdown: a chapter for each project that told something.

    A narrative of the year that the secretariat accepted speaks for its programme; else its factsheet does.
    """
    parts = []
    for one in of_programmes(fund, year, language):
        if not one.told:
            continue
        parts.append(f"## {one.project.title or one.project.code}")
        if one.is_accepted:
            parts += _accepted(one.narrative, language)
        for section in one.sections if not one.is_accepted else ():
            heading, number = narrative.heading(section.section)
            title = section.title or f"{heading} {number or ''}".strip()
            parts += [f"### {title}", section.text.strip()]
        parts += [f"- {documents.title_of(paper, language)} ({paper.on})" for paper in one.papers]
    return "\n\n".join(parts)


def _accepted(record: Any, language: str) -> list[str]:
    """What a programme wrote of its year, each part in that language or the first there is, and what it named as missing."""
    found = []
    for part, heading in monitoring.PARTS.items():
        _, text = monitoring.told_in(record.parts.get(part, {}), language)
        if text:
            found += [f"### {heading}", text]
    missing = [sentence % {"what": what} for sentence, what in (lacking(one, record.facts) for one in record.lacks)]
    if missing:
        found += ["### Missing in this narrative", "\n".join(f"- {one}" for one in missing)]
    return found


def lacks(record: Any) -> list[str]:
    """What is missing in it, each named: narratives of projects, and what organizations owe.

    A narrative that was begun here and not accepted is named with where it stands.
    """
    fund, year = record.fund_id or "", record.year
    language = next(iter(record.narrative), "en")
    found = []
    for one in of_programmes(fund, year, language):
        if one.narrative is not None and not one.is_accepted:
            found.append(f"narrative/{one.project.code}/{one.narrative.state}")
        elif not one.told:
            found.append(f"narrative/{one.project.code}")
    owed = owing.owed([year])
    for code in funds_of(fund, year):
        missing = [one for one in surveying.lacking(owed, code) if one.duty != rules.NARRATIVE]
        found += [f"{code}: {surveying.named(one)}" for one in missing]
    return found


# Figures


def position() -> int:
    """Where the chain ends now."""
    return int(models.Posting.objects.order_by("-position").values_list("position", flat=True).first() or 0)


def tables(record: Any, head: int) -> dict[str, Table]:
    """The financial part, by the name of each table: a fund's report; of all, the portfolio and each fund's table 1."""
    moment = Moment(date(record.year, 12, 31), head)
    about = {"as_of": str(moment.until), "year": str(record.year), "known_on": f"#{head}"}
    if record.fund_id:
        found = statements.annual_report(record.fund_id, record.year, moment)
        for name, table in found.items():
            table.about = {"fund": record.fund_id, "fund_name": record.fund.title, **about, "statement": name}
        return found
    found = {}
    funds = models.Fund.objects.filter(code__in=funds_of("", record.year)).order_by("code")
    for currency in sorted({one.currency for one in funds}):
        table = statements.consolidated_portfolio(currency, moment)
        table.title = f"{table.title}, {currency}"
        table.about = {**about, "statement": f"{PORTFOLIO} {currency}"}
        found[f"{PORTFOLIO} {currency}"] = table
    for fund in funds:
        table = statements.annual_table(fund.code, FIRST, record.year, moment)
        table.title = f"{fund.title or fund.code}: {table.title}"
        table.about = {"fund": fund.code, "fund_name": fund.title, **about, "statement": f"{fund.code} {FIRST}"}
        found[f"{fund.code} {FIRST}"] = table
    return found


def interim(record: Any, head: int) -> list[str]:
    """What of the spending is not certified, by fund, as it is known at a position: a sentence each."""
    entries = models.Entry.objects.filter(
        fund__in=funds_of(record.fund_id or "", record.year),
        movement__in=ledger.SPENDING,
        standing=INTERIM,
        year__lte=record.year,
        posting__lte=head,
    )
    sums = entries.values_list("fund", "currency").annotate(Sum("amount")).order_by("fund")
    return [
        f"{fund}: spending holds {of_minor_units(units, currency):,f} {currency} that is interim and not certified."
        for fund, currency, units in sums
        if units
    ]


def content_of(record: Any, figures: Mapping[str, Table]) -> str:
    """What is signed, as canonical text: the narrative, what is missing, and the hash of every table."""
    said = {
        "fund": record.fund_id or "",
        "year": record.year,
        "version": record.version,
        "narrative": record.narrative,
        "lacks": record.lacks,
        "head": record.head,
        "interim": interim(record, record.head),
        "tables": {name: hashlib.sha256(csv.draw(table)).hexdigest() for name, table in figures.items()},
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


# Signing


def sign(*, by: str, record: Any, statement: str, seen: int | None = None) -> None:
    """An approver of the agent signs the figures; both files are drawn and kept. Raises Refused.

    Whoever wrote a word of the narrative does not sign.
    """
    with history.whole():
        history.alone(thing(record), seen)
        record.refresh_from_db()
        found = []
        if record.signed_at is not None:
            found.append(Finding("report-signed", ""))
        if not statement.strip():
            found.append(Finding("report-statement", "agreed"))
        if by in writers(record):
            found.append(Finding("report-own", ""))
        if found:
            raise Refused(*found)
        record.head, record.lacks = position(), lacks(record)
        figures = tables(record, record.head)
        record.statement = statement.strip()
        record.digest = hashlib.sha256(content_of(record, figures).encode()).hexdigest()
        record.signed_by, record.signed_at = by, datetime.now(UTC)
        drawn = report.draw(_page(record), figures, record.signed_at.replace(microsecond=0))
        names = _names()
        lacking = [f"Missing: {said_in_english(one, names)}" for one in record.lacks]
        next(iter(figures.values())).notes += [*interim(record, record.head), *lacking]
        book = xlsx.document([*figures.values()], title_of(record))
        record.pdf, record.xlsx = keeping.keep([drawn]).sha256, keeping.keep([book]).sha256
        record.save()
        history.keep(
            by=by,
            verb="sign",
            thing=thing(record),
            after={"digest": record.digest, "head": record.head, "pdf": record.pdf, "xlsx": record.xlsx},
            reason=record.statement,
            is_public=True,
        )


def writers(record: Any) -> set[str]:
    """Who wrote a word of its narrative."""
    acts = models.History.objects.filter(kind="report", code=str(record.pk), verb="write")
    return set(acts.values_list("by", flat=True))


def preview(record: Any) -> bytes:
    """The report as it would be signed now, marked as a draft."""
    head = position()
    record.lacks = lacks(record)
    return report.draw(_page(record), tables(record, head))


def title_of(record: Any) -> str:
    """What its files and its document are called."""
    whose = (record.fund.title or record.fund_id) if record.fund_id else "All funds"
    return f"Consolidated annual report {record.year}: {whose}"


def _names() -> dict[str, str]:
    names = dict(models.Project.objects.values_list("code", "title"))
    return names | dict(models.Organization.objects.values_list("code", "title"))


def _page(record: Any) -> report.Page:
    names = _names()
    language = next((one for one in LANGUAGES if one in record.narrative), "en")
    return report.Page(
        title=title_of(record),
        language=language,
        narrative={one: text for one, text in record.narrative.items() if text},
        interim=interim(record, position() if record.head is None else record.head),
        lacks=[said_in_english(one, names) for one in record.lacks],
        statement=record.statement,
        signed=f"{history.name_of(record.signed_by)}, {record.signed_at:%Y-%m-%d %H:%M} UTC"
        if record.signed_at
        else "",
        digest=record.digest,
        version=record.version,
        reason=record.reason,
    )


DUTY_WORDS = {
    rules.ANNUAL: "annual return",
    rules.NARRATIVE: "narrative",
    rules.FINAL: "final statement",
    rules.INTERIM: "interim figures",
}


def said_in_english(lack: str, names: Mapping[str, str]) -> str:
    """One of `lacks` as the file tells it, with names for codes."""
    fund, _, rest = lack.rpartition(": ")
    duty, who, *state = rest.split("/", 2)
    whose = " ".join(names.get(word) or word for word in who.split(" "))
    told = f"{whose}: {DUTY_WORDS.get(duty, duty)}"
    return (f"{fund}: " if fund else "") + told + (f" ({state[0]})" if state else "")


def unsigned() -> list[Any]:
    """Reports that nobody has signed yet."""
    return list(models.Report.objects.filter(signed_at=None).select_related("fund").order_by("year", "fund"))
