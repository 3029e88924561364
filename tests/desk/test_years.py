"""The year's end at the desk: what is owed, more time, the console, closing, the consolidated report and who is told of it."""

import hashlib
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from quipu.rules.findings import Refused
from quipu.rules.mandates import EVERYTHING
from tests.desk.returning import (
    APPROVER,
    CERTIFIER,
    FINANCE,
    MANAGER,
    REPORTER,
    accepted,
    answered,
    at_work,
    begun,
    led,
)

SECRETARIAT, CONTRIBUTOR = "fund secretariat", "contributor"
TODAY = date(2024, 5, 10)


@pytest.fixture
def at(cast, monkeypatch):
    """The house with money in it, where its files lie, on 10 May 2024."""
    from django.conf import settings

    from quipu.books import office

    monkeypatch.setattr(settings, "HOME", cast.ledger.home)
    monkeypatch.setattr(office, "today", lambda: TODAY)
    return at_work(cast)


def rules(act):
    with pytest.raises(Refused) as caught:
        act()
    return sorted(finding.rule for finding in caught.value.findings)


def marks(year, fund="VALLEY"):
    from quipu.actions.returns import owing

    return {
        " ".join(filter(None, (one.duty, one.project))): str(one.mark) for one in owing.owed([year]) if one.fund == fund
    }


# What is owed


def test_everything_that_is_owed_for_a_year_bears_its_mark(at):
    assert marks(2023) == {
        "consolidated_report": "open",
        "annual_return": "overdue",
        "narrative": "overdue",
    }
    assert marks(2022) == {
        "consolidated_report": "in",
        "annual_return": "in",
        "narrative": "overdue",
        "final_statement P4": "overdue",
    }
    assert marks(2024)["annual_return"] == "not due"
    assert marks(2021) == {}


def test_a_return_settles_what_is_owed_once_it_is_submitted_and_not_before(at):
    from quipu.actions.returns import owing

    def annual():
        return owing.one("annual_return", "VALLEY", "ORG1", 2023)

    assert (annual().mark, annual().holder) == ("overdue", "with the organization")
    record = led(at, answered(at, begun(at)), "hand over")
    assert (annual().mark, annual().state, annual().holder) == ("overdue", "for certification", "with the certifier")
    led(at, record, "certify")
    assert (annual().mark, annual().state, annual().holder) == ("in", "submitted", "with the agent")
    record.refresh_from_db()
    led(at, record, "send back")
    assert (annual().mark, annual().holder) == ("overdue", "with the organization")


def narrative(on):
    """A narrative report of P1."""
    from quipu.books import models

    told = {"type": "narrative", "fund_id": "VALLEY", "project_id": "P1", "on": on}
    models.Document.objects.create(code="n1", made_by="x", made_at=datetime.now(UTC), **told)


def test_a_narrative_is_in_where_a_document_of_the_project_tells_of_the_year(at):
    narrative("2024-03-02")
    assert marks(2023)["narrative"] == "in"
    assert marks(2022)["narrative"] == "overdue"


def test_a_fund_keeps_deadlines_of_its_own_at_the_desk(at):
    from tests.desk.test_records import form_of

    browser = at.client(MANAGER)
    told = form_of(browser.get("/desk/funds/VALLEY/edit").content.decode())
    wrong = browser.post("/desk/funds/VALLEY/edit", told | {"deadlines": "annual-return 31.5."})
    assert wrong.status_code == 422
    assert "annual-return 04-15" in wrong.text
    told |= {"deadlines": "annual-return 05-15\nnarrative 02-01", "category_shift": "20"}
    assert browser.post("/desk/funds/VALLEY/edit", told).status_code == 302
    assert marks(2023)["annual_return"] == "open"  # until 15 May
    page = browser.get("/desk/funds/VALLEY").text
    assert "annual-return 05-15, narrative 02-01" in page
    assert "20%" in page
    from quipu.books import returns

    assert returns.parts("ORG1", "VALLEY")["P1"].shift == 20


# More time

ASK = "/desk/years/2023/ask/VALLEY/ORG1/annual_return"


