"""The consolidated annual report: the secretariat's narrative, the agent's signed financial part, and who was told of it.

What is signed is one version: its figures asked at one position of the chain, its files kept under their hashes. A later
one is a new version, with a reason.
"""

import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.db.models import Q, Sum

from quipu.actions import documents, history, keeping, mandates
from quipu.actions.history import Thing
from quipu.actions.returns import owing, surveying
from quipu.actions.tell import write
from quipu.books import models, office, statements
from quipu.books import returns as ledger
from quipu.books.statements import Moment
from quipu.files import csv, report, xlsx
from quipu.rules import narrative
from quipu.rules.findings import Finding, Refused
from quipu.rules.kinds import INTERIM
from quipu.rules.mandates import Role, Scope
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
        if not _funds(fund, year):
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


def _funds(fund: str, year: int) -> list[str]:
    """The funds that a report speaks of: those in which somebody had work."""
    found = {part.fund for part in ledger.participations() if part.reports_on(year)}
    return sorted(one for one in found if fund in ("", one))


@dataclass(frozen=True, slots=True)
class Told:
    """What a project's people told of it: its sections in a language, and the narrative reports of the year."""

    project: Any
    sections: tuple[Any, ...]
    papers: tuple[Any, ...]


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
    found = []
    for project in projects:
        told = [one for one in last[project.code].values() if one.text.strip()]
        told.sort(key=lambda one: narrative.place(narrative.PROJECT, one.section))
        found.append(Told(project, tuple(told), tuple(papers[project.code])))
    return found


def assemble(fund: str, year: int, language: str) -> str:
    """The narrative as the programmes tell it, in Markdown: a chapter for each project that told something."""
    parts = []
    for one in of_programmes(fund, year, language):
        if not (one.sections or one.papers):
            continue
        parts.append(f"## {one.project.title or one.project.code}")
        for section in one.sections:
            heading, number = narrative.heading(section.section)
            title = section.title or f"{heading} {number or ''}".strip()
            parts += [f"### {title}", section.text.strip()]
        parts += [f"- {documents.title_of(paper, language)} ({paper.on})" for paper in one.papers]
    return "\n\n".join(parts)


def lacks(record: Any) -> list[str]:
    """What is missing in it, each named: narratives of projects, and what organizations owe."""
    fund, year = record.fund_id or "", record.year
    language = next(iter(record.narrative), "en")
    found = [
        f"narrative/{one.project.code}"
        for one in of_programmes(fund, year, language)
        if not (one.sections or one.papers)
    ]
    owed = owing.owed([year])
    for code in _funds(fund, year):
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
    funds = models.Fund.objects.filter(code__in=_funds("", record.year)).order_by("code")
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
        fund__in=_funds(record.fund_id or "", record.year),
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
        book = xlsx.document([*figures.values()], _title(record))
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


def _title(record: Any) -> str:
    whose = (record.fund.title or record.fund_id) if record.fund_id else "All funds"
    return f"Consolidated annual report {record.year}: {whose}"


def _names() -> dict[str, str]:
    names = dict(models.Project.objects.values_list("code", "title"))
    return names | dict(models.Organization.objects.values_list("code", "title"))


