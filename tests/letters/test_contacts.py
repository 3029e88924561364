"""The office's file of contacts: what is right is used, and everything that is wrong is named."""

from quipu.letters import contacts
from quipu.letters.contacts import read


def rules(found: contacts.Contacts) -> list[tuple[str, str]]:
    return [(finding.place.removeprefix("contacts.toml: "), finding.rule) for finding in found.findings]


def written(tmp_path, text: str) -> contacts.Contacts:
    (tmp_path / "contacts.toml").write_text(text, "utf-8")
    return read(tmp_path)


GOOD = """
office = "office@example.org"

[[contact]]
role = {en = "Fund secretariat", es = "Secretaría del fondo"}
of = "XX-F"
reply_to = "secretariat@example.org"
name = "Ana Example"
public = true

[[contact]]
role = "Lead agency"
of = ["XX-P-1", "XX-P-2"]
reply_to = "lead@example.org"
name = "Luis Private"
"""


def test_a_home_without_the_file_names_nobody(tmp_path):
    assert read(tmp_path) == contacts.Contacts()


def test_letters_go_to_the_role_and_else_to_the_office(tmp_path):
    found = written(tmp_path, GOOD)
    assert found.findings == []
    assert found.address("XX-F", "Fund secretariat") == "secretariat@example.org"
    assert found.address("XX-P-2", "Lead agency") == "lead@example.org"
    assert found.address("XX-F", "Lead agency") == "office@example.org"
    assert found.address("", "office") == "office@example.org"


def test_a_name_is_told_only_where_it_is_public(tmp_path):
    secretariat, lead = written(tmp_path, GOOD).listed
    assert secretariat.said("es") == "Secretaría del fondo (Ana Example)"
    assert secretariat.said("fr") == "Fund secretariat (Ana Example)"
    assert lead.said("fr") == "Lead agency"


def test_everything_that_is_wrong_is_named_with_its_place(tmp_path):
    found = written(
        tmp_path,
        """
ofice = "x"
office = 3
[[contact]]
of = "XX-F"
reply_to = "a@b.pe"
[[contact]]
role = "Secretariat"
reply_to = "a@b.pe"
[[contact]]
role = "Secretariat"
of = "XX-F"
reply_to = "nobody"
name = "Ana"
public = "yes"
mail = "a@b.pe"
[[contact]]
role = "Secretariat"
of = ["XX-G", "XX-F"]
reply_to = "c@d.pe"
""",
    )
    assert rules(found) == [
        ("office", "contact-reply-to"),
        ("contacts.toml", "contact-word"),
        ("contact 1", "contact-role"),
        ("contact 2", "contact-of"),
        ("contact 3", "contact-word"),
        ("contact 3", "contact-public"),
        ("contact 3", "contact-reply-to"),
        ("contact 4", "contact-twice"),
    ]
    assert [one.said("en") for one in found.of("XX-F")] == ["Secretariat", "Secretariat"]


def test_a_file_that_is_none_is_one_finding(tmp_path):
    assert rules(written(tmp_path, "office = ")) == [("contacts.toml", "contacts-unreadable")]
    (tmp_path / "contacts.toml").write_bytes(b'office = "\xff"')
    assert rules(read(tmp_path)) == [("contacts.toml", "contacts-unreadable")]
    assert rules(written(tmp_path, 'contact = "x"')) == [("contacts.toml", "contact-word")]
    assert rules(written(tmp_path, "contact = [1]")) == [
        *(("contact 1", rule) for rule in ("contact-role", "contact-of", "contact-reply-to")),
    ]
