"""The footer's texts: the operator's before ours, safe, in three languages; labels of one fund on its own pages alone."""

import re
import shutil

import pytest

from quipu.edition.texts import PLACEHOLDER, PLACEHOLDERS, Texts
from quipu.portal import prose
from quipu.portal.languages import LANGUAGES, words
from quipu.rules.terms import TERMS
from tests.conftest import ROOT, run_quipu
from tests.portal.conftest import Reader

FUND = "/fund/XX-QUIPU-DEMO-MDG00"
OTHER = "/fund/XX-QUIPU-DEMO-JVD00"
PROJECT = "/project/XX-QUIPU-DEMO-00067264"
NAMES = ["about", "contact", "feedback", "scam-alert", "disclosure", "accessibility", "fraud", "licence"]
OURS = ROOT / "src" / "quipu" / "portal" / "texts"


def told(name: str, markdown: str, language: str = "en", **site: str) -> prose.Told:
    said = Texts({("en", name): markdown}, {"": site})
    return prose.told(name, said, words(language), "Site", lambda path: f"/es{path}")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_text_ships_in_every_language_with_the_same_parts(language):
    assert sorted(path.stem for path in (OURS / language).glob("*.md")) == sorted(NAMES)
    for name in NAMES:
        here, english = ((OURS / each / f"{name}.md").read_text() for each in (language, "en"))
        assert here.count("\n## ") == english.count("\n## "), name
        assert sorted(PLACEHOLDER.findall(here)) == sorted(PLACEHOLDER.findall(english)), name
        assert set(PLACEHOLDER.findall(here)) <= set(PLACEHOLDERS)


@pytest.mark.parametrize("language", ["", "/es", "/fr"])
def test_every_link_of_the_footer_leads_to_a_page(gateway, language):
    page = gateway.text(f"{language}/")
    links = re.findall(r'href="([^"]+)"', page[page.index("<footer") :])
    assert len(links) >= 10
    for link in links:
        assert gateway.get(link).status_code == 200, link


def test_markdown_is_drawn_without_markup_scripts_or_pictures():
    body = told("x", "# X\n\n<script>1</script> ![p](https://a.org/p.png) [j](javascript:alert(1))\n\n# Second").body
    assert "<script" not in body
    assert "<img" not in body
    assert 'href="javascript' not in body
    assert '<h2 id="second">Second</h2>' in body
    assert "<h1" not in body


def test_links_of_a_text_stay_in_the_readers_language_and_others_say_nothing_of_the_reader():
    body = told("x", "# X\n\n[in](/funds) [out](https://a.org) [here](#second)").body
    assert 'href="/es/funds"' in body
    assert '<a href="https://a.org" rel="noopener noreferrer">' in body
    assert '<a href="#second">' in body


def test_words_in_braces_are_filled_in_or_printed_as_they_stand():
    body = told("x", "# X\n\n{operator}, {site}, {nobody}\n\n{reach}", operator="The Office", mail="a@b.org").body
    assert "The Office, Site, {nobody}" in body
    assert '<a href="mailto:a@b.org">' in body
    assert "has not entered an address" in told("x", "# X\n\n{reach}").body


def test_the_operators_own_words_come_before_a_translation_of_ours():
    mine = told("disclosure", "# Our policy\n\nMine.", "es")
    assert (mine.title, mine.lang) == ("Our policy", "en")
    ours = told("other", "# Other", "es")
    assert ours.lang == "en"
    assert prose.told("disclosure", Texts(), words("es"), "Site").lang == ""
    assert prose.told("no-such-text", Texts(), words("es"), "Site") is None
    assert prose.told("../secret", Texts(), words("es"), "Site") is None


def test_the_glossary_has_every_term_and_leads_from_figures_to_their_pages(gateway):
    page = gateway.text("/glossary")
    assert set(re.findall(r'<div id="([a-z_]+)"', page)) == set(TERMS)
    assert '<a href="/figure/net_funded"' in page
    rows = {row["key"]: row for row in gateway.rows("/glossary.csv")}
    assert set(rows) == set(TERMS)
    assert rows["voucher"]["term_en"] == "Voucher"
    assert rows["contributor"]["term_es"]
    letters = re.findall(r'<h2 id="letter-(.)"', page)
    assert letters == sorted(letters)


