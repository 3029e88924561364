"""Documents on the gateway: their list, a page for each of the office's own, their bytes, and where they are linked."""

import csv
import hashlib
import io
from pathlib import Path

DEMO = Path(__file__).parents[2] / "demo" / "documents"


def code(name):
    """The beginning of the hash of a document of the demonstration."""
    return hashlib.sha256((DEMO / name).read_bytes()).hexdigest()[:12]


MINUTES, STUDY, TERMS = "minutes-2009-03-10.pdf", "estudio-demanda.docx", "terms-of-reference.pdf"
PLAN, LATER_PLAN = "plan-ferias-2011-v1.xlsx", "plan-ferias-2011-v2.xlsx"
PROJECT = "/project/XX-QUIPU-DEMO-00067264"


# The page of a document


def test_a_documents_page_says_what_it_is_and_how_it_begins(gateway):
    words = gateway.words(f"/document/{code(STUDY)}")
    for said in ("Study of the demand for Andean handicraft", "Spanish", "2010-11", "DOCX · 37 kB"):
        assert said in words
    assert "Los textiles de Cusco se venden mejor" in words
    assert hashlib.sha256((DEMO / STUDY).read_bytes()).hexdigest() in words
    assert "Estudio de demanda" in gateway.words(f"/es/document/{code(STUDY)}").split("SHA-256")[0]
    assert '<div class="paper" lang="es">' in gateway.text(f"/document/{code(STUDY)}")


def test_lines_that_only_ran_out_of_room_are_one_paragraph(gateway):
    assert "as the table of the proposal has it. It asked the lead agency" in gateway.words(
        f"/document/{code(MINUTES)}"
    )
    assert "<p>afterwards.</p>" not in gateway.text(f"/document/{code(MINUTES)}")


def test_a_documents_page_leads_to_what_it_is_about_and_to_the_voucher_that_seals_it(gateway):
    links = gateway.links(f"/document/{code(MINUTES)}")
    assert {"/fund/XX-QUIPU-DEMO-MDG00", PROJECT} <= set(links)
    (voucher,) = {link for link in links if link.startswith("/voucher/")}
    assert "A-00067264" in gateway.words(voucher)
    assert f"/document/{code(MINUTES)}" in gateway.links(voucher)
    assert "public here, and what was sealed" in gateway.words(voucher)


def test_a_paper_that_is_not_public_stays_a_hash(gateway):
    listed = gateway.links("/vouchers?where=movement%3Dallocation&where=project%3D00099101&since=")
    voucher = next(link for link in listed if link.startswith("/voucher/"))
    assert "not public here" in gateway.words(voucher)


def test_versions_lead_to_one_another(gateway):
    old, new = f"/document/{code(PLAN)}", f"/document/{code(LATER_PLAN)}"
    assert "There is a later version:" in gateway.words(old)
    assert new in gateway.links(old)
    assert old in gateway.links(new)
    assert "There is a later version:" not in gateway.words(new)


def test_a_documents_page_is_data_too(gateway):
    answer = gateway.get(f"/document/{code(MINUTES)}.json").json()
    assert answer["type"] == "minutes"
    assert [about["identifier"] for about in answer["about"]] == ["XX-QUIPU-DEMO-MDG00", PROJECT.rpartition("/")[2]]
    assert [(v["reference"], v["sealed"]) for v in answer["vouchers"]] == [("A-00067264", True)]


def test_what_is_no_document_is_not_found_and_old_numbers_lead_to_the_list(gateway):
    assert gateway.get("/document/ffffffffffff").status_code == 404
    assert gateway.get("/document/ffffffffffff/a.pdf").status_code == 404
    for old in (
        "/document/123456789012",
        "/document/123456789012/report.pdf",
        "/document/4711",
        "/document/download/9",
    ):
        assert (gateway.get(old).status_code, gateway.get(old)["Location"]) == (301, "/documents")
    assert gateway.get(f"/document/{code(MINUTES)[:11]}").status_code == 301  # too short for one: an old name
    assert gateway.get(f"/es/e/1/document/{code(MINUTES)}").status_code == 200


# Its bytes


def body(answer):
    return b"".join(answer.streaming_content)


