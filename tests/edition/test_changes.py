"""What changed from one edition to another: entries, heads, documents, words, and nothing that only moved in a file."""

from decimal import Decimal

import pytest

from quipu.edition import make
from quipu.edition.compare import changes, first_with, outline
from quipu.edition.documents import look
from quipu.edition.home import Home
from quipu.edition.open import Edition, Editions
from tests.documents import activity, document, transaction
from tests.edition.test_books import BOOKS, LATER

LINK = (
    '<document-link url="https://example.org/{0}.pdf" format="application/pdf"><title><narrative>{0}</narrative></title>'
    "</document-link>"
)
WORKS = '<participating-org role="4" ref="{0}"><narrative>{0} office</narrative></participating-org>'
BUDGET = (
    '<budget type="{0}"><period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/>'
    '<value currency="USD" value-date="2020-01-01">{1}</value></budget>'
)
RESULT = (
    '<result type="1"><title><narrative>Wells</narrative></title><indicator measure="1">'
    '<title><narrative>Wells</narrative></title><period><period-start iso-date="2020-01-01"/>'
    '<period-end iso-date="2020-12-31"/><actual value="{0}"/></period></indicator></result>'
)


@pytest.fixture
def two(tmp_path):
    """Makes two editions of files (name: text) and answers them."""

    def made(before, after):
        home = Home(tmp_path / "home")
        for n, files in enumerate((before, after)):
            folder = tmp_path / f"in-{n}"
            folder.mkdir()
            for name, text in files.items():
                (folder / name).write_text(text)
            make.publish(home, [folder])
        return Edition(home, 1), Edition(home, 2)

    return made


def of(found):
    """Of each list: what is said, about whom."""
    return {
        "vouchers": sorted((m.change, m.value, m.subject.identifier) for m in found.vouchers),
        "activities": [(a.subject.identifier, a.aspect, a.before, a.after) for a in found.activities],
        "budgets": [(b.subject.identifier, b.before, b.after, b.difference) for b in found.budgets],
        "documents": [(d.change, d.url.rpartition("/")[2], d.subject.identifier) for d in found.documents],
        "words": [(a.subject.identifier, a.aspect) for a in found.words],
    }


NOTHING = {"vouchers": [], "activities": [], "budgets": [], "documents": [], "words": []}
A = document(
    activity("A-1", '<description type="1"><narrative>Old words</narrative></description>', WORKS.format("FAO")),
    activity(
        "A-2", LINK.format("one"), LINK.format("two"), RESULT.format(3), BUDGET.format(1, 100), transaction("3", 5)
    ),
    activity("A-3"),
)


def test_editions_of_the_same_bytes_have_the_same_content_and_nothing_is_looked_at(two):
    found = changes(*two({"a.xml": A}, {"a.xml": A}))
    assert found.is_same
    assert of(found) == NOTHING


def test_what_only_moved_down_in_its_file_has_not_changed(two):
    found = changes(
        *two({"a.xml": A}, {"a.xml": A.replace("<iati-activities", "\n\n<!-- moved -->\n<iati-activities")})
    )
    assert not found.is_same
    assert found.sources == [("a.xml", "changed", "")]
    assert of(found) == NOTHING


def test_each_kind_of_change_is_told_once(two):
    after = document(
        activity(
            "A-1",
            '<description type="1"><narrative>New words</narrative></description>',
            WORKS.format("WFP"),
            '<activity-date type="2" iso-date="2020-02-01"/>',
            status="3",
        ).replace("Title of A-1", "Another title"),
        activity(
            "A-2", LINK.format("two"), LINK.format("three"), RESULT.format(4), BUDGET.format(1, 90), transaction("3", 6)
        ),
        activity("A-4", transaction("3", 1)),
    )
    assert of(changes(*two({"a.xml": A}, {"a.xml": after}))) == {
        "vouchers": [("added", 1, "A-4"), ("added", 6, "A-2"), ("gone", 5, "A-2")],
        "activities": [
            ("A-3", "gone", "", ""),
            ("A-4", "new", "", ""),
            ("A-1", "title", "Title of A-1", "Another title"),
            ("A-1", "status", "2", "3"),
            ("A-1", "start", "", "2020-02-01"),
            ("A-1", "organizations", "FAO office", "WFP office"),
        ],
        "budgets": [("A-2", Decimal(100), Decimal(90), Decimal(-10))],
        "documents": [("added", "three.pdf", "A-2"), ("gone", "one.pdf", "A-2")],
        "words": [("A-1", "description"), ("A-2", "readings")],
    }


def test_a_file_that_stayed_is_not_looked_at_and_one_activity_can_be_asked_about_alone(two):
    other = document(activity("B-1", publisher="XX-Q"))
    changed = other.replace("Title of B-1", "Second").replace('code="2"', 'code="4"')
    pair = two({"a.xml": A, "b.xml": other}, {"a.xml": A, "b.xml": changed})
    both = [("B-1", "title", "Title of B-1", "Second"), ("B-1", "status", "2", "4")]
    assert of(changes(*pair))["activities"] == both
    assert of(changes(*pair, "B-1"))["activities"] == both
    assert of(changes(*pair, "A-1")) == NOTHING
    assert of(changes(*reversed(pair)))["activities"][1] == ("B-1", "status", "4", "2")


