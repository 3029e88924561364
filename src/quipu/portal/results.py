"""Results as a reader of one language sees them: those kept at the desk and those read from files, in one shape."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from quipu.edition.pages import Record
from quipu.portal.addresses import outside, segment
from quipu.portal.languages import Words
from quipu.portal.pictures.periods import Periods, periods
from quipu.portal.pictures.progress import Progress, number, progress
from quipu.portal.sheet import Block, Said, prose, said
from quipu.rules.results import beneficiaries, rolling, standing, values
from quipu.rules.results.kinds import ADDED, BREAKS, BY_PARTS, COUNTED, SUMS, Kind
from quipu.rules.results.rolling import Part, Rolled
from quipu.rules.results.values import Value
from quipu.rules.table import Cell

Item = Mapping[str, Any]
OF_FILE = {"1": "output", "2": "outcome", "3": "impact"}
KINDS = {"output": "Output", "outcome": "Outcome", "impact": "Impact", "result": "Result"}
PERCENTAGE_OF_FILE = "2"  # the standard's code of an indicator's measure
IN_FORCE, APPROVED = "in force", "approved"
MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """A part of a value: what it is called, as it is shown, its share in per cent where there is one, why it is absent."""

    code: str
    label: Said
    value: str  # as it is kept
    shown: str
    share: str
    why: str


@dataclass(slots=True)
class Split:
    """A value told apart by one list. absent: why some of its parts are not public."""

    code: str
    label: Said
    choices: list[Choice] = field(default_factory=list)
    has_shares: bool = False
    absent: str = ""


@dataclass(slots=True)
class Reading:
    """A value that a source gives for a period. shown: as it is printed, "" where it is absent, which `why` explains."""

    code: str
    raw: str
    value: Value | None
    shown: str
    why: str
    source: Said
    link: str
    on: str
    since: str
    until: str
    is_reported: bool
    choice: str
    state: str
    approved: str = ""
    line: int = 0
    splits: list[Split] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)

    @property
    def period(self) -> tuple[str, str]:
        return self.since, self.until


@dataclass(frozen=True, slots=True)
class Target:
    """What an indicator is meant to reach, with what became of that: in force, revised, given up."""

    since: str
    until: str
    raw: str
    value: Value | None
    shown: str
    reason: Said
    on: str
    state: str
    link: str = ""


@dataclass
class Indicator:
    """An indicator with everything that is told of it. place: its part of an address; is_kept: at the desk, not in a file."""

    place: str
    title: Said
    unit: Said
    text: Said
    kind: str
    words: Words
    direction: str = ""
    gathers: str = ""
    measure: str = ""
    people: bool = False
    counted: str = ""
    code: str = ""
    organization: tuple[str, str] = ("", "")
    method: str = ""
    verification: str = ""
    assumptions: str = ""
    baseline: str = ""
    baseline_shown: str = ""
    baseline_on: str = ""
    baseline_source: Said = field(default_factory=lambda: Said(""))
    ended: str = ""
    line: int = 0
    is_kept: bool = False
    units: dict[str, str] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    @cached_property
    def counting(self) -> list[Reading]:
        """The readings that count, one for each period: those reported; of files and drafts, the first of a period."""
        first: dict[tuple[str, str], Reading] = {}
        for one in self.readings:
            if one.is_reported or one.period not in first:
                first[one.period] = one
        kept = [one for one in first.values() if one.is_reported or not self.is_kept or one.state != APPROVED]
        return sorted(kept, key=lambda one: (one.until, one.since))

    @cached_property
    def now(self) -> Rolled:
        """Where it stands. Files do not say how their periods go together: there, the last value stands."""
        parts = [
            Part(one.code, one.value, "", _day(one.since), _day(one.until))
            for one in self.counting
            if one.value is not None
        ]
        return rolling.over_time(self.gathers if self.is_kept else "", parts)

    @cached_property
    def used(self) -> list[Reading]:
        """The readings that the value is made of; where none has one, the last, which says why."""
        codes = {part.name for part in self.now.parts}
        return [one for one in self.counting if one.code in codes] or self.counting[-1:]

    @property
    def last(self) -> Reading | None:
        """The reading to name beside the value."""
        return self.used[-1] if self.used else None

    @property
    def is_sum(self) -> bool:
        """Whether the value is put together from several periods."""
        return len(self.used) > 1

    @cached_property
    def shown(self) -> str:
        """Its value, as it is printed large; "" for none."""
        if self.is_sum and self.now.value is not None:
            return printed(self.now.value, self.words)
        return self.last.shown if self.last else ""

    @property
    def is_words(self) -> bool:
        """Whether its value is told in words, which are not printed large."""
        return self.kind == Kind.TEXT

    @cached_property
    def others(self) -> list[Reading]:
        """What other sources say of the same periods, where they say something else."""
        by_period = {one.period: one for one in self.used}
        return [
            one
            for one in self.readings
            if one.period in by_period and one is not by_period[one.period] and one.shown != by_period[one.period].shown
        ]

    @cached_property
    def agreeing(self) -> list[Reading]:
        """Other sources that say the same."""
        by_period = {one.period: one for one in self.used}
        return [
            one
            for one in self.readings
            if one.period in by_period
            and one is not by_period[one.period]
            and one.shown == by_period[one.period].shown
            and (one.source, one.link) != (by_period[one.period].source, by_period[one.period].link)
        ]

    @property
    def choice(self) -> str:
        """Why the reported value was chosen."""
        return next((one.choice for one in self.used if one.choice), "")

    @property
    def is_draft(self) -> bool:
        """Whether something in it is not approved yet: only a preview holds such."""
        return any(one.state != APPROVED for one in self.used)

    @property
    def in_force(self) -> list[Target]:
        """The targets that stand, the last one last."""
        found = [one for one in self.targets if one.state == IN_FORCE and one.shown]
        return sorted(found, key=lambda one: (one.until, one.since))

    @property
    def revised(self) -> list[Target]:
        """Targets that stand no more."""
        return [one for one in self.targets if one.state != IN_FORCE]

    @cached_property
    def aim(self) -> Value | None:
        """What it is compared with."""
        parts = [
            Part("", one.value, "", _day(one.since), _day(one.until)) for one in self.in_force if one.value is not None
        ]
        return standing.aim(self.kind, self.gathers if self.is_kept else "", parts)

    @property
    def aim_shown(self) -> str:
        """The same as it is printed; of a file as it has it."""
        if self.aim is not None and self.is_kept:
            return printed(self.aim, self.words)
        return self.in_force[-1].shown if self.in_force else ""

    @property
    def target(self) -> Target | None:
        """The target that ends last."""
        return self.in_force[-1] if self.in_force else None

    @cached_property
    def way(self) -> values.Progress | None:
        """How far it has come."""
        begun = self._measured(self.baseline)
        return standing.way(self.direction, self.gathers, begun, self.aim, self.now.value)

    @property
    def sentence(self) -> str:
        """Progress in words: 49 of 50, 98% of the way; "" where there is nothing to measure against."""
        gettext = self.words.gettext
        if self.aim is None or not self.shown or self.kind == Kind.TEXT or self.now.value is None:
            return ""
        both = {"value": self.shown, "target": self.aim_shown}
        if self.kind in COUNTED:
            same = self.now.value.text == self.aim.text
            return gettext("As it was meant to be.") if same else gettext("Not yet as it was meant to be.")
        if self.way is None:
            return gettext("%(value)s; the target is %(target)s.") % both
        if self.way.is_reached:
            return gettext("%(value)s of %(target)s: the target is reached.") % both
        if self.way.share < 0:
            return gettext("%(value)s: further from the target of %(target)s than at the beginning.") % both
        share = self.words.money(self.way.share, 0)
        if (
            self.kind in BY_PARTS
            and (self.now.value.whole is not None or self.aim.whole is not None)
            and not self.baseline
        ):
            said_ = gettext("%(value)s; the target is %(target)s: %(share)s%% of the way.")
            return said_ % {**both, "share": share}
        begun = self._measured(self.baseline if self.gathers != SUMS else "")
        if begun is None or not begun.measured:
            return gettext("%(value)s of %(target)s, %(share)s%% of the way.") % {**both, "share": share}
        from_ = {**both, "baseline": self.baseline_shown, "share": share}
        return gettext("%(value)s, from %(baseline)s towards %(target)s: %(share)s%% of the way.") % from_

    def _measured(self, text: str) -> Value | None:
        return (values.kept(self.kind, text) if self.is_kept else of_file(text, self.kind)) if text else None

    @cached_property
    def splits(self) -> list[Split]:
        """Its value told apart. Of several periods: parts that every one of them tells are added, as the value is."""
        if not self.is_sum or self.now.how != rolling.SUM:
            return self.last.splits if self.last else []
        last = self.used[-1].splits
        return [split for one in last if (split := _added(one, self.used, self.now.value, self.words)).choices]

    @property
    def papers(self) -> list[str]:
        """Documents behind its readings, by hash, each once."""
        return list(dict.fromkeys(sha for one in self.readings for sha in one.papers))

    @cached_property
    def progress(self) -> Progress | None:
        """Its picture, where it has a target to be measured against."""
        if self.kind in (*COUNTED, Kind.TEXT):
            return None
        begun = [Cell(self.baseline_number)] if self.baseline_number else []
        aims = [Cell(one.shown, link=one.link) for one in self.in_force if one.value is not None]
        if self.is_sum and self.now.value is not None:
            read = [Cell(self.shown)]
        else:
            same = [
                one
                for one in self.readings
                if one.value is not None and (not self.is_kept or one.period in {u.period for u in self.used})
            ]
            read = [Cell(one.shown, label=one.source.text, link=one.link) for one in same]
        if self.is_sum and self.aim is not None:
            aims = [Cell(self.aim_shown)]
        return progress(begun, aims, read, self._number)

    def _number(self, text: str) -> Decimal | None:
        return self._numbers.get(text, number(text))

    @cached_property
    def _numbers(self) -> dict[str, Decimal]:
        """What printed values are as numbers."""
        told = [(one.shown, one.value) for one in self.readings] + [(one.shown, one.value) for one in self.targets]
        told += [
            (self.shown, self.now.value),
            (self.aim_shown, self.aim),
            (self.baseline_shown, self._measured(self.baseline)),
        ]
        return {text: n for text, value in told if text and value is not None and (n := value.measured) is not None}

    @property
    def baseline_number(self) -> str:
        return self.baseline_shown if self.gathers != SUMS else ""

    @cached_property
    def over_time(self) -> Periods | None:
        """Its picture over time, where it was read for several periods."""
        if self.kind in (*COUNTED, Kind.TEXT):
            return None
        aims = {(one.since if self.gathers == SUMS else "", one.until): one for one in self.in_force}
        told = []
        for one in self.counting:
            value = one.value.measured if one.value is not None else None
            if value is None:
                continue
            aim = aims.get((one.since if self.gathers == SUMS else "", one.until))
            number_of = aim.value.measured if aim is not None and aim.value is not None else None
            told.append((one.until, value, Cell(one.shown), number_of, Cell(aim.shown) if aim is not None else None))
        return periods(told)

    @property
    def over_time_said(self) -> str:
        """The same in a sentence to quote."""
        first, last = self.counting[0], self.counting[-1]
        told = {
            "first": first.shown,
            "last": last.shown,
            "since": self.words.day(first.until),
            "until": self.words.day(last.until),
        }
        return self.words.gettext("%(first)s up to %(since)s, %(last)s up to %(until)s.") % told


def _added(like: Split, readings: Sequence[Reading], whole: Value | None, words: Words) -> Split:
    """The parts of several periods' readings by one list, added choice by choice; what one of them leaves out stays out."""
    told = [
        {one.code: one for split in each.splits if split.code == like.code for one in split.choices}
        for each in readings
    ]
    absent = next(
        (split.absent for each in readings for split in each.splits if split.code == like.code and split.absent), ""
    )
    found = Split(like.code, like.label, absent=absent)
    for choice in dict.fromkeys(code for each in (told[-1], *told) for code in each):
        parts = [each.get(choice) for each in told]
        label = next(one.label for one in parts if one is not None)
        numbers = [Decimal(one.value) for one in parts if one is not None and one.value]
        if len(numbers) == len(parts):
            total = sum(numbers, Decimal(0))
            part = standing.share(total, whole.number if whole else None)
            share = words.money(part, 0) + "%" if part is not None else ""
            found.has_shares = found.has_shares or bool(share)
            found.choices.append(Choice(choice, label, str(total), plain(total, words), share, ""))
        else:
            why = next((one.why for one in parts if one is not None and one.why), "not told for every period")
            found.choices.append(Choice(choice, label, "", "", "", why))
    return found


