"""What is typed about monitoring; words in several languages, the reader's first."""

from collections.abc import Mapping
from typing import Any

from django import forms

from quipu.actions import documents
from quipu.books import models
from quipu.desk.drawing import said, spoken
from quipu.desk.forms import Form, choice, choose, day, text
from quipu.rules import monitoring
from quipu.rules.findings import Finding, Refused
from quipu.rules.languages import LANGUAGES

REASON = "It stays beside the act, and the auditor reads it."
TEXTS = {
    "titles": "Title",
    "lesson": "The lesson in a sentence",
    "behind": "What stands behind it",
    "summary": "Summary",
    "recommended": "What is recommended",
    "answered": "What management answers",
    "done": "What is to be done",
    "risk": "What may happen, or has happened",
    "answers": "What is done about it",
}


IN_ONE = "In one language at least; others can be added later."


def tongues() -> list[str]:
    """The languages, the reader's first."""
    return sorted(LANGUAGES, key=lambda one: one != spoken().language)


def seen() -> forms.IntegerField:
    """The version of the record that was shown."""
    return forms.IntegerField(widget=forms.HiddenInput, required=False)


class Spoken(Form):
    """A form some of whose words are said in several languages.

    spoken: the name that the verb has for them, a key of TEXTS, how many lines; they stand before the field `before`.
    """

    spoken: tuple[tuple[str, str, int], ...] = ()
    before: str = ""
    needed: str = ""  # the name that has to be said in one language at least

    def __init__(self, *args: Any, initial: Mapping[str, Any] | None = None, **options: Any) -> None:
        start = dict(initial or {})
        for name, _, _ in self.spoken:
            for language, told in (start.pop(name, None) or {}).items():
                start[f"{name}_{language}"] = told
        super().__init__(*args, initial=start, **options)
        added = {}
        for name, key, lines in self.spoken:
            for language in tongues():
                field = text("", needed=False, lines=lines, most=monitoring.LONGEST if lines else 500)
                field.label = f"{said(TEXTS[key])} ({LANGUAGES[language]})"
                field.widget.attrs["lang"] = language
                if name == self.needed and language == tongues()[0]:
                    field.help_text = said(IN_ONE)
                added[f"{name}_{language}"] = field
        names = list(self.fields)
        at = names.index(self.before) if self.before in names else 0
        self.fields.update(added)
        self.order_fields([*names[:at], *added, *names[at:]])

    def texts(self, name: str) -> dict[str, str]:
        """What was typed, by language."""
        return {one: self.cleaned_data[f"{name}_{one}"] for one in LANGUAGES if self.cleaned_data[f"{name}_{one}"]}

    def told(self) -> dict[str, Any]:
        """All that was typed, as its verb wants it: without the version that was shown."""
        of_languages = {f"{name}_{one}" for name, _, _ in self.spoken for one in LANGUAGES}
        plain = {
            name: value for name, value in self.cleaned_data.items() if name not in of_languages and name != "seen"
        }
        return {**plain, **{name: self.texts(name) for name, _, _ in self.spoken}}

    def refuse(self, refused: Refused) -> None:
        """Beside the first language, what is said of words in all of them."""
        told, names = [], [name for name, _, _ in self.spoken]
        for finding in refused.findings:
            assert isinstance(finding, Finding)
            place = f"{finding.place}_{tongues()[0]}" if finding.place in names else finding.place
            told.append(Finding(finding.rule, place, finding.detail))
        super().refuse(Refused(*told))


def choose_owner(form: Form, project: Any) -> None:
    """Organizations: those that take part first."""
    part = set(models.Participation.objects.filter(project=project).values_list("organization", flat=True))
    bodies = models.Organization.objects.order_by("title", "code")
    named = [(one.code, one.title or one.code) for one in bodies]
    choose(form, "organization", sorted(named, key=lambda one: one[0] not in part))


def choose_document(form: Form, project: Any) -> None:
    """Documents of the programme."""
    found = models.Document.objects.filter(project=project).prefetch_related("versions").order_by("-on", "code")[:500]
    choose(form, "document", ((one.code, documents.title_of(one, spoken().language)) for one in found))


class Beginning(Form):
    """Of which year, and why again."""

    year = forms.IntegerField(label="Year", min_value=1945, max_value=2100)
    reason = text("Why a further version", needed=False, hint="Needed where the last one was accepted.")


class Part(Form):
    """A part of a narrative in one language."""

    text = text(
        "Text",
        needed=False,
        lines=16,
        most=monitoring.LONGEST,
        hint="An empty line between paragraphs, - before each item of a list, **bold**, [words](address) for a link.",
    )
    seen = seen()


