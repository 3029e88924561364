"""From bytes to text a parser may see: encodings as declared, stray blanks skipped, entities refused before they act."""

import codecs
import itertools
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.iati.decode import Refused, opened
from tests.documents import activity, document, found, read, rules

BODY = "<iati-activities><a>Réhabilitation à Bamako £ — ok</a></iati-activities>"


def decoded(body: bytes, size: int = 1 << 16) -> bytes:
    """The whole text as the parser would see it, fed in pieces of a size."""
    pieces = iter([body[at : at + size] for at in range(0, len(body), size)])
    return b"".join(opened(pieces).chunks)


def refusal(body: bytes, size: int = 1 << 16) -> tuple[str, int]:
    with pytest.raises(Refused) as error:
        decoded(body, size)
    return error.value.rule, error.value.line


# Encodings


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (BODY.encode(), "utf-8"),
        (codecs.BOM_UTF8 + BODY.encode(), "utf-8 with mark"),
        (codecs.BOM_UTF16_LE + BODY.encode("utf-16-le"), "utf-16 little end first"),
        (codecs.BOM_UTF16_BE + BODY.encode("utf-16-be"), "utf-16 big end first"),
        (codecs.BOM_UTF32_LE + BODY.encode("utf-32-le"), "utf-32 little end first"),
        (codecs.BOM_UTF32_BE + BODY.encode("utf-32-be"), "utf-32 big end first"),
    ],
)
def test_a_mark_says_the_encoding(body, encoding, size):
    assert decoded(body, size) == BODY.encode()


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("name", ["ISO-8859-1", "latin1", "windows-1252", "cp1252", "UTF-8", "utf8", "iso-8859-15"])
def test_a_declaration_says_the_encoding(name, size):
    whole = f"<?xml version='1.0' encoding='{name}'?>\n<iati-activities>Réhabilitation à Bamako</iati-activities>"
    assert decoded(whole.encode(name), size) == whole.encode()


def test_utf_16_without_a_mark_is_known_by_its_first_bytes():
    whole = '<?xml version="1.0" encoding="UTF-16"?><iati-activities>é</iati-activities>'
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decoded(whole.encode(encoding)) == whole.encode()


def test_euros_and_quotes_of_windows_are_read_where_they_are_declared():
    whole = '<?xml version="1.0" encoding="windows-1252"?><iati-activities>Women\u2019s rights \u20ac</iati-activities>'
    assert decoded(whole.encode("cp1252")) == whole.encode()


@pytest.mark.parametrize("name", ["utf-16", "utf-32", "klingon", "unicode", "base64", "zip", "rot13", "utf-7x"])
def test_a_declaration_that_is_not_true_is_refused(name):
    rule, line = refusal(f'<?xml version="1.0" encoding="{name}"?>\n<iati-activities/>'.encode())
    assert rule == "file-encoding"
    assert line == 1


def test_bytes_that_are_not_in_the_declared_encoding_are_refused_with_their_line():
    body = b'<?xml version="1.0" encoding="ascii"?>\n<iati-activities>\n\xe9</iati-activities>'
    # ASCII passes through as UTF-8, and the parser says where it is none.
    assert decoded(body) == body
    half = codecs.BOM_UTF16_LE + "<iati-activities>\n\n".encode("utf-16-le") + b"\x00\xdc"
    assert refusal(half, 20)[0] == "file-encoding"


def test_utf_8_that_is_none_is_found_by_the_parser_and_no_letter_is_guessed(tmp_path):
    body = document(activity()).replace("Title of", "Women’s").encode("cp1252")
    report, tables = read(tmp_path, body)
    assert (report.complete, report.activities) == (False, 0)
    assert found(tables) == [("file-encoding", 6)]


# Before the root


@pytest.mark.parametrize("body", [b"", b" ", b"\n\t\r\n ", codecs.BOM_UTF8, codecs.BOM_UTF8 + b"\n"])
def test_nothing_is_an_empty_file(body):
    assert refusal(body)[0] == "file-empty"


@pytest.mark.parametrize(
    "body",
    [
        b'{"error": "no"}',
        b"404",
        b"<",
        b"< iati-activities>",
        b"text<iati-activities/>",
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.4",
        b"<!>",
    ],
)
def test_what_does_not_begin_like_xml_is_none(body):
    assert refusal(body)[0] == "file-not-xml"


