"""The desk speaks English, Spanish and French: every text, and no word outside of a catalogue."""

import pytest

from quipu.desk import catalogue
from quipu.desk.languages import OWN, words
from quipu.portal.catalogue import faults, untranslated


@pytest.mark.parametrize("language", ["es", "fr"])
def test_every_text_is_said_in_every_language(language):
    spoken = words(language)
    assert faults(spoken.texts, spoken.plurals, catalogue.messages()) == []


def test_catalogues_hold_nothing_that_nobody_says():
    import io

    from babel.messages.pofile import read_po

    wanted = {message if isinstance(message, str) else message[0] for message in catalogue.messages()}
    for language in ("es", "fr"):
        kept = read_po(io.BytesIO((OWN / f"{language}.po").read_bytes()), locale=language)
        said = {one.id if isinstance(one.id, str) else one.id[0] for one in kept if one.id}
        assert said - wanted == set(), language


@pytest.mark.parametrize("template", catalogue.templates(), ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_template_holds_words_outside_of_the_catalogue(template):
    assert untranslated(template.read_text("utf-8")) == []
