"""What the books make public: their records, and a range of their chain, as rows of the record."""

import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q

from quipu.books import (
    models,
    post,
    public_monitoring,
    public_plans,
    public_registers,
    public_results,
    public_returns,
    public_revolving,
    records,
)
from quipu.books.post import instant
from quipu.books.records import further, portion
from quipu.books.standing import rows
from quipu.rules import narrative, record
from quipu.rules.dates import read_date
from quipu.rules.identity import number
from quipu.rules.mandates import EVERYTHING, Scope
from quipu.rules.money import kept, of_minor_units, plain

Add = Callable[[str, tuple[Any, ...]], None]
FUND, PROJECT = "fund", "project"
ILLUSTRATIVE = ("note", "99", "illustrative")
IMPLEMENTING = "4"
PLANNED_START, PLANNED_END = "1", "3"
CODE, DESCRIPTION = "A1", "A9"  # kinds of an activity's other identifiers
PORTIONS = ("country", "region", "sector", "theme", "sdg", "marker")
VOCABULARIES = {"theme": "99", "window": "99"}  # the publisher's own lists


class Books:
    """The books as a source of an edition. They are asked at the position of their chain where they stood when opened.

    mark: of the code that makes rows of them. drafts: where what is not public yet is taken in as well, for a preview;
    whatever yields rows of drafts is asked by `records`, with these.
    """

    name = "books"

    def __init__(self, mark: str = "", *, drafts: Sequence[Scope] = ()) -> None:
        self.mark = mark
        self.drafts = tuple(drafts)
        # Asked before anything is read: what is marked public meanwhile is published once more, and never missed.
        self.history = last_public()
        self.head = post.head()

    @property
    def recorded(self) -> str:
        """The instant of the last link, "" for an empty ledger."""
        return instant(self.head.recorded_at) if self.head.position else ""

    def hashes(self, positions: list[int]) -> dict[int, str]:
        """The chain's hash at each of these positions."""
        found = models.Posting.objects.filter(position__in=positions)
        return dict(found.values_list("position", "hash"))

    def records(self, add: Add) -> None:
        """Everything that may be amended: few rows, however long the chain."""
        keys = {}
        for table, row in _records(self.drafts):
            add(table, row)
            if isinstance(row, record.Account) and row.kind == PROJECT:
                keys[row.code] = row.key
        for table, row in public_results.rows(keys, self.drafts):
            add(table, row)
        for room in (public_returns, public_registers, public_plans, public_monitoring):
            for table, row in room.rows():
                add(table, row)
        for table, row in public_revolving.rows(self.head.position):
            add(table, row)

    def chain(self, low: int, high: int, add: Add) -> None:
        """The links from position low to high. They never change; only a memo may be redacted."""
        memos = models.Memo.objects.filter(posting__gte=low, posting__lte=high)
        told = {at: json.loads(texts) for at, texts in memos.values_list("posting", "texts")}
        for table, rows_of in (("vouchers", _vouchers), ("posted", _posted), ("papers", _papers), ("events", _events)):
            for row in rows_of(low, high, told):
                add(table, row)


def last_public() -> int:
    """The number of the last act at the desk that an edition shows something of."""
    # A column by itself is no condition that an engine looks up in an index; that it is one of some values is.
    return int(
        models.History.objects.filter(is_public__in=[True]).order_by("-id").values_list("id", flat=True).first() or 0
    )


# Records


