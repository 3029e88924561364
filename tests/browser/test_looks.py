"""Pages in real Chromium: nothing sticks out at 320 and 360 px, text can be read in light and dark, print holds the page."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium, found

ROOT = Path(__file__).parents[2]
PAGES = [
    "/",
    "/projects",
    "/funds",
    "/organizations",
    "/report?figure=spend&by=country,year",
    "/figure/net_funded",
    "/vouchers",
    "/data",
    "/glossary",
    "/feedback?page=/projects%3Fcountry=PE",
    "/feedback/mistake?page=/projects",
    "/contact/XX-QUIPU-DEMO-00067264",
    "/fund/XX-QUIPU-DEMO-MDG00",
    "/fund/XX-QUIPU-DEMO-JVD00?until=2025-12-31&layout=narrow",
    "/project/XX-QUIPU-DEMO-00067264",
    "/voucher/4c4b41",
]
# The least contrast of any visible text with what lies behind it, by WCAG's formula.
CONTRAST = """
(() => {
  const channel = c => { c /= 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4 };
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const rgb = s => (s.match(/[\\d.]+/g) || []).map(Number);
  const ground = e => rgb(getComputedStyle(e).backgroundColor);
  const behind = e => {
    for (; e; e = e.parentElement) { const c = ground(e); if (c.length < 4 || c[3] > 0) return c }
    return ground(document.body);
  };
  let least = 99, where = "";
  for (const e of document.querySelectorAll("main *, header *, footer *")) {
    const says = [...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim());
    if (!says || !e.getClientRects().length || e.closest("svg")) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < least) { least = ratio; where = e.outerHTML.slice(0, 120) }
  }
  return [least, where];
})()
"""

pytestmark = pytest.mark.browser
if not found():
    if os.environ.get("CI"):
        pytest.fail("Chromium is missing, so half of the suite would be skipped.", pytrace=False)
    pytest.skip("Chromium is missing: pages were not looked at.", allow_module_level=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration, served as people are served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("served")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "QUIPU_DEMO_HOME": str(home)}
    server = subprocess.Popen(
        [sys.executable, "-m", "quipu", "demo", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).read()
            break
        except OSError:
            time.sleep(0.1)
    yield address
    server.terminate()
    server.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    chromium = Chromium()
    yield chromium
    chromium.close()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_sticks_out_of_the_page(site: str, browser: Chromium, page: str, width: int) -> None:
    browser.open(site + page, width)
    assert browser.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("dark", [False, True])
def test_all_text_can_be_read(site: str, browser: Chromium, page: str, dark: bool) -> None:
    browser.open(site + page, dark=dark)
    least, where = browser.evaluate(CONTRAST)
    assert least >= 4.5, where


def test_a_printed_factsheet_holds_its_tables_and_not_its_menus(site: str, browser: Chromium) -> None:
    browser.open(site + "/project/XX-QUIPU-DEMO-00067264", media="print")
    assert browser.evaluate("getComputedStyle(document.querySelector('.bar nav')).display") == "none"
    assert browser.evaluate("document.querySelector('#financials table').getClientRects().length") == 1
    pdf = browser.send("Page.printToPDF")["data"]
    assert len(pdf) > 20_000


def test_a_page_reads_the_same_with_script_switched_off(site: str, browser: Chromium) -> None:
    address = site + "/project/XX-QUIPU-DEMO-00067264"
    browser.open(address)
    with_script = browser.evaluate("document.body.innerText")
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(address)
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)
    assert browser.evaluate("document.body.innerText") == with_script
    assert "4,986,310" in with_script


def test_a_page_loads_nothing_from_another_host_and_weighs_little(site: str, browser: Chromium) -> None:
    browser.open(site + "/project/XX-QUIPU-DEMO-00067264")
    loaded = browser.evaluate("performance.getEntriesByType('resource').map(e => [e.name, e.encodedBodySize])")
    assert all(name.startswith(site) for name, _ in loaded)
    page = browser.evaluate("performance.getEntriesByType('navigation')[0].encodedBodySize")
    assert page + sum(size for _, size in loaded) < 100_000


def test_the_keyboard_reaches_the_content_first(site: str, browser: Chromium) -> None:
    browser.open(site + "/")
    for kind in ("keyDown", "keyUp"):
        browser.send("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert browser.evaluate("document.activeElement.className") == "skip"


def test_a_letter_is_written_refused_mended_and_sent_without_a_script(site: str, browser: Chromium) -> None:
    def press(**typed: str) -> None:
        fill = "".join(f"document.getElementById('{name}').value = {value!r};" for name, value in typed.items())
        form = "document.querySelector('form.letter')"
        browser.evaluate(f"{fill} {form}.noValidate = true; {form}.querySelector('button').click()")
        while browser._next().get("method") != "Page.loadEventFired":
            pass

    browser.open(site + "/projects?country=PE", 360)
    browser.open(
        browser.evaluate("[...document.querySelectorAll('footer a')].find(a => a.href.includes('page=')).href")
    )
    browser.open(browser.evaluate("document.querySelector('.kinds a').href"), 360)
    press(text="The total is wrong", reply_to="nobody")
    assert browser.evaluate("document.activeElement.id") == "reply_to"
    assert browser.evaluate("document.getElementById('text').value") == "The total is wrong"
    assert browser.evaluate("document.documentElement.scrollWidth") <= 360
    least, where = browser.evaluate(CONTRAST)
    assert least >= 4.5, where
    press(reply_to="ana@example.org")
    assert browser.evaluate("document.querySelector('h1').textContent") == "Your letter has arrived"
    assert browser.evaluate("document.querySelector('.code').textContent.length") == 9
