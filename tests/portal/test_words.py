"""The languages: everything a reader may be shown is said in all of them, and a text that is not is found."""

import re
from decimal import Decimal

import pytest

from quipu.portal import catalogue, languages
from quipu.portal.catalogue import faults, messages, templates, untranslated
from quipu.portal.languages import MANNERS, Manner, words
from tests.portal.test_pages import PAGES


@pytest.mark.parametrize("language", ["es", "fr"])
def test_every_text_is_translated_with_its_placeholders(language):
    said = words(language)
    assert faults(said.texts, said.plurals, messages()) == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({}, "not said: %(n)s more"),
        ({"%(n)s more": ""}, "not said: %(n)s more"),
        ({"%(n)s more": "más"}, "other placeholders: %(n)s more"),
        ({"%(n)s more": "%(m)s más"}, "other placeholders: %(n)s more"),
        ({"%(n)s more": "%(n)s %(n)s más"}, "other placeholders: %(n)s more"),
    ],
)
def test_a_text_that_is_empty_or_has_other_placeholders_is_found(said, fault):
    assert faults(said, {}, ["%(n)s more"]) == [fault]
    assert faults({"%(n)s more": "%(n)s más"}, {}, ["%(n)s more"]) == []


@pytest.mark.parametrize(
    ("forms", "is_right"),
    [
        (("", "%(num)s b"), False),
        (("una", "%(num)s b"), True),
        (("una", "b"), False),
        (("%(x)s", "%(num)s b"), False),
        ((), False),
    ],
)
def test_a_plural_says_its_number_where_there_are_many(forms, is_right):
    found = faults({}, {"%(num)s a": forms}, [("%(num)s a", "%(num)s as")])
    assert (found == []) == is_right


@pytest.mark.parametrize("template", templates(), ids=lambda file: file.name)
def test_no_template_holds_words_outside_of_the_catalogue(template):
    assert untranslated(template.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>{{ _('Said') }} Planted</p>", ["Planted"]),
        ('<a title="Planted">{{ name }}</a>', ["Planted"]),
        ('<input aria-label="Planted" placeholder="words">', ["Planted", "words"]),
        ("{{ 'Planted' if a else name }}", ["Planted"]),
        ("{{ name or 'Planted' }}", ["Planted"]),
        ("{% if a %}{% for b in c %}Planted{% endfor %}{% endif %}", ["Planted"]),
        ("{% macro m() %}Planted{% endmacro %} {% block b %}words{% endblock %}", ["Planted", "words"]),
        ('{% set marks %}id="x" title="Planted" required{% endset %}<b {{ marks }}>', ["Planted"]),
        ("{% set piece %}<p>Planted</p>{% endset %}", ["Planted"]),
        ("{{ text(a or 'said by text') }}{{ f.table('key') }}", []),
        ("<i class=\"{{ 'l day' if a else 'l' }}\">US$ CSV</i>", []),
    ],
)
def test_words_planted_in_a_template_are_found(template, found):
    assert untranslated(template) == found


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ('Column("x", "Planted")', "Planted"),
        ('Cell(None, why="planted")', "planted"),
        ('request.words.gettext("planted")', "planted"),
        ('HEADS = {"x": "Planted", **{"y": "Also"}}', "Also"),
        ('FACETS = {"x": ("Planted", "SELECT a")}', "Planted"),
        ('table.notes.append("Planted as a note.")', "Planted as a note."),
    ],
)
def test_texts_planted_in_code_are_wanted_of_the_catalogue(code, text):
    import ast

    assert text in list(catalogue.of_python(ast.parse(code)))
    assert (
        list(catalogue.of_python(ast.parse('"""A docstring is no text."""\nrows("SELECT a FROM b WHERE c = ?")'))) == []
    )


@pytest.fixture
def manner(monkeypatch):
    """Adds a manner of speaking for a test, with no catalogue of its own."""

    def add(code, locale):
        monkeypatch.setitem(MANNERS, code, Manner(code, locale, code))
        return words(code)

    yield add
    languages.words.cache_clear()


def test_whatever_a_page_asks_to_be_said_is_in_the_catalogue(gateway, manner):
    """A language that only listens: labels that come from rules, codes and data pass through it as well."""
    listening, heard = manner("xx", "en"), set()
    listening.gettext = lambda text: heard.add(text) or text
    for page in PAGES:
        gateway.text(f"/xx{page}")
    known = {text for message in messages() for text in ([message] if isinstance(message, str) else message)}
    named = {str(dimension.name) for dimension in catalogue.asking.DIMENSIONS.values()}
    assert {text for text in heard - known - named if re.search(r"[A-Za-z]{2}", text)} == set()
    assert len(heard) > 300


