"""Vouchers under four eyes: written by one person, approved by another, posted once, taken back by a reversal."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.urls import reverse

FINANCE, APPROVER, SECRETARIAT = "agent finance officer", "agent approver", "fund secretariat"
DAY = "2024-03-01"
DEPOSIT = {"fund": "VALLEY", "on": DAY, "contributor": "GIVER", "agreement": "SAA1", "amount": "100000.00"}
AT_WORK = {"fund": "VALLEY", "project": "P1", "organization": "ORG1", "on": DAY}


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
