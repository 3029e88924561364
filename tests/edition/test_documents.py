"""Public documents: what lies in the folder and what is wrong with it, what an edition takes in, and what a file cannot do."""

import io
import json
import os
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from quipu.edition import documents, extract, filed, make
from quipu.edition.documents import look, text
from quipu.edition.home import Home, HomeError
from quipu.edition.manifest import load
from quipu.edition.open import Edition, Editions
from quipu.edition.pages import find, page
from quipu.rules import filing
from tests.documents import activity, document, related
from tests.edition.test_books import BOOKS, FILE, differences

DEMO = Path(__file__).parents[2] / "demo" / "documents"
PDF = (DEMO / "minutes-2009-03-10.pdf").read_bytes()
SAID = "title: Minutes\ntype: minutes\ndate: 2009-03-10\nlanguage: en\nabout:\n  fund: TF1\nvisibility: public\n"
TODAY = date(2026, 1, 1)


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home")
    home.prepare()
    home.documents.mkdir()
    return home


def put(home, name, body=PDF, said=SAID, beside=None):
    """A file and its YAML."""
    path = home.documents / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    if said is not None:
        (home.documents / (beside or f"{name}.yaml")).write_bytes(said if isinstance(said, bytes) else said.encode())
    return path


def rules(home, today=TODAY):
    """(place, rule) of all findings."""
    return [(finding.place, finding.rule) for one in look(home, today=today) for finding in one.findings]


def public(home):
    return [one.file for one in look(home) if one.is_public]


# What lies there


def test_a_file_and_its_yaml_are_a_document(home):
    put(home, "minutes.pdf")
    put(home, "2010/plan.txt", "words", beside="2010/plan.yaml")
    (one, other) = look(home, today=TODAY)
    assert (one.file, one.beside, one.findings, one.is_public) == ("2010/plan.txt", "2010/plan.yaml", [], True)
    assert (other.file, other.bytes, other.findings, other.is_public) == ("minutes.pdf", len(PDF), [], True)
    assert (other.said.titles, other.said.type, other.said.about) == (
        {"en": "Minutes"},
        "minutes",
        [("fund", "TF1")],
    )


def test_what_is_not_said_to_be_public_is_internal(home):
    put(home, "silent.txt", "words", SAID.replace("visibility: public\n", ""))
    put(home, "internal.txt", "other words", SAID.replace("public", "internal"))
    assert public(home) == []
    assert rules(home) == [("silent.txt.yaml", "document-internal")]


def test_a_title_may_stand_in_several_languages_and_a_document_may_be_about_several_things(home):
    said = (
        "title:\n  es: Acta\n  fr: Procès-verbal\ntype: Work plan\ndate: 2010-11\nlanguages: [es, no]\n"
        "about:\n  - fund: [TF1, XX-F]\n  - project: '0001'\n    voucher: V-1\nvisibility: PUBLIC\nversion: 2\n"
    )
    put(home, "acta.txt", "palabras", said)
    (one,) = look(home, today=TODAY)
    assert one.findings == []
    assert one.said.titles == {"es": "Acta", "fr": "Procès-verbal"}
    assert (one.said.type, one.said.on, one.said.languages, one.said.version) == (
        "work-plan",
        "2010-11",
        ["es", "no"],  # Norwegian, and no truth value
        "2",
    )
    assert one.said.about == [("fund", "TF1"), ("fund", "XX-F"), ("project", "0001"), ("voucher", "V-1")]


