"""Revolving funds in the one chain: sealed, replayed, refused where they must be, and seen by no figure of the fund."""

import pytest

from quipu.rules.findings import Refused
from tests.books.test_post import DECLARED, MONEY, sums

COMMUNITIES = """
community RF-1 P1 "Hilanderas de Quebrada Azul"
    district: "Quebrada Azul"
    opened: 2012-01-05
community RF-2 P1
    currency: PEN
loan RF-1/7 "seed potatoes"
loan RF-1/8
loan RF-2/7
"""
MOVED = """
2012-01-10 revolving RF-1 ^c1 "first contribution"
    capital 1,500.00
2012-02-01 revolving RF-1 ^l7
    lent 7 1,000.00 to 23 flat 2% month in 10 every 1 month from 2012-03-01 grace 0
2012-03-01 revolving RF-1 ^p1
    principal 7 100.00
    interest 7 20.00
2012-03-02 revolving RF-1 ^p2
    principal 7 50.00
2012-03-03 revolving RF-1 ^p2-back reverses ^p2 "entered on the wrong loan"
2012-03-04 revolving RF-1 ^k1 "a book and pencils"
    document: sha256-0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f
    cost 12.50
"""
LENT = "lent 8 100.00 to 4 declining 1% month in 2 every 1 month from 2012-05-01 grace 0"


def boxes(community="RF-1"):
    from quipu.books import revolving

    return revolving.written("community_id = %s", [community])


@pytest.fixture
def kept(sqlite_ledger):
    """Books with a community fund that lent, was paid and took something back."""
    sqlite_ledger.post(DECLARED + MONEY + COMMUNITIES + MOVED)
    return sqlite_ledger


def rehearsed(ledger, said):
    """The rules that would refuse one posting of RF-1 at the desk."""
    from quipu.books import post

    with post.rehearsing():
        answer = ledger.post(f"{said[:10]} revolving RF-1 ^new{said[10:]}\n")
    return [finding.rule for finding in answer.findings]


def test_what_moves_in_a_box_is_posted_once_and_no_figure_of_the_fund_sees_it(ledger):
    before = ledger.post(DECLARED + MONEY).receipts[-1]
    stood = sums()
    first = ledger.post(COMMUNITIES + MOVED)
    again = ledger.post(COMMUNITIES + MOVED)
    assert [receipt.position for receipt in first.receipts] == list(range(before.position + 1, before.position + 7))
    assert not any(receipt.is_new for receipt in again.receipts)
    assert first.findings == again.findings == []
    assert sums() == stood
    assert [(row.what, row.amount) for row in boxes()] == [
        *(("capital", 150_000), ("lent", 100_000), ("principal", 10_000), ("interest", 2_000), ("principal", 5_000)),
        *(("principal", -5_000), ("cost", 1_250)),
    ]


def test_they_take_no_voucher_number_and_are_no_event(ledger):
    from quipu.books import models

    ledger.post(DECLARED + COMMUNITIES + MOVED + MONEY)
    links = models.Posting.objects.order_by("position")
    assert list(links.values_list("number", flat=True)) == [None] * 6 + [1, 2, 3]
    assert not models.Event.objects.exists()
    assert not models.Participation.objects.filter(project="P1").exclude(organization="FAO").exists()


def test_the_chain_is_replayed_with_them_and_an_export_gives_the_same_head(ledger, request, tmp_path):
    from quipu.books import post, verify, words
    from quipu.rules.journal import write
    from tests import ledgers

    ledger.post(DECLARED + COMMUNITIES + MOVED + MONEY)
    verdict = verify.verify()
    assert verdict.faults == []
    assert verdict.head == verdict.replayed_head != ""
    text, rows = write(words.journal()), boxes()
    other = ledgers.sqlite(request.getfixturevalue("_books_template"), tmp_path / "other")
    other.post(text)
    assert post.head().hash == verdict.head
    assert boxes() == rows
    assert write(words.journal()) == text


def test_a_changed_row_is_told_by_verify(kept):
    from quipu.books import models, verify
    from quipu.books.seals import Seal

    books = kept.connect()
    for seal in models.RevolvingEntry._meta.constraints:
        if isinstance(seal, Seal):
            for door in seal.doors("sqlite"):
                books.execute(f"DROP TRIGGER {seal.trigger(door)}")
    books.execute("UPDATE books_revolvingentry SET amount = amount + 1 WHERE what = 'interest'")
    books.close()
    faults = verify.verify(replay=False).faults
    assert any("does not say what was sealed" in fault and "^p1" in fault for fault in faults)


def test_words_of_a_community_may_be_amended_and_what_entries_rest_on_may_not(kept):
    kept.post('community RF-1 P1 "Hilanderas unidas"\n')
    from quipu.books import models

    assert models.Community.objects.get(code="RF-1").title == "Hilanderas unidas"
    assert models.Community.objects.get(code="RF-1").currency == "USD"
    with pytest.raises(Refused, match="as the ledger has it"):
        kept.post("community RF-1 DC\n")
    with pytest.raises(Refused, match="as the ledger has it"):
        kept.post("community RF-1 P1\n    currency: PEN\n")