def _records(drafts: Sequence[Scope]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    yield from (("bodies", body) for body in _bodies())
    yield from (("aliases", alias) for alias in _aliases())
    told = _sections(drafts=drafts)
    for code, fund, contributor, title, currency, amount, earmark in models.Agreement.objects.values_list(
        "code", "fund", "contributor", "title", "currency", "amount", "earmark"
    ):
        small = None if amount is None else kept(amount)
        yield "agreements", record.Agreement(code, fund, contributor, title, currency, small, earmark)
    expected = models.Instalment.objects.order_by("agreement", "expected_on", "amount", "pk")
    said = expected.values_list("agreement_id", "expected_on", "amount")
    for n, (agreement, on, amount) in enumerate(said, 1):
        yield "instalments", record.Instalment(agreement, n, on, kept(amount))
    funds = {fund.code: fund for fund in models.Fund.objects.all()}
    identities = {(FUND, code): _identifier(fund) or code for code, fund in funds.items()}
    for fund in funds.values():
        if fund.minimum_balance:
            yield "reserves", record.Reserve(fund.code, kept(of_minor_units(fund.minimum_balance, fund.currency)))
        yield from _Subject(fund, fund, FUND, identities[FUND, fund.code], told.get((FUND, fund.code), [])).rows()
    windows = dict(models.Window.objects.values_list("code", "title"))
    named = {body.code: body for body in _bodies()}
    for project in models.Project.objects.prefetch_related("participations"):
        fund = funds[project.fund_id]
        # Funds and projects are two lists of codes, and what is called alike in both is still two things.
        plainly = f"{fund.code}/{project.code}" if project.code in funds else project.code
        sections = told.get((PROJECT, project.code), [])
        subject = _Subject(project, fund, PROJECT, _identifier(project) or plainly, sections)
        yield from subject.rows()
        yield "relations", record.Relation(subject.key, 0, 1, "1", identities[FUND, fund.code])
        if project.window_id:
            title = windows[project.window_id]
            yield "portions", subject.portion("window", project.window_id, title)
        there = project.participations.all()
        codes = sorted(one.organization_id for one in there)
        for n, body in enumerate({named[code].identity: named[code] for code in codes}.values(), 1):
            yield (
                "participants",
                record.Participant(subject.key, 0, n, IMPLEMENTING, body.identity, body.name, "", ""),
            )


def _bodies() -> Iterator[record.Body]:
    """Every code under the identity and name it is shown as; one that was merged, as the other one."""
    identities, merged = records.own_identities(), records.mergers()
    called = {code: (title or code, group) for code, title, group in _organizations()}
    for code in called:
        shown = records.shown_as(code, merged)
        yield record.Body(code, identities[shown], *called[shown])
    for code in merged:  # what it was known by outside leads to the other one as well
        if identities[code] not in called:
            shown = records.shown_as(code, merged)
            yield record.Body(identities[code], identities[shown], *called[shown])


def _organizations() -> Any:
    return models.Organization.objects.order_by("code").values_list("code", "title", "group")


def _aliases() -> Iterator[record.Alias]:
    """Other names of organizations; of one that was merged into another, all that it was called."""
    identities, merged = records.identities(), records.mergers()
    names: dict[str, list[str]] = {}
    for code, name in models.Alias.objects.order_by("id").values_list("organization_id", "name"):
        names.setdefault(identities[code], []).append(name)
    titles = {code: title for code, title, _ in _organizations()}
    for code in sorted(merged):
        names.setdefault(identities[code], []).extend(filter(None, (titles[code], code)))
    for identity, said in sorted(names.items()):
        for n, name in enumerate(dict.fromkeys(said), 1):
            yield record.Alias(identity, n, name)


def sections_of(kind: str, code: str) -> list[Any]:
    """The public narrative of one fund or project."""
    return _sections(models.Section.objects.filter(kind=kind, code=code)).get((kind, code), [])


def texts_of(subject: Any, kind: str, sections: list[Any], others: list[dict[str, str]]) -> list[dict[str, str]]:
    """The texts of its page with these sections, as an edition would have them. others: those that it has now."""
    sections = sorted(
        sections, key=lambda one: (narrative.place(kind, one.section), one.language != "en", one.language)
    )
    names = ("role", "type", "language", "text")
    own = [dict(zip(names, told, strict=True)) for told in _texts(subject, sections) if told[0] != "title"]
    has_description = any(told["role"] == "description" for told in own)
    kept = [
        told
        for told in others
        if told["role"] != narrative.ROLE
        and not (has_description and (told["role"], told["type"]) == ("description", "1"))
    ]
    return [*kept, *own]


def _sections(versions: Any = None, drafts: Sequence[Scope] = ()) -> dict[tuple[str, str], list[Any]]:
    """The narrative that is public, by its subject and in the order of a page: the last public version of each piece.

    drafts: where the last version counts whatever its state, as it will stand when it is public.
    """
    last: dict[tuple[str, str, str, str], Any] = {}
    versions = models.Section.objects.all() if versions is None else versions
    for one in versions.filter(_readable(drafts)).order_by("id"):
        last[one.kind, one.code, one.section, one.language] = one
    found: dict[tuple[str, str], list[Any]] = {}
    for (kind, code, *_), one in last.items():
        if one.text.strip() or one.title.strip():
            found.setdefault((kind, code), []).append(one)
    for (kind, _), sections in found.items():
        sections.sort(key=lambda one: (narrative.place(kind, one.section), one.language != "en", one.language))
    return found


def _readable(drafts: Sequence[Scope]) -> Q:
    """The sections that are public, and all of funds and projects within scopes; none belongs to an organization."""
    found = Q(state=narrative.PUBLIC)
    for scope in drafts:
        if scope == EVERYTHING:
            return Q(pk__isnull=False)
        if scope.organization:
            continue
        if scope.project:
            found |= Q(kind=PROJECT, code=scope.project)  # a project's code names its fund as well
        else:
            projects = models.Project.objects.filter(fund=scope.fund).values("code")
            found |= Q(kind=FUND, code=scope.fund) | Q(kind=PROJECT, code__in=projects)
    return found


def _identifier(subject: Any) -> str:
    """The IATI identifier that was declared, "" for none."""
    return next((words[0] for words in further(subject, "iati") if words), "")


def _texts(subject: Any, sections: list[Any]) -> Iterator[tuple[str, str, str, str]]:
    """Role, type, language and text. What was written at the desk goes before what a journal says."""
    yield "title", "", "", subject.title
    overviews = [one for one in sections if one.section == narrative.OVERVIEW]
    if not overviews:
        for words in further(subject, "overview"):
            yield "description", "1", "", " ".join(words)
    for one in overviews:
        yield "description", "1", one.language, narrative.plain(one.text)
    for one in sections:
        title = f"# {' '.join(one.title.split())}\n\n" if one.title.strip() else ""
        yield narrative.ROLE, one.section, one.language, f"{title}{one.text.strip()}"


class _Subject:
    """A fund or a project on its way into rows of an activity."""

    def __init__(self, subject: Any, fund: Any, kind: str, identifier: str, sections: list[Any]) -> None:
        self.subject, self.fund, self.kind, self.identifier = subject, fund, kind, identifier
        self.sections = sections
        publisher = next(further(fund, "publisher"), ("", ""))
        self.publisher, self.publisher_name = publisher[0], " ".join(publisher[1:])
        self.key = number(self.publisher, identifier)
        self._portions = 0

    def rows(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """All that the record says of it."""
        subject = self.subject
        yield "activities", self._activity()
        yield "accounts", record.Account(self.key, 0, 0, self.kind, subject.code, self.fund.code)
        others = [(CODE, subject.code), (DESCRIPTION, getattr(subject, "description_code", ""))]
        for n, (kind, value) in enumerate(others, 1):
            if value and value != self.identifier:
                yield "identifiers", record.Identifier(self.key, 0, n, kind, value)
        for n, (role, kind, language, text) in enumerate(_texts(subject, self.sections), 1):
            if text:
                yield "texts", record.Text(self.key, 0, n, role, kind, language, text[: record.LONGEST_TEXT])
        for n, (kind, key) in enumerate(((PLANNED_START, "starts"), (PLANNED_END, "ends")), 1):
            for words in further(subject, key):
                day = read_date(words[0]) if words else None
                if day:
                    yield "dates", record.Dated(self.key, 0, n, kind, day, "")
        for dimension in PORTIONS:
            for words in further(subject, dimension):
                if words:
                    yield "portions", self.portion(dimension, *portion(words))
        for n, words in enumerate(further(subject, "place"), 1):
            yield "places", record.Place(self.key, 0, n, " ".join(words), "", "")
        if self.fund.illustrative:
            dimension, vocabulary, code = ILLUSTRATIVE
            yield "portions", self.portion(dimension, code, "", vocabulary=vocabulary)

    def portion(
        self, dimension: str, code: str, name: str, percentage: str = "", *, vocabulary: str = ""
    ) -> record.Portion:
        """The next of the subject's portions."""
        self._portions += 1
        vocabulary = vocabulary or VOCABULARIES.get(dimension, "1")
        return record.Portion(self.key, 0, self._portions, 0, dimension, vocabulary, code, name, percentage)

    def _activity(self) -> record.Activity:
        return record.Activity(
            key=self.key,
            copy=0,
            publisher=self.publisher,
            publisher_name=self.publisher_name,
            identifier=self.identifier,
            line=0,
            version="",
            hierarchy="1" if self.kind == FUND else "2",
            status="",  # what the chain says of it
            title=self.subject.title,
            language="",
            currency=self.fund.currency,
            humanitarian=False,
            secondary=False,
            aid_type="",
            finance_type="",
            flow_type="",
            tied_status="",
            collaboration_type="",
            scope="",
            updated="",
        )


# The chain


def _vouchers(low: int, high: int, told: dict[int, Any]) -> Iterator[record.Voucher]:
    found = models.Posting.objects.filter(position__gte=low, position__lte=high, number__isnull=False)
    for at, nth, key, kind, on, recorded, origin, content, link in found.order_by("position").values_list(
        "position", "number", "key", "kind", "on", "recorded_at", "source", "content_hash", "hash"
    ):
        title = told.get(at, {}).get("title", "")
        yield record.Voucher(at, nth, key, kind, on, instant(recorded), title, origin, content, link)


_POSTED = (
    "SELECT posting_id, ordinal, movement, fund_id, coalesce(other_fund_id, ''), coalesce(project_id, ''),"
    " coalesce(organization_id, ''), coalesce(contributor_id, ''), coalesce(agreement_id, ''), category, standing, adjusts,"
    " effective_on, amount, currency, original_amount, original_currency, rate, reverses_id FROM books_entry"
    " WHERE posting_id BETWEEN %s AND %s ORDER BY posting_id, ordinal"
)


def _posted(low: int, high: int, told: dict[int, Any]) -> Iterator[record.Posted]:
    keys = dict(models.Posting.objects.filter(position__gte=low, position__lte=high).values_list("position", "key"))
    for at, ordinal, *said, amount, currency, original, original_currency, rate, reverses in rows(_POSTED, [low, high]):
        value, literal = _kept(amount, currency)
        note = told[at].get("notes", {}).get(str(ordinal), "") if at in told else ""
        stated = None if original is None else _kept(original, original_currency)[0]
        row = (at, ordinal, keys[at], *said, value, literal, currency, stated, original_currency, rate, reverses, note)
        yield record.Posted(*row)


def _kept(units: int, currency: str) -> tuple[Decimal | None, str]:
    """An amount as an edition keeps it, and as written where that does not hold it."""
    amount = of_minor_units(units, currency)
    value = kept(amount)
    return value, "" if value is not None else plain(amount)


def _papers(low: int, high: int, told: dict[int, Any]) -> Iterator[record.Paper]:
    found = models.Attachment.objects.filter(posting__gte=low, posting__lte=high).order_by("posting", "ordinal")
    for at, ordinal, sha256 in found.values_list("posting", "ordinal", "sha256"):
        yield record.Paper(at, ordinal, sha256, told.get(at, {}).get("documents", {}).get(f"sha256-{sha256}", ""))


def _events(low: int, high: int, told: dict[int, Any]) -> Iterator[record.Event]:
    found = models.Event.objects.filter(posting__gte=low, posting__lte=high).order_by("posting")
    for at, kind, on, fund, project, organization, status, year, until in found.values_list(
        *("posting", "posting__kind", "posting__on", "fund", "project", "organization", "status", "year", "until")
    ):
        whose = (fund or "", project or "", organization or "")
        said = told.get(at, {}).get("title", "")
        yield record.Event(at, kind, on, *whose, status.replace("-", "_"), year, until, said)
