"""Pack the books of a fund and a year for its auditors: statements, vouchers, documents, the chain, and how to check them."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from quipu.books import beancount, excerpt, models
from quipu.books.statements import (
    Moment,
    annual_report,
    available_to_allocate,
    contributor_statement,
    fund_trial_balance,
    statement_of_account,
)
from quipu.books.totals import of_fund
from quipu.files import archive, csv, pdf, xlsx
from quipu.files import pack as page
from quipu.rules import journal as journals
from quipu.rules import pack as shown
from quipu.rules.beancount import COMPARED, Compared, escaped
from quipu.rules.beancount import Voucher as Drawn
from quipu.rules.journal import Voucher
from quipu.rules.money import exponent
from quipu.rules.pack import Link
from quipu.rules.statements import funding_status
from quipu.rules.table import Cell, Column, Table

NAMED = re.compile(r"([0-9a-f]{64})([A-Za-z0-9._-]{0,100})")  # a document's file: its hash and what follows it
ZIP, ACCOUNT = ".zip", "account-"
# What is where, as the page tells it.
PARTS = (
    (
        "statements/",
        "each statement and each table of the annual report, as CSV and as workbook; the report as a whole, also as PDF",
    ),
    (
        "vouchers.csv",
        "every entry of the year with its voucher, its hashes and who recorded it; vouchers.jsonl as data",
    ),
    ("documents.csv", "the documents behind them; documents/ holds those that were at hand"),
    ("decisions.csv", "status changes, closed years, extensions, allocations"),
    ("chain.jsonl", "the chain from its first link on, one a line; this fund's links with their sealed words"),
    ("head.json", "where the chain ended"),
    ("fund.journal", "this fund's books from the beginning, as text that Quipu reads"),
    ("fund.beancount", "the same as a Beancount journal"),
    ("balances.csv", "which of its accounts belong to which rows of the funding status"),
    ("check_chain.py, check_journal.py", "two short programs to check with"),
    ("SHA256SUMS", "the SHA-256 of every file here"),
)


class NoPack(Exception):
    """A pack cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Where a pack was written, how many files it has, and the chain's head that it states."""

    out: Path
    files: int
    position: int
    hash: str


def pack(
    *,
    fund: str,
    year: int,
    as_of: date | None = None,
    known: int | None = None,
    documents: Path,
    out: Path | None = None,
) -> Packed:
    """Writes the pack of a fund's year as a folder, or where out ends in .zip as one file. Raises NoPack.

    as_of: a day of the year, its last one by default. known: a position of the chain, its head by default. documents:
    the folder with files named by their SHA-256. The same books, position and documents give the same bytes.
    """
    record = models.Fund.objects.filter(code=fund).first()
    if record is None:
        raise NoPack(f"There is no fund “{fund}” in the books.")
    until = as_of or date(year, 12, 31)
    if until.year != year:
        raise NoPack(f"{until} is no day of {year}.")
    name = f"{quote(fund, safe='')}-{year}-pack"
    place = out or Path(f"{name}{ZIP}")
    if place.exists():
        raise NoPack(f"{place} is there already. Name another place, or remove it.")
    try:
        chain = list(excerpt.links(fund, _position(known)))
    except excerpt.NotAsSealed as error:
        raise NoPack(f"The books are not as they were sealed, so no pack is made of them. {error}") from None
    last = chain[-1]
    files = _Packing(record, year, Moment(until, last.position), chain, documents).files()
    _write(files, place, name, _moment(last))
    return Packed(place, len(files), last.position, last.hash)


def _position(known: int | None) -> int:
    last = models.Posting.objects.order_by("-position").values_list("position", flat=True).first() or 0
    position = last if known is None else known
    if not 0 < position <= last:
        raise NoPack(f"The chain has {last} links, so nothing is known at link {position}.")
    return position


def _moment(link: Link) -> datetime:
    """The second it was recorded in: the moment that all files of the pack name as theirs."""
    return max(datetime.fromisoformat(link.recorded_at).astimezone(UTC).replace(microsecond=0), archive.FIRST)


