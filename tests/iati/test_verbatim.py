"""An activity's XML is kept byte for byte, wherever comments, sections, instructions and quotes may hide a tag.

The judge is expat: it knows at which byte each element begins and ends.
"""

import random
import re
import time
import zlib
from base64 import b64decode
from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.iati.lines import ATTRIBUTE, STAMPED, Lines
from quipu.iati.verbatim import PIECE, Verbatim

# Things that look like what they are not.
words = st.text(alphabet=" \n\tabé—'/=\"", max_size=12).map(lambda text: text.replace('"', "&quot;"))
decoys = st.sampled_from(
    [
        *(
            "iati-activity",
            "&lt;iati-activity>",
            "/iati-activity",
            "&lt;/iati-activity&gt;",
            "]]",
            "--",
            "?",
            ">",
            "/>",
        ),
        *("transaction", "&lt;transaction ", "quipu-line="),
    ]
)
texts = st.lists(words | decoys, max_size=4).map("".join)
markup = st.sampled_from(
    [
        *(
            "iati-activity",
            "<iati-activity>",
            "</iati-activity>",
            "<iati-activity x='>'/>",
            "<transaction>",
            "<![CDATA[",
            "<?x",
        ),
        *("\n\n", " ", "'", '"', ">", "é"),
    ]
)
inside = st.lists(markup, max_size=5).map("".join)
comments = inside.map(lambda text: f"<!--{text.replace('--', '==').rstrip('-')} -->")
sections = inside.map(lambda text: f"<![CDATA[{text.replace(']]', '))')}]]>")
instructions = inside.map(lambda text: f"<?note {text.replace('?>', '??')}?>")
quoted = texts.map(lambda text: text.replace("<", "&lt;").replace("]]", "))"))
attributes = st.lists(st.sampled_from("pqrs"), unique=True, max_size=3).flatmap(
    lambda names: st.tuples(*[st.tuples(st.just(name), quoted, st.sampled_from("'\"")) for name in names]).map(
        lambda found: "".join(
            f"\n {name}={mark}{text.replace(mark, '&#39;' if mark == chr(39) else '&quot;')}{mark}"
            for name, text, mark in found
        )
    )
)
chaff = st.lists(comments | instructions | words.map(lambda text: text.strip("abé—'/=&quot;") and " "), max_size=3).map(
    "".join
)


def element(name, content):
    return st.tuples(attributes, content).map(
        lambda found: f"<{name}{found[0]}/>" if not found[1] else f"<{name}{found[0]}\n>{found[1]}</{name} >"
    )


plain = texts.map(lambda text: text.replace("]]", "))"))
content = st.recursive(
    plain | comments | sections | instructions,
    lambda below: st.lists(
        below | element("transaction", below) | element("related-activity", below) | element("iati-activityx", below),
        max_size=4,
    ).map("".join),
    max_leaves=8,
)
activities = element("iati-activity", content)
documents = st.lists(st.tuples(chaff, activities), max_size=4).map(
    lambda found: "<iati-activities>" + "".join(between + one for between, one in found) + "</iati-activities>"
)
cuts = st.lists(st.integers(1, 400), min_size=1, max_size=6)


def judged(body: bytes, name: str) -> list[tuple[int, bytes]]:
    """(line, exact slice) of each outermost element of that name."""
    parser, found, began, depth = expat.ParserCreate(), [], (0, 0), 0

    def start(tag, _):
        nonlocal depth, began
        if tag == name:
            if depth == 0:
                began = (parser.CurrentLineNumber, parser.CurrentByteIndex)
            depth += 1

    def end(tag):
        nonlocal depth
        if tag == name:
            depth -= 1
            if depth == 0:
                line, at = began
                stop = end_of_tag(body, at)
                if body[stop - 2 : stop] != b"/>":
                    stop = body.index(b">", parser.CurrentByteIndex) + 1
                found.append((line, body[at:stop]))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(body, True)
    return found


def end_of_tag(body: bytes, at: int) -> int:
    """Behind the '>' of the start tag at a place; quoted values may hold one."""
    quote = 0
    for place in range(at, len(body)):
        here = body[place]
        if quote:
            quote = 0 if here == quote else quote
        elif here in b"'\"":
            quote = here
        elif here == ord(">"):
            return place + 1
    raise ValueError("the tag has no end")


def pieces_of(body: bytes, sizes: list[int]) -> list[bytes]:
    """The bytes cut at the sizes, again and again."""
    pieces, at, turn = [], 0, 0
    while at < len(body):
        size = sizes[turn % len(sizes)]
        pieces.append(body[at : at + size])
        at, turn = at + size, turn + 1
    return pieces


