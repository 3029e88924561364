"""Forms of letters: an answer, an outcome, whom it is handed to."""

from typing import Any

from django import forms

from quipu.actions import mandates
from quipu.actions.letters import VERB
from quipu.desk.forms import Form, choice, choose, text
from quipu.letters.letter import MISTAKE
from quipu.rules.mandates import Scope


class Answer(Form):
    """What the writer gets."""

    text = text(
        "Your answer", lines=8, most=8000, hint="It goes out by mail in the name of the office. No address is shown."
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class Outcome(Form):
    """What became of it."""

    outcome = text("What became of it", most=500, hint="In a sentence. Name nobody.")
    publish = forms.BooleanField(
        label="Tell it on the page of corrections",
        required=False,
        help_text="Everybody reads the outcome and the page it is about, never who wrote nor what.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if kind != MISTAKE:
            del self.fields["publish"]


class Hand(Form):
    """Another person who may answer it."""

    to = choice("Who looks after it")
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, scope: Scope, but: str, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "to", ((one.pk, str(one)) for one in mandates.who_may(VERB, scope) if one.pk != but))
