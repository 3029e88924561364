"""From the bytes of a file to UTF-8 that a parser may see: encodings, stray blanks, and the entities that are refused."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARED = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
ROOT = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)")
MISC = re.compile(rb"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
# Quoted texts and comments may hold a '>', a ']' or a '<' that ends or begins nothing.
DOCTYPE = re.compile(rb"""<!DOCTYPE(?:[^"'\[\]<>]|"[^"]*"|'[^']*')*([\[>])""")
DECLARATION = re.compile(
    rb"""\s+|<!--.*?-->|<\?.*?\?>|%[\w.-]+;|<!(?!ENTITY)[A-Z](?:[^"'<>]|"[^"]*"|'[^']*')*>""", re.DOTALL
)
DOCTYPE_END = re.compile(rb"\]\s*>")
LONGEST_PROLOG = 1 << 20
PASSED_THROUGH = {"utf-8", "ascii"}


class Refused(Exception):
    """The file cannot be read as IATI XML: rule, detail, and the line where it shows."""

    def __init__(self, rule: str, detail: str = "", line: int = 0) -> None:
        super().__init__(rule, detail, line)
        self.rule, self.detail, self.line = rule, detail, line


@dataclass(frozen=True, slots=True)
class Document:
    """The start of a document that may be parsed: its root element's name and what had to be repaired."""

    root: str
    skipped_lines: int
    repaired: bool
    chunks: Iterator[bytes]


def opened(chunks: Iterator[bytes]) -> Document:
    """Reads as far as the root element. Raises Refused for what is empty, not XML, or declares entities."""
    text = _as_utf8(chunks)
    head = b""
    while True:
        piece = next(text, None)
        head += piece or b""
        start = len(head) - len(head.lstrip())
        found = _root(head, start)
        if found is not None:
            break
        if piece is None or len(head) > LONGEST_PROLOG:
            if not head.strip():
                raise Refused("file-empty")
            raise Refused("file-not-xml", _glimpse(head))
    body = head[start:]
    repaired = start > 0 and body.startswith(b"<?xml")

    def everything() -> Iterator[bytes]:
        yield body
        yield from text

    return Document(found, head[:start].count(b"\n"), repaired, everything())


def _root(head: bytes, start: int) -> str | None:
    """The root's name once it is in sight; None while it is not."""
    at = start
    while at < len(head):
        misc = MISC.match(head, at)
        if misc:
            at = misc.end()
            continue
        if head.startswith(b"<!DOCTYPE", at):
            at = _past_doctype(head, at)
            continue
        if head[at : at + 1] != b"<":
            raise Refused("file-not-xml", _glimpse(head))
        root = ROOT.match(head, at)
        # A name that touches the end of what was read may go on.
        return root[2].decode() if root and root.end() < len(head) else None
    return None


def _past_doctype(head: bytes, at: int) -> int:
    """Behind a document type declaration, which may name a DTD (never loaded) and may not declare entities."""
    start = DOCTYPE.match(head, at)
    if not start:
        return len(head)
    at = start.end()
    if start[1] == b">":
        return at
    while declared := DECLARATION.match(head, at):
        at = declared.end()
    if head.startswith(b"<!ENTITY", at):
        raise Refused("file-entities", line=head.count(b"\n", 0, at) + 1)
    if at < len(head) and head[at : at + 1] not in b"<]%":
        raise Refused("file-broken", "document type declaration", head.count(b"\n", 0, at) + 1)
    end = DOCTYPE_END.match(head, at)
    return end.end() if end else len(head)


def _glimpse(head: bytes) -> str:
    return head.strip()[:40].decode("utf-8", "replace")


def _as_utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same text in UTF-8. UTF-8 passes untouched: the parser checks it and knows the line."""
    first = next(chunks, b"")
    while 0 < len(first) < 200:  # enough to see a declaration
        more = next(chunks, None)
        if more is None:
            break
        first += more
    encoding = _encoding(first)
    if encoding in PASSED_THROUGH:
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    try:
        for piece in chain((first,), chunks):
            yield (out := decoder.decode(piece)).encode()
            line += out.count("\n")
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        raise Refused("file-encoding", f"{encoding}: {error}", line) from None


def _encoding(first: bytes) -> str:
    for mark, name in BOMS:
        if first.startswith(mark):
            return name
    for pattern, name in ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be")):
        if first.startswith(pattern):
            return name
    declared = DECLARED.search(first[:200])
    if not declared:
        return "utf-8"
    name = declared[1].decode()
    try:
        "".encode(name)  # also refuses what is a codec and no text encoding
        return codecs.lookup(name).name
    except (LookupError, UnicodeError):
        raise Refused("file-encoding", f"unknown encoding {name}", 1) from None
