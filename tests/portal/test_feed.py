"""News to follow: valid Atom, the same bytes for the same edition, and entries that keep their identity."""

import re
from datetime import datetime

import pytest
from lxml import etree

FEEDS = [
    "/feed",
    "/es/feed",
    "/fund/XX-QUIPU-DEMO-MDG00.atom",
    "/fr/project/XX-QUIPU-DEMO-00067264.atom",
    "/programme/XX-QUIPU-DEMO3-CI-000.atom",
]
ATOM = "{http://www.w3.org/2005/Atom}"


def read(gateway, address):
    answer = gateway.get(address)
    assert answer.status_code == 200
    return etree.fromstring(answer.content)


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_is_atom_with_all_that_the_standard_asks_for(gateway, feed):
    answer = gateway.get(feed)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = read(gateway, feed)
    assert root.tag == f"{ATOM}feed"
    for holder in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (only,) = holder.findall(f"{ATOM}{name}")
            assert only.text
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", holder.findtext(f"{ATOM}id"))
        datetime.fromisoformat(holder.findtext(f"{ATOM}updated"))
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == feed
    moments = [entry.findtext(f"{ATOM}updated") for entry in root.findall(f"{ATOM}entry")]
    assert moments
    assert moments == sorted(moments, reverse=True)
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("feed", FEEDS)
def test_every_entry_leads_to_a_page_in_the_language_of_its_feed(gateway, feed):
    before = re.match(r"/(?:es|fr)(?=/)|", feed)[0]
    for link in read(gateway, feed).iterfind(f"{ATOM}entry/{ATOM}link"):
        if link.get("href").startswith("/"):
            assert link.get("href").startswith(f"{before}/")
            assert gateway.get(link.get("href")).status_code == 200


def test_an_entry_has_the_same_identity_in_every_language_and_edition(gateway):
    def ids(address):
        return [one.text for one in read(gateway, address).iterfind(f"{ATOM}entry/{ATOM}id")]

    assert ids("/feed") == ids("/es/feed") == ids("/e/1/feed")
    newest = re.search(r'href="/voucher/(\w+)"', gateway.text("/feed"))[1]
    assert newest


def test_pages_name_their_feed(gateway):
    link = r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="{}">'
    assert re.search(link.format("/feed"), gateway.text("/projects"))
    fund = gateway.text("/es/fund/XX-QUIPU-DEMO-MDG00")
    assert re.search(link.format("/es/fund/XX-QUIPU-DEMO-MDG00.atom"), fund)
    assert '<a href="/es/fund/XX-QUIPU-DEMO-MDG00.atom"' in fund


def test_a_feed_marks_illustrative_amounts(gateway):
    assert "illustrative" in read(gateway, "/fund/XX-QUIPU-DEMO-MDG00.atom").findtext(f"{ATOM}subtitle")


def test_what_may_not_stand_in_xml_is_left_out():
    from quipu.portal.views.feed import NOT_OF_XML

    assert NOT_OF_XML.sub("", "a\x00b\x0bc\td\ne") == "abc\td\ne"
