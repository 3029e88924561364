"""People and mandates: handed out with a reason, by those who may, never to oneself; some by two; taken back at once."""

from datetime import date, timedelta

import pytest

from tests.desk.cast import NOBODY, STRANGER
from tests.desk.test_signing import letters


def rules(refused):
    return sorted(finding.rule for finding in refused.value.findings)


def give(by, to, role, reason="needed", **scope):
    from quipu.actions import mandates
    from quipu.actions.mandates import Wanted
    from quipu.rules.mandates import Scope

    days = {name: scope.pop(name) for name in ("since", "until") if name in scope}
    return mandates.give(by=by.pk, person=to.pk, wanted=Wanted(role, Scope(**scope), **days), reason=reason)


def held(person):
    from quipu.actions import mandates

    return [(one.role.value, str(one.scope)) for one in mandates.held_by(person.pk)]


def refused():
    from quipu.rules.findings import Refused

    return pytest.raises(Refused)


def test_an_administrator_hands_out_a_mandate_and_it_counts_at_once(cast_anywhere):
    people = cast_anywhere.people
    give(people["administrator"], people[NOBODY], "programme editor", project="P1")
    assert held(people[NOBODY]) == [("programme editor", "VALLEY P1")]


def test_nobody_hands_a_mandate_to_themselves(cast):
    administrator = cast.people["administrator"]
    with refused() as no:
        give(administrator, administrator, "auditor")
    assert rules(no) == ["mandate-to-oneself"]


def test_whoever_is_no_administrator_hands_out_nothing(cast):
    with refused() as no:
        give(cast.people["portfolio manager"], cast.people[NOBODY], "auditor")
    assert rules(no) == ["mandate-not-yours-to-give"]


def test_an_organization_s_administrator_gives_its_own_mandates_and_nobody_else_s(cast):
    giver, receiver = cast.people["organization administrator"], cast.people[NOBODY]
    give(giver, receiver, "organization reporter", organization="ORG1")
    assert held(receiver) == [("organization reporter", "ORG1")]
    for role, scope in (
        ("organization reporter", {"organization": "ORG2"}),
        ("agent finance officer", {}),
        ("auditor", {"organization": "ORG1"}),
    ):
        with refused() as no:
            give(giver, receiver, role, **scope)
        assert rules(no) == ["mandate-not-yours-to-give"], role


@pytest.mark.parametrize(
    ("role", "scope", "rule"),
    [
        ("king", {}, "mandate-unknown-role"),
        ("organization reporter", {}, "mandate-without-scope"),
        ("programme editor", {}, "mandate-without-scope"),
        ("administrator", {"fund": "VALLEY"}, "mandate-administrator-scope"),
        ("auditor", {"since": date(2026, 2, 2), "until": date(2026, 2, 1)}, "mandate-ends-before"),
        ("auditor of people", {}, "mandate-needs-end"),
        ("auditor", {"fund": "NOWHERE"}, "mandate-scope-unknown"),
    ],
)
def test_a_mandate_that_makes_no_sense_is_refused(cast, role, scope, rule):
    with refused() as no:
        give(cast.people["administrator"], cast.people[NOBODY], role, **scope)
    assert rules(no) == [rule]


def test_a_mandate_needs_a_reason(cast):
    with refused() as no:
        give(cast.people["administrator"], cast.people[NOBODY], "auditor", reason="  ")
    assert rules(no) == ["reason-missing"]


def test_an_approver_s_mandate_counts_once_a_second_administrator_confirmed_it(cast_anywhere):
    from quipu.actions import mandates

    first, second = cast_anywhere.people["administrator"], cast_anywhere.person("administrator")
    receiver = cast_anywhere.people[NOBODY]
    given = give(first, receiver, "agent approver")
    assert held(receiver) == []
    with refused() as no:
        mandates.confirm(by=first.pk, mandate=given)
    assert rules(no) == ["mandate-confirmed-by-giver"]
    with refused() as no:
        mandates.confirm(by=cast_anywhere.people["portfolio manager"].pk, mandate=given)
    assert rules(no) == ["mandate-not-yours-to-give"]
    mandates.confirm(by=second.pk, mandate=given)
    assert held(receiver) == [("agent approver", "everything")]
    with refused() as no:
        mandates.confirm(by=second.pk, mandate=given)
    assert rules(no) == ["mandate-not-waiting"]


