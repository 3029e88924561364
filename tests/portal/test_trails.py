"""Trails, judged from outside: a number on any page is the last running total of the entries its link leads to.

The judge reads HTML and CSV as anybody can and imports nothing of ours.
"""

import random
import re
from decimal import ROUND_HALF_UP, Decimal
from html import unescape

import pytest

PAGES = [
    "/",
    "/funds",
    "/projects",
    "/countries",
    "/themes",
    "/sectors",
    "/contributors",
    "/fund/XX-QUIPU-DEMO-MDG00",
    "/fund/XX-QUIPU-DEMO-JVD00",
    "/fund/XX-QUIPU-DEMO2-HWF00",
    "/project/XX-QUIPU-DEMO-00067264",
    "/project/XX-QUIPU-DEMO-00099201",
    "/country/PE",
    "/theme/culture",
    "/marker/gender-equality/2",
    "/window/XX-QUIPU-DEMO-MDG00/CD",
    "/organization/XM-DAC-41116",
    "/organization/XM-DAC-41114",
    "/contributor/XX-QUIPU-ORG-FW",
    "/report?figure=net_funded&figure=expenditure&by=year&by=country",
    "/report?figure=deposits,total_balance&by=fund&until=2012-06-30",
    "/report?figure=spend&by=sector&since=2021-04-01&until=2022-03-31",
    "/report?figure=expenditure&by=category&by=standing&where=fund=XX-QUIPU-DEMO-JVD00",
    "/report?figure=transfers&by=year&unit=original&view=cross",
    "/report?figure=transfers,delivery_rate&by=participating_organization&by=year&view=cross&where=fund=XX-QUIPU-DEMO-MDG00",
]
NUMBER = re.compile(
    r'<a href="(/figure/[^"]+)" title="(-?[0-9.]+)(?: · [^"]+)?">((?:[^<]|<span class="odd"[^>]*>|</span>)*)</a>'
)
CENT = Decimal("0.01")


def plain(shown: str) -> Decimal:
    """A number as printed in English: separators out, brackets are negative."""
    text = re.sub(r"<[^>]+>", "", shown).replace(",", "").strip()
    return -Decimal(text[1:-1]) if text.startswith("(") else Decimal(text)


def whole(value: Decimal, like: Decimal) -> Decimal:
    """Rounded half up as the page prints it."""
    return value.quantize(Decimal(1).scaleb(like.as_tuple().exponent), rounding=ROUND_HALF_UP)


def follow(gateway, address: str) -> Decimal:
    """The number at the end of a trail: the last running total, or a rate out of the trails of its two parts."""
    page = gateway.text(address)
    parts = NUMBER.findall(page[page.index("<section>") :]) if "Its two parts" in page else []
    if parts:
        values = [follow(gateway, unescape(link)) for link, *_ in parts[:2]]
        return values[0] * 100 / values[1] if len(values) == 2 else Decimal(0)  # nothing above the line
    separator = "&" if "?" in address else "?"
    rows = gateway.rows(f"{address}{separator}format=csv")
    running = Decimal(0)
    for row in rows:
        running += Decimal(row["amount"])
        assert abs(running - Decimal(row["running"])) < CENT, (address, row)
    return running


def cells(gateway, page: str) -> list[tuple[str, str, str]]:
    return [(unescape(link), exact, shown) for link, exact, shown in NUMBER.findall(gateway.text(page))]


@pytest.mark.parametrize("page", PAGES)
def test_random_numbers_of_a_page_are_the_sums_of_their_trails(gateway, page, request):
    found = cells(gateway, page)
    assert found, page
    most = 40 if request.config.getoption("--long") else 3
    for address, exact, shown in random.Random(page).sample(found, min(most, len(found))):
        value = follow(gateway, address)
        assert abs(value - Decimal(exact)) < CENT, (page, address)
        printed = plain(shown)
        assert whole(Decimal(exact), printed) == printed, (page, shown, exact)
