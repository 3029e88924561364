"""Each verb of money: what it posts, and what its rules refuse at the desk with what to do."""

from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest

from quipu.rules.findings import Refused

DECLARED = """
fund F1 "Rivers Fund"
    currency: USD
    minimum-balance: 100.00
fund F2 "Forest Fund"
    agent-fee: 0.5%
contributor CL "Chile"
organization FAO
organization WFP
project P1 "Clean water"
    fund: F1
project DC "Secretariat"
    fund: F1
    kind: direct-cost
agreement AG F1 CL
agreement FREE F1 CL
    agent-fee: none
mou F1 FAO
"""
DAY = date(2012, 3, 1)


class Desk:
    """The verbs as people at the desk use them, each voucher under a new key."""

    def __init__(self):
        self.count = 0

    def paper(self, key="", **words):
        from quipu.actions.saying import Paper

        self.count += 1
        given = {"by": "ana", "approved_by": "ben", "on": DAY, "title": "Decision 1", **words}
        return Paper(key=key or f"K{self.count}", **given)

    def __getattr__(self, verb):
        act = getattr(import_module(f"quipu.actions.{verb}"), verb)

        def do(*, paper=None, **words):
            return act(paper=paper or self.paper(), **words)

        return do

    def money(self, amount, *original):
        from quipu.actions.saying import Money

        return Money(None if amount is None else Decimal(amount), *original)

    def whole(self):
        """10,000 deposited, 6,000 allocated, 5,000 transferred."""
        self.record_deposit(fund="F1", contributor="CL", agreement="AG", money=self.money("10000"))
        self.approve_allocation(fund="F1", project="P1", organization="FAO", money=self.money("6000"))
        self.issue_transfer(fund="F1", project="P1", organization="FAO", money=self.money("5000"))


@pytest.fixture
def desk(sqlite_ledger):
    sqlite_ledger.post(DECLARED)
    return Desk()


P1 = {"project": "P1", "organization": "FAO"}


def sums(fund="F1", **options):
    from quipu.books import totals

    return {name: str(amount) for name, amount in totals.of_fund(fund, **options).items()}


def of_participation(movement, project="P1"):
    from quipu.books import models

    return sum(models.Entry.objects.filter(project=project, movement=movement).values_list("amount", flat=True)) / 100


def refused(act, **words):
    """The rules that refused, and that nothing was posted."""
    from quipu.books.post import head

    before = head()
    with pytest.raises(Refused) as refusal:
        act(**words)
    assert head() == before
    assert all(str(finding) for finding in refusal.value.findings)
    return [finding.rule for finding in refusal.value.findings]


def test_a_deposit_bears_the_agents_fee_by_the_funds_rule(desk):
    desk.record_deposit(fund="F1", contributor="CL", money=desk.money("28460478.00"))
    assert sums() == {"deposit": "28460478.00", "agent_fee": "284604.78"}


def test_a_deposit_bears_another_funds_own_rate_rounded_to_the_cent(desk):
    desk.record_deposit(fund="F2", contributor="CL", money=desk.money("100.99"))
    assert sums("F2") == {"deposit": "100.99", "agent_fee": "0.50"}


def test_an_agreement_may_say_that_there_is_no_fee(desk):
    desk.record_deposit(fund="F1", contributor="CL", agreement="FREE", money=desk.money("500"))
    assert sums() == {"deposit": "500.00"}


def test_money_without_a_known_contributor_waits_to_be_identified(desk):
    desk.record_deposit(fund="F1", contributor="", money=desk.money("500"))
    assert sums()["deposit"] == "500.00"


def test_money_of_another_currency_keeps_both_amounts_and_the_stated_rate(desk):
    from quipu.books import models

    foreign = desk.money("1000", Decimal(6780), "SEK", Decimal("6.78"))
    desk.record_deposit(fund="F1", contributor="CL", money=foreign)
    entry = models.Entry.objects.get(movement="deposit")
    assert (entry.amount, entry.original_amount, entry.original_currency, entry.rate) == (
        100_000,
        678_000,
        "SEK",
        "6.78",
    )


def test_a_currency_without_its_amount_in_the_funds_own_is_refused(desk):
    foreign = desk.money(None, Decimal(6780), "SEK")
    assert refused(desk.record_deposit, fund="F1", contributor="CL", money=foreign) == ["currency-without-base"]


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_an_amount_that_is_not_above_zero_is_refused(desk, amount):
    desk.whole()
    assert refused(desk.record_refund, fund="F1", **P1, money=desk.money(amount)) == ["amount-not-positive"]


