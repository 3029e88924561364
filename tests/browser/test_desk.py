"""The desk in a real browser: signing in, passkeys, and the accessibility judge over its pages."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium
from tests.browser.conftest import served
from tests.browser.test_axe import found_by_axe

pytestmark = pytest.mark.browser
WORD = "demonstration"
# By who looks: the pages of the desk, each template once.
PAGES = {
    "": [
        *("/desk/account/login/", "/desk/account/password/reset/", "/desk/nowhere", "/desk/people/accept/no-such-word"),
        "/desk/workbooks/practice",
    ],
    "ada@example.org": [
        "/desk",
        "/desk/own",
        "/desk/people",
        "/desk/people/invite",
        "/desk/people/log",
        "/desk/account/2fa/",
        "/desk/account/sessions/",
        "/desk/account/password/change/",
        "/desk/account/reauthenticate/",
    ],
    "elsa@example.org": [
        "/desk/funds",
        "/desk/funds/JVD00",
        "/desk/programmes",
        "/desk/programmes/project/00099201",
        "/desk/organizations",
        "/desk/organizations/pairs",
        "/desk/editions",
        "/desk/editions/quality",
        "/desk/editions/takedowns",
        "/desk/history",
        "/desk/letters",
    ],
    "gloria@example.org": ["/desk/programmes/narrative/project/00099201", "/desk/documents", "/desk/documents/hand-in"],
    "irene@example.org": ["/desk/people"],  # not theirs
    "hugo@example.org": ["/desk/workbooks", "/es/desk/workbooks/practice"],
}


@pytest.fixture(scope="module")
def house(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own, where people change things."""
    home = tmp_path_factory.mktemp("desk") / "home"
    shutil.copytree(demo_home, home)
    return home


@pytest.fixture(scope="module")
def desk(house: Path) -> Iterator[str]:
    """The desk, served."""
    yield from served(house)


def sign_in(page: Chromium, site: str, email: str, word: str = WORD) -> None:
    """Whoever was signed in before is out, and this person is in; as hands do it."""
    page.send("Network.clearBrowserCookies")
    page.open(f"{site}/desk/account/login/")
    page.evaluate("document.querySelector('[name=login]').focus()")
    page.send("Input.insertText", text=email)
    page.evaluate("document.querySelector('[name=password]').focus()")
    page.send("Input.insertText", text=word)
    page.press("Enter", leads_on=True)
    assert page.evaluate("location.pathname") == "/desk", page.evaluate("document.body.innerText")


@pytest.mark.parametrize("who", PAGES)
def test_axe_finds_nothing_at_the_desk(desk: str, browser: Chromium, who: str, request: pytest.FixtureRequest) -> None:
    if who:
        sign_in(browser, desk, who)
    else:
        browser.send("Network.clearBrowserCookies")
    for path in PAGES[who]:
        for width, dark in ((1280, False), (360, True)):
            browser.open(desk + path, width, dark=dark)
            assert found_by_axe(browser, whole=True) == [], (path, width, dark)
            wide = browser.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, width, wide)


def test_a_passkey_is_added_and_signs_in(desk: str, browser: Chromium) -> None:
    browser.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    browser.send("WebAuthn.addVirtualAuthenticator", options=options)
    try:
        localhost = desk.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
        sign_in(browser, localhost, "irene@example.org")
        browser.open(f"{localhost}/desk/account/2fa/webauthn/add/")
        browser.evaluate(f"document.querySelector('[name=password]').value = {json.dumps(WORD)}")
        browser.follow("document.querySelector('main form').requestSubmit()")
        browser.evaluate("document.querySelector('[name=passwordless]').checked = true")
        browser.follow("document.querySelector('form[data-passkey]').requestSubmit()")
        browser.send("Network.clearBrowserCookies")
        browser.open(f"{localhost}/desk/account/login/")
        browser.follow("document.querySelector('form[data-passkey]').requestSubmit()")
        assert browser.evaluate("location.pathname") == "/desk"
        assert "Irene" in browser.evaluate("document.querySelector('.who').innerText")
    finally:
        browser.send("WebAuthn.disable")
