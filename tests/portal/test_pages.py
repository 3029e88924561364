"""All pages: they answer, they say what they are, nobody can write, and nothing on them comes from elsewhere."""

import re

import pytest

PAGES = [
    "/",
    "/projects",
    "/projects?country=PE",
    "/projects?not-status=ongoing&q=water",
    "/search",
    "/search?q=water&kind=project",
    "/search?q=cuzsco",
    "/funds",
    "/organizations",
    "/organizations?q=agency&role=publisher",
    "/countries",
    "/report",
    "/report?figure=spend&by=country,year",
    "/figure/net_funded",
    "/figure/delivery_rate?where=fund%3DXX-QUIPU-DEMO-MDG00",
    "/vouchers",
    "/documents",
    "/changes",
    "/on",
    "/data",
    "/data/findings",
    "/data/source/0",
    "/data/source/4",
    "/data/source/5",
    "/documents?kept=here",
    "/document/55c1780c880a",
    "/document/c3e2e0f8a3b6",
    "/voucher/4c4b41",
    "/fund/XX-QUIPU-DEMO-JVD00",
    "/glossary",
    "/about",
    "/about/scam-alert",
    "/about/disclosure",
    "/about/accessibility",
    "/contact",
    "/feedback?page=/projects",
    "/feedback/mistake?page=/projects",
    "/feedback/question",
    "/feedback/fraud",
    "/feedback/thanks?code=ABCD-1234&page=/projects",
    "/contact/XX-QUIPU-DEMO-00067264",
    "/corrections",
    "/fund/XX-QUIPU-DEMO-MDG00",
    "/project/XX-QUIPU-DEMO-00067264",
    "/programme/XX-QUIPU-DEMO3-CI-000",
    "/organization/XM-DAC-41114",
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["", "/es", "/fr"])
def test_a_page_answers_in_every_language(gateway, page, language):
    text = gateway.text(language + page)
    assert text.count("<h1") == 1
    assert f'<html lang="{language[1:] or "en"}">' in text


@pytest.mark.parametrize("page", PAGES)
def test_a_page_holds_no_inline_script_no_inline_style_and_nothing_from_another_host(gateway, page):
    answer = gateway.get(page)
    text = answer.content.decode()
    assert re.findall(r"<script[^>]*>", text) == [
        re.search(r'<script src="/static/quipu.js\?v=\w+" defer>', text).group()
    ]
    assert not re.search(r'\sstyle="', text)
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r'<(?:img|link|iframe|script|source)[^>]*(?:src|href)="(?:https?:)?//', text)
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("page", PAGES)
def test_every_input_of_a_page_has_a_label_and_every_head_a_scope(gateway, page):
    text = gateway.text(page)
    for field in re.findall(r"<(?:input|select|textarea)[^>]*>", text):
        if 'type="hidden"' in field or "aria-label" in field or 'type="checkbox"' in field:
            continue
        name = re.search(r'id="([^"]+)"', field)
        assert name, field
        assert f'for="{name[1]}"' in text


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(gateway, page):
    links = {link.partition("#")[0] for link in gateway.links(page) if link.startswith("/") and "/static/" not in link}
    for link in sorted(links)[:60]:
        if link:
            assert gateway.get(link).status_code in (200, 301), (page, link)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nobody_can_write_to_the_gateway(gateway, method):
    assert getattr(gateway.client, method)("/projects").status_code == 405


def test_the_demonstration_says_so_and_is_not_indexed(gateway):
    answer = gateway.get("/")
    assert "Not a United Nations site" in answer.content.decode()
    assert "noindex" in answer["X-Robots-Tag"]
    assert gateway.text("/robots.txt").endswith("Disallow: /\n")


def test_a_missing_page_suggests_what_was_probably_meant(gateway):
    answer = gateway.get("/project/XX-QUIPU-DEMO-0006726")
    assert answer.status_code == 404
    assert "/project/XX-QUIPU-DEMO-00067264" in answer.content.decode()


def test_an_address_of_another_kind_leads_to_the_right_one(gateway):
    assert gateway.get("/project/XX-QUIPU-DEMO-MDG00")["Location"] == "/fund/XX-QUIPU-DEMO-MDG00"
    assert gateway.get("/fr/fund/XX-QUIPU-DEMO-00067264")["Location"] == "/fr/project/XX-QUIPU-DEMO-00067264"


def test_a_file_suffix_is_tried_when_no_identifier_matches_with_it(gateway):
    assert gateway.get("/project/XX-QUIPU-DEMO-00067264.json").json()["identifier"] == "XX-QUIPU-DEMO-00067264"
    assert gateway.text("/projects.csv").startswith("\ufeffproject,")
    assert gateway.get("/projects.pdf").status_code == 404