FAULTS = [
    ("2012-04-01 revolving RF-9 ^n\n    capital 1.00", "a declared community fund, found RF-9"),
    ("2012-04-01 revolving RF-2 ^n\n    principal 9 1.00", "a declared loan, found RF-2/9"),
    ("2012-04-01 revolving RF-1 ^n", "a line under it, or what it reverses"),
    ("2012-04-01 revolving RF-1 ^n\n    capital 0.00", "an amount above 0"),
    ("2012-04-01 revolving RF-1 ^n\n    capital 1.001", "an amount with at most 2 decimals"),
    ("2012-04-01 revolving RF-1 ^n\n    capital 7 1.00", "found 1.00"),
    ("2012-04-01 revolving RF-1 ^n\n    lent 8 1.00", "terms as to MEMBER"),
    ("2012-04-01 revolving RF-1 ^n reverses ^none", "a key that was posted before"),
    ("2012-04-01 revolving RF-1 ^n reverses ^D", "the key of what moved in RF-1"),
    ("2012-04-01 revolving RF-2 ^n reverses ^p1", "the key of what moved in RF-2"),
    ("2012-04-01 revolving RF-1 ^n reverses ^p2", "a key that is not reversed yet"),
    ("2012-04-01 revolving RF-1 ^n reverses ^p2-back", "a key that reverses nothing itself"),
    ("2012-04-01 revolving RF-1 ^n reverses ^p1\n    cost 1.00", "no line under a reversal"),
    ("2012-04-01 reversal ^n reverses ^p1", "the key of a voucher"),
    ("loan RF-1 ", "community fund and number as FUND/7"),
    ("loan RF-9/1 ", "a declared community fund, found RF-9"),
    ("community RF-3 P9 ", "a declared project, found P9"),
]


def test_what_no_chain_can_hold_is_a_fault_of_the_journal(kept):
    rows = boxes()
    for text, expected in FAULTS:
        with pytest.raises(Refused) as refusal:
            kept.post(text + "\n")
        assert expected in str(refusal.value.findings[0])
    assert boxes() == rows


SIDES = [
    # 1,500 came in, 1,000 was lent, 120 was paid, 50 came and went, 12.50 was spent: 607.50 is in the box
    ("2012-03-04\n    cost 607.50", []),
    ("2012-03-04\n    cost 607.51", ["box-below-zero"]),
    ("2012-01-31\n    cost 500.00", []),
    ("2012-01-31\n    cost 500.01", ["box-below-zero"]),  # enough on that day, too little when the loan is given
    (f"2012-04-01\n    {LENT}", []),
    (f"2012-05-01\n    {LENT}", ["loan-first-day"]),
    (f"2012-04-30\n    {LENT}", []),
    (f"2012-04-01\n    {LENT.replace('lent 8', 'lent 7')}", ["loan-lent-twice"]),
    ("2012-04-01\n    principal 8 1.00", ["loan-not-lent"]),
    ("2012-01-31\n    principal 7 1.00", ["loan-not-lent"]),
    ("2012-02-01\n    principal 7 1.00", []),
    ("2012-04-01\n    principal 7 900.00", []),
    ("2012-04-01\n    principal 7 900.01", ["payment-above-owed"]),
    ("2012-04-01\n    interest 7 20.00", []),
    ("2012-04-01\n    interest 7 20.01", ["payment-above-owed"]),
    ("2012-02-15\n    interest 7 20.00", ["payment-above-owed"]),  # it was paid a fortnight later
    ("2012-02-15\n    principal 7 900.00", []),
    ("2012-02-15\n    principal 7 900.01", ["payment-above-owed"]),  # and so was this
    ('2012-04-01 "moved away"\n    write-off 7 900.00', []),
    ('2012-04-01 "moved away"\n    write-off 7 899.00', ["write-off-not-whole"]),
    ("2012-04-01\n    write-off 7 900.00", ["box-without-reason"]),
    ('2012-04-01 reverses ^p1 "twice"', []),
    ("2012-04-01 reverses ^p1", ["box-without-reason"]),
    ('2012-04-01 reverses ^l7 "never paid out"', ["loan-moved-since"]),
    ('2012-04-01 reverses ^c1 "never arrived"', ["box-below-zero"]),
    ('2012-04-01 reverses ^k1 "never bought"', []),
]


def test_each_refusal_at_the_desk_has_its_other_side(kept):
    rows = boxes()
    assert [(said, rehearsed(kept, said)) for said, _ in SIDES] == SIDES
    assert boxes() == rows


def test_a_journal_tells_what_happened_and_the_finding_stays_beside_it(kept):
    answer = kept.post("2012-04-01 revolving RF-1 ^n\n    cost 5,000.00\n")
    assert [finding.rule for finding in answer.findings] == ["box-below-zero"]
    assert boxes()[-1].amount == 500_000


def test_a_loan_that_was_taken_back_can_be_lent_again_after_its_payments(kept):
    kept.post('2012-04-01 revolving RF-1 ^b1 reverses ^p1 "wrong member"\n', strict=True)
    kept.post('2012-04-01 revolving RF-1 ^b2 reverses ^l7 "wrong member"\n', strict=True)
    again = LENT.replace("lent 8", "lent 7")
    kept.post(f"2012-04-01 revolving RF-1 ^l7b\n    {again}\n", strict=True)
    from datetime import date

    from quipu.rules import boxes as box

    standing = box.accounts(boxes())["RF-1/7"].on(date(2012, 4, 1))
    assert (standing.principal, standing.outstanding) == (10_000, 10_000)


def test_two_payments_in_one_journal_are_judged_one_after_the_other(kept):
    one = "2012-04-01 revolving RF-1 ^{}\n    principal 7 450.00\n"
    assert kept.refusals(one.format("x") + one.format("y")) == []
    assert kept.refusals(one.format("z").replace("450.00", "0.01")) == ["payment-above-owed"]


def test_a_key_with_another_amount_is_refused(kept):
    with pytest.raises(Refused, match="with other content"):
        kept.post(MOVED.replace("50.00", "51.00"))