def kept(body: bytes, sizes: list[int], first_line: int = 1) -> list[tuple[int, bytes]]:
    lexer, found = Verbatim(first_line), []
    for piece in pieces_of(body, sizes):
        found += lexer.feed(piece)
    found += lexer.feed(b"", last=True)
    return [(line, zlib.decompress(b64decode("".join(bodies)))) for line, bodies in found]


def stamped(body: bytes, sizes: list[int]) -> bytes:
    lexer = Lines(1)
    return b"".join(lexer.feed(piece) for piece in pieces_of(body, sizes)) + lexer.feed(b"", last=True)


@given(documents, cuts)
def test_what_is_kept_is_the_exact_slice_whatever_the_chunks(document, sizes):
    body = document.encode()
    assert kept(body, sizes) == judged(body, "iati-activity")


@given(documents, cuts)
def test_each_stamp_is_the_line_where_its_element_begins(document, sizes):
    body = document.encode()
    lines: list[tuple[str, int]] = []
    stamps: list[tuple[str, int]] = []

    def collect(names, into, parser):
        def start(tag, attributes):
            if tag in names:
                into.append((tag, int(attributes.get(ATTRIBUTE, 0)) or parser.CurrentLineNumber))

        parser.StartElementHandler = start
        return parser

    collect(STAMPED, lines, expat.ParserCreate()).Parse(body, True)
    with_stamps = stamped(body, sizes)
    collect(STAMPED, stamps, expat.ParserCreate()).Parse(with_stamps, True)
    assert stamps == lines
    assert with_stamps.count(b"\n") == body.count(b"\n")


@given(documents, cuts)
def test_a_stamp_is_all_that_is_added(document, sizes):
    body = document.encode()
    assert re.sub(rb' quipu-line="[0-9]+"', b"", stamped(body, sizes)) == body


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_a_tag_in_a_comment_a_section_an_instruction_or_a_value_is_none(size):
    body = (
        b"<iati-activities><!-- <iati-activity> --><?x <iati-activity>?>\n"
        b"<iati-activity a='>' b=\"</iati-activity>\"><![CDATA[</iati-activity>]]><!--</iati-activity>--></iati-activity>"
        b"\n<iati-activity/><iati-activity\n/></iati-activities>"
    ).replace(b'"</iati-activity>"', b'"/iati-activity>"')
    assert kept(body, [size]) == [
        (
            2,
            b"<iati-activity a='>' b=\"/iati-activity>\"><![CDATA[</iati-activity>]]><!--</iati-activity>--></iati-activity>",
        ),
        (3, b"<iati-activity/>"),
        (3, b"<iati-activity\n/>"),
    ]


def test_a_prefix_belongs_to_the_tag():
    body = b'<x:iati-activities xmlns:x="u"><x:iati-activity>1</x:iati-activity></x:iati-activities>'
    assert kept(body, [5]) == [(1, b"<x:iati-activity>1</x:iati-activity>")]


def test_names_that_only_begin_alike_are_others():
    body = b"<r><iati-activity-x>1</iati-activity-x><iati-activities/><iati-activity>2</iati-activity></r>"
    assert kept(body, [4]) == [(1, b"<iati-activity>2</iati-activity>")]


def test_an_activity_inside_another_belongs_to_the_outer_one():
    inner = b"<iati-activity>a<iati-activity>b</iati-activity><iati-activity/>c</iati-activity>"
    assert kept(b"<r>" + inner + b"\n<iati-activity>d</iati-activity></r>", [3]) == [
        (1, inner),
        (2, b"<iati-activity>d</iati-activity>"),
    ]


def test_lines_begin_where_the_document_does():
    assert kept(b"\n<r>\n<iati-activity/></r>", [100], first_line=5) == [(7, b"<iati-activity/>")]


def test_a_cut_off_activity_is_not_kept():
    assert kept(b"<r><iati-activity>1</iati-activity><iati-activity>2</iati-act", [9]) == [
        (1, b"<iati-activity>1</iati-activity>")
    ]


def test_a_large_activity_is_kept_in_pieces():
    noise = random.Random(1).randbytes(400_000).hex().encode()
    body = b"<r><iati-activity>" + noise + b"</iati-activity></r>"
    lexer = Verbatim(1)
    ((_, bodies),) = lexer.feed(body, last=True)
    assert len(bodies) > 1
    assert {len(piece) for piece in bodies[:-1]} == {PIECE}
    assert zlib.decompress(b64decode("".join(bodies))) == body[3:-4]


def test_a_start_tag_of_many_megabytes_is_walked_once():
    body = b"<r><iati-activity a='" + b">" * 8_000_000 + b"'/></r>"
    began = time.monotonic()
    ((line, xml),) = kept(body, [65_536])
    assert (line, len(xml)) == (1, 8_000_000 + len("<iati-activity a=''/>"))
    assert time.monotonic() - began < 3
