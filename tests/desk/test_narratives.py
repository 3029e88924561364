"""Narrative: written in languages, looked at, marked public, released by another person where a fund asks; then published."""

import pytest

from quipu.rules.findings import Refused


def address(kind="project", code="P1", section="overview", language="en", tail=""):
    return f"/desk/programmes/narrative/{kind}/{code}/{section}/{language}{tail}"


def save(browser, text, act="public", title="", **where):
    seen = browser.get(address(**where)).content.decode()
    import re

    version = re.search(r'name="seen" value="(\d*)"', seen)
    told = {"text": text, "title": title, "seen": version[1] if version else "", act: "1"}
    return browser.post(address(**where), told)


def sections(**where):
    from quipu.books import models

    return list(models.Section.objects.filter(**where).order_by("id").values_list("language", "text", "state"))


@pytest.fixture
def editor(cast):
    return cast.client("programme editor")


@pytest.fixture
def home(cast, monkeypatch):
    """The desk works over the home of these books."""
    from django.conf import settings

    monkeypatch.setattr(settings, "HOME", cast.ledger.home)
    return cast.ledger.home


@pytest.fixture
def published(home):
    """Publishes the books as they stand; answers the edition."""
    from quipu.actions.publish import publish
    from quipu.edition.home import Home
    from quipu.edition.open import Editions

    home = Home(home)

    def now():
        publish(home, None)
        return Editions(home).current()

    return now


def page_of(edition, code):
    from quipu.edition.pages import find, page

    return page(edition, find(edition, code)[0][0])


def test_an_editor_writes_a_draft_and_nothing_of_it_is_public(editor, published):
    assert save(editor, "Terraces were *mended*.", "draft").status_code == 302
    assert sections() == [("en", "Terraces were *mended*.", "draft")]
    assert "Terraces were <em>mended</em>." in editor.get(address()).content.decode()
    assert page_of(published(), "P1")["texts"] == [{"role": "title", "type": "", "language": "", "text": "Terraces"}]


def test_what_is_marked_public_is_a_description_and_a_section_of_the_edition(editor, published):
    save(editor, "Terraces were **mended**.\n\n- walls\n- canals")
    save(editor, "Se repararon andenes.", language="es")
    save(editor, "Six villages take part.", title="Water is shared", section="outcome-1")
    texts = page_of(published(), "P1")["texts"]
    told = [(t["role"], t["type"], t["language"], t["text"]) for t in texts if t["role"] != "title"]
    assert told == [
        ("description", "1", "en", "Terraces were mended.\n- walls\n- canals"),
        ("description", "1", "es", "Se repararon andenes."),
        ("section", "overview", "en", "Terraces were **mended**.\n\n- walls\n- canals"),
        ("section", "overview", "es", "Se repararon andenes."),
        ("section", "outcome-1", "en", "# Water is shared\n\nSix villages take part."),
    ]


def test_a_later_draft_leaves_the_public_version_where_it_is(editor, published):
    save(editor, "First.")
    save(editor, "Second, not ready.", "draft")
    assert [t["text"] for t in page_of(published(), "P1")["texts"] if t["role"] == "section"] == ["First."]


def test_a_public_version_without_words_takes_the_section_off_the_page(editor, published):
    save(editor, "First.")
    save(editor, "")
    assert [t["role"] for t in page_of(published(), "P1")["texts"]] == ["title"]


def test_the_desk_goes_before_the_journals_overview_and_comes_back_to_it(cast, published):
    cast.ledger.post('fund VALLEY\n    overview: "As the journal says."\n')
    secretariat = cast.client("fund secretariat")
    where = {"kind": "fund", "code": "VALLEY"}

    def said():
        return [t["text"] for t in page_of(published(), "VALLEY")["texts"] if t["role"] == "description"]

    assert said() == ["As the journal says."]
    save(secretariat, "As the desk says.", **where)
    assert said() == ["As the desk says."]
    save(secretariat, "", **where)
    assert said() == ["As the journal says."]


def test_the_public_page_draws_the_markdown_and_no_html_of_the_writer(editor, published, cast):
    save(editor, "Terraces were **mended**. <script>alert(1)</script> [x](javascript:alert(1))")
    edition = published()
    told = read_public(cast, edition, "/project/P1")
    assert "Terraces were <strong>mended</strong>." in told
    assert "<script>alert" not in told
    assert 'href="javascript' not in told


def read_public(cast, edition, path):
    """A page of the gateway over an edition."""
    from django.test import RequestFactory

    from quipu.portal.languages import words
    from quipu.portal.views import factsheet

    request = RequestFactory().get(path)
    request.edition, request.words, request.prefix, request.pinned = edition, words("en"), "", False
    _, kind, name = path.split("/")
    return factsheet.show(request, kind, name).content.decode()


