"""Every address of the desk, asked by everybody: who gets in is typed here by hand, and a new address needs a row."""

from collections.abc import Iterator

import pytest

from tests import ledgers
from tests.desk.cast import NOBODY, PARTS, STRANGER, cast_of

EVERYBODY = {*PARTS, NOBODY}
KEEPERS = {"programme editor", "lead agency editor", "fund secretariat"}
OFFICE = {"portfolio manager", "agent finance officer", "agent approver", "fund secretariat"}
READERS = {*OFFICE, *KEEPERS, "committee member", "auditor"}  # of what is not public yet
RELEASERS = {"fund secretariat", "portfolio manager", "programme editor"}
ADMINISTRATOR, OF_ORGANIZATION = "administrator", "organization administrator"
MANAGER, FINANCE = "portfolio manager", "agent finance officer"
APPROVER, SECRETARIAT, EDITOR = "agent approver", "fund secretariat", "programme editor"
EDITORS = {EDITOR, "lead agency editor"}
READ_BOOKS = {*OFFICE, "auditor", "committee member", "resident coordinator's office"}
# By the name of the address: its words, and who gets in. Nobody named: whoever is signed in.
PUBLIC = {"accept": ("no-such-word",)}
ROWS: dict[str, tuple[tuple[object, ...], set[str]]] = {
    "desk": ((), EVERYBODY),
    "own": ((), EVERYBODY),
    "own_language": ((), EVERYBODY),
    "own_unsaved": ((), EVERYBODY),
    "documents": ((), READERS),
    "hand_in_documents": ((), KEEPERS),
    "document": (("document",), READERS),
    "edit_document": (("document",), KEEPERS),
    "replace_document": (("document",), KEEPERS),
    "publish_document": (("document",), KEEPERS),
    "release_document": (("document",), RELEASERS),
    "withdraw_document": (("document",), KEEPERS),
    "throw_away_document": (("document",), KEEPERS),
    "scan_document": (("document",), KEEPERS),
    "document_file": (("document", 1), READERS),
    "people": ((), {ADMINISTRATOR, OF_ORGANIZATION}),
    "people_log": ((), {ADMINISTRATOR, "auditor of people"}),
    "invite": ((), {ADMINISTRATOR, OF_ORGANIZATION}),
    "withdraw_invitation": (("invitation",), {ADMINISTRATOR}),
    "confirm_mandate": (("mandate",), {ADMINISTRATOR}),
    "withdraw_mandate": (("mandate",), {ADMINISTRATOR}),
    "person": (("person",), {ADMINISTRATOR}),
    "leave": (("person",), {ADMINISTRATOR}),
    "vouchers": ((), READ_BOOKS),
    "unidentified": ((), READ_BOOKS),
    "draft_begin": ((), {FINANCE, SECRETARIAT}),
    "draft_new": (("transfer",), {FINANCE}),
    "draft_check": ((), {FINANCE, SECRETARIAT}),
    "draft_workbook": ((), {FINANCE, SECRETARIAT}),
    "draft_template": ((), {FINANCE, SECRETARIAT}),
    "draft_workbook_apply": ((), {FINANCE, SECRETARIAT}),
    "draft": (("draft",), {*OFFICE, "auditor"}),
    "draft_change": (("draft",), {FINANCE}),
    "draft_submit": (("draft",), {FINANCE}),
    "draft_take_back": (("draft",), {FINANCE}),
    "draft_discard": (("draft",), {FINANCE}),
    "draft_send_back": (("draft",), {APPROVER}),
    "draft_approve": (("draft",), {APPROVER}),
    "draft_file": (("draft",), {*OFFICE, "auditor"}),
    "posted": ((1,), READ_BOOKS),
    "posted_file": ((1,), READ_BOOKS),
    "posted_print": ((1,), READ_BOOKS),
    # funds
    "funds": ((), READERS),
    "new_fund": ((), {MANAGER}),
    "fund": (("VALLEY",), READERS - EDITORS),
    "edit_fund": (("VALLEY",), {MANAGER, SECRETARIAT}),
    "fund_status": (("VALLEY",), {MANAGER}),
    "close_year": (("VALLEY",), {MANAGER}),
    "reopen_year": (("VALLEY",), {MANAGER}),
    "new_window": (("VALLEY",), {MANAGER, SECRETARIAT}),
    "window": (("VALLEY", "W1"), {MANAGER, SECRETARIAT}),
    "new_agreement": (("VALLEY",), {MANAGER, FINANCE}),
    "agreement": (("VALLEY", "SAA1"), {MANAGER, FINANCE}),
    "new_memorandum": (("VALLEY",), {MANAGER, FINANCE}),
    "memorandum": (("VALLEY", "ORG1"), {MANAGER, FINANCE}),
    # programmes
    "programmes": ((), READERS),
    "new_project": ((), {MANAGER, SECRETARIAT}),
    "project": (("P1",), READERS),
    "edit_project": (("P1",), {MANAGER, SECRETARIAT}),
    "project_status": (("P1",), {MANAGER}),
    "extend_project": (("P1",), {MANAGER}),
    "new_participation": (("P1",), {MANAGER, SECRETARIAT}),
    "participation": (("P1", "ORG1"), {MANAGER, SECRETARIAT}),
    "participation_status": (("P1", "ORG1"), {MANAGER}),
    "end_participation": (("P1", "ORG1"), {MANAGER, SECRETARIAT}),
    "narrative": (("project", "P1"), {*EDITORS, SECRETARIAT}),
    "section": (("project", "P1", "overview", "en"), {*EDITORS, SECRETARIAT}),
    "section_preview": (("project", "P1", "overview", "en"), {*EDITORS, SECRETARIAT}),
    "release_section": (("section",), {MANAGER, SECRETARIAT, EDITOR}),
    "contacts": (("project", "P1"), {MANAGER, SECRETARIAT, EDITOR}),
    "new_contact": (("project", "P1"), {MANAGER, SECRETARIAT, EDITOR}),
    "contact": (("contact",), {MANAGER, SECRETARIAT, EDITOR}),
    "end_contact": (("contact",), {MANAGER, SECRETARIAT, EDITOR}),
    "shown": (("mandate",), EVERYBODY),
    # organizations
    "organizations": ((), {MANAGER, FINANCE}),
    "new_organization": ((), {MANAGER, FINANCE}),
    "organization_pairs": ((), {MANAGER, FINANCE}),
    "organization": (("ORG1",), {MANAGER, FINANCE}),
    "edit_organization": (("ORG1",), {MANAGER, FINANCE}),
    "merge_organization": (("ORG1",), {MANAGER}),
    "undo_merger": (("merger",), {MANAGER}),
    "put_aside": (("ORG1", "ORG2"), {MANAGER, FINANCE}),
    "history": ((), {*OFFICE, "auditor"}),
}