def test_blanks_before_the_declaration_are_skipped_counted_and_said(tmp_path):
    report, tables = read(tmp_path, "\n\n  " + document(activity()))
    assert (report.complete, report.activities) == (True, 1)
    assert found(tables) == [("file-repaired", 1)]
    assert tables["activities"][0][5] == 5  # line 3 of the document, two below
    assert tables["xml"][0][3] == 5


def test_blanks_before_a_root_without_declaration_need_no_repair(tmp_path):
    report, tables = read(tmp_path, "\n" + document(activity(), head=""))
    assert (report.complete, rules(tables)) == (True, [])


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    "prolog",
    [
        "<?xml version='1.0'?>",
        "<?xml-stylesheet href='x.xsl'?>\n<!-- <not-the-root> -->\n",
        "<!DOCTYPE iati-activities>",
        "<!DOCTYPE iati-activities SYSTEM 'http://127.0.0.1:9/x>y.dtd'>",
        '<!DOCTYPE iati-activities PUBLIC "-//X//[<]>" "x.dtd" >',
        "<!DOCTYPE iati-activities [ <!ELEMENT a (#PCDATA)> <!-- ]> <!ENTITY --> <?x ]> ?> <!ATTLIST a b CDATA ']>'> ]>",
        "<!DOCTYPE iati-activities [ %parameter; ] >",
    ],
)
def test_the_root_is_found_behind_everything_that_may_stand_before_it(prolog, size):
    pieces = (prolog + BODY).encode()
    chunks = iter([pieces[at : at + size] for at in range(0, len(pieces), size)])
    document = opened(chunks)
    assert document.root == "iati-activities"
    assert b"".join(document.chunks) == pieces


def test_the_root_is_called_by_its_local_name():
    assert opened(iter([b'<iati:iati-activities xmlns:iati="x">'])).root == "iati-activities"


def test_a_prolog_without_end_is_given_up_after_a_megabyte():
    endless = itertools.chain([b"<!-- "], itertools.repeat(b"x" * 65_536))
    with pytest.raises(Refused) as error:
        opened(endless)
    assert error.value.rule == "file-not-xml"


# Entities


ENTITY = '<!ENTITY a "aaaaaaaaaa">'


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize(
    "declaration",
    [
        f"<!DOCTYPE iati-activities [{ENTITY}]>",
        f"<!DOCTYPE iati-activities [ <!ENTITY % p 'x'> {ENTITY} ]>",
        "<!DOCTYPE iati-activities [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>",
        # An end that is none: in a quoted text, a comment, an instruction, the name of the DTD.
        f"<!DOCTYPE iati-activities [<!ATTLIST x y CDATA ']><iati-activities '>{ENTITY}]>",
        f"<!DOCTYPE iati-activities [<!-- ]><iati-activities> -->{ENTITY}]>",
        f"<!DOCTYPE iati-activities [<?x ]><iati-activities> ?>{ENTITY}]>",
        f"<!DOCTYPE iati-activities SYSTEM '><iati-activities ' [{ENTITY}]>",
        f'<!DOCTYPE iati-activities PUBLIC "[]><iati-activities " "x" [{ENTITY}]>',
    ],
)
def test_a_declaration_of_entities_is_refused_however_it_is_hidden(declaration, size):
    body = f'<?xml version="1.0"?>\n{declaration}\n<iati-activities version="&a;"/>'.encode()
    assert refusal(body, size) == ("file-entities", 2)


def test_a_reference_to_an_entity_of_a_dtd_that_is_not_loaded_stays_a_reference(tmp_path):
    body = document(activity("XX-P-1", "<description><narrative>Water&nbsp;works</narrative></description>"))
    head = '<?xml version="1.0"?>\n<!DOCTYPE iati-activities SYSTEM "http://127.0.0.1:9/x.dtd">\n'
    report, tables = read(tmp_path, head + body.split("\n", 1)[1])
    assert report.complete
    assert [row[6] for row in tables["texts"] if row[3] == "description"] == ["Water&nbsp;works"]


@given(st.binary(max_size=300), st.integers(1, 50))
def test_no_bytes_make_the_reader_fail_otherwise(body, size):
    with suppress(Refused):
        assert isinstance(decoded(body, size), bytes)
