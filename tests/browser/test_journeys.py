"""Journeys in Chromium: by keyboard alone from a search to a download, without script, and what a page asks of the network."""

import urllib.request
from urllib.parse import urlsplit

import pytest

from tests.browser.addresses import ADDRESSES, BARE, SPOILT
from tests.browser.chromium import Chromium

FACTSHEET = "/project/XX-QUIPU-DEMO-00067264"
READ = [address for each in ADDRESSES.values() for address in each if not address.startswith((BARE, SPOILT))]
HERE = "(e => [e.textContent.trim() || e.name || '', e.pathname || '', getComputedStyle(e).outlineStyle])(document.activeElement)"

pytestmark = pytest.mark.browser


def tab_to(page: Chromium, wanted: str, most: int = 150) -> None:
    """Presses Tab until the focus stands on an element of that selector; every stop on the way can be seen."""
    for _ in range(most):
        page.press("Tab")
        text, path, outline = page.evaluate(HERE)
        # a hidden box is outlined in its label, a mark of a picture in its own shape
        others = page.evaluate(
            "(e => [e.nextElementSibling, ...e.querySelectorAll('circle, rect, path, text')].filter(Boolean)"
            ".map(o => getComputedStyle(o)).map(o => o.outlineStyle + ((parseFloat(o.strokeWidth) >= 2 && o.stroke != 'none')"
            " || o.fontWeight >= 700 && o.textDecorationLine == 'underline'"
            " ? 'solid' : '')).join())(document.activeElement)"
        )
        assert "solid" in outline + others, (text, path)
        if page.evaluate(f"document.activeElement.matches({wanted!r})"):
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def typed(page: Chromium, words: str) -> None:
    for letter in words:
        page.press("Space" if letter == " " else letter)


def test_the_keyboard_goes_from_a_search_to_a_download(site: str, browser: Chromium) -> None:
    browser.open(site + "/")
    tab_to(browser, "main input[name=q]")
    typed(browser, "creative industries")
    browser.press("Enter", leads_on=True)
    tab_to(browser, f"main a[href='{FACTSHEET}']")
    browser.press("Enter", leads_on=True)
    assert browser.evaluate("location.pathname") == FACTSHEET
    tab_to(browser, "main .onpage a[href='#financials']")  # past the results and what stands behind them
    browser.press("Enter")
    tab_to(browser, "main a[href*='by=participating_organization']")
    browser.press("Enter", leads_on=True)
    assert browser.evaluate("location.pathname") == "/report"
    assert "4,986,310" in browser.evaluate("document.querySelector('tfoot').textContent")
    tab_to(browser, "main .foot a[href*='format=csv']")
    with urllib.request.urlopen(browser.evaluate("document.activeElement.href")) as answer:
        assert "attachment" in answer.headers["Content-Disposition"]
        table = answer.read().decode()
    assert table.count("\n") >= 7


def test_the_skip_link_is_the_first_stop_and_leads_past_the_menus(site: str, browser: Chromium) -> None:
    browser.open(site + "/")
    browser.press("Tab")
    assert browser.evaluate("document.activeElement.className") == "skip"
    assert browser.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    browser.press("Enter")
    browser.press("Tab")
    assert browser.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("address", READ)
def test_a_page_reads_the_same_with_script_switched_off(site: str, browser: Chromium, address: str) -> None:
    said = []
    for off in (False, True):
        browser.send("Emulation.setScriptExecutionDisabled", value=off)
        try:
            browser.open(site + address)
        finally:
            browser.send("Emulation.setScriptExecutionDisabled", value=False)
        said.append(browser.evaluate("document.body.innerText"))
    assert said[0] == said[1]
    assert len(said[0]) > 200


@pytest.mark.parametrize("address", READ)
def test_a_page_asks_no_other_host(site: str, browser: Chromium, address: str) -> None:
    asked = browser.asked_by(site + address)
    assert {urlsplit(each).netloc for each, _ in asked if not each.startswith("data:")} == {urlsplit(site).netloc}


def test_a_factsheet_weighs_less_than_100_kb(site: str, browser: Chromium) -> None:
    for address in ADDRESSES["factsheet"][:3]:
        asked = browser.asked_by(site + address)
        assert any(".css" in each for each, _ in asked)
        assert 5_000 < sum(size for _, size in asked) < 100_000, asked
