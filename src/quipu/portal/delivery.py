"""The bytes of a file as an answer: whole or a piece of it, to be asked for again after a minute, and harmless in a browser."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.utils.http import content_disposition_header

PIECE = 1 << 18
# Its bytes never change, but it may be taken down: then nobody who keeps a copy may give it away after a minute.
A_MINUTE = "public, max-age=60, must-revalidate"
# Whatever a file holds, it loads nothing, runs nothing and belongs to no site.
CLOSED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; sandbox"
# A browser shows no PDF in a sandbox: its viewer is an object, and has a sandbox of its own.
CLOSED_PDF = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; base-uri 'none'; form-action 'none'"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def deliver(request: HttpRequest, path: Path, *, name: str, media: str, sha256: str, is_shown: bool) -> HttpResponse:
    """A file that never changes. is_shown: a browser may show it in place; otherwise it is saved."""
    size = path.stat().st_size
    headers = {
        "ETag": f'"{sha256}"',
        "Cache-Control": A_MINUTE,
        "Content-Security-Policy": CLOSED_PDF if media == "application/pdf" else CLOSED,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Accept-Ranges": "bytes",
        "Content-Disposition": content_disposition_header(not is_shown, name) or "inline",
    }
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    first, last, status = 0, size - 1, 200
    wanted = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if wanted and wanted[0] != "bytes=-":
        first, last = _piece(wanted[1], wanted[2], size)
        if first > last:
            return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
        status = 206
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    headers["Content-Length"] = str(last - first + 1)
    kind = f"{media}; charset=utf-8" if media.startswith("text/") else media
    body = iter(()) if request.method == "HEAD" else _read(path, first, last)
    # Streamed also where it is empty: what is not, is kept and answered again to whoever asks for the whole.
    return StreamingHttpResponse(body, status=status, content_type=kind, headers=headers)


def _piece(first: str, last: str, size: int) -> tuple[int, int]:
    """The first and last byte that are asked for; first lies behind last where there is none."""
    if not first:  # the last so many
        return max(0, size - int(last)), size - 1 if int(last) else -1
    return int(first), min(int(last), size - 1) if last else size - 1


def _read(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