WRONG = {
    "title: Minutes\n": ("", "document-key-missing", "a.pdf.yaml: title"),
    "type: minutes": ("type: novel", "document-type-unknown", "a.pdf.yaml:2: type"),
    "date: 2009-03-10": ("date: 10 March 2009", "document-value", "a.pdf.yaml:3: date"),
    "2009-03-10": ("2009-02-30", "document-value", "a.pdf.yaml:3: date"),
    "language: en": ("language: English", "document-value", "a.pdf.yaml:4: language"),
    "fund: TF1": ("country: PE", "document-value", "a.pdf.yaml:5: about"),
    "visibility: public": ("visibility: everybody", "document-value", "a.pdf.yaml:7: visibility"),
    "title: Minutes": ("title: [Minutes", "document-yaml", "a.pdf.yaml:2"),
    "fund: TF1\n": ("fund: &a TF1\n  project: *a\n", "document-yaml", "a.pdf.yaml"),
    "type: minutes\n": ("type: minutes\ntype: audit\n", "document-yaml", "a.pdf.yaml:3"),
}


@pytest.mark.parametrize("right", WRONG)
def test_a_mistake_is_said_with_its_place_and_leaves_only_that_document_out(home, right):
    wrong, rule, place = WRONG[right]
    put(home, "a.pdf", said=SAID.replace(right, wrong))
    put(home, "b.txt", "words")
    assert (place, rule) in rules(home)
    assert public(home) == ["b.txt"]


def test_a_mistake_that_takes_nothing_away_is_said_and_the_document_published(home):
    put(
        home,
        "a.pdf",
        said=SAID.replace("language", "tongue").replace("2009", "2027").replace("about:\n  fund: TF1\n", ""),
    )
    assert public(home) == ["a.pdf"]
    assert rules(home) == [
        ("a.pdf.yaml:4: tongue", "document-key-unknown"),
        ("a.pdf.yaml", "document-about-nothing"),
        ("a.pdf.yaml", "document-later"),
    ]
    assert ("a.pdf.yaml", "document-later") not in rules(home, date(2027, 3, 10))


def test_what_does_not_belong_together_is_said(home):
    put(home, "alone.pdf", said=None)
    put(home, f"{'a' * 64}.pdf", said=None)  # a paper for an auditors' pack
    put(home, "both.pdf", beside="both.yaml")
    put(home, "both.txt", "words", said=None)
    put(home, "double.txt", "more words")
    put(home, "double.txt", "more words", beside="double.yaml")
    (home.documents / "gone.pdf.yaml").write_text(SAID)
    assert public(home) == []
    assert rules(home) == [
        ("alone.pdf", "document-alone"),
        ("both.pdf", "document-unclear"),
        ("both.txt", "document-unclear"),
        ("double.txt", "document-unclear"),
        ("gone.pdf.yaml", "document-missing"),
    ]


def test_a_file_is_what_the_end_of_its_name_says(home):
    put(home, "page.pdf", "<html>an error page</html>")
    put(home, "sheet.xlsx", (DEMO / "estudio-demanda.docx").read_bytes())
    put(home, "words.txt", b"\xff\xfeU\0T\0F\0")
    put(home, "empty.txt", b"")
    put(home, "picture.png", PDF)
    put(home, "program.exe", "MZ")
    assert public(home) == []
    assert rules(home) == [
        ("empty.txt", "document-content"),
        ("page.pdf", "document-content"),
        ("picture.png", "document-content"),
        ("program.exe", "document-form"),
        ("sheet.xlsx", "document-content"),
        ("words.txt", "document-content"),
    ]


