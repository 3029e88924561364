"""Funds, projects, agreements and memoranda are kept at the desk, and exported in the words that a journal knows."""

import re
from datetime import date
from decimal import Decimal

import pytest

from quipu.rules.findings import Refused


def exported():
    from quipu.books import words
    from quipu.rules.journal import write

    return write(words.journal())


def rules(refused):
    return [one.rule for one in refused.value.findings]


FUND = {
    "code": "RIVER",
    "title": "River “upper” fund",
    "currency": "JPY",
    "category": "national",
    "agent_fee": "1.5",
    "minimum_balance": "1000",
    "small_balance": "250",
    "over_allocation": "allow",
    "second_eyes": "on",
    "iati": "XX-RIVER",
    "publisher": "XX-P The office; of two words",
    "countries": "PE Peru 60%\nBO 40%",
    "themes": 'water Water and "clean" air',
    "starts": "2026-01-01",
    "ends": "2030-12-31",
    "overview": "One line.\r\nAnother; with marks.",
}
PROJECT = {
    "code": "R1",
    "fund": "RIVER",
    "title": "Springs & wells",
    "window": "UP",
    "description_code": "RIV-1 PER",
    "iati": "XX-RIVER-1",
    "countries": "PE 100%",
    "regions": "189",
    "places": "Cusco\nValle; sagrado",
    "themes": "water Water 50%\nair Clean air 50%",
    "sectors": "14030 Basic drinking water",
    "goals": "6 Clean water",
    "markers": "1 Gender",
    "starts": "2026-02-01",
    "ends": "2028-01-31",
}


@pytest.fixture
def manager(cast_anywhere):
    return cast_anywhere.client("portfolio manager")


def seen(browser, address):
    return re.search(r'name="seen" value="(\d+)"', browser.get(address).content.decode())[1]


def made(manager):
    """A house made at the desk alone."""
    posted = [
        ("/desk/funds/new", FUND),
        ("/desk/funds/RIVER/windows/new", {"code": "UP", "title": "Upper"}),
        ("/desk/programmes/project/new", PROJECT),
        ("/desk/organizations/new", {"code": "NGO", "title": "Amigos; del río", "participates": "on"}),
        (
            "/desk/funds/RIVER/agreements/new",
            {
                "code": "AG1",
                "contributor": "GIVER",
                "title": "Standard",
                "amount": "5000.00",
                "currency": "USD",
                "instalments": "2026-03-01 2,500.00\n2027-03-01 2,500.00",
                "amendments": "2026-06-01 Six more months",
                "earmark": "UP",
                "agent_fee": "none",
                "iati_activity": "GIV-1",
            },
        ),
        (
            "/desk/funds/RIVER/memoranda/new",
            {"organization": "NGO", "title": "MOU", "signed_on": "2026-01-05", "indirect_cost": "6.5"},
        ),
    ]
    for address, told in posted:
        answer = manager.post(address, told)
        assert answer.status_code == 302, (address, re.findall(r'class="fault"[^>]*>.*?</', answer.content.decode()))
    address = "/desk/programmes/project/R1/participants/new"
    for organization, number in (("NGO", ""), ("ORG1", "OSRO/1 x")):
        told = {"organization": organization, "number": number, "seen": seen(manager, address)}
        assert manager.post(address, told).status_code == 302


def test_what_is_made_at_the_desk_is_exported_and_loaded_elsewhere_the_same(manager, tmp_path):
    from tests import ledgers

    made(manager)
    first = exported()
    assert 'project R1 "Springs & wells"' in first
    assert "    second-eyes: yes\n" in first
    assert '    place: "Valle; sagrado"\n' in first
    other = ledgers.sqlite(tmp_path / "template.sqlite3", tmp_path / "other")
    other.post(first)
    assert exported() == first


def test_a_form_saved_as_it_stands_changes_nothing(manager):
    made(manager)
    first = exported()
    for address in (
        "/desk/funds/RIVER/edit",
        "/desk/programmes/project/R1/edit",
        "/desk/funds/RIVER/agreements/AG1",
        "/desk/funds/RIVER/memoranda/NGO",
        "/desk/organizations/edit/NGO",
    ):
        told = form_of(manager.get(address).content.decode())
        assert manager.post(address, told).status_code == 302, address
    assert exported() == first


