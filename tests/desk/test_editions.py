"""Publishing at the desk: editions and who made them, the quality list and its answers, previews, taking down."""

import re
import shutil
import time

import pytest

from quipu.edition.home import Home
from tests import ledgers
from tests.desk.cast import STRANGER, furnish
from tests.desk.test_narratives import save

MANAGER, SECRETARIAT, EDITOR = "portfolio manager", "fund secretariat", "programme editor"


@pytest.fixture(scope="module")
def published(_books_template, tmp_path_factory):
    """A home with one edition of the house's books, made once; nobody changes anything there."""
    from django.db import connection

    from quipu.actions.publish import publish

    ledger = ledgers.sqlite(_books_template, tmp_path_factory.mktemp("published"), furnish)
    home = Home(ledger.home)
    home.prepare()
    ledger.post('2024-03-01 transfer ^t1 "Paid to Wayra"\n    transfer VALLEY > P1/ORG1 100.00\n')
    publish(home, None)
    connection.close()
    return ledger.home


@pytest.fixture
def here(published, cast):
    """The house with one edition of its books, and settings that point to it."""
    from django.db import connection
    from django.test import override_settings

    connection.close()
    shutil.copytree(published, cast.ledger.home, dirs_exist_ok=True)
    home = Home(cast.ledger.home)
    with override_settings(HOME=home.root):
        yield home


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def posted(cast, n):
    cast.ledger.post(f"2024-04-0{n} transfer ^x{n}\n    transfer VALLEY > P1/ORG1 {n}.00\n")


# The list of editions


def test_each_edition_says_who_made_it_and_what_it_changed(cast, here):
    from quipu.actions import publish_now
    from quipu.actions.publish import publish

    posted(cast, 1)
    publish_now.run(here, by=cast.people[SECRETARIAT].pk, reason="Report of the year")
    posted(cast, 2)
    publish(here, None)
    page = cast.client(MANAGER).get("/desk/editions")
    rows = re.findall(r"<tr.*?</tr>", page.content.decode(), re.DOTALL)[1:]
    told = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    assert [one.split()[0] for one in told] == ["3", "2", "1"]
    assert "current" in told[0]
    assert "by itself" in told[0]
    assert "Fund Secretariat" in told[1]
    assert "1 link of the books" in told[1]


def test_the_list_asks_the_same_number_of_questions_for_one_edition_and_for_many(cast, here):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from quipu.actions import publish_now

    browser = cast.client(MANAGER)
    browser.get("/desk/editions")
    counts = []
    for n in range(3):
        if n:
            posted(cast, n)
            publish_now.run(here, by=cast.people[SECRETARIAT].pk)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert browser.get("/desk/editions").status_code == 200
        counts.append(len(asked))
    assert counts[1] == counts[2]


# The quality list


def findings(browser, address="/desk/editions/quality"):
    return re.findall(r'<th scope="row">(.*?)(?:<br>|</th>)', browser.get(address).content.decode())


def answers(browser):
    return re.findall(
        r'href="(/desk/editions/quality/[0-9a-f]{20})"', browser.get("/desk/editions/quality").content.decode()
    )


def test_the_list_shows_what_is_missing_and_who_can_mend_it(cast, here):
    page = text(cast.client(MANAGER).get("/desk/editions/quality"))
    assert "Nothing says what it does" in page
    assert "Programme Editor" in page
    assert "Write an overview of a few sentences." in page


def test_an_editor_sees_the_findings_of_their_project_alone_and_answers_none(cast, here):
    mine = cast.client(EDITOR)
    everything, own = findings(cast.client(MANAGER)), findings(mine)
    assert 0 < len(own) < len(everything)
    page = text(mine.get("/desk/editions/quality"))
    assert "Terraces" in page
    assert "Harbours" not in page
    assert answers(mine) == []
    assert mine.get(answers(cast.client(MANAGER))[0]).status_code == 403


