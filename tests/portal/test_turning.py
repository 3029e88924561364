"""A new edition: pages that are being read are drawn before the gateway turns to it, and nobody waits for it."""

import time

import pytest

from quipu.edition import make
from quipu.edition.home import Home
from tests.conftest import ROOT

PAGE = "/project/XX-QUIPU-DEMO-00067264"
DEMO = ROOT / "demo"


@pytest.fixture
def turned(tmp_path, gateway):
    """A reader of a home of its own, and how to publish in it."""
    from django.test import Client, override_settings

    home = Home(tmp_path / "home")
    make.publish(home, [DEMO])
    with override_settings(HOME=home.root):
        yield Client(), lambda: make.publish(home, [DEMO])


def edition_of(client, page=PAGE):
    text = client.get(page).content.decode()
    return int(text.split("Edition ", 1)[1].split("<", 1)[0].split(",", 1)[0])


def until(true, seconds=10.0):
    ends = time.monotonic() + seconds
    while not true() and time.monotonic() < ends:
        time.sleep(0.02)
    return true()


def test_a_page_nobody_reads_again_is_todays_at_once(turned):
    client, publish = turned
    assert edition_of(client) == 1
    publish()
    assert edition_of(client) == 2


def test_a_page_that_is_read_is_drawn_before_the_turn(turned, monkeypatch):
    client, publish = turned
    for _ in range(3):
        assert edition_of(client) == 1
    publish()
    assert edition_of(client) in (1, 2)
    assert until(lambda: edition_of(client) == 2)
    drawn = []
    from quipu.portal.views import factsheet

    monkeypatch.setattr(factsheet, "_sheet", lambda *a: drawn.append(a))
    assert edition_of(client) == 2  # it was drawn already
    assert drawn == []


def test_a_page_that_can_no_longer_be_drawn_does_not_stop_the_turn(turned, monkeypatch):
    client, publish = turned
    for _ in range(2):
        edition_of(client)
    from quipu.portal.views import factsheet

    def broken(*_):
        raise ValueError

    monkeypatch.setattr(factsheet, "_sheet", broken)
    publish()
    client.get("/glossary")
    assert until(lambda: "Edition 2" in client.get("/glossary").content.decode())


def test_an_old_edition_is_not_turned(turned):
    client, publish = turned
    for _ in range(3):
        assert edition_of(client, f"/e/1{PAGE}") == 1
    publish()
    assert edition_of(client, f"/e/1{PAGE}") == 1