def form_of(page):
    """What a browser would send of the page's form."""
    from lxml import html

    form = next(each for each in html.fromstring(page).forms if each.get("class") == "letter")
    return dict(form.form_values())


def test_a_code_and_a_currency_are_locked_and_say_why(manager):
    made(manager)
    page = manager.get("/desk/funds/RIVER/edit").content.decode()
    assert 'name="code"' not in page
    assert 'name="currency"' not in page
    assert "never changes and nobody can unlock it" in page


def test_a_code_that_is_taken_is_refused_beside_its_field(manager):
    answer = manager.post("/desk/funds/new", {**FUND, "code": "VALLEY"})
    assert answer.status_code == 422
    assert "in use already" in answer.content.decode()


def test_shares_sum_to_a_hundred_or_none_is_stated(manager):
    from quipu.actions.recording import portions

    assert portions("PE 60%\nBO 40%", "x") == (["PE 60%", "BO 40%"], [])
    assert portions("PE\nBO", "x") == (["PE", "BO"], [])
    assert portions('PE "Peru, the" 100%', "x")[0] == ['PE "Peru, the" 100%']
    assert [one.rule for one in portions("PE 60%\nBO 39.999999%", "x")[1]] == ["portions-not-whole"]
    assert [one.rule for one in portions("PE 60%\nBO", "x")[1]] == ["portions-some"]
    assert [one.rule for one in portions("PE 50%\nPE 50%", "x")[1]] == ["portion-twice"]
    assert [one.rule for one in portions("PE -5%", "x")[1]] == ["portion-unreadable"]
    answer = manager.post("/desk/funds/new", {**FUND, "countries": "PE 60%\nBO 30%"})
    assert answer.status_code == 422
    assert "sum to 100%" in answer.content.decode()


def test_a_rate_is_from_nothing_to_a_hundred():
    from quipu.actions.recording import percent

    assert percent("100", "x") == ("100", [])
    assert percent("0", "x") == ("0", [])
    assert percent(" 1.5% ", "x") == ("1.5", [])
    for wrong in ("100.1", "-1", "NaN", "1e1", "one"):
        assert [one.rule for one in percent(wrong, "x")[1]] == ["rate-unreadable"], wrong


def test_two_do_not_publish_under_one_identifier(cast):
    from quipu.actions.keep_project import ProjectSaid, keep_project

    keep_project(by="me", project=ProjectSaid("N1", "VALLEY", "One", iati="XX-1"), is_new=True)
    with pytest.raises(Refused) as refused:
        keep_project(by="me", project=ProjectSaid("N2", "VALLEY", "Two", iati="XX-1"), is_new=True)
    assert rules(refused) == ["identifier-taken"]
    keep_project(by="me", project=ProjectSaid("N1", "VALLEY", "Still one", iati="XX-1"))  # its own


def test_a_window_of_another_fund_is_refused(cast):
    from quipu.actions.keep_fund import keep_window
    from quipu.actions.keep_project import ProjectSaid, keep_project

    keep_window(by="me", code="W9", fund="COAST", title="Coast", is_new=True)
    with pytest.raises(Refused) as refused:
        keep_project(by="me", project=ProjectSaid("P1", "VALLEY", "Terraces", window="W9"))
    assert rules(refused) == ["window-elsewhere"]


def test_a_secretariat_makes_projects_of_its_own_fund_only(cast):
    secretariat = cast.client("fund secretariat")
    answer = secretariat.post("/desk/programmes/project/new", {"code": "X1", "fund": "COAST", "title": "X"})
    assert answer.status_code == 422
    answer = secretariat.post("/desk/programmes/project/new", {"code": "X1", "fund": "VALLEY", "title": "X"})
    assert answer.status_code == 302
    from quipu.books import models

    assert models.Project.objects.get(code="X1").fund_id == "VALLEY"