def _write(files: archive.Files, place: Path, name: str, moment: datetime) -> None:
    try:
        if place.suffix == ZIP:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(archive.zipped(files, name, moment))
        else:
            archive.unpacked(files, place, moment)
    except OSError as error:
        raise NoPack(f"The pack cannot be written to {place}: {error.strerror}.") from None


class _Packing:
    """The files of one pack."""

    def __init__(self, record: models.Fund, year: int, moment: Moment, chain: Sequence[Link], documents: Path) -> None:
        self.record, self.year, self.moment, self.chain, self.documents = record, year, moment, chain, documents
        self.fund, self.currency = str(record.code), str(record.currency)
        self.until, self.position = moment.until or date.max, chain[-1].position
        self.own = [link for link in chain if link.is_own]
        self.of_year = [link for link in self.own if link.is_of_year(year)]
        self.keys = {link.position: link.key for link in self.own}
        self.sums = of_fund(self.fund, until=self.until, known=self.position)
        self.status = funding_status.amounts(self.sums)

    def files(self) -> dict[str, bytes | Path]:
        """All of them, in their order."""
        papers, there = self._documents()
        facts = self._facts(len(papers.rows), len(there))
        made: dict[str, bytes | Path] = {"README.html": page.page(facts), "README.txt": page.text(facts)}
        made |= {name: page.program(name).encode() for name in page.PROGRAMS}
        made["head.json"] = _json(self._head(), indent=1)
        made["chain.jsonl"] = _lines(map(shown.chained, self.chain))
        made["fund.journal"] = journals.write(excerpt.journal(self.fund, self.own)).encode()
        made["fund.beancount"] = self._beancount().encode()
        made["balances.csv"] = csv.draw(self._balances())
        made["vouchers.csv"] = csv.draw(shown.vouchers(self.of_year, self.keys))
        made["vouchers.jsonl"] = _lines(shown.voucher_records(self.of_year, self.keys))
        made["decisions.csv"] = csv.draw(shown.decisions(self.of_year))
        made["documents.csv"] = csv.draw(papers)
        report = annual_report(self.fund, self.year, self.moment)
        for name, table in (*self._statements(), *report.items()):
            table.about = self._about(name, of_year=name in report or name.startswith(ACCOUNT))
            made |= {f"statements/{name}.csv": csv.draw(table), f"statements/{name}.xlsx": xlsx.draw(table)}
        title, tables = f"Annual report {self.year}", [*report.values()]
        made["statements/annual-report.xlsx"] = xlsx.document(tables, title)
        made["statements/annual-report.pdf"] = pdf.document(tables, title, _moment(self.chain[-1]))
        made |= there
        return {**made, "SHA256SUMS": archive.sums(made)}

    def _about(self, name: str, *, of_year: bool) -> dict[str, str]:
        about = {"fund": self.fund, "fund_name": self.record.title, "as_of": self.until.isoformat(), "statement": name}
        about |= {"year": str(self.year) if of_year else "", "known_on": f"#{self.position}"}
        return {key: value for key, value in about.items() if value}

    def _head(self) -> dict[str, Any]:
        last = self.chain[-1]
        stated = {"position": last.position, "hash": last.hash, "recorded_at": last.recorded_at}
        of = {"fund": self.fund, "year": self.year, "as_of": self.until.isoformat()}
        return {"head": f"{last.position}:{last.hash}", **stated, **of}

    def _statements(self) -> Iterator[tuple[str, Table]]:
        fund, moment = self.fund, self.moment
        for layout in funding_status.LAYOUTS:
            yield f"funding-status-{layout}", funding_status.table(self.sums, layout, self.currency)
        yield "trial-balance", fund_trial_balance(fund, moment)
        yield "contributors", contributor_statement(fund, moment)
        yield "available", available_to_allocate(fund, moment)
        bodies = {entry.organization for link in self.own for entry in link.entries if entry.organization}
        for body in sorted(bodies):
            table = statement_of_account(fund, body, moment, year=self.year)
            yield f"{ACCOUNT}{quote(body, safe='')}", table

    def _beancount(self) -> str:
        drawn = (
            (Drawn(link.number or 0, link.key, link.kind, link.said.title), list(link.entries))
            for link in self.own
            if isinstance(link.said, Voucher)
        )
        return beancount.of_fund(self.fund, drawn, until=self.position, as_of=self.until)

    def _balances(self) -> Table:
        names = ("accounts", "until", "sign", "rows", "amount", "currency")
        kinds = {"sign": "count", "amount": "money"}
        columns = [Column(name, name.capitalize(), kinds.get(name, "text")) for name in names]
        rows = [
            [
                *(Cell(" ".join(_accounts(one, self.fund))), Cell(self.until.isoformat()), Cell(one.sign)),
                *(Cell(_rows(one)), Cell(self._amount(one)), Cell(self.currency)),
            ]
            for one in COMPARED
        ]
        return Table(columns, rows, title="Balances")

    def _amount(self, one: Compared) -> Decimal:
        """What the rows come to."""
        plus, minus = (sum(self.status[key] or 0 for key in keys) for keys in (one.plus, one.minus))
        return Decimal(plus) - Decimal(minus)

    def _documents(self) -> tuple[Table, dict[str, bytes | Path]]:
        """The documents behind the year's links, and the files of those that are at hand and are what was sealed."""
        papers = shown.documents(self.of_year)
        there: dict[str, Path] = {}
        for file in sorted(self.documents.iterdir()) if self.documents.is_dir() else ():
            stated = NAMED.fullmatch(file.name)
            if stated and stated[1] in papers and file.is_file():
                there.setdefault(stated[1], file)
        columns = [Column(name, name.capitalize()) for name in ("sha256", "title", "keys", "file", "note")]
        rows, files = [], dict[str, bytes | Path]()
        for sha, paper in papers.items():
            name, note = "", "not at hand"
            if paper.is_shared:
                note = "withheld: it stands behind a voucher of other funds, too"
            elif sha in there and archive.digest(there[sha]) != sha:
                note = "not what was sealed"
            elif sha in there:
                name, note = f"documents/{there[sha].name}", ""
                files[name] = there[sha]
            rows.append([Cell(value) for value in (sha, paper.title, " ".join(paper.keys), name, note)])
        return Table(columns, rows, title="Documents"), files

    def _facts(self, named: int, there: int) -> dict[str, Any]:
        """What the page says."""
        last = self.chain[-1]
        return {
            "fund": self.fund,
            "title": self.record.title or self.fund,
            "account": escaped(self.fund),
            "currency": self.currency,
            "illustrative": self.record.illustrative,
            "year": self.year,
            "as_of": self.until.isoformat(),
            "position": last.position,
            "hash": last.hash,
            "recorded_at": last.recorded_at,
            "own": len(self.own),
            "is_whole": len(self.own) == len(self.chain) and not any(link.is_shared for link in self.own),
            "shared": sum(link.is_shared for link in self.own),
            "redacted": sum(link.is_redacted for link in self.own),
            "documents_named": named,
            "documents_here": there,
            "parts": [("Where", "What"), *((f"`{name}`", said) for name, said in PARTS)],
            "comparisons": [("Rows of the wide funding status", "Accounts", "Amount"), *map(self._compared, COMPARED)],
        }

    def _compared(self, one: Compared) -> tuple[str, str, str]:
        accounts = " + ".join(one.roots) if one.sign > 0 else f"-({' + '.join(one.roots)})"
        rows = " - ".join((" + ".join(one.plus), *one.minus))
        return rows, accounts, f"{self._amount(one):,.{exponent(self.currency)}f}"


def _accounts(one: Compared, fund: str) -> list[str]:
    return [f"{root}:{escaped(fund)}" for root in one.roots]


def _rows(one: Compared) -> str:
    return " ".join((*one.plus, *(f"-{key}" for key in one.minus)))


def _json(told: Any, indent: int | None = None) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=indent) + "\n").encode()


def _lines(records: Any) -> bytes:
    return b"".join(_json(one) for one in records)
