"""Programs do what the desk's pages do: vouchers, documents, records, narrative, editions; within their token and person."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quipu.edition.withheld import PERSON
from quipu.rules.mandates import Scope
from tests.desk import papers
from tests.desk.test_matrix import FORM, ask
from tests.desk.test_tokens import get, make

FINANCE, APPROVER, SECRETARIAT, MANAGER = (
    "agent finance officer",
    "agent approver",
    "fund secretariat",
    "portfolio manager",
)
DEPOSIT = {
    "fund": "VALLEY",
    "on": "2024-03-01",
    "contributor": "GIVER",
    "agreement": "SAA1",
    "amount": "100000.00",
    "title": "Second instalment",
}
DRAFTS = "/desk/api/vouchers/drafts"
WRITE = ("draft vouchers", "draft allocations", "read books", "read voucher drafts")


def send(word, path, body=None, method="post"):
    return ask(Client(), method, f"/desk/api{path}", word, body or {})


def writes(house, **words):
    return make(house.people[FINANCE], *WRITE, **words)


def drafted(word, **words):
    answer = send(word, "/vouchers/drafts", {"kind": "deposit", "words": {**DEPOSIT, **words}})
    assert answer.status_code == 200, answer.content
    return answer.json()


def findings(answer):
    return [(one["rule"], one["place"]) for one in answer.json()["findings"]]


# Vouchers


def test_a_deposit_is_drafted_checked_and_submitted_by_a_program_and_posted_by_a_person(house):
    word = writes(house)
    told = send(word, "/vouchers/check", {"kind": "deposit", "words": DEPOSIT}).json()
    assert [one["severity"] for one in told["findings"]].count("error") == 0
    assert {one["currency"] for one in told["of_fund"]} == {"USD"}
    draft = drafted(word, amount="90000.00")
    at = f"/vouchers/drafts/{draft['key']}"
    other = {"words": DEPOSIT, "version": draft["version"]}
    changed = send(word, at, other, "put").json()
    assert changed["words"]["amount"] == "100000"
    late = send(word, at, other, "put")
    assert (late.status_code, findings(late)) == (409, [("changed-meanwhile", "")])
    assert send(word, f"{at}/check").json()["of_fund"]
    paper = SimpleUploadedFile("advice.txt", b"paid")
    enclosed = ask(Client(), "post", f"/desk/api{at}/files", word, {FORM: {"files": paper}}).json()
    raw = {
        "data": b"as it is",
        "content_type": "application/octet-stream",
        "headers": {"Authorization": f"Bearer {word}"},
    }
    both = Client().post(f"/desk/api{at}/files?name=../slip.bin", **raw).json()
    assert [one["name"] for one in enclosed["files"]] == ["advice.txt"]
    assert [one["name"] for one in both["files"]] == ["advice.txt", "slip.bin"]
    sha256 = hashlib.sha256(b"as it is").hexdigest()
    file = get(word, f"/desk/api{at}/files/{sha256}")
    assert b"".join(file.streaming_content) == b"as it is"
    assert "attachment" in file["Content-Disposition"]
    submitted = send(word, f"{at}/submit", {"version": both["version"]}).json()
    assert submitted["state"] == "submitted"
    assert send(word, f"{at}/take-back").json()["state"] == "draft"
    assert send(word, f"{at}/submit").json()["state"] == "submitted"
    from quipu.actions import drafts
    from quipu.books import models

    drafts.approve(by=house.people[APPROVER].pk, draft=models.Draft.objects.get(pk=draft["key"]), seen=None)
    posted = get(word, f"/desk/api/vouchers/posted/{draft['key']}").json()
    assert (posted["title"], posted["approved"]) == ("Second instalment", [house.people[APPROVER].pk])
    assert posted["entries"][0]["amount"] == "100000.00"
    assert [one["sha256"] for one in posted["files"]][1] == sha256
    sealed = get(word, f"/desk/api/vouchers/posted/{draft['key']}/files/{sha256}")
    assert b"".join(sealed.streaming_content) == b"as it is"
    listed = get(word, "/desk/api/vouchers?state=posted&fund=VALLEY").json()["items"]
    assert [one["key"] for one in listed] == [draft["key"], "d1"]
    assert get(word, "/desk/api/vouchers?state=posted&fund=COAST").json()["items"] == []
    assert get(word, "/desk/api/vouchers?state=flying").status_code == 422


def test_the_same_key_makes_one_draft_and_nobody_takes_anothers(house):
    word = writes(house)
    said = {"kind": "deposit", "words": DEPOSIT, "key": "export-1"}
    first, second = (send(word, "/vouchers/drafts", said).json() for _ in range(2))
    assert first == second
    other = make(house.person(FINANCE), *WRITE)
    assert findings(send(other, "/vouchers/drafts", said)) == [("draft-of-others", "")]
    narrow = writes(house, scope=Scope("COAST"))
    coast = {**said, "words": {**DEPOSIT, "fund": "COAST", "agreement": ""}}
    assert send(narrow, "/vouchers/drafts", coast).status_code == 403  # what stands under the key is of another fund


def test_what_is_wrong_with_words_is_told_by_place_and_nothing_is_kept(house):
    from quipu.books import models

    word = writes(house)
    for words, found in (
        ({"fund": "VALLEY"}, [("field-missing", "on"), ("field-missing", "amount")]),
        ({**DEPOSIT, "contributor": "NONE"}, [("code-not-there", "contributor")]),
        ({**DEPOSIT, "amount": "1.001"}, [("amount-decimals", "amount")]),
        ({**DEPOSIT, "project": "P1"}, [("draft-words", "project")]),
        ({**DEPOSIT, "original": "5", "currency": "XXQ", "rate": "2"}, [("code-not-there", "currency")]),
    ):
        answer = send(word, "/vouchers/drafts", {"kind": "deposit", "words": words})
        assert (answer.status_code, findings(answer)) == (422, found)
        assert all(one["sentence"] for one in answer.json()["findings"])
    for words in ({"amount": "1e9"}, {"amount": 1.5}, {"title": "\0"}, {"amuont": "1"}, {"on": "yesterday"}):
        assert send(word, "/vouchers/drafts", {"kind": "deposit", "words": {**DEPOSIT, **words}}).status_code == 422
    assert findings(send(word, "/vouchers/check", {"kind": "flight", "words": {}})) == [("draft-kind", "kind")]
    assert models.Draft.objects.count() == 0


def test_no_token_approves_and_an_approvers_sends_back_with_a_reason(house, monkeypatch):
    from tests.desk.test_matrix import token

    monkeypatch.setattr("quipu.desk.api.access.is_mfa_enabled", lambda person: True)
    word = writes(house)
    at = f"/vouchers/drafts/{drafted(word)['key']}"
    send(word, f"{at}/submit")
    approver = token(house.people[APPROVER], ["approve vouchers", "send back vouchers"])
    answer = send(approver, f"{at}/approve")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert "no token does this" in answer.json()["detail"]
    assert findings(send(approver, f"{at}/send-back", {"reason": " "})) == [("reason-missing", "reason")]
    assert send(approver, f"{at}/send-back", {"reason": "Which bank?"}).json()["comment"] == "Which bank?"
    assert findings(send(word, f"{at}/discard", {"reason": ""})) == [("reason-missing", "reason")]
    assert send(word, f"{at}/discard", {"reason": "Twice."}).json()["state"] == "discarded"
    assert findings(send(word, f"{at}/submit")) == [("draft-not-there", "")]


def test_a_token_writes_no_more_than_its_verbs_its_scope_and_its_person(house):
    from quipu.books import models

    mine = drafted(writes(house))
    at = f"/vouchers/drafts/{mine['key']}"
    reads = make(house.people[FINANCE], "read books", "read voucher drafts")
    assert get(reads, f"/desk/api{at}").status_code == 200
    assert send(reads, f"{at}/submit").status_code == 403
    coast = writes(house, scope=Scope("COAST"))
    assert get(coast, f"/desk/api{at}").status_code == 403
    assert get(coast, "/desk/api/vouchers").json()["items"] == []
    assert get(coast, "/desk/api/vouchers/posted/d1").status_code == 403
    assert send(coast, f"{at}/submit").status_code == 403
    new = drafted(coast, fund="COAST", agreement="")
    moved = send(coast, f"/vouchers/drafts/{new['key']}", {"words": DEPOSIT}, "put")
    assert moved.status_code == 403  # a draft does not leave the scope either
    only_deposits = make(house.people[FINANCE], "draft vouchers")
    assert send(only_deposits, f"{at}/submit").json()["state"] == "submitted"
    allocation = {"kind": "allocation", "words": {"fund": "VALLEY"}}
    assert send(only_deposits, "/vouchers/drafts", allocation).status_code == 403
    secretary = make(house.people[SECRETARIAT], "draft allocations")
    assert send(secretary, "/vouchers/drafts", allocation).status_code == 422
    assert send(secretary, "/vouchers/drafts", {"kind": "deposit", "words": DEPOSIT}).status_code == 403
    models.Token.objects.update(expires_at=datetime.now(UTC))
    assert send(only_deposits, f"{at}/take-back").status_code == 401
    models.Draft.objects.get(pk=mine["key"], state="submitted")


# Documents


def test_a_document_is_handed_in_described_and_published_by_a_program(house, monkeypatch):
    monkeypatch.delenv("QUIPU_CLAMAV", raising=False)
    word = make(house.people["programme editor"], "keep documents", "read drafts")
    sent = {"files": SimpleUploadedFile("terraces.pdf", papers.pdf()), "place": "VALLEY/P1"}
    (made,) = ask(Client(), "post", "/desk/api/documents", word, {FORM: sent}).json()
    at = f"/documents/{made['code']}"
    assert (made["standing"], made["versions"][0]["state"]) == ("draft", "checked")
    early = send(word, f"{at}/publish", {"answers": {"knowledge": "no"}})
    assert findings(early) == [("document-no-title", "")]
    said = {"titles": {"en": "How terraces hold water"}, "type": "study", "on": "2024-03", "place": "VALLEY/P1"}
    told = send(word, at, {**said, "version": made["version"]}, "put").json()
    assert send(word, at, {**said, "version": made["version"]}, "put").status_code == 409
    assert told["titles"] == said["titles"]
    assert findings(send(word, f"{at}/publish")) == [("required", "knowledge")]
    assert send(word, f"{at}/publish", {"answers": {"knowledge": "perhaps"}}).status_code == 422
    assert findings(send(word, f"{at}/publish", {"answers": {"weather": "no"}})) == [("document-value", "weather")]
    public = send(word, f"{at}/publish", {"answers": {"knowledge": "no"}, "version": told["version"]}).json()
    assert public["standing"] == "public"
    assert [one["code"] for one in get(word, "/desk/api/documents?state=public&words=terraces").json()["items"]] == [
        made["code"]
    ]
    assert get(word, "/desk/api/documents?state=internal").json()["items"] == []
    file = get(word, f"/desk/api{at}/files/1")
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert findings(send(word, f"{at}/withdraw", {"reason": ""})) == [("reason-missing", "reason")]
    assert send(word, f"{at}/withdraw", {"reason": "A name stands in it."}).json()["standing"] == "internal"


def test_files_that_the_desk_refuses_are_refused_of_programs_and_places_hold(house, monkeypatch):
    monkeypatch.delenv("QUIPU_CLAMAV", raising=False)
    word = make(house.people["programme editor"], "keep documents", "read drafts")

    def hand_in(content, place="VALLEY/P1"):
        sent = {"files": SimpleUploadedFile("a.pdf", content), "place": place}
        return ask(Client(), "post", "/desk/api/documents", word, {FORM: sent})

    (refused,) = hand_in(b"\x7fELF\0\1\2" * 20).json()
    assert refused["versions"][0]["state"] == "refused"
    assert refused["versions"][0]["findings"][0]["sentence"]
    assert hand_in(papers.pdf(), "VALLEY/P2").status_code == 403
    assert hand_in(papers.pdf(), "COAST").status_code == 403
    (made,) = hand_in(papers.pdf()).json()
    away = {"titles": {"en": "x"}, "type": "study", "place": "VALLEY/P2"}
    assert findings(send(word, f"/documents/{made['code']}", away, "put"))[0][1] == "place"
    monkeypatch.setenv("QUIPU_DOCUMENT_MB", "1")
    assert findings(hand_in(b"x" * (1 << 20) + b"x")) == [("document-too-large", "files")]


# Records and narrative


def test_a_record_is_read_changed_in_its_own_words_and_never_behind_somebodys_back(house):
    word = make(
        house.people[MANAGER],
        *("read drafts", "make funds", "keep funds", "keep agreements", "keep projects", "keep organizations"),
    )
    for path, more in (
        ("/funds/VALLEY", {"countries": "PE Peru"}),
        ("/funds/VALLEY/agreements/SAA1", {"instalments": "2026-03-01 250,000.00"}),
        ("/projects/P1", {"places": "Ayacucho"}),
        ("/organizations/ORG1", {"aliases": "First one"}),
    ):
        stands = get(word, f"/desk/api{path}").json()
        said = {name: value for name, value in stands["said"].items() if value is not None}
        body = {**said, "title": "Called otherwise", **more, "version": stands["version"]}
        answer = send(word, path, body, "put")
        assert answer.status_code == 200, (path, answer.content)
        now = answer.json()
        assert now == get(word, f"/desk/api{path}").json()
        assert {"title": "Called otherwise", **more}.items() <= now["said"].items()
        assert now["version"] > stands["version"]
        assert {**said, **now["said"]} == now["said"]
        assert send(word, path, {**body, "version": now["version"] - 1}, "put").status_code == 409, path
        wrong = send(word, path, {**body, "title": "\0"}, "put")
        assert wrong.status_code == 422
    assert send(word, "/funds/VALLEY", {"title": "x"}, "put").status_code == 422  # without a version


def test_records_are_made_and_what_is_wrong_with_them_is_told(house):
    word = make(
        house.people[MANAGER],
        *("read drafts", "make funds", "keep agreements", "keep projects", "keep organizations"),
    )
    assert send(word, "/funds", {"code": "HILL", "title": "Hills", "currency": "EUR"}).json()["code"] == "HILL"
    taken = send(word, "/funds", {"code": "HILL", "title": "Hills", "currency": "EUR"})
    assert findings(taken) == [("record-taken", "code")]
    assert send(word, "/organizations", {"code": "NEW", "title": "New one"}).status_code == 200
    agreement = {"code": "SAA9", "contributor": "NEW", "amount": "12.50", "currency": "EUR"}
    assert send(word, "/funds/HILL/agreements", agreement).json()["said"]["amount"] == "12.50"
    assert [one["code"] for one in get(word, "/desk/api/funds/HILL/agreements").json()["items"]] == ["SAA9"]
    assert send(word, "/projects", {"code": "H1", "title": "Huts", "fund": "HILL"}).status_code == 200
    version = get(word, "/desk/api/projects/H1").json()["version"]
    put = send(word, "/projects/H1/participants/NEW", {"number": "7", "version": version}, "put").json()
    assert [(one["organization"], one["number"]) for one in put["participants"]] == [("NEW", "7")]
    ended = send(word, "/projects/H1/participants/NEW/end", {"version": put["version"]}).json()
    assert ended["participants"] == []
    secretary = make(house.people[SECRETARIAT], "keep projects", "keep funds", "read drafts")
    assert send(secretary, "/projects", {"code": "C9", "title": "x", "fund": "COAST"}).status_code == 403
    assert get(secretary, "/desk/api/funds/COAST").status_code == 403
    assert [one["code"] for one in get(secretary, "/desk/api/funds").json()["items"]] == ["VALLEY"]


def test_narrative_is_written_and_marked_public_and_a_fund_with_second_eyes_makes_it_wait(house):
    from quipu.books import models

    word = make(house.people["programme editor"], "edit narratives")
    at = "/narratives/project/P1/overview/en"
    stands = get(word, f"/desk/api{at}").json()
    assert (stands["text"], stands["version"]) == ("", 0)
    draft = send(word, at, {"text": "Water stays.", "version": 0}, "put").json()
    assert (draft["state"], draft["is_public"]) == ("draft", False)
    assert send(word, at, {"text": "Other", "version": 999_999}, "put").status_code == 409
    public = send(word, at, {"text": "Water stays.", "version": draft["version"], "public": True}, "put").json()
    assert (public["state"], public["is_public"]) == ("public", True)
    models.Fund.objects.filter(code="VALLEY").update(second_eyes=True)
    waits = send(word, at, {"text": "More.", "version": public["version"], "public": True}, "put").json()
    assert (waits["state"], waits["is_public"]) == ("waiting", True)
    assert [one["section"] for one in get(word, "/desk/api/narratives/project/P1").json()] == ["overview"]
    assert get(word, "/desk/api/narratives/project/P2/overview/en").status_code == 403
    assert get(word, "/desk/api/narratives/project/P1/weather/en").status_code == 404


# Editions


@pytest.fixture
def edition(cast, monkeypatch):
    """The house with one edition."""
    from django.conf import settings

    from quipu.actions.publish import publish
    from quipu.edition.home import Home

    monkeypatch.setattr(settings, "HOME", cast.ledger.home)

    home = Home(cast.ledger.home)
    home.prepare()
    publish(home, None)
    return home


def test_an_edition_is_published_beside_and_watched(cast, edition, monkeypatch):
    from quipu.actions import publish_now

    begun = []
    monkeypatch.setattr(publish_now, "_start", lambda home, by, reason: begun.append((by, reason)))
    word = make(cast.people[SECRETARIAT], "publish", "read drafts")
    (only,) = get(word, "/desk/api/editions").json()["items"]
    assert (only["number"], only["is_current"]) == (1, True)
    assert get(word, "/desk/api/editions/publication").json() is None
    assert findings(send(word, "/editions/publication", {"seen": 0})) == [("publication-meanwhile", "")]
    answer = send(word, "/editions/publication", {"seen": 1, "reason": "Year"})
    assert answer.status_code == 202
    assert get(word, answer.json()["look"]).json()["runs"] is True
    assert begun == [(cast.people[SECRETARIAT].pk, "Year")]
    assert findings(send(word, "/editions/publication", {"seen": 1})) == [("publication-runs", "")]
    listed = get(word, "/desk/api/editions/quality").json()["items"]
    assert listed
    assert {one["fund"] for one in listed} == {"VALLEY"}


def test_taking_down_needs_a_token_for_it_the_second_factor_and_the_whole_house(cast, edition, monkeypatch):
    from quipu.desk.api import access

    person, wanted = cast.people[MANAGER], {"kind": "voucher", "target": {"reference": "d1"}, "reason": "A name."}
    words = {"has_second": True}
    word = make(person, "take down", **words)
    part = make(person, "take down", scope=Scope("VALLEY"), **words)
    assert send(word, "/takedowns", wanted).status_code == 403
    monkeypatch.setattr(access, "is_mfa_enabled", lambda one: True)
    assert send(make(person, "publish", "read drafts"), "/takedowns", wanted).status_code == 403
    assert send(part, "/takedowns", wanted).status_code == 403
    assert send(word, "/takedowns/foresee", {"kind": "voucher", "target": {"reference": "d1"}}).status_code == 200
    assert get(word, "/desk/api/takedowns").json()["items"] == []
    done = send(word, "/takedowns", wanted)
    assert done.status_code == 200, done.content
    (order,) = get(word, "/desk/api/takedowns").json()["items"]
    assert (order["kind"], order["by"], order["reason"]) == ("voucher", person.pk, "A name.")
    assert findings(send(word, "/takedowns", {**wanted, "kind": "sky"})) == [("takedown-kind", "kind")]


def test_a_hidden_name_is_not_told_again(cast, edition, monkeypatch):
    monkeypatch.setattr("quipu.desk.api.access.is_mfa_enabled", lambda one: True)
    word = make(cast.people[MANAGER], "take down", has_second=True)
    done = send(word, "/takedowns", {"kind": PERSON, "target": {"words": "Wayra Quispe"}, "reason": "Asked for."})
    assert done.status_code == 200, done.content
    told = done.json()["takedown"], get(word, "/desk/api/takedowns").json()
    assert "Wayra" not in str(told)
    assert "salt" not in str(told)


# Lists


def test_lists_ask_the_same_number_of_questions_for_one_row_and_for_twenty(house, request):
    if house.ledger.engine == "postgresql" and not request.config.getoption("--long"):
        pytest.skip("takes long: run with --long")  # how many are asked does not hang on the engine
    from quipu.actions import documents, drafts
    from quipu.books import models

    everything = make(house.people[MANAGER], "read books", "read voucher drafts", "read drafts", "keep organizations")
    paths = (
        "vouchers",
        "vouchers?state=posted",
        "documents",
        "projects",
        "organizations",
        "funds",
        "funds/VALLEY/agreements",
    )
    counts = []
    for n in (1, 20):
        for i in range(n):
            drafts.write(by=house.people[FINANCE].pk, kind="deposit", words=DEPOSIT)
            house.ledger.post(f"2024-04-01 deposit ^x{n}-{i}\n    deposit VALLEY < GIVER 5.00 under SAA1\n")
            file = papers.put(house.ledger.home, papers.pdf(f"{n} {i}"), f"{n}-{i}.pdf")
            documents.hand_in(by="x", file=file, name="a.pdf", fund="VALLEY")
            models.Project.objects.create(code=f"X{n}-{i}", fund_id="VALLEY")
            models.Organization.objects.create(code=f"O{n}-{i}")
            models.Fund.objects.create(code=f"F{n}-{i}", currency="USD")
            models.Agreement.objects.create(code=f"A{n}-{i}", fund_id="VALLEY", contributor_id="GIVER")
        asked = []
        for path in paths:
            get(everything, f"/desk/api/{path}")
            with CaptureQueriesContext(connection) as queries:
                answer = get(everything, f"/desk/api/{path}")
            assert len(answer.json()["items"]) >= n, path
            asked.append((path, len(queries)))
        counts.append(asked)
    assert counts[0] == counts[1]