# Numbers, days, and directions


def test_numbers_and_days_are_written_as_the_language_writes_them():
    assert words("en").money(Decimal("-13690")) == "(13,690)"
    assert words("es").money(Decimal("4986310.5"), 2) == "4,986,310.50"
    assert words("es-es").money(Decimal("4986310.5"), 2) == "4.986.310,50"
    assert (words("es").sample, words("es-es").sample) == ("1,234.56", "1.234,56")
    assert words("fr").money(Decimal(1234567)).replace("\u202f", " ").replace("\xa0", " ") == "1 234 567"
    assert words("es").day("2009-03-31") == words("es-es").day("2009-03-31") == "31 mar 2009"
    assert words("en").day("not a day") == "not a day"


def test_spain_and_peru_read_the_same_words_and_other_numbers(gateway):
    page = "/fund/XX-QUIPU-DEMO-MDG00"
    peru, spain = gateway.text(f"/es{page}"), gateway.text(f"/es-es{page}")
    assert '<html lang="es">' in peru
    assert '<html lang="es-ES">' in spain
    for text, number in ((peru, "15,600,000"), (spain, "15.600.000")):
        assert number in text
        assert "Por organización participante" in text
    assert f'<a hreflang="es-ES" href="/es-es{page}">España: 1.234,56</a>' in peru
    assert f'<a hreflang="es" href="/es{page}">América Latina: 1,234.56</a>' in spain
    assert set(re.findall(r'hreflang="([\w-]+)" href="([^"]+)">\n', spain)) == {
        *(("en", page), ("es", f"/es{page}"), ("es-ES", f"/es-es{page}"), ("fr", f"/fr{page}"), ("x-default", page)),
    }
    links = [
        link
        for link in gateway.links(f"/es-es{page}")
        if link.startswith("/") and not link.startswith(("/static", "/es-es"))
    ]
    assert {link.replace(page, "") for link in links} <= {"", "/es", "/fr"}


def test_files_are_the_same_in_every_language(gateway):
    asked = "/report?figure=spend,delivery_rate&by=year&format=csv"
    assert gateway.get(asked).content == gateway.get(f"/es{asked}").content == gateway.get(f"/es-es{asked}").content


def test_a_language_that_is_read_from_the_right_turns_the_page_round(gateway, manner):
    manner("ar", "ar")
    page = gateway.text("/ar/fund/XX-QUIPU-DEMO-MDG00")
    assert '<html lang="ar" dir="rtl">' in page
    assert 'dir="rtl"' not in gateway.text("/fund/XX-QUIPU-DEMO-MDG00")


def test_the_look_names_no_left_and_no_right():
    css = (catalogue.HERE / "static" / "quipu.css").read_text("utf-8")
    assert re.findall(r"(?<![\w-])(?:margin-|padding-|border-)?(?:left|right)\b\s*[:;}]", css) == []


# Narratives


def test_a_title_in_a_list_is_in_the_readers_language_or_marked_with_its_own(gateway):
    spanish = gateway.text("/es/fund/XX-QUIPU-DEMO-MDG00")
    assert re.search(r'<a href="/es/project/XX-QUIPU-DEMO-00067264">Industrias Creativas', spanish, re.IGNORECASE)
    english, latin, french = (
        gateway.text(f"{before}/projects?publisher=XX-QUIPU-DEMO4") for before in ("", "/es", "/fr")
    )
    assert '<a href="/project/XX-QUIPU-DEMO4-DR-01">Market gardens' in english
    assert '<a href="/es/project/XX-QUIPU-DEMO4-DR-01" lang="fr">Mara' in latin  # its own language, before English
    assert '<a href="/fr/project/XX-QUIPU-DEMO4-DR-01">Mara' in french


def test_a_page_of_another_language_is_marked_where_its_words_are_the_publishers(gateway):
    page = gateway.text("/es/project/XX-QUIPU-DEMO4-DR-01")
    assert '<h1 lang="fr">' in page
    assert "En francés, tal como se publicó." in page
    for own in ("", "/fr"):
        assert "<h1>" in gateway.text(f"{own}/project/XX-QUIPU-DEMO4-DR-01")


def test_titles_of_documents_carry_their_language(gateway):
    home, listed = gateway.text("/es/"), gateway.text("/es/documents")
    for page in (home, listed, gateway.text("/es/fund/XX-QUIPU-DEMO2-HWF00")):
        assert re.search(r'rel="noopener" lang="en">|<a href="http[^"]*" lang="en">', page)
