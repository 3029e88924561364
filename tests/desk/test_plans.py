"""Work plans by their verbs: planned, filled in, closed, approved, asked for, paid; and what the ledger says beside them."""

from datetime import date
from typing import Any

import pytest

from quipu.rules.findings import Refused
from quipu.rules.plans import Quarter
from tests.desk.planning import filled, planned

FIRST, NEXT = Quarter(2025, 1), Quarter(2025, 2)


def rules(verb: Any, /, **said: Any) -> list[str]:
    """The rules that refuse an act."""
    with pytest.raises(Refused) as refused:
        verb(**said)
    return sorted(finding.rule for finding in refused.value.findings)  # type: ignore[attr-defined]


@pytest.fixture
def made(cast: Any) -> dict[str, Any]:
    """A plan, with a ledger beside it."""
    return planned("w", cast.ledger)


@pytest.fixture
def both(cast_anywhere: Any) -> dict[str, Any]:
    """The same on both engines."""
    return planned("w", cast_anywhere.ledger)


def line_of(work: Any, quarter: Quarter = FIRST) -> Any:
    return work.quarters.get(year=quarter.year, quarter=quarter.number)


# Planning


def test_work_has_a_code_of_its_programme_and_lines_where_something_is_planned(made: dict[str, Any]) -> None:
    assert [made[name].code for name in ("courses", "fences", "visits")] == ["P1-w1", "P1-w2", "P1-w3"]
    assert [(one.quarter, one.planned) for one in made["courses"].quarters.order_by("quarter")] == [
        (1, 50000),
        (2, 50000),
    ]
    assert [(one.quarter, one.planned) for one in made["fences"].quarters.all()] == [(2, 80000)]


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({"output": "P2-o1-1"}, ["work-output"]),
        ({"organization": "GIVER"}, ["work-organization"]),
        ({"planned": {FIRST: -1}}, ["plan-amount-negative"]),
        ({"planned": {FIRST: 10**15}}, []),
        ({"planned": {FIRST: 10**15 + 1}}, ["plan-amount-large"]),
        ({"titles": {"en": " "}}, ["result-title-missing"]),
        ({"place": "a\0"}, ["text-unreadable"]),
    ],
)
def test_work_that_breaks_a_rule_is_refused_by_its_name(
    made: dict[str, Any], changes: dict[str, Any], broken: list[str]
) -> None:
    from quipu.actions.plans import planning

    said = {"output": made["output"].code, "organization": "ORG1", "titles": {"en": "Work"}, **changes}
    if broken:
        assert rules(planning.keep_work, by="w", project="P1", said=planning.WorkSaid(**said)) == broken
    else:
        assert planning.keep_work(by="w", project="P1", said=planning.WorkSaid(**said)).number == 4


def test_work_that_was_filled_in_stays_with_its_organization_and_output(made: dict[str, Any]) -> None:
    from quipu.actions.plans import planning

    def to(organization: str, output: str = made["output"].code) -> Any:
        return planning.WorkSaid(output, organization, {"en": "Visits"})

    code = made["visits"].code
    planning.keep_work(by="w", project="P1", said=to("ORG1"), code=code)
    made["visits"].refresh_from_db()
    filled("o", made["visits"], 10, FIRST)
    assert rules(planning.keep_work, by="w", project="P1", said=to("ORG2"), code=code) == ["work-filled"]
    assert rules(planning.keep_work, by="w", project="P1", said=to("ORG1", made["second"].code), code=code) == [
        "work-filled"
    ]
    planning.end_work(by="w", code=code, reason="Merged")
    assert rules(planning.keep_work, by="w", project="P1", said=to("ORG1"), code=code) == ["work-ended"]
    assert rules(planning.end_work, by="w", code=code, reason="Again") == ["work-ended"]


def test_a_plan_is_kept_as_it_was_approved_and_later_changes_are_its_difference(made: dict[str, Any]) -> None:
    from quipu.actions.plans import planning
    from quipu.books import models

    said = {"by": "w", "project": "P1", "year": 2025, "on": date(2025, 1, 10), "decision": "First meeting"}
    assert rules(planning.approve, **{**said, "on": date(2999, 1, 1)}) == ["plan-to-come"]
    assert rules(planning.approve, **{**said, "year": 2030}) == ["plan-lines-none"]
    one = planning.approve(**said)
    assert (one.number, planning.difference(one)) == (1, [])
    assert rules(planning.approve, **said) == ["plan-approved-same"]
    work = made["courses"]
    planning.keep_work(
        by="w",
        project="P1",
        code=work.code,
        said=planning.WorkSaid(work.output_id, "ORG1", work.titles, planned={NEXT: 70000}),
    )
    (changed,) = planning.difference(one)
    assert (changed.before, changed.after, changed.more) == ({"1": 50000, "2": 50000}, {"1": 50000, "2": 70000}, 20000)
    assert planning.approve(**said).number == 2
    with pytest.raises(Exception, match="sealed"):
        models.ApprovedPlan.objects.filter(pk=one.pk).update(decision="Another")


