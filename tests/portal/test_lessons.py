"""Lessons, reviews and risks on the gateway: found, shown once, with projects alike; and nothing that is not public."""

import json
from datetime import UTC, date, datetime

import pytest

from quipu.edition import make
from quipu.edition.engine import connect, quoted
from quipu.edition.home import Home
from tests import ledgers
from tests.portal.conftest import Reader

BOOKS = """
fund VALLEY "Valley fund"
    currency: USD
organization ORG1 "First organization"
project P1 "Springs of the upper valley"
    fund: VALLEY
    theme: water "Water"
    country: PE 100%
    sector: 14010 100%
    participant: ORG1
project P2 "Springs of the lower valley"
    fund: VALLEY
    theme: water "Water"
    country: PE 50%
    country: BO 50%
    sector: 14010 100%
project P3 "A school"
    fund: VALLEY
    country: BO 100%
"""
SECRET = "zzsecret"  # in every word that must not come out


def kept():
    """What stands in the books: of each kind something public and something that is not."""
    from quipu.books import models

    now = datetime(2025, 5, 1, tzinfo=UTC)
    words = {"project_id": "P1", "author": f"{SECRET}author", "made_at": now, "changed_at": now, "decided_at": now}
    lessons = (
        (
            "P1-l1",
            "lesson",
            "approved",
            {"en": "Ask the community first", "es": "Consultar primero a la comunidad"},
            "ORG1",
        ),
        ("P1-l2", "practice", "approved", {"en": "Keepers live beside the spring"}, None),
        ("P1-l3", "lesson", "submitted", {"en": f"{SECRET} draft"}, None),
        ("P1-l4", "lesson", "withdrawn", {"en": f"{SECRET} withdrawn"}, None),
    )
    for n, (code, kind, state, titles, body) in enumerate(lessons, 1):
        told = {"kind": kind, "state": state, "titles": titles, "organization_id": body, "year": 2024}
        models.Lesson.objects.create(code=code, number=n, comment=f"{SECRET} comment", **told, **words)
    for section in ("overview", "lessons-learned"):
        models.Section.objects.create(
            kind="project", code="P1", section=section, language="en", text=f"Prose: {section}", state="public", at=now
        )
    for n, is_public in enumerate((True, False), 1):
        said = "Mid-term evaluation" if is_public else f"{SECRET} audit"
        review = models.Review.objects.create(
            **{"code": f"P1-r{n}", "project_id": "P1", "number": n, "kind": "mid-term", "titles": {"en": said}},
            **{"on": "2024-06", "is_public": is_public},
        )
        word = "" if is_public else SECRET
        one = models.Recommendation.objects.create(
            code=f"{review.code}-1", review=review, number=1, texts={"en": f"{word} Meet more often"}
        )
        for answer, text in (("rejected", f"{SECRET} first answer"), ("partly", f"{word} Twice a year")):
            models.Response.objects.create(
                recommendation=one, answer=answer, texts={"en": text}, body="Lead agency", on=now.date(), by="x", at=now
            )
        models.Action.objects.create(
            **{"code": f"{one.code}-a1", "recommendation": one, "number": 1, "texts": {"en": f"{word} Call it"}},
            **{"state": "planned", "due": date(2025, 1, 31), "role": "secretariat"},
        )
        models.Risk.objects.create(
            **{"code": f"P1-k{n}", "project_id": "P1", "number": n, "kind": "risk", "likelihood": 3, "impact": 4},
            **{"texts": {"en": f"{word} The road closes"}, "state": "open", "reviewed_on": date(2025, 1, 1)},
            **{"is_public": is_public, "role": ""},
        )
    models.Narrative.objects.create(
        **{"code": "N-P1-2024-1", "project_id": "P1", "year": 2024, "state": "accepted", "author": "x"},
        **{"parts": {"hard": {"en": f"{SECRET} narrative"}}, "made_at": now, "changed_at": now},
    )


@pytest.fixture(scope="module")
def house(_books_template, tmp_path_factory):
    """Two editions: before anything was kept, and with all of it."""
    from quipu.books.public import Books

    ledger = ledgers.sqlite(_books_template, tmp_path_factory.mktemp("lessons") / "books")
    ledger.post(BOOKS)
    home = Home(ledger.home)
    home.prepare()
    make.publish(home, None, None, Books("mark"))
    kept()
    make.publish(home, None, None, Books("mark"))
    return home


