"""What is typed about programmes."""

from typing import Any

from django import forms

from quipu.desk.forms import Form, text
from quipu.rules import narrative

REASON = "It stays beside the act, and the auditor reads it."


class Reason(Form):
    """Why something is done."""

    reason = text("Reason", hint=REASON)


class Section(Form):
    """A piece of narrative. outcome: its number, 0 for other pieces, which have no title of their own."""

    title = text("Title of the outcome", needed=False, most=300)
    text = text(
        "Text",
        needed=False,
        lines=18,
        most=narrative.LONGEST,
        hint="An empty line between paragraphs, - before each item of a list, **bold**, [words](address) for a link.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, outcome: int, **options: Any) -> None:
        super().__init__(*args, **options)
        if not outcome:
            self.fields["title"].widget = forms.HiddenInput()