def test_the_receiver_does_not_confirm_their_own_mandate(cast):
    from quipu.actions import mandates

    receiver = cast.person("administrator")
    given = give(cast.people["administrator"], receiver, "agent approver")
    with refused() as no:
        mandates.confirm(by=receiver.pk, mandate=given)
    assert rules(no) == ["mandate-to-oneself"]


def test_a_mandate_counts_on_its_first_and_on_its_last_day(cast):
    from quipu.rules.mandates import EVERYTHING, decide

    today = date.today()  # noqa: DTZ011
    receiver = cast.people[NOBODY]
    give(cast.people["administrator"], receiver, "auditor", since=today, until=today + timedelta(days=1))
    from quipu.actions import mandates

    mine = mandates.held_by(receiver.pk)
    allowed = [decide("read books", mine, EVERYTHING, today + timedelta(days=n)).allowed for n in (-1, 0, 1, 2)]
    assert allowed == [False, True, True, False]


def test_a_withdrawn_mandate_counts_no_more_and_leaves_its_reason(cast_anywhere):
    from quipu.actions import mandates
    from quipu.books import models

    people = cast_anywhere.people
    given = give(people["administrator"], people[NOBODY], "auditor")
    with refused() as no:
        mandates.withdraw(by=people["administrator"].pk, mandate=given, reason="")
    assert rules(no) == ["reason-missing"]
    mandates.withdraw(by=people["administrator"].pk, mandate=given, reason="the audit is over")
    assert held(people[NOBODY]) == []
    told = models.History.objects.filter(kind="mandate", code=str(given.pk)).order_by("id")
    assert [(row.verb, row.reason, row.by) for row in told] == [
        ("hand out", "needed", people["administrator"].pk),
        ("withdraw", "the audit is over", people["administrator"].pk),
    ]


def test_the_last_administrator_cannot_go(cast):
    from quipu.actions import mandates, people
    from quipu.books import models

    only = cast.people["administrator"]
    mandate = models.Mandate.objects.get(person=only)
    with refused() as no:
        mandates.withdraw(by=only.pk, mandate=mandate, reason="enough")
    assert rules(no) == ["person-last-administrator"]
    with refused() as no:
        people.leave(by=only.pk, person=only, successor="", on=date.today(), reason="enough")  # noqa: DTZ011
    assert rules(no) == ["person-last-administrator"]


def test_whoever_leaves_passes_mandates_on_in_one_act_but_not_those_of_approval(cast_anywhere):
    from quipu.actions import people
    from quipu.books import models

    cast = cast_anywhere
    leaving, heir = cast.person("programme editor", project_id="P1"), cast.people[NOBODY]
    models.Mandate.objects.create(person=leaving, role="agent approver", since=date(2020, 1, 1))
    browser = cast.client(person=leaving)
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011
    people.leave(by=cast.people["administrator"].pk, person=leaving, successor=heir.pk, on=yesterday, reason="moves on")
    assert held(heir) == [("programme editor", "VALLEY P1")]
    assert held(leaving) == []
    assert browser.get("/desk").status_code == 302


def test_an_invitation_is_accepted_once_and_brings_its_mandates(cast):
    from quipu.books import models

    browser = cast.client("administrator")
    with letters() as sent:
        asked = {"email": "New@Example.org", "role": "fund secretariat", "fund": "VALLEY", "reason": "joins the team"}
        answer = browser.post("/desk/people/invite", asked)
        assert (answer.status_code, answer["Location"]) == (302, "/desk/people")
    assert sent[0].to == ["new@example.org"]
    link = sent[0].body.split("http://testserver")[1].split()[0]
    assert models.Invitation.objects.get().token not in link  # what is kept does not open the door
    stranger = cast.client(STRANGER)
    weak = stranger.post(link, {"name": "New Person", "password": "short"})
    assert weak.status_code == 422
    answer = stranger.post(link, {"name": "New Person", "password": "an owl reads the river"})
    assert answer.status_code == 302
    assert stranger.get("/desk").status_code == 200
    assert held(models.Person.objects.get(email="new@example.org")) == [("fund secretariat", "VALLEY")]
    assert cast.client(STRANGER).get(link).status_code == 410