def _page(record: Any) -> report.Page:
    names = _names()
    language = next((one for one in LANGUAGES if one in record.narrative), "en")
    return report.Page(
        title=_title(record),
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


# Making it public


def make_document(*, by: str, record: Any, reason: str = "") -> Any:
    """The signed file as a public document of the fund, in one act. Raises Refused.

    reason: why it goes out though details of people may be in its words. Answers the document, which may wait for a
    second person where its fund asks for that.
    """
    if record.signed_at is None:
        raise Refused(Finding("report-unsigned", ""))
    if record.document_id:
        raise Refused(Finding("report-public", ""))
    if not keeping.path(record.pdf).exists():
        raise Refused(Finding("document-no-file", ""))
    fund = record.fund_id or _funds("", record.year)[0]
    with tempfile.TemporaryDirectory() as folder, history.whole():
        history.alone(thing(record), None)
        record.refresh_from_db()
        if record.document_id:
            raise Refused(Finding("report-public", ""))
        file = Path(folder) / f"consolidated-report-{record.year}.pdf"
        file.write_bytes(keeping.path(record.pdf).read_bytes())
        version = documents.hand_in(by=by, file=file, name=file.name, fund=fund, type_="financial-report")
        document = version.document
        earlier = [one for one in versions(record) if one.document_id and one.version < record.version]
        told = documents.Told(
            titles={"en": _title(record)},
            type="financial-report",
            on=str(record.signed_at.date()),
            languages=[*record.narrative] or ["en"],
            fund=fund,
            supersedes=earlier[0].document_id if earlier else "",
        )
        documents.amend(by=by, document=document, told=told)
        wish = documents.Wish({}, reason=reason)
        documents.publish(by=by, version=version, wish=wish, today=office.today())
        record.document = document
        record.save(update_fields=["document"])
        history.keep(by=by, verb="publish", thing=thing(record), after={"document": document.code}, is_public=True)
    return document


# Telling contributors


@dataclass(frozen=True, slots=True)
class Reader:
    """A contributor of the report's fund, and the people here who speak for it. told: whom already, when."""

    organization: str
    title: str
    people: tuple[Any, ...]
    told: tuple[Any, ...] = ()

    @property
    def waiting(self) -> list[Any]:
        """Who was not told yet."""
        known = {one.person for one in self.told}
        return [person for person in self.people if person.pk not in known]


def contributors(record: Any) -> list[Reader]:
    """Every contributor of its fund, or of all funds, by name; also those for whom nobody works here."""
    agreed = models.Agreement.objects.all()
    paid = models.Entry.objects.filter(contributor__isnull=False, year__lte=record.year)
    if record.fund_id:
        agreed, paid = agreed.filter(fund=record.fund_id), paid.filter(fund=record.fund_id)
    codes = {*agreed.values_list("contributor", flat=True), *paid.values_list("contributor", flat=True).distinct()}
    bodies = models.Organization.objects.filter(code__in=codes).order_by("title", "code")
    told: dict[str, list[Any]] = defaultdict(list)
    for one in models.Told.objects.filter(report=record).order_by("at", "pk"):
        told[one.organization_id].append(one)
    held = mandates.in_force(Role.CONTRIBUTOR, office.today()).filter(organization__in=codes)
    if record.fund_id:
        held = held.filter(Q(fund=None) | Q(fund=record.fund_id))
    held = held.select_related("person").order_by("person__name", "pk")
    people: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in held:
        if one.person.is_active:
            people[one.organization_id][one.person_id] = one.person
    return [
        Reader(body.code, body.title or body.code, tuple(people[body.code].values()), tuple(told[body.code]))
        for body in bodies
    ]


SUBJECT = "The consolidated annual report is out"
TEXT = "The consolidated annual report %(thing)s was signed on %(day)s. Its words and figures are at the address below."


def tell_contributors(*, by: str, record: Any) -> int:
    """Tells every contributor who was not told yet; how many people. Raises Refused."""
    with history.whole():
        history.alone(thing(record), None)
        record.refresh_from_db()
        if record.signed_at is None:
            raise Refused(Finding("report-unsigned", ""))
        waiting = [(reader, person) for reader in contributors(record) for person in reader.waiting]
        if not waiting:
            raise Refused(Finding("report-told", ""))
        for reader, person in waiting:
            key = f"report {record.pk} {reader.organization} {person.pk}"
            write(
                to=f"person {person.pk}",
                subject=SUBJECT,
                text=TEXT,
                address=f"/desk/years/reports/{record.pk}/for/{reader.organization}",
                values={"thing": name_of(record), "day": str(record.signed_at.date())},
                key=key,
            )
            mail = models.Mail.objects.filter(key=key).values_list("pk", flat=True).first()
            models.Told.objects.create(
                report=record, organization_id=reader.organization, person=person.pk, mail=mail, at=datetime.now(UTC)
            )
        history.keep(
            by=by,
            verb="tell",
            thing=thing(record),
            after={"people": len(waiting), "organizations": sorted({reader.organization for reader, _ in waiting})},
        )
    return len(waiting)


def unsigned() -> list[Any]:
    """Reports that nobody has signed yet."""
    return list(models.Report.objects.filter(signed_at=None).select_related("fund").order_by("year", "fund"))