def test_a_link_to_elsewhere_is_not_followed(home, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    (home.documents / "a.txt").symlink_to(tmp_path / "secret.txt")
    (home.documents / "a.txt.yaml").write_text(SAID)
    assert rules(home) == [("a.txt", "document-unreadable")]


def test_a_name_that_no_address_can_hold_is_refused(home):
    put(home, "new\nline.txt", "words")
    path = home.documents / os.fsdecode(b"not-utf8-\xff.txt")
    path.write_text("words")
    put(home, "«actas» 100% ñ.txt", "words")
    assert [rule for _, rule in rules(home)] == ["document-unreadable"] * 3  # a YAML, too
    assert public(home) == ["«actas» 100% ñ.txt"]


def test_a_yaml_that_is_no_yaml_harms_nobody(home):
    for n, said in enumerate((b"\xff", b"- a list", b"[" * 30_000, b"? [a]\n: b", b"a: b\x07", b"x" * 70_000, b"")):
        put(home, f"{n}.txt", f"words {n}", said)
    os.mkfifo(home.documents / "pipe.txt.yaml")
    put(home, "pipe.txt", "words", None)
    os.mkfifo(home.documents / "fifo.txt")
    (home.documents / "fifo.txt.yaml").write_text(SAID)
    assert [rule for _, rule in rules(home)] == [*["document-yaml"] * 7, "document-unreadable", "document-yaml"]


def test_a_document_may_be_as_large_as_the_setting_says_and_no_larger(home, monkeypatch):
    monkeypatch.setenv("QUIPU_DOCUMENT_MB", "1")
    put(home, "a.txt", "x" * (1 << 20))
    put(home, "b.txt", "x" * ((1 << 20) + 1))
    assert rules(home) == [("b.txt", "document-too-large")]
    assert public(home) == ["a.txt"]
    monkeypatch.setenv("QUIPU_DOCUMENT_MB", "2")
    assert public(home) == ["a.txt", "b.txt"]
    monkeypatch.setenv("QUIPU_DOCUMENT_MB", "much")
    with pytest.raises(HomeError, match="QUIPU_DOCUMENT_MB"):
        look(home)


def test_the_same_file_twice_is_taken_once(home):
    put(home, "a.pdf")
    put(home, "b.pdf")
    assert public(home) == ["a.pdf"]
    assert rules(home) == [("b.pdf", "document-twice")]


def test_a_version_names_the_one_before_by_file_or_hash(home):
    put(home, "v1.txt", "first")
    put(home, "v2.txt", "second", SAID + "supersedes: v1.txt\n")
    first = look(home)[0].sha256
    put(home, "v3.txt", "third", SAID + f"supersedes: {first[:12]}\n")
    put(home, "v4.txt", "fourth", SAID + "supersedes: v0.txt\n")
    put(home, "v5.txt", "fifth", SAID + f"supersedes: {first[:11]}\n")
    assert [one.said.supersedes for one in look(home)] == ["", first, first, "", ""]
    assert rules(home) == [
        ("v4.txt.yaml: supersedes", "document-supersedes"),
        ("v5.txt.yaml: supersedes", "document-supersedes"),
    ]
    assert len(public(home)) == 5


def test_what_did_not_change_is_not_read_again(home, monkeypatch):
    put(home, "a.pdf")
    put(home, "b.txt", "words")
    before = look(home)
    read = []
    monkeypatch.setattr(documents, "_hash", lambda path: read.append(path.name) or "0" * 64)
    assert look(home) == before
    assert read == []
    put(home, "b.txt", "WORDS")
    look(home)
    assert read == ["b.txt"]
    put(home, "b.txt", "WORDS", SAID.replace("Minutes", "Other words"))
    assert look(home)[1].said.titles == {"en": "Other words"}
    assert look(home)[0] == before[0]


# Words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("terms-of-reference.pdf", "within five working days"),
        ("estudio-demanda.docx", "Los textiles de Cusco"),
        ("plan-ferias-2011-v2.xlsx", "Feria del algodón nativo\tLambayeque\t2011-11\t14\t5400"),
        ("guia-del-riego.txt", "desde la bocatoma"),
    ],
)
def test_words_are_read_out_of_documents(name, words):
    found = extract.words(DEMO / name, filing.form_of(name))
    assert words in " ".join(found.text.split(" "))
    assert (found.is_broken, found.is_cut) == (False, False)


