"""Statuses, extensions and years: typed with evidence, shown with what the rules say, confirmed once, posted once."""

import pytest

from tests.desk.test_records import form_of


@pytest.fixture
def manager(cast, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "HOME", cast.ledger.home)
    return cast.client("portfolio manager")


def events():
    from quipu.books import models

    return list(models.Event.objects.order_by("posting_id").values_list("posting__kind", "status", "year"))


def hidden(page):
    from lxml import html

    form = next(each for each in html.fromstring(page).forms if each.get("method") == "post" and "key" in each.fields)
    return dict(form.form_values())


STATUS = "/desk/programmes/project/P1/status"


def test_a_status_is_shown_before_it_is_posted_and_posted_once(manager):
    told = form_of(manager.get(STATUS).content.decode())
    told |= {"status": "operationally-closed", "on": "2025-01-31", "evidence": "Notice of 31 January"}
    shown = manager.post(STATUS, told)
    assert shown.status_code == 200
    assert "What happens next" in shown.content.decode()
    assert "Notice of 31 January" in shown.content.decode()
    assert events() == []
    again = {**hidden(shown.content.decode()), "confirm": "1"}
    assert manager.post(STATUS, again).status_code == 302
    assert manager.post(STATUS, again).status_code == 302  # a double click
    assert events() == [("status", "operationally-closed", None)]
    from quipu.books import models

    row = models.History.objects.get(verb="change status")
    assert (row.kind, row.code, row.fund, row.reason) == ("project", "P1", "VALLEY", "Notice of 31 January")


def test_a_status_without_evidence_is_refused_before_it_is_confirmed(manager):
    told = form_of(manager.get(STATUS).content.decode()) | {"status": "ongoing", "on": "2025-01-31"}
    answer = manager.post(STATUS, told)
    assert answer.status_code == 422
    assert "needs its evidence" in answer.content.decode()
    assert events() == []


def test_a_document_is_evidence_and_is_kept_under_its_hash(manager, cast):
    import hashlib

    from django.core.files.uploadedfile import SimpleUploadedFile

    from quipu.actions import keeping
    from quipu.books import models

    body = b"%PDF-1.4 minutes"
    told = form_of(manager.get(STATUS).content.decode()) | {"status": "ongoing", "on": "2025-01-31"}
    told["file"] = SimpleUploadedFile("minutes.pdf", body)
    shown = manager.post(STATUS, told)
    assert shown.status_code == 200
    assert manager.post(STATUS, {**hidden(shown.content.decode()), "confirm": "1"}).status_code == 302
    digest = hashlib.sha256(body).hexdigest()
    assert keeping.path(digest).read_bytes() == body
    assert models.Attachment.objects.get().sha256 == digest


def test_a_warning_of_the_rules_is_shown_and_does_not_refuse(manager, cast):
    cast.ledger.post(
        '2024-03-01 allocation ^a1 "d"\n    allocation VALLEY > P1/ORG1 100.00\n'
        "2024-03-02 transfer ^t1\n    transfer VALLEY > P1/ORG1 100.00\n"
    )
    told = form_of(manager.get(STATUS).content.decode())
    told |= {"status": "financially-closed", "on": "2025-01-31", "evidence": "Final statement"}
    shown = manager.post(STATUS, told).content.decode()
    assert "A balance is left on what was closed" in shown
    assert manager.post(STATUS, {**hidden(shown), "confirm": "1"}).status_code == 302
    assert events() == [("status", "financially-closed", None)]


def test_trying_out_leaves_nothing_behind(cast_anywhere):
    from datetime import date

    from quipu.actions.deciding import STATUS as KIND
    from quipu.actions.deciding import Decision, decide, try_out
    from quipu.actions.saying import Paper
    from quipu.books import models, post

    before = post.head()
    paper = Paper("me", "try", date(2025, 1, 1), "ground")
    decision = Decision(KIND, "P1", status="ongoing")
    assert try_out(lambda: decide(paper=paper, decision=decision)) == []
    assert post.head() == before
    assert not models.History.objects.filter(verb="change status").exists()


def test_a_participation_closes_on_its_own(manager):
    address = "/desk/programmes/project/P1/participants/ORG1/status"
    told = form_of(manager.get(address).content.decode())
    told |= {"status": "operationally-closed", "on": "2025-01-31", "evidence": "Notice"}
    shown = manager.post(address, told).content.decode()
    manager.post(address, {**hidden(shown), "confirm": "1"})
    from quipu.books import models

    event = models.Event.objects.get()
    assert (event.project_id, event.organization_id) == ("P1", "ORG1")


def test_an_extension_goes_later_and_never_earlier(manager):
    address = "/desk/programmes/project/P1/extend"

    def extend(until):
        told = form_of(manager.get(address).content.decode())
        told |= {"until": until, "on": "2025-01-31", "evidence": "Decision 4"}
        answer = manager.post(address, told)
        if answer.status_code == 200:
            return manager.post(address, {**hidden(answer.content.decode()), "confirm": "1"}).status_code
        return answer.status_code

    assert extend("2027-12-31") == 302
    assert extend("2027-12-31") == 422
    assert extend("2028-01-01") == 302


def test_a_year_is_closed_and_reopened_with_a_reason(manager):
    def close(evidence):
        address = "/desk/years/2024/close/VALLEY"
        told = form_of(manager.get(address).content.decode())
        return manager.post(address, {**told, "on": "2025-06-01", "evidence": evidence}).status_code

    def reopen(evidence):
        address = "/desk/funds/VALLEY/reopen-year"
        told = form_of(manager.get(address).content.decode())
        told |= {"year": "2024", "on": "2025-06-01", "evidence": evidence}
        answer = manager.post(address, told)
        if answer.status_code == 200:
            return manager.post(address, {**hidden(answer.content.decode()), "confirm": "1"}).status_code
        return answer.status_code

    assert close("") == 422
    assert close("Report of 31 May") == 302
    assert reopen("") == 422
    assert reopen("A deposit was missing") == 302
    assert events() == [("close-year", "", 2024), ("reopen-year", "", 2024)]