def test_somebody_elses_change_meanwhile_is_told_and_nothing_overwritten(cast):
    from quipu.actions.keep_fund import FundSaid, keep_fund
    from quipu.books import models

    manager = cast.client("portfolio manager")
    told = form_of(manager.get("/desk/funds/VALLEY/edit").content.decode())  # nothing was done to it yet
    keep_fund(by=cast.people["fund secretariat"].pk, fund=FundSaid("VALLEY", "Called otherwise again"))
    answer = manager.post("/desk/funds/VALLEY/edit", {**told, "title": "Mine"})
    assert answer.status_code == 422
    assert "Fund Secretariat" in answer.content.decode()
    assert models.Fund.objects.get(code="VALLEY").title == "Called otherwise again"


def test_a_participant_without_money_can_be_taken_off_and_one_with_money_cannot(cast):
    from quipu.actions.keep_project import end_participation
    from quipu.books import models

    end_participation(by="me", project="P1", organization="ORG1")
    assert not models.Participation.objects.filter(project="P1").exists()
    cast.ledger.post('2024-03-01 allocation ^a1 "d"\n    allocation VALLEY > P1/ORG1 10.00\n')
    with pytest.raises(Refused) as refused:
        end_participation(by="me", project="P1", organization="ORG1")
    assert rules(refused) == ["participant-has-money"]


def test_an_agreements_instalments_are_listed_with_their_days(cast):
    from quipu.actions.keep_agreement import AgreementSaid, keep_agreement

    said = {"code": "SAA1", "fund": "VALLEY", "contributor": "GIVER", "currency": "USD"}
    record = keep_agreement(
        by="me", agreement=AgreementSaid(**said, amount=Decimal(10), instalments="2026-01-01 4\n2027-01-01 6.00")
    )
    assert [(one.expected_on, one.amount) for one in record.instalments.order_by("id")] == [
        (date(2026, 1, 1), 4),
        (date(2027, 1, 1), 6),
    ]
    for wrong in ("2026-13-01 4", "2026-01-01", "2026-01-01 4.005", "2026-01-01 -4", "soon"):
        with pytest.raises(Refused) as refused:
            keep_agreement(by="me", agreement=AgreementSaid(**said, instalments=wrong))
        assert rules(refused) == ["line-unreadable"], wrong


def test_a_change_of_a_record_is_kept_with_what_stood_before(cast):
    from quipu.actions.keep_fund import FundSaid, keep_fund
    from quipu.books import models

    keep_fund(by="me", fund=FundSaid("VALLEY", "New name", agent_fee="2"))
    row = models.History.objects.get(kind="fund")
    assert (row.verb, row.before, row.after) == (
        "change",
        {"title": "Valley fund"},
        {"title": "New name", "agent-fee": "2%"},
    )
    assert row.is_public


def test_lists_ask_as_many_questions_for_twenty_as_for_one(cast):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from quipu.books import models

    manager = cast.client("portfolio manager")
    addresses = (
        "/desk/programmes",
        "/desk/funds",
        "/desk/funds/VALLEY",
        "/desk/programmes/project/P1",
        "/desk/organizations",
        "/desk/organizations/pairs",
        "/desk/history",
        "/desk/programmes/contacts/project/P1",
    )

    def questions():
        counted = []
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                assert manager.get(address).status_code == 200
            counted.append(len(asked))
        return counted

    def fill(numbers):
        for n in numbers:
            models.Project.objects.create(code=f"L{n}", fund_id="VALLEY", title=f"Longer {n}")
            models.Fund.objects.create(code=f"F{n}", currency="USD")
            models.Organization.objects.create(code=f"O{n}", title="Many of them")
            models.Participation.objects.create(project_id="P1", organization_id=f"O{n}")
            models.Mou.objects.create(fund_id="VALLEY", organization_id=f"O{n}")
            models.Agreement.objects.create(code=f"A{n}", fund_id="VALLEY", contributor_id=f"O{n}")
            models.Contact.objects.create(kind="project", code="P1", roles={"en": f"Role {n}"})
            key = f"\n2024-04-0{n % 9 + 1} budget ^b{n}\n    budget P1/O{n} travel 5.00\n"
            cast.ledger.post(key)
            from quipu.actions import history

            history.keep(by=manager.session["_auth_user_id"], verb="make", thing=history.Thing("project", f"L{n}"))

    fill([1, 2])  # a pair that looks alike
    questions()  # a session's first page asks more
    first = questions()
    fill(range(3, 22))
    assert questions() == first
