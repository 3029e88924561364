"""Of several copies of an activity one counts: the later update, then the later file, then the later path."""

import pytest

from quipu.edition.ask import ask
from quipu.edition.home import Home
from quipu.edition.make import publish as make_edition
from quipu.edition.open import Editions
from quipu.edition.pages import find, page
from quipu.rules.asking import question
from tests.documents import activity, document, transaction


def copies(edition):
    """(file, line) of each copy that does not count."""
    rows = edition.rows("SELECT s.name, c.line FROM copies c JOIN sources s USING (source) ORDER BY ALL")
    return [tuple(row) for row in rows]


def counted(edition, *where):
    """The amount that counts."""
    return [int(cell.value) for row in ask(edition, question(["spend"], where=where)).rows for cell in row]


def one(value, *, updated="", generated="", publisher="XX-P", number=1):
    return document(
        activity(f"XX-P-{number}", transaction("3", value), updated=updated, publisher=publisher), generated=generated
    )


EARLY, LATE = "2020-01-01T00:00:00", "2020-01-02T00:00:00"


CASES = [
    # the later last-updated-datetime, whatever else
    ({"updated": LATE, "generated": EARLY}, {"updated": EARLY, "generated": LATE}, "a"),
    ({"updated": EARLY}, {"updated": LATE}, "b"),
    ({"updated": "2020-01-01"}, {}, "a"),
    ({"updated": "2020-01-01T12:00:00+02:00"}, {"updated": "2020-01-01T11:00:00Z"}, "b"),
    ({"updated": "2020-01-01T12:00:00-02:00"}, {"updated": "2020-01-01T13:00:00Z"}, "a"),
    ({"updated": "yesterday"}, {"updated": EARLY}, "b"),
    # then the later generated-datetime
    ({"updated": EARLY, "generated": LATE}, {"updated": EARLY, "generated": EARLY}, "a"),
    ({"generated": EARLY}, {"generated": LATE}, "b"),
    ({"generated": EARLY}, {"generated": "nonsense"}, "a"),
    # then the later path
    ({}, {}, "b"),
    ({"updated": EARLY, "generated": LATE}, {"updated": EARLY, "generated": LATE}, "b"),
]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """For each case two files with the same activity, all in one edition."""
    folder, home = tmp_path_factory.mktemp("pairs"), Home(tmp_path_factory.mktemp("home"))
    for n, (a, b, _) in enumerate(CASES):
        (folder / f"{n}a.xml").write_text(one(1, number=n, **a))
        (folder / f"{n}b.xml").write_text(one(2, number=n, **b))
    make_edition(home, [folder])
    return Editions(home).current()


@pytest.mark.parametrize("n", range(len(CASES)))
def test_the_later_copy_counts_and_the_other_is_listed(pairs, n):
    winner, loser = ("a", "b") if CASES[n][2] == "a" else ("b", "a")
    assert counted(pairs, f"project=XX-P-{n}") == [1 if winner == "a" else 2]
    assert [row for row in copies(pairs) if row[0].removesuffix(".xml")[:-1] == str(n)] == [(f"{n}{loser}.xml", 3)]


def test_in_one_file_the_later_of_equals_counts_and_the_other_is_a_finding_with_its_line(publish):
    edition = publish(
        document(
            activity("XX-P-1", transaction("3", 1)),
            activity("XX-P-2", transaction("3", 10)),
            activity("XX-P-1", transaction("3", 100)),
        )
    )
    assert counted(edition) == [110]
    assert copies(edition) == [("d1.xml", 3)]
    assert edition.rows("SELECT rule, severity, line, identifier FROM findings") == [
        ("activity-duplicate", "error", 3, "XX-P-1")
    ]
    assert edition.manifest.totals == {"activities": 2, "transactions": 2, "copies": 1}


def test_two_publishers_may_use_one_identifier(publish):
    edition = publish(a=one(1), b=one(2, publisher="XX-Q"))
    assert counted(edition) == [3]
    assert copies(edition) == []


def test_of_two_files_with_one_name_the_same_counts_in_whatever_order_they_are_named(tmp_path):
    paths = []
    for n in (1, 2):
        paths.append(tmp_path / f"folder-{n}" / "same.xml")
        paths[-1].parent.mkdir()
        paths[-1].write_text(one(n))
    answers = set()
    for n, order in enumerate((paths, paths[::-1])):
        manifest, _ = make_edition(Home(tmp_path / f"home-{n}"), order)
        answers.add((manifest.content, *counted(Editions(Home(tmp_path / f"home-{n}")).current())))
    assert len(answers) == 1


def test_copies_are_listed_on_the_page_of_the_one_that_counts(publish):
    edition = publish(a=one(1), b=one(2), c=one(3))
    ((key, _),) = find(edition, "XX-P-1")
    record = page(edition, key)
    assert (record["copies"], record["source"], record["line"]) == (2, "c.xml", 3)
