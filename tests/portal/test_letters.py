"""Writing to the office from a page: letters arrive, refused ones keep what was typed, and strangers cannot send any."""

import json
import re
import shutil
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.letters import box, contacts
from quipu.letters.drop import OF_SENDER
from tests.documents import activity, document

MISTAKE = "/feedback/mistake?page=/projects%3Fcountry=PE&edition=1"
PROJECT = "/contact/XX-QUIPU-DEMO-00067264"
OURS = {"Host": "testserver", "Origin": "http://testserver"}


@pytest.fixture(autouse=True)
def empty(home):
    """No letter waits, and no contact is named."""
    shutil.rmtree(home / "letters", ignore_errors=True)
    for name in ("contacts.toml", "corrections.json"):
        (home / name).unlink(missing_ok=True)


@pytest.fixture
def post(gateway):
    """Sends a form as a browser does that shows a page of ours."""

    def post(address: str, typed: dict[str, str] | None = None, *, headers=None, **meta: str):
        return gateway.client.post(address, typed or {}, headers=OURS if headers is None else headers, **meta)

    return post


@pytest.fixture
def letters(home):
    """The letters that have arrived."""
    return lambda: [kept.letter for kept in box.listed(home)[0]]


def field(page: str, name: str) -> str:
    """The start tag of a field."""
    found = re.search(rf'<(?:input|textarea)[^>]*\bid="{name}"[^>]*>', page)
    assert found, name
    return found[0]


# They arrive


def test_a_mistake_arrives_with_the_page_and_the_edition_it_was_seen_on(post, letters, home, gateway):
    typed = {"text": "The total is 12", "expected": "13", "evidence": "the report", "reply_to": "ana@example.org"}
    answer = post("/es" + MISTAKE, typed)
    assert answer.status_code == 303
    (letter,) = letters()
    assert (letter.kind, letter.text, letter.expected, letter.evidence, letter.reply_to) == ("mistake", *typed.values())
    about = letter.about
    made_at = json.loads((home / "editions" / "000001" / "manifest.json").read_text())["made_at"]
    assert (about.page, about.edition, about.as_of, about.language) == ("/projects?country=PE", 1, made_at, "es")
    address = answer["Location"]
    code = re.fullmatch(
        r"/es/feedback/thanks\?code=([0-9A-Z]{4}-[0-9A-Z]{4})&page=%2Fprojects%3Fcountry%3DPE", address
    )[1]
    assert code in gateway.text(address)
    assert box.find(home, code).letter == letter


def test_a_question_needs_no_page_and_no_address(post, letters):
    assert post("/feedback/question", {"text": "¿Qué es un fondo?"}).status_code == 303
    assert [(one.kind, one.about.page, one.reply_to) for one in letters()] == [("question", "", "")]


def test_a_letter_on_an_older_edition_names_that_edition(post, letters):
    assert post("/e/1/feedback/mistake?page=/projects&edition=99", {"text": "x"}).status_code == 303
    assert letters()[0].about.edition == 1