def asked(at, until="2024-06-30", **more):
    told = {"wanted": "time", "until": until, "reason": "The auditors come in June.", **more}
    return at.client(REPORTER).post(ASK, told)


def test_more_time_is_asked_for_decided_by_somebody_else_and_counts(at):
    from quipu.books import models

    assert asked(at).status_code == 302
    record = models.Dispensation.objects.get()
    mails = models.Mail.objects.filter(subject="Somebody asks for more time")
    assert [one.to for one in mails] == [f"person {at.people[MANAGER].pk}"]
    assert marks(2023)["annual_return"] == "overdue"
    manager = at.client(MANAGER)
    assert f"/desk/years/dispensations/{record.pk}" in manager.get("/desk").text
    page = manager.get(f"/desk/years/dispensations/{record.pk}").text
    assert "The auditors come in June." in page
    done = manager.post(
        f"/desk/years/dispensations/{record.pk}/decide",
        {"decision": "grant", "until": "2024-06-15", "words": "Until the middle of June."},
    )
    assert done.status_code == 302
    assert marks(2023)["annual_return"] == "extended"
    row = models.History.objects.get(kind="dispensation", verb="grant")
    assert row.is_public
    assert (row.after["until"], row.reason) == ("2024-06-15", "Until the middle of June.")
    answer = models.Mail.objects.get(subject="More time was given", to=f"person {at.people[REPORTER].pk}")
    assert answer.values["until"] == "2024-06-15"
    assert "instead of" in at.client(REPORTER).get("/desk/years/2023/owed").text


def test_what_cannot_be_asked_for_is_refused_beside_its_field(at):
    assert asked(at, until="2024-05-10").status_code == 422  # today is not later
    assert asked(at, until="").status_code == 422
    assert asked(at, reason=" ").status_code == 422
    assert asked(at, until="2024-05-11").status_code == 302
    again = asked(at)
    assert again.status_code == 422
    assert "asked for already" in again.text


def test_who_asked_never_decides_and_a_refusal_needs_words(at):
    from quipu.actions.returns import dispensing, owing

    both = at.person(MANAGER)
    owed = owing.one("annual_return", "VALLEY", "ORG1", 2023)
    record = dispensing.ask(by=both.pk, owed=owed, until=date(2024, 7, 1), reason="x")
    decide = {"record": record, "until": date(2024, 7, 1)}
    assert rules(lambda: dispensing.decide(by=both.pk, granted=True, words="y", **decide)) == ["dispensation-own"]
    other = at.people[MANAGER].pk
    assert rules(lambda: dispensing.decide(by=other, granted=False, words=" ", **decide)) == ["reason-missing"]
    on_the_day = {"record": record, "until": date(2024, 4, 30)}
    assert rules(lambda: dispensing.decide(by=other, granted=True, words="", **on_the_day)) == ["dispensation-earlier"]
    dispensing.decide(by=other, granted=False, words="The report is due in May.", **decide)
    assert rules(lambda: dispensing.decide(by=other, granted=True, words="y", **decide)) == ["dispensation-decided"]
    assert rules(lambda: dispensing.withdraw(by=both.pk, record=record)) == ["dispensation-decided"]
    assert marks(2023)["annual_return"] == "overdue"


def test_a_request_is_taken_back_while_nobody_has_decided(at):
    from quipu.actions.returns import dispensing
    from quipu.books import models

    asked(at, wanted="waiver", until="")
    record = models.Dispensation.objects.get()
    assert record.until is None
    page = at.client(REPORTER).get(f"/desk/years/dispensations/{record.pk}").text
    assert "Take the request back" in page
    at.client(CERTIFIER).post(f"/desk/years/dispensations/{record.pk}/withdraw")
    record.refresh_from_db()
    assert dispensing.state(record) == "withdrawn"
    assert asked(at).status_code == 302  # and may be asked for anew


def test_what_is_in_or_closed_needs_no_dispensation(at):
    from quipu.actions.returns import dispensing, owing

    accepted(at)
    ask = {"by": at.people[REPORTER].pk, "until": date(2024, 7, 1), "reason": "x"}
    for duty, year in (("annual_return", 2023), ("narrative", 2022), ("interim_return", 2024)):
        owed = owing.one(duty, "VALLEY", "ORG1", year)
        assert "dispensation-not-owed" in rules(lambda owed=owed: dispensing.ask(owed=owed, **ask))


