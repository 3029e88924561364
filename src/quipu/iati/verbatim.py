"""Where each activity begins and ends in the bytes, so that its XML can be kept exactly as it was published.

A lexer, not a parser: in well-formed XML a '<' begins a tag, a comment, a CDATA section or a processing instruction and
nothing else, so three skips make a search exact. Entities, which could hide a tag, were refused before.
"""

import re
import zlib
from base64 import b64encode
from collections.abc import Iterator

TAG = rb"(?:[A-Za-z_][\w.-]*:)?iati-activity"
MARK = re.compile(rb"<!--|<!\[CDATA\[|<\?|<" + TAG + rb"(?=[\s/>])|</" + TAG + rb"\s*>")
ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
LONGEST_MARK = 256  # bytes kept back so that a mark cut by two chunks is seen whole
PIECE = 300_000  # bytes of base64 in a row, well below the longest line a CSV reader takes


class Verbatim:
    """Fed with the chunks the parser is fed with; yields (line, base64 pieces) per activity."""

    def __init__(self, first_line: int) -> None:
        self._rest = b""
        self._line = first_line
        self._until = b""  # the end of the comment, section or instruction we are in
        self._squeeze: zlib._Compress | None = None
        self._squeezed: list[bytes] = []
        self._began = 0
        self._in_tag = False  # inside the activity's own start tag, which may close itself

    def feed(self, chunk: bytes, *, last: bool = False) -> Iterator[tuple[int, list[str]]]:
        """The activities that end in this chunk."""
        data = self._rest + chunk
        at = 0
        limit = len(data) if last else len(data) - LONGEST_MARK
        while at < limit:
            if self._until:
                end = data.find(self._until, at)
                if end == -1:
                    step = max(at, min(limit, len(data) - len(self._until)))
                    self._take(data[at:step])
                    at = step
                    break
                end += len(self._until)
                self._take(data[at:end])
                at, self._until = end, b""
                continue
            if self._in_tag:
                at, closed = self._start_tag(data, at)
                if closed:
                    yield self._finished()
                if self._in_tag:
                    break
                continue
            mark = MARK.search(data, at)
            if not mark or mark.start() >= limit:
                self._take(data[at:limit])
                at = limit
                break
            self._take(data[at : mark.start()])
            at = mark.end()
            kind = mark[0]
            if kind in ENDS:
                self._take(kind)
                self._until = ENDS[kind]
            elif kind.startswith(b"</"):
                self._take(kind)
                if self._squeeze:
                    yield self._finished()
            else:
                if self._squeeze is None:
                    self._squeeze, self._squeezed, self._began = zlib.compressobj(6), [], self._line
                self._take(kind)
                self._in_tag = True
        self._rest = data[at:]

    def _start_tag(self, data: bytes, at: int) -> tuple[int, bool]:
        """Takes the activity's start tag up to its '>'; attribute values may hold one."""
        quote = b""
        for i in range(at, len(data)):
            byte = data[i : i + 1]
            if quote:
                quote = b"" if byte == quote else quote
            elif byte in (b'"', b"'"):
                quote = byte
            elif byte == b">":
                self._in_tag = False
                self._take(data[at : i + 1])
                return i + 1, data[i - 1 : i] == b"/"
        return at, False  # wait for more

    def _take(self, data: bytes) -> None:
        self._line += data.count(b"\n")
        if self._squeeze and data:
            self._squeezed.append(self._squeeze.compress(data))

    def _finished(self) -> tuple[int, list[str]]:
        assert self._squeeze is not None
        packed = b64encode(b"".join(self._squeezed) + self._squeeze.flush()).decode()
        self._squeeze, self._squeezed = None, []
        return self._began, [packed[i : i + PIECE] for i in range(0, len(packed), PIECE)]
