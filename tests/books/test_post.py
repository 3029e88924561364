"""Posting: whole or not at all, once under its key, in one chain."""

import pytest

from quipu.rules.findings import Refused

DECLARED = """
fund F1 "Rivers Fund"
fund F2 "Forest Fund"
contributor CL "Chile"
organization FAO "Food and Agriculture Organization"
organization WFP
project P1 "Clean water"
    fund: F1
project DC "Secretariat"
    fund: F1
    kind: direct-cost
agreement AG F1 CL
    amount: 10,000.00 USD
mou F1 FAO
    indirect-cost: 7%
"""
MONEY = """
2012-01-10 deposit ^D
    deposit F1 < CL 10,000.00 under AG
    agent-fee F1 100.00
2012-02-01 allocation ^A "Decision 1"
    allocation F1 > P1/FAO 6,000.00
2012-03-01 transfer ^T
    transfer F1 > P1/FAO 5,000.00
"""


def sums(fund="F1", **options):
    from quipu.books import totals

    return {name: int(amount * 100) for name, amount in totals.of_fund(fund, **options).items()}


def test_a_journal_is_posted_once_however_often_it_is_loaded(ledger):
    first = ledger.post(DECLARED + MONEY)
    again = ledger.post(DECLARED + MONEY)
    assert [receipt.is_new for receipt in first.receipts] == [True, True, True]
    assert [receipt.is_new for receipt in again.receipts] == [False, False, False]
    assert [r.position for r in again.receipts] == [r.position for r in first.receipts] == [1, 2, 3]
    assert sums() == {"deposit": 1_000_000, "agent_fee": 10_000, "transfer": 500_000}


def test_a_key_with_other_content_is_refused_and_nothing_of_the_file_is_posted(ledger):
    ledger.post(DECLARED + MONEY)
    changed = MONEY.replace("5,000.00", "5,001.00").replace("^A", "^A2")
    with pytest.raises(Refused, match="what \\^T says in the ledger"):
        ledger.post(changed)
    assert sums() == {"deposit": 1_000_000, "agent_fee": 10_000, "transfer": 500_000}


def test_other_words_under_a_key_are_other_content_until_they_are_redacted(ledger):
    from quipu.books import models

    ledger.post(DECLARED + MONEY)
    with pytest.raises(Refused):
        ledger.post(MONEY.replace("Decision 1", "Decision 2"))
    models.Memo.objects.filter(posting__key="A").delete()
    assert not ledger.post(MONEY).receipts[1].is_new


def test_a_transfer_between_funds_is_posted_on_both_sides_at_once(ledger):
    ledger.post(DECLARED + MONEY + "2012-04-01 fund-transfer ^FT\n    fund-transfer F1 > F2 300.00\n")
    assert sums("F1")["fund_transfer"] == 30_000
    assert sums("F2") == {"fund_receipt": 30_000}


def test_a_reversal_takes_back_both_sides_on_its_own_day(ledger):
    from datetime import date

    ledger.post(DECLARED + MONEY + "2012-04-01 fund-transfer ^FT\n    fund-transfer F1 > F2 300.00\n")
    before = sums("F1"), sums("F2")
    ledger.post('2012-05-01 reversal ^R reverses ^FT "wrong fund"\n')
    assert sums("F1")["fund_transfer"] == sums("F2")["fund_receipt"] == 0
    as_of = date(2012, 4, 30)
    assert (sums("F1", until=as_of), sums("F2", until=as_of)) == before


def test_a_certified_return_replaces_the_interim_one_on_its_day(ledger):
    from datetime import date

    ledger.post(DECLARED + MONEY)
    ledger.post("2012-12-31 return ^I\n    expenditure P1/FAO travel interim 900.00\n")
    ledger.post("2013-04-28 return ^C replaces ^I\n    expenditure P1/FAO travel certified 850.00 year 2012\n")
    assert sums(until=date(2012, 12, 31))["expenditure"] == 85_000
    assert sums(until=date(2012, 12, 31), known=4)["expenditure"] == 90_000
    assert "expenditure" not in sums(until=date(2012, 12, 30))


def test_what_a_direct_cost_project_spends_is_told_apart(ledger):
    ledger.post(DECLARED + MONEY + "2012-06-01 charges ^C\n    direct-cost F1 > DC/FAO 200.00\n")
    ledger.post("2012-12-31 return ^S\n    expenditure DC/FAO staff certified 150.00\n")
    assert sums()["direct_cost_expenditure"] == 15_000
    assert "expenditure" not in sums()


def test_a_transfer_between_funds_of_two_currencies_says_what_arrives(ledger):
    ledger.post(DECLARED + MONEY + "fund F3\n    currency: JPY\n")
    with pytest.raises(Refused, match="the amount in JPY"):
        ledger.post("2012-04-01 fund-transfer ^FT\n    fund-transfer F1 > F3 300.00\n")
    ledger.post("2012-04-01 fund-transfer ^FT\n    fund-transfer F1 > F3 300.00 (24,000 JPY @ 80)\n")
    from quipu.books import totals

    assert totals.of_fund("F3") == {"fund_receipt": 24_000}


def test_the_chain_says_who_recorded_what_when_and_holds(ledger):
    from quipu.books import verify

    ledger.post(DECLARED + MONEY)
    verdict = verify.verify()
    assert verdict.faults == []
    assert (verdict.links, verdict.entries) == (3, 4)
    assert verdict.head == verdict.replayed_head != ""


def test_a_transfer_between_currencies_says_what_arrives_and_one_to_nowhere_is_only_told_that(ledger):
    ledger.post("fund F8\nfund F9\n    currency: EUR\n")
    transfer = "2013-06-01 fund-transfer ^NOWHERE\n    fund-transfer F8 > {} 10.00\n"
    (two_currencies,) = ledger.refusals(transfer.format("F9"))
    assert "expected the amount in EUR, in parentheses, found an amount in USD alone" in two_currencies
    (nowhere,) = ledger.refusals(transfer.format("?"))
    assert "expected a fund, found ?" in nowhere