# The console


def test_the_console_shows_marks_figures_and_what_is_unusual(at):
    page = at.client(FINANCE).get("/desk/years/2023").text
    assert "10 days late" in page
    assert "40,700.00" in page  # of 2022
    assert "nothing is in" in page
    accepted(at)
    page = at.client(FINANCE).get("/desk/years/2023").text
    assert "32,100.00 USD" in page
    assert "8,600.00)" in page  # less


def test_figures_of_a_return_that_was_not_submitted_stand_nowhere(at):
    record = led(at, answered(at, begun(at)), "hand over")
    agent = at.client(FINANCE)
    for address in ("/desk/years/2023", "/desk/years/2023/table.csv"):
        assert "32,100" not in agent.get(address).content.decode()
        assert "32100" not in agent.get(address).content.decode()
    led(at, record, "certify")
    page = agent.get("/desk/years/2023").text
    assert "32,100.00 USD" in page
    assert "submitted, not posted yet" in page
    assert "of which not posted yet 32,100.00" in page
    record.refresh_from_db()
    led(at, record, "send back")
    assert "32,100" not in agent.get("/desk/years/2023").text


def test_interim_money_is_marked_in_cells_and_totals(at):
    cells = {"P1/equipment": {"amount": 500_000}, "P1/indirect": {"amount": 35_000}}
    led(at, begun(at, kind="interim", cells=cells), "submit", "take up", "accept")
    page = at.client(FINANCE).get("/desk/years/2023").text
    assert "5,350.00 USD" in page
    assert "of which interim 5,350.00" in page
    assert "below half of the year before" in page


def test_rules_of_a_return_find_what_is_unusual_in_a_year(at):
    from quipu.actions.returns import surveying

    # 300,000.00 came in by 2023 and 10,700.00 was spent before: 294,250.00 are above what was funded
    cells = {"P1/staff": {"amount": 27_500_000}, "P1/indirect": {"amount": 1_925_000}}
    cells["P1/note"] = {"comment": "Paid in advance."}
    accepted(at, cells=cells)
    (line,) = surveying.survey(2023, [EVERYTHING]).lines
    assert line.now == 29_425_000
    assert line.unusual == ["above twice the year before", "return-above-funded"]


def test_an_organization_sees_its_own_lines_and_no_others(at):
    at.ledger.post(
        'project P5 "Wells"\n    fund: VALLEY\n    participant: ORG2\n'
        '2023-03-01 allocation ^z-a "m"\n    allocation VALLEY > P5/ORG2 5,000.00\n'
        "2023-03-02 transfer ^z-t\n    transfer VALLEY > P5/ORG2 5,000.00\n"
    )
    page = at.client(REPORTER).get("/desk/years/2023").text
    assert "First organization" in page
    assert "Second organization" not in page
    assert "Remind of what is missing" not in page
    both = at.client(FINANCE).get("/desk/years/2023").text
    assert "Second organization" in both
    narrowed = at.client(FINANCE).get("/desk/years/2023?organization=ORG1&shown=overdue").text
    assert "Second organization" not in narrowed.split("<table")[1]


def many(at, organizations, funds):
    """Organizations by funds at work since 2022, all of them."""
    said, moved = [], []
    for f in range(funds):
        said.append(f'fund F{f} "Fund {f}"\n    currency: USD\n')
    for o in range(organizations):
        said.append(f'organization O{o} "Organization {o}"\n')
    for f in range(funds):
        said.append(f'project J{f} "Project {f}"\n    fund: F{f}\n')
        said += [f"    participant: O{o}\n" for o in range(organizations)]
        lines = "".join(f"    transfer F{f} > J{f}/O{o} 1,000.00\n" for o in range(organizations))
        moved.append(f"2022-02-02 transfer ^many-{f}\n{lines}")
        lines = "".join(f"    expenditure J{f}/O{o} travel certified 100.00 year 2022\n" for o in range(organizations))
        moved.append(f"2023-03-01 return ^many-r{f}\n{lines}")
    at.ledger.post("".join(said) + "\n" + "\n".join(moved))