def test_a_finding_that_is_published_anyway_needs_a_reason_and_keeps_it(cast, here):
    browser = cast.client(MANAGER)
    address = answers(browser)[0]
    refused = browser.post(address, {"verb": "publish anyway", "reason": ""})
    assert refused.status_code == 422
    assert browser.post(address, {"verb": "review", "reason": ""}).status_code == 302
    assert "seen Portfolio Manager" in text(browser.get(address))
    assert browser.post(address, {"verb": "publish anyway", "reason": "It follows in May."}).status_code == 302
    assert "published anyway Portfolio Manager" in text(browser.get(address))
    assert "It follows in May." in text(browser.get("/desk/editions/quality"))


def test_the_secretariat_of_another_fund_answers_nothing_there(cast, here):
    other = cast.person(SECRETARIAT, fund_id="COAST")
    addresses = answers(cast.client(SECRETARIAT))
    assert addresses
    assert cast.client(person=other).post(addresses[0], {"verb": "review"}).status_code == 403


def test_the_list_asks_the_same_number_of_questions_for_few_findings_and_for_many(cast, here):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from quipu.actions.publish import publish

    def asked():
        browser = cast.client(MANAGER)
        browser.get("/desk/editions/quality")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/desk/editions/quality").status_code == 200
        return len(queries)

    few, count = asked(), len(findings(cast.client(MANAGER)))
    more = "".join(f'project M{n} "More {n}"\n    fund: VALLEY\n' for n in range(20))
    cast.ledger.post(f"{more}2024-05-01 transfer ^more\n    transfer VALLEY > M1/ORG1 1.00\n")
    publish(here, None)
    assert len(findings(cast.client(MANAGER))) > count + 15
    assert asked() == few


def test_what_waits_is_one_line_with_the_number_of_findings(cast, here):
    page = text(cast.client(EDITOR).get("/desk"))
    assert re.search(r"Mend \d+ findings? of the quality list", page)
    assert "quality list" not in text(cast.client("contributor").get("/desk"))


def mending(browser, finding, project="Terraces"):
    """Where the list leads to mend a finding of a project: the addresses of its cell."""
    page = browser.get("/desk/editions/quality").content.decode()
    rows = re.findall(r"<tr>.*?</tr>", page[page.index(f"{project} <small>") :], re.DOTALL)
    cell = next(row for row in rows if finding in row).split("<td")[2]
    return re.findall(r'href="([^"]*)"', cell)


def test_a_finding_leads_whoever_may_mend_it_to_the_page_that_does_and_others_to_where_it_shows(cast, here):
    mine, secretariat = cast.client(EDITOR), cast.client(SECRETARIAT)
    section, edit = "/desk/programmes/narrative/project/P1/overview/en", "/desk/programmes/project/P2/edit"
    assert mending(mine, "Nothing says what it does") == [section]
    assert mine.get(section).status_code == 200
    assert mending(cast.client("auditor"), "Nothing says what it does") == ["/project/P1"]
    assert mending(secretariat, "Start date not stated", "Springs") == [edit]
    assert secretariat.get(edit).status_code == 200
    assert mending(cast.client("committee member"), "Start date not stated", "Springs") == ["/project/P2"]
    mended = [secretariat.get(at).content.decode() for at in answers(secretariat)]
    assert sum(f'href="{edit}"' in page for page in mended) == 1


def test_every_finding_leads_to_a_page_that_its_reader_may_open(cast, here):
    from dataclasses import replace
    from types import SimpleNamespace

    from quipu.desk.editions.quality import mended_at
    from quipu.desk.rights import Rights
    from quipu.edition.quality import _MENDS, MISSING, Case

    verbs = {**_MENDS, **{rule: verb for rule, (_, _, verb) in MISSING.items()}}
    led = set()
    for role in cast.people:
        browser, rights = cast.client(role), Rights(cast.people[role])
        request = SimpleNamespace(rights=rights, words=SimpleNamespace(language="en"))
        for rule, verb in verbs.items():
            case = Case(rule, "", "", verb, fund="VALLEY", project="P1", organization="ORG1", identifier="P1")
            for one in (case, replace(case, project="", identifier="VALLEY")):
                at = mended_at(request, one)
                led.add(at)
                assert not at or browser.get(at).status_code == 200, (role, rule, at)
    assert led >= {"", "/desk/programmes/project/P1/status", "/desk/organizations/edit/ORG1", "/desk/funds/VALLEY"}


