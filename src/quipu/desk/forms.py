"""What forms of the desk share: labels in the reader's language, and findings beside the fields they are about."""

from collections.abc import Iterable
from typing import Any

from django import forms

from quipu.desk.drawing import said, sentence
from quipu.rules.findings import Finding, Refused


class Form(forms.Form):  # type: ignore[misc]
    """A form whose labels and hints are texts of ours. seen: the version of the record that was shown in it."""

    required_css_class = "needed"
    use_required_attribute = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        for field in self.fields.values():
            field.label, field.help_text = said(str(field.label)), said(field.help_text) if field.help_text else ""
            if isinstance(field.widget, forms.DateInput):
                field.widget.input_type = "date"
                field.widget.format = "%Y-%m-%d"

    def refuse(self, refused: Refused) -> None:
        """Puts each finding beside its field; what belongs to none stands above the form."""
        for finding in refused.findings:
            assert isinstance(finding, Finding)
            self.add_error(finding.place if finding.place in self.fields else None, sentence(finding))


def day(label: str, *, needed: bool = True, hint: str = "") -> forms.DateField:
    """A day."""
    return forms.DateField(label=label, required=needed, help_text=hint, widget=forms.DateInput)


def text(label: str, *, needed: bool = True, hint: str = "", lines: int = 0, most: int = 500) -> forms.CharField:
    """A text of one line, or of several."""
    widget = forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput
    return forms.CharField(label=label, required=needed, help_text=hint, widget=widget, max_length=most, strip=True)


def choice(label: str, *, needed: bool = True, hint: str = "") -> forms.ChoiceField:
    """One of several; the choices are said when the form is made (`choose`)."""
    return forms.ChoiceField(label=label, required=needed, help_text=hint)


def choose(form: Form, name: str, choices: Iterable[tuple[str, str]], empty: str = "") -> None:
    """Says what can be chosen. empty: how nothing is called, where nothing may be chosen."""
    field = form.fields[name]
    first = [] if field.required and not empty else [("", empty or "–")]
    field.choices = [*first, *choices]