@dataclass
class Aim:
    """An outcome, an output or whatever a file calls a result, with its indicators and the outputs below it."""

    kind: str
    number: int
    code: str
    title: Said
    prose: list[Block] = field(default_factory=list)
    organization: tuple[str, str] = ("", "")
    assumptions: str = ""
    ended: str = ""
    indicators: list[Indicator] = field(default_factory=list)
    outputs: list["Aim"] = field(default_factory=list)

    @property
    def every(self) -> list[Indicator]:
        """Its indicators and those of its outputs, in their order."""
        return [*self.indicators, *(one for output in self.outputs for one in output.indicators)]


@dataclass
class People:
    """A table of beneficiaries as of a day: rows of (way, aspect, cells by who, with None for what nobody said)."""

    until: str
    source: str
    rows: list[tuple[str, str, list[tuple[int | None, str]]]]
    columns: list[str]


@dataclass
class Results:
    """All results of one activity."""

    aims: list[Aim]
    is_kept: bool
    people: list[People] = field(default_factory=list)

    @property
    def indicators(self) -> list[tuple[Aim, Aim | None, Indicator]]:
        """Every indicator with its outcome, and its output where it has one."""
        found: list[tuple[Aim, Aim | None, Indicator]] = []
        for aim in self.aims:
            found += [(aim, None, one) for one in aim.indicators]
            found += [(aim, output, one) for output in aim.outputs for one in output.indicators]
        return found

    def find(self, place: str) -> tuple[Aim, Aim | None, Indicator] | None:
        """The indicator of that place in an address."""
        return next((each for each in self.indicators if each[2].place == place), None)

    @property
    def period(self) -> Reading | None:
        """A reading of the period that all values are of, so that it is said once; None where they differ."""
        last = [one.last for *_, one in self.indicators if one.last is not None]
        is_one = len(last) > 1 and len({one.period for one in last}) == 1 and bool(last[0].until or last[0].since)
        return last[0] if is_one else None

    @property
    def has_targets(self) -> bool:
        """Whether any indicator has a target."""
        return any(one.targets for *_, one in self.indicators)

    def __bool__(self) -> bool:
        return bool(self.aims or self.people)


