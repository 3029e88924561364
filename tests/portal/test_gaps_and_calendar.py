"""What we do not know, and who owes what by when, as a reader of the demonstration finds them."""

import re

from tests.files.test_ics import events, lines


def test_an_unknown_payers_deposit_stands_with_its_fund_and_leads_to_its_entry(gateway):
    # the demonstration's valley programme: 60,000.00 came in 2026 and nobody has found who paid it
    rows = gateway.rows("/gaps?fund=JVD00&format=csv&table=unidentified_contributor_pooled")
    assert [(row["fund"], row["year"], row["amount"]) for row in rows] == [("XX-QUIPU-DEMO-JVD00", "2026", "60000")]
    link = next(at for at in gateway.links("/gaps?fund=JVD00") if at.startswith("/figure/deposits") and "year" in at)
    assert "60,000" in gateway.words(link)


def test_the_institute_that_stopped_has_a_balance_left(gateway):
    rows = gateway.rows("/gaps?fund=JVD00&format=csv&table=left_over_pooled")
    assert [(row["participating_organization"], row["amount"]) for row in rows] == [("XX-QUIPU-ORG-HI", "19170")]


def test_each_kind_says_what_it_means_what_to_do_and_how_much(gateway):
    words = gateway.words("/gaps")
    for said in (
        "Not reported",
        "What to do:",
        "Not converted",
        "None: this edition holds no case of it.",
        "never added up",
    ):
        assert said in words
    assert "28,460,478" in words  # deposits of one fund whose contributors nobody published


def test_a_fund_or_country_that_is_not_here_is_said_to_be_so(gateway):
    for address in ("/gaps?fund=nono", "/gaps?country=ZZ", "/gaps?publisher=x"):
        assert gateway.get(address).status_code == 404, address
    assert gateway.get("/gaps?country=pe").status_code == 200


def test_every_amount_of_the_page_leads_to_a_page(gateway):
    trails = [at for at in gateway.links("/gaps?fund=MDG00") if at.startswith(("/figure/", "/report", "/vouchers"))]
    assert len(trails) > 20
    for at in trails[::9]:
        assert gateway.get(at).status_code == 200, at


def test_the_calendar_of_a_year_says_what_is_in_and_ranks_nobody(gateway):
    words = gateway.words("/calendar?year=2026&fund=JVD00")
    assert "certified figures are in" in words
    assert "the year is closed in the books" in words
    assert "to the signature of the organization.s certifier" in words.replace("&#39;", ".").replace("'", ".")
    rows = gateway.rows("/calendar?year=2026&fund=JVD00&format=csv&table=contributor")
    told = [(row["due"], row["amount"], row["state"], row["arrived"]) for row in rows]
    assert told == [
        ("2026-03-01", "800000", "received in full", "2026-03-17"),
        ("2026-10-01", "400000", "nothing is in", ""),
    ]
    rows = gateway.rows("/calendar?year=2026&fund=JVD00&format=csv&table=organization")
    dates = [row["due"] for row in rows]
    assert dates == sorted(dates)
    assert len(rows) == 8


def test_the_calendar_without_a_year_is_that_of_the_edition(gateway):
    year = gateway.get("/data/manifest.json").json()["made_at"][:4]
    assert f"fall due in {year}" in gateway.words("/calendar")


def test_what_is_no_year_is_refused_with_a_sentence(gateway):
    for address in ("/calendar?year=20x6", "/calendar?year=99999", "/calendar.ics?year=next"):
        answer = gateway.get(address)
        assert answer.status_code == 422
        assert b"four digits" in answer.content


def test_a_calendar_program_gets_each_obligation_once_under_a_name_that_stays(gateway):
    body = gateway.get("/calendar.ics?fund=JVD00&year=2026").content
    assert gateway.get("/calendar.ics?fund=JVD00")["Content-Type"].startswith("text/calendar")
    found = events(body)
    names = [event["UID"] for event in found]
    assert len(set(names)) == len(names)
    at = "quipu/annual_return/XX-QUIPU-DEMO-JVD00/XM-DAC-41114/2025"
    (event,) = [event for event in found if event["UID"] == at]
    assert (event["DTSTART"], event["DTEND"]) == ("20260430", "20260501")
    assert "certified figures are in" in event["DESCRIPTION"]
    assert at in [event["UID"] for event in events(gateway.get("/es/calendar.ics?fund=JVD00").content)]
    assert event["URL"].startswith("http://testserver/calendar?year=2026")
    assert re.fullmatch(r"[0-9]{8}T[0-9]{6}Z", event["DTSTAMP"])
    assert lines(body)[1] == "VERSION:2.0"


def test_an_organizations_calendar_holds_its_own_and_its_projects_days(gateway):
    found = events(gateway.get("/calendar.ics?organization=UNICEF&year=2026&fund=JVD00").content)
    assert {event["UID"].split("/")[1] for event in found} == {"narrative", "annual_return"}
    assert all("XM-DAC-41122" in event["UID"] for event in found)
