"""Vouchers in a real browser: typed by one person with balances beside the form, posted by another, judged by axe."""

import time
from typing import Any

import pytest

from tests.browser.chromium import Chromium
from tests.browser.test_axe import found_by_axe
from tests.browser.test_desk import WORD, desk, house, sign_in

__all__ = ["desk", "house"]
pytestmark = pytest.mark.browser
WRITER, APPROVER = "carla@example.org", "dario@example.org"
FORM = "/desk/vouchers/new/transfer?fund=JVD00"
PAGES = (
    *("/desk/vouchers", "/desk/vouchers?state=posted", "/desk/vouchers/new", "/desk/vouchers/unidentified"),
    *("/desk/vouchers/workbook", "/desk/vouchers/posted/347", FORM),
)


def judged(page: Chromium, address: str) -> None:
    """Nothing for axe to find and nothing wider than the window, in the light at a desk and in the dark on a telephone."""
    for width, dark in ((1280, False), (360, True)):
        page.open(address, width, dark=dark)
        assert found_by_axe(page, whole=True) == [], (address, width)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (address, width, wide)


def typed(page: Chromium, **fields: str) -> None:
    """Fields of the form filled in, as a hand would: the script hears of each."""
    for name, value in fields.items():
        said = f"document.querySelector('main [name={name}]')"
        page.evaluate(f"{said}.value = {value!r}; {said}.dispatchEvent(new Event('input', {{bubbles: true}}))")


def shows(page: Chromium, text: str) -> Any:
    """Waits until what stands beside the form holds a text, and answers all of it."""
    for _ in range(100):
        told = page.evaluate("document.querySelector('[data-found]').innerText")
        if text in told:
            return told
        time.sleep(0.1)
    raise AssertionError(told)


def press(page: Chromium, button: str) -> None:
    page.follow(f"document.querySelector('main {button}').click()")


def test_axe_finds_nothing_at_vouchers(desk: str, browser: Chromium) -> None:
    sign_in(browser, desk, WRITER)
    for path in PAGES:
        judged(browser, desk + path)


def test_two_people_post_a_transfer(desk: str, browser: Chromium) -> None:
    sign_in(browser, desk, WRITER)
    browser.open(desk + FORM)
    typed(browser, project="00099201", organization="FAO", title="Third tranche", amount="9,000,000.00")
    assert "The agent does not hold that much." in shows(browser, "What the ledger says")
    typed(browser, amount="100,000.50")
    shows(browser, "Nothing speaks against it today.")
    press(browser, "button[value=submit]")
    address = browser.evaluate("location.href").removesuffix("/submit")
    judged(browser, f"{address}/submit")
    press(browser, "form.letter button")
    sign_in(browser, desk, APPROVER)
    browser.open(f"{desk}/desk")
    browser.follow(f"document.querySelector('main tbody a[href$=\"{address.rpartition('/')[2]}\"]').click()")
    assert browser.evaluate("location.href") == address
    shows(browser, "Nothing speaks against it today.")
    judged(browser, address)
    judged(browser, f"{address}/send-back")
    judged(browser, f"{address}/approve")
    press(browser, "form.letter button")
    assert "/reauthenticate/" in browser.evaluate("location.pathname")
    browser.evaluate(f"document.querySelector('[name=password]').value = {WORD!r}")
    press(browser, "form button")
    told = browser.evaluate("document.querySelector('main').innerText")
    assert "It is posted." in told
    assert "100,000.50 USD" in told
    judged(browser, browser.evaluate("location.href"))
