"""The form of a reading: its value, its period, who says so, and its parts by each list that the indicator is told apart by."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms as django_forms

from quipu.actions import subjects
from quipu.actions.results.reading import ReadingSaid
from quipu.books import models, office
from quipu.desk.drawing import said, sentence
from quipu.desk.forms import Form, choice, choose, day, text
from quipu.desk.results import forms, words
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.results.kinds import NOT_STATED
from quipu.rules.results.states import State

C, N, V = "c:", "n:", "v:"  # a part of a list; the name and the value of a free row
FREE = 3  # empty rows of a list to which everything can be written
MOST_ROWS = 60
OTHER = "other"
MOST_PAPERS = 60


@dataclass(slots=True)
class Row:
    """A part: the fields it is typed into, and what stands in them. naming: the field of its name, "" where it is offered."""

    field: str
    label: str
    value: str = ""
    naming: str = ""
    fault: str = ""


@dataclass(slots=True)
class Block:
    """The parts of one list."""

    code: str
    label: str
    rows: list[Row] = field(default_factory=list)
    is_open: bool = False
    fault: str = ""

    @property
    def is_told(self) -> bool:
        """Whether something stands in it."""
        return bool(self.fault) or any(row.value or row.fault for row in self.rows)


def cells_of(sent: Mapping[str, str], lists: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What was typed by list and choice; empty ones are left out, so that a part is taken off by emptying it."""
    found: dict[str, dict[str, str]] = {}
    for code in lists:
        for name, value in sent.items():
            if name.startswith(f"{C}{code}:"):
                choice_ = name.removeprefix(f"{C}{code}:")
            elif name.startswith(f"{V}{code}:"):
                choice_ = " ".join(sent.get(name.replace(V, N, 1), "").split())
            else:
                continue
            if value.strip():
                there = found.setdefault(code, {})
                # a name that is written twice is no part of anything: the rule says so
                there["" if choice_ in there else choice_] = value.strip()
    return found


def blocks(indicator: Any, cells: Mapping[str, Mapping[str, str]], faults: Mapping[str, str]) -> list[Block]:
    """The fields of all lists, with what stands in them and what is wrong there."""
    found = []
    for code, (label, offered, is_open) in words.lists_of(indicator).items():
        told = dict(cells.get(code, {}))
        block = Block(code, label, is_open=is_open, fault=faults.get(code, ""))
        own = [one for one in told if one and one not in offered]
        before = [one for one in _known(indicator, code) if one not in own and one not in offered] if is_open else []
        for one in [*own, *before][:MOST_ROWS]:
            block.rows.append(Row(f"{C}{code}:{one}", one, told.get(one, ""), "", faults.get(f"{code}/{one}", "")))
        if is_open:
            for n in range(FREE):
                naming, value = f"{N}{code}:{n}", told.get("", "") if not n else ""
                fault = faults.get(f"{code}/", "") if not n else ""
                block.rows.append(Row(f"{V}{code}:{n}", label, value, naming, fault))
        for one, named in sorted(offered.items(), key=lambda each: each[0] == NOT_STATED):
            block.rows.append(Row(f"{C}{code}:{one}", named, told.get(one, ""), "", faults.get(f"{code}/{one}", "")))
        found.append(block)
    return found


def _known(indicator: Any, code: str) -> list[str]:
    """What was written to an open list before, the last reading's first."""
    read = models.Reading.objects.filter(indicator=indicator).exclude(state=State.WITHDRAWN).order_by("-until")
    return list(dict.fromkeys(one for cells in read.values_list("cells", flat=True)[:3] for one in cells.get(code, {})))


