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
STOP = re.compile(rb"[\"'>]")
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
        self._depth = 0  # an activity may wrongly stand inside another
        self._in_tag = False  # inside an activity's start tag, which may close itself
        self._quote = b""  # the end of the attribute's value we are in

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
                at = self._start_tag(data, at)
                if self._in_tag:
                    break
                if data[at - 2 : at] == b"/>":
                    yield from self._up()
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
                yield from self._up()
            else:
                if self._depth == 0:
                    self._squeeze, self._squeezed, self._began = zlib.compressobj(2), [], self._line
                self._depth += 1
                self._take(kind)
                self._in_tag = True
        self._rest = data[at:]

    def _start_tag(self, data: bytes, at: int) -> int:
        """Takes the start tag up to its '>'; attribute values may hold one. Answers how far it came."""
        while True:
            if self._quote:
                end = data.find(self._quote, at) + 1
            else:
                stop = STOP.search(data, at)
                end = stop.end() if stop else 0
            if end == 0:  # wait for more; a '/' may stand before the '>'
                end = max(at, len(data) - 1)
                self._take(data[at:end])
                return end
            self._take(data[at:end])
            at, byte = end, data[end - 1 : end]
            if byte == b">" and not self._quote:
                self._in_tag = False
                return at
            self._quote = b"" if self._quote else byte

    def _up(self) -> Iterator[tuple[int, list[str]]]:
        """Out of an activity; the outermost is whole then."""
        if self._depth:
            self._depth -= 1
            if self._depth == 0:
                yield self._finished()

    def _take(self, data: bytes) -> None:
        self._line += data.count(b"\n")
        if self._squeeze and data:
            self._squeezed.append(self._squeeze.compress(data))

    def _finished(self) -> tuple[int, list[str]]:
        assert self._squeeze is not None
        packed = b64encode(b"".join(self._squeezed) + self._squeeze.flush()).decode()
        self._squeeze, self._squeezed = None, []
        return self._began, [packed[i : i + PIECE] for i in range(0, len(packed), PIECE)]