def test_the_preview_is_the_public_page_with_the_draft_and_changes_nothing(editor, published, cast):
    save(editor, "Public words.")
    published()
    save(editor, "Words of a *draft*.", "draft")
    shown = editor.get(address(tail="/preview")).content.decode()
    assert "Words of a <em>draft</em>." in shown
    assert "Public words." not in shown
    assert "only you can read it" in shown
    assert "Public words." in read_public(cast, published(), "/project/P1")


def test_before_the_first_edition_the_preview_says_why_there_is_none(editor, home):
    save(editor, "Words.", "draft")
    answer = editor.get(address(tail="/preview"))
    assert answer.status_code == 409
    assert "no public page yet" in answer.content.decode()


def test_seeing_how_it_reads_saves_nothing(editor):
    answer = editor.post(address(), {"text": "Only *looked* at.", "look": "1"})
    assert "Only <em>looked</em> at." in answer.content.decode()
    assert sections() == []


def test_two_writers_of_one_section_do_not_overwrite_each_other(cast, editor):
    save(editor, "First.", "draft")
    other = cast.client("lead agency editor")
    old = editor.get(address()).content.decode()
    import re

    seen = re.search(r'name="seen" value="(\d+)"', old)[1]
    save(other, "By the other.", "draft")
    answer = editor.post(address(), {"text": "Mine.", "seen": seen, "draft": "1"})
    assert answer.status_code == 422
    assert "Lead Agency Editor" in answer.content.decode()
    assert "Mine." in answer.content.decode()
    assert [text for _, text, _ in sections()] == ["First.", "By the other."]


# Second eyes


@pytest.fixture
def watched(cast):
    cast.ledger.post("fund VALLEY\n    second-eyes: yes\n")
    return cast


def test_a_fund_with_second_eyes_keeps_what_is_marked_public_until_another_person_releases_it(watched, published):
    from quipu.books import models

    writer = watched.client("programme editor")
    save(writer, "Waits.")
    assert sections() == [("en", "Waits.", "waiting")]
    assert [t["role"] for t in page_of(published(), "P1")["texts"]] == ["title"]
    number = models.Section.objects.get().pk
    assert "Release" in watched.client("fund secretariat").get("/desk").content.decode()
    assert "Release" not in writer.get("/desk").content.decode()
    assert writer.post(f"/desk/programmes/release/{number}").status_code == 422  # their own words
    assert sections() == [("en", "Waits.", "waiting")]
    assert watched.client("fund secretariat").post(f"/desk/programmes/release/{number}").status_code == 302
    assert [t["text"] for t in page_of(published(), "P1")["texts"] if t["role"] == "section"] == ["Waits."]
    assert models.Section.objects.get().released_by == watched.people["fund secretariat"].pk


def test_a_release_of_what_was_written_over_is_refused(watched):
    from quipu.actions.write_section import release_section
    from quipu.books import models

    writer = watched.client("programme editor")
    save(writer, "Waits.")
    first = models.Section.objects.get().pk
    save(writer, "Waits, corrected.")
    with pytest.raises(Refused, match="section-not-waiting"):
        release_section(by=watched.people["fund secretariat"].pk, number=first)


def test_what_waits_can_be_sent_back_with_a_reason_and_without_one_cannot(watched):
    from quipu.books import models

    save(watched.client("programme editor"), "Waits.")
    number = models.Section.objects.get().pk
    other = watched.client("fund secretariat")
    assert other.post(f"/desk/programmes/release/{number}", {"back": "1", "reason": ""}).status_code == 422
    assert other.post(f"/desk/programmes/release/{number}", {"back": "1", "reason": "Say when."}).status_code == 302
    assert sections() == [("en", "Waits.", "draft")]
    assert models.History.objects.get(verb="send back").reason == "Say when."


# Who may


def test_an_editor_writes_for_their_own_project_and_for_no_other(editor):
    assert editor.get(address(code="P2")).status_code == 403
    assert editor.post(address(code="P2"), {"text": "x", "public": "1"}).status_code == 403
    assert sections() == []


def test_a_section_that_no_factsheet_has_is_not_there(editor):
    assert editor.get(address(section="gossip")).status_code == 404
    assert editor.get(address(language="xx")).status_code == 404
    assert editor.get(address(section="outcome-12")).status_code == 200
    assert editor.get(address(section="outcome-13")).status_code == 404


def test_history_marks_as_public_what_an_edition_shows(editor):
    from quipu.books import models

    save(editor, "Draft.", "draft")
    save(editor, "Public.")
    rows = models.History.objects.filter(kind="section").order_by("id").values_list("verb", "is_public", "project")
    assert list(rows) == [("write", False, "P1"), ("write", True, "P1")]