def test_an_invitation_that_is_too_old_or_withdrawn_opens_nothing(cast):
    from datetime import UTC, datetime

    from quipu.actions import people
    from quipu.actions.mandates import Wanted

    administrator = cast.people["administrator"]
    made = people.invite(
        by=administrator.pk, email="a@example.org", name="", wanted=[Wanted("auditor")], reason="audit"
    )
    assert people.invitation(made.word).pk == made.invitation.pk
    made.invitation.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    made.invitation.save()
    with refused() as no:
        people.accept(word=made.word, name="A", password="an owl reads the river")
    assert rules(no) == ["invitation-gone"]
    other = people.invite(
        by=administrator.pk, email="b@example.org", name="", wanted=[Wanted("auditor")], reason="audit"
    )
    people.withdraw_invitation(by=administrator.pk, invitation=other.invitation, reason="a mistake")
    with refused() as no:
        people.invitation(other.word)
    assert rules(no) == ["invitation-gone"]


def test_mandates_of_an_invitation_whose_giver_lost_their_own_are_not_given(cast):
    from quipu.actions import mandates, people
    from quipu.actions.mandates import Wanted
    from quipu.books import models
    from quipu.rules.mandates import Scope

    giver = cast.people["organization administrator"]
    wanted = [Wanted("organization reporter", Scope(organization="ORG1"))]
    made = people.invite(by=giver.pk, email="c@example.org", name="", wanted=wanted, reason="reports")
    mandates.withdraw(
        by=cast.people["administrator"].pk, mandate=models.Mandate.objects.get(person=giver), reason="left"
    )
    person = people.accept(word=made.word, name="C", password="an owl reads the river")
    assert held(person) == []


def test_two_people_do_not_share_an_address(cast):
    from quipu.actions import people

    known = cast.people["auditor"]
    with refused() as no:
        people.create(by="", name="Other", email=known.email.upper(), password=None)
    assert rules(no) == ["person-address-taken"]


def test_the_log_is_read_by_whoever_was_permitted_and_names_no_address(cast):
    give(cast.people["administrator"], cast.people[NOBODY], "auditor", reason="the yearly audit")
    page = cast.client("auditor of people").get("/desk/people/log").content.decode()
    assert "the yearly audit" in page
    assert "@example.org" not in page.split("<main")[1]
    assert cast.client("auditor").get("/desk/people/log").status_code == 403


def test_why_one_may_not_is_said_with_who_may(cast):
    page = cast.client("auditor").get("/desk/people").content.decode()
    assert "no role of yours does this" in page
    assert "<li>Administrator</li>" in page


def test_the_list_of_people_asks_as_often_for_twenty_as_for_two(cast):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = cast.client("administrator")

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get("/desk/people").status_code == 200
        return len(queries)

    asked()  # the first one also looks whether the books are there
    few = asked()
    for _ in range(20):
        cast.person("programme editor", project_id="P1")
    assert asked() == few


def test_a_confirmation_waits_in_the_inbox_of_another_administrator_only(cast):
    second = cast.person("administrator")
    give(cast.people["administrator"], cast.people[NOBODY], "agent approver")
    assert "Confirm a mandate" in cast.client(person=second).get("/desk").content.decode()
    assert "Confirm a mandate" not in cast.client("administrator").get("/desk").content.decode()


def test_what_was_typed_is_kept_for_its_writer_alone(cast):
    import json

    browser = cast.client("auditor")
    typed = {"form": "/desk/people/invite", "fields": json.dumps({"reason": "half a sen"})}
    assert browser.post("/desk/own/unsaved", typed).status_code == 200
    kept = browser.get("/desk/own/unsaved?form=/desk/people/invite").json()
    assert kept["fields"] == {"reason": "half a sen"}
    assert cast.client("administrator").get("/desk/own/unsaved?form=/desk/people/invite").json() == {}
    browser.post("/desk/own/unsaved", {"form": "/desk/people/invite", "fields": ""})
    assert browser.get("/desk/own/unsaved?form=/desk/people/invite").json() == {}
    assert browser.post("/desk/own/unsaved", {"form": "/desk", "fields": "[]"}).status_code == 400