def test_a_commitment_is_signed_and_changed_with_a_reason(desk):
    words = {"fund": "F1", "contributor": "CL", "agreement": "AG"}
    desk.sign_commitment(**words, money=desk.money("5000"))
    desk.record_pledge(fund="F1", contributor="CL", money=desk.money("9000"))
    desk.change_commitment(**words, money=desk.money("-250"), reason="amendment")
    from quipu.books import totals
    from quipu.rules.asking import BOOKS_DIMENSIONS, question

    answer = totals.ask(question(["commitments", "pledges"], ["contributor"], dimensions=BOOKS_DIMENSIONS))
    assert [[cell.value for cell in row] for row in answer.rows] == [
        ["CL", "USD", Decimal("4750.00"), Decimal("9000.00")]
    ]
    assert refused(desk.change_commitment, **words, money=desk.money("1"), reason="") == ["correction-without-reason"]


def test_a_transfer_may_use_all_that_was_allocated_and_not_a_cent_more(desk):
    desk.whole()
    assert refused(desk.issue_transfer, fund="F1", **P1, money=desk.money("1000.01")) == ["transfer-above-allocation"]
    desk.issue_transfer(fund="F1", **P1, money=desk.money("1000"))
    assert sums()["transfer"] == "6000.00"


def test_a_transfer_may_use_all_the_cash_the_agent_holds_and_not_a_cent_more(desk):
    desk.record_deposit(fund="F1", contributor="CL", agreement="FREE", money=desk.money("1000"))
    desk.approve_allocation(fund="F1", **P1, money=desk.money("900"))
    desk.charge_cost(fund="F1", cost="bank_charge", money=desk.money("500"))
    assert refused(desk.issue_transfer, fund="F1", **P1, money=desk.money("500.01")) == ["transfer-above-cash"]
    desk.issue_transfer(fund="F1", **P1, money=desk.money("500"))


def test_a_transfer_needs_a_signed_mou(desk):
    desk.whole()
    desk.approve_allocation(fund="F1", project="P1", organization="WFP", money=desk.money("100"))
    words = {"fund": "F1", "project": "P1", "organization": "WFP", "money": desk.money("100")}
    assert refused(desk.issue_transfer, **words) == ["transfer-without-mou"]


def test_a_transfer_needs_a_decision(desk):
    desk.record_deposit(fund="F1", contributor="CL", money=desk.money("1000"))
    assert refused(desk.issue_transfer, fund="F1", **P1, money=desk.money("1")) == ["transfer-without-decision"]


def test_an_allocation_needs_its_decision_in_words_or_as_a_document(desk):
    desk.record_deposit(fund="F1", contributor="CL", money=desk.money("1000"))
    words = {"fund": "F1", **P1, "money": desk.money("10")}
    assert refused(desk.approve_allocation, paper=desk.paper(title=""), **words) == ["allocation-without-decision"]
    desk.approve_allocation(paper=desk.paper(title="", documents=(("0f" * 32, "minutes"),)), **words)


def test_an_allocation_may_use_what_is_available_above_the_minimum_balance_and_not_a_cent_more(desk):
    desk.whole()  # 9,900 with the agent less 5,000 paid, 1,000 promised and 100 kept: 3,800 available
    words = {"fund": "F1", "project": "P1", "organization": "WFP"}
    assert refused(desk.approve_allocation, **words, money=desk.money("3800.01")) == ["allocation-above-available"]
    desk.approve_allocation(**words, money=desk.money("3800"))


def test_a_fund_may_allow_allocations_above_what_is_available(desk, sqlite_ledger):
    sqlite_ledger.post("fund F3\n    allocation-above-available: allow\nproject P3\n    fund: F3\n")
    desk.approve_allocation(fund="F3", project="P3", organization="FAO", money=desk.money("1"))


def test_what_a_closed_participation_did_not_use_is_available_again(desk):
    desk.whole()
    desk.record_expenditure(**P1, year=2012, standing="certified", amounts={"staff": Decimal(5000)})
    desk.change_status(code="P1", organization="FAO", status="financially-closed")
    words = {"fund": "F1", "project": "P1", "organization": "WFP"}
    assert refused(desk.approve_allocation, **words, money=desk.money("4800.01")) == ["allocation-above-available"]
    desk.approve_allocation(**words, money=desk.money("4800"))


