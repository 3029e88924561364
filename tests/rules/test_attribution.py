"""What a contributor's money did: exact by earmark, modelled by share, and together never more or less than was paid."""

from datetime import date
from decimal import Decimal, localcontext

from hypothesis import given as over
from hypothesis import strategies as st

from quipu.rules.attribution import Given, Paid, parts

D = Decimal


def on(day: int) -> date:
    return date(2020, 1, day)


def test_a_transfer_is_shared_by_what_each_had_deposited_up_to_its_day():
    given = [Given(on(1), "A", D(300)), Given(on(2), "B", D(100)), Given(on(9), "B", D(1000))]
    paid = [Paid(on(3), "P", "O", D(200))]
    assert [(p.exact, p.modelled) for p in parts("A", given, paid)] == [(0, 150)]
    assert [(p.exact, p.modelled) for p in parts("B", given, paid)] == [(0, 50)]


def test_money_of_a_day_comes_before_it_goes():
    assert [p.modelled for p in parts("A", [Given(on(3), "A", D(10))], [Paid(on(3), "P", "O", D(4))])] == [4]
    assert parts("A", [Given(on(4), "A", D(10))], [Paid(on(3), "P", "O", D(4))]) == []


def test_an_earmark_pays_for_its_purpose_first_and_is_exact():
    given = [Given(on(1), "A", D(50), "P"), Given(on(1), "B", D(100))]
    paid = [Paid(on(2), "P", "O", D(80), ("P", "W", "KE")), Paid(on(3), "Q", "O", D(20), ("Q", "W", "KE"))]
    assert [(p.paid.project, p.exact, p.modelled) for p in parts("A", given, paid)] == [("P", 50, 0)]
    assert [(p.paid.project, p.exact, p.modelled) for p in parts("B", given, paid)] == [("P", 0, 30), ("Q", 0, 20)]


def test_the_narrowest_earmark_is_used_first():
    given = [Given(on(1), "A", D(50), "W"), Given(on(1), "B", D(50), "P")]
    paid = [Paid(on(2), "P", "O", D(60), ("P", "W"))]
    assert [p.exact for p in parts("B", given, paid)] == [50]
    assert [p.exact for p in parts("A", given, paid)] == [10]


def test_a_refund_goes_back_to_those_it_came_from_and_an_earmark_waits_again():
    given = [Given(on(1), "A", D(60), "P"), Given(on(1), "B", D(100))]
    paid = [
        Paid(on(2), "P", "O", D(100), ("P",)),
        Paid(on(3), "P", "O", D(-50), ("P",)),
        Paid(on(4), "P", "O", D(40), ("P",)),
    ]
    assert [(p.exact, p.modelled) for p in parts("A", given, paid)] == [(60, 0), (-30, 0), (30, 0)]
    assert [(p.exact, p.modelled) for p in parts("B", given, paid)] == [(0, 40), (0, -20), (0, 10)]


def test_what_was_given_back_to_a_contributor_no_longer_counts():
    given = [Given(on(1), "A", D(100)), Given(on(1), "B", D(100)), Given(on(2), "A", D(-50))]
    assert [p.modelled for p in parts("A", given, [Paid(on(3), "P", "O", D(30))])] == [10]


def test_a_part_says_what_its_share_is_of():
    given = [Given(on(1), "A", D(30)), Given(on(1), "B", D(10)), Given(on(1), "B", D(20), "P")]
    (part,) = parts("A", given, [Paid(on(2), "P", "O", D(100), ("P",))])
    assert (part.own, part.all, part.rest, part.modelled) == (30, 40, 80, 60)


days = st.integers(1, 28).map(on)
amounts = st.integers(1, 10**12).map(lambda n: Decimal(n) / 100)
gifts = st.builds(Given, days, st.sampled_from("ABC"), amounts, st.sampled_from(("", "", "P", "W")))


@over(st.lists(gifts, max_size=12), st.lists(st.tuples(days, st.sampled_from("PQ"), amounts), max_size=12))
def test_all_contributors_together_have_paid_all_that_a_pool_could(gave, went):
    paid = [Paid(day, project, "O", amount, (project, "W")) for day, project, amount in went]
    with localcontext(prec=76):
        together = sum((p.exact + p.modelled for name in "ABC" for p in parts(name, gave, paid)), D(0))
        total = sum((each.amount for each in paid), D(0))
        assert together <= total + D("1e-40")
        first = min((g.on for g in gave if not g.earmark), default=None)
        if paid and first and first <= min(each.on for each in paid):
            assert abs(together - total) < D("1e-40")