def named() -> Iterator[str]:
    """The names of all addresses of the desk, but for those of the library that signs people in."""
    from django.urls import URLPattern, URLResolver

    from quipu.desk.urls import urlpatterns

    def walk(patterns: list[object], prefix: str) -> Iterator[str]:
        for pattern in patterns:
            path = f"{prefix}{pattern.pattern}"
            if path.startswith("/account/"):
                continue
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, path)
            elif isinstance(pattern, URLPattern):
                assert pattern.name, f"{path} has no name"
                yield pattern.name

    yield from walk(urlpatterns, "")


@pytest.fixture(scope="module")
def cast(_books_template, tmp_path_factory):
    """The house, made once: nobody changes anything that others here see."""
    return cast_of(ledgers.sqlite(_books_template, tmp_path_factory.mktemp("matrix")))


@pytest.fixture(scope="module")
def words(cast):
    """What addresses of things are made of here."""
    from datetime import UTC, datetime

    from quipu.books import models

    other = cast.person("agent approver")
    now = datetime.now(UTC)
    invitation = models.Invitation.objects.create(
        token="x", email="new@example.org", invited_by="someone", invited_at=now, expires_at=now
    )
    models.Window.objects.create(code="W1", fund_id="VALLEY")
    section = models.Section.objects.create(
        kind="project", code="P1", section="overview", language="en", state="draft", by="someone", at=now
    )
    contact = models.Contact.objects.create(kind="project", code="P1", roles={"en": "Secretariat"})
    models.Organization.objects.create(code="OLD")
    merger = models.Merger.objects.create(organization_id="OLD", into_id="ORG2", reason="x", by="someone", at=now)
    made = {"merger": merger.pk, "section": section.pk, "contact": contact.pk}
    draft = models.Draft.objects.create(
        key="20240301-matrix",
        kind="deposit",
        state="posted",
        fund_id="VALLEY",
        on=now.date(),
        words={"fund": "VALLEY", "on": "2024-03-01", "amount": "1.00"},
        author="someone",
        position=1,
        made_at=now,
        changed_at=now,
    )
    document = models.Document.objects.create(code="d1", fund_id="VALLEY", project_id="P1", made_by="x", made_at=now)
    models.Version.objects.create(
        document=document, number=1, given="0" * 64, name="a.pdf", by="x", at=now, state="refused"
    )
    return {
        **made,
        "draft": draft.pk,
        "document": document.pk,
        "person": other.pk,
        "mandate": other.mandates.get().pk,
        "invitation": invitation.pk,
    }


def test_every_address_has_a_row(cast):
    assert sorted(named()) == sorted([*ROWS, *PUBLIC])


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", [*PARTS, NOBODY, STRANGER])
def test_who_gets_in(cast, words, role, method):
    from django.urls import reverse

    browser = cast.client(role)
    wrong = []
    for name, (parts, allowed) in ROWS.items():
        address = reverse(name, args=[words.get(part, part) for part in parts])
        answer = getattr(browser, method)(address)
        got_in = answer.status_code not in (403, 302) or (
            answer.status_code == 302 and "/account/login" not in answer["Location"]
        )
        if got_in != (role in allowed):
            wrong.append((name, answer.status_code, answer.get("Location")))
        if role == STRANGER:
            assert answer.status_code == 302, (name, answer.status_code)
            assert answer["Location"].startswith("/desk/account/login/"), name
    assert wrong == []


def test_an_address_for_strangers_tells_nothing(cast):
    from django.urls import reverse

    for name, parts in PUBLIC.items():
        assert cast.client(STRANGER).get(reverse(name, args=parts)).status_code == 410