def test_what_was_found_in_documents_that_are_public_stands_on_the_list_and_leads_to_them(cast, here, monkeypatch):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.desk.test_documents import make_public

    monkeypatch.delenv("QUIPU_CLAMAV", raising=False)
    mine, finding = cast.client(EDITOR), "It holds no text, as a scan does."
    one, other, draft = (handed_in(mine, f"Paper {n}") for n in range(3))
    for document in (one, other, draft):
        document.versions.update(
            findings=[["document-no-words", ""], ["document-unscanned", ""], ["document-comments", ""]]
        )
    comments = "It holds comments with the names of their writers."
    assert finding not in text(mine.get("/desk/editions/quality"))
    assert make_public(mine, one, reason="They agreed").status_code == 302
    assert mending(mine, finding) == [f"/desk/documents/{one.pk}"]
    page = text(mine.get("/desk/editions/quality"))
    assert "Paper 0" in page
    assert "Paper 2" not in page
    assert comments not in page  # it was published with a reason
    one.versions.update(cleared_why="")
    assert comments in text(mine.get("/desk/editions/quality"))
    assert mending(cast.client("auditor"), finding) == ["/project/P1"]
    address = next(at for at in answers(cast.client(MANAGER)) if finding in text(cast.client(MANAGER).get(at)))
    assert cast.client(MANAGER).post(address, {"verb": "review", "reason": ""}).status_code == 302

    def asked():
        with CaptureQueriesContext(connection) as queries:
            mine.get("/desk/editions/quality")
        return len(queries)

    few = asked()
    assert make_public(mine, other, reason="They agreed").status_code == 302
    assert asked() == few
    strangers = cast.client(person=cast.person(EDITOR, project_id="P2"))
    assert "Paper" not in text(strangers.get("/desk/editions/quality"))


# Publishing by hand


@pytest.fixture
def started(monkeypatch):
    """Publications that were started, without a process of their own."""
    from quipu.actions import publish_now

    found = []
    monkeypatch.setattr(publish_now, "_start", lambda home, by, reason: found.append((by, reason)))
    return found


def test_who_publishes_by_hand_is_kept_and_the_page_shows_how_far_it_is(cast, here, started):
    from quipu.actions import publish_now

    browser = cast.client(SECRETARIAT)
    posted(cast, 1)
    assert "The books are 1 link ahead of it." in text(browser.get("/desk/editions/publish"))
    assert browser.post("/desk/editions/publish", {"seen": "1", "reason": "For the meeting"}).status_code == 302
    assert started == [(cast.people[SECRETARIAT].pk, "For the meeting")]
    assert "An edition is being made for Fund Secretariat" in text(browser.get("/desk/editions/publish"))
    again = browser.post("/desk/editions/publish", {"seen": "1"})
    assert again.status_code == 422
    assert len(started) == 1
    publish_now.run(here, by=cast.people[SECRETARIAT].pk)
    page = text(browser.get("/desk/editions/publish"))
    assert "The last one made by hand is edition 2, by Fund Secretariat." in page
    assert "It holds all that was posted." in page


def test_a_publication_that_was_decided_before_another_one_went_out_is_refused(cast, here, started):
    answer = cast.client(SECRETARIAT).post("/desk/editions/publish", {"seen": "0"})
    assert answer.status_code == 422
    assert started == []