@pytest.fixture
def reader(house):
    from django.test import Client, override_settings

    from quipu.portal.server import application

    application(house.root)
    with override_settings(HOME=house.root, DEMO=False):
        yield Reader(Client())


def listed(reader, query):
    return sorted(row["code"] for row in reader.rows(f"/lessons.csv{query}"))


def test_lessons_are_found_and_narrowed_down(reader):
    assert listed(reader, "") == ["P1-l1", "P1-l2"]
    narrowed = {
        "?kind=practice": ["P1-l2"],
        "?theme=water": ["P1-l1", "P1-l2"],
        "?country=BO": [],
        "?organization=ORG1": ["P1-l1"],
        "?q=CONSULTAR+comunidad": ["P1-l1"],  # in another of its languages
        "?q=consultar+spring": ["P1-l1"],  # of its programme
        "?kind=lesson&q=keepers": [],
    }
    assert {query: listed(reader, query) for query in narrowed} == narrowed
    assert "2 lessons and best practices" in reader.words("/lessons")
    assert 'lang="en"' in reader.text("/es/lessons")  # a lesson that has no Spanish


def test_a_lesson_says_whose_it_is_and_which_projects_are_like_its_own(reader):
    words = reader.words("/lesson/P1-l1")
    assert "Whose it is First organization" in words
    told = json.loads(reader.text("/lesson/P1-l1.json"))
    assert (told["titles"]["es"], told["organization_name"], told["theme"]) == (
        "Consultar primero a la comunidad",
        "First organization",
        ["water"],
    )
    # theme 1/1, sector 1/1, country 1/2, words springs and valley of springs, upper, lower, valley
    assert "Springs of the lower valley 75%" in words
    assert "theme: Water; sector: Water sector policy and administrative management; country: Peru" in words
    assert "A school" not in words
    assert reader.get("/lesson/P1-l3").status_code == 404


def test_a_factsheet_shows_lessons_once_and_what_came_of_a_review(reader):
    words = reader.words("/project/P1")
    assert words.count("Ask the community first") == 1
    assert "Prose: overview" in words
    assert "Prose: lessons-learned" not in words
    assert "Partly accepted Lead agency, 1 May 2025 Twice a year" in words
    assert "Planned overdue Call it" in words
    assert "The road closes likelihood: Medium; impact: High" in words


def test_search_and_the_feed_know_lessons(reader):
    assert "Keepers live beside the spring" in reader.words("/search?q=keepers")
    feed = reader.text("/lessons.atom")
    assert feed.count("<entry>") == 2
    assert "/lesson/P1-l1" in feed


def test_an_edition_from_before_has_none_and_opens(reader):
    assert "No programme has published a lesson here yet." in reader.words("/e/1/lessons")
    assert reader.get("/e/1/lesson/P1-l1").status_code == 404


def test_nothing_that_is_not_public_reaches_a_stranger(house, reader):
    engine = connect()
    for file in sorted(house.parts.glob("*.parquet")):
        rows = engine.execute(f"SELECT * FROM read_parquet({quoted(file)})").fetchall()
        assert SECRET not in str(rows), file
    for address in ("/lessons", "/lessons.json", "/lessons.csv", "/lessons.atom", "/project/P1", "/project/P1.json"):
        assert SECRET not in reader.text(address), address
    assert SECRET not in reader.words(f"/search?q={SECRET}").replace(f"value={SECRET}", "").partition("results")[2]


def test_what_is_withheld_takes_its_lessons_along(house, reader):
    from quipu.actions.take_down import take_down

    assert "Keepers live" in reader.text("/lesson/P1-l2")
    take_down(house, by="p1", kind="name", target={"words": "Keepers"}, reason="somebody is called so")
    assert "Keepers" not in reader.text("/lesson/P1-l2")
    assert "live beside the spring" in reader.text("/lesson/P1-l2")
    take_down(house, by="p1", kind="activity", target={"identifier": "P1"}, reason="it must not be here")
    assert reader.get("/lesson/P1-l1").status_code in (404, 410)
    assert "Ask the community first" not in reader.text("/lessons")
