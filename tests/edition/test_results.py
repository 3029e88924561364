"""Results of the desk in an edition: rows that tell a framework whole, and nothing that is not approved and public."""

import pytest

from quipu.edition import make, pages
from quipu.edition.home import Home
from quipu.edition.open import Editions
from tests.desk.cast import HOUSE
from tests.desk.resulting import approved, framed


@pytest.fixture
def home(sqlite_ledger):
    sqlite_ledger.post(HOUSE)
    found = Home(sqlite_ledger.home)
    found.prepare()
    return found


def published(home):
    from quipu.books.public import Books

    make.publish(home, None, None, Books("mark"))
    return Editions(home).current()


def record_of(edition, identifier="P1"):
    return pages.page(edition, pages.find(edition, identifier)[0][0])


def test_a_framework_is_told_whole(home):
    made = framed("w")
    approved("w", "a", made["trained"], "80", cells={"sex": {"women": "45", "men": "35"}}, link="https://example.org/r")
    told = record_of(published(home))["results"]
    print(told)
    assert [(one["kind"], one["code"], one["parent"]) for one in told["aims"]] == [
        ("outcome", "P1-o1", ""),
        ("output", "P1-o1-1", "P1-o1"),
    ]
    assert told["observations"][0]["value"] == "80"
