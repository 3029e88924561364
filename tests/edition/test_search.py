"""The index of an edition: what is found by which word, what stands first, and how it is made, shared and thrown away."""

import multiprocessing
import os
import re
import signal
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.edition import documents, make, search, searchable
from quipu.edition.home import Home
from quipu.edition.open import Edition, Editions
from tests.documents import activity, aid_type, document, related, transaction
from tests.edition.test_books import BOOKS, FILE, LATER


def codes(edition, typed, **chosen):
    found = search.searcher(edition).find(typed, {name: [value] for name, value in chosen.items()}, most=100)
    return [hit.code for hit in found.hits]


def titled(identifier, title, *parts, text="", hierarchy=0):
    body = activity(identifier, *parts, hierarchy=hierarchy)
    body = re.sub(r"<title>.*?</title>", f"<title><narrative>{title}</narrative></title>", body)
    assert title in body
    told = f'<description type="1"><narrative>{text}</narrative></description>' if text else ""
    return body.replace("</title>", f"</title>{told}", 1) if told else body


# What is found, and what first


def test_a_title_goes_before_a_text_and_the_whole_name_before_a_part_of_it(publish):
    edition = publish(
        document(
            titled("XX-P-1", "Roads", text="Water for the workers on the road"),
            titled("XX-P-2", "Clean water for towns and villages"),
            titled("XX-P-3", "Water"),
        )
    )
    assert codes(edition, "water", kind="project") == ["XX-P-3", "XX-P-2", "XX-P-1"]
    (first, *others) = search.searcher(edition).find("water").hits
    assert first.is_meant
    assert not any(hit.is_meant for hit in others)


def test_what_is_as_it_was_typed_goes_before_what_is_not(publish):
    edition = publish(document(titled("XX-P-1", "Pisac terraces"), titled("XX-P-2", "Pisaq terraces")))
    assert codes(edition, "pisac") == ["XX-P-1", "XX-P-2"]
    assert codes(edition, "pisaq") == ["XX-P-2", "XX-P-1"]


def test_of_equals_the_one_with_more_money_goes_first_then_the_alphabet(publish):
    edition = publish(
        document(
            titled("XX-P-1", "Zinc study"),
            titled("XX-P-2", "Alum study"),
            titled("XX-P-3", "Salt study", transaction("4", 5_000_000)),
        )
    )
    assert codes(edition, "study", kind="project") == ["XX-P-3", "XX-P-2", "XX-P-1"]


@pytest.mark.parametrize(
    "typed", ["XX-P-00067264", "xx-p-00067264", "00067264", "67264", "XX P 67264", "XX-P/00067264", " 67264 "]
)
def test_an_identifier_is_found_whole_in_small_letters_and_by_its_number(publish, typed):
    edition = publish(document(titled("XX-P-00067264", "One"), titled("XX-P-00067265", "67264 trees")))
    (first, *_) = search.searcher(edition).find(typed).hits
    assert (first.code, first.is_meant) == ("XX-P-00067264", True)


def test_a_number_one_digit_off_is_another_number(publish):
    edition = publish(document(titled("XX-P-00067264", "One"), titled("XX-P-00067265", "Two")))
    assert codes(edition, "00067266") == []


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("fjord", "Fjørd"),
        ("øst", "Øst"),
        ("ost", "Øst"),
        ("cafe\u0301", "Café"),
        ("cafe", "Cafe\u0301"),
        ("strasse", "Straße"),
        ("lodz", "Łódź"),
        ("coeur", "Cœur"),
        ("मार्ग", "मार्ग"),
    ],
)
def test_accents_do_not_count_however_they_are_written(publish, typed, title):
    assert codes(publish(document(titled("XX-P-1", title))), typed) == ["XX-P-1"]


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [("wel", True), ("wol", False), ("wels", True), ("walls", True), ("walss", False), ("enterpr1se", False)],
)
def test_a_slip_is_forgiven_from_four_letters_on(publish, typed, is_found):
    edition = publish(document(titled("XX-P-1", "Wells of enterprise")))
    assert (codes(edition, typed) == ["XX-P-1"]) is is_found


@pytest.mark.parametrize(
    ("typed", "is_found"), [("entreprise", True), ("enterprrise", True), ("entrepise", True), ("antrepise", False)]
)
def test_two_slips_are_forgiven_from_eight_letters_on(publish, typed, is_found):
    edition = publish(document(titled("XX-P-1", "Enterprise")))
    assert (codes(edition, typed) == ["XX-P-1"]) is is_found