def test_nothing_is_posted_into_a_closed_year_until_the_agent_reopens_it(desk):
    desk.whole()
    desk.close_year(fund="F1", year=2012)
    interest = {"fund": "F1", "money": desk.money("3")}
    assert refused(desk.record_interest, **interest) == ["year-closed"]
    desk.record_interest(paper=desk.paper(on=date(2013, 1, 1)), **interest)
    assert refused(desk.reopen_year, paper=desk.paper(title=""), fund="F1", year=2012) == ["correction-without-reason"]
    desk.reopen_year(fund="F1", year=2012)
    desk.record_interest(**interest)


def test_a_closed_year_of_one_fund_is_open_in_another(desk):
    desk.close_year(fund="F2", year=2012)
    desk.whole()


@pytest.mark.parametrize("closed", [{"code": "P1", "organization": "FAO"}, {"code": "P1"}, {"code": "F1"}])
def test_after_financial_closure_only_refunds_and_interest_arrive(desk, closed):
    desk.whole()
    desk.change_status(**closed, status="financially-closed")
    assert "participation-closed" in refused(desk.issue_transfer, fund="F1", **P1, money=desk.money("1"))
    spent = {"year": 2012, "standing": "certified", "amounts": {"staff": Decimal(1)}}
    assert refused(desk.record_expenditure, **P1, **spent) == ["participation-closed"]
    desk.record_refund(fund="F1", **P1, money=desk.money("5000"))
    desk.record_interest(fund="F1", **P1, money=desk.money("1"))


def test_a_status_needs_evidence_and_what_was_paid_cannot_be_cancelled(desk):
    desk.whole()
    assert refused(desk.change_status, paper=desk.paper(title=""), code="P1", status="ongoing") == [
        "status-without-evidence"
    ]
    assert refused(desk.change_status, code="P1", status="cancelled") == ["cancelled-after-payment"]


def test_closing_with_a_balance_left_warns_and_is_posted(desk):
    desk.whole()
    answer = desk.change_status(code="P1", status="operationally-closed")
    assert [finding.rule for finding in answer.findings] == ["balance-left"]


def test_a_reversal_needs_a_reason_and_is_not_reversed_itself(desk):
    desk.whole()
    before = sums()
    desk.issue_transfer(paper=desk.paper(key="T2"), fund="F1", **P1, money=desk.money("10"))
    assert refused(desk.reverse, paper=desk.paper(title=""), key="T2") == ["correction-without-reason"]
    desk.reverse(paper=desk.paper(key="R"), key="T2")
    assert sums() == before
    assert refused(desk.reverse, key="R") == ["reversal-of-reversal"]


def test_an_entry_is_reversed_once(desk):
    desk.record_deposit(paper=desk.paper(key="D"), fund="F1", contributor="CL", money=desk.money("1000"))
    desk.reverse(key="D", entry=2)
    assert sums() == {"deposit": "1000.00", "agent_fee": "0.00"}
    with pytest.raises(Refused, match="an entry that is not reversed yet"):
        desk.reverse(key="D", entry=2)


def test_the_certified_return_takes_the_place_of_the_interim_one(desk):
    desk.whole()
    interim = {"staff": Decimal(900), "indirect": Decimal(63)}
    desk.record_expenditure(paper=desk.paper(key="I"), **P1, year=2012, standing="interim", amounts=interim)
    paper = desk.paper(on=date(2013, 4, 20))
    desk.replace_interim(paper=paper, **P1, year=2012, interim="I", amounts={"staff": Decimal(800)})
    assert of_participation("expenditure") == 800
    assert sums(until=date(2012, 12, 31))["expenditure"] == "800.00"


def test_a_prior_year_is_adjusted_in_the_running_one_with_a_comment(desk):
    desk.whole()
    desk.close_year(fund="F1", year=2011)
    words = {**P1, "year": 2012, "adjusts": 2011, "amounts": {"staff": Decimal(-20)}}
    desk.adjust_prior_year(**words, comment="double entry")
    assert of_participation("expenditure") == -20
    assert refused(desk.adjust_prior_year, **words, comment="") == ["correction-without-reason"]


def test_indirect_cost_at_the_agreed_rate_is_fine_and_off_it_warns(desk):
    desk.whole()
    direct = {"staff": Decimal("1259.08"), "travel": Decimal("176.42")}  # 7% of 1,435.50 is 100.485
    fine = desk.record_expenditure(
        **P1, year=2012, standing="certified", amounts={**direct, "indirect": Decimal("100.49")}
    )
    assert fine.findings == []
    off = desk.record_expenditure(
        **P1, year=2012, standing="certified", amounts={**direct, "indirect": Decimal("100.51")}
    )
    assert [finding.rule for finding in off.findings] == ["indirect-cost-rate"]


