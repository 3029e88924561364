"""Hostile files: each ends in its finding, in the process with limits, and nothing of it is left; honest ones are taken."""

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from quipu.actions import harmless
from tests.desk import papers

MOST = 20 << 20
CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def look(folder: Path, content: bytes, name: str) -> harmless.Looked:
    beside = folder / "beside"
    beside.mkdir()
    return harmless.look(papers.put(folder, content), name, beside, MOST)


def left(folder: Path, looked: harmless.Looked) -> list[Path]:
    """What lies beside that nobody keeps."""
    return [path for path in (folder / "beside").iterdir() if path != looked.path]


def action(kind: str, **keys: str) -> Any:
    """A change of a PDF that puts an action on its opening."""

    def change(writer: Any) -> None:
        from pypdf.generic import DictionaryObject, NameObject, TextStringObject

        act = DictionaryObject({NameObject("/S"): NameObject(kind)})
        act.update({NameObject(f"/{key}"): TextStringObject(text) for key, text in keys.items()})
        writer._root_object[NameObject("/OpenAction")] = writer._add_object(act)

    return change


def external(kind: str, target: str) -> bytes:
    """A Word document with a relation that leads outside."""
    one = f'<Relationship Id="x1" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    return papers.with_part(papers.docx(), "word/_rels/settings.xml.rels", RELATIONS.format(one))


def field(words: str) -> bytes:
    """A Word document with a field, cut in two as Word does."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    half = len(words) // 2
    runs = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (words[:half], words[half:]))
    body = f'<w:document xmlns:w="{space}"><w:body><w:p>{runs}</w:p></w:body></w:document>'
    return papers.with_part(papers.docx(), "word/document.xml", body)


def bomb(size: int) -> bytes:
    """A Word document with a part that unpacks to so many bytes."""
    return papers.with_part(papers.docx(), "word/media/image1.bin", b"\0" * size)


def lying_bomb() -> bytes:
    """One whose directory says that the part is small."""
    whole = bytearray(bomb(64 << 20))
    at = whole.rfind(b"word/media/image1.bin") - 46
    assert whole[at : at + 4] == b"PK\x01\x02"
    whole[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(whole)


def many(count: int) -> bytes:
    return papers.packed({"word/document.xml": "<a/>", **{f"word/x{n}.txt": "" for n in range(count)}})


def huge_png() -> bytes:
    """A PNG of a few bytes that says to be a hundred thousand points wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    head = struct.pack("!IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def locked_zip() -> bytes:
    whole = bytearray(papers.docx())
    at = -1
    while (at := whole.find(b"PK\x01\x02", at + 1)) >= 0:
        whole[at + 8] |= 1
    return bytes(whole)


def twice() -> bytes:
    out = io.BytesIO(papers.docx())
    with zipfile.ZipFile(out, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("word/document.xml", "<other/>")
    return out.getvalue()


def encrypted_pdf() -> bytes:
    return papers.pdf(change=lambda writer: writer.encrypt("secret", algorithm="RC4-128"))


def hidden_javascript() -> bytes:
    """JavaScript behind an object that lies in a packed stream, where nobody who reads bytes sees it."""
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject

    plain = papers.pdf()
    inner = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
    packed = zlib.compress(b"50 0 " + inner)
    stream = b"49 0 obj\n<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
    stream += packed + b"\nendstream\nendobj\n"
    del PdfWriter, DictionaryObject, NameObject, TextStringObject
    head = plain[: plain.rfind(b"xref")]
    at_stream = len(head)
    body = head + stream
    size = 52
    catalog = int(plain.split(b"/Root ")[1].split()[0])
    entries = bytearray()
    offsets = {int(line.split()[0]): body.find(b"\n" + line) + 1 for line in _objects(head)}
    for number in range(size):
        if number == 49:
            entries += struct.pack("!BIH", 1, at_stream, 0)
        elif number == 50:
            entries += struct.pack("!BIH", 2, 49, 0)
        elif number == 51:
            entries += struct.pack("!BIH", 1, len(body), 0)
        else:
            entries += struct.pack("!BIH", 1, offsets[number], 0) if number in offsets else struct.pack("!BIH", 0, 0, 0)
    table = zlib.compress(bytes(entries))
    xref = b"51 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Filter/FlateDecode/Length %d>>\nstream\n" % (
        size,
        catalog,
        len(table),
    )
    return body + xref + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


def _objects(head: bytes) -> list[bytes]:
    import re

    return re.findall(rb"\n(\d+ 0 obj)", head)


def embedded(writer: Any) -> None:
    writer.add_attachment("inner.txt", b"inside")


def form_that_computes(writer: Any) -> None:
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject

    writer._root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})


SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
BILLION = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><w:document xmlns:w="x">&b;</w:document>'
HOSTILE: dict[str, tuple[Any, str, str]] = {
    # what it is: (its bytes, its name, the finding)
    "an empty file": (lambda: b"", "a.pdf", "document-empty"),
    "a picture that scripts": (lambda: SCRIPT, "a.svg", "document-two"),
    "a picture that scripts, named otherwise": (lambda: SCRIPT, "a.png", "document-two"),
    "a page": (lambda: b"<!doctype html><script>alert(1)</script>", "a.html", "document-two"),
    "a page that begins as a GIF": (lambda: b"GIF89a/*<script>*/=1;//\0", "a.gif", "document-form"),
    "a page named text": (lambda: b"\xef\xbb\xbf <HTML><body onload=x>", "notes.txt", "document-two"),
    "a program": (lambda: b"MZ\x90\0" + b"\0" * 200, "report.pdf", "document-form"),
    "a script of a shell with zeros": (lambda: b"#!/bin/sh\nrm \0", "a.txt", "document-form"),
    "cells that command": (lambda: b"name,amount\nx,=cmd|' /C calc'!A0\n", "a.csv", "document-active"),
    "a table that is packed files": (lambda: b"a,b\n" + papers.packed({"x": "y"}), "a.csv", "document-form"),
    # PDF
    "JavaScript": (lambda: papers.pdf(change=action("/JavaScript", JS="app.alert(1)")), "a.pdf", "document-active"),
    "JavaScript, spelled in numbers": (
        lambda: papers.pdf(change=action("/JavaScript", JS="x")).replace(b"/JavaScript", b"/J#61vaScript"),
        "a.pdf",
        "document-active",
    ),
    "JavaScript in a packed object": (hidden_javascript, "a.pdf", "document-active"),
    "a program that is started": (lambda: papers.pdf(change=action("/Launch", F="cmd.exe")), "a.pdf", "document-active"),
    "a form that is sent": (lambda: papers.pdf(change=action("/SubmitForm", F="http://x")), "a.pdf", "document-active"),
    "another file that is opened": (lambda: papers.pdf(change=action("/GoToR", F="//x/y")), "a.pdf", "document-outside"),
    "a link to a file": (lambda: papers.pdf(change=action("/URI", URI="file:///etc/passwd")), "a.pdf", "document-outside"),
    "a link that is a script": (lambda: papers.pdf(change=action("/URI", URI="javascript:x")), "a.pdf", "document-outside"),
    "a file inside a PDF": (lambda: papers.pdf(change=embedded), "a.pdf", "document-embedded"),
    "a form that computes": (lambda: papers.pdf(change=form_that_computes), "a.pdf", "document-active"),
    "a locked PDF": (encrypted_pdf, "a.pdf", "document-locked"),
    "a PDF that is packed files, too": (lambda: papers.pdf() + papers.packed({"x.html": "y"}), "a.pdf", "document-two"),
    "a PDF that is a page, too": (lambda: b"<html><!--" + papers.pdf(), "a.pdf", "document-two"),
    "a PDF with a page behind it": (lambda: papers.pdf() + b"<script>alert(1)</script>", "a.pdf", "document-two"),
    "a PDF with anything behind it": (lambda: papers.pdf() + b"x" * 5_000, "a.pdf", "document-two"),
    "a PDF that breaks off": (lambda: papers.pdf()[:200], "a.pdf", "document-broken"),
    "a PDF of nothing": (lambda: b"%PDF-1.7\n%%EOF\n", "a.pdf", "document-broken"),
    # packed files
    "macros": (lambda: papers.with_part(papers.docx(), "word/vbaProject.bin", b"x"), "a.docx", "document-active"),
    "macros that a workbook only announces": (
        lambda: papers.with_part(
            papers.xlsx(),
            "[Content_Types].xml",
            CONTENT_TYPES.format('<Override PartName="/xl/w.xml" ContentType="x/y.macroEnabled.main+xml"/>'),
        ),
        "a.xlsx",
        "document-active",
    ),
    "macros of old workbooks": (
        lambda: papers.with_part(papers.xlsx(), "xl/macrosheets/sheet1.xml", "<a/>"),
        "a.xlsx",
        "document-active",
    ),
    "buttons that run": (
        lambda: papers.with_part(papers.docx(), "word/activeX/activeX1.xml", "<a/>"),
        "a.docx",
        "document-active",
    ),
    "an object of another program": (
        lambda: papers.with_part(papers.docx(), "word/embeddings/oleObject1.bin", b"x"),
        "a.docx",
        "document-embedded",
    ),
    "packed files in packed files": (
        lambda: papers.with_part(papers.docx(), "word/media/inner.bin", papers.packed({"a": "b"})),
        "a.docx",
        "document-embedded",
    ),
    "a program among pictures": (
        lambda: papers.with_part(papers.docx(), "word/media/image1.png", b"MZ\x90\0"),
        "a.docx",
        "document-embedded",
    ),
    "a template from elsewhere": (lambda: external("attachedTemplate", "http://x/y.dotm"), "a.docx", "document-outside"),
    "an object from elsewhere": (lambda: external("oleObject", "http://x/y.html!x"), "a.docx", "document-outside"),
    "a picture from elsewhere": (lambda: external("image", "http://x/y.png"), "a.docx", "document-outside"),
    "a link to a program": (lambda: external("hyperlink", "ms-msdt:/id"), "a.docx", "document-outside"),
    "a field that fetches": (lambda: field('DDEAUTO c:\\\\windows\\\\cmd.exe "/k"'), "a.docx", "document-outside"),
    "a link of a workbook": (
        lambda: papers.with_part(
            papers.xlsx(),
            "xl/externalLinks/externalLink1.xml",
            '<externalLink xmlns="x"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>',
        ),
        "a.xlsx",
        "document-outside",
    ),
    "entities": (lambda: papers.with_part(papers.docx(), "word/document.xml", BILLION), "a.docx", "document-entities"),
    "a name that leads out": (lambda: papers.with_part(papers.docx(), "../../x", b"x"), "a.docx", "document-path"),
    "a name that leads to the root": (lambda: papers.with_part(papers.docx(), "/etc/x", b"x"), "a.docx", "document-path"),
    "a name of Windows that leads out": (lambda: papers.with_part(papers.docx(), "..\\..\\x", b"x"), "a.docx", "document-path"),
    "one part twice": (twice, "a.docx", "document-two"),
    "a part that unpacks to very much": (lambda: bomb(64 << 20), "a.docx", "document-packed"),
    "a part that unpacks to more than it says": (lying_bomb, "a.docx", "document-broken"),
    "very many parts": (lambda: many(harmless.PARTS), "a.docx", "document-packed"),
    "locked parts": (locked_zip, "a.docx", "document-locked"),
    "something before the parts": (lambda: b"<html>" + papers.docx(), "a.docx", "document-two"),
    "a document that breaks off": (lambda: papers.docx()[:-200], "a.docx", "document-form"),
    "packed files that are no document": (lambda: papers.packed({"a.txt": "x"}), "a.docx", "document-form"),
    "a broken part": (lambda: papers.with_part(papers.docx(), "word/document.xml", "<a><b>"), "a.docx", "document-broken"),
    # pictures
    "a picture of ten thousand million points": (huge_png, "a.png", "picture-too-large"),
    "a picture that breaks off": (lambda: papers.picture(size=(400, 400))[:500], "a.jpg", "document-broken"),
    "a picture of nothing": (lambda: b"\x89PNG\r\n\x1a\n", "a.png", "document-broken"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_ends_in_its_finding_and_leaves_nothing(what, tmp_path):
    content, name, rule = HOSTILE[what]
    looked = look(tmp_path, content(), name)
    assert [finding.rule for finding in looked.findings if finding.severity == "error"] == [rule], looked.findings
    assert looked.path is None
    assert left(tmp_path, looked) == []


HONEST = {
    "pdf": papers.pdf,
    "docx": papers.docx,
    "xlsx": papers.xlsx,
    "txt": lambda: b"Terrazas y zanjas, a < b",
    "csv": lambda: b"name,amount\nA,-5\nB,+3 (estimate)\n",
    "jpg": papers.picture,
    "png": lambda: papers.picture("PNG"),
    "webp": lambda: papers.picture("WEBP"),
}


@pytest.mark.parametrize("form", HONEST)
def test_an_honest_file_is_taken(form, tmp_path):
    looked = look(tmp_path, HONEST[form](), f"a.{form}")
    assert not looked.is_refused, looked.findings
    assert looked.form == form
    assert looked.path.stat().st_size > 0
    assert left(tmp_path, looked) == []


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx", "txt", "csv"])
def test_bytes_of_all_but_pictures_stay_as_they_are(form, tmp_path):
    content = HONEST[form]()
    assert look(tmp_path, content, f"a.{form}").path.read_bytes() == content


def test_what_a_file_is_counts_and_not_its_name(tmp_path):
    looked = look(tmp_path, papers.pdf(), "picture.jpg")
    assert (looked.form, [finding.rule for finding in looked.findings]) == ("pdf", ["document-named"])


def test_links_to_pages_and_mails_are_no_trouble(tmp_path):
    assert not look(tmp_path, external("hyperlink", "https://example.org/"), "a.docx").is_refused


def test_a_pdf_that_opens_at_a_page_is_taken(tmp_path):
    assert not look(tmp_path, papers.pdf(change=action("/GoTo", D="1")), "a.pdf").is_refused


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_loses_where_it_was_taken_and_all_that_is_hidden(form, tmp_path):
    from PIL import Image

    looked = look(tmp_path, papers.picture(form, place=True) + b"<script>hidden</script>", "a")
    assert "picture-place" in [finding.rule for finding in looked.findings]
    drawn = looked.path.read_bytes()
    assert b"Somebody" not in drawn
    assert b"hidden" not in drawn
    with Image.open(looked.path) as picture:
        assert dict(picture.getexif()) == {}
        assert picture.size == (40, 30)


def test_what_a_file_says_of_itself_is_offered(tmp_path):
    looked = look(tmp_path, papers.pdf("a\fb", title="  Terraces \n of the valley "), "a.pdf")
    assert looked.offered == {"title": "Terraces of the valley", "on": "2024-03-05", "pages": 2}


def test_a_word_document_offers_its_title(tmp_path):
    assert look(tmp_path, papers.docx(title="Springs"), "a.docx").offered["title"] == "Springs"


def test_comments_and_tracked_changes_are_said(tmp_path):
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    changed = (
        f'<w:document xmlns:w="{space}"><w:body><w:p><w:del w:author="A"><w:r/></w:del></w:p></w:body></w:document>'
    )
    looked = look(tmp_path, papers.with_part(papers.docx(), "word/document.xml", changed), "a.docx")
    assert [finding.rule for finding in looked.findings] == ["document-changes"]


def test_a_reader_that_hangs_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(harmless, "SECONDS", 0.01)
    assert [one.rule for one in look(tmp_path, papers.pdf(), "a.pdf").findings] == ["document-unexamined"]
