"""Revolving funds at the desk: a group's cashbook from its capital to a collection day, and what is refused beside its field."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.cast import Cast
from tests.desk.test_programs import send
from tests.desk.test_tokens import get, make

EDITOR, AUDITOR = "programme editor", "auditor"
BOX = """
community P1-01 P1 "Spinners"
    district: "Blue Ravine"
loan P1-01/1 "wool"
2024-03-01 revolving P1-01 ^c1 "first contribution"
    capital 900.00
2024-03-02 revolving P1-01 ^l1
    lent 1 500.00 to 4 flat 2% month in 5 every 1 month from 2024-04-02 grace 0
"""
PAGE = "/desk/revolving/fund/P1-01"
TERMS = {
    **{"member": "9", "method": "declining", "rate": "2", "per": "month", "instalments": "3", "every": "1"},
    **{"unit": "month", "first": "2024-06-01", "grace": "0", "purpose": "a loom", "note": ""},
}


def words(answer):
    return " ".join(answer.content.decode().split())


def rows():
    from quipu.books import revolving

    return [(row.what, row.amount) for row in revolving.written("community_id = %s", ["P1-01"])]


@pytest.fixture
def box(cast: Cast):
    """A house in which the spinners have lent once."""
    cast.ledger.post(BOX)
    return cast


@pytest.fixture
def box_anywhere(cast_anywhere: Cast):
    """The same on either engine."""
    cast_anywhere.ledger.post(BOX)
    return cast_anywhere


def test_a_group_opens_its_box_lends_and_collects_and_its_cashbook_says_so(cast_anywhere):
    editor = cast_anywhere.client(EDITOR)
    made = editor.post("/desk/revolving/programme/P1/new", {"title": "Spinners", "district": "", "currency": "PEN"})
    assert made.headers["Location"].endswith(PAGE)
    editor.post(f"{PAGE}/capital", {"amount": "900", "on": "2024-03-01", "key": "k1", "note": "from the programme"})
    loan = {**TERMS, "amount": "300", "on": "2024-05-01", "key": "k2"}
    shown = editor.post(f"{PAGE}/lend", loan)
    assert "104.03" in words(shown)  # the equal instalment
    assert len(rows()) == 1
    editor.post(f"{PAGE}/lend", {**loan, "confirm": "1"})
    editor.post(f"{PAGE}/lend", {**loan, "confirm": "1"})  # a double click
    assert rows() == [("capital", 90_000), ("lent", 30_000)]
    paid = {"loan-1": "104.03", "on": "2024-06-01", "key": "k3", "note": ""}
    looked = words(editor.post(f"{PAGE}/collect", paid))
    assert "98.03" in looked
    assert "6.00" in looked
    for _ in range(2):
        editor.post(f"{PAGE}/collect", {**paid, "confirm": "1"})
    assert rows()[2:] == [("principal", 9_803), ("interest", 600)]
    book = words(cast_anywhere.client(AUDITOR).get(f"{PAGE}/cashbook"))
    for said in ("from the programme", "Lent, loan 1, member 9", "704.03", "Treasurer"):
        assert said in book, said
    pdf = cast_anywhere.client(AUDITOR).get(f"{PAGE}/cashbook?format=pdf")
    assert pdf.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("page", "sent", "said"),
    [
        ("cost", {"amount": "400.01"}, "not that much in the box"),
        ("capital", {"amount": "1", "on": "2999-01-01"}, "has not come yet"),
        ("loan/1/pay", {"amount": "520.01", "confirm": "1"}, "More would be paid than is owed"),
        ("loan/1/pay", {"amount": "1", "on": "2024-03-01"}, "was not lent by that day"),
        ("loan/1/write-off", {"note": ""}, "required"),
        ("take-back/l1", {"note": ""}, "required"),
        ("lend", {**TERMS, "amount": "400.01"}, "not that much in the box"),
        ("lend", {**TERMS, "amount": "1", "grace": "3"}, "No loan can be kept under this"),
        ("lend", {**TERMS, "amount": "1", "first": "2024-04-02"}, "falls due after the day of the loan"),
    ],
)
def test_what_is_refused_stands_beside_its_field_and_nothing_is_posted(box, page, sent, said):
    before = rows()
    told = {"on": "2024-04-02", "key": "k", "note": "why", **sent}
    answer = box.client(EDITOR).post(f"{PAGE}/{page}", told)
    assert answer.status_code == 422
    assert said in words(answer)
    assert rows() == before


def test_the_other_side_of_each_of_those_is_posted(box):
    editor = box.client(EDITOR)
    told = {"on": "2024-04-02", "note": "why"}
    for page, sent in (
        ("cost", {"amount": "100.00"}),
        ("loan/1/pay", {"amount": "510.00", "confirm": "1"}),
        ("take-back/k1-1", {}),
        ("loan/1/write-off", {}),
    ):
        key = {"loan/1/pay": "k1"}.get(page, page.replace("/", "-"))
        assert editor.post(f"{PAGE}/{page}", {**told, **sent, "key": key}).status_code == 302, page
    assert rows()[2:] == [
        *(("cost", 10_000), ("principal", 50_000), ("interest", 1_000)),
        *(("principal", -50_000), ("interest", -1_000), ("write_off", 50_000)),
    ]


def test_how_a_payment_is_split_is_told_while_it_is_typed_and_posts_nothing(box):
    editor = box.client(EDITOR)
    told = words(editor.post(f"{PAGE}/loan/1/split", {"amount": "60", "on": "2024-04-02", "key": "k"}))
    assert "10.00" in told
    assert "50.00" in told
    assert "More would be paid" in words(
        editor.post(f"{PAGE}/loan/1/split", {"amount": "999", "on": "2024-04-02", "key": "k"})
    )
    assert len(rows()) == 2


def test_a_payment_that_is_sent_again_stands_once_though_the_split_would_be_another_one(box):
    from quipu.actions.revolving import moving
    from quipu.actions.saying import Paper
    from quipu.books import models
    from quipu.rules.findings import Refused

    fund = models.Community.objects.get(code="P1-01")
    paper = Paper(by="somebody", key="day", on=date(2024, 4, 2))
    first = moving.pay(paper=paper, community=fund, amounts={1: Decimal("15.00")})
    again = moving.pay(paper=paper, community=fund, amounts={1: Decimal("15.00")})
    assert [one.is_new for one in (*first.receipts, *again.receipts)] == [True, False]
    assert rows()[2:] == [("principal", 500), ("interest", 1_000)]
    with pytest.raises(Refused, match="other content"):
        moving.pay(paper=paper, community=fund, amounts={1: Decimal("16.00")})


def test_a_collection_day_is_posted_whole_or_not_at_all(box_anywhere):
    from quipu.actions.revolving import moving
    from quipu.actions.saying import Paper
    from quipu.books import models
    from quipu.rules.findings import Refused

    box_anywhere.ledger.post(
        "loan P1-01/2\n2024-03-03 revolving P1-01 ^l2\n"
        "    lent 2 100.00 to 5 flat 2% month in 5 every 1 month from 2024-04-03 grace 0\n"
    )
    fund = models.Community.objects.get(code="P1-01")
    paper = Paper(by="somebody", key="day", on=date(2024, 4, 3))
    with pytest.raises(Refused) as no:
        moving.pay(paper=paper, community=fund, amounts={1: Decimal(10), 2: Decimal(500)})
    assert [(one.rule, one.place) for one in no.value.findings] == [("payment-above-owed", "loan-2")]
    assert len(rows()) == 3
    moving.pay(paper=paper, community=fund, amounts={1: Decimal(10), 2: Decimal(22)})
    assert len(rows()) == 6


def test_what_is_taken_back_stays_in_the_cashbook_and_the_loan_stands_as_before(box):
    editor = box.client(EDITOR)
    paid = {"amount": "60", "on": "2024-04-02", "key": "k1", "note": "", "confirm": "1"}
    editor.post(f"{PAGE}/loan/1/pay", paid)
    editor.post(f"{PAGE}/take-back/k1-1", {"on": "2024-04-03", "note": "another member paid", "key": "k2"})
    page = words(editor.get(PAGE))
    assert "Taken back: Paid back, loan 1" in page
    assert "another member paid" in page
    assert "Take back" not in page.split("Taken back: Interest")[1].split("</tr>")[0].replace("Taken back", "")
    assert editor.get(f"{PAGE}/take-back/none").status_code == 404


def test_the_same_questions_are_asked_of_one_fund_and_of_twenty(box):
    editor = box.client(EDITOR)

    def asked(path):
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert editor.get(path).status_code == 200
        return len(found)

    paths = ("/desk/revolving", "/desk/revolving/programme/P1", PAGE, f"{PAGE}/collect", f"{PAGE}/cashbook")
    for path in paths:  # what a process asks once is no question of a page
        asked(path)
    before = [asked(path) for path in paths]
    box.ledger.post("".join(BOX.replace("P1-01", f"P1-{n:02}").replace("^", f"^n{n}") for n in range(2, 22)))
    more = "".join(f"loan P1-01/{n}\n" for n in range(2, 20)) + "".join(
        f'2024-03-0{n % 5 + 3} revolving P1-01 ^x{n} "note"\n'
        f"    lent {n} 10.00 to 4 flat 2% month in 5 every 1 month from 2024-04-12 grace 0\n"
        for n in range(2, 20)
    )
    box.ledger.post(more)
    assert [asked(path) for path in paths] == before


def test_whoever_keeps_another_programme_sees_and_keeps_nothing_here(box):
    other = box.person(EDITOR, project_id="C1")
    browser = box.client(person=other)
    assert "Spinners" not in words(browser.get("/desk/revolving"))
    for page in (PAGE, f"{PAGE}/cashbook", f"{PAGE}/loan/1", f"{PAGE}/lend", "/desk/revolving/programme/P1"):
        assert browser.get(page).status_code == 403, page
    assert browser.post(f"{PAGE}/cost", {"amount": "1", "on": "2024-04-02", "key": "k"}).status_code == 403
    assert len(rows()) == 2


def test_a_program_does_the_same_under_the_same_rules(box, monkeypatch):
    monkeypatch.setattr("quipu.desk.api.access.is_mfa_enabled", lambda person: True)
    word = make(box.people[EDITOR], "read revolving", "keep revolving")
    path = "/revolving/funds/P1-01"
    paid = {"key": "k", "on": "2024-04-02", "payments": [{"loan": 1, "amount": "110.00"}]}
    tried = send(word, f"{path}/payments", {**paid, "only_check": True})
    assert (tried.status_code, tried.json()["positions"], len(rows())) == (200, [], 2)
    first, again = send(word, f"{path}/payments", paid).json(), send(word, f"{path}/payments", paid).json()
    assert (first["is_new"], again["is_new"], first["positions"] == again["positions"]) == (True, False, True)
    no = send(word, f"{path}/cost", {"key": "c", "on": "2024-04-02", "amount": "9999"})
    assert (no.status_code, no.json()["findings"][0]["rule"]) == (422, "box-below-zero")
    (loan,) = get(word, f"/desk/api{path}/loans").json()
    assert (loan["outstanding"], loan["due"], loan["schedule"][0]["is_covered"]) == (
        "400.00",
        "440.00",
        True,
    )  # four instalments fell due since
    told = get(word, f"/desk/api{path}").json()
    assert told["figures"]["cash"] == "510.00"
    assert json.dumps(get(word, f"/desk/api{path}/cashbook").json()).count('"left"') == 4
