"""Vouchers under four eyes: written by one person, approved by another, posted once, taken back by a reversal."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.urls import reverse

FINANCE, APPROVER, SECRETARIAT = "agent finance officer", "agent approver", "fund secretariat"
DAY = "2024-03-01"
DEPOSIT = {"fund": "VALLEY", "on": DAY, "contributor": "GIVER", "agreement": "SAA1", "amount": "100000.00"}
AT_WORK = {"fund": "VALLEY", "project": "P1", "organization": "ORG1", "on": DAY}


@pytest.fixture(autouse=True)
def _in_english():
    """Addresses are said in English, whatever language the test before spoke."""
    from django.urls import set_script_prefix

    set_script_prefix("/")


@pytest.fixture
def home(monkeypatch, tmp_path):
    """Where files are kept."""
    from django.conf import settings

    monkeypatch.setattr(settings, "HOME", tmp_path)
    return tmp_path


def draft(cast, kind="deposit", role=FINANCE, **words):
    from quipu.actions import drafts

    given = {"title": "Second instalment", **(DEPOSIT if kind == "deposit" else {}), **words}
    return drafts.write(by=cast.people[role].pk, kind=kind, words=given)


def submitted(cast, kind="deposit", role=FINANCE, **words):
    from quipu.actions import drafts

    made = draft(cast, kind, role, **words)
    return drafts.lead(by=cast.people[role].pk, draft=made, act="submit", seen=None)


def posted(cast, kind="deposit", role=FINANCE, **words):
    from quipu.actions import drafts

    return drafts.approve(by=cast.people[APPROVER].pk, draft=submitted(cast, kind, role, **words), seen=None)


def postings():
    from quipu.books import models

    return models.Posting.objects.count()


def rules(act):
    from quipu.rules.findings import Refused

    with pytest.raises(Refused) as refused:
        act()
    return [one.rule for one in refused.value.findings]


def seen_in(answer):
    """The version that a page's form shows."""
    import re

    return re.search(r'name="seen" value="(\d+)"', answer.content.decode())[1]


# The story


class Office:
    """Two people at the desk's own pages, as browsers."""

    def __init__(self, cast):
        self.cast = cast
        self.writer, self.approver = cast.client(FINANCE), cast.client(APPROVER)

    def write(self, kind, role=FINANCE, **typed):
        from quipu.books import models

        browser = self.writer if role == FINANCE else self.cast.client(role)
        fund = {"fund": "VALLEY"} if "voucher" not in typed else {}
        before = set(models.Draft.objects.values_list("pk", flat=True))
        address = reverse("draft_new", args=[kind], query=fund)
        key = browser.get(address).content.decode().split('name="key" value="')[1].split('"')[0]
        answer = browser.post(address, {"key": key, "act": "save", "on": DAY, "title": "As decided", **typed})
        assert answer.status_code == 302, answer.content.decode()
        (made,) = set(models.Draft.objects.values_list("pk", flat=True)) - before
        return made

    def post(self, kind, role=FINANCE, **typed):
        key = self.write(kind, role, **typed)
        for browser, name in (
            (self.writer if role == FINANCE else self.cast.client(role), "draft_submit"),
            (self.approver, "draft_approve"),
        ):
            address = reverse(name, args=[key])
            answer = browser.post(address, {"seen": seen_in(browser.get(address))})
            assert answer.status_code == 302, answer.content.decode()
        return key


def test_a_year_of_two_people_ends_in_the_balances_that_were_reckoned_by_hand(cast_anywhere):
    from quipu.books import balances, models

    office = Office(cast_anywhere)
    office.post("deposit", contributor="GIVER", agreement="SAA1", amount="250,000.50")
    office.post("allocation", SECRETARIAT, project="P1", organization="ORG1", amount="300,000.00")
    paid = office.post("transfer", project="P1", organization="ORG1", amount="200,000.00")
    office.post("refund", project="P1", organization="ORG1", amount="12,345.67")

    def stands():
        of_fund = [one.amount for one in balances.of_fund("VALLEY")]
        return of_fund, [one.amount for one in balances.of_participation("P1", "ORG1")]

    # Cash: 500,000.00 came before, told by a journal without a fee; 250,000.50 less its fee of 1%, 2,500.01 (half up);
    # 200,000.00 paid out, 12,345.67 back: 559,846.16. Promised and not paid: 300,000 − 200,000 = 100,000.
    assert stands() == ([55_984_616, 45_984_616], [30_000_000, 18_765_433, 18_765_433])
    office.post("reversal", voucher=paid, title="Paid to the wrong account")
    # The 200,000.00 are back with the agent: 759,846.16; all 300,000.00 are promised again; the refund stands alone.
    assert stands() == ([75_984_616, 45_984_616], [30_000_000, -1_234_567, -1_234_567])
    link = models.Posting.objects.order_by("-position").first()
    people = cast_anywhere.people
    assert (link.kind, link.by, link.approved) == ("reversal", people[FINANCE].pk, people[APPROVER].pk)


