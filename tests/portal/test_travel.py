"""Travel in time: a page on another date, what changed between two editions, and what stays inside an old one."""

import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest

from quipu.edition import make
from quipu.edition.home import Home
from tests.portal.conftest import Reader

DEMO = Path(__file__).parents[2] / "demo"
FUND, PROJECT = "XX-QUIPU-DEMO2-HWF00", "XX-QUIPU-DEMO2-00088201"
DAYS = ("2026-01-10T08:00:00Z", "2026-03-01T23:59:59Z", "2026-03-02T00:00:00Z")


@pytest.fixture(scope="module")
def travelled(tmp_path_factory, gateway):
    """A home with three editions of other days: without a file, with it, and with a title, a transaction and a link changed."""
    home, folder = Home(tmp_path_factory.mktemp("travel")), tmp_path_factory.mktemp("sources")
    file = folder / "highlands-water-fund.xml"
    shutil.copy(DEMO / "mdg-achievement-fund.xml", folder)
    make.publish(home, [folder])
    text = (DEMO / file.name).read_text("utf-8")
    file.write_text(text, "utf-8")
    make.publish(home, [folder])
    activity = re.search(rf"<iati-identifier>{PROJECT}<.*?</iati-activity>", text, re.DOTALL)[0]
    changed = re.sub(r"(<title>\s*<narrative[^>]*>)", r"\1Renamed: ", activity, count=1)
    spent = r'<transaction\b(?:(?!</transaction>).)*?<transaction-type code="4"/>.*?</transaction>'
    changed = re.sub(spent, "", changed, count=1, flags=re.DOTALL)
    file.write_text(text.replace(activity, changed), "utf-8")
    make.publish(home, [folder])
    for number, moment in enumerate(DAYS, 1):
        path = home.manifest(number)
        path.write_text(json.dumps({**json.loads(path.read_text()), "made_at": moment}, indent=1, sort_keys=True))
    from django.test import Client, override_settings

    with override_settings(HOME=home.root, DEMO=False):
        yield Reader(Client())


# A page on another date


@pytest.mark.parametrize(
    ("day", "number"),
    [("2026-01-10", 1), ("2026-02-28", 1), ("2026-03-01", 2), ("2026-03-02", 3), ("2031-12-31", 3)],
)
def test_a_day_leads_to_the_edition_that_was_current_when_it_ended(travelled, day, number):
    answer = travelled.get(f"/on/{day}/projects?country=PE&q=a%20b")
    assert (answer.status_code, answer["Location"]) == (302, f"/e/{number}/projects?country=PE&q=a+b")
    assert travelled.get(f"/es/on/{day}/")["Location"] == f"/es/e/{number}/"


def test_a_day_before_the_first_edition_is_told_with_a_link_to_the_first(travelled):
    answer = travelled.get("/on/2026-01-09/projects?q=x")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "Nothing had been published here on 9 Jan 2026. The first edition is of 10 Jan 2026." in page
    assert 'href="/e/1/projects?q=x"' in page


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "<b>"])
def test_what_is_no_day_is_refused_in_words(travelled, day):
    answer = travelled.get(f"/on/{day}/projects")
    assert answer.status_code == 422
    assert "is no date. Write it as YYYY-MM-DD." in answer.content.decode()
    assert "<b>”" not in answer.content.decode()


def test_the_form_of_every_page_leads_to_the_same_page_with_its_choices(travelled):
    page = travelled.text("/fr/projects?country=PE&status=ongoing")
    form = re.search(r'<form class="travel".*?</form>', page, re.DOTALL)[0]
    assert 'action="/fr/on"' in form
    fields = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}
    assert fields == {"page": "/projects", "query": "country=PE&status=ongoing"}
    answer = travelled.client.get("/fr/on", {**fields, "day": "2026-01-31"})
    assert answer["Location"] == "/fr/e/1/projects?country=PE&status=ongoing"


@pytest.mark.parametrize("page", ["//evil.example/x", "https://evil.example/", "\r\nSet-Cookie: a=b"])
def test_the_form_leads_nowhere_else(travelled, page):
    answer = travelled.client.get("/on", {"page": page, "day": "2026-02-01", "query": "a=b\r\nX: y"})
    assert answer["Location"].startswith("/e/1/")
    assert not re.search(r"[\r\n]", answer["Location"])
    assert "Set-Cookie" not in answer.headers


def test_all_links_of_an_old_page_stay_in_its_edition(travelled):
    for page in (
        f"/es/e/2/fund/{FUND}",
        "/es/e/2/projects",
        "/es/e/2/",
        "/es/e/2/report",
        f"/es/e/2/project/{PROJECT}",
    ):
        links = {link for link in travelled.links(page) if link.startswith("/") and not link.startswith("/static/")}
        leave = {link for link in links if not re.match(r"(/es|/es-es|/fr)?/e/2(/|$)", link)}
        # what may leave: today's page, what changed since, the feeds
        assert {re.sub(r"\?.*", "", link) for link in leave} <= {
            page.replace("/e/2", ""),
            "/es/changes",
            "/es/feed",
            page.replace("/e/2", "") + ".atom",
        }


def test_an_export_of_an_old_page_says_its_edition(travelled):
    asked = "/e/2/report?figure=spend&by=year&format=json"
    assert travelled.get(asked).json()["edition"] == 2
    assert travelled.get(asked).json()["made_at"] == DAYS[1]
    assert travelled.get(asked.replace("json", "csv"))["Content-Disposition"].endswith('-e2.csv"')


