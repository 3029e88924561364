"""Pictures in real Chromium: letters stay inside and apart, marks stand out on any paper, the keyboard reaches each."""

from typing import Any

import pytest

from tests.browser.chromium import Chromium

pytestmark = pytest.mark.browser

FUND = "/fund/XX-QUIPU-DEMO-MDG00"
PAGES = [
    "/",
    FUND,
    "/fund/XX-QUIPU-DEMO-JVD00",
    "/fund/XX-QUIPU-DEMO2-HWF00",
    "/project/XX-QUIPU-DEMO-00067264",
    "/project/XX-QUIPU-DEMO2-00088201",
    "/country/PE",
    "/report?figure=expenditure&by=year&fund=XX-QUIPU-DEMO-JVD00",
]
# Letters of pictures that are cut off by the window, or are smaller than can be read.
LETTERS = """
[...document.querySelectorAll(".drawn text, .drawn li, .drawn figcaption")].filter(e => e.getClientRects().length).flatMap(e => {
  const box = e.getBoundingClientRect(), size = parseFloat(getComputedStyle(e).fontSize);
  const matrix = e.getScreenCTM ? e.getScreenCTM().a : 1;
  const off = box.left < 0 || box.right > innerWidth + .5 || size * matrix < 9;
  return off ? [[e.textContent.trim().slice(0, 60), box.left, box.right, size * matrix]] : [];
})
"""
# Names of one picture that lie over each other.
OVERLAPS = """
[...document.querySelectorAll(".drawn.hanging, .drawn.standing, .drawn.flow")].flatMap(figure => {
  const boxes = [...figure.querySelectorAll("text")].filter(e => e.getClientRects().length)
    .map(e => [e.textContent.trim().slice(0, 40), e.getBoundingClientRect()]).filter(([, b]) => b.width > 0);
  const out = [];
  boxes.forEach(([a, p], n) => boxes.slice(n + 1).forEach(([b, q]) => {
    const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
    const tall = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
    if (wide > 2 && tall > 5) out.push([a, b, wide, tall]);
  }));
  return out;
})
"""
# The least contrast of any mark with the paper: its filling's, or its outline's where that is what is seen.
MARKS = """
(() => {
  const channel = c => { c /= 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4 };
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const rgb = s => (s.match(/[\\d.]+/g) || []).map(Number);
  const paper = light(rgb(getComputedStyle(document.body).backgroundColor));
  const ratio = c => { const [x, y] = [light(rgb(c)), paper].sort((a, b) => b - a); return (x + .05) / (y + .05) };
  const outlined = ".given, rect.below, .world a rect:not(.hatched), .band path, .hanging path, .thread, .goal";
  let least = [99, ""];
  const filled = "rect.bar:not(.below), .spent, .node, .progress circle, .hanging circle";
  for (const e of document.querySelectorAll(filled + ", " + outlined)) {
    const style = getComputedStyle(e), found = ratio(e.matches(outlined) ? style.stroke : style.fill);
    if (found < least[0]) least = [found, e.outerHTML.slice(0, 120)];
  }
  return least;
})()
"""


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_letters_are_inside_the_window_large_enough_and_apart(
    site: str, browser: Chromium, page: str, width: int
) -> None:
    browser.open(site + page, width)
    assert browser.evaluate(LETTERS) == []
    assert browser.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("how", [{"dark": False}, {"dark": True}, {"media": "print"}])
def test_marks_stand_out_from_the_paper(site: str, browser: Chromium, page: str, how: dict[str, Any]) -> None:
    browser.open(site + page, **how)
    least, where = browser.evaluate(MARKS)
    assert 3 <= least < 99, where


def test_a_mark_that_the_keyboard_reaches_looks_different(site: str, browser: Chromium) -> None:
    browser.open(site + FUND)
    for mark, part in (
        (".hanging a", "circle"),
        (".standing a", ".bar"),
        (".lying svg a", ".given"),
        (".band", "path"),
        (".world a", "rect"),
    ):
        look = f"(e => [e.stroke, e.strokeWidth].join())(getComputedStyle(document.querySelector('{mark} {part}')))"
        before = browser.evaluate(look)
        browser.evaluate(f"document.querySelector('{mark}').focus({{focusVisible: true}})")
        assert browser.evaluate(f"document.activeElement === document.querySelector('{mark}')")
        assert browser.evaluate(look) != before, mark


def test_every_mark_has_a_name(site: str, browser: Chromium) -> None:
    browser.open(site + FUND)
    named = "[...document.querySelectorAll('.drawn a')].filter(a => !(a.querySelector('title') || a).textContent.trim()).length"
    assert browser.evaluate(named) == 0
    assert browser.evaluate("document.querySelectorAll('.drawn svg a').length") > 100


def test_a_printed_fund_holds_its_pictures(site: str, browser: Chromium) -> None:
    browser.open(site + FUND, media="print")
    assert browser.evaluate("[...document.querySelectorAll('.drawn svg')].every(e => e.getClientRects().length)")
    assert browser.evaluate("getComputedStyle(document.querySelector('.drawn .bar')).printColorAdjust") == "exact"