def test_a_house_that_asks_for_answers_holds_up_who_publishes_by_hand_until_all_are_given(cast, here, started):
    browser = cast.client(MANAGER)
    assert browser.post("/desk/editions/quality/asked", {"code": "VALLEY", "wanted": "yes"}).status_code == 302
    assert browser.post("/desk/editions/publish", {"seen": "1"}).status_code == 422
    assert started == []
    for address in answers(browser):
        if "Harbours" not in text(browser.get(address)):
            browser.post(address, {"verb": "publish anyway", "reason": "Known"})
    assert browser.post("/desk/editions/publish", {"seen": "1"}).status_code == 302
    assert len(started) == 1


def test_the_secretariat_asks_for_its_own_fund_and_not_for_the_house(cast, here):
    browser = cast.client(SECRETARIAT)
    assert browser.post("/desk/editions/quality/asked", {"code": "-", "wanted": "yes"}).status_code == 422
    assert browser.post("/desk/editions/quality/asked", {"code": "COAST", "wanted": "yes"}).status_code == 422
    assert browser.post("/desk/editions/quality/asked", {"code": "VALLEY", "wanted": "yes"}).status_code == 302
    assert browser.post("/desk/editions/quality/asked", {"code": "VALLEY", "wanted": "no"}).status_code == 302


def test_it_is_published_by_a_process_of_its_own(cast, here, monkeypatch):
    from quipu.actions import publish_now

    monkeypatch.setenv("QUIPU_HOME", str(here.root))
    posted(cast, 1)
    assert cast.client(SECRETARIAT).post("/desk/editions/publish", {"seen": "1"}).status_code == 302
    ends = time.monotonic() + 60
    while (state := publish_now.state(here)) and state.runs and time.monotonic() < ends:
        time.sleep(0.2)
    assert state.trouble == ""
    assert (state.edition, here.current()) == (2, 2)
    assert publish_now.publishers([1, 2]) == {2: cast.people[SECRETARIAT].pk}


def work():
    from quipu.actions import jobs

    worker = jobs.Worker()
    while worker.step():
        pass


def queued():
    from quipu.actions.publish_now import Job, publish_queued

    return list(Job.objects.filter(task_path=publish_queued.module_path).values_list("status", flat=True))


def test_where_a_worker_lives_it_publishes_and_the_page_shows_it_waiting_running_and_done(
    cast, here, started, monkeypatch
):
    from quipu.actions import jobs, publish_now

    browser, shown = cast.client(SECRETARIAT), []
    posted(cast, 1)
    made = publish_now.publish

    def watched(*args):
        shown.append(text(browser.get("/desk/editions/publish")))
        return made(*args)

    monkeypatch.setattr(publish_now, "publish", watched)
    with jobs.present(here):
        assert browser.post("/desk/editions/publish", {"seen": "1", "reason": "For the meeting"}).status_code == 302
        page = browser.get("/desk/editions/publish")
        assert "An edition for Fund Secretariat waits for its turn." in text(page)
        assert "No worker runs" not in text(page)
        assert b'http-equiv="refresh"' in page.content
        assert browser.post("/desk/editions/publish", {"seen": "1"}).status_code == 422
        assert queued() == ["READY"]
    assert "No worker runs at present" in text(browser.get("/desk/editions/publish"))
    assert browser.post("/desk/editions/publish", {"seen": "1"}).status_code == 422
    work()
    assert started == []
    assert ["An edition is being made for Fund Secretariat: reading." in each for each in shown] == [True]
    assert "The last one made by hand is edition 2, by Fund Secretariat." in text(browser.get("/desk/editions/publish"))
    assert here.numbers() == [1, 2]
    assert publish_now.publishers([1, 2]) == {2: cast.people[SECRETARIAT].pk}


