"""The languages: everything a reader may be shown is said in all of them."""

import re

import pytest

from quipu.portal.catalogue import messages
from quipu.portal.languages import words

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize("language", ["es", "fr"])
def test_every_text_is_translated_with_its_placeholders(language):
    said = words(language)
    missing = []
    for message in messages():
        if isinstance(message, tuple):
            forms = said.plurals.get(message[0], ())
            if not forms or not all(forms):
                missing.append(message)
        elif message:
            told = said.texts.get(message)
            if not told or sorted(PLACEHOLDER.findall(told)) != sorted(PLACEHOLDER.findall(message)):
                missing.append(message)
    assert missing == []


def test_numbers_and_days_are_written_as_the_language_writes_them():
    from decimal import Decimal

    assert words("en").money(Decimal("-13690")) == "(13,690)"
    assert words("es").money(Decimal("4986310.5"), 2) == "4.986.310,50"
    assert words("fr").money(Decimal(1234567)).replace("\u202f", " ").replace("\xa0", " ") == "1 234 567"
    assert words("es").day("2009-03-31") == "31 mar 2009"
    assert words("en").day("not a day") == "not a day"
