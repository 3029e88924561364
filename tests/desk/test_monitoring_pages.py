"""Monitoring at the desk as its people use it: written, handed over, decided on; what waits for whom; and no question per row."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.monitored import monitored
from tests.desk.resulting import framed

EDITOR, SECRETARIAT, LEAD = "programme editor", "fund secretariat", "lead agency editor"


def form_of(page: Any) -> dict[str, Any]:
    """What a browser would send of the page's form."""
    from lxml import html

    form = next(each for each in html.fromstring(page.text).forms if each.get("class") == "letter")
    return dict(form.form_values())


@pytest.fixture
def at(cast: Any) -> Any:
    """The house, and who is signed in where."""
    return cast


def test_a_narrative_from_its_beginning_to_its_acceptance(at: Any) -> None:
    from quipu.books import models

    framed("w")
    editor, secretariat = at.client(EDITOR), at.client(SECRETARIAT)
    page = editor.post("/desk/monitoring/project/P1/narratives/new", {"year": 2025, "reason": ""})
    assert page.status_code == 302
    address = page["Location"]
    for language, text in (("en", "- Rain"), ("es", "- Lluvia")):
        part = f"{address}/part/hard/{language}"
        told = {**form_of(editor.get(part)), "text": text}
        assert editor.post(part, told).status_code == 302
    late = editor.post(f"{address}/part/hard/en", {**told, "text": "Other words."})
    assert late.status_code == 422
    assert "Somebody else changed it" in late.text
    page = editor.get(address)
    assert "No approved reading of the year: Springs that run all year" in page.text
    assert "Not written: The year in brief" in page.text
    assert "<li>Lluvia</li>" in page.text
    assert editor.post(f"{address}/hand/hand-over", form_of(editor.get(f"{address}/hand/hand-over"))).status_code == 302
    assert f"{address}" in secretariat.get("/desk").text
    assert address not in editor.get("/desk").text
    assert editor.get(f"{address}/decide/accept").status_code == 403
    accept = f"{address}/decide/accept"
    assert secretariat.post(accept, form_of(secretariat.get(accept))).status_code == 302
    done = models.Narrative.objects.get()
    assert (done.state, done.document.type) == ("accepted", "narrative")
    assert "The document is not public yet." in secretariat.get(address).text
    pdf = secretariat.get(f"{address}/pdf")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_whoever_wrote_in_a_narrative_is_not_offered_to_accept_it(at: Any) -> None:
    from quipu.actions.monitoring import narratives

    code = at.people[SECRETARIAT].pk
    one = narratives.begin(by=code, project="P1", year=2025)
    narratives.write(by=code, code=one.code, part="next", language="en", text="Go on.")
    narratives.lead(by=code, code=one.code, act="hand over")
    page = at.client(SECRETARIAT).get(f"/desk/monitoring/narrative/{one.code}")
    assert "another person of the secretariat decides on it" in page.text
    assert "decide/accept" not in page.text
    assert f"/desk/monitoring/narrative/{one.code}" not in at.client(SECRETARIAT).get("/desk").text