@pytest.mark.parametrize(
    "address", ["/desk/years/2023", "/desk/years/2023/owed", "/desk/years/2023/remind?shown=missing"]
)
def test_fifty_organizations_and_twenty_funds_take_as_many_questions_as_one(at, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = at.client(MANAGER)
    browser.get(address)  # whatever is asked once in a process
    with CaptureQueriesContext(connection) as one:
        assert browser.get(address).status_code == 200
    many(at, 50, 20)
    with CaptureQueriesContext(connection) as all_of_them:
        page = browser.get(address)
    assert page.status_code == 200
    assert len(all_of_them) == len(one)


def test_the_console_is_a_workbook_and_a_csv_with_the_same_exact_figures(at):
    accepted(at)
    browser = at.client(FINANCE)
    told = browser.get("/desk/years/2023/table.csv").content.decode("utf-8-sig").splitlines()
    assert told[0].startswith("organization,organization_name,fund,fund_name,annual_return")
    assert len(told) == 2
    assert ",40700,,32100,,certified,-8600," in told[1]
    book = load_workbook(io.BytesIO(browser.get("/desk/years/2023/table.xlsx").content))
    rows = list(book["USD"].iter_rows(values_only=True))
    assert rows[0][:3] == ("Code", "Organization", "Fund")
    assert rows[1][0:3] == ("ORG1", "First organization", "VALLEY")
    assert {40_700, 32_100, -8_600} <= set(rows[1])
    assert browser.get("/desk/years/2023/table.pdf").status_code == 404


def test_many_are_reminded_after_a_look_at_who_gets_what(at):
    import re

    from quipu.books import models

    browser = at.client(FINANCE)
    page = browser.get("/desk/years/2023/remind").text
    assert models.Mail.objects.count() == 0
    assert "3 people would get a mail." in page
    told = {
        "of": re.findall(r'name="of" value="([^"]+)"', page),
        "key": re.search(r'name="key" value="([^"]+)"', page)[1],
        "words": "We close in June.",
    }
    assert told["of"] == ["annual_return|VALLEY|ORG1|"]
    for _ in range(2):  # a double click
        assert browser.post("/desk/years/2023/remind", told).status_code == 302
    mails = models.Mail.objects.all()
    assert len(mails) == 3
    assert {one.values["words"] for one in mails} == {"We close in June."}
    again = browser.get("/desk/years/2023/remind").text
    assert "by hand" in again


# Closing

CLOSE = "/desk/years/2023/close/VALLEY"


def closed():
    from quipu.books import returns

    return 2023 in returns.closed_years(["VALLEY"])["VALLEY"]


def test_a_year_is_closed_without_what_is_missing_only_where_that_is_confirmed_and_it_is_kept_by_name(at):
    from tests.desk.test_records import form_of

    browser = at.client(MANAGER)
    page = browser.get(CLOSE).text
    assert "Annual return" in page
    told = form_of(page) | {"on": "2024-05-10", "evidence": "Report of 2023"}
    told.pop("without", None)
    refused = browser.post(CLOSE, told)
    assert refused.status_code == 422
    assert not closed()
    assert browser.post(CLOSE, told | {"without": "on"}).status_code == 302
    assert closed()
    from quipu.books import models

    row = models.History.objects.get(verb="close year")
    assert row.reason == ("Report of 2023 Closed without: ORG1: annual return (overdue); ORG1: narrative (overdue).")
    assert row.is_public


def test_a_year_that_is_not_over_is_not_closed(at):
    from quipu.actions.returns import closing

    words = {"fund": "VALLEY", "on": TODAY, "evidence": "x", "key": "k-1", "without": True}
    early = closing.Closing(year=2024, **words)
    assert rules(lambda: closing.close(by=at.people[MANAGER].pk, closing=early)) == ["closing-early"]


def test_a_complete_year_is_closed_without_a_tick(at):
    from tests.desk.test_records import form_of

    narrative("2023")
    record = led(at, answered(at, begun(at)), "hand over", "certify")
    browser = at.client(MANAGER)
    assert "without" in form_of(browser.get(CLOSE).text) or "submitted" in browser.get(CLOSE).text
    led(at, record, "take up", "accept")
    page = browser.get(CLOSE).text
    assert "Nothing is missing" in page
    told = form_of(page) | {"on": "2024-05-10", "evidence": "Report of 2023"}
    assert "/desk/years/2023/close/VALLEY" in browser.get("/desk").text  # a task by now
    assert browser.post(CLOSE, told).status_code == 302
    assert closed()
    assert "/desk/years/2023/close/VALLEY" not in browser.get("/desk").text


# The consolidated report


def told_by_programme():
    from quipu.books import models

    now = datetime.now(UTC)
    say = {"kind": "project", "code": "P1", "language": "en", "by": "x", "at": now}
    models.Section.objects.create(section="overview", text="Terraces **hold** the water.", state="public", **say)
    models.Section.objects.create(section="outcome-1", title="Fields", text="- one\n- two", state="public", **say)
    models.Section.objects.create(section="lessons-learned", text="Not yet shown.", state="draft", **say)


def report_of(at, fund="VALLEY", year=2023, **more):
    from quipu.actions.returns import reporting

    return reporting.begin(by=at.people[SECRETARIAT].pk, fund=fund, year=year, **more)


def signed(at, record):
    from quipu.actions.returns import reporting

    reporting.sign(by=at.people[APPROVER].pk, record=record, statement="I certify it.")
    record.refresh_from_db()
    return record


def test_a_report_begins_with_what_programmes_made_public_and_names_what_is_missing(at):
    told_by_programme()
    record = report_of(at)
    assert record.narrative["en"] == (
        "## Terraces\n\n### Overview\n\nTerraces **hold** the water.\n\n### Fields\n\n- one\n- two"
    )
    assert record.lacks == ["VALLEY: annual_return/ORG1/overdue"]
    assert report_of(at).pk == record.pk
    assert rules(lambda: report_of(at, year=2024)) == ["report-early"]
    assert rules(lambda: report_of(at, year=2021)) == ["report-no-fund"]


def test_a_silent_project_is_named(at):
    assert report_of(at).lacks == ["narrative/P1", "VALLEY: annual_return/ORG1/overdue"]


def test_the_secretariat_writes_and_the_approver_signs_and_nothing_changes_afterwards(at):
    from quipu.actions import keeping
    from tests.desk.test_records import form_of

    told_by_programme()
    accepted(at)
    record = report_of(at)
    address = f"/desk/years/reports/{record.pk}"
    secretariat, approver = at.client(SECRETARIAT), at.client(APPROVER)
    told = form_of(secretariat.get(f"{address}/narrative/en").text)
    told["text"] += "\n\n## Together\n\nA good year."
    assert secretariat.post(f"{address}/narrative/en", told).status_code == 302
    assert f"{address}/sign" in approver.get("/desk").text
    page = approver.get(f"{address}/sign").text
    assert "32,100.00" in page
    told = form_of(page)
    told.pop("agreed", None)
    assert approver.post(f"{address}/sign", told).status_code == 422
    assert approver.post(f"{address}/sign", told | {"agreed": "on"}).status_code == 302
    record.refresh_from_db()
    assert record.signed_by == at.people[APPROVER].pk
    assert len(record.digest) == 64
    for form, kept in (("pdf", record.pdf), ("xlsx", record.xlsx)):
        body = secretariat.get(f"{address}/file.{form}").content
        assert hashlib.sha256(body).hexdigest() == kept
        assert keeping.path(kept).read_bytes() == body
        assert kept in secretariat.get(address).text
    book = load_workbook(io.BytesIO(keeping.path(record.xlsx).read_bytes()))
    amounts = {cell for row in book["Sources and uses"].iter_rows(values_only=True) for cell in row}
    assert {300_000, 900_000} & amounts  # transferred to P1 in all; deposited
    assert 32_100 in amounts
    late = secretariat.post(f"{address}/narrative/en", {"text": "Other words.", "seen": told["seen"]})
    assert late.status_code == 422
    assert rules(lambda: signed(at, record)) == ["report-signed"]


def test_figures_of_a_report_are_those_at_its_position_of_the_chain(at):
    from quipu.actions.returns import reporting

    record = signed(at, report_of(at))
    before = reporting.content_of(record, reporting.tables(record, record.head))
    accepted(at)
    assert reporting.content_of(record, reporting.tables(record, record.head)) == before
    assert hashlib.sha256(before.encode()).hexdigest() == record.digest
    assert reporting.position() > record.head


def test_whoever_wrote_the_narrative_does_not_sign_it(at):
    from quipu.actions.returns import reporting

    record = report_of(at)
    by = at.people[APPROVER].pk
    reporting.tell_narrative(by=by, record=record, language="en", text="Words.")
    assert rules(lambda: reporting.sign(by=by, record=record, statement="x")) == ["report-own"]
    other = at.person(APPROVER)
    assert rules(lambda: reporting.sign(by=other.pk, record=record, statement=" ")) == ["report-statement"]


def test_a_further_version_needs_a_reason_and_begins_with_the_words_of_the_last(at):
    from quipu.actions.returns import reporting

    record = report_of(at)
    reporting.tell_narrative(by=at.people[SECRETARIAT].pk, record=record, language="es", text="Palabras.")
    signed(at, record)
    assert rules(lambda: report_of(at)) == ["reason-missing"]
    again = report_of(at, reason="A return was restated.")
    assert (again.version, again.reason, again.narrative) == (2, "A return was restated.", {"es": "Palabras."})
    assert [one.version for one in reporting.versions(again)] == [2, 1]


def test_a_report_of_all_funds_holds_the_portfolio_and_each_funds_sources_and_uses(at):
    from quipu.actions.returns import reporting

    record = report_of(at, fund="")
    tables = reporting.tables(record, reporting.position())
    assert list(tables) == ["portfolio USD", "VALLEY sources-and-uses"]
    assert at.client(SECRETARIAT).get(f"/desk/years/reports/{record.pk}").status_code == 403
    assert at.client(MANAGER).get(f"/desk/years/reports/{record.pk}").status_code == 200


def test_a_signed_report_becomes_a_public_document_in_one_act(at):
    from quipu.actions import documents

    record = report_of(at)
    address = f"/desk/years/reports/{record.pk}"
    secretariat = at.client(SECRETARIAT)
    secretariat.post(f"{address}/publish")
    record.refresh_from_db()
    assert record.document_id is None  # nobody has signed it
    signed(at, record)
    assert secretariat.post(f"{address}/publish").status_code == 302
    record.refresh_from_db()
    assert (record.document.type, record.document.visibility) == ("financial-report", "public")
    assert documents.is_public(record.document, TODAY)
    assert record.document.versions.get().sha256 == record.pdf
    secretariat.post(f"{address}/publish")
    from quipu.books import models

    assert models.Document.objects.count() == 1


def test_a_report_with_details_of_people_goes_out_only_with_a_reason(at):
    from quipu.actions.returns import announcing, reporting

    record = report_of(at)
    by = at.people[SECRETARIAT].pk
    reporting.tell_narrative(by=by, record=record, language="en", text="Write to ana.quispe@example.net about it.")
    signed(at, record)
    assert rules(lambda: announcing.make_document(by=by, record=record)) == ["document-personal"]
    record.refresh_from_db()
    assert record.document_id is None
    assert announcing.make_document(by=by, record=record, reason="She agreed.").visibility == "public"


# Contributors


def test_every_contributor_is_told_once_and_opens_what_they_were_told_of(at):
    from quipu.books import models

    at.ledger.post('contributor SILENT "A silent giver"\n2023-05-05 deposit ^s-1\n    deposit VALLEY < SILENT 100.00\n')
    record = signed(at, report_of(at))
    address = f"/desk/years/reports/{record.pk}"
    contributor = at.client(CONTRIBUTOR)
    own = f"{address}/for/GIVER"
    assert contributor.get(own).status_code == 404  # not told yet
    secretariat = at.client(SECRETARIAT)
    page = secretariat.get(address).text
    assert "A silent giver" in page
    assert "nobody to tell here" in page
    assert secretariat.post(f"{address}/tell").status_code == 302
    told = models.Told.objects.get()
    assert (told.organization_id, told.person) == ("GIVER", at.people[CONTRIBUTOR].pk)
    mail = models.Mail.objects.get(pk=told.mail)
    assert mail.address == own
    secretariat.post(f"{address}/tell")
    assert models.Mail.objects.filter(subject=mail.subject).count() == 1
    late = at.person(CONTRIBUTOR, organization_id="GIVER")
    secretariat.post(f"{address}/tell")
    assert sorted(models.Told.objects.values_list("person", flat=True)) == sorted([told.person, late.pk])
    assert contributor.get(own).status_code == 200
    assert hashlib.sha256(contributor.get(f"{own}/file.pdf").content).hexdigest() == record.pdf
    assert contributor.get(f"{address}/for/SILENT").status_code == 404
    assert contributor.get(address).status_code == 403


# Tasks, and the calendar


def test_deadlines_of_a_person_stand_as_the_books_have_them(at, monkeypatch):
    from quipu.actions.returns import dispensing, owing
    from quipu.desk.news import deadlines
    from quipu.desk.rights import Rights
    from quipu.rules.calendar import NOTHING, Obligation

    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)
    found = [
        Obligation("annual_return", date(2024, 4, 30), NOTHING, "VALLEY", "ORG1", year=2023),
        Obligation("narrative", date(2024, 3, 31), NOTHING, "VALLEY", "ORG1", year=2023),
    ]
    monkeypatch.setattr(deadlines, "_edition", object)
    monkeypatch.setattr(deadlines, "obligations", lambda edition, year: [one for one in found if one.due.year == year])
    rights = Rights(at.people[REPORTER])
    assert [one.due for one in deadlines.tasks(rights)] == [date(2024, 4, 30), date(2024, 3, 31)]
    by = {"by": at.people[REPORTER].pk, "reason": "x"}
    given = {"by": at.people[MANAGER].pk, "granted": True, "words": ""}
    later = date(2024, 6, 1)
    one = dispensing.ask(owed=owing.one("annual_return", "VALLEY", "ORG1", 2023), until=later, **by)
    dispensing.decide(record=one, until=later, **given)
    two = dispensing.ask(owed=owing.one("narrative", "VALLEY", "ORG1", 2023), until=None, **by)
    dispensing.decide(record=two, until=None, **given)
    assert [one.due for one in deadlines.tasks(rights)] == [later]
    assert [one.due for one, _ in deadlines.feed(rights, TODAY)] == [later]
    accepted(at)
    assert list(deadlines.tasks(rights)) == []