def test_bytes_are_those_of_the_file_for_ever_and_can_do_nothing(gateway):
    for name, kind, how in (
        (MINUTES, "application/pdf", "inline"),
        (STUDY, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment"),
        ("guia-del-riego.txt", "text/plain; charset=utf-8", "inline"),
    ):
        answer = gateway.get(f"/document/{code(name)}/{name}")
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
        assert answer["Content-Disposition"] == f'{how}; filename="{name}"'
        assert answer["Content-Length"] == str((DEMO / name).stat().st_size)
        assert answer["Cache-Control"] == "public, max-age=60, must-revalidate"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")
        # Chromium shows no PDF in a sandbox, and has one of its own for it
        assert answer["Content-Security-Policy"].endswith("; sandbox") == (name != MINUTES)
        assert body(answer) == (DEMO / name).read_bytes()


def test_another_name_leads_to_the_files_own(gateway):
    answer = gateway.get(f"/fr/document/{code(MINUTES)}/virus.exe")
    assert (answer.status_code, answer["Location"]) == (301, f"/fr/document/{code(MINUTES)}/{MINUTES}")


def test_a_head_says_the_same_without_the_bytes_and_spoils_nothing(gateway):
    address = f"/document/{code(TERMS)}/{TERMS}"
    answer = gateway.client.head(address)
    assert answer["Content-Length"] == str((DEMO / TERMS).stat().st_size)
    assert body(answer) == b""
    assert body(gateway.get(address)) == (DEMO / TERMS).read_bytes()


def test_a_piece_is_answered_as_a_piece(gateway):
    address, whole = f"/document/{code(MINUTES)}/{MINUTES}", (DEMO / MINUTES).read_bytes()
    size = len(whole)
    for asked, first, last in (
        ("bytes=0-9", 0, 9),
        (f"bytes={size - 1}-", size - 1, size - 1),
        ("bytes=-5", size - 5, size - 1),
        (f"bytes=5-{size + 100}", 5, size - 1),
    ):
        answer = gateway.get(address, Range=asked)
        assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes {first}-{last}/{size}"), asked
        assert body(answer) == whole[first : last + 1]
    for asked in (f"bytes={size}-", "bytes=9-5", "bytes=-0"):
        assert gateway.get(address, Range=asked).status_code == 416, asked
    for asked in ("bytes=-", "bytes=0-1,4-5", "lines=0-1"):
        assert body(gateway.get(address, Range=asked)) == whole, asked


def test_who_has_it_gets_it_no_second_time(gateway):
    address = f"/document/{code(MINUTES)}/{MINUTES}"
    tag = gateway.get(address)["ETag"]
    answer = gateway.get(address, **{"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")


# Where they are linked


def test_the_list_holds_the_offices_own_and_those_elsewhere_each_once(gateway):
    own = gateway.rows("/documents?kept=here&format=csv")
    assert len(own) == 7
    assert len(gateway.rows("/documents?format=csv")) == 7 + len(gateway.rows("/documents?kept=elsewhere&format=csv"))
    assert "7 documents" in gateway.words("/documents?kept=here")
    assert f"/es/document/{code(STUDY)}" in gateway.links("/es/documents?kept=here")
    assert "Acta del comité directivo" in gateway.words("/es/documents?kept=here")


def test_the_list_is_narrowed_by_type_language_year_and_fund(gateway):
    def found(choices):
        return [link for link in gateway.links(f"/documents?kept=here&{choices}") if link.startswith("/document/")]

    assert found("category=minutes") == [f"/document/{code(MINUTES)}"]
    assert found("language=en&year=2007") == [f"/document/{code(TERMS)}"]
    assert found("fund=XX-QUIPU-DEMO2-HWF00") == [f"/document/{code('guia-del-riego.txt')}"]
    assert found("q=demanda+ARTESANIA") == [f"/document/{code(STUDY)}"]
    assert found("year=1999") == []
    assert "Nothing matches." in gateway.words("/documents?year=1999")
    assert "/documents?kept=here&category=work-plan" in gateway.links("/documents?kept=here")


def test_words_that_no_title_has_are_found_inside_a_document(gateway):
    assert "Nothing matches." in gateway.words("/documents?q=chumpi")
    (inside,) = {link for link in gateway.links("/documents?q=chumpi") if link.startswith("/search?")}
    assert f"/document/{code(STUDY)}" in gateway.links(inside)


def test_the_factsheet_and_the_funds_page_show_the_offices_documents(gateway):
    links = gateway.links(PROJECT)
    assert {f"/document/{code(name)}" for name in (MINUTES, STUDY, PLAN, LATER_PLAN)} <= set(links)
    assert f"/document/{code(TERMS)}" not in links
    assert "Acta del comité directivo" in gateway.words(f"/es{PROJECT}")
    fund = "/fund/XX-QUIPU-DEMO-MDG00"
    assert {f"/document/{code(TERMS)}", f"/document/{code(MINUTES)}"} <= set(gateway.links(fund))
    assert "/documents?fund=XX-QUIPU-DEMO-MDG00" in gateway.links(fund)


def test_a_page_seen_from_a_sector_shows_a_document_about_two_of_its_activities_once(gateway):
    assert gateway.links("/es/sector/14010").count(f"/es/document/{code('guia-del-riego.txt')}") == 1
    assert "Guía del riego" in gateway.words("/es/sector/14010")


def test_the_source_of_documents_has_a_page(gateway):
    (source,) = [row for row in gateway.rows("/data.csv") if row["file"] == "documents"]
    assert source["activities"] == "0"
    addresses = [link for link in gateway.links("/data") if link.startswith("/data/source/")]
    assert any("Files that the office publishes itself" in gateway.words(address) for address in addresses)
    assert {row["name"] for row in csv.DictReader(io.StringIO(body(gateway.get("/data/filed.csv")).decode()))} == {
        *(path.name for path in DEMO.iterdir() if path.suffix != ".yaml"),
        "narrative-00099201-2024-1.pdf",  # of the desk's
    }
