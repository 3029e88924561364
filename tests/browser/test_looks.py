"""Pages in real Chromium: nothing sticks out at 320 and 360 px, text can be read in light and dark, print holds the page."""

import base64
import io
import time

import pypdf
import pytest

from tests.browser.chromium import Chromium

PAGES = [
    "/",
    "/projects",
    "/funds",
    "/organizations",
    "/report?figure=spend&by=country,year",
    "/figure/net_funded",
    "/search",
    "/search?q=cuzsco",
    "/search?q=water&kind=project",
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
    assert browser.evaluate(
        "[...document.querySelectorAll('details p:not(.foot)')].every(p => p.getClientRects().length)"
    )


def test_every_sheet_says_what_it_is_about_and_its_number(site: str, browser: Chromium) -> None:
    browser.open(site + "/fund/XX-QUIPU-DEMO-JVD00?until=2025-12-31", media="")
    pdf = base64.b64decode(browser.send("Page.printToPDF", preferCSSPageSize=True)["data"])
    sheets = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert len(sheets) > 3
    for number, text in enumerate(sheets, 1):
        assert f"{number} / {len(sheets)}" in text
        assert "as of 31 Dec 2025 · Edition 1, " in " ".join(text.split())


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
    for _ in range(40):  # the first field that was refused takes the focus when the page is first drawn
        if browser.evaluate("document.activeElement.id") == "reply_to":
            break
        time.sleep(0.05)
    assert browser.evaluate("document.activeElement.id") == "reply_to"
    assert browser.evaluate("document.getElementById('text').value") == "The total is wrong"
    assert browser.evaluate("document.documentElement.scrollWidth") <= 360
    least, where = browser.evaluate(CONTRAST)
    assert least >= 4.5, where
    press(reply_to="ana@example.org")
    assert browser.evaluate("document.querySelector('h1').textContent") == "Your letter has arrived"
    assert browser.evaluate("document.querySelector('.code').textContent.length") == 9


def test_suggestions_are_chosen_with_the_keyboard(site: str, browser: Chromium) -> None:
    """Typed, down, up to the last, escape closes; typed again, down and enter lead to the place."""
    browser.open(site + "/search")

    def state() -> list[str | None]:
        found: list[str | None] = browser.evaluate(
            "(() => { const f = document.querySelector('#sought'), a = f.getAttribute('aria-activedescendant');"
            " return [f.getAttribute('aria-expanded'), a && document.getElementById(a).firstChild.textContent] })()"
        )
        return found

    def until(wanted: list[str | None]) -> None:
        for _ in range(100):
            if state() == wanted:
                return
            time.sleep(0.05)
        assert state() == wanted

    def type_(text: str) -> None:
        browser.evaluate(
            "(() => { const f = document.querySelector('#sought'); f.focus();"
            f" f.value = {text!r}; f.dispatchEvent(new Event('input')) }})()"
        )

    def press(key: str) -> None:
        browser.evaluate(
            f"document.querySelector('#sought').dispatchEvent(new KeyboardEvent('keydown', {{key: {key!r}, bubbles: true}}))"
        )

    type_("cusc")
    until(["true", None])
    press("ArrowDown")
    until(["true", "Cusco"])
    press("Escape")
    until(["false", None])
    type_("cuzc")
    until(["true", None])
    press("ArrowUp")
    until(["true", "Cusco"])
    press("Enter")
    for _ in range(100):
        if browser.evaluate("location.pathname + location.hash") == "/country/PE#places":
            break
        time.sleep(0.05)
    assert browser.evaluate("location.pathname + location.hash") == "/country/PE#places"
