"""A return's whole cycle in a real browser, by four people: begun, answered for, certified, sent back, mended, accepted, public;
and restated. Then the accessibility judge over the pages of returns."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium
from tests.browser.conftest import served
from tests.browser.test_axe import found_by_axe
from tests.browser.test_desk import sign_in
from tests.browser.test_desk_story import fill, press, public, said

pytestmark = pytest.mark.browser
REPORTER, CERTIFIER = "hugo@example.org", "julia@example.org"
FINANCE, APPROVER = "carla@example.org", "dario@example.org"
PROJECT = "00099201"


@pytest.fixture(scope="module")
def desk(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration in a home of its own, served as an office serves it: what is posted goes out by itself."""
    home = tmp_path_factory.mktemp("returns") / "home"
    shutil.copytree(demo_home, home)
    yield from served(home, follow=True)


def write(page: Chromium, **amounts: str) -> None:
    """Amounts by category, into the sheet."""
    for category, amount in amounts.items():
        name = json.dumps(f"a:{PROJECT}/{category}")
        found = page.evaluate(
            f"(f => {{ f.value = {json.dumps(amount)}; f.dispatchEvent(new Event('input', {{bubbles: true}})); return f.value }})"
            f"(document.querySelector(`[name=${{CSS.escape({name})}}]`))"
        )
        assert found == amount


def waits_for(page: Chromium, expression: str) -> None:
    """Until something is true in the page: the script asks the server a moment after the last key."""
    for _ in range(50):
        if page.evaluate(expression):
            return
        time.sleep(0.1)
    raise AssertionError(said(page))


def act(page: Chromium, desk: str, who: str, at: str, step: str, **fields: str) -> None:
    """Somebody signs in, unless they are in already (""), and takes a step on its page."""
    if who:
        sign_in(page, desk, who)
    page.open(f"{at}/{step}")
    fill(page, **fields)
    press(page, "form.letter button:not([type=button])")
    assert f"/{step}" not in page.evaluate("location.pathname"), said(page)


def certify(page: Chromium, desk: str, at: str) -> None:
    """The certifier reads the statement of one return and signs it, the password said once more."""
    sign_in(page, desk, CERTIFIER)
    page.open(f"{desk}/desk/returns/certify?chosen={at.rsplit('/', 1)[1]}")
    assert "I certify" in said(page)
    press(page, "form:has([name=read]) button")
    assert "1 return is certified and submitted." in said(page), said(page)


def test_a_return_from_its_first_figure_to_the_public_page_and_anew(desk: str, browser: Chromium) -> None:
    sign_in(browser, desk, REPORTER)
    browser.open(f"{desk}/desk/returns/begin")
    fill(browser, place="JVD00 FAO", year="2026", kind="annual")
    press(browser)
    at = browser.evaluate("location.href").removesuffix("/change")
    write(browser, staff="40,000.00", travel="12,345.00", interest="0")
    waits_for(browser, "document.querySelector('.offered strong').textContent === '3,664.15'")
    browser.evaluate("document.querySelector('.offered button').click()")
    waits_for(browser, "document.querySelector('output').textContent === '56,009.15'")
    press(browser, "form.sheet .foot-of-sheet button[value=save]")
    assert "It is saved." in said(browser)
    browser.open(f"{at}/hand-over")
    assert "This stands in the way" in said(browser)  # the statement of account has no answer yet
    browser.open(f"{at}/account")
    press(browser, "button[value=all]")
    act(browser, desk, "", at, "hand-over")

    certify(browser, desk, at)
    act(browser, desk, FINANCE, at, "take-up")
    act(browser, desk, "", at, "send-back", reason="The rent of the store is missing.")
    sign_in(browser, desk, REPORTER)
    assert "The rent of the store is missing." in said(browser)  # among the tasks
    browser.open(f"{at}/change")
    write(browser, operating="1,000.00", indirect="3,734.15")
    press(browser, "form.sheet .foot-of-sheet button[value=save]")
    act(browser, desk, "", at, "hand-over")
    certify(browser, desk, at)
    act(browser, desk, APPROVER, at, "take-up")
    browser.open(f"{at}/accept")
    press(browser)
    assert "It is accepted and posted" in said(browser), said(browser)

    told = public(browser, f"{desk}/project/{PROJECT}", "648,789")  # 185,110.00 + 406,600.00 before, and 57,079.15
    assert "287,129" in told  # of the year, with the other organization's 230,050.00
    act(browser, desk, REPORTER, at, "restate", reason="A bill was booked twice.")
    assert "It restates version 1." in said(browser)


PAGES = {
    REPORTER: [
        "/desk/returns",
        "/desk/returns/nothing-spent",
        "/desk/returns/rules",
        "/desk/returns/R-2025-JVD00-DEMO-HI-final-1",
        "/desk/returns/R-2026-TCF00-FAO-interim-1/change",
        "/desk/returns/R-2025-JVD00-DEMO-HI-final-1/account",
        "/desk/returns/R-2025-JVD00-DEMO-HI-final-1/hand-over",
        "/desk/returns/R-2025-JVD00-DEMO-HI-final-1/comment",
    ],
    CERTIFIER: ["/desk/returns/certify", "/desk/returns/R-2026-TCF00-FAO-annual-1/give-back"],
    FINANCE: [
        "/desk/returns",
        "/desk/returns/R-2026-JVD00-FAO-interim-1",
        "/desk/returns/R-2025-JVD00-DEMO-HI-final-1",
    ],
    "elsa@example.org": ["/desk/returns/R-2025-JVD00-DEMO-HI-final-1/waive"],
}


@pytest.mark.parametrize("who", PAGES)
def test_axe_finds_nothing_at_the_returns(desk: str, browser: Chromium, who: str) -> None:
    sign_in(browser, desk, who)
    for path in PAGES[who]:
        for width, dark in ((1280, False), (360, True)):
            browser.open(desk + path, width, dark=dark)
            assert found_by_axe(browser, whole=True) == [], (path, width, dark)
            wide = browser.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, width, wide)


def test_without_a_script_the_sheet_computes_by_its_button(desk: str, browser: Chromium) -> None:
    sign_in(browser, desk, REPORTER)
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(f"{desk}/desk/returns/R-2026-TCF00-FAO-interim-1/change")
        browser.evaluate("document.querySelector('[name=\"a:00099301/travel\"]').value = '12,000.00'")
        browser.follow("document.querySelector('button[value=compute]').click()")
        assert "7 % of 42,000.00 direct costs: 2,940.00" in said(browser)
        browser.follow("document.querySelector('.offered button').click()")
        assert browser.evaluate("document.querySelector('[name=\"a:00099301/indirect\"]').value") == "2,940.00"
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)