class Reading(Form):
    """A reading as it is typed; is_begun: looked at before it is whole.

    Its parts are no fields of Django's: `blocks` draws them, `cells_of` reads them.
    """

    period = choice("Period")
    since = day("From", needed=False)
    until = day("To", needed=False)
    value = text("Value", most=2000)
    source = text("Source", hint="Who says so: a report, a register, a visit, a publication.")
    on = day("Date of the source", needed=False)
    link = text("Link", needed=False, most=2000, hint="Where it can be read.")
    documents = django_forms.MultipleChoiceField(
        label="Documents that show it", required=False, widget=django_forms.CheckboxSelectMultiple
    )
    note = text(
        "Note",
        needed=False,
        hint="For the desk alone. What readers must know belongs into the source.",
        lines=2,
        most=4000,
    )
    seen = forms.seen()
    key = text("Key", needed=False, most=24)

    def __init__(
        self, *args: Any, indicator: Any, rights: Any, record: Any = None, is_begun: bool = False, **options: Any
    ) -> None:
        options["initial"] = {**_begins(indicator, record), **(options.get("initial") or {})}
        super().__init__(*args, **options)
        self.indicator, self.record, self.lists = indicator, record, words.lists_of(indicator)
        self.kept_since = record.since if record is not None else None
        cycles = offered(indicator)
        choose(self, "period", [*cycles, (OTHER, said("Another period"))])
        for name in ("period", *(("value", "source") if is_begun else ())):
            self.fields[name].required = not is_begun
        if not words.is_since(indicator):
            del self.fields["since"]
            self.fields["until"].label = said("Counted up to")
        forms.typing(self.fields["value"], indicator.kind)
        self.fields["value"].label = _value_label(indicator)
        papers = papers_of(indicator, rights, record)
        self.fields["documents"].choices = papers
        if not papers:
            del self.fields["documents"]
        self.fields["key"].widget = django_forms.HiddenInput()
        del self.fields["key" if record is not None else "seen"]
        self.faults: dict[str, str] = {}

    def said(self) -> ReadingSaid:
        """What was typed, as the verb takes it. Raises Refused."""
        told = self.cleaned_data
        since, until = self.days()
        if until is None:
            raise Refused(Finding("field-missing", "until" if self.is_other() else "period"))
        return ReadingSaid(
            indicator=self.indicator.code,
            until=until,
            value=told["value"],
            source=told["source"],
            since=since,
            cells=self.cells(),
            on=told["on"],
            link=told["link"],
            documents=self._documents(),
            note=told["note"],
            group=forms.group_sign(),
        )

    def is_other(self) -> bool:
        """Whether its days are typed."""
        return self.cleaned_data.get("period", "") in (OTHER, "")

    def days(self) -> tuple[date | None, date | None]:
        """The period that was chosen, or typed."""
        told, counts = self.cleaned_data, words.is_since(self.indicator)
        if not self.is_other():
            since, until = (date.fromisoformat(one) for one in told["period"].split("/"))
            return (since if counts else self.kept_since), until
        return (told.get("since") if counts else self.kept_since), told["until"]

    def cells(self) -> dict[str, dict[str, str]]:
        """The parts that were typed."""
        return cells_of(self.data, self.lists)

    def _documents(self) -> list[str]:
        """Those that were ticked, and those that stand there and its reader does not see."""
        kept = list(self.record.documents) if self.record is not None else []
        offered_ = {code for code, _ in self.fields["documents"].choices} if "documents" in self.fields else set()
        chosen = self.cleaned_data.get("documents", [])
        return [*(one for one in kept if one in chosen or one not in offered_), *(c for c in chosen if c not in kept)]

    def refuse(self, refused: Refused) -> None:
        """What is about parts stands beside them."""
        plain = []
        for one in refused.findings:
            assert isinstance(one, Finding)
            if one.place in self.lists or one.place.partition("/")[0] in self.lists:
                self.faults[one.place] = sentence(one)
            else:
                plain.append(one)
        super().refuse(Refused(*plain))
        if self.faults and not plain:
            self.add_error(None, said("Some of its parts have to be mended: they are marked below."))

    def blocks(self) -> list[Block]:
        """The parts, as they stand."""
        if self.is_bound:
            return blocks(self.indicator, self.cells(), self.faults)
        kept = self.record.cells if self.record is not None else {}
        typed = {
            code: {one: forms.as_typed(self.indicator, text_) for one, text_ in some.items()}
            for code, some in kept.items()
        }
        return blocks(self.indicator, typed, {})


def _value_label(indicator: Any) -> str:
    unit = words.unit(indicator)
    return f"{said('Value')} ({unit})" if unit else said("Value")


def _begins(indicator: Any, record: Any) -> dict[str, Any]:
    """What the form begins with: what stands, or the period that waits for a reading, and a key of its own."""
    cycles = [code for code, _ in offered(indicator)]
    if record is None:
        until = {
            one.isoformat()
            for one in models.Reading.objects.filter(indicator=indicator)
            .exclude(state=State.WITHDRAWN)
            .values_list("until", flat=True)
        }
        free = [one for one in cycles if one.split("/")[1] not in until]
        return {"period": next(iter([*free, *cycles]), OTHER), "key": secrets.token_hex(8)}
    told = {name: getattr(record, name) for name in ("since", "until", "source", "on", "link", "documents", "note")}
    own = next((one for one in cycles if one.split("/")[1] == record.until.isoformat()), OTHER)
    if words.is_since(indicator) and own != f"{record.since}/{record.until}":
        own = OTHER
    return {**told, "value": forms.as_typed(indicator, record.value), "period": own}


def offered(indicator: Any) -> list[tuple[str, str]]:
    """The programme's periods that have ended and are not locked, the last first."""
    found = models.Cycle.objects.filter(
        project=indicator.project_id, locked_at=None, until__lte=office.today()
    ).order_by("-until")
    counts = words.is_since(indicator)
    return [
        (
            f"{one.since}/{one.until}",
            words.of_cycle(one)
            if counts
            else f"{one.title or words.period(one.since, one.until)}: {words.period(None, one.until)}",
        )
        for one in found
    ]


def papers_of(indicator: Any, rights: Any, record: Any = None) -> list[tuple[str, str]]:
    """Documents of the programme that a reader may see, the last first."""
    del record
    found = models.Document.objects.filter(project=indicator.project_id)
    scope: Scope = subjects.scope_of(indicator.project)
    if not rights.may("read drafts", scope):
        found = found.filter(visibility="public")
    return [
        (one.code, f"{words.called(one.titles) or one.code}{f' ({one.on})' if one.on else ''}")
        for one in found.order_by("-made_at")[:MOST_PAPERS]
    ]
