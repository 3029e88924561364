"""Documents at the desk, as their editor uses them: handed in, described, published, found; taken back, replaced, released."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quipu.actions import publish as corridor
from quipu.edition.home import Home
from quipu.edition.open import Editions
from tests.desk import papers

EDITOR, SECRETARIAT, STRANGER = "programme editor", "fund secretariat", "stranger"


@pytest.fixture
def house(cast: Any, settings: Any, monkeypatch: Any) -> Any:
    """The cast, in a home of its own, without a scanner of viruses."""
    monkeypatch.delenv("QUIPU_CLAMAV", raising=False)
    settings.HOME = cast.ledger.home
    return cast


@pytest.fixture
def settings(monkeypatch: Any) -> Any:
    """Django's settings, put back afterwards."""
    from django.conf import settings as all_settings

    class Settings:
        def __setattr__(self, name: str, value: Any) -> None:
            monkeypatch.setattr(all_settings, name, value)

    return Settings()


def hand_in(browser: Any, content: bytes, name: str = "terraces.pdf", place: str = "VALLEY/P1", **more: Any) -> Any:
    """A file over the form. Answers its document."""
    from quipu.books import models

    before = set(models.Document.objects.values_list("code", flat=True))
    answer = browser.post(
        "/desk/documents/hand-in", {"files": SimpleUploadedFile(name, content), "place": place, **more}
    )
    assert answer.status_code == 302, answer.content.decode()
    return models.Document.objects.exclude(code__in=before).get()


def describe(browser: Any, document: Any, **more: Any) -> Any:
    """Says what a document is."""
    told = {"title_en": "How terraces hold water", "type": "study", "on": "2024-03", "place": "VALLEY/P1", **more}
    return browser.post(f"/desk/documents/{document.code}/edit", told)


NOTHING_KNOWN = {"knowledge": "no"}


def make_public(browser: Any, document: Any, **more: Any) -> Any:
    """Publishes it."""
    return browser.post(f"/desk/documents/{document.code}/publish", {**NOTHING_KNOWN, **more})


def public(house: Any) -> Any:
    """The next edition, in a browser of the public."""
    home = Home(house.ledger.home)
    corridor.publish(home, [])
    return Editions(home).current()


def found(edition: Any, word: str) -> list[str]:
    """The documents that the search finds."""
    from quipu.edition import search

    search.keep_up(edition.home)
    return [hit.code for hit in search.searcher(edition).find(word).hits if hit.kind == "document"]


def filed(house: Any) -> list[Any]:
    """What the next edition holds of documents: (hash, name, version, what it takes the place of)."""
    edition = public(house)
    return edition.rows("SELECT sha256, name, version, supersedes FROM filed ORDER BY version, name")


def test_a_document_goes_from_its_editor_to_the_public_page_and_is_found(house):
    browser = house.client(EDITOR)
    document = hand_in(browser, papers.pdf("Terraces hold water for the zanjas"))
    assert filed(house) == []
    assert describe(browser, document).status_code == 302
    assert make_public(browser, document).status_code == 302

    edition = public(house)
    version = document.versions.get()
    assert edition.rows("SELECT sha256, name FROM filed") == [(version.sha256, "terraces.pdf")]
    assert edition.rows("SELECT kind, name FROM filed_about") == [("project", "P1")]
    assert found(edition, "zanjas") == [version.sha256]

    from django.test import Client

    page = Client().get(f"/document/{version.sha256[:12]}")
    assert "How terraces hold water" in page.content.decode()
    file = Client().get(f"/document/{version.sha256[:12]}/terraces.pdf")
    assert b"".join(file.streaming_content).startswith(b"%PDF-")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Content-Disposition"] == 'inline; filename="terraces.pdf"'
    assert "default-src 'none'" in file["Content-Security-Policy"]