def test_the_head_of_a_column_leads_to_its_meaning(gateway):
    page = gateway.text("/vouchers")
    assert '<a href="/glossary#voucher" title="A numbered document' in page
    assert '<a href="/figure/net_funded"' in gateway.text(FUND)
    for link in set(re.findall(r'href="/glossary#([a-z_]+)"', page + gateway.text(PROJECT) + gateway.text("/data"))):
        assert link in TERMS


@pytest.fixture(scope="module")
def own(home, tmp_path_factory):
    """The demonstration, published once more with texts of an operator."""
    root = tmp_path_factory.mktemp("own") / "home"
    shutil.copytree(home, root)
    for name, body in {
        "site.toml": 'name = "Our cords"\noperator = "The Office"\nmail = "desk@example.org"\n',
        "labels.toml": '[MDG00.en]\nparticipating_organization = "PUNO"\nnet_funded = "Net transfers"\n',
        "en/contact.md": "# Write to us\n\nAt {reach}\n",
        "en/fraud.md": "# Report it\n\nTelephone 123\n",
        "en/partners.md": "# Partners\n\nOurs.\n",
        "en/glossary.md": "# Words\n\nOur own remark.\n",
    }.items():
        path = root / "texts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body)
    done = run_quipu("publish", "--home", root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def operated(own, gateway):
    from django.test import Client, override_settings

    with override_settings(HOME=own, DEMO=True):
        yield Reader(Client())


def test_an_override_shows_on_the_page_of_the_next_edition_and_not_on_the_earlier_one(operated):
    assert "<h1>Write to us</h1>" in operated.text("/contact")
    assert "mailto:desk@example.org" in operated.text("/contact")
    assert "Telephone 123" in operated.text("/feedback/fraud")
    assert "Write to us" not in operated.text("/e/1/contact")
    assert "<title>Contact · Quipu</title>" in operated.text("/e/1/contact")
    assert "· Our cords</title>" in operated.text("/")


def test_an_operators_page_stands_below_about_and_in_the_footer(operated):
    assert "<h1>Partners</h1>" in operated.text("/about/partners")
    assert '<a href="/about/partners">Partners</a>' in operated.text("/")
    assert operated.get("/e/1/about/partners").status_code == 404
    assert 'lang="en"' in operated.text("/es/about/partners").split('<main id="main">')[1][:200]
    assert "Our own remark." in operated.text("/glossary")


def test_labels_of_a_fund_stand_on_its_pages_and_those_of_its_projects_and_nowhere_else(operated):
    for page in (FUND, PROJECT):
        assert ">PUNO</a>" in operated.text(page)
        assert ">Net transfers</a>" in operated.text(page)
        assert 'title="Participating organization: An organization that signed' in operated.text(page)
        assert "By PUNO" in operated.text(page)
    for page in (
        OTHER,
        "/",
        "/funds",
        "/report?figure=net_funded&by=participating_organization",
        f"/es{FUND}",
        f"/e/1{FUND}",
    ):
        assert "PUNO</a>" not in operated.text(page)
        assert "Net transfers" not in operated.text(page)


def test_files_of_a_funds_page_keep_keys_and_change_labels(operated):
    assert "participating_organization" in operated.rows(f"{FUND}?format=csv&table=organizations")[0]
    columns = operated.get(f"{FUND}?format=json&table=organizations").json()["columns"]
    assert {"key": "participating_organization", "label": "PUNO"} in columns


def test_the_glossary_says_what_a_fund_calls_a_term(operated):
    page = operated.words("/glossary")
    assert "Called “PUNO” by MDG Achievement Fund" in page
    assert "PUNO" not in operated.words("/fr/glossary")


def test_the_texts_are_a_source_of_the_edition(operated):
    sources = operated.get("/data?format=json").json()["rows"]
    number = next(n for n, row in enumerate(sources) if row["by"]["file"] == "texts")
    assert "The operator's texts" in operated.words(f"/data/source/{number}").replace("&#39;", "'")