def of(record: Record, words: Words) -> Results:
    """The results of a page record: the desk's where it keeps any, else what its file tells."""
    if record.get("results"):
        return _Kept(record, words).results()
    return _of_file(record, words)


def address(identifier: str, place: str) -> str:
    """Where an indicator has its page."""
    return f"/result/{segment(identifier)}/{place}"


def printed(value: Value, words: Words) -> str:
    """A value as a reader sees it."""
    if value.whole is not None and value.part is not None:
        parts = {"part": plain(value.part, words), "whole": plain(value.whole, words)}
        if value.kind == Kind.PERCENTAGE:
            measured = value.measured or Decimal(0)
            share = plain(measured.quantize(Decimal("0.1")), words)
            return words.gettext("%(share)s%% (%(part)s of %(whole)s)") % {**parts, "share": share}
        return words.gettext("%(part)s of %(whole)s") % parts
    if value.number is not None:
        return plain(value.number, words) + ("%" if value.kind == Kind.PERCENTAGE else "")
    return words.gettext(value.text) if value.kind in COUNTED else value.text


def rolled(found: Rolled, words: Words) -> str:
    """What several values come to, as a reader sees it; "" where they are only listed."""
    if found.how == rolling.TALLY:
        numbers = {"so": words.count(found.so), "of": words.count(found.of)}
        return words.gettext("%(so)s of %(of)s") % numbers if found.of else ""
    return printed(found.value, words) if found.value is not None else ""