def test_what_failed_at_a_worker_is_told_with_its_error_and_can_be_sent_again(cast, here, monkeypatch):
    from quipu.actions import jobs, publish_now
    from quipu.edition.home import HomeError

    def full(*_):
        raise HomeError("The home is full.")

    browser = cast.client(SECRETARIAT)
    with monkeypatch.context() as patched, jobs.present(here):
        patched.setattr(publish_now, "publish", full)
        browser.post("/desk/editions/publish", {"seen": "1"})
        work()
    page = text(browser.get("/desk/editions/publish"))
    assert "The last one failed, and nothing of it is public: The home is full." in page
    assert here.numbers() == [1]
    with jobs.present(here):
        assert browser.post("/desk/editions/publish", {"seen": "1"}).status_code == 302
    work()
    assert here.numbers() == [1, 2]
    assert "edition 2, by Fund Secretariat" in text(browser.get("/desk/editions/publish"))


def test_a_job_that_runs_twice_publishes_once_also_where_its_worker_ended_before_it_said_so(cast, here, monkeypatch):
    from quipu.actions import jobs, publish_now

    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    with jobs.present(here):
        cast.client(SECRETARIAT).post("/desk/editions/publish", {"seen": "1"})
    words = publish_now.Job.objects.get().args_kwargs["kwargs"]
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "once", killed)
        with pytest.raises(Killed):
            publish_now.publish_queued.call(**words)
    assert here.numbers() == [1, 2]
    assert publish_now.publishers([2]) == {}
    for _ in range(2):
        publish_now.publish_queued.call(**words)
        assert here.numbers() == [1, 2]
        assert publish_now.publishers([2]) == {2: cast.people[SECRETARIAT].pk}


def test_a_job_waits_while_another_publication_runs(cast, here):
    from quipu.actions import jobs, publish_now

    with jobs.present(here):
        cast.client(SECRETARIAT).post("/desk/editions/publish", {"seen": "1"})
    with publish_now._running(here):
        work()
        assert queued() == ["READY"]
        assert here.numbers() == [1]


def test_a_worker_that_lives_is_known_and_one_that_was_killed_is_not(cast, here):
    import subprocess
    import sys

    from quipu.actions import jobs, publish_now

    assert not jobs.is_present(here)
    process = subprocess.Popen([sys.executable, "-m", "quipu", "worker", "--home", str(here.root)])
    try:
        until(lambda: jobs.is_present(here))
        assert cast.client(SECRETARIAT).post("/desk/editions/publish", {"seen": "1"}).status_code == 302
        assert publish_now.state(here).job
        until(lambda: not publish_now.state(here).runs)
        assert (publish_now.state(here).trouble, publish_now.state(here).edition) == ("", 2)
    finally:
        process.kill()
        process.wait()
    assert not jobs.is_present(here)


def until(is_so):
    ends = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.2)


# Previews


def preview_of(browser):
    return browser.post("/desk/previews", {"make": "1"})["Location"]


def test_a_preview_shows_what_would_go_out_and_the_public_sees_nothing_of_it(cast, here):
    from django.test import Client

    posted(cast, 7)
    browser = cast.client(SECRETARIAT)
    at = preview_of(browser)
    page = browser.get(f"{at}/vouchers")
    assert page.status_code == 200
    assert "x7" in text(page)
    assert "Nothing of this is public yet" in text(page)
    assert page["Cache-Control"] == "no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert here.current() == 1
    assert here.numbers() == [1]
    assert "x7" not in text(Client().get("/vouchers"))
    assert "Preview of edition 2" in text(browser.get("/desk/previews"))


def test_two_sources_of_the_same_rows_share_a_part_in_a_preview_as_well(cast, here, tmp_path):
    from quipu.actions.publish import publish
    from tests.documents import activity, document

    for name in ("one", "two"):
        (tmp_path / f"{name}.xml").write_text(document(activity("XX-P-7")))
    publish(here, [tmp_path / "one.xml", tmp_path / "two.xml"])
    browser = cast.client(SECRETARIAT)
    assert browser.get(f"{preview_of(browser)}/project/XX-P-7").status_code == 200