class Leading(Form):
    """An act, with its reason where it needs one."""

    reason = text("Reason", lines=3, most=2000, hint=REASON)
    seen = seen()

    def __init__(self, *args: Any, reasoned: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not reasoned:
            del self.fields["reason"]


class Review(Spoken):
    """An evaluation or an audit."""

    spoken = (("titles", "titles", 0), ("summary", "summary", 4))
    before = "on"
    needed = "titles"
    kind = choice("Kind")
    on = text("Date", needed=False, most=10, hint="A year, a month or a day: 2012, 2012-07 or 2012-07-31.")
    by_whom = text("By whom", needed=False, hint="An office or a firm. Names of people only where they are published.")
    document = choice("Document", needed=False, hint="One of the programme's. It is made public on its own page.")
    link = text("Link", needed=False, hint="Where else it can be read.")
    is_public = forms.BooleanField(
        label="Public",
        required=False,
        help_text="The public page shows the review, what it recommends, the answers and how far actions have come.",
    )
    seen = seen()

    def __init__(self, *args: Any, project: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "kind", ((code, said(label)) for code, label in monitoring.KINDS.items()))
        choose_document(self, project)


class Recommendation(Spoken):
    """What a review recommends, and to whom."""

    spoken = (("texts", "recommended", 3),)
    before = "organization"
    needed = "texts"
    number = forms.IntegerField(
        label="Number",
        required=False,
        min_value=1,
        max_value=9999,
        help_text="As the review counts. Empty: the next one.",
    )
    organization = choice("To which organization", needed=False)
    role = text("To which office or role", needed=False)
    seen = seen()

    def __init__(self, *args: Any, project: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose_owner(self, project)


class Response(Spoken):
    """What management answers."""

    spoken = (("texts", "answered", 4),)
    before = "body"
    answer = choice("Answer")
    body = text("Who answers", hint="An organization or an office, as the public may read it.")
    on = day("Day of the answer")
    seen = seen()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "answer", ((code, said(label)) for code, label in monitoring.ANSWERS.items()))


class Action(Spoken):
    """A step of the improvement plan."""

    spoken = (("texts", "done", 3),)
    before = "organization"
    needed = "texts"
    organization = choice("Which organization does it", needed=False)
    role = text("Which office or role does it", needed=False)
    due = day("Due", needed=False)
    seen = seen()

    def __init__(self, *args: Any, project: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose_owner(self, project)


class Move(Form):
    """How far an action has come."""

    state = choice("How far it has come")
    done_on = day("Done on", needed=False)
    note = text(
        "Note", needed=False, lines=2, most=2000, hint="Public where the review is. Needed where it is given up."
    )
    seen = seen()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "state", ((code, said(label)) for code, label in monitoring.PROGRESS.items()))


def _degree(value: str) -> int | None:
    return int(value) if value else None


class Risk(Spoken):
    """A risk or an issue."""

    spoken = (("texts", "risk", 3), ("answers", "answers", 3))
    before = "likelihood"
    needed = "texts"
    kind = choice("Kind", hint="A risk may happen. An issue has happened.")
    likelihood = forms.TypedChoiceField(
        label="Likelihood", required=False, coerce=_degree, empty_value=None, help_text="Of a risk."
    )
    impact = forms.TypedChoiceField(label="Impact", coerce=int)
    organization = choice("Which organization deals with it", needed=False)
    role = text("Which office or role deals with it", needed=False)
    state = choice("State")
    reviewed_on = day("Looked at on")
    is_public = forms.BooleanField(
        label="Public", required=False, help_text="Not public unless you say so here. Think of whom it names."
    )
    seen = seen()

    def __init__(self, *args: Any, project: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        degrees = [(str(number), f"{number}: {said(label)}") for number, label in monitoring.DEGREES.items()]
        choose(self, "likelihood", degrees)
        choose(self, "impact", degrees, "–")
        choose(self, "kind", ((code, said(label)) for code, label in monitoring.RISK_KINDS.items()))
        choose(self, "state", ((code, said(label)) for code, label in monitoring.RISK_STATES.items()))
        choose_owner(self, project)


class Lesson(Spoken):
    """A lesson or a best practice."""

    spoken = (("titles", "lesson", 0), ("texts", "behind", 5))
    before = "organization"
    needed = "titles"
    kind = choice("Kind")
    organization = choice("Whose it is", needed=False, hint="Where one organization says it, and not the programme.")
    year = forms.IntegerField(label="Year", required=False, min_value=1945, max_value=2100)
    document = choice("Document behind it", needed=False)
    source = text("Where it was published first", needed=False)
    link = text("Link", needed=False)
    seen = seen()

    def __init__(self, *args: Any, project: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "kind", ((code, said(label)) for code, label in monitoring.LESSON_KINDS.items()))
        choose_owner(self, project)
        choose_document(self, project)