def exact(found: Rolled) -> str | None:
    """The same as a file of data has it."""
    if found.how == rolling.TALLY:
        return f"{found.so}/{found.of}" if found.of else None
    return str(found.value) if found.value is not None else None


def spoken(texts: Mapping[str, str], language: str) -> Said:
    """A text of several languages as a reader of one knows it best."""
    return said(texts.items(), language)


def plain(value: Decimal, words: Words) -> str:
    """A number with as many decimals as it has."""
    exponent = value.normalize().as_tuple().exponent
    decimals = min(MOST_DECIMALS, max(0, -int(exponent)))
    text = words.money(abs(value), decimals)
    return f"−{text}" if value < 0 else text


def of_file(text: str, kind: str) -> Value | None:
    """What a file's value counts as; None for words."""
    found = number(text)
    return None if found is None else Value(Kind(kind or Kind.AMOUNT), found)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


# Kept at the desk


class _Kept:
    """Rows of the desk's results, put together."""

    def __init__(self, record: Record, words: Words) -> None:
        self.record, self.words = record, words
        self.told: dict[str, list[Item]] = {name: items or [] for name, items in record["results"].items()}
        self.texts: dict[tuple[str, str, str], list[Item]] = {}
        for item in self.told["texts"]:
            self.texts.setdefault((item["of"], item["role"], item["choice"]), []).append(item)

    def _said(self, of: str, role: str = "title", choice: str = "") -> Said:
        texts = self.texts.get((of, role, choice), ())
        return said(((t["language"], t["text"]) for t in texts), self.words.language, self.record["language"])

    def results(self) -> Results:
        aims = {item["code"]: self._aim(item) for item in self.told["aims"]}
        outcomes = [aim for aim in aims.values() if aim.kind == "outcome"]
        for item in self.told["aims"]:
            if item["parent"] in aims:
                aims[item["parent"]].outputs.append(aims[item["code"]])
        whole = Aim("programme", 0, "", Said(self.words.gettext("Of the programme as a whole")))
        by_indicator: dict[str, dict[str, list[Item]]] = {}
        for name in ("observations", "targets"):
            for item in self.told[name]:
                by_indicator.setdefault(item["indicator"], {}).setdefault(name, []).append(item)
        self.cells = _grouped(self.told["cells"])
        self.papers = _grouped(self.told["papers"])
        for item in self.told["indicators"]:
            own = by_indicator.get(item["code"], {})
            aims.get(item["parent"], whole).indicators.append(self._indicator(item, own))
        return Results([*outcomes, *([whole] if whole.indicators else [])], True, self._people())

    def _aim(self, item: Item) -> Aim:
        body = (item["organization"], item["name"])
        words = {"organization": body, "assumptions": item["assumptions"], "ended": item["ended"] or ""}
        return Aim(item["kind"], item["number"], item["code"], self._said(item["code"]), **words)

    def _indicator(self, item: Item, own: dict[str, list[Item]]) -> Indicator:
        found = Indicator(
            place=f"i{item['number']}",
            title=self._said(item["code"]),
            unit=self._said(item["code"], "unit"),
            text=Said(""),
            words=self.words,
            is_kept=True,
            organization=(item["organization"], item["name"]),
            baseline_source=Said(item["baseline_source"]),
            baseline_on=item["baseline_on"] or "",
            ended=item["ended"] or "",
            units={t["language"]: t["text"] for t in self.texts.get((item["code"], "unit", ""), ())},
            **{name: item[name] for name in ("kind", "direction", "gathers", "measure", "people", "counted", "code")},
            **{name: item[name] for name in ("method", "verification", "assumptions", "baseline")},
        )
        found.baseline_shown = self._shown(item["kind"], item["baseline"])
        found.targets = [self._target(each, item["kind"]) for each in own.get("targets", ())]
        found.readings = [self._reading(each, item["kind"]) for each in own.get("observations", ())]
        return found

    def _shown(self, kind: str, text: str) -> str:
        return printed(values.kept(kind, text), self.words) if text else ""

    def _target(self, item: Item, kind: str) -> Target:
        value = values.kept(kind, item["value"]) if item["value"] else None
        period = (item["since"] or "", item["until"], item["value"], value, self._shown(kind, item["value"]))
        return Target(*period, Said(item["reason"]), item["on"], item["state"])

    def _reading(self, item: Item, kind: str) -> Reading:
        value = values.kept(kind, item["value"]) if item["value"] else None
        return Reading(
            code=item["code"],
            raw=item["value"],
            value=value,
            shown=self._shown(kind, item["value"]),
            why=item["why"],
            source=Said(item["source"]),
            link=outside(item["link"]),
            on=item["on"] or "",
            since=item["since"] or "",
            until=item["until"],
            is_reported=item["reported"],
            choice=item["choice"],
            state=item["state"],
            approved=item["approved"] or "",
            splits=self._splits(self.cells.get(item["code"], []), kind, value),
            papers=[each["sha256"] for each in self.papers.get(item["code"], ())],
        )

    def _splits(self, cells: list[Item], kind: str, whole: Value | None) -> list[Split]:
        found: dict[str, Split] = {}
        for cell in cells:
            code, choice = cell["breakdown"], cell["choice"]
            split = found.setdefault(code, Split(code, self._called(code)))
            if not choice:
                split.absent = cell["why"]
                continue
            value = values.kept(kind, cell["value"]) if cell["value"] else None
            part = standing.share(value.number, whole.number) if value and whole and kind in ADDED else None
            share = self.words.money(part, 0) + "%" if part is not None else ""
            split.has_shares = split.has_shares or bool(share)
            shown = self._shown(kind, cell["value"])
            split.choices.append(Choice(choice, self._chosen(code, choice), cell["value"], shown, share, cell["why"]))
        for code, split in found.items():
            order = (
                list(BREAKS[code].choices)
                if code in BREAKS
                else [c for of, role, c in self.texts if (of, role) == (code, "choice")]
            )
            split.choices.sort(
                key=lambda one: order.index(one.code) if one.code in order and one.code != "not-stated" else len(order)
            )
        return list(found.values())

    def _called(self, code: str) -> Said:
        if code in BREAKS:
            return Said(self.words.gettext(BREAKS[code].label))
        return self._said(code) if (code, "title", "") in self.texts else Said(code)

    def _chosen(self, code: str, choice: str) -> Said:
        if code in BREAKS and choice in BREAKS[code].choices:
            return Said(self.words.gettext(BREAKS[code].choices[choice]))
        return self._said(code, "choice", choice) if (code, "choice", choice) in self.texts else Said(choice)

    def _people(self) -> list[People]:
        gettext, by_day = self.words.gettext, {}  # type: ignore[var-annotated]
        for item in self.told["beneficiaries"]:
            by_day.setdefault(item["until"], []).append(item)
        found = []
        for until, items in sorted(by_day.items(), reverse=True):
            cells = {(each["way"], each["aspect"], each["who"]): each for each in items}
            who = [one for one in beneficiaries.WHO if any(each["who"] == one for each in items)]
            rows = [
                (
                    gettext(beneficiaries.WAYS[way]),
                    gettext(beneficiaries.ASPECTS[aspect]),
                    [_person(cells.get((way, aspect, one))) for one in who],
                )
                for way in beneficiaries.WAYS
                for aspect in beneficiaries.ASPECTS
                if any((way, aspect, one) in cells for one in who)
            ]
            found.append(People(until, items[0]["source"], rows, [gettext(beneficiaries.WHO[one]) for one in who]))
        return found


