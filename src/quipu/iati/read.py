"""Reading one IATI document into the record's rows, element by element, in bounded memory.

The document is parsed once, as a stream. Transactions, budgets and results are read and let go the moment they end, so
that an activity of any size fits; everything else of an activity is small and read when it ends.
"""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from quipu.iati.decode import Refused, opened
from quipu.iati.elements import (
    CURRENCY,
    DATE_TYPES,
    ROLES,
    STATUSES,
    VOCABULARIES,
    Element,
    attribute,
    language,
    name,
    narratives,
    party,
    words,
)
from quipu.iati.lines import ATTRIBUTE as LINE
from quipu.iati.lines import Lines
from quipu.iati.sources import Source, Stream, Unreadable
from quipu.iati.verbatim import Verbatim
from quipu.rules import findings as rules
from quipu.rules.codes import table as codes_of_the_standard
from quipu.rules.dates import is_plausible, read_date
from quipu.rules.identity import number
from quipu.rules.money import kept, plain, read_amount
from quipu.rules.movements import BUDGET, LETTERS, PLANNED, REPORTED_TYPES
from quipu.rules.record import LONGEST_TEXT, RowTooLong
from quipu.rules.shares import is_whole, percentage

STREAMED = ("transaction", "budget", "planned-disbursement", "result")
SHORTENED = 10_000  # characters of each text in a row that was too long
ODD = re.compile("iati-activit(y|ies)", re.IGNORECASE)
HIERARCHY = re.compile("[1-9][0-9]{0,2}")
UNCOUNTED = 65_535  # libxml2 counts lines in 16 bits
VERSIONS = {"1.01", "1.02", "1.03", "1.04", "1.05", "2.01", "2.02", "2.03"}
Row = tuple[Any, ...]
Add = Callable[[str, Row], None]
Shares = dict[tuple[str, str], list[tuple[str, str]]]


@dataclass(slots=True)
class Report:
    """What reading a source came to."""

    name: str
    sha256: str = ""
    bytes: int = 0
    stored: int = 0
    version: str = ""
    generated: str = ""
    licence: str = ""
    root: str = ""
    complete: bool = True
    activities: int = 0
    transactions: int = 0
    refused_activities: int = 0
    refused_transactions: int = 0
    findings: Counter[str] = field(default_factory=Counter)  # by severity


def read(source: Source, add: Add) -> Report:
    """Reads a source; hands every row to add(table, row). Never raises for what the source holds: that is a finding."""
    return _Reading(source, add).run()


