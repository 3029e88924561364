"""A day at the desk, in a real browser: money in, promised and paid by two people, a document, an edition, a takedown;
each read afterwards where the public reads it."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium
from tests.browser.conftest import served
from tests.browser.test_desk import WORD, sign_in

pytestmark = pytest.mark.browser
FINANCE, APPROVER, SECRETARIAT = "carla@example.org", "dario@example.org", "felix@example.org"
EDITOR, MANAGER = "gloria@example.org", "elsa@example.org"
SOON = 60  # seconds within which the public reads it


@pytest.fixture(scope="module")
def desk(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration in a home of its own, served as an office serves it: what is posted goes out by itself."""
    home = tmp_path_factory.mktemp("story") / "home"
    shutil.copytree(demo_home, home)
    yield from served(home, follow=True)


def said(page: Chromium) -> str:
    """What the page says."""
    return str(page.evaluate("document.querySelector('main').innerText"))


def press(page: Chromium, button: str = "form.letter button") -> None:
    """A button that leads on; whoever is asked for the password once more says it."""
    page.follow(f"document.querySelector('main {button}').click()")
    if "/reauthenticate/" in page.evaluate("location.pathname"):
        page.evaluate(f"document.querySelector('[name=password]').value = {WORD!r}")
        page.follow("document.querySelector('main form button').click()")


def fill(page: Chromium, **fields: str) -> None:
    """Fields of the page's form."""
    for name, value in fields.items():
        found = page.evaluate(
            f"(f => {{ if (!f) return false; f.value = {json.dumps(value)}; return f.value }})"
            f"(document.querySelector('main form [name={name}]'))"
        )
        assert found == value, (name, found, said(page))


def public(page: Chromium, address: str, text: str) -> str:
    """Waits until a public page says something, and answers all that it says."""
    for _ in range(SOON):
        page.open(address)
        told = said(page)
        if text in told:
            return told
        time.sleep(1)
    raise AssertionError(told)


def post(page: Chromium, desk: str, writer: str, kind: str, **fields: str) -> None:
    """One person writes and submits a voucher, another one approves it."""
    sign_in(page, desk, writer)
    page.open(f"{desk}/desk/vouchers/new/{kind}?fund=JVD00")
    fill(page, **fields)
    press(page, "button[value=submit]")
    assert "/submit" in page.evaluate("location.pathname"), said(page)
    address = page.evaluate("location.href").removesuffix("/submit")
    press(page)
    page.open(f"{address}/approve")
    assert "You may not" in said(page)  # nobody approves what they wrote, and no writer has the role
    sign_in(page, desk, APPROVER)
    page.open(f"{address}/approve")
    press(page)
    assert "It is posted." in said(page), said(page)


def test_a_day_at_the_desk(desk: str, browser: Chromium, tmp_path: Path) -> None:
    post(
        browser, desk, FINANCE, "deposit",
        contributor="DEMO-MC", agreement="JVD-SAA-1", amount="12,345.67", title="A deposit of the story",
    )  # fmt: skip
    public(browser, f"{desk}/vouchers", "12,346")  # printed in whole dollars
    post(
        browser, desk, SECRETARIAT, "allocation",
        project="00099201", organization="FAO", amount="7,000.00", title="A decision of the story",
    )  # fmt: skip
    post(
        browser, desk, FINANCE, "transfer",
        project="00099201", organization="FAO", amount="6,543.21", title="A tranche of the story",
    )  # fmt: skip
    assert "7,000" in public(browser, f"{desk}/vouchers", "6,543")

    paper = tmp_path / "minutes.txt"
    paper.write_text("The committee of the story met by the river and counted its owls.\n")
    sign_in(browser, desk, EDITOR)
    browser.open(f"{desk}/desk/documents/hand-in")
    root = browser.send("DOM.getDocument")["root"]["nodeId"]
    node = browser.send("DOM.querySelector", nodeId=root, selector="[name=files]")["nodeId"]
    browser.send("DOM.setFileInputFiles", nodeId=node, files=[str(paper)])
    fill(browser, place="JVD00/00099201", type="minutes")
    press(browser)
    if browser.evaluate("location.pathname") == "/desk/documents":
        browser.follow("document.querySelector('main tbody th a').click()")
    at = browser.evaluate("location.href").removesuffix("/edit")
    browser.open(f"{at}/edit")
    fill(browser, title_en="Minutes of the story", type="minutes")
    press(browser)
    browser.open(f"{at}/publish")
    for question in browser.evaluate("[...document.querySelectorAll('[type=radio][value=no]')].map(one => one.id)"):
        browser.evaluate(f"document.getElementById({question!r}).checked = true")
    press(browser)
    sign_in(browser, desk, MANAGER)
    browser.open(f"{desk}/desk/editions/publish")
    fill(browser, reason="The story's edition")
    press(browser)
    public(browser, f"{desk}/documents", "Minutes of the story")
    assert "owls" in public(browser, f"{desk}/search?q=owls", "Minutes of the story")
    browser.open(f"{desk}/documents")
    page = browser.evaluate(
        "[...document.querySelectorAll('main a')].find(a => a.innerText.includes('Minutes of the story')).href"
    )
    browser.open(at)
    sha256 = browser.evaluate("document.querySelector('.hash code').innerText")
    browser.open(f"{desk}/desk/editions/takedowns?kind=document")
    fill(browser, sha256=sha256, reason="It names somebody")
    press(browser, "button[value=look]")
    press(browser, "button[value=act]")
    assert "It names somebody" in said(browser)
    for address in (page, f"{desk}/e/1/"):
        browser.open(address)
    status = f"fetch({json.dumps(page)}).then(answer => answer.status)"
    for _ in range(SOON):
        if browser.settled(status) == 410:
            break
        time.sleep(1)
    assert browser.settled(status) == 410
    browser.open(f"{desk}/documents")
    assert "Minutes of the story" not in said(browser)
    browser.open(f"{desk}/search?q=owls")
    assert "Minutes of the story" not in said(browser)