def test_search_engines_are_led_to_today_s_page(travelled):
    old, new = travelled.get("/es/e/2/projects?q=a"), travelled.get("/es/projects?q=a")
    assert old["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in old.content.decode()
    assert "canonical" not in old.content.decode()
    assert "X-Robots-Tag" not in new.headers
    assert '<link rel="canonical" href="/es/projects?q=a">' in new.content.decode()
    assert "Disallow: /e/\nDisallow: /*/e/" in travelled.text("/robots.txt")


def test_a_page_that_was_not_there_yet_says_which_edition_had_it_first(travelled):
    answer = travelled.get(f"/e/1/project/{PROJECT}")
    words = answer.content.decode()
    assert answer.status_code == 404
    assert "The first we know to have it is edition 2 of 1 Mar 2026." in words
    assert f'href="/e/2/project/{PROJECT}"' in words
    assert "not there yet" not in travelled.get("/e/1/project/XX-NOBODY-HAS").content.decode()
    assert "not there yet" not in travelled.get("/project/XX-NOBODY-HAS").content.decode()


def test_an_edition_that_does_not_exist_is_a_page_in_the_readers_language(travelled):
    for number in ("99", "0", "12345678901"):
        answer = travelled.get(f"/fr/e/{number}/projects")
        assert answer.status_code == 404
        assert '<html lang="fr">' in answer.content.decode()
    assert travelled.get("/e/123456789012345678901234567890/").status_code == 404


def test_an_edition_that_is_being_made_again_asks_the_reader_to_come_back(travelled, monkeypatch):
    from quipu.edition.open import BeingMade, Editions

    get = Editions.get

    def slow(self, number, patience=None):
        if number == 1:
            raise BeingMade("later")
        return get(self, number, patience)

    monkeypatch.setattr(Editions, "get", slow)
    for page in ("/e/1/projects", "/es/e/1/data", "/changes?from=1"):
        answer = travelled.get(page)
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert answer.content.decode().count("<h1") == 1


# What changed


def test_what_changed_between_the_last_two_editions_is_told_with_both_sides_in_their_own(travelled):
    page = travelled.text("/changes")
    words = travelled.words("/changes")
    assert "From edition 2 of 1 Mar 2026 to edition 3 of 2 Mar 2026." in words
    assert f'<a href="/e/3/project/{PROJECT}">Renamed: ' in page
    assert "Gone" in words
    for link in re.findall(r'href="(/e/\d/figure/[^"]+)"', page):
        assert travelled.get(unescape(link)).status_code == 200


def test_a_difference_is_that_of_the_two_trails(travelled):
    rows = travelled.rows("/changes?from=2&to=3&format=csv&table=figures")
    (spent,) = (row for row in rows if row["figure"] == "expenditure")
    lost = {row["movement"] + row["amount"] for row in travelled.rows("/changes?from=2&to=3&format=csv&table=vouchers")}
    assert float(spent["before"]) + float(spent["difference"]) == float(spent["after"])
    assert f"expenditure{-int(spent['difference'])}" in lost
    trail = "/e/{}/figure/expenditure?where=family%3Dpooled&format=csv"
    counts = [len(travelled.rows(trail.format(number))) for number in (2, 3)]
    assert counts[0] - counts[1] == 1


@pytest.mark.parametrize(
    "asked", ["from=1&to=3", "from=3&to=1", "from=2026-02-01&to=2026-12-31", "from=1", "from=2026-01-10"]
)
def test_editions_are_named_by_number_or_day_and_the_earlier_one_stands_first(travelled, asked):
    found = travelled.get(f"/changes?{asked}&format=json").json()
    assert (found["compared_with"], found["edition"]) == (1, 3)


def test_one_fund_or_project_is_compared_alone(travelled):
    fund, project = (travelled.get(f"/changes?about={one}&format=json").json() for one in (FUND, PROJECT))
    assert fund["activities"]["rows"] == project["activities"]["rows"]
    other = travelled.words("/changes?about=XX-QUIPU-DEMO-00067264")
    assert "No figure, voucher, project, document or word is another one." in other


def test_an_edition_compared_with_itself_has_the_same_content(travelled):
    assert "have the same content" in travelled.words("/changes?from=2&to=2")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("from=7", "There is no edition 7."),
        ("from=abc", "“abc” is neither an edition nor a day."),
        ("from=2020-01-01", "Nothing had been published here on 2020-01-01."),
        ("about=nobody", "Neither of the two editions knows “nobody”."),
        ("from=%3Cb%3E", "“&lt;b&gt;” is neither"),
    ],
)
def test_what_cannot_be_compared_is_told_in_a_sentence(travelled, asked, sentence):
    answer = travelled.get(f"/changes?{asked}")
    assert answer.status_code == 404
    assert sentence in answer.content.decode()


def test_the_list_of_editions_links_each_pair(travelled):
    page = travelled.text("/es/data")
    assert 'href="/es/changes?from=1&amp;to=2"' in page
    assert 'href="/es/changes?from=2&amp;to=3"' in page
    assert 'href="/es/e/1/data"' in page


def test_a_workbook_of_changes_says_what_was_compared_with_what(travelled):
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(travelled.get("/changes?format=xlsx&table=activities").content))
    about = dict(book["About"].iter_rows(values_only=True))
    assert (about["Edition"], about["Compared with"]) == ("3", "2")