def test_spending_all_that_was_funded_is_fine_and_a_cent_more_warns(desk):
    desk.whole()
    spend = {**P1, "year": 2012, "standing": "interim"}
    assert desk.record_expenditure(**spend, amounts={"staff": Decimal(5000)}).findings == []
    answer = desk.record_expenditure(**spend, amounts={"staff": Decimal("0.01")})
    assert [finding.rule for finding in answer.findings] == ["delivery-above-whole"]


def test_a_budget_is_revised_in_place_and_a_transfer_above_it_warns(desk):
    desk.whole()
    desk.set_budget(**P1, amounts={"staff": Decimal(4000), "travel": Decimal(500)})
    paper = desk.paper(key="B2", on=date(2012, 6, 1))
    desk.set_budget(paper=paper, **P1, amounts={"staff": Decimal(5500)})
    assert not desk.set_budget(paper=paper, **P1, amounts={"staff": Decimal(5500)}).receipts[0].is_new
    assert of_participation("budget") == 6000
    answer = desk.issue_transfer(fund="F1", **P1, money=desk.money("1000"))
    assert answer.findings == []
    desk.approve_allocation(fund="F1", **P1, money=desk.money("1"))
    answer = desk.issue_transfer(fund="F1", **P1, money=desk.money("0.01"))
    assert [finding.rule for finding in answer.findings] == ["transfer-above-budget"]


def test_costs_interest_and_what_goes_between_funds(desk):
    desk.whole()
    desk.charge_cost(fund="F1", cost="bank_charge", money=desk.money("12"))
    desk.charge_cost(fund="F1", cost="direct_cost", project="DC", organization="FAO", money=desk.money("200"))
    desk.charge_cost(fund="F1", cost="direct_cost_refund", project="DC", organization="FAO", money=desk.money("50"))
    desk.record_interest(fund="F1", money=desk.money("-3.50"))
    desk.record_interest(fund="F1", organization="FAO", money=desk.money("4"))
    desk.transfer_between_funds(fund="F1", other="F2", money=desk.money("300"))
    desk.refund_contributor(fund="F1", contributor="CL", money=desk.money("1"))
    desk.write_off(**P1, money=desk.money("7"))
    expected = {"bank_charge": "12.00", "direct_cost": "200.00", "direct_cost_refund": "50.00", "write_off": "7.00"}
    expected |= {"fund_interest": "-3.50", "organization_interest": "4.00", "fund_transfer": "300.00"}
    expected |= {"deposit": "10000.00", "agent_fee": "100.00", "contributor_refund": "1.00", "transfer": "5000.00"}
    assert sums() == expected
    assert sums("F2") == {"fund_receipt": "300.00"}


@pytest.mark.parametrize("verb", ["transfer_between_funds", "refund_contributor"])
def test_no_payment_leaves_the_agent_below_zero(desk, verb):
    words = {"other": "F2"} if verb == "transfer_between_funds" else {"contributor": "CL"}
    assert refused(getattr(desk, verb), fund="F1", **words, money=desk.money("0.01")) == ["transfer-above-cash"]


def test_an_author_does_not_approve(desk):
    paper = desk.paper(approved_by="ana")
    assert refused(desk.record_deposit, paper=paper, fund="F1", contributor="CL", money=desk.money("1")) == [
        "approved-by-author"
    ]


def test_a_category_that_does_not_exist_is_refused_like_any_other_word(desk):
    with pytest.raises(Refused, match="a category"):
        desk.record_expenditure(**P1, year=2012, standing="interim", amounts={"catering": Decimal(1)})


def test_many_verbs_together_are_one_posting_or_none(desk):
    from quipu.books.post import Answer, head, together

    answer = Answer()
    with together(by="ana", answer=answer):
        desk.whole()
    assert [receipt.position for receipt in answer.receipts] == [1, 2, 3]

    def post_two_of_which_one_is_refused():
        with together(by="ana"):
            desk.record_interest(fund="F1", money=desk.money("3"))
            desk.issue_transfer(fund="F1", **P1, money=desk.money("9999"))

    with pytest.raises(Refused):
        post_two_of_which_one_is_refused()
    assert head().position == 3


def test_a_journal_posts_what_the_desk_refuses_and_says_so(sqlite_ledger):
    text = DECLARED + "2012-01-01 transfer ^T\n    transfer F1 > P1/WFP 5.00\n"
    rules = ["transfer-above-cash", "transfer-without-decision", "transfer-without-mou"]
    assert sqlite_ledger.refusals(text) == rules
    answer = sqlite_ledger.post(text)
    assert sorted(finding.rule for finding in answer.findings) == rules
    assert answer.receipts[0].is_new