def test_the_chain_of_vouchers_from_the_desk_stands_up_to_its_own_check(cast):
    from quipu.books.verify import verify

    posted(cast)
    posted(cast, "bank-charge", fund="VALLEY", on=DAY, amount="12.50")
    assert verify().faults == []


# Four eyes


def test_nobody_approves_what_they_wrote_even_with_the_mandate(cast):
    from quipu.actions import drafts
    from quipu.books import models

    both = cast.people[FINANCE]
    models.Mandate.objects.create(person=both, role=APPROVER, since=date(2020, 1, 1))
    made = submitted(cast)
    before = postings()
    assert rules(lambda: drafts.approve(by=both.pk, draft=made, seen=None)) == ["approved-by-author"]
    browser = cast.client(person=both)
    for answer in (
        browser.get(reverse("draft_approve", args=[made.key])),
        browser.post(reverse("draft_approve", args=[made.key])),
    ):
        assert answer.status_code == 403
        assert "you wrote it yourself" in answer.content.decode()
    assert "you wrote it yourself" in browser.get(reverse("draft", args=[made.key])).content.decode()
    assert postings() == before


def test_nobody_approves_what_they_mended_for_somebody_else(cast):
    from quipu.actions import drafts
    from quipu.books import models

    second = cast.person(FINANCE)
    models.Mandate.objects.create(person=second, role=APPROVER, since=date(2020, 1, 1))
    made = draft(cast)
    made = drafts.mend(by=second.pk, draft=made, words={**made.words, "amount": "7.00"}, seen=None)
    made = drafts.lead(by=cast.people[FINANCE].pk, draft=made, act="submit", seen=None)
    assert rules(lambda: drafts.approve(by=second.pk, draft=made, seen=None)) == ["approved-by-author"]
    assert drafts.approve(by=cast.people[APPROVER].pk, draft=made, seen=None).state == "posted"


def test_posting_asks_for_a_fresh_sign_in(cast):
    made = submitted(cast)
    before = postings()
    stale = cast.client(APPROVER, fresh=False)
    answer = stale.post(reverse("draft_approve", args=[made.key]), {"seen": ""})
    assert (answer.status_code, postings()) == (302, before)
    assert "reauthenticate" in answer["Location"]
    fresh = cast.client(APPROVER)
    version = seen_in(fresh.get(reverse("draft_approve", args=[made.key])))
    assert fresh.post(reverse("draft_approve", args=[made.key]), {"seen": version}).status_code == 302
    assert postings() == before + 1


def test_looking_at_the_page_before_posting_posts_nothing(cast):
    made = submitted(cast)
    before = postings()
    assert cast.client(APPROVER).get(reverse("draft_approve", args=[made.key])).status_code == 200
    assert postings() == before


@pytest.mark.parametrize("act", ["approve", "send back"])
def test_what_was_not_submitted_is_neither_posted_nor_sent_back(cast, act):
    from quipu.actions import drafts

    made, by = draft(cast), cast.people[APPROVER].pk
    if act == "approve":
        assert rules(lambda: drafts.approve(by=by, draft=made, seen=None)) == ["draft-not-there"]
    else:
        assert rules(lambda: drafts.lead(by=by, draft=made, act=act, seen=None, reason="x")) == ["draft-not-there"]


# Once


def test_a_double_click_and_a_second_window_post_once(cast_anywhere):
    from django.db import connections

    from quipu.actions import drafts

    cast = cast_anywhere
    made = submitted(cast)
    before = postings()
    approvers = [cast.people[APPROVER].pk] + [cast.person(APPROVER).pk for _ in range(3)]

    def click(n):
        try:
            return drafts.approve(by=approvers[n % 4], draft=made, seen=None).position
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as hands:
        positions = set(hands.map(click, range(16)))
    assert len(positions) == 1
    assert postings() == before + 1