def test_a_slip_in_a_text_is_forgiven_only_where_the_word_stands_nowhere(publish):
    texts = document(titled("XX-P-1", "One", text="quinoa harvest"), titled("XX-P-2", "Two", text="quinua harvest"))
    edition = publish(texts)
    assert codes(edition, "quinoa") == ["XX-P-1"]
    assert sorted(codes(edition, "quinea")) == ["XX-P-1", "XX-P-2"]


def test_a_word_that_stands_nowhere_is_told_with_what_was_probably_meant(publish):
    index = search.searcher(publish(document(titled("XX-P-1", "Weavers of Ayacucho", text="alpaca wool"))))
    assert index.find("ayakucho").meant == "ayacucho"
    assert index.find("alpaka weavers").meant == "alpaca weavers"
    assert index.find("alpaca").meant == ""
    assert index.find("alp").meant == ""
    assert index.find("xyzzyx").meant == ""
    assert index.find("2019").meant == ""


def test_the_choices_of_a_facet_are_counted_as_if_none_of_its_own_was_taken(publish):
    edition = publish(
        document(
            titled("XX-P-1", "Water one", '<recipient-country code="PE"/>'),
            titled("XX-P-2", "Water two", '<recipient-country code="BO"/>'),
            titled("XX-P-3", "Water three", '<recipient-country code="BO"/>'),
        )
    )
    found = search.searcher(edition).find("water", {"country": ["PE"]})
    assert [hit.code for hit in found.hits] == ["XX-P-1"]
    assert found.facets["country"] == [("BO", 2), ("PE", 1)]
    assert found.facets["kind"] == [("project", 1)]
    both = search.searcher(edition).find("water", {"country": ["PE", "BO"]})
    assert both.count == 3


def test_a_suggestion_comes_with_a_slip_in_what_is_typed_so_far(publish):
    index = search.searcher(publish(document(titled("XX-P-1", "Lambayeque irrigation"))))
    for typed in ("lamb", "lanba", "irrig", "lambayeque irri", "LAMBÁ"):
        assert [hit.code for hit in index.suggest(typed)] == ["XX-P-1"], typed
    assert index.suggest("zz") == []
    assert index.suggest("  ") == []


@given(st.text(max_size=80))
def test_the_words_that_are_marked_are_the_words_of_the_index(typed):
    """Two programs fold words, one in the index and one for marks; for Latin letters they agree."""
    from quipu.rules import likeness

    latin = "".join(letter for letter in typed if letter < "\u0180")
    assert [word for word in search.words(latin) if len(word) < 60] == [
        word for word in likeness.words(latin) if len(word) < 60
    ]


@given(st.text(max_size=2_000))
def test_any_text_has_words_and_no_fault(typed):
    for word in search.words(typed):
        assert word


def test_the_order_is_the_same_in_every_index_of_the_same_edition(publish):
    texts = document(*(titled(f"XX-P-{n}", f"Same title {n % 7}") for n in range(60)))
    first, again = (codes(publish(texts), "same title") for _ in range(2))
    assert len(first) == 60
    assert first == again


# How it is made


@pytest.fixture
def posted(sqlite_ledger, tmp_path):
    """Posts a text and publishes it with a file and a document about project 0001; answers the edition."""
    from quipu.books.public import Books

    home, folder = Home(tmp_path / "home"), tmp_path / "in"
    folder.mkdir()
    (folder / "file.xml").write_text(FILE)
    home.documents.mkdir(parents=True)
    (home.documents / "study.txt").write_text("The demand for cotton cloth in the valley")
    (home.documents / "study.txt.yaml").write_text(
        'title: Study of cloth\ntype: study\ndate: 2012-05-01\nlanguage: en\nvisibility: public\nabout:\n  - project: "0001"\n'
    )

    def publish(text: str = "") -> Edition:
        sqlite_ledger.post(text)
        lying = documents.look(home)
        assert [one.is_public for one in lying] == [True], lying
        make.publish(home, [folder] if home.current() is None else None, None, Books("mark"), lying)
        return Editions(home).current()

    return publish


def everything(home, number, base=None):
    """(kind, code, title) of all that an index holds."""
    index = search.Searcher(search.directory(home, number), number)
    query = search.Query.all_query()
    hits = [index._hit(place, False) for _, place in index.searcher.search(query, limit=10_000).hits]
    return sorted((hit.kind, hit.code, hit.title, hit.key) for hit in hits)