def test_an_answer_and_a_step_from_a_review(at: Any) -> None:
    made = monitored()
    lead = at.client(LEAD)
    address = f"/desk/monitoring/recommendation/{made['recommended']}/respond"
    told = {**form_of(lead.get(address)), "answer": "partly", "body": "Lead agency", "texts_es": "Una vez al año"}
    assert lead.post(address, {**told, "texts_es": ""}).status_code == 422
    assert lead.post(address, told).status_code == 302
    page = lead.get(f"/desk/monitoring/review/{made['reviewed']}")
    assert 'lang="es">Una vez al año' in page.text
    contributor = at.client("organization contributor")
    assert "Call the meeting" in contributor.get("/desk").text
    step = f"/desk/monitoring/action/{made['action']}"
    moved = {**form_of(contributor.get(step)), "state": "done"}
    assert contributor.post(step, moved).status_code == 422
    answer = contributor.post(step, {**moved, "done_on": "2025-02-01"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk")
    assert "Call the meeting" not in contributor.get("/desk").text


def test_a_lesson_waits_for_another_person(at: Any) -> None:
    editor, lead = at.client(EDITOR), at.client(LEAD)
    new = "/desk/monitoring/project/P1/lessons/new"
    told = {**form_of(editor.get(new)), "kind": "lesson", "titles_en": "", "year": "2024"}
    refused = editor.post(new, told)
    assert (refused.status_code, "Say it in one language at least." in refused.text) == (422, True)
    address = editor.post(new, {**told, "titles_fr": "Parler tôt", "organization": "ORG1"})["Location"]
    submit = f"{address}/hand/submit"
    editor.post(submit, form_of(editor.get(submit)))
    assert address in lead.get("/desk").text
    back = f"{address}/decide/return"
    lead.post(back, {**form_of(lead.get(back)), "reason": "Say why."})
    assert "Say why." in editor.get(address).text
    assert address in editor.get("/desk").text


def test_an_elsewhere_programme_is_nobodys_of_this_one(at: Any) -> None:
    made = monitored("C1")
    for name, word in (("review", "reviewed"), ("risk", "risk"), ("lesson", "lesson"), ("narrative", "yearly")):
        address = f"/desk/monitoring/{name}/{made[word]}"
        assert at.client(SECRETARIAT).get(address).status_code == 403, name
        assert at.client("auditor").get(address).status_code == 200, name
    assert "C1" not in at.client(SECRETARIAT).get("/desk/monitoring").text


def test_actions_stand_in_the_calendar_of_whoever_does_them(at: Any) -> None:
    from quipu.desk.monitoring import waiting
    from quipu.desk.rights import Rights

    made = monitored()
    told = list(waiting.days(Rights(at.people["organization contributor"])))
    assert [(uid, on) for uid, on, *_ in told] == [(f"action-{made['action']}", date(2025, 1, 1))]
    assert list(waiting.days(Rights(at.people["auditor"]))) == []


def test_an_action_is_a_task_from_a_month_before_and_a_risk_after_half_a_year(at: Any) -> None:
    from quipu.books import models, office
    from quipu.desk.monitoring import waiting
    from quipu.desk.rights import Rights

    monitored()
    today, rights = office.today(), Rights(at.people[EDITOR])

    def waits(due: int, looked: int) -> list[str]:
        models.Action.objects.update(due=today + timedelta(days=due))
        models.Risk.objects.update(reviewed_on=today - timedelta(days=looked))
        return sorted({task.verb for task in waiting.tasks(rights)})

    assert waits(31, 180) == []
    assert waits(30, 181) == ["Do what was promised", "Look at the risk again"]


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (SECRETARIAT, "/desk/monitoring"),
        (SECRETARIAT, "/desk/monitoring/project/P1"),
        (SECRETARIAT, "/desk"),
        (SECRETARIAT, "/desk/monitoring/review/P1-r1"),
    ],
)
def test_more_rows_ask_no_more_questions(at: Any, role: str, address: str) -> None:
    from quipu.books import models

    def asked() -> int:
        browser = at.client(role)
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    monitored()
    few = asked()
    for n in range(2, 8):
        monitored(n=n)
        said = models.Recommendation.objects.create(
            code=f"P1-r1-{n}", review_id="P1-r1", number=n, texts={"en": "More"}, organization_id="ORG2"
        )
        models.Action.objects.create(
            **{"code": f"P1-r1-{n}-a1", "recommendation": said, "number": 1, "texts": {"en": "Do it"}},
            **{"organization_id": "ORG1", "state": "planned", "due": date(2025, 1, 1)},
        )
    assert asked() == few


def test_programs_keep_a_review_and_read_it_back(at: Any) -> None:
    from tests.desk.test_matrix import token

    verbs = ("read monitoring", "keep monitoring", "respond to reviews", "approve lessons")
    headers = {"Authorization": f"Bearer {token(at.people[LEAD], verbs)}"}
    browser = at.client("stranger")

    def send(method: str, path: str, body: dict[str, Any]) -> Any:
        ask = getattr(browser, method)
        return ask(f"/desk/api/monitoring{path}", body, content_type="application/json", headers=headers)

    made = send("post", "/projects/P1/reviews", {"kind": "audit", "titles": {"en": "Audit"}}).json()
    assert (made["code"], made["recommendations"]) == ("P1-r1", [])
    send("post", "/reviews/P1-r1/recommendations", {"texts": {"en": "Keep receipts"}})
    answer = {"answer": "accepted", "body": "Lead agency", "on": "2025-01-01"}
    told = send("post", "/recommendations/P1-r1-1/answer", answer).json()
    assert [one["answer"] for one in told["recommendations"][0]["answers"]] == ["accepted"]
    stale = {"kind": "audit", "titles": {"en": "Audit of 2024"}, "version": made["version"] - 1}
    assert send("put", "/reviews/P1-r1", stale).status_code == 409
    lesson = send("post", "/projects/P1/lessons", {"kind": "lesson", "titles": {"en": "Talk early"}}).json()
    send("post", f"/lessons/{lesson['code']}/acts", {"act": "submit"})
    own = send("post", f"/lessons/{lesson['code']}/acts", {"act": "approve"})
    assert (own.status_code, own.json()["findings"][0]["rule"]) == (422, "monitoring-by-itself")
    assert send("post", "/actions/P1-r1-1-a1/state", {"state": "done"}).status_code in (403, 404)