def _person(item: Item | None) -> tuple[int | None, str]:
    return (None, "not stated") if item is None else (item["number"], item["why"])


def _grouped(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Cells and papers by their reading."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item["observation"], []).append(item)
    return found


# Read from a file


def _of_file(record: Record, words: Words) -> Results:
    results: dict[int, list[Item]] = {}
    for item in record["readings"]:
        results.setdefault(item["result"], []).append(item)
    spoken = _Spoken(words, record["language"])
    return Results([_result(n, items, spoken) for n, items in sorted(results.items())], False)


@dataclass(frozen=True, slots=True)
class _Spoken:
    """Texts of a file in the reader's language, else in the activity's own."""

    words: Words
    own: str

    def said(self, items: Iterable[Item], name: str) -> Said:
        return said(((i["language"], i[name]) for i in items if i[name]), self.words.language, self.own)


def _result(n: int, items: list[Item], spoken: _Spoken) -> Aim:
    own = [i for i in items if i["kind"] == "result"]
    told = spoken.said(own, "text")
    aim = Aim(
        OF_FILE.get(own[0]["type"] if own else "", "result"),
        n,
        "",
        spoken.said(own, "title"),
        [prose(told.text, told.lang)] if told.text else [],
    )
    indicators: dict[int, list[Item]] = {}
    for item in items:
        if item["indicator"]:
            indicators.setdefault(item["indicator"], []).append(item)
    aim.indicators = [_indicator(f"{n}.{m}", group, spoken) for m, group in sorted(indicators.items())]
    return aim


def _indicator(place: str, items: list[Item], spoken: _Spoken) -> Indicator:
    own = [i for i in items if i["kind"] == "indicator"]
    kind = Kind.PERCENTAGE if own and own[0]["type"] == PERCENTAGE_OF_FILE else Kind.AMOUNT
    found = Indicator(
        place, spoken.said(own, "title"), Said(""), spoken.said(own, "text"), kind, spoken.words, line=items[0]["line"]
    )
    baselines = _values(items, "baseline", spoken)
    if baselines:
        first, comment = baselines[0]
        found.baseline = found.baseline_shown = first["value"]
        found.baseline_source = comment
        found.baseline_on = first["since"] or first["until"] or ""
    for item, comment in _values(items, "target", spoken):
        if item["value"] and not item["dimension"]:
            value = of_file(item["value"], kind)
            period = (item["since"], item["until"], item["value"], value, item["value"])
            found.targets.append(Target(*period, comment, "", IN_FORCE, outside(item["source"] or "")))
    parts: dict[tuple[str, str], list[tuple[Item, Said]]] = {}
    for item, comment in _values(items, "actual", spoken):
        if item["dimension"]:
            parts.setdefault((item["since"], item["until"]), []).append((item, comment))
            continue
        found.readings.append(_read(item, comment, kind, len(found.readings)))
    for (since, until), some in parts.items():
        whole = next((one for one in found.readings if one.period == (since, until)), None)
        if whole is None:
            whole = _read({**some[0][0], "value": "", "source": ""}, Said(""), kind, len(found.readings))
            whole.why = "not stated"
            found.readings.append(whole)
        whole.splits = _of_dimensions([item for item, _ in some], kind, whole.value, spoken.words)
    return found


def _values(items: Sequence[Item], kind: str, spoken: _Spoken) -> list[tuple[Item, Said]]:
    """Each value once, with its comment, which may stand there in several languages."""
    by_line: dict[tuple[int, str, str], list[Item]] = {}
    for item in items:
        if item["kind"] == kind:
            by_line.setdefault((item["line"], item["value"], item["dimension"]), []).append(item)
    return [(same[0], spoken.said(same, "text")) for same in by_line.values()]


def _read(item: Item, comment: Said, kind: str, n: int) -> Reading:
    return Reading(
        code=f"{item['line']}-{n}",
        raw=item["value"],
        value=of_file(item["value"], kind) if item["value"] else None,
        shown=item["value"],
        why="" if item["value"] else "not stated",
        source=comment,
        link=outside(item["source"] or ""),
        on="",
        since=item["since"] or "",
        until=item["until"] or "",
        is_reported=False,
        choice="",
        state=APPROVED,
        line=item["line"],
    )


def _of_dimensions(items: Iterable[Item], kind: str, whole: Value | None, words: Words) -> list[Split]:
    found: dict[str, Split] = {}
    for item in items:
        pairs = [part.partition("=") for part in item["dimension"].split("; ")]
        code = ", ".join(name for name, _, _ in pairs)
        split = found.setdefault(code, Split(code, Said(code)))
        choice = ", ".join(value for _, _, value in pairs)
        value = of_file(item["value"], kind)
        share = None
        if value and whole and kind != Kind.PERCENTAGE:
            share = standing.share(value.number, whole.number)
        printed_share = words.money(share, 0) + "%" if share is not None else ""
        split.has_shares = split.has_shares or bool(printed_share)
        why = "" if item["value"] else "not stated"
        split.choices.append(Choice(choice, Said(choice), item["value"], item["value"], printed_share, why))
    return list(found.values())