def test_an_index_over_another_one_holds_what_the_same_edition_made_whole_would_hold(posted):
    search.searcher(posted(BOOKS))
    edition = posted(LATER)
    assert edition.home.stands_on(2) == 1
    assert search.make(edition.home, 2, edition=edition)
    expected = sorted((item.kind, item.code, item.title, item.key) for item in searchable.items(edition))
    assert everything(edition.home, 2) == expected
    assert len(expected) > len(everything(edition.home, 1))
    assert codes(edition, "third") == ["0003"]
    assert codes(edition, "WFP")[0] == "WFP"
    assert codes(edition, "Chile")[0] == "CL"
    assert (
        search.Searcher(search.directory(edition.home, 1), 1).find("third").count == 0
    )  # the index below stays as it is


def test_a_document_is_found_by_the_words_inside_it_also_after_its_project_was_posted_to(posted):
    edition = posted(BOOKS)
    assert [hit.title for hit in search.searcher(edition).find("cotton").hits] == ["Study of cloth"]
    edition = posted("2013-01-10 transfer ^A\n    transfer TF1 > 0001/UNDP 7.00")
    assert edition.home.stands_on(2) == 1
    assert [hit.title for hit in search.searcher(edition).find("cotton").hits] == ["Study of cloth"]


def test_the_index_of_an_edition_long_gone_is_deleted_with_its_overlay(posted, monkeypatch):
    monkeypatch.setattr(make, "KEPT", 1)
    first = posted(BOOKS)
    search.searcher(first)
    for n in range(3):
        search.searcher(posted(f"2013-01-10 transfer ^A-{n}\n    transfer TF1 > 0002/UNDP 1.00"))
    assert [number for number in range(1, 5) if search.is_made(first.home, number)] == [1, 4]


def test_an_index_is_outside_of_the_content_and_made_again_when_it_was_deleted(publish):
    import shutil

    edition = publish(document(titled("XX-P-1", "Water")))
    content = edition.manifest.content
    for _ in range(2):
        assert codes(Edition(edition.home, 1), "water", kind="project") == ["XX-P-1"]
        shutil.rmtree(search.directory(edition.home, 1))
    assert Edition(edition.home, 1).manifest.content == content


def test_a_large_edition_without_an_index_is_searched_through_the_nearest_or_says_so(publish, monkeypatch):
    monkeypatch.setattr(search, "SMALL", 0)
    first = publish(document(titled("XX-P-1", "Water")))
    with pytest.raises(search.NotYet):
        search.searcher(first)
    second = publish(document(titled("XX-P-1", "Water"), titled("XX-P-2", "Wind")), home=first.home.root)
    assert second.number == 2
    search.make(first.home, 2)
    assert search.searcher(Edition(first.home, 1)).number == 2
    search.make(first.home, 1)
    assert search.searcher(Edition(first.home, 1)).number == 1


def hold(home, ready):
    with search._alone(home, True):
        ready.set()
        time.sleep(60)


def test_two_processes_do_not_make_an_index_at_once_and_nobody_waits_who_need_not(publish):
    home = publish(document(titled("XX-P-1", "Water"))).home
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    other = spawn.Process(target=hold, args=(home, ready), daemon=True)
    other.start()
    try:
        assert ready.wait(60)
        assert not search.make(home, 1, patient=False)
        assert not search.is_made(home, 1)
    finally:
        os.kill(other.pid, signal.SIGKILL)  # the lock goes with the process
        other.join()
    assert search.make(home, 1, patient=False)


def stop_in_the_middle(home):
    def items(edition):
        yield from list(searchable.activities(edition))
        os.kill(os.getpid(), signal.SIGKILL)

    search.searchable.items = items
    search.make(home, 1)


def test_a_build_that_is_killed_leaves_nothing_half(publish):
    edition = publish(document(titled("XX-P-1", "Water")))
    spawn = multiprocessing.get_context("spawn")
    killed = spawn.Process(target=stop_in_the_middle, args=(edition.home,))
    killed.start()
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL
    assert not search.is_made(edition.home, 1)
    assert list(edition.home.cache.glob("search-*-*"))
    edition.home.sweep()
    assert not list(edition.home.cache.glob("search-*-*"))
    assert codes(edition, "water", kind="project") == ["XX-P-1"]


def test_a_child_of_a_fund_is_found_under_the_fund(publish):
    edition = publish(
        document(
            titled("XX-F-1", "Fund for rivers", aid_type("B031"), related("2", "XX-P-1"), hierarchy=1),
            titled("XX-P-1", "River banks", related("1", "XX-F-1"), transaction("4", 5), hierarchy=2),
        )
    )
    assert codes(edition, "river", fund="XX-F-1", kind="project") == ["XX-P-1"]
    assert codes(edition, "rivers", kind="fund") == ["XX-F-1"]