def test_a_question_that_makes_no_sense_is_refused_in_words(gateway):
    answer = gateway.get("/report?figure=spend&by=colour")
    assert answer.status_code == 422
    assert "There is no dimension “colour”" in answer.content.decode()
    assert gateway.get("/report?figure=spend&by=year,country,sector").status_code == 422
    assert gateway.get("/figure/happiness").status_code == 404


def test_what_has_not_changed_is_not_sent_again(gateway):
    first = gateway.get("/projects")
    assert gateway.get("/projects", **{"If-None-Match": first["ETag"]}).status_code == 304
    again = gateway.get("/projects", **{"If-None-Match": first["ETag"], "Accept-Encoding": "gzip"})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert gateway.get("/projects", **{"If-None-Match": '"something else"'}).status_code == 200


def test_a_page_travels_packed_to_whoever_unpacks_it(gateway):
    import gzip

    plain, packed = gateway.get("/funds"), gateway.get("/funds", **{"Accept-Encoding": "br, gzip"})
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 2
    assert (packed["Content-Encoding"], packed["Vary"], packed["ETag"]) == ("gzip", "Accept-Encoding", plain["ETag"])
    assert "Content-Encoding" not in plain.headers
    assert plain["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("address", ["/report?figure=spend&by=year&format=xlsx", "/robots.txt", "/no/such/page"])
def test_what_would_not_shrink_or_is_no_page_travels_as_it_is(gateway, address):
    answer = gateway.get(address, **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_a_filter_and_its_exclusion_part_the_whole(gateway):
    def count(page):
        return int(re.search(r"<strong>(\d+) activit", gateway.text(page))[1])

    assert count("/projects?country=PE") + count("/projects?not-country=PE") == count("/projects") == 36
    assert count("/projects?kind=fund") == 7
    assert count("/projects?q=PERU") == count("/projects?q=perú")


def test_markup_in_an_address_stays_text(gateway):
    assert "<b>x</b>" not in gateway.text("/projects?q=<b>x</b>")
    assert "<b>x</b>" not in gateway.get("/project/<b>x</b>").content.decode()
    assert 'href="//evil.example' not in gateway.text("/feedback?page=//evil.example/x")
    assert 'href="javascript' not in gateway.text("/feedback?page=javascript:alert(1)")


def test_an_older_edition_says_what_it_said(gateway, home):
    from django.test import Client

    from quipu.actions.publish import publish
    from quipu.edition.home import Home

    reader = type(gateway)(Client())  # of a process that holds no page yet
    before = reader.words("/e/1/fund/XX-QUIPU-DEMO2-HWF00")
    publish(Home(home), [home])  # no file: what they published is withdrawn
    try:
        assert reader.get("/fund/XX-QUIPU-DEMO2-HWF00").status_code == 404
        assert reader.words("/e/1/fund/XX-QUIPU-DEMO2-HWF00") == before
        assert reader.get("/e/99/").status_code == 404
    finally:
        Home(home).point_to(1)
    assert reader.get("/fund/XX-QUIPU-DEMO2-HWF00").status_code == 200


def test_bulk_files_hold_what_the_pages_show(gateway, tmp_path):
    import duckdb

    answer = gateway.get("/data/facts.parquet")
    body = b"".join(answer.streaming_content)
    path = tmp_path / "facts.parquet"
    path.write_bytes(body)
    total = duckdb.sql(
        f"select sum(usd) from '{path}' where movement = 'transfer' and project = 'XX-QUIPU-DEMO-00067264'"
    ).fetchall()[0][0]
    assert total == 5_000_000


def test_a_workbook_a_csv_and_json_say_the_same(gateway):
    import io

    import openpyxl

    address = "/report?figure=transfers,refunds&by=fund&format="
    sheet = openpyxl.load_workbook(io.BytesIO(gateway.get(address + "xlsx").content))["Table"]
    book = {row[0]: row[1] for row in sheet.iter_rows(min_row=2, values_only=True)}
    lines = {row["fund"]: row["transfers"] for row in gateway.rows(address + "csv")}
    cells = {row["by"]["fund"]: row["cells"]["transfers"] for row in gateway.get(address + "json").json()["rows"]}
    assert lines == cells
    assert lines == {
        **{"XX-QUIPU-DEMO-MDG00": "15600000", "XX-QUIPU-DEMO2-HWF00": "2970000"},
        **{"AL100": "31314654", "PB000": "832445065"},  # as published
        **{"XX-QUIPU-DEMO-JVD00": "3390000", "XX-QUIPU-DEMO-TCF00": "3045650"},
    }
    assert book["MDG Achievement Fund"] == 15_600_000