def test_a_broken_file_is_left_out_and_said(home):
    put(home, "cut.pdf", PDF[:200])
    put(home, "noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("word/document.xml", "<w:document")
    put(home, "broken.docx", held.getvalue())
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("xl/workbook.xml", "no workbook")
    put(home, "broken.xlsx", held.getvalue())
    assert {rule for _, rule in rules(home)} == {"document-broken"}
    assert len(rules(home)) == 4


def bomb(size):
    """A DOCX whose text is as large as size, packed to a thousandth of it."""
    held = io.BytesIO()
    with zipfile.ZipFile(DEMO / "estudio-demanda.docx") as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name == "word/document.xml":
                with new.open(name, "w", force_zip64=True) as file:
                    file.write(
                        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
                    )
                    for _ in range(size >> 20):
                        file.write(b"<w:p/>" * ((1 << 20) // 6))
                    file.write(b"</w:body></w:document>")
            else:
                new.writestr(name, old.read(name))
    return held.getvalue()


def test_a_bomb_is_published_without_its_words_and_hurts_nobody(home):
    put(home, "bomb.docx", bomb(1 << 30))
    put(home, "good.txt", "words")
    assert rules(home) == [("bomb.docx", "document-words")]
    assert public(home) == ["bomb.docx", "good.txt"]
    make.publish(home, [], lying=look(home))
    sha256 = look(home)[0].sha256
    assert text(home, sha256) == ""


def test_a_file_that_takes_for_ever_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(extract, "SECONDS", 0.01)  # starting alone takes longer
    began = time.monotonic()
    found = extract.words(DEMO / "terms-of-reference.pdf", "pdf")
    assert found.is_cut
    assert time.monotonic() - began < 5


def test_a_text_is_kept_as_far_as_its_limit(monkeypatch):
    monkeypatch.setattr(extract, "LONGEST", 10)
    assert extract.cut(["abcd", "efgh", "ijkl"]) == "abcd\nefgh"
    assert extract.cut(["abcdefghijkl"]) == "abcdefghij"
    assert extract.cut(["a\0b\x1bc"]) == "a b c"


def test_texts_are_read_again_where_the_cache_is_gone(home):
    put(home, "a.pdf")
    make.publish(home, [], lying=look(home))
    (sha256,) = (one.sha256 for one in look(home))
    kept = home.words(sha256, extract.VERSION)
    before = text(home, sha256)
    assert "rainy season" in before
    kept.unlink()
    assert text(home, sha256) == before
    assert kept.is_file()
    assert text(home, "0" * 64) == text(home, "../../etc/passwd") == ""


# In an edition


@pytest.fixture
def publish(sqlite_ledger, tmp_path, home):
    """Posts a text and publishes files, documents and books; answers the edition."""
    from quipu.books.public import Books

    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "file.xml").write_text(FILE)

    def publish(posted: str = "") -> Edition:
        sqlite_ledger.post(posted)
        make.publish(home, [folder] if home.current() is None else None, None, Books("mark"), look(home))
        return Editions(home).current()

    return publish


def shown(edition, identifier):
    """(title, hash) of the documents on a page."""
    ((key, _),) = find(edition, identifier)
    return [(d["title"], bool(d["sha256"])) for d in page(edition, key)["documents"]]


def test_a_document_stands_on_the_page_of_what_it_is_about_by_code_identifier_or_number(home, publish):
    about = "about:\n  fund: TF1\n"
    put(home, "a.txt", "one")
    put(home, "b.txt", "two", SAID.replace(about, "about:\n  project: ['0001', XX-P-9]\n"))
    put(home, "c.txt", "three", SAID.replace(about, "").replace("Minutes", "Alone"))
    edition = publish(BOOKS)
    assert shown(edition, "TF1") == [("Minutes", True)]
    assert shown(edition, "XX-P-1") == shown(edition, "XX-P-9") == [("Minutes", True)]
    assert edition.rows("SELECT title FROM documents WHERE key IS NULL") == [("Alone",)]
    assert edition.rows("SELECT count(*) FROM documents WHERE sha256 = ''") == [(0,)]


def test_what_an_edition_does_not_hold_is_said_and_the_rest_is_published(home, publish):
    put(home, "a.txt", "one", SAID.replace("fund: TF1", "fund: TF9\n  project: '0001'\n  voucher: [V-000101, V-9]"))
    edition = publish(BOOKS)
    lying = look(home)
    documents.check(edition, lying)
    assert [(f.place, f.rule, f.detail) for f in lying[0].findings] == [
        ("a.txt.yaml: about", "document-subject-unknown", "fund TF9"),
        ("a.txt.yaml: about", "document-subject-unknown", "voucher V-9"),
    ]
    assert shown(edition, "XX-P-1") == [("Minutes", True)]


def test_a_listed_fund_without_an_activity_has_documents_too(home, tmp_path):
    (home.root / "funds.toml").write_text('funds = ["XX-F"]')
    (tmp_path / "file.xml").write_text(document(activity("XX-P-1", related("1", "XX-F"), hierarchy=2)))
    put(home, "a.txt", "one", SAID.replace("TF1", "XX-F"))
    lying = look(home)
    make.publish(home, [tmp_path / "file.xml"], lying=lying)
    edition = Editions(home).current()
    documents.check(edition, lying)
    assert lying[0].findings == []
    assert [paper["name"] for paper in filed.of_fund(edition, "XX-F")] == ["a.txt"]
    assert filed.of_fund(edition, "XX-G") == []


def test_a_paper_of_a_voucher_is_found_by_its_hash_and_by_the_documents_word(home, publish):
    put(home, "request.txt", "test", SAID)  # the SHA-256 of "test" is sealed in the story
    put(home, "other.txt", "other", SAID.replace("fund: TF1", "voucher: V-000101"))
    edition = publish(BOOKS)
    other, request = (filed.find(edition, one.sha256[:12]) for one in look(home))
    vouchers = {
        name: [(v["reference"], v["sealed"]) for v in filed.whole(edition, found)["vouchers"]]
        for name, found in (("request", request), ("other", other))
    }
    assert vouchers == {"request": [("V-000101", True)], "other": [("V-000101", False)]}
    position = filed.whole(edition, request)["vouchers"][0]["position"]
    assert [(p["title"], p["name"], p["sealed"]) for p in filed.of_voucher(edition, position, "V-000101")] == [
        ("request", "request.txt", True),
        ("Minutes", "other.txt", False),
    ]


def test_the_same_documents_are_the_same_content_and_none_are_the_content_of_before(home, publish, tmp_path):
    without = publish(BOOKS).manifest
    assert [source["name"] for source in without.sources] == ["file.xml", "books"]
    put(home, "internal.txt", "words", SAID.replace("public", "internal"))
    assert publish().manifest.content == without.content
    put(home, "a.pdf")
    first = publish().manifest
    assert [source["name"] for source in first.sources] == ["file.xml", "documents", "books"]
    assert first.content != without.content
    assert publish().manifest.content == first.content
    (home.documents / "a.pdf.yaml").write_text(SAID.replace("Minutes", "Acta"))
    assert publish().manifest.content != first.content
    (home.documents / "a.pdf.yaml").write_text(SAID)
    assert publish().manifest.content == first.content


def test_a_document_that_was_removed_stays_in_the_editions_that_held_it(home, publish):
    path = put(home, "a.pdf")
    sha256 = look(home)[0].sha256
    publish(BOOKS)
    path.unlink()
    (home.documents / "a.pdf.yaml").unlink()
    publish()
    now, before = Edition(home, 2), Edition(home, 1)
    assert filed.find(now, sha256[:12]) is None
    assert filed.find(before, sha256[:12])["name"] == "a.pdf"
    assert documents.stored(home, sha256).read_bytes() == PDF
    path.write_bytes(b"%PDF- another file under the old name")
    assert documents.stored(home, sha256).read_bytes() == PDF


def test_a_file_that_changes_while_it_is_taken_in_is_left_out_and_said(home, publish):
    path = put(home, "a.txt", "one")
    lying = look(home)
    path.write_text("two")
    make.publish(home, [], lying=lying)
    assert [finding.rule for finding in lying[0].findings] == ["document-changing"]
    assert load(home, 1).sources == []
    assert not list(home.parts.iterdir())


def test_an_edition_with_documents_on_another_one_holds_what_it_would_hold_if_it_were_made_whole(home, publish):
    put(
        home,
        "a.txt",
        "one",
        SAID.replace("fund: TF1", "fund: TF1\n  project: ['0002', '0009', XX-P-9]\n  voucher: T-1"),
    )
    put(home, "b.txt", "two", SAID.replace("about:\n  fund: TF1\n", ""))
    publish(BOOKS)
    edition = publish("2013-01-10 transfer ^T-1\n    transfer TF1 > 0002/UNDP 7.00")
    assert home.stands_on(2) == 1
    assert differences(home, 2, 1) == []
    (sha256,) = (one.sha256 for one in look(home) if one.file == "a.txt")
    assert [v["reference"] for v in filed.whole(edition, filed.find(edition, sha256))["vouchers"]] == ["T-1"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('project 0009 "Nine"\n    fund: TF1', id="what a document waits for by its code"),
        pytest.param('project 0010 "Ten"\n    fund: TF1\n    iati: XX-P-10', id="what it waits for by its identifier"),
    ],
)
def test_what_a_document_waited_for_makes_the_edition_whole(home, publish, text):
    put(home, "a.txt", "one", SAID.replace("fund: TF1", "project: ['0009', XX-P-10]"))
    assert publish(BOOKS).rows("SELECT count(*) FROM documents WHERE key IS NULL") == [(1,)]
    edition = publish(text)
    assert home.stands_on(2) is None
    assert edition.rows("SELECT count(*) FROM documents WHERE key IS NULL") == [(0,)]
    assert shown(edition, "XX-P-10" if "XX-P-10" in text else "0009") == [("Minutes", True)]


def test_another_document_makes_the_edition_whole(home, publish):
    put(home, "a.txt", "one")
    publish(BOOKS)
    put(home, "b.txt", "two")
    assert len(shown(publish(), "TF1")) == 2
    assert home.stands_on(2) is None


# The command line


def test_the_command_lists_what_lies_there_and_ends_with_1_where_something_is_wrong(home, quipu, tmp_path):
    put(home, "a.txt", "one", SAID.replace("about:\n  fund: TF1\n", ""))
    done = quipu("documents", "--home", home.root)
    assert done.returncode == 0
    assert "a.txt.yaml: note: Nothing is said of what it is about." in done.stdout
    put(home, "b.exe", "MZ")
    done = quipu("documents", "--home", home.root, "--json")
    assert done.returncode == 1
    one, other = json.loads(done.stdout)
    assert (one["file"], one["public"], one["title"]) == ("a.txt", True, {"en": "Minutes"})
    assert [(f["rule"], f["severity"]) for f in other["findings"]] == [("document-form", "error")]
    (tmp_path / "in.xml").write_text(document(activity("XX-P-1")))
    done = quipu("publish", tmp_path / "in.xml", "--home", home.root)
    assert "1 files and 1 documents" in done.stderr
    assert "b.exe: error: Files of this kind are not published." in done.stderr


def test_a_large_edition_holds_the_same_documents_as_a_small_one(home, tmp_path, monkeypatch):
    """A large one is made by one engine after the other, and each forgets what the one before it looked up."""
    from quipu.edition import cache

    put(home, "minutes.pdf", said=SAID.replace("fund: TF1", "project: XX-P-1"))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "file.xml").write_text(FILE)
    for rows in (cache.PAGES, 1):
        monkeypatch.setattr(cache, "PAGES", rows)
        manifest, _ = make.publish(home, [tmp_path / "in"], lying=look(home))
        edition = Edition(home, manifest.number)
        assert edition.rows("SELECT a.identifier FROM filed_about JOIN activities a USING (key)") == [("XX-P-1",)]
        assert edition.rows("SELECT count(*) FROM filed") == [(1,)]