def test_a_form_of_a_new_voucher_sent_twice_makes_one_draft(cast):
    from quipu.books import models

    browser, address = cast.client(FINANCE), reverse("draft_new", args=["deposit"], query={"fund": "VALLEY"})
    sent = {
        "key": "20240301-aa",
        "act": "save",
        "on": DAY,
        "contributor": "GIVER",
        "agreement": "SAA1",
        "amount": "5.00",
    }
    assert [browser.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert models.Draft.objects.count() == 1


def test_the_page_of_a_posted_draft_leads_to_what_was_posted_and_posts_nothing_more(cast):
    made = posted(cast)
    before = postings()
    browser = cast.client(APPROVER)
    for answer in (
        browser.get(reverse("draft", args=[made.key])),
        browser.post(reverse("draft_approve", args=[made.key])),
    ):
        assert answer["Location"] == reverse("posted", args=[made.position])
    assert postings() == before


# Back and forth


def test_an_approver_sends_back_with_words_and_the_author_mends_and_submits_again(cast):
    from quipu.actions import drafts
    from quipu.books import models
    from quipu.desk import tasks
    from quipu.desk.rights import Rights

    made = submitted(cast)
    approver, writer = cast.client(APPROVER), cast.client(FINANCE)

    def waits(role):
        return [(task.verb, task.address) for task in tasks.of(Rights(cast.people[role]))]

    page = reverse("draft", args=[made.key])
    assert waits(APPROVER) == [("Approve a voucher", page)]
    assert waits(FINANCE) == []
    back = reverse("draft_send_back", args=[made.key])
    version = seen_in(approver.get(back))
    assert approver.post(back, {"seen": version, "reason": ""}).status_code == 422
    assert approver.post(back, {"seen": version, "reason": "The bank says 99,000.00"}).status_code == 302
    assert waits(APPROVER) == []
    assert waits(FINANCE) == [("Mend a voucher", page)]
    change = reverse("draft_change", args=[made.key])
    form = writer.get(change)
    assert "The bank says 99,000.00" in form.content.decode()
    sent = {**DEPOSIT, "amount": "99,000.00", "seen": seen_in(form), "act": "save"}
    assert writer.post(change, sent).status_code == 302
    drafts.lead(by=cast.people[FINANCE].pk, draft=made, act="submit", seen=None)
    done = drafts.approve(by=cast.people[APPROVER].pk, draft=made, seen=None)
    assert models.Entry.objects.get(posting=done.position, movement="deposit").amount == 9_900_000
    verbs = list(models.History.objects.filter(kind="voucher").order_by("id").values_list("verb", flat=True))
    assert verbs == ["draft", "submit", "send back", "change", "submit", "approve"]


def test_whoever_saves_over_another_is_told_by_name_and_changes_nothing(cast):
    from quipu.actions import drafts
    from quipu.books import models

    made, other = draft(cast), cast.person(FINANCE)
    models.Person.objects.filter(pk=other.pk).update(name="Ana")
    browser, change = cast.client(FINANCE), reverse("draft_change", args=[made.key])
    version = seen_in(browser.get(change))
    drafts.mend(by=other.pk, draft=made, words={**made.words, "amount": "1.00"}, seen=None)
    answer = browser.post(change, {**DEPOSIT, "amount": "2.00", "seen": version, "act": "save"})
    assert answer.status_code == 422
    assert "Changed by Ana just now" in answer.content.decode()
    assert models.Draft.objects.get(pk=made.pk).words["amount"] == "1.00"


def test_an_approver_who_looked_at_other_words_posts_nothing(cast):
    from quipu.actions import drafts

    made = submitted(cast)
    browser, page = cast.client(APPROVER), reverse("draft_approve", args=[made.key])
    version, by = seen_in(browser.get(page)), cast.people[FINANCE].pk
    drafts.lead(by=by, draft=made, act="take back", seen=None)
    drafts.mend(by=by, draft=made, words={**made.words, "amount": "999999.00"}, seen=None)
    drafts.lead(by=by, draft=made, act="submit", seen=None)
    before = postings()
    assert browser.post(page, {"seen": version}).status_code == 422
    assert postings() == before


def test_a_draft_is_discarded_with_a_reason_and_is_over(cast):
    from quipu.actions import drafts

    made, by = draft(cast), cast.people[FINANCE].pk
    assert rules(lambda: drafts.lead(by=by, draft=made, act="discard", seen=None)) == ["reason-missing"]
    drafts.lead(by=by, draft=made, act="discard", seen=None, reason="Paid twice")
    assert rules(lambda: drafts.lead(by=by, draft=made, act="submit", seen=None)) == ["draft-not-there"]
    assert rules(lambda: drafts.mend(by=by, draft=made, words=made.words, seen=None)) == ["draft-not-there"]


# Whose


def test_a_mandate_for_one_fund_writes_and_posts_nothing_of_another(cast):
    from quipu.books import models

    of_coast = cast.person(FINANCE, fund_id="COAST")
    browser = cast.client(person=of_coast)
    assert browser.get(reverse("draft_new", args=["deposit"], query={"fund": "VALLEY"})).status_code == 403
    assert browser.get(reverse("draft_new", args=["deposit"], query={"fund": "COAST"})).status_code == 200
    made = submitted(cast)
    for name in ("draft", "draft_change", "draft_submit", "draft_file"):
        assert browser.get(reverse(name, args=[made.key])).status_code == 403, name
    approver = cast.client(person=cast.person(APPROVER, fund_id="COAST"))
    assert approver.post(reverse("draft_approve", args=[made.key]), {"seen": "1"}).status_code == 403
    assert approver.get(reverse("posted", args=[1])).status_code == 403
    assert made.key not in browser.get(reverse("vouchers")).content.decode()
    assert models.Draft.objects.get().state == "submitted"


def test_a_reversal_of_another_funds_voucher_is_not_for_a_mandate_of_this_one(cast):
    browser = cast.client(person=cast.person(FINANCE, fund_id="COAST"))
    address = reverse("draft_new", args=["reversal"])
    sent = {"act": "save", "voucher": "d1", "on": DAY, "title": "Because", "key": "20240301-bb"}
    assert browser.post(address, sent).status_code == 403
    assert cast.client(FINANCE).post(address, sent).status_code == 302


def test_the_secretariat_drafts_allocations_and_no_transfers(cast):
    browser = cast.client(SECRETARIAT)
    for kind, status in (("allocation", 200), ("budget", 200), ("transfer", 403), ("write-off", 403)):
        assert browser.get(reverse("draft_new", args=[kind], query={"fund": "VALLEY"})).status_code == status, kind


# Checking


def test_the_check_says_balances_and_rules_and_leaves_nothing_behind(cast_anywhere):
    from quipu.books import models

    cast = cast_anywhere
    browser = cast.client(FINANCE)
    every = [one for one in vars(models).values() if isinstance(one, type) and hasattr(one, "_meta")]

    def rows():
        return {one.__name__: one.objects.count() for one in every}

    before = rows()
    sent = {**AT_WORK, "kind": "transfer", "amount": "600,000.00"}
    answer = browser.post(reverse("draft_check"), sent)
    told = answer.content.decode()
    assert answer.status_code == 200
    assert "500,000.00 USD" in told
    assert "No decision allocates money to this participation." in told
    assert "The agent does not hold that much." in told
    assert "<html" not in told
    assert rows() == before
    fine = browser.post(reverse("draft_check"), {**DEPOSIT, "kind": "deposit"}).content.decode()
    assert "Nothing speaks against it today." in fine
    assert rows() == before
    assert posted(cast).position == 2  # the chain goes on as if nobody had asked


def test_the_check_button_answers_without_script_and_keeps_nothing(cast):
    from quipu.books import models

    address = reverse("draft_new", args=["transfer"], query={"fund": "VALLEY"})
    answer = cast.client(FINANCE).post(address, {**AT_WORK, "amount": "10.00", "act": "check", "key": "k"})
    assert "No decision allocates money to this participation." in answer.content.decode()
    assert models.Draft.objects.count() == 0


def test_the_check_is_for_a_post_and_for_ones_own_funds(cast):
    assert cast.client(FINANCE).get(reverse("draft_check")).status_code == 405
    browser = cast.client(person=cast.person(FINANCE, fund_id="COAST"))
    told = browser.post(reverse("draft_check"), {**AT_WORK, "kind": "transfer", "amount": "1.00"}).content.decode()
    assert "500,000.00" not in told
    assert "Your mandate does not reach this fund" in told


def test_a_posting_that_the_rules_refuse_leaves_the_draft_where_it_was(cast):
    from quipu.actions import drafts

    made = submitted(cast, "transfer", **AT_WORK, amount="10.00")
    before = postings()
    browser, page = cast.client(APPROVER), reverse("draft_approve", args=[made.key])
    answer = browser.post(page, {"seen": seen_in(browser.get(page))})
    assert answer.status_code == 422
    assert "No decision allocates money to this participation." in answer.content.decode()
    made.refresh_from_db()
    assert (made.state, postings()) == ("submitted", before)
    assert [one.rule for one in drafts.findings(made)] == ["transfer-without-decision"]


# Money


@pytest.mark.parametrize(
    ("language", "amount", "kept"),
    [
        ("", "1,234.56", "1234.56"),
        ("/es-es", "1.234,56", "1234.56"),
        ("/fr", "1 234,56", "1234.56"),
        ("/es", "1,234.5", "1234.5"),
    ],
)
def test_an_amount_is_read_in_the_readers_manner_and_kept_exactly(cast, language, amount, kept):
    from quipu.books import models

    address = f"{language}{reverse('draft_new', args=['deposit'])}?fund=VALLEY"
    answer = cast.client(FINANCE).post(address, {**DEPOSIT, "amount": amount, "act": "save", "key": ""})
    assert answer.status_code == 302, answer.content.decode()
    assert models.Draft.objects.get().words["amount"] == kept


@pytest.mark.parametrize(
    ("language", "amount", "rule"),
    [
        ("", "1.234", "amount-two-ways"),
        ("/es-es", "1,234", "amount-two-ways"),
        ("", "12x", "amount-unreadable"),
        ("", "1.2345", "amount-decimals"),
    ],
)
def test_an_amount_that_is_not_clear_is_a_finding_beside_its_field(cast, language, amount, rule):
    from quipu.books import models
    from quipu.desk.drawing import sentence, speaking
    from quipu.desk.languages import words
    from quipu.rules.findings import Finding

    address = f"{language}{reverse('draft_new', args=['deposit'])}?fund=VALLEY"
    answer = cast.client(FINANCE).post(address, {**DEPOSIT, "amount": amount, "act": "save", "key": ""})
    with speaking(words(language.strip("/") or "en")):
        assert sentence(Finding(rule, "")).replace("'", "&#39;") in answer.content.decode()
    assert (answer.status_code, models.Draft.objects.count()) == (422, 0)


def test_a_draft_is_shown_for_change_as_its_reader_writes_amounts(cast):
    made = draft(cast, amount="1234.50", original="1100.00", currency="EUR", rate="1.1223")
    page = cast.client(FINANCE).get(f"/es-es{reverse('draft_change', args=[made.key])}").content.decode()
    assert 'value="1.234,50"' in page
    assert 'value="1.100,00"' in page
    assert 'value="1,1223"' in page


# Kinds


def every_kind():
    """Words for a draft of each kind; what each posts, by hand: movement and amount of every entry."""
    given = {"fund": "VALLEY", "on": DAY, "title": "As decided"}
    at_work = {**given, "project": "P1", "organization": "ORG1"}
    under = {**given, "contributor": "GIVER", "agreement": "SAA1"}
    return {
        "deposit": ({**under, "amount": "100.00"}, [("deposit", 10_000), ("agent_fee", 100)]),
        "transfer": ({**at_work, "amount": "10.00"}, [("transfer", 1_000)]),
        "refund": ({**at_work, "amount": "1.00"}, [("refund", 100)]),
        "contributor-refund": ({**given, "contributor": "GIVER", "amount": "2.00"}, [("contributor_refund", 200)]),
        "bank-charge": ({**given, "amount": "3.00"}, [("bank_charge", 300)]),
        "agent-fee": ({**given, "amount": "-4.00"}, [("agent_fee", -400)]),
        "direct-cost": ({**at_work, "amount": "5.00"}, [("direct_cost", 500)]),
        "direct-cost-refund": ({**at_work, "amount": "1.00"}, [("direct_cost_refund", 100)]),
        "fund-interest": ({**given, "amount": "-6.00"}, [("fund_interest", -600)]),
        "organization-interest": (
            {**given, "organization": "ORG1", "amount": "7.00"},
            [("organization_interest", 700)],
        ),
        "other-income": ({**given, "amount": "8.00"}, [("other_income", 800)]),
        "fund-transfer": (
            {**given, "other": "COAST", "amount": "9.00"},
            [("fund_transfer", 900), ("fund_receipt", 900)],
        ),
        "commitment": ({**under, "amount": "10.00"}, [("commitment", 1_000)]),
        "commitment-change": ({**under, "amount": "-1.00", "reason": "Exchange"}, [("commitment_change", -100)]),
        "pledge": ({**given, "contributor": "GIVER", "amount": "11.00"}, [("pledge", 1_100)]),
        "allocation": ({**at_work, "amount": "500.00"}, [("allocation", 50_000)]),
        "budget": (
            {**at_work, "amounts": {"staff": "30.00", "travel": "20.00"}},
            [("budget", 3_000), ("budget", 2_000)],
        ),
        "write-off": ({**at_work, "amount": "0.50"}, [("write_off", 50)]),
        "reversal": ({"voucher": "d1", "on": DAY, "title": "Twice"}, [("deposit", -50_000_000)]),
    }


def test_every_kind_of_draft_posts_what_it_says(cast):
    from quipu.books import models
    from quipu.rules.voucher_kinds import KINDS

    told = every_kind()
    assert {*told, "identification"} == set(KINDS)
    for kind in ("deposit", "allocation", *sorted(set(told) - {"deposit", "allocation", "reversal"}), "reversal"):
        words, entries = told[kind]
        done = posted(cast, kind, **{**words, "title": "As decided"})
        own = models.Entry.objects.filter(posting=done.position).order_by("ordinal")
        assert list(own.values_list("movement", "amount")) == entries, kind


def test_every_kind_has_a_form_a_page_and_a_way_back_into_its_form(cast):
    from quipu.rules.voucher_kinds import KINDS

    browser = cast.client(FINANCE)
    for kind, (words, _) in every_kind().items():
        assert browser.get(reverse("draft_new", args=[kind], query={"fund": "VALLEY"})).status_code == 200, kind
        made = draft(cast, kind, **words)
        for name in ("draft", "draft_change", "draft_submit", "draft_discard"):
            assert browser.get(reverse(name, args=[made.key])).status_code == 200, (kind, name)
        for category in words.get("amounts", {}):
            assert (
                f'name="amounts-{category}"' in browser.get(reverse("draft_change", args=[made.key])).content.decode()
            )
    assert set(every_kind()) < set(KINDS)


def test_words_that_name_nothing_in_the_books_make_no_draft(cast):
    for words, wrong in (
        ({"contributor": "NOBODY"}, ["code-not-there"]),
        ({"agreement": "SAA9"}, ["code-not-there"]),
        ({"fund": "COAST"}, ["code-of-another"]),  # the agreement is VALLEY's
        ({"amount": ""}, ["field-missing"]),
        ({"original": "5.00"}, ["original-incomplete"]),
        ({"amount": "1.005"}, ["amount-decimals"]),
    ):
        assert rules(lambda words=words: draft(cast, **words)) == wrong, words


# Money to be identified


def test_money_without_a_name_waits_and_is_identified_in_one_act(cast_anywhere):
    from quipu.books import balances, models
    from quipu.desk import tasks
    from quipu.desk.rights import Rights

    cast = cast_anywhere
    made = posted(cast, contributor="", agreement="", amount="1000.00")
    assert [t.verb for t in tasks.of(Rights(cast.people[FINANCE]))] == ["Identify money"]
    before = [one.amount for one in balances.of_fund("VALLEY")]
    office = Office(cast)
    listed = office.writer.get(reverse("unidentified")).content.decode()
    link = f"{reverse('draft_new', args=['identification'])}?voucher={made.key}&amp;entry=1"
    assert link in listed
    office.post(
        "identification", voucher=made.key, entry="1", contributor="GIVER", agreement="SAA1", title="Bank wrote"
    )
    back, again = models.Posting.objects.order_by("position")[2:]
    assert (back.kind, again.kind) == ("reversal", "deposit")
    entries = models.Entry.objects.filter(posting__gte=back.position).order_by("id")
    assert list(entries.values_list("movement", "amount", "contributor")) == [
        ("deposit", -100_000, None),
        ("agent_fee", -1_000, None),
        ("deposit", 100_000, "GIVER"),
        ("agent_fee", 1_000, None),
    ]
    assert [one.amount for one in balances.of_fund("VALLEY")] == before
    assert made.key not in office.writer.get(reverse("unidentified")).content.decode()
    assert tasks.of(Rights(cast.people[FINANCE])) == []


def test_money_that_has_a_name_is_not_identified_again(cast):
    from quipu.actions import drafts

    made = posted(cast)
    words = {"voucher": made.key, "entry": "1", "contributor": "GIVER", "title": "Why not"}
    wrong = submitted(cast, "identification", on=DAY, **words)
    assert rules(lambda: drafts.approve(by=cast.people[APPROVER].pk, draft=wrong, seen=None)) == [
        "voucher-is-identified"
    ]


# Files


def test_files_go_with_the_draft_are_sealed_with_the_voucher_and_served_to_be_saved(cast, home):
    import hashlib

    from django.core.files.uploadedfile import SimpleUploadedFile

    from quipu.books import models

    bodies = {"../../order.pdf": b"%PDF-1.7 order", "advice <b>.html": b"<script>alert(1)</script>"}
    browser, address = cast.client(FINANCE), reverse("draft_new", args=["deposit"], query={"fund": "VALLEY"})
    files = [SimpleUploadedFile("x", body) for body in bodies.values()]
    for file, name in zip(files, bodies, strict=True):
        file._name = name
    sent = {**DEPOSIT, "amount": "5.00", "act": "save", "key": "20240301-cc", "files": files}
    assert browser.post(address, sent).status_code == 302
    made = models.Draft.objects.get()
    kept = dict(made.enclosures.values_list("name", "sha256"))
    assert kept == {
        "order.pdf": hashlib.sha256(b"%PDF-1.7 order").hexdigest(),
        "advice <b>.html": hashlib.sha256(bodies["advice <b>.html"]).hexdigest(),
    }
    page = reverse("draft_file", args=[made.key], query={"file": kept["advice <b>.html"]})
    answer = browser.get(page)
    assert b"".join(answer.streaming_content) == bodies["advice <b>.html"]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert browser.get(reverse("draft_file", args=[made.key], query={"file": "0" * 64})).status_code == 404
    version = seen_in(browser.get(reverse("draft_change", args=[made.key])))
    change = {**DEPOSIT, "amount": "5.00", "act": "save", "seen": version, "drop": kept["advice <b>.html"]}
    assert browser.post(reverse("draft_change", args=[made.key]), change).status_code == 302
    from quipu.actions import drafts

    drafts.lead(by=cast.people[FINANCE].pk, draft=made, act="submit", seen=None)
    done = drafts.approve(by=cast.people[APPROVER].pk, draft=made, seen=None)
    assert list(models.Attachment.objects.filter(posting=done.position).values_list("sha256", flat=True)) == [
        kept["order.pdf"]
    ]
    there = browser.get(reverse("posted_file", args=[done.position], query={"file": kept["order.pdf"]}))
    assert b"".join(there.streaming_content) == b"%PDF-1.7 order"


def test_a_file_that_is_too_large_is_told_and_nothing_is_kept(cast, home, monkeypatch):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from quipu.books import models

    monkeypatch.setenv("QUIPU_DOCUMENT_MB", "1")
    browser, address = cast.client(FINANCE), reverse("draft_new", args=["deposit"], query={"fund": "VALLEY"})
    for size, status in ((1 << 20, 302), ((1 << 20) + 1, 422)):
        file = SimpleUploadedFile("big.bin", b"x" * size)
        sent = {**DEPOSIT, "amount": "5.00", "act": "save", "key": f"20240301-{status}", "files": [file]}
        assert browser.post(address, sent).status_code == status
    assert models.Draft.objects.count() == 1
    assert len([path for path in (home / "kept").rglob("*") if path.is_file()]) == 1


# Pages


@pytest.mark.parametrize("state", ["", "posted"])
def test_a_list_asks_no_question_per_row(cast, state):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, address = cast.client(FINANCE), reverse("vouchers", query={"state": state} if state else None)
    make = posted if state else draft

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as questions:
            answer = browser.get(address)
        return len(questions), answer.content.decode().count("<tr>")

    make(cast)
    asked()  # what a process asks once
    first, few = asked()
    for _ in range(19):
        make(cast)
    second, many = asked()
    assert (second, many) == (first, few + 19)


def test_the_inbox_asks_no_question_per_row(cast):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked():
        with CaptureQueriesContext(connection) as questions:
            cast.client(APPROVER).get(reverse("desk"))
        return len(questions)

    submitted(cast)
    first = asked()
    for _ in range(19):
        submitted(cast)
    assert asked() == first


def test_a_list_is_narrowed_and_turned_page_by_page(cast):
    browser = cast.client(FINANCE)
    other = submitted(cast, "bank-charge", fund="VALLEY", on=DAY, amount="12.00")
    for _ in range(51):
        draft(cast)

    def keys(**query):
        page = browser.get(reverse("vouchers", query=query)).content.decode()
        return page.count("/desk/vouchers/draft/"), other.key in page

    assert keys() == (50, False)
    assert keys(page="2") == (2, True)
    assert keys(state="submitted") == (1, True)
    assert keys(kind="bank-charge") == (1, True)
    assert keys(fund="COAST") == (0, False)
    assert keys(author=cast.people[FINANCE].pk, page="2") == (2, True)
    assert keys(author="nobody") == (0, False)
    assert keys(page="2", kind="deposit") == (1, False)


def test_the_paper_of_a_voucher_names_both_people_its_amounts_and_its_link(cast):
    import io

    from pypdf import PdfReader

    from quipu.books import models

    made = posted(cast, amount="1234.56")
    answer = cast.client("auditor").get(reverse("posted_print", args=[made.position]))
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    text = " ".join(text.split())
    link = models.Posting.objects.get(position=made.position)
    for said in (
        "Agent Finance Officer",
        "Agent Approver",
        "1,234.56 USD",
        "Giver",
        "Valley fund",
        made.key,
        link.hash[:16],
        link.hash[-16:],
    ):
        assert said in text, (said, text)


def test_the_page_of_a_voucher_leads_to_its_reversal_and_back(cast):
    made = posted(cast)
    browser = cast.client(FINANCE)
    link = reverse("draft_new", args=["reversal"], query={"voucher": made.key})
    assert link in browser.get(reverse("posted", args=[made.position])).content.decode()
    assert link not in cast.client("auditor").get(reverse("posted", args=[made.position])).content.decode()
    taken = posted(cast, "reversal", voucher=made.key, on=DAY, title="Twice")
    page = browser.get(reverse("posted", args=[made.position])).content.decode()
    assert reverse("posted", args=[taken.position]) in page
    assert link not in page
    assert (
        reverse("posted", args=[made.position])
        in browser.get(reverse("posted", args=[taken.position])).content.decode()
    )


def test_drafts_of_somebody_who_leaves_go_over_and_the_heir_does_not_approve_them(cast):
    from quipu.actions import drafts, people

    done, made, heir = posted(cast), submitted(cast), cast.people[APPROVER]
    leaver = cast.people[FINANCE]
    people.leave(
        by=cast.people["administrator"].pk, person=leaver, successor=heir.pk, on=date(2026, 1, 1), reason="Left"
    )
    made.refresh_from_db()
    done.refresh_from_db()
    assert (done.author, made.author) == (leaver.pk, heir.pk)
    assert rules(lambda: drafts.approve(by=heir.pk, draft=made, seen=None)) == ["approved-by-author"]


def test_a_voucher_of_two_funds_is_read_and_taken_back_by_whom_it_should(cast):
    made = posted(cast, "fund-transfer", fund="VALLEY", on=DAY, other="COAST", amount="9.00")
    two = cast.ledger.post("""
2024-03-02 charges ^two "Of two funds"
    bank-charge VALLEY 1.00
    bank-charge COAST 1.00
""").receipts[0]
    of_valley = cast.client(person=cast.person(FINANCE, fund_id="VALLEY"))
    of_coast = cast.client(person=cast.person("committee member", fund_id="COAST"))
    for position in (made.position, two.position):
        for name in ("posted", "posted_print"):
            assert of_valley.get(reverse(name, args=[position])).status_code == 200
            assert of_coast.get(reverse(name, args=[position])).status_code == 200
    sent = {"act": "save", "on": DAY, "title": "Because", "key": "", "voucher": made.key}
    address = reverse("draft_new", args=["reversal"])
    assert of_valley.post(address, sent).status_code == 302  # it is VALLEY's own transfer
    assert of_valley.post(address, {**sent, "voucher": "two"}).status_code == 403
    assert of_valley.post(address, {**sent, "voucher": "two", "entry": "1"}).status_code == 302
    assert cast.client(FINANCE).post(address, {**sent, "voucher": "two"}).status_code == 302


def test_an_approver_sees_balances_and_asks_the_ledger_before_posting(cast):
    made = submitted(cast, "transfer", **AT_WORK, amount="10.00")
    browser = cast.client(APPROVER)
    assert "500,000.00 USD" in browser.get(reverse("draft_approve", args=[made.key])).content.decode()
    page = browser.post(reverse("draft", args=[made.key])).content.decode()
    fragment = browser.post(reverse("draft", args=[made.key]), {"fragment": "1"}).content.decode()
    for told in (page, fragment):
        assert "No decision allocates money to this participation." in told
    assert ("<html" in page, "<html" in fragment) == (True, False)


def test_a_deposit_waits_for_no_name_once_its_draft_names_it(cast):
    made = posted(cast, contributor="", agreement="")
    draft(cast, "identification", voucher=made.key, entry="1", contributor="GIVER", on=DAY, title="Bank wrote")
    told = cast.client(FINANCE).get(reverse("unidentified")).content.decode()
    assert "A draft about it waits" in told
    assert "Identify it" not in told


def test_history_keeps_what_was_written_before_and_after(cast):
    from quipu.actions import drafts
    from quipu.books import models

    made = draft(cast)
    drafts.mend(by=cast.people[FINANCE].pk, draft=made, words={**made.words, "amount": "1.00"}, seen=None)
    row = models.History.objects.filter(kind="voucher", verb="change").get()
    assert (row.before, row.after, row.fund) == ({"amount": "100000.00"}, {"amount": "1.00"}, "VALLEY")