class _Reading:
    """One document on its way into rows."""

    def __init__(self, source: Source, add: Add) -> None:
        self.source = source
        self._add = add
        self.report = Report(source.name, licence=source.licence, stored=source.size)
        self.unread: Counter[str] = Counter()
        self.found = 0
        self.copies = 0
        self.began = 0  # the line of the latest activity
        self.skipped_lines = 0
        self.space = ""  # the namespace of the activity being read, as lxml writes it
        self.activity: _Activity | None = None
        self.done: list[Element] = []  # elements read, to be let go once the parser has moved on
        self.ended: deque[tuple[int | None, int]] = deque()  # activities whose XML is still to come

    def run(self) -> Report:
        for rule, detail in self.source.findings:
            self.find(rule, 0, "", detail)
        if any(rules.severity(rule) == rules.CRITICAL for rule, _ in self.source.findings):
            self.report.complete = False
            return self.report
        try:
            stream = Stream(self.source)
        except Unreadable as error:
            self.find("file-unreadable", 0, "", str(error))
            self.report.complete = False
            return self.report
        try:
            if stream.compressed_silently:
                self.find("file-compressed", 0)
            self._document(stream)
        except Refused as refusal:
            self.report.complete = False
            self.find(refusal.rule, refusal.line, "", refusal.detail)
        except Unreadable as error:
            self.report.complete = False
            self.find("file-broken", 0, "", str(error))
        finally:
            self.report.sha256 = stream.digest()
            self.report.bytes = stream.bytes_read
            stream.close()
        for element, count in sorted(self.unread.items()):
            self.add("unread", (element, count))
        return self.report

    def add(self, table: str, row: Row) -> None:
        """Hands a row on; one of a size nobody could read goes with shortened texts."""
        try:
            self._add(table, row)
        except RowTooLong:
            self._add(table, tuple(value[:SHORTENED] if isinstance(value, str) else value for value in row))
            self.find("text-shortened", self.began, "", f"a row of {table}")

    def find(self, rule: str, line: int, identifier: str = "", detail: str = "") -> None:
        """Writes a finding down."""
        self.found += 1
        grave = rules.severity(rule)
        self.report.findings[grave] += 1
        self.add("findings", (self.found, line, identifier, rule, grave, detail[:1000]))

    def line_of(self, element: Element) -> int:
        """The line of the file where the element begins; where nobody knows it, that of what holds it."""
        stamp, counted, parent = element.get(LINE), element.sourceline, element.getparent()
        if stamp is not None:
            return int(stamp)
        if counted and counted < UNCOUNTED:
            return int(counted) + self.skipped_lines
        return 0 if parent is None else self.line_of(parent)

    def _document(self, stream: Stream) -> None:
        document = opened(stream.chunks())
        self.skipped_lines = document.skipped_lines
        self.report.root = document.root
        if document.repaired:
            self.find("file-repaired", 1)
        parser = etree.XMLPullParser(
            events=("start", "end"),
            tag=[f"{{*}}{tag}" for tag in ("iati-activity", *STREAMED)],
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=True,
            remove_comments=True,
            remove_pis=True,
        )
        verbatim, lines = Verbatim(1 + self.skipped_lines), Lines(1 + self.skipped_lines)
        pieces: deque[tuple[int, list[str]]] = deque()
        top: Element | None = None
        failure: Refused | Unreadable | None = None
        try:
            for chunk in document.chunks:
                pieces.extend(verbatim.feed(chunk))
                _feed(parser, lines.feed(chunk))
                self._events(parser)
                self._keep_xml(pieces)
            _feed(parser, lines.feed(b"", last=True))
            top = parser.close()
        except etree.XMLSyntaxError as error:
            self._broken(error, parser.feed_error_log)
        except (Refused, Unreadable) as error:  # the bytes end here; what came before is read to its end
            failure, self.report.complete = error, False
            with suppress(etree.XMLSyntaxError):
                _feed(parser, lines.feed(b"", last=True))
        self._events(parser, broken=not self.report.complete)
        pieces.extend(verbatim.feed(b"", last=True))
        self._keep_xml(pieces)
        if failure:
            raise failure
        self._afterwards(top)

    def _broken(self, error: etree.XMLSyntaxError, log: Any) -> None:
        """The parser's complaint as a finding. A prefix that nobody declares breaks nothing: all of it was read."""
        worst = next((entry for entry in log if entry.level_name == "FATAL"), None)
        if worst is None and log and all(entry.domain_name == "NAMESPACE" for entry in log):
            self.find("file-prefix", log[0].line + self.skipped_lines, "", log[0].message)
            return
        self.report.complete = False
        line, message = (worst.line, worst.message) if worst else (error.lineno, str(error.msg))
        rule = "file-encoding" if "encoding" in message or "not proper UTF-8" in message else "file-broken"
        self.find(rule, (line or 0) + self.skipped_lines, "", message)

    def _keep_xml(self, pieces: deque[tuple[int, list[str]]]) -> None:
        """Parser and lexer see the same activities in the same order; each hands its half here when it has it."""
        while self.ended and pieces:
            (key, copy), (line, bodies) = self.ended.popleft(), pieces.popleft()
            if key is not None:
                for n, body in enumerate(bodies, 1):
                    self.add("xml", (key, copy, n, line, body))

    def _afterwards(self, top: Element | None) -> None:
        if self.copies or not self.report.complete:
            return
        seen = [] if top is None else [top, *top.iterchildren("*")]
        line = self.line_of(seen[0]) if seen else 1
        odd = next(
            (element for element in seen if ODD.fullmatch(element.tag) and element.tag != element.tag.lower()), None
        )
        if odd is not None:
            self.find("element-unknown", self.line_of(odd), "", odd.tag)
            self.report.complete = False
        elif "organisation" in self.report.root:
            self.find("file-organisations", line)
        elif self.report.root == "iati-activities":
            self.find("file-no-activities", line)
        else:
            self.find("file-not-iati", line, "", f"the root is {self.report.root}")
            self.report.complete = False

    def _events(self, parser: Any, *, broken: bool = False) -> None:
        try:
            events = list(parser.read_events())
        except etree.XMLSyntaxError:
            if not broken:
                raise
            return
        for event, element in events:
            space, _, tag = str(element.tag).rpartition("}")
            if event == "start":
                if tag == "iati-activity":
                    self._begin(element, space)
            elif self.activity is None:
                continue
            elif element is self.activity.element:
                self.rename(element)
                self._end(element)
            elif tag in STREAMED and space == self.space and element.getparent() is self.activity.element:
                self.rename(element)
                for read in self.done:
                    _let_go(read)
                self.activity.streamed(tag, element)
                element.clear(keep_tail=True)
                self.done = [element]

    def rename(self, element: Element) -> None:
        """Where the whole document stands in a namespace, its elements go by their local names."""
        if self.space:
            prefix = self.space + "}"
            for inner in element.iter(f"{prefix}*"):
                inner.tag = inner.tag[len(prefix) :]

    def _begin(self, element: Element, space: str) -> None:
        if self.activity is not None:
            self.find("activity-nested", self.line_of(element), self.activity.identifier)
            self.report.refused_activities += 1
            return
        if self.copies == 0:
            self._root(element)
            if space:
                self.find("file-namespace", self.line_of(element), "", space[1:])
        self.space = space
        self.copies += 1
        self.activity = _Activity(self, element, self.copies)
        self.began = self.activity.line

    def _root(self, element: Element) -> None:
        parent = element.getparent()
        top = element.getroottree().getroot()
        if self.report.root not in ("iati-activities",):
            self.find("file-wrapped", self.line_of(element), "", f"inside {self.report.root}")
        holder = parent if parent is not None else top
        version = holder.get("version") or element.get("version") or ""
        self.report.version = version.strip()
        self.report.generated = (holder.get("generated-datetime") or "").strip()
        if version not in VERSIONS:
            self.find("file-version", self.line_of(holder), "", version or "missing")

    def _end(self, element: Element) -> None:
        assert self.activity is not None
        activity, self.activity = self.activity, None
        try:
            activity.finish()
        except RecursionError:  # a tree deeper than the standard could ever ask for
            self.find("element-refused", activity.line, activity.identifier, "nested too deeply")
        self.ended.append((activity.key, activity.copy))
        self.done = []
        element.clear(keep_tail=True)
        parent = element.getparent()
        while parent is not None and (before := element.getprevious()) is not None:
            parent.remove(before)