def test_the_publish_page_says_what_the_preview_would_change(cast, here):
    browser = cast.client(SECRETARIAT)
    posted(cast, 3)
    assert "By your preview" not in text(browser.get("/desk/editions/publish"))
    at = preview_of(browser)
    assert "By your preview, beside that edition: Vouchers 1" in text(browser.get("/desk/editions/publish"))
    assert browser.get(f"{at}/changes").status_code == 200


def test_a_preview_obeys_a_takedown_that_was_killed_and_leaves_the_rest_of_it_to_be_done(cast, here):
    from quipu.actions.take_down import finish
    from quipu.edition import withholding

    order = withholding.ask(here, "voucher", {"reference": "t1"}, reason="r", by="terminal")
    withholding.put(here, order)
    browser = cast.client(SECRETARIAT)
    at = preview_of(browser)
    entry = re.findall(r'/voucher/([0-9a-f]+)"', browser.get(f"{at}/vouchers").content.decode())[0]
    assert "Wayra" not in text(browser.get(f"{at}/voucher/{entry}"))
    assert [one.target["reference"] for one in here.withheld.unfinished] == ["t1"]
    finish(here)
    assert here.withheld.unfinished == []


def test_links_inside_a_preview_stay_inside_it(cast, here):
    browser = cast.client(SECRETARIAT)
    at = preview_of(browser)
    for path in ("/", "/fund/VALLEY", "/projects", "/project/P1", "/vouchers", "/search?q=terraces", "/data"):
        page = browser.get(f"{at}{path}")
        assert page.status_code == 200, path
        links = re.findall(r'(?:href|action)="(/[^"]*)"', page.content.decode())
        out = [link for link in links if "/desk/preview" not in link and not link.startswith(("/static/", "/e/"))]
        assert out == [], path
    spanish = browser.get(f"/es{at}/projects")
    assert f'href="/es{at}/funds"' in spanish.content.decode()


@pytest.mark.parametrize("role", [MANAGER, "administrator", STRANGER])
def test_nobody_else_reads_a_preview(cast, here, role):
    at = preview_of(cast.client(SECRETARIAT))
    answer = cast.client(role).get(f"{at}/")
    assert answer.status_code == {MANAGER: 404, "administrator": 403, STRANGER: 302}[role]


def test_nothing_is_sent_to_a_preview_and_what_is_missing_is_missing(cast, here):
    browser = cast.client(SECRETARIAT)
    at = preview_of(browser)
    assert browser.post(f"{at}/feedback/mistake", {"text": "x"}).status_code == 405
    assert browser.get(f"{at}/project/no-such-project").status_code == 404
    assert browser.get("/desk/preview/0123456789ab/").status_code == 404


def test_a_preview_is_gone_after_a_day(cast, here, monkeypatch):
    from quipu.edition import preview

    browser = cast.client(SECRETARIAT)
    at = preview_of(browser)
    monkeypatch.setattr(preview, "KEPT", -1)
    assert browser.get(f"{at}/").status_code == 404
    preview.sweep(here)
    assert list((here.root / "previews").iterdir()) == []


# Taking down


def signed_in_again(cast):
    """A manager who has just shown once more who they are."""
    browser = cast.client(MANAGER)
    session = browser.session
    session["account_authentication_methods"] = [
        {**one, "reauthenticated": True} for one in session["account_authentication_methods"]
    ]
    session.save()
    return browser


