"""What is typed about frameworks: outcomes, outputs, indicators, targets; words in several languages, the reader's first."""

from collections.abc import Iterable, Mapping
from typing import Any

from babel import numbers
from django import forms

from quipu.actions.results import framework
from quipu.books import models
from quipu.desk.drawing import said, spoken
from quipu.desk.forms import Form, choice, choose, day, text
from quipu.desk.results import words
from quipu.rules.findings import Finding, Refused
from quipu.rules.languages import LANGUAGES
from quipu.rules.results import values
from quipu.rules.results.kinds import BREAKS, DIRECTIONS, GATHERS, SENTENCES, STANDS, Kind

REASON = "It stays beside the act, and the auditor reads it."
NUMBER = "Its place in the order. Empty: the next one."
TITLES, UNIT = "titles", "unit"
# What words in several languages are called.
SHOWN = {"title": "Title", "measures": "What it measures", "unit": "Unit", "alike": "What is measured alike"}
OPEN_END = "–"


def tongues() -> list[str]:
    """The languages, the reader's first."""
    return sorted(LANGUAGES, key=lambda one: one != spoken().language)


def group_sign() -> str:
    """What the reader's language puts between thousands."""
    return str(numbers.get_group_symbol(spoken().locale))


def seen() -> forms.IntegerField:
    """The version of the record that was shown."""
    return forms.IntegerField(widget=forms.HiddenInput)


class InLanguages(Form):
    """A form some of whose words are said in several languages: `names` of what its verb calls them, with their labels."""

    names: Mapping[str, str] = {TITLES: SHOWN["title"]}
    most = 300

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "seen" not in self.initial:  # of something new, nothing was seen
            self.fields.pop("seen", None)
        for name, label in self.names.items():
            for each in tongues():
                field = forms.CharField(
                    label=f"{said(label)} ({spoken().tongue(each)})",
                    required=False,
                    max_length=self.most,
                    label_suffix="",
                )
                self.fields[f"{name}_{each}"] = field
                value = (self.initial.get(name) or {}).get(each, "")
                self.initial.setdefault(f"{name}_{each}", value)
        self.fields[f"{TITLES}_{tongues()[0]}"].help_text = said("In one language at least.")
        first = [f"{name}_{each}" for name in self.names for each in tongues()]
        self.order_fields([*first, *(one for one in self.fields if one not in first)])

    def in_languages(self, name: str) -> dict[str, str]:
        """What was said of it, by language."""
        return {each: self.cleaned_data.get(f"{name}_{each}", "") for each in LANGUAGES}

    def refuse(self, refused: Refused) -> None:
        """What is about the words stands beside those in the reader's language."""
        placed = [
            Finding(one.rule, f"{one.place}_{tongues()[0]}", one.detail) if one.place in self.names else one
            for one in refused.findings
            if isinstance(one, Finding)
        ]
        super().refuse(Refused(*placed))


class Outcome(InLanguages):
    """An outcome."""

    number = forms.IntegerField(label="Number", required=False, min_value=1, max_value=999, help_text=NUMBER)
    assumptions = text("Assumptions", needed=False, lines=3, most=4000, hint="What has to hold so that it comes about.")
    seen = seen()


class Output(Outcome):
    """An output, and who answers for it."""

    organization = choice("Who answers for it", needed=False)

    def __init__(self, *args: Any, project: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "organization", organizations(project))


def organizations(project: Any, *further: str) -> list[tuple[str, str]]:
    """The organizations of a programme, and those that are chosen already."""
    part = models.Participation.objects.filter(project=project).values("organization")
    moved = models.Entry.objects.filter(project=project).exclude(organization=None).values("organization")
    found = models.Organization.objects.filter(code__in=part) | models.Organization.objects.filter(code__in=moved)
    found |= models.Organization.objects.filter(code__in=[one for one in further if one])
    return [(code, title or code) for code, title in found.distinct().order_by("title").values_list("code", "title")]


