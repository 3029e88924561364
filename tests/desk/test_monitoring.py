"""Monitoring by its verbs: narratives handed over and accepted, reviews answered, actions moved, lessons approved by another."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from quipu.rules.findings import Refused
from tests.desk.resulting import approved, framed

YEAR = 2025
MONEY = """
2025-03-01 allocation ^al
    allocation VALLEY > P1/ORG1 200,000.00
2025-03-02 transfer ^tr
    transfer VALLEY > P1/ORG1 100,000.00
2025-12-31 return ^sp
    expenditure P1/ORG1 travel interim 7,000.00 year 2025
2025-12-31 return ^sc
    expenditure P1/ORG1 staff certified 12,500.00 year 2025
"""


def rules(verb: Any, /, **said: Any) -> list[str]:
    """The rules that refuse an act."""
    with pytest.raises(Refused) as refused:
        verb(**said)
    return sorted(finding.rule for finding in refused.value.findings)  # type: ignore[attr-defined]


def verbs_of(cast: Any) -> Any:
    """All verbs of monitoring, over a house with money of 2025."""
    from quipu.actions.monitoring import facts, lessons, narratives, reviews, risks

    cast.ledger.post(MONEY)
    return SimpleNamespace(cast=cast, facts=facts, lessons=lessons, narratives=narratives, reviews=reviews, risks=risks)


@pytest.fixture
def verbs(cast: Any) -> Any:
    """All verbs of monitoring."""
    return verbs_of(cast)


@pytest.fixture
def verbs_anywhere(cast_anywhere: Any) -> Any:
    """The same on both engines."""
    return verbs_of(cast_anywhere)


def begun(verbs: Any) -> Any:
    """A narrative with one part in two languages."""
    one = verbs.narratives.begin(by="w", project="P1", year=YEAR)
    for language, text in (("en", "A good year."), ("es", "Un buen año.")):
        verbs.narratives.write(by="w", code=one.code, part="summary", language=language, text=text)
    return verbs.narratives.latest("P1", YEAR)


def test_a_narrative_is_assembled_from_what_is_there(verbs_anywhere: Any) -> None:
    made = framed("w")
    approved("w", "a", made["trained"], "93")
    approved("w", "a", made["trained"], "98", source="A newspaper")
    told, missing = verbs_anywhere.narratives.assembled(begun(verbs_anywhere))
    output = next(one for one in told["results"] if one["level"] == "output")
    trained = output["indicators"][0]
    assert [(one["value"], one["reported"]) for one in trained["readings"]] == [("93", True), ("98", False)]
    assert trained["targets"] == [{"until": "2025-12-31", "value": "100"}]
    (row,) = told["money"]
    assert (row["received"], row["certified"], row["interim"]) == (10_000_000, 1_250_000, 700_000)
    assert missing == [
        *("part/hard", "part/next", "reading/P1-i2", "reading/P1-i3", "choice/P1-i1"),
        *("beneficiaries/", "interim/ORG1", "lessons/"),
    ]


def test_small_counts_of_people_are_not_printed(verbs: Any) -> None:
    made = framed("w")
    approved("w", "a", made["trained"], "4")
    assert verbs.facts._value(made["trained"], "5") == "5"
    told, _ = verbs.narratives.assembled(begun(verbs))
    readings = [one for result in told["results"] for each in result["indicators"] for one in each["readings"]]
    assert [one["value"] for one in readings] == ["< 5"]


def test_what_was_handed_over_is_what_is_accepted(verbs: Any) -> None:
    from quipu.books import models

    one = begun(verbs)
    verbs.narratives.lead(by="w", code=one.code, act="hand over")
    assert rules(verbs.narratives.write, by="w", code=one.code, part="next", language="en", text="More.") == [
        "monitoring-locked"
    ]
    verbs.cast.ledger.post("2025-12-31 return ^late\n    expenditure P1/ORG1 travel certified 1.00 year 2025\n")
    assert rules(verbs.narratives.lead, by="w", code=one.code, act="accept") == ["monitoring-by-itself"]
    done = verbs.narratives.lead(by="s", code=one.code, act="accept")
    assert (done.state, done.facts["money"][0]["certified"]) == ("accepted", 1_250_000)
    paper = models.Document.objects.get(pk=done.document_id)
    assert (paper.type, paper.on, paper.project_id, paper.visibility) == ("narrative", "2025", "P1", "internal")
    assert sorted(paper.titles) == ["en", "es"]
    assert paper.versions.get().state == "checked"


def test_a_later_word_is_a_new_version_with_a_reason(verbs: Any) -> None:
    one = begun(verbs)
    verbs.narratives.lead(by="w", code=one.code, act="hand over")
    verbs.narratives.lead(by="s", code=one.code, act="accept")
    assert rules(verbs.narratives.begin, by="w", project="P1", year=YEAR) == ["reason-missing"]
    two = verbs.narratives.begin(by="w", project="P1", year=YEAR, reason="A figure was wrong")
    assert (two.version, two.parts["summary"]["es"], two.writers) == (2, "Un buen año.", ["w"])
    verbs.narratives.lead(by="w", code=two.code, act="hand over")
    done = verbs.narratives.lead(by="s", code=two.code, act="accept")
    assert done.document.supersedes_id == verbs.narratives.versions(two)[1].document_id
    assert [each.state for each in verbs.narratives.versions(two)] == ["accepted", "accepted"]


def test_a_narrative_is_sent_back_with_a_reason_and_handed_over_again(verbs: Any) -> None:
    from quipu.books import models

    one = begun(verbs)
    verbs.narratives.lead(by="w", code=one.code, act="hand over")
    assert rules(verbs.narratives.lead, by="s", code=one.code, act="send back") == ["reason-missing"]
    back = verbs.narratives.lead(by="s", code=one.code, act="send back", reason="Say what was hard.")
    assert (back.state, back.comment) == ("sent back", "Say what was hard.")
    assert models.Mail.objects.filter(to="person w").count() == 1
    verbs.narratives.write(by="w", code=one.code, part="hard", language="en", text="Rain.")
    assert verbs.narratives.lead(by="w", code=one.code, act="hand over").state == "handed over"


def test_an_empty_narrative_and_one_of_a_year_that_runs_are_refused(verbs: Any) -> None:
    from quipu.books import office

    this = office.today().year
    assert rules(verbs.narratives.begin, by="w", project="P1", year=this) == ["narrative-early"]
    one = verbs.narratives.begin(by="w", project="P1", year=this - 1)
    assert rules(verbs.narratives.lead, by="w", code=one.code, act="hand over") == ["narrative-empty"]


def test_a_narrative_that_was_handed_over_is_in(verbs: Any) -> None:
    from quipu.actions.returns import owing

    def mark() -> str:
        return str(owing.one("narrative", "VALLEY", "ORG1", YEAR).mark)

    one = begun(verbs)
    before = mark()
    verbs.narratives.lead(by="w", code=one.code, act="hand over")
    assert (before, mark()) == ("overdue", "in")
    verbs.narratives.lead(by="s", code=one.code, act="send back", reason="More.")
    assert mark() == "overdue"


def test_the_consolidated_report_assembles_accepted_narratives_and_names_the_others(verbs: Any) -> None:
    from quipu.actions.returns import reporting
    from quipu.books import models

    one = begun(verbs)
    record = models.Report(fund_id="VALLEY", year=YEAR)
    assert "narrative/P1/draft" in reporting.lacks(record)
    verbs.narratives.lead(by="w", code=one.code, act="hand over")
    assert "narrative/P1/handed over" in reporting.lacks(record)
    verbs.narratives.lead(by="s", code=one.code, act="accept")
    assert not [each for each in reporting.lacks(record) if each.startswith("narrative/P1")]
    text = reporting.assemble("VALLEY", YEAR, "es")
    assert "Un buen año." in text
    assert "- Not written: What was hard" in text


def reviewed(verbs: Any, **more: Any) -> Any:
    """A review with one recommendation."""
    said = verbs.reviews.ReviewSaid("mid-term", {"en": "Mid-term evaluation"}, on="2025-06", **more)
    review = verbs.reviews.keep_review(by="w", project="P1", said=said)
    return verbs.reviews.keep_recommendation(by="w", review=review.code, texts={"en": "Meet twice a year"})


def test_responses_stay_and_the_last_one_stands(verbs: Any) -> None:
    one = reviewed(verbs)
    said = {"by": "m", "recommendation": one.code, "body": "Lead agency", "on": date(2025, 7, 1)}
    assert rules(verbs.reviews.respond, **said, answer="rejected", texts={}) == ["response-rejected"]
    verbs.reviews.respond(**said, answer="rejected", texts={"en": "No money for it"})
    assert rules(verbs.reviews.respond, **said, answer="rejected", texts={"en": "No money for it"}) == ["response-same"]
    verbs.reviews.respond(**said, answer="accepted", texts={})
    one.refresh_from_db()
    assert [each.answer for each in one.responses.order_by("pk")] == ["rejected", "accepted"]
    assert verbs.reviews.standing(one).answer == "accepted"


def test_an_action_needs_an_owner_and_done_needs_a_day(verbs: Any) -> None:
    one = reviewed(verbs)
    said = verbs.reviews.ActionSaid({"en": "Call the meeting"})
    assert rules(verbs.reviews.keep_action, by="w", recommendation=one.code, said=said) == ["field-missing"]
    said = verbs.reviews.ActionSaid({"en": "Call the meeting"}, organization="ORG1", due=date(2025, 9, 30))
    act = verbs.reviews.keep_action(by="w", recommendation=one.code, said=said)
    assert (act.state, verbs.reviews.scope(act).organization) == ("planned", "ORG1")
    move = {"by": "o", "code": act.code}
    assert rules(verbs.reviews.move_action, **move, state="done") == ["monitoring-done-on"]
    assert rules(verbs.reviews.move_action, **move, state="given up") == ["reason-missing"]
    assert verbs.reviews.move_action(**move, state="done", done_on=date(2025, 9, 1)).done_on == date(2025, 9, 1)


def test_acts_are_public_where_the_review_is(verbs: Any) -> None:
    from quipu.books import models

    reviewed(verbs)
    assert not models.History.objects.filter(kind="recommendation", is_public=True).exists()
    reviewed(verbs, is_public=True)
    assert models.History.objects.filter(kind="recommendation", is_public=True).count() == 1


def test_an_issue_has_no_likelihood_and_a_risk_needs_one(verbs: Any) -> None:
    said = verbs.risks.RiskSaid("issue", {"en": "The office burnt"}, 4, likelihood=3)
    assert verbs.risks.keep(by="w", project="P1", said=said).likelihood is None
    said = verbs.risks.RiskSaid("risk", {"en": "Staff may leave"}, 4)
    assert rules(verbs.risks.keep, by="w", project="P1", said=said) == ["monitoring-choice"]


def test_nobody_approves_a_lesson_they_wrote_a_word_of(verbs: Any) -> None:
    from quipu.books import models

    said = verbs.lessons.LessonSaid("lesson", {"en": "Talk early"}, organization="ORG1", year=YEAR)
    one = verbs.lessons.write(by="w", project="P1", said=said)
    verbs.lessons.write(by="x", project="P1", said=said, code=one.code)
    verbs.lessons.lead(by="w", code=one.code, act="submit")
    assert rules(verbs.lessons.write, by="w", project="P1", said=said, code=one.code) == ["monitoring-locked"]
    for writer in ("w", "x"):
        assert rules(verbs.lessons.lead, by=writer, code=one.code, act="approve") == ["monitoring-by-itself"]
    assert not models.History.objects.filter(kind="lesson", is_public=True).exists()
    assert verbs.lessons.lead(by="a", code=one.code, act="approve").state == "approved"
    assert models.History.objects.filter(kind="lesson", is_public=True).count() == 1
    assert verbs.lessons.lead(by="a", code=one.code, act="withdraw", reason="Wrong").state == "withdrawn"
    assert models.History.objects.filter(kind="lesson", is_public=True).count() == 2


def test_what_somebody_else_changed_is_not_written_over(verbs_anywhere: Any) -> None:
    from quipu.actions import history

    one = begun(verbs_anywhere)
    seen = history.version(verbs_anywhere.narratives.thing(one))
    verbs_anywhere.narratives.write(by="x", code=one.code, part="next", language="en", text="More.", seen=seen)
    late = {"by": "w", "code": one.code, "part": "next", "language": "en", "text": "Less.", "seen": seen}
    assert rules(verbs_anywhere.narratives.write, **late) == ["changed-meanwhile"]