def test_interim_figures_stand_in_a_calendar_from_the_middle_of_the_year_to_their_day(at, monkeypatch):
    from quipu.books import office
    from quipu.desk.news import deadlines
    from quipu.desk.rights import Rights

    monkeypatch.setattr(deadlines, "_edition", object)
    monkeypatch.setattr(deadlines, "obligations", lambda edition, year: [])
    rights = Rights(at.people[REPORTER])

    def asked_on(day):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: day)
        monkeypatch.setattr(office, "today", lambda: day)
        return sorted(about for _, about in deadlines.feed(rights, day))

    assert asked_on(date(2024, 6, 30)) == []
    assert asked_on(date(2024, 7, 1)) == asked_on(date(2024, 7, 31)) == ["COAST ORG1", "VALLEY ORG1"]
    assert asked_on(date(2024, 8, 1)) == []


def test_only_those_who_decide_find_it_among_their_tasks(at):
    from quipu.desk.rights import Rights
    from quipu.desk.years import waiting

    asked(at)
    report_of(at)
    found = {role: sorted(one.verb for one in waiting.tasks(Rights(at.people[role]))) for role in at.people}
    told = {role: verbs for role, verbs in found.items() if verbs}
    assert told == {MANAGER: ["Decide on more time"], APPROVER: ["Sign"]}