def _feed(parser: Any, data: bytes) -> None:
    """Feeds the parser. Raises XMLSyntaxError also where lxml keeps silent and would begin a new document next."""
    parser.feed(data)
    if any(entry.level_name == "FATAL" for entry in parser.feed_error_log):
        parser.close()


def _let_go(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


class _Activity:
    """One activity on its way into rows."""

    def __init__(self, reading: _Reading, element: Element, copy: int) -> None:
        self.reading = reading
        self.element = element
        self.copy = copy
        self.line = reading.line_of(element)
        self.version = attribute(element, "version") or reading.report.version
        self.language = language(element)
        self.currency = attribute(element, "default-currency")
        self.identifier = ""
        self.publisher = ""
        self.publisher_name = ""
        self.key: int | None = None
        self.held: list[tuple[str, Row]] = []  # rows read before the identifier was known
        self.ordinals: Counter[str] = Counter()
        self.equals: Counter[int] = Counter()
        self.repeated: dict[str, list[Any]] = {}
        self.shares: Shares = defaultdict(list)
        self.currency_missing = 0
        if self.currency and not CURRENCY.fullmatch(self.currency):
            self.find("currency-odd", self.line, self.currency)

    # — rows and findings —

    def row(self, table: str, *values: Any) -> int:
        """Adds a row under the activity's key with its next ordinal in the table; answers the ordinal."""
        self.ordinals[table] += 1
        ordinal = self.ordinals[table]
        self._put(table, (self.key, self.copy, ordinal, *values))
        return ordinal

    def _put(self, table: str, row: Row) -> None:
        if self.key is None:
            self.held.append((table, row))
        else:
            self.reading.add(table, row)

    def find(self, rule: str, line: int, detail: str = "") -> None:
        """An error stands for itself; of anything milder the first is kept, with how many more there were."""
        if rules.severity(rule) in (rules.ERROR, rules.CRITICAL):
            self.reading.find(rule, line, self.identifier, detail)
        elif rule in self.repeated:
            self.repeated[rule][2] += 1
        else:
            self.repeated[rule] = [line, detail, 0]

    def line_of(self, element: Element) -> int:
        """The element's line in the file."""
        return self.reading.line_of(element)

    # — identity —

    def _identify(self) -> bool:
        """Takes identifier and publisher from what was parsed so far; True once both elements have been seen."""
        prefix = f"{self.reading.space}}}" if self.reading.space else ""
        stated, publisher = (self.element.find(prefix + tag) for tag in ("iati-identifier", "reporting-org"))
        if stated is None or publisher is None:
            return False
        self.reading.rename(publisher)
        self._know(stated, publisher)
        return True

    def _know(self, stated: Element, publisher: Element | None) -> None:
        raw = words(stated)
        self.identifier = raw
        reference = ""
        if publisher is not None:
            self.publisher, self.publisher_name = party(publisher)
            reference = attribute(publisher, "ref")
        if not raw:
            return
        if stated.text != raw and len(stated) == 0:
            self.find("activity-identifier-spaces", self.line_of(stated), raw)
        if not reference:
            self.find("activity-no-publisher", self.line, self.publisher_name)
        elif not raw.startswith(reference):
            self.find("activity-identifier-prefix", self.line_of(stated), reference)
        self.key = number(self.publisher, raw)
        held, self.held = self.held, []
        for table, row in held:
            known = self._with_identity((self.key, *row[1:])) if table == "entries" else (self.key, *row[1:])
            self.reading.add(table, known)

    # — what streams —

    def streamed(self, tag: str, element: Element) -> None:
        """One transaction, budget, planned disbursement or result, read the moment it ends."""
        if self.key is None and not self._identify() and tag == "transaction":
            self.find("activity-order", self.line_of(element))
        if tag == "transaction":
            self._transaction(element)
        elif tag == "result":
            self._result(element)
        else:
            self._budget(element, BUDGET if tag == "budget" else PLANNED)

    def _money(self, element: Element | None, line: int) -> tuple[Decimal | None, str, str, date | None] | str:
        """(value, literal where it says more, currency, value date), or the rule that refuses it."""
        literal = words(element) if element is not None else ""
        if element is None or not literal:
            return "transaction-no-value"
        exact = read_amount(literal)
        if exact is None:
            return "transaction-bad-value"
        value = kept(exact)
        if value is None:
            self.find("value-too-large", line, literal)
        currency = attribute(element, "currency")
        if currency and not CURRENCY.fullmatch(currency):
            self.find("currency-odd", line, currency)
        currency = currency or self.currency
        if not currency:
            self.find("currency-unknown", line)
        stated = attribute(element, "value-date")
        value_date = read_date(stated) if stated else None
        if value_date is None:
            self.find("date-unreadable" if stated else "value-date-missing", line, stated)
        return value, "" if value == exact else plain(exact), currency.upper(), value_date

    def _transaction(self, element: Element) -> None:  # noqa: PLR0912, PLR0915 - one branch for each child element
        line = self.line_of(element)
        self.ordinals["transaction"] += 1
        ordinal = self.ordinals["transaction"]
        stated_type = stated_date = text = aid_type = finance_type = ""
        provider = provider_name = provider_activity = receiver = receiver_name = receiver_activity = ""
        amount: Element | None = None
        portions: list[tuple[str, str, str, str, str]] = []
        unread = self.reading.unread
        for child in element:
            tag = child.tag
            if tag == "value":
                amount = child
            elif tag == "transaction-type":
                stated_type = attribute(child, "code") or words(child)
            elif tag == "transaction-date":
                stated_date = attribute(child, "iso-date") or words(child)
            elif tag == "receiver-org":
                receiver, receiver_name = party(child)
                receiver_activity = attribute(child, "receiver-activity-id")
            elif tag == "provider-org":
                provider, provider_name = party(child)
                provider_activity = attribute(child, "provider-activity-id")
            elif tag == "description":
                text = name(child)
            elif tag in ("sector", "recipient-country", "recipient-region"):
                portions.append(_portion(child, tag))
            elif tag == "aid-type":
                if (child.get("vocabulary") or "1") == "1":
                    aid_type = attribute(child, "code")
            elif tag == "finance-type":
                finance_type = attribute(child, "code")
            else:
                if not isinstance(tag, str):  # a reference to an entity nobody declares
                    continue
                unread[f"transaction/{tag}"] += 1
                for inner in child.iterchildren("*"):
                    unread[f"transaction/{tag}/{inner.tag}"] += 1
        refusal = self._refusal(stated_date, line, ordinal)
        money = self._money(amount, line)
        if refusal is None and isinstance(money, str):
            refusal = (money, words(amount) if amount is not None else "")
        if refusal or isinstance(money, str):
            self.reading.report.refused_transactions += 1
            self.find(refusal[0] if refusal else "", line, f"transaction {ordinal}: {refusal[1] if refusal else ''}")
            return
        value, literal, currency, value_date = money
        day = read_date(stated_date)
        assert day is not None
        kind = self._type(stated_type, line)
        self._expect_code("aid_type", aid_type, line)
        self._expect_code("finance_type", finance_type, line)
        if portions:
            self._portions(portions, ordinal, line)
        self.reading.report.transactions += 1
        self._put(
            "entries",
            self._with_identity(
                (
                    *(self.key, self.copy, ordinal, 0, line, attribute(element, "ref"), kind, stated_type),
                    *(day, value, literal, currency, value_date),
                    *(provider, provider_name, provider_activity, receiver, receiver_name, receiver_activity),
                    *(text, attribute(element, "humanitarian") in ("1", "true"), aid_type, finance_type),
                )
            ),
        )

    def _with_identity(self, row: Row) -> Row:
        """The row with its stable identity: activity, type, date, value, currency, parties, reference, ordinal among equals."""
        if self.key is None:
            return row
        value = row[10] or plain(row[9])
        same = number(str(self.key), row[6], str(row[8]), value, row[11], row[13], row[16], row[5])
        nth = self.equals[same]
        self.equals[same] += 1
        return (self.key, *row[1:3], number(str(same), str(nth)) if nth else same, *row[4:])

    def _refusal(self, stated_date: str, line: int, ordinal: int) -> tuple[str, str] | None:
        if not stated_date:
            return "transaction-no-date", ""
        day = read_date(stated_date)
        if day is None:
            return "transaction-bad-date", stated_date
        if not is_plausible(day):
            self.find("date-implausible", line, f"transaction {ordinal}: {stated_date}")
        return None

    def _type(self, stated: str, line: int) -> str:
        """The IATI code; letters of 1.x are readable in any version."""
        if stated in REPORTED_TYPES and stated:
            return stated
        letter = LETTERS.get(stated.upper())
        if letter is None:
            self.find("transaction-type", line, stated or "missing")
            return ""
        if self.version.startswith("2"):
            self.find("transaction-letter", line, stated)
        return letter

    def _budget(self, element: Element, movement: str) -> None:
        line = self.line_of(element)
        start, end = element.find("period-start"), element.find("period-end")
        begins = read_date(attribute(start, "iso-date") or words(start)) if start is not None else None
        ends = read_date(attribute(end, "iso-date") or words(end)) if end is not None else None
        money = self._money(element.find("value"), line)
        if isinstance(money, str) or begins is None:
            why = "no readable period" if begins is None else "no readable value"
            self.find("budget-refused", line, why)
            return
        value, literal, currency, value_date = money
        payer, payee = element.find("provider-org"), element.find("receiver-org")
        self.row(
            "budgets",
            *(movement, line, attribute(element, "type") or "1", attribute(element, "status") or "1", begins, ends),
            *(value, literal, currency, value_date),
            *(party(payer) if payer is not None else ("", "")),
            *(party(payee) if payee is not None else ("", "")),
        )

    # — results —

    def _result(self, element: Element) -> None:
        self.ordinals["result"] += 1
        result = self.ordinals["result"]
        self._reading_texts(element, "result", result, 0, attribute(element, "type"))
        for link in element.findall("document-link"):
            self._document(link)
        for n, indicator in enumerate(element.findall("indicator"), 1):
            self._reading_texts(indicator, "indicator", result, n, attribute(indicator, "measure"))
            for baseline in indicator.findall("baseline"):
                year = attribute(baseline, "iso-date") or attribute(baseline, "year")
                self._value(baseline, "baseline", result, n, year, year)
            for period in indicator.findall("period"):
                limits = [period.find(tag) for tag in ("period-start", "period-end")]
                since, until = (attribute(limit, "iso-date") if limit is not None else "" for limit in limits)
                for kind in ("target", "actual"):
                    for stated in period.findall(kind):
                        self._value(stated, kind, result, n, since, until)
        for tag in ("reference",):
            self.reading.unread[f"result/{tag}"] += len(element.findall(f".//{tag}"))

    def _reading_texts(self, element: Element, kind: str, result: int, indicator: int, type_: str) -> None:
        title, described = element.find("title"), element.find("description")
        titles = dict(narratives(title)) if title is not None else {}
        texts = dict(narratives(described)) if described is not None else {}
        for spoken in [*titles, *(lang for lang in texts if lang not in titles)] or [""]:
            self.row(
                *("readings", self.line_of(element), result, indicator, kind, type_, spoken),
                *(titles.get(spoken, ""), texts.get(spoken, ""), "", "", "", "", ""),
            )

    def _value(self, element: Element, kind: str, result: int, indicator: int, since: str, until: str) -> None:
        comments = [c for tag in ("comment",) for child in element.findall(tag) for c in narratives(child)] or [
            ("", "")
        ]
        cut = "; ".join(f"{attribute(d, 'name')}={attribute(d, 'value')}" for d in element.findall("dimension"))
        link = element.find("document-link")
        source = attribute(link, "url") if link is not None else ""
        value = attribute(element, "value") or (words(element) if len(element) == 0 else "")
        for spoken, comment in comments:
            self.row(
                *("readings", self.line_of(element), result, indicator, kind, "", spoken),
                *("", comment, value, since, until, cut, source),
            )

    # — the rest, when the activity ends —

    def finish(self) -> None:
        """Reads everything that did not stream, and closes the activity; without identifier it is left out."""
        element = self.element
        if self.key is None:
            stated = element.find("iati-identifier")
            if stated is not None:
                self._know(stated, element.find("reporting-org"))
        if self.key is None:
            self._refuse()
            return
        portions: list[tuple[str, str, str, str, str]] = []
        seen: dict[str, Element] = {}
        for child in element:
            tag = child.tag
            handler = _HANDLERS.get(tag)
            if handler:
                handler(self, child)
            elif tag in ("sector", "recipient-country", "recipient-region"):
                portions.append(_portion(child, tag))
            elif tag in _SIMPLE:
                if tag not in seen and (child.get("vocabulary") or "1") == "1":
                    seen[tag] = child
            elif tag not in ("iati-identifier", "reporting-org", *STREAMED):
                self._count(child, "")
        self._portions(portions, 0, self.line)
        self._activity_row(seen)
        for rule, (line, detail, more) in self.repeated.items():
            also = f" (and {more} more in this activity)" if more else ""
            self.reading.find(rule, line, self.identifier, detail + also)
        self.reading.report.activities += 1

    def _refuse(self) -> None:
        refused = sum(table == "entries" for table, _ in self.held)
        self.reading.report.refused_activities += 1
        self.reading.report.transactions -= refused
        self.reading.report.refused_transactions += refused
        self.reading.find("activity-no-identifier", self.line, "", f"activity {self.copy}, {refused} transactions")

    def _count(self, element: Element, above: str) -> None:
        if not isinstance(element.tag, str):
            return
        path = f"{above}{element.tag}"
        self.reading.unread[path] += 1
        for child in element:
            if len(above) < 200:
                self._count(child, f"{path}/")

    def _activity_row(self, seen: dict[str, Element]) -> None:
        element, publisher = self.element, self.element.find("reporting-org")

        def code(tag: str) -> str:
            return attribute(seen[tag], "code") if tag in seen else ""

        status = code("activity-status")
        if status not in STATUSES:
            self.find("activity-status", self.line, status or "missing")
            status = ""
        hierarchy = attribute(element, "hierarchy") or "1"
        if not HIERARCHY.fullmatch(hierarchy):
            self.find("activity-hierarchy", self.line, hierarchy)
            hierarchy = "1"
        for codes in ("aid_type", "finance_type", "flow_type"):
            self._expect_code(codes, code(f"default-{codes.replace('_', '-')}"), self.line)
        title = self._own_title()
        self.reading.add(
            "activities",
            (
                *(self.key, self.copy, self.publisher, self.publisher_name, self.identifier, self.line, self.version),
                *(hierarchy, status, title, self.language, self.currency.upper()),
                attribute(element, "humanitarian") in ("1", "true"),
                publisher is not None and attribute(publisher, "secondary-reporter") in ("1", "true"),
                *(code("default-aid-type"), code("default-finance-type"), code("default-flow-type")),
                *(code("default-tied-status"), code("collaboration-type"), code("activity-scope")),
                attribute(element, "last-updated-datetime"),
            ),
        )

    def _own_title(self) -> str:
        """The title in the activity's own language, else in English, else the first."""
        told: dict[str, str] = {}
        for child in self.element.iterchildren("title"):
            for spoken, text in narratives(child):
                told.setdefault((spoken or self.language).lower()[:2], " ".join(text.split()))
        return next((told[x] for x in (self.language.lower()[:2], "en", *told) if x in told), "")

    def _portions(self, portions: list[tuple[str, str, str, str, str]], entry: int, line: int) -> None:
        """Writes a level's shares, and flags lists that do not sum to 100 per vocabulary; countries and regions are one."""
        lists: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for dimension, vocabulary, code, called, share in portions:
            self.row("portions", entry, dimension, vocabulary, code, called, share)
            if (dimension, vocabulary) in (("sector", "1"), ("region", "1")):
                self._expect_code(dimension, code, line)
            if share and percentage(share) is None:
                self.find("share-unreadable", line, f"{dimension} {code}: {share}")
            if dimension == "sector":
                lists[f"sector {vocabulary}"].append((code, share))
            elif dimension in ("country", "region"):
                lists[dimension].append((code, share))
        both = [*lists.get("country", ()), *lists.get("region", ())]
        together = bool(both) and is_whole(both)
        for what, listed in lists.items():
            if not is_whole(listed) and not (together and what in ("country", "region")):
                self.find("shares-not-whole", line, what)

    def _expect_code(self, codes: str, code: str, line: int) -> None:
        """Flags a code that is not in the standard's list."""
        if code and code not in codes_of_the_standard()[codes]:
            self.find("code-unknown", line, f"{codes} {code}")

    def _texts(self, element: Element, role: str, type_: str = "", *, one_line: bool = False) -> None:
        for child in element:
            if child.tag == "narrative" and len(child):
                self.find("text-markup", self.line_of(child), role)
            text = child.text
            if text and len(text) > LONGEST_TEXT:
                self.find("text-shortened", self.line_of(child), f"{role}: {len(text)} characters")
            if child.get("{xml}lang") is not None:
                self.find("text-language-attribute", self.line_of(child))
        for spoken, text in narratives(element):
            self.row("texts", role, type_, spoken, " ".join(text.split()) if one_line else text)

    def _title(self, element: Element) -> None:
        self._texts(element, "title", one_line=True)

    def _description(self, element: Element) -> None:
        self._texts(element, "description", attribute(element, "type") or "1")

    def _dated(self, element: Element) -> None:
        stated = attribute(element, "iso-date") or words(element)
        kind = attribute(element, "type")
        day = read_date(stated)
        if day is None:
            if stated:
                self.find("date-unreadable", self.line_of(element), stated)
            return
        if not is_plausible(day):
            self.find("date-implausible", self.line_of(element), stated)
        said = name(element)
        self.row("dates", DATE_TYPES.get(kind.lower(), kind), day, "" if said == stated else said)

    def _participant(self, element: Element) -> None:
        role = attribute(element, "role")
        who, called = party(element)
        self.row(
            *("participants", ROLES.get(role.lower(), role), who, called, attribute(element, "type")),
            attribute(element, "activity-id"),
        )

    def _location(self, element: Element) -> None:
        title, described = element.find("name"), element.find("activity-description")
        called = name(title) if title is not None else ""
        items = []
        for division in element.findall("administrative"):
            code = attribute(division, "code") or words(division)
            items.append(f"{attribute(division, 'vocabulary')}:{attribute(division, 'level')}:{code}")
            called = called or words(division)
        about = name(described) if described is not None else ""
        self.row("places", called, " ".join(item.replace(" ", "_") for item in items), about)
        if called:
            self.row("portions", 0, "place", "", called, called, attribute(element, "percentage"))
        for child in element.iterchildren("*"):
            if child.tag not in ("name", "administrative", "activity-description"):
                self.reading.unread[f"location/{child.tag}"] += 1

    def _document(self, element: Element) -> None:
        title, dated = element.find("title"), element.find("document-date")
        titles = narratives(title) if title is not None else []
        spoken = [attribute(child, "code") or words(child) for child in element.findall("language")]
        self.row(
            "documents",
            self.line_of(element),
            attribute(element, "url"),
            attribute(element, "format"),
            " ".join(attribute(child, "code") for child in element.findall("category")),
            " ".join(spoken) or attribute(element, "language"),
            attribute(dated, "iso-date") if dated is not None else "",
            " ".join(titles[0][1].split()) if titles else "",
            titles[0][0] if titles else "",
        )
        for lang, text in titles[1:]:
            self.row("texts", "document", str(self.ordinals["documents"]), lang, " ".join(text.split()))

    def _website(self, element: Element) -> None:
        self.row("documents", self.line_of(element), words(element), "", "", "", "", "", "")

    def _relation(self, element: Element) -> None:
        self.row("relations", attribute(element, "type"), attribute(element, "ref"))

    def _other_identifier(self, element: Element) -> None:
        value = attribute(element, "ref") or words(element)
        if value:
            self.row("identifiers", attribute(element, "type") or attribute(element, "owner-ref"), value)

    def _marker(self, element: Element) -> None:
        vocabulary = attribute(element, "vocabulary") or "1"
        vocabulary = VOCABULARIES.get(vocabulary, vocabulary)
        code = f"{attribute(element, 'code')}:{attribute(element, 'significance')}"
        self.row("portions", 0, "marker", vocabulary, code, name(element), "")

    def _tag(self, element: Element) -> None:
        vocabulary, uri = attribute(element, "vocabulary"), attribute(element, "vocabulary-uri")
        dimension = {"2": "sdg", "3": "sdg_target"}.get(vocabulary) or uri.rpartition("#")[2]
        if dimension not in ("sdg", "sdg_target", "window", "note"):
            dimension = "theme"
        self.row("portions", 0, dimension, vocabulary, attribute(element, "code"), name(element), "")

    def _contact(self, element: Element) -> None:
        """Roles and offices only: names, mails and telephones of people stay in the XML."""
        self.ordinals["contact"] += 1
        nth = self.ordinals["contact"]
        for child in element:
            if child.tag in ("organisation", "department", "job-title"):
                self._texts(child, "contact", f"{nth}/{child.tag}", one_line=True)
            elif child.tag == "website" and words(child):
                self.row("texts", "contact", f"{nth}/website", "", words(child))
            elif isinstance(child.tag, str):
                self.reading.unread[f"contact-info/{child.tag}"] += 1


def _portion(element: Element, tag: str) -> tuple[str, str, str, str, str]:
    """(dimension, vocabulary, code, name, percentage as written) of a sector, country or region."""
    code = attribute(element, "code")
    vocabulary = attribute(element, "vocabulary") or "1"
    if tag == "recipient-country":
        return "country", "", code.upper(), name(element), attribute(element, "percentage")
    dimension = "sector" if tag == "sector" else "region"
    return dimension, VOCABULARIES.get(vocabulary, vocabulary), code, name(element), attribute(element, "percentage")


_SIMPLE = {
    *("activity-status", "default-aid-type", "default-finance-type", "default-flow-type"),
    *("default-tied-status", "collaboration-type", "activity-scope"),
}
_HANDLERS: dict[str, Callable[[_Activity, Element], None]] = {
    "title": _Activity._title,
    "description": _Activity._description,
    "activity-date": _Activity._dated,
    "participating-org": _Activity._participant,
    "location": _Activity._location,
    "document-link": _Activity._document,
    "activity-website": _Activity._website,
    "related-activity": _Activity._relation,
    "other-identifier": _Activity._other_identifier,
    "policy-marker": _Activity._marker,
    "tag": _Activity._tag,
    "contact-info": _Activity._contact,
}


def all_rows(source: Source) -> tuple[Report, dict[str, list[Row]]]:
    """A source read into memory, table by table: for tests and for looking."""
    tables: dict[str, list[Row]] = defaultdict(list)
    report = read(source, lambda table, row: tables[table].append(row))
    return report, dict(tables)
