"""Programs keep frameworks and write readings as the pages do, within their token and person; another person approves."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quipu.rules.mandates import Scope
from tests.desk.resulting import approved, framed
from tests.desk.test_matrix import ask
from tests.desk.test_programs import findings, send
from tests.desk.test_programs_records import closed_to, raw, read
from tests.desk.test_results_workbook import FINE, Sender
from tests.desk.test_tokens import get, make

EDITOR, SECRETARIAT, CONTRIBUTOR = "programme editor", "fund secretariat", "organization contributor"
WRITES = ("read results", "keep frameworks", "write readings")
ALL = (*WRITES, "approve readings", "lock periods", "keep measures")
KEY = "0123456789ab"
A_READING = {"until": "2025-12-31", "value": "93", "source": "Register", "cells": {"sex": {"women": "50", "men": "43"}}}


@pytest.fixture(autouse=True)
def second_factor(monkeypatch):
    """Everybody has set one up."""
    monkeypatch.setattr("quipu.desk.api.access.is_mfa_enabled", lambda person: True)


def writes(cast, role=EDITOR, **words):
    return make(cast.people[role], *(WRITES if role == EDITOR else WRITES[::2]), **words)


def approves(cast):
    return make(cast.people[SECRETARIAT], *ALL)


def done(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_framework_is_made_changed_and_ended_by_a_program(cast):
    word = writes(cast)
    outcome = done(send(word, "/results/projects/P1/outcomes", {"titles": {"en": "Water lasts"}}))
    assert (outcome["code"], outcome["number"]) == ("P1-o1", 1)
    output = done(send(word, "/results/outcomes/P1-o1/outputs", {"titles": {"en": "Keepers"}, "organization": "ORG1"}))
    said = {
        "titles": {"en": "Keepers certified"},
        "kind": "count",
        "parent": output["code"],
        "breaks": ["sex"],
        "baseline": "0",
    }
    made = done(send(word, "/results/projects/P1/indicators", said))
    assert (made["code"], made["parent"], made["outcome"], made["gathers"]) == ("P1-i1", "P1-o1-1", "P1-o1", "stands")
    target = {"until": "2025-12-31", "value": "100"}
    at = "/results/indicators/P1-i1"
    assert done(send(word, f"{at}/targets", target))["targets"][0]["is_in_force"]
    assert findings(send(word, f"{at}/targets", target)) == [("target-same", "value")]
    revised = done(send(word, f"{at}/targets", {**target, "value": "120", "reason": "Another valley"}))
    assert [(one["value"], one["is_in_force"]) for one in revised["targets"]] == [("100", False), ("120", True)]
    changed = {**said, "titles": {"en": "Keepers", "es": "Guardianes"}, "version": revised["version"]}
    assert done(send(word, at, changed, "put"))["titles"]["es"] == "Guardianes"
    assert send(word, at, changed, "put").status_code == 409
    ends = {"reason": "Measured otherwise", "version": read(word, at)["version"]}
    assert done(send(word, "/results/indicator/P1-i1/end", ends))["code"] == "P1-i1"
    told = read(word, "/results/projects/P1")
    assert [len(told[name]) for name in ("outcomes", "outputs", "indicators")] == [1, 1, 1]
    assert told["indicators"][0]["ended_at"]
    assert [one["code"] for one in read(word, "/results/projects")["items"]] == ["P1"]


def test_a_reading_is_written_once_however_often_it_is_sent_and_approved_by_another_person(cast):
    framed("w")
    word, at = writes(cast), "/results/indicators/P1-i1/readings"
    assert done(send(word, f"{at}/check", {**A_READING, "value": "90"}))["findings"][0]["rule"] == "result-cells-above"
    first, again = (done(send(word, at, {**A_READING, "key": KEY})) for _ in range(2))
    assert first == again
    assert (first["code"], first["state"], first["acts"]) == (KEY, "draft", ["submit"])
    one = f"/results/readings/{KEY}"
    changed = done(send(word, one, {**A_READING, "note": "Counted.", "version": first["version"]}, "put"))
    assert send(word, one, {**A_READING, "note": "Late.", "version": first["version"]}, "put").status_code == 409
    assert done(send(word, f"{one}/submit", {"version": changed["version"]}))["acts"] == ["take back"]
    other = approves(cast)
    assert done(send(other, f"{one}/return", {"reason": "Which register?"}))["comment"] == "Which register?"
    done(send(word, f"{one}/submit"))
    told = done(send(other, f"{one}/approve"))
    assert (told["state"], told["is_reported"]) == ("approved", True)
    own = done(send(other, at, {**A_READING, "source": "Visit", "value": "98", "cells": {}}))
    mine = f"/results/readings/{own['code']}"
    done(send(other, f"{mine}/submit"))
    assert findings(send(other, f"{mine}/approve")) == [("reading-by-itself", "")]
    approved("w", "a", framed_indicator("P1-i1"), "99", source="Paper")
    paper = next(each for each in read(word, "/results/readings?indicator=P1-i1")["items"] if each["source"] == "Paper")
    assert done(send(other, f"/results/readings/{paper['code']}/choose", {"reason": "Counted anew"}))["is_reported"]
    assert [each["source"] for each in read(word, "/results/readings?is_reported=true")["items"]] == ["Paper"]
    assert read(word, "/results/readings?state=submitted")["items"][0]["code"] == own["code"]
    assert done(send(other, f"/results/readings/{paper['code']}/withdraw", {"reason": "No"}))["state"] == "withdrawn"
    assert done(send(other, f"{mine}/take-back"))["state"] == "draft"
    assert done(send(other, f"{mine}/discard"))["state"] == "withdrawn"


def framed_indicator(code):
    from quipu.books import models

    return models.Indicator.objects.get(pk=code)


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"value": "about 90"}, ("amount-unreadable", "value")),
        ({"source": " "}, ("reading-source-missing", "source")),
        ({"documents": ["none"]}, ("record-unknown", "documents")),
        ({"cells": {"age": {"0-14": "1"}}}, ("result-cell", "age/0-14")),
    ],
)
def test_what_a_form_refuses_is_refused_to_a_program_by_the_same_names(cast, wrong, found):
    framed("w")
    answer = send(writes(cast), "/results/indicators/P1-i1/readings", {**A_READING, **wrong})
    assert (answer.status_code, findings(answer)) == (422, [found])


def test_periods_lists_and_beneficiaries_are_kept_by_a_program(cast):
    framed("w")
    word = approves(cast)
    at = "/results/projects/P1"
    period = done(send(word, f"{at}/periods", {"since": "2025-01-01", "until": "2025-12-31", "title": "2025"}))
    assert done(send(word, f"/results/periods/{period['number']}/lock"))["locked_by"] == cast.people[SECRETARIAT].pk
    refused = send(word, "/results/indicators/P1-i1/readings", A_READING)
    assert findings(refused) == [("period-locked", "until")]
    assert done(send(word, f"/results/periods/{period['number']}/open", {"reason": "Late"}))["locked_at"] is None
    assert [one["title"] for one in read(word, f"{at}/periods")] == ["2025"]
    said = {"titles": {"en": "Trade"}, "choices": [{"code": "weaver", "titles": {"en": "Weavers"}}]}
    kept = done(send(word, f"{at}/lists/trade", said, "put"))
    assert (kept["choices"], kept["smallest"]) == (said["choices"], 5)
    assert send(word, f"{at}/lists/trade", {**said, "version": kept["version"] - 1}, "put").status_code == 409
    assert [one["code"] for one in read(word, f"{at}/lists")] == ["trade"]
    table = {"until": "2025-12-31", "counts": {"direct/reached/women": 60}, "source": "Register"}
    assert done(send(word, f"{at}/beneficiaries", table))["counts"] == table["counts"]
    assert read(word, f"{at}/beneficiaries")[0]["source"] == "Register"


def test_a_measure_says_how_it_was_put_together_and_from_what(cast):
    from quipu.actions.results import framework

    framed("w")
    word = approves(cast)
    said = {"code": "people", "kind": "count", "fund": "VALLEY", "titles": {"en": "People trained"}}
    made = done(send(word, "/results/measures", said))
    for project, value in (("P1", "93"), ("P2", "7")):
        one = framework.IndicatorSaid({"en": "Trained"}, "count", measure="people")
        approved("w", "a", framework.keep_indicator(by="w", project=project, said=one), value)
    told = read(word, "/results/measures/people")
    whole = told["rollups"][0]
    assert (whole["how"], whole["value"], len(whole["parts"]), whole["left_out"]) == ("sum", "100", 2, [])
    assert read(word, "/results/measures/people?until=2024-12-31")["rollups"][0]["value"] in ("", "0")
    changed = {"titles": {"en": "People"}, "version": made["version"]}
    assert done(send(word, "/results/measures/people", changed, "put"))["titles"] == {"en": "People"}
    assert [one["code"] for one in read(word, "/results/measures")["items"]] == ["people"]


def test_a_workbook_is_sent_checked_written_and_submitted_by_a_program(cast):
    sender = Sender(cast)
    word = writes(cast)
    assert get(word, "/desk/api/results/workbook?project=P1&until=2025-12-31").content.startswith(b"PK")
    kept = done(
        raw(
            word,
            "/results/runs?project=P1&name=a.xlsx",
            sender.filled({**FINE, "P1-i3": {"value": "soon", "source": "a"}}),
        )
    )
    assert (kept["counts"], kept["is_blocked"]) == ({"changed": 5, "as it was": 0, "wrong": 1}, True)
    (found,) = [one for one in kept["findings"] if one["severity"] == "error"]
    assert (found["rule"], found["place"], found["column"], found["value"]) == (
        "result-milestone",
        "P1-i3",
        "value",
        "soon",
    )
    at = f"/results/runs/{kept['code']}"
    assert findings(send(word, f"{at}/apply")) == [("result-milestone", "P1-i3")]
    written = done(send(word, f"{at}/apply", {"which": "good"}))
    assert (written["applied"], len(written["readings"])) == ("good", 2)
    assert done(send(word, f"{at}/apply", {"which": "good"})) == written
    done(send(word, f"{at}/submit"))
    assert {one["state"] for one in read(word, "/results/readings")["items"]} == {"submitted"}
    assert [one["code"] for one in read(word, "/results/runs?project=P1")["items"]] == [kept["code"]]
    assert get(word, f"/desk/api{at}/remarks").content.startswith(b"PK")
    assert get(word, f"/desk/api{at}/file").status_code == 200
    assert done(send(word, f"{at}/check"))["applied"] == "good"


def test_a_token_reaches_nothing_outside_of_its_scope_and_its_persons_mandate(cast):
    framed("w")
    one = approved("w", "a", framed_indicator("P1-i2"), "45")
    mine = writes(cast, CONTRIBUTOR)
    elsewhere = make(cast.person(EDITOR, project_id="C1"), *WRITES)
    narrow = make(cast.people[SECRETARIAT], *ALL, scope=Scope("VALLEY", "P2"))
    reads = make(cast.people[EDITOR], "read results")
    closed_to("/results/indicators/P1-i2/readings", A_READING, mine, elsewhere, narrow, reads)
    closed_to(f"/results/readings/{one.code}/withdraw", {"reason": "x"}, mine, elsewhere, narrow, reads)
    closed_to("/results/projects/P1/outcomes", {"titles": {"en": "x"}}, mine, elsewhere, narrow, reads)
    for path in ("/results/projects/P1", f"/results/readings/{one.code}", "/results/indicators/P1-i2"):
        assert get(elsewhere, f"/desk/api{path}").status_code == 403
    assert read(elsewhere, "/results/readings")["items"] == []
    told = read(mine, "/results/projects/P1")
    assert [each["code"] for each in told["indicators"]] == ["P1-i1"]
    assert done(send(mine, "/results/indicators/P1-i1/readings", A_READING))["indicator"] == "P1-i1"
    assert [each["indicator"] for each in read(mine, "/results/readings")["items"]] == ["P1-i1"]
    assert ask(Client(), "get", "/desk/api/results/readings", "", {}).status_code == 401


def test_a_list_of_readings_asks_the_same_for_one_and_for_twenty(cast):
    made = framed("w")
    word = writes(cast)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            read(word, "/results/readings")
        return len(queries)

    approved("w", "a", made["trained"], "1")
    read(word, "/results/readings")
    first = asked()
    for n in range(20):
        approved("w", "a", made["trained"], "1", source=f"S{n}", until=date(2024, 1, 1 + n))
    assert asked() == first