# Filling in


def test_an_organization_fills_in_its_own_lines_and_what_is_left_out_stays(both: dict[str, Any]) -> None:
    from quipu.actions.plans import filling

    work = both["courses"]
    assert filled("o", work, 450, FIRST, committed=2000) == {
        work.code: {"spent": (None, 45000), "state": ("", "on track"), "committed": (None, 2000)}
    }
    assert filled("o", work, 450, FIRST) == {}
    filling.fill(by="o", project="P1", organization="ORG1", quarter=FIRST, said={work.code: {"remark": "Rain"}})
    line = line_of(work)
    assert (line.spent, line.committed, line.state, line.remark, line.filled_by) == (
        45000,
        2000,
        "on track",
        "Rain",
        "o",
    )
    assert line.planned == 50000


def test_lines_of_others_quarters_to_come_and_states_without_a_word_are_refused(made: dict[str, Any]) -> None:
    from quipu.actions.plans import filling

    def fill(work: str, quarter: Quarter = FIRST, **said: Any) -> list[str]:
        return rules(filling.fill, by="o", project="P1", organization="ORG1", quarter=quarter, said={work: said})

    assert fill(made["visits"].code, spent=1) == ["plan-line-elsewhere"]
    assert fill(made["courses"].code, Quarter(2999, 1), spent=1) == ["quarter-to-come"]
    assert fill(made["courses"].code, state="late") == ["plan-remark"]
    assert fill(made["courses"].code, committed=-1) == ["plan-amount-negative"]
    assert line_of(made["courses"]).state == ""


def test_the_second_of_two_windows_is_told_that_somebody_was_faster(both: dict[str, Any]) -> None:
    from quipu.actions import history
    from quipu.actions.plans import filling

    filled("first", both["courses"], 1, FIRST)
    own = filling.thing(both["courses"].project, "ORG1", FIRST)
    seen = history.version(own)
    said = {both["courses"].code: {"spent": 300}}
    filling.fill(by="a", project="P1", organization="ORG1", quarter=FIRST, said=said, seen=seen)
    other = {"by": "b", "project": "P1", "organization": "ORG1", "quarter": FIRST, "seen": seen}
    assert rules(filling.fill, said={both["courses"].code: {"spent": 400}}, **other) == ["changed-meanwhile"]
    assert line_of(both["courses"]).spent == 300


# Closing


def test_a_quarter_closes_when_all_lines_are_in_or_with_what_is_missing_and_why(both: dict[str, Any]) -> None:
    from quipu.actions.plans import closing

    filled("o", both["courses"], 450, FIRST)
    assert rules(closing.close, by="l", project="P1", quarter=FIRST) == ["quarter-lines-missing"]
    one = closing.close(by="l", project="P1", quarter=FIRST, reason="ORG2 moved its office")
    assert (one.missing, one.reason) == (["P1-w3"], "ORG2 moved its office")
    assert rules(closing.close, by="l", project="P1", quarter=FIRST, reason="x") == ["quarter-closed"]
    with pytest.raises(Refused, match="quarter-closed"):
        filled("o", both["visits"], 10, FIRST)
    assert rules(closing.open_again, by="l", project="P1", quarter=FIRST, reason=" ") == ["reason-missing"]
    closing.open_again(by="l", project="P1", quarter=FIRST, reason="They answered")
    filled("o", both["visits"], 10, FIRST)
    assert closing.close(by="l", project="P1", quarter=FIRST).missing == []