class Indicator(InLanguages):
    """An indicator, in groups as they stand on the page."""

    names: Mapping[str, str] = {TITLES: SHOWN["measures"], UNIT: SHOWN["unit"]}

    parent = choice("Belongs to", needed=False)
    number = forms.IntegerField(label="Number", required=False, min_value=1, max_value=999, help_text=NUMBER)
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect)
    direction = forms.ChoiceField(label="Direction", required=False, widget=forms.RadioSelect)
    gathers = forms.ChoiceField(label="How its readings are put together", widget=forms.RadioSelect)
    is_of_people = forms.BooleanField(
        label="It counts people", required=False, help_text="Small numbers of people in a part are never made public."
    )
    breaks = forms.MultipleChoiceField(label="Told apart by", required=False, widget=forms.CheckboxSelectMultiple)
    measure = choice(
        "Measured alike elsewhere",
        needed=False,
        hint="Then it is put together with the same of other programmes, where that is possible.",
    )
    baseline = text("Baseline", needed=False, most=2000, hint="Where it stood at the beginning, as a reading is typed.")
    baseline_on = day("Baseline of", needed=False)
    baseline_source = text("Source of the baseline", needed=False)
    target = text("Target", needed=False, most=2000, hint="More targets, and other ones, can be set later.")
    target_until = day("Target by", needed=False)
    organization = choice("Who answers for it", needed=False, hint="Empty: whoever answers for its output.")
    method = text("How it is measured", needed=False, lines=3, most=4000)
    verification = text("Means of verification", needed=False, lines=3, most=4000)
    assumptions = text("Assumptions", needed=False, lines=3, most=4000)
    is_public = forms.BooleanField(
        label="Public",
        required=False,
        help_text="Its approved readings stand on the programme's public page.",
    )
    seen = seen()

    def __init__(self, *args: Any, project: Any, record: Any = None, **options: Any) -> None:
        start = {"kind": Kind.COUNT, "gathers": STANDS, "direction": "up", "is_public": True}
        options["initial"] = {**start, **(options.get("initial") or {})}
        super().__init__(*args, **options)
        self.fields[f"{UNIT}_{tongues()[0]}"].help_text = said("What is counted: people, hectares, bylaws.")
        choose(self, "parent", parents(project), said("the programme itself"))
        self.fields["kind"].choices = [(one, f"{said(one)} – {said(SENTENCES[one])}") for one in Kind]
        self.fields["direction"].choices = [(name, said(label)) for name, label in DIRECTIONS.items()]
        self.fields["gathers"].choices = [(name, said(label)) for name, label in GATHERS.items()]
        own = framework.lists_of(project.code)
        self.fields["breaks"].choices = [
            *((code, said(one.label)) for code, one in BREAKS.items()),
            *((code, words.called(one.titles)) for code, one in own.items()),
        ]
        alike = models.Measure.objects.filter(
            ended_at=None, fund__in=[project.fund_id]
        ) | models.Measure.objects.filter(ended_at=None, fund=None)
        choose(
            self,
            "measure",
            [(one.code, f"{words.called(one.titles)} ({said(one.kind)})") for one in alike.order_by("code")],
        )
        now = record.organization_id if record is not None else ""
        choose(self, "organization", organizations(project, now or ""))
        if record is not None:
            del self.fields["target"], self.fields["target_until"]

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields under their headings."""
        return [
            (said(heading), [self[name] for name in self.fields if name in some]) for heading, some in self._placed()
        ]

    def _placed(self) -> Iterable[tuple[str, set[str]]]:
        first = {f"{TITLES}_{each}" for each in LANGUAGES} | {"parent", "number"}
        kinds = {f"{UNIT}_{each}" for each in LANGUAGES} | {"kind", "direction", "gathers"}
        parts = {"is_of_people", "breaks"}
        aims = {"baseline", "baseline_on", "baseline_source", "target", "target_until"}
        texts = (WHAT, first), (KIND_OF, kinds), (PARTS, parts), (AIMS, aims)
        placed = {name for _, some in texts for name in some}
        return [*texts, (REST, {name for name in self.fields if name not in placed})]


HEADINGS = {
    "what": "What is measured",
    "kind": "Its kind",
    "parts": "Its parts",
    "aims": "From where to where",
    "rest": "How and by whom",
}
WHAT, KIND_OF, PARTS, AIMS, REST = HEADINGS.values()


def parents(project: Any) -> list[tuple[str, str]]:
    """Where an indicator may hang."""
    outcomes = models.Outcome.objects.filter(project=project, ended_at=None).order_by("number")
    outputs = models.Output.objects.filter(outcome__project=project, ended_at=None).select_related("outcome")
    found = [((one.number, 0), one.code, one) for one in outcomes]
    found += [((one.outcome.number, one.number), one.code, one) for one in outputs]
    return [
        (code, f"{words.numbered(one)} {words.called(one.titles)}"[:160])
        for _, code, one in sorted(found, key=lambda each: each[0])
    ]


class Target(Form):
    """What an indicator is meant to reach by a day."""

    since = day("From", needed=False, hint="Empty: counted from the beginning.")
    until = day("Target by")
    value = text("Target", needed=False, most=2000, hint="Empty: the target of this period is given up.")
    reason = text("Reason", needed=False, hint="A target that is changed needs one. What stood before stays visible.")

    def __init__(self, *args: Any, indicator: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not words.is_since(indicator):
            del self.fields["since"]
        typing(self.fields["value"], indicator.kind)


class Reason(Form):
    """Why something is done."""

    reason = text("Reason", lines=3, most=2_000, hint=REASON)
    seen = seen()


def typing(field: Any, kind: str) -> None:
    """A value's field as its kind wants it: digits, parts, or words."""
    if kind in (Kind.COUNT, Kind.AMOUNT):
        field.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "amount"})
    elif kind in words.EXPLAINED and not field.help_text:
        field.help_text = said(words.EXPLAINED[Kind(kind)])
    elif kind in words.CHOSEN:
        field.widget = forms.Select(choices=[("", OPEN_END), *((one, said(one)) for one in words.CHOSEN[Kind(kind)])])
    elif kind == Kind.TEXT:
        field.widget = forms.Textarea(attrs={"rows": 3})
    field.widget.is_required = field.required


def exact(kind: str, typed: str, place: str) -> str:
    """A value as it is kept, from how the reader types it; "" for none. Raises Refused."""
    return str(values.read(kind, typed, group_sign(), place)) if typed.strip() else ""


def as_typed(indicator: Any, kept: str) -> str:
    """A value that is kept, as the reader would type it."""
    value = values.kept(indicator.kind, kept) if kept else None
    if value is None:
        return ""
    if value.whole is not None:
        return f"{plain(value.part)}/{plain(value.whole)}"
    return plain(value.number) if value.number is not None else value.text


def plain(number: Any) -> str:
    """A number as it is typed: nothing between thousands, the reader's sign before decimals."""
    return str(numbers.format_decimal(number, format="0.######", locale=spoken().locale, decimal_quantization=False))