def test_more_changes_than_are_asked_for_are_counted(two):
    many = document(*(activity(f"M-{n:03}") for n in range(7)))
    found = changes(*two({"a.xml": document(activity("M-000"))}, {"a.xml": many}), most=2)
    assert [a.subject.identifier for a in found.activities] == ["M-001", "M-002"]
    assert found.counts["activities"] == 6


def test_what_the_books_posted_is_added_and_what_they_took_back_says_what(sqlite_ledger):
    from quipu.books.public import Books

    home = Home(sqlite_ledger.home)
    for text in (BOOKS, LATER, "2013-06-01 extend 0002 2015-12-31 ^E-2\n"):
        sqlite_ledger.post(text)
        make.publish(home, None, None, Books())
    first, second, third = (Edition(home, number) for number in (1, 2, 3))
    assert home.stands_on(2) == home.stands_on(3) == 1  # so that three files are read under four names
    found = changes(first, second)
    kinds = [(m.change, m.reference, m.movement, m.value) for m in found.vouchers]
    assert ("added", "D-2", "deposit", Decimal(10_000)) in kinds
    assert ("takes back", "REV", "transfer", Decimal(-100_000)) in kinds
    (back,) = (m for m in found.vouchers if m.reference == "REV")
    (taken,) = (m for m in found.vouchers if m.entry == back.reverses)
    assert (taken.reference, taken.value) == ("V-000102", Decimal(100_000))
    assert ("XX-P-1", "status", "2", "3") in of(found)["activities"]
    assert found.sources == [("books", "changed", f"#{first.manifest.position} – #{second.manifest.position}")]
    later = changes(second, third)
    assert of(later)["vouchers"] == []
    assert [a[1:] for a in of(later)["activities"]] == [("until", "2014-12-31", "2015-12-31")]
    whole = [(a.subject.title, a.aspect, a.after) for a in changes(first, third).activities]
    assert ("Second", "until", "2015-12-31") in whole
    assert ("First", "until", "2013-03-15") in whole  # closed operationally on that day


def test_of_a_fund_its_projects_are_told_and_of_a_project_only_its_own(sqlite_ledger):
    from quipu.books.public import Books

    home = Home(sqlite_ledger.home)
    for text in (BOOKS, LATER):
        sqlite_ledger.post(text)
        make.publish(home, None, None, Books())
    pair = Edition(home, 1), Edition(home, 2)
    ((fund,),) = pair[1].rows("SELECT identifier FROM activities WHERE place = 'fund'")
    whole, mine = changes(*pair, fund), changes(*pair, "XX-P-1")
    assert whole.counts == changes(*pair).counts
    assert {m.reference for m in mine.vouchers} == {"R-2012-a"}
    assert {a.subject.identifier for a in mine.activities} == {"XX-P-1"}


def test_an_activity_the_books_took_over_from_a_file_is_the_same_one(sqlite_ledger, tmp_path):
    from quipu.books.public import Books

    home, folder = Home(sqlite_ledger.home), tmp_path / "in"
    folder.mkdir()
    (folder / "a.xml").write_text(document(activity("0002", publisher="XX-P")))
    make.publish(home, [folder])
    sqlite_ledger.post(BOOKS.replace('    publisher: XX-P "XX-P office"\n', ""))
    make.publish(home, None, None, Books())
    told = of(changes(Edition(home, 1), Edition(home, 2)))["activities"]
    assert ("0002", "new", "", "") not in told
    assert ("0002", "gone", "", "") not in told


def test_a_document_of_the_office_is_told_though_the_activity_itself_did_not_move(tmp_path):
    home, folder = Home(tmp_path / "home"), tmp_path / "in"
    folder.mkdir()
    (folder / "a.xml").write_text(A)
    make.publish(home, [folder])
    home.documents.mkdir()
    (home.documents / "minutes.txt").write_text("They met.")
    (home.documents / "minutes.txt.yaml").write_text(
        "title: Minutes\ntype: minutes\ndate: 2009-03-10\nlanguage: en\nabout:\n  project: A-3\nvisibility: public\n"
    )
    make.publish(home, [folder], lying=look(home))
    first, second = Edition(home, 1), Edition(home, 2)
    (filed,) = changes(first, second).documents
    assert (filed.change, filed.title, filed.url, filed.subject.identifier) == ("added", "Minutes", "", "A-3")
    assert len(filed.sha256) == 64
    assert [d.change for d in changes(second, first, "A-3").documents] == ["gone"]
    assert changes(first, second, "A-1").documents == []


def test_an_outline_needs_no_opened_edition(two):
    first, second = two(
        {"a.xml": A, "b.xml": document(activity("B-1"))}, {"a.xml": document(activity("A-1")), "c.xml": A}
    )
    told = outline(first.manifest, second.manifest)
    assert (told.since, told.is_same, told.links) == (1, False, 0)
    assert told.files == {"new": 1, "changed": 1, "gone": 1}
    assert outline(first.manifest, first.manifest).is_same


def test_the_first_edition_that_has_an_activity_is_found(tmp_path):
    home, folder = Home(tmp_path / "home"), tmp_path / "in"
    folder.mkdir()
    for n in range(1, 6):
        (folder / "a.xml").write_text(document(*(activity(f"A-{m}") for m in range(1, n + 1))))
        make.publish(home, [folder])
    editions = Editions(home)
    assert first_with(editions, "A-4", 1, 5) == 4
    assert first_with(editions, "A-5", 1, 5) == 5
    assert first_with(editions, "A-2", 1, 5) == 2