def test_a_manager_sees_first_what_would_go_and_then_takes_it_down(cast, here):
    from django.test import Client

    public, browser = Client(), signed_in_again(cast)
    preview_of(browser)
    what = {"kind": "voucher", "reference": "t1", "reason": "Somebody's safety", "told": "Safety"}
    seen = browser.post("/desk/editions/takedowns", {**what, "step": "look"})
    assert seen.status_code == 200
    assert "1 row of vouchers" in text(seen)
    entry = re.findall(r'href="/voucher/([0-9a-f]+)"', public.get("/vouchers?where=project%3DP1").content.decode())[0]
    assert "Paid to Wayra" in text(public.get(f"/voucher/{entry}"))
    assert browser.post("/desk/editions/takedowns", {**what, "step": "act"}).status_code == 302
    page = text(public.get(f"/voucher/{entry}"))
    assert "Wayra" not in page
    assert "A text was withheld on" in page
    assert "Safety" in page
    assert "Somebody's safety".replace("'", "&#39;") in browser.get("/desk/editions/takedowns").content.decode()
    assert not (here.root / "previews").exists()


def test_a_takedown_wants_a_fresh_signing_in_and_what_it_is_about(cast, here):
    what = {"kind": "document", "sha256": "", "reason": "x", "step": "act"}
    stale = cast.client(MANAGER, fresh=False).post("/desk/editions/takedowns", what)
    assert stale.status_code == 302
    assert "reauthenticate" in stale["Location"]
    assert signed_in_again(cast).post("/desk/editions/takedowns", what).status_code == 422
    assert cast.client(SECRETARIAT).post("/desk/editions/takedowns", what).status_code == 403
    assert not (here.root / "withheld.jsonl").exists()


# What is not public yet, in a preview


def handed_in(browser, title, *, place="VALLEY/P1"):
    """A document that its editor described, as yet for the house only."""
    from tests.desk import papers
    from tests.desk.test_documents import describe, hand_in

    document = hand_in(browser, papers.pdf(title), place=place)
    assert describe(browser, document, title_en=title, place=place).status_code == 302
    return document


def page_in(browser, path):
    answer = browser.get(preview_of(browser) + path)
    assert answer.status_code == 200
    return text(answer)


def test_a_preview_shows_drafts_of_its_makers_projects_and_nobody_elses(cast, here, monkeypatch):
    from django.test import Client

    from quipu.actions.publish import publish

    monkeypatch.delenv("QUIPU_CLAMAV", raising=False)
    mine = cast.client(EDITOR)
    other = cast.client(person=cast.person(EDITOR, project_id="P2"))
    cast.ledger.post("2024-03-02 transfer ^t2\n    transfer VALLEY > P2/ORG1 50.00\n")
    save(mine, "Walls are mended again.", "draft")
    save(other, "Springs are counted.", "draft", code="P2")
    handed_in(mine, "How terraces hold water")
    handed_in(other, "How springs are counted", place="VALLEY/P2")
    publish(here, None)

    at = preview_of(mine)
    own = text(mine.get(f"{at}/project/P1"))
    assert "Walls are mended again." in own
    assert "How terraces hold water" in own
    strange = text(mine.get(f"{at}/project/P2"))
    assert "Springs are counted." not in strange
    assert "How springs are counted" not in strange
    assert "How springs are counted" not in text(mine.get(f"{at}/documents"))
    unscoped = page_in(other, "/project/P1")
    for reader in (unscoped, text(Client().get("/project/P1")), text(Client().get("/documents"))):
        assert "Walls are mended again." not in reader
        assert "How terraces hold water" not in reader
    assert other.get(f"{at}/project/P1").status_code == 404
    both = preview_of(cast.client(SECRETARIAT))  # of the whole fund
    assert "Walls are mended again." in text(cast.client(SECRETARIAT).get(f"{both}/project/P1"))
    assert "Springs are counted." in text(cast.client(SECRETARIAT).get(f"{both}/project/P2"))


def test_a_fund_in_a_preview_is_not_read_by_whoever_has_one_of_its_projects(cast, here):
    from quipu.actions.write_section import write_section

    write_section(by="x", kind="fund", code="VALLEY", section="overview", language="en", text="A word of the fund.")
    assert "A word of the fund." not in page_in(cast.client(EDITOR), "/fund/VALLEY")
    assert "A word of the fund." in page_in(cast.client(SECRETARIAT), "/fund/VALLEY")
    assert "A word of the fund." in page_in(cast.client(MANAGER), "/fund/VALLEY")