def test_the_same_form_sent_twice_is_one_letter(post, letters, gateway):
    key = re.search(r'name="key" value="(\w+)"', gateway.text(MISTAKE))[1]
    first, second = (post(MISTAKE, {"text": "slow line", "key": key}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert len(letters()) == 1
    assert re.search(r'name="key" value="(\w+)"', gateway.text(MISTAKE))[1] != key


def test_a_letter_in_the_widest_script_fits(post, letters):
    assert post("/feedback/question", {"text": "資" * 8_000, "name": "資" * 200}).status_code == 303
    assert letters()[0].text == "資" * 8_000


def test_the_footer_of_every_page_leads_to_feedback_on_it_with_its_choices(gateway):
    assert "/feedback" in gateway.links("/feedback/fraud")  # a page of letters is not what a letter is about
    for page in ("/projects?country=PE&sort=title", "/project/XX-QUIPU-DEMO-00067264"):
        (link,) = [link for link in gateway.links(page) if link.startswith("/feedback?") and "page" in link][-1:]
        assert f'href="{page.replace("&", "&amp;")}"' in gateway.text(link)


# To contacts


def test_the_demonstration_names_contacts_and_tells_only_the_name_that_is_public(demo_home):
    found = contacts.read(demo_home)
    assert found.findings == []
    assert [one.said("fr") for one in found.listed] == [
        "Secrétariat du fonds (Rosa Example)",
        "Secrétariat du programme",
    ]


def test_contacts_that_a_publisher_names_can_be_written_to(post, letters, gateway):
    first, *_, last = readers(gateway.text(PROJECT))
    assert first == "Office of the United Nations Resident Coordinator in Peru"
    assert last == "office"
    assert post(PROJECT, {"text": "hello", "to": first}).status_code == 303
    (letter,) = letters()
    assert (letter.kind, letter.to, letter.about.of) == ("relay", first, "XX-QUIPU-DEMO-00067264")
    assert letter.about.page == "/project/XX-QUIPU-DEMO-00067264"
    assert PROJECT in gateway.links("/project/XX-QUIPU-DEMO-00067264")


CONTACTS = """
office = "office@example.org"
[[contact]]
role = {en = "Fund secretariat", es = "Secretaría del fondo"}
of = "XX-QUIPU-DEMO-MDG00"
reply_to = "secretariat@example.org"
name = "Ana Example"
[[contact]]
role = "Chair"
of = "XX-QUIPU-DEMO-MDG00"
reply_to = "chair@example.org"
name = "Luis Example"
public = true
"""


def test_contacts_that_the_office_names_come_first_and_their_addresses_are_on_no_page(post, letters, gateway, home):
    (home / "contacts.toml").write_text(CONTACTS, "utf-8")
    address = "/contact/XX-QUIPU-DEMO-MDG00"
    page = gateway.text("/es" + address)
    assert "Secretaría del fondo</label>" in page
    assert "Chair (Luis Example)</label>" in page
    assert "example.org" not in page
    assert "Ana" not in page
    (home / "contacts.toml").unlink()  # who is no contact any more is gone at once
    assert "Luis" not in gateway.text("/es" + address)
    (home / "contacts.toml").write_text(CONTACTS, "utf-8")
    assert post("/es" + address, {"text": "hola", "to": "Fund secretariat"}).status_code == 303
    assert (letters()[0].to, letters()[0].about.of) == ("Fund secretariat", "XX-QUIPU-DEMO-MDG00")


def readers(page: str) -> list[str]:
    """Who may be chosen, as a form sends it."""
    return [unescape(value) for value in re.findall(r'type="radio" name="to" id="[^"]+" value="([^"]+)"', page)]


def test_a_project_without_contacts_has_those_of_its_fund_and_else_its_publisher(post, letters, gateway, home):
    project = "/contact/XX-QUIPU-DEMO-00099201"
    assert readers(gateway.text(project)) == ["Quipu demonstration office", "office"]
    (home / "contacts.toml").write_text(CONTACTS.replace("XX-QUIPU-DEMO-MDG00", "XX-QUIPU-DEMO-JVD00"), "utf-8")
    assert readers(gateway.text(project)) == ["Fund secretariat", "Chair", "office"]
    assert post(project, {"text": "hello", "to": "Chair"}).status_code == 303
    assert (letters()[0].about.of, letters()[0].about.page) == (
        *("XX-QUIPU-DEMO-JVD00", "/project/XX-QUIPU-DEMO-00099201"),
    )


def test_an_office_may_name_a_fund_by_its_code(gateway, home):
    (home / "contacts.toml").write_text(CONTACTS.replace("XX-QUIPU-DEMO-MDG00", "MDG00"), "utf-8")
    assert readers(gateway.text("/contact/XX-QUIPU-DEMO-MDG00")) == ["Fund secretariat", "Chair", "office"]


def test_a_fund_that_publishes_no_activity_can_be_written_to(publish, settings_of):
    from django.test import Client

    parent = '<related-activity type="1" ref="XX-F"/>'
    edition = publish(document(activity("XX-P-1", parent, hierarchy=2)), funds='funds = ["XX-F"]')
    with settings_of(HOME=edition.home.root):
        client = Client()
        assert 'href="/contact/XX-F"' in client.get("/fund/XX-F").content.decode()
        assert client.post("/contact/XX-F", {"text": "hello", "to": "office"}, headers=OURS).status_code == 303
    ((kept,), _) = box.listed(edition.home.root)
    assert (kept.letter.about.page, kept.letter.about.of) == ("/fund/XX-F", "XX-F")


def test_nobody_can_be_written_to_about_what_there_is_not(gateway):
    assert gateway.get("/contact/no-such-thing").status_code == 404


def test_the_office_is_written_to_without_a_choice(post, letters):
    assert post("/contact", {"text": "hello", "to": "somebody"}).status_code == 303
    assert letters()[0].to == "office"


# They are refused


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(post, letters):
    answer = post(MISTAKE, {"text": "", "expected": "<b>13</b>", "reply_to": "nobody", "key": "k1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert letters() == []
    assert "&lt;b&gt;13&lt;/b&gt;</textarea>" in page
    assert 'value="nobody"' in page
    assert 'name="key" value="k1"' in page
    text, reply_to, expected = (field(page, name) for name in ("text", "reply_to", "expected"))
    assert "autofocus" in text
    assert page.count(" autofocus") == 1
    for tag, name in ((text, "text"), (reply_to, "reply_to")):
        assert 'aria-invalid="true"' in tag
        described = re.search(r'aria-describedby="([^"]+)"', tag)[1].split()
        assert described[0] == f"{name}-fault"
        assert all(f'id="{one}"' in page for one in described)
    assert "aria-invalid" not in expected
    assert "This is needed." in page
    assert 'role="alert"' in page


def test_a_text_is_taken_at_its_limit_and_refused_above_it_with_all_of_it_kept(post, letters):
    assert post(MISTAKE, {"text": "x" * 8_000}).status_code == 303
    answer = post(MISTAKE, {"text": "y" * 8_001})
    assert answer.status_code == 422
    assert "y" * 8_001 in answer.content.decode()
    assert len(letters()) == 1


def test_a_larger_body_is_refused_with_what_was_typed_and_a_huge_one_unread(post, letters):
    answer = post(MISTAKE, {"text": "kept", "other": "x" * 40_000})
    assert answer.status_code == 413
    assert "kept</textarea>" in answer.content.decode()
    answer = post(MISTAKE, {"text": "x" * 600_000})
    assert answer.status_code == 413
    assert "The letter is too large" in answer.content.decode()
    assert letters() == []


def test_a_machine_that_fills_every_field_is_refused_and_a_person_is_told_why(post, letters):
    answer = post(MISTAKE, {"text": "buy", "website": "http://spam.example"})
    assert answer.status_code == 422
    assert "trap for machines" in answer.content.decode()
    assert "buy</textarea>" in answer.content.decode()
    assert letters() == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Referer": "http://evil.example/testserver"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://[", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_letter_from_another_site_is_turned_away(post, letters, headers):
    answer = post(MISTAKE, {"text": "x"}, headers={"Host": "testserver", **headers})
    assert answer.status_code == 403
    assert "did not come from a page of this site" in answer.content.decode()
    assert letters() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://testserver"},
        {"Origin": "https://TESTSERVER", "Sec-Fetch-Site": "same-origin"},
        {"Referer": "https://testserver/feedback/mistake"},
    ],
)
def test_a_letter_from_a_page_of_ours_is_taken(post, letters, headers):
    assert post(MISTAKE, {"text": "x"}, headers={"Host": "testserver", **headers}).status_code == 303


def test_behind_a_web_server_the_named_hosts_are_ours_as_well(post, settings_of):
    headers = {"Host": "backend:8000", "Origin": "https://gateway.example"}
    assert post(MISTAKE, {"text": "x"}, headers=headers).status_code == 403
    with settings_of(ALLOWED_HOSTS=["gateway.example", "backend"]):
        assert post(MISTAKE, {"text": "x"}, headers=headers).status_code == 303


def test_a_sender_is_counted_and_told_when_to_come_again(post, letters):
    for n in range(OF_SENDER):
        assert post(MISTAKE, {"text": f"letter {n}"}, REMOTE_ADDR="192.0.2.1").status_code == 303
    answer = post(MISTAKE, {"text": "one more"}, REMOTE_ADDR="192.0.2.1")
    assert answer.status_code == 429
    assert 3_500 < int(answer["Retry-After"]) <= 3_600
    assert "one more</textarea>" in answer.content.decode()
    assert post(MISTAKE, {"text": "another"}, REMOTE_ADDR="192.0.2.2").status_code == 303
    assert len(letters()) == OF_SENDER + 1


def test_behind_a_web_server_people_are_counted_and_not_the_server(post, settings_of):
    def send(n: int, forwarded: str, address: str = "127.0.0.1") -> int:
        headers = {**OURS, "X-Forwarded-For": forwarded}
        return post(MISTAKE, {"text": f"{n}"}, headers=headers, REMOTE_ADDR=address).status_code

    with settings_of(PROXIES=1):
        for n in range(OF_SENDER):
            assert send(n, f"10.0.0.{n}, 2001:db8:0:1::{n}") == 303  # what the sender claims counts for nothing
        assert send(99, "2001:db8:0:1:ffff::1") == 429  # the same half of an address: one household
        assert send(99, "2001:db8:0:2::1") == 303
        for n in range(OF_SENDER):
            assert send(n, f"192.0.2.7:{5000 + n}") == 303
        assert send(99, "::ffff:192.0.2.7") == 429
    assert (
        send(100, "2001:db8:0:1::1", address="192.0.2.9") == 303
    )  # nobody's word counts where no server stands in front


def test_how_many_web_servers_stand_in_front_is_a_whole_number_or_said_to_be_none(monkeypatch):
    from quipu.settings import whole

    for value, number in (("", 0), ("0", 0), ("2", 2)):
        monkeypatch.setenv("QUIPU_PROXIES", value)
        assert whole("QUIPU_PROXIES") == number
    for value in ("-1", "one", "1.5"):
        monkeypatch.setenv("QUIPU_PROXIES", value)
        with pytest.raises(ValueError, match="QUIPU_PROXIES must be a whole number"):
            whole("QUIPU_PROXIES")


def test_a_letter_that_could_not_be_kept_is_said_not_to_have_arrived(post, home):
    (home / "letters").write_text("a file where the folder should be")
    try:
        answer = post(MISTAKE, {"text": "precious"})
    finally:
        (home / "letters").unlink()
    assert answer.status_code == 503
    assert "precious</textarea>" in answer.content.decode()
    assert "has not arrived" in answer.content.decode()


# Nothing else can be written, and nothing is kept


@pytest.mark.parametrize(
    "address", ["/", "/projects", "/feedback", "/feedback/fraud", "/feedback/thanks", "/corrections"]
)
@pytest.mark.parametrize("prefix", ["", "/es", "/e/1", "/fr/e/1"])
def test_no_other_address_takes_anything(post, address, prefix):
    answer = post(prefix + address, {"text": "x"})
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("page", [MISTAKE, "/feedback", "/contact", PROJECT, "/feedback/fraud", "/corrections"])
def test_what_has_to_do_with_letters_is_never_kept(gateway, page):
    answer = gateway.get(page)
    assert answer["Cache-Control"] == "no-store"
    assert not answer.has_header("ETag")


def test_answers_to_letters_are_never_kept_and_carry_the_usual_headers(post):
    for typed in ({"text": "x"}, {"text": ""}):
        answer = post(MISTAKE, typed)
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self';" in answer["Content-Security-Policy"]


def test_fraud_is_shown_where_to_go_and_has_no_form(gateway, letters, home):
    for language in ("", "/es", "/fr"):
        text = gateway.text(f"{language}/feedback/fraud")
        main = text.partition("<main")[2].partition("</main>")[0]
        assert "<form" not in main
        assert "oios.un.org" in main
    assert gateway.get("/feedback/fraud")["Referrer-Policy"] == "no-referrer"
    assert "/feedback/fraud" in gateway.links(MISTAKE)  # and no page goes along
    assert not (home / "letters").exists()


@pytest.mark.parametrize(
    "page", ["//evil.example", "\\\\evil.example", "javascript:alert(1)", "http://evil.example", "x"]
)
def test_a_page_of_somebody_else_s_is_no_page(gateway, post, letters, page):
    for address in ("/feedback", "/feedback/mistake"):
        text = gateway.client.get(address, {"page": page}).content.decode()
        assert "About the page" not in text
    assert post("/feedback/mistake?" + "page=" + page, {"text": "x"}).status_code == 303
    assert letters()[0].about.page == ""


def test_a_page_is_named_safely_whatever_stands_in_it(gateway, post, letters):
    query = '/feedback/mistake?page=/projects?q="><script>alert(1)</script>%0d%0aX:%20y%00ñ'
    assert "<script>" not in gateway.text(query)
    answer = post(query, {"text": "x"})
    assert answer.status_code == 303
    assert letters()[0].about.page == (
        "/projects?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%0D%0AX:%20y%00%C3%B1"  # percent-encoded, no control
    )
    assert gateway.get(letters()[0].about.page).status_code == 200
    assert gateway.get("/feedback?page=/" + "x" * 1_999).content.count(b"About the page") == 1
    assert gateway.get("/feedback?page=/" + "x" * 2_000).content.count(b"About the page") == 0


def test_a_code_that_is_none_is_not_shown(gateway):
    assert gateway.get("/feedback/thanks?code=call 555-1234 now").status_code == 404
    assert gateway.get("/feedback/thanks").status_code == 404


def test_corrections_tell_what_became_of_them_and_not_who_wrote(gateway, post, home):
    assert "told of no correction" in gateway.text("/corrections")
    location = post(MISTAKE, {"text": "The total is wrong", "name": "Ana Example"})["Location"]
    code = re.search(r"code=([\w-]+)", location)[1]
    box.close(home, code, "Mended in edition 2.", publish=True)
    words = gateway.words("/corrections")
    assert "Mended in edition 2." in words
    assert "Ana" not in words
    assert "/projects?country=PE" in gateway.links("/corrections")
    (row,) = gateway.rows("/corrections?format=csv")
    assert (row["code"], row["edition"], row["outcome"]) == (code, "1", "Mended in edition 2.")


# Whatever comes


@given(
    st.sampled_from([MISTAKE, "/fr/feedback/question", PROJECT, "/contact"]),
    st.dictionaries(
        st.sampled_from(["text", "expected", "evidence", "to", "name", "reply_to", "key", "website", "page", "kind"]),
        st.text(st.characters(exclude_categories=["Cs"])),
    ),
)
def test_whatever_is_typed_is_taken_whole_or_refused_in_words(gateway, home, address, typed):
    shutil.rmtree(home / "letters", ignore_errors=True)
    answer = gateway.client.post(address, typed, headers=OURS)
    kept, torn = box.listed(home)
    assert answer.status_code in (303, 422)
    assert len(kept) == (answer.status_code == 303)
    assert torn == []


@given(
    st.binary(max_size=300),
    st.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded; charset=utf-16",
            "application/x-www-form-urlencoded; charset=nonsense",
            "multipart/form-data",
            "multipart/form-data; boundary=x",
            "multipart/form-data; boundary=x; charset=utf-7",
            "text/plain",
            "",
        ]
    ),
    st.sampled_from(
        ["", "text=", "text=%ED%A0%80&name=%FF&x=", "--x\r\nContent-Disposition: form-data; name=text\r\n\r\n"]
    ),
)
def test_bytes_that_are_no_form_are_refused_in_words(gateway, home, body, kind, before):
    shutil.rmtree(home / "letters", ignore_errors=True)
    answer = gateway.client.generic("POST", MISTAKE, before.encode() + body, kind, headers=OURS)
    assert answer.status_code in (303, 400, 413, 422)
    assert "<h1" in answer.content.decode() or answer.status_code == 303
