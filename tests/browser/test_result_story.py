"""A result in a real browser: from an empty framework to a number that one person reads in the field, another one approves,
and the public sees. Then the accessibility judge over the pages of results."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium
from tests.browser.conftest import served
from tests.browser.test_axe import found_by_axe
from tests.browser.test_desk import sign_in
from tests.browser.test_desk_story import fill, press, public, said

pytestmark = pytest.mark.browser
WRITER, APPROVER = "gloria@example.org", "felix@example.org"
PROJECT = "00099301"  # a programme of the demonstration that has no results
AT = f"/desk/results/programme/{PROJECT}"
FIRST = f"{PROJECT}-i1"
SAVE = "form.letter button:not([type=button])"
LARGEST_OF_PHONE = 15_000  # bytes


@pytest.fixture(scope="module")
def desk(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration in a home of its own, where two people have mandates for the programme; what is approved goes out."""
    home = tmp_path_factory.mktemp("results") / "home"
    shutil.copytree(demo_home, home)
    with sqlite3.connect(home / "books.sqlite3") as books:
        for email, role in ((WRITER, "programme editor"), (APPROVER, "lead agency editor")):
            books.execute(
                "CREATE TEMP TABLE more AS SELECT m.* FROM books_mandate m JOIN books_person p ON p.code = m.person_id"
                " WHERE p.email = ? LIMIT 1",
                [email],
            )
            books.execute("UPDATE more SET id = NULL, fund_id = NULL, project_id = ?, role = ?", [PROJECT, role])
            books.execute("INSERT INTO books_mandate SELECT * FROM more")
            books.execute("DROP TABLE more")
    yield from served(home, follow=True)


def kept(page: Chromium) -> dict[str, str]:
    """What the phone keeps of a reading."""
    found = f"localStorage[Object.keys(localStorage).find(one => one.endsWith('{FIRST}'))]"
    return dict(json.loads(page.evaluate(found) or "{}").get("fields", {}))


def typed(page: Chromium, **fields: str) -> None:
    """Fields of the phone's page, as fingers fill them in."""
    for name, value in fields.items():
        page.evaluate(
            f"(f => {{ f.value = {json.dumps(value)}; f.dispatchEvent(new Event('input', {{bubbles: true}})) }})"
            f"(document.querySelector('[name={name}]'))"
        )


def line(page: Chromium, *, is_there: bool) -> None:
    """The phone has a line, or has none."""
    page.send("Network.enable")
    page.send(
        "Network.emulateNetworkConditions", offline=not is_there, latency=0, downloadThroughput=-1, uploadThroughput=-1
    )


def test_a_result_from_an_empty_framework_to_the_public_page(desk: str, browser: Chromium) -> None:
    sign_in(browser, desk, WRITER)
    browser.open(desk + AT)
    assert "There is no framework yet" in said(browser)
    browser.open(f"{desk}{AT}/outcome")
    fill(browser, titles_en="Storms find nobody unwarned")
    press(browser, SAVE)
    browser.open(f"{desk}/desk/results/outcome/{PROJECT}-o1/output")
    fill(browser, titles_en="Bells and gauges stand")
    press(browser, SAVE)
    browser.open(f"{desk}{AT}/indicator?parent={PROJECT}-o1-1")
    fill(browser, titles_en="Villages with a storm bell", unit_en="villages", target="40", target_until="2028-12-31")
    press(browser, SAVE)
    assert "no approved reading yet" in said(browser), said(browser)

    # In the field: a small page, a line that comes and goes
    browser.open(f"{desk}/desk/results/read/{FIRST}", 360)
    assert browser.evaluate("document.documentElement.outerHTML.length") < LARGEST_OF_PHONE
    typed(browser, until="2025-12-31", value="31", source="Visits to the villages")
    assert "Kept on this phone" in said(browser)
    browser.open(f"{desk}/desk/results/read/{FIRST}", 360)
    assert not browser.evaluate("document.querySelector('[data-offer]').hidden")
    browser.evaluate("document.querySelector('[data-take]').click()")
    assert browser.evaluate("document.querySelector('[name=value]').value") == "31"
    line(browser, is_there=False)
    browser.evaluate("document.querySelector('[value=send]').click()")
    assert "There is no line" in said(browser)
    line(browser, is_there=True)
    assert kept(browser)["value"] == "31"
    browser.follow("document.querySelector('[value=send]').click()")
    assert "waits for another person to approve it" in said(browser), said(browser)
    assert kept(browser) == {}
    browser.open(f"{desk}/desk/results/approve")
    assert "You may not" in said(browser)

    sign_in(browser, desk, APPROVER)
    assert "Approve readings" in said(browser)  # among the tasks
    browser.open(f"{desk}/desk/results/approve?programme={PROJECT}")
    browser.evaluate("document.querySelector('[name=chosen]').checked = true")
    press(browser, SAVE)
    assert "1 reading is approved." in said(browser), said(browser)
    browser.open(desk + AT)
    assert "78% of the way" in said(browser), said(browser)

    # The framework goes out as soon as it is written, so an edition with the indicator and no reading may come first
    told = public(browser, f"{desk}/project/{PROJECT}", "Visits to the villages")
    assert "Villages with a storm bell" in told
    assert "31" in told


PAGES = {
    WRITER: [AT, f"{AT}/indicator", f"/desk/results/indicator/{FIRST}/reading", f"/desk/results/read/{FIRST}"],
    APPROVER: [
        "/desk/results",
        "/desk/results/programme/00099201",
        "/desk/results/indicator/00099201-i1",
        "/desk/results/approve",
        "/desk/results/measures",
        "/desk/results/programme/00099201/beneficiaries",
        "/desk/results/programme/00099201/beneficiaries/keep",
        "/desk/results/programme/00099201/periods",
        "/desk/results/programme/00099201/changes",
    ],
}


@pytest.mark.parametrize("who", PAGES)
def test_axe_finds_nothing_at_the_results(desk: str, browser: Chromium, who: str) -> None:
    sign_in(browser, desk, who)
    for path in PAGES[who]:
        for width, dark in ((1280, False), (360, True)):
            browser.open(desk + path, width, dark=dark)
            assert found_by_axe(browser, whole=True) == [], (path, width, dark)
            wide = browser.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, width, wide)