def test_a_draft_that_follows_what_is_public_takes_its_place_in_a_preview_alone(cast, here):
    from django.test import Client

    from quipu.actions.publish import publish
    from quipu.actions.write_section import write_section

    def write(words, *, is_public):
        write_section(
            by="x", kind="project", code="P1", section="overview", language="en", text=words, is_public=is_public
        )

    write("As it was.", is_public=True)
    write("As it will be.", is_public=False)
    publish(here, None)
    page = page_in(cast.client(EDITOR), "/project/P1")
    assert "As it will be." in page
    assert "As it was." not in page
    page = text(Client().get("/project/P1"))
    assert "As it was." in page
    assert "As it will be." not in page


def test_a_document_under_embargo_or_before_its_release_stands_in_a_preview_and_one_taken_back_does_not(
    cast, here, monkeypatch
):
    from datetime import date, timedelta

    from django.test import Client

    from quipu.actions import documents
    from quipu.actions.publish import publish
    from quipu.books import models
    from tests.desk.test_documents import make_public

    monkeypatch.delenv("QUIPU_CLAMAV", raising=False)
    mine = cast.client(EDITOR)
    later, waiting, back, bare = (handed_in(mine, f"Paper {word}") for word in ("later", "waiting", "back", "bare"))
    until = date.today() + timedelta(days=9)  # noqa: DTZ011 - the office's day
    for document in (later, waiting, back):
        assert make_public(mine, document).status_code == 302
    models.Document.objects.filter(pk=later.pk).update(visibility="embargoed", until=until)
    models.Document.objects.filter(pk=waiting.pk).update(waits=True)
    waiting.versions.update(waits=True)
    models.Document.objects.filter(pk=bare.pk).update(type="")  # could not be made public as it is
    documents.withdraw(by="x", document=back, reason="A mistake")
    publish(here, None)
    page = page_in(mine, "/project/P1")
    assert "Paper later" in page
    assert "Paper waiting" in page
    assert "Paper back" not in page
    assert "Paper bare" not in page
    page = text(Client().get("/project/P1"))
    assert not any(f"Paper {word}" in page for word in ("later", "waiting", "back", "bare"))


# Documents that are taken down


def test_a_documents_page_leads_whoever_may_take_it_down_there_and_it_does_not_come_back(cast, here, monkeypatch):
    from quipu.actions.publish import publish
    from tests.desk.test_documents import make_public

    monkeypatch.delenv("QUIPU_CLAMAV", raising=False)
    mine = cast.client(EDITOR)
    document = handed_in(mine, "How terraces hold water")
    browser, at = signed_in_again(cast), f"/desk/documents/{document.code}"
    assert "/desk/editions/takedowns?" not in browser.get(at).content.decode()  # nothing of it was ever public
    assert make_public(mine, document).status_code == 302
    publish(here, None)
    assert "/desk/editions/takedowns?" not in mine.get(at).content.decode()
    assert "/desk/editions/takedowns?" not in cast.client(SECRETARIAT).get(at).content.decode()
    link = re.search(r'href="(/desk/editions/takedowns\?[^"]*)"', browser.get(at).content.decode())[1]
    sha256 = document.versions.get().sha256
    form = browser.get(link.replace("&amp;", "&")).content.decode()
    assert f'value="{sha256}"' in form
    what = {"kind": "document", "sha256": sha256, "reason": "Somebody's safety", "step": "act"}
    assert browser.post("/desk/editions/takedowns", what).status_code == 302
    assert list(here.parts.glob(f"{sha256}.pdf")) == []
    publish(here, None)
    assert list(here.parts.glob(f"{sha256}.pdf")) == []
    preview_of(mine)
    assert list(here.root.glob(f"**/parts/{sha256}.pdf")) == []