def test_nothing_is_planned_in_a_closed_quarter_and_a_running_one_is_not_closed(
    made: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from quipu.actions.plans import closing, planning
    from quipu.books import office

    assert rules(closing.close, by="l", project="P1", quarter=Quarter(2025, 3)) == ["plan-lines-none"]
    closing.close(by="l", project="P1", quarter=FIRST, reason="For the test")
    said = planning.WorkSaid(made["courses"].output_id, "ORG1", {"en": "Courses"}, planned={FIRST: 1})
    assert rules(planning.keep_work, by="w", project="P1", said=said, code="P1-w1") == ["quarter-closed"]
    same = planning.WorkSaid(made["courses"].output_id, "ORG1", {"en": "Courses"}, planned={FIRST: 50000})
    planning.keep_work(by="w", project="P1", said=same, code="P1-w1")
    monkeypatch.setattr(office, "today", lambda: date(2025, 6, 30))
    assert rules(closing.close, by="l", project="P1", quarter=NEXT, reason="x") == ["quarter-running"]
    monkeypatch.setattr(office, "today", lambda: date(2025, 7, 1))
    closing.close(by="l", project="P1", quarter=NEXT, reason="x")


# Requests


def asked(made: dict[str, Any], by: str = "w", **amounts: int) -> Any:
    from quipu.actions.plans import requesting

    said = requesting.RequestSaid(amounts or {"ORG1": 300_00}, "Second meeting, decision 1", date(2025, 4, 2))
    return requesting.write(by=by, project="P1", said=said)


def test_a_request_is_signed_by_another_person_received_and_paid_when_its_vouchers_are_posted(
    both: dict[str, Any],
) -> None:
    from quipu.actions import drafts, history
    from quipu.actions.plans import requesting
    from quipu.books import models, office

    one = asked(both, ORG1=300_00, ORG2=50_00)
    assert rules(requesting.lead, by="w", code=one.code, act="sign") == ["request-by-itself"]
    assert rules(requesting.draft, by="f", code=one.code, organization="ORG1") == ["request-not-there"]
    requesting.lead(by="s", code=one.code, act="sign")
    signed = models.History.objects.filter(kind=requesting.REQUEST, code=one.code, verb="sign").get()
    assert (signed.after["amount ORG1"], signed.after["decision"]) == (30000, "Second meeting, decision 1")
    said = requesting.RequestSaid({"ORG1": 999_00}, "x", date(2025, 4, 2))
    assert rules(requesting.write, by="w", project="P1", said=said, code=one.code) == ["request-signed"]
    requesting.lead(by="f", code=one.code, act="receive")
    first = requesting.draft(by="f", code=one.code, organization="ORG1")
    assert requesting.draft(by="f", code=one.code, organization="ORG1").key == first.key
    assert (first.kind, first.words["amount"], first.words["organization"]) == ("transfer", "300", "ORG1")
    assert rules(requesting.lead, by="f", code=one.code, act="return", reason="x") == ["request-drafted"]
    second = requesting.draft(by="f", code=one.code, organization="ORG2")
    for draft in (first, second):
        one.refresh_from_db()
        assert requesting.standing(one, requesting.vouchers_of([one])[one.code]) == "received"
        drafts.lead(by="f", draft=draft, act="submit", seen=None)
        drafts.approve(by="a", draft=draft, seen=history.version(drafts.thing(draft)))
    assert requesting.standing(one, requesting.vouchers_of([one])[one.code]) == "paid"
    back = {"voucher": first.key, "on": office.today().isoformat(), "title": "Paid to the wrong account"}
    wrong = drafts.write(by="f", kind="reversal", words=back)
    drafts.lead(by="f", draft=wrong, act="submit", seen=None)
    drafts.approve(by="a", draft=wrong, seen=history.version(drafts.thing(wrong)))
    vouchers = requesting.vouchers_of([one])[one.code]
    assert vouchers == {"ORG1": "reversed", "ORG2": "posted"}
    assert requesting.standing(one, vouchers) == "received"  # what was taken back is asked for again
    again = requesting.draft(by="f", code=one.code, organization="ORG1")
    assert again.key not in (first.key, wrong.key)
    assert requesting.draft(by="f", code=one.code, organization="ORG2").key == second.key


def test_a_discarded_voucher_makes_room_for_another_and_a_return_takes_the_signature_back(made: dict[str, Any]) -> None:
    from quipu.actions import drafts
    from quipu.actions.plans import requesting

    one = asked(made)
    requesting.lead(by="s", code=one.code, act="sign")
    requesting.lead(by="f", code=one.code, act="receive")
    first = requesting.draft(by="f", code=one.code, organization="ORG1")
    drafts.lead(by="f", draft=first, act="discard", seen=None, reason="Wrong day")
    assert requesting.draft(by="f", code=one.code, organization="ORG1").key != first.key
    other = asked(made)
    requesting.lead(by="s", code=other.code, act="sign")
    assert rules(requesting.lead, by="f", code=other.code, act="return") == ["reason-missing"]
    back = requesting.lead(by="f", code=other.code, act="return", reason="The decision is not enclosed")
    assert (back.state, back.signed_by, back.comment) == ("returned", "", "The decision is not enclosed")
    assert rules(requesting.lead, by="s", code=other.code, act="sign") == ["request-not-there"]
    requesting.lead(by="w", code=other.code, act="mend")
    assert requesting.lead(by="s", code=other.code, act="sign").state == "signed"


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({"amounts": {}}, ["request-amount"]),
        ({"amounts": {"ORG1": 0}}, ["request-amount"]),
        ({"amounts": {"GIVER": 5}}, ["work-organization"]),
        ({"amounts": {"ORG1": -5}}, ["plan-amount-negative", "request-amount"]),
        ({"decision": " "}, ["field-missing"]),
        ({"decided_on": date(2999, 1, 1)}, ["plan-to-come"]),
        ({"tranche": 7}, ["tranche-elsewhere"]),
        ({"quarter": FIRST}, ["quarter-open"]),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused_by_its_name(
    made: dict[str, Any], changes: dict[str, Any], broken: list[str]
) -> None:
    from quipu.actions.plans import requesting

    said = {"amounts": {"ORG1": 1}, "decision": "Decision", "decided_on": date(2025, 1, 1), **changes}
    assert rules(requesting.write, by="w", project="P1", said=requesting.RequestSaid(**said)) == broken


def test_what_is_proposed_is_planned_next_less_what_the_ledger_says_is_held(made: dict[str, Any]) -> None:
    from quipu.actions.plans import requesting

    for quarter in (Quarter(2025, 1), NEXT):
        filled("o", made["visits"], 150, quarter)
    proposed = {one.organization: one for one in requesting.proposals(made["courses"].project, FIRST)}
    # ORG1 holds 10,000.00 - 1,250.00; it plans 500 + 800 next. ORG2 plans nothing next, and says 200.00 more than the ledger.
    assert (proposed["ORG1"].planned, proposed["ORG1"].balance, proposed["ORG1"].amount) == (130000, 875000, 0)
    assert (proposed["ORG2"].planned, proposed["ORG2"].balance, proposed["ORG2"].unposted) == (0, 390000, 20000)


def test_a_tranche_is_kept_with_its_condition_and_when_it_was_met(made: dict[str, Any]) -> None:
    from quipu.actions.plans import planning

    said = {"planned_on": date(2025, 6, 1), "amount": 500_00, "condition": "The gauges stand"}
    one = planning.keep_tranche(by="w", project="P1", said=planning.TrancheSaid(**said))
    assert one.number == 1
    met = {**said, "met_on": date(2025, 5, 20)}
    again = {"by": "w", "project": "P1", "number": 1}
    assert rules(planning.keep_tranche, said=planning.TrancheSaid(**met), **again) == ["field-missing"]
    planning.keep_tranche(said=planning.TrancheSaid(**met, evidence="Report of the visit"), **again)
    assert rules(planning.keep_tranche, by="w", project="P1", said=planning.TrancheSaid(date(2025, 1, 1), 0)) == [
        "field-missing"
    ]
    assert rules(planning.keep_tranche, by="w", project="P1", number=9, said=planning.TrancheSaid(**said)) == [
        "record-unknown"
    ]


# Beside the ledger


def test_spending_by_output_and_what_has_none_are_the_expenditure_of_the_ledger(both: dict[str, Any]) -> None:
    from quipu.actions.plans import closing
    from quipu.books import plans as books_plans
    from quipu.rules import by_output

    project = both["courses"].project
    filled("o", both["courses"], 450, FIRST)
    filled("o", both["visits"], 120, FIRST)
    closing.close(by="l", project="P1", quarter=FIRST)
    filled("o", both["fences"], 700, NEXT)
    found = books_plans.reconciled(project)
    one, two = found["ORG1", 2025], found["ORG2", 2025]
    assert (one.ledger, one.attributed, one.not_attributed, one.still_open) == (125000, 115000, 10000, 70000)
    assert (two.ledger, two.attributed, two.not_attributed, two.interim) == (10000, 12000, -2000, 10000)
    whole = by_output.whole(found)
    assert (whole.ledger, whole.attributed + whole.not_attributed) == (135000, 135000)
    assert [(each.rule, each.place) for each in by_output.findings(found)] == [("output-above-ledger", "ORG2 2025")]
    closed = books_plans.reconciled(project, closed_only=True)
    assert by_output.whole(closed).outputs == {both["output"].code: 57000}
    assert by_output.whole(closed).ledger == 135000
