"""Results at the desk: a framework is made, read, approved by another person; sources side by side; a phone; what waits."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.cast import Cast
from tests.desk.resulting import approved, framed

EDITOR, LEAD, SECRETARIAT = "programme editor", "lead agency editor", "fund secretariat"
CONTRIBUTOR, AUDITOR = "organization contributor", "auditor"
LARGEST_OF_PHONE = 15_000  # bytes


@pytest.fixture
def made(cast: Cast) -> dict[str, Any]:
    """A framework of P1, whose output ORG1 answers for."""
    return framed(cast.people[EDITOR].pk)


def page(cast: Cast, role: str, address: str) -> str:
    """What somebody reads at an address."""
    answer = cast.client(role).get(address)
    assert answer.status_code == 200, (answer.status_code, address)
    return str(answer.content.decode())


def main(text: str) -> str:
    """The words of a page's main part."""
    inner = text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", inner.partition(">")[2]).split())


def send(cast: Cast, role: str, address: str, status: int = 302, **sent: Any) -> Any:
    """Somebody sends a form."""
    answer = cast.client(role).post(address, {name.replace("__", ":"): value for name, value in sent.items()})
    assert answer.status_code == status, main(answer.content.decode())
    return answer


def seen(text: str, name: str = "seen") -> str:
    """A hidden field's value."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None
    return found[1]


def tasks(cast: Cast, role: str) -> list[tuple[str, str]]:
    """What waits for somebody among results: verb and thing."""
    from quipu.desk.results import waiting
    from quipu.desk.rights import Rights

    return [(one.verb, one.thing) for one in waiting.tasks(Rights(cast.people[role]))]


def reading(**said: Any) -> Any:
    """The readings that there are."""
    from quipu.books import models

    return models.Reading.objects.filter(**said).order_by("made_at")


TOLD = {"period": "other", "until": "2025-12-31", "source": "Register of courses"}


# Frameworks


def test_a_framework_is_made_from_nothing(cast: Cast) -> None:
    from quipu.books import models

    assert "There is no framework yet" in page(cast, EDITOR, "/desk/results/programme/P1")
    send(cast, EDITOR, "/desk/results/programme/P1/outcome", titles_es="El agua dura", titles_en="Water lasts")
    send(cast, EDITOR, "/desk/results/outcome/P1-o1/output", titles_en="Keepers trained", organization="ORG1")
    said = {"titles_en": "Keepers certified", "unit_en": "people", "kind": "count", "gathers": "stands"}
    said |= {"direction": "up", "parent": "P1-o1-1", "baseline": "1,200", "breaks": ["sex", "place"], "is_public": "on"}
    send(cast, EDITOR, "/desk/results/programme/P1/indicator", **said, target="2,000", target_until="2027-12-31")
    one = models.Indicator.objects.get()
    assert (one.output_id, one.outcome_id, one.baseline, one.breaks) == ("P1-o1-1", "P1-o1", "1200", ["sex", "place"])
    told = main(page(cast, AUDITOR, "/desk/results/programme/P1"))
    assert "Water lasts" in told
    assert "Keepers certified people 1,200" in told
    assert "2,000" in told
    assert "El agua dura" in cast.client(AUDITOR).get("/es/desk/results/programme/P1").content.decode()


def test_an_indicators_form_explains_the_kinds_and_its_faults_stand_beside_the_fields(cast: Cast) -> None:
    from quipu.books import models
    from quipu.rules.results.kinds import SENTENCES

    form = page(cast, EDITOR, "/desk/results/programme/P1/indicator")
    for sentence in SENTENCES.values():
        assert sentence in form
    answer = send(cast, EDITOR, "/desk/results/programme/P1/indicator", 422, kind="count", gathers="stands")
    assert "Say what it is called" in answer.content.decode()
    said = {
        "titles_en": "Springs",
        "kind": "count",
        "gathers": "stands",
        "target": "many",
        "target_until": "2027-12-31",
    }
    send(cast, EDITOR, "/desk/results/programme/P1/indicator", 422, **said)
    assert not models.Indicator.objects.exists()  # without its target, it was not made either


def test_a_second_window_does_not_undo_the_first(cast: Cast, made: dict[str, Any]) -> None:
    from quipu.books import models

    at = "/desk/results/outcome/P1-o1"
    version = seen(page(cast, EDITOR, at))
    send(cast, EDITOR, at, titles_en="Water lasts longer", seen=version, number="1")
    answer = send(cast, SECRETARIAT, at, 422, titles_en="Water", seen=version, number="1")
    assert "Programme Editor" in answer.content.decode()
    assert models.Outcome.objects.get().titles == {"en": "Water lasts longer"}


def test_a_target_is_revised_with_a_reason_and_both_stay_on_the_page(cast: Cast, made: dict[str, Any]) -> None:
    at = "/desk/results/indicator/P1-i1"
    send(cast, EDITOR, f"{at}/target", 422, until="2025-12-31", value="120")
    send(cast, EDITOR, f"{at}/target", until="2025-12-31", value="120", reason="Another valley joined")
    told = page(cast, AUDITOR, at)
    assert "<del>100</del>" in told
    assert "<strong>120</strong>" in told
    assert "Another valley joined" in told
    assert "Another valley joined" in page(cast, AUDITOR, "/desk/results/programme/P1/changes")


def test_what_ended_stands_apart_and_takes_nothing(cast: Cast, made: dict[str, Any]) -> None:
    at = "/desk/results/end/indicator/P1-i2"
    version = seen(page(cast, EDITOR, at))
    send(cast, EDITOR, at, 422, seen=version, reason="")
    send(cast, EDITOR, at, seen=version, reason="Not measured any more")
    assert "Ended (1)" in main(page(cast, EDITOR, "/desk/results/programme/P1"))
    answer = cast.client(EDITOR).get("/desk/results/indicator/P1-i2/reading")
    assert answer["Location"] == "/desk/results/indicator/P1-i2"


# Readings


def test_a_reading_goes_from_its_form_to_another_persons_approval(cast: Cast, made: dict[str, Any]) -> None:
    at = "/desk/results/indicator/P1-i1/reading"
    parts = {"c:sex:women": "50", "c:sex:men": "43", "n:place:0": "Cusco", "v:place:0": "60"}
    answer = send(cast, EDITOR, at, **TOLD, value="93", act="send", **parts)
    one = reading().get()
    assert (one.state, one.cells) == ("submitted", {"sex": {"women": "50", "men": "43"}, "place": {"Cusco": "60"}})
    own = page(cast, EDITOR, answer["Location"])
    assert "/take-back" in own
    assert "/approve" not in own  # an editor has no mandate for it
    at = f"/desk/results/reading/{one.code}"
    version = seen(page(cast, LEAD, f"{at}/return"))
    send(cast, LEAD, f"{at}/return", seen=version, reason="Which register?")
    assert ("Mend a reading", "Keepers of springs certified: up to 31 Dec 2025 – Which register?") in tasks(
        cast, EDITOR
    )
    form = page(cast, EDITOR, f"{at}/change")
    assert "Which register?" in form
    assert 'value="60"' in form  # Cusco is a part of its own now
    send(cast, EDITOR, f"{at}/change", **TOLD, value="92", act="send", seen=seen(form), **{"c:sex:women": "50"})
    one.refresh_from_db()
    assert (one.value, one.cells) == ("92", {"sex": {"women": "50"}})
    send(cast, LEAD, f"{at}/approve", seen=seen(page(cast, LEAD, f"{at}/approve")))
    one.refresh_from_db()
    assert (one.state, one.is_reported) == ("approved", True)
    told = main(page(cast, AUDITOR, "/desk/results/programme/P1"))
    assert "92% of the way" in told


def test_whoever_wrote_it_is_told_why_they_do_not_approve_it(cast: Cast, made: dict[str, Any]) -> None:
    send(cast, SECRETARIAT, "/desk/results/indicator/P1-i1/reading", **TOLD, value="93", act="send")
    one = reading().get()
    at = f"/desk/results/reading/{one.code}/approve"
    assert "You wrote in it yourself" in page(cast, SECRETARIAT, at)
    answer = send(cast, SECRETARIAT, at, 422, seen="0")
    one.refresh_from_db()
    assert one.state == "submitted", answer
    assert [verb for verb, _ in tasks(cast, SECRETARIAT) if verb == "Approve readings"] == []
    assert ("Approve readings", "Terraces: 1 reading") in tasks(cast, LEAD)


def test_faults_of_parts_stand_beside_them_and_nothing_is_kept(cast: Cast, made: dict[str, Any]) -> None:
    at = "/desk/results/indicator/P1-i1/reading"
    parts = {"c:sex:women": "90", "c:sex:men": "x", "n:place:1": "Cusco", "v:place:1": "5"}
    answer = send(cast, EDITOR, at, 422, **TOLD, value="93", act="send", **parts)
    told = answer.content.decode()
    assert 'value="x" inputmode="decimal" autocomplete="off" aria-invalid="true"' in told
    assert 'name="c:place:Cusco" value="5"' in told
    assert not reading().exists()


def test_what_the_rules_say_stands_beside_the_form_before_anything_is_kept(cast: Cast, made: dict[str, Any]) -> None:
    approved("w", "a", made["trained"], "98", source="A newspaper", until=date(2024, 12, 31))
    approved("w", "a", made["trained"], "98", source="A newspaper")
    at = "/desk/results/indicator/P1-i1/check"
    told = send(cast, EDITOR, at, 200, **TOLD, value="93", **{"c:sex:women": "50"}).content.decode()
    assert "A newspaper says 98 of this period." in told
    assert "The parts are less than the whole." in told
    assert "is less than the 98" in told
    fine = send(cast, EDITOR, at, 200, **TOLD, value="98").content.decode()
    assert "Nothing speaks against it." in fine
    looked = send(cast, EDITOR, "/desk/results/indicator/P1-i1/reading", 200, **TOLD, value="93", act="look")
    assert "A newspaper says 98 of this period." in looked.content.decode()
    assert reading().count() == 2


def test_sources_that_differ_stand_side_by_side_until_one_is_chosen_with_a_reason(
    cast: Cast, made: dict[str, Any]
) -> None:
    approved("w", "a", made["trained"], "93")
    other = approved("w", "a", made["trained"], "98", source="A newspaper")
    waits = ("Choose between sources that differ", "Keepers of springs certified: up to 31 Dec 2025")
    assert waits in tasks(cast, LEAD)
    assert waits not in tasks(cast, EDITOR)
    told = page(cast, EDITOR, "/desk/results/indicator/P1-i1")
    assert "sources differ" in told
    assert "/choose" not in told
    at = f"/desk/results/reading/{other.code}/choose"
    send(cast, LEAD, at, 422, reason="")
    send(cast, LEAD, at, reason="Counted again from the register")
    assert waits not in tasks(cast, LEAD)
    told = main(page(cast, EDITOR, "/desk/results/indicator/P1-i1"))
    assert "Chosen because: Counted again from the register" in told
    assert "Reported 98" in told
    assert "Annual report" in told  # the other source stays


def test_several_are_approved_in_one_act_or_none_is(cast: Cast, made: dict[str, Any]) -> None:
    for indicator, value in (("P1-i1", "93"), ("P1-i2", "45.5"), ("P1-i3", "begun")):
        send(cast, EDITOR, f"/desk/results/indicator/{indicator}/reading", **TOLD, value=value, act="send")
    codes = [one.code for one in reading()]
    form = page(cast, LEAD, "/desk/results/approve")
    versions = {f"seen:{code}": seen(form, f"seen:{code}") for code in codes}
    stale = {**versions, f"seen:{codes[1]}": "1"}
    answer = send(cast, LEAD, "/desk/results/approve", 422, chosen=codes, **stale)
    assert "or none is" in answer.content.decode()
    assert reading(state="approved").count() == 0
    send(cast, LEAD, "/desk/results/approve", 422, **versions)  # nothing is ticked
    send(cast, LEAD, "/desk/results/approve", chosen=codes[:2], **versions)
    assert [one.state for one in reading()] == ["approved", "approved", "submitted"]
    send(cast, LEAD, "/desk/results/approve", 403, chosen=["no-such"])


def test_an_organization_sees_and_writes_what_it_answers_for(cast: Cast, made: dict[str, Any]) -> None:
    told = page(cast, CONTRIBUTOR, "/desk/results/programme/P1")
    assert "Keepers of springs certified" in told
    assert "River plan adopted" not in told
    client = cast.client(CONTRIBUTOR)
    for at, status in (
        ("indicator/P1-i1", 200),
        ("indicator/P1-i3", 403),
        ("indicator/P1-i1/reading", 200),
        ("indicator/P1-i3/reading", 403),
        ("read/P1-i3", 403),
        ("programme/P2", 403),
    ):
        assert client.get(f"/desk/results/{at}").status_code == status, at
    send(cast, CONTRIBUTOR, "/desk/results/indicator/P1-i1/reading", **TOLD, value="93", act="send")
    send(cast, CONTRIBUTOR, "/desk/results/indicator/P1-i3/reading", 403, **TOLD, value="begun", act="send")
    hidden = approved("w", "a", made["share"], "45")
    assert client.get(f"/desk/results/reading/{hidden.code}").status_code == 403
    assert "Springs that run all year" not in page(cast, CONTRIBUTOR, "/desk/results/programme/P1/changes")
    other = cast.client(person=cast.person(CONTRIBUTOR, organization_id="ORG2"))
    assert other.get("/desk/results/programme/P1").status_code == 403
    assert "Terraces" not in main(other.get("/desk/results").content.decode())


# On a phone


def test_the_page_for_phones_is_small_and_a_resend_makes_one_reading(cast: Cast, made: dict[str, Any]) -> None:
    at = "/desk/results/read/P1-i1"
    form = page(cast, CONTRIBUTOR, at)
    assert len(form.encode()) < LARGEST_OF_PHONE
    assert "<img" not in form
    assert form.count("<form") == 1
    key = seen(form, "key")
    for _ in range(3):
        answer = send(cast, CONTRIBUTOR, at, **TOLD, value="93", key=key, act="send")
        assert answer["Location"] == f"{at}/{key}"
    assert [(one.code, one.state) for one in reading()] == [(key, "submitted")]
    done = page(cast, CONTRIBUTOR, f"{at}/{key}")
    assert f'data-key="{key}"' in done  # by which the phone forgets its draft
    changed = send(cast, CONTRIBUTOR, at, 422, **TOLD, value="94", key=key, act="send")
    assert "Take it back first" in changed.content.decode()
    send(cast, EDITOR, at, 422, **TOLD, value="93", key=key, act="send")  # another person's key makes nothing
    send(cast, CONTRIBUTOR, at, 422, **TOLD, value="93", key="../x", act="send")
    assert reading().get().value == "93"


def test_a_draft_that_is_sent_again_by_its_form_is_the_same_draft(cast: Cast, made: dict[str, Any]) -> None:
    at = "/desk/results/read/P1-i1"
    key = seen(page(cast, CONTRIBUTOR, at), "key")
    send(cast, CONTRIBUTOR, at, **TOLD, value="93", key=key, act="keep")
    send(cast, CONTRIBUTOR, at, **TOLD, value="94", key=key, act="send")
    assert [(one.value, one.state) for one in reading()] == [("94", "submitted")]


# Periods, lists, beneficiaries


def test_periods_are_offered_and_a_locked_one_takes_nothing_until_it_is_opened(
    cast: Cast, made: dict[str, Any]
) -> None:
    from quipu.books import models

    at = "/desk/results/programme/P1/periods"
    send(cast, EDITOR, f"{at}/new", since="2025-01-01", until="2025-12-31", title="Year 2")
    send(cast, EDITOR, f"{at}/new", 422, since="2025-06-01", until="2026-05-31")
    assert ("Write readings", "Terraces, Year 2 (2025): 3 indicators") in tasks(cast, EDITOR)
    assert ("Write readings", "Terraces, Year 2 (2025): 1 indicator") in tasks(cast, CONTRIBUTOR)
    form = page(cast, EDITOR, "/desk/results/indicator/P1-i1/reading")
    assert '<option value="2025-01-01/2025-12-31" selected>' in form
    told = {**TOLD, "period": "2025-01-01/2025-12-31", "until": "", "value": "93"}
    send(cast, EDITOR, "/desk/results/indicator/P1-i1/reading", **told, act="keep")
    assert reading().get().until == date(2025, 12, 31)
    cycle = models.Cycle.objects.get()
    lock = f"/desk/results/period/{cycle.pk}/lock"
    assert "1 reading of this period is not approved yet" in page(cast, LEAD, lock)
    send(cast, LEAD, lock, sure="yes")
    typed = send(cast, EDITOR, "/desk/results/indicator/P1-i2/reading", 422, **TOLD, value="45", act="keep")
    assert "This period is locked." in typed.content.decode()
    opens = f"/desk/results/period/{cycle.pk}/open"
    send(cast, LEAD, opens, 422, reason="")
    send(cast, LEAD, opens, reason="A report came late")
    send(cast, EDITOR, "/desk/results/indicator/P1-i2/reading", **TOLD, value="45", act="keep")


def test_a_target_whose_day_has_passed_waits_for_a_word(cast: Cast, made: dict[str, Any]) -> None:
    waits = ("Say what became of a target", "Keepers of springs certified: 100")
    assert waits in tasks(cast, CONTRIBUTOR)
    assert waits not in tasks(cast, AUDITOR)
    send(cast, CONTRIBUTOR, "/desk/results/indicator/P1-i1/reading", **TOLD, value="93", act="keep")
    assert waits not in tasks(cast, CONTRIBUTOR)
    assert [verb for verb, _ in tasks(cast, CONTRIBUTOR)] == ["Go on with a reading"]


def test_a_list_of_its_own_tells_results_apart_and_never_loses_a_choice(cast: Cast, made: dict[str, Any]) -> None:
    from quipu.books import models

    at = "/desk/results/programme/P1/lists"
    lines = "weaving Weaving | es: Tejido\nfarming Farming"
    send(cast, EDITOR, f"{at}/new", code="trades", titles_en="Trades", smallest="5", choices=lines)
    form = page(cast, EDITOR, f"{at}/trades")
    assert "weaving Weaving | es: Tejido" in form
    send(cast, EDITOR, f"{at}/trades", 422, titles_en="Trades", smallest="5", choices="farming F", seen=seen(form))
    said = {"titles_en": "Workshops", "kind": "count", "gathers": "stands", "breaks": ["trades"]}
    send(cast, EDITOR, "/desk/results/programme/P1/indicator", **said)
    assert models.Breakdown.objects.get().choices[0] == ["weaving", {"en": "Weaving", "es": "Tejido"}]
    at = "/desk/results/indicator/P1-i4/reading"
    assert "Tejido" in cast.client(EDITOR).get(f"/es{at}").content.decode()
    send(cast, EDITOR, at, **TOLD, value="9", act="keep", **{"c:trades:weaving": "4"})
    assert reading().get().cells == {"trades": {"weaving": "4"}}


def test_beneficiaries_are_kept_as_a_table_and_its_versions_stay(cast: Cast) -> None:
    at = "/desk/results/programme/P1/beneficiaries"
    told = {"until": "2025-12-31", "source": "Register"}
    women, men, people = "b:direct/reached/women", "b:direct/reached/men", "b:direct/reached/people"
    wrong = send(cast, EDITOR, f"{at}/keep", 422, **told, **{women: "1,200", men: "800", people: "1,999"})
    assert "Women and men together are more" in wrong.content.decode()
    send(cast, EDITOR, f"{at}/keep", 422, **told, **{women: "many"})
    send(cast, EDITOR, f"{at}/keep", **told, **{women: "1,200", men: "800"})
    send(cast, EDITOR, f"{at}/keep", **told, **{women: "1,250", men: "800"})
    read = main(page(cast, AUDITOR, at))
    assert "2,050" in read  # women and men together
    assert "Earlier versions" in read
    assert "1,200" in read


# Measures


def test_a_measure_rolls_up_with_its_parts_and_names_what_it_leaves_out(cast: Cast, made: dict[str, Any]) -> None:
    said = {"code": "trained", "titles_en": "People trained", "unit_en": "people", "kind": "count", "fund": "VALLEY"}
    send(cast, SECRETARIAT, "/desk/results/measures/new", **said, theme="water")
    common = {"kind": "count", "gathers": "stands", "measure": "trained"}
    for project, unit, value in (("P1", "people", "30"), ("P2", "families", "7")):
        at = f"/desk/results/programme/{project}/indicator"
        send(cast, SECRETARIAT, at, titles_en=f"Trained in {project}", unit_en=unit, **common)
        indicator = "P1-i4" if project == "P1" else "P2-i1"
        send(cast, SECRETARIAT, f"/desk/results/indicator/{indicator}/reading", **TOLD, value=value, act="send")
    for one in reading():
        from quipu.actions.results import reading as verbs

        verbs.lead(by=cast.people[LEAD].pk, code=one.code, act="approve")
    told = main(page(cast, AUDITOR, "/desk/results/measures/trained"))
    assert "30 people The sum of its parts. From 1 indicator. 1 is left out." in told
    assert "7 families – It is in another unit." in told
    assert "water" in main(page(cast, AUDITOR, "/desk/results/measures?fund=VALLEY&theme=water"))
    assert "People trained" not in main(page(cast, AUDITOR, "/desk/results/measures?theme=fire"))
    own = main(page(cast, LEAD, "/desk/results/measures/trained"))  # of P1 alone
    assert "families" not in own
    form = page(cast, SECRETARIAT, "/desk/results/measures/trained/end")
    send(cast, SECRETARIAT, "/desk/results/measures/trained/end", 422, reason="", seen=seen(form))
    send(cast, SECRETARIAT, "/desk/results/measures/trained/end", reason="Counted otherwise now", seen=seen(form))
    assert "People trained" not in main(page(cast, AUDITOR, "/desk/results/measures"))


# No question for each row


def test_one_indicator_is_asked_for_as_twenty_are(cast: Cast, made: dict[str, Any]) -> None:
    from quipu.actions.results import framework
    from quipu.actions.results import reading as verbs

    framework.keep_cycle(by="w", project="P1", since=date(2025, 1, 1), until=date(2025, 12, 31))
    approved("w", "a", made["trained"], "93")
    approved("w", "a", made["trained"], "98", source="A newspaper")
    waits = verbs.write(by="w", said=verbs.ReadingSaid("P1-i2", date(2025, 12, 31), "45", "Report"))
    verbs.lead(by="w", code=waits.code, act="submit")
    pages = ["/desk/results", "/desk/results/programme/P1", "/desk/results/approve", "/desk/results/measures"]
    pages += ["/desk/results/indicator/P1-i1", "/desk", "/desk/results/programme/P1/changes"]
    before = {at: asked(cast, at) for at in pages}
    for n in range(20):
        said = framework.IndicatorSaid({"en": f"Indicator {n}"}, "count", "P1-o1-1" if n % 2 else "", breaks=("sex",))
        one = framework.keep_indicator(by="w", project="P1", said=said)
        framework.set_target(by="w", indicator=one.code, until=date(2024, 12, 31), value="5")
        framework.keep_indicator(by="w", project="P2", said=replace(said, parent=""))
        draft = verbs.write(by="w", said=verbs.ReadingSaid(one.code, date(2025, 12, 31), "4", "Report"))
        verbs.lead(by="w", code=draft.code, act="submit")
        approved("w", "a", made["trained"], str(40 + n), until=date(2005 + n, 12, 31))
    assert {at: asked(cast, at) for at in pages} == before


def asked(cast: Cast, at: str) -> int:
    """How many questions a page asks."""
    browser = cast.client(SECRETARIAT)
    with CaptureQueriesContext(connection) as questions:
        assert browser.get(at).status_code == 200
    return len(questions)
