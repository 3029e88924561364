"""The line where an element begins, stamped on it as an attribute before the parser sees it.

libxml2 knows the line where a start tag ends, and none behind line 65,535. The stamp adds no line, so that the lines of
the parser's own errors stay right; what is kept verbatim never sees it.
"""

import re

from quipu.iati.verbatim import ENDS, LONGEST_MARK

ATTRIBUTE = "quipu-line"
STAMPED = (  # elements whose line a row or a finding shows
    *("iati-activities", "iati-activity", "iati-identifier", "activity-date", "document-link", "activity-website"),
    *("transaction", "budget", "planned-disbursement", "result", "indicator", "baseline", "target", "actual"),
)
MARK = re.compile(rb"<!--|<!\[CDATA\[|<\?|<(?:[A-Za-z_][\w.-]*:)?(?:" + "|".join(STAMPED).encode() + rb")(?=[\s/>])")


class Lines:
    """Fed with a document's chunks; answers them stamped, a little behind."""

    def __init__(self, first_line: int) -> None:
        self._rest = b""
        self._line = first_line
        self._until = b""  # the end of the comment, section or instruction we are in

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """What the parser may see now."""
        data = self._rest + chunk
        limit = len(data) if last else len(data) - LONGEST_MARK
        at = counted = copied = 0
        stamped = []
        while at < limit:
            if self._until:
                end = data.find(self._until, at)
                if end == -1:
                    at = limit
                    break
                at, self._until = end + len(self._until), b""
                continue
            mark = MARK.search(data, at)
            if not mark or mark.start() >= limit:
                at = limit
                break
            at = mark.end()
            if mark[0] in ENDS:
                self._until = ENDS[mark[0]]
                continue
            self._line += data.count(b"\n", counted, at)
            stamped.append(b'%b %b="%d"' % (data[copied:at], ATTRIBUTE.encode(), self._line))
            counted = copied = at
        self._line += data.count(b"\n", counted, at)
        stamped.append(data[copied:at])
        self._rest = data[at:]
        return b"".join(stamped)
