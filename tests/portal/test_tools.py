"""What a reader can take along from a factsheet: a PDF, a workbook, a citation, a card to embed."""

import io
import re
from html import unescape

import openpyxl
import pypdf

PROJECT = "/project/XX-QUIPU-DEMO-00067264"


def paper(gateway, address):
    answer = gateway.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf"), address
    return pypdf.PdfReader(io.BytesIO(answer.content))


def read(document):
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


def test_a_factsheet_as_a_document_holds_its_head_prose_figures_vouchers_and_where_it_is_from(gateway):
    document = paper(gateway, f"{PROJECT}.pdf")
    text = read(document)
    # typed from the demonstration's journal: 5,000,000 of budget, 4,871,204 spent
    for said in (
        "00067264",
        "MDG Achievement Fund",
        "5,000,000",
        "4,871,204",
        "97.69",
        "31 Mar 2009",
        "Lessons learned",
    ):
        assert said in text, said
    for heading in ("About", "Financials", "By participating organization", "Latest vouchers", "Contacts"):
        assert heading in text, heading
    assert "Amounts are illustrative" in text
    assert "Not a United Nations site." in text
    manifest = gateway.get("/data/manifest.json").json()
    for page in document.pages:
        foot = " ".join(page.extract_text().split())
        assert manifest["content"] in foot
        assert "http://testserver/e/1/project/XX-QUIPU-DEMO-00067264" in foot
    last = len(document.pages)
    assert f"page {last} of {last}" in " ".join(document.pages[-1].extract_text().split())
    assert document.metadata.title.startswith("Inclusive creative industries")


def test_it_is_tagged_speaks_the_pages_language_and_is_the_same_bytes_twice(gateway):
    french = paper(gateway, f"/fr{PROJECT}?format=pdf")
    root = french.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    assert "Informations financières" in read(french) or "Organisations participantes" in read(french)
    one, two = (gateway.get(f"{PROJECT}.pdf?n={n}").content for n in "12")  # drawn twice: the addresses differ
    assert one == two


def test_interim_money_is_marked_in_the_document(gateway):
    text = read(paper(gateway, "/fund/XX-QUIPU-DEMO-JVD00.pdf"))
    assert "interim 230,050" in text  # the running year of one organization
    assert "Interim amounts are reported and not certified yet; they can still change." in text


def test_a_workbook_of_a_page_has_a_sheet_for_each_table(gateway):
    book = openpyxl.load_workbook(io.BytesIO(gateway.get(f"{PROJECT}?format=xlsx").content))
    assert {"Organizations", "Years", "Categories", "Vouchers", "About"} <= set(book.sheetnames)
    years = [[cell.value for cell in row] for row in book["Years"].iter_rows()]
    assert years[0][0] == "Year"
    alone = openpyxl.load_workbook(io.BytesIO(gateway.get(f"{PROJECT}?format=xlsx&table=years").content))
    assert alone.sheetnames == ["Table", "About"]


def test_a_citation_names_the_permanent_address_and_comes_as_bibtex(gateway):
    page = unescape(gateway.text(PROJECT))
    bibtex = re.search(r"@misc\{.*?\n\}", page, re.S)[0]
    assert "quipu-inclusive-creative-industries" in bibtex
    assert "-e1," in bibtex
    assert r"\url{http://testserver/e/1/project/XX-QUIPU-DEMO-00067264}" in bibtex
    assert bibtex.count("{") == bibtex.count("}")
    assert gateway.get("/e/1" + PROJECT).status_code == 200


def test_tex_is_not_surprised_by_a_title():
    from quipu.portal.citing import Citation

    cited = Citation(r"50% of A_B & C {x} \y", "Site", 3, "2026-01-02T03:04:05Z", "abc", "https://x.test/e/3/p").bibtex
    assert r"title = {{50\% of A\_B \& C \{x\} \textbackslash{}y}}" in cited
    assert "year = {2026}" in cited


def test_only_the_card_may_stand_in_a_frame_elsewhere_and_it_has_no_script(gateway):
    card, page = gateway.get(f"/embed{PROJECT}"), gateway.get(PROJECT)
    assert "frame-ancestors *" in card["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert "script" not in card["Content-Security-Policy"]
    assert b"<script" not in card.content
    words = gateway.words(f"/embed{PROJECT}")
    assert "4,871,204" in words
    assert "97.69" in words
    assert "edition 1 of" in words
    assert f'src="http://testserver/embed{PROJECT}"' in unescape(unescape(gateway.text(PROJECT)))
    for wrong in ("/embed/project/nono", "/embed/fund/XX-QUIPU-DEMO-00067264"):
        assert gateway.get(wrong).status_code == 404, wrong


def test_a_page_says_its_own_address_to_each_reader_by_the_host_it_was_asked_at(gateway):
    other = gateway.client.get(PROJECT, HTTP_HOST="gateway.example.org").content.decode()
    assert "http://gateway.example.org/e/1/project" in other
    assert "gateway.example.org" not in gateway.text(PROJECT)


def test_an_operator_may_say_the_address_once_for_all(gateway, settings_of):
    with settings_of(ADDRESS="https://funds.example.org"):
        assert "https://funds.example.org/e/1/project" in gateway.text(f"{PROJECT}?x=address")


def test_an_organization_and_a_country_are_documents_and_workbooks_too(gateway):
    for address, said in (("/organization/XM-DAC-41114", "United Nations Development"), ("/country/PE", "Peru")):
        text = read(paper(gateway, f"{address}.pdf"))
        assert said in text, address
        assert "Money of pooled funds" in text, address
        assert len(openpyxl.load_workbook(io.BytesIO(gateway.get(f"{address}.xlsx").content)).sheetnames) > 4
        assert "BibTeX" in gateway.text(address)


def test_another_name_of_a_project_leads_to_its_document_and_not_to_its_page(gateway):
    answer = gateway.get("/project/00067264.pdf")
    assert (answer.status_code, answer["Location"]) == (301, f"{PROJECT}?format=pdf")
    assert gateway.get("/project/00067264?unit=original")["Location"] == f"{PROJECT}?unit=original"
