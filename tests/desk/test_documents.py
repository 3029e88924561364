"""Documents at the desk, as their editor uses them: handed in, described, published, found; taken back, replaced, released."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quipu.actions import publish as corridor
from quipu.actions import scanning
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


def public_document(house: Any, content: bytes | None = None, **more: Any) -> Any:
    """A document that its editor made public."""
    browser = house.client(EDITOR)
    document = hand_in(browser, content or papers.pdf())
    assert describe(browser, document, **more).status_code == 302
    answer = make_public(browser, document)
    assert answer.status_code == 302, answer.content.decode()
    document.refresh_from_db()
    return document


def last(document: Any) -> Any:
    return document.versions.order_by("-number").first()


# Handing in


def test_several_at_once_and_one_refused_keeps_no_other_from_being_taken(house):
    from quipu.books import models

    files = [
        SimpleUploadedFile("a.pdf", papers.pdf("one")),
        SimpleUploadedFile("b.docx", papers.with_part(papers.docx(), "word/vbaProject.bin", b"x")),
        SimpleUploadedFile("c.jpg", papers.picture()),
    ]
    answer = house.client(EDITOR).post("/desk/documents/hand-in", {"files": files, "place": "VALLEY/P1"}, follow=True)
    assert "a.pdf is kept" in answer.content.decode()
    assert "b.docx was not taken. Something in it runs" in answer.content.decode()
    states = {one.name: one.state for one in models.Version.objects.all()}
    assert states == {"a.pdf": "checked", "b.docx": "refused", "c.jpg": "checked"}


def test_of_a_refused_file_the_draft_stays_and_no_byte(house):
    document = hand_in(house.client(EDITOR), b"<svg><script>alert(1)</script></svg>", "map.svg")
    assert (last(document).sha256, last(document).findings[0][0]) == ("", "document-two")
    assert [path for path in (house.ledger.home / "kept").rglob("*") if path.is_file()] == []
    browser = house.client(EDITOR)
    assert describe(browser, document).status_code == 302
    answer = browser.post(
        f"/desk/documents/{document.code}/replace", {"file": SimpleUploadedFile("map.png", papers.picture("PNG"))}
    )
    assert answer.status_code == 302
    assert [(one.number, one.state) for one in document.versions.order_by("number")] == [(1, "refused"), (2, "checked")]


def test_nobody_hands_in_for_what_is_not_theirs(house):
    from quipu.books import models

    browser = house.client(EDITOR)
    for place in ("VALLEY", "VALLEY/P2", "COAST/C1", "COAST/P1", ""):
        answer = browser.post(
            "/desk/documents/hand-in", {"files": SimpleUploadedFile("a.pdf", papers.pdf()), "place": place}
        )
        assert answer.status_code == 422, place
    assert not models.Document.objects.exists()


def test_a_picture_is_kept_as_it_was_drawn_anew(house):
    version = last(hand_in(house.client(EDITOR), papers.picture(place=True), "visit.jpg"))
    assert version.given != version.sha256
    assert "picture-place" in [rule for rule, _ in version.findings]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\report.pdf", "report.pdf"),
        ("report.docx", "report.pdf"),
        ("report.PDF", "report.pdf"),
        ("..pdf", "pdf.pdf"),
        ('a<b>"c\r\nX: y.pdf', "a-b--c--X- y.pdf"),
        ("informe\u202efdp.exe", "informe-fdp.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_is_plain(house, name, kept):
    from quipu.actions.documents import plain_name

    assert plain_name(name, "pdf") == kept


def test_what_the_file_says_is_offered_and_not_taken(house):
    browser = house.client(EDITOR)
    document = hand_in(browser, papers.pdf(title="Terraces of the valley"))
    page = browser.get(f"/desk/documents/{document.code}/edit").content.decode()
    assert "“Terraces of the valley”" in page
    assert 'value="Terraces of the valley"' not in page
    taken = browser.get(f"/desk/documents/{document.code}/edit?take=1").content.decode()
    assert 'value="Terraces of the valley"' in taken
    assert 'value="2024-03-05"' in taken
    document.refresh_from_db()
    assert document.titles == {}


# Describing


def test_two_who_describe_at_once_do_not_write_over_each_other(house):
    document = hand_in(house.client(EDITOR), papers.pdf())
    seen = seen_of(house.client(EDITOR).get(f"/desk/documents/{document.code}/edit"))
    assert describe(house.client(SECRETARIAT), document, title_en="Of the secretariat").status_code == 302
    answer = describe(house.client(EDITOR), document, seen=seen)
    assert answer.status_code == 422
    assert "Fund Secretariat" in answer.content.decode()
    document.refresh_from_db()
    assert document.titles == {"en": "Of the secretariat"}


def seen_of(answer: Any) -> str:
    import re

    return re.search(r'name="seen" value="(\d+)"', answer.content.decode())[1]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", "novel"),
        ("on", "March"),
        ("on", "2024-02-30"),
        ("place", "COAST/C1"),
        ("others", "COAST/C1"),
        ("vouchers", "none"),
    ],
)
def test_what_does_not_fit_is_refused(house, field, value):
    browser = house.client(EDITOR)
    document = hand_in(browser, papers.pdf())
    answer = describe(browser, document, **{field: value})
    assert answer.status_code == 422
    document.refresh_from_db()
    assert document.titles == {}


def test_a_voucher_of_the_fund_is_named_and_the_edition_knows(house):
    from quipu.books import models

    assert models.Posting.objects.filter(key="d1").exists()
    public_document(house, vouchers="d1")
    edition = public(house)
    assert edition.rows("SELECT kind, name FROM filed_about ORDER BY ordinal") == [("project", "P1"), ("voucher", "d1")]


def test_a_document_takes_no_place_in_a_circle(house):
    browser = house.client(EDITOR)
    first, second = hand_in(browser, papers.pdf("one")), hand_in(browser, papers.pdf("two"))
    assert describe(browser, second, supersedes=first.code).status_code == 302
    assert describe(browser, first, supersedes=second.code).status_code == 422
    page = browser.get(f"/desk/documents/{first.code}").content.decode()
    assert f"/desk/documents/{second.code}" in page
    assert f"/desk/documents/{first.code}" in browser.get(f"/desk/documents/{second.code}").content.decode()


def test_what_a_wider_mandate_said_stays_when_an_editor_describes_it(house):
    browser = house.client(EDITOR)
    document, earlier = (
        hand_in(browser, papers.pdf("one")),
        hand_in(house.client(SECRETARIAT), papers.pdf("two"), place="VALLEY/P2"),
    )
    wide = {"others": ["VALLEY", "VALLEY/P2"], "supersedes": earlier.code}
    assert describe(house.client(SECRETARIAT), document, **wide).status_code == 302
    assert describe(browser, document, title_en="Of the editor", supersedes=earlier.code).status_code == 302
    document.refresh_from_db()
    assert document.titles == {"en": "Of the editor"}
    assert sorted(document.also) == [["fund", "VALLEY"], ["project", "P2"]]
    assert document.supersedes_id == earlier.code


# Becoming public


def test_what_is_internal_or_a_draft_is_nowhere_in_the_edition(house):
    browser = house.client(EDITOR)
    document = hand_in(browser, papers.pdf())
    describe(browser, document)
    assert filed(house) == []


def test_without_title_or_type_nothing_is_public(house):
    browser = house.client(EDITOR)
    document = hand_in(browser, papers.pdf())
    assert make_public(browser, document).status_code == 422
    assert "Describe it" in browser.get(f"/desk/documents/{document.code}/publish").content.decode()


def test_details_of_people_stop_it_until_somebody_says_why(house):
    from quipu.books import models

    browser = house.client(EDITOR)
    document = hand_in(browser, papers.pdf("Write to maria.quispe@example.org"))
    describe(browser, document)
    page = browser.get(f"/desk/documents/{document.code}/publish").content.decode()
    assert "m…@e….org" in page
    assert "maria.quispe" not in page
    assert make_public(browser, document).status_code == 422
    assert filed(house) == []
    assert make_public(browser, document, reason="The address of the office").status_code == 302
    kept = models.History.objects.get(kind="document", verb="publish")
    assert (kept.reason, kept.is_public) == ("The address of the office", True)
    assert len(filed(house)) == 1


def test_what_nobody_could_read_is_public_only_with_a_reason(house, monkeypatch):
    from quipu.edition import extract

    monkeypatch.setattr(extract, "words", lambda *_: extract.Words("", is_cut=True))
    browser = house.client(EDITOR)
    document = hand_in(browser, papers.pdf())
    describe(browser, document)
    assert (
        "could not be read within the limits"
        in browser.get(f"/desk/documents/{document.code}/publish").content.decode()
    )
    assert make_public(browser, document).status_code == 422
    assert make_public(browser, document, reason="Read by two of us").status_code == 302


def test_of_a_scan_it_is_said_that_nobody_here_can_search_it(house):
    browser = house.client(EDITOR)
    document = hand_in(browser, papers.pdf(""))
    describe(browser, document)
    assert "Nobody here can search it" in browser.get(f"/desk/documents/{document.code}/publish").content.decode()


def test_the_file_that_was_replaced_never_becomes_public(house):
    browser = house.client(EDITOR)
    document = hand_in(browser, papers.pdf("Write to maria.quispe@example.org"))
    describe(browser, document)
    clean = SimpleUploadedFile("clean.pdf", papers.pdf("Nobody is named"))
    browser.post(f"/desk/documents/{document.code}/replace", {"file": clean})
    assert make_public(browser, document).status_code == 302
    assert filed(house) == [(last(document).sha256, "clean.pdf", "", "")]


def test_a_new_version_takes_the_place_of_the_one_before_with_links_both_ways(house):
    document = public_document(house)
    first = last(document)
    browser = house.client(EDITOR)
    browser.post(
        f"/desk/documents/{document.code}/replace", {"file": SimpleUploadedFile("b.pdf", papers.pdf("Second"))}
    )
    assert [row[0] for row in filed(house)] == [first.sha256], (
        "a version is public once it is published, not when it is handed in"
    )
    assert make_public(browser, document).status_code == 302
    second = last(document)
    assert filed(house) == [(first.sha256, "terraces.pdf", "1", ""), (second.sha256, "b.pdf", "2", first.sha256)]

    from django.test import Client

    assert f"/document/{second.sha256[:12]}" in Client().get(f"/document/{first.sha256[:12]}").content.decode()
    assert f"/document/{first.sha256[:12]}" in Client().get(f"/document/{second.sha256[:12]}").content.decode()


def test_one_document_takes_the_place_of_another(house):
    first = public_document(house)
    second = public_document(house, papers.pdf("Second"), supersedes=first.code)
    rows = {sha256: before for sha256, _, _, before in filed(house)}
    assert rows == {last(first).sha256: "", last(second).sha256: last(first).sha256}


def test_made_internal_it_is_in_no_further_edition_and_says_why(house):
    document = public_document(house)
    assert len(filed(house)) == 1
    browser = house.client(EDITOR)
    assert browser.post(f"/desk/documents/{document.code}/withdraw", {"reason": " "}).status_code == 422
    assert browser.post(f"/desk/documents/{document.code}/withdraw", {"reason": "An error"}).status_code == 302
    assert filed(house) == []
    assert browser.post(f"/desk/documents/{document.code}/withdraw", {"reason": "Again"}).status_code == 422


def test_what_was_made_internal_does_not_come_back_with_the_version_that_replaces_it(house):
    document = public_document(house)
    browser = house.client(EDITOR)
    browser.post(f"/desk/documents/{document.code}/withdraw", {"reason": "A name stood in it"})
    assert browser.post(f"/desk/documents/{document.code}/throw-away", {"reason": "It was public"}).status_code == 422
    browser.post(
        f"/desk/documents/{document.code}/replace", {"file": SimpleUploadedFile("b.pdf", papers.pdf("Second"))}
    )
    assert make_public(browser, document).status_code == 302
    assert [row[0] for row in filed(house)] == [last(document).sha256]


def test_a_new_version_of_what_is_public_does_not_wait_for_a_day(house):
    document = public_document(house)
    browser = house.client(EDITOR)
    browser.post(
        f"/desk/documents/{document.code}/replace", {"file": SimpleUploadedFile("b.pdf", papers.pdf("Second"))}
    )
    until = datetime.now(UTC).date() + timedelta(days=3)
    assert make_public(browser, document, until=until.isoformat()).status_code == 422
    assert len(filed(house)) == 1


def test_an_embargo_ends_by_itself_on_its_day(house):
    from quipu.actions import documents

    browser, today = house.client(EDITOR), datetime.now(UTC).date()
    document = hand_in(browser, papers.pdf())
    describe(browser, document)
    assert make_public(browser, document, until=today.isoformat()).status_code == 422
    until = today + timedelta(days=3)
    assert make_public(browser, document, until=until.isoformat()).status_code == 302
    assert filed(house) == []
    assert documents.shown(until - timedelta(days=1)) == []
    assert len(documents.shown(until)) == 1
    assert documents.next_release(until - timedelta(days=1)) == until
    assert documents.next_release(until) is None
    assert "An embargo ends" in house.client(EDITOR).get("/desk").content.decode()


def second_eyes():
    """From now on every fund asks for a second person."""
    from quipu.books import models

    models.Fund.objects.update(second_eyes=True)


def test_where_the_fund_asks_a_second_person_releases_it(house):
    from quipu.books import models

    second_eyes()
    document = public_document(house)
    assert filed(house) == []
    assert not models.History.objects.get(kind="document", verb="publish").is_public
    address = f"/desk/documents/{document.code}/release"
    assert house.client(EDITOR).post(address).status_code == 422
    assert "Release a document" not in house.client(EDITOR).get("/desk").content.decode()
    assert "Release a document" in house.client(SECRETARIAT).get("/desk").content.decode()
    assert house.client(SECRETARIAT).post(address).status_code == 302
    assert len(filed(house)) == 1
    assert models.History.objects.get(kind="document", verb="release").is_public
    assert house.client(SECRETARIAT).post(address).status_code == 422


def test_who_may_release_everywhere_is_told_of_it(house):
    second_eyes()
    public_document(house)
    assert "Release a document" in house.client("portfolio manager").get("/desk").content.decode()
    assert "How terraces hold water" in house.client("portfolio manager").get("/desk/documents").content.decode()


def test_a_new_version_waits_for_a_second_person_and_the_old_one_goes_nowhere(house):
    document = public_document(house)
    first = last(document)
    second_eyes()
    browser = house.client(EDITOR)
    browser.post(
        f"/desk/documents/{document.code}/replace", {"file": SimpleUploadedFile("b.pdf", papers.pdf("Second"))}
    )
    make_public(browser, document)
    assert [row[0] for row in filed(house)] == [first.sha256]
    house.client(SECRETARIAT).post(f"/desk/documents/{document.code}/release")
    assert len(filed(house)) == 2


def test_a_picture_of_people_needs_their_consent(house):
    browser = house.client(EDITOR)
    document = hand_in(browser, papers.picture(), "visit.jpg")
    describe(browser, document, type="picture")
    assert make_public(browser, document).status_code == 422
    assert make_public(browser, document, people="yes", consent="no").status_code == 422
    assert make_public(browser, document, people="yes", consent="yes", consent_since="2024-03-01").status_code == 302
    assert last(document).answers == {
        "people": "yes",
        "consent": "yes",
        "consent_since": "2024-03-01",
        "knowledge": "no",
    }
    assert len(filed(house)) == 1


def test_what_a_community_knows_is_listed_without_its_file(house):
    browser = house.client(EDITOR)
    document = hand_in(browser, papers.pdf("The secret of the springs"))
    describe(browser, document)
    known = {"knowledge": "yes", "agreed": "no"}
    assert make_public(browser, document, **known).status_code == 422
    assert make_public(browser, document, **known, without_file="on").status_code == 302
    ((sha256, name, _, _),) = filed(house)
    assert sha256 != last(document).sha256
    assert name == "listed-without-file.txt"

    from quipu.edition import documents

    edition = public(house)
    assert "listed without its file" in documents.text(edition.home, sha256)
    assert documents.stored(edition.home, last(document).sha256) is None
    assert found(edition, "secret") == []


def test_the_same_file_in_the_folder_and_at_the_desk_is_one_document(house):
    content = papers.pdf()
    folder = house.ledger.home / "documents"
    folder.mkdir()
    papers.put(folder, content, "same.pdf")
    papers.put(
        folder, b"title: In the folder\ntype: study\nvisibility: public\nabout:\n  fund: VALLEY\n", "same.pdf.yaml"
    )
    document = public_document(house, content)
    edition = public(house)
    assert edition.rows("SELECT sha256, name FROM filed") == [(last(document).sha256, "same.pdf")]
    assert edition.rows("SELECT kind, name FROM filed_about ORDER BY ordinal") == [
        ("fund", "VALLEY"),
        ("project", "P1"),
    ]


def test_a_scan_is_read_once_and_not_at_each_publication(house, monkeypatch):
    from quipu.edition import extract

    document = public_document(house, papers.pdf(""))
    assert "document-no-words" in [rule for rule, _ in last(document).findings]
    assert len(filed(house)) == 1
    monkeypatch.setattr(extract, "words", lambda *_: pytest.fail("it was read again"))
    assert len(filed(house)) == 1


# Throwing away


def test_a_draft_is_thrown_away_with_its_bytes_and_what_was_public_is_not(house):
    from quipu.actions import keeping
    from quipu.books import models

    browser = house.client(EDITOR)
    document = hand_in(browser, papers.pdf("draft"))
    path = keeping.path(last(document).sha256)
    assert browser.post(f"/desk/documents/{document.code}/throw-away", {"reason": "Twice"}).status_code == 302
    assert not path.exists()
    assert models.History.objects.filter(kind="document", code=document.code, verb="throw away").exists()
    other = public_document(house)
    assert browser.post(f"/desk/documents/{other.code}/throw-away", {"reason": "Twice"}).status_code == 422


def test_bytes_that_another_document_holds_stay(house):
    from quipu.actions import keeping

    browser, content = house.client(EDITOR), papers.pdf("both")
    first, second = hand_in(browser, content), hand_in(browser, content)
    browser.post(f"/desk/documents/{first.code}/throw-away", {"reason": "Twice"})
    assert keeping.path(last(second).sha256).is_file()


def test_bytes_behind_a_voucher_stay(house):
    from quipu.actions import keeping

    browser = house.client(EDITOR)
    document = hand_in(browser, papers.pdf("both"))
    sha256 = last(document).sha256
    house.ledger.post(
        f'2024-03-01 deposit ^d2 "Second"\n    document: sha256-{sha256} "Paper"\n    deposit VALLEY < GIVER 1.00 under SAA1\n'
    )
    browser.post(f"/desk/documents/{document.code}/throw-away", {"reason": "Twice"})
    assert keeping.path(sha256).is_file()


# Viruses


def scanned(monkeypatch: Any, verdict: str, name: str = "") -> None:
    """A scanner that always says the same."""
    monkeypatch.setenv("QUIPU_CLAMAV", "/run/clamd.sock")
    monkeypatch.setattr(scanning, "scan", lambda path: scanning.Scanned(verdict, name))


def test_without_a_scanner_it_is_said_beside_each_file(house):
    document = public_document(house)
    assert "not looked at for viruses" in house.client(EDITOR).get(f"/desk/documents/{document.code}").content.decode()
    assert "not looked at for viruses" in house.client(EDITOR).get("/desk/documents").content.decode()


def test_a_virus_is_refused_and_leaves_no_byte(house, monkeypatch):
    scanned(monkeypatch, scanning.FOUND, "EICAR")
    document = hand_in(house.client(EDITOR), papers.pdf())
    assert (last(document).state, last(document).sha256, last(document).findings) == (
        "refused",
        "",
        [["document-virus", "EICAR"]],
    )
    assert [path for path in (house.ledger.home / "kept").rglob("*") if path.is_file()] == []


def test_a_clean_file_says_when_it_was_looked_at(house, monkeypatch):
    scanned(monkeypatch, scanning.CLEAN)
    document = hand_in(house.client(EDITOR), papers.pdf())
    assert last(document).state == "checked"
    assert last(document).scanned_at is not None


def test_in_a_house_that_requires_it_files_wait_in_quarantine_until_somebody_looked(house, monkeypatch):
    monkeypatch.setenv("QUIPU_CLAMAV", "required")
    browser = house.client(EDITOR)
    document = hand_in(browser, papers.pdf())
    describe(browser, document)
    assert last(document).state == "quarantined"
    assert browser.get(f"/desk/documents/{document.code}/file/1").status_code == 404
    assert make_public(browser, document).status_code == 422
    assert "Look at a file in quarantine" in browser.get("/desk").content.decode()
    browser.post(f"/desk/documents/{document.code}/scan")
    assert last(document).state == "quarantined", "without a scanner nothing leaves quarantine"
    scanned(monkeypatch, scanning.CLEAN)
    browser.post(f"/desk/documents/{document.code}/scan")
    assert last(document).state == "checked"
    assert make_public(browser, document).status_code == 302
    assert len(filed(house)) == 1


def test_what_turns_out_to_be_a_virus_in_quarantine_is_gone(house, monkeypatch):
    from quipu.actions import keeping

    scanned(monkeypatch, scanning.SILENT)
    browser = house.client(EDITOR)
    document = hand_in(browser, papers.pdf())
    path = keeping.path(last(document).sha256)
    assert path.is_file()
    scanned(monkeypatch, scanning.FOUND, "EICAR")
    browser.post(f"/desk/documents/{document.code}/scan")
    assert (last(document).state, path.exists()) == ("refused", False)


# Reading at the desk


def test_the_bytes_of_a_draft_are_for_this_house_alone(house):
    document = hand_in(house.client(EDITOR), papers.pdf())
    answer = house.client("auditor").get(f"/desk/documents/{document.code}/file/1")
    assert answer["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_editor_of_another_project_neither_sees_nor_opens_it(house):
    document = hand_in(house.client(EDITOR), papers.pdf())
    other = house.client(person=house.person(EDITOR, project_id="P2"))
    assert document.code not in other.get("/desk/documents").content.decode()
    for part in ("", "/edit", "/publish", "/file/1"):
        assert other.get(f"/desk/documents/{document.code}{part}").status_code == 403


@pytest.mark.parametrize(
    "state",
    ["draft", "internal", "public", "embargoed", "waits", "quarantined", "refused", "without words", "superseded"],
)
def test_the_list_is_narrowed_to_a_state(house, state):
    from quipu.books import models

    now = datetime.now(UTC)

    def made(code: str, *, version: dict[str, Any], **fields: Any) -> None:
        told = {
            "fund_id": "VALLEY",
            "project_id": "P1",
            "made_by": "x",
            "made_at": now,
            "titles": {"en": f"Title {code}"},
        }
        one = models.Document.objects.create(code=code, **told, **fields)
        whole = {
            "number": 1,
            "given": "0" * 64,
            "name": "a.pdf",
            "by": "x",
            "at": now,
            "state": "checked",
            "form": "pdf",
        }
        models.Version.objects.create(document=one, **{**whole, **version})

    cleared = {"cleared_at": now, "cleared_by": "x"}
    made("draft", version={})
    made("internal", version=cleared)
    made("superseded", version=cleared)
    made("public", version=cleared, visibility="public", supersedes_id="superseded")
    made("embargoed", version=cleared, visibility="embargoed", until=date(2999, 1, 1))
    made("waits", version=cleared, visibility="public", waits=True)
    made("quarantined", version={"state": "quarantined"} | cleared)
    made("refused", version={"state": "refused"} | cleared)
    made("without words", version={"findings": [["document-no-words", ""]]} | cleared)
    page = house.client(EDITOR).get("/desk/documents", {"state": state}).content.decode()
    every = models.Document.objects.values_list("code", flat=True)
    also = {"superseded", "quarantined", "refused", "without words"} if state == "internal" else set()
    assert {one for one in every if f"Title {one}<" in page} == {state, *also}


@pytest.mark.parametrize("address", ["/desk/documents", "/desk"])
def test_twenty_documents_are_listed_with_the_questions_of_one(house, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from quipu.books import models

    def count() -> int:
        browser = house.client(EDITOR)
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            browser.get(address)
        return len(asked)

    def add(number: int) -> None:
        now = datetime.now(UTC)
        told = {"visibility": "embargoed", "until": date.today() + timedelta(days=3), "type": "study"}  # noqa: DTZ011
        one = models.Document.objects.create(
            code=f"x{number}", fund_id="VALLEY", project_id="P1", made_by="x", made_at=now, **told
        )
        models.Version.objects.create(
            document=one, number=1, given="0" * 64, name="a.pdf", by="x", at=now, state="quarantined"
        )

    add(0)
    few = count()
    for number in range(1, 21):
        add(number)
    assert count() == few


@pytest.mark.parametrize("word", ["educación", "zanja", "informe.pdf"])
def test_words_of_titles_and_names_find_a_document_on_either_engine(cast_anywhere, word):
    from quipu.books import models

    now = datetime.now(UTC)
    told = {"fund_id": "VALLEY", "project_id": "P1", "made_by": "x", "made_at": now}
    one = models.Document.objects.create(code="d", titles={"es": "Educación y Zanjas"}, **told)
    models.Version.objects.create(
        document=one, number=1, given="0" * 64, name="Informe.pdf", by="x", at=now, state="checked"
    )
    models.Document.objects.create(code="e", titles={"es": "Otra cosa"}, **told)
    page = cast_anywhere.client(EDITOR).get("/desk/documents", {"words": word}).content.decode()
    assert "/desk/documents/d" in page
    assert "/desk/documents/e" not in page


def test_the_whole_way_works_on_either_engine(cast_anywhere, settings, monkeypatch):
    from quipu.actions import documents

    monkeypatch.delenv("QUIPU_CLAMAV", raising=False)
    settings.HOME = cast_anywhere.ledger.home
    document = public_document(cast_anywhere)
    (shown,) = documents.shown(datetime.now(UTC).date())
    assert shown.sha256 == last(document).sha256
    browser = cast_anywhere.client(EDITOR)
    browser.post(f"/desk/documents/{document.code}/withdraw", {"reason": "An error"})
    assert documents.shown(datetime.now(UTC).date()) == []
