"""The accessibility judge over every public template: light, dark and print, wide and narrow. It finds nothing.

The quick suite lets the whole judge look at a light page in a wide window, and only those rules at a dark page in a
narrow one whose answer the stylesheet can change; --long lets the whole judge look at all of them, and at print.
"""

import json
import os
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.browser.addresses import ADDRESSES, BARE, SPOILT, drawing
from tests.browser.chromium import Chromium

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OF_LOOKS = ("color-contrast", "target-size", "scrollable-region-focusable")
NOT_ON_PAPER = ("target-size", "scrollable-region-focusable")  # nobody presses or scrolls paper
FOUND = "r => r.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 160)}\\n${n.failureSummary}`))"
EVERY = [address for addresses in ADDRESSES.values() for address in addresses]

pytestmark = pytest.mark.browser


def found_by_axe(page: Chromium, *, whole: bool, paper: bool = False) -> list[str]:
    """What the judge has against the page as it stands."""
    wanted: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    if not whole:
        wanted["runOnly"] = {"type": "rule", "values": OF_LOOKS}
    elif paper:
        wanted["rules"] = {rule: {"enabled": False} for rule in NOT_ON_PAPER}
    page.evaluate(f"if (!window.axe) {{ {AXE} }}")
    return page.settled(f"axe.run({json.dumps(wanted)}).then({FOUND})")


def whole_address(address: str, site: str, bare_site: str) -> str:
    """Where an address of the list really leads."""
    return (bare_site if address.startswith(BARE) else site) + address.removeprefix(BARE).removeprefix(SPOILT)


def look(page: Chromium, address: str, site: str, bare_site: str, width: int = 1280, **how: Any) -> None:
    """Opens an address of the list; a form to be spoilt is sent as plain text."""
    page.open(whole_address(address, site, bare_site), width, **how)
    if address.startswith(SPOILT):
        page.follow("const f = document.querySelector('form.letter'); f.enctype = 'text/plain'; f.submit()")


def test_every_public_template_is_looked_at() -> None:
    assert set(ADDRESSES) == drawing()


@pytest.mark.parametrize("address", EVERY)
def test_axe_finds_nothing(
    site: str, bare_site: str, browser: Chromium, address: str, request: pytest.FixtureRequest
) -> None:
    long = request.config.getoption("--long")
    looks = [(1280, False, "screen"), (360, True, "screen")]
    if long:
        looks = [(width, dark, "screen") for width in (1280, 360) for dark in (False, True)]
        looks += [(width, False, "print") for width in (1280, 360)]
    for width, dark, media in looks:
        look(browser, address, site, bare_site, width, dark=dark, media=media)
        plain = (width, dark, media) == looks[0]
        found = found_by_axe(browser, whole=long or plain, paper=media == "print")
        assert found == [], (width, dark, media, *found)


def test_axe_would_find_something(browser: Chromium) -> None:
    browser.open("data:text/html,<html><body><img src='x'><p style='color:silver'>pale</p>")
    found = found_by_axe(browser, whole=True)
    assert {"image-alt", "color-contrast", "html-has-lang"} <= {re.match(r"[\w-]+", each)[0] for each in found}


@pytest.mark.parametrize("template", sorted(ADDRESSES))
def test_an_address_is_drawn_by_its_template(
    demo_home: Path, bare_home: Path, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.environ["QUIPU_DEMO"] = "1"
    from quipu.portal.server import application

    application(demo_home)
    import jinja2
    from django.test import Client, override_settings

    drawn = []
    get_template = jinja2.Environment.get_template

    def noted(self: jinja2.Environment, name: str, *others: Any) -> jinja2.Template:
        drawn.append(name)
        return get_template(self, name, *others)

    monkeypatch.setattr(jinja2.Environment, "get_template", noted)
    for address in ADDRESSES[template]:
        drawn.clear()
        plain = address.removeprefix(BARE).removeprefix(SPOILT)
        with override_settings(HOME=bare_home if address.startswith(BARE) else demo_home):
            if address.startswith(SPOILT):
                Client().post(plain, "x", content_type="text/plain")
            else:
                Client().get(plain)
        assert drawn[0] == f"{template}.html", address
